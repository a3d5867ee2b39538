// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/misc/hpcap_<adapter>_<queue>/{keep,ring}/: what is stored, and the
 * ring as memory. One value a file; written values are checked where those of
 * the ioctls are.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "filter.h"
#include "verbs.h"

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

static ssize_t show_keep(struct device *dev, char *buf, size_t field)
{
	struct hpcap_keep k;

	cap_queue_get_keep(queue_of(dev), &k);
	return sysfs_emit(buf, "%u\n", *(u32 *)((char *)&k + field));
}

static ssize_t store_keep(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count, size_t field)
{
	struct cap_queue *q = queue_of(dev);
	struct hpcap_keep k;
	int err;

	cap_queue_get_keep(q, &k);
	if (kstrtou32(buf, 10, (u32 *)((char *)&k + field)))
		return refuse(dev, attr, buf, "a number");
	err = cap_queue_set_keep(q, &k);
	return err ? err : count;
}

enum {
	at_caplen = offsetof(struct hpcap_keep, caplen),
	at_flow_bytes = offsetof(struct hpcap_keep, flow_bytes),
	at_flow_idle = offsetof(struct hpcap_keep, flow_idle),
	at_flow_slots = offsetof(struct hpcap_keep, flow_slots),
};

#define KEEP(field)                                                                         \
static ssize_t field##_show(struct device *dev, struct device_attribute *attr, char *buf)   \
{                                                                                           \
	return show_keep(dev, buf, at_##field);                                             \
}                                                                                           \
static ssize_t field##_store(struct device *dev, struct device_attribute *attr,             \
			     const char *buf, size_t count)                                 \
{                                                                                           \
	return store_keep(dev, attr, buf, count, at_##field);                               \
}                                                                                           \
static DEVICE_ATTR_RW(field)

KEEP(caplen);
KEEP(flow_bytes);
KEEP(flow_idle);
KEEP(flow_slots);

static ssize_t headers_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_keep k;

	cap_queue_get_keep(queue_of(dev), &k);
	return sysfs_emit(buf, "%d\n", !!(k.flags & HPCAP_KEEP_HEADERS));
}

static ssize_t headers_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct cap_queue *q = queue_of(dev);
	struct hpcap_keep k;
	bool on;
	int err;

	if (kstrtobool(buf, &on))
		return refuse(dev, attr, buf, "0 or 1");
	cap_queue_get_keep(q, &k);
	k.flags = on ? k.flags | HPCAP_KEEP_HEADERS : k.flags & ~HPCAP_KEEP_HEADERS;
	err = cap_queue_set_keep(q, &k);
	return err ? err : count;
}
static DEVICE_ATTR_RW(headers);

static ssize_t filter_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct cap_queue *q = queue_of(dev);
	ssize_t n;

	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	n = sysfs_emit(buf, "%s\n", cap_prog_text(q->prog));
	mutex_unlock(&q->mutex);
	return n;
}
static DEVICE_ATTR_RO(filter);

static ssize_t evict_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 ns = READ_ONCE(queue_of(dev)->poll.listeners.evict_ns);

	return sysfs_emit(buf, "%llu\n", div_u64(ns, NSEC_PER_MSEC));
}

static ssize_t evict_ms_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	u64 ms;
	int err;

	if (kstrtou64(buf, 10, &ms))
		return refuse(dev, attr, buf, "milliseconds");
	err = cap_queue_set_evict(queue_of(dev), ms);
	return err ? err : count;
}
static DEVICE_ATTR_RW(evict_ms);

static ssize_t size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_buffer b;

	cap_queue_get_buffer(queue_of(dev), &b);
	return sysfs_emit(buf, "%llu\n", b.size);
}

static ssize_t size_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	u64 size;
	int err;

	if (kstrtou64(buf, 10, &size))
		return refuse(dev, attr, buf, "bytes");
	err = cap_queue_set_ring(queue_of(dev), size, false);
	return err ? err : count;
}
static DEVICE_ATTR_RW(size);

static ssize_t used_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_buffer b;

	cap_queue_get_buffer(queue_of(dev), &b);
	return sysfs_emit(buf, "%llu\n", b.used);
}
static DEVICE_ATTR_RO(used);

static ssize_t high_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_buffer b;

	cap_queue_get_buffer(queue_of(dev), &b);
	return sysfs_emit(buf, "%llu\n", b.high);
}
static DEVICE_ATTR_RO(high);

static struct attribute *keep_attrs[] = {
	&dev_attr_caplen.attr,	   &dev_attr_headers.attr,    &dev_attr_flow_bytes.attr,
	&dev_attr_flow_idle.attr,  &dev_attr_flow_slots.attr, &dev_attr_filter.attr,
	&dev_attr_evict_ms.attr,   NULL,
};

static struct attribute *ring_attrs[] = {
	&dev_attr_size.attr, &dev_attr_used.attr, &dev_attr_high.attr, NULL,
};

const struct attribute_group cap_keep_group = { .name = "keep", .attrs = keep_attrs };
const struct attribute_group cap_ring_group = { .name = "ring", .attrs = ring_attrs };
