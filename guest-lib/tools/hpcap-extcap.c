// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-extcap: capture queues as interfaces of Wireshark and tshark. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <hpcap_file.h>
#include "cli.h"
#include "filter.h"
#include "queues.h"

enum {
	LINK_ETHERNET = 1,
	CAPLEN_MAX = 65535,
	ACK_BYTES = 1 << 20,
	TICK_NS = 200000000, /* between two looks whether to stop */
};

static const char usage[] =
	"usage: hpcap-extcap --extcap-interfaces\n"
	"       hpcap-extcap --extcap-interface hpcapA:Q --extcap-dlts | --extcap-config\n"
	"       hpcap-extcap --extcap-interface hpcapA:Q --capture --fifo PATH [options]\n"
	"Wireshark and tshark run it by themselves, when it stands in their extcap folder.\n"
	"  --extcap-capture-filter EXPR  frames of this pcap-filter(7) only\n"
	"  --caplen N                    bytes of each frame, at most (65535)\n"
	"  --lossy                       never hold back others: rather miss frames\n"
	"  --extcap-version[=V]          ignored: Wireshark's version\n"
	"  --help\n"
	"  --version\n"
	"Exit status: 0 done, 1 failed, 2 wrong use.\n";

/**
 * struct extcap - one run
 * @interface: hpcapA:Q
 * @fifo: where to
 * @expr: filter expression
 * @caplen: bytes of each frame
 * @lossy: how to join
 * @list: --extcap-interfaces
 * @dlts: --extcap-dlts
 * @config: --extcap-config
 * @capture: --capture
 * @id: the queue
 * @filter: compiled
 * @h: the listener
 * @pcap: to @fifo
 */
struct extcap {
	const char *interface;
	const char *fifo;
	const char *expr;
	uint64_t caplen;
	int lossy;
	int list, dlts, config, capture;
	struct queue_id id;
	struct filter filter;
	struct hpcap_handle h;
	struct hpcap_pcap *pcap;
};

static int list_interfaces(void)
{
	struct queue_id *id = calloc(QUEUES_MAX, sizeof(*id));
	int n, i;

	if (!id)
		return CLI_FAILED;
	printf("extcap {version=%s}{display=hpcap capture queues}\n", HPCAP_VERSION);
	n = queues_find(id);
	for (i = 0; i < n; i++)
		printf("interface {value=hpcap%d:%d}{display=hpcap queue %d of adapter %d}\n",
		       id[i].adapter, id[i].queue, id[i].queue, id[i].adapter);
	free(id);
	return CLI_OK;
}

static int list_config(void)
{
	printf("arg {number=0}{call=--caplen}{display=Bytes of each frame}{type=unsigned}"
	       "{range=1,%d}{default=%d}{tooltip=Frames are cut to this length}\n",
	       CAPLEN_MAX, CAPLEN_MAX);
	printf("arg {number=1}{call=--lossy}{display=Never hold back others}{type=boolflag}"
	       "{default=false}{tooltip=Rather miss frames than let other programs lose them}\n");
	return CLI_OK;
}

static bool parse_interface(const char *text, struct queue_id *id)
{
	char rest;

	return text[0] == 'h' &&
	       sscanf(text, "hpcap%d:%d%c", &id->adapter, &id->queue, &rest) == 2 &&
	       id->adapter >= 0 && id->queue >= 0;
}

static int next(struct extcap *x, struct hpcap_record *rec)
{
	static uint8_t copy[HPCAP_CAPLEN_MAX];

	if (x->lossy)
		return hpcap_next_copy(&x->h, rec, copy, sizeof(copy));
	return hpcap_next(&x->h, rec);
}

/* Hand on what is there now. */
static int take(struct extcap *x)
{
	struct hpcap_record rec;
	int ret;

	while ((ret = next(x, &rec)) > 0 && !cli_stopped()) {
		if (filter_passes(&x->filter, &rec)) {
			if (rec.caplen > x->caplen)
				rec.caplen = (uint32_t)x->caplen;
			ret = hpcap_pcap_put(x->pcap, &rec);
			if (ret)
				return ret;
		}
		if (x->h.acks >= ACK_BYTES)
			hpcap_ack(&x->h);
	}
	return ret < 0 ? ret : hpcap_pcap_flush(x->pcap);
}

