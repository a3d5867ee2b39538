// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-dups: what it counts, writes, marks and refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <hpcap_file.h>
#include <unistd.h>
#include "unit/run_program.h"

static struct program p;
static char dir[] = "/tmp/test_dups.XXXXXX";
static char in[64], out[64], raw[64];

/* Forty frames of 100 bytes, each twice with another TTL, 1 ms apart. */
static int setup(void **state)
{
	const u32 head[6] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
	u8 frame[100] = {0};
	FILE *f;
	u32 i;

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(in, sizeof(in), "%s/in.pcap", dir);
	snprintf(out, sizeof(out), "%s/out.pcap", dir);
	snprintf(raw, sizeof(raw), "%s/out.raw", dir);
	f = fopen(in, "wb");
	if (!f)
		return -1;
	fwrite(head, sizeof(head), 1, f);
	memcpy(frame + 12, "\x08\x00\x45\x00\x00\x56", 6);
	for (i = 0; i < 80; i++) {
		const u32 record[4] = {1700000000, i * 1000, sizeof(frame), sizeof(frame)};

		frame[40] = i / 2;
		frame[22] = 64 - i % 2;
		fwrite(record, sizeof(record), 1, f);
		fwrite(frame, sizeof(frame), 1, f);
	}
	return fclose(f);
}

static int teardown(void **state)
{
	(void)state;
	unlink(in);
	unlink(out);
	unlink(raw);
	return rmdir(dir);
}

static void dups(int status, const char *const *argv)
{
	int n = 0;

	memset(p.argv, 0, sizeof(p.argv));
	p.main = main_hpcap_dups;
	p.argv[n++] = "hpcap-dups";
	while (*argv)
		p.argv[n++] = *argv++;
	program_run(&p);
	if (p.status != status)
		print_message("out: %s\nerr: %s\n", p.out, p.err);
	assert_int_equal(p.status, status);
}

#define dups(status, ...) dups(status, (const char *const[]){__VA_ARGS__, NULL})

static void shown(const char *text)
{
	if (!strstr(p.out, text))
		print_message("no '%s' in: %s\n", text, p.out);
	assert_non_null(strstr(p.out, text));
}

static void said(const char *text)
{
	if (!strstr(p.err, text))
		print_message("no '%s' in: %s\n", text, p.err);
	assert_non_null(strstr(p.err, text));
}

static void counts(void **state)
{
	(void)state;
	dups(0, in);
	shown("80 frames, 0 copies");
	dups(0, "--ignore", "ttl", in);
	shown("80 frames, 40 copies (50.0000 %)");
	dups(0, "-j", "-i", "ttl,checksum", "-e", "1024", "-L", "4", "-b", "60", in);
	shown("\"frames\": 80, \"copies\": 40, \"written\": 0");
	dups(0, "-i", "ttl", "-w", "999", in);
	shown("0 copies");
	dups(0, "-l", "-i", "ttl", in);
	shown("2\t2023-11-14T22:13:20.001000000Z\t100 bytes\n");
}

static void writes(void **state)
{
	(void)state;
	dups(0, "-i", "ttl", "-o", out, in);
	dups(0, "-j", "-i", "ttl", out);
	shown("\"frames\": 40, \"copies\": 0");
	dups(0, "-i", "ttl", "-c", "-o", out, in);
	dups(0, "-j", "-i", "ttl", out);
	shown("\"frames\": 40, \"copies\": 0");
}

static void marks(void **state)
{
	struct hpcap_record rec;
	struct hpcap_raw *r;
	int n = 0;

	(void)state;
	dups(0, "-i", "ttl", "-m", "-o", raw, in);
	assert_int_equal(hpcap_raw_open(&r, raw), 0);
	while (hpcap_raw_next(r, &rec) > 0) {
		assert_int_equal(hpcap_marked(&rec), n % 2);
		assert_int_equal(rec.nsec, n * 1000000);
		n++;
	}
	assert_int_equal(n, 80);
	assert_true(hpcap_raw_whole(hpcap_raw_report(r)));
	hpcap_raw_close(r);
}

static void refuses(void **state)
{
	(void)state;
	dups(2, "--json");
	said("a capture is needed");
	dups(2, "-b", "15", in);
	said("bytes: 16..256");
	dups(2, "-e", "1000", in);
	said("entries: a power of two");
	dups(2, "-i", "colour", in);
	said("-i: bad value: colour");
	dups(2, "-w", "soon", in);
	dups(2, "-o", "x.txt", in);
	said("ends in .raw, .pcap or .pcapng");
	dups(2, "-m", "-o", out, in);
	said("only RAW has marks");
	dups(2, "-c", in);
	dups(2, "--frob", in);
	dups(1, "/nonexistent");
	said("/nonexistent");
	dups(0, "--help");
	shown("usage: hpcap-dups");
	dups(0, "--version");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(writes),
		cmocka_unit_test(marks),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("dups", tests, setup, teardown);
}
