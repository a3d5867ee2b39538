// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-storage: what it finds in /sys, what it computes, how it is used wrongly. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/run_program.h"
#include "storage.h"

static struct program p;
static struct volumes list;

/* --- links --------------------------------------------------------------------- */

/* The row of Table 4.3 with RAW headers, Gbit/s of a full 10 GbE link. */
static void demands(void **state)
{
	static const struct {
		uint32_t frame;
		double gbit;
	} row[] = {{60, 8.57},	{64, 8.64},   {128, 9.19},  {256, 9.57}, {512, 9.77},
		   {750, 9.84}, {1024, 9.89}, {1250, 9.91}, {1514, 9.92}};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_true(abs((int)(storage_demand(1e10, row[i].frame) * 8e-7) -
				(int)(row[i].gbit * 100)) <= 3);
}

/* Mechanical RAID-0 of Table 4.4: eight drives follow on average, nine always. */
static void verdicts(void **state)
{
	const struct storage_speed eight = {.mean = 10.02e9 / 8, .low = 9.77e9 / 8},
				   nine = {.mean = 11.2e9 / 8, .low = 10.5e9 / 8},
				   one = {.mean = 1.27e9 / 8, .low = 1.26e9 / 8};
	struct storage_verdict j = storage_judge(&eight, 1e10, 1514);

	(void)state;
	assert_int_equal(j.follows, FOLLOWS_MEAN);
	assert_true(j.load > 0.98 && j.load < 0.99);
	assert_int_equal(storage_judge(&eight, 1e10, 256).follows, FOLLOWS);
	assert_int_equal(storage_judge(&nine, 1e10, 1514).follows, FOLLOWS);
	assert_int_equal(storage_judge(&one, 1e9, 1514).follows, FOLLOWS);
	j = storage_judge(&one, 1e10, 1514);
	assert_int_equal(j.follows, FOLLOWS_NOT);
	assert_true(j.load > 0.12 && j.load < 0.13);
}

static void slow_twentieth(void **state)
{
	uint64_t slice[40];
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		slice[i] = (uint64_t)(40 - i) << 20;
	assert_true(storage_low(slice, 40, 0.25) == 3 * 4.0 * (1 << 20));
	assert_true(storage_low(slice, 0, 0.25) == 0);
}

/* --- a machine made of files --------------------------------------------------- */

static char root[64];

