/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the world wants of the switch, kept the dumb way: one flag a fact, no
 * tables, no slots. It is told of every operation that the policy granted.
 */
#ifndef TESTS_PF_WANT_H
#define TESTS_PF_WANT_H

#include "pf_switch.h"

enum {
	WANT_MACS = 40
};

struct want_mac {
	u8 mac[6];
	bool guest;
};

struct want_pool {
	u8 own[6];
	u8 admin[6];
	struct want_mac extra[WANT_MACS];
	u32 nr_extra;
	bool trust, spoof_mac, spoof_vlan, untagged, bcast;
	bool down, ready;
	u32 host_promisc, guest_promisc;
	u32 port_vid, port_qos;
	bool mc[4096], vlan[4096], trunk[4096];
};

struct want {
	enum pf_chip chip;
	enum pf_backend backend;
	u32 vfs;
	bool filter, loopback;
	struct want_pool pool[8];
	struct pf_mirror mirror[PF_MIRRORS];
};

void want_pool_init(struct want_pool *q);
bool want_valid_mac(const u8 *mac);
u32 want_some_vid(void);
void want_init(struct want *w, enum pf_chip chip, enum pf_backend backend);
bool want_random_op(struct want *w, struct pf_policy *p);
void want_random_frame(const struct want *w, struct sw_frame *f);

/* What the whole comes to, for the expectations. */
bool want_any(const bool *set);
bool want_live(const struct want *w, u32 pool);
u32 want_promisc(const struct want *w, u32 pool);
bool want_in_vlan(const struct want *w, u32 pool, int vid);
bool want_pf_any_vlan(const struct want *w);
int want_owner(const struct want *w, const u8 *mac);
bool want_has_mac(const struct want *w, u32 pool, const u8 *mac);
bool want_all_vlans(const struct pf_mirror *m);
u32 rnd(u32 below);
extern u64 rnd_state;

/* Fails the test when the switch does what nobody wanted, or not what was. */
void expect_frame(const struct want *w, const struct pf_policy *p, const struct sw_frame *f);

#endif /* TESTS_PF_WANT_H */
