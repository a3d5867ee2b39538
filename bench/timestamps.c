// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How wrong are stamps? Another CPU plays frames into the ring when they are
 * due and notes when each came; the error is that of the time between two
 * frames. Shaped like Tables 4.1 and 4.2 of the thesis.
 */
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "af_packet.h"
#include "bench.h"
#include "capture.h"
#include "play.h"
#include "rig.h"

#define RING_SIZE (64ull << 20)
#define FRAMES	  16384u
#define TRACE_MAX 5500u /* as in the thesis */
#define OWN_NS	  100000000ull
/* For so long after a frame that the player brought late nothing is measured. */
#define LATE_US 160

enum way {
	ENGINE,
	USER_BATCH,
	AF_PACKET_STAMPS
};

/**
 * struct row - one way to stamp
 * @name: of it
 * @way: who stamps
 * @policy: of the engine
 * @batch: frames that must be there before they are taken; 1: as they come
 */
struct row {
	const char *name;
	enum way way;
	u32 policy;
	u32 batch;
};

static const struct row rows[] = {
	{"batch reader, user", USER_BATCH, 0, 1},
	{"batch reader, user", USER_BATCH, 0, 32},
	{"batch reader, driver", ENGINE, HPCAP_TIME_KPT, 32},
	{"AF_PACKET", AF_PACKET_STAMPS, 0, 1},
	{"udts", ENGINE, HPCAP_TIME_UDTS, 8},
	{"udts", ENGINE, HPCAP_TIME_UDTS, 32},
	{"udts", ENGINE, HPCAP_TIME_UDTS, 64},
	{"wdts", ENGINE, HPCAP_TIME_WDTS, 8},
	{"wdts", ENGINE, HPCAP_TIME_WDTS, 32},
	{"wdts", ENGINE, HPCAP_TIME_WDTS, 64},
	{"kpt", ENGINE, HPCAP_TIME_KPT, 1},
	{"adaptive", ENGINE, HPCAP_TIME_ADAPTIVE, 1},
};

enum {
	NR_ROWS = sizeof(rows) / sizeof(rows[0]),
	KPT = 10,
	ADAPTIVE = 11,
	NR_COLUMNS = 4
};

static const char *const columns[NR_COLUMNS] = {"1514", "imix", "capture", "own_gaps"};
static const char *const titles[NR_COLUMNS] = {"1514, line rate", "IMIX, line rate",
					       "capture, line rate", "capture, own gaps"};

static struct play wire[NR_COLUMNS];
static struct bench_series mean[NR_COLUMNS][NR_ROWS], deviation[NR_COLUMNS][NR_ROWS];
static struct bench_series left_out[NR_COLUMNS];
static bool skip[FRAMES];
static u64 stamp[FRAMES];
static struct rig rig;

/* A real wire does not stop where the player was held up. Returns the share, %. */
static double leave_out(const struct play *p, u32 nr)
{
	u64 until = 0, pause = (u64)LATE_US * p->khz / 1000;
	u32 i, n = 0;

	for (i = 0; i < nr; i++) {
		if (p->late[i])
			until = p->when[i] + pause;
		skip[i] = p->when[i] < until || (i + 1 < nr && p->late[i + 1]);
		n += skip[i];
	}
	return 100.0 * n / nr;
}

static bool error_of(const struct play *p, u32 nr, double ns_per_count, double *mu,
		     double *sigma)
{
	double sum = 0, squares = 0;
	u32 i, n = 0;

	for (i = 1; i < nr; i++) {
		double e = (double)(s64)(stamp[i] - stamp[i - 1]) -
			   (double)(s64)(p->when[i] - p->when[i - 1]) * ns_per_count;

		if (skip[i])
			continue;
		sum += e;
		squares += e * e;
		n++;
	}
	if (n < nr / 4)
		return false;
	*mu = sum / n;
	*sigma = sqrt(squares / n - *mu * *mu);
	return true;
}

static void wait_for_batch(struct play *p, u32 batch)
{
	u64 left = p->nr - p->next;

	if (batch > 1)
		while (play_waiting(p) < min((u64)batch, left))
			;
}

