/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of a file, a pipe or memory, unpacked on the way (zstd, lz4). */
#ifndef HPCAP_STREAM_H
#define HPCAP_STREAM_H

#include <sys/types.h>
#include "frames.h"

struct hpcap_stream;

/**
 * hpcap_stream_open() - Open bytes to read
 * @s: out
 * @path: "-" is the standard input
 * @chunk: bytes asked from a packed file at once
 *
 * Return: 0, -ENOMEM, -EISDIR, or what open(2) says.
 */
int hpcap_stream_open(struct hpcap_stream **s, const char *path, uint32_t chunk);
int hpcap_stream_open_fd(struct hpcap_stream **s, int fd, uint32_t chunk);
int hpcap_stream_open_memory(struct hpcap_stream **s, const void *data, size_t size,
			     uint32_t chunk);
void hpcap_stream_close(struct hpcap_stream *s);

/**
 * hpcap_stream_read() - Next bytes, unpacked
 * @s: stream
 * @buf: where to
 * @size: at least 1
 *
 * Return: bytes, 0 at the end, -EBADMSG for damaged packing, or what read(2) says.
 */
ssize_t hpcap_stream_read(struct hpcap_stream *s, void *buf, size_t size);

/* Go to a place in the file that begins a packed frame, or anywhere when plain. */
int hpcap_stream_seek(struct hpcap_stream *s, uint64_t file);

/* Where a file's written bytes end: before its @size when it was never finished. */
uint64_t hpcap_stream_written(int fd, uint64_t size);

/* Remember where packed frames start, from now on: right after opening. */
void hpcap_stream_keep_places(struct hpcap_stream *s);

/**
 * struct hpcap_place - start of a packed frame
 * @file: offset in the file
 * @data: offset in the unpacked stream
 */
struct hpcap_place {
	uint64_t file;
	uint64_t data;
};

/*
 * The last packed frame that starts at @data or before, and forget those in front
 * of it. False: plain, or none is known.
 */
bool hpcap_stream_place(struct hpcap_stream *s, uint64_t data, struct hpcap_place *place);

/* A thread reads a large file ahead: right after opening. Seeking or parking ends it. */
void hpcap_stream_read_ahead(struct hpcap_stream *s);

/* Close the file until the next read, if it can be opened again. */
void hpcap_stream_park(struct hpcap_stream *s);

enum hpcap_packing hpcap_stream_packing(const struct hpcap_stream *s);

/* Why a read failed or the end came too early, "" when all is well. */
const char *hpcap_stream_error(const struct hpcap_stream *s);
bool hpcap_stream_is_cut(const struct hpcap_stream *s);

/* Bytes read from the file so far, and its size (0 for a pipe). */
uint64_t hpcap_stream_file_bytes(const struct hpcap_stream *s);
uint64_t hpcap_stream_file_size(const struct hpcap_stream *s);

#endif /* HPCAP_STREAM_H */
