// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference clocks. The kernel hands a PTP clock to no other module, so the
 * device is opened as a program would open it, and asked through the structure
 * that every PTP clock registers.
 */
#include <linux/cdev.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/posix-clock.h>
#include <linux/timekeeping.h>

#include "reference.h"

/* Device number of a PTP clock as sysfs has it; 0: there is none. */
static dev_t ptp_number(u32 n)
{
	unsigned int major, minor;
	char text[48];
	struct file *f;
	loff_t pos = 0;
	ssize_t len;

	snprintf(text, sizeof(text), "/sys/class/ptp/ptp%u/dev", n);
	f = filp_open(text, O_RDONLY, 0);
	if (IS_ERR(f))
		return 0;
	len = -ENODEV;
	if (file_inode(f)->i_sb->s_magic == SYSFS_MAGIC)
		len = kernel_read(f, text, sizeof(text) - 1, &pos);
	fput(f);
	if (len <= 0)
		return 0;
	text[len] = 0;
	return sscanf(text, "%u:%u", &major, &minor) == 2 ? MKDEV(major, minor) : 0;
}

static struct posix_clock *clock_of(const struct file *f)
{
	return container_of(file_inode(f)->i_cdev, struct posix_clock, cdev);
}

static bool read_ptp(const struct file *f, u64 *ns)
{
	struct posix_clock *clk = clock_of(f);
	struct timespec64 ts;
	int err = -ENODEV;

	down_read(&clk->rwsem);
	if (!clk->zombie && clk->ops.clock_gettime)
		err = clk->ops.clock_gettime(clk, &ts);
	up_read(&clk->rwsem);
	if (!err)
		*ns = timespec64_to_ns(&ts);
	return !err;
}

static struct file *open_ptp(u32 n)
{
	dev_t number = ptp_number(n);
	struct file *f;
	char path[24];

	if (!number)
		return ERR_PTR(-ENODEV);
	snprintf(path, sizeof(path), "/dev/ptp%u", n);
	f = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(f))
		return f;
	/* what stands under that name must be that clock and nothing else */
	if (!S_ISCHR(file_inode(f)->i_mode) || file_inode(f)->i_rdev != number) {
		fput(f);
		return ERR_PTR(-ENODEV);
	}
	return f;
}

/**
 * cap_reference_open() - Get hold of a reference clock
 * @ref: filled in
 * @clock: enum hpcap_time_clock
 * @ptp: N of /dev/ptpN for HPCAP_CLOCK_PTP
 *
 * Context: process that asks for it, for /dev and /sys are as it sees them; may
 * sleep.
 * Return: 0; -ENODEV no such PTP clock, or it does not answer; -EACCES.
 */
int cap_reference_open(struct cap_reference *ref, u32 clock, u32 ptp)
{
	struct file *f;
	u64 ns;

	*ref = (struct cap_reference){ .clock = clock };
	if (clock != HPCAP_CLOCK_PTP)
		return 0;
	f = open_ptp(ptp);
	if (IS_ERR(f))
		return PTR_ERR(f) == -EACCES ? -EACCES : -ENODEV;
	if (!read_ptp(f, &ns)) {
		fput(f);
		return -ENODEV;
	}
	ref->ptp = ptp;
	ref->file = f;
	return 0;
}

/**
 * cap_reference_close() - Let a reference clock go
 * @ref: from cap_reference_open()
 */
void cap_reference_close(struct cap_reference *ref)
{
	if (ref->file)
		fput(ref->file);
	ref->file = NULL;
}

/**
 * cap_reference_read() - What time is it?
 * @ref: open
 * @ns: nanoseconds since 1970, or of the PTP clock's own epoch
 *
 * Context: process; a PTP clock may sleep.
 * Return: false when the PTP clock is gone.
 */
bool cap_reference_read(const struct cap_reference *ref, u64 *ns)
{
	switch (ref->clock) {
	case HPCAP_CLOCK_PTP:
		return read_ptp(ref->file, ns);
	case HPCAP_CLOCK_TAI:
		*ns = ktime_get_clocktai_ns();
		return true;
	default:
		*ns = ktime_get_real_ns();
		return true;
	}
}

/**
 * cap_reference_name() - A reference clock's name
 * @ref: open
 * @buf: room for a name that has a number in it
 * @size: of that room
 *
 * Return: realtime, tai or ptpN.
 */
const char *cap_reference_name(const struct cap_reference *ref, char *buf, size_t size)
{
	if (ref->clock == HPCAP_CLOCK_REALTIME)
		return "realtime";
	if (ref->clock == HPCAP_CLOCK_TAI)
		return "tai";
	snprintf(buf, size, "ptp%u", ref->ptp);
	return buf;
}
