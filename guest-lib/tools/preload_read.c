// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of a device of ours: loop, dispatch, next; and files written from it. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "preload.h"

enum {
	ACK_BYTES = 1 << 18,  /* give back at least this often */
	WANT_BYTES = 1 << 17, /* a sleep with a time-out ends when so much is there */
};

static int fail_read(struct live *l, int err)
{
	if (err == -ENODEV)
		return live_fail(l, "the device went away");
	return live_fail(l, "%s", hpcap_strerror(err));
}

/* The program said stop: true once. */
static bool stopped(struct live *l)
{
	eventfd_t n;

	if (!atomic_exchange(&l->stop, false))
		return false;
	(void)eventfd_read(l->wake_fd, &n);
	return true;
}

/* Sleep until there is something to read, a time-out, or somebody says stop: 0 or an errno. */
static int sleep_once(struct live *l)
{
	struct pollfd fds[] = {
		{.fd = l->h.fd, .events = POLLIN},
		{.fd = l->wake_fd, .events = POLLIN},
	};
	bool at_once = l->immediate || l->selected || !l->timeout_ms;
	struct timespec limit;
	int err = hpcap_wait_for(&l->h, at_once ? 1 : WANT_BYTES, 0);

	if (err != -ETIMEDOUT || l->nonblock)
		return err == -ETIMEDOUT ? 0 : err;
	if (atomic_load(&l->stop))
		return 0;
	limit.tv_sec = l->timeout_ms / 1000;
	limit.tv_nsec = l->timeout_ms % 1000 * 1000000l;
	ppoll(fds, 2, l->timeout_ms ? &limit : NULL, NULL);
	err = hpcap_wait_for(&l->h, 1, 0);
	return err == -ETIMEDOUT ? 0 : err;
}

static int take(struct live *l, struct hpcap_record *rec)
{
	if (l->lossy)
		return hpcap_next_copy(&l->h, rec, l->copy, sizeof(l->copy));
	return hpcap_next(&l->h, rec);
}

/* Next frame that passes, of *left bytes: 1, 0 none of them, or a negative errno. */
static int next_frame(struct live *l, uint64_t *left, struct hpcap_record *rec)
{
	while (*left && !atomic_load(&l->stop)) {
		uint64_t size;
		int ret;

		if (l->h.acks >= ACK_BYTES)
			hpcap_ack(&l->h);
		ret = take(l, rec);
		if (ret <= 0)
			return ret;
		size = HPCAP_REC_LEN + rec->caplen;
		*left -= size < *left ? size : *left;
		l->hdr.caplen = rec->caplen;
		l->hdr.len = rec->len;
		if (l->filter.bf_len &&
		    !REAL(pcap_offline_filter)(&l->filter, &l->hdr, rec->data))
			continue;
		l->passed++;
		l->hdr.ts.tv_sec = rec->sec;
		l->hdr.ts.tv_usec = l->precision == PCAP_TSTAMP_PRECISION_NANO
					    ? (suseconds_t)rec->nsec
					    : (suseconds_t)(rec->nsec / 1000);
		if (rec->caplen > (uint32_t)l->snaplen)
			l->hdr.caplen = (bpf_u_int32)l->snaplen;
		return 1;
	}
	return 0;
}

/*
 * Bytes that are there now, after a sleep if there were none. What comes later is
 * for the next call, so that each call ends. 0 or an error of libpcap.
 */
static int look(struct live *l, uint64_t *left)
{
	int err = 0;

	if (!l->active)
		return PCAP_ERROR_NOT_ACTIVATED;
	if (stopped(l))
		return PCAP_ERROR_BREAK;
	if (l->h.acks >= l->h.avail)
		err = sleep_once(l);
	*left = l->h.avail - l->h.acks;
	return err ? fail_read(l, err) : 0;
}

static int nothing(struct live *l)
{
	return stopped(l) ? PCAP_ERROR_BREAK : 0;
}

