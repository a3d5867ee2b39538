// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine on memory, with a fake NIC: nanoseconds a frame, stage by stage,
 * beside the floor that no engine can go below: a copy and a clock reading.
 */
#include <pthread.h>
#include <sched.h>

#include "bench.h"
#include "rig.h"
#include "stages.h"

#define RING_SIZE   (64ull << 20)
#define NIC_SLOTS   4096u
#define NIC_PIECE   2048u
#define READERS_MAX 4

static const u32 sizes[] = {60, 128, 512, 1514};

#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

enum metric {
	EMPTY_LOOP,
	BORROW,
	STAMP,
	COPY,
	COMMIT,
	TOTAL,
	FLOOR,
	RATIO,
	GETTIME,
	LISTENERS_1,
	LISTENERS_2,
	LISTENERS_4,
	LOSS,
	NR_METRICS,
};

static const struct {
	const char *name;
	const char *unit;
} metrics[NR_METRICS] = {
	[EMPTY_LOOP] = {"empty_loop", "ns"},
	[BORROW] = {"borrow", "ns"},
	[STAMP] = {"stamp", "ns"},
	[COPY] = {"copy", "ns"},
	[COMMIT] = {"commit", "ns"},
	[TOTAL] = {"total", "ns"},
	[FLOOR] = {"floor", "ns"},
	[RATIO] = {"ratio_to_floor", "x"},
	[GETTIME] = {"clock_gettime", "ns"},
	[LISTENERS_1] = {"total_1_listener", "ns"},
	[LISTENERS_2] = {"total_2_listeners", "ns"},
	[LISTENERS_4] = {"total_4_listeners", "ns"},
	[LOSS] = {"loss_1_to_4_listeners", "%"},
};

static int cpus;
static struct bench_series series[NR_SIZES][NR_METRICS];

/**
 * struct listener - one reading thread; attached for some bursts only
 * @rd: its reader
 * @thread: its thread
 * @on: it is attached, and reads
 * @off: it has seen that it is not, and sleeps
 */
struct listener {
	struct reader rd;
	pthread_t thread;
	bool on;
	bool off;
};

static struct listener listener[READERS_MAX];
static bool stop;
static const struct timespec nap = {.tv_nsec = 100000};

/* Frames that fill less than half a ring, in whole batches. */
static u64 burst_of(u32 len)
{
	return RING_SIZE / 2 / (len + HPCAP_REC_LEN) / CAP_BATCH_MAX * CAP_BATCH_MAX;
}

/* The cost of a memcpy of the same bytes, to and from the same places, and of
 * one reading of the same clock.
 */
static void stage_floor(struct rig *rig, u64 frames)
{
	u8 *data = rig->data;
	u64 off = 0, i;

	for (i = 0; i < frames; i++) {
		const struct cap_frame *f = &rig->nic.slot[i & (rig->nic.size - 1)];
		u64 cycles = cap_cycles(CAP_CLOCK_TSC);

		bench_use(cycles);
		memcpy(data + off, f->data, f->len);
		off += f->len + HPCAP_REC_LEN;
		off = off >= RING_SIZE ? 0 : off;
		bench_use(off);
	}
}

static void stage_gettime(struct rig *rig, u64 frames)
{
	struct timespec ts;
	u64 i;

	for (i = 0; i < frames; i++) {
		clock_gettime(CLOCK_REALTIME, &ts);
		bench_use(rig);
	}
}

/* Nanoseconds a frame. */
static double measure(struct rig *rig, void (*stage)(struct rig *, u64), u64 frames)
{
	u64 start = bench_cpu_ns();

	stage(rig, frames);
	return (double)(bench_cpu_ns() - start) / frames;
}

/* One burst by one stage; the only listener has read it when this returns. */
static double burst(struct rig *rig, struct reader *rd, void (*stage)(struct rig *, u64),
		    u64 frames)
{
	double ns = measure(rig, stage, frames);

	cap_ring_commit(&rig->poll.ring);
	rd->pos = rig->ctrl->commit;
	reader_ack(rd);
	cap_ring_set_tail(&rig->poll.ring, rd->pos);
	return ns;
}

