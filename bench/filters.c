// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What looking at frames costs: the engine's own part (whose turn it is, what is
 * kept), and one run of a program by the kernel, as the queue's poll thread has
 * it done, measured on a socket pair that drops all.
 */
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "rig.h"

#define RING_SIZE (64ull << 20)
#define NIC_SLOTS 4096u
#define LEN	  60
#define FRAMES	  (CAP_BATCH_MAX * 4096u)
#define SENDS	  200000

static struct rig rig;
static struct reader rd;

/* "ip", "tcp port 80", and 64 jumps that are not taken, as tcpdump compiles them. */
static const struct sock_filter none[] = {
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static const struct sock_filter ip[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0800, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static const struct sock_filter port80[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0800, 0, 10),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 0, 8),
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 6, 0),
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 14),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 80, 2, 0),
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 80, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

/* An Ethernet frame with TCP from port 1000 to port 80. */
static const u8 frame[LEN] = {
	[12] = 0x08, 0x00, 0x45, 0, 0, 46, [22] = 64, 6, [34] = 3, 0xe8, 0, 80,
};

static double per_send(int *pair, const struct sock_filter *insns, u32 nr)
{
	const struct sock_fprog prog = {.len = nr, .filter = (struct sock_filter *)insns};
	u64 start;
	int i;

	if (setsockopt(pair[1], SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog))) {
		perror("filters: SO_ATTACH_FILTER");
		exit(1);
	}
	start = bench_cpu_ns();
	for (i = 0; i < SENDS; i++)
		if (send(pair[0], frame, sizeof(frame), 0) != sizeof(frame)) {
			perror("filters: send");
			exit(1);
		}
	return (double)(bench_cpu_ns() - start) / SENDS;
}

static u32 wants(void *prog, const u8 *data, u32 len)
{
	bench_use(data);
	return prog ? len : 0;
}

static double per_frame(void)
{
	u64 start = bench_cpu_ns(), done;

	for (done = 0; done < FRAMES;)
		done += rig_step(&rig);
	start = bench_cpu_ns() - start;
	rd.pos = rig.ctrl->commit;
	reader_ack(&rd);
	cap_ring_set_tail(&rig.poll.ring, rd.pos);
	return (double)start / FRAMES;
}

/* The engine with a filter that accepts or refuses without looking. */
static double engine(bool queue, bool listener, bool accept)
{
	const struct cap_filter f = {wants, accept ? &rig : NULL}, no = {NULL, NULL};

	rig.poll.policy.filter = queue ? f : no;
	rig.poll.listeners.slot[rd.slot].filter = listener ? f : no;
	cap_poll_refresh(&rig.poll);
	return per_frame();
}

static void show(const struct bench_opts *o, const char *name, const struct bench_series *s)
{
	struct bench_summary sum = bench_summarise(s);

	if (o->tsv)
		bench_row(name, "added", "ns", s);
	else
		printf("%-44s %7.2f (%6.2f..%6.2f)\n", name, sum.median, sum.min, sum.max);
}

int main(int argc, char **argv)
{
	struct bench_series alone = {0}, queue = {0}, both = {0}, refused = {0}, four = {0},
			    thirteen = {0};
	struct bench_opts o;
	int pair[2], i;

	bench_options(&o, argc, argv, "Measure what filters cost: ns a frame of 60 bytes.");
	bench_pin(0);
	rig_init(&rig, RING_SIZE, NIC_SLOTS, 2048, CAP_CLOCK_TSC);
	fake_nic_fill(&rig.nic, LEN);
	rig_attach(&rig, &rd, HPCAP_STRICT, "bench");
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) {
		perror("filters: socketpair");
		return 1;
	}
	for (i = -1; i < o.repeats; i++) {
		double base = engine(false, false, true), q = engine(true, false, true);
		double b = engine(true, true, true), r = engine(true, false, false);
		double send0 = per_send(pair, none, 1), send4 = per_send(pair, ip, 4);
		double send13 = per_send(pair, port80, 13);

		if (i < 0) /* the first round warms up */
			continue;
		bench_add(&alone, base);
		bench_add(&queue, q - base);
		bench_add(&both, b - base);
		bench_add(&refused, r - base);
		bench_add(&four, send4 - send0);
		bench_add(&thirteen, send13 - send0);
	}
	if (!o.tsv)
		printf("ns a frame of 60 bytes\n");
	show(&o, "engine without filters", &alone);
	show(&o, "added: a filter of the queue, accepts", &queue);
	show(&o, "added: and one of the only listener", &both);
	show(&o, "added: a filter of the queue, refuses", &refused);
	show(&o, "one run by the kernel: ip", &four);
	show(&o, "one run by the kernel: tcp port 80", &thirteen);
	return 0;
}
