// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl: what is stored, and who is evicted. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "cli.h"
#include "ctl.h"
#include "filter_text.h"

static int get_filter(const struct hpcap_handle *h, struct ctl_value *v)
{
	uint32_t nr = 0;

	v->kind = CTL_TEXT;
	return hpcap_get_filter(h, HPCAP_SCOPE_QUEUE, NULL, &nr, v->text);
}

static int set_filter(struct hpcap_handle *h, const char *text)
{
	return filter_set(h, HPCAP_SCOPE_QUEUE, text) ? CTL_TOLD : 0;
}

static int get_number(const struct hpcap_handle *h, struct ctl_value *v, size_t field)
{
	struct hpcap_keep keep = {.scope = HPCAP_SCOPE_QUEUE};
	uint32_t value;
	int err = hpcap_get_keep(h, &keep);

	memcpy(&value, (const char *)&keep + field, sizeof(value));
	v->kind = CTL_NUMBER;
	v->number = value;
	return err;
}

static int set_number(const struct hpcap_handle *h, const char *text, size_t field)
{
	struct hpcap_keep keep = {.scope = HPCAP_SCOPE_QUEUE};
	uint64_t number;
	uint32_t value;
	int err = hpcap_get_keep(h, &keep);

	if (!cli_size(text, &number) || number > UINT32_MAX)
		return CTL_BAD_TEXT;
	value = (uint32_t)number;
	memcpy((char *)&keep + field, &value, sizeof(value));
	return err ? err : hpcap_set_keep(h, &keep);
}

#define NUMBER(name)                                                             \
	static int get_##name(const struct hpcap_handle *h, struct ctl_value *v) \
	{                                                                        \
		return get_number(h, v, offsetof(struct hpcap_keep, name));      \
	}                                                                        \
	static int set_##name(struct hpcap_handle *h, const char *text)          \
	{                                                                        \
		return set_number(h, text, offsetof(struct hpcap_keep, name));   \
	}

NUMBER(caplen)
NUMBER(flow_bytes)
NUMBER(flow_idle)
NUMBER(flow_slots)

static int get_headers(const struct hpcap_handle *h, struct ctl_value *v)
{
	struct hpcap_keep keep = {.scope = HPCAP_SCOPE_QUEUE};
	int err = hpcap_get_keep(h, &keep);

	v->kind = CTL_TEXT;
	strcpy(v->text, keep.flags & HPCAP_KEEP_HEADERS ? "on" : "off");
	return err;
}

static int set_headers(struct hpcap_handle *h, const char *text)
{
	struct hpcap_keep keep = {.scope = HPCAP_SCOPE_QUEUE};
	int err = hpcap_get_keep(h, &keep);

	if (strcmp(text, "on") && strcmp(text, "off"))
		return CTL_BAD_TEXT;
	keep.flags &= ~HPCAP_KEEP_HEADERS;
	if (!strcmp(text, "on"))
		keep.flags |= HPCAP_KEEP_HEADERS;
	return err ? err : hpcap_set_keep(h, &keep);
}

static int get_evict(const struct hpcap_handle *h, struct ctl_value *v)
{
	v->kind = CTL_NUMBER;
	return hpcap_get_evict(h, &v->number);
}

static int set_evict(struct hpcap_handle *h, const char *text)
{
	uint64_t ms;

	return cli_number(text, UINT64_MAX, &ms) ? hpcap_set_evict(h, ms) : CTL_BAD_TEXT;
}

const struct ctl_option ctl_keep[] = {
	{"filter", "EXPRESSION as tcpdump takes it; empty for none",
	 "frames that are stored at all", get_filter, set_filter},
	{"caplen", "14..65524 bytes, 0 for all", "bytes of each frame that are stored",
	 get_caplen, set_caplen},
	{"headers", "on|off",
	 "store headers only; with flow-bytes, only of what that leaves out", get_headers,
	 set_headers},
	{"flow-bytes", "bytes, 0 for whole flows", "the first bytes of each flow are stored",
	 get_flow_bytes, set_flow_bytes},
	{"flow-idle", "1..86400 seconds, 0 for 60", "after which a quiet flow is forgotten",
	 get_flow_idle, set_flow_idle},
	{"flow-slots", "a power of two from 1024 to 16M, 0 for 64K",
	 "flows that are remembered", get_flow_slots, set_flow_slots},
	{"evict-ms", "milliseconds up to 86400000, 0 for never",
	 "after which a stuck strict listener is evicted", get_evict, set_evict},
	{NULL},
};
