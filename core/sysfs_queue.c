// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/misc/hpcap_<adapter>_<queue>/{poll,send}/: how the poll thread waits,
 * and what was forwarded through the queue's interface. Written values are
 * checked where those of the ioctls are.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "glue.h"

static const char * const modes[] = { "adaptive", "busy", NULL };

static struct cap_queue *queue_of(struct device *dev)
{
	struct miscdevice *misc = dev_get_drvdata(dev);

	return container_of(misc, struct cap_queue, misc);
}

static ssize_t refuse(struct device *dev, struct device_attribute *attr, const char *buf,
		      const char *want)
{
	dev_warn_ratelimited(dev, "%s: %.32s refused; want %s\n", attr->attr.name, buf, want);
	return -EINVAL;
}

/* Another way to wait, or another CPU: NULL is as it was. */
static ssize_t set_poll(struct device *dev, const u32 *mode, const s32 *cpu, size_t count)
{
	struct cap_queue *q = queue_of(dev);
	int err;

	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	err = q->gone ? -ENODEV : cap_thread_set(q, mode ? *mode : q->mode, cpu ? *cpu : q->cpu);
	mutex_unlock(&q->mutex);
	return err ? err : count;
}

static ssize_t mode_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", modes[READ_ONCE(queue_of(dev)->mode)]);
}

static ssize_t mode_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	int i = __sysfs_match_string(modes, -1, buf);
	u32 mode = i;

	if (i < 0)
		return refuse(dev, attr, buf, "adaptive or busy");
	return set_poll(dev, &mode, NULL, count);
}
static DEVICE_ATTR_RW(mode);

static ssize_t cpu_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(queue_of(dev)->cpu));
}

static ssize_t cpu_store(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count)
{
	s32 cpu;

	if (kstrtos32(buf, 10, &cpu))
		return refuse(dev, attr, buf, "an online CPU, or -1 for any");
	return set_poll(dev, NULL, &cpu, count);
}
static DEVICE_ATTR_RW(cpu);

static ssize_t sent_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", (u64)atomic64_read(&queue_of(dev)->sent));
}
static DEVICE_ATTR_RO(sent);

static ssize_t failed_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", (u64)atomic64_read(&queue_of(dev)->send_failed));
}
static DEVICE_ATTR_RO(failed);

static struct attribute *poll_attrs[] = {
	&dev_attr_mode.attr, &dev_attr_cpu.attr, NULL,
};

static struct attribute *send_attrs[] = {
	&dev_attr_sent.attr, &dev_attr_failed.attr, NULL,
};

const struct attribute_group cap_poll_group = { .name = "poll", .attrs = poll_attrs };
const struct attribute_group cap_send_group = { .name = "send", .attrs = send_attrs };
