/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only list of kernel facilities that the pure files may use. Its twin
 * for user space is tests/shim/core_env.h: same guard, read first by the
 * compiler there, so that a pure file cannot tell the two worlds apart.
 */
#ifndef CAP_CORE_ENV_H
#define CAP_CORE_ENV_H

#include <linux/build_bug.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/prefetch.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

/* Where a queue's clock counts: see struct cap_clock. */
enum cap_clock_source {
	CAP_CLOCK_KTIME = 0,	/* ktime_get_raw_ns(), anywhere */
	CAP_CLOCK_TSC = 1,	/* the CPU's counter, where it is reliable */
};

/* The one clock reading that pure code may do; counts, not nanoseconds. */
static __always_inline u64 cap_cycles(enum cap_clock_source source)
{
	return likely(source == CAP_CLOCK_TSC) ? get_cycles() : ktime_get_raw_ns();
}

#endif /* CAP_CORE_ENV_H */
