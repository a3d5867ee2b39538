// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program that does to a capture device what no honest one does: each wrong
 * ioctl and mmap must fail with the errno the contract names, and in the end
 * the device must be as it was. Run it as root: abuse /dev/hpcap_0_0
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abuse.h"

#define HAMMER_ROUNDS 20000

static const char *device;
int failures;
struct hpcap_info info;

void check(bool good, const char *what)
{
	printf("%s  %s\n", good ? "ok  " : "FAIL", what);
	failures += !good;
}

/* @ret is what a system call returned just now; it must have failed with @want. */
void fails(long ret, int want, const char *what)
{
	int got = ret == -1 ? errno : 0;

	if (got != want)
		printf("      got %s\n", got ? strerror(got) : "success");
	check(got == want, what);
}

int open_device(void)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("abuse: %s: %s\n", device, strerror(errno));
		exit(1);
	}
	return fd;
}

static int attach(int fd, __u32 mode)
{
	struct hpcap_attach a = {.mode = mode, .name = "abuse"};

	return ioctl(fd, HPCAP_IOC_ATTACH, &a);
}

int open_attached(__u32 mode)
{
	int fd = open_device();

	attach(fd, mode);
	return fd;
}

static __u32 count_listeners(void)
{
	struct hpcap_info now = {0};
	int fd = open_device();

	if (ioctl(fd, HPCAP_IOC_INFO, &now))
		check(false, "INFO");
	close(fd);
	return now.nr_listeners;
}

/* One mmap that must fail with @want. */
struct wrong_map {
	const char *what;
	int want;
	size_t len;
	int prot;
	int flags;
	off_t off;
};

static void map_fails(int fd, const struct wrong_map *m)
{
	void *p = mmap(NULL, m->len, m->prot, m->flags, fd, m->off);

	fails(p == MAP_FAILED ? -1 : 0, m->want, m->what);
	if (p != MAP_FAILED)
		munmap(p, m->len);
}

static void wrong_ioctls(void)
{
	int fd = open_device();
	struct hpcap_listeners list;
	struct hpcap_stats st;

	check(ioctl(fd, HPCAP_IOC_INFO, &info) == 0 && info.abi == HPCAP_ABI, "INFO");
	check(ioctl(fd, HPCAP_IOC_STATS, &st) == 0, "STATS");
	check(ioctl(fd, HPCAP_IOC_LISTENERS, &list) == 0, "LISTENERS");
	fails(ioctl(fd, _IO(70, 1)), ENOTTY, "ioctl of another driver");
	fails(ioctl(fd, _IOR(HPCAP_IOC, 1, char[8]), &info), ENOTTY, "INFO of another size");
	fails(ioctl(fd, _IOW(HPCAP_IOC, 1, struct hpcap_info), &info), ENOTTY,
	      "INFO in the other direction");
	fails(ioctl(fd, HPCAP_IOC_INFO, (void *)8), EFAULT, "INFO to a bad address");
	fails(ioctl(fd, HPCAP_IOC_ATTACH, NULL), EFAULT, "ATTACH from a bad address");
	fails(ioctl(fd, HPCAP_IOC_STATS, -4096L), EFAULT, "STATS into the kernel");
	close(fd);
	fails(ioctl(fd, HPCAP_IOC_INFO, &info), EBADF, "INFO after close");
}

static void wrong_attaches(void)
{
	struct hpcap_attach a;
	struct pollfd p = {.fd = open_device(), .events = POLLIN};

	map_fails(p.fd, &(struct wrong_map){"mmap before ATTACH", ENOTCONN, info.meta_size,
					    PROT_READ, MAP_SHARED, HPCAP_MMAP_META});
	check(poll(&p, 1, 1000) == 1 && p.revents & POLLERR, "poll before ATTACH: POLLERR");
	a = (struct hpcap_attach){.mode = 7, .name = "x"};
	fails(ioctl(p.fd, HPCAP_IOC_ATTACH, &a), EINVAL, "ATTACH with an unknown mode");
	a = (struct hpcap_attach){.mode = HPCAP_STRICT};
	memset(a.name, 'x', sizeof(a.name));
	fails(ioctl(p.fd, HPCAP_IOC_ATTACH, &a), EINVAL, "ATTACH with an endless name");
	a = (struct hpcap_attach){.name = "x", .reserved = {0, 1}};
	fails(ioctl(p.fd, HPCAP_IOC_ATTACH, &a), EINVAL, "ATTACH with a reserved word set");
	check(attach(p.fd, HPCAP_STRICT) == 0, "ATTACH");
	fails(attach(p.fd, HPCAP_STRICT), EBUSY, "ATTACH twice");
	close(p.fd);
}

static void caught(int sig)
{
	_exit(sig);
}

/* Does writing to @p raise SIGSEGV? Caught, because dmesg tells of others. */
static bool write_is_fatal(volatile char *p)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		signal(SIGSEGV, caught);
		*p = 1;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == SIGSEGV;
}

