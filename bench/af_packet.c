// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own stamps. A veth pair in a network namespace of its own; one
 * end sends when a frame is due, the other end's AF_PACKET socket gets the
 * kernel's stamp of its arrival.
 */
#include "af_packet.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETH_P_OURS 0x88b5

static const char *reason = "not tried";
static int tx = -1, rx = -1;
static struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};

/**
 * struct request - a netlink message that makes a veth pair
 * @head: of it
 * @info: nothing special
 * @attr: nested attributes
 */
struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char attr[256];
};

static struct rtattr *add(struct request *r, int type, const void *data, u32 len)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static void end(struct request *r, struct rtattr *a)
{
	a->rta_len = (char *)r + r->head.nlmsg_len - (char *)a;
}

static bool make_veth(void)
{
	static const struct ifinfomsg none;
	struct request r = {
		.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(r.info)),
			 .nlmsg_type = RTM_NEWLINK,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK},
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr err;
	} answer;
	struct rtattr *link, *data, *peer;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	bool good;

	add(&r, IFLA_IFNAME, "va", 3);
	link = add(&r, IFLA_LINKINFO, NULL, 0);
	add(&r, IFLA_INFO_KIND, "veth", 4);
	data = add(&r, IFLA_INFO_DATA, NULL, 0);
	peer = add(&r, VETH_INFO_PEER, &none, sizeof(none));
	add(&r, IFLA_IFNAME, "vb", 3);
	end(&r, peer);
	end(&r, data);
	end(&r, link);
	good = fd >= 0 && send(fd, &r, r.head.nlmsg_len, 0) > 0 &&
	       recv(fd, &answer, sizeof(answer), 0) > 0 && answer.err.error == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static bool set_up(int fd, const char *name)
{
	struct ifreq ifr = {.ifr_flags = IFF_UP};

	strcpy(ifr.ifr_name, name);
	return ioctl(fd, SIOCSIFFLAGS, &ifr) == 0;
}

static bool open_sockets(u32 frames)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_OURS)};
	int on = 1, room = frames * 4096;

	tx = socket(AF_PACKET, SOCK_RAW, 0);
	rx = socket(AF_PACKET, SOCK_RAW, 0);
	if (tx < 0 || rx < 0 || !set_up(tx, "va") || !set_up(tx, "vb"))
		return false;
	to.sll_ifindex = if_nametoindex("va");
	at.sll_ifindex = if_nametoindex("vb");
	return !setsockopt(rx, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) &&
	       !setsockopt(rx, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) &&
	       !bind(rx, (struct sockaddr *)&at, sizeof(at));
}

/**
 * af_packet_init() - Namespace, veth pair, sockets
 * @frames: that one run sends at most
 *
 * Return: false when this machine does not let us; af_packet_reason() tells.
 */
bool af_packet_init(u32 frames)
{
	reason = NULL;
	if (unshare(CLONE_NEWNET))
		reason = "no right to a namespace";
	else if (!make_veth())
		reason = "no veth here";
	else if (!open_sockets(frames))
		reason = "no packet socket here";
	return !reason;
}

/**
 * af_packet_reason() - Why there are no figures
 *
 * Return: a few words.
 */
const char *af_packet_reason(void)
{
	return reason ? reason : "frames were lost";
}

static u64 take_stamp(void)
{
	char data[64], control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec iov = {.iov_base = data, .iov_len = sizeof(data)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct timespec ts;
	struct cmsghdr *c;

	if (recvmsg(rx, &msg, MSG_DONTWAIT) < 0)
		return 0;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SO_TIMESTAMPNS)
		return 0;
	memcpy(&ts, CMSG_DATA(c), sizeof(ts));
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/**
 * af_packet_run() - Send all frames when they are due, and read their stamps
 * @p: wire, not running: its frames and gaps; @p->when is written
 * @stamp: filled in, ns
 *
 * Return: frames, 0 when there are no figures.
 */
u32 af_packet_run(struct play *p, u64 *stamp)
{
	static u8 frame[2048];
	u64 due, now;
	u32 i;

	if (reason)
		return 0;
	memset(frame, 0xff, 6);
	frame[12] = ETH_P_OURS >> 8;
	frame[13] = ETH_P_OURS & 0xff;
	due = cap_cycles(CAP_CLOCK_TSC);
	for (i = 0; i < p->nr; i++) {
		due += p->gap[i];
		while ((now = cap_cycles(CAP_CLOCK_TSC)) < due)
			;
		p->when[i] = now;
		p->late[i] = false;
		if (sendto(tx, frame, p->slot[i].len, 0, (struct sockaddr *)&to, sizeof(to)) <
		    0)
			return 0;
		due = now > due ? now : due;
	}
	for (i = 0; i < p->nr; i++) {
		stamp[i] = take_stamp();
		if (!stamp[i])
			return 0;
	}
	return p->nr;
}
