/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of bench/storing share. */
#ifndef BENCH_STORING_H
#define BENCH_STORING_H

#include "rig.h"
#include "xsk.h"

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

/**
 * struct xdp_nic - the same by AF_XDP
 * @xsk: socket
 * @borrowed: frames that are not given back yet
 */
struct xdp_nic {
	struct xsk xsk;
	u32 borrowed;
};

/**
 * struct if_nic - a network interface as a NIC of the engine, one way or the other
 * @xdp: by AF_XDP, not by a packet socket
 * @by_packet: if not
 * @by_xdp: if so
 * @looks: that found nothing, since the last one that found something
 */
struct if_nic {
	bool xdp;
	struct packet_nic by_packet;
	struct xdp_nic by_xdp;
	u32 looks;
};

extern const struct cap_nic_ops packet_nic_ops;
extern const struct cap_nic_ops xdp_nic_ops;

int packet_nic_open(struct packet_nic *nic, const char *ifname, u32 mib);

/* Frames that the socket lost since the last call. */
u64 packet_nic_drops(struct packet_nic *nic);

int xdp_nic_open(struct xdp_nic *nic, const char *ifname, u32 mib);
int if_nic_open(struct if_nic *nic, struct rig *rig, const char *ifname, u32 mib);
u64 if_nic_drops(struct if_nic *nic);
void if_nic_rest(struct if_nic *nic, int found);

#endif /* BENCH_STORING_H */
