/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames that carry their number and the time they were sent, and what became of them. */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/uio.h>

enum {
	TRAFFIC_TYPE = 0x88b5, /* IEEE 802: local experimental use */
	TRAFFIC_MIN = 60,
	TRAFFIC_MAX = 9014,
	TRAFFIC_WINDOW = 1 << 16,
};

/**
 * struct traffic_mark - what a frame says of itself
 * @run: of the sender; frames of others are not counted
 * @seq: from 0
 * @ns: when it was sent, CLOCK_REALTIME
 */
struct traffic_mark {
	uint32_t run;
	uint64_t seq;
	uint64_t ns;
};

/**
 * struct traffic_track - which numbers have come
 * @next: above all that have come
 * @frames: that have come, copies too
 * @missing: below @next, not come
 * @reordered: came behind a later one
 * @duplicates: came again
 * @ancient: so far behind that it cannot be told which of both
 * @seen: of the last TRAFFIC_WINDOW numbers, a bit each
 */
struct traffic_track {
	uint64_t next;
	uint64_t frames;
	uint64_t missing;
	uint64_t reordered;
	uint64_t duplicates;
	uint64_t ancient;
	uint64_t seen[TRAFFIC_WINDOW / 64];
};

/**
 * struct traffic_opts - what was asked
 * @ifname: interface
 * @frames: SIZE, imix, or a pcap file
 * @pps: frames a second, 0 as fast as it goes; negative: the file's own gaps
 * @count: frames at most, 0 no limit
 * @seconds: at most
 * @dst: of generated frames
 * @sure: how often it was said that the interface may have an address
 * @xdp: send by AF_XDP instead of AF_PACKET
 * @sent: receive: frames that the sender says it sent, 0 not known
 */
struct traffic_opts {
	const char *ifname;
	const char *frames;
	double pps;
	uint64_t count;
	double seconds;
	uint8_t dst[6];
	int sure;
	bool xdp;
	uint64_t sent;
};

/**
 * struct traffic_file - a pcap file being replayed
 * @f: file
 * @swapped: its byte order is not ours
 * @unit_ns: of its fractions of a second
 */
struct traffic_file {
	FILE *f;
	bool swapped;
	uint32_t unit_ns;
};

void traffic_put(uint8_t *frame, size_t len, const uint8_t *dst, const struct traffic_mark *m);
bool traffic_get(const uint8_t *frame, size_t len, struct traffic_mark *m);
void traffic_arrived(struct traffic_track *t, uint64_t seq);
uint64_t traffic_lost(const struct traffic_track *t, uint64_t sent);

bool traffic_file_open(struct traffic_file *p, const char *path);
int traffic_file_next(struct traffic_file *p, uint8_t *frame, size_t *len, uint64_t *ns);
bool traffic_file_rewind(struct traffic_file *p);

struct traffic_xdp;
struct traffic_xdp *traffic_xdp_open(const char *ifname);
int traffic_xdp_send(struct traffic_xdp *x, const struct iovec *iov, int n);
uint32_t traffic_xdp_close(struct traffic_xdp *x);

const char *traffic_refusal(const char *ifname);
int traffic_socket(const char *ifname, bool receive);
uint64_t traffic_now(void);
bool traffic_stopped(void);
int traffic_send(const struct traffic_opts *o);
int traffic_receive(const struct traffic_opts *o);

#endif /* BENCH_TRAFFIC_H */
