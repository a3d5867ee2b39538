// SPDX-License-Identifier: LGPL-2.1-or-later
/* The pcapng encoder: section, interfaces, packets, statistics. */
#include "out_priv.h"
#include "priv.h"

enum {
	BLOCK_IDB = 1,
	BLOCK_ISB = 5,
	BLOCK_EPB = 6,
	ENDS = 12, /* type and length, and the length again */
	EPB_FIXED = 20,
	OPT_COMMENT = 1,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	IF_FCSLEN = 13,
	EPB_FLAGS = 2,
	EPB_DROPCOUNT = 4,
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	NANO = 9, /* 10^-9 */
};

#define BLOCK_SHB   0x0a0d0d0au
#define ORDER_MAGIC 0x1a2b3c4du
#define NSEC	    1000000000ull

/**
 * struct block - one being made
 * @p: where it starts
 * @room: bytes there
 * @at: bytes made; beyond @room nothing is written, only counted
 */
struct block {
	uint8_t *p;
	size_t room;
	size_t at;
};

static void add(struct block *b, const void *data, size_t size)
{
	if (size && b->at + size <= b->room)
		memcpy(b->p + b->at, data, size);
	b->at += size;
}

static void add_u32(struct block *b, uint32_t v)
{
	uint8_t raw[4];

	out_u32(raw, v);
	add(b, raw, sizeof(raw));
}

static void add_u16(struct block *b, uint16_t v)
{
	uint8_t raw[2];

	out_u16(raw, v);
	add(b, raw, sizeof(raw));
}

static void add_padded(struct block *b, const void *data, size_t size)
{
	static const uint8_t zeros[4];

	add(b, data, size);
	add(b, zeros, (4 - size % 4) % 4);
}

static void add_option(struct block *b, uint16_t code, const void *value, size_t size)
{
	if (size > UINT16_MAX)
		size = UINT16_MAX;
	add_u16(b, code);
	add_u16(b, (uint16_t)size);
	add_padded(b, value, size);
}

static void add_text(struct block *b, uint16_t code, const char *text)
{
	if (text && *text)
		add_option(b, code, text, strlen(text));
}

/* A count: low word first, as all numbers here. */
static void add_count(struct block *b, uint16_t code, uint64_t v)
{
	uint8_t raw[8];

	out_u32(raw, (uint32_t)v);
	out_u32(raw + 4, (uint32_t)(v >> 32));
	add_option(b, code, raw, sizeof(raw));
}

/* A time: high word first. */
static void put_time(uint8_t *raw, uint64_t ns)
{
	out_u32(raw, (uint32_t)(ns >> 32));
	out_u32(raw + 4, (uint32_t)ns);
}

static void begin_block(struct block *b, uint32_t type)
{
	add_u32(b, type);
	add_u32(b, 0); /* set at its end */
}

/* Options end, then the block, which started at from. */
static void end_block(struct block *b, size_t from, bool options)
{
	uint32_t len;

	if (options)
		add_u32(b, 0);
	len = (uint32_t)(b->at - from) + 4;
	add_u32(b, len);
	if (b->at <= b->room)
		out_u32(b->p + from + 4, len);
}

static ssize_t made(const struct block *b)
{
	return b->at <= b->room ? (ssize_t)b->at : -ENOBUFS;
}

static void add_idb(struct block *b, const struct hpcap_enc *e, const struct hpcap_iface *iface)
{
	static const uint8_t nano = NANO;
	const uint8_t fcs = (uint8_t)iface->fcs_len;
	size_t from = b->at;

	begin_block(b, BLOCK_IDB);
	add_u16(b, (uint16_t)iface->linktype);
	add_u16(b, 0);
	add_u32(b, iface->snaplen ? iface->snaplen : hpcap_enc_snaplen(e));
	add_text(b, IF_NAME, iface->name);
	add_text(b, IF_DESCRIPTION, iface->text);
	add_option(b, IF_TSRESOL, &nano, sizeof(nano));
	if (fcs)
		add_option(b, IF_FCSLEN, &fcs, sizeof(fcs));
	end_block(b, from, true);
}

