// SPDX-License-Identifier: GPL-2.0-or-later
/* What hpcapdd says while it runs, and in the end. */
#include <inttypes.h>
#include "dd.h"
#include "err.h"

static uint64_t lost(struct dd *d)
{
	return hpcap_missed(&d->h) + store_report(d->store)->torn;
}

static unsigned int percent(const struct dd *d, uint64_t bytes)
{
	return (unsigned int)(bytes * 100 / d->h.bufSize);
}

void dd_show_stats(struct dd *d)
{
	const double seconds = (double)d->opt.stats_ns / CLI_NSEC;
	const struct store_report *r;

	if (!d->opt.stats_ns || cli_now_ns() < d->next_stats_ns)
		return;
	r = store_report(d->store);
	fprintf(stderr,
		"hpcapdd: %" PRIu64 " frames (%.0f/s), %" PRIu64 " bytes, %" PRIu64
		" files, %" PRIu64 " lost, %" PRIu64 " not stored, %" PRIu64
		" safe, ring %u%% (most %u%%)\n",
		r->frames, (double)(r->frames - d->shown_frames) / seconds, r->bytes,
		r->out.files, lost(d), r->out.lost_frames, r->out.safe_frames,
		percent(d, d->h.avail), percent(d, r->high_water));
	d->shown_frames = r->frames;
	d->next_stats_ns += d->opt.stats_ns;
}

static void show_json(struct dd *d, const struct store_report *r, int err)
{
	const struct store_options *o = &d->opt.store;

	printf("{\"schema_version\": %d, \"program\": \"hpcapdd\", \"adapter\": %d, \"queue\": %d, ",
	       CLI_SCHEMA, o->adapter, o->queue);
	printf("\"mode\": \"%s\", \"frames\": %" PRIu64 ", \"bytes\": %" PRIu64
	       ", \"lost\": %" PRIu64 ", \"files\": %" PRIu64 ", ",
	       d->opt.join.mode == HPCAP_LOSSY ? "lossy" : "strict", r->frames, r->bytes,
	       lost(d), r->out.files);
	listen_json(&d->opt.from, stdout);
	dd_source_json(d, stdout);
	printf(", \"uncopied_bytes\": %" PRIu64 ", \"direct_refused\": %" PRIu64 ", ",
	       r->out.straight_bytes, r->out.refused);
	printf("\"format\": \"%s\", \"packing\": \"%s\", \"io\": \"%s\", ",
	       hpcap_format_name(o->format ? o->format : HPCAP_FORMAT_RAW),
	       hpcap_packing_name(o->packing), r->out.io ? r->out.io : "none");
	printf("\"not_stored\": %" PRIu64 ", \"doubtful\": %" PRIu64 ", \"faults\": %" PRIu64
	       ", \"removed_files\": %" PRIu64 ", \"safe_frames\": %" PRIu64 ", ",
	       r->out.lost_frames, r->out.doubtful_frames, r->out.faults,
	       r->out.removed + r->out.removed_here, r->out.safe_frames);
	printf("\"ring_bytes\": %" PRIu64 ", \"ring_high_water\": %" PRIu64 ", ", d->h.bufSize,
	       r->high_water);
	printf("\"seconds\": %.6f, \"reason\": \"%s\", \"dir\": ",
	       (double)(cli_now_ns() - d->begin_ns) / CLI_NSEC, err ? "error" : d->reason);
	cli_json_text(stdout, o->nr_volumes ? o->volume[0] : "");
	printf(", \"last_file\": ");
	cli_json_text(stdout, r->out.path);
	printf(", \"error\": ");
	if (err)
		cli_json_text(stdout, hpcap_file_strerror(err));
	else
		printf("null");
	printf("}\n");
}

void dd_show_summary(struct dd *d, int err)
{
	const struct store_report *r = store_report(d->store);

	if (!d->opt.quiet) {
		fprintf(stderr,
			"hpcapdd: %" PRIu64 " frames, %" PRIu64 " bytes in %" PRIu64
			" files, %" PRIu64 " lost, %" PRIu64
			" not stored, ring at most %u%% full\n",
			r->frames, r->bytes, r->out.files, lost(d), r->out.lost_frames,
			percent(d, r->high_water));
		dd_source_tell(d);
	}
	if (d->opt.json)
		show_json(d, r, err);
}
