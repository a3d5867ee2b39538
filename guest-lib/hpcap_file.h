/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RAW files in, RAW and pcap files out. The format is in hpcap(5).
 *
 * The reader accepts whatever HPCAP's versions ever left on a disk and says
 * what it met; the writer emits one layout only: files of exactly the size
 * asked for, no record across two files, one padding record at the end.
 *
 * All functions return 0 or more, or a negative errno. An object belongs to
 * one thread at a time.
 */
#ifndef HPCAP_FILE_H
#define HPCAP_FILE_H

#include <hpcap.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a reader may meet. From HPCAP_RAW_DAMAGE on, something is wrong. */
enum hpcap_raw_note {
	HPCAP_RAW_PAD_LAST,		    /* padding ends the file: as it should be */
	HPCAP_RAW_PAD_FIRST,		    /* padding starts the file (hpcap40g) */
	HPCAP_RAW_PAD_MIDDLE,		    /* padding between records */
	HPCAP_RAW_PAD_EMPTY,		    /* padding without filler */
	HPCAP_RAW_PAD_LENGTHS,		    /* padding whose two lengths differ */
	HPCAP_RAW_PAD_CUT,		    /* file ends within padding */
	HPCAP_RAW_TAIL,			    /* 1..11 bytes behind the last record */
	HPCAP_RAW_CUT,			    /* file ends within a record */
	HPCAP_RAW_DAMAGE,		    /* -- the rest is damage -- */
	HPCAP_RAW_EMPTY = HPCAP_RAW_DAMAGE, /* no byte at all */
	HPCAP_RAW_ONLY_TAIL,		    /* less than one header, nothing else */
	HPCAP_RAW_NOT_RAW,		    /* no record to be found anywhere */
	HPCAP_RAW_BAD_CAPLEN,		    /* caplen 0, or greater than len */
	HPCAP_RAW_BAD_NSEC,		    /* nanoseconds of a second or more */
	HPCAP_RAW_BAD_PAD,		    /* padding that leads nowhere */
	HPCAP_RAW_RESYNC,		    /* bytes skipped to find the next record */
	HPCAP_RAW_NR_NOTES
};

/**
 * struct hpcap_raw_report - what a reader met so far
 * @bytes: read from the file
 * @records: frames given
 * @caplen_bytes: sum of their caplen
 * @len_bytes: sum of their len
 * @pads: padding records
 * @pad_bytes: of padding, headers included
 * @skipped_bytes: that belong to no record and no padding
 * @count: how often each enum hpcap_raw_note was met
 * @first: file offset of the first one
 * @looks_like: the format it seems to be ("pcap", "gzip"), NULL if unknown; set
 *              with HPCAP_RAW_NOT_RAW
 */
struct hpcap_raw_report {
	uint64_t bytes;
	uint64_t records;
	uint64_t caplen_bytes;
	uint64_t len_bytes;
	uint64_t pads;
	uint64_t pad_bytes;
	uint64_t skipped_bytes;
	uint64_t count[HPCAP_RAW_NR_NOTES];
	uint64_t first[HPCAP_RAW_NR_NOTES];
	const char *looks_like;
};

struct hpcap_raw;

/**
 * hpcap_raw_open() - Open a RAW file to read
 * @raw: out
 * @path: file, pipe or device; "-" is the standard input
 *
 * Return: 0, -ENOMEM, or what open(2) says; -EISDIR for a directory.
 */
int hpcap_raw_open(struct hpcap_raw **raw, const char *path);
void hpcap_raw_close(struct hpcap_raw *raw);

/**
 * hpcap_raw_next() - Next frame of the file
 * @raw: open reader
 * @rec: filled in; @rec->data is good until the next call
 *
 * Padding is skipped. Behind a damaged place it goes on with the next three
 * records in a row that make sense, if there are such; the report says so.
 * Needs constant memory, reads forward only, always ends.
 *
 * Return: 1; 0 end of file; a negative errno from read(2).
 */
int hpcap_raw_next(struct hpcap_raw *raw, struct hpcap_record *rec);

/* The reader's report, complete after hpcap_raw_next() returned 0. */
const struct hpcap_raw_report *hpcap_raw_report(const struct hpcap_raw *raw);

/* True when nothing of HPCAP_RAW_DAMAGE or above was met. */
bool hpcap_raw_whole(const struct hpcap_raw_report *report);

