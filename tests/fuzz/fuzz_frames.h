/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One reader of captures under libFuzzer, and what must hold whatever it reads. */
#ifndef FUZZ_FRAMES_H
#define FUZZ_FRAMES_H

#include <errno.h>
#include <frames_in.h>
#include <frames_out.h>
#include <stdlib.h>
#include <string.h>

enum {
	OUT = 1 << 16 /* bytes for one encoded frame; larger ones are not encoded */
};

#define MUST(x)                  \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

/* What was read goes out in each format and must come back the same. */
static void fuzz_again(const struct hpcap_frame *f)
{
	const struct hpcap_iface iface = {.linktype = f->linktype};
	const struct hpcap_in_options small = {.chunk = 4096};
	struct hpcap_enc e = {.ifaces = &iface, .nr_ifaces = 1};
	static uint8_t out[OUT + 4096];
	struct hpcap_frame g = *f, back;
	struct hpcap_in *in;
	ssize_t head, n;
	int format;

	g.iface = 0;
	for (format = HPCAP_FORMAT_RAW; format <= HPCAP_FORMAT_PCAPNG; format++) {
		e.format = (enum hpcap_format)format;
		if (hpcap_enc_bound(&e, &g) > OUT)
			continue;
		head = hpcap_enc_begin(&e, out, sizeof(out));
		MUST(head >= 0);
		n = hpcap_enc_frame(&e, &g, out + head, OUT);
		MUST(n != -ENOBUFS && (n > 0 || format == HPCAP_FORMAT_RAW));
		if (n < 0)
			continue;
		MUST((size_t)n <= hpcap_enc_bound(&e, &g));
		/* RAW has no magic: its first bytes may be another format's */
		if (format == HPCAP_FORMAT_RAW)
			continue;
		MUST(!hpcap_in_open_memory(&in, out, (size_t)(head + n), &small));
		MUST(hpcap_in_next(in, &back) == 1);
		MUST(back.rec.sec == g.rec.sec && back.rec.nsec == g.rec.nsec);
		MUST(back.rec.caplen == g.rec.caplen && back.rec.len == g.rec.len);
		MUST(!g.rec.caplen || !memcmp(back.rec.data, g.rec.data, g.rec.caplen));
		MUST(hpcap_in_next(in, &back) == 0 && !*hpcap_in_error(in));
		hpcap_in_close(in);
	}
}

/* Read it all. Each byte of each frame is touched, so that ASan sees it. */
static inline int fuzz_frames(const uint8_t *data, size_t size, enum hpcap_format only)
{
	const struct hpcap_in_options opt = {.chunk = 4096, .only = only};
	struct hpcap_frame f;
	struct hpcap_in *in;
	uint64_t n = 0, sum = 0;
	uint32_t i;
	int ret;

	MUST(!hpcap_in_open_memory(&in, data, size, &opt));
	while ((ret = hpcap_in_next(in, &f)) > 0) {
		MUST(f.rec.caplen <= f.rec.len && f.rec.caplen <= HPCAP_FRAME_MAX);
		MUST(f.rec.nsec < 1000000000u && f.iface < hpcap_in_nr_ifaces(in));
		for (i = 0; i < f.rec.caplen; i++)
			sum += f.rec.data[i];
		for (i = 0; i < f.comment_len; i++)
			sum += (uint8_t)f.comment[i];
		if (n++ < 2)
			fuzz_again(&f);
	}
	MUST(hpcap_in_report(in)->frames == n);
	MUST(ret == 0 || *hpcap_in_error(in));
	hpcap_in_close(in);
	return sum == UINT64_MAX;
}

#endif /* FUZZ_FRAMES_H */