ssize_t hpcap_enc_ng_begin(const struct hpcap_enc *e, uint8_t *out, size_t room)
{
	struct block b = {out, room, 0};
	uint32_t i;

	if (!e->nr_ifaces)
		return -EINVAL;
	begin_block(&b, BLOCK_SHB);
	add_u32(&b, ORDER_MAGIC);
	add_u16(&b, 1);
	add_u16(&b, 0);
	add_u32(&b, UINT32_MAX); /* length of the section: not known */
	add_u32(&b, UINT32_MAX);
	add_text(&b, SHB_USERAPPL, e->program);
	add_text(&b, OPT_COMMENT, e->comment);
	end_block(&b, 0, true);
	for (i = 0; i < e->nr_ifaces; i++)
		add_idb(&b, e, &e->ifaces[i]);
	return made(&b);
}

ssize_t hpcap_enc_iface(const struct hpcap_enc *e, uint32_t n, void *out, size_t room)
{
	struct block b = {out, room, 0};

	if (e->format != HPCAP_FORMAT_PCAPNG || n >= e->nr_ifaces)
		return -EINVAL;
	add_idb(&b, e, &e->ifaces[n]);
	return made(&b);
}

static bool has_options(const struct hpcap_frame *f)
{
	return f->comment || f->flags || f->drops;
}

size_t hpcap_enc_ng_bound(const struct hpcap_frame *f)
{
	size_t size = ENDS + EPB_FIXED + (((size_t)f->rec.caplen + 3) & ~(size_t)3);

	/* comment, flags, drops, end of options */
	return size + (has_options(f) ? 4 + ((f->comment_len + 3u) & ~3u) + 8 + 12 + 4 : 0);
}

ssize_t hpcap_enc_ng_frame(const struct hpcap_enc *e, const struct hpcap_frame *f, uint8_t *out,
			   size_t room)
{
	struct block b = {out, room, 0};
	uint8_t fixed[EPB_FIXED];

	if (f->iface >= e->nr_ifaces || f->comment_len > UINT16_MAX)
		return -EINVAL;
	out_u32(fixed, f->iface);
	put_time(fixed + 4, f->rec.sec * NSEC + f->rec.nsec);
	out_u32(fixed + 12, f->rec.caplen);
	out_u32(fixed + 16, f->rec.len);
	begin_block(&b, BLOCK_EPB);
	add(&b, fixed, sizeof(fixed));
	add_padded(&b, f->rec.data, f->rec.caplen);
	if (f->comment)
		add_option(&b, OPT_COMMENT, f->comment, f->comment_len);
	if (f->flags) {
		uint8_t raw[4];

		out_u32(raw, f->flags);
		add_option(&b, EPB_FLAGS, raw, sizeof(raw));
	}
	if (f->drops)
		add_count(&b, EPB_DROPCOUNT, f->drops);
	end_block(&b, 0, has_options(f));
	return made(&b);
}

ssize_t hpcap_enc_ng_end(const struct hpcap_enc *e, const struct hpcap_enc_stats *st,
			 uint8_t *out, size_t room)
{
	struct block b = {out, room, 0};
	uint8_t raw[8];

	if (st->iface >= e->nr_ifaces)
		return -EINVAL;
	begin_block(&b, BLOCK_ISB);
	add_u32(&b, st->iface);
	put_time(raw, st->last_ns);
	add(&b, raw, sizeof(raw));
	if (st->has_time) {
		add_option(&b, ISB_ENDTIME, raw, sizeof(raw));
		put_time(raw, st->first_ns);
		add_option(&b, ISB_STARTTIME, raw, sizeof(raw));
	}
	add_count(&b, ISB_IFRECV, st->received);
	add_count(&b, ISB_IFDROP, st->dropped);
	add_text(&b, OPT_COMMENT, st->comment);
	end_block(&b, 0, true);
	return made(&b);
}
