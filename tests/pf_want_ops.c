// SPDX-License-Identifier: GPL-2.0-or-later
/* Random wishes: told to the policy, and if granted, written down. */
#include <string.h>
#include "unit/t.h"
#include "pf_want.h"

/* A small world, so that things collide. */
static void some_mac(u8 mac[6])
{
	static const u8 shapes[][6] = {{0x02, 0, 0, 0, 0, 0}, {0x52, 0x54, 0, 0, 0, 0}};

	memcpy(mac, shapes[rnd(2)], 6);
	mac[5] = rnd(24);
	if (!rnd(30))
		memset(mac, 0, 6);
	if (!rnd(40))
		mac[0] |= 1;
}

bool want_valid_mac(const u8 *mac)
{
	static const u8 zero[6];

	return !(mac[0] & 1) && memcmp(mac, zero, 6);
}

u32 want_some_vid(void)
{
	return rnd(10) ? rnd(40) : rnd(4096);
}

static void some_vids(u32 map[128])
{
	memset(map, 0, 128 * sizeof(*map));
	for (u32 n = rnd(4); n; n--) {
		u32 v = want_some_vid();

		map[v / 32] |= 1u << v % 32;
	}
	if (!rnd(20))
		memset(map, 0xff, 128 * sizeof(*map));
}

static bool op_set_vfs(struct want *w, struct pf_policy *p)
{
	static struct want_pool pf;
	u32 n = rnd(9), was = w->vfs;
	static u8 macs[1][6];

	if (pf_policy_set_vfs(p, n)) {
		bool crowd = false;
		u32 vids = 0;

		for (u32 i = 0; i < 4096; i++)
			vids += w->pool[was].vlan[i];
		crowd = vids > 31;
		assert_true(n > 7 || crowd);
		return false;
	}
	pf = w->pool[was];
	memset(w->mirror, 0, sizeof(w->mirror));
	for (u32 i = 0; i < n; i++) {
		want_pool_init(&w->pool[i]);
		w->pool[i].spoof_mac = true;
		w->pool[i].spoof_vlan = true;
	}
	w->pool[n] = pf;
	w->vfs = n;
	/* the driver sets its list again after this, and so do we */
	assert_int_equal(pf_policy_pf_uc(p, macs[0], 0), 0);
	w->pool[n].nr_extra = 0;
	return true;
}

static bool op_pf_uc(struct want *w, struct pf_policy *p)
{
	struct want_pool *q = &w->pool[w->vfs];
	u32 n = rnd(4) ? rnd(4) : rnd(30);
	u8 macs[32][6];

	memset(macs, 0, sizeof(macs));
	for (u32 i = 0; i < n; i++)
		memcpy(macs[i], (u8[6]){0x06, w->vfs, 0, 0, 0, i}, 6);
	if (pf_policy_pf_uc(p, macs[0], n)) {
		assert_true(n > 2);
		return false;
	}
	q->nr_extra = n;
	for (u32 i = 0; i < n; i++)
		memcpy(q->extra[i].mac, macs[i], 6);
	return true;
}

static bool op_pf_mc(struct want *w, struct pf_policy *p)
{
	struct want_pool *q = &w->pool[w->vfs];
	u32 mta[128] = {0};

	memset(q->mc, 0, sizeof(q->mc));
	for (u32 n = rnd(3); n; n--) {
		u32 hash = rnd(4096);

		mta[hash / 32] |= 1u << hash % 32;
		q->mc[hash] = true;
	}
	return !pf_policy_pf_mc(p, mta);
}

static bool op_pf(struct want *w, struct pf_policy *p)
{
	struct want_pool *q = &w->pool[w->vfs];
	u32 v;
	u8 mac[6];

	switch (rnd(8)) {
	case 0:
		some_mac(mac);
		if (pf_policy_pf_mac(p, mac))
			return false;
		memcpy(q->own, mac, 6);
		return true;
	case 1:
		return op_pf_uc(w, p);
	case 2:
		return op_pf_mc(w, p);
	case 3:
		v = want_some_vid();
		bool add = rnd(3);

		if (pf_policy_pf_vlan(p, v, add))
			return false;
		if (v)
			q->vlan[v] = add;
		return true;
	case 4:
		q->host_promisc = rnd(3) ? 0 : rnd(4);
		return !pf_policy_pf_promisc(p, q->host_promisc);
	case 5:
		q->untagged = rnd(4);
		return !pf_policy_pf_flag(p, PF_VF_UNTAGGED, q->untagged);
	case 6:
		w->filter = rnd(2);
		return !pf_policy_pf_vlan_filter(p, w->filter);
	}
	w->loopback = rnd(4);
	return !pf_policy_loopback(p, w->loopback);
}

