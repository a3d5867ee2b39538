// SPDX-License-Identifier: GPL-2.0-or-later
/* The library follows a ring that is replaced under it, and loses nothing. */
#include <errno.h>
#include <fcntl.h>
#include <hpcap.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, void *arg);
void *__real_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at);
void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t, const sigset_t *mask);

#define GIB (1ull << 30)

enum {
	RINGS = 4,
	MS = 1000000
};

/**
 * struct ring - one of the rings that follow each other
 * @mem: its pages: ctrl, marks, data
 * @ctrl: of it
 * @data: of it, once
 * @size: bytes
 */
struct ring {
	int mem;
	struct hpcap_ctrl *ctrl;
	uint8_t *data;
	uint64_t size;
};

/* ctrl, and a mark for each chunk of the largest ring. */
#define META (HPCAP_PAGE + 6 * GIB / HPCAP_CHUNK_SIZE * sizeof(struct hpcap_mark))

static struct ring rings[RINGS];
static int writing; /* ring that frames go to */
static int reading; /* ring that mmap() gives */
static int device = -1;
static int page = -1; /* of the cursor */
static int move_err;
static unsigned int moves_tried;
static uint64_t head, seq;
static struct hpcap_handle h;

static void *map(int fd, uint64_t at, uint64_t size)
{
	void *p = __real_mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)at);

	assert_true(p != MAP_FAILED);
	return p;
}

static void ring_create(struct ring *r, uint64_t size)
{
	r->mem = memfd_create("ring", MFD_CLOEXEC);
	r->size = size;
	assert_int_equal(ftruncate(r->mem, (off_t)(META + size)), 0);
	r->ctrl = map(r->mem, 0, META);
	r->data = map(r->mem, META, size);
	*r->ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = size,
		.nr_chunks = (uint32_t)(size / HPCAP_CHUNK_SIZE),
		.state = HPCAP_STATE_RUNNING,
		.commit = head,
		.seq = seq,
	};
}

/* As the engine does: the new ring first, then the word that the old one is over. */
static void replace(uint64_t size)
{
	struct ring *old = &rings[writing];

	ring_create(&rings[++writing], size);
	__atomic_store_n(&old->ctrl->state, HPCAP_STATE_RUNNING | HPCAP_STATE_MOVED,
			 __ATOMIC_RELEASE);
}

static void put(unsigned int n)
{
	struct ring *r = &rings[writing];

	for (; n; n--) {
		const uint32_t len = 60 + (uint32_t)seq * 37 % 1000;
		const struct hpcap_rec rec = {100, (uint32_t)seq, (uint16_t)len, (uint16_t)len};
		uint8_t bytes[sizeof(rec) + 1100] = {0};
		uint32_t i;

		memcpy(bytes, &rec, sizeof(rec));
		memset(bytes + sizeof(rec), (int)(seq & 0xff), len);
		for (i = 0; i < sizeof(rec) + len; i++)
			r->data[(head + i) % r->size] = bytes[i];
		head += sizeof(rec) + len;
		seq++;
	}
	__atomic_store_n(&r->ctrl->seq, seq, __ATOMIC_RELAXED);
	__atomic_store_n(&r->ctrl->commit, head, __ATOMIC_RELEASE);
}

static void take(uint32_t from, uint32_t to)
{
	struct hpcap_record rec;

	for (; from < to; from++) {
		assert_int_equal(hpcap_next(&h, &rec), 1);
		assert_int_equal(rec.nsec, from);
		assert_int_equal(rec.caplen, 60 + from * 37 % 1000);
		assert_int_equal(rec.data[0], from & 0xff);
		assert_int_equal(rec.data[rec.caplen - 1], from & 0xff);
	}
}

int __wrap_open(const char *path, int flags, ...)
{
	if (strcmp(path, "/dev/hpcap_0_0"))
		return __real_open(path, flags);
	device = dup(page);
	return device;
}

static int move(struct hpcap_move *m)
{
	moves_tried++;
	errno = move_err ? move_err : EALREADY;
	if (move_err || reading == writing)
		return -1;
	reading++;
	*m = (struct hpcap_move){.ring_size = rings[reading].size, .meta_size = META};
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
	const struct ring *r = &rings[reading];

	assert_int_equal(fd, device);
	switch (request) {
	case HPCAP_IOC_INFO:
		*(struct hpcap_info *)arg = (struct hpcap_info){
			.abi = HPCAP_ABI,
			.ring_size = r->size,
			.meta_size = META,
		};
		return 0;
	case HPCAP_IOC_ATTACH:
		((struct hpcap_attach *)arg)->id = 1;
		((struct hpcap_attach *)arg)->pos = head;
		((struct hpcap_attach *)arg)->seq = seq;
		return 0;
	case HPCAP_IOC_MOVE:
		return move(arg);
	default:
		errno = ENOTTY;
		return -1;
	}
}

