// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that a guest brought: taken with checks, because a guest is not trusted. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "box.h"
#include "msg.h"

/* nftw() has no argument for its visitor. */
static struct {
	struct box_count *n;
	char *bad;
	const char *to;
	size_t skip; /* length of the share's path */
	int err;
} taking;

static bool may_be_called(const char *name)
{
	return *name != '.' && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
						  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")];
}

static void refuse(const char *name)
{
	if (*taking.bad)
		return;
	snprintf(taking.bad, 256, "%.255s", name);
	box_clean(taking.bad);
}

static int copy_bytes(int from, int to)
{
	char buf[65536];
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0)) > 0)
		;
	if (!n)
		return 0;
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			return errno ? -errno : -EIO;
	return n < 0 ? -errno : 0;
}

/* Under another name until it is whole, so that a second try goes on where this ended. */
static int copy_file(const char *from, const char *to, const struct stat *st)
{
	struct stat have;
	char part[4096 + 8];
	int in, out, err;

	if (!lstat(to, &have) && have.st_size == st->st_size)
		return 0;
	snprintf(part, sizeof(part), "%s.part", to);
	in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (in < 0)
		return -errno;
	out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	err = out < 0 ? -errno : copy_bytes(in, out);
	if (!err && fsync(out))
		err = -errno;
	if (!err && rename(part, to))
		err = -errno;
	if (err && out >= 0)
		unlink(part);
	if (out >= 0)
		close(out);
	close(in);
	return err;
}

/* QEMU maps links of the guest to plain files; one made otherwise is not followed. */
static int take(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *name = path + at->base;
	char to[4096];

	if (at->level == 0)
		return FTW_CONTINUE;
	if (!may_be_called(name) || (type != FTW_F && type != FTW_D) ||
	    (type == FTW_F && !S_ISREG(st->st_mode))) {
		refuse(name);
		return FTW_SKIP_SUBTREE;
	}
	if (type == FTW_F) {
		taking.n->files++;
		taking.n->bytes += (uint64_t)st->st_size;
	}
	if (!taking.to)
		return FTW_CONTINUE;
	msg_progress("file %" PRIu64 ", %" PRIu64 " MiB: %s", taking.n->files,
		     taking.n->bytes >> 20, name);
	if (snprintf(to, sizeof(to), "%s%s", taking.to, path + taking.skip) >= (int)sizeof(to))
		taking.err = -ENAMETOOLONG;
	else if (type == FTW_F && !(taking.err = copy_file(path, to, st)) && unlink(path))
		taking.err = -errno;
	else if (type == FTW_D && mkdir(to, 0755) && errno != EEXIST)
		taking.err = -errno;
	if (taking.err)
		refuse(name);
	return taking.err ? FTW_STOP : FTW_CONTINUE;
}

int box_files(const char *name, const char *to, struct box_count *n, char bad[256])
{
	char path[4096];

	memset(n, 0, sizeof(*n));
	*bad = '\0';
	box_path(path, name, "share/files");
	taking.n = n;
	taking.bad = bad;
	taking.to = to;
	taking.skip = strlen(path);
	taking.err = 0;
	if (access(path, F_OK))
		return errno == ENOENT ? 0 : -errno;
	if (to && mkdir(to, 0755) && errno != EEXIST)
		return -errno;
	if (nftw(path, take, 16, FTW_PHYS | FTW_ACTIONRETVAL) < 0)
		return -errno;
	return taking.err;
}
