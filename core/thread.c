// SPDX-License-Identifier: GPL-2.0-only
/*
 * The poll thread. Busy: looks for frames without pause while somebody
 * listens. Adaptive: sleeps until the NIC interrupts when there are none.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/topology.h>
#include <linux/wait.h>

#ifdef CONFIG_X86
#include <asm/cpufeature.h>
#include <asm/tsc.h>
#endif

#include "verbs.h"

/* Empty looks in a row before an adaptive thread goes to sleep. */
#define IDLE_LOOKS	32
/* A lost interrupt costs this at most. */
#define SLEEP_MAX	HZ
/* Of so many readings the closest pair of counter and time is taken. */
#define CLOCK_TRIES	4

static_assert(sizeof(long) == 8, "positions are 64-bit words, read and written whole");

static enum cap_clock_source best_source(u32 *khz)
{
#ifdef CONFIG_X86
	if (boot_cpu_has(X86_FEATURE_CONSTANT_TSC) && boot_cpu_has(X86_FEATURE_NONSTOP_TSC) &&
	    !check_tsc_unstable() && tsc_khz >= CAP_CLOCK_MIN_KHZ) {
		*khz = tsc_khz;
		return CAP_CLOCK_TSC;
	}
#endif
	*khz = NSEC_PER_MSEC;
	return CAP_CLOCK_KTIME;
}

/* Counter and reference of one moment; false: the reference does not answer. */
static bool read_pair(const struct cap_reference *ref, enum cap_clock_source source,
		      u64 *cycles, u64 *ref_ns)
{
	u64 best = U64_MAX;
	int i;

	for (i = 0; i < CLOCK_TRIES; i++) {
		u64 before = cap_cycles(source), ns, width;

		if (!cap_reference_read(ref, &ns))
			return false;
		width = cap_cycles(source) - before;
		if (width < best) {
			best = width;
			*cycles = before + width / 2;
			*ref_ns = ns;
		}
	}
	return true;
}

static const struct cap_reference realtime = { .clock = HPCAP_CLOCK_REALTIME };

/* A PTP clock that went away: our time goes on at the speed it had. */
static bool lost(struct cap_queue *q)
{
	char name[16];

	if (!q->ref_lost)
		pr_warn("%s: %s does not answer, its time is continued\n", q->name,
			cap_reference_name(&q->reference, name, sizeof(name)));
	q->ref_lost = true;
	return q->poll.clock.rate;
}

/* Follow the reference; change counters when the TSC turns out to be bad. */
static void sync_clock(struct cap_queue *q)
{
	struct cap_clock *c = &q->poll.clock;
	u64 cycles = 0, ns = 0;
	char name[16];
	u32 khz;
	enum cap_clock_source source = best_source(&khz);

	if (!read_pair(&q->reference, source, &cycles, &ns)) {
		if (lost(q))
			return;
		read_pair(&realtime, source, &cycles, &ns);
	}
	if (!c->rate || source != c->source)
		cap_clock_init(c, source, khz, cycles, ns);
	else if (cap_clock_sync(c, cycles, ns))
		pr_notice("%s: %s stepped by %lld ns\n", q->name,
			  cap_reference_name(&q->reference, name, sizeof(name)), c->error);
}

/* Follow the NIC's counter by our own clock, which follows the reference. */
static void sync_hwclock(struct cap_queue *q)
{
	struct cap_hwclock *h = &q->poll.hwclock;
	u64 best = U64_MAX, raw = 0, at = 0;
	int i;

	for (i = 0; i < CLOCK_TRIES; i++) {
		u64 before = cap_clock_now(&q->poll.clock), now, width;

		if (!q->poll.ops->read_clock(q->poll.nicq, &now))
			return;
		width = cap_clock_now(&q->poll.clock) - before;
		if (width < best) {
			best = width;
			at = before + width / 2;
			raw = now;
		}
	}
	if (!h->mask)
		cap_hwclock_init(h, q->hw_bits, q->hw_khz, raw, at);
	else
		cap_hwclock_sync(h, raw, at);
}

static void sync_all(struct cap_queue *q)
{
	sync_clock(q);
	if (q->poll.options & CAP_OPT_HW_TIME)
		sync_hwclock(q);
}

static void tell_evicted(struct cap_queue *q, u64 how_many)
{
	pr_warn_ratelimited("%s: %llu listeners evicted so far: one held the full ring too long\n",
			    q->name, how_many);
}

/* One step; returns what cap_poll_step() returns. */
static int step(struct cap_queue *q)
{
	u64 evicted = q->poll.listeners.nr_evicted;
	u32 wake = 0;
	int n;

	spin_lock(&q->lock);
	q->poll.now_ns = jiffies64_to_nsecs(get_jiffies_64());
	n = cap_poll_step(&q->poll, &wake);
	q->poll.stats.clock_steps = q->poll.clock.steps;
	q->poll.stats.clock_error = abs(q->poll.clock.error);
	if (unlikely(wake))
		cap_queue_wake(q, wake, EPOLLIN | EPOLLRDNORM);
	spin_unlock(&q->lock);
	if (unlikely(q->poll.listeners.nr_evicted != evicted))
		tell_evicted(q, q->poll.listeners.nr_evicted);
	return n;
}

