/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traces with duplicates, and which of their frames really are copies. */
#ifndef DUP_TRUTH_H
#define DUP_TRUTH_H

#include "core_env.h"
#include "capture.h"
#include <uapi/hpcap.h>

/**
 * struct dup_trace - frames in order of time, and the truth
 * @name: of it
 * @ignore: HPCAP_DUP_IGNORE_* it is to be read with
 * @nr: frames
 * @frame: those
 * @flow: hash of each frame's flow, as a NIC would give it
 * @copy: the exact reference says that this one is a copy
 * @nr_copies: how many
 */
struct dup_trace {
	const char *name;
	u32 ignore;
	u32 nr;
	struct capture_frame *frame;
	u32 *flow;
	bool *copy;
	u32 nr_copies;
};

void dup_trace_make(struct dup_trace *t, const char *name, u32 nr, double pps, double ratio,
		    double delay_ms);
const char *dup_trace_read(struct dup_trace *t, const char *name, const char *path, u32 ignore);

#endif /* DUP_TRUTH_H */
