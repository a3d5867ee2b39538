// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox client. The PF is another driver on another machine's kernel: it
 * may be slow, absent, restarted in the middle of a sentence, or wrong.
 * Nothing it says is used before it has been compared with what was asked.
 */
#include "vf_mbox.h"
#include "../hw/r82576_vf.h"

/* Ref: 82576 13.3 */
enum {
	LOCK_TRIES = 10,	/* 1 ms each */
	WAIT_TRIES = 2000,	/* 500 us each */
	WAIT_US = 500,
	MAC_WORDS = 3,
};

/**
 * vf_mbox_init() - Nothing seen, nothing lost
 * @mb: to fill in
 * @io: registers, for the life of @mb
 *
 * The mailbox counts as dead until the first vf_mbox_reset() succeeds.
 */
void vf_mbox_init(struct vf_mbox *mb, const struct hw_io *io)
{
	memset(mb, 0, sizeof(*mb));
	mb->io = io;
	atomic_set(&mb->seen, 0);
	mb->dead = true;
}

/**
 * vf_mbox_peek() - Read the mailbox state without losing any of it
 * @mb: the mailbox
 *
 * Each read of V2PMAILBOX clears some of its bits, so whoever reads keeps
 * them for whoever needs them.
 *
 * Context: any, also hard interrupt; takes no lock.
 * Return: bits now or earlier seen; 0 when the device does not answer.
 * Ref: 82576 13.2
 */
u32 vf_mbox_peek(struct vf_mbox *mb)
{
	u32 v = hw_rd32(mb->io, VF_V2PMAILBOX);

	if (v == HW_ALL_ONES)
		return 0;
	if (v & VF_V2P_READ_CLEARS)
		atomic_or(v & VF_V2P_READ_CLEARS, &mb->seen);
	return v | atomic_read(&mb->seen);
}

/* Use up remembered bits. */
static bool take(struct vf_mbox *mb, u32 bits)
{
	return atomic_fetch_andnot(bits, &mb->seen) & bits;
}

static bool pf_is_resetting(struct vf_mbox *mb)
{
	return vf_mbox_peek(mb) & (VF_V2P_RSTI | VF_V2P_RSTD);
}

/* The buffer is ours until a write without VFU. */
static int lock_buffer(struct vf_mbox *mb)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		hw_wr32(mb->io, VF_V2PMAILBOX, VF_V2P_VFU);
		if (vf_mbox_peek(mb) & VF_V2P_VFU)
			return 0;
		usleep_range(1000, 2000);
	}
	return -EBUSY;
}

static void read_words(struct vf_mbox *mb, u32 *word, int n)
{
	int i;

	for (i = 0; i < n; i++)
		word[i] = hw_rd32(mb->io, VF_VMBMEM(i));
}

/* Something that is not an answer: only whether we are still known counts. */
static void note_unasked(struct vf_mbox *mb, u32 word)
{
	mb->stats.pf_messages++;
	if (!(word & HW_MBOX_CTS))
		mb->lost = true;
}

/* Fetch a message that PFSTS announced. */
static int receive(struct vf_mbox *mb, u32 *word, int n)
{
	int err = lock_buffer(mb);

	if (err)
		return err;
	read_words(mb, word, n);
	hw_wr32(mb->io, VF_V2PMAILBOX, VF_V2P_ACK);
	return 0;
}

static int wait_for(struct vf_mbox *mb, u32 bit)
{
	int i;

	for (i = 0; i < WAIT_TRIES; i++) {
		u32 v = vf_mbox_peek(mb);

		if (v & (VF_V2P_RSTI | VF_V2P_RSTD))
			return -ECONNRESET;
		if (take(mb, bit))
			return 0;
		usleep_range(WAIT_US, 2 * WAIT_US);
	}
	return -ETIMEDOUT;
}

