// SPDX-License-Identifier: LGPL-2.1-or-later
/* Find, open, join, map, close. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "view.h"

static int query(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

static int check_version(int fd)
{
	struct hpcap_info info;
	int err = query(fd, HPCAP_IOC_INFO, &info);

	/* Another layout has another ioctl number, or another size in it. */
	if (err == -ENOTTY || err == -EINVAL)
		return -EPROTO;
	if (err)
		return err;
	return info.abi == HPCAP_ABI ? 0 : -EPROTO;
}

static int join(struct hpcap_handle *h, const struct hpcap_options *opt)
{
	const char *name = opt->name ? opt->name : program_invocation_short_name;
	struct hpcap_attach at = {.mode = opt->mode};
	int err;

	if (opt->name && strlen(name) >= sizeof(at.name))
		return -EINVAL;
	strncpy(at.name, name, sizeof(at.name) - 1);
	err = query(h->fd, HPCAP_IOC_ATTACH, &at);
	if (err)
		return err;
	h->mode = at.mode;
	h->id = at.id;
	h->ack_pos = at.pos;
	h->seq = at.seq;
	return 0;
}

int hpcap_open_with(struct hpcap_handle *h, int adapter, int queue,
		    const struct hpcap_options *opt)
{
	static const struct hpcap_options strict = {.mode = HPCAP_STRICT};
	char path[64];
	int err;

	memset(h, 0, sizeof(*h));
	h->fd = -1;
	h->adapter_idx = adapter;
	h->queue_idx = queue;
	if (!opt)
		opt = &strict;
	if (adapter < 0 || queue < 0 || opt->mode > HPCAP_LOSSY)
		return -EINVAL;
	snprintf(path, sizeof(path), "/dev/hpcap_%d_%d", adapter, queue);
	h->fd = open(path, (opt->control ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (h->fd < 0)
		return -errno;
	err = check_version(h->fd);
	if (!err && !opt->control)
		err = join(h, opt);
	if (err) {
		close(h->fd);
		h->fd = -1;
	}
	return err;
}

static bool ctrl_is_sane(const struct hpcap_ctrl *c, const struct hpcap_info *info)
{
	if (c->magic != HPCAP_MAGIC || c->abi != HPCAP_ABI)
		return false;
	if (c->ring_size != info->ring_size || c->ring_size < HPCAP_RING_MIN)
		return false;
	if (c->ring_size / HPCAP_CHUNK_SIZE != c->nr_chunks)
		return false;
	return HPCAP_PAGE + c->nr_chunks * sizeof(struct hpcap_mark) <= info->meta_size;
}

static void *map_part(int fd, uint64_t at, uint64_t size, int prot)
{
	void *p = mmap(NULL, size, prot, MAP_SHARED, fd, (off_t)at);

	return p == MAP_FAILED ? NULL : p;
}

static int map_ring(struct hpcap_handle *h, const struct hpcap_info *info)
{
	char *meta = map_part(h->fd, HPCAP_MMAP_META, info->meta_size, PROT_READ);

	if (!meta)
		return -errno;
	h->ctrl = (const struct hpcap_ctrl *)meta;
	h->marks = (const struct hpcap_mark *)(meta + HPCAP_PAGE);
	h->meta_size = info->meta_size;
	if (!ctrl_is_sane(h->ctrl, info))
		return -EPROTO;
	h->bufSize = info->ring_size;
	h->size = 2 * info->ring_size;
	h->buf = map_part(h->fd, HPCAP_MMAP_DATA, h->size, PROT_READ);
	if (!h->buf)
		return -errno;
	h->bufoff = 0;
	return 0;
}

static int map_parts(struct hpcap_handle *h, const struct hpcap_info *info)
{
	h->cursor = map_part(h->fd, HPCAP_MMAP_CURSOR, HPCAP_PAGE, PROT_READ | PROT_WRITE);
	return h->cursor ? map_ring(h, info) : -errno;
}

static void unmap_ring(const struct hpcap_handle *h)
{
	if (h->buf)
		munmap(h->buf, h->size);
	if (h->ctrl)
		munmap((void *)(uintptr_t)h->ctrl, h->meta_size);
}

/* Map the ring that replaced ours; when that fails, ours stays. */
static int change_rings(struct hpcap_handle *h)
{
	struct hpcap_handle next = *h;
	struct hpcap_move move = {0};
	struct hpcap_info info;
	int err = query(h->fd, HPCAP_IOC_MOVE, &move);

	if (err)
		return err;
	next.buf = NULL;
	next.ctrl = NULL;
	info = (struct hpcap_info){.ring_size = move.ring_size, .meta_size = move.meta_size};
	err = map_ring(&next, &info);
	if (err) {
		unmap_ring(&next);
		return err;
	}
	unmap_ring(h);
	*h = next;
	move_to(h, read_pos(h));
	return 0;
}

bool hpcap_follow(struct hpcap_handle *h)
{
	/* Acquire: pairs with the engine's release; commit is final afterwards. */
	if (!(__atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_MOVED))
		return false;
	if (refresh(h))
		return true;
	/* what was taken stays in place until it is given back */
	if (h->acks || h->move_err)
		return false;
	h->move_err = change_rings(h);
	if (h->move_err == -EINTR)
		h->move_err = 0;
	return refresh(h);
}

int hpcap_map(struct hpcap_handle *h)
{
	struct hpcap_info info;
	int err = 0;

	if (h->buf)
		err = -EBUSY;
	if (!err)
		err = query(h->fd, HPCAP_IOC_INFO, &info);
	if (err) {
		errno = -err;
		return HPCAP_ERR;
	}
	err = map_parts(h, &info);
	if (err) {
		hpcap_unmap(h);
		errno = -err;
		return HPCAP_ERR;
	}
	move_to(h, read_pos(h));
	refresh(h);
	return HPCAP_OK;
}

int hpcap_unmap(struct hpcap_handle *h)
{
	unmap_ring(h);
	if (h->cursor)
		munmap(h->cursor, HPCAP_PAGE);
	h->buf = NULL;
	h->cursor = NULL;
	h->ctrl = NULL;
	h->marks = NULL;
	h->bufSize = 0;
	h->size = 0;
	h->avail = 0;
	return HPCAP_OK;
}

int hpcap_open(struct hpcap_handle *h, int adapter, int queue)
{
	int err = hpcap_open_with(h, adapter, queue, NULL);

	if (!err)
		return HPCAP_OK;
	errno = -err;
	return HPCAP_ERR;
}

int hpcap_close(struct hpcap_handle *h)
{
	hpcap_unmap(h);
	hpcap_view_destroy(h);
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	return HPCAP_OK;
}

int hpcap_get_info(const struct hpcap_handle *h, struct hpcap_info *info)
{
	return query(h->fd, HPCAP_IOC_INFO, info);
}

int hpcap_get_stats(const struct hpcap_handle *h, struct hpcap_stats *stats)
{
	return query(h->fd, HPCAP_IOC_STATS, stats);
}

int hpcap_get_listeners(const struct hpcap_handle *h, struct hpcap_listeners *list)
{
	return query(h->fd, HPCAP_IOC_LISTENERS, list);
}
