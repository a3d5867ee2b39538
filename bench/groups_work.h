/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Per-frame work: a BPF program run x times, as WireCAP's pkt_handler does. */
#ifndef GROUPS_WORK_H
#define GROUPS_WORK_H

#include <stdint.h>

struct hpcap_chunk;

/* The 60 bytes (64 with FCS) that every frame of the experiment has. */
#define WORK_FRAME_LEN 60
#define WORK_REC_LEN   (12 + WORK_FRAME_LEN)

void work_frame(uint8_t *frame);
uint64_t work_chunk(struct hpcap_chunk *chunk, unsigned int x, uint64_t *matched);

#endif /* GROUPS_WORK_H */
