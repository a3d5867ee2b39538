// SPDX-License-Identifier: LGPL-2.1-or-later
/* Read RAW files: every variant of hpcap(5), whole, cut or damaged. */
#include <stdlib.h>
#include "hpcap_file.h"
#include "priv.h"
#include "stream.h"

enum {
	RECORD_MAX = HPCAP_REC_LEN + UINT16_MAX,
	LOOKAHEAD = 4 * RECORD_MAX, /* a convincing chain and its first bytes */
	BUF_SIZE = 1 << 20,
};

/**
 * struct hpcap_raw - a file being read
 * @stream: its bytes, closed with the reader
 * @chunk: asked from it at once
 * @eof: read(2) gave all there is
 * @done: nothing more will be given
 * @start: next byte to look at, in @buf
 * @end: end of what was read, in @buf
 * @base: file offset of @buf[0]
 * @ref: header of the last good record, all zero before the first
 * @rep: what was met so far
 * @buf: a part of the file
 */
struct hpcap_raw {
	struct hpcap_stream *stream;
	size_t chunk;
	bool eof;
	bool done;
	size_t start;
	size_t end;
	uint64_t base;
	struct rec_header ref;
	struct hpcap_raw_report rep;
	uint8_t buf[BUF_SIZE];
};

int hpcap_raw_open_stream(struct hpcap_raw **raw, struct hpcap_stream *stream, size_t chunk,
			  const void *head, size_t size)
{
	struct hpcap_raw *r = malloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	memset(r, 0, offsetof(struct hpcap_raw, buf));
	r->stream = stream;
	r->chunk = chunk;
	if (size)
		memcpy(r->buf, head, size);
	r->end = size;
	r->rep.bytes = size;
	*raw = r;
	return 0;
}

static int open_on(struct hpcap_raw **raw, struct hpcap_stream *stream)
{
	int err = hpcap_raw_open_stream(raw, stream, BUF_SIZE, NULL, 0);

	if (err)
		hpcap_stream_close(stream);
	return err;
}

int hpcap_raw_open_fd(struct hpcap_raw **raw, int fd)
{
	struct hpcap_stream *stream;
	int err = hpcap_stream_open_fd(&stream, fd, BUF_SIZE);

	return err ? err : open_on(raw, stream);
}

int hpcap_raw_open(struct hpcap_raw **raw, const char *path)
{
	struct hpcap_stream *stream;
	int err = hpcap_stream_open(&stream, path, BUF_SIZE);

	return err ? err : open_on(raw, stream);
}

void hpcap_raw_close(struct hpcap_raw *r)
{
	if (!r)
		return;
	hpcap_stream_close(r->stream);
	free(r);
}

static uint64_t offset(const struct hpcap_raw *r)
{
	return r->base + r->start;
}

static const uint8_t *at(const struct hpcap_raw *r)
{
	return r->buf + r->start;
}

static void note(struct hpcap_raw *r, enum hpcap_raw_note what)
{
	if (!r->rep.count[what]++)
		r->rep.first[what] = offset(r);
}

/* Have n bytes at start, or all there are: how many, or a negative errno. */
static ssize_t need(struct hpcap_raw *r, size_t n)
{
	if (r->end - r->start >= n || r->eof)
		return (ssize_t)(r->end - r->start);
	memmove(r->buf, at(r), r->end - r->start);
	r->base += r->start;
	r->end -= r->start;
	r->start = 0;
	while (r->end < n) {
		size_t want = min_u64(BUF_SIZE - r->end, r->chunk > n ? r->chunk : n);
		ssize_t got = hpcap_stream_read(r->stream, r->buf + r->end, want);

		if (got < 0)
			return got;
		if (got == 0) {
			r->eof = true;
			break;
		}
		r->end += (size_t)got;
		r->rep.bytes += (uint64_t)got;
	}
	return (ssize_t)r->end;
}

static int finish(struct hpcap_raw *r, size_t rest)
{
	r->rep.skipped_bytes += rest;
	r->start = r->end;
	r->done = true;
	return 0;
}

