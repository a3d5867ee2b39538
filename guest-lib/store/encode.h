/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that make pieces of a file out of RAW records; they come out in order. */
#ifndef STORE_ENCODE_H
#define STORE_ENCODE_H

#include "frames_out.h"
#include "out.h"

/**
 * struct encode_options - what to make
 * @enc: format; read by all threads
 * @packing: of each piece
 * @level: of packing
 * @workers: threads
 * @sum: sum up each piece for the index
 */
struct encode_options {
	const struct hpcap_enc *enc;
	enum hpcap_packing packing;
	int level;
	unsigned int workers;
	bool sum;
};

struct encode;

/* Return: 0 or a negative errno. */
int encode_create(struct encode **e, const struct encode_options *opt);

/* What was not taken is freed. */
void encode_destroy(struct encode *e);

/* Is there a place for one more piece? Is any not taken yet? */
bool encode_is_ready(const struct encode *e);
bool encode_is_busy(const struct encode *e);

/* Hand over a piece of RAW records; its data must stay until it is taken. */
void encode_put(struct encode *e, struct piece *p);

/*
 * The next piece, of bytes of its own; NULL when it is not ready. @err is set when
 * it could not be made: it is as it was put.
 */
struct piece *encode_take(struct encode *e, int *err);

/* Readable when a piece is ready. */
int encode_fd(const struct encode *e);

/* What the index wants to know of RAW records; NULL without memory. */
struct hpcap_index_sum *encode_sum(const void *records, uint64_t bytes);

/*
 * Begin and end of a file, packed like the pieces, for struct out_frame: bytes, or
 * a negative errno; @stream is set to the bytes before packing. @arg is this struct.
 */
struct encode_frame {
	const struct hpcap_enc *enc;
	struct hpcap_pack *pack; /* of the thread that calls; NULL: plain */
};

int encode_head(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream);
int encode_tail(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream,
		const struct journal_line *line);

#endif /* STORE_ENCODE_H */
