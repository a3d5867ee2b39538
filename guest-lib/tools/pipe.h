/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hpcapdd between a pipe and a disk: tcpdump -w - | hpcapdd - out.pcap */
#ifndef PIPE_H
#define PIPE_H

#include <decap.h>
#include "pipe_ring.h"
#include "source.h"

/**
 * struct pipe_options - what was asked for
 * @out: where to and how
 * @ring: bytes of the ring
 * @count: frames to take, 0 for no limit
 * @duration_ns: time to run, 0 for no limit
 * @decap: tunnels to take off, HPCAP_TUNNEL_* as bits
 * @lossy: rather lose frames than let the sender wait
 * @json: a summary as JSON
 * @quiet: no display, no summary
 */
struct pipe_options {
	struct sink_options out;
	uint64_t ring;
	uint64_t count;
	int64_t duration_ns;
	uint32_t decap;
	bool lossy;
	bool json;
	bool quiet;
};

/**
 * struct pipe_report - what a run did
 * @received: frames that came through the pipe
 * @received_bytes: of them
 * @written: frames that reached the output
 * @lost: frames for which the ring had no room (only when lossy), or whose
 *        output failed
 * @refused: frames that the output's format cannot hold
 * @waited_ns: the sender had to wait because the ring was full
 * @bytes: written
 * @files: begun
 * @high: most bytes that were in the ring
 * @ring: bytes of it
 * @decap: of tunnels
 * @reason: why it ended: "end", "count", "duration", "signal", "error"
 */
struct pipe_report {
	uint64_t received;
	uint64_t received_bytes;
	uint64_t written;
	uint64_t lost;
	uint64_t refused;
	int64_t waited_ns;
	uint64_t bytes;
	uint64_t files;
	uint64_t high;
	uint64_t ring;
	struct hpcap_decap decap;
	const char *reason;
};

/* Is the standard input to be stored, "hpcapdd [options] - [out]"? */
bool pipe_is_asked(int argc, char **argv);

/* The program in that case. Return: the exit status. */
int pipe_main(int argc, char **argv);

/* pipe.c: from the standard input to the output. Return: 0 or a negative errno, said. */
int pipe_run(const struct pipe_options *opt, struct pipe_report *rep);

#endif /* PIPE_H */