static void bench_stages(struct bench_series *s, u32 len, int repeats)
{
	u64 frames = burst_of(len);
	struct reader rd;
	struct rig rig;
	int i;

	rig_init(&rig, RING_SIZE, NIC_SLOTS, NIC_PIECE, CAP_CLOCK_TSC);
	fake_nic_fill(&rig.nic, len);
	rig_attach(&rig, &rd, HPCAP_STRICT, "bench");
	/* warm-up: the whole ring and all buffers, three times over */
	for (i = 0; i < 6; i++)
		burst(&rig, &rd, stage_total, frames);

	for (i = 0; i < repeats; i++) {
		double floor = measure(&rig, stage_floor, frames);
		double total = burst(&rig, &rd, stage_total, frames);

		bench_add(&s[FLOOR], floor);
		bench_add(&s[TOTAL], total);
		bench_add(&s[RATIO], total / floor);
		bench_add(&s[BORROW], measure(&rig, stage_borrow, frames));
		bench_add(&s[STAMP], measure(&rig, stage_stamp, frames));
		bench_add(&s[COPY], burst(&rig, &rd, stage_copy, frames));
		bench_add(&s[COMMIT], burst(&rig, &rd, stage_commit, frames));
		bench_add(&s[GETTIME], measure(&rig, stage_gettime, frames));
		bench_add(&s[EMPTY_LOOP], bench_empty_loop(frames));
	}
	rig_deinit(&rig);
}

/* Read each record's header, as a program that looks at frames does. */
static u64 walk(struct reader *rd, u64 commit)
{
	u64 size = rd->rig->ctrl->ring_size;
	struct hpcap_rec rec;
	u64 sum = 0;

	while (rd->pos != commit) {
		memcpy(&rec, rd->rig->data + rd->pos % size, sizeof(rec));
		sum += rec.nsec;
		rd->pos += HPCAP_REC_LEN + rec.caplen;
	}
	return sum;
}

static void *listen(void *arg)
{
	struct listener *l = arg;

	bench_pin(cpus - 1);
	while (!READ_ONCE(stop)) {
		u64 commit;

		if (!smp_load_acquire(&l->on)) {
			smp_store_release(&l->off, true);
			nanosleep(&nap, NULL);
			continue;
		}
		commit = smp_load_acquire(&l->rd.rig->ctrl->commit);
		if (commit == l->rd.pos) {
			sched_yield();
			continue;
		}
		bench_use(walk(&l->rd, commit));
		reader_ack(&l->rd);
	}
	return NULL;
}

/* A burst while @n threads read; then, uncounted, wait until all have read it. */
static double crowd_burst(struct rig *rig, int n, u64 frames)
{
	struct cap_poll *p = &rig->poll;
	double ns;
	int i;

	for (i = 0; i < n; i++) {
		rig_attach(rig, &listener[i].rd, HPCAP_STRICT, "bench");
		listener[i].off = false;
		smp_store_release(&listener[i].on, true);
	}
	ns = measure(rig, stage_total, frames);
	while (cap_listeners_tail(&p->listeners, &p->ring) != p->ring.committed)
		nanosleep(&nap, NULL);
	for (i = 0; i < n; i++) {
		smp_store_release(&listener[i].on, false);
		while (!smp_load_acquire(&listener[i].off))
			nanosleep(&nap, NULL);
		rig_detach(&listener[i].rd);
	}
	return ns;
}

