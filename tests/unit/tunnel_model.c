// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets with tunnels made by hand. */
#include <stdbool.h>
#include <string.h>
#include "tunnel_model.h"

uint8_t pkt_bytes[4096];
uint32_t pkt_size;

void pkt_start(void)
{
	pkt_size = 0;
}

void pkt_put(const void *p, uint32_t n)
{
	memcpy(pkt_bytes + pkt_size, p, n);
	pkt_size += n;
}

void pkt_put16(unsigned int v)
{
	const uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	pkt_put(b, 2);
}

void pkt_zeros(uint32_t n)
{
	memset(pkt_bytes + pkt_size, 0, n);
	pkt_size += n;
}

void pkt_eth(uint8_t mac, unsigned int type)
{
	memset(pkt_bytes + pkt_size, mac, 12);
	pkt_size += 12;
	pkt_put16(type);
}

/* Lengths are set by pkt_finish(), from the inside out. */
static uint32_t ip_at[16], udp_at[16], nr_ip, nr_udp;

void pkt_ip4(uint8_t proto)
{
	const uint8_t h[20] = {0x45, 0, 0,  0, 0, 0, 0,	 0, 64, proto,
			       0,    0, 10, 0, 0, 1, 10, 0, 0,	2};

	ip_at[nr_ip++] = pkt_size;
	pkt_put(h, sizeof(h));
}

void pkt_ip6(uint8_t proto)
{
	const uint8_t h[40] = {0x60, 0, 0, 0, 0, 0, proto, 64};

	ip_at[nr_ip++] = pkt_size;
	pkt_put(h, sizeof(h));
}

void pkt_udp(unsigned int port)
{
	udp_at[nr_udp++] = pkt_size;
	pkt_put16(12345);
	pkt_put16(port);
	pkt_zeros(4);
}

void pkt_finish(void)
{
	while (nr_udp) {
		uint32_t at = udp_at[--nr_udp];

		pkt_bytes[at + 4] = (uint8_t)((pkt_size - at) >> 8);
		pkt_bytes[at + 5] = (uint8_t)(pkt_size - at);
	}
	while (nr_ip) {
		uint32_t at = ip_at[--nr_ip];
		bool v6 = pkt_bytes[at] >> 4 == 6;
		uint32_t len = pkt_size - at - (v6 ? 40 : 0);

		pkt_bytes[at + (v6 ? 4 : 2)] = (uint8_t)(len >> 8);
		pkt_bytes[at + (v6 ? 5 : 3)] = (uint8_t)len;
	}
}

/* What every tunnel here carries in the end: Ethernet, IPv4, 26 bytes. */
void pkt_payload(void)
{
	pkt_eth(0xee, 0x0800);
	pkt_ip4(17);
	pkt_udp(9);
	pkt_put("what is inside of all this", 26);
}

void pkt_gre(unsigned int flags, unsigned int type)
{
	pkt_put16(flags);
	pkt_put16(type);
	pkt_zeros(4 * (!!(flags & 0x8000) + !!(flags & 0x2000) + !!(flags & 0x1000)));
}
