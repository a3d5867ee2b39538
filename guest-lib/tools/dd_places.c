// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of hpcapdd behind its options: from where, and where to. */
#include <string.h>
#include "dd.h"

int dd_places(struct dd_options *o, int n, char **arg)
{
	int used, i;

	o->pipe = n > 0 && !strcmp(arg[0], "-");
	used = o->pipe ? 1 : listen_places(&o->from, n, arg);
	if (!used)
		return cli_misuse(
			n < 2 ? "adapter and queue are needed, and where to"
			      : "adapter and queue are numbers, as in /dev/hpcap_0_0; "
				"several queues are 0:0,0:1 or 0:*");
	o->store.adapter = o->store.limits.adapter = o->from.adapter;
	o->store.queue = o->store.limits.queue = o->from.queue;
	n -= used;
	arg += used;
	if (n == 1 && !o->null && !strcmp(arg[0], "null")) {
		o->null = true;
		n = 0;
	}
	if (o->to_stdout && n)
		return cli_misuse("--write - writes no files: no directory, please");
	if (o->to_stdout)
		return -1;
	if (o->null != !n)
		return cli_misuse(o->null ? "--null writes nowhere: no directory, please"
					  : "a directory is needed, or --null");
	if (n > VOLUMES_MAX)
		return cli_misuse("at most %d directories", VOLUMES_MAX);
	for (i = 0; i < n; i++) {
		if (!strcmp(arg[i], "stdout"))
			return cli_misuse("stdout: that is hpcapdd --write -");
		o->store.volume[o->store.nr_volumes++] = arg[i];
	}
	return -1;
}
