/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A captured frame of any source, and the interface it came from. */
#ifndef HPCAP_FRAMES_H
#define HPCAP_FRAMES_H

#include <hpcap.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How frames lie in a file. */
enum hpcap_format {
	HPCAP_FORMAT_UNKNOWN,
	HPCAP_FORMAT_RAW, /* hpcap(5) */
	HPCAP_FORMAT_PCAP,
	HPCAP_FORMAT_PCAPNG,
};

/* How the file's bytes are packed: independent frames in a row, or not at all. */
enum hpcap_packing {
	HPCAP_PLAIN,
	HPCAP_ZSTD,
	HPCAP_LZ4,
};

/* "RAW", "pcap", "pcapng"; "plain", "zstd", "lz4". Never NULL. */
const char *hpcap_format_name(enum hpcap_format format);
const char *hpcap_packing_name(enum hpcap_packing packing);

/* The ending of such a file's name: ".raw", ".pcap", ".pcapng"; "", ".zst", ".lz4". */
const char *hpcap_format_suffix(enum hpcap_format format);
const char *hpcap_packing_suffix(enum hpcap_packing packing);

enum {
	HPCAP_LINK_ETHERNET = 1,     /* LINKTYPE_* of the pcap formats */
	HPCAP_FRAME_MAX = 16 << 20,  /* bytes of a frame; more is an error */
	HPCAP_IFACES_MAX = 4096,     /* interfaces of one source */
	HPCAP_RAW_FRAME_MAX = 65524, /* bytes of a frame that RAW can hold */
};

/**
 * struct hpcap_iface - an interface that frames came from
 * @linktype: LINKTYPE_* of its frames
 * @snaplen: longest caplen, 0 when nobody said
 * @fcs_len: bytes of checksum at the end of its frames, 0 when nobody said
 * @ticks: units of its time stamps in one second
 * @offset_s: seconds to add to them
 * @has_received: @received is known
 * @has_dropped: @dropped is known
 * @received: frames, as its last statistics said
 * @dropped: frames lost, as its last statistics said
 * @frames: read from it so far
 * @name: "" when nobody said
 * @text: description, "" when nobody said
 */
struct hpcap_iface {
	uint32_t linktype;
	uint32_t snaplen;
	uint32_t fcs_len;
	uint64_t ticks;
	int64_t offset_s;
	bool has_received;
	bool has_dropped;
	uint64_t received;
	uint64_t dropped;
	uint64_t frames;
	char name[64];
	char text[128];
};

/**
 * struct hpcap_frame - one frame and what is known about it
 * @rec: time, lengths, bytes; @rec.pos is where its record starts in the unpacked
 *       stream; @rec.caplen may be 0 in the formats of others
 * @iface: number of its interface, 0..
 * @linktype: of that interface
 * @has_time: false when the format or a damaged stamp gave none; @rec.sec and
 *            @rec.nsec are 0 then
 * @flags: of pcapng's packet block: bits 0-1 are 1 inbound, 2 outbound
 * @drops: frames lost right before it, as its record says; 0 when nobody said
 * @comment: text of its first comment, not ended by 0; NULL when there is none
 * @comment_len: bytes of it
 */
struct hpcap_frame {
	struct hpcap_record rec;
	uint32_t iface;
	uint32_t linktype;
	bool has_time;
	uint32_t flags;
	uint64_t drops;
	const char *comment;
	uint32_t comment_len;
};

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_FRAMES_H */
