// SPDX-License-Identifier: GPL-2.0-or-later
// What a network says without being asked: ARP, spanning tree, LLDP, IGMP, mDNS, neighbours.
#include "gen.h"

#include <string.h>

#define TYPE_IP4  0x0800
#define TYPE_ARP  0x0806
#define TYPE_IP6  0x86dd
#define TYPE_LLDP 0x88cc
#define NR_TALKS  7

static const struct host bridge = {.nr = 250, .vlan = -1};

static struct host anyone(struct gen *g)
{
	return (struct host){.nr = (unsigned int)gen_random(g, 220), .vlan = -1};
}

static void arp(struct gen *g, unsigned int said)
{
	static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, none[6];
	struct host asks = anyone(g), asked = anyone(g);
	struct packet p;

	(void)said;
	packet_start(&p, all, &asks, TYPE_ARP);
	put32(&p, 0x00010800);
	put32(&p, 0x06040001);
	put_mac(&p, &asks);
	put_ip4(&p, &asks);
	put_bytes(&p, none, 6);
	put_ip4(&p, &asked);
	gen_emit(g, &p);
	g->now_ns += 150000;
	packet_between(&p, &asked, &asks, TYPE_ARP);
	put32(&p, 0x00010800);
	put32(&p, 0x06040002);
	put_mac(&p, &asked);
	put_ip4(&p, &asked);
	put_mac(&p, &asks);
	put_ip4(&p, &asks);
	gen_emit(g, &p);
}

static void spanning_tree(struct gen *g, unsigned int said)
{
	static const uint8_t bridges[6] = {0x01, 0x80, 0xc2, 0, 0, 0};
	struct packet p;

	(void)said;
	packet_start(&p, bridges, &bridge, 38); // an 802.3 length, not a type
	put16(&p, 0x4242);
	put8(&p, 3);
	put32(&p, 0);	   // protocol, version, configuration
	put8(&p, 0);	   // flags
	put16(&p, 0x8000); // root
	put_mac(&p, &bridge);
	put32(&p, 0);
	put16(&p, 0x8000); // bridge
	put_mac(&p, &bridge);
	put16(&p, 0x8001);
	put16(&p, 0);	    // age
	put16(&p, 20 << 8); // longest age, seconds / 256
	put16(&p, 2 << 8);  // hello
	put16(&p, 15 << 8); // forward delay
	gen_emit(g, &p);
}

static void lldp(struct gen *g, unsigned int said)
{
	static const uint8_t nearest[6] = {0x01, 0x80, 0xc2, 0, 0, 0x0e};
	static const char name[] = "lab-switch";
	struct packet p;

	(void)said;
	packet_start(&p, nearest, &bridge, TYPE_LLDP);
	put16(&p, 1 << 9 | 7); // chassis: address
	put8(&p, 4);
	put_mac(&p, &bridge);
	put16(&p, 2 << 9 | 3); // port: local name
	put8(&p, 7);
	put_bytes(&p, "p1", 2);
	put16(&p, 3 << 9 | 2); // time to live
	put16(&p, 120);
	put16(&p, 5 << 9 | (sizeof(name) - 1)); // system name
	put_bytes(&p, name, sizeof(name) - 1);
	put16(&p, 0);
	gen_emit(g, &p);
}

// group 239.1.0.n
static void group_ip4(struct packet *p, unsigned int n)
{
	put32(p, 0xef010000u | n);
}

static void group_start(struct packet *p, const struct host *src, uint32_t group)
{
	uint8_t mac[6] = {
		0x01,	       0, 0x5e, (uint8_t)(group >> 16 & 0x7f), (uint8_t)(group >> 8),
		(uint8_t)group};

	packet_start(p, mac, src, TYPE_IP4);
}

