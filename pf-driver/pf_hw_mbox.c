// SPDX-License-Identifier: GPL-2.0-only
/*
 * How words get to a VF and back: who holds the buffer, and in which order
 * the bells are cleared. What the words mean is pf_mbox.c's. Ref: 82576 13
 */
#include "pf_hw.h"

enum { LOCK_TRIES = 10 };	/* 1..2 ms each */

#define REQUESTS	GENMASK(7, 0)
#define ACKS		GENMASK(23, 16)

/**
 * pf_hw_mbox_bells() - Who wants something
 * @io: registers
 * @acks: bitmap of VFs that read a message of ours; those bells are cleared
 *
 * Return: bitmap of VFs whose message waits; 0 when the device is gone.
 * Ref: 82576 14.4
 */
u32 pf_hw_mbox_bells(const struct hw_io *io, u32 *acks)
{
	u32 bells = hw_rd32(io, PF_MBVFICR);

	*acks = 0;
	if (bells == HW_ALL_ONES)
		return 0;
	*acks = FIELD_GET(ACKS, bells);
	if (*acks)
		hw_wr32(io, PF_MBVFICR, bells & ACKS);
	return FIELD_GET(REQUESTS, bells);
}

/**
 * pf_hw_mbox_resets() - Which VFs were reset since the last call
 * @io: registers
 *
 * To be called once more after a message has been read and before it is
 * believed: a VF that was reset and then said RESET must not be forgotten
 * after that RESET has been answered.
 *
 * Return: bitmap of VFs; 0 when the device is gone.
 * Ref: 82576 14.4
 */
u32 pf_hw_mbox_resets(const struct hw_io *io)
{
	u32 resets = hw_rd32(io, PF_VFLRE);

	if (!resets || resets == HW_ALL_ONES)
		return 0;
	hw_wr32(io, PF_VFLRE, resets);
	return resets & REQUESTS;
}

static int lock(const struct hw_io *io, unsigned int vf)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		u32 v;

		hw_wr32(io, PF_P2VMAILBOX(vf), PF_P2V_PFU);
		v = hw_rd32(io, PF_P2VMAILBOX(vf));
		if (v == HW_ALL_ONES)
			return -ENODEV;
		if (v & PF_P2V_PFU)
			return 0;
		usleep_range(1000, 2000);
	}
	/* a VF that keeps its buffer for ever: take it */
	hw_wr32(io, PF_P2VMAILBOX(vf), PF_P2V_RVFU);
	return -EBUSY;
}

/**
 * pf_hw_mbox_receive() - Copy a VF's message; the buffer stays ours
 * @io: registers
 * @vf: its number; it rang
 * @msg: HW_MBOX_WORDS words, filled in
 *
 * The bell is cleared before the words are read: a new message after that
 * rings again. Go on with pf_hw_mbox_ack(), end with pf_hw_mbox_reply(). With
 * no ack the message is left as it is, to be received later.
 *
 * Context: process; sleeps.
 * Return: 0; -EBUSY the VF holds the buffer; -ENODEV.
 * Ref: 82576 13.3
 */
int pf_hw_mbox_receive(const struct hw_io *io, unsigned int vf, u32 *msg)
{
	int i, err;

	hw_wr32(io, PF_MBVFICR, BIT(vf));
	err = lock(io, vf);
	if (err)
		return err;
	for (i = 0; i < HW_MBOX_WORDS; i++)
		msg[i] = hw_rd32(io, PF_VMBMEM(vf, i));
	return 0;
}

/**
 * pf_hw_mbox_ack() - Tell a VF that its message has been read
 * @io: registers
 * @vf: its number; its buffer is ours and stays so
 */
void pf_hw_mbox_ack(const struct hw_io *io, unsigned int vf)
{
	hw_wr32(io, PF_P2VMAILBOX(vf), PF_P2V_ACK | PF_P2V_PFU);
}

/**
 * pf_hw_mbox_reply() - Answer, or only let go of the buffer
 * @io: registers
 * @vf: its number
 * @msg: answer
 * @words: of @msg, 0: no answer
 *
 * Ref: 82576 13.3
 */
void pf_hw_mbox_reply(const struct hw_io *io, unsigned int vf, const u32 *msg,
		      unsigned int words)
{
	unsigned int i;

	for (i = 0; i < words; i++)
		hw_wr32(io, PF_VMBMEM(vf, i), msg[i]);
	hw_wr32(io, PF_P2VMAILBOX(vf), words ? PF_P2V_STS : 0);
}

/**
 * pf_hw_mbox_send() - Say one word unasked
 * @io: registers
 * @vf: its number
 * @word: PF_CONTROL, with or without HW_MBOX_CTS
 *
 * Bells that hang for this VF are cleared, as its question would be answered
 * by the wrong words.
 *
 * Context: process; sleeps.
 * Return: 0; -EBUSY the VF holds the buffer; -ENODEV.
 * Ref: 82576 13.3
 */
int pf_hw_mbox_send(const struct hw_io *io, unsigned int vf, u32 word)
{
	int err = lock(io, vf);

	if (err)
		return err;
	hw_wr32(io, PF_MBVFICR, BIT(vf) | BIT(vf) << 16);
	pf_hw_mbox_reply(io, vf, &word, 1);
	return 0;
}
