// SPDX-License-Identifier: GPL-2.0-or-later
/* The benchmark's statistics, its search for a rate, its cases and its rows. */
#include "t.h"

#include "cases.h"
#include "rate.h"
#include "rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void near(double want, double got, double within)
{
	if (fabs(want - got) > within)
		fail_msg("wanted %g, got %g", want, got);
}

/* Values of a printed table of Student's distribution, two-sided. */
static void student_is_the_table(void **state)
{
	(void)state;
	near(12.706, stat_student(0.95, 1), 0.001);
	near(4.303, stat_student(0.95, 2), 0.001);
	near(2.228, stat_student(0.95, 10), 0.001);
	near(3.169, stat_student(0.99, 10), 0.001);
	near(1.960, stat_student(0.95, 1e6), 0.001);
	near(0.765, stat_student(0.5, 3), 0.001);
}

static void summary_of_known_values(void **state)
{
	const double v[] = {9, 2, 4, 4, 4, 5, 5, 7};
	struct stat_summary s = stat_summarise(v, 8, 0.95), one;

	(void)state;
	near(2, s.min, 0);
	near(9, s.max, 0);
	near(4.5, s.median, 0);
	near(5, s.mean, 0);
	near(2.13809, s.sd, 1e-5);
	near(1.78749, s.half, 1e-4);
	one = stat_summarise(v, 1, 0.95);
	near(9, one.median, 0);
	assert_true(one.half < 0);
	assert_int_equal(stat_summarise(v, 0, 0.95).n, 0);
}

static void noise_is_no_change(void **state)
{
	const double a[] = {100, 104, 96, 102, 98}, b[] = {103, 99, 107, 97, 101},
		     c[] = {130, 134, 126, 132, 128}, d[] = {5, 5, 5};
	struct stat_summary sa = stat_summarise(a, 5, 0.95), sb = stat_summarise(b, 5, 0.95),
			    sc = stat_summarise(c, 5, 0.95), sd = stat_summarise(d, 3, 0.95),
			    one = stat_summarise(a, 1, 0.95);

	(void)state;
	assert_false(stat_compare(&sa, &sb, 0.99, 1).beyond_noise);
	assert_true(stat_compare(&sa, &sc, 0.99, 1).beyond_noise);
	near(30, stat_compare(&sa, &sc, 0.99, 1).percent, 1e-9);
	assert_false(stat_compare(&sa, &sc, 0.99, 31).beyond_noise);
	assert_false(stat_compare(&sa, &one, 0.99, 1).known);
	assert_false(stat_compare(&sd, &sd, 0.99, 0).beyond_noise);
}

/* Welch's example with unequal variances: t and degrees of freedom by hand. */
static void welch_by_hand(void **state)
{
	const double a[] = {1, 2, 3}, b[] = {4, 8, 12};
	struct stat_summary sa = stat_summarise(a, 3, 0.95), sb = stat_summarise(b, 3, 0.95);
	struct stat_change c = stat_compare(&sa, &sb, 0.95, 0);

	(void)state;
	near(6 / sqrt(1.0 / 3 + 16.0 / 3), c.t, 1e-9);
	near(stat_student(0.95, 2.2490), c.limit, 1e-3);
}

/* A machine that loses above a rate, a generator that ends at another. */
static struct rate_step play(double breaks, double ends, size_t trials, size_t *used)
{
	const struct rate_limits l = {
		.from = 100, .to = 10000, .loss = 0.001, .precision = 0.05, .trials = trials};
	struct rate_trial t[40];
	struct rate_step s;
	size_t n = 0;

	while ((s = rate_next(&l, t, n)).end == RATE_TRY) {
		assert_true(n < 40);
		assert_true(s.rate >= l.from && s.rate <= l.to);
		t[n].asked = s.rate;
		t[n].offered = s.rate < ends ? s.rate : ends;
		t[n].lost = t[n].offered > breaks ? 0.2 : 0;
		n++;
	}
	*used = n;
	return s;
}

static void search_finds_the_rate(void **state)
{
	size_t used;

	(void)state;
	for (double breaks = 150; breaks < 9000; breaks *= 1.37) {
		struct rate_step s = play(breaks, 1e9, 20, &used);

		assert_int_equal(s.end, RATE_FOUND);
		assert_true(s.rate <= breaks && s.rate * 1.06 >= breaks);
		assert_true(used <= 9);
		s = play(breaks, 1e9, 4, &used);
		assert_true(used <= 6);
		if (s.end == RATE_FOUND)
			assert_true(s.rate <= breaks);
	}
}

static void search_knows_its_ends(void **state)
{
	struct rate_step s;
	size_t used;

	(void)state;
	s = play(1e9, 1e9, 20, &used);
	assert_int_equal(s.end, RATE_ABOVE);
	near(10000, s.rate, 0);
	s = play(10, 1e9, 20, &used);
	assert_int_equal(s.end, RATE_BELOW);
	s = play(1e9, 700, 20, &used);
	assert_int_equal(s.end, RATE_GENERATOR);
	near(700, s.rate, 1e-9);
	assert_string_equal(rate_word(s.end), "generator");
}

