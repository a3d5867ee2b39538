// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of inputs: files, directories, lists. */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "merge.h"

enum {
	DIRECTORIES = 16 /* open at once while walking */
};

static int add(struct merge_files *files, const char *path)
{
	if (files->nr == files->room) {
		size_t room = files->room ? 2 * files->room : 64;
		char **more = realloc(files->path, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		files->path = more;
		files->room = room;
	}
	files->path[files->nr] = strdup(path);
	if (!files->path[files->nr])
		return -ENOMEM;
	files->nr++;
	return 0;
}

/* Does the name say that this is a capture? */
static bool is_capture(const char *path)
{
	size_t len = strlen(path);
	int i, k;

	for (k = HPCAP_LZ4; k >= HPCAP_PLAIN; k--) {
		const char *packed = hpcap_packing_suffix((enum hpcap_packing)k);
		size_t n = strlen(packed);

		if (len < n || strcmp(path + len - n, packed))
			continue;
		for (i = HPCAP_FORMAT_RAW; i <= HPCAP_FORMAT_PCAPNG; i++) {
			const char *suffix = hpcap_format_suffix((enum hpcap_format)i);
			size_t m = strlen(suffix);

			if (len > n + m && !strncmp(path + len - n - m, suffix, m))
				return true;
		}
	}
	return false;
}

/* nftw(3) has no argument for its callback. */
static struct merge_files *walked;

static int visit(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)where;
	return kind == FTW_F && is_capture(path) ? add(walked, path) : 0;
}

int merge_add(struct merge_files *files, const char *path)
{
	struct stat st;
	int err;

	if (strcmp(path, "-") && stat(path, &st)) {
		err = -errno;
	} else if (strcmp(path, "-") && S_ISDIR(st.st_mode)) {
		walked = files;
		err = nftw(path, visit, DIRECTORIES, 0);
		if (err == -1)
			err = -errno;
	} else {
		err = add(files, path);
	}
	if (err)
		cli_error("%s: %s", path, strerror(-err));
	return err;
}

int merge_add_list(struct merge_files *files, const char *list)
{
	FILE *f = strcmp(list, "-") ? fopen(list, "r") : stdin;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int err = 0;

	if (!f) {
		err = -errno;
		cli_error("%s: %s", list, strerror(-err));
		return err;
	}
	while (!err && (n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = 0;
		if (n)
			err = merge_add(files, line);
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return err;
}

void merge_free(struct merge_files *files)
{
	while (files->nr)
		free(files->path[--files->nr]);
	free(files->path);
	*files = (struct merge_files){0};
}
