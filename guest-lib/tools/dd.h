/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of hpcapdd share: what was asked for, and one run of it. */
#ifndef DD_H
#define DD_H

#include <hpcap.h>
#include <store/store.h>
#include "cli.h"
#include "listen.h"

/**
 * struct dd_options - the command line
 * @store: how to write
 * @from: what to listen to
 * @join: how to listen
 * @count: frames to take, 0 for no limit
 * @duration_ns: time to run, 0 for no limit
 * @stats_ns: between two lines of statistics, 0 for none
 * @cpu: to run on, -1 for any
 * @node: NUMA node to run on and have memory of, -1 for any
 * @json: a summary as JSON
 * @null: count only
 */
struct dd_options {
	struct store_options store;
	struct listen from;
	struct hpcap_options join;
	uint64_t count;
	int64_t duration_ns;
	int64_t stats_ns;
	int cpu;
	int node;
	bool json;
	bool null;
};

/* Parse and check all of the command line: -1 go on, else the exit status. */
int dd_parse(struct dd_options *o, int argc, char **argv);

/* Of that, what is not an option: the same. */
int dd_places(struct dd_options *o, int n, char **arg);

/* Go where @cpu and @node say. Return: -1 go on, else the exit status. */
int dd_pin(const struct dd_options *o);

/**
 * struct dd - one run
 * @opt: what was asked for
 * @h: the listener
 * @store: the writing engine
 * @begin_ns: when it joined
 * @next_stats_ns: when the next line of statistics is due
 * @shown_frames: in the last one
 * @reason: why it ended, NULL while it runs
 */
struct dd {
	struct dd_options opt;
	struct hpcap_handle h;
	struct store *store;
	int64_t begin_ns;
	int64_t next_stats_ns;
	uint64_t shown_frames;
	const char *reason;
};

/* A line of statistics, when it is due. */
void dd_show_stats(struct dd *d);

/* The last line, and JSON if wanted. */
void dd_show_summary(struct dd *d, int err);

#endif /* DD_H */
