// SPDX-License-Identifier: GPL-2.0-or-later
/* RAW bytes made by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "raw_model.h"

void bytes_add(struct bytes *b, const void *data, size_t size)
{
	if (b->size + size > b->room) {
		b->room = 2 * (b->size + size);
		b->p = realloc(b->p, b->room);
		if (!b->p)
			abort();
	}
	memcpy(b->p + b->size, data, size);
	b->size += size;
}

void bytes_zeros(struct bytes *b, size_t size)
{
	static const uint8_t zero[1];

	while (size--)
		bytes_add(b, zero, 1);
}

void bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){0};
}

static void put_le(uint8_t *p, uint32_t value, int size)
{
	int i;

	for (i = 0; i < size; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

void bytes_header(struct bytes *b, uint32_t sec, uint32_t nsec, uint16_t caplen, uint16_t len)
{
	uint8_t h[12];

	put_le(h, sec, 4);
	put_le(h + 4, nsec, 4);
	put_le(h + 8, caplen, 2);
	put_le(h + 10, len, 2);
	bytes_add(b, h, sizeof(h));
}

static uint8_t frame_byte(uint32_t n, uint32_t i)
{
	return (uint8_t)(n * 131 + i * 7 + (i >> 8) + 0xa5);
}

void bytes_frame(struct bytes *b, uint32_t n, uint16_t caplen, uint16_t len)
{
	uint32_t i;

	bytes_header(b, MODEL_SEC + n / 1000, n % 1000 * 1000000 + 1, caplen, len);
	for (i = 0; i < caplen; i++) {
		uint8_t byte = frame_byte(n, i);

		bytes_add(b, &byte, 1);
	}
}

bool is_frame(const struct hpcap_record *rec, uint32_t n)
{
	uint32_t i;

	if (rec->sec != MODEL_SEC + n / 1000 || rec->nsec != n % 1000 * 1000000 + 1)
		return false;
	for (i = 0; i < rec->caplen; i++)
		if (rec->data[i] != frame_byte(n, i))
			return false;
	return true;
}

void bytes_pad(struct bytes *b, uint16_t filler)
{
	bytes_header(b, 0, 0, filler, filler);
	bytes_zeros(b, filler);
}

struct memory_file memory_file(const struct bytes *b)
{
	struct memory_file f;
	size_t done = 0;

	f.fd = memfd_create("raw", MFD_CLOEXEC);
	while (done < b->size) {
		ssize_t n = write(f.fd, b->p + done, b->size - done);

		if (n <= 0)
			abort();
		done += (size_t)n;
	}
	snprintf(f.path, sizeof(f.path), "/proc/self/fd/%d", f.fd);
	return f;
}

uint32_t model_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}
