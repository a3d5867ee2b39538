// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wire made of another CPU. A frame is never early. When the player itself was
 * held up, the wire pauses: what follows keeps its gaps, so that frames never
 * come faster than the line.
 */
#include "play.h"

#include <sched.h>
#include <unistd.h>

#include "bench.h"

#define LINE_PS_PER_BYTE 800 /* 10 Gb/s */
#define WIRE_EXTRA	 24
#define LATE_NS		 200
/* The player's own jitter below this does not move the frames that follow. */
#define JITTER_NS 60
/* What is written for later frames is fetched in time: no store shall wait for it. */
#define AHEAD 64

static u8 buffer[2048] __attribute__((aligned(64)));

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "bench: no memory\n");
		exit(1);
	}
	return p;
}

/**
 * play_init() - Make room for frames
 * @p: to set up
 * @nr: frames
 * @khz: frequency of cap_cycles(CAP_CLOCK_TSC)
 */
void play_init(struct play *p, u32 nr, u32 khz)
{
	memset(p, 0, sizeof(*p));
	p->nr = nr;
	p->khz = khz;
	p->slot = need(calloc(nr, sizeof(*p->slot)));
	p->gap = need(calloc(nr, sizeof(*p->gap)));
	p->when = need(calloc(nr, sizeof(*p->when)));
	p->late = need(calloc(nr, sizeof(*p->late)));
	/* touched now and not by the player */
	memset(p->when, 1, nr * sizeof(*p->when));
}

/**
 * play_set() - Say what one frame is
 * @p: wire, not running
 * @i: number of the frame
 * @len: bytes
 * @gap_ps: picoseconds from the frame before
 */
void play_set(struct play *p, u32 i, u32 len, u64 gap_ps)
{
	p->slot[i] = (struct cap_frame){.data = buffer, .len = len};
	p->gap[i] = gap_ps * p->khz / 1000000000ull;
}

/**
 * play_line_ps() - What a frame takes on a full line
 * @len: bytes
 *
 * Return: picoseconds at 10 Gb/s.
 */
u64 play_line_ps(u32 len)
{
	return (u64)(len + WIRE_EXTRA) * LINE_PS_PER_BYTE;
}

static void *player(void *arg)
{
	struct play *p = arg;
	u64 jitter = (u64)JITTER_NS * p->khz / 1000000, late = (u64)LATE_NS * p->khz / 1000000;
	u64 due, now;
	u32 i;

	play_real_time();
	while (!smp_load_acquire(&p->go))
		;
	due = cap_cycles(CAP_CLOCK_TSC) + 20 * (u64)p->khz / 1000;
	for (i = 0; i < p->nr; i++) {
		due += p->gap[i];
		__builtin_prefetch(&p->when[i], 1);
		if (i + AHEAD < p->nr) {
			__builtin_prefetch(&p->gap[i + AHEAD]);
			__builtin_prefetch(&p->when[i + AHEAD], 1);
			__builtin_prefetch(&p->late[i + AHEAD], 1);
		}
		while ((now = cap_cycles(CAP_CLOCK_TSC)) < due)
			;
		p->when[i] = now;
		smp_store_release(&p->head, i + 1);
		p->late[i] = now - due > late;
		if (now - due > jitter)
			due = now;
	}
	return NULL;
}

/**
 * play_start() - Let it run
 * @p: wire; the caller polls at once
 */
void play_start(struct play *p)
{
	pthread_attr_t attr;
	cpu_set_t cpus;

	p->head = 0;
	p->next = 0;
	p->go = false;
	/* born there: on this CPU it would never get a turn */
	CPU_ZERO(&cpus);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof(cpus), &cpus);
	if (pthread_create(&p->thread, &attr, player, p)) {
		perror("bench: player");
		exit(1);
	}
	pthread_attr_destroy(&attr);
	smp_store_release(&p->go, true);
}

/**
 * play_stop() - All frames came: end the player
 * @p: wire
 */
void play_stop(struct play *p)
{
	pthread_join(p->thread, NULL);
}

/**
 * play_real_time() - Nobody shall take this thread's CPU
 *
 * Return: false when that is not allowed.
 */
bool play_real_time(void)
{
	const struct sched_param param = {.sched_priority = 10};

	return sched_setscheduler(0, SCHED_FIFO, &param) == 0;
}

static int rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	struct play *p = nicq;
	u64 n = play_waiting(p);

	if (n > (u64)max)
		n = max;
	memcpy(f, p->slot + p->next, n * sizeof(*f));
	p->next += n;
	return n;
}

static void rx_return(void *nicq, int n)
{
	(void)nicq;
	(void)n;
}

const struct cap_nic_ops play_ops = {.rx_borrow = rx_borrow, .rx_return = rx_return};
