// SPDX-License-Identifier: GPL-2.0-or-later
/* A ring of more than 4 GiB, at the places where 32 bits would not do. */
#include <sys/mman.h>
#include <unistd.h>
#include "record.h"
#include "ring.h"
#include "unit/t.h"

#define GIB    (1ull << 30)
#define SIZE   (6 * GIB)
#define FRAMES 3000

static struct cap_ring ring;
static struct hpcap_ctrl ctrl;
static struct hpcap_mark *marks;
static u8 *data;

/* Of its pages only those exist that are written to. */
static int setup(void **state)
{
	int fd = memfd_create("ring", MFD_CLOEXEC), flags = MAP_SHARED | MAP_FIXED;

	(void)state;
	if (fd < 0 || ftruncate(fd, SIZE))
		return -1;
	data = mmap(NULL, 2 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		    0);
	if (data == MAP_FAILED ||
	    mmap(data, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0) == MAP_FAILED ||
	    mmap(data + SIZE, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0) == MAP_FAILED)
		return -1;
	close(fd);
	marks = calloc(SIZE / HPCAP_CHUNK_SIZE, sizeof(*marks));
	return marks ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(marks);
	return munmap(data, 2 * SIZE);
}

static u32 len_of(u32 n)
{
	return 60 + n * 37 % 1455;
}

static void write_one(u32 n)
{
	u8 frame[1600], *to = cap_ring_reserve(&ring, HPCAP_REC_LEN + len_of(n));

	assert_non_null(to);
	memset(frame, n & 0xff, len_of(n));
	cap_record_head(to, n, len_of(n), len_of(n));
	cap_record_copy(to + HPCAP_REC_LEN, frame, len_of(n));
	cap_ring_write(&ring, HPCAP_REC_LEN + len_of(n));
}

/* Frames written from a position on are read there, by its remainder alone. */
static void from(u64 pos)
{
	u64 at = pos;
	u32 n;

	cap_ring_init(&ring, data, SIZE, &ctrl, marks);
	cap_ring_start_at(&ring, pos, 0);
	cap_ring_set_tail(&ring, pos);
	for (n = 0; n < FRAMES; n++)
		write_one(n);
	cap_ring_commit(&ring);
	for (n = 0; n < FRAMES; n++) {
		const u8 *p = data + at % SIZE;
		struct hpcap_rec rec;

		memcpy(&rec, p, sizeof(rec));
		assert_int_equal(rec.sec, n);
		assert_int_equal(rec.caplen, len_of(n));
		assert_int_equal(p[HPCAP_REC_LEN], n & 0xff);
		assert_int_equal(p[HPCAP_REC_LEN + len_of(n) - 1], n & 0xff);
		at += HPCAP_REC_LEN + len_of(n);
	}
	assert_int_equal(ctrl.commit, at);
	assert_int_equal(ctrl.seq, FRAMES);
}

static void positions(void **state)
{
	(void)state;
	assert_true(cap_ring_size_valid(SIZE));
	from(0);
	from(4 * GIB - 100000);
	from(SIZE - 100000);
	from(100 * SIZE + 4 * GIB - 100000);
	from((1ull << 62) / SIZE * SIZE - 100000);
}

/* A strict listener holds all of it: full is 6 GiB, and not 2. */
static void full(void **state)
{
	const u64 tail = 10 * SIZE;

	(void)state;
	cap_ring_init(&ring, data, SIZE, &ctrl, marks);
	cap_ring_start_at(&ring, tail + SIZE - 1000, 7);
	cap_ring_set_tail(&ring, tail);
	assert_non_null(cap_ring_reserve(&ring, 1000));
	assert_null(cap_ring_reserve(&ring, 1001));
	cap_ring_set_tail(&ring, tail + 1);
	assert_non_null(cap_ring_reserve(&ring, 1001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(positions),
		cmocka_unit_test(full),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
