// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet socket's ring, plugged into the engine where a NIC would be. */
#include "storing.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define BLOCK_SIZE (1u << 20)
#define RETIRE_MS  10

static struct tpacket_block_desc *block_at(const struct packet_nic *nic, u32 n)
{
	return (void *)(nic->map + (size_t)(n % nic->nr_blocks) * nic->block_size);
}

/**
 * packet_nic_open() - Listen to an interface
 * @nic: to set up
 * @ifname: its name
 * @mib: of ring
 *
 * Return: 0 or a negative errno.
 */
int packet_nic_open(struct packet_nic *nic, const char *ifname, u32 mib)
{
	struct tpacket_req3 req = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = mib,
		.tp_frame_size = 2048,
		.tp_frame_nr = mib * (BLOCK_SIZE / 2048),
		.tp_retire_blk_tov = RETIRE_MS,
	};
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(ifname),
	};
	int version = TPACKET_V3;

	*nic = (struct packet_nic){.nr_blocks = mib, .block_size = BLOCK_SIZE};
	nic->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (nic->fd < 0 ||
	    setsockopt(nic->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(nic->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)))
		return -errno;
	nic->map = mmap(NULL, (size_t)mib * BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
			nic->fd, 0);
	if (nic->map == MAP_FAILED || bind(nic->fd, (struct sockaddr *)&at, sizeof(at)))
		return -errno;
	return 0;
}

/**
 * packet_nic_drops() - Frames that found no place in the socket's ring
 * @nic: open
 *
 * Return: frames since the last call.
 */
u64 packet_nic_drops(struct packet_nic *nic)
{
	struct tpacket_stats_v3 s = {0};
	socklen_t len = sizeof(s);

	getsockopt(nic->fd, SOL_PACKET, PACKET_STATISTICS, &s, &len);
	return s.tp_drops;
}

/* The next block that the kernel has filled. */
static bool next_block(struct packet_nic *nic)
{
	struct tpacket_block_desc *b = block_at(nic, nic->block);

	if (nic->held == nic->nr_blocks)
		return false;
	/* pairs with the kernel's barrier before it hands the block over */
	if (!(smp_load_acquire(&b->hdr.bh1.block_status) & TP_STATUS_USER))
		return false;
	nic->left = b->hdr.bh1.num_pkts;
	nic->frame = (u8 *)b + b->hdr.bh1.offset_to_first_pkt;
	nic->block++;
	nic->held++;
	return true;
}

static int rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	struct packet_nic *nic = nicq;
	int n = 0;

	while (n < max) {
		const struct tpacket3_hdr *h;

		/* one block a batch: it is given back with the batch */
		if (!nic->left && (n || !next_block(nic)))
			break;
		h = (const void *)nic->frame;
		f[n++] = (struct cap_frame){.data = nic->frame + h->tp_mac,
					    .len = h->tp_snaplen};
		nic->frame += h->tp_next_offset;
		nic->left--;
	}
	return n;
}

static void rx_return(void *nicq, int n)
{
	struct packet_nic *nic = nicq;

	if (!n || nic->left)
		return;
	while (nic->held) {
		struct tpacket_block_desc *b = block_at(nic, nic->first_held++);

		/* pairs with the kernel's look at the status */
		smp_store_release(&b->hdr.bh1.block_status, TP_STATUS_KERNEL);
		nic->held--;
	}
}

static bool irq_arm(void *nicq)
{
	return nicq != NULL;
}

static void irq_disarm(void *nicq)
{
	(void)nicq;
}

static void read_losses(void *nicq, u64 *missed, u64 *no_buffer)
{
	(void)missed;
	*no_buffer += packet_nic_drops(nicq);
}

const struct cap_nic_ops packet_nic_ops = {
	.rx_borrow = rx_borrow,
	.rx_return = rx_return,
	.irq_arm = irq_arm,
	.irq_disarm = irq_disarm,
	.read_losses = read_losses,
};
