/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets with tunnels made by hand, layer by layer from the outside. */
#ifndef TUNNEL_MODEL_H
#define TUNNEL_MODEL_H

#include <stdint.h>

extern uint8_t pkt_bytes[4096];
extern uint32_t pkt_size;

void pkt_start(void);
void pkt_put(const void *p, uint32_t n);
void pkt_put16(unsigned int v);
void pkt_zeros(uint32_t n);

/* Layers. Lengths are set by pkt_finish(), from the inside out. */
void pkt_eth(uint8_t mac, unsigned int type);
void pkt_ip4(uint8_t proto);
void pkt_ip6(uint8_t proto);
void pkt_udp(unsigned int port);
void pkt_gre(unsigned int flags, unsigned int type);

/* What every tunnel carries in the end: Ethernet, IPv4, UDP, 26 bytes. */
void pkt_payload(void);
void pkt_finish(void);

#endif /* TUNNEL_MODEL_H */
