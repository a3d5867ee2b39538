/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is inside a tunnel: ERSPAN, GRE, VXLAN, GENEVE, MPLS, IP in IP.
 *
 *	| Ethernet | IP | GRE | ERSPAN | Ethernet | IP | ...
 *	                               ^ this is given
 *	| Ethernet | MPLS | IP | ...	given: | the same Ethernet | IP | ...
 *
 * Layers are taken off until none is left, at most HPCAP_DECAP_DEPTH. A layer
 * that makes no sense stays, with all that is in it, and is counted. Pure: no
 * allocation, no state but the counters; one object for each thread.
 */
#ifndef HPCAP_DECAP_H
#define HPCAP_DECAP_H

#include <hpcap.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hpcap_tunnel {
	HPCAP_TUNNEL_ERSPAN, /* I, II and III, over GRE */
	HPCAP_TUNNEL_GRE,    /* with Ethernet, IP or MPLS inside */
	HPCAP_TUNNEL_VXLAN,  /* UDP ports 4789 and 8472 */
	HPCAP_TUNNEL_GENEVE, /* UDP port 6081 */
	HPCAP_TUNNEL_MPLS,   /* IP, Ethernet pseudowire; also in IP, UDP and GRE */
	HPCAP_TUNNEL_IPIP,   /* IPv4 or IPv6 in either */
	HPCAP_NR_TUNNELS
};

#define HPCAP_DECAP_ALL	  ((1u << HPCAP_NR_TUNNELS) - 1)
#define HPCAP_DECAP_DEPTH 8

/**
 * struct hpcap_decap - which tunnels, and what was met
 * @which: bits 1 << enum hpcap_tunnel
 * @frames: looked at
 * @changed: of these, given without at least one layer
 * @removed: layers taken off, by kind
 * @malformed: layers that contradict themselves; left as they are
 * @cut: layers whose headers the capture did not keep; left as they are
 * @fragments: tunnels in a fragment of IP; left as they are
 * @deep: frames with a layer left because there were too many
 */
struct hpcap_decap {
	uint32_t which;
	uint64_t frames;
	uint64_t changed;
	uint64_t removed[HPCAP_NR_TUNNELS];
	uint64_t malformed;
	uint64_t cut;
	uint64_t fragments;
	uint64_t deep;
};

/**
 * hpcap_decap() - Take the tunnels off a frame
 * @d: which, and counters
 * @rec: Ethernet frame; caplen, len and data are changed when a layer is removed
 * @room: memory for a frame whose layers lay between Ethernet and IP
 * @size: bytes there, at least @rec->caplen
 *
 * @rec->data then points into the frame or to @room.
 *
 * Return: true when the frame was changed.
 */
bool hpcap_decap(struct hpcap_decap *d, struct hpcap_record *rec, void *room, size_t size);

/* "erspan", "gre", "vxlan", "geneve", "mpls", "ipip". */
const char *hpcap_tunnel_name(enum hpcap_tunnel tunnel);

/* "all" or names with commas, as bits for struct hpcap_decap; 0 when wrong. */
uint32_t hpcap_decap_parse(const char *list);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_DECAP_H */
