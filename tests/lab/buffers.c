// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hands files to a capture device that no honest program would hand in: each
 * must be refused as the contract says, or do no harm. Run it as root, nobody
 * listening: buffers /dev/hpcap_0_0
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/memfd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uapi/hpcap.h>

#define SIZE HPCAP_RING_MIN

static const char *device;
static int failures;

static void check(bool good, const char *what)
{
	printf("%s  %s\n", good ? "ok  " : "FAIL", what);
	failures += !good;
}

static void fails(long ret, int want, const char *what)
{
	int got = ret == -1 ? errno : 0;

	if (got != want)
		printf("      got %s\n", got ? strerror(got) : "success");
	check(got == want, what);
}

static int open_device(void)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("buffers: %s: %s\n", device, strerror(errno));
		exit(1);
	}
	return fd;
}

static int set(int fd, int file, __u64 size, __u64 offset)
{
	struct hpcap_buffer_req req = {.size = size, .fd = file, .offset = offset};

	return ioctl(fd, HPCAP_IOC_SET_BUFFER, &req);
}

static int memfd(__u64 size, unsigned int flags)
{
	int file = memfd_create("buffers", MFD_CLOEXEC | flags);

	if (file < 0 || ftruncate(file, (off_t)size)) {
		printf("buffers: memfd: %s\n", strerror(errno));
		exit(1);
	}
	return file;
}

static void wrong_files(int fd)
{
	int file = memfd(2 * SIZE, 0), other, pipes[2];

	fails(set(fd, 1000, SIZE, 0), EBADF, "no such descriptor");
	fails(set(fd, -2, SIZE, 0), EBADF, "descriptor -2");
	fails(set(fd, file, SIZE + 4096, 0), EINVAL, "a crooked size");
	fails(set(fd, file, SIZE, 100), EINVAL, "a crooked offset");
	fails(set(fd, file, SIZE, 2 * SIZE), EINVAL, "beyond the end");
	fails(set(fd, file, 4 * SIZE, 0), EINVAL, "a file that is too short");
	fails(set(fd, file, SIZE, ~0ull & ~4095ull), EINVAL, "an offset that overflows");
	fails(set(fd, fd, SIZE, 0), EINVAL, "the device itself");
	other = open("/dev/zero", O_RDWR);
	fails(set(fd, other, SIZE, 0), EINVAL, "/dev/zero");
	close(other);
	other = open("/proc/self/exe", O_RDONLY);
	fails(set(fd, other, SIZE, 0), EBADF, "a file open for reading");
	close(other);
	if (pipe(pipes) == 0) {
		fails(set(fd, pipes[0], SIZE, 0), EBADF, "a pipe");
		close(pipes[0]);
		close(pipes[1]);
	}
	close(file);
}

static void seals(int fd)
{
	int file = memfd(SIZE, MFD_ALLOW_SEALING);

	fcntl(file, F_ADD_SEALS, F_SEAL_WRITE);
	fails(set(fd, file, SIZE, 0), EPERM, "sealed against writing");
	close(file);
	file = memfd(SIZE, MFD_ALLOW_SEALING);
	fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
	check(set(fd, file, SIZE, 0) == 0, "sealed against shrinking: taken");
	close(file);
}

/* Frames are written and read while the file is cut, punched, scribbled over. */
static void shrunk(int fd, unsigned int flags, __u64 size, const char *what)
{
	int file = memfd_create("buffers", MFD_CLOEXEC | flags);
	struct hpcap_attach a = {.mode = HPCAP_LOSSY, .name = "buffers"};
	int reader = open_device(), i;
	struct hpcap_buffer b = {0};
	volatile char sum = 0;
	char *p, *own;

	if (file < 0 || ftruncate(file, (off_t)size) || set(fd, file, size, 0)) {
		printf("ok    %s: %s, not tried\n", what, strerror(errno));
		close(file);
		close(reader);
		return;
	}
	check(ioctl(reader, HPCAP_IOC_ATTACH, &a) == 0, "ATTACH");
	p = mmap(NULL, 2 * size, PROT_READ, MAP_SHARED, reader, HPCAP_MMAP_DATA);
	check(p != MAP_FAILED, "its mapping");
	own = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (own != MAP_FAILED)
		memset(own, 0xff, size);
	check(p[0] == (char)0xff && p[size] == (char)0xff, "it is the same memory, twice");
	check(ftruncate(file, 0) == 0, "cut to nothing");
	for (i = 0; i < (int)size; i += 4096)
		sum += p[i] + p[size + (__u64)i];
	check(true, "what was mapped is still there");
	close(file);
	usleep(300000);
	check(mprotect(p, 4096, PROT_READ | PROT_WRITE) != 0, "not to be made writable");
	ioctl(fd, HPCAP_IOC_GET_BUFFER, &b);
	check(b.kind == HPCAP_BUFFER_USER && b.size == size, what);
	/* the mapping outlives the listener and the ring */
	close(reader);
	check(set(fd, -1, SIZE, 0) == 0, "the kernel's pages again");
	for (i = 0; i < (int)size; i += 4096)
		sum += p[i];
	munmap(p, 2 * size);
}

