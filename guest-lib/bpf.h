/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classic BPF over a stored frame: what a listener's own filter says of it. */
#ifndef HPCAP_BPF_H
#define HPCAP_BPF_H

#include <stdint.h>
#include <linux/filter.h>

/**
 * bpf_wants() - Run a program that the kernel's checker has accepted
 * @insns: program
 * @nr: instructions
 * @data: the stored part of the frame
 * @have: bytes there
 * @len: bytes that the frame had on the wire
 *
 * Return: bytes wanted, 0 for none. All when the answer lies in bytes that were
 * not stored: better a frame too many than one too few.
 */
uint32_t bpf_wants(const struct sock_filter *insns, uint32_t nr, const uint8_t *data,
		   uint32_t have, uint32_t len);

#endif /* HPCAP_BPF_H */
