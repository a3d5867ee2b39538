// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bounded generator: frames of one length into an interface at one rate for some
 * seconds. Prints what was really sent: "sent N seconds S".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
	BATCH = 64,
	FRAME_MAX = 1514,
	PAUSE_NS = 20000
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int open_socket(const char *ifname)
{
	const struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(ifname),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	if (fd < 0 || !at.sll_ifindex || bind(fd, (const struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		return -1;
	return fd;
}

/* An IPv4 UDP frame to nobody. */
static void make_frame(uint8_t *f, size_t len)
{
	static const uint8_t head[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};

	memset(f, 0x5a, len);
	memcpy(f, head, sizeof(head));
	f[16] = (uint8_t)((len - 14) >> 8);
	f[17] = (uint8_t)(len - 14);
	f[23] = 17;
}

static uint64_t blast(int fd, size_t len, double rate, double seconds)
{
	static uint8_t frame[FRAME_MAX];
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct iovec iov = {frame, len};
	struct mmsghdr msg[BATCH];
	double begin = now_s(), t;
	uint64_t sent = 0;
	int i, n;

	make_frame(frame, len);
	memset(msg, 0, sizeof(msg));
	for (i = 0; i < BATCH; i++)
		msg[i].msg_hdr = (struct msghdr){.msg_iov = &iov, .msg_iovlen = 1};
	while ((t = now_s() - begin) < seconds) {
		if (rate > 0 && (double)sent >= t * rate) {
			nanosleep(&pause, NULL);
			continue;
		}
		n = sendmmsg(fd, msg, BATCH, 0);
		if (n > 0)
			sent += (uint64_t)n;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			break;
	}
	return sent;
}

int main(int argc, char **argv)
{
	double begin;
	uint64_t sent;
	int fd;

	if (argc != 5 || atoi(argv[2]) < 60 || atoi(argv[2]) > FRAME_MAX) {
		fprintf(stderr,
			"usage: sender <interface> <60..%d> <frames/s, 0: all> <seconds>\n",
			FRAME_MAX);
		return 2;
	}
	fd = open_socket(argv[1]);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	begin = now_s();
	sent = blast(fd, (size_t)atoi(argv[2]), atof(argv[3]), atof(argv[4]));
	printf("sent %llu seconds %.3f\n", (unsigned long long)sent, now_s() - begin);
	return 0;
}