static void igmp(struct gen *g, unsigned int said)
{
	struct host joins = anyone(g);
	unsigned int n = said % 8 + 1;
	struct packet p;

	group_start(&p, &joins, 0xef010000u | n);
	put16(&p, 0x46c0); // six words: router alert follows
	put16(&p, 0);
	put16(&p, said);
	put16(&p, 0x4000);
	put8(&p, 1);
	put8(&p, PROTO_IGMP);
	put16(&p, 0);
	put_ip4(&p, &joins);
	group_ip4(&p, n);
	put32(&p, 0x94040000);
	packet_transport(&p, PROTO_IGMP);
	put16(&p, 0x1600); // version 2 report
	put16(&p, 0);
	group_ip4(&p, n);
	gen_emit(g, &p);
}

// a stream to a group, as television would be
static void multicast(struct gen *g, unsigned int said)
{
	struct host src = {.nr = 230, .vlan = -1};
	unsigned int n = said % 8 + 1;
	struct packet p;

	group_start(&p, &src, 0xef010000u | n);
	packet_ip4_head(&p, PROTO_UDP, 16, said, 0x4000);
	put_ip4(&p, &src);
	group_ip4(&p, n);
	packet_udp(&p, 50000, 9);
	put_random(&p, g, 1316);
	gen_emit(g, &p);
}

static void mdns(struct gen *g, unsigned int said)
{
	static const char name[] = "\5_http\4_tcp\5local";
	struct host asks = {.nr = said % 220, .vlan = -1};
	struct packet p;

	group_start(&p, &asks, 0xe00000fbu);
	packet_ip4_head(&p, PROTO_UDP, 255, said, 0x4000);
	put_ip4(&p, &asks);
	put32(&p, 0xe00000fbu);
	packet_udp(&p, 5353, 5353);
	put32(&p, 0);
	put16(&p, 1);
	put16(&p, 0);
	put32(&p, 0);
	put_bytes(&p, name, sizeof(name));
	put32(&p, 0x000c0001); // PTR, IN
	gen_emit(g, &p);
}

static void neighbours(struct gen *g, unsigned int said)
{
	struct host asks = anyone(g), asked = anyone(g);
	uint8_t mac[6] = {0x33, 0x33, 0xff, 0, 0, (uint8_t)(asked.nr + 1)};
	struct packet p;

	(void)said;
	packet_start(&p, mac, &asks, TYPE_IP6);
	packet_ip6_head(&p, PROTO_ICMP6, 255);
	put_ip6(&p, &asks);
	put32(&p, 0xff020000); // solicited-node group of the one asked for
	put32(&p, 0);
	put32(&p, 1);
	put32(&p, 0xff000000u | (asked.nr + 1));
	packet_transport(&p, PROTO_ICMP6);
	put32(&p, 135u << 24);
	put32(&p, 0);
	put_ip6(&p, &asked);
	put16(&p, 0x0101); // option: the asking machine's address
	put_mac(&p, &asks);
	gen_emit(g, &p);
}

static const struct {
	void (*say)(struct gen *g, unsigned int said);
	uint64_t period_ns;
} talks[NR_TALKS] = {
	{arp, 200000000},	 {spanning_tree, 2000000000}, {lldp, 5000000000},
	{igmp, 500000000},	 {multicast, 40000000},	      {mdns, 700000000},
	{neighbours, 300000000},
};

void talk_start(struct gen *g, struct talk *t)
{
	t->said = 0;
	for (int i = 0; i < NR_TALKS; i++)
		t->due_ns[i] = g->now_ns + gen_random(g, talks[i].period_ns);
}

static int talk_first(const struct talk *t)
{
	int first = 0;

	for (int i = 1; i < NR_TALKS; i++)
		if (t->due_ns[i] < t->due_ns[first])
			first = i;
	return first;
}

uint64_t talk_next(const struct talk *t)
{
	return t->due_ns[talk_first(t)];
}

/**
 * talk_step() - Say what is due
 * @g: the capture
 * @t: goes on
 */
void talk_step(struct gen *g, struct talk *t)
{
	int i = talk_first(t);

	talks[i].say(g, t->said++);
	t->due_ns[i] += talks[i].period_ns * 3 / 4 + gen_random(g, talks[i].period_ns / 2);
}
