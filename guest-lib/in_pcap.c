// SPDX-License-Identifier: LGPL-2.1-or-later
/* pcap as a source: micro- and nanoseconds, both byte orders, old versions. */
#include "in_priv.h"

enum {
	FILE_HEADER = 24,
	REC_HEADER = 16,
	REC_HEADER_KUZNETZOV = 24, /* eight bytes more, which nobody needs */
	USEC = 1000000,
	NSEC = 1000000000,
};

#define FCS_PRESENT (1u << 26)

static const struct {
	uint8_t magic[4];
	bool swapped;
	uint32_t ticks;
	uint32_t head;
	const char *detail;
} kinds[] = {
	{{0xd4, 0xc3, 0xb2, 0xa1}, false, USEC, REC_HEADER, "microseconds, little-endian"},
	{{0xa1, 0xb2, 0xc3, 0xd4}, true, USEC, REC_HEADER, "microseconds, big-endian"},
	{{0x4d, 0x3c, 0xb2, 0xa1}, false, NSEC, REC_HEADER, "nanoseconds, little-endian"},
	{{0xa1, 0xb2, 0x3c, 0x4d}, true, NSEC, REC_HEADER, "nanoseconds, big-endian"},
	{{0x34, 0xcd, 0xb2, 0xa1},
	 false,
	 USEC,
	 REC_HEADER_KUZNETZOV,
	 "microseconds, little-endian, Kuznetzov's"},
	{{0xa1, 0xb2, 0xcd, 0x34},
	 true,
	 USEC,
	 REC_HEADER_KUZNETZOV,
	 "microseconds, big-endian, Kuznetzov's"},
};

static int kind_of(const uint8_t *p, size_t have)
{
	size_t i;

	for (i = 0; have >= sizeof(kinds[0].magic) && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!memcmp(p, kinds[i].magic, sizeof(kinds[i].magic)))
			return (int)i;
	return -1;
}

bool hpcap_in_pcap_sniff(const uint8_t *p, size_t have)
{
	return kind_of(p, have) >= 0;
}

/* Versions before 2.4 had the two lengths in the other order, or in either. */
static void read_lengths(const struct hpcap_in *in, const uint8_t *p, struct hpcap_record *rec)
{
	uint32_t a = in_u32(in, p + 8), b = in_u32(in, p + 12);
	bool other = in->minor < 3 || (in->minor == 3 && a > b);

	rec->caplen = other ? b : a;
	rec->len = other ? a : b;
}

/* A fraction of a second or more is carried over, as others do. */
static bool read_time(const struct hpcap_in *in, const uint8_t *p, struct hpcap_record *rec)
{
	uint64_t ticks = in->ifaces[0].ticks;
	uint64_t fraction = in_u32(in, p + 4);
	uint64_t sec = in_u32(in, p) + fraction / ticks;

	rec->sec = (uint32_t)sec;
	rec->nsec = (uint32_t)(fraction % ticks * (NSEC / ticks));
	return sec <= UINT32_MAX;
}

static int next_pcap(struct hpcap_in *in, struct hpcap_frame *f)
{
	ssize_t have = hpcap_in_need(in, in->head);
	const uint8_t *p = in_at(in);

	if (have < 0)
		return (int)have;
	if (have == 0)
		return hpcap_stream_is_cut(in->stream) ? hpcap_in_cut(in, "a record") : 0;
	if (have < (ssize_t)in->head)
		return hpcap_in_cut(in, "a record's header");
	read_lengths(in, p, &f->rec);
	if (f->rec.caplen > HPCAP_FRAME_MAX)
		return hpcap_in_fail(in, -EMSGSIZE,
				     "a record of %u bytes, more than any frame: damaged here",
				     f->rec.caplen);
	have = hpcap_in_need(in, in->head + f->rec.caplen);
	if (have < 0)
		return (int)have;
	if (have < (ssize_t)(in->head + f->rec.caplen))
		return hpcap_in_cut(in, "a record");
	p = in_at(in);
	f->has_time = read_time(in, p, &f->rec);
	f->rec.data = p + in->head;
	f->rec.pos = in_offset(in);
	in->start += in->head + f->rec.caplen;
	return hpcap_in_give(in, f);
}

int hpcap_in_pcap_start(struct hpcap_in *in)
{
	const uint8_t *p = in_at(in);
	int kind = kind_of(p, in->end - in->start);
	struct hpcap_iface iface = {0};
	uint32_t link;
	int err;

	if (in->end - in->start < FILE_HEADER)
		return hpcap_in_fail(in, -EBADMSG, "the file ends within pcap's header");
	in->swapped = kinds[kind].swapped;
	in->head = kinds[kind].head;
	in->detail = kinds[kind].detail;
	in->minor = in_u16(in, p + 6);
	if (in_u16(in, p + 4) != 2)
		return hpcap_in_fail(in, -EBADMSG, "pcap of version %u.%u, known is 2",
				     in_u16(in, p + 4), in->minor);
	link = in_u32(in, p + 20);
	iface.linktype = link & 0xffff;
	iface.fcs_len = link & FCS_PRESENT ? 2 * (link >> 28) : 0;
	iface.snaplen = in_u32(in, p + 16);
	iface.ticks = kinds[kind].ticks;
	err = hpcap_in_add_iface(in, &iface);
	if (err < 0)
		return err;
	in->next = next_pcap;
	in->start += FILE_HEADER;
	return 0;
}
