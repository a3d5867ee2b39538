// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of the capture device made of memory. */
#include <errno.h>
#include "fake_opts.h"

void fake_opts_init(struct fake_opts *o)
{
	*o = (struct fake_opts){
		.poll = {.mode = HPCAP_POLL_ADAPTIVE, .cpu = -1},
		.time = {.batch = HPCAP_TIME_BATCH_MAX, .error = -12, .rate = 3400},
		.dup = {.entries = HPCAP_DUP_ENTRIES,
			.levels = HPCAP_DUP_LEVELS,
			.bytes = HPCAP_DUP_BYTES,
			.window = HPCAP_DUP_WINDOW,
			.found = 7},
	};
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

static int set_time(struct fake_opts *o, const struct hpcap_time *t)
{
	if (t->policy > HPCAP_TIME_ADAPTIVE || t->clock > HPCAP_CLOCK_PTP ||
	    t->batch < HPCAP_TIME_BATCH_MIN || t->batch > HPCAP_TIME_BATCH_MAX)
		return EINVAL;
	if (t->flags & HPCAP_TIME_HW)
		return EOPNOTSUPP;
	if (t->clock == HPCAP_CLOCK_PTP && t->ptp > 1)
		return ENODEV;
	o->time = *t;
	return 0;
}

static int set_dup(struct fake_opts *o, const struct hpcap_dup *d)
{
	if (d->entries < HPCAP_DUP_ENTRIES_MIN || d->entries & (d->entries - 1) ||
	    d->levels > HPCAP_DUP_LEVELS_MAX || d->bytes < HPCAP_DUP_BYTES_MIN ||
	    d->bytes > HPCAP_DUP_BYTES_MAX || !d->window)
		return EINVAL;
	o->dup = *d;
	return 0;
}

int fake_opts_ioctl(struct fake_opts *o, unsigned long request, void *arg)
{
	switch (request) {
	case HPCAP_IOC_SET_RING:
		return set_ring(o, arg);
	case HPCAP_IOC_SET_POLL:
		return set_poll(o, arg);
	case HPCAP_IOC_SET_TIME:
		return set_time(o, arg);
	case HPCAP_IOC_GET_TIME:
		*(struct hpcap_time *)arg = o->time;
		return 0;
	case HPCAP_IOC_SET_DUP:
		return set_dup(o, arg);
	case HPCAP_IOC_GET_DUP:
		*(struct hpcap_dup *)arg = o->dup;
		return 0;
	default:
		return -1;
	}
}
