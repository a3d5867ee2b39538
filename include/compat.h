/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes older kernels look like the newest. Force-included by each Kbuild; the
 * only place that compares kernel versions. Each entry says since when it is
 * not needed.
 */
#ifndef HPCAP_COMPAT_H
#define HPCAP_COMPAT_H

#include <linux/version.h>

/* 6.3: vm_flags are changed by functions. Goes with kernel 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define vm_flags_set(vma, flags)	((vma)->vm_flags |= (flags))
#define vm_flags_clear(vma, flags)	((vma)->vm_flags &= ~(flags))
#endif

/* 6.6: a dump's attributes stand in a struct genl_info. Goes with kernel 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

/* 6.11: what the kernel keeps of time stamping has a name of its own. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define kernel_ethtool_ts_info	ethtool_ts_info
#endif

#endif /* HPCAP_COMPAT_H */
