// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture files, named one by one or found in folders. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "captures.h"
#include "cli.h"

static bool ends_in(const char *name, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && !strncmp(name + len - n, suffix, n);
}

static bool is_capture_name(const char *name)
{
	static const char *const suffix[] = {".raw", ".pcap", ".pcapng", ".cap"};
	size_t len = strlen(name), i;

	if (ends_in(name, len, ".zst") || ends_in(name, len, ".lz4"))
		len -= 4;
	for (i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++)
		if (ends_in(name, len, suffix[i]))
			return true;
	return false;
}

static bool add_file(struct captures *c, const char *path, const struct stat *st)
{
	if (c->count == c->room) {
		size_t room = c->room ? 2 * c->room : 64;
		struct capture_file *more = realloc(c->file, room * sizeof(*more));

		if (!more)
			return false;
		c->file = more;
		c->room = room;
	}
	c->file[c->count] = (struct capture_file){
		.path = strdup(path),
		.size = st->st_size,
		.dev = st->st_dev,
		.ino = st->st_ino,
	};
	return c->file[c->count++].path;
}

static bool add_folder(struct captures *c, const char *path)
{
	char *const roots[] = {(char *)(uintptr_t)path, NULL};
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	const size_t before = c->count;
	bool fine = tree;
	FTSENT *e;

	while (fine && (e = fts_read(tree))) {
		if (e->fts_info == FTS_F && is_capture_name(e->fts_name)) {
			fine = add_file(c, e->fts_path, e->fts_statp);
		} else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR) {
			cli_error("%s: %s", e->fts_path, strerror(e->fts_errno));
			fine = false;
		}
	}
	if (tree)
		fts_close(tree);
	if (fine && c->count == before) {
		cli_error(
			"%s: no capture file in there (.raw, .pcap, .pcapng, .cap, also .zst and .lz4)",
			path);
		return false;
	}
	return fine;
}

bool captures_add(struct captures *c, const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		cli_error("%s: %s", path, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(c, path);
	if (!S_ISREG(st.st_mode)) {
		cli_error("%s: not a regular file", path);
		return false;
	}
	if (add_file(c, path, &st))
		return true;
	cli_error("no memory");
	return false;
}

static int by_inode(const void *a, const void *b)
{
	const struct capture_file *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino == y->ino ? strcmp(x->path, y->path) : x->ino < y->ino ? -1 : 1;
}

static int by_path(const void *a, const void *b)
{
	const struct capture_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void captures_sort(struct captures *c)
{
	size_t i, n = 0;

	if (!c->count)
		return;
	qsort(c->file, c->count, sizeof(*c->file), by_inode);
	for (i = 0; i < c->count; i++) {
		if (n && c->file[n - 1].dev == c->file[i].dev &&
		    c->file[n - 1].ino == c->file[i].ino)
			free(c->file[i].path);
		else
			c->file[n++] = c->file[i];
	}
	c->count = n;
	qsort(c->file, c->count, sizeof(*c->file), by_path);
}

void captures_free(struct captures *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		free(c->file[i].path);
	free(c->file);
	*c = (struct captures){0};
}
