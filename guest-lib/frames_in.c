// SPDX-License-Identifier: LGPL-2.1-or-later
/* A source of frames: which format it is, its bytes, its interfaces, its errors. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "in_priv.h"

enum {
	CHUNK = 1 << 20,
	CHUNK_MIN = 4096,
	SNIFF = 24, /* bytes that tell the format */
};

static int attach(struct hpcap_in **out, struct hpcap_stream *s, uint32_t chunk,
		  const struct hpcap_in_options *opt)
{
	struct hpcap_in *in = calloc(1, sizeof(*in));

	if (in) {
		in->stream = s;
		in->chunk = chunk;
		in->only = opt ? opt->only : HPCAP_FORMAT_UNKNOWN;
		in->cap = chunk;
		in->buf = malloc(in->cap);
		in->detail = "";
	}
	if (!in || !in->buf) {
		free(in);
		hpcap_stream_close(s);
		return -ENOMEM;
	}
	*out = in;
	return 0;
}

static uint32_t chunk_of(const struct hpcap_in_options *opt)
{
	uint32_t chunk = opt && opt->chunk ? opt->chunk : CHUNK;

	return chunk < CHUNK_MIN	 ? CHUNK_MIN
	       : chunk > HPCAP_FRAME_MAX ? HPCAP_FRAME_MAX
					 : chunk;
}

int hpcap_in_open(struct hpcap_in **in, const char *path, const struct hpcap_in_options *opt)
{
	struct hpcap_stream *s;
	int err = hpcap_stream_open(&s, path, chunk_of(opt));

	*in = NULL;
	return err ? err : attach(in, s, chunk_of(opt), opt);
}

int hpcap_in_open_fd(struct hpcap_in **in, int fd, const struct hpcap_in_options *opt)
{
	struct hpcap_stream *s;
	int err = hpcap_stream_open_fd(&s, fd, chunk_of(opt));

	*in = NULL;
	return err ? err : attach(in, s, chunk_of(opt), opt);
}

int hpcap_in_open_memory(struct hpcap_in **in, const void *data, size_t size,
			 const struct hpcap_in_options *opt)
{
	struct hpcap_stream *s;
	int err = hpcap_stream_open_memory(&s, data, size, chunk_of(opt));

	*in = NULL;
	return err ? err : attach(in, s, chunk_of(opt), opt);
}

void hpcap_in_close(struct hpcap_in *in)
{
	if (!in)
		return;
	if (in->raw)
		hpcap_raw_close(in->raw);
	else
		hpcap_stream_close(in->stream);
	free(in->ifaces);
	free(in->buf);
	free(in);
}

static int finish(struct hpcap_in *in, int result)
{
	in->done = true;
	in->result = result;
	return result;
}

int hpcap_in_fail(struct hpcap_in *in, int err, const char *fmt, ...)
{
	int n = snprintf(in->error, sizeof(in->error), "byte %" PRIu64 ": ", in_offset(in));
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(in->error + n, sizeof(in->error) - (size_t)n, fmt, ap);
	va_end(ap);
	return err;
}

int hpcap_in_cut(struct hpcap_in *in, const char *what)
{
	in->rep.cut = true;
	if (hpcap_stream_is_cut(in->stream))
		snprintf(in->error, sizeof(in->error), "%s", hpcap_stream_error(in->stream));
	else
		hpcap_in_fail(in, 0, "the file ends within %s", what);
	return 0;
}

int hpcap_in_fail_read(struct hpcap_in *in, int err)
{
	const char *why = hpcap_stream_error(in->stream);

	if (*why)
		snprintf(in->error, sizeof(in->error), "%s", why);
	else
		hpcap_in_fail(in, err, "cannot be read: %s", strerrordesc_np(-err));
	return err;
}

/* Memory grows with what was really read, never with what a record promises. */
static int grow(struct hpcap_in *in)
{
	uint8_t *buf = realloc(in->buf, 2 * in->cap);

	if (!buf)
		return hpcap_in_fail(in, -ENOMEM, "no memory for a frame");
	in->buf = buf;
	in->cap *= 2;
	return 0;
}

ssize_t hpcap_in_need(struct hpcap_in *in, size_t n)
{
	if (in->end - in->start >= n || in->eof)
		return (ssize_t)(in->end - in->start);
	memmove(in->buf, in_at(in), in->end - in->start);
	in->base += in->start;
	in->end -= in->start;
	in->start = 0;
	while (in->end < n) {
		ssize_t got;
		int err = in->end == in->cap ? grow(in) : 0;

		if (err)
			return err;
		got = hpcap_stream_read(in->stream, in->buf + in->end, in->cap - in->end);
		if (got < 0)
			return hpcap_in_fail_read(in, (int)got);
		if (got == 0) {
			in->eof = true;
			break;
		}
		in->end += (size_t)got;
		in->rep.stream_bytes += (uint64_t)got;
	}
	return (ssize_t)in->end;
}

int hpcap_in_skip(struct hpcap_in *in, uint64_t n)
{
	while (n) {
		ssize_t have = hpcap_in_need(in, 1);
		size_t step;

		if (have <= 0)
			return (int)have;
		step = min_u64(n, (uint64_t)have);
		in->start += step;
		n -= step;
	}
	return 1;
}