static int send(struct vf_mbox *mb, const u32 *word, int n)
{
	u32 unasked;
	int err, i;

	err = lock_buffer(mb);
	if (err)
		return err;
	if (take(mb, VF_V2P_PFSTS)) {
		read_words(mb, &unasked, 1);
		note_unasked(mb, unasked);
	}
	take(mb, VF_V2P_PFACK);
	for (i = 0; i < n; i++)
		hw_wr32(mb->io, VF_VMBMEM(i), word[i]);
	hw_wr32(mb->io, VF_V2PMAILBOX, VF_V2P_REQ);
	mb->stats.sent++;
	return wait_for(mb, VF_V2P_PFACK);
}

/* After a failure: is there any point in talking on? */
static int give_up(struct vf_mbox *mb, int err)
{
	switch (err) {
	case -EBUSY:
	case -ETIMEDOUT:
		mb->stats.timeouts++;
		mb->dead = true;
		return -ETIMEDOUT;
	case -EPROTO:
		mb->stats.bad_replies++;
		mb->dead = true;
		return err;
	case -ECONNRESET:
		mb->lost = true;
		return err;
	default:
		return err;
	}
}

/* The answer to @asked into @word; unasked messages may come in between. */
static int wait_reply(struct vf_mbox *mb, u32 asked, u32 *word, int n)
{
	int err, i;

	for (i = 0; i < LOCK_TRIES; i++) {
		err = wait_for(mb, VF_V2P_PFSTS);
		if (!err)
			err = receive(mb, word, n);
		if (err)
			return err;
		if (FIELD_GET(HW_MBOX_ID, word[0]) == asked)
			return 0;
		/* a NACK without id: sent to VFs the PF does not know */
		if (word[0] == HW_MBOX_NACK)
			return -ECONNRESET;
		if (FIELD_GET(HW_MBOX_ID, word[0]) != HW_MBOX_PF_CONTROL)
			return -EPROTO;
		note_unasked(mb, word[0]);
	}
	return -EPROTO;
}

/* One question with a yes or no. */
static int ask(struct vf_mbox *mb, const u32 *word, int n)
{
	u32 reply;
	int err;

	if (mb->dead)
		return -EIO;
	if (mb->lost || pf_is_resetting(mb))
		return give_up(mb, -ECONNRESET);
	err = send(mb, word, n);
	if (!err)
		err = wait_reply(mb, FIELD_GET(HW_MBOX_ID, word[0]), &reply, 1);
	if (!err && !(reply & HW_MBOX_CTS))
		err = -ECONNRESET;
	if (err)
		return give_up(mb, err);

	switch (reply & (HW_MBOX_ACK | HW_MBOX_NACK)) {
	case HW_MBOX_ACK:
		mb->stats.acks++;
		return 0;
	case HW_MBOX_NACK:
		mb->stats.nacks++;
		return -EPERM;
	default:
		return give_up(mb, -EPROTO);
	}
}

/**
 * vf_mbox_check() - Hear what the PF says unasked
 * @mb: the mailbox
 *
 * Context: process; sleeps a few ms at most.
 * Return: what to do next.
 * Ref: 82576 14.3, 14.5
 */
enum vf_mbox_event vf_mbox_check(struct vf_mbox *mb)
{
	u32 word;

	if (mb->dead || mb->lost || pf_is_resetting(mb))
		return VF_MBOX_RESET;
	if (!take(mb, VF_V2P_PFSTS))
		return VF_MBOX_QUIET;
	if (receive(mb, &word, 1)) {
		give_up(mb, -EBUSY);
		return VF_MBOX_RESET;
	}
	note_unasked(mb, word);
	return mb->lost ? VF_MBOX_RESET : VF_MBOX_LINK;
}

/**
 * vf_mbox_reset() - Tell the PF that we start over
 * @mb: the mailbox, after VF_CTRL_RST and with no PF reset under way
 * @mac: filled in with our address, zeros when the PF has none for us
 *
 * Context: process; sleeps, up to a few seconds when the PF is silent.
 * Return: 0, or a negative errno: try again later.
 * Ref: 82576 14.5
 */
