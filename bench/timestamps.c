// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How wrong are stamps? Another CPU plays frames into the ring when they are
 * due and notes when each came; the error is that of the time between two
 * frames. Shaped like Tables 4.1 and 4.2 of the thesis.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "af_packet.h"
#include "bench.h"
#include "capture.h"
#include "play.h"
#include "rig.h"
#include "watch.h"

#define RING_SIZE (64ull << 20)
#define FRAMES	  16384u
#define TRACE_MAX 5500u /* as in the thesis */
#define OWN_NS	  100000000ull

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

/* The capture with its own gaps has few frames: it is played more often. */
static const int turns[NR_COLUMNS] = {1, 1, 1, 3};
static const char *const columns[NR_COLUMNS] = {"1514", "imix", "capture", "own_gaps"};
static const char *const titles[NR_COLUMNS] = {"1514, line rate", "IMIX, line rate",
					       "capture, line rate", "capture, own gaps"};

static struct play wire[NR_COLUMNS];

/* Of a row in a column: the error, that with nothing left out, what was left out. */
static struct cell {
	struct bench_series mean, deviation, raw_mean, raw_deviation;
	struct bench_series by_player, by_reader;
} cells[NR_COLUMNS][NR_ROWS];

static struct watch watch;
static u64 stamp[FRAMES];
static struct rig rig;

