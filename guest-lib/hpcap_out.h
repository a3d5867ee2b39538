/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Forwarding: a captured frame is sent out again through the interface of
 * another queue (or the same), unchanged or edited. What is not edited goes
 * from the ring to the NIC without a copy, and the engine keeps it in the ring
 * until it was sent. Needs CAP_NET_RAW and a strict listener.
 *
 *	hpcap_out_open(&o, 1, 0);
 *	while (hpcap_next(&h, &rec) > 0)
 *		hpcap_out_send(o, &h, &rec, NULL, 0);
 *	hpcap_out_flush(o);
 *	hpcap_ack(&h);
 */
#ifndef HPCAP_OUT_H
#define HPCAP_OUT_H

#include "hpcap.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HPCAP_OUT_EDIT_MAX 128 /* bytes at the front of a frame */

/**
 * struct hpcap_out_report - what became of the frames
 * @sent: taken by the engine for sending
 * @bytes: of those
 * @dropped: not taken: the interface was down, or had no room in time
 * @calls: system calls
 */
struct hpcap_out_report {
	uint64_t sent;
	uint64_t bytes;
	uint64_t dropped;
	uint64_t calls;
};

struct hpcap_out;

/**
 * hpcap_out_open() - Open an interface to send through
 * @o: out; hpcap_out_close() frees it
 * @adapter: first number of a queue's device name
 * @queue: second number; any queue of the interface will do
 *
 * Threads: belongs to one thread at a time.
 *
 * Return: 0, -ENOMEM, or as hpcap_open_with().
 */
int hpcap_out_open(struct hpcap_out **o, int adapter, int queue);

/* Copy every frame at once, so that sending never holds the ring. */
void hpcap_out_copy(struct hpcap_out *o, bool copy);

/**
 * hpcap_out_send() - Send a frame that was taken and is not given back
 * @o: where to
 * @h: its listener, strict
 * @rec: from hpcap_next() or hpcap_group_next()
 * @edit: bytes that take the place of the frame's first ones, or NULL
 * @edit_len: how many, 0..HPCAP_OUT_EDIT_MAX, at most @rec->caplen; copied now
 *
 * Frames are handed over in batches: call hpcap_out_flush() before the frame
 * is given back. A full batch is handed over by this call; when the interface
 * has no room, it waits up to a tenth of a second, then drops.
 *
 * Return: 0, also when frames of the batch were dropped; -EINVAL @edit_len, or
 * a frame shorter than 14 bytes; -EMSGSIZE it was cut by a caplen; else the
 * batch was thrown away: -EPERM no CAP_NET_RAW, or a lossy listener;
 * -EOPNOTSUPP the driver cannot send; -ENODEV one of the two is gone.
 */
int hpcap_out_send(struct hpcap_out *o, struct hpcap_handle *h, const struct hpcap_record *rec,
		   const void *edit, uint32_t edit_len);

/**
 * hpcap_out_flush() - Hand over what is in the batch
 * @o: where to
 *
 * Return: as hpcap_out_send().
 */
int hpcap_out_flush(struct hpcap_out *o);

/* So far. */
void hpcap_out_get_report(const struct hpcap_out *o, struct hpcap_out_report *rep);

/* The handle of the output, for hpcap_get_*(): not mapped, not listening. */
const struct hpcap_handle *hpcap_out_handle(const struct hpcap_out *o);

/* What is in the batch is thrown away. NULL is allowed. */
void hpcap_out_close(struct hpcap_out *o);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_OUT_H */