static int run(struct extcap *x)
{
	int err = hpcap_pcap_flush(x->pcap);

	while (!err && !cli_stopped()) {
		err = hpcap_wait_for(&x->h, 1, TICK_NS);
		if (err == -ETIMEDOUT || err == -EINTR)
			err = 0;
		if (!err)
			err = take(x);
	}
	return err;
}

static int open_queue(struct extcap *x)
{
	const struct hpcap_options opt = {.mode = x->lossy ? HPCAP_LOSSY : HPCAP_STRICT};
	int err = hpcap_open_with(&x->h, x->id.adapter, x->id.queue, &opt);

	if (!err && hpcap_map(&x->h))
		err = -errno;
	if (err)
		cli_error("%s: %s", x->interface, hpcap_strerror(err));
	return err;
}

static int capture(struct extcap *x)
{
	int fd, err;

	if (!x->fifo)
		return cli_misuse("--capture needs --fifo");
	if (open_queue(x))
		return CLI_FAILED;
	fd = open(x->fifo, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
	err = fd < 0 ? -errno : hpcap_pcap_create(&x->pcap, fd, 0);
	if (err) {
		cli_error("%s: %s", x->fifo, strerror(-err));
		return CLI_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	cli_catch_signals();
	err = run(x);
	if (hpcap_missed(&x->h))
		cli_error("%s: %llu frames were lost", x->interface,
			  (unsigned long long)hpcap_missed(&x->h));
	hpcap_pcap_destroy(x->pcap);
	hpcap_close(&x->h);
	close(fd);
	/* The reader goes when it has enough. */
	if (!err || err == -EPIPE)
		return CLI_OK;
	cli_error("%s: %s", x->interface, hpcap_strerror(err));
	return CLI_FAILED;
}

static int run_verb(struct extcap *x)
{
	char why[256];
	int status;

	if (x->list)
		return list_interfaces();
	if (!x->interface)
		return cli_misuse("--extcap-interface is needed");
	if (!parse_interface(x->interface, &x->id))
		return cli_misuse("%s is no interface of ours: hpcapA:Q, as in hpcap0:0",
				  x->interface);
	if (x->dlts) {
		printf("dlt {number=%d}{name=EN10MB}{display=Ethernet}\n", LINK_ETHERNET);
		return CLI_OK;
	}
	if (x->config)
		return list_config();
	if (!x->capture && !x->expr)
		return cli_misuse("--capture, --extcap-dlts or --extcap-config is needed");
	if (!filter_init(&x->filter, x->expr, LINK_ETHERNET, why, sizeof(why)))
		return cli_misuse("filter \"%s\": %s", x->expr, why);
	status = x->capture ? capture(x) : CLI_OK;
	filter_deinit(&x->filter);
	return status;
}

int main(int argc, char **argv)
{
	struct extcap x = {.caplen = CAPLEN_MAX, .h.fd = -1};
	const struct option options[] = {
		{"extcap-interfaces", no_argument, &x.list, 1},
		{"extcap-dlts", no_argument, &x.dlts, 1},
		{"extcap-config", no_argument, &x.config, 1},
		{"capture", no_argument, &x.capture, 1},
		{"lossy", no_argument, &x.lossy, 1},
		{"extcap-interface", required_argument, NULL, 'i'},
		{"extcap-capture-filter", required_argument, NULL, 'f'},
		{"extcap-version", optional_argument, NULL, 'v'},
		{"fifo", required_argument, NULL, 'o'},
		{"caplen", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 0:
		case 'v':
			break;
		case 'i':
			x.interface = optarg;
			break;
		case 'f':
			x.expr = optarg;
			break;
		case 'o':
			x.fifo = optarg;
			break;
		case 'c':
			if (!cli_number(optarg, CAPLEN_MAX, &x.caplen) || !x.caplen)
				return cli_misuse("bad caplen: %s (1 to %d)", optarg,
						  CAPLEN_MAX);
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-extcap");
		default:
			return CLI_USAGE;
		}
	}
	return optind < argc ? cli_misuse("what is %s?", argv[optind]) : run_verb(&x);
}
