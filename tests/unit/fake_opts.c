// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of the capture device made of memory. */
#include <errno.h>
#include "fake_opts.h"

void fake_opts_init(struct fake_opts *o)
{
	*o = (struct fake_opts){.poll = {.mode = HPCAP_POLL_ADAPTIVE, .cpu = -1}};
}

static int set_ring(struct fake_opts *o, const struct hpcap_ring_req *req)
{
	if (req->size < HPCAP_RING_MIN || req->size % HPCAP_CHUNK_SIZE)
		return EINVAL;
	o->ring_size = req->size;
	return 0;
}

static int set_poll(struct fake_opts *o, const struct hpcap_poll_req *req)
{
	if (req->mode > HPCAP_POLL_BUSY || req->cpu < -1)
		return EINVAL;
	o->poll = *req;
	return 0;
}

int fake_opts_ioctl(struct fake_opts *o, unsigned long request, void *arg)
{
	switch (request) {
	case HPCAP_IOC_SET_RING:
		return set_ring(o, arg);
	case HPCAP_IOC_SET_POLL:
		return set_poll(o, arg);
	default:
		return -1;
	}
}
