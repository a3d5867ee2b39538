// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is real: the engine's step, ring, marks, acknowledgments and counters;
 * the taking and returning of chunks by worker threads' code. What is played:
 * when a frame arrives, and how long a worker is busy with a chunk, which is
 * its frames times a cost that was measured in the same run. Events come in the
 * order of their time, so a run gives the same numbers each time.
 */
#include "groups_sim.h"

#include "groups_work.h"
#include "hpcap_buddy.h"

#define IDLE_NS	  20000.0   /* an idle worker looks again */
#define BURST_NS  5000000.0 /* mean length of a burst */
#define NIC_SLOTS 1024u
#define NIC_PIECE 128u

/**
 * struct sim_queue - one queue and its worker
 * @rig: its engine
 * @rd: its listener
 * @handle: the same for the library
 * @seed: of its gaps
 * @arrived: frames that the wire brought so far
 * @phase_end: its burst, or the silence after it, ends
 * @phase_start: when it began
 * @phase_base: frames until then
 * @on: it sends
 * @chunk: in the worker's hands
 * @busy: it has one
 * @next: the worker's next event
 */
struct sim_queue {
	struct rig rig;
	struct reader rd;
	struct hpcap_handle handle;
	u64 seed;
	double arrived;
	double phase_end;
	double phase_start;
	double phase_base;
	bool on;
	struct hpcap_chunk chunk;
	bool busy;
	double next;
};

static struct sim_queue q[SIM_QUEUES_MAX];

/* Bytes of a ring for so many frames of the experiment, in whole chunks. */
u64 sim_ring(u64 frames)
{
	u64 bytes = frames * WORK_REC_LEN;

	bytes = (bytes + HPCAP_CHUNK_SIZE - 1) / HPCAP_CHUNK_SIZE * HPCAP_CHUNK_SIZE;
	return bytes < HPCAP_RING_MIN ? HPCAP_RING_MIN : bytes;
}

static void open_queue(struct sim_queue *s, const struct sim_config *c, unsigned int i)
{
	u8 frame[WORK_FRAME_LEN];
	u32 k;

	*s = (struct sim_queue){.seed = i * 77 + 5, .next = i * IDLE_NS / SIM_QUEUES_MAX};
	rig_init(&s->rig, c->ring, NIC_SLOTS, NIC_PIECE, CAP_CLOCK_TSC);
	work_frame(frame);
	fake_nic_fill(&s->rig.nic, WORK_FRAME_LEN);
	for (k = 0; k < NIC_SLOTS; k++)
		memcpy(s->rig.nic.buf + k * NIC_PIECE, frame, sizeof(frame));
	rig_attach(&s->rig, &s->rd, HPCAP_STRICT, "bench");
	s->handle = (struct hpcap_handle){
		.fd = -1,
		.queue_idx = (int)i,
		.buf = s->rig.data,
		.bufSize = c->ring,
		.ctrl = s->rig.ctrl,
		.marks = s->rig.marks,
		.cursor = s->rd.cursor,
		.mode = HPCAP_STRICT,
	};
}

/* Between 0.5 and 1.5, from a generator that is the same everywhere. */
static double shake(u64 *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return 0.5 + (double)(*seed >> 40) / (1 << 24);
}

/* Frames of queue @i that the wire has brought by @t. */
static double arrivals(const struct sim_config *c, unsigned int i, double t)
{
	struct sim_queue *s = &q[i];

	if (c->peak <= 1)
		return c->rate[i] * t / 1e9;
	while (t >= s->phase_end) {
		if (s->on)
			s->phase_base +=
				c->rate[i] * c->peak * (s->phase_end - s->phase_start) / 1e9;
		s->phase_start = s->phase_end;
		s->on = !s->on;
		s->phase_end += BURST_NS * (s->on ? 1 : c->peak - 1) * shake(&s->seed);
	}
	return s->phase_base + (s->on ? c->rate[i] * c->peak * (t - s->phase_start) / 1e9 : 0);
}

/* The engine takes what the wire has brought by @t. */
static void feed(const struct sim_config *c, double t)
{
	const double last = c->seconds * 1e9;
	unsigned int i;

	for (i = 0; i < c->queues; i++) {
		double have = arrivals(c, i, t < last ? t : last);
		u64 n;

		if (c->frames && have > c->frames)
			have = c->frames;
		n = (u64)have - (u64)q[i].arrived;
		q[i].arrived = have;
		while (n) {
			q[i].rig.nic.burst = n < CAP_BATCH_MAX ? (int)n : CAP_BATCH_MAX;
			n -= rig_step(&q[i].rig);
		}
	}
}

static bool over(const struct sim_config *c, double t)
{
	return t >= c->seconds * 1e9 || (c->frames && (u64)q[0].arrived >= c->frames);
}

static void worker_event(struct hpcap_buddies *b, const struct sim_config *c, unsigned int i)
{
	struct sim_queue *s = &q[i];

	if (s->busy)
		hpcap_buddy_return(b, &s->chunk);
	s->busy = hpcap_buddy_take(b, i, &s->chunk);
	s->next += s->busy ? s->chunk.bytes / WORK_REC_LEN * c->frame_ns : IDLE_NS;
}

/**
 * sim_run() - One run of the experiment
 * @c: what
 *
 * Return: what became of the frames.
 */
struct sim_result sim_run(const struct sim_config *c)
{
	const struct hpcap_buddy_options opt = {.threshold = c->threshold, .chunk = c->chunk};
	struct hpcap_handle *handle[SIM_QUEUES_MAX];
	struct hpcap_buddy_report rep;
	struct sim_result r = {0};
	struct hpcap_buddies *b;
	unsigned int i, who;

	for (i = 0; i < c->queues; i++) {
		open_queue(&q[i], c, i);
		handle[i] = &q[i].handle;
	}
	if (hpcap_buddies_create(&b, handle, c->queues, &opt)) {
		fprintf(stderr, "groups: no buddies of this ring and chunk\n");
		exit(1);
	}
	do {
		for (who = 0, i = 1; i < c->queues; i++)
			if (q[i].next < q[who].next)
				who = i;
		feed(c, q[who].next);
		worker_event(b, c, who);
	} while (!over(c, q[who].next));
	for (i = 0; i < c->queues; i++) {
		hpcap_buddy_get_report(b, i, &rep);
		r.sent += q[i].rig.poll.stats.frames;
		r.lost += q[i].rig.poll.stats.slow_client;
		r.helped += rep.helped_chunks;
		r.chunks += rep.helped_chunks + rep.own_chunks;
	}
	hpcap_buddies_destroy(b);
	for (i = 0; i < c->queues; i++)
		rig_deinit(&q[i].rig);
	return r;
}
