// SPDX-License-Identifier: GPL-2.0-or-later
/* Read a pcap file of this machine's byte order, whole, into memory. */
#include "capture.h"

#define FILE_HEADER   24
#define RECORD_HEADER 16

static u32 word(const u8 *p)
{
	u32 v;

	memcpy(&v, p, 4);
	return v;
}

static u8 *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	u8 *p = NULL;
	long n;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END) && (n = ftell(f)) > 0 && !fseek(f, 0, SEEK_SET)) {
		p = malloc(n);
		if (p && fread(p, 1, n, f) != (size_t)n) {
			free(p);
			p = NULL;
		}
		*size = n;
	}
	fclose(f);
	return p;
}

/**
 * capture_read() - Read a pcap file
 * @c: filled in; never freed
 * @path: file
 *
 * Return: NULL, or what is wrong with it.
 */
const char *capture_read(struct capture *c, const char *path)
{
	size_t size = 0, at = FILE_HEADER;
	const u8 *p = slurp(path, &size);
	u32 unit;

	if (!p)
		return "cannot be read";
	if (size < FILE_HEADER || (word(p) != 0xa1b2c3d4 && word(p) != 0xa1b23c4d))
		return "is no pcap file of this byte order";
	unit = word(p) == 0xa1b2c3d4 ? 1000 : 1;
	c->nr = 0;
	c->frame = calloc(size / RECORD_HEADER, sizeof(*c->frame));
	if (!c->frame)
		return "does not fit into memory";
	while (size - at >= RECORD_HEADER) {
		struct capture_frame *f = &c->frame[c->nr];

		f->ns = word(p + at) * 1000000000ull + word(p + at + 4) * unit;
		f->caplen = word(p + at + 8);
		f->len = word(p + at + 12);
		at += RECORD_HEADER;
		if (f->caplen > size - at)
			return "ends within a frame";
		f->data = p + at;
		at += f->caplen;
		c->nr++;
	}
	return c->nr ? NULL : "holds no frame";
}
