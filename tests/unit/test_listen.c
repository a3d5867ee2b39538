// SPDX-License-Identifier: GPL-2.0-or-later
/* What capture programs listen to, as it is named on a command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/listen.h"
#include "unit/t.h"

static struct listen l;

static int places(char *a, char *b)
{
	char *arg[] = {a, b};

	l = (struct listen){0};
	return listen_places(&l, b ? 2 : a ? 1 : 0, arg);
}

static void one_queue(void **state)
{
	(void)state;
	assert_int_equal(places("3", "7"), 2);
	assert_null(l.spec);
	assert_int_equal(l.adapter, 3);
	assert_int_equal(l.queue, 7);
	assert_string_equal(listen_name(&l), "/dev/hpcap_3_7");
	assert_int_equal(places("3:7", "dir"), 1);
	assert_null(l.spec);
	assert_int_equal(l.queue, 7);
	assert_false(listen_finish(&l));
}

static void several(void **state)
{
	(void)state;
	assert_int_equal(places("2:1,0:0", NULL), 1);
	assert_string_equal(l.spec, "2:1,0:0");
	assert_int_equal(l.adapter, 2);
	assert_int_equal(l.queue, 1);
	assert_string_equal(listen_name(&l), "2:1,0:0");
	assert_int_equal(places("4:*", "dir"), 1);
	assert_string_equal(l.spec, "4:*");
	assert_int_equal(l.adapter, 4);
	assert_int_equal(places("*", "dir"), 1);
	assert_string_equal(l.spec, "*");
}

static void refused(void **state)
{
	static char *const wrong[] = {"0:",  ":0",    "0:0,",	 ",0:0",  "a:0",
				      "0:b", "0:0,1", "10000:0", "0:0:0", "**",
				      "*:0", "-1:0",  "0:0 ,1:0"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(places(wrong[i], "dir"), 0);
	assert_int_equal(places("0", NULL), 0);
	assert_int_equal(places(NULL, NULL), 0);
	assert_int_equal(places("0", "10000"), 0);
	assert_int_equal(places("x", "0"), 0);
	assert_false(listen_window(&l, "0"));
	assert_false(listen_window(&l, "10001"));
	assert_false(listen_window(&l, "1s"));
	assert_true(listen_window(&l, "250"));
	assert_int_equal(l.order.window_ns, 250000000);
}

static void not_there(void **state)
{
	const struct hpcap_options join = {.mode = HPCAP_STRICT};
	struct hpcap_handle h;

	(void)state;
	assert_int_equal(places("9998:0,9999:0", NULL), 1);
	assert_int_equal(listen_open(&l, &h, &join), CLI_FAILED);
	assert_int_equal(places("9998:0", NULL), 1);
	assert_int_equal(listen_open(&l, &h, &join), CLI_FAILED);
	assert_int_equal(places("9998:*", NULL), 1);
	assert_int_equal(listen_open(&l, &h, &join), CLI_FAILED);
}

static void as_json(void **state)
{
	char text[64] = {0};
	FILE *f = fmemopen(text, sizeof(text), "w");

	(void)state;
	places("0", "0");
	listen_json(&l, f);
	fclose(f);
	assert_string_equal(text, "\"group\": null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_queue), cmocka_unit_test(several),
		cmocka_unit_test(refused),   cmocka_unit_test(not_there),
		cmocka_unit_test(as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
