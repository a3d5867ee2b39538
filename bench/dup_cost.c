// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole engine on memory with frames of 60 bytes, each another one: with and
 * without the table, in turns, so that others' load meets both alike.
 */
#include "dup_cost.h"

#include "rig.h"

#define RING_SIZE (64ull << 20)
#define NIC_SLOTS 4096u
#define LEN	  60
#define FRAMES	  (CAP_BATCH_MAX * 4096u)

static struct rig rig;
static struct reader rd;
static struct cap_nic_ops ops;
static u64 number;

/* No frame twice: each gets its number when it is borrowed. */
static int borrow(void *nicq, struct cap_frame *f, int max)
{
	int n = fake_nic_ops.rx_borrow(nicq, f, max), i;

	for (i = 0; i < n; i++) {
		number++;
		memcpy((u8 *)f[i].data + 40, &number, sizeof(number));
	}
	return n;
}

/**
 * dup_cost_init() - Set the engine up
 */
void dup_cost_init(void)
{
	u32 i;

	rig_init(&rig, RING_SIZE, NIC_SLOTS, 2048, CAP_CLOCK_TSC);
	fake_nic_fill(&rig.nic, LEN);
	for (i = 0; i < NIC_SLOTS; i++)
		memcpy((u8 *)rig.nic.slot[i].data + 12, "\x08\x00\x45\x00\x00\x2e", 6);
	ops = fake_nic_ops;
	ops.rx_borrow = borrow;
	rig.poll.ops = &ops;
	rig_attach(&rig, &rd, HPCAP_STRICT, "bench");
	for (i = 0; i < CAP_DUP_SECRET; i++)
		rig.poll.dup.secret[i] = (i + 1) * 0x9e3779b97f4a7c15ull;
}

static double run(u32 options)
{
	u64 start, done;

	rig.poll.options = options;
	start = bench_cpu_ns();
	for (done = 0; done < FRAMES;)
		done += rig_step(&rig);
	start = bench_cpu_ns() - start;
	rd.pos = rig.ctrl->commit;
	reader_ack(&rd);
	cap_ring_set_tail(&rig.poll.ring, rd.pos);
	return (double)start / FRAMES;
}

/**
 * dup_cost_measure() - One table
 * @entries: of it
 * @levels: of it
 * @ignore: HPCAP_DUP_IGNORE_*
 * @repeats: measurements
 * @without: filled: ns a frame of the engine alone
 * @added: filled: ns a frame more with the table
 */
void dup_cost_measure(u32 entries, u32 levels, u32 ignore, int repeats,
		      struct bench_series *without, struct bench_series *added)
{
	const struct hpcap_dup want = {
		.mode = HPCAP_DUP_DROP,
		.ignore = ignore,
		.entries = entries,
		.levels = levels,
		.bytes = HPCAP_DUP_BYTES,
		.window = HPCAP_DUP_WINDOW,
	};
	struct cap_dup_entry *table = calloc(1, cap_dup_size(&want));
	int i;

	if (!table) {
		fprintf(stderr, "duplicates: no memory\n");
		exit(1);
	}
	cap_dup_init(&rig.poll.dup, &want, table);
	run(0);
	run(CAP_OPT_DUP);
	for (i = 0; i < repeats; i++) {
		double alone = run(0);

		bench_add(without, alone);
		bench_add(added, run(CAP_OPT_DUP) - alone);
	}
	if (rig.poll.stats.duplicate || rig.poll.stats.slow_client) {
		fprintf(stderr, "duplicates: frames were lost, the figures mean nothing\n");
		exit(1);
	}
	rig.poll.options = 0;
	free(table);
}
