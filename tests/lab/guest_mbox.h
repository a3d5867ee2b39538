/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VF's end of the mailbox, by hand: what a guest can do that does not mind
 * its manners. The registers may be mapped from anywhere.
 */
#ifndef GUEST_MBOX_H
#define GUEST_MBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { /* bytes of BAR 0 */
	VTCTRL = 0x0,
	VMBMEM = 0x800,
	V2PMAILBOX = 0xc40,
	VF_BAR_SIZE = 0x4000,
};

#define VTCTRL_RST    (1u << 26)
#define V2P_REQ	      (1u << 0)
#define V2P_ACK	      (1u << 1)
#define V2P_VFU	      (1u << 2)
#define V2P_PFSTS     (1u << 4)
#define V2P_PFACK     (1u << 5)
#define MBOX_WORDS    16
#define MBOX_RESET    1u
#define MBOX_NACK     (1u << 30)
#define MBOX_ACK      (1u << 31)
#define MBOX_ID_LAST  0xffff /* ids have 16 bits */
#define MBOX_ID_KNOWN 6	     /* 1..6 are the protocol's */

struct guest {
	volatile uint32_t *bar;
	uint64_t rng;
	uint32_t seen; /* bits that reading has cleared */
};

static inline uint32_t guest_random(struct guest *g)
{
	g->rng ^= g->rng << 13;
	g->rng ^= g->rng >> 7;
	g->rng ^= g->rng << 17;
	return g->rng >> 16;
}

static inline void guest_seed(struct guest *g, uint64_t seed)
{
	g->rng = (seed + 1) * 0x9e3779b97f4a7c15ull;
	for (int i = 0; i < 8; i++)
		guest_random(g);
}

static inline uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static inline bool guest_wait(struct guest *g, uint32_t bit, uint64_t until_ms)
{
	for (;;) {
		g->seen |= g->bar[V2PMAILBOX / 4];
		if (g->seen & bit) {
			g->seen &= ~bit;
			return true;
		}
		if (now_ms() > until_ms)
			return false;
		usleep(200);
	}
}

static inline bool guest_lock(struct guest *g, uint64_t until_ms)
{
	for (;;) {
		g->bar[V2PMAILBOX / 4] = V2P_VFU;
		g->seen |= g->bar[V2PMAILBOX / 4];
		if (g->seen & V2P_VFU) {
			g->seen &= ~V2P_VFU;
			return true;
		}
		if (now_ms() > until_ms)
			return false;
		usleep(200);
	}
}

/*
 * A question and the first @words words of its answer, in @msg. Returns false
 * when none came in @ms.
 */
static inline bool guest_ask(struct guest *g, uint32_t *msg, int words, unsigned int ms)
{
	uint64_t until = now_ms() + ms;

	if (!guest_lock(g, until))
		return false;
	g->seen &= ~(V2P_PFSTS | V2P_PFACK);
	for (int i = 0; i < MBOX_WORDS; i++)
		g->bar[VMBMEM / 4 + i] = msg[i];
	g->bar[V2PMAILBOX / 4] = V2P_REQ;
	if (!guest_wait(g, V2P_PFACK, until) || !guest_wait(g, V2P_PFSTS, until) ||
	    !guest_lock(g, until))
		return false;
	for (int i = 0; i < words; i++)
		msg[i] = g->bar[VMBMEM / 4 + i];
	g->bar[V2PMAILBOX / 4] = V2P_ACK;
	return true;
}

/* What every driver says first; afterwards the PF knows the guest. */
static inline bool guest_reset(struct guest *g, unsigned int ms)
{
	uint64_t until = now_ms() + ms;

	while (now_ms() < until) {
		uint32_t msg[MBOX_WORDS] = {MBOX_RESET};

		g->bar[VTCTRL / 4] = VTCTRL_RST;
		if (guest_ask(g, msg, 3, 1000) && (msg[0] & 0xffff) == MBOX_RESET)
			return true;
	}
	return false;
}

#endif /* GUEST_MBOX_H */
