/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A walk through the layers of a frame. Every length is checked before it is used. */
#ifndef HPCAP_DECAP_WALK_H
#define HPCAP_DECAP_WALK_H

#include <string.h>
#include "decap.h"

enum {
	/* what a layer is when it cannot be taken off; else enum hpcap_tunnel */
	NONE = -1,
	MALFORMED = -2,
	CUT = -3,
	FRAGMENT = -4,

	ETH_LEN = 14,
	TAGS_MAX = 4,
	LABELS_MAX = 16,
	EXTENSIONS_MAX = 8,

	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MCAST = 0x8848,
	TYPE_TEB = 0x6558, /* Ethernet in GRE or GENEVE */
	TYPE_ERSPAN = 0x88be,
	TYPE_ERSPAN3 = 0x22eb,
	TYPE_MIN = 0x0600, /* below is a length */
	LENGTH_MAX = 1500,

	PROTO_HOPOPTS = 0,
	PROTO_IPV4 = 4,
	PROTO_UDP = 17,
	PROTO_IPV6 = 41,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
	PROTO_DSTOPTS = 60,
	PROTO_MPLS = 137,

	PORT_VXLAN = 4789,
	PORT_VXLAN_LINUX = 8472,
	PORT_GENEVE = 6081,
	PORT_MPLS = 6635,
};

/**
 * struct walk - where in the frame we are
 * @p: the frame
 * @cap: bytes of it that were kept
 * @which: tunnels to remove
 * @eth: offset of the Ethernet header that stays
 * @eth_len: bytes of it, tags included
 * @at: offset of the layer now looked at
 * @end: offset where that layer ended on the wire
 * @type: Ethernet type of the layer at @at
 */
struct walk {
	const uint8_t *p;
	uint32_t cap;
	uint32_t which;
	uint32_t eth;
	uint32_t eth_len;
	uint32_t at;
	uint32_t end;
	uint16_t type;
};

static inline uint16_t be16(const struct walk *w, uint32_t at)
{
	return (uint16_t)(w->p[at] << 8 | w->p[at + 1]);
}

/* Are n bytes at the layer's start there? 0, or why not. */
static inline int has(const struct walk *w, uint32_t n)
{
	if (n > w->end - w->at)
		return MALFORMED;
	return w->at + n > w->cap ? CUT : 0;
}

static inline bool wants(const struct walk *w, enum hpcap_tunnel kind)
{
	return w->which & 1u << kind;
}

/* Step over n bytes, which has() found there. */
static inline void skip(struct walk *w, uint32_t n)
{
	w->at += n;
}

/* decap.c: an Ethernet frame, an IP packet of that type starts here: 0 or why not. */
int hpcap_enter_ethernet(struct walk *w);
int hpcap_enter_ip(struct walk *w, uint16_t type);

/* decap.c: take a label stack off; its kind, or why not. */
int hpcap_remove_mpls(struct walk *w);

/* decap_tunnel.c: take GRE or a tunnel in UDP off; its kind, or why not. */
int hpcap_remove_gre(struct walk *w);
int hpcap_remove_udp(struct walk *w);

#endif /* HPCAP_DECAP_WALK_H */