int hpcap_in_add_iface(struct hpcap_in *in, const struct hpcap_iface *iface)
{
	if (in->nr_ifaces == HPCAP_IFACES_MAX)
		return hpcap_in_fail(in, -EMSGSIZE, "more than %d interfaces",
				     HPCAP_IFACES_MAX);
	if (in->nr_ifaces == in->room_ifaces) {
		uint32_t room = in->room_ifaces ? 2 * in->room_ifaces : 4;
		struct hpcap_iface *more = realloc(in->ifaces, room * sizeof(*more));

		if (!more)
			return hpcap_in_fail(in, -ENOMEM, "no memory for an interface");
		in->ifaces = more;
		in->room_ifaces = room;
	}
	in->ifaces[in->nr_ifaces] = *iface;
	return (int)in->nr_ifaces++;
}

int hpcap_in_give(struct hpcap_in *in, struct hpcap_frame *f)
{
	if (f->rec.caplen > f->rec.len) {
		f->rec.len = f->rec.caplen;
		in->rep.odd_lengths++;
	}
	if (!f->has_time) {
		f->rec.sec = 0;
		f->rec.nsec = 0;
		in->rep.no_time++;
	}
	f->linktype = in->ifaces[f->iface].linktype;
	in->ifaces[f->iface].frames++;
	in->rep.frames++;
	in->rep.caplen_bytes += f->rec.caplen;
	in->rep.len_bytes += f->rec.len;
	return 1;
}

static enum hpcap_format sniff(const uint8_t *p, size_t have)
{
	if (hpcap_in_pcap_sniff(p, have))
		return HPCAP_FORMAT_PCAP;
	return hpcap_in_pcapng_sniff(p, have) ? HPCAP_FORMAT_PCAPNG : HPCAP_FORMAT_RAW;
}

static int start(struct hpcap_in *in)
{
	ssize_t have = hpcap_in_need(in, SNIFF);

	if (have < 0)
		return (int)have;
	in->format = sniff(in->buf, (size_t)have);
	if (in->only && in->only != in->format)
		return hpcap_in_fail(in, -EBADMSG, "this is %s, wanted is %s",
				     hpcap_format_name(in->format),
				     hpcap_format_name(in->only));
	switch (in->format) {
	case HPCAP_FORMAT_PCAP:
		return hpcap_in_pcap_start(in);
	case HPCAP_FORMAT_PCAPNG:
		return hpcap_in_pcapng_start(in);
	default:
		return hpcap_in_raw_start(in);
	}
}

int hpcap_in_start(struct hpcap_in *in)
{
	int err;

	if (in->started)
		return in->done && in->result < 0 ? in->result : 0;
	in->started = true;
	err = start(in);
	return err < 0 ? finish(in, err) : 0;
}

int hpcap_in_next(struct hpcap_in *in, struct hpcap_frame *frame)
{
	int ret = hpcap_in_start(in);

	if (in->done || ret < 0)
		return in->done ? in->result : ret;
	memset(frame, 0, sizeof(*frame));
	ret = in->next(in, frame);
	return ret > 0 ? ret : finish(in, ret);
}

int hpcap_in_seek(struct hpcap_in *in, uint64_t file, uint64_t base, uint64_t record)
{
	bool plain = hpcap_stream_packing(in->stream) == HPCAP_PLAIN;
	int err;

	if (!in->started || record < base || (plain && file != base))
		return -EINVAL;
	if (plain) {
		file = record;
		base = record;
	}
	err = hpcap_stream_seek(in->stream, file);
	if (err)
		return err;
	in->done = false;
	in->eof = false;
	in->error[0] = 0;
	in->start = 0;
	in->end = 0;
	in->base = base;
	if (in->raw) {
		hpcap_raw_restart(in->raw, base);
		return hpcap_raw_skip(in->raw, record - base);
	}
	err = hpcap_in_skip(in, record - base);
	return err < 0 ? finish(in, err) : 0;
}

void hpcap_in_keep_places(struct hpcap_in *in)
{
	hpcap_stream_keep_places(in->stream);
}

bool hpcap_in_place(struct hpcap_in *in, const struct hpcap_frame *frame, uint64_t *file,
		    uint64_t *data)
{
	struct hpcap_place place;

	if (!hpcap_stream_place(in->stream, frame->rec.pos, &place))
		return false;
	*file = place.file;
	*data = place.data;
	return true;
}

void hpcap_in_read_ahead(struct hpcap_in *in)
{
	hpcap_stream_read_ahead(in->stream);
}

void hpcap_in_park(struct hpcap_in *in)
{
	hpcap_stream_park(in->stream);
}

const char *hpcap_in_error(const struct hpcap_in *in)
{
	return in->error;
}

enum hpcap_format hpcap_in_format(const struct hpcap_in *in)
{
	return in->format;
}

enum hpcap_packing hpcap_in_packing(const struct hpcap_in *in)
{
	return hpcap_stream_packing(in->stream);
}

uint32_t hpcap_in_nr_ifaces(const struct hpcap_in *in)
{
	return in->nr_ifaces;
}

const struct hpcap_iface *hpcap_in_iface(const struct hpcap_in *in, uint32_t n)
{
	return n < in->nr_ifaces ? &in->ifaces[n] : NULL;
}

const struct hpcap_in_report *hpcap_in_report(struct hpcap_in *in)
{
	in->rep.file_bytes = hpcap_stream_file_bytes(in->stream);
	return &in->rep;
}

const struct hpcap_raw_report *hpcap_in_raw_report(const struct hpcap_in *in)
{
	return in->raw ? hpcap_raw_report(in->raw) : NULL;
}

uint64_t hpcap_in_size(const struct hpcap_in *in)
{
	return hpcap_stream_file_size(in->stream);
}

const char *hpcap_in_detail(const struct hpcap_in *in)
{
	return in->detail;
}
