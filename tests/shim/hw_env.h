/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The twin of hw/hw_env.h for user space: same guard, force-included. Every
 * register access and every sleep ends in tests/fake_mbox.c.
 */
#ifndef HW_ENV_H
#define HW_ENV_H

#include "core_env.h"

#define __iomem
#define GENMASK(h, l)	    ((~0ul << (l)) & (~0ul >> (63 - (h))))
#define FIELD_PREP(mask, v) ((u32)(((u64)(v) << __builtin_ctzl(mask)) & (mask)))
#define FIELD_GET(mask, v)  ((u32)(((u64)(v) & (mask)) >> __builtin_ctzl(mask)))
#define S32_MAX		    ((s32)0x7fffffff)
#define ARRAY_SIZE(a)	    (sizeof(a) / sizeof((a)[0]))
#define lower_32_bits(x)    ((u32)(x))
#define upper_32_bits(x)    ((u32)((u64)(x) >> 32))
#define le16_to_cpu(x)	    le16toh(x)
#define cpu_to_le16(x)	    htole16(x)
#define le32_to_cpu(x)	    le32toh(x)
#define le64_to_cpu(x)	    le64toh(x)
#define GENMASK_ULL(h, l)   GENMASK(h, l)
#define dma_rmb()	    __atomic_thread_fence(__ATOMIC_ACQUIRE)

typedef struct {
	int counter;
} atomic_t;

#define atomic_set(v, i)	  __atomic_store_n(&(v)->counter, (i), __ATOMIC_RELAXED)
#define atomic_read(v)		  __atomic_load_n(&(v)->counter, __ATOMIC_RELAXED)
#define atomic_or(i, v)		  __atomic_fetch_or(&(v)->counter, (i), __ATOMIC_RELAXED)
#define atomic_fetch_andnot(i, v) __atomic_fetch_and(&(v)->counter, ~(i), __ATOMIC_SEQ_CST)

u32 readl(const volatile void *addr);
void writel(u32 v, volatile void *addr);
void usleep_range(unsigned long least_us, unsigned long most_us);
void msleep(unsigned int ms);

#endif /* HW_ENV_H */
