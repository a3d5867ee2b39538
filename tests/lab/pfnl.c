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

/* One message on its way out; the last bytes are spare for strange ones. */
static union {
	struct nlmsghdr h;
	char bytes[8192];
} out;

static int fd, family, group;

static void die(const char *what)
{
	fprintf(stderr, "pfnl: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void begin(int type, int cmd, int flags)
{
	struct genlmsghdr *g = NLMSG_DATA(&out.h);

	memset(&out, 0, sizeof(out));
	out.h.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	out.h.nlmsg_type = type;
	out.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	g->cmd = cmd;
	g->version = HPCAP_PF_FAMILY_VERSION;
}

static void add(int type, const void *data, size_t len)
{
	struct nlattr *a = (void *)(out.bytes + NLMSG_ALIGN(out.h.nlmsg_len));

	if (out.h.nlmsg_len + len + 64 > sizeof(out))
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	out.h.nlmsg_len = NLMSG_ALIGN(out.h.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

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
		add(list->type, &v8, 1);
		break;
	case U32:
		add(list->type, &v32, 4);
		break;
	case U64:
		add(list->type, &v, 8);
		break;
	case FLAG:
		add(list->type, "", 0);
		break;
	default:
		add(list->type, value, strlen(value) + 1);
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

/* The kernel's words stand behind the copied header. */
static int print_error(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	const char *at = (const char *)(e + 1), *end = (const char *)h + h->nlmsg_len;

	if (!e->error)
		return 0;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		at += e->msg.nlmsg_len - sizeof(e->msg);
	printf("%s:", strerrorname_np(-e->error));
	while (h->nlmsg_flags & NLM_F_ACK_TLVS && end - at >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)at;

		if (a->nla_type == NLMSGERR_ATTR_MSG)
			printf(" %s", (const char *)a + NLA_HDRLEN);
		at += NLA_ALIGN(a->nla_len);
	}
	printf("\n");
	return 1;
}

static void note_family(const struct nlmsghdr *h)
{
	const char *at = (const char *)NLMSG_DATA(h) + GENL_HDRLEN;
	const char *end = (const char *)h + h->nlmsg_len;

	for (const struct nlattr *a; end - at >= NLA_HDRLEN; at += NLA_ALIGN(a->nla_len)) {
		a = (const void *)at;
		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			family = *(const unsigned short *)(at + NLA_HDRLEN);
		/* groups: a list of one, that has an id and a name in it */
		if ((a->nla_type & NLA_TYPE_MASK) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		for (const char *g = at + 2 * NLA_HDRLEN; g < at + a->nla_len;) {
			const struct nlattr *n = (const void *)g;

			if (n->nla_type == CTRL_ATTR_MCAST_GRP_ID)
				group = *(const int *)(g + NLA_HDRLEN);
			g += NLA_ALIGN(n->nla_len);
		}
	}
}

/* Until the kernel says that it is done. */
static int talk(void (*take)(const struct nlmsghdr *))
{
	static char in[65536];

	if (send(fd, &out, out.h.nlmsg_len, 0) < 0)
		die("send");
	for (;;) {
		int n = recv(fd, in, sizeof(in), 0);

		if (n < 0)
			die("recv");
		for (const struct nlmsghdr *h = (void *)in; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR)
				return print_error(h);
			if (h->nlmsg_type == NLMSG_DONE)
				return 0;
			take(h);
		}
	}
}

static void open_family(void)
{
	struct sockaddr_nl me = {.nl_family = AF_NETLINK};
	int on = 1;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (void *)&me, sizeof(me)))
		die("socket");
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	add(CTRL_ATTR_FAMILY_NAME, HPCAP_PF_FAMILY_NAME, sizeof(HPCAP_PF_FAMILY_NAME));
	if (talk(note_family))
		exit(2);
}

static int events(int seconds)
{
	static char in[65536];
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		die("membership");
	printf("listening\n");
	fflush(stdout);
	while (poll(&p, 1, seconds * 1000) > 0) {
		int n = recv(fd, in, sizeof(in), 0);

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

	begin(family, atoi(argv[2]), 0);
	for (int i = 3; i < argc; i++) {
		if (sscanf(argv[i], "%i=%i*%i", &type, &byte, &count) != 3 || count > 4096)
			return 2;
		memset(data, byte, sizeof(data));
		add(type, data, count);
	}
	return talk(print_message);
}

static int change(int argc, char **argv)
{
	const char *verb = argv[1];
	int cmd = !strcmp(verb, "new")	 ? HPCAP_PF_CMD_MIRROR_NEW
		  : !strcmp(verb, "set") ? HPCAP_PF_CMD_MIRROR_SET
		  : !strcmp(verb, "del") ? HPCAP_PF_CMD_MIRROR_DEL
					 : HPCAP_PF_CMD_MIRROR_GET;
	int i = 3;

	begin(family, cmd, 0);
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
	return talk(print_message);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	open_family();
	if (!strcmp(verb, "events") && argc == 3)
		return events(atoi(argv[2]));
	if (!strcmp(verb, "raw") && argc > 2)
		return raw(argc, argv);
	if (argc > 2)
		return change(argc, argv);
	if (!strcmp(verb, "pf"))
		begin(family, HPCAP_PF_CMD_PF_GET, NLM_F_DUMP);
	else if (!strcmp(verb, "vf"))
		begin(family, HPCAP_PF_CMD_VF_GET, NLM_F_DUMP);
	else if (!strcmp(verb, "mirrors") || !strcmp(verb, "ended"))
		begin(family, HPCAP_PF_CMD_MIRROR_GET, NLM_F_DUMP);
	else
		return 2;
	if (!strcmp(verb, "ended"))
		add(HPCAP_PF_A_MIRROR_ENDED, "", 0);
	return talk(print_message);
}
