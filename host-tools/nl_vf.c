// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs of any PF driver, by rtnetlink. */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include "nl.h"

struct vf_rows {
	struct nl_vf *vf;
	unsigned int max;
	unsigned int nr;
};

static int read_property(const struct nlattr *a, void *arg)
{
	const void *data = mnl_attr_get_payload(a);
	struct nl_vf *vf = arg;

	switch (mnl_attr_get_type(a)) {
	case IFLA_VF_MAC:
		vf->index = ((const struct ifla_vf_mac *)data)->vf;
		memcpy(vf->mac, ((const struct ifla_vf_mac *)data)->mac, sizeof(vf->mac));
		break;
	case IFLA_VF_VLAN:
		vf->vlan = ((const struct ifla_vf_vlan *)data)->vlan;
		break;
	case IFLA_VF_RATE:
		vf->rate_mbit = ((const struct ifla_vf_rate *)data)->max_tx_rate;
		break;
	case IFLA_VF_LINK_STATE:
		vf->link_state = ((const struct ifla_vf_link_state *)data)->link_state;
		break;
	case IFLA_VF_SPOOFCHK:
		vf->spoofchk = ((const struct ifla_vf_spoofchk *)data)->setting == 1;
		break;
	case IFLA_VF_TRUST:
		vf->trust = ((const struct ifla_vf_trust *)data)->setting == 1;
		break;
	}
	return MNL_CB_OK;
}

static int read_vf(const struct nlattr *a, void *arg)
{
	struct vf_rows *rows = arg;

	if (mnl_attr_get_type(a) != IFLA_VF_INFO || rows->nr == rows->max)
		return MNL_CB_OK;
	memset(&rows->vf[rows->nr], 0, sizeof(rows->vf[0]));
	return mnl_attr_parse_nested(a, read_property, &rows->vf[rows->nr++]);
}

static int read_link(const struct nlattr *a, void *arg)
{
	if (mnl_attr_get_type(a) == IFLA_VFINFO_LIST)
		return mnl_attr_parse_nested(a, read_vf, arg);
	return MNL_CB_OK;
}

static int on_link(const struct nlmsghdr *h, void *arg)
{
	return mnl_attr_parse(h, sizeof(struct ifinfomsg), read_link, arg);
}

static int talk(struct nlmsghdr *h, char *buf, size_t size, mnl_cb_t cb, void *arg)
{
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int status = MNL_CB_OK, err = 0;

	if (!s)
		return -errno;
	if (mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(s, h, h->nlmsg_len) < 0)
		err = -errno;
	while (!err && status > MNL_CB_STOP) {
		const ssize_t n = mnl_socket_recvfrom(s, buf, size);

		status = n < 0 ? -1
			       : mnl_cb_run(buf, (size_t)n, 1, mnl_socket_get_portid(s), cb,
					    arg);
		if (status < 0)
			err = -errno;
	}
	mnl_socket_close(s);
	return err;
}

static struct nlmsghdr *begin(char *buf, uint16_t type, unsigned int ifindex)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	h->nlmsg_seq = 1;
	ifi = mnl_nlmsg_put_extra_header(h, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	ifi->ifi_index = (int)ifindex;
	return h;
}

int nl_vfs(const char *ifname, struct nl_vf *vf, unsigned int max)
{
	const unsigned int ifindex = if_nametoindex(ifname);
	struct vf_rows rows = {.vf = vf, .max = max};
	static char buf[65536];
	struct nlmsghdr *h;
	int err;

	if (!ifindex)
		return -ENODEV;
	h = begin(buf, RTM_GETLINK, ifindex);
	mnl_attr_put_u32(h, IFLA_EXT_MASK, RTEXT_FILTER_VF);
	err = talk(h, buf, sizeof(buf), on_link, &rows);
	return err ? err : (int)rows.nr;
}

static void put_property(struct nlmsghdr *h, const struct nl_vf *vf, enum nl_vf_what what)
{
	struct ifla_vf_mac mac = {.vf = vf->index};
	struct ifla_vf_vlan vlan = {.vf = vf->index, .vlan = vf->vlan};
	struct ifla_vf_rate rate = {.vf = vf->index, .max_tx_rate = vf->rate_mbit};
	struct ifla_vf_link_state link = {.vf = vf->index, .link_state = vf->link_state};
	struct ifla_vf_spoofchk spoof = {.vf = vf->index, .setting = vf->spoofchk};
	struct ifla_vf_trust trust = {.vf = vf->index, .setting = vf->trust};

	memcpy(mac.mac, vf->mac, sizeof(vf->mac));
	switch (what) {
	case NL_VF_MAC:
		mnl_attr_put(h, IFLA_VF_MAC, sizeof(mac), &mac);
		break;
	case NL_VF_VLAN:
		mnl_attr_put(h, IFLA_VF_VLAN, sizeof(vlan), &vlan);
		break;
	case NL_VF_RATE:
		mnl_attr_put(h, IFLA_VF_RATE, sizeof(rate), &rate);
		break;
	case NL_VF_LINK_STATE:
		mnl_attr_put(h, IFLA_VF_LINK_STATE, sizeof(link), &link);
		break;
	case NL_VF_SPOOFCHK:
		mnl_attr_put(h, IFLA_VF_SPOOFCHK, sizeof(spoof), &spoof);
		break;
	case NL_VF_TRUST:
		mnl_attr_put(h, IFLA_VF_TRUST, sizeof(trust), &trust);
		break;
	}
}

int nl_vf_set(const char *ifname, const struct nl_vf *vf, enum nl_vf_what what)
{
	const unsigned int ifindex = if_nametoindex(ifname);
	char buf[4096];
	struct nlattr *list, *info;
	struct nlmsghdr *h;

	if (!ifindex)
		return -ENODEV;
	h = begin(buf, RTM_SETLINK, ifindex);
	list = mnl_attr_nest_start(h, IFLA_VFINFO_LIST);
	info = mnl_attr_nest_start(h, IFLA_VF_INFO);
	put_property(h, vf, what);
	mnl_attr_nest_end(h, info);
	mnl_attr_nest_end(h, list);
	return talk(h, buf, sizeof(buf), NULL, NULL);
}
