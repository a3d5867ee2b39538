/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who talks to whom in a frame, and a small filter that remembers it.
 *
 * The Bloom filter of a block of frames answers "is this host, or this flow,
 * in the block?" with "no" (certain) or "perhaps". Of m bits, k bits are set
 * for each key; with n keys a "perhaps" is wrong with probability
 * (1 - exp(-k n / m))^k. 8 KiB and k = 7: 0.06 % at 4,000 keys, 1 % at 6,800.
 */
#ifndef HPCAP_FLOW_H
#define HPCAP_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct hpcap_flow - addresses, protocol and ports of a frame
 * @family: 4 or 6
 * @proto: IP protocol; 0 for ARP
 * @has_ports: @port is known: TCP, UDP, SCTP, DCCP, and not a later fragment
 * @port: of each side, host byte order, zero when not known
 * @addr: of sender and receiver, network byte order; IPv4 in the first four
 *        bytes, zeros behind
 */
struct hpcap_flow {
	uint8_t family;
	uint8_t proto;
	bool has_ports;
	uint16_t port[2];
	uint8_t addr[2][16];
};

/* An Ethernet frame's flow, behind VLAN tags, PPPoE and MPLS; false: none. */
bool hpcap_flow_parse(struct hpcap_flow *f, const uint8_t *data, size_t caplen);

/* Keys of a host and of a flow; that of a flow is the same both ways. */
uint64_t hpcap_flow_host_key(uint8_t family, const uint8_t addr[16]);
uint64_t hpcap_flow_key(const struct hpcap_flow *f);

#define HPCAP_BLOOM_HASHES 7u

/* @size bytes at @bits, a power of two of at least 8. */
void hpcap_bloom_add(uint8_t *bits, size_t size, uint64_t key);
bool hpcap_bloom_has(const uint8_t *bits, size_t size, uint64_t key);

/* How many bits are set. */
uint32_t hpcap_bloom_fill(const uint8_t *bits, size_t size);

#endif /* HPCAP_FLOW_H */
