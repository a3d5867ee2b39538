// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * WireCAP's experiments on memory: loss with one busy queue and with queues
 * that help each other, for ring sizes R*M, chunk sizes and thresholds T;
 * and the burst that a ring survives, against the formula. Its Figures 8 to 12.
 *
 * Cores are played (see groups_sim.c), because a machine may have two; what a
 * frame costs is measured first. The burst is measured for real as well, with the
 * engine in one thread and the worker in another (groups_real.c).
 */
#include "bench.h"
#include "groups_real.h"
#include "groups_sim.h"
#include "groups_work.h"
#include "hpcap_buddy.h"

#define WIRE_PPS 14880952.0 /* 64 bytes at 10 Gb/s */
#define HEAVY	 300	    /* x, as in the paper */
#define OFFERED	 3.0	    /* traffic of Figures 11 and 12, in workers' worth */
#define PEAK	 4.0
#define SECONDS	 4
#define KIB64	 ((u32)HPCAP_CHUNK_SIZE)

static bool tsv;
static double frame_ns[2]; /* x = 0, x = HEAVY */

static void row(const char *name, const char *metric, const char *unit, double v)
{
	struct bench_series s = {0};

	bench_add(&s, v);
	if (tsv)
		bench_row(name, metric, unit, &s);
}

/* The cost of a frame, reading its record included. */
static void measure_work(unsigned int x, u64 frames, int repeats, double *out)
{
	struct bench_series s = {0};
	u8 *data = calloc(frames, WORK_REC_LEN);
	const struct hpcap_rec rec = {1, 0, WORK_FRAME_LEN, WORK_FRAME_LEN};
	char name[32];
	uint64_t matched = 0;
	u64 i;

	if (!data) {
		fprintf(stderr, "groups: out of memory\n");
		exit(1);
	}
	for (i = 0; i < frames; i++) {
		memcpy(data + i * WORK_REC_LEN, &rec, sizeof(rec));
		work_frame(data + i * WORK_REC_LEN + sizeof(rec));
	}
	for (i = 0; i < (u64)repeats; i++) {
		struct hpcap_chunk c = {.data = data, .bytes = frames * WORK_REC_LEN};
		u64 start = bench_cpu_ns();

		work_chunk(&c, x, &matched);
		bench_add(&s, (double)(bench_cpu_ns() - start) / frames);
	}
	bench_use(matched);
	free(data);
	*out = bench_summarise(&s).median;
	snprintf(name, sizeof(name), "work_x%u", x);
	if (tsv)
		bench_row(name, "frame", "ns", &s);
	else
		printf("x = %-3u: %8.1f ns a frame (%.1f..%.1f), %.0f frames a second\n", x,
		       *out, bench_summarise(&s).min, bench_summarise(&s).max, 1e9 / *out);
}

static double loss(const struct sim_config *c)
{
	const struct sim_result r = sim_run(c);

	return r.sent ? 100.0 * r.lost / r.sent : 0;
}

/* One queue, a burst of @p frames at wire rate. */
static struct sim_config burst(u64 ring_frames, u32 chunk, double cost, u64 p)
{
	return (struct sim_config){
		.queues = 1,
		.ring = sim_ring(ring_frames),
		.chunk = chunk,
		.threshold = 100,
		.frame_ns = cost,
		.rate = {WIRE_PPS},
		.peak = 1,
		.frames = p,
		.seconds = p / WIRE_PPS + 1,
	};
}

/**
 * struct variant - a column of Figures 8 to 10
 * @name: for rows
 * @frames: R * M
 * @chunk: bytes of a chunk: M frames
 */
struct variant {
	const char *name;
	u64 frames;
	u32 chunk;
};

static void figure_bursts(const char *figure, const char *what, const struct variant *v, int nr,
			  double cost, const u64 *p, int nr_p)
{
	char name[64];
	int i, k;

	if (!tsv) {
		printf("\n%s: %s\n%12s", figure, what, "P");
		for (i = 0; i < nr; i++)
			printf("%16s", v[i].name);
		printf("\n");
	}
	for (k = 0; k < nr_p; k++) {
		if (!tsv)
			printf("%12llu", (unsigned long long)p[k]);
		for (i = 0; i < nr; i++) {
			const struct sim_config c = burst(v[i].frames, v[i].chunk, cost, p[k]);
			const double lost = loss(&c);

			snprintf(name, sizeof(name), "%s_%s_P%llu", figure, v[i].name,
				 (unsigned long long)p[k]);
			row(name, "loss", "%", lost);
			if (!tsv)
				printf("%14.2f %%", lost);
		}
		if (!tsv)
			printf("\n");
	}
}

/* Queue i gets a part as 1 / (i + 1); all of it is OFFERED workers' worth. */
static struct sim_config skewed(unsigned int queues, u64 ring_frames, u32 threshold)
{
	struct sim_config c = {
		.queues = queues,
		.ring = sim_ring(ring_frames),
		.chunk = KIB64,
		.threshold = threshold,
		.frame_ns = frame_ns[1],
		.peak = PEAK,
		.seconds = SECONDS,
	};
	double sum = 0;
	unsigned int i;

	for (i = 0; i < queues; i++)
		sum += 1.0 / (i + 1);
	for (i = 0; i < queues; i++)
		c.rate[i] = OFFERED * 1e9 / frame_ns[1] / (i + 1) / sum;
	return c;
}

