/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The twin of core/core_env.h for user space: same guard, force-included, so
 * the pure files find this instead. What is missing here, they may not use.
 */
#ifndef CAP_CORE_ENV_H
#define CAP_CORE_ENV_H

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#define U16_MAX ((u16)~0u)
#define U32_MAX ((u32)~0u)
#define U64_MAX ((u64)~0ull)
#define BIT(n)	(1ul << (n))

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline    __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))

/* clang-format off */
#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define abs(a) ({ __typeof__(a) _a = (a); _a < 0 ? -_a : _a; })
/* clang-format on */
#define min_t(t, a, b)	      min((t)(a), (t)(b))
#define clamp_t(t, v, lo, hi) min_t(t, max((t)(v), (t)(lo)), hi)
#define max_t(t, a, b)	      max((t)(a), (t)(b))

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
/* TSan knows no fences; on x86 these two order compilers only, as in the kernel. */
#if defined(__x86_64__)
#define smp_wmb() __asm__ volatile("" ::: "memory")
#define smp_rmb() __asm__ volatile("" ::: "memory")
#else
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#endif

#define prefetch(p)    __builtin_prefetch(p)
#define prefetchw(p)   __builtin_prefetch(p, 1)
#define cpu_to_le32(x) htole32(x)
#define cpu_to_le64(x) htole64(x)

/* In a test, a broken invariant is a failure. */
#define WARN_ON_ONCE(x) (assert(!(x)), false)

#define div_u64(a, b)	((u64)(a) / (u32)(b))
#define div64_u64(a, b) ((u64)(a) / (u64)(b))
#define div64_s64(a, b) ((s64)(a) / (s64)(b))

static inline u64 div_u64_rem(u64 a, u32 b, u32 *rem)
{
	*rem = a % b;
	return a / b;
}

static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

enum cap_clock_source {
	CAP_CLOCK_KTIME = 0, /* here: a clock that the test turns by hand */
	CAP_CLOCK_TSC = 1,
};

extern u64 shim_ktime;

static __always_inline u64 cap_cycles(enum cap_clock_source source)
{
	if (unlikely(source == CAP_CLOCK_KTIME))
		return shim_ktime;
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
#endif
}

#endif /* CAP_CORE_ENV_H */
