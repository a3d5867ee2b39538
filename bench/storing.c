// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine and the writing engine in one process: frames from memory or from a
 * network interface, through the ring, to the disk. bench/storage runs it and
 * prints tables; alone it prints one line of figures.
 */
#include "storing.h"

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <store/store.h>
#include <sys/resource.h>

#include "priv.h"

#define LISTENERS_MAX 4
#define NIC_SLOTS     4096u
#define NIC_PIECE     2048u
#define SLICE_NS      50000000ll

/**
 * struct storing - one run
 * @rig: the engine
 * @nic: where frames come from, unless from memory
 * @opt: of the writing engine
 * @store: the writing engine
 * @h: its handle
 * @len: bytes of a frame
 * @rate: frames in a second; 0: as many as there is room for
 * @seconds: to run
 * @ring_mib: size of the ring
 * @nic_mib: size of the packet socket's ring
 * @listeners: that read along
 * @ifname: interface; NULL is memory
 * @number: frames carry their number
 * @progress: print frames that are safe, ten times a second
 * @rd: the listeners, the writing engine first
 * @stop: threads end
 * @produced: frames offered to the ring
 * @idle_cpu_s: processor time of the threads that are not the writing engine
 */
struct storing {
	struct rig rig;
	struct if_nic nic;
	struct store_options opt;
	struct store *store;
	struct hpcap_handle h;
	u32 len;
	u64 rate;
	double seconds;
	u64 ring_mib;
	u32 nic_mib;
	int listeners;
	const char *ifname;
	bool number;
	bool progress;
	struct reader rd[LISTENERS_MAX];
	bool stop;
	u64 produced;
	double idle_cpu_s;
};

static struct storing st = {
	.len = 1514,
	.seconds = 3,
	.ring_mib = 256,
	.nic_mib = 64,
	.listeners = 1,
};
static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static double now_s(void)
{
	return (double)out_now_ns() / 1e9;
}

static double cpu_s(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Number the frames of the next batch: who reads them can count. */
static void number_frames(struct fake_nic *nic)
{
	u64 n;

	for (n = nic->next; n < nic->next + CAP_BATCH_MAX; n++) {
		const struct cap_frame *f = &nic->slot[n & (nic->size - 1)];

		memcpy((u8 *)(uintptr_t)f->data, &n, sizeof(n));
	}
}

/* Does the slowest listener leave room for a batch? */
static bool has_room(void)
{
	u64 most = (u64)CAP_BATCH_MAX * (HPCAP_REC_LEN + NIC_PIECE);
	int i;

	for (i = 0; i < st.listeners; i++)
		if (st.rig.poll.ring.head - smp_load_acquire(&st.rig.cursor[i].ack) + most >
		    st.rig.poll.ring.size)
			return false;
	return true;
}

/*
 * Where the program has a priority of real time, that of the poll thread is one more, as
 * a driver's is: however much there is to write, frames are taken.
 */
static void go_before_the_writer(void)
{
	struct sched_param p;
	int policy;

	if (pthread_getschedparam(pthread_self(), &policy, &p) || policy == SCHED_OTHER)
		return;
	p.sched_priority++;
	pthread_setschedparam(pthread_self(), policy, &p);
}

/* The poll thread of an interface: sleeps when nothing is there. */
static void *follow(void *arg)
{
	(void)arg;
	go_before_the_writer();
	while (!READ_ONCE(st.stop)) {
		int n = rig_step(&st.rig);

		st.produced += (u64)n;
		if_nic_rest(&st.nic, n);
	}
	return NULL;
}

/* The poll thread of memory: no faster than asked, or than the listeners make room. */
static void *produce(void *arg)
{
	/* a few naps to a batch: an emulated CPU has better things to do */
	const u64 ns = st.rate ? 1000000000ull * CAP_BATCH_MAX / st.rate / 4 : 0;
	const struct timespec nap = {.tv_nsec = (long)(ns < 50000     ? 50000
						       : ns > 2000000 ? 2000000
								      : ns)};
	double begin = now_s();
	int n;

	(void)arg;
	while (!READ_ONCE(st.stop)) {
		bool early =
			st.rate && (double)st.produced >= (now_s() - begin) * (double)st.rate;

		if (early || (!st.rate && !has_room())) {
			nanosleep(&nap, NULL);
			continue;
		}
		if (st.number)
			number_frames(&st.rig.nic);
		n = rig_step(&st.rig);
		st.produced += (u64)n;
		if (!n)
			nanosleep(&nap, NULL);
	}
	st.idle_cpu_s += cpu_s(RUSAGE_THREAD);
	return NULL;
}

/* A program that looks at each header, as meters do. */
static void *listen(void *arg)
{
	const struct timespec nap = {.tv_nsec = 200000};
	struct reader *rd = arg;
	u64 size = st.rig.ctrl->ring_size;
	struct hpcap_rec rec;

	while (!READ_ONCE(st.stop)) {
		u64 commit = smp_load_acquire(&st.rig.ctrl->commit);

		if (commit == rd->pos)
			nanosleep(&nap, NULL);
		while (rd->pos != commit) {
			memcpy(&rec, st.rig.data + rd->pos % size, sizeof(rec));
			rd->pos += HPCAP_REC_LEN + rec.caplen;
		}
		reader_ack(rd);
	}
	return NULL;
}

static void say(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "storing: %s\n", text);
}

