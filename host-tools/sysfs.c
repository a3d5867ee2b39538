// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of /sys and /proc. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sysfs.h"

static const char *root = "";

_Static_assert(PATH_MAX == 4096, "paths here are char[4096]");

void sysfs_root(const char *new_root)
{
	root = new_root;
}

bool sysfs_is_live(void)
{
	return !*root || !strcmp(root, "/");
}

static void make_path(char out[PATH_MAX], const char *fmt, va_list ap)
{
	const int n = snprintf(out, PATH_MAX, "%s", root);

	if (n >= 0 && n < PATH_MAX)
		vsnprintf(out + n, PATH_MAX - (size_t)n, fmt, ap);
}

void sysfs_path(char out[4096], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	make_path(out, fmt, ap);
	va_end(ap);
}

/* At most so many bytes of a file: how many, or -1. */
static ssize_t read_file(const char *path, void *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, out, size);
	close(fd);
	return n;
}

bool sysfs_read(char *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	ssize_t n;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	n = read_file(path, out, size - 1);
	out[n < 0 ? 0 : n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return n > 0;
}

size_t sysfs_bytes(void *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;
	ssize_t n;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	n = read_file(path, out, size);
	return n < 0 ? 0 : (size_t)n;
}

int64_t sysfs_number(int64_t fallback, const char *fmt, ...)
{
	char path[PATH_MAX], text[64], *end;
	va_list ap;
	int64_t v;
	FILE *f;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	f = fopen(path, "re");
	if (!f)
		return fallback;
	if (!fgets(text, sizeof(text), f))
		*text = '\0';
	fclose(f);
	errno = 0;
	v = strtoll(text, &end, 0);
	return errno || end == text ? fallback : v;
}

bool sysfs_link(char *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	va_list ap;
	ssize_t n;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	*out = '\0';
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = '\0';
	last = strrchr(target, '/');
	snprintf(out, size, "%s", last ? last + 1 : target);
	return true;
}

bool sysfs_exists(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	return access(path, F_OK) == 0;
}

int sysfs_write(const char *text, const char *fmt, ...)
{
	char path[PATH_MAX];
	int fd, err = 0;
	va_list ap;

	va_start(ap, fmt);
	make_path(path, fmt, ap);
	va_end(ap);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int sysfs_each(const char *path, bool (*visit)(const char *name, void *arg), void *arg)
{
	char full[PATH_MAX];
	struct dirent **names;
	bool go_on = true;
	int n, visited = 0;

	sysfs_path(full, "%s", path);
	n = scandir(full, &names, no_dots, versionsort);
	for (int i = 0; i < n; i++) {
		if (go_on) {
			go_on = visit(names[i]->d_name, arg);
			visited++;
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return visited;
}

bool sysfs_list_has(const char *list, unsigned int number)
{
	while (*list >= '0' && *list <= '9') {
		char *end;
		const unsigned long first = strtoul(list, &end, 10);
		const unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

		if (number >= first && number <= last)
			return true;
		list = *end == ',' ? end + 1 : end;
	}
	return false;
}
