/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of hpcap-extract share.
 *
 *	files ─► plan: which may hold the window? ─► sources, merged by time
 *	         (end of the index only)              │ seek block by block
 *	                                              ▼
 *	                              window, hosts, filter ─► encoder ─► output
 */
#ifndef EXTRACT_H
#define EXTRACT_H

#include <frames_in.h>
#include <frames_out.h>
#include <index.h>
#include "captures.h"
#include "filter.h"

enum {
	EXTRACT_HOSTS_MAX = 64,
	EXTRACT_LINKS_MAX = 16,
};

/**
 * struct want - what is looked for
 * @from_ns: first time
 * @to_ns: last time
 * @expr: filter expression, NULL for none
 * @filter: compiled, for each link type that was met
 * @link: of them
 * @filters: how many
 * @host: any of these, or
 * @hosts: how many
 * @flow: any of these
 * @flows: how many
 * @key: of all of them, for the filters of indexes
 */
struct want {
	uint64_t from_ns;
	uint64_t to_ns;
	const char *expr;
	struct filter filter[EXTRACT_LINKS_MAX];
	uint32_t link[EXTRACT_LINKS_MAX];
	size_t filters;
	struct hpcap_flow host[EXTRACT_HOSTS_MAX];
	size_t hosts;
	struct hpcap_flow flow[EXTRACT_HOSTS_MAX];
	size_t flows;
	uint64_t key[2 * EXTRACT_HOSTS_MAX];
};

/* 10.0.0.1 or 2001:db8::1; tcp,10.0.0.1,80,10.0.0.2,1234 or udp,[...]. */
bool want_add_host(struct want *w, const char *text);
bool want_add_flow(struct want *w, const char *text);

/* Compile the filter for a link type: its number, or a negative errno (said). */
int want_filter(struct want *w, uint32_t link);
void want_free(struct want *w);

/* Is it in the window, of one of the hosts or flows, does it pass? 1, 0, negative errno. */
int want_frame(struct want *w, const struct hpcap_frame *f);

/* Is everything wanted, so that an index saves nothing? */
bool want_all(const struct want *w);

/*
 * A moment: epoch seconds with a fraction, RFC 3339 (UTC when it has no zone),
 * now, or relative: -10m to now_ns, +1.5s to base_ns.
 */
bool parse_moment(const char *text, uint64_t now_ns, uint64_t base_ns, uint64_t *ns);

/**
 * struct totals - what a run did
 * @files: given
 * @skipped: of them, not opened: their index says that nothing is in there
 * @unindexed: read without an index: none, stale, broken
 * @opened: read at all
 * @ahead: of them, read ahead by a thread just now
 * @read_bytes: of files
 * @size_bytes: of all files
 * @frames: written
 * @bytes: of them, as captured
 * @first_ns: time of the first one
 * @last_ns: of the last one
 * @found_ns: from the start until the first frame was there
 * @failed: files that could not be read to their end
 */
struct totals {
	uint64_t files;
	uint64_t skipped;
	uint64_t unindexed;
	uint64_t opened;
	unsigned int ahead;
	uint64_t read_bytes;
	uint64_t size_bytes;
	uint64_t frames;
	uint64_t bytes;
	uint64_t first_ns;
	uint64_t last_ns;
	int64_t found_ns;
	int failed;
};

/**
 * struct source - one file
 * @path: its name
 * @size: its bytes
 * @map: its index, NULL without, or once it is not needed
 * @in: it, NULL before and after
 * @low_ns: no frame of it is older
 * @entire: it will be read from its start to its end
 * @ahead: a thread reads it
 * @blocks: go by the index: from block @at on
 * @tail: behind the blocks that the index has, or all of it
 * @at: next block
 * @b: the block that is read; or was last; file_end 0 before the first
 * @in_block: @b is being read
 * @pending: @f was read, but lies behind the block before
 * @fresh: the next frame is the first of @b
 * @good_file: up to here the index told the truth
 * @good_data: the same in the unpacked stream
 * @f: frame in hand
 * @iface: its interface in the output, for each of the source's; by extract_out.c
 * @nr_iface: how many of @iface are known
 */
struct source {
	const char *path;
	uint64_t size;
	struct hpcap_index_map *map;
	struct hpcap_in *in;
	uint64_t low_ns;
	bool entire;
	bool ahead;
	bool blocks;
	bool tail;
	uint64_t at;
	struct hpcap_index_block b;
	bool in_block;
	bool pending;
	bool fresh;
	uint64_t good_file;
	uint64_t good_data;
	struct hpcap_frame f;
	uint32_t *iface;
	uint32_t nr_iface;
};

/* Look at the index only. False: nothing of it is wanted. */
bool source_plan(struct source *s, const struct capture_file *file, const struct want *w,
		 struct totals *t);

/* Next frame that is wanted, into @s->f: 1, 0 the end, negative errno (said). */
int source_next(struct source *s, struct want *w, struct totals *t);
void source_close(struct source *s, struct totals *t);

/**
 * struct output - what is written
 * @path: "-" is the standard output
 * @format: of it
 * @usec: pcap of microseconds
 * @fd: -1 before the first frame
 * @enc: for the encoder
 * @ifaces: interfaces
 * @described: how many of them stand in the output
 * @buf: bytes to be written
 * @fill: how many
 */
struct output {
	const char *path;
	enum hpcap_format format;
	bool usec;
	int fd;
	struct hpcap_enc enc;
	struct hpcap_iface *ifaces;
	uint32_t described;
	uint8_t *buf;
	size_t fill;
};

/* 0 or a negative errno, which was said. */
int output_put(struct output *o, struct source *s);
int output_finish(struct output *o);
void output_free(struct output *o);

/* hpcap-extract.c: merge @s into @o, @count frames at most (0: all). */
int extract_merge(struct source *s, size_t n, struct want *w, struct output *o, uint64_t count,
		  struct totals *t);

#endif /* EXTRACT_H */
