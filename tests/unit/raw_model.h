/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RAW bytes made by hand: the tests' own idea of the format, not the library's. */
#ifndef RAW_MODEL_H
#define RAW_MODEL_H

#include <hpcap_file.h>

struct bytes {
	uint8_t *p;
	size_t size;
	size_t room;
};

void bytes_add(struct bytes *b, const void *data, size_t size);
void bytes_zeros(struct bytes *b, size_t size);
void bytes_free(struct bytes *b);

/* Twelve bytes of header, any values. */
void bytes_header(struct bytes *b, uint32_t sec, uint32_t nsec, uint16_t caplen, uint16_t len);

/* Frame number n: its time, its length and each byte follow from n. */
void bytes_frame(struct bytes *b, uint32_t n, uint16_t caplen, uint16_t len);
bool is_frame(const struct hpcap_record *rec, uint32_t n);

#define MODEL_SEC 1700000000u

/* A padding record: header and filler. */
void bytes_pad(struct bytes *b, uint16_t filler);

/* A path under which these bytes can be read; close the descriptor at the end. */
struct memory_file {
	int fd;
	char path[32];
};

struct memory_file memory_file(const struct bytes *b);

uint32_t model_random(uint32_t *seed);

#endif /* RAW_MODEL_H */