/* From now on this process is bound by RLIMIT_MEMLOCK. */
static int drop_ipc_lock(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &head, data))
		return -1;
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	return (int)syscall(SYS_capset, &head, data);
}

static int try_with_limit(int fd, int file, __u64 limit)
{
	const struct rlimit lim = {.rlim_cur = limit, .rlim_max = RLIM_INFINITY};

	return setrlimit(RLIMIT_MEMLOCK, &lim) ? -1 : set(fd, file, SIZE, 0);
}

static void bound(int fd, int file)
{
	check(drop_ipc_lock() == 0, "CAP_IPC_LOCK dropped");
	fails(try_with_limit(fd, file, SIZE - 4096), ENOMEM, "a page more than RLIMIT_MEMLOCK");
	check(try_with_limit(fd, file, SIZE) == 0, "as much as RLIMIT_MEMLOCK");
	check(set(fd, -1, SIZE, 0) == 0, "the kernel's pages are nobody's");
	check(try_with_limit(fd, file, SIZE) == 0, "what was given back counts no more");
	check(set(fd, -1, SIZE, 0) == 0, "the kernel's pages again");
}

/* In a process of its own: what failed there counts here. */
static void in_child(void (*run)(int fd, int file), int fd, int file)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		failures = 0;
		run(fd, file);
		fflush(stdout);
		_exit(failures != 0);
	}
	waitpid(pid, &status, 0);
	failures += WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void nobody(int fd, int file)
{
	if (setgid(65534) || setuid(65534))
		_exit(1);
	fails(set(fd, file, SIZE, 0), EPERM, "without CAP_NET_ADMIN");
}

/* Without CAP_IPC_LOCK the pages count for RLIMIT_MEMLOCK. */
static void limited(int fd)
{
	int file = memfd(SIZE, 0);

	in_child(nobody, fd, file);
	in_child(bound, fd, file);
	/* root keeps CAP_IPC_LOCK: the limit does not bind it */
	check(try_with_limit(fd, file, SIZE / 2) == 0, "root is not bound by RLIMIT_MEMLOCK");
	close(file);
}

static void moves(int fd)
{
	struct hpcap_attach a = {.mode = HPCAP_STRICT, .name = "buffers"};
	struct pollfd p = {.fd = open_device(), .events = POLLIN};
	struct hpcap_cursor *cursor;
	struct hpcap_move m;

	fails(ioctl(p.fd, HPCAP_IOC_MOVE, &m), ENOTCONN, "MOVE before ATTACH");
	check(ioctl(p.fd, HPCAP_IOC_ATTACH, &a) == 0, "ATTACH");
	fails(ioctl(p.fd, HPCAP_IOC_MOVE, &m), EALREADY, "MOVE of a ring that stays");
	cursor = mmap(NULL, HPCAP_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd,
		      HPCAP_MMAP_CURSOR);
	cursor->want = SIZE / 2;
	check(set(fd, -1, 2 * SIZE, 0) == 0, "another ring under a listener");
	check(poll(&p, 1, 1000) == 1 && p.revents & POLLIN, "poll tells it");
	fails(set(fd, -1, SIZE, 0), EBUSY, "a third while it reads the first");
	check(ioctl(p.fd, HPCAP_IOC_MOVE, &m) == 0 && m.ring_size == 2 * SIZE, "MOVE");
	check(set(fd, -1, SIZE, 0) == 0, "and now a third");
	munmap(cursor, HPCAP_PAGE);
	close(p.fd);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: buffers DEVICE\n");
		return 2;
	}
	device = argv[1];
	fd = open_device();
	wrong_files(fd);
	seals(fd);
	shrunk(fd, 0, SIZE, "a memfd that shrinks");
	shrunk(fd, MFD_HUGETLB | MFD_HUGE_2MB, 4 << 20, "a memfd of huge pages that shrinks");
	limited(fd);
	moves(fd);
	check(set(fd, -1, 4 * SIZE, 0) == 0, "as it was");
	printf("buffers: %d failures\n", failures);
	return !!failures;
}
