// SPDX-License-Identifier: GPL-2.0-only
/*
 * What VFs tell us and what we tell them: the bells of the mailbox, resets of
 * VFs, and their order. The words' meaning is pf_mbox.c's.
 * Ref: 82576 13.3, 14.4
 */
#include <linux/jiffies.h>
#include "pf.h"

enum {
	ROUNDS = 4,		/* looks at all VFs before others get the CPU */
	UNREAD_MS = 1000,	/* a guest waits no longer for an answer */
	IDLE_RESETS = 16,	/* resets without a word in between, in good faith */
	UNRULY_MS = 10,		/* how long others have peace from those who do more */
};

static u64 now_ms(void)
{
	return jiffies_to_msecs(get_jiffies_64());
}

/*
 * It starts over: nothing of what it asked for counts any more. One that has
 * not said a word since its last reset has nothing to lose; a guest that only
 * resets, as fast as it can, shall cost no more than that.
 * Returns ms in which it is not looked at again, else 0.
 */
static u32 was_reset(struct pf_dev *pf, unsigned int vf)
{
	bool known = pf->mbox.vf[vf].cts || pf->policy->pool[vf].ready;

	pf_apply_close_pool(&pf->io, &pf->have, vf);
	pf->vf_waiting &= ~BIT(vf);
	if (!known)
		return ++pf->vf_idle_resets[vf] > IDLE_RESETS ? UNRULY_MS : 0;
	pf->vf_idle_resets[vf] = 0;
	pf_mbox_flr(&pf->mbox, pf->policy, vf);
	pf_apply(pf);
	return 0;
}

static void look_for_resets(struct pf_dev *pf, u32 *wait_ms)
{
	unsigned long resets = pf_hw_mbox_resets(&pf->io);
	unsigned int vf;

	for_each_set_bit(vf, &resets, pf->nr_vfs) {
		u32 ms = was_reset(pf, vf);

		if (ms)
			*wait_ms = min(*wait_ms, ms);
	}
}

static void complain(struct pf_dev *pf, unsigned int vf, const char *why)
{
	if (net_ratelimit())
		netdev_info(pf->netdev, "VF %u refused: %s\n", vf, why);
}

/*
 * One message. Resets are looked for between reading it and believing it: one
 * that came before the message must not be handled after it. *@wait_ms becomes
 * less when the VF asks too often, or keeps its buffer.
 */
static void serve(struct pf_dev *pf, unsigned int vf, u32 *wait_ms)
{
	const struct hw_io *io = &pf->io;
	struct pf_mbox_answer answer = {};
	u32 msg[HW_MBOX_WORDS];
	int words;

	if (pf_hw_mbox_receive(io, vf, msg)) {
		*wait_ms = min_t(u32, *wait_ms, UNRULY_MS);
		return;
	}
	look_for_resets(pf, wait_ms);
	words = pf_mbox_request(&pf->mbox, pf->policy, vf, msg, now_ms(),
				&answer);
	if (words == -EAGAIN) {
		pf_hw_mbox_reply(io, vf, NULL, 0);
		pf->vf_waiting |= BIT(vf);
		*wait_ms = min(*wait_ms, max(answer.wait_ms, 1u));
		return;
	}
	pf->vf_waiting &= ~BIT(vf);
	pf_hw_mbox_ack(io, vf);
	if (answer.flags & PF_MBOX_CLEAN) {
		pf_apply_close_pool(io, &pf->have, vf);
		pf_hw_vf_clear(io, pf->fam, vf);
	}
	if (answer.flags & PF_MBOX_APPLY)
		pf_apply(pf);
	pf_hw_mbox_reply(io, vf, msg, max(words, 0));
	if (words > 0)
		pf->vf_unread[vf] = jiffies + msecs_to_jiffies(UNREAD_MS);
	if (answer.why)
		complain(pf, vf, answer.why);
}

/* A VF that read a word of ours without being known is told so. */
static void acked(struct pf_dev *pf, unsigned int vf)
{
	u32 msg[HW_MBOX_WORDS];

	pf->vf_unread[vf] = jiffies;
	if (pf_mbox_acked(&pf->mbox, vf, msg, now_ms()) > 0)
		pf_hw_mbox_send(&pf->io, vf, msg[0]);
}

/*
 * A word of ours takes the place of a question or an answer that lies in the
 * buffer. So it is said only to those who have neither, and not to strangers:
 * they will ask. The others are told at the next look.
 */
