// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames out and in again: every format and packing, cut anywhere, sought, parked. */
#include "unit/t.h"
#include <errno.h>
#include <frames_in.h>
#include <frames_out.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "raw_model.h"

enum {
	FRAMES = 500,
	BLOCK = 50, /* frames in a packed block */
	ROOM = 1 << 21,
};

static const struct hpcap_iface ifaces[] = {
	{.linktype = 1, .name = "hpcap0:0", .text = "first"},
	{.linktype = 1, .name = "hpcap0:1"},
};

static struct hpcap_enc enc_of(enum hpcap_format format)
{
	return (struct hpcap_enc){.format = format,
				  .ifaces = ifaces,
				  .nr_ifaces = 2,
				  .program = "test",
				  .comment = "made by hand"};
}

/* Frame n, 1 to 1514 bytes long; every seventh was cut. */
static struct hpcap_frame frame_of(uint32_t n, uint8_t *data)
{
	uint32_t seed = n * 77 + 1, i;
	struct hpcap_frame f = {.iface = n % 2, .has_time = true};

	f.rec.len = 1 + model_random(&seed) % 1514;
	f.rec.caplen = n % 7 ? f.rec.len : 1 + f.rec.len / 2;
	f.rec.sec = MODEL_SEC + n / 100;
	f.rec.nsec = n % 100 * 10000000 + 7;
	f.rec.data = data;
	for (i = 0; i < f.rec.caplen; i++)
		data[i] = (uint8_t)(model_random(&seed) % 16);
	if (n % 11 == 3) {
		f.comment = "eleven";
		f.comment_len = 6;
		f.flags = 1;
		f.drops = n;
	}
	return f;
}

static void add_block(struct bytes *out, struct hpcap_pack *pack, const uint8_t *p, size_t size)
{
	uint8_t *packed;
	ssize_t n;

	if (!pack) {
		bytes_add(out, p, size);
		return;
	}
	packed = malloc(hpcap_pack_bound(pack, size));
	n = hpcap_pack_block(pack, p, size, packed, hpcap_pack_bound(pack, size));
	assert_true(n > 0);
	bytes_add(out, packed, (size_t)n);
	free(packed);
}

/* A whole file; where[] is told the offset in the file of each block, if asked. */
static struct bytes file_of(enum hpcap_format format, enum hpcap_packing packing,
			    uint64_t *where)
{
	static uint8_t room[ROOM], data[2048];
	const struct hpcap_enc e = enc_of(format);
	const struct hpcap_enc_stats st = {.iface = 1, .received = 7, .dropped = 3};
	struct hpcap_pack *pack = NULL;
	struct bytes out = {0};
	ssize_t at, n;
	uint32_t i;

	if (packing != HPCAP_PLAIN)
		assert_int_equal(hpcap_pack_create(&pack, packing, 0), 0);
	at = hpcap_enc_begin(&e, room, sizeof(room));
	assert_true(at >= 0);
	for (i = 0; i < FRAMES; i++) {
		struct hpcap_frame f = frame_of(i, data);

		if (i && i % BLOCK == 0) {
			add_block(&out, pack, room, (size_t)at);
			at = 0;
			if (where)
				where[i / BLOCK] = out.size;
		}
		n = hpcap_enc_frame(&e, &f, room + at, sizeof(room) - (size_t)at);
		assert_true(n > 0 && (size_t)n <= hpcap_enc_bound(&e, &f));
		at += n;
	}
	n = hpcap_enc_end(&e, &st, room + at, sizeof(room) - (size_t)at);
	assert_true(n >= 0);
	add_block(&out, pack, room, (size_t)(at + n));
	hpcap_pack_destroy(pack);
	return out;
}

static void assert_frame(const struct hpcap_frame *f, uint32_t n, enum hpcap_format format)
{
	uint8_t data[2048];
	struct hpcap_frame want = frame_of(n, data);

	assert_int_equal(f->rec.sec, want.rec.sec);
	assert_int_equal(f->rec.nsec, want.rec.nsec);
	assert_int_equal(f->rec.len, want.rec.len);
	assert_int_equal(f->rec.caplen, want.rec.caplen);
	assert_memory_equal(f->rec.data, data, want.rec.caplen);
	assert_int_equal(f->linktype, 1);
	if (format != HPCAP_FORMAT_PCAPNG)
		return;
	assert_int_equal(f->iface, want.iface);
	assert_int_equal(f->flags, want.flags);
	assert_int_equal(f->drops, want.drops);
	assert_int_equal(f->comment_len, want.comment_len);
	if (want.comment)
		assert_memory_equal(f->comment, want.comment, want.comment_len);
}

