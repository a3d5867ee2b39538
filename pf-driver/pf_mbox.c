// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox server. Each message of a guest is looked at once, here; what is not
 * exactly in the protocol is refused and changes nothing. Ref: 82576 14
 */
#include "pf_bits.h"
#include "pf_mbox.h"

/* A driver's start takes a dozen messages, 31 VLANs as many more. */
enum {
	BURST = 128,		/* messages that may come at once */
	PER_SECOND = 100,	/* and then so many */
	TOKEN = 1000,		/* of one message */
	STRANGER_MS = 2000,	/* between two answers to an unknown VF */
};

/**
 * pf_mbox_init() - Nobody is known yet
 * @mb: memory for it
 * @now_ms: monotonic time, ms
 */
void pf_mbox_init(struct pf_mbox *mb, u64 now_ms)
{
	u32 i;

	memset(mb, 0, sizeof(*mb));
	for (i = 0; i < HW_VFS_MAX; i++) {
		mb->vf[i].tokens = BURST * TOKEN;
		mb->vf[i].refilled_ms = now_ms;
	}
}

/* Return: 0, or how many ms to wait until one message is allowed. */
static u32 take_token(struct pf_mbox_vf *v, u64 now_ms)
{
	u64 gained = 0;

	if (now_ms > v->refilled_ms) {
		gained = min_t(u64, now_ms - v->refilled_ms, BURST * TOKEN) * PER_SECOND;
		v->refilled_ms = now_ms;
	}
	v->tokens = min_t(u64, v->tokens + gained, BURST * TOKEN);
	if (v->tokens < TOKEN)
		return (TOKEN - v->tokens + PER_SECOND - 1) / PER_SECOND;
	v->tokens -= TOKEN;
	return 0;
}

static bool may_answer_stranger(struct pf_mbox_vf *v, u64 now_ms)
{
	if (v->nacked_ms && now_ms - v->nacked_ms < STRANGER_MS)
		return false;
	v->nacked_ms = now_ms ? now_ms : 1;
	return true;
}

/* RESET: three words back, without CTS even though the VF is known from now on. */
static int reset(struct pf_mbox_vf *v, struct pf_policy *p, u32 vf, u32 *msg,
		 struct pf_mbox_answer *a)
{
	const u8 *mac;
	int err;

	err = pf_policy_guest_reset(p, vf);
	if (!err)
		err = pf_policy_guest_ready(p, vf, true);
	if (err)
		return err;
	mac = pf_policy_vf_current_mac(p, vf);
	msg[0] = HW_MBOX_RESET | (pf_mac_is_zero(mac) ? HW_MBOX_NACK : HW_MBOX_ACK);
	hw_mbox_put_mac(&msg[1], mac);
	v->cts = true;
	v->nacked_ms = 0;
	v->stats.acked++;
	a->flags = PF_MBOX_CLEAN | PF_MBOX_APPLY;
	return 3;
}

static int set_mac(struct pf_policy *p, u32 vf, const u32 *msg)
{
	u8 mac[6];

	hw_mbox_get_mac(&msg[1], mac);
	switch (FIELD_GET(HW_MBOX_INFO, msg[0])) {
	case 0:
		return pf_policy_guest_mac(p, vf, mac);
	case 1:
		return pf_policy_guest_clear_filters(p, vf);
	case 2:
		return pf_policy_guest_filter(p, vf, mac);
	}
	return -EBADMSG;
}

/* More groups than the message can name: all of them are wanted. */
static int set_multicast(struct pf_policy *p, u32 vf, const u32 *msg)
{
	u32 nr = FIELD_GET(HW_MBOX_INFO, msg[0]), i;
	u16 hash[HW_MBOX_HASHES];

	if (nr > HW_MBOX_HASHES)
		return pf_policy_guest_promisc(p, vf, p->pool[vf].promisc_guest |
					       PF_PROMISC_MULTICAST);
	for (i = 0; i < nr; i++)
		hash[i] = msg[1 + i / 2] >> (i % 2 * 16);
	return pf_policy_guest_mc(p, vf, hash, nr);
}

static int set_vlan(struct pf_policy *p, u32 vf, const u32 *msg)
{
	u32 info = FIELD_GET(HW_MBOX_INFO, msg[0]);

	if (info > 1)
		return -EBADMSG;
	return pf_policy_guest_vlan(p, vf, msg[1], info);
}

static int set_promisc(struct pf_policy *p, u32 vf, const u32 *msg)
{
	u32 info = FIELD_GET(HW_MBOX_INFO, msg[0]);

	return info & ~PF_PROMISC_ALL ? -EBADMSG : pf_policy_guest_promisc(p, vf, info);
}

/* Words 0 to 15 of a known VF. Return: 0, or why it is refused. */
static int dispatch(struct pf_policy *p, u32 vf, const u32 *msg)
{
	const u32 known = HW_MBOX_ID | HW_MBOX_INFO;

	if (msg[0] & ~(u32)known)
		return -EBADMSG;
	switch (FIELD_GET(HW_MBOX_ID, msg[0])) {
	case HW_MBOX_SET_MAC:
		return set_mac(p, vf, msg);
	case HW_MBOX_SET_MULTICAST:
		return set_multicast(p, vf, msg);
	case HW_MBOX_SET_VLAN:
		return set_vlan(p, vf, msg);
	case HW_MBOX_SET_LPE:
		return pf_policy_frame_max(p, vf, msg[1]);
	case HW_MBOX_SET_PROMISC:
		return set_promisc(p, vf, msg);
	}
	return -EBADMSG;
}