static void wait_for_batch(struct play *p, u32 batch)
{
	u64 left = p->nr - p->next;

	if (batch > 1)
		while (play_waiting(p) < min((u64)batch, left))
			watch_turn(&watch, batch);
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
	watch_start(&watch, p);
	while (p->next < p->nr) {
		wait_for_batch(p, r->batch);
		rig_step(&rig);
		watch_turn(&watch, r->batch);
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
	watch_start(&watch, p);
	while (p->next < p->nr) {
		wait_for_batch(p, r->batch);
		n = play_waiting(p);
		for (i = p->next; i < p->next + n; i++) {
			memcpy(copy, p->slot[i].data, p->slot[i].len);
			clock_gettime(CLOCK_REALTIME, &ts);
			stamp[i] = ts.tv_sec * 1000000000ull + ts.tv_nsec;
		}
		p->next += n;
		watch_turn(&watch, r->batch);
	}
	play_stop(p);
}

static void measure(int c, int k, struct reader *rd)
{
	double ns = (double)rig.poll.clock.mult / (1 << CAP_CLOCK_SHIFT);
	const struct row *r = &rows[k];
	struct cell *cell = &cells[c][k];
	struct play *p = &wire[c];
	struct watch_error e;
	u32 nr = p->nr;

	if (r->way == ENGINE)
		run_engine(r, p, rd);
	else if (r->way == USER_BATCH)
		run_user(r, p);
	else
		nr = af_packet_run(p, stamp);
	if (nr < 2)
		return;
	if (r->way == AF_PACKET_STAMPS)
		watch_start(&watch, p);
	watch_stop(&watch, nr);
	bench_add(&cell->by_player, watch.by_player);
	bench_add(&cell->by_reader, watch.by_reader);
	if (watch_error(&watch, stamp, nr, ns, false, &e)) {
		bench_add(&cell->mean, e.mean);
		bench_add(&cell->deviation, e.deviation);
	}
	watch_error(&watch, stamp, nr, ns, true, &e);
	bench_add(&cell->raw_mean, e.mean);
	bench_add(&cell->raw_deviation, e.deviation);
	usleep(6000); /* real-time threads may not take all of a CPU */
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

static void print_series(const char *name, const char *metric, const char *unit,
			 const struct bench_series *s)
{
	if (s->n)
		bench_row(name, metric, unit, s);
	else
		printf("%s\t%s\t%s\t\t\t\n", name, metric, unit);
}

static void print_rows(void)
{
	char name[64];
	int c, k;

	for (c = 0; c < NR_COLUMNS; c++) {
		for (k = 0; k < NR_ROWS; k++) {
			const struct cell *cell = &cells[c][k];

			snprintf(name, sizeof(name), "%s/%s/%u", columns[c], rows[k].name,
				 rows[k].batch);
			print_series(name, "error_mean", "ns", &cell->mean);
			print_series(name, "error_deviation", "ns", &cell->deviation);
			print_series(name, "raw_mean", "ns", &cell->raw_mean);
			print_series(name, "raw_deviation", "ns", &cell->raw_deviation);
			print_series(name, "left_out_player", "%", &cell->by_player);
			print_series(name, "left_out_reader", "%", &cell->by_reader);
		}
	}
}

static double median(const struct bench_series *s)
{
	return bench_summarise(s).median;
}

static void print_error(const struct cell *cell)
{
	struct bench_summary d;

	if (!cell->mean.n) {
		printf("  %34s",
		       cell->raw_mean.n ? "held up all the time" : af_packet_reason());
		return;
	}
	d = bench_summarise(&cell->deviation);
	printf("  %5.0f %8.1f (%7.1f..%9.1f)", median(&cell->mean), d.median, d.min, d.max);
}

static void print_left_out(const struct cell *cell)
{
	if (!cell->raw_mean.n)
		printf("  %34s", "");
	else
		printf("  %5.0f %8.1f   %7.1f %9.1f", median(&cell->raw_mean),
		       median(&cell->raw_deviation), median(&cell->by_player),
		       median(&cell->by_reader));
}

static void print_table(const char *what, void (*print)(const struct cell *cell))
{
	int c, k;

	printf("%s\n%-22s %5s", what, "stamps by", "batch");
	for (c = 0; c < NR_COLUMNS; c++)
		printf("  %34s", titles[c]);
	printf("\n");
	for (k = 0; k < NR_ROWS; k++) {
		printf("%-22s %5u", rows[k].name, rows[k].batch);
		for (c = 0; c < NR_COLUMNS; c++)
			print(&cells[c][k]);
		printf("\n");
	}
	printf("\n");
}

/* The better of kpt and wdts in a column, of either kind of figure. */
static double best_of(int c, bool raw)
{
	double best = 0;
	int k;

	for (k = 0; k < NR_ROWS; k++) {
		const struct cell *cell = &cells[c][k];
		double is = median(raw ? &cell->raw_deviation : &cell->deviation);

		if ((k == KPT || rows[k].policy == HPCAP_TIME_WDTS) && (!best || is < best))
			best = is;
	}
	return best;
}

static void print_goals(void)
{
	double kpt = median(&cells[0][KPT].deviation);
	int c;

	printf("kpt, 1514 at line rate: %.1f ns, wanted below 600: %s\n", kpt,
	       kpt < 600 ? "met" : "missed");
	for (c = 0; c < NR_COLUMNS; c++) {
		const struct cell *cell = &cells[c][ADAPTIVE];
		double best = best_of(c, false), is = median(&cell->deviation);

		printf("adaptive, %s: %.1f ns beside %.1f ns, the better of kpt and wdts: %s; "
		       "nothing left out: %.1f beside %.1f\n",
		       titles[c], is, best, is <= best * 1.1 ? "met" : "missed",
		       median(&cell->raw_deviation), best_of(c, true));
	}
	printf("\nThesis: Table 4.1: batch reader 3719 (user) and 3400 (driver), udts 167, wdts "
	       "170, kpt 612;\nTable 4.2, line rate and own gaps: batch 3171 and 19399, udts 608 and "
	       "13671, wdts 111 and\n14893, kpt 418 and 1093. wdts and udts wait for their batch "
	       "here, as there. The player's jitter\nis in all figures; what is left out, and why: "
	       "bench/README.md.\n");
}

static void print_tables(void)
{
	print_table(
		"error of the time between two frames, ns: mean, deviation (min..max of it)",
		print_error);
	print_table("nothing left out: mean, deviation; left out above, % of the frames: "
		    "the player was held up, the reader was",
		    print_left_out);
	print_goals();
}

/* One after the other, so that all see the same machine. */
static void run_round(struct reader *rd)
{
	int c, turn, k;

	for (c = 0; c < NR_COLUMNS; c++)
		for (turn = 0; turn < turns[c]; turn++)
			for (k = 0; k < NR_ROWS; k++)
				measure(c, k, rd);
}

int main(int argc, char **argv)
{
	const char *path = getenv("BENCH_CAPTURE"), *bad;
	struct bench_opts opts;
	struct capture cap;
	struct reader rd;
	int i;

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
	watch_init(&watch, FRAMES);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	if (!play_real_time())
		fprintf(stderr, "timestamps: no real-time priority here: expect more noise\n");
	for (i = -1; i < opts.repeats; i++) {
		run_round(&rd);
		if (i < 0) /* the first round warms up */
			memset(cells, 0, sizeof(cells));
	}
	if (opts.tsv)
		print_rows();
	else
		print_tables();
	return 0;
}