static int dispatch(struct live *l, int max, pcap_handler callback, u_char *user)
{
	struct hpcap_record rec;
	uint64_t left;
	int n = 0, ret = look(l, &left);

	if (ret)
		return ret;
	while (max <= 0 || n < max) {
		ret = next_frame(l, &left, &rec);
		if (ret < 0)
			return fail_read(l, ret);
		if (ret == 0)
			break;
		callback(user, &l->hdr, rec.data);
		n++;
	}
	return n ? n : nothing(l);
}

int pcap_dispatch(pcap_t *p, int cnt, pcap_handler callback, u_char *user)
{
	struct live *l = live_of(p);

	return l ? dispatch(l, cnt, callback, user)
		 : REAL(pcap_dispatch)(p, cnt, callback, user);
}

int pcap_loop(pcap_t *p, int cnt, pcap_handler callback, u_char *user)
{
	struct live *l = live_of(p);
	int left = cnt, n;

	if (!l)
		return REAL(pcap_loop)(p, cnt, callback, user);
	for (;;) {
		n = dispatch(l, left, callback, user);
		if (n < 0)
			return n;
		if (cnt <= 0)
			continue;
		left -= n;
		if (left <= 0)
			return 0;
	}
}

int pcap_next_ex(pcap_t *p, struct pcap_pkthdr **hdr, const u_char **data)
{
	struct live *l = live_of(p);
	struct hpcap_record rec;
	uint64_t left;
	int ret;

	if (!l)
		return REAL(pcap_next_ex)(p, hdr, data);
	ret = look(l, &left);
	if (ret)
		return ret;
	ret = next_frame(l, &left, &rec);
	if (ret < 0)
		return fail_read(l, ret);
	if (ret == 0)
		return nothing(l);
	*hdr = &l->hdr;
	*data = rec.data;
	return 1;
}

const u_char *pcap_next(pcap_t *p, struct pcap_pkthdr *hdr)
{
	struct pcap_pkthdr *h;
	const u_char *data;

	if (!live_of(p))
		return REAL(pcap_next)(p, hdr);
	if (pcap_next_ex(p, &h, &data) <= 0)
		return NULL;
	*hdr = *h;
	return data;
}

/* May be called by a signal handler. */
void pcap_breakloop(pcap_t *p)
{
	struct live *l = live_of(p);
	const uint64_t one = 1;

	if (!l) {
		REAL(pcap_breakloop)(p);
		return;
	}
	atomic_store(&l->stop, true);
	if (write(l->wake_fd, &one, sizeof(one)) < 0)
		return; /* it is awake already */
}

/* A pcap file's header has snap length and precision, which the dead pcap_t has not. */
static pcap_t *borrow_dead(const struct live *l)
{
	return REAL(pcap_open_dead_with_tstamp_precision)(DLT_EN10MB, l->snaplen,
							  (u_int)l->precision);
}

static pcap_dumper_t *return_dead(struct live *l, pcap_t *dead, pcap_dumper_t *d)
{
	if (!d)
		snprintf(REAL(pcap_geterr)(l->pcap), PCAP_ERRBUF_SIZE, "%s",
			 REAL(pcap_geterr)(dead));
	REAL(pcap_close)(dead);
	return d;
}

pcap_dumper_t *pcap_dump_open(pcap_t *p, const char *path)
{
	struct live *l = live_of(p);
	pcap_t *dead;

	if (!l)
		return REAL(pcap_dump_open)(p, path);
	dead = borrow_dead(l);
	return dead ? return_dead(l, dead, REAL(pcap_dump_open)(dead, path)) : NULL;
}

pcap_dumper_t *pcap_dump_open_append(pcap_t *p, const char *path)
{
	struct live *l = live_of(p);
	pcap_t *dead;

	if (!l)
		return REAL(pcap_dump_open_append)(p, path);
	dead = borrow_dead(l);
	return dead ? return_dead(l, dead, REAL(pcap_dump_open_append)(dead, path)) : NULL;
}

pcap_dumper_t *pcap_dump_fopen(pcap_t *p, FILE *f)
{
	struct live *l = live_of(p);
	pcap_t *dead;

	if (!l)
		return REAL(pcap_dump_fopen)(p, f);
	dead = borrow_dead(l);
	return dead ? return_dead(l, dead, REAL(pcap_dump_fopen)(dead, f)) : NULL;
}
