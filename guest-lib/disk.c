// SPDX-License-Identifier: LGPL-2.1-or-later
/* RAW files on a disk. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "disk.h"
#include "priv.h"

enum {
	DIR_SECONDS = 1800,
	SAME_NAMES = 10000,
	MEM_ALIGN_OLD = 512, /* when the kernel does not say */
};

static int create(struct disk_file *f, const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;

	if (f->direct) {
		f->fd = openat(f->dir, path, flags | O_DIRECT, 0640);
		if (f->fd >= 0)
			return 0;
		if (errno != EINVAL)
			return -errno;
		/* No O_DIRECT on this file system; open(2) may have left the file. */
		f->direct = false;
		unlinkat(f->dir, path, 0);
	}
	f->fd = openat(f->dir, path, flags, 0640);
	return f->fd < 0 ? -errno : 0;
}

uint32_t hpcap_disk_mem_align(int fd)
{
#ifdef STATX_DIOALIGN
	struct statx st;

	if (!statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &st) &&
	    (st.stx_mask & STATX_DIOALIGN))
		return st.stx_dio_mem_align;
#else
	(void)fd;
#endif
	return MEM_ALIGN_OLD;
}

int hpcap_disk_dir_name(char *path, size_t size, uint32_t sec)
{
	return snprintf(path, size, "%u", sec - sec % DIR_SECONDS);
}

/* A letter and four digits: names sort as the files were written. */
void hpcap_disk_name(char *path, size_t size, uint32_t sec, int adapter, int queue, int nth,
		     const char *suffix)
{
	int n = hpcap_disk_dir_name(path, size, sec);

	n += snprintf(path + n, size - (size_t)n, "/%u_hpcap%d_%d", sec, adapter, queue);
	if (nth)
		n += snprintf(path + n, size - (size_t)n, "n%04d", nth);
	snprintf(path + n, size - (size_t)n, "%s", suffix);
}

int hpcap_disk_create(struct disk_file *f, const struct hpcap_writer_options *opt, uint32_t sec,
		      struct hpcap_writer_report *rep)
{
	char *path = rep->path;
	const size_t size = sizeof(rep->path);
	bool direct = opt->flags & HPCAP_WRITER_DIRECT;
	int err = -EEXIST, i;

	if (f->dir < 0)
		return 0;
	hpcap_disk_dir_name(path, size, sec);
	if (mkdirat(f->dir, path, 0750) && errno != EEXIST)
		return -errno;
	for (i = 0; i < SAME_NAMES && err == -EEXIST; i++) {
		hpcap_disk_name(path, size, sec, opt->adapter, opt->queue, i, ".raw");
		f->direct = direct;
		err = create(f, path);
	}
	if (direct && !f->direct)
		rep->fallbacks++;
	f->mem_align = err ? 0 : hpcap_disk_mem_align(f->fd);
	return err;
}

/* From here on through the page cache: a size that O_DIRECT does not take. */
void hpcap_disk_set_buffered(struct disk_file *f)
{
	int flags;

	if (!f->direct)
		return;
	flags = fcntl(f->fd, F_GETFL);
	if (flags >= 0)
		fcntl(f->fd, F_SETFL, flags & ~O_DIRECT);
	f->direct = false;
}

int hpcap_disk_write(struct disk_file *f, const void *data, uint64_t size,
		     struct hpcap_writer_report *rep)
{
	const char *p = data;

	while (size && f->dir >= 0) {
		ssize_t n = write(f->fd, p, size);

		if (n > 0) {
			p += n;
			size -= (uint64_t)n;
		} else if (n == 0) {
			return -EIO;
		} else if (errno == EINVAL && f->direct) {
			hpcap_disk_set_buffered(f);
			rep->fallbacks++;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

int hpcap_disk_sync(const struct disk_file *f)
{
	return f->fd >= 0 && fdatasync(f->fd) ? -errno : 0;
}

void hpcap_disk_close(struct disk_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* Where the last whole record of a file ends: negative errno on failure. */
static int64_t whole_size(int fd)
{
	static const enum hpcap_raw_note ends[] = {HPCAP_RAW_CUT, HPCAP_RAW_TAIL,
						   HPCAP_RAW_PAD_CUT, HPCAP_RAW_ONLY_TAIL};
	const struct hpcap_raw_report *rep;
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	int64_t size;
	size_t i;
	int err = hpcap_raw_open_fd(&raw, fd);

	if (err)
		return err;
	while ((err = hpcap_raw_next(raw, &rec)) > 0)
		;
	rep = hpcap_raw_report(raw);
	size = (int64_t)rep->bytes;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (rep->count[ends[i]])
			size = (int64_t)rep->first[ends[i]];
	hpcap_raw_close(raw);
	return err ? err : size;
}

/* After a failed write: keep whole records only, and no file without any. */
void hpcap_disk_trim(struct disk_file *f, const char *path)
{
	int64_t size = -1;
	int fd;

	if (f->fd < 0)
		return;
	fd = openat(f->dir, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		size = whole_size(fd);
	if (size == 0)
		unlinkat(f->dir, path, 0);
	else if (size > 0 && ftruncate(f->fd, size))
		return;
}
