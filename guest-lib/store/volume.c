// SPDX-License-Identifier: LGPL-2.1-or-later
/* Begin files: names nobody has, space reserved, past the page cache. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "disk.h"
#include "volume.h"

enum {
	SAME_NAMES = 10000
};

bool volume_path(const struct volume *v, const char *name, char *path, size_t size)
{
	return (size_t)snprintf(path, size, "%s/%s", v->path, name) < size;
}

int volume_check(const struct volume *v)
{
	struct statvfs fs;
	struct stat st;

	if (stat(v->path, &st) || statvfs(v->path, &fs))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (fs.f_flag & ST_RDONLY)
		return -EROFS;
	return access(v->path, W_OK | X_OK) ? -errno : 0;
}

static int open_new(int dir, const struct volume_space *space, struct volume_file *f)
{
	const int flags =
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | (space->dsync ? O_DSYNC : 0);

	f->direct = space->direct;
	f->refused = false;
	f->fd = openat(dir, f->path, flags | (f->direct ? O_DIRECT : 0), 0640);
	if (f->fd < 0 && errno == EINVAL && f->direct) {
		/* No O_DIRECT on this file system; open(2) may have left the file. */
		unlinkat(dir, f->path, 0);
		f->direct = false;
		f->refused = true;
		f->fd = openat(dir, f->path, flags, 0640);
	}
	return f->fd < 0 ? -errno : 0;
}

void volume_reserve(const struct volume_space *space, struct volume_file *f)
{
	const int mode = space->sized ? 0 : FALLOC_FL_KEEP_SIZE;

	f->sized = false;
	f->refused_space = 0;
	if (!space->bytes)
		return;
	if (fallocate(f->fd, mode, 0, (off_t)space->bytes))
		f->refused_space = -errno;
	else
		f->sized = space->sized;
}

static int create_in(struct volume *v, int dir, const struct naming *name, uint32_t sec,
		     const struct volume_space *space, struct volume_file *f)
{
	int err = -EEXIST, i = sec == v->sec ? v->nth + 1 : 0;

	hpcap_disk_dir_name(f->path, sizeof(f->path), sec);
	if (mkdirat(dir, f->path, 0750) && errno != EEXIST)
		return -errno;
	for (; i < SAME_NAMES && err == -EEXIST; i++) {
		hpcap_disk_name(f->path, sizeof(f->path), sec, name->adapter, name->queue, i,
				name->suffix);
		err = open_new(dir, space, f);
	}
	if (err)
		return err;
	v->sec = sec;
	v->nth = i - 1;
	flock(f->fd, LOCK_EX | LOCK_NB);
	volume_reserve(space, f);
	f->mem_align = hpcap_disk_mem_align(f->fd);
	/* what begins within a page is written, but slower than a copy of it */
	if (f->mem_align && f->mem_align < VOLUME_ALIGN)
		f->mem_align = VOLUME_ALIGN;
	return 0;
}

int volume_create(struct volume *v, const struct naming *name, uint32_t sec,
		  const struct volume_space *space, struct volume_file *f)
{
	int dir = open(v->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err;

	f->fd = -1;
	if (dir < 0)
		return -errno;
	err = create_in(v, dir, name, sec, space, f);
	close(dir);
	return err;
}

void volume_remove(const struct volume *v, const struct volume_file *f)
{
	char path[PATH_MAX];

	if (volume_path(v, f->path, path, sizeof(path)))
		unlink(path);
}
