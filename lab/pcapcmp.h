/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapcmp: is what was captured what was sent? */
#ifndef LAB_PCAPCMP_H
#define LAB_PCAPCMP_H

#include "wire_file.h"

#include <stddef.h>

#define CMP_HEAD 128 // bytes kept of each frame behind the first difference
#define CMP_NONE SIZE_MAX

enum cmp_fate {
	CMP_MISSING,
	CMP_IN_ORDER,
	CMP_REORDERED,
	CMP_CORRUPTED
};

// A frame behind the first difference.
struct cmp_entry {
	uint64_t hash; // of all its bytes and lengths
	uint32_t caplen, len;
	size_t head;  // where its first bytes lie in cmp_side.heads
	size_t match; // index on the other side, CMP_NONE
	enum cmp_fate fate;
};

// One of the two files.
struct cmp_side {
	struct wire_reader reader;
	bool as_sent;	       // see it as a NIC sends it: what is captured, padded to 60
	struct wire_frame now; // padded in place when as_sent
	uint8_t pad[WIRE_FRAME_MIN];
	uint64_t frames, time_back;
	uint64_t first_ns, last_ns;
	struct cmp_entry *entry; // frames from number base on
	size_t nr, room;
	uint64_t base;
	uint8_t *heads;
	size_t heads_len, heads_room;
};

struct cmp_result {
	uint64_t same, lost, extra, reordered, corrupted;
};

int cmp_side_next(struct cmp_side *s);
int cmp_side_keep(struct cmp_side *s);
int cmp_side_load(struct cmp_side *s);
void cmp_side_close(struct cmp_side *s);

int cmp_align(struct cmp_side *a, struct cmp_side *b, struct cmp_result *res);

#endif /* LAB_PCAPCMP_H */
