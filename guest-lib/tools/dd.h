/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of hpcapdd share: what was asked for, and one run of it. */
#ifndef DD_H
#define DD_H

#include <hpcap.h>
#include <store/store.h>
#include "cli.h"
#include "feed.h"
#include "listen.h"

/**
 * struct dd_options - the command line
 * @store: how to write
 * @from: what to listen to
 * @join: how to listen
 * @feed: what to do with frames on the way
 * @pipe: from the standard input, not from a queue
 * @count: frames to take, 0 for no limit
 * @duration_ns: time to run, 0 for no limit
 * @stats_ns: between two lines of statistics, 0 for none
 * @cpu: to run on, -1 for any
 * @node: NUMA node to run on and have memory of, -1 for any
 * @quiet: no words but errors
 * @json: a summary as JSON
 * @null: count only
 * @to_stdout: write there instead of files
 */
struct dd_options {
	struct store_options store;
	struct listen from;
	struct hpcap_options join;
	struct feed_options feed;
	uint64_t count;
	int64_t duration_ns;
	int64_t stats_ns;
	int cpu;
	int node;
	bool pipe;
	bool quiet;
	bool json;
	bool null;
	bool to_stdout;
};

/* Parse and check all of the command line: -1 go on, else the exit status. */
int dd_parse(struct dd_options *o, int argc, char **argv);

/* Of that, what is not an option: the same. */
int dd_places(struct dd_options *o, int n, char **arg);

/* Is the standard input to be stored in a directory, "hpcapdd [options] - dir"? */
bool dd_is_pipe(int argc, char **argv);

/* --decap, --ring. */
bool dd_parse_decap(struct dd_options *o, const char *arg);
bool dd_parse_ring(struct dd_options *o, const char *arg);

/* Of these and the standard input, what contradicts the rest: -1 go on, else the exit status. */
int dd_check_source(const struct dd_options *o);

/* Go where @cpu and @node say. Return: -1 go on, else the exit status. */
int dd_pin(const struct dd_options *o);

/**
 * struct dd - one run
 * @opt: what was asked for
 * @h: the listener, or the reader of @feed's ring
 * @from: the listener behind @feed
 * @feed: between the two; NULL when there is nothing to do on the way
 * @finishing: no more than what is there is taken
 * @store: the writing engine
 * @begin_ns: when it joined
 * @next_stats_ns: when the next line of statistics is due
 * @shown_frames: in the last one
 * @reason: why it ended, NULL while it runs
 */
struct dd {
	struct dd_options opt;
	struct hpcap_handle h;
	struct hpcap_handle from;
	struct feed *feed;
	bool finishing;
	struct store *store;
	int64_t begin_ns;
	int64_t next_stats_ns;
	uint64_t shown_frames;
	const char *reason;
};

/* dd_source.c: begin to take. Return: -1, or the exit status after it said why. */
int dd_source_open(struct dd *d);
void dd_source_close(struct dd *d);

/* Take what is there and no more: read on until there is no device. False: it is all in @h. */
bool dd_source_finish(struct dd *d);

/* What the standard input has to say in the end. Return: all is well. */
bool dd_source_is_whole(const struct dd *d);

/* "/dev/hpcap_0_0", the group's text, "the standard input". */
const char *dd_source_name(const struct dd *d);

/* "decap": {...}, "input": {...}, or null each; and a line of the same. */
void dd_source_json(const struct dd *d, FILE *f);
void dd_source_tell(const struct dd *d);

/* All of a run with to_stdout (dd_stdout.c). Return: the exit status. */
int dd_stdout(struct dd *d);

/* A line of statistics, when it is due. */
void dd_show_stats(struct dd *d);

/* The last line, and JSON if wanted. */
void dd_show_summary(struct dd *d, int err);

#endif /* DD_H */
