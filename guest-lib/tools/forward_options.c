// SPDX-License-Identifier: GPL-2.0-or-later
/* Command line of hpcap-forward. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "forward.h"

#define SECONDS_MAX 1000000000u

static const char usage[] =
	"usage: hpcap-forward [options] <A:Q> <A:Q>\n"
	"Bridge the interfaces of two capture queues: what comes in at one goes out at\n"
	"the other, from the ring to the NIC without a copy.\n"
	"  -1, --one-way         only from the first to the second\n"
	"  -f, --filter EXPR     only frames that match, as for tcpdump\n"
	"      --set-src MAC     write this source address into what is sent\n"
	"      --set-dst MAC     write this destination address into what is sent\n"
	"      --copy            copy each frame, so that sending never holds the ring\n"
	"  -c, --count N         stop after N frames were taken\n"
	"      --duration S      stop after S seconds\n"
	"  -n, --name NAME       shown in listings of listeners\n"
	"  -j, --json            a summary as JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Ctrl-C ends in order: everything taken until then is sent.\n";

enum {
	OPT_SRC = 256,
	OPT_DST,
	OPT_COPY,
	OPT_DURATION
};

static const struct option options[] = {
	{"one-way", no_argument, NULL, '1'},
	{"filter", required_argument, NULL, 'f'},
	{"set-src", required_argument, NULL, OPT_SRC},
	{"set-dst", required_argument, NULL, OPT_DST},
	{"copy", no_argument, NULL, OPT_COPY},
	{"count", required_argument, NULL, 'c'},
	{"duration", required_argument, NULL, OPT_DURATION},
	{"name", required_argument, NULL, 'n'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static bool parse_mac(const char *text, uint8_t *mac)
{
	int i, used = 0;

	for (i = 0; i < MAC_LEN; i++) {
		if (strspn(text, "0123456789abcdefABCDEF") != 2)
			return false;
		mac[i] = (uint8_t)strtoul(text, NULL, 16);
		text += 2;
		used += *text == ':';
		text += *text == ':';
	}
	return used == MAC_LEN - 1 && !*text;
}

static bool parse_seconds(const char *text, int64_t *out_ns)
{
	uint64_t s;

	if (!cli_number(text, SECONDS_MAX, &s) || s == 0)
		return false;
	*out_ns = (int64_t)s * CLI_NSEC;
	return true;
}

static bool parse_option(struct forward *f, int opt, const char *arg)
{
	switch (opt) {
	case '1':
		return f->one_way = true;
	case 'f':
		f->expression = arg;
		return true;
	case OPT_SRC:
		return f->set_src = parse_mac(arg, f->src);
	case OPT_DST:
		return f->set_dst = parse_mac(arg, f->dst);
	case OPT_COPY:
		return f->copy = true;
	case 'c':
		return cli_number(arg, UINT64_MAX, &f->count) && f->count;
	case OPT_DURATION:
		return parse_seconds(arg, &f->duration_ns);
	case 'n':
		f->name = arg;
		return strlen(arg) < HPCAP_NAME_LEN;
	default:
		return f->json = true;
	}
}

static bool parse_side(struct forward_side *s, const char *text)
{
	char adapter[8];
	uint64_t a, q;
	const char *colon = strchr(text, ':');

	s->spec = text;
	if (!colon || (size_t)(colon - text) >= sizeof(adapter))
		return false;
	memcpy(adapter, text, (size_t)(colon - text));
	adapter[colon - text] = '\0';
	if (!cli_number(adapter, 9999, &a) || !cli_number(colon + 1, 9999, &q))
		return false;
	s->adapter = (int)a;
	s->queue = (int)q;
	return true;
}

/* A filter sees whole Ethernet frames; a wrong one is refused before anything. */
static int compile(struct forward *f)
{
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, HPCAP_CAPLEN_MAX);
	int status = -1;

	if (!dead || pcap_compile(dead, &f->program, f->expression, 1, PCAP_NETMASK_UNKNOWN))
		status = cli_misuse("filter \"%s\": %s", f->expression,
				    dead ? pcap_geterr(dead) : "out of memory");
	if (dead)
		pcap_close(dead);
	return status;
}

static int parse_sides(struct forward *f, int n, char **arg)
{
	int i;

	if (n != 2)
		return cli_misuse("two queues are needed, for example 0:0 1:0");
	for (i = 0; i < 2; i++)
		if (!parse_side(&f->side[i], arg[i]))
			return cli_misuse("%s: a queue is adapter:queue, as in /dev/hpcap_0_0",
					  arg[i]);
	if (f->side[0].adapter == f->side[1].adapter)
		return cli_misuse("%s and %s are the same interface: frames would go round",
				  arg[0], arg[1]);
	return f->expression ? compile(f) : -1;
}

int forward_parse(struct forward *f, int argc, char **argv)
{
	int opt, index = 0;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "+1f:c:n:jhV", options, &index)) != -1) {
		switch (opt) {
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-forward");
		case '?':
			return CLI_USAGE;
		default:
			if (!parse_option(f, opt, optarg))
				return cli_bad_value(options, opt, optarg);
		}
	}
	return parse_sides(f, argc - optind, argv + optind);
}
