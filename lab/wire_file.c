// SPDX-License-Identifier: GPL-2.0-or-later
// Capture files of the lab's programs: any pcap or pcapng in, nanosecond pcap out.
#include "wire_file.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SNAPLEN 262144

/**
 * wire_reader_open() - Open a capture of Ethernet frames
 * @r: filled in; r->error says what is wrong when it fails
 * @path: pcap or pcapng, either byte order, micro- or nanoseconds
 *
 * Return: 0, or -1 with r->error set.
 */
int wire_reader_open(struct wire_reader *r, const char *path)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	*r = (struct wire_reader){.path = path};
	r->pcap =
		pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!r->pcap) {
		bool named = !strncmp(why, path, strlen(path));

		snprintf(r->error, sizeof(r->error), "%s%s%s (a pcap or pcapng file is wanted)",
			 named ? "" : path, named ? "" : ": ", why);
		return -1;
	}
	if (pcap_datalink(r->pcap) != DLT_EN10MB) {
		const char *name = pcap_datalink_val_to_name(pcap_datalink(r->pcap));

		snprintf(r->error, sizeof(r->error),
			 "%s: link type is %s, not Ethernet (EN10MB): its frames cannot go on "
			 "an Ethernet wire",
			 path, name ? name : "unknown");
		wire_reader_close(r);
		return -1;
	}
	return 0;
}

/**
 * wire_reader_next() - Read one frame
 * @r: open reader
 * @f: filled in
 *
 * Return: 1 a frame, 0 end of file, -1 the file is damaged (r->error).
 */
int wire_reader_next(struct wire_reader *r, struct wire_frame *f)
{
	struct pcap_pkthdr *h;
	const uint8_t *data;
	int rc = pcap_next_ex(r->pcap, &h, &data);

	if (rc == PCAP_ERROR_BREAK)
		return 0;
	if (rc != 1 && strstr(pcap_geterr(r->pcap), "different from")) {
		snprintf(
			r->error, sizeof(r->error),
			"%s: frames of several kinds of interface in one file: %s (if all are "
			"Ethernet, editcap makes one kind of them: editcap -F nsecpcap %s one.pcap)",
			r->path, pcap_geterr(r->pcap), r->path);
		return -1;
	}
	if (rc != 1) {
		snprintf(r->error, sizeof(r->error),
			 "%s: damaged behind frame %llu: %s (editcap keeps the whole frames: "
			 "editcap %s fixed.pcap)",
			 r->path, (unsigned long long)r->nr, pcap_geterr(r->pcap), r->path);
		return -1;
	}
	r->nr++;
	f->data = data;
	f->caplen = h->caplen;
	f->len = h->len;
	f->ns = (uint64_t)h->ts.tv_sec * WIRE_NS_PER_S + (uint64_t)h->ts.tv_usec;
	return 1;
}

void wire_reader_close(struct wire_reader *r)
{
	if (r->pcap)
		pcap_close(r->pcap);
	r->pcap = NULL;
}

/**
 * wire_writer_open() - Start a nanosecond pcap of Ethernet frames
 * @w: filled in
 * @path: created or emptied
 * @error: what is wrong, when it fails
 * @size: of @error
 *
 * Return: 0, or -1 with @error set.
 */
int wire_writer_open(struct wire_writer *w, const char *path, char *error, size_t size)
{
	*w = (struct wire_writer){.path = path};
	w->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, SNAPLEN,
						       PCAP_TSTAMP_PRECISION_NANO);
	if (!w->pcap) {
		snprintf(error, size, "%s: out of memory", path);
		return -1;
	}
	w->dump = pcap_dump_open(w->pcap, path);
	if (!w->dump) {
		snprintf(error, size, "%s", pcap_geterr(w->pcap));
		pcap_close(w->pcap);
		w->pcap = NULL;
		return -1;
	}
	setvbuf(pcap_dump_file(w->dump), NULL, _IOFBF, 1 << 20);
	return 0;
}

/**
 * wire_writer_put() - Append one whole frame
 * @w: open writer
 * @ns: time, since 1970
 * @data: the frame
 * @len: its bytes
 *
 * A full disk shows in wire_writer_close().
 */
void wire_writer_put(struct wire_writer *w, uint64_t ns, const void *data, uint32_t len)
{
	struct pcap_pkthdr h = {
		.ts = {.tv_sec = (time_t)(ns / WIRE_NS_PER_S),
		       .tv_usec = (suseconds_t)(ns % WIRE_NS_PER_S)},
		.caplen = len,
		.len = len,
	};

	pcap_dump((u_char *)w->dump, &h, data);
}

/**
 * wire_writer_close() - Finish the file
 * @w: writer, open or not
 *
 * Return: 0 when every byte reached the file, else -1.
 */
int wire_writer_close(struct wire_writer *w)
{
	int rc = 0;

	if (!w->dump)
		return 0;
	if (pcap_dump_flush(w->dump) || ferror(pcap_dump_file(w->dump)))
		rc = -1;
	pcap_dump_close(w->dump);
	pcap_close(w->pcap);
	w->dump = NULL;
	w->pcap = NULL;
	return rc;
}

uint64_t wire_clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * WIRE_NS_PER_S + (uint64_t)t.tv_nsec;
}
