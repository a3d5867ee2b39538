/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcap and pcapng bytes made by hand, in either byte order. */
#ifndef NG_MODEL_H
#define NG_MODEL_H

#include "raw_model.h"

/**
 * struct ng - bytes of a pcap or pcapng file being made
 * @b: so far
 * @big: numbers are big-endian
 * @from: where the block being made starts
 */
struct ng {
	struct bytes b;
	bool big;
	size_t from;
};

void ng_num(struct ng *n, uint64_t value, int size);
void ng_begin(struct ng *n, uint32_t type);
void ng_option(struct ng *n, uint16_t code, const void *value, uint16_t len);
void ng_option_u64(struct ng *n, uint16_t code, uint64_t value);
void ng_data(struct ng *n, const void *data, size_t size);
void ng_end(struct ng *n);

/* Whole blocks. resolution: of time stamps, as in if_tsresol. */
void ng_shb(struct ng *n);
void ng_idb(struct ng *n, uint16_t linktype, uint32_t snaplen, uint8_t resolution,
	    const char *name);
void ng_epb(struct ng *n, uint32_t iface, uint64_t ts, const void *data, uint32_t caplen,
	    uint32_t len);

#endif /* NG_MODEL_H */
