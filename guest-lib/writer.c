// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Write RAW files: where one ends, its padding, whole blocks to the disk.
 *
 *	| record | record | ... | record | pad header, zeros |
 *	|<----------------- file_size, exactly ------------->|
 *
 * A file takes a record only if a pad header still fits behind it, so the
 * padding's length is never more than that of the record that did not fit.
 * Ref: hpcap(5)
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "disk.h"
#include "priv.h"

/**
 * struct hpcap_writer - a series of RAW files
 * @opt: with defaults filled in; dir is not used any more
 * @rep: what was done so far
 * @file: the one being written
 * @off: its bytes, those in @buf too; 0 when none is begun
 * @fill: bytes in @buf
 * @err: what ended it, 0 while all is well
 * @buf: one block on its way to the disk, DISK_ALIGN aligned
 */
struct hpcap_writer {
	struct hpcap_writer_options opt;
	struct hpcap_writer_report rep;
	struct disk_file file;
	uint64_t off;
	uint64_t fill;
	int err;
	uint8_t *buf;
};

static bool options_ok(const struct hpcap_writer_options *o)
{
	const uint32_t known = HPCAP_WRITER_DIRECT | HPCAP_WRITER_NO_PAD;

	return !(o->flags & ~known) && o->block && o->block % DISK_ALIGN == 0 &&
	       o->file_size % DISK_ALIGN == 0 && o->file_size >= HPCAP_FILE_SIZE_MIN &&
	       o->file_size <= INT64_MAX;
}

