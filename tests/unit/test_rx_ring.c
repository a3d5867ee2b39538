// SPDX-License-Identifier: GPL-2.0-or-later
/* The receive ring of hw/: wrap, chains, order, and a NIC that writes garbage. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "../hw/rx_ring.h"

#define COUNT 32
#define BUF   2048

static struct hw_rx_desc desc[COUNT];
static struct hw_rx_buf buf[COUNT];
static u8 memory[COUNT][BUF];
static struct hw_rx_ring ring;
static struct cap_frame f[CAP_BATCH_MAX];
static u32 nic; /* the NIC's head */

static int setup(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		buf[i].dma = 0x10000 + i * BUF;
		buf[i].data = memory[i];
	}
	ring = (struct hw_rx_ring){.desc = desc, .buf = buf, .count = COUNT, .buf_size = BUF};
	memset(desc, 0xff, sizeof(desc));
	hw_rx_ring_reset(&ring);
	nic = 0;
	return 0;
}

static void nic_writes(u32 status, u16 len, u16 vlan)
{
	struct hw_rx_desc *d = &desc[nic];

	/* an honest NIC stops at the tail; the tests do not ask for more */
	assert_int_not_equal(nic, hw_rx_ring_tail(&ring));
	assert_int_equal(le64toh(d->rd.addr), buf[nic].dma);
	d->wb.type = 0;
	d->wb.hash = 0;
	d->wb.len = htole16(len);
	d->wb.vlan = htole16(vlan);
	d->wb.status = htole32(status);
	nic = (nic + 1) % COUNT;
}

#define DD  HW_RXD_DD
#define END (HW_RXD_DD | HW_RXD_EOP)

static int borrow(void)
{
	memset(f, 0xee, sizeof(f));
	return hw_rx_ring_borrow(&ring, f, CAP_BATCH_MAX);
}

static void empty_ring_is_idle(void **state)
{
	(void)state;
	assert_int_equal(borrow(), 0);
	assert_false(hw_rx_ring_pending(&ring));
	assert_int_equal(hw_rx_ring_tail(&ring), COUNT - 1);
}

static void one_frame(void **state)
{
	(void)state;
	nic_writes(END, 60, 0);
	assert_true(hw_rx_ring_pending(&ring));
	assert_int_equal(borrow(), 1);
	assert_int_equal(f[0].len, 60);
	assert_int_equal(f[0].flags, 0);
	assert_ptr_equal(f[0].data, memory[0]);
	assert_int_equal(borrow(), 0);
	hw_rx_ring_return(&ring, 1);
	assert_int_equal(hw_rx_ring_tail(&ring), 0);
	assert_int_equal(desc[0].rd.zero, 0);
	assert_int_equal(le64toh(desc[0].rd.addr), buf[0].dma);
}

static void order_holds_over_many_wraps(void **state)
{
	u32 sent = 0, seen = 0;
	int i, n, round;

	(void)state;
	for (round = 0; round < 500; round++) {
		for (i = 0; i < round % COUNT; i++)
			nic_writes(END, 60 + sent++ % 1400, 0);
		n = borrow();
		assert_int_equal(n, round % COUNT);
		for (i = 0; i < n; i++)
			assert_int_equal(f[i].len, 60 + seen++ % 1400);
		hw_rx_ring_return(&ring, n);
		assert_int_equal(hw_rx_ring_tail(&ring), (nic + COUNT - 1) % COUNT);
	}
	assert_int_equal(sent, seen);
}

static void borrowing_goes_on_without_return(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < COUNT - 1; i++)
		nic_writes(END, 100 + i, 0);
	for (i = 0; i < COUNT - 1; i++) {
		assert_int_equal(hw_rx_ring_borrow(&ring, f, 1), 1);
		assert_int_equal(f[0].len, 100 + i);
	}
	/* all is borrowed, none given back: old descriptors are not news */
	assert_int_equal(borrow(), 0);
	hw_rx_ring_return(&ring, 10);
	assert_int_equal(hw_rx_ring_tail(&ring), 9);
	assert_int_equal(borrow(), 0);
	hw_rx_ring_return(&ring, COUNT - 1 - 10);
	assert_int_equal(ring.nr_borrowed, 0);
}

