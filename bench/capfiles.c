// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files for bench/extract: capfiles DIR FILES BYTES FRAME SECONDS
 * Two queues in turn; each file full of records, as long in time as the next; one
 * file of a queue begins where the one before it ended.
 */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uapi/hpcap.h>

enum {
	BUF = 1 << 20,
	QUEUES = 2,
};

#define START	1700000000ull
#define NSEC	1000000000ull
#define REC_LEN ((uint64_t)HPCAP_REC_LEN)

static uint8_t buf[BUF + 65536];

static void put_record(uint8_t *p, uint64_t ns, uint32_t frame, uint64_t n)
{
	const struct hpcap_rec rec = {
		.sec = htole32((uint32_t)(ns / NSEC)),
		.nsec = htole32((uint32_t)(ns % NSEC)),
		.caplen = htole16((uint16_t)frame),
		.len = htole16((uint16_t)frame),
	};
	static const uint8_t ip[] = {8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, 10};

	memcpy(p, &rec, sizeof(rec));
	p += REC_LEN;
	memset(p, (int)n, frame);
	memcpy(p + 12, ip, sizeof(ip));
	memcpy(p + 27, &n, 3);
}

static int write_all(int fd, const uint8_t *p, size_t size)
{
	while (size) {
		ssize_t n = write(fd, p, size);

		if (n <= 0)
			return -1;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

static int write_file(const char *dir, uint64_t number, uint64_t bytes, uint32_t frame,
		      uint64_t seconds)
{
	const uint64_t records = bytes / (REC_LEN + frame);
	const uint64_t start = START + number / QUEUES * seconds;
	char path[4096];
	size_t fill = 0;
	uint64_t i;
	int fd;

	snprintf(path, sizeof(path), "%s/%llu_hpcap0_%llu.raw", dir, (unsigned long long)start,
		 (unsigned long long)(number % QUEUES));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		perror(path);
		return 1;
	}
	for (i = 0; i < records; i++) {
		put_record(buf + fill, start * NSEC + seconds * NSEC / records * i, frame,
			   number * 1000 + i / 100);
		fill += REC_LEN + frame;
		if ((fill >= BUF || i + 1 == records) && write_all(fd, buf, fill))
			break;
		if (fill >= BUF)
			fill = 0;
	}
	if (i < records)
		perror(path);
	close(fd);
	return i < records;
}

int main(int argc, char **argv)
{
	uint64_t v[5] = {0}, i;

	if (argc != 6) {
		fprintf(stderr, "usage: capfiles DIR FILES BYTES FRAME SECONDS\n");
		return 2;
	}
	for (i = 2; i < 6; i++)
		v[i - 1] = strtoull(argv[i], NULL, 10);
	if (!v[1] || !v[2] || v[3] < 60 || v[3] > 9000 || !v[4]) {
		fprintf(stderr, "capfiles: numbers out of range\n");
		return 2;
	}
	for (i = 0; i < v[1]; i++)
		if (write_file(argv[1], i, v[2], (uint32_t)v[3], v[4]))
			return 1;
	return 0;
}
