/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the encoders share. */
#ifndef HPCAP_OUT_PRIV_H
#define HPCAP_OUT_PRIV_H

#include <endian.h>
#include <string.h>
#include "frames_out.h"

static inline void out_u32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
}

static inline void out_u16(uint8_t *p, uint16_t v)
{
	v = htole16(v);
	memcpy(p, &v, sizeof(v));
}

uint32_t hpcap_enc_snaplen(const struct hpcap_enc *e);
ssize_t hpcap_enc_ng_begin(const struct hpcap_enc *e, uint8_t *out, size_t room);
ssize_t hpcap_enc_ng_frame(const struct hpcap_enc *e, const struct hpcap_frame *f, uint8_t *out,
			   size_t room);
size_t hpcap_enc_ng_bound(const struct hpcap_frame *f);
ssize_t hpcap_enc_ng_end(const struct hpcap_enc *e, const struct hpcap_enc_stats *stats,
			 uint8_t *out, size_t room);

#endif /* HPCAP_OUT_PRIV_H */
