// SPDX-License-Identifier: GPL-2.0-or-later
/* A pcap file to replay: either byte order, micro- or nanoseconds, Ethernet. */
#include "traffic.h"

#include <byteswap.h>
#include <errno.h>
#include <string.h>

enum {
	HEAD = 24,
	RECORD = 16,
};

static uint32_t word(const struct traffic_file *p, const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return p->swapped ? bswap_32(v) : v;
}

/**
 * traffic_file_open() - Begin with a pcap file
 * @p: filled in; p->f is to be closed
 * @path: file
 *
 * Return: false after an error message.
 */
bool traffic_file_open(struct traffic_file *p, const char *path)
{
	const char *what = NULL;
	uint8_t head[HEAD];
	uint32_t magic;

	*p = (struct traffic_file){.f = fopen(path, "r")};
	if (!p->f) {
		fprintf(stderr, "traffic: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (fread(head, sizeof(head), 1, p->f) != 1)
		what = "no pcap file";
	memcpy(&magic, head, sizeof(magic));
	p->swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
	magic = word(p, head);
	p->unit_ns = magic == 0xa1b23c4d ? 1 : 1000;
	if (!what && magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
		what = "no pcap file (of a pcapng, editcap -F pcap makes one)";
	else if (!what && (word(p, head + 20) & 0xffff) != 1)
		what = "not Ethernet";
	if (!what)
		return true;
	fprintf(stderr, "traffic: %s: %s\n", path, what);
	fclose(p->f);
	p->f = NULL;
	return false;
}

/**
 * traffic_file_next() - The next frame
 * @p: open file
 * @frame: filled in, TRAFFIC_MAX bytes; padded to TRAFFIC_MIN
 * @len: of it
 * @ns: when it was captured
 *
 * Return: 1, 0 at the end, -1 when the file is damaged or a frame too long.
 */
int traffic_file_next(struct traffic_file *p, uint8_t *frame, size_t *len, uint64_t *ns)
{
	uint8_t head[RECORD];
	size_t got = fread(head, 1, sizeof(head), p->f);

	if (!got)
		return 0;
	*len = got == sizeof(head) ? word(p, head + 8) : TRAFFIC_MAX + 1;
	if (*len > TRAFFIC_MAX || fread(frame, 1, *len, p->f) != *len)
		return -1;
	*ns = word(p, head) * 1000000000ull + (uint64_t)word(p, head + 4) * p->unit_ns;
	for (; *len < TRAFFIC_MIN; (*len)++)
		frame[*len] = 0;
	return 1;
}

/**
 * traffic_file_rewind() - From the first frame again
 * @p: open file
 *
 * Return: false when that is not possible.
 */
bool traffic_file_rewind(struct traffic_file *p)
{
	return !fseek(p->f, HEAD, SEEK_SET);
}
