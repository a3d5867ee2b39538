// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl: how frames are stamped, and what happens to copies. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "ctl.h"

enum {
	NS_PER_US = 1000
};

static const char *const policies[] = {"kpt", "udts", "wdts", "adaptive", NULL};
static const char *const switches[] = {"off", "on", NULL};
static const char *const modes[] = {"off", "drop", "mark", NULL};
static const char *const keys[] = {"soft", "rss", NULL};
static const char *const fields[] = {"ttl", "checksum", "vlan", "mac", NULL};

static bool match(const char *const *words, const char *text, size_t len, uint32_t *out)
{
	uint32_t i;

	for (i = 0; words[i]; i++) {
		if (strlen(words[i]) == len && !memcmp(words[i], text, len)) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void put_word(struct ctl_value *v, const char *const *words, uint32_t i)
{
	v->kind = CTL_TEXT;
	snprintf(v->text, sizeof(v->text), "%s", words[i]);
}

static int get_policy(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t;
	int err = hpcap_get_time(h, &t);

	if (!err)
		put_word(v, policies, t.policy);
	return err;
}

static int set_policy(struct hpcap_handle *h, const char *text)
{
	struct hpcap_time t;
	int err = hpcap_get_time(h, &t);

	if (err)
		return err;
	return match(policies, text, strlen(text), &t.policy) ? hpcap_set_time(h, &t)
							      : CTL_BAD_TEXT;
}

static int get_clock(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t;
	int err = hpcap_get_time(h, &t);

	v->kind = CTL_TEXT;
	if (!err && t.clock == HPCAP_CLOCK_PTP)
		snprintf(v->text, sizeof(v->text), "ptp%u", t.ptp);
	else if (!err)
		strcpy(v->text, t.clock == HPCAP_CLOCK_TAI ? "tai" : "realtime");
	return err;
}

static int set_clock(struct hpcap_handle *h, const char *text)
{
	struct hpcap_time t;
	uint64_t ptp = 0;
	int err = hpcap_get_time(h, &t);

	if (err)
		return err;
	if (!strcmp(text, "realtime"))
		t.clock = HPCAP_CLOCK_REALTIME;
	else if (!strcmp(text, "tai"))
		t.clock = HPCAP_CLOCK_TAI;
	else if (!strncmp(text, "ptp", 3) && cli_number(text + 3, UINT32_MAX, &ptp))
		t.clock = HPCAP_CLOCK_PTP;
	else
		return CTL_BAD_TEXT;
	t.ptp = (uint32_t)ptp;
	return hpcap_set_time(h, &t);
}

static int get_batch(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t = {0};
	int err = hpcap_get_time(h, &t);

	v->number = t.batch;
	return err;
}

static int set_batch(struct hpcap_handle *h, const char *text)
{
	struct hpcap_time t;
	uint64_t batch;
	int err = hpcap_get_time(h, &t);

	if (err)
		return err;
	if (!cli_number(text, UINT32_MAX, &batch))
		return CTL_BAD_TEXT;
	t.batch = (uint32_t)batch;
	return hpcap_set_time(h, &t);
}

static int get_hw(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t;
	int err = hpcap_get_time(h, &t);

	if (!err)
		put_word(v, switches, !!(t.flags & HPCAP_TIME_HW));
	return err;
}

static int set_hw(struct hpcap_handle *h, const char *text)
{
	struct hpcap_time t;
	int err = hpcap_get_time(h, &t);

	if (err)
		return err;
	return match(switches, text, strlen(text), &t.flags) ? hpcap_set_time(h, &t)
							     : CTL_BAD_TEXT;
}

static int get_error(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t = {0};
	int err = hpcap_get_time(h, &t);

	v->kind = CTL_SIGNED;
	v->sign = t.error;
	return err;
}

static int get_rate(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_time t = {0};
	int err = hpcap_get_time(h, &t);

	v->kind = CTL_SIGNED;
	v->sign = t.rate;
	return err;
}

const struct ctl_option ctl_time[] = {
	{"time", "kpt|udts|wdts|adaptive", "how frames get their time", get_policy, set_policy},
	{"clock", "realtime|tai|ptpN", "what that time follows", get_clock, set_clock},
	{"batch", "16..64", "buffers taken from the NIC at once", get_batch, set_batch},
	{"hw-stamps", "on|off", "take the NIC's stamps (if it gives any)", get_hw, set_hw},
	{"clock-error", "", "ns between our time and the clock, when compared last", get_error,
	 NULL},
	{"clock-rate", "", "how much too fast the CPU's counter runs, ppb", get_rate, NULL},
	{NULL},
};

static int get_mode(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d);

	if (!err)
		put_word(v, modes, d.mode);
	return err;
}

static int set_mode(struct hpcap_handle *h, const char *text)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d);

	if (err)
		return err;
	return match(modes, text, strlen(text), &d.mode) ? hpcap_set_dup(h, &d) : CTL_BAD_TEXT;
}

