/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of hpcap-forward share. */
#ifndef FORWARD_H
#define FORWARD_H

#include <pcap/pcap.h>
#include <hpcap_group.h>
#include <hpcap_out.h>
#include "cli.h"

enum {
	MAC_LEN = 6,
	MACS_LEN = 2 * MAC_LEN
};

/**
 * struct forward_side - one of the two interfaces
 * @spec: "A:Q", as given
 * @adapter: its numbers
 * @queue: its numbers
 * @in: taken here
 * @in_bytes: of those
 * @filtered: of those, not matched
 * @unsendable: of those, too short, or cut by a caplen
 * @out: sends what the other side took
 */
struct forward_side {
	const char *spec;
	int adapter;
	int queue;
	uint64_t in;
	uint64_t in_bytes;
	uint64_t filtered;
	uint64_t unsendable;
	struct hpcap_out *out;
};

/**
 * struct forward - one run
 * @side: from 0 to 1, and back unless @one_way
 * @one_way: frames that come in at side 1 are not taken
 * @copy: never hold the ring
 * @json: a summary as JSON
 * @expression: filter, NULL for none
 * @program: that, compiled
 * @set_src: addresses to write into each frame sent
 * @set_dst: addresses to write into each frame sent
 * @src: the new source
 * @dst: the new destination
 * @name: shown in listings of listeners
 * @count: frames to take, 0 for no limit
 * @duration_ns: time to run, 0 for no limit
 * @group: takes from both sides
 * @begin_ns: when it began
 * @reason: why it ended, NULL while it runs
 */
struct forward {
	struct forward_side side[2];
	bool one_way;
	bool copy;
	bool json;
	const char *expression;
	struct bpf_program program;
	bool set_src;
	bool set_dst;
	uint8_t src[MAC_LEN];
	uint8_t dst[MAC_LEN];
	const char *name;
	uint64_t count;
	int64_t duration_ns;
	struct hpcap_group *group;
	int64_t begin_ns;
	const char *reason;
};

/* Parse the command line: -1 go on, else the exit status. */
int forward_parse(struct forward *f, int argc, char **argv);

/* The summary, on stderr and perhaps as JSON. */
void forward_report(const struct forward *f, int err);

#endif /* FORWARD_H */
