/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queues, engine and buddies on memory, driven by a clock that is turned by
 * hand: as many cores as the experiment wants, on any machine.
 */
#ifndef GROUPS_SIM_H
#define GROUPS_SIM_H

#include "rig.h"

#define SIM_QUEUES_MAX 6

/**
 * struct sim_config - one run
 * @queues: and workers, each on a core of its own, 1..SIM_QUEUES_MAX
 * @ring: bytes of each queue's ring
 * @chunk: bytes of a chunk
 * @threshold: percent; 100 is the basic mode
 * @frame_ns: what a worker needs for a frame
 * @rate: frames a second of each queue, mean
 * @peak: while a queue sends, its rate is so many times the mean (1: evenly)
 * @frames: so many frames in all, then the wire is silent; 0 no limit
 * @seconds: of the wire's time
 */
struct sim_config {
	unsigned int queues;
	u64 ring;
	u32 chunk;
	u32 threshold;
	double frame_ns;
	double rate[SIM_QUEUES_MAX];
	double peak;
	u64 frames;
	double seconds;
};

/**
 * struct sim_result - what became of it
 * @sent: frames on the wire
 * @lost: of these, for which a ring had no room
 * @helped: chunks that a buddy took
 * @chunks: taken in all
 */
struct sim_result {
	u64 sent;
	u64 lost;
	u64 helped;
	u64 chunks;
};

struct sim_result sim_run(const struct sim_config *c);
u64 sim_ring(u64 frames);

#endif /* GROUPS_SIM_H */