/* Frames from number first on must come; returns the number behind the last. */
static uint32_t read_all(struct hpcap_in *in, uint32_t first, enum hpcap_format format)
{
	struct hpcap_frame f;
	int ret;

	while ((ret = hpcap_in_next(in, &f)) > 0)
		assert_frame(&f, first++, format);
	assert_int_equal(ret, 0);
	assert_int_equal(hpcap_in_next(in, &f), 0);
	return first;
}

static const enum hpcap_format formats[] = {HPCAP_FORMAT_RAW, HPCAP_FORMAT_PCAP,
					    HPCAP_FORMAT_PCAPNG};

static void test_round(void **state)
{
	static const uint32_t chunks[] = {0, 4096, 5000};
	unsigned int i, p, c;

	(void)state;
	for (i = 0; i < 9; i++) {
		enum hpcap_format format = formats[i % 3];
		struct bytes b;

		p = i / 3;
		b = file_of(format, (enum hpcap_packing)p, NULL);
		for (c = 0; c < 3; c++) {
			struct hpcap_in_options opt = {.chunk = chunks[c], .only = format};
			struct hpcap_in *in;

			assert_int_equal(hpcap_in_open_memory(&in, b.p, b.size, &opt), 0);
			assert_int_equal(read_all(in, 0, format), FRAMES);
			assert_string_equal(hpcap_in_error(in), "");
			assert_int_equal(hpcap_in_format(in), format);
			assert_int_equal(hpcap_in_packing(in), p);
			assert_int_equal(hpcap_in_report(in)->file_bytes, b.size);
			assert_int_equal(hpcap_in_nr_ifaces(in),
					 format == HPCAP_FORMAT_PCAPNG ? 2 : 1);
			hpcap_in_close(in);
		}
		bytes_free(&b);
	}
}

static void test_iface_words(void **state)
{
	struct bytes b = file_of(HPCAP_FORMAT_PCAPNG, HPCAP_PLAIN, NULL);
	const struct hpcap_iface *iface;
	struct hpcap_in *in;

	(void)state;
	assert_int_equal(hpcap_in_open_memory(&in, b.p, b.size, NULL), 0);
	assert_int_equal(hpcap_in_start(in), 0);
	assert_int_equal(hpcap_in_nr_ifaces(in), 2);
	assert_int_equal(read_all(in, 0, HPCAP_FORMAT_PCAPNG), FRAMES);
	iface = hpcap_in_iface(in, 0);
	assert_string_equal(iface->name, "hpcap0:0");
	assert_string_equal(iface->text, "first");
	assert_int_equal(iface->frames, FRAMES / 2);
	assert_false(iface->has_dropped);
	iface = hpcap_in_iface(in, 1);
	assert_int_equal(iface->ticks, 1000000000);
	assert_true(iface->has_received && iface->has_dropped);
	assert_int_equal(iface->received, 7);
	assert_int_equal(iface->dropped, 3);
	assert_null(hpcap_in_iface(in, 2));
	hpcap_in_close(in);
	bytes_free(&b);
}

/* Cut at many places: whole frames come, then the end, and it says so. */
static void test_cut(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 9; i++) {
		enum hpcap_format format = formats[i % 3];
		struct bytes b = file_of(format, (enum hpcap_packing)(i / 3), NULL);
		uint32_t seed = i, n;
		int k;

		for (k = 0; k < 40; k++) {
			size_t size = 200 + model_random(&seed) % (b.size - 201);
			struct hpcap_in *in;

			assert_int_equal(hpcap_in_open_memory(&in, b.p, size, NULL), 0);
			n = read_all(in, 0, format);
			assert_true(n < FRAMES);
			assert_int_equal(hpcap_in_report(in)->cut, *hpcap_in_error(in) != 0);
			hpcap_in_close(in);
		}
		bytes_free(&b);
	}
}

/* A start in the middle, as an index gives it. */
static void test_seek(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 9; i++) {
		enum hpcap_format format = formats[i % 3];
		uint64_t where[FRAMES / BLOCK] = {0}, pos[FRAMES];
		struct bytes b = file_of(format, (enum hpcap_packing)(i / 3), where);
		struct memory_file m = memory_file(&b);
		struct hpcap_frame f;
		struct hpcap_in *in;
		uint32_t n = 0;

		assert_int_equal(hpcap_in_open(&in, m.path, NULL), 0);
		assert_int_equal(hpcap_in_seek(in, 0, 0, 0), -EINVAL);
		while (hpcap_in_next(in, &f) > 0)
			pos[n++] = f.rec.pos;
		assert_int_equal(n, FRAMES);
		for (n = BLOCK; n < FRAMES; n += 3 * BLOCK) {
			assert_int_equal(
				hpcap_in_seek(in, where[n / BLOCK], pos[n], pos[n + 5]), 0);
			assert_int_equal(hpcap_in_next(in, &f), 1);
			assert_int_equal(f.rec.pos, pos[n + 5]);
			assert_frame(&f, n + 5, format);
			assert_int_equal(read_all(in, n + 6, format), FRAMES);
		}
		hpcap_in_close(in);
		close(m.fd);
		bytes_free(&b);
	}
}

