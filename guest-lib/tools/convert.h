/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What raw2pcap and pcap2raw share: nearly all. */
#ifndef CONVERT_H
#define CONVERT_H

#include <decap.h>
#include "source.h"

/**
 * struct convert_program - one of the two
 * @name: of the program
 * @usage: what --help says
 * @fallback: format of an output whose name does not tell
 * @series: an output that is a directory gets files as hpcapdd writes them
 */
struct convert_program {
	const char *name;
	const char *usage;
	enum hpcap_format fallback;
	bool series;
};

/**
 * struct convert - one run
 * @program: which
 * @out: options of the output
 * @series: where hpcapdd-like files go, when @is_series
 * @is_series: the output is a directory
 * @decap: which tunnels to remove; nothing when @decap.which is 0
 * @room: for frames without their tunnels
 * @skip: leave out what the output cannot hold
 * @quiet: errors only
 * @json: a summary as JSON
 * @sink: the output
 * @writer: the output, when @is_series
 * @progress: how far it is
 * @size: of all inputs, 0 when one is a pipe
 * @done: bytes of inputs that were read to their end
 * @frames: written
 * @damaged: inputs with damage
 * @left_out: frames that the output cannot hold
 */
struct convert {
	const struct convert_program *program;
	struct sink_options out;
	struct hpcap_writer_options series;
	bool is_series;
	struct hpcap_decap decap;
	uint8_t *room;
	bool skip;
	bool quiet;
	bool json;
	struct sink sink;
	struct hpcap_writer *writer;
	struct progress progress;
	uint64_t size;
	uint64_t done;
	uint64_t frames;
	int damaged;
	uint64_t left_out;
};

/* convert.c: the work; the exit status. */
int convert_run(struct convert *v, char **in, int n);

/* convert_options.c: the last words; the program. */
void convert_tell(const struct convert *v, int n, int status);
int convert_main(const struct convert_program *program, int argc, char **argv);

#endif /* CONVERT_H */
