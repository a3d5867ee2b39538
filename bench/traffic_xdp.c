// SPDX-License-Identifier: GPL-2.0-or-later
/* Sending by AF_XDP: frames in memory that the kernel knows, without copies where the
 * driver can do that. */
#include "traffic.h"
#include "xsk.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SLOTS = 1024,
	SLOT = 4096,
	DRAIN_NS = 1000000000,
};

/**
 * struct traffic_xdp - a socket that sends
 * @fd: it
 * @area: memory of the frames
 * @tx: to the kernel
 * @back: slots whose frames are sent
 * @free: slots that are ours
 * @nr_free: how many
 */
struct traffic_xdp {
	int fd;
	uint8_t *area;
	struct xsk_ring tx;
	struct xsk_ring back;
	uint64_t free[SLOTS];
	uint32_t nr_free;
};

/* A socket without a ring to receive: its fill ring stays empty. */
static bool make_socket(struct traffic_xdp *x, const char *ifname)
{
	struct sockaddr_xdp to = {.sxdp_family = AF_XDP,
				  .sxdp_ifindex = if_nametoindex(ifname)};
	struct xdp_umem_reg reg = {.len = (uint64_t)SLOTS * SLOT, .chunk_size = SLOT};
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);
	int n = SLOTS;

	x->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (x->fd < 0)
		return false;
	x->area =
		mmap(NULL, reg.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (x->area == MAP_FAILED)
		return false;
	reg.addr = (uintptr_t)x->area;
	return !setsockopt(x->fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg)) &&
	       !setsockopt(x->fd, SOL_XDP, XDP_UMEM_FILL_RING, &n, sizeof(n)) &&
	       !setsockopt(x->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &n, sizeof(n)) &&
	       !setsockopt(x->fd, SOL_XDP, XDP_TX_RING, &n, sizeof(n)) &&
	       !getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len) &&
	       xsk_map_ring(x->fd, &x->tx, &at.tx, XDP_PGOFF_TX_RING,
			    SLOTS * sizeof(struct xdp_desc)) &&
	       xsk_map_ring(x->fd, &x->back, &at.cr, XDP_UMEM_PGOFF_COMPLETION_RING,
			    SLOTS * sizeof(uint64_t)) &&
	       !bind(x->fd, (struct sockaddr *)&to, sizeof(to));
}

/**
 * traffic_xdp_open() - A socket that sends through queue 0 of an interface
 * @ifname: interface
 *
 * Return: to be given back by traffic_xdp_close(); NULL after an error message.
 */
struct traffic_xdp *traffic_xdp_open(const char *ifname)
{
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct traffic_xdp *x = calloc(1, sizeof(*x));

	setrlimit(RLIMIT_MEMLOCK, &all);
	if (x && make_socket(x, ifname)) {
		for (; x->nr_free < SLOTS; x->nr_free++)
			x->free[x->nr_free] = (uint64_t)x->nr_free * SLOT;
		return x;
	}
	fprintf(stderr, "traffic: %s: AF_XDP: %s (without --xdp it goes by AF_PACKET)\n",
		ifname, strerror(errno));
	free(x);
	return NULL;
}

/* Takes back what is sent; tells the kernel that there is more. */
static bool turn(struct traffic_xdp *x)
{
	uint32_t at = *x->back.consumer,
		 end = __atomic_load_n(x->back.producer, __ATOMIC_ACQUIRE);

	for (; at != end; at++)
		x->free[x->nr_free++] = ((uint64_t *)x->back.slots)[at & (SLOTS - 1)];
	__atomic_store_n(x->back.consumer, at, __ATOMIC_RELEASE);
	return sendto(x->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) >= 0 || errno == EAGAIN ||
	       errno == EBUSY || errno == ENOBUFS || errno == EINTR;
}

/**
 * traffic_xdp_send() - Frames into the ring
 * @x: socket
 * @iov: frames
 * @n: how many
 *
 * Return: how many; fewer when it shall end, or after an error of the interface.
 */
int traffic_xdp_send(struct traffic_xdp *x, const struct iovec *iov, int n)
{
	uint32_t at = *x->tx.producer;

	for (int i = 0; i < n; i++, at++) {
		struct xdp_desc *d = (struct xdp_desc *)x->tx.slots + (at & (SLOTS - 1));

		while (!x->nr_free)
			if (!turn(x) || traffic_stopped())
				return i;
		if (iov[i].iov_len > SLOT) {
			fprintf(stderr, "traffic: --xdp: frames of at most %d bytes\n", SLOT);
			return i;
		}
		*d = (struct xdp_desc){.addr = x->free[--x->nr_free],
				       .len = (uint32_t)iov[i].iov_len};
		memcpy(x->area + d->addr, iov[i].iov_base, iov[i].iov_len);
		__atomic_store_n(x->tx.producer, at + 1, __ATOMIC_RELEASE);
	}
	return turn(x) ? n : 0;
}

/**
 * traffic_xdp_close() - Wait, a second at most, until all is sent; the end
 * @x: socket
 *
 * Return: frames that were not sent.
 */
uint32_t traffic_xdp_close(struct traffic_xdp *x)
{
	uint64_t until = traffic_now() + DRAIN_NS;
	uint32_t left;

	while (x->nr_free < SLOTS && traffic_now() < until && turn(x))
		nanosleep(&(struct timespec){.tv_nsec = 10000}, NULL);
	left = SLOTS - x->nr_free;
	close(x->fd);
	free(x);
	return left;
}
