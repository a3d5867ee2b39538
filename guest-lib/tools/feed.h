/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames that do not come as they are out of a queue: from the standard input, or with
 * their tunnels taken off. A thread takes them and puts them into a ring in memory,
 * which is read as a queue is.
 */
#ifndef FEED_H
#define FEED_H

#include <decap.h>
#include <hpcap.h>

/**
 * struct feed_options - what to do on the way
 * @decap: tunnels to take off, HPCAP_TUNNEL_* as bits
 * @ring: bytes of the ring, HPCAP_RING_MIN at least
 * @lossy: of the standard input: rather lose frames than let the sender wait
 */
struct feed_options {
	uint32_t decap;
	uint64_t ring;
	bool lossy;
};

/**
 * struct feed_report - what came, whole after the ring's end
 * @received: frames
 * @received_bytes: of them
 * @refused: that RAW cannot hold: not Ethernet, without a time, or too long
 * @waited_ns: the source had to wait because the ring was full
 * @used: bytes in the ring, as of a moment ago
 * @decap: of tunnels
 * @cut: the standard input ended within a record
 * @err: why it ended early, 0 for no such reason
 */
struct feed_report {
	uint64_t received;
	uint64_t received_bytes;
	uint64_t refused;
	int64_t waited_ns;
	uint64_t used;
	struct hpcap_decap decap;
	bool cut;
	int err;
};

struct feed;

/*
 * From the standard input when @from is NULL, else from that queue, which is left
 * alone until feed_stop(). @h is made: its reader; hpcap_close() is for after
 * feed_stop(). Return: 0 or a negative errno; nothing is left behind then.
 */
int feed_start(struct feed **f, struct hpcap_handle *h, struct hpcap_handle *from,
	       const struct feed_options *opt);

/*
 * Take what is there now and no more, or what comes until the sender ends by itself
 * in that time; then the ring ends. feed_press() sees to that: call it until then.
 */
void feed_finish(struct feed *f, int64_t grace_ns);
void feed_press(struct feed *f);

/* The thread ends now; what is in the ring stays there. */
void feed_end(struct feed *f);

/* After feed_end(). */
const struct feed_report *feed_report(const struct feed *f);

/* What is wrong with the standard input, in words; "" for nothing. After feed_end(). */
const char *feed_error(const struct feed *f);

void feed_stop(struct feed *f);

#endif /* FEED_H */
