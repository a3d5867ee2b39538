// SPDX-License-Identifier: LGPL-2.1-or-later
/* The older HPCAP's calls, on top of this library's own. */
#include <sys/time.h>
#include <unistd.h>
#include "priv.h"

static int result(int err)
{
	if (!err)
		return HPCAP_OK;
	errno = -err;
	return HPCAP_ERR;
}

int hpcap_wait(struct hpcap_handle *h, uint64_t bytes)
{
	return result(hpcap_wait_bytes(h, bytes, -1));
}

int hpcap_ack(struct hpcap_handle *h)
{
	hpcap_give_back(h);
	return HPCAP_OK;
}

int hpcap_ack_wait(struct hpcap_handle *h, uint64_t bytes)
{
	return result(hpcap_wait_for(h, bytes, -1));
}

int hpcap_ack_wait_timeout(struct hpcap_handle *h, uint64_t bytes, uint64_t timeout_ns)
{
	int err = hpcap_wait_for(h, bytes, (int64_t)min_u64(timeout_ns, INT64_MAX));

	return result(err == -ETIMEDOUT || err == -EINTR ? 0 : err);
}

uint64_t hpcap_wroff(struct hpcap_handle *h)
{
	return load_commit(h) % h->bufSize;
}

uint64_t hpcap_rdoff(struct hpcap_handle *h)
{
	return h->rdoff;
}

int hpcap_ioc_killwait(struct hpcap_handle *h)
{
	(void)h;
	return HPCAP_OK;
}

/* Layout of libpcap's struct pcap_pkthdr, so that nobody needs its header. */
struct pcap_packet_header {
	struct timeval ts;
	uint32_t caplen;
	uint32_t len;
};

void hpcap_pcap_header(void *hdr, uint32_t sec, uint32_t nsec, uint16_t len, uint16_t caplen)
{
	struct pcap_packet_header out = {
		.ts = {.tv_sec = sec, .tv_usec = nsec / 1000},
		.caplen = caplen,
		.len = len,
	};

	memcpy(hdr, &out, sizeof(out));
}

uint64_t hpcap_read_packet(struct hpcap_handle *h, unsigned char **ptr, unsigned char *auxbuf,
			   void *hdr, hpcap_header_fn fn)
{
	struct hpcap_record rec;
	uint16_t caplen;
	int ret;

	(void)auxbuf;
	ret = h->mode == HPCAP_STRICT ? hpcap_next(h, &rec) : -EOPNOTSUPP;
	*ptr = NULL;
	if (ret < 0)
		return (uint64_t)result(ret);
	if (ret == 0)
		return 0;
	caplen = (uint16_t)rec.caplen;
	*ptr = (unsigned char *)rec.data;
	if (fn) {
		fn(hdr, rec.sec, rec.nsec, (uint16_t)rec.len, caplen);
	} else {
		memcpy(hdr, &caplen, sizeof(caplen));
		*ptr -= RAW_HLEN;
	}
	return rec.sec * 1000000000ull + rec.nsec;
}

static int write_all(int fd, const void *data, uint64_t size)
{
	const char *p = data;

	while (size && fd != 0) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		size -= (uint64_t)n;
	}
	return 0;
}

/* Padding from the end of the last whole record to the end of the block. */
static int write_pad(int fd, uint64_t size)
{
	uint8_t pad[HPCAP_REC_LEN + UINT16_MAX] = {0};
	struct rec_header hdr = {0};

	hdr.caplen = (uint32_t)(size - HPCAP_REC_LEN);
	hdr.len = hdr.caplen;
	rec_store(pad, &hdr);
	return write_all(fd, pad, size);
}

uint64_t hpcap_write_block(struct hpcap_handle *h, int fd, uint64_t max)
{
	struct hpcap_span span;
	int err = 0;

	if (h->mode != HPCAP_STRICT || h->view)
		return (uint64_t)result(-EOPNOTSUPP);
	if (!refresh(h) || min_u64(h->avail - h->acks, max) < HPCAP_BS)
		return 0;
	span.data = h->buf + h->rdoff;
	span.bytes = HPCAP_BS;
	if (max == HPCAP_BS)
		err = hpcap_whole_until(h, read_pos(h) + HPCAP_BS - HPCAP_REC_LEN, 0, &span);
	if (!err)
		err = write_all(fd, span.data, span.bytes);
	if (!err && span.bytes < HPCAP_BS)
		err = write_pad(fd, HPCAP_BS - span.bytes);
	if (err)
		return (uint64_t)result(err);
	move_to(h, read_pos(h) + span.bytes);
	hpcap_give_back(h);
	return HPCAP_BS;
}
