// SPDX-License-Identifier: GPL-2.0-only
/* Entry, exit and parameters of the capture engine. */
#include <linux/module.h>

#include "glue.h"

static unsigned int ring_mb = 64;
module_param(ring_mb, uint, 0644);
MODULE_PARM_DESC(ring_mb, "ring of a new queue in MiB, from 1 up (default 64)");

static unsigned int poll_mode = HPCAP_POLL_ADAPTIVE;
module_param(poll_mode, uint, 0444);
MODULE_PARM_DESC(poll_mode, "how poll threads wait at first: 0 adaptive (default), 1 busy");

/**
 * cap_default_ring_size() - Size of a new queue's ring
 *
 * Return: bytes, a valid ring size.
 */
u64 cap_default_ring_size(void)
{
	return max_t(u64, (u64)READ_ONCE(ring_mb) << 20, HPCAP_RING_MIN);
}

/**
 * cap_default_poll_mode() - How a new queue's poll thread waits
 *
 * Return: enum hpcap_poll_mode.
 */
u32 cap_default_poll_mode(void)
{
	return poll_mode;
}

static int __init hpcap_core_init(void)
{
	if (poll_mode != HPCAP_POLL_ADAPTIVE && poll_mode != HPCAP_POLL_BUSY) {
		pr_err("hpcap_core: poll_mode %u: want 0 (adaptive) or 1 (busy)\n", poll_mode);
		return -EINVAL;
	}
	cap_file_wq = alloc_workqueue("hpcap", WQ_UNBOUND, 0);
	if (!cap_file_wq)
		return -ENOMEM;
	cap_debugfs_init();
	return 0;
}

static void __exit hpcap_core_exit(void)
{
	cap_debugfs_deinit();
	destroy_workqueue(cap_file_wq);
}

module_init(hpcap_core_init);
module_exit(hpcap_core_exit);

MODULE_DESCRIPTION("hpcap capture engine");
MODULE_LICENSE("GPL");