static void put(const char *path, const void *data, size_t size)
{
	char full[512], *q;
	int fd;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (q = full + 1; (q = strchr(q, '/')); *q++ = '/') {
		*q = '\0';
		mkdir(full, 0755);
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void say(const char *path, const char *text)
{
	put(path, text, strlen(text));
}

/* A disk of 16 MiB: its bytes are a file that is zero but at offset at. */
static void disk(const char *name, off_t at)
{
	char path[96], full[256];

	snprintf(path, sizeof(path), "sys/class/block/%s/size", name);
	say(path, "32768\n");
	snprintf(path, sizeof(path), "dev/%s", name);
	say(path, "");
	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(truncate(full, 16 << 20), 0);
	if (at >= 0) {
		int fd = open(full, O_WRONLY);

		assert_int_equal(pwrite(fd, "x", 1, at), 1);
		close(fd);
	}
}

static const struct volume *named(const char *name)
{
	int i;

	for (i = 0; i < list.count; i++)
		if (!strcmp(list.v[i].name, name))
			return &list.v[i];
	fail_msg("no %s", name);
	return NULL;
}

static int new_machine(void **state)
{
	(void)state;
	strcpy(root, "/tmp/test_storage.XXXXXX");
	assert_non_null(mkdtemp(root));
	storage_root = root;
	return 0;
}

static int no_machine(void **state)
{
	char command[96];

	(void)state;
	storage_root = "";
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void finds_volumes(void **state)
{
	(void)state;
	disk("sda", -1);
	put("sys/class/block/sda/device/vpd_pg80", "\0\200\0\10  SER 7 ", 12);
	say("sys/class/block/sda/device/model", "MR9271-8i       \n");
	say("sys/class/block/sda/queue/minimum_io_size", "65536\n");
	say("sys/class/block/sda/queue/optimal_io_size", "524288\n");
	say("sys/class/block/sda/queue/write_cache", "write back\n");
	disk("sdb", 3 << 20);
	say("sys/class/block/sdb/serial", "V1\n");
	say("sys/class/block/sdb/sdb1/partition", "1\n");
	say("sys/class/block/sdb1/dev", "8:17\n");
	disk("sdc", (16 << 20) - 1);
	say("sys/class/block/sdc/holders/md0/x", "");
	disk("sdd", 8 << 20);
	say("sys/class/block/sdd/ro", "1\n");
	disk("loop0", -1);
	say("proc/self/mountinfo", "1 0 0:1 / / rw - tmpfs none rw\n"
				   "2 1 8:17 / /mnt rw shared:1 - ext4 /dev/sdb1 rw\n");
	say("proc/swaps", "Filename Type\n/dev/sdd partition 1 0 -2\n");
	volumes_find(&list);
	assert_int_equal(list.count, 5);
	assert_string_equal(named("sda")->serial, "SER 7");
	assert_string_equal(named("sda")->model, "MR9271-8i");
	assert_string_equal(named("sda")->content, "");
	assert_string_equal(named("sda")->user, "");
	assert_int_equal(named("sda")->opt_io, 524288);
	assert_true(named("sda")->disk && named("sda")->cached);
	assert_string_equal(named("sdb")->serial, "V1");
	assert_string_equal(named("sdb")->user, "sdb1 is mounted at /mnt");
	assert_string_equal(named("sdb")->content, "data: byte 3145728 is not zero");
	assert_string_equal(named("sdc")->user, "held by md0");
	assert_string_equal(named("sdc")->content, "data: byte 16777215 is not zero");
	assert_false(named("sdd")->disk);
	assert_string_equal(named("sdd")->user, "swap space");
	assert_false(named("loop0")->disk);
}

static void run(int status, const char *const *argv, const char *words)
{
	int n = 1;

	memset(p.argv, 0, sizeof(p.argv));
	p.main = main_hpcap_storage;
	p.argv[0] = "hpcap-storage";
	while (*argv)
		p.argv[n++] = *argv++;
	program_run(&p);
	if (p.status != status || !strstr(status ? p.err : p.out, words))
		print_message("%d: %s%s", p.status, p.out, p.err);
	assert_int_equal(p.status, status);
	assert_non_null(strstr(status ? p.err : p.out, words));
}

#define run(status, words, ...) run(status, (const char *const[]){__VA_ARGS__, NULL}, words)

static void wrong_use(void **state)
{
	(void)state;
	run(2, "prepare, check or show is needed", "--json");
	run(2, "format: prepare, check or show", "format");
	run(2, "--mount wants a path from /", "prepare", "-m", "cap");
	run(2, "come together", "prepare", "--stripe-unit", "64K");
	run(2, "its chunks", "prepare", "--raid0", "--stripe-unit", "64K", "--stripe-width",
	    "4");
	run(2, "--chunk is of a RAID-0", "prepare", "--chunk", "64K");
	run(2, "--chunk wants 4K to 16M", "prepare", "--chunk", "5000");
	run(2, "--label wants", "prepare", "--label", "much-too-long-a-label");
	run(2, "--format wants a serial number", "prepare", "--format", "/dev/sda");
	run(2, "not JSON", "prepare", "--json", "--dry-run");
	run(2, "--seconds wants", "check", "--seconds", "0");
	run(2, "--depth wants", "check", "--depth", "65");
	run(2, "--size wants", "check", "--size", "5");
	run(2, "--link wants", "check", "--link", "ten");
	run(2, "--frame wants", "check", "--frame", "59");
	run(2, "one folder", "check", "a", "b");
	run(2, "show takes no arguments", "show", "x");
	run(0, "usage: hpcap-storage", "--help");
	run(0, "hpcap-storage (hpcap) test", "--version");
	run(1, "No such file", "check", "/nowhere", "--seconds", "1");
}

static void dry_run_and_show(void **state)
{
	char full[128];

	(void)state;
	disk("sda", -1);
	say("sys/class/block/sda/size", "4194304\n");
	say("sys/class/block/sda/serial", "S1\n");
	snprintf(full, sizeof(full), "%s/dev/sda", root);
	assert_int_equal(truncate(full, 2ll << 30), 0);
	run(0, "\"serial\": \"S1\"", "show", "--json");
	run(0, "empty; free", "show");
	run(0, "mkfs.xfs -q -L hpcap -m reflink=0 -d su=65536,sw=8 /dev/sda\nmount -t xfs",
	    "prepare", "--dry-run", "--stripe-unit", "64K", "--stripe-width", "8");
	run(3, "no volume has this path", "prepare", "--format", "S2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demands),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(slow_twentieth),
		cmocka_unit_test_setup_teardown(finds_volumes, new_machine, no_machine),
		cmocka_unit_test(wrong_use),
		cmocka_unit_test_setup_teardown(dry_run_and_show, new_machine, no_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
