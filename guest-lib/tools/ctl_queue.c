// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl: what the queue is, and how the poll thread waits. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include "cli.h"
#include "ctl.h"

static int get_device(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info);

	v->kind = CTL_TEXT;
	if (!err)
		memcpy(v->text, info.device, sizeof(info.device));
	return err;
}

static int get_poll(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info);

	v->kind = CTL_TEXT;
	strcpy(v->text, info.poll_mode == HPCAP_POLL_BUSY ? "busy" : "adaptive");
	return err;
}

static int set_poll(struct hpcap_handle *h, const char *text)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info);

	if (err)
		return err;
	if (!strcmp(text, "busy"))
		return hpcap_set_poll(h, HPCAP_POLL_BUSY, info.cpu);
	if (!strcmp(text, "adaptive"))
		return hpcap_set_poll(h, HPCAP_POLL_ADAPTIVE, info.cpu);
	return CTL_BAD_TEXT;
}

static int get_cpu(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_info info;
	int err = hpcap_get_info(h, &info);

	v->kind = CTL_SIGNED;
	v->sign = info.cpu;
	return err;
}

static int set_cpu(struct hpcap_handle *h, const char *text)
{
	struct hpcap_info info;
	uint64_t cpu;
	int err = hpcap_get_info(h, &info);

	if (err)
		return err;
	if (!strcmp(text, "any") || !strcmp(text, "-1"))
		return hpcap_set_poll(h, info.poll_mode, -1);
	if (!cli_number(text, INT32_MAX, &cpu))
		return CTL_BAD_TEXT;
	return hpcap_set_poll(h, info.poll_mode, (int32_t)cpu);
}

static int get_stat(const struct hpcap_handle *h, struct ctl_value *v, bool failed)
{
	struct hpcap_stats st;
	int err = hpcap_get_stats(h, &st);

	v->kind = CTL_NUMBER;
	if (!err)
		v->number = failed ? st.send_failed : st.sent;
	return err;
}

static int get_sent(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_stat(h, v, false);
}

static int get_send_failed(const struct hpcap_handle *h, struct ctl_value *v)
{
	return get_stat(h, v, true);
}

const struct ctl_option ctl_queue[] = {
	{"device", "", "bus name of the NIC", get_device, NULL},
	{"poll", "adaptive|busy", "how the poll thread waits for frames", get_poll, set_poll},
	{"cpu", "any|NUMBER of an online CPU", "where the poll thread runs (-1 is any)",
	 get_cpu, set_cpu},
	{"sent", "", "frames forwarded through this interface", get_sent, NULL},
	{"send-failed", "", "frames taken for that and dropped", get_send_failed, NULL},
	{NULL},
};