static const char *file_of(const char *text)
{
	static char path[] = "/tmp/test_tally.XXXXXX";
	int fd;

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

static void axes_make_cases(void **state)
{
	const char *path = file_of("# a comment\n[net]\nwhere = lab\nmodes = quick full\n"
				   "network = vf virtio\nengine = tcpdump hpcap\nframes = 60\n"
				   "except = network=virtio engine=hpcap : not its queue\n"
				   "[one]\nwhere=native\nprogram = core  # behind\n");
	struct case_list l;

	(void)state;
	assert_true(cases_read(&l, path));
	unlink(path);
	assert_int_equal(l.nr, 5);
	assert_string_equal(l.all[0].name, "net.vf.tcpdump");
	assert_string_equal(l.all[3].name, "net.virtio.hpcap");
	assert_string_equal(l.all[3].reason, "not its queue");
	assert_string_equal(l.all[2].reason, "");
	assert_string_equal(case_value(&l.all[3], "engine"), "hpcap");
	assert_string_equal(case_value(&l.all[4], "program"), "core");
	assert_string_equal(case_value(&l.all[4], "engine"), "");
	assert_true(case_has_word(&l.all[0], "modes", "full"));
	assert_false(case_has_word(&l.all[0], "modes", "ful"));
	cases_free(&l);
}

static void wrong_cases_are_named(void **state)
{
	static const struct {
		const char *text, *words;
	} wrong[] = {
		{"where = lab\n", ":1: before the first"},
		{"[a]\ncolour = red\n", ":2: unknown key \"colour\""},
		{"[a]\nengine = fast\n", ":2: unknown value \"fast\""},
		{"[a]\nengine\n", ":2: wanted key = value"},
		{"[a]\nengine =\n", ":2: no value"},
		{"[a]\nwhere = lab\nwhere = lab\n", ":3: a second time"},
		{"[a]\nwhere = lab\n[a]\n", ":3: a second block"},
		{"[a\n", ":1: wanted [NAME]"},
		{"[a]\nexcept = engine=hpcap\n", ":2: wanted except"},
		{"[a]\nexcept = engine : why\n", ":2: wanted key=value"},
		{"# nothing\n", "no cases"},
	};
	struct case_list l;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *path = file_of(wrong[i].text);

		assert_false(cases_read(&l, path));
		unlink(path);
		if (!strstr(l.error, wrong[i].words))
			fail_msg("says \"%s\", not \"%s\"", l.error, wrong[i].words);
	}
	assert_false(cases_read(&l, "/nonexistent/cases.cfg"));
	assert_non_null(strstr(l.error, "No such file"));
}

#define HEADER "case\trepeat\tmetric\tunit\tvalue\tnote\n"

static void rows_make_figures(void **state)
{
	const char *path =
		file_of(HEADER "a\t1\trate\t1/s\t10\t\na\t2\trate\t1/s\t14\tlast\n"
			       "b\t1\trate\t1/s\t1\t\nc\t0\tcell\t-\t-\tno such NIC\n"
			       "a\t3\trate\t1/s\t99");
	struct row_list l;
	struct figure f;

	(void)state;
	assert_true(rows_read(&l, path));
	unlink(path);
	assert_int_equal(l.nr, 4);
	assert_true(rows_figure(&l, "a", "rate", 0.95, &f));
	assert_int_equal(f.sum.n, 2);
	near(12, f.sum.median, 0);
	assert_string_equal(f.lines, "2 3");
	assert_string_equal(f.note, "last");
	assert_false(rows_figure(&l, "a", "loss", 0.95, &f));
	assert_string_equal(rows_reason(&l, "c"), "no such NIC");
	assert_null(rows_reason(&l, "a"));
	assert_true(row_is_first(&l, 0));
	assert_false(row_is_first(&l, 1));
	rows_free(&l);
}

static void wrong_rows_are_named(void **state)
{
	static const struct {
		const char *text, *words;
	} wrong[] = {
		{"", "empty"},
		{"time\tvalue\n", ":1: no results"},
		{HEADER "a\t1\trate\t1/s\n", ":2: wanted 6 columns"},
		{HEADER "a\t1\trate\t1/s\tfast\t\n", ":2: value"},
		{HEADER "a\t1\trate\t1/s\tnan\t\n", ":2: value"},
		{HEADER "a\tx\trate\t1/s\t1\t\n", ":2: repeat"},
		{HEADER "\t1\trate\t1/s\t1\t\n", ":2: case"},
	};
	struct row_list l;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *path = file_of(wrong[i].text);

		assert_false(rows_read(&l, path));
		unlink(path);
		if (!strstr(l.error, wrong[i].words))
			fail_msg("says \"%s\", not \"%s\"", l.error, wrong[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(student_is_the_table),
		cmocka_unit_test(summary_of_known_values),
		cmocka_unit_test(noise_is_no_change),
		cmocka_unit_test(welch_by_hand),
		cmocka_unit_test(search_finds_the_rate),
		cmocka_unit_test(search_knows_its_ends),
		cmocka_unit_test(axes_make_cases),
		cmocka_unit_test(wrong_cases_are_named),
		cmocka_unit_test(rows_make_figures),
		cmocka_unit_test(wrong_rows_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
