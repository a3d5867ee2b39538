// SPDX-License-Identifier: GPL-2.0-or-later
// Where the frames to send come from: a capture, or a generated pattern.
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_VLAN	0x8100
#define TYPE_EXPERIMENT 0x88b5 // IEEE 802: local experimental use
#define PATTERN_MIN	60

static int pattern_parse(struct wire_source *s, const char *spec)
{
	char *end;

	s->imix = !strcmp(spec, "imix");
	if (s->imix) {
		s->size_min = PATTERN_MIN;
		s->size_max = 1514;
		return 0;
	}
	s->size_min = (uint32_t)strtoul(spec, &end, 10);
	s->size_max = s->size_min;
	if (*end == '-')
		s->size_max = (uint32_t)strtoul(end + 1, &end, 10);
	if (*end || s->size_min < PATTERN_MIN || s->size_max < s->size_min ||
	    s->size_max > WIRE_FRAME_MAX) {
		snprintf(s->error, sizeof(s->error),
			 "--pattern %s: wanted imix, SIZE or MIN-MAX, sizes %d to %u", spec,
			 PATTERN_MIN, WIRE_FRAME_MAX);
		return -1;
	}
	return 0;
}

// splitmix64: the payload of frame n is the same on every machine
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

static uint32_t pattern_size(const struct wire_source *s)
{
	static const uint32_t imix[12] = {60, 594, 60, 60, 594, 60, 1514, 60, 594, 60, 594, 60};

	if (s->imix)
		return imix[s->made % 12];
	return s->size_min + (uint32_t)(s->made % (s->size_max - s->size_min + 1));
}

static uint8_t *put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

// addresses, tag if wanted, type, frame number, then bytes made from seed and number
static uint32_t pattern_next(struct wire_source *s)
{
	uint32_t size = pattern_size(s);
	uint8_t *p = s->buf, *end = s->buf + size;
	uint64_t x = mix(s->o->seed ^ s->made);

	memcpy(p, s->o->dst, 6);
	p[5] = (uint8_t)(p[5] + s->made % s->o->turns);
	memcpy(p + 6, s->o->src, 6);
	p += 12;
	if (s->o->vlan >= 0) {
		p = put16(p, TYPE_VLAN);
		p = put16(p, (uint16_t)s->o->vlan);
	}
	p = put16(p, TYPE_EXPERIMENT);
	for (int shift = 56; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(s->made >> shift);
	while (p < end) {
		size_t n = (size_t)(end - p) < sizeof(x) ? (size_t)(end - p) : sizeof(x);

		memcpy(p, &x, n);
		x = mix(x);
		p += n;
	}
	s->made++;
	return size;
}

/**
 * wire_source_open() - Get ready to send
 * @s: filled in; s->error says what is wrong when it fails
 * @o: pcap, pattern, loops, seed, vlan and addresses are used; must outlive @s
 *
 * Return: 0 or -1.
 */
int wire_source_open(struct wire_source *s, const struct wire_opts *o)
{
	s->o = o;
	s->reader = (struct wire_reader){0};
	s->loops_left = o->loops;
	s->last_ns = 0;
	s->gap_ns = 0;
	s->made = 0;
	if (o->pattern)
		return pattern_parse(s, o->pattern);
	if (o->pcap && wire_reader_open(&s->reader, o->pcap)) {
		memcpy(s->error, s->reader.error, sizeof(s->error));
		return -1;
	}
	return 0;
}

// 1 a frame, 0 the last one was read before, -1 damaged
static int capture_next(struct wire_source *s, struct wire_frame *f)
{
	for (;;) {
		int rc = wire_reader_next(&s->reader, f);

		if (rc < 0)
			memcpy(s->error, s->reader.error, sizeof(s->error));
		if (rc || s->reader.nr == 0 || --s->loops_left == 0)
			return rc;
		wire_reader_close(&s->reader);
		if (wire_reader_open(&s->reader, s->o->pcap)) {
			memcpy(s->error, s->reader.error, sizeof(s->error));
			return -1;
		}
		s->last_ns = 0;
	}
}

/**
 * wire_source_next() - The next frame, as a NIC would send it, into s->buf
 * @s: open source; s->gap_ns is set to the time since the frame before
 * @st: padded and snapped are counted
 * @len: bytes of the frame
 *
 * Return: 1 a frame, 0 no more, -1 with s->error.
 */
int wire_source_next(struct wire_source *s, struct wire_stats *st, uint32_t *len)
{
	struct wire_frame f;
	int rc;

	if (s->o->pattern) {
		*len = pattern_next(s);
		return 1;
	}
	if (!s->o->pcap)
		return 0;
	rc = capture_next(s, &f);
	if (rc <= 0)
		return rc;
	if (f.caplen > WIRE_FRAME_MAX) {
		snprintf(s->error, sizeof(s->error),
			 "%s: frame %llu has %u bytes, a wire takes %u", s->o->pcap,
			 (unsigned long long)s->reader.nr, f.caplen, WIRE_FRAME_MAX);
		return -1;
	}
	s->gap_ns = s->last_ns && f.ns > s->last_ns ? f.ns - s->last_ns : 0;
	if (f.ns > s->last_ns)
		s->last_ns = f.ns;
	memcpy(s->buf, f.data, f.caplen);
	*len = f.caplen;
	st->snapped += f.caplen < f.len;
	if (f.caplen < WIRE_FRAME_MIN) {
		memset(s->buf + f.caplen, 0, WIRE_FRAME_MIN - f.caplen);
		*len = WIRE_FRAME_MIN;
		st->padded++;
	}
	return 1;
}

void wire_source_close(struct wire_source *s)
{
	wire_reader_close(&s->reader);
}
