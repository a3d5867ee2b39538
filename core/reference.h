/* SPDX-License-Identifier: GPL-2.0-only */
/* What our clock follows: CLOCK_REALTIME, TAI, or a PTP clock of the machine. */
#ifndef CAP_REFERENCE_H
#define CAP_REFERENCE_H

#include <linux/fs.h>
#include <linux/types.h>
#include <uapi/hpcap.h>

/**
 * struct cap_reference - a reference clock
 * @clock: enum hpcap_time_clock
 * @ptp: N of /dev/ptpN
 * @file: that device, held open; NULL for the other clocks
 */
struct cap_reference {
	u32 clock;
	u32 ptp;
	struct file *file;
};

int cap_reference_open(struct cap_reference *ref, u32 clock, u32 ptp);
void cap_reference_close(struct cap_reference *ref);
bool cap_reference_read(const struct cap_reference *ref, u64 *ns);
const char *cap_reference_name(const struct cap_reference *ref, char *buf, size_t size);

#endif /* CAP_REFERENCE_H */
