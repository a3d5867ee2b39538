/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one listener wants of a ring that it shares: its filter, its caplen. */
#ifndef HPCAP_VIEW_H
#define HPCAP_VIEW_H

#include <linux/filter.h>
#include "priv.h"

/**
 * struct hpcap_view - of one handle
 * @insns: filter program, NULL for none
 * @nr: its instructions
 * @caplen: bytes of a frame, 0 for all
 * @skipped: frames of the ring that were not for this listener
 * @span: memory of hpcap_next_span(), whose records are packed here
 * @span_pos: position that its last span was given
 */
struct hpcap_view {
	struct sock_filter *insns;
	uint32_t nr;
	uint32_t caplen;
	uint64_t skipped;
	uint8_t *span;
	uint64_t span_pos;
};

/* Bytes of a stored frame that are for this listener, 0 for none. */
uint32_t hpcap_view_keep(const struct hpcap_view *v, const uint8_t *data,
			 const struct rec_header *hdr);

/* hpcap_next_span() through a view. */
int hpcap_view_span(struct hpcap_handle *h, uint64_t max_bytes, uint64_t max_frames,
		    struct hpcap_span *span);

void hpcap_view_destroy(struct hpcap_handle *h);

#endif /* HPCAP_VIEW_H */
