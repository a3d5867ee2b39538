/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zstd and lz4 frames in a row, unpacked piece by piece. */
#ifndef HPCAP_UNPACK_H
#define HPCAP_UNPACK_H

#include "frames.h"

struct hpcap_unpack;

/* What these first bytes of a file say: HPCAP_PLAIN unless it is packed. */
enum hpcap_packing hpcap_unpack_sniff(const uint8_t *p, size_t have);

int hpcap_unpack_create(struct hpcap_unpack **u, enum hpcap_packing packing);
void hpcap_unpack_destroy(struct hpcap_unpack *u);

/**
 * hpcap_unpack_step() - Unpack some
 * @u: state
 * @in: packed bytes
 * @in_size: how many; set to how many were used
 * @out: where to
 * @out_size: room; set to how many were made
 *
 * Return: NULL, or what is wrong with the bytes.
 */
const char *hpcap_unpack_step(struct hpcap_unpack *u, const void *in, size_t *in_size,
			      void *out, size_t *out_size);

/* True between two packed frames: the file may end here. */
bool hpcap_unpack_is_between(const struct hpcap_unpack *u);

/* Forget a packed frame that was begun. */
void hpcap_unpack_reset(struct hpcap_unpack *u);

#endif /* HPCAP_UNPACK_H */
