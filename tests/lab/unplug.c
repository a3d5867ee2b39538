// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A listener whose device is taken away. It attaches, maps everything, prints
 * "ready", and waits for the driver to be unbound; then everything must fail
 * as the contract says, and its memory must still be there: unplug DEVICE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uapi/hpcap.h>

#define PATIENCE_MS 60000

static int failures;

static void check(bool good, const char *what)
{
	printf("%s  %s\n", good ? "ok  " : "FAIL", what);
	failures += !good;
}

static void die(const char *what)
{
	printf("unplug: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *sleep_in_poll(void *arg)
{
	struct pollfd p = {.fd = *(int *)arg, .events = POLLIN};

	poll(&p, 1, 500);
	return NULL;
}

/* A descriptor closed under the feet of a thread that polls it. */
static void close_during_poll(const char *device)
{
	struct hpcap_attach a = {.mode = HPCAP_LOSSY, .name = "closing"};
	int fd = open(device, O_RDWR);
	pthread_t t;

	check(fd >= 0 && ioctl(fd, HPCAP_IOC_ATTACH, &a) == 0, "attach another");
	pthread_create(&t, NULL, sleep_in_poll, &fd);
	usleep(100000);
	close(fd);
	pthread_join(t, NULL);
	check(true, "close while another thread polls");
}

static void *map(int fd, size_t len, int prot, off_t off)
{
	void *p = mmap(NULL, len, prot, MAP_SHARED, fd, off);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

/* Sleep as a program does, reading all that comes, until something else comes. */
static short wait_for_removal(int fd, struct hpcap_cursor *cursor,
			      const struct hpcap_ctrl *ctrl)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (poll(&p, 1, PATIENCE_MS) == 1 && p.revents & POLLIN)
		__atomic_store_n(&cursor->ack, __atomic_load_n(&ctrl->commit, __ATOMIC_ACQUIRE),
				 __ATOMIC_RELEASE);
	return p.revents;
}

int main(int argc, char **argv)
{
	struct hpcap_attach a = {.mode = HPCAP_STRICT, .name = "unplug"};
	const volatile unsigned char *data;
	const struct hpcap_ctrl *ctrl;
	struct hpcap_cursor *cursor;
	struct hpcap_info info;
	__u64 i;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: unplug DEVICE\n");
		return 2;
	}
	close_during_poll(argv[1]);
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || ioctl(fd, HPCAP_IOC_INFO, &info) || ioctl(fd, HPCAP_IOC_ATTACH, &a))
		die(argv[1]);
	ctrl = map(fd, info.meta_size, PROT_READ, HPCAP_MMAP_META);
	cursor = map(fd, HPCAP_PAGE, PROT_READ | PROT_WRITE, HPCAP_MMAP_CURSOR);
	data = map(fd, 2 * info.ring_size, PROT_READ, HPCAP_MMAP_DATA);
	printf("ready\n");
	fflush(stdout);

	check(wait_for_removal(fd, cursor, ctrl) & POLLHUP, "poll says POLLHUP");
	check(ctrl->state == HPCAP_STATE_GONE, "the control page says gone");
	check(cursor->state == HPCAP_LISTENER_GONE, "the cursor page says gone");
	check(ioctl(fd, HPCAP_IOC_INFO, &info) == -1 && errno == ENODEV, "INFO: ENODEV");
	check(mmap(NULL, HPCAP_PAGE, PROT_READ, MAP_SHARED, fd, HPCAP_MMAP_CURSOR) ==
			      MAP_FAILED &&
		      errno == ENODEV,
	      "mmap: ENODEV");
	check(open(argv[1], O_RDWR) == -1, "it cannot be opened again");
	for (i = 0; i < 2 * info.ring_size; i += HPCAP_PAGE)
		(void)data[i];
	check(ctrl->magic == HPCAP_MAGIC, "the memory is still there");
	close(fd);
	check(data[0] == data[info.ring_size], "also after close, seen twice");
	printf("unplug: %d failures\n", failures);
	return failures ? 1 : 0;
}
