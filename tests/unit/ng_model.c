// SPDX-License-Identifier: GPL-2.0-or-later
/* pcap and pcapng bytes made by hand. */
#include <string.h>
#include "ng_model.h"

void ng_num(struct ng *n, uint64_t value, int size)
{
	int i;

	for (i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(value >> (8 * (n->big ? size - 1 - i : i)));

		bytes_add(&n->b, &byte, 1);
	}
}

void ng_begin(struct ng *n, uint32_t type)
{
	n->from = n->b.size;
	ng_num(n, type, 4);
	ng_num(n, 0, 4);
}

void ng_data(struct ng *n, const void *data, size_t size)
{
	if (size)
		bytes_add(&n->b, data, size);
	bytes_zeros(&n->b, (4 - size % 4) % 4);
}

void ng_option(struct ng *n, uint16_t code, const void *value, uint16_t len)
{
	ng_num(n, code, 2);
	ng_num(n, len, 2);
	ng_data(n, value, len);
}

void ng_option_u64(struct ng *n, uint16_t code, uint64_t value)
{
	ng_num(n, code, 2);
	ng_num(n, 8, 2);
	ng_num(n, value, 8);
}

void ng_end(struct ng *n)
{
	uint32_t len = (uint32_t)(n->b.size - n->from) + 4;
	size_t size = n->b.size;

	ng_num(n, len, 4);
	memcpy(n->b.p + n->from + 4, n->b.p + size, 4);
}

void ng_shb(struct ng *n)
{
	ng_begin(n, 0x0a0d0d0a);
	ng_num(n, 0x1a2b3c4d, 4);
	ng_num(n, 1, 2);
	ng_num(n, 0, 2);
	ng_num(n, UINT64_MAX, 8);
	ng_end(n);
}

void ng_idb(struct ng *n, uint16_t linktype, uint32_t snaplen, uint8_t resolution,
	    const char *name)
{
	ng_begin(n, 1);
	ng_num(n, linktype, 2);
	ng_num(n, 0, 2);
	ng_num(n, snaplen, 4);
	if (name)
		ng_option(n, 2, name, (uint16_t)strlen(name));
	ng_option(n, 9, &resolution, 1);
	ng_num(n, 0, 4);
	ng_end(n);
}

void ng_epb(struct ng *n, uint32_t iface, uint64_t ts, const void *data, uint32_t caplen,
	    uint32_t len)
{
	ng_begin(n, 6);
	ng_num(n, iface, 4);
	ng_num(n, ts >> 32, 4);
	ng_num(n, ts & UINT32_MAX, 4);
	ng_num(n, caplen, 4);
	ng_num(n, len, 4);
	ng_data(n, data, caplen);
	ng_end(n);
}