static void collect(struct reader *rd, u32 nr)
{
	static u8 frame[HPCAP_CAPLEN_MAX];
	struct hpcap_rec rec;
	u32 i;

	for (i = 0; i < nr && reader_next(rd, &rec, frame); i++)
		stamp[i] = rec.sec * 1000000000ull + rec.nsec;
	if (i != nr) {
		fprintf(stderr, "timestamps: %u of %u frames in the ring\n", i, nr);
		exit(1);
	}
	reader_ack(rd);
	cap_ring_set_tail(&rig.poll.ring, rd->pos);
}

static void run_engine(const struct row *r, struct play *p, struct reader *rd)
{
	struct cap_timing *t = &rig.poll.timing;

	cap_timing_init(t);
	cap_timing_set_speed(t, 10000);
	t->policy = r->policy;
	rig.poll.options = r->policy == HPCAP_TIME_KPT ? 0 : CAP_OPT_TIME;
	rig.poll.nicq = p;
	play_start(p);
	while (p->next < p->nr) {
		wait_for_batch(p, r->batch);
		rig_step(&rig);
	}
	play_stop(p);
	collect(rd, p->nr);
}

/* A program that gets its frames in batches, copies and stamps them. */
static void run_user(const struct row *r, struct play *p)
{
	static u8 copy[2048];
	struct timespec ts;
	u64 n, i;

	play_start(p);
	while (p->next < p->nr) {
		wait_for_batch(p, r->batch);
		n = play_waiting(p);
		for (i = p->next; i < p->next + n; i++) {
			memcpy(copy, p->slot[i].data, p->slot[i].len);
			clock_gettime(CLOCK_REALTIME, &ts);
			stamp[i] = ts.tv_sec * 1000000000ull + ts.tv_nsec;
		}
		p->next += n;
	}
	play_stop(p);
}

static void measure(int c, int k, struct reader *rd)
{
	double ns = (double)rig.poll.clock.mult / (1 << CAP_CLOCK_SHIFT), mu, sigma;
	const struct row *r = &rows[k];
	struct play *p = &wire[c];
	u32 nr = p->nr;

	if (r->way == ENGINE)
		run_engine(r, p, rd);
	else if (r->way == USER_BATCH)
		run_user(r, p);
	else
		nr = af_packet_run(p, stamp);
	if (nr < 2)
		return;
	bench_add(&left_out[c], leave_out(p, nr));
	if (error_of(p, nr, ns, &mu, &sigma)) {
		bench_add(&mean[c][k], mu);
		bench_add(&deviation[c][k], sigma);
	}
	usleep(3000); /* real-time threads may not take all of a CPU */
}

static u32 imix_len(u32 i)
{
	static const u32 len[12] = {60, 60, 590, 60, 60, 1514, 60, 590, 60, 590, 60, 590};

	return len[i % 12];
}

static void make_wires(const struct capture *cap)
{
	u32 khz = cap_khz(), nr = min(cap->nr, TRACE_MAX), i;

	play_init(&wire[0], FRAMES, khz);
	play_init(&wire[1], FRAMES, khz);
	for (i = 0; i < FRAMES; i++) {
		play_set(&wire[0], i, 1514, play_line_ps(1514));
		play_set(&wire[1], i, imix_len(i), play_line_ps(imix_len(i)));
	}
	play_init(&wire[2], nr, khz);
	for (i = 0; i < nr; i++)
		play_set(&wire[2], i, min(cap->frame[i].len, 1514u),
			 play_line_ps(min(cap->frame[i].len, 1514u)));
	while (nr > 2 && cap->frame[nr - 1].ns - cap->frame[0].ns > OWN_NS)
		nr--;
	play_init(&wire[3], nr, khz);
	for (i = 0; i < nr; i++) {
		u64 line = play_line_ps(min(cap->frame[i].len, 1514u));
		u64 own = i ? (cap->frame[i].ns - cap->frame[i - 1].ns) * 1000 : 0;

		play_set(&wire[3], i, min(cap->frame[i].len, 1514u), max(line, own));
	}
}

static void print_rows(void)
{
	char name[64];
	int c, k;

	for (c = 0; c < NR_COLUMNS; c++) {
		for (k = 0; k < NR_ROWS; k++) {
			snprintf(name, sizeof(name), "%s/%s/%u", columns[c], rows[k].name,
				 rows[k].batch);
			if (!mean[c][k].n) {
				printf("%s\terror_mean\tns\t\t\t\n%s\terror_deviation\tns\t\t\t\n",
				       name, name);
				continue;
			}
			bench_row(name, "error_mean", "ns", &mean[c][k]);
			bench_row(name, "error_deviation", "ns", &deviation[c][k]);
		}
		bench_row(columns[c], "left_out", "%", &left_out[c]);
	}
}

