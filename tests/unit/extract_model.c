// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture files of all kinds, and what is wanted of them by a naive look. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/extract_model.h"
#include "unit/raw_model.h"

enum {
	BLOCK = 8192, /* bytes of a packed frame, about */
	NSEC = 1000000000,
};

static const struct kind {
	const char *name;
	enum hpcap_format format;
	enum hpcap_packing packing;
} kinds[MODEL_FILES] = {
	{"1_hpcap0_0.raw", HPCAP_FORMAT_RAW, HPCAP_PLAIN},
	{"2_hpcap0_1.raw.zst", HPCAP_FORMAT_RAW, HPCAP_ZSTD},
	{"3.pcap", HPCAP_FORMAT_PCAP, HPCAP_PLAIN},
	{"4.pcap.lz4", HPCAP_FORMAT_PCAP, HPCAP_LZ4},
	{"5.pcapng", HPCAP_FORMAT_PCAPNG, HPCAP_PLAIN},
	{"6.pcapng.zst", HPCAP_FORMAT_PCAPNG, HPCAP_ZSTD},
	{"7_hpcap0_0.raw", HPCAP_FORMAT_RAW, HPCAP_PLAIN},
	{"8_hpcap0_1.raw.lz4", HPCAP_FORMAT_RAW, HPCAP_LZ4},
};

struct extract_frame extract_frames[MODEL_FILES][MODEL_FRAMES];
char extract_dir[64];

int extract_setup(void **state)
{
	(void)state;
	snprintf(extract_dir, sizeof(extract_dir), "/tmp/test_extract.XXXXXX");
	return mkdtemp(extract_dir) ? 0 : -1;
}

int extract_teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", extract_dir);
	return system(command);
}

const char *extract_path(int file)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/in/%s", extract_dir, kinds[file].name);
	return path;
}

/* Frame i of a file: UDP from 10.0.0.host, the file and i behind it. */
static struct hpcap_frame make_frame(int file, uint32_t i, uint8_t data[128])
{
	const struct extract_frame *m = &extract_frames[file][i];
	static const uint8_t ip[] = {8, 0, 0x45, 0, 0, 100, 0, 0, 0, 0, 64, 17, 0, 0, 10};

	memset(data, 0, 128);
	memset(data, 2, 12);
	memcpy(data + 12, ip, sizeof(ip));
	data[28] = (uint8_t)(m->host >> 8);
	data[29] = (uint8_t)m->host;
	data[30] = 10;
	data[33] = 250;
	memcpy(data + 60, &file, sizeof(file));
	memcpy(data + 64, &i, sizeof(i));
	return (struct hpcap_frame){
		.rec = {.sec = (uint32_t)(m->ns / NSEC),
			.nsec = (uint32_t)(m->ns % NSEC),
			.caplen = 80 + i % 40,
			.len = 128,
			.data = data},
		.linktype = HPCAP_LINK_ETHERNET,
		.has_time = true,
	};
}

static void put_block(FILE *f, struct hpcap_pack *pack, const uint8_t *buf, size_t size)
{
	static uint8_t packed[4 * BLOCK];
	ssize_t n = (ssize_t)size;

	if (pack) {
		n = hpcap_pack_block(pack, buf, size, packed, sizeof(packed));
		assert_true(n > 0);
		buf = packed;
	}
	if (size)
		assert_int_equal(fwrite(buf, 1, (size_t)n, f), n);
}

static void write_file(int file)
{
	const struct hpcap_iface iface = {.linktype = HPCAP_LINK_ETHERNET, .ticks = NSEC};
	const struct hpcap_enc enc = {
		.format = kinds[file].format, .ifaces = &iface, .nr_ifaces = 1};
	static uint8_t buf[2 * BLOCK];
	struct hpcap_pack *pack = NULL;
	FILE *f = fopen(extract_path(file), "w");
	ssize_t fill = hpcap_enc_begin(&enc, buf, sizeof(buf));
	uint8_t data[128];
	uint32_t i;

	if (!f)
		abort();
	if (kinds[file].packing)
		assert_int_equal(hpcap_pack_create(&pack, kinds[file].packing, 0), 0);
	for (i = 0; i < MODEL_FRAMES; i++) {
		struct hpcap_frame frame = make_frame(file, i, data);

		if (fill > BLOCK) {
			put_block(f, pack, buf, (size_t)fill);
			fill = 0;
		}
		fill += hpcap_enc_frame(&enc, &frame, buf + fill, sizeof(buf) - (size_t)fill);
	}
	put_block(f, pack, buf, (size_t)fill);
	hpcap_pack_destroy(pack);
	fclose(f);
}

void extract_write(uint32_t seed, uint32_t late_ms)
{
	char in[80];
	int file;
	uint32_t i;

	snprintf(in, sizeof(in), "%s/in", extract_dir);
	mkdir(in, 0755);
	for (file = 0; file < MODEL_FILES; file++) {
		char index[200];

		snprintf(index, sizeof(index), "%s.idx", extract_path(file));
		unlink(index);
		for (i = 0; i < MODEL_FRAMES; i++) {
			struct extract_frame *m = &extract_frames[file][i];
			uint64_t ms = (uint64_t)file / 2 * 400 + i;

			if (late_ms && model_random(&seed) % 10 == 0)
				ms -= model_random(&seed) % (late_ms + 1) % (ms + 1);
			m->ns = MODEL_START + ms * MODEL_STEP_NS + (uint32_t)file;
			m->host = i / 20 + 100 * (uint32_t)file;
		}
		write_file(file);
	}
}

static bool is_wanted(const struct extract_frame *m, uint64_t from, uint64_t to, uint32_t host)
{
	return m->ns >= from && m->ns < to && (host == UINT32_MAX || m->host == host);
}

/* The next frame of that file that is wanted, from @at on. */
static uint32_t skip_to(int file, uint32_t at, uint64_t from, uint64_t to, uint32_t host)
{
	while (at < MODEL_FRAMES && !is_wanted(&extract_frames[file][at], from, to, host))
		at++;
	return at;
}

uint64_t extract_compare(const char *path, uint64_t from, uint64_t to, uint32_t host)
{
	uint32_t at[MODEL_FILES] = {0}, i;
	struct hpcap_frame f;
	struct hpcap_in *in;
	uint8_t data[128];
	uint64_t n = 0;
	int file;

	assert_int_equal(hpcap_in_open(&in, path, NULL), 0);
	while (hpcap_in_next(in, &f) > 0) {
		struct hpcap_frame want;

		memcpy(&file, f.rec.data + 60, sizeof(file));
		memcpy(&i, f.rec.data + 64, sizeof(i));
		assert_in_range(file, 0, MODEL_FILES - 1);
		assert_int_equal(i, skip_to(file, at[file], from, to, host));
		at[file] = i + 1;
		want = make_frame(file, i, data);
		assert_int_equal(f.rec.sec, want.rec.sec);
		assert_int_equal(f.rec.nsec, want.rec.nsec);
		assert_int_equal(f.rec.caplen, want.rec.caplen);
		assert_memory_equal(f.rec.data, data, f.rec.caplen);
		n++;
	}
	assert_string_equal(hpcap_in_error(in), "");
	hpcap_in_close(in);
	for (file = 0; file < MODEL_FILES; file++)
		assert_int_equal(skip_to(file, at[file], from, to, host), MODEL_FRAMES);
	return n;
}
