// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames of RAW files whose first eight bytes are their number, 0, 1, 2, ...: prints
 * how many there are; fails when one is missing. Padding is stepped over. With -g
 * a gap is no failure: counted are the frames in front of it.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct header {
	uint32_t sec, nsec;
	uint16_t caplen, len;
};

static int check(const char *path, uint64_t *next)
{
	static uint8_t data[UINT16_MAX];
	FILE *f = fopen(path, "r");
	struct header h;
	uint64_t n;
	int ret = 0;

	if (!f) {
		printf("%s: cannot be opened\n", path);
		return 1;
	}
	while (!ret && fread(&h, 12, 1, f) == 1) {
		if (fread(data, 1, h.caplen, f) != h.caplen) {
			printf("%s: ends within a record\n", path);
			ret = 1;
		} else if (h.sec || h.nsec) {
			memcpy(&n, data, sizeof(n));
			if (n != *next) {
				printf("%s: frame %" PRIu64 " where %" PRIu64 " should be\n",
				       path, n, *next);
				ret = 1;
			} else {
				(*next)++;
			}
		}
	}
	fclose(f);
	return ret;
}

int main(int argc, char **argv)
{
	const int gap = argc > 1 && !strcmp(argv[1], "-g");
	uint64_t next = 0;
	int i;

	for (i = 1 + gap; i < argc; i++) {
		if (!check(argv[i], &next))
			continue;
		if (!gap)
			return 1;
		break;
	}
	printf("%" PRIu64 "\n", next);
	return 0;
}
