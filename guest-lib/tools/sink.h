/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where frames go: a file, files in a ring, or the standard output; in any format. */
#ifndef SINK_H
#define SINK_H

#include <frames_out.h>
#include "cli.h"
#include "sink_disk.h"

/**
 * struct sink_options - how to write
 * @path: "-" is the standard output
 * @format: UNKNOWN is what the path's ending says, else @fallback
 * @fallback: when the ending says nothing
 * @packing: how to pack; by the ending unless @packed_given
 * @packed_given: @packing was asked for
 * @level: of packing, 0 the default
 * @usec: pcap with microseconds
 * @file_size: bytes after which the next file begins, 0 for one file
 * @keep: so many files, then the oldest is written over; 0 keeps all
 * @comment: pcapng: of the section, or NULL
 * @straight: a large plain file goes past the page cache, its space reserved ahead;
 *            not for what a reader follows while it grows
 */
struct sink_options {
	const char *path;
	enum hpcap_format format;
	enum hpcap_format fallback;
	enum hpcap_packing packing;
	bool packed_given;
	int level;
	bool usec;
	uint64_t file_size;
	unsigned int keep;
	const char *comment;
	bool straight;
};

/**
 * struct sink - an output
 * @opt: how
 * @enc: what is written; its interfaces are @ifaces
 * @ifaces: known so far
 * @pack: NULL when plain
 * @fd: -1 when no file is open
 * @name: of the file written now
 * @files: begun
 * @disk: the file goes past the page cache; NULL: through it
 * @buf: a block on its way, of @disk where there is one
 * @room: bytes of it
 * @fill: bytes in it
 * @out: the block, packed
 * @file_bytes: of this file, written
 * @bytes: of all files, written
 * @frames: put
 * @caplen_bytes: of these frames
 * @dropped: told in pcapng's statistics
 * @first_ns: smallest time of a frame
 * @last_ns: largest
 */
struct sink {
	struct sink_options opt;
	struct hpcap_enc enc;
	struct hpcap_iface *ifaces;
	struct hpcap_pack *pack;
	int fd;
	char *name;
	uint64_t files;
	struct sink_disk *disk;
	uint8_t *buf;
	size_t room;
	size_t fill;
	uint8_t *out;
	uint64_t file_bytes;
	uint64_t bytes;
	uint64_t frames;
	uint64_t caplen_bytes;
	uint64_t dropped;
	uint64_t first_ns;
	uint64_t last_ns;
};

/* "raw", "pcap", "pcapng"; "plain", "zstd", "lz4", the latter two with :LEVEL. */
bool sink_parse_format(const char *text, enum hpcap_format *out);
bool sink_parse_packing(const char *text, struct sink_options *opt);

/* What the path's ending says, where nothing was asked for. */
void sink_choose(struct sink_options *o);

/*
 * Nothing is opened yet: a file appears with the first frame or at the end. All
 * functions say themselves what is wrong. Return: 0 or a negative errno.
 */
int sink_init(struct sink *s, const struct sink_options *opt);
void sink_deinit(struct sink *s);

/* Number of an interface in this output, or a negative errno. */
int sink_iface(struct sink *s, const struct hpcap_iface *iface);

/* The frame's interface is one of sink_iface(). -EINVAL: this format cannot hold it. */
int sink_put(struct sink *s, const struct hpcap_frame *f);

/* What is in memory goes out now: for a reader at the other end of a pipe. */
int sink_flush(struct sink *s);

/* End the last file; one without frames is made if none was. */
int sink_finish(struct sink *s);

#endif /* SINK_H */
