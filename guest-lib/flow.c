// SPDX-License-Identifier: LGPL-2.1-or-later
/* A frame's flow, its keys, and the Bloom filter they go into. */
#include <string.h>
#include "flow.h"

enum {
	ETH_LEN = 14,
	MAX_TAGS = 8, /* VLAN tags and MPLS labels that are looked behind */
	MAX_EXT = 8,  /* extension headers of IPv6 */
	PROTO_HOPOPTS = 0,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_DCCP = 33,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_AH = 51,
	PROTO_DSTOPTS = 60,
	PROTO_SCTP = 132,
};

/* What is left of a frame. */
struct cut {
	const uint8_t *p;
	size_t left;
};

static uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static bool skip(struct cut *c, size_t n)
{
	if (c->left < n)
		return false;
	c->p += n;
	c->left -= n;
	return true;
}

static void take_ports(struct hpcap_flow *f, const struct cut *c)
{
	switch (f->proto) {
	case PROTO_TCP:
	case PROTO_UDP:
	case PROTO_DCCP:
	case PROTO_SCTP:
		break;
	default:
		return;
	}
	if (c->left < 4)
		return;
	f->port[0] = be16(c->p);
	f->port[1] = be16(c->p + 2);
	f->has_ports = true;
}

static bool parse_ip4(struct hpcap_flow *f, struct cut c)
{
	size_t head;
	bool later;

	if (c.left < 20 || c.p[0] >> 4 != 4)
		return false;
	head = 4u * (c.p[0] & 15);
	later = be16(c.p + 6) & 0x1fff;
	f->family = 4;
	f->proto = c.p[9];
	memcpy(f->addr[0], c.p + 12, 4);
	memcpy(f->addr[1], c.p + 16, 4);
	if (!later && head >= 20 && skip(&c, head))
		take_ports(f, &c);
	return true;
}

static bool parse_ip6(struct hpcap_flow *f, struct cut c)
{
	bool later = false;
	int i;

	if (c.left < 40 || c.p[0] >> 4 != 6)
		return false;
	f->family = 6;
	f->proto = c.p[6];
	memcpy(f->addr[0], c.p + 8, 16);
	memcpy(f->addr[1], c.p + 24, 16);
	skip(&c, 40);
	for (i = 0; i < MAX_EXT && !later && c.left >= 8; i++) {
		size_t len = 8 + 8u * c.p[1];
		uint8_t next = c.p[0];

		if (f->proto == PROTO_FRAGMENT) {
			later = be16(c.p + 2) & 0xfff8;
			len = 8;
		} else if (f->proto == PROTO_AH) {
			len = 8 + 4u * c.p[1];
		} else if (f->proto != PROTO_HOPOPTS && f->proto != PROTO_ROUTING &&
			   f->proto != PROTO_DSTOPTS) {
			break;
		}
		f->proto = next;
		if (!skip(&c, len))
			return true;
	}
	if (!later)
		take_ports(f, &c);
	return true;
}

static bool parse_arp(struct hpcap_flow *f, const struct cut *c)
{
	/* Ethernet and IPv4, the only kind there is */
	if (c->left < 28 || be16(c->p) != 1 || be16(c->p + 2) != 0x0800)
		return false;
	f->family = 4;
	memcpy(f->addr[0], c->p + 14, 4);
	memcpy(f->addr[1], c->p + 24, 4);
	return true;
}

static bool parse_mpls(struct hpcap_flow *f, struct cut c)
{
	bool bottom = false;
	int i;

	for (i = 0; i < MAX_TAGS && !bottom; i++) {
		if (c.left < 5)
			return false;
		bottom = c.p[2] & 1;
		skip(&c, 4);
	}
	return c.p[0] >> 4 == 6 ? parse_ip6(f, c) : parse_ip4(f, c);
}

static bool parse_pppoe(struct hpcap_flow *f, struct cut c)
{
	uint16_t proto;

	if (c.left < 8)
		return false;
	proto = be16(c.p + 6);
	skip(&c, 8);
	return proto == 0x0057 ? parse_ip6(f, c) : proto == 0x0021 && parse_ip4(f, c);
}

bool hpcap_flow_parse(struct hpcap_flow *f, const uint8_t *data, size_t caplen)
{
	struct cut c = {data, caplen};
	uint16_t type;
	int i;

	memset(f, 0, sizeof(*f));
	if (caplen < ETH_LEN)
		return false;
	type = be16(data + 12);
	skip(&c, ETH_LEN);
	for (i = 0; i < MAX_TAGS && (type == 0x8100 || type == 0x88a8 || type == 0x9100); i++) {
		if (c.left < 4)
			return false;
		type = be16(c.p + 2);
		skip(&c, 4);
	}
	switch (type) {
	case 0x0800:
		return parse_ip4(f, c);
	case 0x86dd:
		return parse_ip6(f, c);
	case 0x0806:
		return parse_arp(f, &c);
	case 0x8847:
	case 0x8848:
		return parse_mpls(f, c);
	case 0x8864:
		return parse_pppoe(f, c);
	}
	return false;
}

/* Each step is a bijection of 64 bits that spreads low bits upwards. */
static uint64_t mix(uint64_t h)
{
	h ^= h >> 30;
	h *= 0xbf58476d1ce4e5b9ull;
	h ^= h >> 27;
	h *= 0x94d049bb133111ebull;
	return h ^ h >> 31;
}

static uint64_t add_addr(uint64_t h, const uint8_t addr[16])
{
	uint64_t half[2];

	memcpy(half, addr, sizeof(half));
	return mix(mix(h ^ half[0]) + half[1]);
}

uint64_t hpcap_flow_host_key(uint8_t family, const uint8_t addr[16])
{
	return add_addr(family, addr);
}

uint64_t hpcap_flow_key(const struct hpcap_flow *f)
{
	int order = memcmp(f->addr[0], f->addr[1], sizeof(f->addr[0]));
	int a = order > 0 || (order == 0 && f->port[0] > f->port[1]);
	uint64_t h = 0x100u | f->family | (uint64_t)f->proto << 16;

	h |= (uint64_t)f->port[a] << 32 | (uint64_t)f->port[!a] << 48;
	return add_addr(add_addr(mix(h), f->addr[a]), f->addr[!a]);
}

static size_t bit_of(uint64_t key, unsigned int i, size_t size)
{
	uint32_t step = (uint32_t)(key >> 32) | 1;

	return ((uint32_t)key + i * step) & (8 * size - 1);
}

void hpcap_bloom_add(uint8_t *bits, size_t size, uint64_t key)
{
	unsigned int i;

	for (i = 0; i < HPCAP_BLOOM_HASHES; i++) {
		size_t bit = bit_of(key, i, size);

		bits[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

bool hpcap_bloom_has(const uint8_t *bits, size_t size, uint64_t key)
{
	unsigned int i;

	for (i = 0; i < HPCAP_BLOOM_HASHES; i++) {
		size_t bit = bit_of(key, i, size);

		if (!(bits[bit / 8] & 1u << bit % 8))
			return false;
	}
	return true;
}

uint32_t hpcap_bloom_fill(const uint8_t *bits, size_t size)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < size; i++)
		n += (uint32_t)__builtin_popcount(bits[i]);
	return n;
}
