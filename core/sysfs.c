// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/misc/hpcap_<adapter>_<queue>/{time,dup}/: one value a file, in
 * words where the ABI has numbers. Written values are checked where those of
 * the ioctls are.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "glue.h"

static const char * const policies[] = { "kpt", "udts", "wdts", "adaptive", NULL };
static const char * const modes[] = { "off", "drop", "mark", NULL };
static const char * const keys[] = { "soft", "rss", NULL };
static const char * const fields[] = { "ttl", "checksum", "vlan", "mac", NULL };

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

static ssize_t set_time(struct device *dev, const struct hpcap_time *t, size_t count)
{
	int err = cap_time_set(queue_of(dev), t);

	return err ? err : count;
}

static ssize_t policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	return sysfs_emit(buf, "%s\n", policies[t.policy]);
}

static ssize_t policy_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	int i = __sysfs_match_string(policies, -1, buf);
	struct hpcap_time t;

	if (i < 0)
		return refuse(dev, attr, buf, "kpt, udts, wdts or adaptive");
	cap_time_get(queue_of(dev), &t);
	t.policy = i;
	return set_time(dev, &t, count);
}
static DEVICE_ATTR_RW(policy);

static ssize_t batch_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	return sysfs_emit(buf, "%u\n", t.batch);
}

static ssize_t batch_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	if (kstrtou32(buf, 10, &t.batch))
		return refuse(dev, attr, buf, "16..64");
	return set_time(dev, &t, count);
}
static DEVICE_ATTR_RW(batch);

static ssize_t clock_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct cap_reference ref = { 0 };
	struct hpcap_time t;
	char name[16];

	cap_time_get(queue_of(dev), &t);
	ref.clock = t.clock;
	ref.ptp = t.ptp;
	return sysfs_emit(buf, "%s\n", cap_reference_name(&ref, name, sizeof(name)));
}

static ssize_t clock_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	t.ptp = 0;
	if (sysfs_streq(buf, "realtime"))
		t.clock = HPCAP_CLOCK_REALTIME;
	else if (sysfs_streq(buf, "tai"))
		t.clock = HPCAP_CLOCK_TAI;
	else if (!strncmp(buf, "ptp", 3) && !kstrtou32(buf + 3, 10, &t.ptp))
		t.clock = HPCAP_CLOCK_PTP;
	else
		return refuse(dev, attr, buf, "realtime, tai or ptpN");
	return set_time(dev, &t, count);
}
static DEVICE_ATTR_RW(clock);

static ssize_t hw_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	return sysfs_emit(buf, "%d\n", !!(t.flags & HPCAP_TIME_HW));
}

static ssize_t hw_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	struct hpcap_time t;
	bool on;

	if (kstrtobool(buf, &on))
		return refuse(dev, attr, buf, "0 or 1");
	cap_time_get(queue_of(dev), &t);
	t.flags = on ? HPCAP_TIME_HW : 0;
	return set_time(dev, &t, count);
}
static DEVICE_ATTR_RW(hw);

static ssize_t error_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	return sysfs_emit(buf, "%lld\n", t.error);
}
static DEVICE_ATTR_RO(error_ns);

static ssize_t rate_ppb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_time t;

	cap_time_get(queue_of(dev), &t);
	return sysfs_emit(buf, "%lld\n", t.rate);
}
static DEVICE_ATTR_RO(rate_ppb);

static struct attribute *time_attrs[] = {
	&dev_attr_policy.attr, &dev_attr_batch.attr,	&dev_attr_clock.attr,
	&dev_attr_hw.attr,     &dev_attr_error_ns.attr, &dev_attr_rate_ppb.attr,
	NULL,
};

static const struct attribute_group time_group = { .name = "time", .attrs = time_attrs };

static ssize_t set_dup(struct device *dev, const struct hpcap_dup *d, size_t count)
{
	int err = cap_dup_set(queue_of(dev), d);

	return err ? err : count;
}

static ssize_t mode_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%s\n", modes[d.mode]);
}

