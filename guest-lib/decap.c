// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is inside a tunnel: Ethernet, IP, label stacks, and the walk through them. */
#include "decap_walk.h"

static bool is_tag(uint16_t type)
{
	return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

/* An Ethernet frame starts here: 0 or why not. */
int hpcap_enter_ethernet(struct walk *w)
{
	uint32_t len = ETH_LEN;
	int err = has(w, len), tags = 0;

	while (!err && is_tag(be16(w, w->at + len - 2)) && tags++ < TAGS_MAX) {
		len += 4;
		err = has(w, len);
	}
	if (err)
		return err;
	w->eth = w->at;
	w->eth_len = len;
	w->type = be16(w, w->at + len - 2);
	skip(w, len);
	return 0;
}

/* An IP packet starts here: 0 or why not. */
int hpcap_enter_ip(struct walk *w, uint16_t type)
{
	int err = has(w, 1);

	if (err)
		return err;
	if (w->p[w->at] >> 4 != (type == TYPE_IPV4 ? 4 : 6))
		return MALFORMED;
	w->type = type;
	return 0;
}

/* Could this be an IPv4 packet, or is it a MAC address that starts with a 4? */
static bool is_ipv4(const struct walk *w)
{
	uint32_t total;

	if (has(w, 20))
		return true; /* nothing else is known */
	total = be16(w, w->at + 2);
	return (w->p[w->at] & 15) >= 5 && total >= 20 && total <= w->end - w->at;
}

/* What follows a label stack says nothing of its kind but by its first bits. */
static int enter_labelled(struct walk *w)
{
	int err = has(w, 1);
	uint16_t type;

	if (err)
		return err;
	switch (w->p[w->at] >> 4) {
	case 4:
		if (is_ipv4(w))
			return hpcap_enter_ip(w, TYPE_IPV4);
		break;
	case 6:
		return hpcap_enter_ip(w, TYPE_IPV6);
	case 0: /* a pseudowire's control word */
		err = has(w, 4 + ETH_LEN);
		if (err)
			return err;
		skip(w, 4);
		return hpcap_enter_ethernet(w);
	case 1: /* a pseudowire's own messages */
		return NONE;
	}
	err = has(w, ETH_LEN);
	if (err)
		return err;
	type = be16(w, w->at + 12);
	return type < TYPE_MIN && type > LENGTH_MAX ? MALFORMED : hpcap_enter_ethernet(w);
}

int hpcap_remove_mpls(struct walk *w)
{
	bool bottom = false;
	int err, n;

	if (!wants(w, HPCAP_TUNNEL_MPLS))
		return NONE;
	for (n = 0; n < LABELS_MAX && !bottom; n++) {
		err = has(w, 4);
		if (err)
			return err;
		bottom = w->p[w->at + 2] & 1;
		skip(w, 4);
	}
	if (!bottom)
		return MALFORMED;
	err = enter_labelled(w);
	return err ? err : HPCAP_TUNNEL_MPLS;
}

static int remove_ip(struct walk *w, uint16_t type)
{
	int err;

	if (!wants(w, HPCAP_TUNNEL_IPIP))
		return NONE;
	err = hpcap_enter_ip(w, type);
	return err ? err : HPCAP_TUNNEL_IPIP;
}

static int remove_proto(struct walk *w, uint8_t proto, bool fragment)
{
	const bool ours = proto == PROTO_IPV4 || proto == PROTO_IPV6 || proto == PROTO_GRE ||
			  proto == PROTO_MPLS;

	if (fragment)
		return ours ? FRAGMENT : NONE;
	switch (proto) {
	case PROTO_IPV4:
		return remove_ip(w, TYPE_IPV4);
	case PROTO_IPV6:
		return remove_ip(w, TYPE_IPV6);
	case PROTO_GRE:
		return hpcap_remove_gre(w);
	case PROTO_MPLS:
		return hpcap_remove_mpls(w);
	case PROTO_UDP:
		return hpcap_remove_udp(w);
	default:
		return NONE;
	}
}

static int remove_from_ipv4(struct walk *w)
{
	uint32_t len, total;
	uint16_t fragment;

	if (has(w, 20))
		return NONE;
	len = 4 * (w->p[w->at] & 15u);
	total = be16(w, w->at + 2);
	fragment = be16(w, w->at + 6) & 0x3fff;
	if (w->p[w->at] >> 4 != 4 || len < 20 || has(w, len))
		return NONE;
	/* 0: larger than the field can tell, or cut up by the NIC */
	if (total && (total < len || total > w->end - w->at))
		return NONE;
	if (total)
		w->end = w->at + total;
	else if (w->end - w->at < len)
		return NONE;
	skip(w, len);
	return remove_proto(w, w->p[w->at - len + 9], fragment);
}

/* Extension headers up to the payload; its protocol, or NONE. */
static int skip_extensions(struct walk *w, uint8_t proto, bool *fragment)
{
	int n;

	for (n = 0; n < EXTENSIONS_MAX; n++) {
		uint32_t len;

		if (proto != PROTO_HOPOPTS && proto != PROTO_ROUTING &&
		    proto != PROTO_DSTOPTS && proto != PROTO_FRAGMENT)
			return proto;
		if (has(w, 8))
			return NONE;
		len = proto == PROTO_FRAGMENT ? 8 : 8 * (w->p[w->at + 1] + 1u);
		if (has(w, len))
			return NONE;
		if (proto == PROTO_FRAGMENT)
			*fragment = be16(w, w->at + 2) & 0xfff9;
		proto = w->p[w->at];
		skip(w, len);
		if (*fragment)
			return proto;
	}
	return NONE;
}

static int remove_from_ipv6(struct walk *w)
{
	bool fragment = false;
	uint32_t payload;
	int proto;

	if (has(w, 40) || w->p[w->at] >> 4 != 6)
		return NONE;
	payload = be16(w, w->at + 4);
	if (payload > w->end - w->at - 40)
		return NONE;
	/* 0: a jumbogram */
	if (payload)
		w->end = w->at + 40 + payload;
	proto = w->p[w->at + 6];
	skip(w, 40);
	proto = skip_extensions(w, (uint8_t)proto, &fragment);
	return proto < 0 ? NONE : remove_proto(w, (uint8_t)proto, fragment);
}

/* Take the outermost layer off: its kind, or why there is none to take. */
static int remove_layer(struct walk *w)
{
	switch (w->type) {
	case TYPE_IPV4:
		return remove_from_ipv4(w);
	case TYPE_IPV6:
		return remove_from_ipv6(w);
	case TYPE_MPLS:
	case TYPE_MPLS_MCAST:
		return hpcap_remove_mpls(w);
	default:
		return NONE;
	}
}

/* The frame that is left, in one piece: false when room is too small. */
static bool assemble(const struct walk *w, struct hpcap_record *rec, uint8_t *room, size_t size)
{
	uint32_t cap = w->cap < w->end ? w->cap : w->end;
	uint32_t body = cap - w->at;

	if (w->at == w->eth + w->eth_len) {
		rec->data = w->p + w->eth;
		rec->caplen = cap - w->eth;
		rec->len = w->end - w->eth;
		return true;
	}
	if (w->eth_len + (size_t)body > size)
		return false;
	memcpy(room, w->p + w->eth, w->eth_len);
	room[w->eth_len - 2] = (uint8_t)(w->type >> 8);
	room[w->eth_len - 1] = (uint8_t)w->type;
	memcpy(room + w->eth_len, w->p + w->at, body);
	rec->data = room;
	rec->caplen = w->eth_len + body;
	rec->len = w->eth_len + w->end - w->at;
	return true;
}

static void count(struct hpcap_decap *d, int why)
{
	d->malformed += why == MALFORMED;
	d->cut += why == CUT;
	d->fragments += why == FRAGMENT;
}

bool hpcap_decap(struct hpcap_decap *d, struct hpcap_record *rec, void *room, size_t size)
{
	struct walk w = {
		.p = rec->data, .cap = rec->caplen, .end = rec->len, .which = d->which};
	int depth, kind = NONE;

	d->frames++;
	if (hpcap_enter_ethernet(&w))
		return false;
	for (depth = 0; depth <= HPCAP_DECAP_DEPTH; depth++) {
		struct walk inner = w;

		kind = remove_layer(&inner);
		if (kind < 0 || depth == HPCAP_DECAP_DEPTH)
			break;
		d->removed[kind]++;
		w = inner;
	}
	count(d, kind);
	d->deep += kind >= 0;
	if (!depth || !assemble(&w, rec, room, size))
		return false;
	d->changed++;
	return true;
}

static const char *const names[HPCAP_NR_TUNNELS] = {"erspan", "gre",  "vxlan",
						    "geneve", "mpls", "ipip"};

const char *hpcap_tunnel_name(enum hpcap_tunnel tunnel)
{
	return tunnel < HPCAP_NR_TUNNELS ? names[tunnel] : "unknown";
}

uint32_t hpcap_decap_parse(const char *list)
{
	uint32_t which = 0;

	if (!strcmp(list, "all"))
		return HPCAP_DECAP_ALL;
	while (*list) {
		size_t len = strcspn(list, ",");
		int i;

		for (i = 0; i < HPCAP_NR_TUNNELS; i++)
			if (strlen(names[i]) == len && !strncmp(list, names[i], len))
				break;
		if (i == HPCAP_NR_TUNNELS)
			return 0;
		which |= 1u << i;
		list += len;
		if (*list && !*++list)
			return 0;
	}
	return which;
}
