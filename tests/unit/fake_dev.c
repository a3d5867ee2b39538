// SPDX-License-Identifier: GPL-2.0-or-later
/* A capture device made of memory. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <uapi/hpcap.h>
#include "fake_dev.h"
#include "fake_opts.h"

int __real_open(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, void *arg);
void *__real_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at);
int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t, const sigset_t *mask);
int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, void *arg);
void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t, const sigset_t *mask);

enum {
	FDS = 1024,
	NO_SLOT = -1,
	NOT_OURS = -2,
	TICK_NS = 100000
};

/* Shared with forked programs. */
struct state {
	uint64_t ring_size;
	uint64_t meta_size;
	uint32_t abi;
	int attach_err;
	unsigned int nr;
	unsigned int calls;
	uint32_t mode[HPCAP_MAX_LISTENERS];
	uint64_t head;
	uint64_t seq;
	uint64_t next_mark;
	struct fake_opts opts;
};

static struct state *st;
static int mem = -1; /* meta, cursors, ring */
static struct hpcap_ctrl *ctrl;
static struct hpcap_mark *marks;
static struct hpcap_cursor *cursors[HPCAP_MAX_LISTENERS];
static uint8_t *ring;
static int slot_of[FDS];

static void *map_shared(uint64_t size, uint64_t at, void *where, int prot)
{
	void *p = __real_mmap(where, size, prot, MAP_SHARED | (where ? MAP_FIXED : 0), mem,
			      (off_t)at);

	if (p == MAP_FAILED)
		abort();
	return p;
}

