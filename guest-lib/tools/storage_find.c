// SPDX-License-Identifier: GPL-2.0-or-later
/* Block devices of this machine, and who uses them, out of /sys and /proc. */
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "storage.h"

const char *storage_root = "";

static void below(char out[PATH_MAX], const char *fmt, va_list ap)
{
	int n = snprintf(out, PATH_MAX, "%s", storage_root);

	vsnprintf(out + n, PATH_MAX - (size_t)n, fmt, ap);
}

bool storage_read(char *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	below(path, fmt, ap);
	va_end(ap);
	*out = '\0';
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fgets(out, (int)size, f))
		*out = '\0';
	fclose(f);
	out[strcspn(out, "\n")] = '\0';
	return *out;
}

static uint64_t number(const char *name, const char *file)
{
	char text[32];

	storage_read(text, sizeof(text), "/sys/class/block/%s/%s", name, file);
	return strtoull(text, NULL, 10);
}

__attribute__((format(printf, 1, 2))) static bool exists(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	below(path, fmt, ap);
	va_end(ap);
	return !access(path, F_OK);
}

/* Blanks at both ends go, as SCSI pads its texts; so does what cannot be printed. */
static void tidy(char *text)
{
	size_t from = strspn(text, " "), n = 0, i;

	for (i = from; text[i]; i++)
		if (isprint((unsigned char)text[i]))
			text[n++] = text[i];
	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
}

/* SCSI: page 0x80, four bytes of header and the number. */
static bool scsi_serial(const char *name, char *out, size_t size)
{
	char path[PATH_MAX];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/device/vpd_pg80", storage_root,
		 name);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(out, 1, size - 1, f);
	fclose(f);
	out[n] = '\0';
	if (n <= 4)
		return false;
	memmove(out, out + 4, n - 3);
	tidy(out);
	return *out;
}

static void find_serial(struct volume *v)
{
	static const char *const file[] = {"serial", "device/serial", "wwid", "device/wwid"};

	if (scsi_serial(v->name, v->serial, sizeof(v->serial)))
		return;
	for (size_t i = 0; i < sizeof(file) / sizeof(file[0]) && !*v->serial; i++) {
		storage_read(v->serial, sizeof(v->serial), "/sys/class/block/%s/%s", v->name,
			     file[i]);
		tidy(v->serial);
	}
}

/* The last word of the device's path that looks like a PCI address. */
static void find_controller(struct volume *v)
{
	char path[PATH_MAX], real[PATH_MAX], *part, *rest = real;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s", storage_root, v->name);
	if (!realpath(path, real))
		return;
	while ((part = strsep(&rest, "/"))) {
		unsigned int d, b, s, f;
		int used = 0;

		if (sscanf(part, "%4x:%2x:%2x.%1x%n", &d, &b, &s, &f, &used) == 4 &&
		    !part[used])
			snprintf(v->controller, sizeof(v->controller), "%.15s", part);
	}
}

/* Where a device is mounted: mountinfo has its number third, the place fifth. */
static void find_mount(struct volume *v)
{
	char dev[32], path[PATH_MAX], line[4096], number[32], place[STORAGE_TEXT];
	FILE *f;

	if (!storage_read(dev, sizeof(dev), "/sys/class/block/%s/dev", v->name))
		return;
	snprintf(path, sizeof(path), "%s/proc/self/mountinfo", storage_root);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %*s %31s %*s %191s", number, place) == 2 &&
		    !strcmp(number, dev))
			snprintf(v->mount, sizeof(v->mount), "%s", place);
	}
	if (f)
		fclose(f);
	if (*v->mount)
		snprintf(v->user, sizeof(v->user), "mounted at %.170s", v->mount);
}

static void find_swap(struct volume *v)
{
	char path[PATH_MAX], line[4096];
	size_t n = strlen(v->path);
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/swaps", storage_root);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, v->path, n) && (line[n] == ' ' || line[n] == '\t'))
			snprintf(v->user, sizeof(v->user), "swap space");
	if (f)
		fclose(f);
}

/* Calls visit for each name of a folder below /sys/class/block, dots left out. */
static void each(const char *folder, void (*visit)(const char *, void *), void *arg)
{
	char path[PATH_MAX];
	struct dirent **name;
	int n, i;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s", storage_root, folder);
	n = scandir(path, &name, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (*name[i]->d_name != '.')
			visit(name[i]->d_name, arg);
		free(name[i]);
	}
	if (n >= 0)
		free(name);
}

static void held(const char *name, void *arg)
{
	struct volume *v = arg;

	snprintf(v->user, sizeof(v->user), "held by %.100s", name);
}

static void find_user(struct volume *v)
{
	char folder[64];

	snprintf(folder, sizeof(folder), "%.31s/holders", v->name);
	each(folder, held, v);
	find_swap(v);
	find_mount(v);
}

/* A partition's user is the disk's. */
static void partition(const char *name, void *arg)
{
	struct volume part = {0}, *v = arg;

	if (!exists("/sys/class/block/%s/%s/partition", v->name, name) || *v->user)
		return;
	snprintf(part.name, sizeof(part.name), "%.31s", name);
	snprintf(part.path, sizeof(part.path), "/dev/%.31s", name);
	find_user(&part);
	if (*part.user)
		snprintf(v->user, sizeof(v->user), "%.31s is %.150s", name, part.user);
}

/* Devices that are no hardware, or that nobody stores on. */
static bool is_disk(const char *name)
{
	static const char *const not[] = {"loop", "ram", "zram", "dm-",
					  "md",	  "sr",	 "fd",	 "nbd"};

	for (size_t i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (!strncmp(name, not[i], strlen(not[i])))
			return false;
	return !number(name, "removable") && !number(name, "ro") &&
	       !exists("/sys/class/block/%s/partition", name);
}

static void add(const char *name, void *arg)
{
	struct volumes *list = arg;
	struct volume *v = &list->v[list->count];
	const char *queue =
		exists("/sys/class/block/%s/partition", name) ? "../queue" : "queue";
	char text[64], file[64];

	if (list->count == VOLUMES_MAX || strlen(name) >= sizeof(v->name) ||
	    !number(name, "size"))
		return;
	memset(v, 0, sizeof(*v));
	snprintf(v->name, sizeof(v->name), "%s", name);
	snprintf(v->path, sizeof(v->path), "/dev/%s", name);
	v->size = number(name, "size") * 512;
	v->disk = is_disk(name);
	v->array = !strncmp(name, "md", 2);
	snprintf(file, sizeof(file), "%s/minimum_io_size", queue);
	v->min_io = (uint32_t)number(name, file);
	snprintf(file, sizeof(file), "%s/optimal_io_size", queue);
	v->opt_io = (uint32_t)number(name, file);
	snprintf(file, sizeof(file), "%s/rotational", queue);
	v->rotates = number(name, file);
	storage_read(text, sizeof(text), "/sys/class/block/%s/%s/write_cache", name, queue);
	v->cached = !strcmp(text, "write back");
	storage_read(v->model, sizeof(v->model), "/sys/class/block/%s/device/model", name);
	tidy(v->model);
	find_serial(v);
	find_controller(v);
	find_user(v);
	each(name, partition, v);
	list->count++;
}

void volumes_find(struct volumes *list)
{
	int i;

	list->count = 0;
	each("", add, list);
	for (i = 0; i < list->count; i++)
		volume_look(&list->v[i]);
}
