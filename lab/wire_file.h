/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capture files of the lab's programs: any pcap or pcapng in, nanosecond pcap out. */
#ifndef LAB_WIRE_FILE_H
#define LAB_WIRE_FILE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define WIRE_FRAME_MIN 60     /* an Ethernet NIC pads to this, without FCS */
#define WIRE_FRAME_MAX 65535u /* longest datagram QEMU takes for a frame, rounded down */
#define WIRE_NS_PER_S  1000000000ull

// One frame of a capture; data is valid until the next read.
struct wire_frame {
	const uint8_t *data;
	uint32_t caplen;
	uint32_t len;
	uint64_t ns; // since 1970
};

struct wire_reader {
	pcap_t *pcap;
	const char *path;
	uint64_t nr; // frames read so far
	char error[PCAP_ERRBUF_SIZE + 256];
};

int wire_reader_open(struct wire_reader *r, const char *path);
int wire_reader_next(struct wire_reader *r, struct wire_frame *f);
void wire_reader_close(struct wire_reader *r);

struct wire_writer {
	pcap_t *pcap;
	pcap_dumper_t *dump;
	const char *path;
};

int wire_writer_open(struct wire_writer *w, const char *path, char *error, size_t size);
void wire_writer_put(struct wire_writer *w, uint64_t ns, const void *data, uint32_t len);
int wire_writer_close(struct wire_writer *w);

uint64_t wire_clock_ns(clockid_t id);

#endif /* LAB_WIRE_FILE_H */
