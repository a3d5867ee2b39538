// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Client of netlink family hpcap_pf for the lab tests: one line "name=value ..."
 * a thing. Attributes are named as in docs/netlink/hpcap_pf.yaml.
 *
 *   pfnl pf|vf|mirrors|ended          dumps
 *   pfnl get|del DEV ID
 *   pfnl new DEV name=value...
 *   pfnl set DEV ID name=value...
 *   pfnl raw CMD [TYPE=BYTE*COUNT]... a message made by hand
 *   pfnl events SECONDS               prints what happens
 * Exit status 0 done, 1 refused: "errno name: kernel's words" on stdout.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <uapi/hpcap_pf.h>

#include "nl_msg.h"

enum kind {
	U8,
	U32,
	U64,
	TEXT,
	FLAG,
	BYTES
};

struct attr {
	const char *name;
	int type;
	enum kind kind;
};

static const struct attr pf_attrs[] = {
	{"dev", HPCAP_PF_A_PF_DEV, TEXT},
	{"ifindex", HPCAP_PF_A_PF_IFINDEX, U32},
	{"ifname", HPCAP_PF_A_PF_IFNAME, TEXT},
	{"backend", HPCAP_PF_A_PF_BACKEND, U32},
	{"nr-vfs", HPCAP_PF_A_PF_NR_VFS, U32},
	{"addresses-total", HPCAP_PF_A_PF_ADDRESSES_TOTAL, U32},
	{"addresses-free", HPCAP_PF_A_PF_ADDRESSES_FREE, U32},
	{"vlans-total", HPCAP_PF_A_PF_VLANS_TOTAL, U32},
	{"vlans-free", HPCAP_PF_A_PF_VLANS_FREE, U32},
	{"rules-total", HPCAP_PF_A_PF_RULES_TOTAL, U32},
	{"rules-free", HPCAP_PF_A_PF_RULES_FREE, U32},
	{"mirrors-total", HPCAP_PF_A_PF_MIRRORS_TOTAL, U32},
	{"mirrors-free", HPCAP_PF_A_PF_MIRRORS_FREE, U32},
	{"ended", HPCAP_PF_A_PF_ENDED, U64},
	{},
};

static const struct attr vf_attrs[] = {
	{"dev", HPCAP_PF_A_VF_DEV, TEXT},
	{"index", HPCAP_PF_A_VF_INDEX, U32},
	{"mac", HPCAP_PF_A_VF_MAC, BYTES},
	{"ready", HPCAP_PF_A_VF_READY, FLAG},
	{"trust", HPCAP_PF_A_VF_TRUST, FLAG},
	{"promisc", HPCAP_PF_A_VF_PROMISC, U32},
	{"rx-frames", HPCAP_PF_A_VF_RX_FRAMES, U64},
	{"rx-bytes", HPCAP_PF_A_VF_RX_BYTES, U64},
	{"tx-frames", HPCAP_PF_A_VF_TX_FRAMES, U64},
	{"tx-bytes", HPCAP_PF_A_VF_TX_BYTES, U64},
	{"mbox-requests", HPCAP_PF_A_VF_MBOX_REQUESTS, U64},
	{"mbox-acked", HPCAP_PF_A_VF_MBOX_ACKED, U64},
	{"mbox-refused", HPCAP_PF_A_VF_MBOX_REFUSED, U64},
	{"mbox-refused-promisc", HPCAP_PF_A_VF_MBOX_REFUSED_PROMISC, U64},
	{"mbox-refused-trust", HPCAP_PF_A_VF_MBOX_REFUSED_TRUST, U64},
	{"mbox-unknown", HPCAP_PF_A_VF_MBOX_UNKNOWN, U64},
	{"mbox-delayed", HPCAP_PF_A_VF_MBOX_DELAYED, U64},
	{"mbox-ignored", HPCAP_PF_A_VF_MBOX_IGNORED, U64},
	{},
};