static const char *why(int err, u32 id)
{
	switch (err) {
	case -EPERM:
		return id == HW_MBOX_SET_MAC ? "the host fixed its address" :
		       id == HW_MBOX_SET_VLAN ? "the host fixed its VLANs" :
		       "promiscuity needs trust";
	case -EADDRINUSE:
		return "another pool has this address";
	case -ENOSPC:
		return "the chip's table is full";
	case -EBADMSG:
		return "not in the protocol";
	}
	return "value out of range";
}

static void count_refusal(struct pf_mbox_stats *s, int err, u32 id)
{
	s->refused++;
	if (err == -EBADMSG)
		s->unknown++;
	if (err != -EPERM)
		return;
	if (id == HW_MBOX_SET_PROMISC || id == HW_MBOX_SET_MULTICAST)
		s->refused_promisc++;
	else
		s->refused_trust++;
}

/* The VF has not said RESET: it is told so, but not more often than is useful. */
static int stranger(struct pf_mbox_vf *v, u32 *msg, u64 now_ms)
{
	v->stats.ignored++;
	if (!may_answer_stranger(v, now_ms))
		return 0;
	msg[0] |= HW_MBOX_NACK;
	return 1;
}

/**
 * pf_mbox_request() - A message from a guest
 * @mb: server
 * @p: policy, changed when the message is granted
 * @vf: who sent it
 * @msg: 16 words, in: the message, out: the answer
 * @now_ms: monotonic time, ms
 * @a: filled in
 *
 * Context: pf->lock.
 * Return: words to answer; 0: only unlock; -EAGAIN: leave the message unread
 * for @a->wait_ms.
 * Ref: 82576 14.2, 14.3
 */
int pf_mbox_request(struct pf_mbox *mb, struct pf_policy *p, u32 vf,
		    u32 msg[HW_MBOX_WORDS], u64 now_ms, struct pf_mbox_answer *a)
{
	struct pf_mbox_vf *v;
	int err;

	memset(a, 0, sizeof(*a));
	if (vf >= p->nr_vfs)
		return 0;
	v = &mb->vf[vf];
	a->wait_ms = take_token(v, now_ms);
	if (a->wait_ms) {
		v->stats.delayed++;
		return -EAGAIN;
	}
	v->stats.requests++;
	if (msg[0] & (HW_MBOX_ACK | HW_MBOX_NACK)) {
		v->stats.ignored++;
		return 0;
	}
	if (msg[0] == HW_MBOX_RESET)
		return reset(v, p, vf, msg, a);
	if (!v->cts)
		return stranger(v, msg, now_ms);
	err = dispatch(p, vf, msg);
	if (err) {
		count_refusal(&v->stats, err, msg[0] & HW_MBOX_ID);
		a->why = why(err, msg[0] & HW_MBOX_ID);
		msg[0] |= HW_MBOX_NACK;
	} else {
		v->stats.acked++;
		a->flags = PF_MBOX_APPLY;
		msg[0] |= HW_MBOX_ACK;
	}
	/* Without CTS the guest takes its link to be down. */
	if (p->pool[vf].link == PF_LINK_AUTO)
		msg[0] |= HW_MBOX_CTS;
	return 1;
}

/**
 * pf_mbox_acked() - A guest says that it has read something
 * @mb: server
 * @vf: who
 * @msg: one word, filled in
 * @now_ms: monotonic time, ms
 *
 * Return: 1: send @msg, the VF is not known; 0: nothing to do.
 */
int pf_mbox_acked(struct pf_mbox *mb, u32 vf, u32 *msg, u64 now_ms)
{
	if (vf >= HW_VFS_MAX || mb->vf[vf].cts || !may_answer_stranger(&mb->vf[vf], now_ms))
		return 0;
	*msg = HW_MBOX_NACK;
	return 1;
}

/**
 * pf_mbox_flr() - A VF was reset without a message
 * @mb: server
 * @p: policy; its tables are to be applied afterwards
 * @vf: which
 *
 * Ref: 82576 14.4
 */
void pf_mbox_flr(struct pf_mbox *mb, struct pf_policy *p, u32 vf)
{
	if (vf >= p->nr_vfs)
		return;
	mb->vf[vf].cts = false;
	pf_policy_guest_reset(p, vf);
}

/**
 * pf_mbox_forget_all() - The PF goes down or was reset: no VF is known
 * @mb: server
 */
void pf_mbox_forget_all(struct pf_mbox *mb)
{
	u32 i;

	for (i = 0; i < HW_VFS_MAX; i++)
		mb->vf[i].cts = false;
}

/**
 * pf_mbox_control() - What to tell a VF unasked
 * @mb: server
 * @p: policy
 * @vf: whom
 *
 * Return: word 0 of PF_CONTROL: with CTS "look at the link", without "you have
 * no link, start over".
 */
u32 pf_mbox_control(const struct pf_mbox *mb, const struct pf_policy *p, u32 vf)
{
	bool known = vf < p->nr_vfs && mb->vf[vf].cts && p->pool[vf].link == PF_LINK_AUTO;

	return HW_MBOX_PF_CONTROL | (known ? HW_MBOX_CTS : 0);
}
