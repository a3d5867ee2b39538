// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd -w -: frames to the standard output, for the program behind the pipe. */
#include <errno.h>
#include <frames_out.h>
#include <inttypes.h>
#include <unistd.h>
#include "dd.h"

enum {
	BUF = 1 << 18,
	ACK_BYTES = 1 << 20, /* give back at least this often */
};

#define SLICE_NS (CLI_NSEC / 4) /* longest sleep; bounds how late a stop is seen */

/**
 * struct out - the standard output
 * @enc: format
 * @iface: the one interface
 * @frames: written
 * @fill: bytes of @buf
 * @buf: to be written
 */
struct out {
	struct hpcap_enc enc;
	struct hpcap_iface iface;
	uint64_t frames;
	size_t fill;
	uint8_t buf[BUF];
};

static int flush(struct out *o)
{
	size_t done = 0;

	while (done < o->fill) {
		ssize_t n = write(STDOUT_FILENO, o->buf + done, o->fill - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += (size_t)n;
	}
	o->fill = 0;
	return 0;
}

static int begin(struct out *o, const struct dd_options *opt)
{
	ssize_t n;

	o->iface = (struct hpcap_iface){.linktype = HPCAP_LINK_ETHERNET, .ticks = CLI_NSEC};
	snprintf(o->iface.name, sizeof(o->iface.name), "hpcap%d:%d", opt->from.adapter,
		 opt->from.queue);
	o->enc = (struct hpcap_enc){
		.format = opt->store.format ? opt->store.format : HPCAP_FORMAT_PCAP,
		.ifaces = &o->iface,
		.nr_ifaces = 1,
		.program = "hpcapdd",
		.comment = opt->store.comment,
	};
	n = hpcap_enc_begin(&o->enc, o->buf, BUF);
	if (n < 0)
		return (int)n;
	o->fill = (size_t)n;
	return flush(o);
}

static int put(struct out *o, const struct hpcap_record *rec)
{
	const struct hpcap_frame f = {
		.rec = *rec, .linktype = HPCAP_LINK_ETHERNET, .has_time = true};
	int err = BUF - o->fill < hpcap_enc_bound(&o->enc, &f) ? flush(o) : 0;
	ssize_t n;

	if (err)
		return err;
	n = hpcap_enc_frame(&o->enc, &f, o->buf + o->fill, BUF - o->fill);
	if (n < 0)
		return (int)n;
	o->fill += (size_t)n;
	o->frames++;
	return 0;
}

static bool is_full(const struct dd *d, const struct out *o)
{
	return d->opt.count && o->frames >= d->opt.count;
}

/* What is there now. */
static int take(struct dd *d, struct out *o)
{
	static uint8_t copy[HPCAP_CAPLEN_MAX];
	const bool lossy = d->opt.join.mode == HPCAP_LOSSY;
	uint64_t left = d->h.avail - d->h.acks;
	struct hpcap_record rec;
	int ret = 0;

	while (left && !ret && !is_full(d, o)) {
		ret = lossy ? hpcap_next_copy(&d->h, &rec, copy, sizeof(copy))
			    : hpcap_next(&d->h, &rec);
		if (ret <= 0)
			break;
		left -= HPCAP_REC_LEN + rec.caplen < left ? HPCAP_REC_LEN + rec.caplen : left;
		ret = put(o, &rec);
		if (d->h.acks >= ACK_BYTES)
			hpcap_ack(&d->h);
	}
	return ret < 0 ? ret : flush(o);
}

static bool is_over(const struct dd *d, const struct out *o)
{
	return is_full(d, o) || cli_stopped() ||
	       (d->opt.duration_ns && cli_now_ns() - d->begin_ns >= d->opt.duration_ns);
}

static int run(struct dd *d, struct out *o)
{
	int err = begin(o, &d->opt);

	while (!err && !is_over(d, o)) {
		err = hpcap_wait_for(&d->h, 1, SLICE_NS);
		if (err == -EINTR || err == -ETIMEDOUT)
			err = 0;
		if (!err)
			err = take(d, o);
	}
	/* what came until the signal or the end of the time is taken, too */
	if (!err && !is_full(d, o))
		err = take(d, o);
	return err;
}

int dd_stdout(struct dd *d)
{
	static struct out o;
	uint64_t missed;
	int err;

	if (isatty(STDOUT_FILENO))
		return cli_misuse("the standard output is a terminal: pipe it to a program");
	err = dd_source_open(d);
	if (err >= 0)
		return err;
	if (!d->opt.quiet)
		fprintf(stderr,
			"hpcapdd: capturing %s to the standard output, ring of %" PRIu64
			" MiB\n",
			dd_source_name(d), d->h.bufSize >> 20);
	d->begin_ns = cli_now_ns();
	err = run(d, &o);
	missed = hpcap_missed(&d->h);
	dd_source_close(d);
	/* the reader has enough, or the device went: both are an end */
	if (err && err != -EPIPE && err != -ENODEV)
		cli_error("standard output: %s", hpcap_strerror(err));
	if (!d->opt.quiet)
		fprintf(stderr, "hpcapdd: %" PRIu64 " frames, %" PRIu64 " lost\n", o.frames,
			missed);
	return err && err != -EPIPE && err != -ENODEV ? CLI_FAILED : CLI_OK;
}
