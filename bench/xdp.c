// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A peer that bench/run measures beside: reads queue 0 of an interface by AF_XDP, in
 * copy mode, walks every frame, throws it away. Its BPF program goes when it ends.
 */
#include "reader.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	SLOTS = 4096,
	SLOT = 2048,
	QUEUES_MAX = 64,
};

/**
 * struct ring - one of the socket's rings
 * @producer: index of who fills it
 * @consumer: index of who empties it
 * @slots: descriptors or addresses
 */
struct ring {
	uint32_t *producer;
	uint32_t *consumer;
	void *slots;
};

static int bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int make_map(void)
{
	union bpf_attr a = {.map_type = BPF_MAP_TYPE_XSKMAP,
			    .key_size = 4,
			    .value_size = 4,
			    .max_entries = QUEUES_MAX};
	int fd = bpf(BPF_MAP_CREATE, &a);

	if (fd < 0)
		reader_die("xdp: map");
	return fd;
}

/* Every frame to the socket of its queue; where there is none, on to the stack. */
static int make_program(int map)
{
	const struct bpf_insn code[] = {
		{.code = BPF_LDX | BPF_MEM | BPF_W,
		 .dst_reg = BPF_REG_2,
		 .src_reg = BPF_REG_1,
		 .off = offsetof(struct xdp_md, rx_queue_index)},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = XDP_PASS},
		{.code = BPF_LD | BPF_IMM | BPF_DW,
		 .dst_reg = BPF_REG_1,
		 .src_reg = BPF_PSEUDO_MAP_FD,
		 .imm = map},
		{0},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr a = {.prog_type = BPF_PROG_TYPE_XDP,
			    .insn_cnt = sizeof(code) / sizeof(*code),
			    .insns = (uintptr_t)code,
			    .license = (uintptr_t)"GPL"};
	int fd = bpf(BPF_PROG_LOAD, &a);

	if (fd < 0)
		reader_die("xdp: program");
	return fd;
}

/* In the driver where it can; in the stack else. A link ends with its descriptor. */
static const char *attach(int prog, int ifindex)
{
	static const struct {
		uint32_t flags;
		const char *name;
	} ways[] = {{XDP_FLAGS_DRV_MODE, "driver"}, {XDP_FLAGS_SKB_MODE, "stack"}};

	for (int i = 0; i < 2; i++) {
		union bpf_attr a = {.link_create.prog_fd = (uint32_t)prog,
				    .link_create.target_ifindex = (uint32_t)ifindex,
				    .link_create.attach_type = BPF_XDP,
				    .link_create.flags = ways[i].flags};

		if (bpf(BPF_LINK_CREATE, &a) >= 0)
			return ways[i].name;
	}
	reader_die("xdp: attach");
	return NULL;
}

static void map_ring(int fd, struct ring *r, const struct xdp_ring_offset *at, uint64_t where,
		     size_t slot)
{
	uint8_t *p = mmap(NULL, at->desc + SLOTS * slot, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, fd, (off_t)where);

	if (p == MAP_FAILED)
		reader_die("xdp: ring");
	r->producer = (uint32_t *)(p + at->producer);
	r->consumer = (uint32_t *)(p + at->consumer);
	r->slots = p + at->desc;
}

/* A socket whose fill ring has all slots but those of frames being read. */
static int open_socket(struct ring *rx, struct ring *fill, uint8_t **area)
{
	struct xdp_umem_reg reg = {.len = (uint64_t)SLOTS * SLOT, .chunk_size = SLOT};
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0), n = SLOTS;
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);

	if (fd < 0)
		reader_die("xdp: socket (is there CONFIG_XDP_SOCKETS?)");
	*area = mmap(NULL, reg.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*area == MAP_FAILED)
		reader_die("xdp: memory");
	reg.addr = (uintptr_t)*area;
	if (setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg)) ||
	    setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &n, sizeof(n)) ||
	    setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &n, sizeof(n)) ||
	    setsockopt(fd, SOL_XDP, XDP_RX_RING, &n, sizeof(n)) ||
	    getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len))
		reader_die("xdp: rings");
	map_ring(fd, rx, &at.rx, XDP_PGOFF_RX_RING, sizeof(struct xdp_desc));
	map_ring(fd, fill, &at.fr, XDP_UMEM_PGOFF_FILL_RING, sizeof(uint64_t));
	for (uint32_t i = 0; i < SLOTS; i++)
		((uint64_t *)fill->slots)[i] = (uint64_t)i * SLOT;
	__atomic_store_n(fill->producer, SLOTS, __ATOMIC_RELEASE);
	return fd;
}

static void say(int fd, struct reader_counts *c)
{
	struct xdp_statistics st = {0};
	socklen_t len = sizeof(st);

	getsockopt(fd, SOL_XDP, XDP_STATISTICS, &st, &len);
	c->dropped = st.rx_dropped + st.rx_ring_full;
	reader_say(c);
}

/* What has come; every slot goes back at once. Return: false when nothing had. */
static bool walk(struct ring *rx, struct ring *fill, const uint8_t *area,
		 struct reader_counts *c)
{
	uint32_t at = *rx->consumer, end = __atomic_load_n(rx->producer, __ATOMIC_ACQUIRE);
	uint32_t back = *fill->producer;

	if (at == end)
		return false;
	for (; at != end; at++, back++) {
		const struct xdp_desc *d = (struct xdp_desc *)rx->slots + (at & (SLOTS - 1));

		__asm__ volatile("" : : "r"(area[d->addr]) : "memory");
		c->frames++;
		c->bytes += d->len;
		((uint64_t *)fill->slots)[back & (SLOTS - 1)] = d->addr & ~(uint64_t)(SLOT - 1);
	}
	__atomic_store_n(rx->consumer, at, __ATOMIC_RELEASE);
	__atomic_store_n(fill->producer, back, __ATOMIC_RELEASE);
	return true;
}

static void read_all(int fd, struct ring *rx, struct ring *fill, const uint8_t *area)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct reader_counts c = {0};

	while (!reader_stopped()) {
		if (reader_asked())
			say(fd, &c);
		if (walk(rx, fill, area, &c))
			continue;
		if (poll(&p, 1, 100) < 0 && errno != EINTR)
			reader_die("xdp: poll");
	}
	say(fd, &c);
}

int main(int argc, char **argv)
{
	struct sockaddr_xdp to = {.sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY};
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	union bpf_attr a = {0};
	struct ring rx, fill;
	uint32_t queue = 0;
	uint8_t *area;
	int fd, map;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: xdp INTERFACE    until SIGINT; SIGUSR1: how far?\n");
		return 2;
	}
	setrlimit(RLIMIT_MEMLOCK, &all);
	reader_start();
	reader_promiscuous(argv[1]);
	to.sxdp_ifindex = if_nametoindex(argv[1]);
	map = make_map();
	printf("program in the %s\n", attach(make_program(map), (int)to.sxdp_ifindex));
	fd = open_socket(&rx, &fill, &area);
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		reader_die("xdp: bind");
	a.map_fd = (uint32_t)map;
	a.key = (uintptr_t)&queue;
	a.value = (uintptr_t)&fd;
	if (bpf(BPF_MAP_UPDATE_ELEM, &a))
		reader_die("xdp: map entry");
	printf("capturing\n");
	fflush(stdout);
	read_all(fd, &rx, &fill, area);
	return 0;
}
