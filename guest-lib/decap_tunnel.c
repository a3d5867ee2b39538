// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tunnels over IP: GRE with what it carries, VXLAN, GENEVE. */
#include "decap_walk.h"

/* The payload of GRE and GENEVE, by its type. */
static int enter_typed(struct walk *w, uint16_t type)
{
	switch (type) {
	case TYPE_TEB:
		return hpcap_enter_ethernet(w);
	case TYPE_IPV4:
	case TYPE_IPV6:
		return hpcap_enter_ip(w, type);
	case TYPE_MPLS:
	case TYPE_MPLS_MCAST:
		w->type = type;
		return has(w, 4);
	default:
		return NONE;
	}
}

static int remove_erspan2(struct walk *w, bool has_sequence)
{
	int err;

	if (has_sequence) {
		err = has(w, 8);
		if (err)
			return err;
		if (w->p[w->at] >> 4 != 1)
			return MALFORMED;
		skip(w, 8);
	}
	err = hpcap_enter_ethernet(w);
	return err ? err : HPCAP_TUNNEL_ERSPAN;
}

static int enter_any_ip(struct walk *w)
{
	int err = has(w, 1);

	return err ? err : hpcap_enter_ip(w, w->p[w->at] >> 4 == 6 ? TYPE_IPV6 : TYPE_IPV4);
}

static int remove_erspan3(struct walk *w)
{
	int err = has(w, 12), frame_type;
	uint16_t tail;

	if (err)
		return err;
	tail = be16(w, w->at + 10);
	if (w->p[w->at] >> 4 != 2)
		return MALFORMED;
	frame_type = tail >> 10 & 31;
	err = has(w, tail & 1 ? 20 : 12);
	if (err)
		return err;
	skip(w, tail & 1 ? 20 : 12);
	if (frame_type == 0)
		err = hpcap_enter_ethernet(w);
	else if (frame_type != 2)
		err = MALFORMED;
	else
		err = enter_any_ip(w);
	return err ? err : HPCAP_TUNNEL_ERSPAN;
}

int hpcap_remove_gre(struct walk *w)
{
	uint16_t flags, type;
	uint32_t len = 4;
	int err = has(w, len);

	if (err)
		return err;
	flags = be16(w, w->at);
	type = be16(w, w->at + 2);
	/* version 1 is PPTP; source routes were taken out of the standard */
	if ((flags & 7) == 1 || flags & 0x4000)
		return NONE;
	if (flags & 7)
		return MALFORMED;
	len += 4 * (!!(flags & 0x8000) + !!(flags & 0x2000) + !!(flags & 0x1000));
	err = has(w, len);
	if (err)
		return err;
	skip(w, len);
	if (type == TYPE_ERSPAN || type == TYPE_ERSPAN3) {
		if (!wants(w, HPCAP_TUNNEL_ERSPAN))
			return NONE;
		return type == TYPE_ERSPAN ? remove_erspan2(w, flags & 0x1000)
					   : remove_erspan3(w);
	}
	if (!wants(w, HPCAP_TUNNEL_GRE))
		return NONE;
	err = enter_typed(w, type);
	return err ? err : HPCAP_TUNNEL_GRE;
}

static int remove_vxlan(struct walk *w)
{
	int err = has(w, 8);

	if (err)
		return err;
	if (!(w->p[w->at] & 0x08))
		return MALFORMED;
	skip(w, 8);
	err = hpcap_enter_ethernet(w);
	return err ? err : HPCAP_TUNNEL_VXLAN;
}

static int remove_geneve(struct walk *w)
{
	int err = has(w, 8);
	uint16_t type;
	uint32_t len;

	if (err)
		return err;
	if (w->p[w->at] >> 6)
		return MALFORMED;
	if (w->p[w->at + 1] & 0x80) /* a message of the tunnel itself */
		return NONE;
	type = be16(w, w->at + 2);
	len = 8 + 4 * (w->p[w->at] & 0x3fu);
	err = has(w, len);
	if (err)
		return err;
	skip(w, len);
	err = enter_typed(w, type);
	return err ? err : HPCAP_TUNNEL_GENEVE;
}

int hpcap_remove_udp(struct walk *w)
{
	uint16_t port, len;

	if (has(w, 8))
		return NONE;
	port = be16(w, w->at + 2);
	len = be16(w, w->at + 4);
	if (port != PORT_VXLAN && port != PORT_VXLAN_LINUX && port != PORT_GENEVE &&
	    port != PORT_MPLS)
		return NONE;
	/* 0: larger than the field can tell */
	if (len && (len < 8 || len > w->end - w->at))
		return MALFORMED;
	if (len)
		w->end = w->at + len;
	skip(w, 8);
	if (port == PORT_MPLS)
		return hpcap_remove_mpls(w);
	if (port == PORT_GENEVE)
		return wants(w, HPCAP_TUNNEL_GENEVE) ? remove_geneve(w) : NONE;
	return wants(w, HPCAP_TUNNEL_VXLAN) ? remove_vxlan(w) : NONE;
}