static void wrong_maps(void)
{
	const size_t meta = info.meta_size, half = info.ring_size, data = 2 * half;
	const int rd = PROT_READ, rdwr = rd | PROT_WRITE, shared = MAP_SHARED;
	const size_t page = HPCAP_PAGE;
	const off_t at = HPCAP_MMAP_DATA;
	const struct wrong_map wrong[] = {
		{"mmap META writable", EACCES, meta, rdwr, shared, HPCAP_MMAP_META},
		{"mmap DATA writable", EACCES, data, rdwr, shared, at},
		{"mmap DATA executable", EACCES, data, rd | PROT_EXEC, shared, at},
		{"mmap DATA private", EINVAL, data, rd, MAP_PRIVATE, at},
		{"mmap DATA once, not twice", EINVAL, half, rd, shared, at},
		{"mmap DATA beyond its end", EINVAL, data + page, rd, shared, at},
		{"mmap DATA from its middle", EINVAL, half, rd, shared, at + half},
		{"mmap META, second page", EINVAL, page, rd, shared, page},
		{"mmap beyond everything", EINVAL, page, rd, shared, 1ll << 40},
		{"mmap two CURSOR pages", EINVAL, 2 * page, rdwr, shared, HPCAP_MMAP_CURSOR},
	};
	int fd = open_attached(HPCAP_LOSSY);
	unsigned int i;
	char *p;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		map_fails(fd, &wrong[i]);
	p = mmap(NULL, data, rd, shared, fd, at);
	fails(mprotect(p, page, rdwr), EACCES, "mprotect writable");
	check(mremap(p, data, data + page, MREMAP_MAYMOVE) == MAP_FAILED, "mremap longer");
	check(write_is_fatal(p), "writing to DATA is fatal to the writer");
	munmap(p, data);
	close(fd);
}

static struct hpcap_cursor *map_cursor(int fd)
{
	return mmap(NULL, HPCAP_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    HPCAP_MMAP_CURSOR);
}

static void wrong_positions(void)
{
	static const __u64 nonsense[] = {1ull << 63, ~0ull, 12345678901234567ull};
	int good = open_attached(HPCAP_STRICT);
	struct hpcap_cursor *fine = map_cursor(good);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct pollfd p = {.fd = open_attached(HPCAP_STRICT), .events = POLLIN};
		struct hpcap_cursor *c = map_cursor(p.fd);

		memset((void *)c, 0xff, sizeof(*c));
		__atomic_store_n(&c->ack, nonsense[i], __ATOMIC_RELEASE);
		check(poll(&p, 1, 1000) == 1 && p.revents & POLLERR,
		      "nonsense in the cursor page: POLLERR");
		check(c->state == HPCAP_LISTENER_EXPELLED, "its writer is expelled");
		munmap(c, HPCAP_PAGE);
		close(p.fd);
	}
	check(fine->state == HPCAP_LISTENER_ATTACHED, "its neighbour is not");
	munmap(fine, HPCAP_PAGE);
	close(good);
}

static void too_many(void)
{
	int fd[HPCAP_MAX_LISTENERS + 1], n = count_listeners(), i;

	for (i = n; i < HPCAP_MAX_LISTENERS; i++)
		fd[i] = open_attached(HPCAP_LOSSY);
	fd[i] = open_device();
	fails(attach(fd[i], HPCAP_STRICT), EUSERS, "the ninth listener");
	close(fd[n]);
	check(attach(fd[i], HPCAP_STRICT) == 0, "it may come when one has left");
	for (i = n + 1; i <= HPCAP_MAX_LISTENERS; i++)
		close(fd[i]);
}

/* What was printed so far must not be printed by the child as well. */
pid_t fork_quietly(void)
{
	fflush(stdout);
	return fork();
}

static const unsigned int cmds[] = {HPCAP_IOC_INFO, HPCAP_IOC_STATS, HPCAP_IOC_LISTENERS,
				    HPCAP_IOC_ATTACH};

/* Random words to all ioctls but those that change the queue. */
static void *hammer(void *arg)
{
	unsigned int seed = (unsigned int)(long)arg;
	int fd = open_device(), i;
	unsigned char words[1024];

	for (i = 0; i < HAMMER_ROUNDS; i++) {
		unsigned int n, cmd = cmds[rand_r(&seed) % 4];

		for (n = 0; n < sizeof(words); n++)
			words[n] = rand_r(&seed);
		if (rand_r(&seed) % 4 == 0)
			cmd ^= 1u << rand_r(&seed) % 32;
		if (_IOC_NR(cmd) < 5)
			ioctl(fd, cmd, words);
		if (i % 50 == 0) {
			close(fd);
			fd = open_device();
			attach(fd, rand_r(&seed) % 2);
		}
	}
	close(fd);
	return NULL;
}

static void two_threads(void)
{
	pthread_t t[2];
	long i;

	for (i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, hammer, (void *)(i + 1));
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
}

/* A mapping keeps its listener; kill -9 ends both. */
static void killed(void)
{
	__u32 before = count_listeners();
	int fd = open_attached(HPCAP_STRICT), status;
	pid_t pid = fork_quietly();

	if (pid == 0) {
		mmap(NULL, info.meta_size, PROT_READ, MAP_SHARED, fd, HPCAP_MMAP_META);
		close(fd);
		for (;;)
			pause();
	}
	close(fd);
	usleep(200000);
	check(count_listeners() == before + 1, "a mapping alone keeps its listener");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	check(count_listeners() == before, "kill -9 makes it leave");
}

int main(int argc, char **argv)
{
	__u32 before;

	if (argc != 2) {
		fprintf(stderr, "usage: abuse DEVICE\n");
		return 2;
	}
	device = argv[1];
	before = count_listeners();
	wrong_ioctls();
	wrong_attaches();
	wrong_maps();
	wrong_positions();
	too_many();
	wrong_options();
	two_threads();
	check(true, "two threads, random ioctls: still here");
	killed();
	wrong_rings();
	check(count_listeners() == before, "as many listeners as before");
	printf("abuse: %d failures\n", failures);
	return !!failures;
}
