/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An input of a converter: opened, told of, its interfaces in an output's numbers. */
#ifndef SOURCE_H
#define SOURCE_H

#include <frames_in.h>
#include "sink.h"

/**
 * struct source - one input
 * @path: "-" is the standard input
 * @in: its frames
 * @map: interface of the input to that of the output; NULL before the first
 * @nr_map: how many
 * @frames: taken
 */
struct source {
	const char *path;
	struct hpcap_in *in;
	uint16_t *map;
	uint32_t nr_map;
	uint64_t frames;
};

/* Return: 0 or a negative errno, said already. */
int source_open(struct source *s, const char *path, const struct hpcap_in_options *opt);
void source_close(struct source *s);

/* As hpcap_in_next(); the frame's interface is the output's then, if there is one. */
int source_next(struct source *s, struct sink *out, struct hpcap_frame *f);

/*
 * What there is to say once hpcap_in_next() gave 0 or failed; only damage when
 * quiet. Return: the input is damaged or could not be read.
 */
bool source_tell(struct source *s, bool quiet);

/* "hpcap0:1" for a file named ..._hpcap0_1..., else the name without directory. */
void source_iface_name(const char *path, char *out, size_t size);

/* Writing over an input would destroy it before it is read; stdin is read once. */
int source_check_places(char **in, int n, const char *out);

/**
 * struct progress - how far it is, on a terminal
 * @on: there is one, and nobody wants quiet
 * @shown: a line stands there
 * @next_ns: when to tell again
 * @begin_ns: of the work
 */
struct progress {
	bool on;
	bool shown;
	int64_t next_ns;
	int64_t begin_ns;
};

void progress_init(struct progress *p, bool quiet);

/* Cheap enough to be called for each frame. size: of all inputs, 0 if not known. */
void progress_show(struct progress *p, uint64_t frames, uint64_t bytes, uint64_t size);

/* Before anything else is said. */
void progress_end(struct progress *p);

#endif /* SOURCE_H */