static int set_up(void)
{
	int err = 0, i;

	rig_init(&st.rig, st.ring_mib << 20, NIC_SLOTS, NIC_PIECE, CAP_CLOCK_TSC);
	fake_nic_fill(&st.rig.nic, st.len);
	if (st.ifname)
		err = if_nic_open(&st.nic, &st.rig, st.ifname, st.nic_mib);
	for (i = 0; i < st.listeners; i++)
		rig_attach(&st.rig, &st.rd[i], HPCAP_STRICT, "storing");
	hpcap_over_memory(&st.h, st.rig.ctrl, st.rig.marks, &st.rig.cursor[0], st.rig.data);
	st.opt.say = say;
	return err ? err : store_create(&st.store, &st.opt, &st.h);
}

static int run(void)
{
	double end = now_s() + st.seconds;
	u64 shown = 0;
	int err = 0;

	while (!err && !stopped && now_s() < end) {
		const struct store_report *r;

		err = store_step(st.store, 0, SLICE_NS);
		r = store_report(st.store);
		if (st.progress && r->out.safe_frames != shown) {
			shown = r->out.safe_frames;
			printf("safe %llu\n", (unsigned long long)shown);
			fflush(stdout);
		}
	}
	return err;
}

static void show(double seconds, double cpu)
{
	const struct store_report *r = store_report(st.store);
	u64 lost = st.rig.poll.stats.slow_client, drops = 0;

	if (st.ifname)
		drops = if_nic_drops(&st.nic);
	printf("seconds\t%.3f\toffered\t%llu\tstored\t%llu\tlost\t%llu\tdropped\t%llu\t"
	       "bytes\t%llu\tcpu_s\t%.3f\thigh_water\t%.1f\tstraight\t%llu\tio\t%s\n",
	       seconds, (unsigned long long)st.produced,
	       (unsigned long long)(r->frames - r->out.lost_frames), (unsigned long long)lost,
	       (unsigned long long)drops, (unsigned long long)r->bytes, cpu,
	       100.0 * (double)r->high_water / (double)st.h.bufSize,
	       (unsigned long long)r->out.straight_bytes, r->out.io ? r->out.io : "none");
}

