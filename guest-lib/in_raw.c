// SPDX-License-Identifier: LGPL-2.1-or-later
/* RAW as a source of frames. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "in_priv.h"

/* The RAW reader's notes in this reader's words, once it has nothing more. */
static int end_raw(struct hpcap_in *in)
{
	const struct hpcap_raw_report *rep = hpcap_raw_report(in->raw);
	int i;

	if (hpcap_stream_is_cut(in->stream))
		return hpcap_in_cut(in, "");
	if (rep->count[HPCAP_RAW_NOT_RAW]) {
		if (rep->looks_like)
			snprintf(
				in->error, sizeof(in->error),
				"byte 0: no capture, it looks like %s (unpack or convert it first)",
				rep->looks_like);
		else
			snprintf(
				in->error, sizeof(in->error),
				"byte 0: no capture (RAW, pcap or pcapng, plain, zstd or lz4)");
		return -EBADMSG;
	}
	for (i = HPCAP_RAW_PAD_CUT; i < HPCAP_RAW_NR_NOTES; i++) {
		if (!rep->count[i] || i == HPCAP_RAW_TAIL)
			continue;
		in->rep.cut |= i == HPCAP_RAW_CUT || i == HPCAP_RAW_PAD_CUT;
		if (!*in->error || i >= HPCAP_RAW_DAMAGE) {
			snprintf(in->error, sizeof(in->error), "byte %" PRIu64 ": %s",
				 rep->first[i], hpcap_raw_note_text((enum hpcap_raw_note)i));
			if (i >= HPCAP_RAW_DAMAGE)
				break;
		}
	}
	return 0;
}

static int next_raw(struct hpcap_in *in, struct hpcap_frame *f)
{
	int ret = hpcap_raw_next(in->raw, &f->rec);

	in->rep.stream_bytes = hpcap_raw_report(in->raw)->bytes;
	if (ret < 0)
		return hpcap_in_fail_read(in, ret);
	if (!ret)
		return end_raw(in);
	f->has_time = true;
	return hpcap_in_give(in, f);
}

int hpcap_in_raw_start(struct hpcap_in *in)
{
	const struct hpcap_iface iface = {.linktype = HPCAP_LINK_ETHERNET, .ticks = 1000000000};
	int err = hpcap_in_add_iface(in, &iface);

	if (err < 0)
		return err;
	in->next = next_raw;
	err = hpcap_raw_open_stream(&in->raw, in->stream, in->chunk, in->buf, in->end);
	/* Its memory is the RAW reader's from here on. */
	free(in->buf);
	in->buf = NULL;
	in->start = 0;
	in->end = 0;
	return err ? hpcap_in_fail(in, err, "no memory to read it") : 0;
}
