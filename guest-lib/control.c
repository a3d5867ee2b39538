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
