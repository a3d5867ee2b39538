// SPDX-License-Identifier: GPL-2.0-or-later
/* A PTP clock by hand: phc /dev/ptp0 [SECONDS-TO-SET]; prints its time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;
	/* the kernel's way to name a clock by its descriptor */
	clockid_t id = (clockid_t)((~(unsigned int)fd << 3) | 3);
	struct timespec t = {0};

	if (argc > 2)
		t.tv_sec = atoll(argv[2]);
	if (fd < 0 || (argc > 2 && clock_settime(id, &t)) || clock_gettime(id, &t)) {
		perror("phc");
		return 1;
	}
	printf("%lld.%09ld\n", (long long)t.tv_sec, t.tv_nsec);
	close(fd);
	return 0;
}
