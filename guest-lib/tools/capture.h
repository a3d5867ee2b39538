/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hpcapdd and hpcapdd_p share: options, the wait, the summary. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <hpcap_file.h>
#include "cli.h"
#include "listen.h"

/**
 * struct capture - one run of a capture program
 * @program: its name
 * @dir: where to; NULL for nowhere
 * @to_stdout: pcap to the standard output (hpcapdd_p)
 * @json: a summary as JSON
 * @from: what to listen to
 * @hopt: how to join
 * @wopt: how to write files
 * @count: frames to take, 0 for no limit
 * @duration_ns: time to run, 0 for no limit
 * @stats_ns: between two lines of statistics, 0 for none
 * @h: the listener
 * @w: the files
 * @begin_ns: when it joined
 * @next_stats_ns: when the next line of statistics is due
 * @frames: taken and stored
 * @shown_frames: of these, at the last line of statistics
 * @torn: frames a lossy listener took and had to throw away
 * @reason: why it ended, NULL while it runs
 */
struct capture {
	const char *program;
	const char *dir;
	bool to_stdout;
	bool json;
	struct listen from;
	struct hpcap_options hopt;
	struct hpcap_writer_options wopt;
	uint64_t count;
	int64_t duration_ns;
	int64_t stats_ns;

	struct hpcap_handle h;
	struct hpcap_writer *w;
	int64_t begin_ns;
	int64_t next_stats_ns;
	uint64_t frames;
	uint64_t shown_frames;
	uint64_t torn;
	const char *reason;
};

/* Parse the command line: -1 go on, else the exit status. */
int capture_parse(struct capture *c, int argc, char **argv, const char *usage);

/* Open queue and writer, say so: 0 or the exit status. */
int capture_begin(struct capture *c);

/*
 * Wait for @bytes or a while, bounded by the limits of the run. @last is set
 * when what is there now is all that is wanted. Return: 0, or a negative errno.
 */
int capture_wait(struct capture *c, uint64_t bytes, bool *last);

/* True when --count frames were taken. */
bool capture_is_full(struct capture *c);

/* Finish the files, print the summary. Return: the exit status. */
int capture_end(struct capture *c, int err);

#endif /* CAPTURE_H */