static void chain_is_one_frame(void **state)
{
	(void)state;
	nic_writes(DD, BUF, 0);
	nic_writes(DD, BUF, 0);
	/* what comes before the end does not show it */
	assert_int_equal(borrow(), 0);
	nic_writes(END | HW_RXD_VP, 904, 0x6005);
	nic_writes(END, 60, 0);
	assert_int_equal(borrow(), 4);
	assert_int_equal(f[0].flags, CAP_FRAME_MORE | CAP_FRAME_VLAN);
	assert_int_equal(f[0].vlan_tci, 0x6005);
	assert_int_equal(f[1].flags, CAP_FRAME_MORE);
	assert_int_equal(f[2].flags, 0);
	assert_int_equal(f[0].len + f[1].len + f[2].len, 5000);
	assert_int_equal(f[3].flags, 0);
	assert_int_equal(f[3].len, 60);
}

static void chain_across_the_end_of_the_ring(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < COUNT - 2; i++)
		nic_writes(END, 60, 0);
	hw_rx_ring_return(&ring, borrow());
	for (i = 0; i < 4; i++)
		nic_writes(DD, BUF, 0);
	nic_writes(END, 808, 0);
	assert_int_equal(borrow(), 5);
	assert_ptr_equal(f[1].data, memory[COUNT - 1]);
	assert_ptr_equal(f[2].data, memory[0]);
	assert_int_equal(f[4].len, 808);
	hw_rx_ring_return(&ring, 5);
	assert_int_equal(hw_rx_ring_tail(&ring), 2);
}

static void chain_that_does_not_fit_waits(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		nic_writes(END, 60, 0);
	for (i = 0; i < 7; i++)
		nic_writes(DD, BUF, 0);
	nic_writes(END, 100, 0);
	assert_int_equal(hw_rx_ring_borrow(&ring, f, 16), 10);
	assert_int_equal(hw_rx_ring_borrow(&ring, f, 16), 8);
	assert_int_equal(f[7].len, 100);
}

static void damage_marks_the_first_piece(void **state)
{
	static const u32 bits[] = {24, 25, 26, 28, 31};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		setup(state);
		nic_writes(DD, BUF, 0);
		nic_writes(END | 1u << bits[i], 10, 0);
		assert_int_equal(borrow(), 2);
		assert_int_equal(f[0].flags, CAP_FRAME_MORE | CAP_FRAME_ERROR);
		assert_int_equal(f[1].flags, 0);
	}
	/* a wrong checksum inside is not damage on the way */
	setup(state);
	nic_writes(END | 1u << 29 | 1u << 30, 60, 0);
	assert_int_equal(borrow(), 1);
	assert_int_equal(f[0].flags, 0);
}

static void impossible_length_is_cut_and_marked(void **state)
{
	(void)state;
	nic_writes(END, BUF + 1, 0);
	nic_writes(END, 0xffff, 0);
	nic_writes(END, 0, 0);
	nic_writes(END, BUF, 0);
	assert_int_equal(borrow(), 4);
	assert_int_equal(f[0].len, BUF);
	assert_int_equal(f[0].flags, CAP_FRAME_ERROR);
	assert_int_equal(f[1].len, BUF);
	assert_int_equal(f[1].flags, CAP_FRAME_ERROR);
	assert_int_equal(f[2].flags, CAP_FRAME_ERROR);
	assert_int_equal(f[3].flags, 0);
}

static void all_ones_are_damaged_frames(void **state)
{
	int i;

	(void)state;
	memset(desc, 0xff, sizeof(desc));
	assert_int_equal(borrow(), COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(f[i].flags, CAP_FRAME_ERROR | CAP_FRAME_VLAN | CAP_FRAME_HASH);
		assert_int_equal(f[i].len, BUF);
	}
	/* the ring is all borrowed: it does not go round and round */
	assert_int_equal(borrow(), 0);
	assert_false(hw_rx_ring_pending(&ring));
	hw_rx_ring_return(&ring, COUNT);
	assert_int_equal(borrow(), 0);
}

static void chain_without_end_cannot_stop_the_ring(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HW_RX_CHAIN_MAX; i++)
		nic_writes(DD, BUF, 0);
	nic_writes(END, 60, 0);
	nic_writes(END, 61, 0);
	assert_int_equal(borrow(), HW_RX_CHAIN_MAX + 2);
	assert_int_equal(f[0].flags, CAP_FRAME_MORE | CAP_FRAME_ERROR);
	assert_int_equal(f[HW_RX_CHAIN_MAX - 1].flags, 0);
	assert_int_equal(f[HW_RX_CHAIN_MAX].len, 60);
	assert_int_equal(f[HW_RX_CHAIN_MAX + 1].len, 61);
}

