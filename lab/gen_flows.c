// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations between machines: TCP, UDP, DNS, echo, fragments; IPv4 and IPv6.
#include "gen.h"

#include <string.h>

#define TYPE_IP4       0x0800
#define TYPE_IP6       0x86dd
#define NEXT_FRAGMENT  44
#define MORE_FRAGMENTS 0x2000
#define NR_HOSTS       200

struct flow_kind {
	void (*step)(struct gen *g, struct flow *f);
	unsigned int weight;		   // how often such a flow is begun
	unsigned int steps_min, steps_max; // frames, or trains, in its life
	uint64_t gap_ns;		   // mean time between two of them
};

static void ip_head(struct packet *p, struct flow *f, bool from_a, unsigned int protocol)
{
	const struct host *src = from_a ? &f->a : &f->b, *dst = from_a ? &f->b : &f->a;

	packet_between(p, src, dst, f->v6 ? TYPE_IP6 : TYPE_IP4);
	if (f->v6) {
		packet_ip6_head(p, protocol, 64);
		put_ip6(p, src);
		put_ip6(p, dst);
	} else {
		packet_ip4_head(p, protocol, 64, f->id++, 0x4000);
		put_ip4(p, src);
		put_ip4(p, dst);
	}
}

static void tcp_send(struct gen *g, struct flow *f, bool from_a, unsigned int flags,
		     size_t data)
{
	uint32_t *seq = from_a ? &f->seq_a : &f->seq_b;
	struct packet p;

	ip_head(&p, f, from_a, PROTO_TCP);
	packet_transport(&p, PROTO_TCP);
	put16(&p, from_a ? f->sport : f->dport);
	put16(&p, from_a ? f->dport : f->sport);
	put32(&p, *seq);
	put32(&p, flags & TCP_ACK ? (from_a ? f->seq_b : f->seq_a) : 0);
	put16(&p, 0x5000 | flags);
	put32(&p, 0xffff0000); // window; checksum
	put16(&p, 0);	       // urgent
	put_random(&p, g, data);
	gen_emit(g, &p);
	*seq += (uint32_t)data + !!(flags & (TCP_SYN | TCP_FIN));
}

// simple IMIX: 7 small, 4 middle, 1 full
static size_t mixed_payload(struct gen *g, const struct flow *f, unsigned int head)
{
	size_t most = GEN_MTU - (f->v6 ? 40 : 20) - head;
	uint64_t dice = gen_random(g, 12);

	if (dice < 7)
		return gen_random(g, 6) * 8;
	if (dice < 11)
		return 200 + gen_random(g, 600);
	return gen_random(g, 2) ? most : most - gen_random(g, 300);
}

static void step_tcp(struct gen *g, struct flow *f)
{
	unsigned int left = f->steps - f->step;

	if (f->step == 0)
		tcp_send(g, f, true, TCP_SYN, 0);
	else if (f->step == 1)
		tcp_send(g, f, false, TCP_SYN | TCP_ACK, 0);
	else if (f->step == 2 || left == 1)
		tcp_send(g, f, true, TCP_ACK, 0);
	else if (left == 3)
		tcp_send(g, f, true, TCP_FIN | TCP_ACK, 0);
	else if (left == 2)
		tcp_send(g, f, false, TCP_FIN | TCP_ACK, 0);
	else if (f->step % 3 == 0)
		tcp_send(g, f, true, TCP_ACK, 0);
	else
		tcp_send(g, f, f->step % 7 == 1, TCP_PSH | TCP_ACK, mixed_payload(g, f, 20));
}

static void step_udp(struct gen *g, struct flow *f)
{
	struct packet p;
	bool from_a = gen_random(g, 4) != 0;

	ip_head(&p, f, from_a, PROTO_UDP);
	packet_udp(&p, from_a ? f->sport : f->dport, from_a ? f->dport : f->sport);
	put_random(&p, g, mixed_payload(g, f, 8));
	gen_emit(g, &p);
}

static void step_dns(struct gen *g, struct flow *f)
{
	static const char name[] = "\4host\3lab\7example";
	bool ask = f->step % 2 == 0;
	struct packet p;

	ip_head(&p, f, ask, PROTO_UDP);
	packet_udp(&p, ask ? f->sport : 53, ask ? 53 : f->sport);
	put16(&p, f->seq_a + f->step / 2); // query number
	put16(&p, ask ? 0x0100 : 0x8180);
	put16(&p, 1);
	put16(&p, ask ? 0 : 1);
	put32(&p, 0);
	put_bytes(&p, name, sizeof(name)); // with the root's empty label
	put32(&p, 0x00010001);		   // A, IN
	if (!ask) {
		put16(&p, 0xc00c); // the name above
		put32(&p, 0x00010001);
		put32(&p, 300);
		put16(&p, 4);
		put_ip4(&p, &f->b);
	}
	gen_emit(g, &p);
}

