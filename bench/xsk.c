// SPDX-License-Identifier: GPL-2.0-or-later
/* Queue 0 of an interface by AF_XDP, in copy mode, without a library. */
#include "xsk.h"

#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	QUEUES_MAX = 64,
};

/**
 * xsk_bpf() - The system call
 * @cmd: BPF_*
 * @attr: of it
 *
 * Return: a descriptor or 0; -1 with errno.
 */
int xsk_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

/**
 * xsk_program() - Load an XDP program
 * @code: instructions
 * @n: how many
 *
 * Return: a descriptor; -1 with errno.
 */
int xsk_program(const struct bpf_insn *code, uint32_t n)
{
	union bpf_attr a = {.prog_type = BPF_PROG_TYPE_XDP,
			    .insn_cnt = n,
			    .insns = (uintptr_t)code,
			    .license = (uintptr_t)"GPL"};

	return xsk_bpf(BPF_PROG_LOAD, &a);
}

/**
 * xsk_attach() - Have an interface's frames go through a program
 * @prog: from xsk_program()
 * @ifindex: interface
 *
 * The link ends with its descriptor, that is, with the process.
 *
 * Return: "driver" where that can run it, else "stack"; NULL with errno.
 */
const char *xsk_attach(int prog, int ifindex)
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

		if (xsk_bpf(BPF_LINK_CREATE, &a) >= 0)
			return ways[i].name;
	}
	return NULL;
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

	return xsk_program(code, sizeof(code) / sizeof(*code));
}

/**
 * xsk_map_ring() - Map one ring of an AF_XDP socket
 * @fd: the socket, its ring made
 * @r: filled in
 * @at: where its parts are, from XDP_MMAP_OFFSETS
 * @where: XDP_PGOFF_* or XDP_UMEM_PGOFF_*
 * @size: bytes of all its slots
 *
 * Return: false with errno of mmap(2).
 */
bool xsk_map_ring(int fd, struct xsk_ring *r, const struct xdp_ring_offset *at, uint64_t where,
		  size_t size)
{
	uint8_t *p = mmap(NULL, at->desc + size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, fd, (off_t)where);

	if (p == MAP_FAILED)
		return false;
	r->producer = (uint32_t *)(p + at->producer);
	r->consumer = (uint32_t *)(p + at->consumer);
	r->slots = p + at->desc;
	return true;
}

/* A socket whose fill ring has all slots but those of frames being read. */
static bool make_socket(struct xsk *x)
{
	struct xdp_umem_reg reg = {.len = (uint64_t)x->slots * XSK_SLOT,
				   .chunk_size = XSK_SLOT};
	const int n = (int)x->slots;
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);

	x->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	x->area = mmap(NULL, reg.len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (x->fd < 0 || x->area == MAP_FAILED)
		return false;
	reg.addr = (uintptr_t)x->area;
	if (setsockopt(x->fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg)) ||
	    setsockopt(x->fd, SOL_XDP, XDP_UMEM_FILL_RING, &n, sizeof(n)) ||
	    setsockopt(x->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &n, sizeof(n)) ||
	    setsockopt(x->fd, SOL_XDP, XDP_RX_RING, &n, sizeof(n)) ||
	    getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len) ||
	    !xsk_map_ring(x->fd, &x->rx, &at.rx, XDP_PGOFF_RX_RING,
			  x->slots * sizeof(struct xdp_desc)) ||
	    !xsk_map_ring(x->fd, &x->fill, &at.fr, XDP_UMEM_PGOFF_FILL_RING,
			  x->slots * sizeof(uint64_t)))
		return false;
	for (uint32_t i = 0; i < x->slots; i++)
		((uint64_t *)x->fill.slots)[i] = (uint64_t)i * XSK_SLOT;
	__atomic_store_n(x->fill.producer, x->slots, __ATOMIC_RELEASE);
	return true;
}

/**
 * xsk_open() - From here on the frames of queue 0 come to a socket
 * @x: to set up
 * @ifname: interface
 * @slots: frames that may wait, a power of two
 *
 * Return: NULL, or with errno what it was that failed.
 */
const char *xsk_open(struct xsk *x, const char *ifname, uint32_t slots)
{
	struct sockaddr_xdp to = {.sxdp_family = AF_XDP,
				  .sxdp_flags = XDP_COPY,
				  .sxdp_ifindex = if_nametoindex(ifname)};
	union bpf_attr a = {.map_type = BPF_MAP_TYPE_XSKMAP,
			    .key_size = 4,
			    .value_size = 4,
			    .max_entries = QUEUES_MAX};
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	uint32_t queue = 0;
	int map, prog;

	*x = (struct xsk){.fd = -1, .slots = slots};
	setrlimit(RLIMIT_MEMLOCK, &all);
	map = xsk_bpf(BPF_MAP_CREATE, &a);
	prog = map < 0 ? -1 : make_program(map);
	if (prog < 0)
		return "program";
	x->way = xsk_attach(prog, (int)to.sxdp_ifindex);
	if (!x->way)
		return "attach";
	if (!make_socket(x))
		return "socket (is there CONFIG_XDP_SOCKETS?)";
	if (bind(x->fd, (struct sockaddr *)&to, sizeof(to)))
		return "bind";
	a = (union bpf_attr){
		.map_fd = (uint32_t)map, .key = (uintptr_t)&queue, .value = (uintptr_t)&x->fd};
	return xsk_bpf(BPF_MAP_UPDATE_ELEM, &a) ? "map entry" : NULL;
}

/**
 * xsk_drops() - Frames for which there was no place
 * @x: open
 *
 * Return: since it was opened.
 */
uint64_t xsk_drops(const struct xsk *x)
{
	struct xdp_statistics st = {0};
	socklen_t len = sizeof(st);

	getsockopt(x->fd, SOL_XDP, XDP_STATISTICS, &st, &len);
	return st.rx_dropped + st.rx_ring_full;
}