static void *map_twice(int prot)
{
	uint64_t at = st->meta_size + HPCAP_MAX_LISTENERS * HPCAP_PAGE;
	uint8_t *p = __real_mmap(NULL, 2 * st->ring_size, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	map_shared(st->ring_size, at, p, prot);
	map_shared(st->ring_size, at, p + st->ring_size, prot);
	return p;
}

void fake_dev_create(uint64_t ring_size)
{
	uint64_t nr = ring_size / HPCAP_CHUNK_SIZE;
	unsigned int i;

	st = __real_mmap(NULL, sizeof(*st), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	if (st == MAP_FAILED)
		abort();
	st->ring_size = ring_size;
	st->meta_size = HPCAP_PAGE * (1 + (nr * sizeof(*marks) + HPCAP_PAGE - 1) / HPCAP_PAGE);
	st->abi = HPCAP_ABI;
	st->next_mark = HPCAP_CHUNK_SIZE;
	fake_opts_init(&st->opts);
	mem = memfd_create("fake_dev", MFD_CLOEXEC);
	if (ftruncate(mem,
		      (off_t)(st->meta_size + HPCAP_MAX_LISTENERS * HPCAP_PAGE + ring_size)))
		abort();
	ctrl = map_shared(st->meta_size, 0, NULL, PROT_READ | PROT_WRITE);
	marks = (struct hpcap_mark *)((char *)ctrl + HPCAP_PAGE);
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		cursors[i] = map_shared(HPCAP_PAGE, st->meta_size + i * HPCAP_PAGE, NULL,
					PROT_READ | PROT_WRITE);
	ring = map_twice(PROT_READ | PROT_WRITE);
	*ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = ring_size,
		.nr_chunks = (uint32_t)nr,
		.state = HPCAP_STATE_RUNNING,
	};
	for (i = 0; i < FDS; i++)
		slot_of[i] = NOT_OURS;
}

void fake_dev_destroy(void)
{
	unsigned int i;

	munmap(ring, 2 * st->ring_size);
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		munmap(cursors[i], HPCAP_PAGE);
	munmap(ctrl, st->meta_size);
	close(mem);
	munmap(st, sizeof(*st));
	st = NULL;
}

/* ---- the producer ---- */

static bool is_held(uint64_t end, bool charge)
{
	unsigned int i, nr = __atomic_load_n(&st->nr, __ATOMIC_ACQUIRE);

	for (i = 0; i < nr; i++) {
		uint64_t ack;

		if (st->mode[i] != HPCAP_STRICT)
			continue;
		/* Pairs with the library's release of ack. */
		ack = __atomic_load_n(&cursors[i]->ack, __ATOMIC_ACQUIRE);
		if (end - ack <= st->ring_size)
			continue;
		if (charge)
			__atomic_fetch_add(&cursors[i]->lost, 1, __ATOMIC_RELAXED);
		return true;
	}
	return false;
}

bool fake_dev_has_room(uint32_t caplen)
{
	return !is_held(st->head + sizeof(struct hpcap_rec) + caplen, false);
}

bool fake_dev_put(uint32_t sec, uint32_t nsec, const void *data, uint32_t caplen, uint32_t len)
{
	struct hpcap_rec rec = {sec, nsec, (uint16_t)caplen, (uint16_t)len};
	uint64_t end = st->head + sizeof(rec) + caplen;
	uint8_t *to = ring + st->head % st->ring_size;

	if (is_held(end, true))
		return false;
	if (end > st->ring_size) {
		uint64_t floor =
			(end - st->ring_size + HPCAP_CHUNK_SIZE - 1) / HPCAP_CHUNK_SIZE;

		__atomic_store_n(&ctrl->floor, floor, __ATOMIC_RELEASE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
	if (st->head >= st->next_mark) {
		uint64_t chunk = st->head / HPCAP_CHUNK_SIZE;
		struct hpcap_mark *m = &marks[chunk % ctrl->nr_chunks];

		__atomic_store_n(&m->pos, st->head, __ATOMIC_RELAXED);
		__atomic_store_n(&m->seq, st->seq, __ATOMIC_RELAXED);
		st->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
	}
	memcpy(to, &rec, sizeof(rec));
	memcpy(to + sizeof(rec), data, caplen);
	st->head = end;
	st->seq++;
	return true;
}

void fake_dev_commit(void)
{
	__atomic_store_n(&ctrl->seq, st->seq, __ATOMIC_RELAXED);
	/* Pairs with the library's acquire of commit. */
	__atomic_store_n(&ctrl->commit, st->head, __ATOMIC_RELEASE);
}

void fake_dev_gone(void)
{
	__atomic_store_n(&ctrl->state, HPCAP_STATE_GONE, __ATOMIC_RELEASE);
}

void fake_dev_put_out(unsigned int slot, uint32_t state)
{
	__atomic_store_n(&cursors[slot]->state, state, __ATOMIC_RELAXED);
}

void fake_dev_scribble(void)
{
	memset(ring, 0xee, st->ring_size);
}

void fake_dev_set_abi(uint32_t abi)
{
	st->abi = abi;
}

void fake_dev_set_magic(uint32_t magic)
{
	ctrl->magic = magic;
}

void fake_dev_fail_attach(int err)
{
	st->attach_err = err;
}

unsigned int fake_dev_listeners(void)
{
	return __atomic_load_n(&st->nr, __ATOMIC_ACQUIRE);
}

uint64_t fake_dev_ack(unsigned int slot)
{
	return __atomic_load_n(&cursors[slot]->ack, __ATOMIC_ACQUIRE);
}

uint64_t fake_dev_lost(unsigned int slot)
{
	return __atomic_load_n(&cursors[slot]->lost, __ATOMIC_RELAXED);
}

uint64_t fake_dev_committed(void)
{
	return __atomic_load_n(&ctrl->commit, __ATOMIC_ACQUIRE);
}

unsigned int fake_dev_calls(void)
{
	return __atomic_load_n(&st->calls, __ATOMIC_RELAXED);
}

/* ---- the system calls ---- */

static int slot(int fd)
{
	return st && fd >= 0 && fd < FDS ? slot_of[fd] : NOT_OURS;
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;
	int fd;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (!st || strcmp(path, "/dev/hpcap_0_0"))
		return __real_open(path, flags, mode);
	fd = dup(mem);
	if (fd >= FDS)
		abort();
	if (fd >= 0)
		slot_of[fd] = NO_SLOT;
	return fd;
}

static int attach(int fd, struct hpcap_attach *a)
{
	unsigned int nr = st->nr;

	if (st->attach_err || nr == HPCAP_MAX_LISTENERS) {
		errno = st->attach_err ? st->attach_err : EUSERS;
		return -1;
	}
	a->id = nr + 1;
	a->pos = ctrl->commit;
	a->seq = ctrl->seq;
	cursors[nr]->ack = a->pos;
	cursors[nr]->state = HPCAP_LISTENER_ATTACHED;
	st->mode[nr] = a->mode;
	slot_of[fd] = (int)nr;
	__atomic_store_n(&st->nr, nr + 1, __ATOMIC_RELEASE);
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
	int err;

	if (slot(fd) == NOT_OURS)
		return __real_ioctl(fd, request, arg);
	__atomic_fetch_add(&st->calls, 1, __ATOMIC_RELAXED);
	if (request == HPCAP_IOC_INFO) {
		*(struct hpcap_info *)arg = (struct hpcap_info){
			.abi = st->abi,
			.ring_size = st->opts.ring_size ? st->opts.ring_size : st->ring_size,
			.meta_size = st->meta_size,
			.frame_max = 1514,
			.poll_mode = st->opts.poll.mode,
			.cpu = st->opts.poll.cpu,
			.nr_listeners = st->nr,
		};
		return 0;
	}
	if (request == HPCAP_IOC_ATTACH)
		return attach(fd, arg);
	if (request == HPCAP_IOC_STATS) {
		*(struct hpcap_stats *)arg = (struct hpcap_stats){.captured = st->seq};
		return 0;
	}
	err = fake_opts_ioctl(&st->opts, request, arg);
	errno = err < 0 ? ENOTTY : err;
	return err ? -1 : 0;
}

void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at)
{
	int n = slot(fd);

	if (n == NOT_OURS)
		return __real_mmap(addr, size, prot, flags, fd, at);
	__atomic_fetch_add(&st->calls, 1, __ATOMIC_RELAXED);
	if (at == HPCAP_MMAP_META && size == st->meta_size && prot == PROT_READ)
		return map_shared(size, 0, NULL, prot);
	if (at == HPCAP_MMAP_CURSOR && size == HPCAP_PAGE && n >= 0)
		return map_shared(size, st->meta_size + (uint64_t)n * HPCAP_PAGE, NULL, prot);
	if (at == HPCAP_MMAP_DATA && size == 2 * st->ring_size && prot == PROT_READ)
		return map_twice(prot);
	errno = EINVAL;
	return MAP_FAILED;
}

static short ready(int n)
{
	uint64_t want = __atomic_load_n(&cursors[n]->want, __ATOMIC_RELAXED);
	uint64_t unread = fake_dev_committed() - fake_dev_ack((unsigned int)n);

	if (__atomic_load_n(&cursors[n]->state, __ATOMIC_RELAXED) == HPCAP_LISTENER_EXPELLED)
		return POLLERR;
	if (__atomic_load_n(&ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_GONE)
		return POLLHUP;
	if (want == 0)
		want = 1;
	if (want > st->ring_size / 2)
		want = st->ring_size / 2;
	return unread >= want ? POLLIN : 0;
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t, const sigset_t *mask)
{
	const struct timespec tick = {0, TICK_NS};
	int64_t left = t ? t->tv_sec * 1000000000ll + t->tv_nsec : INT64_MAX;
	int who = slot(fds[0].fd);

	if (who < 0)
		return __real_ppoll(fds, n, t, mask);
	__atomic_fetch_add(&st->calls, 1, __ATOMIC_RELAXED);
	for (;;) {
		static const struct timespec now = {0, 0};
		int others = n > 1 ? __real_ppoll(fds + 1, n - 1, &now, NULL) : 0;

		fds[0].revents = ready(who);
		if (fds[0].revents || others > 0)
			return 1;
		if (left <= 0)
			return 0;
		if (nanosleep(&tick, NULL))
			return -1;
		left -= TICK_NS;
	}
}
