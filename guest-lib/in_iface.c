// SPDX-License-Identifier: LGPL-2.1-or-later
/* pcapng: options, what is said of interfaces, their statistics. */
#include "in_priv.h"

enum {
	IDB_MIN = 8,
	ISB_MIN = 12,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	IF_FCSLEN = 13,
	IF_TSOFFSET = 14,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_OSDROP = 7,
	TEN_MAX = 19, /* 10^19 still fits 64 bits */
	TWO_MAX = 63,
	USEC = 1000000,
};

#define OFFSET_MAX (1ll << 40) /* seconds; more is damage, and sums stay in range */

bool hpcap_in_option(const struct hpcap_in *in, const uint8_t **p, const uint8_t *end,
		     struct in_option *opt)
{
	size_t padded;

	if (end - *p < 4)
		return false;
	opt->code = in_u16(in, *p);
	opt->len = in_u16(in, *p + 2);
	opt->value = *p + 4;
	padded = (opt->len + 3u) & ~3u;
	if (!opt->code || (size_t)(end - opt->value) < opt->len)
		return false;
	*p = (size_t)(end - opt->value) < padded ? end : opt->value + padded;
	return true;
}

static uint64_t option_u64(const struct hpcap_in *in, const uint8_t *p)
{
	uint64_t a = in_u32(in, p), b = in_u32(in, p + 4);

	return in->swapped ? a << 32 | b : b << 32 | a;
}

static void copy_text(char *out, size_t room, const struct in_option *opt)
{
	size_t n = strnlen((const char *)opt->value, min_u64(opt->len, room - 1));

	memcpy(out, opt->value, n);
	out[n] = 0;
}

/* Units in a second: 10^n or, with the upper bit, 2^n; 0 when out of range. */
static uint64_t ticks_of(uint8_t resolution)
{
	uint64_t ticks = 1;
	int n = resolution & 0x7f;

	if (resolution & 0x80)
		return n <= TWO_MAX ? 1ull << n : 0;
	if (n > TEN_MAX)
		return 0;
	while (n--)
		ticks *= 10;
	return ticks;
}

static int idb_option(struct hpcap_in *in, struct hpcap_iface *iface,
		      const struct in_option *opt)
{
	switch (opt->code) {
	case IF_NAME:
		copy_text(iface->name, sizeof(iface->name), opt);
		break;
	case IF_DESCRIPTION:
		copy_text(iface->text, sizeof(iface->text), opt);
		break;
	case IF_TSRESOL:
		iface->ticks = opt->len ? ticks_of(*opt->value) : USEC;
		if (!iface->ticks)
			return hpcap_in_fail(
				in, -EBADMSG,
				"an interface with time stamps of an unknown unit (%u)",
				*opt->value);
		break;
	case IF_FCSLEN:
		iface->fcs_len = opt->len ? *opt->value : 0;
		break;
	case IF_TSOFFSET:
		if (opt->len < 8)
			break;
		iface->offset_s = (int64_t)option_u64(in, opt->value);
		if (iface->offset_s > OFFSET_MAX || iface->offset_s < -OFFSET_MAX)
			return hpcap_in_fail(in, -EBADMSG,
					     "an interface with an impossible time offset");
		break;
	}
	return 0;
}

static bool is_same(const struct hpcap_iface *a, const struct hpcap_iface *b)
{
	return a->linktype == b->linktype && a->snaplen == b->snaplen && a->ticks == b->ticks &&
	       a->offset_s == b->offset_s && a->fcs_len == b->fcs_len &&
	       !strcmp(a->name, b->name) && !strcmp(a->text, b->text);
}

/* An interface that an earlier section described in the same place and words. */
static int known_iface(const struct hpcap_in *in, const struct hpcap_iface *iface)
{
	uint32_t i;

	for (i = 0; i < in->nr_ifaces; i++)
		if (in->seen[i] != in->rep.sections && is_same(&in->ifaces[i], iface))
			return (int)i;
	return -1;
}

int hpcap_in_idb(struct hpcap_in *in, const uint8_t *body, size_t size)
{
	const uint8_t *p = body + IDB_MIN;
	struct hpcap_iface iface = {.ticks = USEC};
	struct in_option opt;
	int err = 0, n;

	if (size < IDB_MIN)
		return hpcap_in_fail(in, -EBADMSG, "an interface's block of %zu bytes", size);
	iface.linktype = in_u16(in, body);
	iface.snaplen = in_u32(in, body + 4);
	while (!err && hpcap_in_option(in, &p, body + size, &opt))
		err = idb_option(in, &iface, &opt);
	if (err)
		return err;
	if (in->nr_map == HPCAP_IFACES_MAX)
		return hpcap_in_fail(in, -EMSGSIZE, "more than %d interfaces",
				     HPCAP_IFACES_MAX);
	n = known_iface(in, &iface);
	if (n < 0)
		n = hpcap_in_add_iface(in, &iface);
	if (n < 0)
		return n;
	in->seen[n] = in->rep.sections;
	in->map[in->nr_map++] = (uint16_t)n;
	return 0;
}

int hpcap_in_isb(struct hpcap_in *in, const uint8_t *body, size_t size)
{
	const uint8_t *p = body + ISB_MIN;
	struct hpcap_iface *iface;
	struct in_option opt;
	uint64_t dropped = 0;
	bool has_dropped = false;

	if (size < ISB_MIN || in_u32(in, body) >= in->nr_map)
		return hpcap_in_fail(in, -EBADMSG, "statistics of no interface");
	iface = &in->ifaces[in->map[in_u32(in, body)]];
	while (hpcap_in_option(in, &p, body + size, &opt)) {
		if (opt.len != 8)
			continue;
		if (opt.code == ISB_IFRECV) {
			iface->received = option_u64(in, opt.value);
			iface->has_received = true;
		} else if (opt.code == ISB_IFDROP || opt.code == ISB_OSDROP) {
			dropped += option_u64(in, opt.value);
			has_dropped = true;
		}
	}
	if (has_dropped) {
		iface->dropped = dropped;
		iface->has_dropped = true;
	}
	return 0;
}
