/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Frames in: one source for RAW, pcap and pcapng, plain or packed with zstd or
 * lz4, from a file, a pipe or memory. The format is found out by itself.
 *
 *	struct hpcap_frame f;
 *	struct hpcap_in *in;
 *	int ret = hpcap_in_open(&in, "capture.pcapng.zst", NULL);
 *
 *	if (ret)
 *		...
 *	while ((ret = hpcap_in_next(in, &f)) > 0)
 *		use(&f);
 *	if (*hpcap_in_error(in))
 *		...			(also when ret is 0: the source was cut)
 *	hpcap_in_close(in);
 *
 * Reads forward only, in bounded memory (two buffers of the chunk's size, more
 * only for frames that are larger, and what the decompressor needs). What a
 * damaged source gives until the damage are whole frames. An object belongs to
 * one thread at a time.
 */
#ifndef HPCAP_FRAMES_IN_H
#define HPCAP_FRAMES_IN_H

#include <frames.h>
#include <hpcap_file.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hpcap_in;

/**
 * struct hpcap_in_options - how to read
 * @chunk: bytes asked from the file at once; 0 is 1 MiB; small ones are for many
 *         open sources
 * @only: the one format to expect; HPCAP_FORMAT_UNKNOWN finds it out
 */
struct hpcap_in_options {
	uint32_t chunk;
	enum hpcap_format only;
};

/**
 * struct hpcap_in_report - what a source gave so far
 * @frames: given
 * @caplen_bytes: sum of their caplen
 * @len_bytes: sum of their len
 * @stream_bytes: read after unpacking
 * @file_bytes: read from the file, packed as they are
 * @no_time: frames without a time that can be told
 * @odd_lengths: frames whose record says caplen > len; len is raised then
 * @sections: of pcapng
 * @skipped_blocks: of pcapng: kinds that hold no frame and no interface
 * @cut: the source ends within a record or a packed frame
 */
struct hpcap_in_report {
	uint64_t frames;
	uint64_t caplen_bytes;
	uint64_t len_bytes;
	uint64_t stream_bytes;
	uint64_t file_bytes;
	uint64_t no_time;
	uint64_t odd_lengths;
	uint64_t sections;
	uint64_t skipped_blocks;
	bool cut;
};

/**
 * hpcap_in_open() - Open a source of frames
 * @in: out; NULL on failure
 * @path: file, pipe or device; "-" is the standard input
 * @opt: NULL for defaults
 *
 * Nothing is read yet: what is no capture at all is said by hpcap_in_start() or
 * the first hpcap_in_next().
 *
 * Return: 0, -ENOMEM, or what open(2) says; -EISDIR for a directory.
 */
int hpcap_in_open(struct hpcap_in **in, const char *path, const struct hpcap_in_options *opt);

/* The same from an open descriptor (closed with the source) or from memory. */
int hpcap_in_open_fd(struct hpcap_in **in, int fd, const struct hpcap_in_options *opt);
int hpcap_in_open_memory(struct hpcap_in **in, const void *data, size_t size,
			 const struct hpcap_in_options *opt);
void hpcap_in_close(struct hpcap_in *in);

/**
 * hpcap_in_start() - Read what comes before the first frame
 * @in: source
 *
 * For who wants to know format and first interfaces early; hpcap_in_next() does
 * it by itself. A pcapng source may tell of more interfaces later.
 *
 * Return: 0; else as hpcap_in_next().
 */
int hpcap_in_start(struct hpcap_in *in);

/**
 * hpcap_in_next() - Next frame
 * @in: source
 * @frame: filled in; its pointers are good until the next call
 *
 * Return: 1; 0 at the end; -EBADMSG what stands there is not of this format,
 * -EMSGSIZE larger than HPCAP_FRAME_MAX, -ENOMEM, or what read(2) says. Behind
 * an error or the end every further call gives the same.
 */
int hpcap_in_next(struct hpcap_in *in, struct hpcap_frame *frame);

/**
 * hpcap_in_error() - What went wrong, in words
 * @in: source
 *
 * Return: one line without the source's name, with the offset ("byte 1234: ...");
 * "" when all is well. Also set when a source ended (0) but was cut.
 */
const char *hpcap_in_error(const struct hpcap_in *in);

/**
 * hpcap_in_seek() - Go on at a record elsewhere in the file
 * @in: source, a regular file, after hpcap_in_start()
 * @file: offset in the file: of a packed frame's start, or of a plain record
 * @base: offset of that place in the unpacked stream; @file when plain
 * @record: offset of the record in the unpacked stream, at least @base
 *
 * What was known of the interfaces stays.
 *
 * Return: 0; -EINVAL for offsets that contradict; -ESPIPE not a regular file.
 */
int hpcap_in_seek(struct hpcap_in *in, uint64_t file, uint64_t base, uint64_t record);

/*
 * For who makes an index: right after opening, ask that starts of packed frames
 * be remembered; then, with each frame, where in file and unpacked stream the one
 * starts that its record lies in. False: the file is plain, so it is rec.pos.
 */
void hpcap_in_keep_places(struct hpcap_in *in);
bool hpcap_in_place(struct hpcap_in *in, const struct hpcap_frame *frame, uint64_t *file,
		    uint64_t *data);

/**
 * hpcap_in_read_ahead() - Have a large file read ahead
 * @in: source, right after opening
 *
 * A thread of its own reads; what is not in the page cache comes straight from the
 * disk. For who reads a whole file as fast as it goes. It takes 8 MiB of memory, and
 * ends with a seek or when the source is parked. Small files and pipes are read as ever.
 */
void hpcap_in_read_ahead(struct hpcap_in *in);

/**
 * hpcap_in_park() - Give the descriptor back for now
 * @in: source opened by path
 *
 * The next read opens the file again and goes on where it was: so thousands of
 * files are merged with few descriptors. Pipes and the standard input stay open.
 */
void hpcap_in_park(struct hpcap_in *in);

enum hpcap_format hpcap_in_format(const struct hpcap_in *in);
enum hpcap_packing hpcap_in_packing(const struct hpcap_in *in);

/* Interfaces known so far, and one of them (NULL when there is no such). */
uint32_t hpcap_in_nr_ifaces(const struct hpcap_in *in);
const struct hpcap_iface *hpcap_in_iface(const struct hpcap_in *in, uint32_t n);

const struct hpcap_in_report *hpcap_in_report(struct hpcap_in *in);

/* What the RAW reader met; NULL for other formats. */
const struct hpcap_raw_report *hpcap_in_raw_report(const struct hpcap_in *in);

/* Bytes of the file for a progress display; 0 for a pipe. */
uint64_t hpcap_in_size(const struct hpcap_in *in);

/* More about the format ("nanoseconds, big-endian"), or "". */
const char *hpcap_in_detail(const struct hpcap_in *in);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_FRAMES_IN_H */
