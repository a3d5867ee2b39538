// SPDX-License-Identifier: LGPL-2.1-or-later
/* Does a RAW record start here? Needed only behind a damaged place. */
#include "priv.h"

enum {
	CHAIN = 3,	    /* records in a row that convince */
	NEAR_S = 3600,	    /* seconds between two of them, at most */
	REF_NEAR_S = 86400, /* and to the last good one, near the end of a file */
};

static bool is_near(uint32_t a, uint32_t b, uint32_t limit)
{
	return (a > b ? a - b : b - a) <= limit;
}

/*
 * Three plausible records in a row, close in time; fewer only when the file
 * ends with them and they are close to the last good record. Padding
 * at the very end convinces too. Random bytes do so once in 10^14 places.
 */
bool hpcap_raw_chain(const uint8_t *p, size_t have, bool eof, const struct rec_header *ref)
{
	uint32_t last_sec = 0;
	size_t at = 0;
	int n = 0;

	while (n < CHAIN && at + HPCAP_REC_LEN <= have) {
		struct rec_header h = rec_load(p + at);

		if (rec_is_pad(&h)) {
			bool last = eof && at + HPCAP_REC_LEN + h.caplen == have;

			if (h.caplen != h.len || (n == 0 && !last))
				return false;
		} else if (h.sec == 0 || rec_is_bad(&h)) {
			return false;
		} else if (n > 0 && !is_near(h.sec, last_sec, NEAR_S)) {
			return false;
		} else {
			last_sec = h.sec;
		}
		at += HPCAP_REC_LEN + h.caplen;
		n++;
	}
	if (n == CHAIN)
		return true;
	if (!eof || n == 0 || at != have)
		return false;
	return !last_sec || (ref && is_near(ref->sec, last_sec, REF_NEAR_S));
}

static const struct {
	const char *name;
	uint8_t size;
	uint8_t magic[6];
} formats[] = {
	{"pcap", 4, {0xd4, 0xc3, 0xb2, 0xa1}},
	{"pcap", 4, {0xa1, 0xb2, 0xc3, 0xd4}},
	{"pcap (nanoseconds)", 4, {0x4d, 0x3c, 0xb2, 0xa1}},
	{"pcap (nanoseconds)", 4, {0xa1, 0xb2, 0x3c, 0x4d}},
	{"pcap (Kuznetzov's)", 4, {0x34, 0xcd, 0xb2, 0xa1}},
	{"pcapng", 4, {0x0a, 0x0d, 0x0d, 0x0a}},
	{"gzip", 3, {0x1f, 0x8b, 0x08}},
	{"xz", 6, {0xfd, '7', 'z', 'X', 'Z', 0x00}},
	{"bzip2", 3, {'B', 'Z', 'h'}},
	{"ELF", 4, {0x7f, 'E', 'L', 'F'}},
};

/* Asked only when the first header makes no sense as RAW. */
const char *hpcap_raw_other_format(const uint8_t *p, size_t have)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (have >= formats[i].size && !memcmp(p, formats[i].magic, formats[i].size))
			return formats[i].name;
	return NULL;
}
