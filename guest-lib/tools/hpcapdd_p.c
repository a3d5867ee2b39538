// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd_p: take frames one by one, to RAW files or as pcap to a pipe. */
#include <errno.h>
#include <unistd.h>
#include "capture.h"

enum {
	ACK_BYTES = 1 << 20
}; /* give back at least this often */

static const char usage[] =
	"usage: hpcapdd_p [options] <adapter> <queue> <dir|stdout|null>\n"
	"Take frames of /dev/hpcap_<adapter>_<queue> one by one: RAW files without\n"
	"padding under <dir>, or pcap to the standard output (for tcpdump -r -).\n"
	"      --file-size SIZE  of each file at most, multiple of 4096 (2G)\n"
	"      --block SIZE      of each write, multiple of 4096 (1M)\n"
	"  -c, --count N         stop after N frames\n"
	"      --duration S      stop after S seconds\n"
	"      --stats S         a line of statistics each S seconds\n" LISTEN_USAGE
	"  -l, --lossy           never hold back others: rather miss frames\n"
	"  -n, --name NAME       shown in listings of listeners\n"
	"  -j, --json            a summary as JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n";

static int next(struct capture *c, struct hpcap_record *rec)
{
	static uint8_t copy[HPCAP_CAPLEN_MAX];

	if (c->hopt.mode == HPCAP_LOSSY)
		return hpcap_next_copy(&c->h, rec, copy, sizeof(copy));
	return hpcap_next(&c->h, rec);
}

static int put(struct capture *c, struct hpcap_pcap *pcap, const struct hpcap_record *rec)
{
	if (pcap)
		return hpcap_pcap_put(pcap, rec);
	return c->dir ? hpcap_writer_put(c->w, rec) : 0;
}

/* Take what is committed now. */
static int take(struct capture *c, struct hpcap_pcap *pcap)
{
	uint64_t left = c->h.avail - c->h.acks, size;
	struct hpcap_record rec;
	int ret;

	while (left && !capture_is_full(c)) {
		ret = next(c, &rec);
		if (ret <= 0)
			return ret;
		ret = put(c, pcap, &rec);
		if (ret)
			return ret;
		c->frames++;
		size = HPCAP_REC_LEN + rec.caplen;
		left -= size < left ? size : left;
		if (c->h.acks >= ACK_BYTES)
			hpcap_ack(&c->h);
	}
	return 0;
}

static int run(struct capture *c, struct hpcap_pcap *pcap)
{
	bool last = false;
	int err = pcap ? hpcap_pcap_flush(pcap) : 0;

	while (!err && !last && !capture_is_full(c)) {
		err = capture_wait(c, 1, &last);
		if (!err)
			err = take(c, pcap);
		if (!err && pcap)
			err = hpcap_pcap_flush(pcap);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct capture c = {.program = "hpcapdd_p", .wopt.flags = HPCAP_WRITER_NO_PAD};
	int status = capture_parse(&c, argc, argv, usage);
	struct hpcap_pcap *pcap = NULL;
	int err = 0;

	if (status >= 0)
		return status;
	if (c.to_stdout && c.json)
		return cli_misuse("stdout carries the frames: no place for --json");
	if (c.to_stdout && isatty(STDOUT_FILENO))
		return cli_misuse("stdout is a terminal: pipe it to a program");
	status = capture_begin(&c);
	if (status)
		return status;
	if (c.to_stdout)
		err = hpcap_pcap_create(&pcap, STDOUT_FILENO, 0);
	if (!err)
		err = run(&c, pcap);
	hpcap_pcap_destroy(pcap);
	return capture_end(&c, err);
}
