// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts about disks, and who uses them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host.h"

/* Disks that are no hardware, or that nobody stores on. */
static bool is_no_disk(const char *name)
{
	static const char *const not[] = {"loop", "ram", "zram", "dm-",
					  "md",	  "sr",	 "fd",	 "nbd"};

	for (size_t i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (!strncmp(name, not[i], strlen(not[i])))
			return true;
	return false;
}

/* Trailing blanks, as SCSI pads its names with, go. */
static void trim(char *text)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		text[--n] = '\0';
}

/* The last word of the device's path that looks like a PCI address. */
static void controller_of(const char *name, char bdf[HOST_BDF])
{
	char path[4096], real[PATH_MAX], *part, *rest = real;

	*bdf = '\0';
	sysfs_path(path, "/sys/class/block/%s", name);
	if (!realpath(path, real))
		return;
	while ((part = strsep(&rest, "/"))) {
		unsigned int d, b, s, f;
		int used = 0;

		if (sscanf(part, "%4x:%2x:%2x.%1x%n", &d, &b, &s, &f, &used) == 4 &&
		    !part[used])
			snprintf(bdf, HOST_BDF, "%.15s", part);
	}
}

static bool first_holder(const char *name, void *arg)
{
	snprintf(arg, HOST_TEXT, "held by %.60s", name);
	return false;
}

/* Whether the second word of a line of a proc table is this device. */
static bool in_table(const char *table, const char *dev, char *word, size_t size)
{
	char path[4096], line[4096], first[512], second[512];
	bool found = false;
	FILE *f;

	sysfs_path(path, "%s", table);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%511s %511s", first, second) != 2 || strcmp(first, dev))
			continue;
		found = true;
		snprintf(word, size, "%.*s", (int)size - 1, second);
	}
	fclose(f);
	return found;
}

/* Member of a pool or array that is not assembled now: udev looked into it. */
static bool is_member(const char *name, char use[HOST_TEXT])
{
	static const char *const kinds[] = {"zfs_member", "LVM2_member", "linux_raid_member"};

	char dev[32], path[4096], line[512];
	FILE *f;

	if (!sysfs_read(dev, sizeof(dev), "/sys/class/block/%s/dev", name))
		return false;
	sysfs_path(path, "/run/udev/data/b%s", dev);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!*use && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (!strncmp(line, "E:ID_FS_TYPE=", 13) && !strcmp(line + 13, kinds[i]))
				snprintf(use, HOST_TEXT, "in use as %s", kinds[i]);
	}
	fclose(f);
	return *use;
}

/* Mounted under another name of it, such as a mapped root: by its number. */
static bool is_mounted(const char *name, char use[HOST_TEXT])
{
	char dev[32], path[4096], line[4096], number[32], where[512];
	FILE *f;

	if (!sysfs_read(dev, sizeof(dev), "/sys/class/block/%s/dev", name))
		return false;
	sysfs_path(path, "/proc/self/mountinfo");
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!*use && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*s %*s %31s %*s %511s", number, where) == 2 &&
		    !strcmp(number, dev))
			snprintf(use, HOST_TEXT, "mounted at %.63s", where);
	fclose(f);
	return *use;
}

/* Who uses this disk or partition; "" for nobody. */
static void use_of(const char *name, char use[HOST_TEXT])
{
	char path[4096], dev[64], where[64];

	*use = '\0';
	snprintf(dev, sizeof(dev), "/dev/%.50s", name);
	if (in_table("/proc/self/mounts", dev, where, sizeof(where)) ||
	    in_table("/proc/mounts", dev, where, sizeof(where)))
		snprintf(use, HOST_TEXT, "mounted at %.63s", where);
	else if (in_table("/proc/swaps", dev, where, sizeof(where)))
		snprintf(use, HOST_TEXT, "swap");
	if (*use || is_mounted(name, use))
		return;
	snprintf(path, sizeof(path), "/sys/class/block/%.60s/holders", name);
	sysfs_each(path, first_holder, use);
	if (!*use)
		is_member(name, use);
}

bool host_block_use(const struct host *h, const char *name, char use[HOST_TEXT])
{
	char disk[64];

	use_of(name, use);
	for (unsigned int i = 0; !*use && i < h->nr_disks; i++) {
		const char *whole = h->disk[i].name;

		if (!strcmp(whole, name)) {
			snprintf(use, HOST_TEXT, "%s", h->disk[i].use);
		} else if (sysfs_exists("/sys/class/block/%s/%s/partition", whole, name)) {
			snprintf(disk, sizeof(disk), "%s", whole);
			use_of(disk, use);
		}
	}
	return *use;
}

static bool one_partition(const char *name, void *arg)
{
	struct host_disk *d = arg;

	if (strncmp(name, d->name, strlen(d->name)) ||
	    !sysfs_exists("/sys/class/block/%s/partition", name))
		return true;
	use_of(name, d->use);
	return !*d->use;
}

static bool one_disk(const char *name, void *arg)
{
	struct host *h = arg;
	struct host_disk *d = &h->disk[h->nr_disks];
	char path[128];

	if (is_no_disk(name) || strlen(name) >= sizeof(d->name) ||
	    sysfs_exists("/sys/class/block/%s/partition", name))
		return true;
	snprintf(d->name, sizeof(d->name), "%.31s", name);
	d->bytes = (uint64_t)sysfs_number(0, "/sys/class/block/%s/size", name) * 512;
	d->rotational = sysfs_number(0, "/sys/class/block/%s/queue/rotational", name) == 1;
	sysfs_read(d->model, sizeof(d->model), "/sys/class/block/%s/device/model", name);
	trim(d->model);
	if (!sysfs_read(d->serial, sizeof(d->serial), "/sys/class/block/%s/device/serial",
			name))
		sysfs_read(d->serial, sizeof(d->serial), "/sys/class/block/%s/serial", name);
	trim(d->serial);
	controller_of(name, d->bdf);
	use_of(name, d->use);
	snprintf(path, sizeof(path), "/sys/class/block/%.31s", name);
	if (!*d->use)
		sysfs_each(path, one_partition, d);
	h->nr_disks++;
	return h->nr_disks < HOST_MAX_DISKS;
}

void host_read_disks(struct host *h)
{
	sysfs_each("/sys/class/block", one_disk, h);
}
