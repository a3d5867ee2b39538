/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to know of a capture without keeping it: for checkraw and rawinfo. */
#ifndef TALLY_H
#define TALLY_H

#include <frames_in.h>
#include "cli.h"

/**
 * struct tally_options - what to look for
 * @gap_ns: times without a frame longer than this are counted; 0 for none
 * @say: each such gap is told on the standard output
 * @program: for the progress on a terminal; NULL for none
 */
struct tally_options {
	int64_t gap_ns;
	bool say;
	bool progress;
};

/**
 * struct tally - what is known of one file
 * @raw: the RAW reader's report, when @has_raw
 * @has_raw: it is a RAW file
 * @rep: the source's report
 * @format: of the file
 * @packing: of the file
 * @detail: of the format
 * @error: what is wrong, "" for nothing
 * @iface: copy of its interfaces, allocated
 * @nr_ifaces: how many
 * @first: the first frame with a time
 * @last: the last one
 * @timed: frames with a time
 * @min_ns: smallest time
 * @max_ns: largest
 * @back_max_ns: how much older than the one before a frame is at most
 * @gap_max_ns: longest time without a frame
 * @back: times that a frame is older than the one before
 * @same: frames of the same time as the one before
 * @gaps: times without a frame longer than tally_options.gap_ns
 * @cut: frames with caplen less than len
 * @drops: frames lost, as the file's own records say
 * @caplen_min: bytes
 * @caplen_max: bytes
 * @len_min: bytes
 * @len_max: bytes
 * @err: why it could not be read, 0 if it could
 */
struct tally {
	struct hpcap_raw_report raw;
	bool has_raw;
	struct hpcap_in_report rep;
	enum hpcap_format format;
	enum hpcap_packing packing;
	const char *detail;
	char error[240];
	struct hpcap_iface *iface;
	uint32_t nr_ifaces;
	struct hpcap_record first;
	struct hpcap_record last;
	uint64_t timed;
	int64_t min_ns;
	int64_t max_ns;
	int64_t back_max_ns;
	int64_t gap_max_ns;
	uint64_t back;
	uint64_t same;
	uint64_t gaps;
	uint64_t cut;
	uint64_t drops;
	uint32_t caplen_min, caplen_max;
	uint32_t len_min, len_max;
	int err;
};

/* Read a file to its end. */
void tally_read(struct tally *t, const char *path, const struct tally_options *opt);
void tally_free(struct tally *t);

/* No damage was met (what RAW tolerates is none). */
bool tally_is_whole(const struct tally *t);

/* The file says that frames were lost. */
bool tally_has_loss(const struct tally *t);

/* From the oldest frame to the newest, seconds. */
double tally_span_s(const struct tally *t);

#endif /* TALLY_H */
