// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wanted, fact by fact; and random frames to try it with. */
#include "pf_want.h"

#include <string.h>

u64 rnd_state = 1;

u32 rnd(u32 below)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return (rnd_state >> 11) % below;
}

void want_pool_init(struct want_pool *q)
{
	memset(q, 0, sizeof(*q));
	q->untagged = true;
	q->bcast = true;
}

void want_init(struct want *w, enum pf_chip chip, enum pf_backend backend)
{
	memset(w, 0, sizeof(*w));
	w->chip = chip;
	w->backend = backend;
	w->loopback = true;
	want_pool_init(&w->pool[0]);
}

bool want_any(const bool *set)
{
	for (u32 i = 0; i < 4096; i++)
		if (set[i])
			return true;
	return false;
}

bool want_live(const struct want *w, u32 pool)
{
	return pool == w->vfs || (w->pool[pool].ready && !w->pool[pool].down);
}

u32 want_promisc(const struct want *w, u32 pool)
{
	const struct want_pool *q = &w->pool[pool];

	return q->host_promisc | (q->trust ? q->guest_promisc : 0);
}

bool want_pf_any_vlan(const struct want *w)
{
	return !w->filter || want_promisc(w, w->vfs) & PF_PROMISC_UNICAST;
}

/* A frame with this tag is for this pool, as far as VLANs go. */
bool want_in_vlan(const struct want *w, u32 pool, int vid)
{
	const struct want_pool *q = &w->pool[pool];
	bool port = q->port_vid || q->port_qos;

	if (vid == UNTAGGED)
		return q->untagged && !port;
	if (pool == w->vfs && want_pf_any_vlan(w))
		return true;
	if (port)
		return vid == (int)q->port_vid;
	if (!vid)
		return q->untagged;
	return want_any(q->trunk) ? q->trunk[vid] : q->vlan[vid];
}

bool want_has_mac(const struct want *w, u32 pool, const u8 *mac)
{
	const struct want_pool *q = &w->pool[pool];

	if (!memcmp(q->own, mac, 6))
		return true;
	for (u32 i = 0; i < q->nr_extra; i++)
		if (!memcmp(q->extra[i].mac, mac, 6))
			return true;
	return false;
}

/* The pool that has this address, or -1. */
int want_owner(const struct want *w, const u8 *mac)
{
	for (u32 i = 0; i <= w->vfs; i++)
		if (want_live(w, i) && want_has_mac(w, i, mac))
			return i;
	return -1;
}

bool want_all_vlans(const struct pf_mirror *m)
{
	for (u32 i = 0; i < 4096; i++)
		if (!sw_bit(m->vlans, i))
			return false;
	return true;
}

void want_random_frame(const struct want *w, struct sw_frame *f)
{
	u32 pool = rnd(w->vfs + 1);

	memset(f, 0, sizeof(*f));
	f->len = 100;
	f->from = rnd(2) ? FROM_WIRE : (int)rnd(w->vfs + 1);
	f->vid = rnd(2) ? UNTAGGED : (int)want_some_vid();
	memcpy(f->src, f->from < 0 ? (u8[6]){2, 9, 9, 9, 9, 9} : w->pool[f->from].own, 6);
	memcpy(f->dst, w->pool[pool].own, 6);
	switch (rnd(6)) {
	case 0:
		memset(f->dst, 0xff, 6);
		break;
	case 1:
		memcpy(f->dst, (u8[6]){0x01, 0, 0x5e, 0, rnd(256), rnd(256)}, 6);
		for (u32 i = rnd(4096), n = 0; n < 4096; i = (i + 1) % 4096, n++) {
			if (!w->pool[pool].mc[i])
				continue;
			f->dst[4] = (i & 15) << 4;
			f->dst[5] = i >> 4;
			break;
		}
		break;
	case 2:
		memcpy(f->dst, (u8[6]){0x02, 7, 7, 7, rnd(256), rnd(256)}, 6);
		break;
	case 3:
		if (w->pool[pool].nr_extra)
			memcpy(f->dst, w->pool[pool].extra[rnd(w->pool[pool].nr_extra)].mac, 6);
		break;
	}
	if (!want_valid_mac(f->dst) && !(f->dst[0] & 1))
		f->dst[5] = 0xee;
}