static bool drop_extra(struct want_pool *q, bool guest, const u8 *mac)
{
	u32 n = 0;

	for (u32 i = 0; i < q->nr_extra; i++)
		if (q->extra[i].guest != guest || (mac && memcmp(q->extra[i].mac, mac, 6)))
			q->extra[n++] = q->extra[i];
	q->nr_extra = n;
	return true;
}

static void add_extra(struct want_pool *q, bool guest, const u8 *mac)
{
	for (u32 i = 0; i < q->nr_extra; i++)
		if (q->extra[i].guest == guest && !memcmp(q->extra[i].mac, mac, 6))
			return;
	assert_true(q->nr_extra < PF_VF_FILTERS);
	memcpy(q->extra[q->nr_extra].mac, mac, 6);
	q->extra[q->nr_extra++].guest = guest;
}

static bool op_vf_flag(struct want_pool *q, struct pf_policy *p, u32 vf)
{
	static const u8 zero[6];
	u32 flag = rnd(PF_VF_FLAGS);
	bool on = rnd(3);

	assert_int_equal(pf_policy_vf_flag(p, vf, flag, on), 0);
	if (flag == PF_VF_TRUST)
		q->trust = on;
	if (flag == PF_VF_TRUST && !on) {
		q->guest_promisc = 0;
		if (memcmp(q->admin, zero, 6)) {
			memcpy(q->own, q->admin, 6);
			drop_extra(q, true, NULL);
		}
	}
	if (flag == PF_VF_SPOOF_MAC)
		q->spoof_mac = on;
	if (flag == PF_VF_SPOOF_VLAN)
		q->spoof_vlan = on;
	if (flag == PF_VF_UNTAGGED)
		q->untagged = on;
	if (flag == PF_VF_BCAST)
		q->bcast = on;
	return true;
}

static bool op_trunk(struct want_pool *q, struct pf_policy *p, u32 vf)
{
	static u32 map[128];
	bool add = rnd(2), was = want_any(q->trunk);

	some_vids(map);
	if (pf_policy_vf_trunk(p, vf, map, add))
		return false;
	for (u32 i = 0; i < 4096; i++)
		if (sw_bit(map, i))
			q->trunk[i] = add;
	if (!was && want_any(q->trunk)) {
		q->untagged = false;
		q->port_vid = 0;
		q->port_qos = 0;
	} else if (was && !want_any(q->trunk)) {
		q->untagged = true;
	}
	return true;
}

static bool op_host(struct want *w, struct pf_policy *p, u32 vf)
{
	struct want_pool *q = &w->pool[vf];
	u32 v, qos;
	u8 mac[6];

	some_mac(mac);
	switch (rnd(7)) {
	case 0:
		if (pf_policy_vf_mac(p, vf, mac))
			return false;
		memcpy(q->own, mac, 6);
		memcpy(q->admin, mac, 6);
		return true;
	case 1:
		v = rnd(2) ? want_some_vid() : 0;
		qos = rnd(4) ? 0 : rnd(10);
		if (pf_policy_vf_port_vlan(p, vf, v, qos))
			return false;
		if ((v || qos) && want_any(q->trunk)) {
			memset(q->trunk, 0, sizeof(q->trunk));
			q->untagged = true;
		}
		q->port_vid = v;
		q->port_qos = qos;
		return true;
	case 2:
		return op_vf_flag(q, p, vf);
	case 3:
		q->down = !rnd(3);
		return !pf_policy_vf_link(p, vf, q->down ? PF_LINK_DISABLE : PF_LINK_AUTO);
	case 4:
		q->host_promisc = rnd(3) ? 0 : rnd(4);
		return !pf_policy_vf_promisc(p, vf, q->host_promisc);
	case 5:
		return op_trunk(q, p, vf);
	}
	bool add = rnd(3);

	if (pf_policy_vf_filters(p, vf, mac, 1, add))
		return false;
	if (add)
		add_extra(q, false, mac);
	return add || drop_extra(q, false, mac);
}

