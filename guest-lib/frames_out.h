/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames out: RAW, pcap and pcapng made in the caller's memory, and blocks of
 * them packed with zstd or lz4. Nothing here opens, writes or allocates, but
 * hpcap_pack_create(). A file is
 *
 *	begin | frame frame frame ... | end
 *
 * and stays a file when it is packed block by block, each block whole records:
 * packed frames in a row unpack to one stream.
 */
#ifndef HPCAP_FRAMES_OUT_H
#define HPCAP_FRAMES_OUT_H

#include <frames.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct hpcap_enc - what is written
 * @format: RAW, PCAP or PCAPNG
 * @usec: pcap with microseconds
 * @snaplen: for the file's header; 0 is 262144
 * @ifaces: pcapng: at least one; pcap: the first one's linktype counts; RAW: not
 *          looked at
 * @nr_ifaces: how many; 0 with pcap is Ethernet
 * @program: pcapng: who writes; NULL for none
 * @comment: pcapng: of the section; NULL for none
 *
 * The caller keeps it; it is only read.
 */
struct hpcap_enc {
	enum hpcap_format format;
	bool usec;
	uint32_t snaplen;
	const struct hpcap_iface *ifaces;
	uint32_t nr_ifaces;
	const char *program;
	const char *comment;
};

/**
 * struct hpcap_enc_stats - pcapng: what is known of an interface at the end
 * @iface: its number
 * @has_time: @first and @last are known
 * @first_ns: time of its first frame, nanoseconds since 1970
 * @last_ns: of its last one
 * @received: frames it saw
 * @dropped: frames lost
 * @comment: NULL for none
 */
struct hpcap_enc_stats {
	uint32_t iface;
	bool has_time;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t received;
	uint64_t dropped;
	const char *comment;
};

/**
 * hpcap_enc_begin() - What comes before the first frame
 * @e: format
 * @out: where to
 * @room: bytes there
 *
 * Return: bytes made (none for RAW); -ENOBUFS @room is too small; -EINVAL a
 * format without encoder, or pcapng without interface.
 */
ssize_t hpcap_enc_begin(const struct hpcap_enc *e, void *out, size_t room);

/*
 * pcapng: describe interface n, for one that turns up later than the beginning
 * (@e->nr_ifaces has grown). Return: as hpcap_enc_begin().
 */
ssize_t hpcap_enc_iface(const struct hpcap_enc *e, uint32_t n, void *out, size_t room);

/**
 * hpcap_enc_frame() - One frame
 * @e: format
 * @f: frame; pcapng writes its comment, flags and drops, too; @f->rec.nsec below
 *     a second
 * @out: where to
 * @room: bytes there; hpcap_enc_bound() is always enough
 *
 * Return: bytes made; -ENOBUFS @room is too small; -EINVAL this format cannot
 * hold such a frame (RAW: empty, of more than HPCAP_RAW_FRAME_MAX bytes, or of
 * time 0; pcapng: an interface that was not described).
 */
ssize_t hpcap_enc_frame(const struct hpcap_enc *e, const struct hpcap_frame *f, void *out,
			size_t room);

/* Bytes that one frame takes at most. */
size_t hpcap_enc_bound(const struct hpcap_enc *e, const struct hpcap_frame *f);

/**
 * hpcap_enc_raw() - Many frames at once, from RAW records
 * @e: format
 * @iface: number of their interface
 * @raw: whole records in a row; padding is left out
 * @size: bytes there; set to how many were used
 * @out: where to
 * @room: bytes there
 *
 * Ends early when @out is full. Return: bytes made; -EBADMSG no record there.
 */
ssize_t hpcap_enc_raw(const struct hpcap_enc *e, uint32_t iface, const void *raw, size_t *size,
		      void *out, size_t room);

/* What ends a file, for one interface: pcapng's statistics; 0 bytes for others. */
ssize_t hpcap_enc_end(const struct hpcap_enc *e, const struct hpcap_enc_stats *stats, void *out,
		      size_t room);

/* ------------------------------ packing -------------------------------- */

struct hpcap_pack;

/**
 * hpcap_pack_create() - State to pack blocks with, one for each thread
 * @p: out
 * @packing: HPCAP_ZSTD or HPCAP_LZ4
 * @level: 0 is the packing's default; zstd -7..22, lz4 0..12
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int hpcap_pack_create(struct hpcap_pack **p, enum hpcap_packing packing, int level);
void hpcap_pack_destroy(struct hpcap_pack *p);

/* Bytes that a block of so many takes packed, at most. */
size_t hpcap_pack_bound(const struct hpcap_pack *p, size_t size);

/**
 * hpcap_pack_block() - Pack a block into one frame that stands alone
 * @p: state
 * @in: block
 * @size: its bytes
 * @out: where to
 * @room: bytes there; hpcap_pack_bound() is always enough
 *
 * The frame carries the block's size and a checksum.
 * Return: bytes made; -ENOBUFS; -EIO when the packer fails otherwise.
 */
ssize_t hpcap_pack_block(struct hpcap_pack *p, const void *in, size_t size, void *out,
			 size_t room);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_FRAMES_OUT_H */
