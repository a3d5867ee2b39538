// SPDX-License-Identifier: GPL-2.0-or-later
/* A listener's own filter and caplen: the interpreter, and reading through it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pcap/pcap.h>
#include <hpcap.h>
#include "bpf.h"
#include "unit/fake_dev.h"

static struct hpcap_handle h;

static int setup(void **state)
{
	(void)state;
	fake_dev_create(HPCAP_RING_MIN);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_dev_destroy();
	return 0;
}

/* Frame n: n in its first bytes, 100 bytes long. */
static void put(uint32_t n)
{
	uint8_t frame[100];

	memset(frame, (int)n, sizeof(frame));
	memcpy(frame, &n, sizeof(n));
	assert_true(fake_dev_put(1000, n, frame, sizeof(frame), sizeof(frame)));
}

static const uint16_t codes[] = {
	BPF_LD | BPF_W | BPF_ABS,
	BPF_LD | BPF_H | BPF_ABS,
	BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_W | BPF_IND,
	BPF_LD | BPF_H | BPF_IND,
	BPF_LD | BPF_B | BPF_IND,
	BPF_LD | BPF_IMM,
	BPF_LD | BPF_MEM,
	BPF_LD | BPF_W | BPF_LEN,
	BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM,
	BPF_LDX | BPF_B | BPF_MSH,
	BPF_LDX | BPF_W | BPF_LEN,
	BPF_ST,
	BPF_STX,
	BPF_ALU | BPF_ADD | BPF_K,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_K,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_MOD | BPF_X,
	BPF_ALU | BPF_AND | BPF_K,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_ALU | BPF_XOR | BPF_K,
	BPF_ALU | BPF_LSH | BPF_K,
	BPF_ALU | BPF_RSH | BPF_K,
	BPF_ALU | BPF_NEG,
	BPF_JMP | BPF_JA,
	BPF_JMP | BPF_JEQ | BPF_K,
	BPF_JMP | BPF_JGT | BPF_X,
	BPF_JMP | BPF_JGE | BPF_K,
	BPF_JMP | BPF_JSET | BPF_X,
	BPF_MISC | BPF_TAX,
	BPF_MISC | BPF_TXA,
	BPF_RET | BPF_A,
};

static struct sock_filter random_insn(unsigned int *seed, unsigned int left)
{
	struct sock_filter i = {.code = codes[rand_r(seed) % (sizeof(codes) / sizeof(*codes))]};

	i.k = (uint32_t)rand_r(seed) % 70;
	if (BPF_CLASS(i.code) == BPF_ST || BPF_CLASS(i.code) == BPF_STX ||
	    (BPF_MODE(i.code) == BPF_MEM && BPF_CLASS(i.code) <= BPF_LDX))
		i.k %= BPF_MEMWORDS / 4; /* those that are set at the start */
	if (BPF_CLASS(i.code) == BPF_ALU && BPF_OP(i.code) >= BPF_LSH)
		i.k %= 32;
	if (BPF_CLASS(i.code) == BPF_JMP) {
		i.k %= left;
		i.jt = (uint8_t)((unsigned int)rand_r(seed) % left);
		i.jf = (uint8_t)((unsigned int)rand_r(seed) % left);
	}
	return i;
}

/* Programs nobody would write, beside libpcap's interpreter. */
static void same_as_libpcap(void **state)
{
	enum {
		LEN = 24
	};
	unsigned int seed = 11, n, i, ran = 0;
	struct sock_filter prog[LEN];
	uint8_t frame[64];

	(void)state;
	for (n = 0; n < 100000; n++) {
		uint32_t len = 14 + (uint32_t)rand_r(&seed) % 51, want;

		memset(prog, 0, sizeof(prog));
		for (i = 0; i < BPF_MEMWORDS / 4; i++)
			prog[i] = (struct sock_filter){BPF_ST, 0, 0, i};
		for (; i < LEN - 1; i++)
			prog[i] = random_insn(&seed, LEN - 1 - i);
		prog[LEN - 1] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, n};
		for (i = 0; i < len; i++)
			frame[i] = (uint8_t)rand_r(&seed);
		if (!bpf_validate((const struct bpf_insn *)prog, LEN))
			continue;
		ran++;
		want = bpf_filter((const struct bpf_insn *)prog, frame, len, len);
		if (bpf_wants(prog, LEN, frame, len, len) != want)
			print_message("program %u\n", n);
		assert_int_equal(bpf_wants(prog, LEN, frame, len, len), want);
	}
	assert_true(ran > 50000);
}

static const struct sock_filter odd[] = {
	{BPF_LD | BPF_B | BPF_ABS, 0, 0, 0},
	{BPF_JMP | BPF_JSET | BPF_K, 0, 1, 1},
	{BPF_RET | BPF_K, 0, 0, 65535},
	{BPF_RET | BPF_K, 0, 0, 0},
};