/* A line a variant, a column a number of queues. */
static void figure_line(const char *figure, const char *name, u64 frames, u32 threshold)
{
	struct sim_config c;
	unsigned int n;
	char id[64];

	if (!tsv)
		printf("%-22s", name);
	for (n = 1; n <= SIM_QUEUES_MAX; n++) {
		double lost;

		c = skewed(n, frames, threshold);
		lost = loss(&c);
		snprintf(id, sizeof(id), "%s_%s_n%u", figure, name, n);
		row(id, "loss", "%", lost);
		if (!tsv)
			printf("%9.2f %%", lost);
	}
	if (!tsv)
		printf("\n");
}

static void figure_queues(const char *figure, const char *what)
{
	unsigned int n;

	if (tsv)
		return;
	printf("\n%s: %s\n%-22s", figure, what, "queues");
	for (n = 1; n <= SIM_QUEUES_MAX; n++)
		printf("%11u", n);
	printf("\n%-22s", "cannot be avoided");
	for (n = 1; n <= SIM_QUEUES_MAX; n++)
		printf("%9.2f %%", n < OFFERED ? 100 * (1 - n / OFFERED) : 0);
	printf("\n");
}

/* The longest burst without loss, to a part in a thousand. */
static u64 survived(u64 ring_frames, u32 chunk)
{
	u64 low = 0, high = 4 * ring_frames;

	while (high - low > 1 + high / 1000) {
		const u64 p = low + (high - low) / 2;
		const struct sim_config c = burst(ring_frames, chunk, frame_ns[1], p);

		if (sim_run(&c).lost)
			high = p;
		else
			low = p;
	}
	return low;
}

static void bursts_by_formula(void)
{
	static const u64 rings[] = {25600, 64000, 128000};
	const double pp = 1e9 / frame_ns[1];
	unsigned int i;
	char name[64];

	if (!tsv)
		printf("\nBurst without loss, played cores: Pm (R*M) / (Pm - Pp), Pm = %.0f, Pp = %.0f\n"
		       "%12s%16s%16s%10s\n",
		       WIRE_PPS, pp, "R*M", "formula", "survived", "ratio");
	for (i = 0; i < 3; i++) {
		const double rm = (double)sim_ring(rings[i]) / WORK_REC_LEN;
		const double says = WIRE_PPS * rm / (WIRE_PPS - pp);
		const u64 is = survived(rings[i], KIB64);

		snprintf(name, sizeof(name), "burst_%.0f", rm);
		row(name, "survived", "frames", is);
		row(name, "ratio_to_formula", "x", is / says);
		if (!tsv)
			printf("%12.0f%16.0f%16llu%10.3f\n", rm, says, (unsigned long long)is,
			       is / says);
	}
}

static void bursts_for_real(int repeats)
{
	struct bench_series ratio = {0};
	struct real_burst r = {0};
	int i;

	for (i = 0; i < repeats; i++) {
		r = real_burst(sim_ring(128000), HEAVY);
		if (!r.frames)
			return;
		bench_add(&ratio, r.frames / r.formula);
	}
	if (tsv) {
		bench_row("burst_real", "ratio_to_formula", "x", &ratio);
		return;
	}
	printf("\nThe same with two threads, really: last run %.0f frames survived at %.1f Mpps, "
	       "formula %.0f;\nratio %.3f (%.3f..%.3f) over %d runs\n",
	       r.frames, r.pm / 1e6, r.formula, bench_summarise(&ratio).median,
	       bench_summarise(&ratio).min, bench_summarise(&ratio).max, ratio.n);
}

static void figures(void)
{
	static const struct variant sizes[] = {{"B(256,100)", 25600, KIB64},
					       {"B(256,500)", 128000, KIB64}};
	static const struct variant chunks[] = {{"B(910,28)", 25600, KIB64},
						{"B(1820,14)", 25600, 2 * KIB64},
						{"B(3640,7)", 25600, 4 * KIB64}};
	static const u64 light[] = {1000, 10000, 100000, 1000000, 10000000};
	static const u64 heavy[] = {1000, 6000, 20000, 30000, 60000, 100000, 200000};

	figure_bursts("fig8", "basic mode, x = 0, loss", sizes, 2, frame_ns[0], light, 5);
	figure_bursts("fig9", "basic mode, x = 300, loss", sizes, 2, frame_ns[1], heavy, 7);
	figure_bursts("fig10", "basic mode, x = 300, R*M the same, loss", chunks, 3,
		      frame_ns[1], heavy, 7);
	figure_queues("fig11", "x = 300, skewed load of 3 workers' worth, loss");
	figure_line("fig11", "B(256,100)", 25600, 100);
	figure_line("fig11", "B(256,500)", 128000, 100);
	figure_line("fig11", "A(256,100,60%)", 25600, 60);
	figure_line("fig11", "A(256,500,60%)", 128000, 60);
	figure_queues("fig12", "advanced mode, T varied, loss");
	figure_line("fig12", "A(256,100,60%)", 25600, 60);
	figure_line("fig12", "A(256,100,70%)", 25600, 70);
	figure_line("fig12", "A(256,100,80%)", 25600, 80);
	figure_line("fig12", "A(256,100,90%)", 25600, 90);
}

int main(int argc, char **argv)
{
	struct bench_opts opts;

	bench_options(&opts, argc, argv,
		      "Loss with busy queues and with queues that help each other, on memory.");
	tsv = opts.tsv;
	measure_work(0, 20000, opts.repeats, &frame_ns[0]);
	measure_work(HEAVY, 2000, opts.repeats, &frame_ns[1]);
	figures();
	bursts_by_formula();
	bursts_for_real(opts.repeats);
	return 0;
}
