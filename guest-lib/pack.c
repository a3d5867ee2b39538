// SPDX-License-Identifier: LGPL-2.1-or-later
/* Blocks packed with zstd or lz4, each a frame of its own. */
#include <lz4frame.h>
#include <stdlib.h>
#include <zstd.h>
#include "frames_out.h"
#include "priv.h"

enum {
	LZ4_LEVEL_MAX = 12,
};

/**
 * struct hpcap_pack - state of one thread
 * @zstd: NULL for lz4
 * @lz4: how its frames are made
 */
struct hpcap_pack {
	ZSTD_CCtx *zstd;
	LZ4F_preferences_t lz4;
};

static int init_zstd(struct hpcap_pack *p, int level)
{
	if (level < ZSTD_minCLevel() || level > ZSTD_maxCLevel())
		return -EINVAL;
	p->zstd = ZSTD_createCCtx();
	if (!p->zstd)
		return -ENOMEM;
	ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, level ? level : 1);
	ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
	return 0;
}

static int init_lz4(struct hpcap_pack *p, int level)
{
	if (level < 0 || level > LZ4_LEVEL_MAX)
		return -EINVAL;
	p->lz4 = (LZ4F_preferences_t){
		.compressionLevel = level,
		.frameInfo = {.blockSizeID = LZ4F_max4MB,
			      .blockMode = LZ4F_blockIndependent,
			      .contentChecksumFlag = LZ4F_contentChecksumEnabled},
	};
	return 0;
}

int hpcap_pack_create(struct hpcap_pack **out, enum hpcap_packing packing, int level)
{
	struct hpcap_pack *p;
	int err = -EINVAL;

	if (packing != HPCAP_ZSTD && packing != HPCAP_LZ4)
		return -EINVAL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	err = packing == HPCAP_ZSTD ? init_zstd(p, level) : init_lz4(p, level);
	if (err) {
		free(p);
		return err;
	}
	*out = p;
	return 0;
}

void hpcap_pack_destroy(struct hpcap_pack *p)
{
	if (!p)
		return;
	ZSTD_freeCCtx(p->zstd);
	free(p);
}

size_t hpcap_pack_bound(const struct hpcap_pack *p, size_t size)
{
	return p->zstd ? ZSTD_compressBound(size) : LZ4F_compressFrameBound(size, &p->lz4);
}

static ssize_t pack_lz4(struct hpcap_pack *p, const void *in, size_t size, void *out,
			size_t room)
{
	size_t n;

	if (room < LZ4F_compressFrameBound(size, &p->lz4))
		return -ENOBUFS;
	p->lz4.frameInfo.contentSize = size;
	n = LZ4F_compressFrame(out, room, in, size, &p->lz4);
	return LZ4F_isError(n) ? -EIO : (ssize_t)n;
}

ssize_t hpcap_pack_block(struct hpcap_pack *p, const void *in, size_t size, void *out,
			 size_t room)
{
	size_t n;

	if (!p->zstd)
		return pack_lz4(p, in, size, out, room);
	if (room < ZSTD_compressBound(size))
		return -ENOBUFS;
	n = ZSTD_compress2(p->zstd, out, room, in, size);
	return ZSTD_isError(n) ? -EIO : (ssize_t)n;
}
