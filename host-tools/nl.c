// SPDX-License-Identifier: GPL-2.0-or-later
/* The netlink family of hpcap_pf, by libmnl. */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include "nl.h"

struct nl {
	struct mnl_socket *sock;
	uint32_t seq;
	uint16_t family;
	uint32_t group;
	char why[NL_WHY];
	char buf[65536];
};

struct take {
	nl_take_mirror call;
	void *arg;
};

static const struct {
	int attr;
	size_t offset;
	size_t size; /* 8, 4, 1; more: text; 0: flag */
} fields[] = {
#define FIELD(a, f)                                            \
	{HPCAP_PF_A_MIRROR_##a, offsetof(struct nl_mirror, f), \
	 sizeof(((struct nl_mirror *)0)->f)}
	FIELD(DEV, dev),
	FIELD(ID, id),
	FIELD(VFS, vfs),
	FIELD(TARGETS, targets),
	FIELD(PF, pf),
	FIELD(UPLINK, uplink),
	FIELD(DOWNLINK, downlink),
	FIELD(VLANS, vlans),
	FIELD(DIR, dir),
	FIELD(OWNER, owner),
	FIELD(REASON, reason),
	FIELD(TTL_MS, ttl_ms),
	FIELD(FRAME_CAP, frame_cap),
	FIELD(BYTE_CAP, byte_cap),
	FIELD(AGE_MS, age_ms),
	FIELD(LEFT_MS, left_ms),
	FIELD(FRAMES, frames),
	FIELD(BYTES, bytes),
	FIELD(LIVE, live),
	FIELD(CAVEATS, caveats),
	FIELD(END, end),
	FIELD(ENDED_AGO_MS, ended_ago_ms),
	{HPCAP_PF_A_MIRROR_BY_SYSFS, offsetof(struct nl_mirror, by_sysfs), 0},
#undef FIELD
};

static int read_field(const struct nlattr *a, void *arg)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		char *where = (char *)arg + fields[i].offset;
		const size_t size = fields[i].size, len = mnl_attr_get_payload_len(a);

		if (mnl_attr_get_type(a) != fields[i].attr)
			continue;
		if (size == 0)
			*(bool *)where = true;
		else if (size > 8)
			snprintf(where, size, "%.*s", (int)len,
				 (char *)mnl_attr_get_payload(a));
		else if (len == size)
			memcpy(where, mnl_attr_get_payload(a), size);
	}
	return MNL_CB_OK;
}

static int on_mirror(const struct nlmsghdr *h, void *arg)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(h);
	const struct take *take = arg;
	struct nl_mirror m = {};

	if (mnl_attr_parse(h, sizeof(*g), read_field, &m) < 0)
		return MNL_CB_ERROR;
	take->call(&m, g->cmd, take->arg);
	return MNL_CB_OK;
}

static struct nlmsghdr *begin(struct nl *nl, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(nl->buf);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(h, sizeof(*g));

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = ++nl->seq;
	g->cmd = cmd;
	g->version = 1;
	return h;
}

static int read_why(const struct nlattr *a, void *arg)
{
	struct nl *nl = arg;

	if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG)
		snprintf(nl->why, sizeof(nl->why), "%.*s", (int)mnl_attr_get_payload_len(a),
			 (char *)mnl_attr_get_payload(a));
	return MNL_CB_OK;
}

/* The kernel's words stand behind the header of the refused message. */
static void keep_why(struct nl *nl, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	size_t skip = sizeof(*e);

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || h->nlmsg_type != NLMSG_ERROR)
		return;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += mnl_nlmsg_get_payload_len(&e->msg);
	mnl_attr_parse(h, (unsigned int)skip, read_why, nl);
}

/* Send what is in the buffer and take answers until the last one. */
static int talk(struct nl *nl, struct nlmsghdr *h, mnl_cb_t cb, void *arg)
{
	int n = 0, status = MNL_CB_OK;

	nl->why[0] = '\0';
	if (mnl_socket_sendto(nl->sock, h, h->nlmsg_len) < 0)
		return -errno;
	while (status > MNL_CB_STOP) {
		n = (int)mnl_socket_recvfrom(nl->sock, nl->buf, sizeof(nl->buf));
		if (n < 0)
			return -errno;
		keep_why(nl, (const struct nlmsghdr *)nl->buf);
		status = mnl_cb_run(nl->buf, (size_t)n, nl->seq,
				    mnl_socket_get_portid(nl->sock), cb, arg);
	}
	return status < 0 ? -errno : 0;
}

static int read_group(const struct nlattr *a, void *arg)
{
	struct nl *nl = arg;

	if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_ID)
		nl->group = mnl_attr_get_u32(a);
	return MNL_CB_OK;
}

static int read_groups(const struct nlattr *a, void *arg)
{
	return mnl_attr_parse_nested(a, read_group, arg);
}

static int read_family(const struct nlattr *a, void *arg)
{
	struct nl *nl = arg;

	if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID)
		nl->family = mnl_attr_get_u16(a);
	if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GROUPS)
		return mnl_attr_parse_nested(a, read_groups, nl);
	return MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *h, void *arg)
{
	return mnl_attr_parse(h, sizeof(struct genlmsghdr), read_family, arg);
}

