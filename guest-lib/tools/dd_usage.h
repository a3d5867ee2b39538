/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hpcapdd --help says. */
#ifndef DD_USAGE_H
#define DD_USAGE_H

#include "listen.h"

static const char dd_usage[] =
	"usage: hpcapdd [options] <adapter> <queue> <dir>...\n"
	"       hpcapdd [options] --null <adapter> <queue>\n"
	"       hpcapdd [options] --write - <adapter> <queue>\n"
	"       hpcapdd [options] - <dir>... what comes through the standard input\n"
	"       hpcapdd [options] - [out]    the same to one file, see hpcapdd --help -\n"
	"Store /dev/hpcap_<adapter>_<queue> in files under <dir>; with several, in turn.\n"
	"files:\n"
	"  -f, --format F        raw (default), pcap (nanoseconds) or pcapng\n"
	"      --compress C      zstd or lz4, perhaps with :LEVEL, in blocks\n"
	"  -C, --file-size SIZE  of each file, multiple of 4096 (2G)\n"
	"      --rotate S        a new file at each multiple of S seconds\n"
	"      --comment TEXT    in each pcapng file\n"
	"      --no-index        no index beside the files\n"
	"      --null            count only\n"
	"  -w, --write -         pcap (or -f) to the standard output: | tcpdump -r -\n"
	"keeping:\n"
	"  -W, --keep-files N    the newest N files of this adapter and queue\n"
	"      --keep-size SIZE  so many bytes of files\n"
	"      --keep-age AGE    files that are not older; s, m, h, d (seconds)\n"
	"      --keep-free LOW[:HIGH]  bytes free on each volume\n"
	"      --on-fault A      continue (default) or stop when a disk fails\n"
	"writing:\n"
	"      --block SIZE      of each write, multiple of 4096 (1M)\n"
	"      --depth N         writes at once (8)\n"
	"      --io I            auto (default), uring or threads\n"
	"      --buffered        through the page cache\n"
	"      --sync S          flush each S seconds (1); each: every block; off\n"
	"      --workers N       threads that encode and compress (2)\n"
	"      --cpu N           run on that CPU\n"
	"      --node N          run on that NUMA node, with its memory\n"
	"capture:\n" LISTEN_USAGE "  -c, --count N         stop after N frames\n"
	"      --duration S      stop after S seconds\n"
	"      --stats S         a line of statistics each S seconds\n"
	"  -l, --lossy           never hold back others: rather miss frames\n"
	"      --decap[=LIST]    take tunnels off: erspan,gre,vxlan,geneve,mpls,ipip (all)\n"
	"      --ring SIZE       in memory, with --decap or from a pipe (64M)\n"
	"  -n, --name NAME       shown in listings of listeners\n"
	"  -q, --quiet           no words but errors\n"
	"  -j, --json            a summary as JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Ctrl-C ends in order: everything captured until then is stored.\n";

#endif /* DD_USAGE_H */
