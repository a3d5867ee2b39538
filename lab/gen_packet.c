// SPDX-License-Identifier: GPL-2.0-or-later
// Frames from the outside in: Ethernet, tag, IP, transport, checksums.
#include "gen.h"

#include <string.h>

#define TYPE_VLAN 0x8100
#define TYPE_IP4  0x0800
#define TYPE_IP6  0x86dd

void put8(struct packet *p, unsigned int v)
{
	p->b[p->len++] = (uint8_t)v;
}

void put16(struct packet *p, unsigned int v)
{
	put8(p, v >> 8);
	put8(p, v & 0xff);
}

void put32(struct packet *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p, v & 0xffff);
}

void put_bytes(struct packet *p, const void *data, size_t len)
{
	memcpy(p->b + p->len, data, len);
	p->len += (uint32_t)len;
}

void put_random(struct packet *p, struct gen *g, size_t len)
{
	while (len--)
		put8(p, (unsigned int)gen_random(g, 256));
}

void put_mac(struct packet *p, const struct host *h)
{
	put16(p, 0x0200);
	put32(p, 0x5e000000u | h->nr);
}

void put_ip4(struct packet *p, const struct host *h)
{
	put32(p, 0x0a000000u | (uint32_t)(h->vlan < 0 ? 0 : h->vlan) << 12 | (h->nr + 1));
}

void put_ip6(struct packet *p, const struct host *h)
{
	put32(p, 0x20010db8);
	put32(p, (uint32_t)(h->vlan < 0 ? 0 : h->vlan));
	put32(p, 0);
	put32(p, h->nr + 1);
}

/**
 * packet_start() - Addresses, tag and type of a new frame
 * @p: emptied
 * @dst: six bytes
 * @src: who sends; its vlan decides about the tag
 * @type: EtherType, or the length of an LLC frame
 */
void packet_start(struct packet *p, const uint8_t *dst, const struct host *src,
		  unsigned int type)
{
	p->len = 0;
	p->ip = 0;
	p->transport = 0;
	p->protocol = 0;
	p->v6 = type == TYPE_IP6;
	p->fragment = false;
	put_bytes(p, dst, 6);
	put_mac(p, src);
	if (src->vlan >= 0) {
		put16(p, TYPE_VLAN);
		put16(p, (unsigned int)src->vlan);
	}
	put16(p, type);
	if (type == TYPE_IP4 || type == TYPE_IP6)
		p->ip = p->len;
}

void packet_between(struct packet *p, const struct host *src, const struct host *dst,
		    unsigned int type)
{
	struct packet mac = {.len = 0};

	put_mac(&mac, dst);
	packet_start(p, mac.b, src, type);
}

// Addresses follow by put_ip4(); total length and checksum by gen_emit().
void packet_ip4_head(struct packet *p, unsigned int protocol, unsigned int ttl, unsigned int id,
		     unsigned int fragment)
{
	put16(p, 0x4500);
	put16(p, 0);
	put16(p, id);
	put16(p, fragment);
	put8(p, ttl);
	put8(p, protocol);
	put16(p, 0);
}

// Addresses follow by put_ip6(); payload length by gen_emit().
void packet_ip6_head(struct packet *p, unsigned int next, unsigned int hops)
{
	put32(p, 0x60000000);
	put16(p, 0);
	put8(p, next);
	put8(p, hops);
}

void packet_transport(struct packet *p, unsigned int protocol)
{
	p->transport = p->len;
	p->protocol = (uint8_t)protocol;
}

void packet_udp(struct packet *p, unsigned int sport, unsigned int dport)
{
	packet_transport(p, PROTO_UDP);
	put16(p, sport);
	put16(p, dport);
	put32(p, 0);
}

/**
 * packet_sum() - The Internet checksum
 * @b: bytes
 * @len: how many
 * @start: sum so far, not folded
 *
 * Return: what goes into the header.
 */
uint16_t packet_sum(const uint8_t *b, size_t len, uint32_t start)
{
	uint64_t sum = start;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	if (len & 1)
		sum += (uint32_t)b[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void set16(struct packet *p, uint32_t at, unsigned int v)
{
	p->b[at] = (uint8_t)(v >> 8);
	p->b[at + 1] = (uint8_t)v;
}

// sum over the pseudo header: addresses, protocol, length
static uint32_t pseudo_sum(const struct packet *p, uint32_t len)
{
	uint32_t at = p->ip + (p->v6 ? 8 : 12), n = p->v6 ? 32 : 8, sum = p->protocol + len;

	for (uint32_t i = 0; i < n; i += 2)
		sum += (uint32_t)p->b[at + i] << 8 | p->b[at + i + 1];
	return sum;
}

static void finish_transport(struct packet *p)
{
	uint32_t at = p->transport, len = p->len - at, field;
	uint32_t start = pseudo_sum(p, len);
	uint16_t sum;

	switch (p->protocol) {
	case PROTO_TCP:
		field = at + 16;
		break;
	case PROTO_UDP:
		field = at + 6;
		if (!p->fragment)
			set16(p, at + 4, len);
		break;
	default: // ICMP and IGMP of IPv4 have no pseudo header
		field = at + 2;
		if (!p->v6)
			start = 0;
		break;
	}
	if (p->fragment)
		return;
	sum = packet_sum(p->b + at, len, start);
	set16(p, field, p->protocol == PROTO_UDP && !sum ? 0xffff : sum);
}

/**
 * gen_emit() - Complete a frame and write it to the capture
 * @g: the capture; nothing is written beyond g->want frames
 * @p: the frame; padded to 60 bytes as a NIC would
 */
void gen_emit(struct gen *g, struct packet *p)
{
	if (p->transport)
		finish_transport(p);
	if (p->ip && p->v6) {
		set16(p, p->ip + 4, p->len - p->ip - 40);
	} else if (p->ip) {
		uint32_t head = (p->b[p->ip] & 15u) * 4;

		set16(p, p->ip + 2, p->len - p->ip);
		set16(p, p->ip + 10, packet_sum(p->b + p->ip, head, 0));
	}
	while (p->len < WIRE_FRAME_MIN)
		put8(p, 0);
	if (g->made >= g->want)
		return;
	wire_writer_put(&g->out, g->now_ns, p->b, p->len);
	g->made++;
}
