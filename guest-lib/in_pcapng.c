// SPDX-License-Identifier: LGPL-2.1-or-later
/* pcapng as a source: blocks, sections of either byte order, packets. */
#include "in_priv.h"

enum block {
	BLOCK_IDB = 1,
	BLOCK_PB = 2, /* obsolete, but found */
	BLOCK_SPB = 3,
	BLOCK_ISB = 5,
	BLOCK_EPB = 6,
};

#define BLOCK_SHB   0x0a0d0d0au
#define ORDER_MAGIC 0x1a2b3c4du

enum {
	ENDS = 12, /* type and length, and the length again */
	BODY = 8,  /* where a block's body starts */
	SHB_MIN = 28,
	BLOCK_MAX = HPCAP_FRAME_MAX + (1 << 20), /* of those that are read whole */
	OPT_COMMENT = 1,
	OPT_FLAGS = 2,
	OPT_DROPS = 4,
	NSEC = 1000000000,
};

static bool is_order(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v == ORDER_MAGIC || __builtin_bswap32(v) == ORDER_MAGIC;
}

bool hpcap_in_pcapng_sniff(const uint8_t *p, size_t have)
{
	static const uint8_t magic[] = {0x0a, 0x0d, 0x0d, 0x0a};

	return have >= BODY + 4 && !memcmp(p, magic, sizeof(magic)) && is_order(p + BODY);
}

static int wrong_length(struct hpcap_in *in, uint32_t type, uint32_t len)
{
	return hpcap_in_fail(in, -EBADMSG, "a block of kind %u with length %u: damaged here",
			     type, len);
}

/* A new section: byte order and interfaces begin anew. */
static int read_shb(struct hpcap_in *in)
{
	const uint8_t *p;
	uint32_t order;
	ssize_t have = hpcap_in_need(in, SHB_MIN);

	if (have < 0)
		return (int)have;
	if (have < SHB_MIN)
		return hpcap_in_cut(in, "a section header");
	p = in_at(in);
	if (!is_order(p + BODY))
		return hpcap_in_fail(in, -EBADMSG, "a section header without byte order");
	memcpy(&order, p + BODY, sizeof(order));
	in->swapped = le32toh(order) != ORDER_MAGIC;
	if (in_u16(in, p + 12) != 1)
		return hpcap_in_fail(in, -EBADMSG, "pcapng of version %u.%u, known is 1",
				     in_u16(in, p + 12), in_u16(in, p + 14));
	if (in_u32(in, p + 4) < SHB_MIN)
		return wrong_length(in, BLOCK_SHB, in_u32(in, p + 4));
	in->nr_map = 0;
	in->rep.sections++;
	in->detail = in->swapped ? "big-endian" : "little-endian";
	return 1;
}

/* Ticks of an interface to seconds and nanoseconds; false when out of range. */
static bool set_time(const struct hpcap_iface *iface, const uint8_t *p,
		     const struct hpcap_in *in, struct hpcap_record *rec)
{
	uint64_t ts = (uint64_t)in_u32(in, p) << 32 | in_u32(in, p + 4);
	uint64_t whole = ts / iface->ticks;
	int64_t sec;

	if (whole > UINT32_MAX)
		return false;
	/* the offset's range was checked where it was read */
	sec = (int64_t)whole + iface->offset_s;
	if (sec < 0 || sec > UINT32_MAX)
		return false;
	rec->sec = (uint32_t)sec;
	rec->nsec = (uint32_t)((unsigned __int128)(ts % iface->ticks) * NSEC / iface->ticks);
	return true;
}

static void packet_options(const struct hpcap_in *in, const uint8_t *p, const uint8_t *end,
			   struct hpcap_frame *f)
{
	struct in_option opt;

	while (hpcap_in_option(in, &p, end, &opt)) {
		if (opt.code == OPT_COMMENT && !f->comment && opt.len) {
			f->comment = (const char *)opt.value;
			f->comment_len = opt.len;
		} else if (opt.code == OPT_FLAGS && opt.len == 4) {
			f->flags = in_u32(in, opt.value);
		} else if (opt.code == OPT_DROPS && opt.len == 8) {
			uint64_t a = in_u32(in, opt.value), b = in_u32(in, opt.value + 4);

			f->drops = in->swapped ? a << 32 | b : b << 32 | a;
		}
	}
}

static int set_iface(struct hpcap_in *in, struct hpcap_frame *f, uint32_t n)
{
	if (n >= in->nr_map)
		return hpcap_in_fail(in, -EBADMSG,
				     "a packet of interface %u, which no block describes", n);
	f->iface = in->map[n];
	return 1;
}

