// SPDX-License-Identifier: GPL-2.0-or-later
/* abuse.c: options that a queue must refuse. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abuse.h"

static int set_ring(int fd, __u64 size)
{
	struct hpcap_ring_req r = {.size = size};

	return ioctl(fd, HPCAP_IOC_SET_RING, &r);
}

void wrong_rings(void)
{
	struct hpcap_ring_req r = {.size = HPCAP_RING_MIN, .flags = 1};
	__u64 ram = (__u64)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	struct hpcap_info now;
	int fd = open_device(), reader = open_attached(HPCAP_LOSSY);

	fails(set_ring(fd, HPCAP_RING_MIN), EBUSY, "SET_RING while somebody listens");
	close(reader);
	fails(set_ring(fd, 0), EINVAL, "SET_RING to nothing");
	fails(set_ring(fd, HPCAP_RING_MIN / 2), EINVAL, "SET_RING too small");
	fails(set_ring(fd, HPCAP_RING_MIN + 4096), EINVAL, "SET_RING to a crooked size");
	fails(set_ring(fd, ~0ull), EINVAL, "SET_RING to all ones");
	fails(ioctl(fd, HPCAP_IOC_SET_RING, &r), EINVAL, "SET_RING with a flag");
	fails(set_ring(fd, ram & -HPCAP_CHUNK_SIZE), ENOMEM, "SET_RING to all memory");
	fails(set_ring(fd, 1ull << 63), ENOMEM, "SET_RING to 2^63");
	ioctl(fd, HPCAP_IOC_INFO, &now);
	check(now.ring_size == info.ring_size, "the ring is as it was");
	check(set_ring(fd, HPCAP_RING_MIN + HPCAP_CHUNK_SIZE) == 0, "SET_RING to 17 chunks");
	check(set_ring(fd, info.ring_size) == 0, "and back");
	close(fd);
}

static int set_poll(int fd, __u32 mode, __s32 cpu, __u64 reserved)
{
	struct hpcap_poll_req r = {.mode = mode, .cpu = cpu, .reserved = {reserved}};

	return ioctl(fd, HPCAP_IOC_SET_POLL, &r);
}

static void wrong_polls(void)
{
	int fd = open_device();

	fails(set_poll(fd, 9, -1, 0), EINVAL, "SET_POLL to an unknown mode");
	fails(set_poll(fd, 0, 100000, 0), EINVAL, "SET_POLL to CPU 100000");
	fails(set_poll(fd, 0, -1, 1), EINVAL, "SET_POLL with a reserved word set");
	check(set_poll(fd, HPCAP_POLL_BUSY, 0, 0) == 0, "SET_POLL busy, on CPU 0");
	check(set_poll(fd, info.poll_mode, info.cpu, 0) == 0, "and back");
	close(fd);
}

static void wrong_keeps(void)
{
	struct hpcap_keep flags = {.flags = 8}, scope = {.scope = 2}, spare = {.reserved = {1}};
	struct hpcap_keep own = {.scope = HPCAP_SCOPE_LISTENER, .flow_bytes = 1};
	struct hpcap_evict evict = {.reserved = {1}};
	int fd = open_attached(HPCAP_LOSSY);

	fails(ioctl(fd, HPCAP_IOC_SET_KEEP, &flags), EINVAL, "SET_KEEP with an unknown flag");
	fails(ioctl(fd, HPCAP_IOC_SET_KEEP, &scope), EINVAL, "SET_KEEP of an unknown scope");
	fails(ioctl(fd, HPCAP_IOC_GET_KEEP, &scope), EINVAL, "GET_KEEP of an unknown scope");
	fails(ioctl(fd, HPCAP_IOC_SET_KEEP, &spare), EINVAL, "SET_KEEP, a reserved word set");
	fails(ioctl(fd, HPCAP_IOC_SET_KEEP, &own), EINVAL, "a flow cut of a listener");
	fails(ioctl(fd, HPCAP_IOC_SET_EVICT, &evict), EINVAL, "SET_EVICT, a reserved word set");
	close(fd);
}

/* A user who was given the device, but no more. */
static void no_rights(void)
{
	int fd = open_device(), status;
	pid_t pid = fork_quietly();

	if (pid == 0) {
		failures = 0;
		if (setgid(65534) || setuid(65534))
			_exit(1);
		fails(set_ring(fd, HPCAP_RING_MIN), EPERM, "SET_RING without CAP_NET_ADMIN");
		fails(set_poll(fd, 0, -1, 0), EPERM, "SET_POLL without CAP_NET_ADMIN");
		fflush(stdout);
		_exit(failures);
	}
	waitpid(pid, &status, 0);
	failures += WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	close(fd);
}

void wrong_options(void)
{
	wrong_polls();
	wrong_keeps();
	no_rights();
}
