// SPDX-License-Identifier: GPL-2.0-or-later
// One of the two files compared: read frame by frame, or kept as hashes and heads.
#include "pcapcmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * cmp_side_next() - Read the next frame into s->now
 * @s: open side
 *
 * Return: 1 a frame, 0 end, -1 after one line on stderr.
 */
int cmp_side_next(struct cmp_side *s)
{
	int rc = wire_reader_next(&s->reader, &s->now);

	if (rc < 0)
		fprintf(stderr, "pcapcmp: %s\n", s->reader.error);
	if (rc != 1)
		return rc;
	if (s->as_sent) {
		if (s->now.caplen < WIRE_FRAME_MIN) {
			memset(s->pad, 0, sizeof(s->pad));
			memcpy(s->pad, s->now.data, s->now.caplen);
			s->now.data = s->pad;
			s->now.caplen = WIRE_FRAME_MIN;
		}
		s->now.len = s->now.caplen;
	}
	if (!s->frames)
		s->first_ns = s->now.ns;
	else if (s->now.ns < s->last_ns)
		s->time_back++;
	s->last_ns = s->now.ns;
	s->frames++;
	return 1;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0xff51afd7ed558ccdull;
	return h ^ (h >> 32);
}

static uint64_t hash_frame(const struct wire_frame *f)
{
	uint64_t h = mix(0x9e3779b97f4a7c15ull, (uint64_t)f->caplen << 32 | f->len), v;
	uint32_t i = 0;

	for (; i + 8 <= f->caplen; i += 8) {
		memcpy(&v, f->data + i, 8);
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, f->data + i, f->caplen - i);
	return mix(h, v);
}

static void *grow(void *p, size_t *room, size_t want, size_t size)
{
	size_t n = *room ? *room : 1024;

	while (n < want)
		n *= 2;
	if (n == *room)
		return p;
	p = realloc(p, n * size);
	if (!p) {
		fprintf(stderr, "pcapcmp: out of memory\n");
		exit(1);
	}
	*room = n;
	return p;
}

/**
 * cmp_side_keep() - Remember s->now for the alignment
 * @s: side with a frame just read
 *
 * Return: 1
 */
int cmp_side_keep(struct cmp_side *s)
{
	uint32_t head = s->now.caplen < CMP_HEAD ? s->now.caplen : CMP_HEAD;

	if (!s->nr)
		s->base = s->frames - 1;
	s->entry = grow(s->entry, &s->room, s->nr + 1, sizeof(*s->entry));
	s->heads = grow(s->heads, &s->heads_room, s->heads_len + head, 1);
	memcpy(s->heads + s->heads_len, s->now.data, head);
	s->entry[s->nr++] = (struct cmp_entry){
		.hash = hash_frame(&s->now),
		.caplen = s->now.caplen,
		.len = s->now.len,
		.head = s->heads_len,
		.match = CMP_NONE,
	};
	s->heads_len += head;
	return 1;
}

/**
 * cmp_side_load() - Read and remember all that is left
 * @s: open side
 *
 * Return: 0, or -1 after one line on stderr.
 */
int cmp_side_load(struct cmp_side *s)
{
	int rc;

	while ((rc = cmp_side_next(s)) == 1)
		cmp_side_keep(s);
	return rc;
}

void cmp_side_close(struct cmp_side *s)
{
	wire_reader_close(&s->reader);
	free(s->entry);
	free(s->heads);
}
