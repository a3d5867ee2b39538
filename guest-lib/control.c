// SPDX-License-Identifier: LGPL-2.1-or-later
/* Options of a queue, changed while it runs. */
#include <sys/ioctl.h>
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

int hpcap_set_poll(const struct hpcap_handle *h, uint32_t mode, int32_t cpu)
{
	struct hpcap_poll_req req = {.mode = mode, .cpu = cpu};

	return call(h, HPCAP_IOC_SET_POLL, &req);
}
