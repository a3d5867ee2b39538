// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl: the ring as memory. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "ctl.h"

static int get_ring(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info);

	v->kind = CTL_BYTES;
	v->number = info.ring_size;
	return err;
}

/* Huge pages: a file in memory, handed over; it is the engine's when we are gone. */
static int set_huge(const struct hpcap_handle *h, uint64_t size, uint64_t page)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info), fd;

	if (err)
		return err;
	fd = hpcap_buffer_create(size, page, info.numa_node);
	if (fd < 0)
		return fd;
	err = hpcap_set_buffer(h, size, fd, 0);
	close(fd);
	return err;
}

static int set_ring(struct hpcap_handle *h, const char *text)
{
	char size_text[32];
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	uint64_t size, page;

	if (len >= sizeof(size_text))
		return CTL_BAD_TEXT;
	memcpy(size_text, text, len);
	size_text[len] = 0;
	if (!cli_size(size_text, &size))
		return CTL_BAD_TEXT;
	if (!colon)
		return hpcap_set_buffer(h, size, -1, 0);
	return cli_size(colon + 1, &page) ? set_huge(h, size, page) : CTL_BAD_TEXT;
}

static int get_buffer(const struct hpcap_handle *h, struct ctl_value *v, struct hpcap_buffer *b)
{
	v->kind = CTL_BYTES;
	return hpcap_get_buffer(h, b);
}

#define BYTES(name)                                                              \
	static int get_##name(const struct hpcap_handle *h, struct ctl_value *v) \
	{                                                                        \
		struct hpcap_buffer b = {0};                                     \
		int err = get_buffer(h, v, &b);                                  \
                                                                                 \
		v->number = b.name;                                              \
		return err;                                                      \
	}

BYTES(page_size)
BYTES(used)
BYTES(high)
BYTES(foreign)
BYTES(in_rate)

static int get_kind(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_buffer b = {0};
	int err = get_buffer(h, v, &b);

	v->kind = CTL_TEXT;
	strcpy(v->text, b.kind == HPCAP_BUFFER_USER ? "file" : "kernel");
	return err;
}

/* Milliseconds, or -1 for never. */
static void show_ms(struct ctl_value *v, uint64_t ns)
{
	v->kind = CTL_SIGNED;
	v->sign = ns == HPCAP_NEVER ? -1 : (int64_t)(ns / 1000000);
}

static int get_full(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_buffer b = {0};
	int err = get_buffer(h, v, &b);

	show_ms(v, b.full_ns);
	return err;
}

static int get_stall(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_buffer b = {0};
	int err = get_buffer(h, v, &b);

	show_ms(v, b.stall_ns);
	return err;
}

static int get_moves(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_buffer b = {0};
	int err = get_buffer(h, v, &b);

	v->kind = CTL_NUMBER;
	v->number = b.moves;
	return err;
}

static int get_leaving(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_buffer b = {0};
	int err = get_buffer(h, v, &b);

	v->kind = CTL_NUMBER;
	v->number = b.leaving;
	return err;
}

const struct ctl_option ctl_buffer[] = {
	{"ring", "SIZE[:PAGE], SIZE a multiple of 64K from 1M up, PAGE 4K, 2M or 1G",
	 "bytes of the ring; with PAGE, of such pages", get_ring, set_ring},
	{"ring-kind", "", "whose pages it has: kernel or file", get_kind, NULL},
	{"ring-page", "", "bytes of a page of it", get_page_size, NULL},
	{"ring-foreign", "", "bytes of it on other NUMA nodes than the NIC's", get_foreign,
	 NULL},
	{"ring-used", "", "bytes that strict listeners hold", get_used, NULL},
	{"ring-high", "", "the most they ever held of this ring", get_high, NULL},
	{"ring-rate", "", "bytes a second that come in", get_in_rate, NULL},
	{"ring-full-ms", "", "until it is full if all goes on so, -1 never", get_full, NULL},
	{"ring-stall-ms", "", "until it is full if nobody read any more, -1 never", get_stall,
	 NULL},
	{"ring-moves", "", "times it was replaced under listeners", get_moves, NULL},
	{"ring-leaving", "", "listeners still in the ring before it", get_leaving, NULL},
	{NULL},
};