int vf_mbox_reset(struct vf_mbox *mb, u8 *mac)
{
	u32 ask_word = HW_MBOX_RESET;
	u32 word[MAC_WORDS] = {};
	int err;

	mb->dead = false;
	mb->lost = false;
	vf_mbox_peek(mb);
	take(mb, VF_V2P_READ_CLEARS);
	err = send(mb, &ask_word, 1);
	if (!err) {
		msleep(20);	/* the PF works on our pool now */
		err = wait_reply(mb, HW_MBOX_RESET, word, MAC_WORDS);
	}
	/* what was said before the PF knew us says nothing about now */
	mb->lost = false;
	if (!err && word[0] != (HW_MBOX_RESET | HW_MBOX_ACK) &&
	    word[0] != (HW_MBOX_RESET | HW_MBOX_NACK))
		err = -EPROTO;
	if (err) {
		give_up(mb, err);
		mb->dead = true;
		return err;
	}
	memset(mac, 0, 6);
	if (word[0] & HW_MBOX_ACK)
		hw_mbox_get_mac(&word[1], mac);
	mb->stats.acks++;
	return 0;
}

/**
 * vf_mbox_set_mac() - Ask for a unicast address
 * @mb: the mailbox
 * @mac: six bytes
 *
 * Context: process; sleeps. The same holds for all requests below.
 * Return: 0; -EPERM the PF refuses; -ECONNRESET start over; -ETIMEDOUT,
 * -EPROTO, -EIO the mailbox is dead until a reset succeeds.
 */
int vf_mbox_set_mac(struct vf_mbox *mb, const u8 *mac)
{
	u32 word[MAC_WORDS] = { HW_MBOX_SET_MAC };

	hw_mbox_put_mac(&word[1], mac);
	return ask(mb, word, MAC_WORDS);
}

/**
 * vf_mbox_set_multicast() - Replace our multicast hashes
 * @mb: the mailbox
 * @hash: table indices, hw_mbox_hash()
 * @n: how many, 0..HW_MBOX_HASHES
 *
 * Return: as vf_mbox_set_mac(), or -EINVAL.
 */
int vf_mbox_set_multicast(struct vf_mbox *mb, const u16 *hash, int n)
{
	u32 word[HW_MBOX_WORDS] = {};
	int i;

	if (n < 0 || n > HW_MBOX_HASHES)
		return -EINVAL;
	word[0] = HW_MBOX_SET_MULTICAST | FIELD_PREP(HW_MBOX_INFO, n);
	for (i = 0; i < n; i++)
		word[1 + i / 2] |= (u32)hash[i] << (i % 2 * 16);
	return ask(mb, word, HW_MBOX_WORDS);
}

/**
 * vf_mbox_set_vlan() - Let frames of one VLAN in, or no more
 * @mb: the mailbox
 * @vid: 0..4095
 * @add: in or out
 *
 * Return: as vf_mbox_set_mac().
 */
int vf_mbox_set_vlan(struct vf_mbox *mb, u16 vid, bool add)
{
	u32 word[] = {
		HW_MBOX_SET_VLAN | FIELD_PREP(HW_MBOX_INFO, add), vid,
	};

	return ask(mb, word, ARRAY_SIZE(word));
}

/**
 * vf_mbox_set_lpe() - Say how long frames may be
 * @mb: the mailbox
 * @frame_max: bytes with header, tag and FCS
 *
 * Return: as vf_mbox_set_mac().
 */
int vf_mbox_set_lpe(struct vf_mbox *mb, u32 frame_max)
{
	u32 word[] = { HW_MBOX_SET_LPE, frame_max };

	return ask(mb, word, ARRAY_SIZE(word));
}

/**
 * vf_mbox_set_promisc() - Ask for frames that are not ours
 * @mb: the mailbox
 * @flags: HW_MBOX_PROMISC_*, 0 for off
 *
 * Return: as vf_mbox_set_mac(). Stock PF drivers refuse unicast.
 */
int vf_mbox_set_promisc(struct vf_mbox *mb, u32 flags)
{
	u32 word = HW_MBOX_SET_PROMISC | FIELD_PREP(HW_MBOX_INFO, flags);

	return ask(mb, &word, 1);
}