/* Between any two frames the descriptor may be given back. */
static void test_park(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 9; i++) {
		struct bytes b = file_of(formats[i % 3], (enum hpcap_packing)(i / 3), NULL);
		const struct hpcap_in_options small = {.chunk = 4096};
		struct memory_file m = memory_file(&b);
		struct hpcap_frame f;
		struct hpcap_in *in;
		uint32_t n;

		assert_int_equal(hpcap_in_open(&in, m.path, &small), 0);
		hpcap_in_park(in);
		for (n = 0; n < FRAMES; n++) {
			assert_int_equal(hpcap_in_next(in, &f), 1);
			assert_frame(&f, n, formats[i % 3]);
			hpcap_in_park(in);
		}
		assert_int_equal(hpcap_in_next(in, &f), 0);
		hpcap_in_close(in);
		close(m.fd);
		bytes_free(&b);
	}
}

/* RAW records, padding among them, to the other formats at once. */
static void test_enc_raw(void **state)
{
	static uint8_t out[ROOM];
	struct bytes raw = {0};
	unsigned int i;
	uint32_t n;

	(void)state;
	for (n = 0; n < 100; n++) {
		bytes_frame(&raw, n, (uint16_t)(60 + n), (uint16_t)(60 + n));
		if (n % 9 == 0)
			bytes_pad(&raw, 100);
	}
	for (i = 0; i < 3; i++) {
		const struct hpcap_enc e = enc_of(formats[i]);
		size_t at = (size_t)hpcap_enc_begin(&e, out, sizeof(out)), used = 0;
		struct hpcap_frame f;
		struct hpcap_in *in;

		while (used < raw.size) {
			size_t size = raw.size - used;
			ssize_t made =
				hpcap_enc_raw(&e, 1, raw.p + used, &size, out + at, 3000);

			assert_true(made > 0 && size > 0);
			used += size;
			at += (size_t)made;
		}
		assert_int_equal(hpcap_in_open_memory(&in, out, at, NULL), 0);
		for (n = 0; n < 100; n++) {
			assert_int_equal(hpcap_in_next(in, &f), 1);
			assert_true(is_frame(&f.rec, n));
		}
		assert_int_equal(hpcap_in_next(in, &f), 0);
		hpcap_in_close(in);
	}
	bytes_free(&raw);
}

static void test_enc_refuses(void **state)
{
	static uint8_t out[100], data[70000];
	struct hpcap_enc e = enc_of(HPCAP_FORMAT_RAW);
	struct hpcap_frame f = {.rec = {.sec = 1, .caplen = 60, .len = 60, .data = data}};
	struct hpcap_pack *pack;

	(void)state;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, 71), -ENOBUFS);
	assert_int_equal(hpcap_enc_frame(&e, &f, out, 72), 72);
	f.rec.caplen = 0;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, sizeof(out)), -EINVAL);
	f.rec.caplen = f.rec.len = 65536;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, sizeof(out)), -EINVAL);
	f.rec.caplen = f.rec.len = 60;
	f.rec.sec = 0;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, sizeof(out)), -EINVAL);
	e.format = HPCAP_FORMAT_PCAPNG;
	f.iface = 2;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, sizeof(out)), -EINVAL);
	f.iface = 1;
	assert_int_equal(hpcap_enc_frame(&e, &f, out, 91), -ENOBUFS);
	assert_int_equal(hpcap_enc_frame(&e, &f, out, 92), 92);
	assert_int_equal(hpcap_enc_begin(&e, out, 20), -ENOBUFS);
	e.nr_ifaces = 0;
	assert_int_equal(hpcap_enc_begin(&e, out, sizeof(out)), -EINVAL);
	assert_int_equal(hpcap_pack_create(&pack, HPCAP_PLAIN, 0), -EINVAL);
	assert_int_equal(hpcap_pack_create(&pack, HPCAP_ZSTD, 23), -EINVAL);
	assert_int_equal(hpcap_pack_create(&pack, HPCAP_LZ4, 13), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),	    cmocka_unit_test(test_iface_words),
		cmocka_unit_test(test_cut),	    cmocka_unit_test(test_seek),
		cmocka_unit_test(test_park),	    cmocka_unit_test(test_enc_raw),
		cmocka_unit_test(test_enc_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
