// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader of indexes on any bytes. First byte: bit 0, make the checksums right,
 * so that what is behind them is reached; bits 1 to 3, size of the capture file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <index_disk.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64], index_path[80];
static int fd = -1;

static void leave(void)
{
	unlink(index_path);
}

static void begin(void)
{
	snprintf(path, sizeof(path), "/dev/shm/fuzz_index.%d", (int)getpid());
	snprintf(index_path, sizeof(index_path), "%s.idx", path);
	fd = open(index_path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		abort();
	atexit(leave);
}

static void mend(uint8_t *p, size_t size)
{
	struct index_head *head = (struct index_head *)p;
	struct index_part *part;
	size_t at, bloom;

	if (size < sizeof(*head))
		return;
	head->magic = INDEX_MAGIC;
	head->version = HPCAP_INDEX_VERSION;
	head->hashes = HPCAP_BLOOM_HASHES;
	head->bloom_bytes = head->bloom_bytes % 4 ? 0 : 8u << head->bloom_bytes % 3;
	head->sum = index_head_sum(head);
	bloom = head->bloom_bytes;
	for (at = sizeof(*head); at + sizeof(*part) <= size; at += sizeof(*part) + bloom) {
		part = (struct index_part *)(p + at);
		if (bloom && at + sizeof(*part) + bloom <= size)
			part->bloom_sum = hpcap_crc32c(0, part + 1, bloom);
		if (part->magic == INDEX_BLOCK || part->magic == INDEX_END)
			part->sum = index_part_sum(part);
	}
}

/* Blocks found are in order, in the file, and in question. */
static void look(struct hpcap_index_map *m, uint64_t file_size)
{
	const uint64_t key = 12345;
	uint64_t from, i, last;
	struct hpcap_index_block b;

	for (from = 0; from < 4; from++) {
		const struct hpcap_index_query q = {from << 61, (from << 61) | 1ull << 60, &key,
						    from & 1};

		last = 0;
		for (i = 0; hpcap_index_find(m, &q, &i, &b); i++) {
			if (b.file_off < last || b.file_end > file_size ||
			    b.file_off > b.file_end)
				abort();
			if (b.max_ns < q.from_ns || i >= hpcap_index_info(m)->blocks)
				abort();
			last = b.file_end;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t copy[1 << 13];
	struct hpcap_index_map *m;
	uint64_t file_size;

	if (fd < 0)
		begin();
	if (!size || size > sizeof(copy))
		return 0;
	file_size = 1ull << (data[0] >> 1 & 7) * 9;
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 1)
		mend((uint8_t *)copy, size - 1);
	if (pwrite(fd, copy, size - 1, 0) != (ssize_t)(size - 1) ||
	    ftruncate(fd, (off_t)size - 1))
		abort();
	if (hpcap_index_open(&m, path, file_size))
		return 0;
	if (!hpcap_index_load(m))
		look(m, file_size);
	hpcap_index_close(m);
	return 0;
}