/* Go on at the next place that convinces: 1, or 0 when the file has none. */
static int resync(struct hpcap_raw *r)
{
	const struct rec_header *ref = r->ref.sec ? &r->ref : NULL;
	uint64_t from = offset(r);
	ssize_t have;

	note(r, HPCAP_RAW_RESYNC);
	for (;;) {
		r->start++;
		have = need(r, LOOKAHEAD);
		if (have < 0)
			return (int)have;
		if (have < (ssize_t)HPCAP_REC_LEN)
			break;
		if (hpcap_raw_chain(at(r), (size_t)have, r->eof, ref)) {
			r->rep.skipped_bytes += offset(r) - from;
			return 1;
		}
	}
	finish(r, r->base + r->end - from);
	return 0;
}

static bool is_bad(const struct rec_header *h)
{
	return !rec_is_pad(h) && rec_is_bad(h);
}

/* A header that cannot be: step over its record if sense follows, else search. */
static int bad_header(struct hpcap_raw *r, const struct rec_header *h)
{
	size_t n = HPCAP_REC_LEN + h->caplen;
	bool first = offset(r) == 0;
	ssize_t have;
	int ret;

	if (first) {
		r->rep.looks_like = hpcap_raw_other_format(at(r), HPCAP_REC_LEN);
		if (r->rep.looks_like) {
			note(r, HPCAP_RAW_NOT_RAW);
			return finish(r, r->end - r->start);
		}
	}
	note(r, h->nsec >= 1000000000u ? HPCAP_RAW_BAD_NSEC : HPCAP_RAW_BAD_CAPLEN);
	have = need(r, n + LOOKAHEAD);
	if (have < 0)
		return (int)have;
	if ((size_t)have > n && hpcap_raw_chain(at(r) + n, (size_t)have - n, r->eof, &r->ref)) {
		r->rep.skipped_bytes += n;
		r->start += n;
		return 1;
	}
	ret = resync(r);
	if (ret == 0 && first && !r->rep.pads) {
		memset(r->rep.count, 0, sizeof(r->rep.count));
		r->rep.count[HPCAP_RAW_NOT_RAW] = 1;
	}
	return ret;
}

/* Padding at start: step over it, unless it leads nowhere. */
static int skip_pad(struct hpcap_raw *r, const struct rec_header *h)
{
	size_t n = HPCAP_REC_LEN + h->caplen;
	struct rec_header next = {0};
	ssize_t have = need(r, n + HPCAP_REC_LEN);

	if (have < 0)
		return (int)have;
	if ((size_t)have >= n + HPCAP_REC_LEN)
		next = rec_load(at(r) + n);
	if (is_bad(&next)) {
		note(r, HPCAP_RAW_BAD_PAD);
		return resync(r);
	}
	if (h->caplen == 0)
		note(r, HPCAP_RAW_PAD_EMPTY);
	if (h->caplen != h->len)
		note(r, HPCAP_RAW_PAD_LENGTHS);
	if ((size_t)have < n)
		note(r, HPCAP_RAW_PAD_CUT);
	else if ((size_t)have - n < HPCAP_REC_LEN)
		note(r, HPCAP_RAW_PAD_LAST);
	else if (!offset(r))
		note(r, HPCAP_RAW_PAD_FIRST);
	else if (!rec_is_pad(&next)) /* several in a row are one */
		note(r, HPCAP_RAW_PAD_MIDDLE);
	n = min_u64(n, (size_t)have);
	r->rep.pads++;
	r->rep.pad_bytes += n;
	r->start += n;
	return 1;
}

/* Fewer bytes than a header are left. */
static int end_of_file(struct hpcap_raw *r, size_t rest)
{
	bool nothing = !r->rep.records && !r->rep.pads && !r->rep.skipped_bytes;

	if (rest)
		note(r, nothing ? HPCAP_RAW_ONLY_TAIL : HPCAP_RAW_TAIL);
	else if (nothing)
		note(r, HPCAP_RAW_EMPTY);
	return finish(r, rest);
}

