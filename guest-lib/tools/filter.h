/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filter expressions of pcap-filter(7), by libpcap. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <pcap/bpf.h>
#include <hpcap.h>

/**
 * struct filter - a compiled expression; all zero passes everything
 * @prog: empty for none
 */
struct filter {
	struct bpf_program prog;
};

/*
 * Compile @expr (NULL or "" for none) for frames of a link type. False: @error
 * says why, in libpcap's words.
 */
bool filter_init(struct filter *f, const char *expr, uint32_t linktype, char *error,
		 size_t size);
void filter_deinit(struct filter *f);

bool filter_passes(const struct filter *f, const struct hpcap_record *rec);

#endif /* FILTER_H */
