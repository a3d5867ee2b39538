// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-storage: what it decides to do with the volumes that are there. */
#include <stdio.h>
#include <string.h>
#include "unit/t.h"
#include "storage.h"

#define GIB (1ull << 30)

static struct volumes list;
static struct storage_plan plan;
static struct storage_want want;

/* --- facts --------------------------------------------------------------------- */

static struct volume *add(const char *name, const char *serial, const char *content)
{
	struct volume *v = &list.v[list.count++];

	memset(v, 0, sizeof(*v));
	snprintf(v->name, sizeof(v->name), "%s", name);
	snprintf(v->path, sizeof(v->path), "/dev/%s", name);
	snprintf(v->serial, sizeof(v->serial), "%s", serial);
	snprintf(v->content, sizeof(v->content), "%s", content);
	v->size = 100 * GIB;
	v->disk = true;
	return v;
}

static struct volume *add_xfs(const char *name, const char *label, const char *mount)
{
	struct volume *v = add(name, name, "xfs");

	strcpy(v->type, "xfs");
	snprintf(v->label, sizeof(v->label), "%s", label);
	snprintf(v->mount, sizeof(v->mount), "%s", mount);
	snprintf(v->user, sizeof(v->user), "%s%s", *mount ? "mounted at " : "", mount);
	return v;
}

static struct volume *add_member(const char *name)
{
	struct volume *v = add(name, name, "linux_raid_member");

	strcpy(v->type, "linux_raid_member");
	strcpy(v->label, "any:hpcap");
	return v;
}

static int fresh(void **state)
{
	(void)state;
	memset(&list, 0, sizeof(list));
	want = (struct storage_want){.mount = "/cap", .label = "hpcap"};
	return 0;
}

static void decides(enum storage_step step, int members)
{
	storage_plan(&list, &want, &plan);
	if (plan.step != step)
		print_message("step %d: %s\n", plan.step, plan.why);
	assert_int_equal(plan.step, step);
	assert_int_equal(plan.nr_members, members);
}

static void refuses(const char *words)
{
	storage_plan(&list, &want, &plan);
	assert_int_equal(plan.step, STORAGE_REFUSE);
	if (!strstr(plan.why, words))
		print_message("no '%s' in: %s\n", words, plan.why);
	assert_non_null(strstr(plan.why, words));
}

/* --- decisions ----------------------------------------------------------------- */

static void one_empty_disk(void **state)
{
	(void)state;
	refuses("no volume to store on");
	add("vda", "root1", "ext4");
	strcpy(list.v[0].user, "mounted at /");
	refuses("no volume to store on");
	add("sdb", "S1", "");
	decides(STORAGE_FORMAT, 1);
	assert_int_equal(plan.member[0], 1);
	assert_false(plan.force);
	assert_int_equal(plan.geometry.unit, 0);
	list.v[1].size = GIB / 2;
	refuses("has 512 MiB");
}

static void content_stays(void **state)
{
	(void)state;
	add("sdb", "S1", "ext4 \"data\"");
	refuses("/dev/sdb holds ext4 \"data\"; if that may go, say so with --format 'S1'");
	want.device[want.nr_devices++] = "/dev/sdb";
	refuses("--format 'S1'");
	want.format[want.nr_formats++] = "S2";
	refuses("S2: no volume has this path or serial number");
	want.format[0] = "S1";
	decides(STORAGE_FORMAT, 1);
	assert_true(plan.force);
	strcpy(list.v[0].user, "held by md0");
	refuses("/dev/sdb is held by md0; it stays");
	list.v[0].user[0] = list.v[0].serial[0] = '\0';
	want.nr_formats = 0;
	refuses("has no serial number");
	want.format[want.nr_formats++] = "/dev/sdb";
	refuses("has no serial number");
}

static void serial_must_be_one(void **state)
{
	(void)state;
	add("sdb", "S1", "ext4");
	add("sdc", "S1", "ext4");
	want.format[want.nr_formats++] = "S1";
	refuses("S1: 2 volumes have this serial number");
}

static void ours_is_found(void **state)
{
	struct volume *v;

	(void)state;
	add("sda", "S1", "");
	v = add_xfs("sdb", "hpcap", "");
	add_xfs("sdc", "other", "");
	decides(STORAGE_MOUNT_IT, 1);
	assert_int_equal(plan.member[0], 1);
	strcpy(v->mount, "/cap");
	strcpy(v->user, "mounted at /cap");
	decides(STORAGE_NOTHING, 1);
	want.mount = "/elsewhere";
	refuses("is mounted at /cap");
	want.mount = "/cap";
	add_xfs("sdd", "hpcap", "");
	refuses("two file systems are labelled \"hpcap\", on /dev/sdb and /dev/sdd");
	want.device[want.nr_devices++] = "sdd";
	decides(STORAGE_MOUNT_IT, 1);
	assert_int_equal(plan.member[0], 3);
}

