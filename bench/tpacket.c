// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A peer that bench/run and bench/pf measure beside: reads an interface by AF_PACKET with a
 * TPACKET_V3 ring, walks every frame, throws it away.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reader.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

enum {
	BLOCK = 1 << 20,
	BLOCKS = 64,
	RETIRE_MS = 20,
};

/* A ring of 64 MiB, as large as the engine's own by default. */
static void *open_ring(int fd)
{
	struct tpacket_req3 req = {
		.tp_block_size = BLOCK,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = 2048,
		.tp_frame_nr = BLOCK / 2048 * BLOCKS,
		.tp_retire_blk_tov = RETIRE_MS,
	};
	int version = TPACKET_V3;
	void *ring;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)))
		reader_die("tpacket: TPACKET_V3");
	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)))
		reader_die("tpacket: ring");
	ring = mmap(NULL, (size_t)BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		reader_die("tpacket: mmap");
	return ring;
}

/* Last: from here on frames come, and the ring is there for them. */
static void bind_socket(int fd, const char *name)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_ALL),
				 .sll_ifindex = (int)if_nametoindex(name)};

	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		reader_die("tpacket: bind");
}

/* The kernel's count of drops begins anew each time it is asked. */
static void say(int fd, struct reader_counts *c)
{
	struct tpacket_stats_v3 st = {0};
	socklen_t len = sizeof(st);

	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len);
	c->dropped += st.tp_drops;
	reader_say(c);
}

static void walk(struct tpacket_block_desc *block, struct reader_counts *c)
{
	uint8_t *at = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;

	for (uint32_t i = 0; i < block->hdr.bh1.num_pkts; i++) {
		const struct tpacket3_hdr *h = (const void *)at;

		c->frames++;
		c->bytes += h->tp_len;
		at += h->tp_next_offset;
	}
}

static void read_all(int fd, uint8_t *ring, struct reader_counts *c)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLERR};
	unsigned int n = 0;

	for (;;) {
		struct tpacket_block_desc *block = (void *)(ring + (size_t)n * BLOCK);
		uint32_t *status = &block->hdr.bh1.block_status;

		if (__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) {
			walk(block, c);
			__atomic_store_n(status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
			n = (n + 1) % BLOCKS;
			continue;
		}
		if (reader_stopped())
			return;
		if (reader_asked())
			say(fd, c);
		if (poll(&p, 1, 100) < 0 && errno != EINTR)
			reader_die("tpacket: poll");
	}
}

int main(int argc, char **argv)
{
	struct reader_counts c = {0};
	void *ring;
	int fd;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr,
			"usage: tpacket INTERFACE    until SIGINT; SIGUSR1: how far?\n");
		return 2;
	}
	reader_start();
	reader_promiscuous(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		reader_die("tpacket: socket");
	ring = open_ring(fd);
	bind_socket(fd, argv[1]);
	printf("capturing\n");
	fflush(stdout);
	read_all(fd, ring, &c);
	say(fd, &c);
	munmap(ring, (size_t)BLOCK * BLOCKS);
	close(fd);
	return 0;
}
