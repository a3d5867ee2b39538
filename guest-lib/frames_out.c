// SPDX-License-Identifier: LGPL-2.1-or-later
/* Encoders: RAW and pcap here, pcapng beside. */
#include "out_priv.h"
#include "priv.h"

enum {
	PCAP_HEADER = 24,
	PCAP_REC = 16,
	SNAPLEN = 262144,
	MAJOR = 2,
	MINOR = 4,
};

#define PCAP_USEC 0xa1b2c3d4u
#define PCAP_NSEC 0xa1b23c4du

uint32_t hpcap_enc_snaplen(const struct hpcap_enc *e)
{
	return e->snaplen ? e->snaplen : SNAPLEN;
}

static ssize_t begin_pcap(const struct hpcap_enc *e, uint8_t *p, size_t room)
{
	if (room < PCAP_HEADER)
		return -ENOBUFS;
	memset(p, 0, PCAP_HEADER);
	out_u32(p, e->usec ? PCAP_USEC : PCAP_NSEC);
	out_u16(p + 4, MAJOR);
	out_u16(p + 6, MINOR);
	out_u32(p + 16, hpcap_enc_snaplen(e));
	out_u32(p + 20, e->nr_ifaces ? e->ifaces[0].linktype : HPCAP_LINK_ETHERNET);
	return PCAP_HEADER;
}

ssize_t hpcap_enc_begin(const struct hpcap_enc *e, void *out, size_t room)
{
	switch (e->format) {
	case HPCAP_FORMAT_RAW:
		return 0;
	case HPCAP_FORMAT_PCAP:
		return begin_pcap(e, out, room);
	case HPCAP_FORMAT_PCAPNG:
		return hpcap_enc_ng_begin(e, out, room);
	default:
		return -EINVAL;
	}
}

size_t hpcap_enc_bound(const struct hpcap_enc *e, const struct hpcap_frame *f)
{
	switch (e->format) {
	case HPCAP_FORMAT_PCAP:
		return PCAP_REC + (size_t)f->rec.caplen;
	case HPCAP_FORMAT_PCAPNG:
		return hpcap_enc_ng_bound(f);
	default:
		return HPCAP_REC_LEN + (size_t)f->rec.caplen;
	}
}

static bool is_storable(const struct hpcap_record *r)
{
	return r->caplen && r->caplen <= HPCAP_RAW_FRAME_MAX && r->caplen <= r->len &&
	       r->len <= UINT16_MAX && (r->sec || r->nsec);
}

static ssize_t frame_raw(const struct hpcap_record *r, uint8_t *p, size_t room)
{
	const struct rec_header hdr = {r->sec, r->nsec, r->caplen, r->len};

	if (!is_storable(r))
		return -EINVAL;
	if (room < HPCAP_REC_LEN + r->caplen)
		return -ENOBUFS;
	rec_store(p, &hdr);
	memcpy(p + HPCAP_REC_LEN, r->data, r->caplen);
	return (ssize_t)(HPCAP_REC_LEN + r->caplen);
}

static ssize_t frame_pcap(const struct hpcap_enc *e, const struct hpcap_record *r, uint8_t *p,
			  size_t room)
{
	if (room < PCAP_REC + (size_t)r->caplen)
		return -ENOBUFS;
	out_u32(p, r->sec);
	out_u32(p + 4, e->usec ? r->nsec / 1000 : r->nsec);
	out_u32(p + 8, r->caplen);
	out_u32(p + 12, r->len);
	if (r->caplen)
		memcpy(p + PCAP_REC, r->data, r->caplen);
	return PCAP_REC + (ssize_t)r->caplen;
}

ssize_t hpcap_enc_frame(const struct hpcap_enc *e, const struct hpcap_frame *f, void *out,
			size_t room)
{
	if (f->rec.nsec >= 1000000000u || f->rec.caplen > HPCAP_FRAME_MAX)
		return -EINVAL;
	switch (e->format) {
	case HPCAP_FORMAT_RAW:
		return frame_raw(&f->rec, out, room);
	case HPCAP_FORMAT_PCAP:
		return frame_pcap(e, &f->rec, out, room);
	case HPCAP_FORMAT_PCAPNG:
		return hpcap_enc_ng_frame(e, f, out, room);
	default:
		return -EINVAL;
	}
}

ssize_t hpcap_enc_raw(const struct hpcap_enc *e, uint32_t iface, const void *raw, size_t *size,
		      void *out, size_t room)
{
	struct hpcap_frame f = {.iface = iface, .has_time = true};
	const uint8_t *p = raw;
	size_t left = *size, made = 0;

	while (left >= HPCAP_REC_LEN) {
		struct rec_header h = rec_load(p);
		ssize_t n = 0;

		if (left < HPCAP_REC_LEN + h.caplen || (!rec_is_pad(&h) && rec_is_bad(&h)))
			break;
		f.rec = (struct hpcap_record){h.sec, h.nsec, h.caplen, h.len, p + HPCAP_REC_LEN,
					      0};
		if (!rec_is_pad(&h))
			n = hpcap_enc_frame(e, &f, (uint8_t *)out + made, room - made);
		if (n == -ENOBUFS)
			goto full;
		if (n < 0)
			return n;
		made += (size_t)n;
		p += HPCAP_REC_LEN + h.caplen;
		left -= HPCAP_REC_LEN + h.caplen;
	}
	if (left)
		return -EBADMSG;
full:
	*size -= left;
	return (ssize_t)made;
}

ssize_t hpcap_enc_end(const struct hpcap_enc *e, const struct hpcap_enc_stats *stats, void *out,
		      size_t room)
{
	return e->format == HPCAP_FORMAT_PCAPNG ? hpcap_enc_ng_end(e, stats, out, room) : 0;
}
