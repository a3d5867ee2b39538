// SPDX-License-Identifier: GPL-2.0-or-later
/* tcpdump's expressions, compiled by libpcap. */
#include <pcap/pcap.h>
#include <string.h>
#include "cli.h"
#include "filter_text.h"

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter),
	       "libpcap's instructions are the kernel's");

static int set(struct hpcap_handle *h, uint32_t scope, const struct bpf_program *prog,
	       const char *text)
{
	char label[HPCAP_FILTER_TEXT];
	int err;

	snprintf(label, sizeof(label), "%s", text);
	err = hpcap_set_filter(h, scope, (const struct sock_filter *)prog->bf_insns,
			       prog->bf_len, label);
	if (err)
		cli_error("filter '%s': %s", text, hpcap_strerror(err));
	return err ? -1 : 0;
}

int filter_set(struct hpcap_handle *h, uint32_t scope, const char *text)
{
	const struct bpf_program none = {0};
	struct bpf_program prog;
	pcap_t *pcap;
	int ret = -1;

	if (!*text)
		return set(h, scope, &none, text);
	pcap = pcap_open_dead(DLT_EN10MB, HPCAP_CAPLEN_MAX);
	if (!pcap) {
		cli_error("filter '%s': no memory", text);
		return -1;
	}
	if (pcap_compile(pcap, &prog, text, 1, PCAP_NETMASK_UNKNOWN)) {
		cli_error("filter '%s': %s", text, pcap_geterr(pcap));
	} else {
		ret = set(h, scope, &prog, text);
		pcap_freecode(&prog);
	}
	pcap_close(pcap);
	return ret;
}
