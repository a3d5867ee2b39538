// SPDX-License-Identifier: GPL-2.0-or-later
/* What hpcap-storage prints, for people and as JSON. */
#include <inttypes.h>
#include "cli.h"
#include "storage_show.h"

static void json_text(const char *key, const char *text)
{
	printf(", \"%s\": ", key);
	cli_json_text(stdout, text);
}

static void volume_json(const struct volume *v)
{
	const struct geometry g = storage_geometry(v->min_io, v->opt_io);

	printf("{\"device\": ");
	cli_json_text(stdout, v->path);
	printf(", \"size\": %" PRIu64, v->size);
	json_text("serial", v->serial);
	json_text("model", v->model);
	json_text("controller", v->controller);
	printf(", \"disk\": %s, \"rotational\": %s, \"write_back\": %s, \"stripe_unit\": %u, "
	       "\"stripe_width\": %u",
	       v->disk ? "true" : "false", v->rotates ? "true" : "false",
	       v->cached ? "true" : "false", g.unit, g.width);
	json_text("type", v->type);
	json_text("label", v->label);
	json_text("content", v->content);
	json_text("user", v->user);
	json_text("mount", v->mount);
	printf("}");
}

static void volume_text(const struct volume *v)
{
	const struct geometry g = storage_geometry(v->min_io, v->opt_io);

	printf("%s: %.1f GiB", v->path, (double)v->size / (1 << 30));
	if (*v->model)
		printf(", %s", v->model);
	if (*v->serial)
		printf(", serial %s", v->serial);
	if (*v->controller)
		printf(", on %s", v->controller);
	if (g.unit)
		printf(", stripes of %u x %u KiB", g.width, g.unit >> 10);
	printf(", write cache %s; %s%s", v->cached ? "on" : "off",
	       *v->content ? "holds " : "empty", v->content);
	printf("; %s\n", *v->user ? v->user : "free");
}

void show_volumes(const struct volumes *list, bool json)
{
	int i;

	if (json)
		printf("{\"schema_version\": %d, \"volumes\": [", CLI_SCHEMA);
	else if (!list->count)
		printf("no volume\n");
	for (i = 0; i < list->count; i++) {
		if (json) {
			printf("%s\n  ", i ? "," : "");
			volume_json(&list->v[i]);
		} else {
			volume_text(&list->v[i]);
		}
	}
	if (json)
		printf("\n]}\n");
}

void show_done(const struct storage_done *d, bool json)
{
	if (json) {
		printf("{\"schema_version\": %d, \"formatted\": %s, \"assembled\": %s, "
		       "\"mounted\": %s, \"volume\": ",
		       CLI_SCHEMA, d->formatted ? "true" : "false",
		       d->assembled ? "true" : "false", d->mounted ? "true" : "false");
		volume_json(&d->v);
		printf("}\n");
		return;
	}
	printf("%s: %s%s%s at %s, %.1f GiB\n", d->v.path, d->assembled ? "array started, " : "",
	       d->formatted ? "formatted, " : "", d->mounted ? "mounted" : "was mounted",
	       d->v.mount, (double)d->v.size / (1 << 30));
}

static const char *follows_name(enum storage_follows follows)
{
	static const char *const name[] = {
		[FOLLOWS] = "always", [FOLLOWS_MEAN] = "on_average", [FOLLOWS_NOT] = "no"};

	return name[follows];
}

static void link_text(uint32_t mbit, const struct storage_verdict *j)
{
	printf("  %6.1f Gbit/s: ", mbit / 1000.0);
	switch (j->follows) {
	case FOLLOWS:
		printf("follows\n");
		break;
	case FOLLOWS_MEAN:
		printf("follows on average; the ring must hold what comes in slow moments\n");
		break;
	default:
		printf("up to %.0f %% of it\n", j->load * 100);
	}
}

void show_speed(const char *dir, const struct storage_speed *s, uint32_t frame, bool json)
{
	static const uint32_t link[] = {1000, 2500, 5000, 10000, 25000, 40000, 100000};

	if (json) {
		printf("{\"schema_version\": %d, \"folder\": ", CLI_SCHEMA);
		cli_json_text(stdout, dir);
		printf(", \"bytes\": %" PRIu64
		       ", \"seconds\": %.2f, \"mean\": %.0f, \"low\": %.0f, \"frame\": %u, "
		       "\"links\": [",
		       s->bytes, s->seconds, s->mean, s->low, frame);
	} else {
		printf("%s: %.2f Gbit/s (%.0f MB/s), %.2f in the slowest twentieth of %.0f s\n",
		       dir, s->mean * 8e-9, s->mean * 1e-6, s->low * 8e-9, s->seconds);
	}
	for (size_t i = 0; i < sizeof(link) / sizeof(link[0]); i++) {
		const struct storage_verdict j = storage_judge(s, link[i] * 1e6, frame);

		if (json)
			printf("%s{\"mbit\": %u, \"demand\": %.0f, \"follows\": \"%s\", \"load\": %.3f}",
			       i ? ", " : "", link[i], storage_demand(link[i] * 1e6, frame),
			       follows_name(j.follows), j.load);
		else
			link_text(link[i], &j);
	}
	if (json)
		printf("]}\n");
}
