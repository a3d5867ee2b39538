// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a run needs: sizes, threads, files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "hpcap_file.h"
#include "priv.h"
#include "store_priv.h"

enum {
	RING_SHARE = 8, /* a block is at most that part of the ring */
	DEPTH = 8,
	WORKERS = 2,
	NSEC = 1000000000,
	BLOCK_MIN = 1 << 16,
	WINDOW = 8 << 20,    /* bytes at a file's end, */
	WINDOW_SHARE = 32,   /* or a part of it, */
	WINDOW_MIN = 1 << 18 /* but no less, in which a place for it to end is looked for */
};

static void on_release(void *arg, const struct piece *p)
{
	struct store *s = arg;

	if (p->is_ring)
		s->till = p->till;
}

static uint64_t on_lost(void *arg)
{
	const struct store *s = arg;

	return hpcap_missed(s->h) + s->rep.torn;
}

/* A strict listener that was evicted: the engine writes over what it held. */
static int on_taken_back(void *arg)
{
	const struct store *s = arg;

	return s->copy || is_valid(s->h, 0) ? 0 : why_out(s->h);
}

static void on_say(void *arg, const char *text)
{
	const struct store *s = arg;

	if (s->opt.say)
		s->opt.say(s->opt.say_arg, text);
}

static int set_defaults(struct store *s)
{
	struct store_options *o = &s->opt;

	o->block = o->block ? o->block : (uint32_t)HPCAP_BS;
	o->file_size = o->file_size ? o->file_size : HPCAP_FILESIZE;
	o->depth = o->depth ? o->depth : DEPTH;
	o->format = o->format ? o->format : HPCAP_FORMAT_RAW;
	o->sync_s = o->sync_s ? o->sync_s : 1;
	if (o->block % VOLUME_ALIGN || o->file_size % VOLUME_ALIGN ||
	    o->file_size < HPCAP_FILE_SIZE_MIN || o->depth > BLKQ_DEPTH_MAX)
		return -EINVAL;
	/* a small ring must hold several blocks at once */
	while (o->block > BLOCK_MIN && o->block > s->h->bufSize / RING_SHARE)
		o->block = o->block / 2 / VOLUME_ALIGN * VOLUME_ALIGN;
	s->most = o->block > 2 * HPCAP_CHUNK_SIZE ? o->block : 2 * HPCAP_CHUNK_SIZE;
	/* a record and its header are a chunk at most, so half a file holds one */
	if (s->most > o->file_size / 2)
		s->most = o->file_size / 2;
	s->window = min_u64(WINDOW, o->file_size / WINDOW_SHARE);
	if (s->window < WINDOW_MIN || s->copy)
		s->window = 0;
	return 0;
}

static int make_encode(struct store *s)
{
	const struct store_options *o = &s->opt;
	const struct encode_options e = {
		.enc = &s->enc,
		.packing = o->packing,
		.level = o->level,
		.workers = o->workers ? o->workers : WORKERS,
		.sum = !o->no_index,
	};
	int err;

	s->iface = (struct hpcap_iface){.linktype = HPCAP_LINK_ETHERNET, .ticks = NSEC};
	snprintf(s->iface.name, sizeof(s->iface.name), "hpcap%d:%d", o->adapter, o->queue);
	s->enc = (struct hpcap_enc){
		.format = o->format,
		.ifaces = &s->iface,
		.nr_ifaces = 1,
		.program = "hpcapdd (hpcap) " HPCAP_VERSION,
		.comment = o->comment,
	};
	s->frame.enc = &s->enc;
	if (o->format == HPCAP_FORMAT_RAW && o->packing == HPCAP_PLAIN)
		return 0;
	err = o->packing ? hpcap_pack_create(&s->frame.pack, o->packing, o->level) : 0;
	return err ? err : encode_create(&s->encode, &e);
}

static int watch(int events, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN};

	return epoll_ctl(events, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int make_events(struct store *s)
{
	int err;

	s->events = epoll_create1(EPOLL_CLOEXEC);
	if (s->events < 0)
		return -errno;
	err = watch(s->events, out_fd(s->out));
	return err || !s->encode ? err : watch(s->events, encode_fd(s->encode));
}

static int make_out(struct store *s)
{
	const struct store_options *o = &s->opt;
	struct out_options out = {
		.nr_volumes = o->nr_volumes,
		.naming = {o->adapter, o->queue, s->suffix},
		.format = hpcap_format_name(o->format),
		.packing = hpcap_packing_name(o->packing),
		.pad = !s->encode,
		.direct = !o->buffered,
		.stop_on_fault = o->stop_on_fault,
		.sync_s = o->sync_each ? 0 : o->sync_s,
		.block = o->block,
		.depth = o->depth,
		.io = o->io,
		.file_size = o->file_size,
		.rotate_s = o->rotate_s,
		.index = !o->no_index,
		.sum = s->encode ? NULL : encode_sum,
		.limits = o->limits,
		.frame = {&s->frame, encode_head, encode_tail},
		.release = on_release,
		.lost = on_lost,
		.taken_back = on_taken_back,
		.say = on_say,
		.arg = s,
	};

	snprintf(s->suffix, sizeof(s->suffix), "%s%s", hpcap_format_suffix(o->format),
		 hpcap_packing_suffix(o->packing));
	memcpy(out.volume, o->volume, sizeof(out.volume));
	return out_create(&s->out, &out);
}

int store_create(struct store **store, const struct store_options *opt, struct hpcap_handle *h)
{
	struct store *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->h = h;
	s->opt = *opt;
	s->events = -1;
	s->copy = h->mode == HPCAP_LOSSY || h->view;
	s->till = h->ack_pos;
	s->taken_ns = out_now_ns();
	err = set_defaults(s);
	if (!err && opt->nr_volumes)
		err = make_encode(s);
	if (!err && opt->nr_volumes)
		err = make_out(s);
	if (!err && opt->nr_volumes)
		err = make_events(s);
	if (err) {
		store_destroy(s);
		return err;
	}
	*store = s;
	return 0;
}

void store_destroy(struct store *s)
{
	if (!s)
		return;
	encode_destroy(s->encode);
	out_destroy(s->out);
	hpcap_pack_destroy(s->frame.pack);
	if (s->events >= 0)
		close(s->events);
	free(s);
}
