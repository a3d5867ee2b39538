/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What PF and VF say to each other: 16 words in a buffer that one of them
 * holds at a time. Ref: 82576 13, 14
 */
#ifndef HW_MBOX_H
#define HW_MBOX_H

#include "hw_env.h"

#define HW_MBOX_WORDS		16

/* Word 0 */
#define HW_MBOX_ID		GENMASK(15, 0)
#define HW_MBOX_INFO		GENMASK(23, 16)
#define HW_MBOX_CTS		BIT(29)		/* PF: it knows this VF */
#define HW_MBOX_NACK		BIT(30)
#define HW_MBOX_ACK		BIT(31)

/* VF to PF; "words" counts word 0 */
enum hw_mbox_id {
	HW_MBOX_RESET = 0x01,		/* 1 word; answer: MAC in 1 and 2 */
	HW_MBOX_SET_MAC = 0x02,		/* 3 words: MAC in 1 and 2 */
	HW_MBOX_SET_MULTICAST = 0x03,	/* 16 words; info: number of hashes */
	HW_MBOX_SET_VLAN = 0x04,	/* 2 words: VID; info: 1 adds */
	HW_MBOX_SET_LPE = 0x05,		/* 2 words: longest frame with FCS */
	HW_MBOX_SET_PROMISC = 0x06,	/* 1 word; info: HW_MBOX_PROMISC_* */
	HW_MBOX_PF_CONTROL = 0x100,	/* PF to VF, unasked, 1 word */
};

#define HW_MBOX_PROMISC_UNICAST		BIT(0)
#define HW_MBOX_PROMISC_MULTICAST	BIT(1)

/* 16-bit hashes, two a word, from word 1 on */
#define HW_MBOX_HASHES		30

/* Index into the PF's multicast table for offset 0 (RCTL.MO). Ref: 82576 8.2 */
static inline u16 hw_mbox_hash(const u8 *mac)
{
	return ((mac[5] << 8 | mac[4]) >> 4) & 0xfff;
}

static inline void hw_mbox_put_mac(u32 *word, const u8 *mac)
{
	word[0] = mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
	word[1] = mac[4] | mac[5] << 8;
}

static inline void hw_mbox_get_mac(const u32 *word, u8 *mac)
{
	int i;

	for (i = 0; i < 6; i++)
		mac[i] = word[i / 4] >> (i % 4 * 8);
}

#endif /* HW_MBOX_H */
