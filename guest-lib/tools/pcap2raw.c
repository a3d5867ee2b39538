// SPDX-License-Identifier: GPL-2.0-or-later
/* pcap2raw: captures of other tools to RAW. */
#include "convert.h"

static const char usage[] =
	"usage: pcap2raw [options] <in...> <out.raw|dir|->\n"
	"Convert captures, in the order given, to one RAW file, or to a series of files in\n"
	"an existing directory, as hpcapdd writes them. An input of - is the standard\n"
	"input. Inputs are pcap, pcapng or RAW, plain or packed with zstd or lz4.\n"
	"  -f, --format F    raw, pcap or pcapng; else by the ending of out, else raw\n"
	"      --compress C  zstd or lz4, perhaps with :LEVEL; else by the ending of out\n"
	"  -u, --usec        microseconds, when the output is pcap\n"
	"      --decap[=LIST]  take tunnels off: erspan,gre,vxlan,geneve,mpls,ipip (all)\n"
	"      --skip        leave out frames that RAW cannot hold\n"
	"      --file-size SIZE  of each file of a series, multiple of 4096 (2G)\n"
	"      --adapter N   first number in the names of a series (0)\n"
	"      --queue N     second number (0)\n"
	"  -j, --json        a summary as JSON on the standard output\n"
	"  -q, --quiet       no progress, no notes; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all converted, 1 an input was damaged or an error, 2 wrong use.\n";

int main(int argc, char **argv)
{
	static const struct convert_program program = {
		.name = "pcap2raw",
		.usage = usage,
		.fallback = HPCAP_FORMAT_RAW,
		.series = true,
	};

	return convert_main(&program, argc, argv);
}