/* --format at each boot must not format at each boot. */
static void format_is_once(void **state)
{
	(void)state;
	add("sdb", "S1", "ext4");
	want.format[want.nr_formats++] = "S1";
	decides(STORAGE_FORMAT, 1);
	strcpy(list.v[0].type, "xfs");
	strcpy(list.v[0].label, "hpcap");
	decides(STORAGE_MOUNT_IT, 1);
	add("sdc", "S2", "ext4");
	want.format[0] = "S2";
	decides(STORAGE_FORMAT, 1);
	assert_int_equal(plan.member[0], 1);
}

static void several_volumes(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		add((const char *[]){"sda", "sdb", "sdc"}[i],
		    (const char *[]){"A", "B", "C"}[i], "");
	refuses("3 volumes could be formatted, /dev/sda and /dev/sdb among them");
	want.raid0 = true;
	decides(STORAGE_FORMAT, 3);
	assert_int_equal(plan.chunk, 256 << 10);
	assert_int_equal(plan.geometry.unit, 256 << 10);
	assert_int_equal(plan.geometry.width, 3);
	list.v[0].min_io = 65536;
	list.v[0].opt_io = 8 * 65536;
	decides(STORAGE_FORMAT, 3);
	assert_int_equal(plan.chunk, 512 << 10);
	want.chunk = 1 << 20;
	decides(STORAGE_FORMAT, 3);
	assert_int_equal(plan.chunk, 1 << 20);
	strcpy(list.v[1].content, "ext4");
	decides(STORAGE_FORMAT, 2);
	want.device[want.nr_devices++] = "A";
	want.device[want.nr_devices++] = "/dev/sdb";
	refuses("/dev/sdb holds ext4");
	want.device[1] = "/dev/sdc";
	decides(STORAGE_FORMAT, 2);
}

static void array_is_started(void **state)
{
	struct volume *md;

	(void)state;
	add_member("sda");
	add_member("sdb");
	add("sdc", "C", "");
	decides(STORAGE_ASSEMBLE, 2);
	strcpy(list.v[0].user, "held by md127");
	strcpy(list.v[1].user, "held by md127");
	md = add_xfs("md127", "hpcap", "");
	md->array = true;
	md->disk = false;
	decides(STORAGE_MOUNT_IT, 1);
	assert_int_equal(plan.member[0], 3);
	want.device[want.nr_devices++] = "sda";
	decides(STORAGE_MOUNT_IT, 1);
}

static void stripes(void **state)
{
	static const struct {
		uint32_t min_io, opt_io, unit, width;
	} row[] = {
		{512, 0, 0, 0},
		{4096, 4096, 0, 0},
		{65536, 65536, 65536, 1},
		{512, 1 << 20, 1 << 20, 1},
		{65536, 8 * 65536, 65536, 8},
		{512, 33553920, 0, 0},
		{65536, 100000, 0, 0},
		{131072, 3 * 65536, 3 * 65536, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const struct geometry g = storage_geometry(row[i].min_io, row[i].opt_io);

		assert_int_equal(g.unit, row[i].unit);
		assert_int_equal(g.width, row[i].width);
	}
	add("sda", "A", "");
	list.v[0].min_io = 65536;
	list.v[0].opt_io = 4 * 65536;
	decides(STORAGE_FORMAT, 1);
	assert_int_equal(plan.geometry.width, 4);
	want.geometry = (struct geometry){262144, 9};
	decides(STORAGE_FORMAT, 1);
	assert_int_equal(plan.geometry.unit, 262144);
	assert_int_equal(plan.geometry.width, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_empty_disk, fresh),
		cmocka_unit_test_setup(content_stays, fresh),
		cmocka_unit_test_setup(serial_must_be_one, fresh),
		cmocka_unit_test_setup(ours_is_found, fresh),
		cmocka_unit_test_setup(format_is_once, fresh),
		cmocka_unit_test_setup(several_volumes, fresh),
		cmocka_unit_test_setup(array_is_started, fresh),
		cmocka_unit_test_setup(stripes, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
