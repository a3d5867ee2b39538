/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of bench/storing share. */
#ifndef BENCH_STORING_H
#define BENCH_STORING_H

#include "rig.h"

/**
 * struct packet_nic - a network interface as a NIC of the engine, by TPACKET_V3
 * @fd: packet socket
 * @map: its ring
 * @block: where the next frame is
 * @nr_blocks: in the ring
 * @block_size: bytes
 * @left: frames not borrowed yet of @block
 * @frame: the next one of them
 * @held: blocks whose frames were all borrowed, not given back yet
 * @first_held: the oldest of them
 */
struct packet_nic {
	int fd;
	u8 *map;
	u32 block;
	u32 nr_blocks;
	u32 block_size;
	u32 left;
	u8 *frame;
	u32 held;
	u32 first_held;
};

extern const struct cap_nic_ops packet_nic_ops;

int packet_nic_open(struct packet_nic *nic, const char *ifname, u32 mib);
void packet_nic_close(struct packet_nic *nic);

/* Frames that the socket lost since the last call. */
u64 packet_nic_drops(struct packet_nic *nic);

#endif /* BENCH_STORING_H */
