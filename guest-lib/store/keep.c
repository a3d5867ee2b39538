// SPDX-License-Identifier: LGPL-2.1-or-later
/* Retention: look at what is there, remove the oldest files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "index.h"
#include "keep.h"

enum {
	BLOCK = 512 /* of st_blocks */
};

/**
 * struct found - one file of ours
 * @volume: which
 * @sec: out of its name
 * @nth: of that second
 * @mine: it is of the adapter and queue that keep_limits.files counts; not once
 *        it is removed
 * @seen: removed, or may not be removed
 * @bytes: on the disk, 0 once it is removed
 * @name: below the volume
 */
struct found {
	int volume;
	uint32_t sec;
	int nth;
	bool mine;
	bool seen;
	uint64_t bytes;
	char name[FILE_NAME_LEN];
};

/**
 * struct search - all files of all volumes
 * @limits: for struct found
 * @volume: paths
 * @nr_volumes: how many
 * @file: found
 * @nr: how many
 * @room: that @file has place for
 */
struct search {
	const struct keep_limits *limits;
	const char *const *volume;
	int nr_volumes;
	struct found *file;
	size_t nr;
	size_t room;
};

bool keep_is_asked(const struct keep_limits *l)
{
	return l->free_low || l->free_high || l->age_s || l->bytes || l->files;
}

/* "<sec>_hpcap<a>_<q>[n<nth>].<suffix>", and not a companion of such a file. */
static bool parse_name(const char *name, const struct keep_limits *l, struct found *f)
{
	static const char *const ends[] = {"", ".zst", ".lz4"};
	static const char *const kinds[] = {".raw", ".pcap", ".pcapng"};
	int adapter, queue, n = 0, end, i, j;
	size_t len;

	f->nth = 0;
	if (sscanf(name, "%u_hpcap%d_%d%n", &f->sec, &adapter, &queue, &n) < 3 || !n)
		return false;
	name += n;
	if (sscanf(name, "n%d%n", &f->nth, &end) == 1)
		name += end;
	f->mine = adapter == l->adapter && queue == l->queue;
	for (i = 0; i < 3; i++) {
		len = strlen(kinds[i]);
		for (j = 0; j < 3; j++)
			if (!strncmp(name, kinds[i], len) && !strcmp(name + len, ends[j]))
				return true;
	}
	return false;
}

static void add(struct search *s, int volume, int dir, const char *dir_name, const char *name)
{
	struct found f = {.volume = volume};
	struct stat st;

	if (!parse_name(name, s->limits, &f) || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode) ||
	    (size_t)snprintf(f.name, sizeof(f.name), "%s/%s", dir_name, name) >= sizeof(f.name))
		return;
	f.bytes = (uint64_t)st.st_blocks * BLOCK;
	if (s->nr == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		struct found *more = realloc(s->file, room * sizeof(*more));

		if (!more)
			return;
		s->file = more;
		s->room = room;
	}
	s->file[s->nr++] = f;
}

static bool is_number(const char *name)
{
	return *name && !name[strspn(name, "0123456789")];
}

static void search_dir(struct search *s, int volume, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		add(s, volume, fd, name, e->d_name);
	closedir(d);
}

static void search_volume(struct search *s, int volume)
{
	DIR *d = opendir(s->volume[volume]);
	const struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		if (is_number(e->d_name))
			search_dir(s, volume, dirfd(d), e->d_name);
	closedir(d);
}

static int by_age(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->sec != y->sec)
		return x->sec < y->sec ? -1 : 1;
	return x->nth - y->nth;
}

/* In use: its writer holds a lock. Marked: a file of its name and ".keep" exists. */
static bool may_go(const char *path)
{
	char mark[PATH_MAX + 8];
	int fd;
	bool is_free;

	snprintf(mark, sizeof(mark), "%s.keep", path);
	if (!access(mark, F_OK))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	is_free = !flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return is_free;
}

/* A file goes with its index; its directory when that was the last one. */
static void drop(struct search *s, struct found *f, struct keep_report *rep)
{
	char path[PATH_MAX], other[PATH_MAX + 8], *slash;

	if (f->seen)
		return;
	f->seen = true;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", s->volume[f->volume], f->name) >=
		    sizeof(path) ||
	    !may_go(path))
		return;
	if (unlink(path)) {
		rep->failed++;
		return;
	}
	rep->files++;
	rep->bytes += f->bytes;
	f->bytes = 0;
	f->mine = false;
	snprintf(other, sizeof(other), "%s" HPCAP_INDEX_SUFFIX, path);
	unlink(other);
	slash = strrchr(path, '/');
	*slash = 0;
	rmdir(path);
}

static void drop_old(struct search *s, uint64_t now_s, struct keep_report *rep)
{
	size_t i;

	for (i = 0; s->limits->age_s && i < s->nr; i++)
		if (s->file[i].sec + s->limits->age_s < now_s)
			drop(s, &s->file[i], rep);
}

/* Sum of what the limits on bytes or files count. */
static uint64_t sum(const struct search *s, bool files)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s->nr; i++)
		n += files ? s->file[i].mine : s->file[i].bytes;
	return n;
}

static void drop_beyond(struct search *s, uint64_t limit, bool files, struct keep_report *rep)
{
	uint64_t n = limit ? sum(s, files) : 0;
	size_t i;

	for (i = 0; i < s->nr && n > limit; i++) {
		struct found *f = &s->file[i];
		uint64_t bytes = f->bytes, before = rep->files;

		if (files && !f->mine)
			continue;
		drop(s, f, rep);
		if (rep->files != before)
			n -= files ? 1 : bytes;
	}
}

static uint64_t free_bytes(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) ? UINT64_MAX : (uint64_t)fs.f_bavail * fs.f_frsize;
}

static void make_room(struct search *s, int volume, uint64_t need, struct keep_report *rep)
{
	uint64_t low = s->limits->free_low > need ? s->limits->free_low : need;
	uint64_t high = s->limits->free_high > low ? s->limits->free_high : low;
	size_t i;

	if (!low || free_bytes(s->volume[volume]) >= low)
		return;
	for (i = 0; i < s->nr && free_bytes(s->volume[volume]) < high; i++)
		if (s->file[i].volume == volume)
			drop(s, &s->file[i], rep);
}

void keep_apply(const struct keep_limits *limits, const char *const *volume, int nr_volumes,
		uint64_t now_s, uint64_t need, struct keep_report *rep)
{
	struct search s = {.limits = limits, .volume = volume, .nr_volumes = nr_volumes};
	int i;

	if (!keep_is_asked(limits))
		return;
	for (i = 0; i < nr_volumes; i++)
		search_volume(&s, i);
	if (!s.nr)
		return;
	qsort(s.file, s.nr, sizeof(*s.file), by_age);
	drop_old(&s, now_s, rep);
	drop_beyond(&s, limits->files, true, rep);
	drop_beyond(&s, limits->bytes, false, rep);
	for (i = 0; i < nr_volumes; i++)
		make_room(&s, i, need, rep);
	free(s.file);
}
