/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own stamps: frames through a veth pair, read from AF_PACKET. */
#ifndef AF_PACKET_H
#define AF_PACKET_H

#include "play.h"

bool af_packet_init(u32 frames);
const char *af_packet_reason(void);
u32 af_packet_run(struct play *p, u64 *stamp);

#endif /* AF_PACKET_H */
