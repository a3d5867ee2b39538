// SPDX-License-Identifier: GPL-2.0-or-later
/* A mirror for people and for programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "mirror.h"

static const char *const ends[] = {"running",	  "expired", "cap",	"target-gone",
				   "source-gone", "unload",  "operator"};

static const char *const caveats[] = {
	"blind-dropped",    "blind-tx-local", "blind-tx-no-loopback", "blind-foreign-vlan",
	"blind-default",    "extra-other-tx", "extra-multicast",      "extra-unknown",
	"extra-local",	    "extra-untagged", "extra-echo",	      "side-flood",
	"side-no-untagged",
};

static const char *dir_name(uint32_t dir)
{
	return dir == HPCAP_PF_DIR_IN ? "in" : dir == HPCAP_PF_DIR_OUT ? "out" : "both";
}

static const char *end_name(uint32_t end)
{
	return end < sizeof(ends) / sizeof(ends[0]) ? ends[end] : "unknown";
}

static struct json_object *json_bits(uint32_t bits)
{
	struct json_object *a = json_object_new_array();

	for (int i = 0; i < 32; i++)
		if (bits & 1u << i)
			json_object_array_add(a, json_object_new_int(i));
	return a;
}

static struct json_object *json_caveats(uint32_t bits)
{
	struct json_object *a = json_object_new_array();

	for (size_t i = 0; i < sizeof(caveats) / sizeof(caveats[0]); i++)
		if (bits & 1u << i)
			json_object_array_add(a, json_object_new_string(caveats[i]));
	return a;
}

struct json_object *mirror_json(const struct nl_mirror *m)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "pf", json_object_new_string(m->dev));
	json_object_object_add(o, "id", json_object_new_int64(m->id));
	json_object_object_add(o, "state", json_object_new_string(end_name(m->end)));
	json_object_object_add(o, "source_vfs", json_bits(m->vfs));
	json_object_object_add(o, "source_pf", json_object_new_boolean(m->pf));
	json_object_object_add(o, "uplink", json_object_new_boolean(m->uplink));
	json_object_object_add(o, "downlink", json_object_new_boolean(m->downlink));
	json_object_object_add(o, "vlans", json_object_new_string(m->vlans));
	json_object_object_add(o, "dir", json_object_new_string(dir_name(m->dir)));
	json_object_object_add(o, "target_vfs", json_bits(m->targets));
	json_object_object_add(o, "live_targets", json_bits(m->live));
	json_object_object_add(o, "owner", json_object_new_string(m->owner));
	json_object_object_add(o, "reason", json_object_new_string(m->reason));
	json_object_object_add(o, "by_sysfs", json_object_new_boolean(m->by_sysfs));
	json_object_object_add(o, "age_ms", json_object_new_uint64(m->age_ms));
	json_object_object_add(o, "left_ms", json_object_new_uint64(m->left_ms));
	json_object_object_add(o, "ttl_ms", json_object_new_uint64(m->ttl_ms));
	json_object_object_add(o, "frame_cap", json_object_new_uint64(m->frame_cap));
	json_object_object_add(o, "byte_cap", json_object_new_uint64(m->byte_cap));
	json_object_object_add(o, "frames", json_object_new_uint64(m->frames));
	json_object_object_add(o, "bytes", json_object_new_uint64(m->bytes));
	json_object_object_add(o, "caveats", json_caveats(m->caveats));
	return o;
}

static void print_bits(const char *what, uint32_t bits)
{
	const char *comma = "";

	printf("%s ", what);
	for (int i = 0; i < 32; i++)
		if (bits & 1u << i) {
			printf("%s%d", comma, i);
			comma = ",";
		}
}

static void print_text(const struct nl_mirror *m, const char *event)
{
	printf("%s%s%s  mirror %u  %s  ", event ? event : "", event ? "  " : "", m->dev, m->id,
	       end_name(m->end));
	if (m->vfs)
		print_bits("VF", m->vfs);
	printf("%s%s%s%s%s  %s  ", m->pf ? " PF" : "", m->uplink ? " uplink" : "",
	       m->downlink ? " downlink" : "", *m->vlans ? " VLAN " : "", m->vlans,
	       dir_name(m->dir));
	print_bits("to VF", m->targets);
	printf("  %" PRIu64 " frames  %" PRIu64 " bytes", m->frames, m->bytes);
	if (m->left_ms)
		printf("  %" PRIu64 " s left", m->left_ms / 1000);
	printf("  %s%s%s\n", m->owner, *m->reason ? ": " : "", m->reason);
	for (size_t i = 0; !event && i < sizeof(caveats) / sizeof(caveats[0]); i++)
		if (m->caveats & 1u << i)
			printf("    note: %s\n", caveats[i]);
}

void mirror_print(const struct nl_mirror *m, const char *event, bool json)
{
	struct json_object *o;

	if (!json) {
		print_text(m, event);
		return;
	}
	o = mirror_json(m);
	if (event)
		json_object_object_add(o, "event", json_object_new_string(event));
	msg_print("mirror", o);
}