static void print_table(void)
{
	int c, k;

	printf("error of the time between two frames, ns: mean, deviation (min..max of it)\n");
	printf("%-22s %5s", "stamps by", "batch");
	for (c = 0; c < NR_COLUMNS; c++)
		printf("  %34s", titles[c]);
	printf("\n");
	for (k = 0; k < NR_ROWS; k++) {
		printf("%-22s %5u", rows[k].name, rows[k].batch);
		for (c = 0; c < NR_COLUMNS; c++) {
			struct bench_summary m, d;

			if (!mean[c][k].n) {
				printf("  %34s", af_packet_reason());
				continue;
			}
			m = bench_summarise(&mean[c][k]);
			d = bench_summarise(&deviation[c][k]);
			printf("  %5.0f %8.1f (%7.1f..%9.1f)", m.median, d.median, d.min,
			       d.max);
		}
		printf("\n");
	}
	printf("left out: frames around those that the player itself brought late, %%:");
	for (c = 0; c < NR_COLUMNS; c++)
		printf(" %.1f", bench_summarise(&left_out[c]).median);
	printf("\n");
}

static double deviation_of(int c, int k)
{
	return bench_summarise(&deviation[c][k]).median;
}

static void print_goals(void)
{
	int c, k;

	printf("\nkpt, 1514 at line rate: %.1f ns, wanted below 600: %s\n",
	       deviation_of(0, KPT), deviation_of(0, KPT) < 600 ? "met" : "missed");
	for (c = 0; c < NR_COLUMNS; c++) {
		double best = deviation_of(c, KPT), is = deviation_of(c, ADAPTIVE);

		for (k = 0; k < NR_ROWS; k++)
			if (rows[k].policy == HPCAP_TIME_WDTS && deviation_of(c, k) < best)
				best = deviation_of(c, k);
		printf("adaptive, %s: %.1f ns beside %.1f ns, the better of kpt and wdts: %s\n",
		       titles[c], is, best, is <= best * 1.1 ? "met" : "missed");
	}
	printf("\nThesis: Table 4.1: batch reader 3719 (user) and 3400 (driver), udts 167, wdts "
	       "170, kpt 612;\nTable 4.2, line rate and own gaps: batch 3171 and 19399, udts 608 and "
	       "13671, wdts 111 and\n14893, kpt 418 and 1093. wdts and udts wait for their batch "
	       "here, as there; the player's\njitter and what else runs on this machine are in "
	       "all figures.\n");
}

int main(int argc, char **argv)
{
	const char *path = getenv("BENCH_CAPTURE"), *bad;
	struct bench_opts opts;
	struct capture cap;
	struct reader rd;
	int i, c, k;

	bench_options(&opts, argc, argv,
		      "Measure how wrong stamps are: each policy, a batch reader, AF_PACKET.");
	bad = path ? capture_read(&cap, path) : "is not named (BENCH_CAPTURE)";
	if (bad) {
		fprintf(stderr, "timestamps: the capture %s %s\n", path ? path : "", bad);
		return 1;
	}
	if (bench_cpus() < 2) {
		fprintf(stderr, "timestamps: needs two CPUs: one plays the wire\n");
		return 1;
	}
	bench_pin(0);
	make_wires(&cap);
	rig_init(&rig, RING_SIZE, 64, 2048, CAP_CLOCK_TSC);
	rig.poll.ops = &play_ops;
	rig_attach(&rig, &rd, HPCAP_STRICT, "bench");
	af_packet_init(FRAMES);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	if (!play_real_time())
		fprintf(stderr, "timestamps: no real-time priority here: expect more noise\n");
	for (i = -1; i < opts.repeats; i++) {
		for (c = 0; c < NR_COLUMNS; c++)
			for (k = 0; k < NR_ROWS; k++)
				measure(c, k, &rd);
		if (i < 0) { /* the first round warms up */
			memset(mean, 0, sizeof(mean));
			memset(deviation, 0, sizeof(deviation));
			memset(left_out, 0, sizeof(left_out));
		}
	}
	if (opts.tsv) {
		print_rows();
	} else {
		print_table();
		print_goals();
	}
	return 0;
}