static int get_key(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d);

	if (!err)
		put_word(v, keys, d.key);
	return err;
}

static int set_key(struct hpcap_handle *h, const char *text)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d);

	if (err)
		return err;
	return match(keys, text, strlen(text), &d.key) ? hpcap_set_dup(h, &d) : CTL_BAD_TEXT;
}

static int get_ignore(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d), i;

	v->kind = CTL_TEXT;
	for (i = 0; !err && fields[i]; i++) {
		if (!(d.ignore & 1u << i))
			continue;
		if (*v->text)
			strcat(v->text, ",");
		strcat(v->text, fields[i]);
	}
	if (!err && !*v->text)
		strcpy(v->text, "none");
	return err;
}

/* none, or words with commas between them, to HPCAP_DUP_IGNORE_*. */
static bool parse_ignore(const char *text, uint32_t *ignore)
{
	uint32_t i;

	*ignore = 0;
	if (!strcmp(text, "none"))
		return true;
	for (;;) {
		size_t len = strcspn(text, ",");

		if (!match(fields, text, len, &i))
			return false;
		*ignore |= 1u << i;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

static int set_ignore(struct hpcap_handle *h, const char *text)
{
	struct hpcap_dup d;
	int err = hpcap_get_dup(h, &d);

	if (err)
		return err;
	return parse_ignore(text, &d.ignore) ? hpcap_set_dup(h, &d) : CTL_BAD_TEXT;
}

/* The numbers of a queue's rules, one function each way for all of them. */
enum number {
	ENTRIES,
	LEVELS,
	BYTES,
	WINDOW,
	FOUND
};

static int get_number(const struct hpcap_handle *h, struct ctl_value *v, enum number which)
{
	struct hpcap_dup d = {0};
	int err = hpcap_get_dup(h, &d);
	const uint64_t all[] = {d.entries, d.levels, d.bytes, d.window / NS_PER_US, d.found};

	v->number = all[which];
	return err;
}

static int set_number(struct hpcap_handle *h, const char *text, enum number which)
{
	struct hpcap_dup d;
	uint64_t n;
	int err = hpcap_get_dup(h, &d);

	if (err)
		return err;
	if (!cli_number(text, UINT32_MAX, &n))
		return CTL_BAD_TEXT;
	if (which == WINDOW)
		d.window = n * NS_PER_US;
	else
		*(which == ENTRIES  ? &d.entries
		  : which == LEVELS ? &d.levels
				    : &d.bytes) = (uint32_t)n;
	return hpcap_set_dup(h, &d);
}

static int get_entries(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_number(h, v, ENTRIES);
}

static int set_entries(struct hpcap_handle *h, const char *text)
{
	return set_number(h, text, ENTRIES);
}

static int get_levels(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_number(h, v, LEVELS);
}

static int set_levels(struct hpcap_handle *h, const char *text)
{
	return set_number(h, text, LEVELS);
}

static int get_bytes(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_number(h, v, BYTES);
}

static int set_bytes(struct hpcap_handle *h, const char *text)
{
	return set_number(h, text, BYTES);
}

static int get_window(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_number(h, v, WINDOW);
}

static int set_window(struct hpcap_handle *h, const char *text)
{
	return set_number(h, text, WINDOW);
}

static int get_found(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_number(h, v, FOUND);
}

const struct ctl_option ctl_dup[] = {
	{"dup", "off|drop|mark", "what happens to copies of a frame", get_mode, set_mode},
	{"dup-ignore", "none|LIST of ttl,checksum,vlan,mac", "what a copy may differ in",
	 get_ignore, set_ignore},
	{"dup-entries", "a power of two, 1024..4194304", "frames remembered", get_entries,
	 set_entries},
	{"dup-levels", "a power of two, 1..64", "of these, how many share one place",
	 get_levels, set_levels},
	{"dup-bytes", "16..256", "bytes compared, beside the length", get_bytes, set_bytes},
	{"dup-window", "1..60000000", "us between a frame and its copy at most", get_window,
	 set_window},
	{"dup-key", "soft|rss", "where to look: our hash, or the NIC's", get_key, set_key},
	{"dup-found", "", "copies found since it was switched on", get_found, NULL},
	{NULL},
};
