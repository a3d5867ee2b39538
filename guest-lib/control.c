// SPDX-License-Identifier: LGPL-2.1-or-later
/* Options of a queue, changed while it runs. */
#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/mempolicy.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "priv.h"

static int call(const struct hpcap_handle *h, unsigned long request, void *arg)
{
	return ioctl(h->fd, request, arg) ? -errno : 0;
}

int hpcap_set_ring(const struct hpcap_handle *h, uint64_t size)
{
	struct hpcap_ring_req req = {.size = size};

	return call(h, HPCAP_IOC_SET_RING, &req);
}

int hpcap_get_time(const struct hpcap_handle *h, struct hpcap_time *time)
{
	return call(h, HPCAP_IOC_GET_TIME, time);
}

int hpcap_set_time(const struct hpcap_handle *h, const struct hpcap_time *time)
{
	struct hpcap_time copy = *time;

	return call(h, HPCAP_IOC_SET_TIME, &copy);
}

int hpcap_get_dup(const struct hpcap_handle *h, struct hpcap_dup *dup)
{
	return call(h, HPCAP_IOC_GET_DUP, dup);
}

int hpcap_set_dup(const struct hpcap_handle *h, const struct hpcap_dup *dup)
{
	struct hpcap_dup copy = *dup;

	return call(h, HPCAP_IOC_SET_DUP, &copy);
}

int hpcap_set_poll(const struct hpcap_handle *h, uint32_t mode, int32_t cpu)
{
	struct hpcap_poll_req req = {.mode = mode, .cpu = cpu};

	return call(h, HPCAP_IOC_SET_POLL, &req);
}

int hpcap_set_buffer(const struct hpcap_handle *h, uint64_t size, int fd, uint64_t offset)
{
	struct hpcap_buffer_req req = {.size = size, .fd = fd, .offset = offset};

	return call(h, HPCAP_IOC_SET_BUFFER, &req);
}

int hpcap_get_buffer(const struct hpcap_handle *h, struct hpcap_buffer *buffer)
{
	return call(h, HPCAP_IOC_GET_BUFFER, buffer);
}

int hpcap_set_keep(const struct hpcap_handle *h, const struct hpcap_keep *keep)
{
	struct hpcap_keep req = *keep;

	return call(h, HPCAP_IOC_SET_KEEP, &req);
}

int hpcap_get_keep(const struct hpcap_handle *h, struct hpcap_keep *keep)
{
	return call(h, HPCAP_IOC_GET_KEEP, keep);
}

int hpcap_set_evict(const struct hpcap_handle *h, uint64_t after_ms)
{
	struct hpcap_evict req = {.after_ms = after_ms};

	return call(h, HPCAP_IOC_SET_EVICT, &req);
}

int hpcap_get_evict(const struct hpcap_handle *h, uint64_t *after_ms)
{
	struct hpcap_evict got = {0};
	int err = call(h, HPCAP_IOC_GET_EVICT, &got);

	*after_ms = got.after_ms;
	return err;
}

/* Pages of the file go to @node from its first touch on; without NUMA any node will do. */
static int prefer_node(void *at, uint64_t size, int node)
{
	unsigned long mask[16] = {0};
	const unsigned int bits = 8 * sizeof(mask[0]);

	if (node < 0 || (unsigned int)node >= bits * 16)
		return 0;
	mask[(unsigned int)node / bits] = 1ul << (unsigned int)node % bits;
	if (!syscall(SYS_mbind, at, size, MPOL_PREFERRED, mask, bits * 16, 0) ||
	    errno == ENOSYS)
		return 0;
	return -errno;
}

static int touch(int fd, uint64_t size, int node)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int err;

	if (at == MAP_FAILED)
		return -errno;
	err = prefer_node(at, size, node);
	if (!err && fallocate(fd, 0, 0, (off_t)size))
		err = errno == ENOSPC ? -ENOMEM : -errno;
	munmap(at, size);
	return err;
}

int hpcap_buffer_create(uint64_t size, uint64_t page_size, int node)
{
	unsigned int flags = MFD_CLOEXEC;
	int fd, err;

	if (page_size & (page_size - 1) || page_size < HPCAP_PAGE ||
	    size > INT64_MAX - page_size)
		return -EINVAL;
	if (page_size > HPCAP_PAGE)
		flags |= MFD_HUGETLB | (unsigned int)__builtin_ctzll(page_size)
					       << MFD_HUGE_SHIFT;
	size = (size + page_size - 1) & -page_size;
	fd = memfd_create("hpcap", flags);
	if (fd < 0)
		return errno == ENODEV ? -EINVAL : -errno;
	err = ftruncate(fd, (off_t)size) ? -errno : touch(fd, size, node);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}