static void random_descriptors_never_break_the_rules(void **state)
{
	int round, i, n;

	(void)state;
	srandom(1);
	for (round = 0; round < 20000; round++) {
		for (i = random() % COUNT; i && nic != hw_rx_ring_tail(&ring); i--)
			nic_writes(random() << 8 | (random() & 3), random(), random());
		n = hw_rx_ring_borrow(&ring, f, HW_RX_CHAIN_MAX + random() % 48);
		for (i = 0; i < n; i++) {
			assert_true(f[i].len <= BUF);
			assert_ptr_equal(f[i].data, memory[(ring.oldest + i) % COUNT]);
		}
		if (n)
			assert_false(f[n - 1].flags & CAP_FRAME_MORE);
		hw_rx_ring_return(&ring, n);
		assert_int_equal(ring.nr_borrowed, 0);
		/* a slot without DD stops everything, as it must: start over */
		if (!n && nic == hw_rx_ring_tail(&ring))
			setup(state);
	}
}

static void hash_of_the_flow(void **state)
{
	(void)state;
	nic_writes(END, 60, 0);
	desc[0].wb.type = htole32(1);
	desc[0].wb.hash = htole32(0xfeedbeef);
	nic_writes(END, 60, 0);
	assert_int_equal(borrow(), 2);
	assert_int_equal(f[0].flags, CAP_FRAME_HASH);
	assert_int_equal(f[0].hash, 0xfeedbeef);
	assert_int_equal(f[1].flags, 0);
}

/* The stamp before a frame is cut off, on the first piece only. */
static void stamp_before_the_frame(void **state)
{
	const u64 raw = htole64(0x123456789aull);

	(void)state;
	ring.stamped = true;
	memset(memory[0], 0, 8);
	memcpy(memory[0] + 8, &raw, 8);
	nic_writes(END | HW_RXD_TSIP, 76, 0);
	memcpy(memory[1] + 8, &raw, 8);
	nic_writes(DD, BUF, 0);
	nic_writes(END | HW_RXD_TSIP, 100, 0);
	nic_writes(END, 60, 0);
	nic_writes(END | HW_RXD_TSIP, 15, 0);
	nic_writes(END | HW_RXD_TSIP, 16, 0);
	assert_int_equal(borrow(), 6);
	assert_int_equal(f[0].flags, CAP_FRAME_STAMP);
	assert_int_equal(f[0].stamp, 0x123456789aull);
	assert_int_equal(f[0].len, 60);
	assert_ptr_equal(f[0].data, memory[0] + 16);
	assert_int_equal(f[1].flags, CAP_FRAME_STAMP | CAP_FRAME_MORE);
	assert_int_equal(f[1].len, BUF - 16);
	assert_int_equal(f[2].len, 100);
	assert_int_equal(f[3].flags, 0);
	assert_int_equal(f[3].len, 60);
	assert_int_equal(f[4].flags, CAP_FRAME_ERROR);
	assert_true(f[5].flags & CAP_FRAME_ERROR);
	hw_rx_ring_return(&ring, 6);
	/* a NIC that was not told to stamp: the bit means nothing */
	ring.stamped = false;
	nic_writes(END | HW_RXD_TSIP, 76, 0);
	assert_int_equal(borrow(), 1);
	assert_int_equal(f[0].flags, 0);
	assert_int_equal(f[0].len, 76);
}

#define T(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(empty_ring_is_idle),
		T(one_frame),
		T(order_holds_over_many_wraps),
		T(borrowing_goes_on_without_return),
		T(chain_is_one_frame),
		T(chain_across_the_end_of_the_ring),
		T(chain_that_does_not_fit_waits),
		T(damage_marks_the_first_piece),
		T(impossible_length_is_cut_and_marked),
		T(all_ones_are_damaged_frames),
		T(chain_without_end_cannot_stop_the_ring),
		T(hash_of_the_flow),
		T(stamp_before_the_frame),
		T(random_descriptors_never_break_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
