// SPDX-License-Identifier: GPL-2.0-or-later
// wire - one end of a lab wire: sends frames to a NIC under QEMU, records what it sends.
#include "wire.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
	"usage: wire --local SOCKET --peer SOCKET [what] [how fast] [how long] [files]\n"
	"       wire --check FILE [--mtu N]     only look: Ethernet? no frame too long?\n"
	"       wire --describe FILE            what it asks of a NIC, as JSON\n"
	"\n"
	"what      --pcap FILE                  frames of a pcap or pcapng\n"
	"          --pattern imix|SIZE|MIN-MAX  generated frames, endless unless --count\n"
	"                                       [--seed N] [--vlan ID] [--dst MAC] [--src MAC]\n"
	"                                       [--turns N: --dst and the N - 1 behind it, in turn]\n"
	"          neither                      only record\n"
	"how fast  --pps N (1000)  --mbps N  --original  --speed FACTOR  --top\n"
	"how long  --count N  --loop N  --time S  --linger S (after the last frame)\n"
	"          --wait S (for the peer, 10)  --stall S (peer takes nothing, 30)\n"
	"files     --record FILE  what came back   --sent FILE  what was sent, and when\n"
	"report    --json  --quiet\n"
	"\n"
	"One datagram is one frame, without FCS; shorter ones are padded to 60 bytes.\n"
	"QEMU's end: -netdev dgram,local.type=unix,local.path=PEER,remote.type=unix,"
	"remote.path=LOCAL\n";

enum {
	OPT_LOCAL = 256,
	OPT_PEER,
	OPT_PCAP,
	OPT_PATTERN,
	OPT_SEED,
	OPT_VLAN,
	OPT_DST,
	OPT_TURNS,
	OPT_SRC,
	OPT_PPS,
	OPT_MBPS,
	OPT_ORIGINAL,
	OPT_SPEED,
	OPT_TOP,
	OPT_COUNT,
	OPT_LOOP,
	OPT_TIME,
	OPT_LINGER,
	OPT_WAIT,
	OPT_STALL,
	OPT_RECORD,
	OPT_SENT,
	OPT_CHECK,
	OPT_DESCRIBE,
	OPT_MTU,
	OPT_JSON,
	OPT_QUIET,
	OPT_HELP,
};

static const struct option options[] = {
	{"local", required_argument, NULL, OPT_LOCAL},
	{"peer", required_argument, NULL, OPT_PEER},
	{"pcap", required_argument, NULL, OPT_PCAP},
	{"pattern", required_argument, NULL, OPT_PATTERN},
	{"seed", required_argument, NULL, OPT_SEED},
	{"vlan", required_argument, NULL, OPT_VLAN},
	{"dst", required_argument, NULL, OPT_DST},
	{"turns", required_argument, NULL, OPT_TURNS},
	{"src", required_argument, NULL, OPT_SRC},
	{"pps", required_argument, NULL, OPT_PPS},
	{"mbps", required_argument, NULL, OPT_MBPS},
	{"original", no_argument, NULL, OPT_ORIGINAL},
	{"speed", required_argument, NULL, OPT_SPEED},
	{"top", no_argument, NULL, OPT_TOP},
	{"count", required_argument, NULL, OPT_COUNT},
	{"loop", required_argument, NULL, OPT_LOOP},
	{"time", required_argument, NULL, OPT_TIME},
	{"linger", required_argument, NULL, OPT_LINGER},
	{"wait", required_argument, NULL, OPT_WAIT},
	{"stall", required_argument, NULL, OPT_STALL},
	{"record", required_argument, NULL, OPT_RECORD},
	{"sent", required_argument, NULL, OPT_SENT},
	{"check", required_argument, NULL, OPT_CHECK},
	{"describe", required_argument, NULL, OPT_DESCRIBE},
	{"mtu", required_argument, NULL, OPT_MTU},
	{"json", no_argument, NULL, OPT_JSON},
	{"quiet", no_argument, NULL, OPT_QUIET},
	{"help", no_argument, NULL, OPT_HELP},
	{0},
};

static void __attribute__((noreturn)) wrong_use(const char *opt, const char *wanted)
{
	fprintf(stderr, "wire: %s: wanted %s (wire --help)\n", opt, wanted);
	exit(2);
}

static double number(const char *opt, const char *text, double least, double most)
{
	char *end;
	double v = strtod(text, &end);
	char wanted[80];

	if (end != text && !*end && v >= least && v <= most)
		return v;
	snprintf(wanted, sizeof(wanted), "a number from %g to %g, not \"%.20s\"", least, most,
		 text);
	wrong_use(opt, wanted);
}

static void mac_address(const char *opt, const char *text, uint8_t *mac)
{
	unsigned int b[6];
	int n = -1;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &n) != 6 ||
	    text[n])
		wrong_use(opt, "an address like 02:00:00:00:00:01");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
}

static void set_pace(struct wire_opts *o, enum wire_pace pace, double rate)
{
	o->pace = pace;
	o->rate = rate;
}

static bool parse_pace(struct wire_opts *o, int c)
{
	switch (c) {
	case OPT_PPS:
		set_pace(o, WIRE_PACE_PPS, number("--pps", optarg, 0.001, 1e9));
		return true;
	case OPT_MBPS:
		set_pace(o, WIRE_PACE_MBPS, number("--mbps", optarg, 0.000001, 1e6));
		return true;
	case OPT_ORIGINAL:
		set_pace(o, WIRE_PACE_ORIGINAL, 1);
		return true;
	case OPT_SPEED:
		set_pace(o, WIRE_PACE_ORIGINAL, number("--speed", optarg, 1e-6, 1e9));
		return true;
	case OPT_TOP:
		set_pace(o, WIRE_PACE_TOP, 0);
		return true;
	default:
		return false;
	}
}

