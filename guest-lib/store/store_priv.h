/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What store.c and store_make.c share. */
#ifndef STORE_STORE_PRIV_H
#define STORE_STORE_PRIV_H

#include "encode.h"
#include "store.h"

/**
 * struct store - one run
 * @h: the ring
 * @opt: with defaults filled in
 * @rep: what was done
 * @out: files; NULL when nothing is written
 * @encode: threads that encode; NULL when RAW goes out as it is
 * @iface: for @enc
 * @enc: format
 * @frame: begin and end of files
 * @suffix: of their names
 * @events: readable when @out or @encode has something
 * @copy: pieces are copied out of the ring at once
 * @till: position up to which the ring may be given back
 * @taken_ns: when something was taken last
 * @most: bytes of a piece
 * @window: bytes before a file's end in which it may end, for the next one to begin
 *	where the disk can read it; 0 in small files
 * @err: what ended it
 */
struct store {
	struct hpcap_handle *h;
	struct store_options opt;
	struct store_report rep;
	struct out *out;
	struct encode *encode;
	struct hpcap_iface iface;
	struct hpcap_enc enc;
	struct encode_frame frame;
	char suffix[16];
	int events;
	bool copy;
	uint64_t till;
	int64_t taken_ns;
	uint64_t most;
	uint64_t window;
	int err;
};

#endif /* STORE_STORE_PRIV_H */