int nl_open(struct nl **out)
{
	struct nl *nl = calloc(1, sizeof(*nl));
	struct nlmsghdr *h;
	int err, on = 1;

	if (!nl)
		return -ENOMEM;
	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		goto err_close;
	}
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	h = begin(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(h, CTRL_ATTR_FAMILY_NAME, HPCAP_PF_FAMILY_NAME);
	err = talk(nl, h, on_family, nl);
	if (err)
		goto err_close;
	*out = nl;
	return 0;
err_close:
	nl_close(nl);
	return err == -ENOENT ? -EOPNOTSUPP : err;
}

void nl_close(struct nl *nl)
{
	if (nl && nl->sock)
		mnl_socket_close(nl->sock);
	free(nl);
}

const char *nl_why(const struct nl *nl)
{
	return nl->why;
}

int nl_mirrors(struct nl *nl, bool ended, nl_take_mirror call, void *arg)
{
	struct nlmsghdr *h = begin(nl, nl->family, HPCAP_PF_CMD_MIRROR_GET, NLM_F_DUMP);
	struct take take = {call, arg};

	if (ended)
		mnl_attr_put(h, HPCAP_PF_A_MIRROR_ENDED, 0, NULL);
	return talk(nl, h, on_mirror, &take);
}

static void copy_mirror(const struct nl_mirror *m, int event, void *arg)
{
	(void)event;
	*(struct nl_mirror *)arg = *m;
}

int nl_mirror_new(struct nl *nl, const struct nl_mirror *w, struct nl_mirror *made)
{
	struct nlmsghdr *h = begin(nl, nl->family, HPCAP_PF_CMD_MIRROR_NEW, NLM_F_ACK);
	struct take take = {copy_mirror, made};

	mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_DEV, w->dev);
	mnl_attr_put_u32(h, HPCAP_PF_A_MIRROR_TARGETS, w->targets);
	mnl_attr_put_u32(h, HPCAP_PF_A_MIRROR_VFS, w->vfs);
	mnl_attr_put_u8(h, HPCAP_PF_A_MIRROR_PF, w->pf);
	mnl_attr_put_u8(h, HPCAP_PF_A_MIRROR_UPLINK, w->uplink);
	mnl_attr_put_u8(h, HPCAP_PF_A_MIRROR_DOWNLINK, w->downlink);
	mnl_attr_put_u32(h, HPCAP_PF_A_MIRROR_DIR, w->dir);
	if (*w->vlans)
		mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_VLANS, w->vlans);
	if (*w->owner)
		mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_OWNER, w->owner);
	if (*w->reason)
		mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_REASON, w->reason);
	mnl_attr_put_u64(h, HPCAP_PF_A_MIRROR_TTL_MS, w->ttl_ms);
	mnl_attr_put_u64(h, HPCAP_PF_A_MIRROR_FRAME_CAP, w->frame_cap);
	mnl_attr_put_u64(h, HPCAP_PF_A_MIRROR_BYTE_CAP, w->byte_cap);
	return talk(nl, h, on_mirror, &take);
}

int nl_mirror_del(struct nl *nl, const char *dev, uint32_t id)
{
	struct nlmsghdr *h = begin(nl, nl->family, HPCAP_PF_CMD_MIRROR_DEL, NLM_F_ACK);

	mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_DEV, dev);
	mnl_attr_put_u32(h, HPCAP_PF_A_MIRROR_ID, id);
	return talk(nl, h, NULL, NULL);
}

int nl_mirror_ttl(struct nl *nl, const char *dev, uint32_t id, uint64_t ttl_ms)
{
	struct nlmsghdr *h = begin(nl, nl->family, HPCAP_PF_CMD_MIRROR_SET, NLM_F_ACK);

	mnl_attr_put_strz(h, HPCAP_PF_A_MIRROR_DEV, dev);
	mnl_attr_put_u32(h, HPCAP_PF_A_MIRROR_ID, id);
	mnl_attr_put_u64(h, HPCAP_PF_A_MIRROR_TTL_MS, ttl_ms);
	return talk(nl, h, NULL, NULL);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int nl_watch(struct nl *nl, nl_take_mirror call, void *arg, bool (*stop)(void),
	     uint64_t timeout_ms)
{
	struct pollfd p = {.fd = mnl_socket_get_fd(nl->sock), .events = POLLIN};
	const uint64_t start = now_ms();
	struct take take = {call, arg};

	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &nl->group,
				  sizeof(nl->group)) < 0)
		return -errno;
	while (!stop() && (!timeout_ms || now_ms() - start < timeout_ms)) {
		ssize_t n;

		if (poll(&p, 1, 500) <= 0)
			continue;
		n = mnl_socket_recvfrom(nl->sock, nl->buf, sizeof(nl->buf));
		if (n < 0)
			return -errno;
		if (mnl_cb_run(nl->buf, (size_t)n, 0, 0, on_mirror, &take) < 0)
			return -errno;
	}
	return 0;
}
