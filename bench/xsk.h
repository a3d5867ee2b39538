/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An AF_XDP socket that receives, and the BPF program that gives it frames. */
#ifndef BENCH_XSK_H
#define BENCH_XSK_H

#include <linux/bpf.h>
#include <linux/if_xdp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	XSK_SLOT = 2048,
};

/**
 * struct xsk_ring - one of the socket's rings
 * @producer: index of who fills it
 * @consumer: index of who empties it
 * @slots: descriptors or addresses
 */
struct xsk_ring {
	uint32_t *producer;
	uint32_t *consumer;
	void *slots;
};

/**
 * struct xsk - queue 0 of an interface, in copy mode, as long as the process lives
 * @fd: the socket
 * @slots: of XSK_SLOT bytes, a power of two
 * @area: memory of the frames
 * @rx: frames that came
 * @fill: slots that the kernel may use; all of them at the start
 * @way: "driver" or "stack": where the program runs
 */
struct xsk {
	int fd;
	uint32_t slots;
	uint8_t *area;
	struct xsk_ring rx;
	struct xsk_ring fill;
	const char *way;
};

const char *xsk_open(struct xsk *x, const char *ifname, uint32_t slots);
bool xsk_map_ring(int fd, struct xsk_ring *r, const struct xdp_ring_offset *at, uint64_t where,
		  size_t size);
uint64_t xsk_drops(const struct xsk *x);
int xsk_bpf(int cmd, union bpf_attr *attr);
int xsk_program(const struct bpf_insn *code, uint32_t n);
const char *xsk_attach(int prog, int ifindex);

#endif /* BENCH_XSK_H */