static bool op_guest_reset(struct want_pool *q, struct pf_policy *p, u32 vf)
{
	assert_int_equal(pf_policy_guest_reset(p, vf), 0);
	memcpy(q->own, q->admin, 6);
	drop_extra(q, true, NULL);
	q->ready = false;
	q->guest_promisc = 0;
	memset(q->mc, 0, sizeof(q->mc));
	memset(q->vlan, 0, sizeof(q->vlan));
	return true;
}

static bool op_guest_mc(struct want_pool *q, struct pf_policy *p, u32 vf)
{
	u16 hash[30] = {0};
	u32 n = rnd(4);

	for (u32 i = 0; i < n; i++)
		hash[i] = rnd(4096);
	assert_int_equal(pf_policy_guest_mc(p, vf, hash, n), 0);
	memset(q->mc, 0, sizeof(q->mc));
	for (u32 i = 0; i < n; i++)
		q->mc[hash[i]] = true;
	return true;
}

static bool op_guest(struct want *w, struct pf_policy *p, u32 vf)
{
	struct want_pool *q = &w->pool[vf];
	bool add = rnd(3);
	u32 v;
	u8 mac[6];

	some_mac(mac);
	switch (rnd(8)) {
	case 0:
		return !rnd(3) && op_guest_reset(q, p, vf);
	case 1:
	case 2:
		q->ready = rnd(8);
		return !pf_policy_guest_ready(p, vf, q->ready);
	case 3:
		if (pf_policy_guest_mac(p, vf, mac))
			return false;
		assert_true(want_valid_mac(mac));
		memcpy(q->own, mac, 6);
		return true;
	case 4:
		if (pf_policy_guest_filter(p, vf, mac))
			return false;
		add_extra(q, true, mac);
		return true;
	case 5:
		return op_guest_mc(q, p, vf);
	case 6:
		v = want_some_vid();
		if (pf_policy_guest_vlan(p, vf, v, add))
			return false;
		if (v)
			q->vlan[v] = add;
		return true;
	}
	v = rnd(2) ? 0 : rnd(4);
	if (pf_policy_guest_promisc(p, vf, v)) {
		assert_false(q->trust);
		return false;
	}
	q->guest_promisc = v;
	return true;
}

static bool op_mirror(struct want *w, struct pf_policy *p)
{
	static struct pf_mirror m;
	u32 id = 1 + rnd(8);
	struct pf_mirror *slot = &w->mirror[id];
	int err;

	if (!rnd(3)) {
		assert_int_equal(pf_policy_mirror_remove(p, id), slot->id ? 0 : -ENOENT);
		slot->id = 0;
		return true;
	}
	memset(&m, 0, sizeof(m));
	m.id = id;
	m.vfs = rnd(4) ? 1u << rnd(8) : rnd(256);
	m.pf = !rnd(6);
	m.uplink = !rnd(12);
	m.downlink = !rnd(12);
	m.dir = rnd(4);
	m.targets = rnd(4) ? 1u << rnd(w->vfs) : rnd(256);
	if (!rnd(5)) {
		some_vids(m.vlans);
		if (rnd(3))
			m.vfs = 0;
	}
	for (u32 i = 0; i < 128; i++)
		m.has_vlans |= !!m.vlans[i];
	err = pf_policy_mirror_set(p, &m);
	if (err)
		return false;
	*slot = m;
	return true;
}

bool want_random_op(struct want *w, struct pf_policy *p)
{
	u32 kind = rnd(100);

	if (kind < 1 || (!w->vfs && kind < 30))
		return op_set_vfs(w, p);
	if (kind < 20 || !w->vfs)
		return op_pf(w, p);
	if (kind < 45)
		return op_host(w, p, rnd(w->vfs));
	if (kind < 80)
		return op_guest(w, p, rnd(w->vfs));
	return op_mirror(w, p);
}
