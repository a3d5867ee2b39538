// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ethernet with tags, IPv4, IPv6, TCP, UDP, SCTP, ICMP. Each length that the
 * frame claims is held against the frame before it is used.
 */
#include "core_env.h"
#include "headers.h"

enum {
	ETH_LEN = 14,
	TAG_LEN = 4,
	TAGS_MAX = 4,
	IPV4_MIN = 20,
	IPV6_LEN = 40,
	TCP_MIN = 20,
	UDP_LEN = 8,
	SCTP_LEN = 12,
	ICMP_LEN = 8,
	EXTENSIONS_MAX = 8,

	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_IPV6 = 0x86dd,
	TYPE_TAG = 0x8100,
	TYPE_SERVICE_TAG = 0x88a8,

	PROTO_HOP_BY_HOP = 0,
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_ICMPV6 = 58,
	PROTO_OPTIONS = 60,
	PROTO_SCTP = 132,

	TCP_SYN_ACK = 0x12,
	TCP_SYN = 0x02,
};

static u32 load16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

/* A header of @size bytes at h->len: true when the frame holds it. */
static bool take(struct cap_headers *h, u32 len, u32 size)
{
	if (size > len - h->len) {
		h->len = len;
		return false;
	}
	h->len += size;
	return true;
}

static void parse_tcp(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 at = h->len, size;

	if (!take(h, len, TCP_MIN))
		return;
	h->ports = at;
	h->begins = (frame[at + 13] & TCP_SYN_ACK) == TCP_SYN;
	size = (frame[at + 12] >> 4) * 4;
	if (size > TCP_MIN)
		take(h, len, size - TCP_MIN);
}

static void parse_transport(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 at = h->len;

	switch (h->proto) {
	case PROTO_TCP:
		parse_tcp(h, frame, len);
		break;
	case PROTO_UDP:
		h->ports = take(h, len, UDP_LEN) ? at : 0;
		break;
	case PROTO_SCTP:
		h->ports = take(h, len, SCTP_LEN) ? at : 0;
		break;
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		take(h, len, ICMP_LEN);
		break;
	}
}

static void parse_ipv4(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 at = h->len, size;

	if (!take(h, len, IPV4_MIN))
		return;
	size = (frame[at] & 15) * 4;
	if (frame[at] >> 4 != 4 || size < IPV4_MIN)
		return;
	h->ip = 4;
	h->src = at + 12;
	h->proto = frame[at + 9];
	if (size > IPV4_MIN && !take(h, len, size - IPV4_MIN))
		return;
	/* only the first fragment has ports */
	if (!(load16(frame + at + 6) & 0x1fff))
		parse_transport(h, frame, len);
}

/* Over one extension header; false when what follows is not transport. */
static bool skip_extension(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 at = h->len;
	bool first;

	if (!take(h, len, 8))
		return false;
	first = h->proto != PROTO_FRAGMENT || !(load16(frame + at + 2) & 0xfff8);
	if (h->proto != PROTO_FRAGMENT && frame[at + 1] && !take(h, len, frame[at + 1] * 8))
		return false;
	h->proto = frame[at];
	return first;
}

static bool is_extension(u8 proto)
{
	return proto == PROTO_HOP_BY_HOP || proto == PROTO_ROUTING || proto == PROTO_FRAGMENT ||
	       proto == PROTO_OPTIONS;
}

static void parse_ipv6(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 at = h->len;
	int i;

	if (!take(h, len, IPV6_LEN) || frame[at] >> 4 != 6)
		return;
	h->ip = 16;
	h->src = at + 8;
	h->proto = frame[at + 6];
	for (i = 0; is_extension(h->proto); i++)
		if (i == EXTENSIONS_MAX || !skip_extension(h, frame, len))
			return;
	parse_transport(h, frame, len);
}

/**
 * cap_headers_parse() - Find a frame's headers
 * @h: filled in
 * @frame: from its destination address on
 * @len: bytes there; may be less than the headers claim
 */
void cap_headers_parse(struct cap_headers *h, const u8 *frame, u32 len)
{
	u32 type;
	int i;

	*h = (struct cap_headers){ 0 };
	if (!take(h, len, ETH_LEN))
		return;
	type = load16(frame + ETH_LEN - 2);
	for (i = 0; (type == TYPE_TAG || type == TYPE_SERVICE_TAG) && i < TAGS_MAX; i++) {
		if (!take(h, len, TAG_LEN))
			return;
		type = load16(frame + h->len - 2);
	}
	if (type == TYPE_IPV4)
		parse_ipv4(h, frame, len);
	else if (type == TYPE_IPV6)
		parse_ipv6(h, frame, len);
	else if (type == TYPE_ARP)
		take(h, len, 28);
}