static const struct attr mirror_attrs[] = {
	{"dev", HPCAP_PF_A_MIRROR_DEV, TEXT},
	{"id", HPCAP_PF_A_MIRROR_ID, U32},
	{"vfs", HPCAP_PF_A_MIRROR_VFS, U32},
	{"pf", HPCAP_PF_A_MIRROR_PF, U8},
	{"uplink", HPCAP_PF_A_MIRROR_UPLINK, U8},
	{"downlink", HPCAP_PF_A_MIRROR_DOWNLINK, U8},
	{"vlans", HPCAP_PF_A_MIRROR_VLANS, TEXT},
	{"dir", HPCAP_PF_A_MIRROR_DIR, U32},
	{"targets", HPCAP_PF_A_MIRROR_TARGETS, U32},
	{"owner", HPCAP_PF_A_MIRROR_OWNER, TEXT},
	{"reason", HPCAP_PF_A_MIRROR_REASON, TEXT},
	{"ttl-ms", HPCAP_PF_A_MIRROR_TTL_MS, U64},
	{"frame-cap", HPCAP_PF_A_MIRROR_FRAME_CAP, U64},
	{"byte-cap", HPCAP_PF_A_MIRROR_BYTE_CAP, U64},
	{"grace-ms", HPCAP_PF_A_MIRROR_GRACE_MS, U64},
	{"by-sysfs", HPCAP_PF_A_MIRROR_BY_SYSFS, FLAG},
	{"age-ms", HPCAP_PF_A_MIRROR_AGE_MS, U64},
	{"left-ms", HPCAP_PF_A_MIRROR_LEFT_MS, U64},
	{"frames", HPCAP_PF_A_MIRROR_FRAMES, U64},
	{"bytes", HPCAP_PF_A_MIRROR_BYTES, U64},
	{"live", HPCAP_PF_A_MIRROR_LIVE, U32},
	{"caveats", HPCAP_PF_A_MIRROR_CAVEATS, U32},
	{"end", HPCAP_PF_A_MIRROR_END, U32},
	{"ended-ago-ms", HPCAP_PF_A_MIRROR_ENDED_AGO_MS, U64},
	{"ended", HPCAP_PF_A_MIRROR_ENDED, FLAG},
	{},
};

static void add_text(const struct attr *list, const char *name, const char *value)
{
	unsigned long long v = strtoull(value, NULL, 0);
	unsigned int v32 = v;
	unsigned char v8 = v;

	while (list->name && strcmp(list->name, name))
		list++;
	if (!list->name) {
		fprintf(stderr, "pfnl: no attribute %s\n", name);
		exit(2);
	}
	switch (list->kind) {
	case U8:
		nl_add(list->type, &v8, 1);
		break;
	case U32:
		nl_add(list->type, &v32, 4);
		break;
	case U64:
		nl_add(list->type, &v, 8);
		break;
	case FLAG:
		nl_add(list->type, "", 0);
		break;
	default:
		nl_add(list->type, value, strlen(value) + 1);
	}
}

static void print_attr(const struct attr *list, const struct nlattr *a)
{
	const unsigned char *d = (const unsigned char *)a + NLA_HDRLEN;
	unsigned long long v = 0;

	while (list->name && list->type != (a->nla_type & NLA_TYPE_MASK))
		list++;
	if (!list->name)
		return;
	printf(" %s=", list->name);
	switch (list->kind) {
	case TEXT:
		printf("%s", (const char *)d);
		break;
	case FLAG:
		printf("1");
		break;
	case BYTES:
		for (int i = 0; i < a->nla_len - NLA_HDRLEN; i++)
			printf("%s%02x", i ? ":" : "", d[i]);
		break;
	default:
		memcpy(&v, d, a->nla_len - NLA_HDRLEN);
		printf("%llu", v);
	}
}

