// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine in one thread, as fast as it can, a worker in another. Rates are
 * those of this very run, on the wall's clock: a machine with other work to do
 * changes both sides of the comparison alike.
 */
#include "groups_real.h"

#include <pthread.h>
#include <sched.h>

#include "bench.h"
#include "groups_work.h"
#include "hpcap_buddy.h"
#include "rig.h"

#define NIC_SLOTS 1024u
#define NIC_PIECE 128u

static struct rig rig;
static struct hpcap_buddies *buddies;
static unsigned int times;
static int cpus;
static bool begun, stop;
static u64 worked;

static u64 wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Counts what it has returned: what is in its hands still holds the ring. */
static void *work(void *arg)
{
	struct hpcap_chunk chunk;
	uint64_t matched = 0;

	bench_pin(cpus - 1);
	smp_store_release(&begun, true);
	while (!smp_load_acquire(&stop)) {
		u64 n;

		if (!hpcap_buddy_take(buddies, 0, &chunk)) {
			sched_yield();
			continue;
		}
		n = work_chunk(&chunk, times, &matched);
		hpcap_buddy_return(buddies, &chunk);
		WRITE_ONCE(worked, worked + n);
	}
	bench_use(matched);
	return arg;
}

static struct hpcap_handle open_rig(struct reader *rd, u64 ring)
{
	u8 frame[WORK_FRAME_LEN];
	u32 k;

	rig_init(&rig, ring, NIC_SLOTS, NIC_PIECE, CAP_CLOCK_TSC);
	work_frame(frame);
	fake_nic_fill(&rig.nic, WORK_FRAME_LEN);
	for (k = 0; k < NIC_SLOTS; k++)
		memcpy(rig.nic.buf + k * NIC_PIECE, frame, sizeof(frame));
	rig_attach(&rig, rd, HPCAP_STRICT, "bench");
	return (struct hpcap_handle){
		.fd = -1,
		.buf = rig.data,
		.bufSize = ring,
		.ctrl = rig.ctrl,
		.marks = rig.marks,
		.cursor = rd->cursor,
		.mode = HPCAP_STRICT,
	};
}

/**
 * real_burst() - Frames without a pause until the ring is full
 * @ring: bytes
 * @x: BPF programs a frame
 *
 * Return: what was survived and what the formula says; no frames when this
 * process has one CPU only.
 */
struct real_burst real_burst(u64 ring, unsigned int x)
{
	struct reader rd;
	struct hpcap_handle handle, *list[] = {&handle};
	struct hpcap_stats *st = &rig.poll.stats;
	struct real_burst r = {0};
	pthread_t thread;
	double s;
	u64 start;

	/* before the first run pins this thread */
	if (!cpus)
		cpus = bench_cpus();
	if (cpus < 2)
		return r;
	handle = open_rig(&rd, ring);
	times = x;
	begun = stop = false;
	worked = 0;
	if (hpcap_buddies_create(&buddies, list, 1, NULL))
		return r;
	pthread_create(&thread, NULL, work, NULL);
	bench_pin(0);
	while (!smp_load_acquire(&begun))
		sched_yield();
	start = wall_ns();
	while (!st->slow_client)
		rig_step(&rig);
	s = (wall_ns() - start) / 1e9;
	r.frames = st->captured;
	r.pm = r.frames / s;
	r.pp = READ_ONCE(worked) / s;
	r.formula = r.pm * (ring / (double)WORK_REC_LEN) / (r.pm - r.pp);
	smp_store_release(&stop, true);
	pthread_join(thread, NULL);
	hpcap_buddies_destroy(buddies);
	rig_deinit(&rig);
	return r;
}
