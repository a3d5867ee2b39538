// SPDX-License-Identifier: LGPL-2.1-or-later
/* A handle over a ring in this process's memory: no device, nothing to sleep on. */
#include "priv.h"

void hpcap_over_memory(struct hpcap_handle *h, const struct hpcap_ctrl *ctrl,
		       const struct hpcap_mark *marks, struct hpcap_cursor *cursor,
		       uint8_t *ring)
{
	memset(h, 0, sizeof(*h));
	h->fd = -1;
	h->ctrl = ctrl;
	h->marks = marks;
	h->cursor = cursor;
	h->mode = HPCAP_STRICT;
	h->buf = ring;
	h->bufSize = ctrl->ring_size;
	h->size = 2 * ctrl->ring_size;
	h->ack_pos = __atomic_load_n(&cursor->ack, __ATOMIC_RELAXED);
	h->seq = __atomic_load_n(&ctrl->seq, __ATOMIC_RELAXED);
	h->rdoff = h->ack_pos % h->bufSize;
}
