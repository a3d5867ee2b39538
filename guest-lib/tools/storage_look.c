// SPDX-License-Identifier: GPL-2.0-or-later
/* What a volume holds, by its bytes: the only file that knows libblkid. */
#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "storage.h"

enum {
	HEAD_MIB = 4, /* must be zero at the beginning */
	TAIL_MIB = 1, /* and at the end, where RAID and GPT have copies */
	MIB = 1 << 20,
};

static void value(blkid_probe pr, const char *key, char *out, size_t size)
{
	const char *text;

	if (!blkid_probe_lookup_value(pr, key, &text, NULL))
		snprintf(out, size, "%s", text);
}

/* What a name of libblkid is, in words. */
static void describe(struct volume *v, const char *table)
{
	if (*v->type && *v->label)
		snprintf(v->content, sizeof(v->content), "%s \"%.47s\"", v->type, v->label);
	else if (*v->type)
		snprintf(v->content, sizeof(v->content), "%s", v->type);
	else if (*table)
		snprintf(v->content, sizeof(v->content), "a partition table (%s)", table);
	else
		snprintf(v->content, sizeof(v->content), "a signature that libblkid knows");
}

/* Signatures of file systems, RAID members, partition tables and the like. */
static void signatures(struct volume *v, int fd)
{
	blkid_probe pr = blkid_new_probe();
	char table[32] = "";
	int found = -1;

	if (pr && !blkid_probe_set_device(pr, fd, 0, 0)) {
		blkid_probe_enable_superblocks(pr, 1);
		blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL |
							      BLKID_SUBLKS_MAGIC);
		blkid_probe_enable_partitions(pr, 1);
		found = blkid_do_safeprobe(pr);
	}
	if (found == 0) {
		value(pr, "TYPE", v->type, sizeof(v->type));
		value(pr, "LABEL", v->label, sizeof(v->label));
		value(pr, "PTTYPE", table, sizeof(table));
		describe(v, table);
	} else if (found == -2) {
		snprintf(v->content, sizeof(v->content), "several signatures that contradict");
	} else if (found < 0) {
		snprintf(v->content, sizeof(v->content), "bytes that libblkid cannot read");
	}
	blkid_free_probe(pr);
}

/* Bytes that are not zero in these MiB, told with their place. */
static bool written(struct volume *v, int fd, uint64_t from, int mib)
{
	static char block[MIB];
	int i;

	for (i = 0; i < mib && from < v->size; i++, from += MIB) {
		ssize_t n = pread(fd, block, sizeof(block), (off_t)from), k;

		if (n < 0) {
			snprintf(v->content, sizeof(v->content),
				 "bytes that cannot be read: %s", strerror(errno));
			return true;
		}
		for (k = 0; k < n; k++) {
			if (!block[k])
				continue;
			snprintf(v->content, sizeof(v->content), "data: byte %llu is not zero",
				 (unsigned long long)from + (unsigned)k);
			return true;
		}
	}
	return false;
}

void volume_look(struct volume *v)
{
	char path[PATH_MAX];
	int fd, busy;

	snprintf(path, sizeof(path), "%s%s", storage_root, v->path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		snprintf(v->content, sizeof(v->content), "what cannot be read: %s",
			 strerror(errno));
		return;
	}
	signatures(v, fd);
	if (!*v->content && !written(v, fd, 0, HEAD_MIB) &&
	    v->size > (HEAD_MIB + TAIL_MIB) * MIB)
		written(v, fd, v->size - TAIL_MIB * MIB, TAIL_MIB);
	close(fd);
	if (*v->user)
		return;
	busy = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (busy < 0 && errno == EBUSY)
		snprintf(v->user, sizeof(v->user), "in use");
	else if (busy >= 0)
		close(busy);
}