int hpcap_writer_create(struct hpcap_writer **out, const struct hpcap_writer_options *opt)
{
	struct hpcap_writer *w = calloc(1, sizeof(*w));
	int err = 0;

	if (!w)
		return -ENOMEM;
	w->opt = *opt;
	w->opt.block = opt->block ? opt->block : (uint32_t)HPCAP_BS;
	w->opt.file_size = opt->file_size ? opt->file_size : HPCAP_FILESIZE;
	w->file.dir = -1;
	w->file.fd = -1;
	if (!options_ok(&w->opt))
		err = -EINVAL;
	if (!err && opt->dir) {
		w->file.dir = open(opt->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		err = w->file.dir < 0 ? -errno : 0;
	}
	if (!err) {
		w->buf = aligned_alloc(DISK_ALIGN, w->opt.block);
		err = w->buf ? 0 : -ENOMEM;
	}
	if (err) {
		hpcap_writer_destroy(w);
		return err;
	}
	*out = w;
	return 0;
}

void hpcap_writer_destroy(struct hpcap_writer *w)
{
	if (!w)
		return;
	hpcap_disk_close(&w->file);
	if (w->file.dir >= 0)
		close(w->file.dir);
	free(w->buf);
	free(w);
}

const struct hpcap_writer_report *hpcap_writer_report(const struct hpcap_writer *w)
{
	return &w->rep;
}

uint64_t hpcap_writer_room(const struct hpcap_writer *w)
{
	uint64_t end = w->opt.file_size;

	if (!(w->opt.flags & HPCAP_WRITER_NO_PAD))
		end -= HPCAP_REC_LEN;
	return end - w->off;
}

/* Ends the series: what reached the disk stays, cut behind a whole record. */
static int fail(struct hpcap_writer *w, int err)
{
	w->err = err;
	hpcap_disk_trim(&w->file, w->rep.path);
	hpcap_disk_close(&w->file);
	return err;
}

static int flush(struct hpcap_writer *w)
{
	uint64_t size = w->fill;

	w->fill = 0;
	return hpcap_disk_write(&w->file, w->buf, size, &w->rep);
}

/* May the disk take this block from where it lies? */
static bool is_straight(const struct hpcap_writer *w, const uint8_t *p, uint64_t size)
{
	if (w->fill || size < w->opt.block)
		return false;
	if (!w->file.direct)
		return true;
	return w->file.mem_align && (uintptr_t)p % w->file.mem_align == 0;
}

static int put_bytes(struct hpcap_writer *w, const uint8_t *p, uint64_t size)
{
	while (size) {
		uint64_t n = min_u64(size, w->opt.block - w->fill);
		int err = 0;

		if (is_straight(w, p, size)) {
			err = hpcap_disk_write(&w->file, p, n, &w->rep);
			if (err == -EFAULT && w->file.direct) {
				/* Memory the disk cannot reach: copy from now on. */
				w->file.mem_align = 0;
				continue;
			}
			w->rep.direct_bytes += n;
		} else {
			memcpy(w->buf + w->fill, p, n);
			w->fill += n;
			if (w->fill == w->opt.block)
				err = flush(w);
		}
		if (err)
			return err;
		w->off += n;
		w->rep.bytes += n;
		p += n;
		size -= n;
	}
	return 0;
}

static int begin(struct hpcap_writer *w, uint32_t sec)
{
	int err;

	if (w->off)
		return 0;
	err = hpcap_disk_create(&w->file, &w->opt, sec, &w->rep);
	if (!err && w->file.dir >= 0)
		w->rep.files++;
	return err;
}

int hpcap_writer_append(struct hpcap_writer *w, const void *records, uint64_t bytes)
{
	int err;

	if (w->err)
		return w->err;
	if (bytes > hpcap_writer_room(w))
		return -EMSGSIZE;
	if (bytes < HPCAP_REC_LEN)
		return bytes ? -EINVAL : 0;
	err = begin(w, rec_load(records).sec);
	if (!err)
		err = put_bytes(w, records, bytes);
	return err ? fail(w, err) : 0;
}

static int put_pad(struct hpcap_writer *w)
{
	static const uint8_t zeros[DISK_ALIGN];
	uint64_t left = w->opt.file_size - w->off;
	struct rec_header hdr = {0};
	uint8_t raw[HPCAP_REC_LEN];
	int err;

	/* A file left early has more room than one padding record can fill. */
	if (left > HPCAP_REC_LEN + UINT16_MAX)
		return 0;
	left -= HPCAP_REC_LEN;
	hdr.caplen = (uint32_t)left;
	hdr.len = hdr.caplen;
	rec_store(raw, &hdr);
	err = put_bytes(w, raw, sizeof(raw));
	while (!err && left) {
		uint64_t n = min_u64(left, sizeof(zeros));

		err = put_bytes(w, zeros, n);
		left -= n;
	}
	return err;
}

static int end_file(struct hpcap_writer *w, bool sync)
{
	int err = 0;

	if (w->fill % DISK_ALIGN)
		hpcap_disk_set_buffered(&w->file);
	if (w->fill)
		err = flush(w);
	if (!err && sync)
		err = hpcap_disk_sync(&w->file);
	if (err)
		return fail(w, err);
	hpcap_disk_close(&w->file);
	w->off = 0;
	return 0;
}

int hpcap_writer_rotate(struct hpcap_writer *w)
{
	int err = 0;

	if (w->err || !w->off)
		return w->err;
	if (!(w->opt.flags & HPCAP_WRITER_NO_PAD))
		err = put_pad(w);
	return err ? fail(w, err) : end_file(w, false);
}

static bool is_storable(const struct hpcap_record *rec)
{
	if (rec->sec == 0 && rec->nsec == 0)
		return false;
	return rec->nsec < 1000000000u && rec->caplen && rec->caplen <= rec->len &&
	       rec->len <= UINT16_MAX && rec->caplen <= HPCAP_CAPLEN_MAX;
}

int hpcap_writer_put(struct hpcap_writer *w, const struct hpcap_record *rec)
{
	const struct rec_header hdr = {rec->sec, rec->nsec, rec->caplen, rec->len};
	uint8_t raw[HPCAP_REC_LEN];
	int err = w->err;

	if (!err && !is_storable(rec))
		return -EINVAL;
	if (!err && HPCAP_REC_LEN + rec->caplen > hpcap_writer_room(w))
		err = hpcap_writer_rotate(w);
	if (err)
		return err;
	rec_store(raw, &hdr);
	err = begin(w, rec->sec);
	if (!err)
		err = put_bytes(w, raw, sizeof(raw));
	if (!err)
		err = put_bytes(w, rec->data, rec->caplen);
	return err ? fail(w, err) : 0;
}

int hpcap_writer_finish(struct hpcap_writer *w)
{
	if (w->err || !w->off)
		return w->err;
	return end_file(w, true);
}
