// SPDX-License-Identifier: GPL-2.0-or-later
/* raw2pcap: RAW files, or others, to one pcap or pcapng file. */
#include "convert.h"

static const char usage[] =
	"usage: raw2pcap [options] <in...> <out|->\n"
	"Convert captures, in the order given, to one file. An input of - is the standard\n"
	"input. Inputs are RAW, pcap or pcapng, plain or packed with zstd or lz4.\n"
	"  -f, --format F    pcap (nanoseconds), pcapng or raw; else by the ending of out,\n"
	"                    else pcap\n"
	"      --compress C  zstd or lz4, perhaps with :LEVEL; else by the ending of out\n"
	"  -u, --usec        microseconds in the pcap\n"
	"      --decap[=LIST]  take tunnels off: erspan,gre,vxlan,geneve,mpls,ipip (all)\n"
	"      --skip        leave out frames that the output cannot hold\n"
	"  -j, --json        a summary as JSON on the standard output\n"
	"  -q, --quiet       no progress, no notes; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all converted, 1 an input was damaged or an error, 2 wrong use.\n";

int main(int argc, char **argv)
{
	static const struct convert_program program = {
		.name = "raw2pcap",
		.usage = usage,
		.fallback = HPCAP_FORMAT_PCAP,
	};

	return convert_main(&program, argc, argv);
}