static void print_message(const struct nlmsghdr *h)
{
	static const char *const names[] = {"?",      "pf",	"vf",	   "mirror",  "mirror",
					    "mirror", "mirror", "started", "changed", "ended"};
	const struct genlmsghdr *g = NLMSG_DATA(h);
	const struct attr *list = g->cmd == HPCAP_PF_CMD_PF_GET	  ? pf_attrs
				  : g->cmd == HPCAP_PF_CMD_VF_GET ? vf_attrs
								  : mirror_attrs;
	const char *at = (const char *)g + GENL_HDRLEN, *end = (const char *)h + h->nlmsg_len;

	printf("%s", g->cmd <= HPCAP_PF_CMD_MAX ? names[g->cmd] : "?");
	while (end - at >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)at;

		print_attr(list, a);
		at += NLA_ALIGN(a->nla_len);
	}
	printf("\n");
	fflush(stdout);
}

/* Returns 1 when it was refused, and says why. */
static int say(void)
{
	int err = nl_talk(print_message);

	if (!err)
		return 0;
	printf("%s:%s%s\n", strerrorname_np(err), nl_words[0] ? " " : "", nl_words);
	return 1;
}

static int events(int seconds)
{
	static char in[65536];
	struct pollfd p = {.fd = nl_fd, .events = POLLIN};

	if (setsockopt(nl_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nl_group, sizeof(nl_group)))
		nl_die("membership");
	printf("listening\n");
	fflush(stdout);
	while (poll(&p, 1, seconds * 1000) > 0) {
		int n = recv(nl_fd, in, sizeof(in), 0);

		for (const struct nlmsghdr *h = (void *)in;
		     n > 0 && NLMSG_OK(h, (unsigned int)n); h = NLMSG_NEXT(h, n))
			print_message(h);
	}
	return 0;
}

static int raw(int argc, char **argv)
{
	int type, byte, count;
	char data[4096];

	nl_begin(atoi(argv[2]), 0);
	for (int i = 3; i < argc; i++) {
		if (sscanf(argv[i], "%i=%i*%i", &type, &byte, &count) != 3 || count > 4096)
			return 2;
		memset(data, byte, sizeof(data));
		nl_add(type, data, count);
	}
	return say();
}

static int change(int argc, char **argv)
{
	const char *verb = argv[1];
	int cmd = !strcmp(verb, "new")	 ? HPCAP_PF_CMD_MIRROR_NEW
		  : !strcmp(verb, "set") ? HPCAP_PF_CMD_MIRROR_SET
		  : !strcmp(verb, "del") ? HPCAP_PF_CMD_MIRROR_DEL
					 : HPCAP_PF_CMD_MIRROR_GET;
	int i = 3;

	nl_begin(cmd, 0);
	add_text(mirror_attrs, "dev", argv[2]);
	if (cmd != HPCAP_PF_CMD_MIRROR_NEW && i < argc)
		add_text(mirror_attrs, "id", argv[i++]);
	for (; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return 2;
		*value++ = 0;
		add_text(mirror_attrs, argv[i], value);
	}
	return say();
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	nl_open();
	if (!strcmp(verb, "events") && argc == 3)
		return events(atoi(argv[2]));
	if (!strcmp(verb, "raw") && argc > 2)
		return raw(argc, argv);
	if (argc > 2)
		return change(argc, argv);
	if (!strcmp(verb, "pf"))
		nl_begin(HPCAP_PF_CMD_PF_GET, NLM_F_DUMP);
	else if (!strcmp(verb, "vf"))
		nl_begin(HPCAP_PF_CMD_VF_GET, NLM_F_DUMP);
	else if (!strcmp(verb, "mirrors") || !strcmp(verb, "ended"))
		nl_begin(HPCAP_PF_CMD_MIRROR_GET, NLM_F_DUMP);
	else
		return 2;
	if (!strcmp(verb, "ended"))
		nl_add(HPCAP_PF_A_MIRROR_ENDED, "", 0);
	return say();
}
