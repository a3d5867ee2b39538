// SPDX-License-Identifier: LGPL-2.1-or-later
/* zstd and lz4 frames in a row, unpacked piece by piece. */
#include <lz4frame.h>
#include <stdlib.h>
#include <zstd.h>
#include "priv.h"
#include "unpack.h"

/**
 * struct hpcap_unpack - one of the two
 * @zstd: its state, or NULL
 * @lz4: its state, or NULL
 * @between: no packed frame is begun
 */
struct hpcap_unpack {
	ZSTD_DStream *zstd;
	LZ4F_dctx *lz4;
	bool between;
};

enum hpcap_packing hpcap_unpack_sniff(const uint8_t *p, size_t have)
{
	static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	static const uint8_t lz4[] = {0x04, 0x22, 0x4d, 0x18};

	if (have < sizeof(zstd))
		return HPCAP_PLAIN;
	if (!memcmp(p, zstd, sizeof(zstd)))
		return HPCAP_ZSTD;
	return memcmp(p, lz4, sizeof(lz4)) ? HPCAP_PLAIN : HPCAP_LZ4;
}

int hpcap_unpack_create(struct hpcap_unpack **out, enum hpcap_packing packing)
{
	struct hpcap_unpack *u = calloc(1, sizeof(*u));
	bool failed;

	if (!u)
		return -ENOMEM;
	u->between = true;
	if (packing == HPCAP_ZSTD) {
		u->zstd = ZSTD_createDStream();
		failed = !u->zstd;
	} else {
		failed = LZ4F_isError(LZ4F_createDecompressionContext(&u->lz4, LZ4F_VERSION));
	}
	if (failed) {
		free(u);
		return -ENOMEM;
	}
	*out = u;
	return 0;
}

void hpcap_unpack_destroy(struct hpcap_unpack *u)
{
	if (!u)
		return;
	ZSTD_freeDStream(u->zstd);
	LZ4F_freeDecompressionContext(u->lz4);
	free(u);
}

static const char *step_zstd(struct hpcap_unpack *u, const void *in, size_t *in_size, void *out,
			     size_t *out_size)
{
	ZSTD_inBuffer from = {in, *in_size, 0};
	ZSTD_outBuffer to = {out, *out_size, 0};
	size_t ret = ZSTD_decompressStream(u->zstd, &to, &from);

	*in_size = from.pos;
	*out_size = to.pos;
	if (ZSTD_isError(ret))
		return ZSTD_getErrorName(ret);
	/* asked without a byte, it only says what it would like */
	if (from.pos || to.pos)
		u->between = ret == 0;
	return NULL;
}

static const char *step_lz4(struct hpcap_unpack *u, const void *in, size_t *in_size, void *out,
			    size_t *out_size)
{
	size_t ret = LZ4F_decompress(u->lz4, out, out_size, in, in_size, NULL);

	if (LZ4F_isError(ret))
		return LZ4F_getErrorName(ret);
	if (*in_size || *out_size)
		u->between = ret == 0;
	return NULL;
}

const char *hpcap_unpack_step(struct hpcap_unpack *u, const void *in, size_t *in_size,
			      void *out, size_t *out_size)
{
	if (u->zstd)
		return step_zstd(u, in, in_size, out, out_size);
	return step_lz4(u, in, in_size, out, out_size);
}

bool hpcap_unpack_is_between(const struct hpcap_unpack *u)
{
	return u->between;
}

void hpcap_unpack_reset(struct hpcap_unpack *u)
{
	if (u->zstd)
		ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
	else
		LZ4F_resetDecompressionContext(u->lz4);
	u->between = true;
}