static void step_echo(struct gen *g, struct flow *f)
{
	bool ask = f->step % 2 == 0;
	struct packet p;

	ip_head(&p, f, ask, f->v6 ? PROTO_ICMP6 : PROTO_ICMP);
	packet_transport(&p, f->v6 ? PROTO_ICMP6 : PROTO_ICMP);
	put16(&p, f->v6 ? (ask ? 0x8000 : 0x8100) : (ask ? 0x0800 : 0));
	put16(&p, 0);
	put16(&p, f->sport);
	put16(&p, f->step / 2);
	for (unsigned int i = 0; i < 56; i++)
		put8(&p, i);
	gen_emit(g, &p);
}

// A datagram of 2 to 4 KiB, cut as a router would: the checksum spans all pieces.
static void step_fragments(struct gen *g, struct flow *f)
{
	uint8_t whole[4096 + 8] = {0};
	uint32_t len = 2048 + (uint32_t)gen_random(g, 2048) + 8, piece = 1448;
	struct packet data = {.len = 0}, pseudo = {.ip = 0};
	uint32_t id = (uint32_t)gen_random(g, 0xffff) + 1, sum;

	put16(&data, f->sport);
	put16(&data, f->dport);
	put16(&data, len);
	put16(&data, 0);
	memcpy(whole, data.b, 8);
	for (uint32_t i = 8; i < len; i++)
		whole[i] = (uint8_t)gen_random(g, 256);
	f->v6 ? put_ip6(&pseudo, &f->a) : put_ip4(&pseudo, &f->a);
	f->v6 ? put_ip6(&pseudo, &f->b) : put_ip4(&pseudo, &f->b);
	sum = (uint16_t)~packet_sum(pseudo.b, pseudo.len, PROTO_UDP + len);
	sum = packet_sum(whole, len, sum);
	whole[6] = (uint8_t)((sum ? sum : 0xffff) >> 8);
	whole[7] = (uint8_t)(sum ? sum : 0xffff);
	for (uint32_t at = 0; at < len; at += piece) {
		bool more = at + piece < len;
		struct packet p;

		packet_between(&p, &f->a, &f->b, f->v6 ? TYPE_IP6 : TYPE_IP4);
		if (f->v6) {
			packet_ip6_head(&p, NEXT_FRAGMENT, 64);
			put_ip6(&p, &f->a);
			put_ip6(&p, &f->b);
			put16(&p, PROTO_UDP << 8);
			put16(&p, at | more);
			put32(&p, id);
		} else {
			packet_ip4_head(&p, PROTO_UDP, 64, id,
					at / 8 | (more ? MORE_FRAGMENTS : 0));
			put_ip4(&p, &f->a);
			put_ip4(&p, &f->b);
		}
		put_bytes(&p, whole + at, more ? piece : len - at);
		gen_emit(g, &p);
		g->now_ns += 12336; // a full frame at 1 Gb/s
	}
}

static const struct flow_kind kinds[] = {
	{step_tcp, 55, 12, 300, 12000000},   // bulk and chatty connections
	{step_udp, 20, 20, 200, 20000000},   // streams
	{step_dns, 12, 2, 6, 4000000},	     // questions and answers
	{step_echo, 8, 4, 20, 160000000},    // ping
	{step_fragments, 5, 2, 8, 80000000}, // datagrams longer than the MTU
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/**
 * flow_start() - A new conversation in this slot
 * @g: the capture, its time is the start
 * @f: filled in
 */
void flow_start(struct gen *g, struct flow *f)
{
	static const int vlans[] = {10, 20, 300};
	uint64_t dice = gen_random(g, 100);
	size_t k = 0;

	while (k + 1 < NR_KINDS && dice >= kinds[k].weight)
		dice -= kinds[k++].weight;
	*f = (struct flow){
		.kind = &kinds[k],
		.a = {.nr = (unsigned int)gen_random(g, NR_HOSTS), .vlan = -1},
		.b = {.nr = NR_HOSTS + (unsigned int)gen_random(g, 20), .vlan = -1},
		.v6 = gen_random(g, 3) == 0,
		.sport = 49152 + (unsigned int)gen_random(g, 16000),
		.dport = 9, // discard: nobody takes random bytes for a protocol
		.seq_a = (uint32_t)gen_random(g, 1ull << 32),
		.seq_b = (uint32_t)gen_random(g, 1ull << 32),
		.id = (uint16_t)gen_random(g, 1 << 16),
		.due_ns = g->now_ns + gen_random(g, 20000000),
	};
	f->steps = kinds[k].steps_min +
		   (unsigned int)gen_random(g, kinds[k].steps_max - kinds[k].steps_min);
	if (gen_random(g, 5) == 0)
		f->a.vlan = f->b.vlan = vlans[gen_random(g, 3)];
}

/**
 * flow_step() - The frame of this conversation that is due
 * @g: the capture
 * @f: goes on to its next frame, or becomes another conversation
 */
void flow_step(struct gen *g, struct flow *f)
{
	uint64_t gap;

	f->kind->step(g, f);
	// bursts: most gaps are short, some long; the mean stays
	gap = gen_random(g, 4) ? f->kind->gap_ns / 4 : f->kind->gap_ns * 13 / 4;
	f->due_ns = g->now_ns + gap / 2 + gen_random(g, gap);
	if (++f->step >= f->steps)
		flow_start(g, f);
}