static ssize_t mode_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	int i = __sysfs_match_string(modes, -1, buf);
	struct hpcap_dup d;

	if (i < 0)
		return refuse(dev, attr, buf, "off, drop or mark");
	cap_dup_get(queue_of(dev), &d);
	d.mode = i;
	return set_dup(dev, &d, count);
}
static DEVICE_ATTR_RW(mode);

static ssize_t key_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%s\n", keys[d.key]);
}

static ssize_t key_store(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count)
{
	int i = __sysfs_match_string(keys, -1, buf);
	struct hpcap_dup d;

	if (i < 0)
		return refuse(dev, attr, buf, "soft or rss");
	cap_dup_get(queue_of(dev), &d);
	d.key = i;
	return set_dup(dev, &d, count);
}
static DEVICE_ATTR_RW(key);

static ssize_t ignore_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;
	int i, len = 0;

	cap_dup_get(queue_of(dev), &d);
	for (i = 0; fields[i]; i++)
		if (d.ignore & BIT(i))
			len += sysfs_emit_at(buf, len, "%s%s", len ? "," : "", fields[i]);
	return len + sysfs_emit_at(buf, len, len ? "\n" : "none\n");
}

static ssize_t ignore_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	char text[64], *at = text, *word;
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	d.ignore = 0;
	strscpy(text, buf, sizeof(text));
	at = strim(text);
	while (!sysfs_streq(buf, "none") && (word = strsep(&at, ","))) {
		int i = match_string(fields, -1, word);

		if (i < 0)
			return refuse(dev, attr, buf, "none or some of ttl,checksum,vlan,mac");
		d.ignore |= BIT(i);
	}
	return set_dup(dev, &d, count);
}
static DEVICE_ATTR_RW(ignore);

/* Three numbers of one kind, told apart by their file's name. */
static u32 *number_of(struct hpcap_dup *d, const char *name)
{
	switch (*name) {
	case 'e':
		return &d->entries;
	case 'l':
		return &d->levels;
	default:
		return &d->bytes;
	}
}

static ssize_t number_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%u\n", *number_of(&d, attr->attr.name));
}

static ssize_t number_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	if (kstrtou32(buf, 10, number_of(&d, attr->attr.name)))
		return refuse(dev, attr, buf, "a number");
	return set_dup(dev, &d, count);
}

static struct device_attribute dev_attr_entries =
	__ATTR(entries, 0644, number_show, number_store);
static struct device_attribute dev_attr_levels =
	__ATTR(levels, 0644, number_show, number_store);
static struct device_attribute dev_attr_bytes =
	__ATTR(bytes, 0644, number_show, number_store);

static ssize_t window_us_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%llu\n", d.window / NSEC_PER_USEC);
}

static ssize_t window_us_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	struct hpcap_dup d;
	u32 us;

	cap_dup_get(queue_of(dev), &d);
	if (kstrtou32(buf, 10, &us))
		return refuse(dev, attr, buf, "1..60000000");
	d.window = (u64)us * NSEC_PER_USEC;
	return set_dup(dev, &d, count);
}
static DEVICE_ATTR_RW(window_us);

static ssize_t checked_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%llu\n", d.checked);
}
static DEVICE_ATTR_RO(checked);

static ssize_t found_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hpcap_dup d;

	cap_dup_get(queue_of(dev), &d);
	return sysfs_emit(buf, "%llu\n", d.found);
}
static DEVICE_ATTR_RO(found);

static struct attribute *dup_attrs[] = {
	&dev_attr_mode.attr,   &dev_attr_key.attr,	 &dev_attr_ignore.attr,
	&dev_attr_entries.attr, &dev_attr_levels.attr,	 &dev_attr_bytes.attr,
	&dev_attr_window_us.attr, &dev_attr_checked.attr, &dev_attr_found.attr,
	NULL,
};

static const struct attribute_group dup_group = { .name = "dup", .attrs = dup_attrs };

/* What a queue's device file has beside it. */
const struct attribute_group *cap_sysfs_groups[] = {
	&time_group, &dup_group, &cap_keep_group, &cap_ring_group, &cap_poll_group,
	&cap_send_group, NULL,
};
