/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a frame's headers end, and which flow it belongs to. */
#ifndef CAP_HEADERS_H
#define CAP_HEADERS_H

#include "core_env.h"

/**
 * struct cap_headers - what a frame begins with
 * @len: bytes of all headers that are understood, at most the frame's
 * @ip: bytes of one IP address, 4 or 16; 0: not IP, and no flow
 * @src: offset of the source address; the destination's follows it
 * @ports: offset of the two port numbers, 0 when there are none to see
 * @proto: what IP carries
 * @begins: a TCP segment that opens a connection
 */
struct cap_headers {
	u32 len;
	u32 ip;
	u32 src;
	u32 ports;
	u8 proto;
	bool begins;
};

void cap_headers_parse(struct cap_headers *h, const u8 *frame, u32 len);

#endif /* CAP_HEADERS_H */
