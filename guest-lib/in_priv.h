/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of the formats share. */
#ifndef HPCAP_IN_PRIV_H
#define HPCAP_IN_PRIV_H

#include "frames_in.h"
#include "priv.h"
#include "stream.h"

/**
 * struct hpcap_in - a source
 * @stream: its bytes; the RAW reader's once there is one
 * @chunk: bytes asked at once
 * @only: the one format to expect
 * @format: what it is, once @started
 * @started: what comes before the first frame was read
 * @eof: the stream gave all there is
 * @result: what every further call gives, once @done
 * @done: nothing more will be given
 * @raw: the reader of RAW, NULL otherwise
 * @next: of the format
 * @buf: a part of the stream
 * @cap: bytes of @buf
 * @start: next byte to look at, in @buf
 * @end: end of what was read, in @buf
 * @base: offset of @buf[0] in the stream
 * @swapped: numbers are of the other byte order
 * @head: pcap: bytes of a record's header
 * @minor: pcap: version's second number
 * @map: pcapng: interfaces of the section, as indices of @ifaces
 * @nr_map: how many
 * @seen: pcapng: for each of @ifaces, the last section that named it
 * @ifaces: all interfaces of the source
 * @nr_ifaces: how many
 * @room_ifaces: memory for as many
 * @rep: what was given so far
 * @detail: of the format, in words
 * @error: what is wrong, in words
 */
struct hpcap_in {
	struct hpcap_stream *stream;
	uint32_t chunk;
	enum hpcap_format only;
	enum hpcap_format format;
	bool started;
	bool eof;
	bool done;
	int result;
	struct hpcap_raw *raw;
	int (*next)(struct hpcap_in *in, struct hpcap_frame *frame);

	uint8_t *buf;
	size_t cap;
	size_t start;
	size_t end;
	uint64_t base;

	bool swapped;
	uint32_t head;
	uint16_t minor;
	uint16_t map[HPCAP_IFACES_MAX];
	uint32_t nr_map;
	uint64_t seen[HPCAP_IFACES_MAX];
	struct hpcap_iface *ifaces;
	uint32_t nr_ifaces;
	uint32_t room_ifaces;

	struct hpcap_in_report rep;
	const char *detail;
	char error[240];
};

static inline uint32_t in_u32(const struct hpcap_in *in, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	v = le32toh(v);
	return in->swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t in_u16(const struct hpcap_in *in, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	v = le16toh(v);
	return in->swapped ? __builtin_bswap16(v) : v;
}

static inline const uint8_t *in_at(const struct hpcap_in *in)
{
	return in->buf + in->start;
}

static inline uint64_t in_offset(const struct hpcap_in *in)
{
	return in->base + in->start;
}

/* Have n bytes at start, or all there are: how many, or a negative errno. */
ssize_t hpcap_in_need(struct hpcap_in *in, size_t n);

/* Step over n bytes: 1, 0 when the stream ends before, or a negative errno. */
int hpcap_in_skip(struct hpcap_in *in, uint64_t n);

/* The source fails here: sets the error's words, returns err. */
__attribute__((format(printf, 3, 4))) int hpcap_in_fail(struct hpcap_in *in, int err,
							const char *fmt, ...);

/* The same for a failed read(2) or damaged packing. */
int hpcap_in_fail_read(struct hpcap_in *in, int err);

/* The source ends within something: notes it, returns 0. */
int hpcap_in_cut(struct hpcap_in *in, const char *what);

/* One more interface: its number, or a negative errno. */
int hpcap_in_add_iface(struct hpcap_in *in, const struct hpcap_iface *iface);

/* Counts a frame that is complete and gives it; returns 1. */
int hpcap_in_give(struct hpcap_in *in, struct hpcap_frame *frame);

/* Read a format's beginning: 0 or a negative errno. sniff: is it this format? */
bool hpcap_in_pcap_sniff(const uint8_t *p, size_t have);
int hpcap_in_pcap_start(struct hpcap_in *in);
int hpcap_in_raw_start(struct hpcap_in *in);
bool hpcap_in_pcapng_sniff(const uint8_t *p, size_t have);
int hpcap_in_pcapng_start(struct hpcap_in *in);

/* pcapng: description of an interface and its statistics; block's body, bytes. */
int hpcap_in_idb(struct hpcap_in *in, const uint8_t *body, size_t size);
int hpcap_in_isb(struct hpcap_in *in, const uint8_t *body, size_t size);

/**
 * struct in_option - an option of a pcapng block
 * @code: its kind
 * @len: bytes of @value
 * @value: in the block
 */
struct in_option {
	uint16_t code;
	uint16_t len;
	const uint8_t *value;
};

/* The option at *p, which moves behind it; false at the end of the list. */
bool hpcap_in_option(const struct hpcap_in *in, const uint8_t **p, const uint8_t *end,
		     struct in_option *opt);

#endif /* HPCAP_IN_PRIV_H */
