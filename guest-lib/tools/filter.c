// SPDX-License-Identifier: GPL-2.0-or-later
/* Filter expressions, by libpcap. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include "filter.h"

enum {
	SNAPLEN = 262144,
	/* a link type of files that has another number in libpcap: raw IP */
	LINK_RAW_IP = 101,
};

bool filter_init(struct filter *f, const char *expr, uint32_t linktype, char *error,
		 size_t size)
{
	pcap_t *p;
	bool done;

	memset(f, 0, sizeof(*f));
	if (!expr || !*expr)
		return true;
	p = pcap_open_dead(linktype == LINK_RAW_IP ? DLT_RAW : (int)linktype, SNAPLEN);
	if (!p) {
		snprintf(error, size, "no memory");
		return false;
	}
	done = !pcap_compile(p, &f->prog, expr, 1, PCAP_NETMASK_UNKNOWN);
	if (!done) {
		snprintf(error, size, "%s", pcap_geterr(p));
		memset(f, 0, sizeof(*f));
	}
	pcap_close(p);
	return done;
}

void filter_deinit(struct filter *f)
{
	if (f->prog.bf_insns)
		pcap_freecode(&f->prog);
}

bool filter_passes(const struct filter *f, const struct hpcap_record *rec)
{
	const struct pcap_pkthdr hdr = {.caplen = rec->caplen, .len = rec->len};

	return !f->prog.bf_len || pcap_offline_filter(&f->prog, &hdr, rec->data);
}
