// SPDX-License-Identifier: GPL-2.0-or-later
/* From any capture to any other: the body of raw2pcap and pcap2raw. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "convert.h"
#include "err.h"

/* RAW has no checksums of frames, and no frames as large. */
static void fit_raw(const struct source *s, uint32_t iface, struct hpcap_frame *f)
{
	uint32_t fcs = hpcap_in_iface(s->in, iface)->fcs_len;

	if (fcs && f->rec.len > fcs) {
		f->rec.len -= fcs;
		if (f->rec.caplen > f->rec.len)
			f->rec.caplen = f->rec.len;
	}
}

static int put_series(struct convert *v, const struct hpcap_frame *f)
{
	if (f->linktype != HPCAP_LINK_ETHERNET)
		return -EINVAL;
	return hpcap_writer_put(v->writer, &f->rec);
}

/* A frame that the output cannot hold ends the work, unless told to leave it out. */
static int refuse(struct convert *v, const struct source *s, const struct hpcap_frame *f)
{
	v->left_out++;
	if (v->skip)
		return 0;
	progress_end(&v->progress);
	if (f->linktype != HPCAP_LINK_ETHERNET)
		cli_error("%s: byte %" PRIu64 ": link type %u; RAW holds Ethernet only "
			  "(--skip leaves such frames out)",
			  s->path, f->rec.pos, f->linktype);
	else
		cli_error("%s: byte %" PRIu64 ": RAW cannot hold this frame: %s "
			  "(--skip leaves such frames out)",
			  s->path, f->rec.pos,
			  !f->has_time	   ? "it has no time"
			  : !f->rec.caplen ? "it is empty"
			  : f->rec.caplen > HPCAP_RAW_FRAME_MAX
				  ? "it is longer than 65524 bytes"
				  : "of its time or length");
	return -EINVAL;
}

static int put(struct convert *v, struct source *s, struct hpcap_frame *f, uint32_t iface)
{
	const bool raw = v->is_series || v->sink.enc.format == HPCAP_FORMAT_RAW;
	int err;

	if (raw)
		fit_raw(s, iface, f);
	if (v->decap.which && f->linktype == HPCAP_LINK_ETHERNET)
		hpcap_decap(&v->decap, &f->rec, v->room, HPCAP_FRAME_MAX);
	if (raw && f->linktype != HPCAP_LINK_ETHERNET)
		return refuse(v, s, f);
	err = v->is_series ? put_series(v, f) : sink_put(&v->sink, f);
	if (err == -EINVAL)
		return refuse(v, s, f);
	if (err && v->is_series)
		cli_error("%s: %s", v->out.path, hpcap_file_strerror(err));
	v->frames += !err;
	progress_show(&v->progress, s->frames, v->done + hpcap_in_report(s->in)->file_bytes,
		      v->size);
	return err;
}

/* Interfaces that RAW cannot hold are not asked of the output: their frames are refused. */
static int next(struct convert *v, struct source *s, struct hpcap_frame *f, uint32_t *iface)
{
	const bool raw = v->is_series || v->sink.opt.format == HPCAP_FORMAT_RAW;
	int ret = source_next(s, raw ? NULL : &v->sink, f);

	*iface = f->iface;
	if (raw)
		f->iface = 0;
	return ret;
}

static int convert(struct convert *v, const char *path)
{
	struct hpcap_frame f;
	struct source s;
	uint32_t iface;
	int ret = source_open(&s, path, NULL), err = 0;

	if (ret)
		return ret;
	hpcap_in_read_ahead(s.in);
	while (!err && (ret = next(v, &s, &f, &iface)) > 0)
		err = put(v, &s, &f, iface);
	v->done += hpcap_in_report(s.in)->file_bytes;
	progress_end(&v->progress);
	if (!err && ret < 0 && !*hpcap_in_error(s.in))
		err = ret;
	if (!err && source_tell(&s, v->quiet))
		v->damaged++;
	source_close(&s);
	return err;
}

static int finish(struct convert *v)
{
	int err;

	if (v->is_series) {
		err = hpcap_writer_finish(v->writer);
		if (err)
			cli_error("%s: %s", v->out.path, hpcap_file_strerror(err));
		return err;
	}
	/* no trace of a wrong use */
	return v->damaged && !v->sink.files ? 0 : sink_finish(&v->sink);
}

static uint64_t size_of(char **in, int n)
{
	uint64_t sum = 0;
	struct stat st;
	int i;

	for (i = 0; i < n; i++) {
		if (!strcmp(in[i], "-") || stat(in[i], &st) || !S_ISREG(st.st_mode))
			return 0;
		sum += (uint64_t)st.st_size;
	}
	return sum;
}

static int begin(struct convert *v)
{
	int err;

	if (v->decap.which) {
		v->room = malloc(HPCAP_FRAME_MAX);
		if (!v->room)
			return -ENOMEM;
	}
	v->out.straight = true;
	if (!v->is_series)
		return sink_init(&v->sink, &v->out);
	v->series.dir = v->out.path;
	err = hpcap_writer_create(&v->writer, &v->series);
	if (err)
		cli_error("%s: %s", v->out.path, hpcap_file_strerror(err));
	return err;
}

int convert_run(struct convert *v, char **in, int n)
{
	int err, i, status;

	v->size = size_of(in, n);
	progress_init(&v->progress, v->quiet);
	err = begin(v);
	for (i = 0; i < n && !err; i++)
		err = convert(v, in[i]);
	if (!err)
		err = finish(v);
	status = err || v->damaged ? CLI_FAILED : CLI_OK;
	if (v->writer || v->sink.buf)
		convert_tell(v, n, status);
	hpcap_writer_destroy(v->writer);
	sink_deinit(&v->sink);
	free(v->room);
	return status;
}