static const struct sock_filter far_byte[] = {
	{BPF_LD | BPF_B | BPF_ABS, 0, 0, 90},
	{BPF_RET | BPF_K, 0, 0, 0},
};

static void what_was_cut_is_delivered(void **state)
{
	const uint8_t frame[100] = {0};

	(void)state;
	assert_int_equal(bpf_wants(far_byte, 2, frame, 100, 100), 0);
	assert_int_equal(bpf_wants(far_byte, 2, frame, 60, 100), UINT32_MAX);
	assert_int_equal(bpf_wants(far_byte, 2, frame, 60, 60), 0);
	assert_int_equal(bpf_wants(far_byte, 0, frame, 60, 60), 0);
}

static void reads_what_it_wants(void **state)
{
	struct hpcap_record rec;
	uint32_t n, got;

	(void)state;
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_map(&h), HPCAP_OK);
	assert_int_equal(hpcap_set_filter(&h, HPCAP_SCOPE_LISTENER, odd, 4, "odd"), 0);
	for (n = 0; n < 100; n++)
		put(n);
	fake_dev_commit();
	for (n = 1; n < 50; n += 2) {
		assert_int_equal(hpcap_next(&h, &rec), 1);
		memcpy(&got, rec.data, 4);
		assert_int_equal(got, n);
		assert_int_equal(rec.caplen, 100);
	}
	assert_int_equal(hpcap_set_caplen(&h, 20), 0);
	assert_int_equal(hpcap_next(&h, &rec), 1);
	assert_int_equal(rec.caplen, 20);
	assert_int_equal(rec.len, 100);
	/* none: everything again */
	assert_int_equal(hpcap_set_filter(&h, HPCAP_SCOPE_LISTENER, NULL, 0, NULL), 0);
	assert_int_equal(hpcap_set_caplen(&h, 0), 0);
	assert_int_equal(hpcap_next(&h, &rec), 1);
	memcpy(&got, rec.data, 4);
	assert_int_equal(got, 52);
	assert_int_equal(rec.caplen, 100);
	assert_int_equal(hpcap_skipped(&h), 26);
	hpcap_ack(&h);
	assert_int_equal(fake_dev_ack(0), 53 * (HPCAP_REC_LEN + 100));
	hpcap_close(&h);
}

static void spans_are_packed(void **state)
{
	struct hpcap_span span;
	struct hpcap_rec rec;
	uint32_t n;

	(void)state;
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_map(&h), HPCAP_OK);
	assert_int_equal(hpcap_set_filter(&h, HPCAP_SCOPE_LISTENER, odd, 4, "odd"), 0);
	assert_int_equal(hpcap_set_caplen(&h, 50), 0);
	for (n = 0; n < 100; n++)
		put(n);
	fake_dev_commit();
	assert_int_equal(hpcap_next_span(&h, 40, 0, &span), -EMSGSIZE);
	assert_int_equal(hpcap_next_span(&h, 1 << 20, 10, &span), 1);
	assert_int_equal(span.frames, 10);
	assert_int_equal(span.bytes, 10 * (HPCAP_REC_LEN + 50));
	for (n = 0; n < 10; n++) {
		const uint8_t *at = span.data + n * (HPCAP_REC_LEN + 50);

		memcpy(&rec, at, sizeof(rec));
		assert_int_equal(rec.caplen, 50);
		assert_int_equal(rec.len, 100);
		assert_int_equal(rec.nsec, 2 * n + 1);
		assert_int_equal(at[HPCAP_REC_LEN], 2 * n + 1);
	}
	assert_ptr_equal(span.last, span.data + 9 * (HPCAP_REC_LEN + 50));
	assert_true(hpcap_valid(&h, span.pos));
	assert_int_equal(hpcap_next_span(&h, 1 << 20, 0, &span), 1);
	assert_int_equal(span.frames, 40);
	assert_int_equal(hpcap_next_span(&h, 1 << 20, 0, &span), 0);
	assert_int_equal(hpcap_write_block(&h, 0, HPCAP_BS), (uint64_t)-1);
	assert_int_equal(errno, EOPNOTSUPP);
	hpcap_close(&h);
}

static void wrong_filters(void **state)
{
	char text[HPCAP_FILTER_TEXT + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[HPCAP_FILTER_TEXT] = 0;
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_set_filter(&h, HPCAP_SCOPE_LISTENER, odd, 4, text), -EINVAL);
	assert_int_equal(hpcap_set_caplen(&h, 13), -EINVAL);
	assert_int_equal(hpcap_set_caplen(&h, 65525), -EINVAL);
	assert_int_equal(hpcap_skipped(&h), 0);
	hpcap_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_libpcap),
		cmocka_unit_test(what_was_cut_is_delivered),
		cmocka_unit_test_setup_teardown(reads_what_it_wants, setup, teardown),
		cmocka_unit_test_setup_teardown(spans_are_packed, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_filters, setup, teardown),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