/* The numbers of listeners take turns, so that others' load meets all alike. */
static void measure_crowds(struct bench_series *s, struct rig *rig, u64 frames)
{
	struct bench_series one = {0}, two = {0}, four = {0};
	int i;

	for (i = 0; i < 5; i++) {
		bench_add(&one, crowd_burst(rig, 1, frames));
		bench_add(&two, crowd_burst(rig, 2, frames));
		bench_add(&four, crowd_burst(rig, 4, frames));
	}
	bench_add(&s[LISTENERS_1], bench_summarise(&one).median);
	bench_add(&s[LISTENERS_2], bench_summarise(&two).median);
	bench_add(&s[LISTENERS_4], bench_summarise(&four).median);
	bench_add(&s[LOSS],
		  (1 - bench_summarise(&one).median / bench_summarise(&four).median) * 100);
}

static void bench_listeners(struct bench_series *s, u32 len, int repeats)
{
	u64 frames = burst_of(len);
	struct rig rig;
	int i;

	rig_init(&rig, RING_SIZE, NIC_SLOTS, NIC_PIECE, CAP_CLOCK_TSC);
	fake_nic_fill(&rig.nic, len);
	stop = false;
	for (i = 0; i < READERS_MAX; i++)
		pthread_create(&listener[i].thread, NULL, listen, &listener[i]);
	for (i = 0; i < 6; i++)
		crowd_burst(&rig, 4, frames);
	for (i = 0; i < repeats; i++)
		measure_crowds(s, &rig, frames);
	WRITE_ONCE(stop, true);
	for (i = 0; i < READERS_MAX; i++)
		pthread_join(listener[i].thread, NULL);
	if (rig.poll.stats.slow_client) {
		fprintf(stderr, "core: frames were lost, the figures mean nothing\n");
		exit(1);
	}
	rig_deinit(&rig);
}

static void print_rows(void)
{
	char name[16];
	u32 i, m;

	for (i = 0; i < NR_SIZES; i++) {
		snprintf(name, sizeof(name), "%u", sizes[i]);
		for (m = 0; m < NR_METRICS; m++)
			bench_row(name, metrics[m].name, metrics[m].unit, &series[i][m]);
	}
}

static void print_table(void)
{
	u32 i, m;

	printf("%-24s", "median (min..max)");
	for (i = 0; i < NR_SIZES; i++)
		printf("%17u bytes", sizes[i]);
	printf("\n");
	for (m = 0; m < NR_METRICS; m++) {
		printf("%-21s %2s", metrics[m].name, metrics[m].unit);
		for (i = 0; i < NR_SIZES; i++) {
			struct bench_summary s = bench_summarise(&series[i][m]);

			printf("  %6.2f (%5.2f..%5.2f)", s.median, s.min, s.max);
		}
		printf("\n");
	}
}

static void print_goal(const char *what, double is, double want, const char *unit)
{
	printf("%-52s %6.2f %s, wanted at most %g: %s\n", what, is, unit, want,
	       is <= want ? "met" : "missed");
}

static void print_goals(void)
{
	const struct bench_series *s = series[0];
	double total = bench_summarise(&s[TOTAL]).median;

	printf("\n");
	print_goal("one frame of 60 bytes, stamped, medians", total, 25, "ns");
	print_goal("the same against the floor", bench_summarise(&s[RATIO]).median, 1.5, "x");
	print_goal("what the producer loses from 1 to 4 listeners",
		   bench_summarise(&s[LOSS]).median, 5, "%");
	printf("\nHPCAP on a 2.6 GHz Xeon: 72 ns; 10 GbE leaves 67.2 ns. Times are CPU time of\n"
	       "the producer's thread; listeners share %s.\n",
	       cpus > 1 ? "another CPU" : "its CPU, so their figures say little");
}

int main(int argc, char **argv)
{
	struct bench_opts opts;
	u32 i;

	bench_options(
		&opts, argc, argv,
		"Measure the capture engine on memory: ns a frame, by stage and listeners.");
	cpus = bench_cpus();
	bench_pin(0);
	for (i = 0; i < NR_SIZES; i++) {
		bench_stages(series[i], sizes[i], opts.repeats);
		bench_listeners(series[i], sizes[i], opts.repeats);
	}
	if (opts.tsv) {
		print_rows();
	} else {
		print_table();
		print_goals();
	}
	return 0;
}
