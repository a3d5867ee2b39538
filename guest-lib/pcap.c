// SPDX-License-Identifier: LGPL-2.1-or-later
/* Records to a pcap file. */
#include <stdlib.h>
#include <unistd.h>
#include "hpcap_file.h"
#include "priv.h"

enum {
	PCAP_BUF = 1 << 18,
	PCAP_SNAPLEN = 65535,
	PCAP_ETHERNET = 1,
};

#define PCAP_MAGIC_USEC 0xa1b2c3d4u
#define PCAP_MAGIC_NSEC 0xa1b23c4du

struct pcap_file_header {
	uint32_t magic;
	uint16_t major;
	uint16_t minor;
	uint32_t zone;
	uint32_t sigfigs;
	uint32_t snaplen;
	uint32_t linktype;
};

struct pcap_rec_header {
	uint32_t sec;
	uint32_t fraction;
	uint32_t caplen;
	uint32_t len;
};

_Static_assert(sizeof(struct pcap_file_header) == 24, "pcap file header");
_Static_assert(sizeof(struct pcap_rec_header) == 16, "pcap record header");

struct hpcap_pcap {
	int fd;
	uint32_t divisor;
	size_t fill;
	uint8_t buf[PCAP_BUF];
};

static void add(struct hpcap_pcap *p, const void *data, size_t size)
{
	memcpy(p->buf + p->fill, data, size);
	p->fill += size;
}

int hpcap_pcap_create(struct hpcap_pcap **out, int fd, uint32_t flags)
{
	const bool usec = flags & HPCAP_PCAP_USEC;
	const struct pcap_file_header hdr = {
		.magic = usec ? PCAP_MAGIC_USEC : PCAP_MAGIC_NSEC,
		.major = 2,
		.minor = 4,
		.snaplen = PCAP_SNAPLEN,
		.linktype = PCAP_ETHERNET,
	};
	struct hpcap_pcap *p = malloc(sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->fd = fd;
	p->divisor = usec ? 1000 : 1;
	p->fill = 0;
	add(p, &hdr, sizeof(hdr));
	*out = p;
	return 0;
}

int hpcap_pcap_flush(struct hpcap_pcap *p)
{
	size_t done = 0;

	while (done < p->fill) {
		ssize_t n = write(p->fd, p->buf + done, p->fill - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	p->fill = 0;
	return 0;
}

int hpcap_pcap_put(struct hpcap_pcap *p, const struct hpcap_record *rec)
{
	const struct pcap_rec_header hdr = {
		.sec = rec->sec,
		.fraction = rec->nsec / p->divisor,
		.caplen = rec->caplen,
		.len = rec->len,
	};
	int err = 0;

	if (rec->caplen > PCAP_SNAPLEN)
		return -EINVAL;
	if (p->fill + sizeof(hdr) + rec->caplen > PCAP_BUF)
		err = hpcap_pcap_flush(p);
	if (err)
		return err;
	add(p, &hdr, sizeof(hdr));
	add(p, rec->data, rec->caplen);
	return 0;
}

void hpcap_pcap_destroy(struct hpcap_pcap *p)
{
	free(p);
}
