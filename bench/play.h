/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wire made of another CPU: frames appear in a NIC's ring when they are due. */
#ifndef PLAY_H
#define PLAY_H

#include <pthread.h>

#include "core_env.h"
#include "nic_ops.h"

/**
 * struct play - frames, when they are due, and when they came
 * @nr: frames
 * @slot: them, as the NIC hands them out
 * @gap: counts of the CPU's counter from the frame before, at least
 * @when: counter when it came: written by the player, before @head
 * @late: it came 200 ns or more after it was due: the player was held up
 * @go: the player may begin
 * @head: frames that came; one writer: the player
 * @next: frames borrowed
 * @thread: the player
 * @khz: of the counter
 */
struct play {
	u32 nr;
	struct cap_frame *slot;
	u64 *gap;
	u64 *when;
	bool *late;
	u32 khz;
	pthread_t thread;
	bool go;
	u64 head __attribute__((aligned(64)));
	u64 next __attribute__((aligned(64)));
};

extern const struct cap_nic_ops play_ops;

void play_init(struct play *p, u32 nr, u32 khz);
void play_set(struct play *p, u32 i, u32 len, u64 gap_ps);
u64 play_line_ps(u32 len);
void play_start(struct play *p);
void play_stop(struct play *p);
bool play_real_time(void);

/* Frames that came and were not borrowed. */
static inline u64 play_waiting(struct play *p)
{
	return smp_load_acquire(&p->head) - p->next;
}

#endif /* PLAY_H */
