// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of netlink family hpcap_pf, for the lab's programs. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include <uapi/hpcap_pf.h>

#include "nl_msg.h"

/* One message on its way out; the last bytes are spare for strange ones. */
static union {
	struct nlmsghdr h;
	char bytes[8192];
} out;

int nl_fd, nl_group;
char nl_words[256];

static int family;

void nl_die(const char *what)
{
	fprintf(stderr, "netlink: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void begin_type(int type, int cmd, int flags)
{
	struct genlmsghdr *g = NLMSG_DATA(&out.h);

	memset(&out, 0, sizeof(out));
	out.h.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	out.h.nlmsg_type = type;
	out.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	g->cmd = cmd;
	g->version = HPCAP_PF_FAMILY_VERSION;
}

void nl_begin(int cmd, int flags)
{
	begin_type(family, cmd, flags);
}

void nl_add(int type, const void *data, size_t len)
{
	struct nlattr *a = (void *)(out.bytes + NLMSG_ALIGN(out.h.nlmsg_len));

	if (out.h.nlmsg_len + len + 64 > sizeof(out))
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	out.h.nlmsg_len = NLMSG_ALIGN(out.h.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

/* The kernel's words stand behind the copied header. */
static int note_error(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	const char *at = (const char *)(e + 1), *end = (const char *)h + h->nlmsg_len;

	nl_words[0] = 0;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		at += e->msg.nlmsg_len - sizeof(e->msg);
	while (h->nlmsg_flags & NLM_F_ACK_TLVS && end - at >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)at;

		if (a->nla_type == NLMSGERR_ATTR_MSG)
			snprintf(nl_words, sizeof(nl_words), "%s", at + NLA_HDRLEN);
		at += NLA_ALIGN(a->nla_len);
	}
	return -e->error;
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
				nl_group = *(const int *)(g + NLA_HDRLEN);
			g += NLA_ALIGN(n->nla_len);
		}
	}
}

int nl_talk(void (*take)(const struct nlmsghdr *))
{
	static char in[65536];

	if (send(nl_fd, &out, out.h.nlmsg_len, 0) < 0)
		nl_die("send");
	for (;;) {
		int n = recv(nl_fd, in, sizeof(in), 0);

		if (n < 0)
			nl_die("recv");
		for (const struct nlmsghdr *h = (void *)in; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR)
				return note_error(h);
			if (h->nlmsg_type == NLMSG_DONE)
				return 0;
			take(h);
		}
	}
}

void nl_open(void)
{
	struct sockaddr_nl me = {.nl_family = AF_NETLINK};
	int on = 1;

	nl_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl_fd < 0 || bind(nl_fd, (void *)&me, sizeof(me)))
		nl_die("socket");
	setsockopt(nl_fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	begin_type(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	nl_add(CTRL_ATTR_FAMILY_NAME, HPCAP_PF_FAMILY_NAME, sizeof(HPCAP_PF_FAMILY_NAME));
	if (nl_talk(note_family))
		exit(2);
}