static bool parse_bounds(struct wire_opts *o, int c)
{
	switch (c) {
	case OPT_COUNT:
		o->count = (uint64_t)number("--count", optarg, 1, 1e15);
		return true;
	case OPT_LOOP:
		o->loops = (uint64_t)number("--loop", optarg, 1, 1e9);
		return true;
	case OPT_TIME:
		o->seconds = number("--time", optarg, 0.001, 1e8);
		return true;
	case OPT_LINGER:
		o->linger = number("--linger", optarg, 0, 1e6);
		return true;
	case OPT_WAIT:
		o->wait = number("--wait", optarg, 0, 1e6);
		return true;
	case OPT_STALL:
		o->stall = number("--stall", optarg, 0.1, 1e6);
		return true;
	default:
		return false;
	}
}

static bool parse_frames(struct wire_opts *o, int c)
{
	switch (c) {
	case OPT_PCAP:
		o->pcap = optarg;
		return true;
	case OPT_PATTERN:
		o->pattern = optarg;
		return true;
	case OPT_SEED:
		o->seed = (uint64_t)number("--seed", optarg, 0, 1e15);
		return true;
	case OPT_VLAN:
		o->vlan = (int)number("--vlan", optarg, 0, 4095);
		return true;
	case OPT_DST:
		mac_address("--dst", optarg, o->dst);
		return true;
	case OPT_TURNS:
		o->turns = (uint32_t)number("--turns", optarg, 1, 256);
		return true;
	case OPT_SRC:
		mac_address("--src", optarg, o->src);
		return true;
	default:
		return false;
	}
}

static void print_json(const struct wire_stats *st)
{
	double s = (double)(st->end_ns - st->start_ns) / 1e9;

	printf("{\"schema\":1,\"sent\":%llu,\"sent_bytes\":%llu,\"received\":%llu,"
	       "\"received_bytes\":%llu,\"padded\":%llu,\"snapped\":%llu,\"stalls\":%llu,"
	       "\"late\":%.6f,\"seconds\":%.6f,\"pps\":%.1f,\"complete\":%s}\n",
	       (unsigned long long)st->sent, (unsigned long long)st->sent_bytes,
	       (unsigned long long)st->received, (unsigned long long)st->received_bytes,
	       (unsigned long long)st->padded, (unsigned long long)st->snapped,
	       (unsigned long long)st->stalls, (double)st->late_ns / 1e9, s,
	       s > 0 ? (double)st->sent / s : 0.0, st->complete ? "true" : "false");
}

static void print_text(const struct wire_stats *st)
{
	double s = (double)(st->end_ns - st->start_ns) / 1e9;

	printf("wire: sent %llu frames, %llu bytes, in %.1f s (%.0f a second); %llu came back\n",
	       (unsigned long long)st->sent, (unsigned long long)st->sent_bytes, s,
	       s > 0 ? (double)st->sent / s : 0.0, (unsigned long long)st->received);
	if (st->padded)
		printf("wire: %llu frames were padded to 60 bytes\n",
		       (unsigned long long)st->padded);
	if (!st->complete)
		printf("wire: ended before all was sent\n");
}

static void parse(struct wire_opts *o, int argc, char **argv, const char **check,
		  const char **describe)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (parse_pace(o, c) || parse_bounds(o, c) || parse_frames(o, c))
			continue;
		if (c == OPT_LOCAL)
			o->local = optarg;
		else if (c == OPT_PEER)
			o->peer = optarg;
		else if (c == OPT_RECORD)
			o->record = optarg;
		else if (c == OPT_SENT)
			o->sent = optarg;
		else if (c == OPT_CHECK)
			*check = optarg;
		else if (c == OPT_DESCRIBE)
			*describe = optarg;
		else if (c == OPT_MTU)
			o->mtu = (uint32_t)number("--mtu", optarg, 68, 65535);
		else if (c == OPT_JSON)
			o->json = true;
		else if (c == OPT_QUIET)
			o->quiet = true;
		else if (c == OPT_HELP) {
			fputs(usage_text, stdout);
			exit(0);
		} else
			exit(2);
	}
	if (optind < argc)
		wrong_use(argv[optind], "only options");
}

int main(int argc, char **argv)
{
	struct wire_opts o = {
		.pace = WIRE_PACE_PPS,
		.rate = 1000,
		.loops = 1,
		.wait = 10,
		.stall = 30,
		.seed = 1,
		.vlan = -1,
		.turns = 1,
		.dst = {0x02, 0, 0, 0, 0, 0x01},
		.src = {0x02, 0, 0, 0, 0, 0x02},
	};
	struct wire_stats st = {0};
	const char *check = NULL, *describe = NULL;
	int rc;

	parse(&o, argc, argv, &check, &describe);
	if (check)
		return wire_check(check, o.mtu) ? 1 : 0;
	if (describe)
		return wire_describe(describe) ? 1 : 0;
	if (o.pcap && o.pattern)
		wrong_use("--pattern", "no --pcap beside it");
	if (!o.peer && (o.pcap || o.pattern))
		wrong_use("--peer", "the NIC's socket");
	if (!o.local && !o.peer)
		wrong_use("--local", "our socket, and --peer the NIC's");
	if (o.pcap && o.mtu && wire_check(o.pcap, o.mtu))
		return 1;
	rc = wire_run(&o, &st);
	if (st.snapped && !o.quiet)
		fprintf(stderr,
			"wire: note: %llu frames were cut when they were captured; what is left of "
			"them was sent\n",
			(unsigned long long)st.snapped);
	if (o.json)
		print_json(&st);
	else if (!o.quiet && !rc)
		print_text(&st);
	return rc || !st.complete ? 1 : 0;
}
