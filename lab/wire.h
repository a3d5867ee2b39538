/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wire end: unix datagram sockets, one datagram = one frame. */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include "wire_file.h"

#include <stddef.h>

enum wire_pace {
	WIRE_PACE_PPS,	    // frames a second
	WIRE_PACE_MBPS,	    // megabits of frame a second
	WIRE_PACE_ORIGINAL, // the file's own gaps, divided by a factor
	WIRE_PACE_TOP,	    // as fast as the peer takes them
};

struct wire_opts {
	const char *local;   // our socket; frames from the NIC arrive here
	const char *peer;    // the NIC's socket
	const char *pcap;    // what to send: a capture,
	const char *pattern; // or generated frames; neither: only record
	const char *record;  // pcap of what came back
	const char *sent;    // pcap of what was sent, with send times
	enum wire_pace pace;
	double rate;	// frames or megabits a second, or the factor
	uint64_t count; // frames to send, 0 no limit
	uint64_t loops; // times to send the capture
	double seconds; // end after this long, 0 no limit
	double linger;	// keep recording after the last frame
	double wait;	// for the peer to appear
	double stall;	// for the peer to take a frame
	uint32_t mtu;	// 0: do not check
	uint64_t seed;
	int vlan;	// tag of generated frames, -1 none
	uint8_t dst[6]; // of generated frames
	uint32_t turns; // so many addresses in turn: dst, its last byte counted up
	uint8_t src[6];
	bool json;
	bool quiet;
};

struct wire_stats {
	uint64_t sent, sent_bytes;
	uint64_t received, received_bytes;
	uint64_t padded;	   // shorter than 60 bytes, zeros added
	uint64_t snapped;	   // the capture holds less than was on the wire
	uint64_t stalls;	   // times the peer's queue was full
	uint64_t late_ns;	   // time the sender fell behind and did not make up
	uint64_t start_ns, end_ns; // monotonic
	bool complete;
};

/* wire_sock.c */
struct wire_sock {
	int fd;
	const char *local, *peer;
	bool bound;
	char error[512];
};

enum wire_sent {
	WIRE_SENT,
	WIRE_FULL,
	WIRE_NOBODY,
	WIRE_BROKEN
};

int wire_sock_open(struct wire_sock *s, const char *local, const char *peer);
int wire_sock_connect(struct wire_sock *s);
enum wire_sent wire_sock_send(struct wire_sock *s, const void *data, uint32_t len);
int wire_sock_recv(struct wire_sock *s, void *buf, size_t size);
void wire_sock_close(struct wire_sock *s);

/* wire_source.c */
struct wire_source {
	const struct wire_opts *o;
	struct wire_reader reader;
	uint64_t loops_left;
	uint64_t last_ns; // newest time stamp of the capture so far
	uint64_t gap_ns;  // since the frame before; never negative
	uint64_t made;	  // generated so far
	uint32_t size_min, size_max;
	bool imix;
	uint8_t buf[WIRE_FRAME_MAX + 1];
	char error[PCAP_ERRBUF_SIZE + 256];
};

int wire_source_open(struct wire_source *s, const struct wire_opts *o);
int wire_source_next(struct wire_source *s, struct wire_stats *st, uint32_t *len);
void wire_source_close(struct wire_source *s);

/* wire_run.c */
int wire_run(const struct wire_opts *o, struct wire_stats *st);

/* wire_check.c */
int wire_check(const char *path, uint32_t mtu);
int wire_describe(const char *path);

#endif /* LAB_WIRE_H */