static int give(struct hpcap_raw *r, const struct rec_header *h, struct hpcap_record *rec)
{
	rec->sec = h->sec;
	rec->nsec = h->nsec;
	rec->caplen = h->caplen;
	rec->len = h->len;
	rec->data = at(r) + HPCAP_REC_LEN;
	rec->pos = offset(r);
	r->ref = *h;
	r->rep.records++;
	r->rep.caplen_bytes += h->caplen;
	r->rep.len_bytes += h->len;
	r->start += HPCAP_REC_LEN + h->caplen;
	return 1;
}

int hpcap_raw_next(struct hpcap_raw *r, struct hpcap_record *rec)
{
	struct rec_header h;
	ssize_t have;
	int ret = 1;

	while (ret > 0) {
		if (r->done)
			return 0;
		have = need(r, HPCAP_REC_LEN);
		if (have < 0)
			return (int)have;
		if (have < (ssize_t)HPCAP_REC_LEN)
			return end_of_file(r, (size_t)have);
		h = rec_load(at(r));
		if (rec_is_pad(&h)) {
			ret = skip_pad(r, &h);
			continue;
		}
		if (rec_is_bad(&h)) {
			ret = bad_header(r, &h);
			continue;
		}
		have = need(r, HPCAP_REC_LEN + h.caplen);
		if (have < 0)
			return (int)have;
		if ((size_t)have >= HPCAP_REC_LEN + h.caplen)
			return give(r, &h, rec);
		note(r, HPCAP_RAW_CUT);
		return finish(r, (size_t)have);
	}
	return ret;
}

void hpcap_raw_restart(struct hpcap_raw *r, uint64_t base)
{
	r->start = 0;
	r->end = 0;
	r->base = base;
	r->eof = false;
	r->done = false;
}

int hpcap_raw_skip(struct hpcap_raw *r, uint64_t n)
{
	while (n) {
		ssize_t have = need(r, 1);
		size_t step;

		if (have <= 0)
			return (int)have;
		step = min_u64(n, (uint64_t)have);
		r->start += step;
		n -= step;
	}
	return 0;
}

const struct hpcap_raw_report *hpcap_raw_report(const struct hpcap_raw *r)
{
	return &r->rep;
}

bool hpcap_raw_whole(const struct hpcap_raw_report *rep)
{
	int i;

	for (i = HPCAP_RAW_DAMAGE; i < HPCAP_RAW_NR_NOTES; i++)
		if (rep->count[i])
			return false;
	return true;
}

static const struct {
	const char *key;
	const char *text;
} notes[HPCAP_RAW_NR_NOTES] = {
	[HPCAP_RAW_PAD_LAST] = {"pad_last", "padding at the end"},
	[HPCAP_RAW_PAD_FIRST] = {"pad_first", "padding at the start"},
	[HPCAP_RAW_PAD_MIDDLE] = {"pad_middle", "padding between records"},
	[HPCAP_RAW_PAD_EMPTY] = {"pad_empty", "padding of zero bytes"},
	[HPCAP_RAW_PAD_LENGTHS] = {"pad_lengths", "padding whose two lengths differ"},
	[HPCAP_RAW_PAD_CUT] = {"pad_cut", "file ends within padding"},
	[HPCAP_RAW_TAIL] = {"tail", "stray bytes behind the last record"},
	[HPCAP_RAW_CUT] = {"cut", "file ends within a record"},
	[HPCAP_RAW_EMPTY] = {"empty", "file is empty"},
	[HPCAP_RAW_ONLY_TAIL] = {"only_tail", "file ends within its first header"},
	[HPCAP_RAW_NOT_RAW] = {"not_raw", "not a RAW file"},
	[HPCAP_RAW_BAD_CAPLEN] = {"bad_caplen", "record of impossible length"},
	[HPCAP_RAW_BAD_NSEC] = {"bad_nsec", "record of impossible time"},
	[HPCAP_RAW_BAD_PAD] = {"bad_pad", "padding that leads nowhere"},
	[HPCAP_RAW_RESYNC] = {"resync", "bytes skipped to find the next record"},
};

const char *hpcap_raw_note_text(enum hpcap_raw_note what)
{
	return what < HPCAP_RAW_NR_NOTES ? notes[what].text : "unknown";
}

const char *hpcap_raw_note_key(enum hpcap_raw_note what)
{
	return what < HPCAP_RAW_NR_NOTES ? notes[what].key : "unknown";
}
