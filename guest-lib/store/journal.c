// SPDX-License-Identifier: LGPL-2.1-or-later
/* The journal: JSON lines, appended by one write each, then flushed. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "journal.h"

enum {
	LINE_LEN = 1024,
	SCHEMA = 1
};

static int format_line(char *text, size_t size, const struct journal_line *l)
{
	int n = snprintf(text, size,
			 "{\"schema_version\": %d, \"file\": \"%s\", \"format\": \"%s\", "
			 "\"packing\": \"%s\", \"reason\": \"%s\", ",
			 SCHEMA, l->path, l->format, l->packing, l->reason);

	return n +
	       snprintf(text + n, size - (size_t)n,
			"\"first\": \"%u.%09u\", \"last\": \"%u.%09u\", \"frames\": %" PRIu64
			", \"bytes\": %" PRIu64 ", \"lost\": %" PRIu64
			", \"crc32c\": \"%08x\"}\n",
			l->first_sec, l->first_nsec, l->last_sec, l->last_nsec, l->frames,
			l->bytes, l->lost, l->crc32c);
}

/* Does the journal end within a line? */
static bool is_torn(int fd)
{
	struct stat st;
	char last;

	return !fstat(fd, &st) && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 &&
	       last != '\n';
}

static int append(int fd, const struct journal_line *line)
{
	char text[LINE_LEN];
	size_t torn = is_torn(fd), size;
	ssize_t n;

	text[0] = '\n';
	size = torn + (size_t)format_line(text + torn, sizeof(text) - torn, line);
	n = write(fd, text, size);
	if (n < 0)
		return -errno;
	if ((size_t)n != size)
		return -ENOSPC;
	return fdatasync(fd) ? -errno : 0;
}

int journal_append(const char *volume, const struct journal_line *line)
{
	char path[PATH_MAX];
	int fd, err;

	if ((size_t)snprintf(path, sizeof(path), "%s/" JOURNAL_NAME, volume) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	/* other queues write lines, too: one at a time, so that a torn one is seen */
	flock(fd, LOCK_EX);
	err = append(fd, line);
	close(fd);
	return err;
}

int journal_place(const char *path, struct journal_place *place)
{
	char journal[2 * PATH_MAX + sizeof(JOURNAL_NAME) + 1], *slash;

	if (!realpath(path, place->full))
		return -errno;
	slash = strrchr(place->full, '/');
	while (slash > place->full && *--slash != '/')
		;
	if (slash == place->full)
		return -ENOENT;
	*slash = 0;
	place->volume = place->full;
	place->name = slash + 1;
	snprintf(journal, sizeof(journal), "%s/" JOURNAL_NAME, place->volume);
	return access(journal, F_OK) ? -errno : 0;
}

static bool number(const char *line, const char *key, uint64_t *out)
{
	const char *at = strstr(line, key);

	return at && sscanf(at + strlen(key), "%" SCNu64, out) == 1;
}

bool journal_find(const struct journal_place *place, struct journal_said *said)
{
	char path[2 * PATH_MAX + sizeof(JOURNAL_NAME) + 1], name[PATH_MAX + 16], *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/" JOURNAL_NAME, place->volume);
	snprintf(name, sizeof(name), "\"file\": \"%s\"", place->name);
	f = fopen(path, "re");
	while (f && getline(&line, &size, f) > 0) {
		struct journal_said s;

		if (!strstr(line, name) || !strchr(line, '}') ||
		    !number(line, "\"frames\": ", &s.frames) ||
		    !number(line, "\"bytes\": ", &s.bytes) ||
		    !number(line, "\"lost\": ", &s.lost))
			continue;
		*said = s;
		found = true;
	}
	free(line);
	if (f)
		fclose(f);
	return found;
}
