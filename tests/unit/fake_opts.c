// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of the capture device made of memory. */
#include <errno.h>
#include <string.h>
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

static int set_filter(struct fake_opts *o, const struct hpcap_filter *req)
{
	if (req->scope == HPCAP_SCOPE_QUEUE)
		o->filter = *req;
	return req->len > HPCAP_FILTER_MAX ? EINVAL : 0;
}

static int get_filter(const struct fake_opts *o, struct hpcap_filter *req)
{
	req->len = o->filter.len;
	memcpy(req->text, o->filter.text, sizeof(req->text));
	return 0;
}

static int set_keep(struct fake_opts *o, const struct hpcap_keep *req)
{
	if (req->caplen &&
	    (req->caplen < HPCAP_KEEP_CAPLEN_MIN || req->caplen > HPCAP_CAPLEN_MAX))
		return EINVAL;
	if (req->scope == HPCAP_SCOPE_QUEUE)
		o->keep = *req;
	return 0;
}

static int set_buffer(struct fake_opts *o, const struct hpcap_buffer_req *req)
{
	const struct hpcap_ring_req ring = {.size = req->size};

	o->file = req->fd >= 0;
	return set_ring(o, &ring);
}

static int get_buffer(const struct fake_opts *o, struct hpcap_buffer *b)
{
	*b = (struct hpcap_buffer){.size = o->ring_size,
				   .kind = o->file,
				   .full_ns = HPCAP_NEVER,
				   .stall_ns = 2500000,
				   .page_size = 4096};
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
	case HPCAP_IOC_SET_FILTER:
		return set_filter(o, arg);
	case HPCAP_IOC_GET_FILTER:
		return get_filter(o, arg);
	case HPCAP_IOC_SET_KEEP:
		return set_keep(o, arg);
	case HPCAP_IOC_GET_KEEP:
		*(struct hpcap_keep *)arg = o->keep;
		return 0;
	case HPCAP_IOC_SET_EVICT:
		o->evict_ms = ((struct hpcap_evict *)arg)->after_ms;
		return o->evict_ms > HPCAP_EVICT_MS_MAX ? EINVAL : 0;
	case HPCAP_IOC_GET_EVICT:
		*(struct hpcap_evict *)arg = (struct hpcap_evict){.after_ms = o->evict_ms};
		return 0;
	case HPCAP_IOC_SET_BUFFER:
		return set_buffer(o, arg);
	case HPCAP_IOC_GET_BUFFER:
		return get_buffer(o, arg);
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
