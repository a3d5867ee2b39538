/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pcap file in memory, for benchmarks that need real lengths and gaps. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "core_env.h"

/**
 * struct capture_frame - one frame
 * @ns: since 1970
 * @len: bytes on the wire
 * @caplen: bytes at @data
 * @data: the frame
 */
struct capture_frame {
	u64 ns;
	u32 len;
	u32 caplen;
	const u8 *data;
};

/**
 * struct capture - all of them
 * @nr: frames
 * @frame: those
 */
struct capture {
	u32 nr;
	struct capture_frame *frame;
};

const char *capture_read(struct capture *c, const char *path);

#endif /* CAPTURE_H */