/* One kind of note in a few words, and as a key for machines. */
const char *hpcap_raw_note_text(enum hpcap_raw_note note);
const char *hpcap_raw_note_key(enum hpcap_raw_note note);

#define HPCAP_FILE_SIZE_MIN (1ull << 17) /* bytes; holds any record and its pad */

/* hpcap_writer_options.flags */
#define HPCAP_WRITER_DIRECT (1u << 0) /* O_DIRECT where the disk allows */
#define HPCAP_WRITER_NO_PAD (1u << 1) /* files end after their last record */

/**
 * struct hpcap_writer_options - where RAW files go
 * @dir: existing directory; NULL writes nowhere and only counts
 * @adapter: for the file name
 * @queue: for the file name
 * @flags: HPCAP_WRITER_*
 * @block: bytes of one write(2), multiple of 4096; 0 is HPCAP_BS
 * @file_size: bytes, multiple of 4096, at least HPCAP_FILE_SIZE_MIN; 0 is
 *             HPCAP_FILESIZE
 */
struct hpcap_writer_options {
	const char *dir;
	int adapter;
	int queue;
	uint32_t flags;
	uint32_t block;
	uint64_t file_size;
};

/**
 * struct hpcap_writer_report - what a writer did
 * @files: begun on the disk
 * @bytes: of file, padding included
 * @direct_bytes: of these, written from the source without a copy
 * @fallbacks: times O_DIRECT was asked for and refused
 * @path: of the file begun last, relative to @dir
 */
struct hpcap_writer_report {
	uint64_t files;
	uint64_t bytes;
	uint64_t direct_bytes;
	uint64_t fallbacks;
	char path[96];
};

struct hpcap_writer;

/**
 * hpcap_writer_create() - Make a writer of RAW files
 * @w: out
 * @opt: copied
 *
 * Files are <dir>/<second, down to a multiple of 1800>/<second>_hpcap<adapter>_
 * <queue>.raw, of the first frame's second; when the name is taken, n0001 to
 * n9999 stands before the dot, so that names sort in the order of writing.
 * Nothing is ever overwritten. A file appears with its first record.
 *
 * Return: 0; -EINVAL for a size; -ENOMEM; what open(2) says of @dir.
 */
int hpcap_writer_create(struct hpcap_writer **w, const struct hpcap_writer_options *opt);

/* Bytes of whole records that the current file still takes. */
uint64_t hpcap_writer_room(const struct hpcap_writer *w);

/**
 * hpcap_writer_append() - Write whole records
 * @w: writer
 * @records: RAW records in a row, the first one's header at the start
 * @bytes: at most hpcap_writer_room()
 *
 * Return: 0; -EMSGSIZE more than there is room; or a negative errno of write(2).
 * After that one the file is cut behind its last whole record, and each
 * further call gives the same errno.
 */
int hpcap_writer_append(struct hpcap_writer *w, const void *records, uint64_t bytes);

/* Pad the current file to its size and close it. No file: nothing happens. */
int hpcap_writer_rotate(struct hpcap_writer *w);

/* Write one frame, to the next file when this one is full. */
int hpcap_writer_put(struct hpcap_writer *w, const struct hpcap_record *rec);

/**
 * hpcap_writer_finish() - Write what is left, flush to disk, close
 * @w: writer
 *
 * The last file ends after its last record, without padding.
 */
int hpcap_writer_finish(struct hpcap_writer *w);

const struct hpcap_writer_report *hpcap_writer_report(const struct hpcap_writer *w);
void hpcap_writer_destroy(struct hpcap_writer *w);

#define HPCAP_PCAP_USEC (1u << 0) /* microseconds; nanoseconds otherwise */

struct hpcap_pcap;

/**
 * hpcap_pcap_create() - Start a pcap file, Ethernet, snap length 65535
 * @p: out
 * @fd: written to, not closed
 * @flags: HPCAP_PCAP_*
 *
 * Return: 0 or -ENOMEM. Nothing is written before hpcap_pcap_flush().
 */
int hpcap_pcap_create(struct hpcap_pcap **p, int fd, uint32_t flags);
int hpcap_pcap_put(struct hpcap_pcap *p, const struct hpcap_record *rec);
int hpcap_pcap_flush(struct hpcap_pcap *p);
void hpcap_pcap_destroy(struct hpcap_pcap *p);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_FILE_H */
