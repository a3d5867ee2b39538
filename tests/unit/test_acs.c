// SPDX-License-Identifier: GPL-2.0-or-later
/* Access control services, read out of configuration spaces. */
#include <stdlib.h>
#include <string.h>
#include "unit/t.h"
#include "acs.h"

enum {
	EXPRESS = 0x54,
	WANTED = ACS_SOURCE_VALIDATION | ACS_REQUEST_REDIRECT | ACS_COMPLETION_REDIRECT |
		 ACS_UPSTREAM_FORWARDING,
};

static uint8_t config[ACS_CONFIG];
static struct acs acs;

static void put16(size_t at, unsigned int value)
{
	config[at] = (uint8_t)value;
	config[at + 1] = (uint8_t)(value >> 8);
}

/* An extended capability; @next 0: the last. */
static void put_extended(size_t at, unsigned int id, size_t next)
{
	put16(at, id);
	put16(at + 2, (unsigned int)next << 4 | 1);
}

/* Rows that are not zero. */
struct row {
	uint16_t at;
	uint8_t byte[8];
};

/* The lab's root port and, below it, its NIC, as QEMU 10.0 has them at power on, but
 * for bus 1, which firmware gives them. */
static const struct row port_rows[] = {
	{0x000, {0x36, 0x1b, 0x0c, 0x00, 0x00, 0x00, 0x10, 0x00}},
	{0x008, {0x00, 0x00, 0x04, 0x06, 0x00, 0x00, 0x01, 0x00}},
	{0x018, {0x00, 0x01, 0x01, 0x00, 0xf0, 0x00, 0x00, 0x00}},
	{0x020, {0xf0, 0xff, 0x00, 0x00, 0xf1, 0xff, 0x01, 0x00}},
	{0x030, {0x00, 0x00, 0x00, 0x00, 0x54, 0x00, 0x00, 0x00}},
	{0x038, {0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00}},
	{0x040, {0x0d, 0x00, 0x00, 0x00, 0x36, 0x1b, 0x00, 0x00}},
	{0x048, {0x11, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x050, {0x00, 0x08, 0x00, 0x00, 0x10, 0x48, 0x42, 0x01}},
	{0x058, {0x20, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x060, {0x04, 0x06, 0x30, 0x00, 0x00, 0x00, 0x11, 0x00}},
	{0x068, {0x7b, 0x00, 0x0a, 0x00, 0xc0, 0x03, 0x00, 0x00}},
	{0x078, {0x20, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x080, {0x1e, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00}},
	{0x100, {0x01, 0x00, 0x82, 0x14, 0x00, 0x00, 0x00, 0x00}},
	{0x108, {0x00, 0x00, 0x40, 0x02, 0x30, 0x20, 0x46, 0x00}},
	{0x110, {0x00, 0x00, 0x00, 0x00, 0x00, 0xe0, 0x00, 0x00}},
	{0x118, {0xa0, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x148, {0x0d, 0x00, 0x01, 0x00, 0x5f, 0x00, 0x00, 0x00}},
};
static const struct row nic_rows[] = {
	{0x000, {0x86, 0x80, 0xc9, 0x10, 0x00, 0x00, 0x10, 0x00}},
	{0x008, {0x01, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00}},
	{0x018, {0x01, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00}},
	{0x028, {0x00, 0x00, 0x00, 0x00, 0xf4, 0x1a, 0x00, 0x11}},
	{0x030, {0x00, 0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00}},
	{0x038, {0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00}},
	{0x040, {0x01, 0x50, 0x22, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x050, {0x05, 0x70, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00}},
	{0x070, {0x11, 0xa0, 0x09, 0x00, 0x03, 0x00, 0x00, 0x00}},
	{0x078, {0x03, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x0a0, {0x10, 0x00, 0x02, 0x00, 0x20, 0x80, 0x00, 0x10}},
	{0x0a8, {0x00, 0x00, 0x00, 0x00, 0x11, 0x04, 0x00, 0x00}},
	{0x0b0, {0x00, 0x00, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x0c0, {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x30, 0x00}},
	{0x100, {0x01, 0x00, 0x01, 0x15, 0x00, 0x00, 0x00, 0x00}},
	{0x108, {0x00, 0x00, 0x40, 0x02, 0x30, 0x20, 0x46, 0x00}},
	{0x110, {0x00, 0x00, 0x00, 0x00, 0x00, 0xe0, 0x00, 0x00}},
	{0x118, {0xa0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x150, {0x0e, 0x00, 0x01, 0x16, 0x00, 0x00, 0x00, 0x00}},
	{0x160, {0x10, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00}},
	{0x168, {0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x08, 0x00}},
	{0x170, {0x00, 0x00, 0x00, 0x00, 0x80, 0x00, 0x02, 0x00}},
	{0x178, {0x00, 0x00, 0xca, 0x10, 0x53, 0x05, 0x00, 0x00}},
	{0x180, {0x01, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x00, 0x00}},
	{0x190, {0x0c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
};

static void recorded(const struct row *row, size_t n)
{
	memset(config, 0, sizeof(config));
	for (size_t i = 0; i < n; i++)
		memcpy(config + row[i].at, row[i].byte, sizeof(row[i].byte));
}

/* A bridge with buses 3 to 7 below; @port_type as in its PCIe capability. */
static void bridge(unsigned int port_type)
{
	memset(config, 0, sizeof(config));
	put16(0x00, 0x8086);
	config[0x06] = 0x10;
	config[0x0e] = 1;
	config[0x19] = 3;
	config[0x1a] = 7;
	config[0x34] = 0x40;
	config[0x40] = 0x0d; /* another capability first */
	config[0x41] = EXPRESS;
	config[EXPRESS] = 0x10;
	put16(EXPRESS + 2, port_type << 4 | 2);
}

/* A device of several functions. */
static void device(void)
{
	bridge(0);
	config[0x0e] = 0x80;
}

/* ACS behind another extended capability. */
static void with_acs(unsigned int can, unsigned int on)
{
	put_extended(0x100, 0x0001, 0x140);
	put_extended(0x140, 0x000d, 0);
	put16(0x144, can);
	put16(0x146, on);
}

static unsigned int missing(size_t size)
{
	acs_read(config, size, &acs);
	return acs_missing(&acs);
}

static void test_recorded(void **state)
{
	(void)state;
	recorded(port_rows, sizeof(port_rows) / sizeof(port_rows[0]));
	assert_int_equal(missing(sizeof(config)), WANTED);
	assert_true(acs.known && acs.has);
	assert_int_equal(acs.kind, ACS_ROOT_PORT);
	assert_int_equal(acs.first_bus, 1);
	assert_int_equal(acs.last_bus, 1);
	assert_int_equal(acs.can, 0x5f);
	put16(0x14e, WANTED); /* as Linux does when it uses an IOMMU */
	assert_int_equal(missing(sizeof(config)), 0);
	recorded(nic_rows, sizeof(nic_rows) / sizeof(nic_rows[0]));
	assert_int_equal(missing(sizeof(config)), 0);
	assert_true(acs.known && !acs.has && !acs.many);
	assert_int_equal(acs.kind, ACS_ENDPOINT);
}

static void test_ports(void **state)
{
	(void)state;
	bridge(4);
	assert_int_equal(missing(sizeof(config)), WANTED);
	assert_int_equal(acs.kind, ACS_ROOT_PORT);
	assert_false(acs.has);
	assert_int_equal(acs.first_bus, 3);
	assert_int_equal(acs.last_bus, 7);
	with_acs(WANTED, 0);
	assert_int_equal(missing(sizeof(config)), WANTED);
	assert_true(acs.has);
	with_acs(WANTED, WANTED & ~ACS_REQUEST_REDIRECT);
	assert_int_equal(missing(sizeof(config)), ACS_REQUEST_REDIRECT);
	/* what it cannot do it need not do */
	with_acs(ACS_SOURCE_VALIDATION | ACS_UPSTREAM_FORWARDING, ACS_SOURCE_VALIDATION);
	assert_int_equal(missing(sizeof(config)), ACS_UPSTREAM_FORWARDING);
	with_acs(0x7f, WANTED);
	assert_int_equal(missing(sizeof(config)), 0);
	bridge(6);
	assert_int_equal(missing(sizeof(config)), WANTED);
	assert_int_equal(acs.kind, ACS_DOWNSTREAM_PORT);
	bridge(5);
	assert_int_equal(missing(sizeof(config)), 0);
	assert_int_equal(acs.kind, ACS_UPSTREAM_PORT);
}

static void test_devices(void **state)
{
	(void)state;
	device();
	assert_int_equal(missing(sizeof(config)),
			 ACS_REQUEST_REDIRECT | ACS_COMPLETION_REDIRECT);
	assert_int_equal(acs.kind, ACS_ENDPOINT);
	assert_int_equal(acs.last_bus, 0);
	/* what only ports have is not asked of it */
	with_acs(ACS_REQUEST_REDIRECT | ACS_COMPLETION_REDIRECT, ACS_COMPLETION_REDIRECT);
	assert_int_equal(missing(sizeof(config)), ACS_REQUEST_REDIRECT);
	config[0x0e] = 0; /* alone */
	assert_int_equal(missing(sizeof(config)), 0);
}

static void test_conventional(void **state)
{
	(void)state;
	bridge(7); /* PCIe to PCI */
	assert_int_not_equal(missing(sizeof(config)), 0);
	assert_int_equal(acs.kind, ACS_CONVENTIONAL);
	bridge(4);
	config[0x06] = 0; /* no capabilities at all */
	with_acs(WANTED, WANTED);
	assert_int_not_equal(missing(sizeof(config)), 0);
	assert_int_equal(acs.kind, ACS_CONVENTIONAL);
	assert_false(acs.has);
}

static void test_too_little(void **state)
{
	(void)state;
	bridge(4);
	with_acs(WANTED, WANTED);
	for (size_t size = 0; size <= 64; size++) {
		assert_int_equal(missing(size), 0);
		assert_false(acs.known);
	}
	/* a machine without access to extended space: nobody sees ACS there */
	assert_int_equal(missing(256), WANTED);
	assert_true(acs.known);
	memset(config, 0xff, sizeof(config));
	assert_int_equal(missing(sizeof(config)), 0);
	assert_false(acs.known);
}

static void test_circles(void **state)
{
	(void)state;
	bridge(4);
	config[0x40 + 1] = 0x40; /* a list that never ends */
	missing(sizeof(config));
	assert_int_equal(acs.kind, ACS_CONVENTIONAL);
	bridge(4);
	put_extended(0x100, 0x0001, 0x140);
	put_extended(0x140, 0x0002, 0x100);
	assert_int_equal(missing(sizeof(config)), WANTED);
	put_extended(0x100, 0x0001, 0xffc); /* a capability without room */
	put_extended(0xffc, 0x000d, 0);
	assert_int_equal(missing(sizeof(config)), WANTED);
	assert_false(acs.has);
}

/* Any bytes: nothing outside of them is read (the sanitizers look). */
static void test_nonsense(void **state)
{
	(void)state;
	srand(1);
	for (int n = 0; n < 20000; n++) {
		const size_t size = (size_t)rand() % (sizeof(config) + 1);
		uint8_t *copy = malloc(size ? size : 1);

		assert_non_null(copy);
		for (size_t i = 0; i < size; i++)
			copy[i] = (uint8_t)rand();
		if (size > 0x34) {
			copy[0x06] |= 0x10;
			copy[0x34] &= 0x7f;
		}
		acs_read(copy, size, &acs);
		acs_missing(&acs);
		free(copy);
	}
}

static void test_names(void **state)
{
	char out[ACS_NAMES];

	(void)state;
	acs_names(WANTED, out);
	assert_string_equal(out, "source validation, request redirect, completion redirect,"
				 " upstream forwarding");
	acs_names(ACS_COMPLETION_REDIRECT, out);
	assert_string_equal(out, "completion redirect");
	acs_names(0, out);
	assert_string_equal(out, "");
	assert_string_equal(acs_kind_name(ACS_DOWNSTREAM_PORT), "downstream port");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),   cmocka_unit_test(test_ports),
		cmocka_unit_test(test_devices),	   cmocka_unit_test(test_conventional),
		cmocka_unit_test(test_too_little), cmocka_unit_test(test_circles),
		cmocka_unit_test(test_nonsense),   cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
