/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A RAW file on a disk: its name, O_DIRECT or not, what remains after an error. */
#ifndef HPCAP_DISK_H
#define HPCAP_DISK_H

#include "hpcap_file.h"

#define DISK_ALIGN 4096u /* of sizes and buffers; any disk's sector fits */

/**
 * struct disk_file - the file being written
 * @dir: open directory, -1 to write nowhere
 * @fd: -1 when there is none
 * @direct: O_DIRECT is in force
 * @mem_align: of a source that O_DIRECT takes, bytes; 0 when only our own
 *             buffer will do
 */
struct disk_file {
	int dir;
	int fd;
	bool direct;
	uint32_t mem_align;
};

/* The name of a file's directory, and of the file: the nth of that second. */
int hpcap_disk_dir_name(char *path, size_t size, uint32_t sec);
void hpcap_disk_name(char *path, size_t size, uint32_t sec, int adapter, int queue, int nth,
		     const char *suffix);

/* Alignment that O_DIRECT wants of memory, bytes. */
uint32_t hpcap_disk_mem_align(int fd);

int hpcap_disk_create(struct disk_file *f, const struct hpcap_writer_options *opt, uint32_t sec,
		      struct hpcap_writer_report *rep);
int hpcap_disk_write(struct disk_file *f, const void *data, uint64_t size,
		     struct hpcap_writer_report *rep);
int hpcap_disk_sync(const struct disk_file *f);
void hpcap_disk_close(struct disk_file *f);
void hpcap_disk_trim(struct disk_file *f, const char *path);
void hpcap_disk_set_buffered(struct disk_file *f);

#endif /* HPCAP_DISK_H */
