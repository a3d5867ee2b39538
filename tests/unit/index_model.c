// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of a file that is never written, for tests of its index. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/index_model.h"
#include "unit/raw_model.h"

enum {
	HEAD = 24, /* bytes before the first frame, as in pcap */
};

struct model_frame model[FRAMES];
uint64_t model_end;
char model_dir[64], model_path[128], model_index[160];
static uint8_t frame[128];

int model_setup(void **state)
{
	(void)state;
	snprintf(model_dir, sizeof(model_dir), "/tmp/test_index.XXXXXX");
	if (!mkdtemp(model_dir))
		return -1;
	snprintf(model_path, sizeof(model_path), "%s/x.raw", model_dir);
	snprintf(model_index, sizeof(model_index), "%s.idx", model_path);
	return 0;
}

int model_teardown(void **state)
{
	(void)state;
	unlink(model_index);
	return rmdir(model_dir);
}

void model_make(uint32_t seed, uint32_t late_ms)
{
	uint64_t off = HEAD;
	uint32_t i;

	for (i = 0; i < FRAMES; i++) {
		uint64_t ms = i;

		if (late_ms && model_random(&seed) % 10 == 0)
			ms -= model_random(&seed) % (late_ms + 1) % (i + 1);
		model[i].ns = MODEL_SEC * 1000000000ull + ms * 1000000 + i;
		model[i].off = off;
		model[i].host = i / 50;
		off += 12 + 64 + model_random(&seed) % 1000;
	}
	model_end = off;
}

struct hpcap_record model_record(uint32_t i)
{
	const uint8_t ip[] = {8,  0,  0x45, 0, 0,  50, 0, 0, 0,	 0,
			      64, 17, 0,    0, 10, 0,  0, 1, 10, 1};

	memset(frame, 2, 12);
	memcpy(frame + 12, ip, sizeof(ip));
	frame[32] = (uint8_t)(model[i].host >> 8);
	frame[33] = (uint8_t)model[i].host;
	memset(frame + 34, 0, 8);
	return (struct hpcap_record){
		.sec = (uint32_t)(model[i].ns / 1000000000),
		.nsec = (uint32_t)(model[i].ns % 1000000000),
		.caplen = 64,
		.len = (uint32_t)(64 + i % 1000),
		.data = frame,
	};
}

void model_index_write(const struct hpcap_index_options *opt, uint32_t frames, bool finish)
{
	struct hpcap_index *x;
	uint32_t i;

	assert_int_equal(hpcap_index_create(&x, AT_FDCWD, model_path, opt), 0);
	for (i = 0; i < frames; i++) {
		struct hpcap_record rec = model_record(i);

		hpcap_index_frame(x, &rec, model[i].off);
	}
	if (finish)
		assert_int_equal(hpcap_index_finish(x, model_end, model_end), 0);
	hpcap_index_destroy(x);
}

uint64_t model_host_key(uint32_t host)
{
	const uint8_t addr[16] = {10, 1, (uint8_t)(host >> 8), (uint8_t)host};

	return hpcap_flow_host_key(4, addr);
}

uint64_t model_window(struct hpcap_index_map *m, uint64_t from, uint64_t to,
		      const uint64_t *key, uint32_t host)
{
	const struct hpcap_index_query q = {from, to, key, key ? 1 : 0};
	uint64_t covered = hpcap_index_info(m)->file_end, i = 0, blocks = 0, f = 0;
	struct hpcap_index_block b;

	while (hpcap_index_find(m, &q, &i, &b)) {
		for (; f < FRAMES && model[f].off < b.file_off; f++)
			assert_true(model[f].ns < from || model[f].ns > to ||
				    (key && model[f].host != host));
		while (f < FRAMES && model[f].off < b.file_end)
			f++;
		blocks++;
		i++;
	}
	for (; f < FRAMES && model[f].off < covered; f++)
		assert_true(model[f].ns < from || model[f].ns > to ||
			    (key && model[f].host != host));
	return blocks;
}

void model_windows(struct hpcap_index_map *m, uint32_t seed)
{
	const uint64_t zero = MODEL_SEC * 1000000000ull;
	const uint64_t blocks = hpcap_index_info(m)->blocks;
	uint64_t narrow = 0;
	int n;

	for (n = 0; n < 300; n++) {
		uint64_t from = zero + model_random(&seed) % 3000 * 1000000ull;
		uint32_t host = model_random(&seed) % 80;
		uint64_t key = model_host_key(host);

		narrow += model_window(m, from, from + model_random(&seed) % 50 * 1000000, NULL,
				       0);
		model_window(m, from, from + model_random(&seed) % 2000 * 1000000, &key, host);
		model_window(m, 0, UINT64_MAX, &key, host);
	}
	assert_int_equal(model_window(m, 0, UINT64_MAX, NULL, 0), blocks);
	assert_int_equal(model_window(m, 0, zero - 1000000000, NULL, 0), 0);
	assert_int_equal(model_window(m, zero + 4000000000, UINT64_MAX, NULL, 0), 0);
	/* 50 of 3000 ms: of 30 or more blocks few are in question */
	if (hpcap_index_info(m)->late_ns < 20000000)
		assert_true(narrow < 300 * blocks / 5);
}