static const struct option options[] = {
	{"block", required_argument, NULL, 'b'},
	{"buffered", no_argument, NULL, 'B'},
	{"depth", required_argument, NULL, 'd'},
	{"file-size", required_argument, NULL, 'C'},
	{"if", required_argument, NULL, 'i'},
	{"len", required_argument, NULL, 'l'},
	{"listeners", required_argument, NULL, 'L'},
	{"nic-ring", required_argument, NULL, 'n'},
	{"no-index", no_argument, NULL, 'I'},
	{"number", no_argument, NULL, 'N'},
	{"progress", no_argument, NULL, 'p'},
	{"rate", required_argument, NULL, 'r'},
	{"ring", required_argument, NULL, 'R'},
	{"seconds", required_argument, NULL, 's'},
	{"threads", no_argument, NULL, 't'},
	{"sync-each", no_argument, NULL, 'y'},
	{"xdp", no_argument, NULL, 'x'},
	{NULL, 0, NULL, 0},
};

static void take_flag(int c)
{
	switch (c) {
	case 'B':
		st.opt.buffered = true;
		break;
	case 'I':
		st.opt.no_index = true;
		break;
	case 'N':
		st.number = true;
		break;
	case 'p':
		st.progress = true;
		break;
	case 't':
		st.opt.io = BLKQ_THREADS;
		break;
	case 'x':
		st.nic.xdp = true;
		break;
	default:
		st.opt.sync_each = true;
	}
}

static void take_value(int c, const char *arg)
{
	const u64 n = strtoull(arg, NULL, 0);

	switch (c) {
	case 'b':
		st.opt.block = (u32)n;
		break;
	case 'd':
		st.opt.depth = (u32)n;
		break;
	case 'C':
		st.opt.file_size = n;
		break;
	case 'i':
		st.ifname = arg;
		break;
	case 'l':
		st.len = (u32)n;
		break;
	case 'L':
		st.listeners = 1 + (int)n;
		break;
	case 'n':
		st.nic_mib = (u32)n;
		break;
	case 'r':
		st.rate = n;
		break;
	case 'R':
		st.ring_mib = n;
		break;
	default:
		st.seconds = strtod(arg, NULL);
	}
}

static bool parse(int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return false;
		if (optarg)
			take_value(c, optarg);
		else
			take_flag(c);
	}
	for (; optind < argc && st.opt.nr_volumes < VOLUMES_MAX; optind++)
		st.opt.volume[st.opt.nr_volumes++] = argv[optind];
	return st.len >= 60 && st.len <= NIC_PIECE && st.ring_mib && st.listeners >= 1 &&
	       st.listeners <= LISTENERS_MAX && (st.ifname || !st.nic.xdp);
}

int main(int argc, char **argv)
{
	pthread_t producer, listener[LISTENERS_MAX];
	double begin, cpu;
	int err, i;

	if (!parse(argc, argv)) {
		fputs("usage: storing [--if IFACE [--xdp]] [--len N] [--rate N] [--seconds S] [--ring MIB]\n"
		      "  [--nic-ring MIB] [--block N] [--depth N] [--file-size N] [--buffered]\n"
		      "  [--threads] [--sync-each] [--no-index] [--listeners N] [--number]\n"
		      "  [--progress] [dir...]\n",
		      stderr);
		return 2;
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	err = set_up();
	if (err) {
		fprintf(stderr, "storing: %s\n", strerror(-err));
		return 1;
	}
	cpu = cpu_s(RUSAGE_SELF);
	begin = now_s();
	for (i = 1; i < st.listeners; i++)
		pthread_create(&listener[i], NULL, listen, &st.rd[i]);
	pthread_create(&producer, NULL, st.ifname ? follow : produce, NULL);
	err = run();
	WRITE_ONCE(st.stop, true);
	pthread_join(producer, NULL);
	for (i = 1; i < st.listeners; i++)
		pthread_join(listener[i], NULL);
	if (!err)
		err = store_drain(st.store, 0);
	if (!err)
		err = store_finish(st.store);
	show(now_s() - begin, cpu_s(RUSAGE_SELF) - cpu - (st.ifname ? 0 : st.idle_cpu_s));
	store_destroy(st.store);
	return err != 0;
}