static void announce(struct pf_dev *pf)
{
	unsigned long list = pf->vf_announce & ~pf->vf_waiting;
	unsigned int vf;

	for_each_set_bit(vf, &list, pf->nr_vfs) {
		bool known = pf->mbox.vf[vf].cts;

		if (known && time_before(jiffies, pf->vf_unread[vf]))
			continue;
		if (known && pf_hw_mbox_send(&pf->io, vf,
					     pf_mbox_control(&pf->mbox, pf->policy,
							     vf)) == -EBUSY)
			continue;
		pf->vf_announce &= ~BIT(vf);
	}
}

/* All VFs once. Returns true when there was something to do. */
static bool look_at_vfs(struct pf_dev *pf, unsigned long asked, u32 *wait_ms)
{
	unsigned long acks, requests;
	unsigned int vf;
	u32 bells;

	requests = asked | pf_hw_mbox_bells(&pf->io, &bells);
	acks = bells;
	look_for_resets(pf, wait_ms);
	for_each_set_bit(vf, &requests, pf->nr_vfs)
		serve(pf, vf, wait_ms);
	for_each_set_bit(vf, &acks, pf->nr_vfs)
		acked(pf, vf);
	return requests || acks;
}

/**
 * pf_vf_work() - Serve the VFs, then let their interrupt come again
 * @work: pf->mbox_work.work
 *
 * After a few rounds everybody else who wants pf->lock gets it, however fast
 * the guests ring. While a guest is made to wait, so is the interrupt.
 *
 * Context: workqueue; takes pf->lock.
 */
void pf_vf_work(struct work_struct *work)
{
	struct pf_dev *pf = container_of(work, struct pf_dev, mbox_work.work);
	u32 waiting, wait_ms = U32_MAX;
	bool more = pf->nr_vfs;
	int round;

	mutex_lock(&pf->lock);
	if (!pf->port_up || pf->gone)
		goto out;
	waiting = pf->vf_waiting;
	for (round = 0; more && round < ROUNDS; round++) {
		more = look_at_vfs(pf, waiting, &wait_ms);
		waiting = 0;
	}
	if (!more)
		announce(pf);
	if (more)
		wait_ms = 0;
	if (wait_ms != U32_MAX)
		queue_delayed_work(pf_wq, &pf->mbox_work,
				   msecs_to_jiffies(wait_ms));
	else
		hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_OTHER));
out:
	mutex_unlock(&pf->lock);
}

/**
 * pf_vf_announce() - Tell a VF that something changed, soon
 * @pf: the device
 * @vf: its number
 *
 * Context: process, under pf->lock.
 */
void pf_vf_announce(struct pf_dev *pf, u32 vf)
{
	pf->vf_announce |= BIT(vf);
	mod_delayed_work(pf_wq, &pf->mbox_work, 0);
}

/**
 * pf_vf_announce_all() - Tell all VFs
 * @pf: the device
 *
 * Context: process, under pf->lock.
 */
void pf_vf_announce_all(struct pf_dev *pf)
{
	if (!pf->nr_vfs)
		return;
	pf->vf_announce |= GENMASK(pf->nr_vfs - 1, 0);
	mod_delayed_work(pf_wq, &pf->mbox_work, 0);
}

/**
 * pf_vf_warn_all() - Tell all VFs that the PF goes down, now
 * @pf: the device
 *
 * Context: process, under pf->lock; sleeps when a VF holds its buffer.
 */
void pf_vf_warn_all(struct pf_dev *pf)
{
	unsigned int vf;

	for (vf = 0; vf < pf->nr_vfs; vf++)
		pf_hw_mbox_send(&pf->io, vf, HW_MBOX_PF_CONTROL);
}

/**
 * pf_vf_counters() - What a VF has received and sent
 * @pf: the device
 * @vf: its number
 * @c: filled in
 *
 * Context: process, under pf->lock.
 */
void pf_vf_counters(struct pf_dev *pf, u32 vf, struct pf_vf_counters *c)
{
	const u64 *sum = pf->stats.vf[vf].sum;

	if (pf->port_up && !pf->gone)
		pf_stats_add(&pf->io, &pf->stats, pf->nr_vfs);
	*c = (struct pf_vf_counters){
		.rx_frames = sum[PF_SUM_VF_RX_FRAMES],
		.rx_bytes = sum[PF_SUM_VF_RX_BYTES],
		.rx_multicast = sum[PF_SUM_VF_RX_MULTICAST],
		.tx_frames = sum[PF_SUM_VF_TX_FRAMES],
		.tx_bytes = sum[PF_SUM_VF_TX_BYTES],
	};
}