static void sample(struct cap_queue *q)
{
	spin_lock(&q->lock);
	q->poll.now_ns = jiffies64_to_nsecs(get_jiffies_64());
	cap_poll_sample(&q->poll);
	spin_unlock(&q->lock);
}

static void count_sleep(struct cap_queue *q)
{
	spin_lock(&q->lock);
	q->poll.stats.sleeps++;
	spin_unlock(&q->lock);
}

static bool may_doze(struct cap_queue *q)
{
	return READ_ONCE(q->mode) == HPCAP_POLL_ADAPTIVE ||
	       !READ_ONCE(q->poll.listeners.nr_active);
}

/* Wait for the NIC's interrupt, a request, or the end. */
static void doze(struct cap_queue *q)
{
	const struct cap_nic_ops *ops = q->poll.ops;

	/* pairs with the lock inside wake_up() of cap_queue_kick(): what was
	 * changed before a kick that is forgotten here is seen below
	 */
	smp_store_mb(q->kicked, false);
	if (!may_doze(q))
		return;
	if (ops->irq_arm(q->poll.nicq)) {
		ops->irq_disarm(q->poll.nicq);
		return;
	}
	count_sleep(q);
	wait_event_idle_timeout(q->idle, READ_ONCE(q->kicked) || kthread_should_stop(),
				SLEEP_MAX);
	cap_poll_woken(&q->poll);
	ops->irq_disarm(q->poll.nicq);
}

/* The NIC is gone: the driver will stop us, and nothing more is asked of it. */
static void wait_for_stop(struct cap_queue *q, int err)
{
	pr_warn("%s: the NIC is gone (%d), capture stopped\n", q->name, err);
	cap_queue_set_state(q, 0);
	wait_event_idle(q->idle, kthread_should_stop());
}

static int poll_thread(void *arg)
{
	struct cap_queue *q = arg;
	unsigned long sync_at = jiffies;
	unsigned int idle = 0;
	int n = 0;

	while (!kthread_should_stop()) {
		if (time_after_eq(jiffies, sync_at)) {
			sync_all(q);
			sample(q);
			sync_at = jiffies + nsecs_to_jiffies(CAP_CLOCK_SYNC_NS);
		}
		n = step(q);
		if (n < 0)
			break;
		if (n) {
			idle = 0;
		} else if (++idle >= IDLE_LOOKS) {
			doze(q);
			idle = 0;
		} else {
			cpu_relax();
		}
		cond_resched_tasks_rcu_qs();
	}
	if (n < 0)
		wait_for_stop(q, n);
	return 0;
}

static int pin(struct task_struct *thread, s32 cpu, int node)
{
	if (cpu >= 0)
		return set_cpus_allowed_ptr(thread, cpumask_of(cpu));
	if (node != NUMA_NO_NODE && cpumask_intersects(cpumask_of_node(node), cpu_online_mask))
		return set_cpus_allowed_ptr(thread, cpumask_of_node(node));
	return set_cpus_allowed_ptr(thread, cpu_possible_mask);
}

/**
 * cap_thread_start() - Start the poll thread of a queue
 * @q: queue, not running
 *
 * Context: q->mutex held; may sleep.
 * Return: 0; -ENOMEM, -EINTR as kthread_create_on_node().
 */
int cap_thread_start(struct cap_queue *q)
{
	struct task_struct *thread;

	thread = kthread_create_on_node(poll_thread, q, q->node, "%s", q->name);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	/* a CPU that went away since it was chosen: any other will do */
	if (pin(thread, q->cpu, q->node)) {
		q->cpu = -1;
		pin(thread, -1, NUMA_NO_NODE);
	}
	q->thread = thread;
	wake_up_process(thread);
	return 0;
}

/**
 * cap_thread_stop() - Stop the poll thread
 * @q: queue; nothing happens when it is not running
 *
 * No function of the NIC runs any more when this returns.
 *
 * Context: q->mutex held; may sleep.
 */
void cap_thread_stop(struct cap_queue *q)
{
	if (!q->thread)
		return;
	kthread_stop(q->thread);
	q->thread = NULL;
}

/**
 * cap_thread_set() - How the thread waits, and where it runs
 * @q: queue, running or not
 * @mode: enum hpcap_poll_mode
 * @cpu: CPU to pin it to, -1 for any of the NIC's node
 *
 * Context: q->mutex held; may sleep.
 * Return: 0; -EINVAL unknown mode or CPU not online, nothing changed then.
 */
int cap_thread_set(struct cap_queue *q, u32 mode, s32 cpu)
{
	if (mode != HPCAP_POLL_ADAPTIVE && mode != HPCAP_POLL_BUSY) {
		cap_refuse(q, "poll mode %u: want 0 (adaptive) or 1 (busy)", mode);
		return -EINVAL;
	}
	if (cpu < -1 || (cpu >= 0 && ((u32)cpu >= nr_cpu_ids || !cpu_online(cpu)))) {
		cap_refuse(q, "CPU %d: want -1 (any) or an online one below %u", cpu, nr_cpu_ids);
		return -EINVAL;
	}
	if (q->thread && pin(q->thread, cpu, q->node))
		return -EINVAL;
	q->cpu = cpu;
	WRITE_ONCE(q->mode, mode);
	cap_queue_kick(q);
	return 0;
}
