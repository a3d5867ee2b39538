/* SPDX-License-Identifier: GPL-2.0-or-later */
/* framegen: a capture made by rule, the same bytes for the same seed. */
#ifndef LAB_GEN_H
#define LAB_GEN_H

#include "wire_file.h"

#include <stddef.h>

#define GEN_MTU 1500

// The capture being made.
struct gen {
	struct wire_writer out;
	uint64_t random; // state
	uint64_t now_ns; // time of the next frame
	uint64_t made, want;
};

uint64_t gen_random(struct gen *g, uint64_t below);

/* gen_packet.c: a frame from the outside in; lengths and checksums by gen_emit() */
struct packet {
	uint8_t b[2048];
	uint32_t len;
	uint32_t ip;	    // where the IP header starts, 0 none
	uint32_t transport; // where TCP, UDP or ICMP starts, 0 none
	uint8_t protocol;   // of the transport
	bool v6;
	bool fragment; // the transport checksum covers more than this frame
};

// One of the machines that talk: its addresses follow from its number.
struct host {
	unsigned int nr;
	int vlan; // -1 untagged
};

enum {
	PROTO_ICMP = 1,
	PROTO_IGMP = 2,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMP6 = 58
};
enum {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_PSH = 8,
	TCP_ACK = 16
};

void put8(struct packet *p, unsigned int v);
void put16(struct packet *p, unsigned int v);
void put32(struct packet *p, uint32_t v);
void put_bytes(struct packet *p, const void *data, size_t len);
void put_random(struct packet *p, struct gen *g, size_t len);
void put_mac(struct packet *p, const struct host *h);
void put_ip4(struct packet *p, const struct host *h);
void put_ip6(struct packet *p, const struct host *h);

void packet_start(struct packet *p, const uint8_t *dst, const struct host *src,
		  unsigned int type);
void packet_between(struct packet *p, const struct host *src, const struct host *dst,
		    unsigned int type);
void packet_ip4_head(struct packet *p, unsigned int protocol, unsigned int ttl, unsigned int id,
		     unsigned int fragment);
void packet_ip6_head(struct packet *p, unsigned int next, unsigned int hops);
void packet_transport(struct packet *p, unsigned int protocol);
void packet_udp(struct packet *p, unsigned int sport, unsigned int dport);
uint16_t packet_sum(const uint8_t *b, size_t len, uint32_t start);
void gen_emit(struct gen *g, struct packet *p);

/* gen_flows.c: conversations; each step makes one frame or a train of fragments */
struct flow {
	const struct flow_kind *kind;
	struct host a, b;
	bool v6;
	unsigned int step, steps;
	unsigned int sport, dport;
	uint32_t seq_a, seq_b;
	uint16_t id;
	uint64_t due_ns;
};

void flow_start(struct gen *g, struct flow *f);
void flow_step(struct gen *g, struct flow *f);

/* gen_talk.c: what a network says without being asked */
struct talk {
	uint64_t due_ns[8];
	unsigned int said;
};

void talk_start(struct gen *g, struct talk *t);
uint64_t talk_next(const struct talk *t);
void talk_step(struct gen *g, struct talk *t);

#endif /* LAB_GEN_H */