/* Enhanced and obsolete packet blocks: alike but for the first eight bytes. */
static int read_packet(struct hpcap_in *in, struct hpcap_frame *f, const uint8_t *body,
		       size_t size, bool old)
{
	uint32_t padded;
	int ret;

	if (size < 20)
		return wrong_length(in, old ? BLOCK_PB : BLOCK_EPB, (uint32_t)size + ENDS);
	ret = set_iface(in, f, old ? in_u16(in, body) : in_u32(in, body));
	if (ret < 0)
		return ret;
	f->rec.caplen = in_u32(in, body + 12);
	f->rec.len = in_u32(in, body + 16);
	if (f->rec.caplen > size - 20)
		return hpcap_in_fail(in, -EBADMSG, "a packet of %u bytes in a block of %zu",
				     f->rec.caplen, size + ENDS);
	if (old && in_u16(in, body + 2) != UINT16_MAX)
		f->drops = in_u16(in, body + 2);
	f->has_time = set_time(&in->ifaces[f->iface], body + 4, in, &f->rec);
	f->rec.data = body + 20;
	padded = (f->rec.caplen + 3) & ~3u;
	if (padded < size - 20)
		packet_options(in, body + 20 + padded, body + size, f);
	return 1;
}

static int read_simple(struct hpcap_in *in, struct hpcap_frame *f, const uint8_t *body,
		       size_t size)
{
	uint32_t snaplen;
	int ret;

	if (size < 4)
		return wrong_length(in, BLOCK_SPB, (uint32_t)size + ENDS);
	ret = set_iface(in, f, 0);
	if (ret < 0)
		return ret;
	snaplen = in->ifaces[f->iface].snaplen;
	f->rec.len = in_u32(in, body);
	f->rec.caplen = f->rec.len;
	if (snaplen && f->rec.caplen > snaplen)
		f->rec.caplen = snaplen;
	if (f->rec.caplen > size - 4)
		f->rec.caplen = (uint32_t)size - 4;
	f->rec.data = body + 4;
	return 1;
}

/* A block that is whole in the buffer: 1 a frame, 0 none, or a negative errno. */
static int read_block(struct hpcap_in *in, struct hpcap_frame *f, uint32_t type, uint32_t len)
{
	const uint8_t *body = in_at(in) + BODY;
	size_t size = len - ENDS;

	switch (type) {
	case BLOCK_IDB:
		return hpcap_in_idb(in, body, size);
	case BLOCK_ISB:
		return hpcap_in_isb(in, body, size);
	case BLOCK_SPB:
		return read_simple(in, f, body, size);
	default:
		return read_packet(in, f, body, size, type == BLOCK_PB);
	}
}

static bool is_known(uint32_t type)
{
	return type == BLOCK_IDB || type == BLOCK_ISB || type == BLOCK_SPB ||
	       type == BLOCK_PB || type == BLOCK_EPB;
}

/* A kind that says nothing to us, of any length. */
static int skip_block(struct hpcap_in *in, uint32_t type, uint32_t len)
{
	int ret = hpcap_in_skip(in, len);

	if (ret <= 0)
		return ret < 0 ? ret : hpcap_in_cut(in, "a block");
	in->rep.skipped_blocks += type != BLOCK_SHB;
	return 1;
}

/* One block: 1 go on, 2 a frame, 0 the end, or a negative errno. */
static int step(struct hpcap_in *in, struct hpcap_frame *f)
{
	ssize_t have = hpcap_in_need(in, BODY);
	uint32_t type, len;
	int ret;

	if (have <= 0)
		return have || !hpcap_stream_is_cut(in->stream) ? (int)have
								: hpcap_in_cut(in, "");
	if (have < BODY)
		return hpcap_in_cut(in, "a block's header");
	if (in_u32(in, in_at(in)) == BLOCK_SHB) {
		ret = read_shb(in);
		if (ret <= 0)
			return ret;
	}
	type = in_u32(in, in_at(in));
	len = in_u32(in, in_at(in) + 4);
	if (len < ENDS || len % 4)
		return wrong_length(in, type, len);
	if (!is_known(type))
		return skip_block(in, type, len);
	if (len > BLOCK_MAX)
		return hpcap_in_fail(in, -EMSGSIZE, "a packet block of %u bytes: damaged here",
				     len);
	have = hpcap_in_need(in, len);
	if (have < 0)
		return (int)have;
	if (have < (ssize_t)len)
		return hpcap_in_cut(in, "a block");
	if (in_u32(in, in_at(in) + len - 4) != len)
		return hpcap_in_fail(in, -EBADMSG,
				     "a block whose two lengths differ (%u and %u)", len,
				     in_u32(in, in_at(in) + len - 4));
	ret = read_block(in, f, type, len);
	if (ret < 0)
		return ret;
	f->rec.pos = in_offset(in);
	in->start += len;
	return 1 + ret;
}

static int next_pcapng(struct hpcap_in *in, struct hpcap_frame *f)
{
	int ret;

	do
		ret = step(in, f);
	while (ret == 1);
	return ret == 2 ? hpcap_in_give(in, f) : ret;
}

static bool is_next(const struct hpcap_in *in, enum block type)
{
	return in->end - in->start >= BODY && in_u32(in, in_at(in)) == (uint32_t)type;
}

/* The section header, and the interfaces that stand right behind it. */
int hpcap_in_pcapng_start(struct hpcap_in *in)
{
	struct hpcap_frame none;
	int ret;

	in->next = next_pcapng;
	do {
		ret = step(in, &none);
		if (ret == 1)
			ret = (int)hpcap_in_need(in, BODY);
	} while (ret > 0 && is_next(in, BLOCK_IDB));
	if (!in->rep.sections)
		return hpcap_in_fail(in, -EBADMSG, "the file ends within a section header");
	return ret < 0 ? ret : 0;
}