void *__wrap_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t at)
{
	const struct ring *r = &rings[reading];
	uint8_t *p;

	if (device < 0 || fd != device)
		return __real_mmap(addr, size, prot, flags, fd, at);
	if (at == HPCAP_MMAP_CURSOR)
		return map(page, 0, size);
	if (at == HPCAP_MMAP_META)
		return map(r->mem, 0, size);
	assert_int_equal(size, 2 * r->size);
	p = __real_mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__real_mmap(p, r->size, prot, MAP_SHARED | MAP_FIXED, r->mem, META);
	__real_mmap(p + r->size, r->size, prot, MAP_SHARED | MAP_FIXED, r->mem, META);
	return p;
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *t, const sigset_t *mask)
{
	(void)n;
	(void)mask;
	fds[0].revents = reading < writing ? POLLIN : 0;
	if (!fds[0].revents)
		nanosleep(t, NULL);
	return !!fds[0].revents;
}

static int begin(uint64_t pos, uint64_t size)
{
	struct hpcap_cursor *c;

	head = pos;
	seq = 0;
	writing = reading = move_err = 0;
	moves_tried = 0;
	page = memfd_create("cursor", MFD_CLOEXEC);
	assert_int_equal(ftruncate(page, HPCAP_PAGE), 0);
	c = map(page, 0, HPCAP_PAGE);
	c->state = HPCAP_LISTENER_ATTACHED;
	munmap(c, HPCAP_PAGE);
	ring_create(&rings[0], size);
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_map(&h), HPCAP_OK);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return begin(0, HPCAP_RING_MIN);
}

/* Of its pages only those exist that frames were written to. */
static int setup_large(void **state)
{
	(void)state;
	return begin(5 * GIB - 50000, 5 * GIB);
}

static int teardown(void **state)
{
	(void)state;
	hpcap_close(&h);
	device = -1;
	close(page);
	for (; writing >= 0; writing--) {
		munmap(rings[writing].ctrl, META);
		munmap(rings[writing].data, rings[writing].size);
		close(rings[writing].mem);
	}
	return 0;
}

/* What was taken and not given back keeps the old ring; nothing is read twice. */
static void test_follows(void **state)
{
	struct hpcap_record rec;

	(void)state;
	put(100);
	take(0, 40);
	replace(2 * HPCAP_RING_MIN);
	put(50);
	take(40, 100);
	assert_int_equal(hpcap_next(&h, &rec), 0);
	assert_int_equal(h.bufSize, HPCAP_RING_MIN);
	hpcap_ack(&h);
	take(100, 150);
	assert_int_equal(h.bufSize, 2 * HPCAP_RING_MIN);
	assert_int_equal(moves_tried, 1);
	hpcap_ack(&h);
	put(3000); /* around the end of the new ring */
	take(150, 3150);
	assert_int_equal(hpcap_missed(&h), 0);
}

/* Larger, smaller, and one that nothing was ever put into. */
static void test_several(void **state)
{
	(void)state;
	put(1500);
	take(0, 1500);
	hpcap_ack(&h);
	replace(4 * HPCAP_RING_MIN);
	put(2000);
	take(1500, 3500);
	hpcap_ack(&h);
	replace(2 * HPCAP_RING_MIN);
	assert_int_equal(hpcap_wait_for(&h, 1, 0), -ETIMEDOUT);
	assert_int_equal(h.bufSize, 2 * HPCAP_RING_MIN);
	replace(HPCAP_RING_MIN);
	put(10);
	take(3500, 3510);
	assert_int_equal(h.bufSize, HPCAP_RING_MIN);
}

/* A program that sleeps is woken for it, and then waits for frames as ever. */
static void test_wakes(void **state)
{
	(void)state;
	assert_int_equal(hpcap_wait_for(&h, 1, MS), -ETIMEDOUT);
	replace(HPCAP_RING_MIN);
	hpcap_wait_for(&h, 1, MS);
	assert_int_equal(moves_tried, 1);
	assert_int_equal(hpcap_wait_for(&h, 1, MS), -ETIMEDOUT);
	put(1);
	assert_int_equal(hpcap_wait_for(&h, 1, MS), 0);
	take(0, 1);
}

/* No memory for the new mapping: told, and what is in the old ring is still good. */
static void test_refused(void **state)
{
	(void)state;
	put(20);
	take(0, 10);
	hpcap_ack(&h);
	move_err = ENOMEM;
	replace(2 * HPCAP_RING_MIN);
	take(10, 20);
	hpcap_ack(&h);
	assert_int_equal(hpcap_wait_for(&h, 1, MS), -ENOMEM);
	assert_int_equal(h.bufSize, HPCAP_RING_MIN);
}

/* A signal is no reason to stay. */
static void test_interrupted(void **state)
{
	struct hpcap_record rec;

	(void)state;
	move_err = EINTR;
	replace(2 * HPCAP_RING_MIN);
	put(5);
	assert_int_equal(hpcap_next(&h, &rec), 0);
	move_err = 0;
	take(0, 5);
}

/* More than 4 GiB: around its end, then into another one. */
static void test_large(void **state)
{
	(void)state;
	put(500);
	take(0, 500);
	hpcap_ack(&h);
	assert_int_equal(h.ack_pos, head);
	replace(6 * GIB);
	put(500);
	take(500, 1000);
	assert_int_equal(h.bufSize, 6 * GIB);
	assert_int_equal(hpcap_missed(&h), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_follows),
		TEST(test_several),
		TEST(test_wakes),
		TEST(test_refused),
		TEST(test_interrupted),
		cmocka_unit_test_setup_teardown(test_large, setup_large, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
