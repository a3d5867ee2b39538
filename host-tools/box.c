// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder that a VM has on the host. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include "box.h"
#include "sysfs.h"

void box_path(char out[4096], const char *name, const char *file)
{
	sysfs_path(out, BOX_VMS "/%s%s%s", name, *file ? "/" : "", file);
}

/* All folders on the way; 0 or -errno. */
static int make_folders(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return 0;
}

static int lock_fd = -1;

void box_unlock(void)
{
	if (lock_fd >= 0)
		close(lock_fd);
	lock_fd = -1;
}

int box_lock(void)
{
	char path[4096];
	int err;

	box_unlock();
	sysfs_path(path, "/run/hpcapctl.lock");
	err = make_folders(path);
	if (err)
		return err;
	lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock_fd < 0)
		return -errno;
	while (flock(lock_fd, LOCK_EX))
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* QEMU, whoever it runs as, writes the share. */
static int give_to_qemu(const char *path)
{
	static const char *const users[] = {"libvirt-qemu", "qemu"};

	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		const struct passwd *p = getpwnam(users[i]);

		if (p)
			return chown(path, p->pw_uid, p->pw_gid) ? -errno : 0;
	}
	return 0;
}

int box_make(const char *name)
{
	char path[4096];
	int err;

	box_path(path, name, "share/");
	err = make_folders(path);
	if (err)
		return err;
	path[strlen(path) - 1] = '\0';
	return give_to_qemu(path);
}

bool box_exists(const char *name)
{
	return sysfs_exists(BOX_VMS "/%s", name);
}

int box_keeps_attributes(const char *path, bool try)
{
	static const char name[] = "user.hpcap.try";
	char here[4096], value[4], *slash;

	snprintf(here, sizeof(here), "%s", path);
	while (access(here, F_OK) && (slash = strrchr(here, '/')) && slash != here)
		*slash = '\0';
	if (try) {
		if (setxattr(here, name, "1", 1, 0))
			return -errno;
		return removexattr(here, name) ? -errno : 0;
	}
	if (getxattr(here, name, value, sizeof(value)) < 0 && errno == EOPNOTSUPP)
		return -EOPNOTSUPP;
	return 0;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		const ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return fsync(fd) ? -errno : 0;
}

int box_write(const char *name, const char *file, const void *data, size_t size)
{
	char path[4096], fresh[4096 + 8];
	int fd, err;

	box_path(path, name, file);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	err = write_all(fd, data, size);
	close(fd);
	if (!err && rename(fresh, path))
		err = -errno;
	if (err)
		unlink(fresh);
	return err;
}

int box_read(const char *name, const char *file, char *out, size_t size)
{
	char path[4096];
	ssize_t n;
	int fd;

	*out = '\0';
	box_path(path, name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	n = read(fd, out, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	out[n < 0 ? 0 : n] = '\0';
	return (int)n;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	return type == FTW_DP || type == FTW_D || type == FTW_DNR ? rmdir(path) : unlink(path);
}

int box_remove(const char *name)
{
	char path[4096];

	box_path(path, name, "");
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return -errno;
	return 0;
}

int box_each(bool (*visit)(const char *name, void *arg), void *arg)
{
	return sysfs_each(BOX_VMS, visit, arg);
}

/* --- what host and guest say --------------------------------------------------- */

void box_clean(char *text)
{
	for (unsigned char *p = (unsigned char *)text; *p; p++)
		if ((*p < ' ' && *p != '\n' && *p != '\t') || *p >= 0x7f)
			*p = '.';
}

struct key {
	const char *name;
	size_t offset;
	size_t size; /* 0: uint64_t */
};

/* Lines key=value into a struct. */
static void read_keys(char *text, const struct key *keys, size_t nr, void *out)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = '\0';
		for (size_t i = 0; i < nr; i++) {
			char *where = (char *)out + keys[i].offset;

			if (strcmp(keys[i].name, line))
				continue;
			if (keys[i].size)
				snprintf(where, keys[i].size, "%s", value);
			else
				*(uint64_t *)where = strtoull(value, NULL, 10);
		}
	}
}

void box_status(const char *name, struct guest_status *s)
{
#define KEY(f, n) {#f, offsetof(struct guest_status, f), n}
	static const struct key keys[] = {
		KEY(state, sizeof(s->state)),
		KEY(why, sizeof(s->why)),
		KEY(device, sizeof(s->device)),
		KEY(mount, sizeof(s->mount)),
		KEY(request, 0),
		KEY(collected, 0),
		KEY(frames, 0),
		KEY(bytes, 0),
		KEY(lost, 0),
	};
#undef KEY
	char text[4096], path[4096];
	struct stat st;

	memset(s, 0, sizeof(*s));
	box_path(path, name, "share/status");
	if (box_read(name, "share/status", text, sizeof(text)) <= 0 || lstat(path, &st))
		return;
	box_clean(text);
	read_keys(text, keys, sizeof(keys) / sizeof(keys[0]), s);
	s->quiet_s = time(NULL) > st.st_mtime ? (uint64_t)(time(NULL) - st.st_mtime) : 0;
}

void box_get_request(const char *name, struct guest_request *r)
{
#define KEY(f) {#f, offsetof(struct guest_request, f), 0}
	static const struct key keys[] = {KEY(serial), KEY(deadline), KEY(collect)};
#undef KEY
	char text[512];

	memset(r, 0, sizeof(*r));
	box_read(name, "share/request", text, sizeof(text));
	r->stop = strstr(text, "stop=1\n");
	r->has_deadline = strstr(text, "deadline=");
	read_keys(text, keys, sizeof(keys) / sizeof(keys[0]), r);
}

int box_put_request(const char *name, struct guest_request *r)
{
	char text[256];
	int n;

	r->serial++;
	n = snprintf(text, sizeof(text), "serial=%" PRIu64 "\nstop=%d\ncollect=%" PRIu64 "\n",
		     r->serial, r->stop, r->collect);
	if (r->has_deadline)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "deadline=%" PRIu64 "\n",
			      r->deadline);
	return box_write(name, "share/request", text, (size_t)n);
}
