// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bounded generator: frames of one length into an interface at one rate for some
 * seconds. The kernel makes them (BPF_PROG_TEST_RUN with live frames: pages that go round,
 * no copies), so that little of the machine is the generator's; where it cannot, or
 * when told so, they go by sendmmsg(2). Prints what the interface has really sent:
 * "sent N seconds S by xdp|packet".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "xsk.h"

enum {
	BATCH = 64,
	FRAME_MAX = 1514,
	PAUSE_NS = 200000,
	ROUNDS_MAX = 64, /* batches that one call makes at most */
};

/**
 * struct sender - where frames go
 * @ifname: interface
 * @ifindex: of it
 * @len: bytes of a frame
 * @fd: packet socket, or the program that sends
 * @live: the kernel makes the frames
 * @frame: what they are
 */
struct sender {
	const char *ifname;
	int ifindex;
	size_t len;
	int fd;
	bool live;
	uint8_t frame[FRAME_MAX];
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What the interface counts as sent. */
static unsigned long long counted(const struct sender *s)
{
	FILE *f = fopen("/proc/net/dev", "r");
	unsigned long long n = 0;
	char line[512], name[64];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " %63[^:]:%*u %*u %*u %*u %*u %*u %*u %*u %*u %llu", name,
			   &n) == 2 &&
		    !strcmp(name, s->ifname))
			break;
	if (f)
		fclose(f);
	return n;
}

static bool open_socket(struct sender *s)
{
	const struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = s->ifindex,
	};
	int one = 1;

	s->fd = socket(AF_PACKET, SOCK_RAW, 0);
	return s->fd >= 0 && !bind(s->fd, (const struct sockaddr *)&at, sizeof(at)) &&
	       !setsockopt(s->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
}

static int send_live(const struct sender *s, uint32_t frames)
{
	union bpf_attr a = {.test.prog_fd = (uint32_t)s->fd,
			    .test.data_in = (uintptr_t)s->frame,
			    .test.data_size_in = (uint32_t)s->len,
			    .test.repeat = frames,
			    .test.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
			    .test.batch_size = BATCH};

	return xsk_bpf(BPF_PROG_TEST_RUN, &a);
}

/*
 * A program that sends every frame out of the interface. It is attached there as well, where
 * nothing comes in: what is attached nowhere is made ready anew for each call, 25 ms.
 */
static bool open_live(struct sender *s)
{
	const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = s->ifindex},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect},
		{.code = BPF_JMP | BPF_EXIT},
	};

	s->fd = xsk_program(code, sizeof(code) / sizeof(*code));
	return s->fd >= 0 && xsk_attach(s->fd, s->ifindex);
}

/* An IPv4 UDP frame to nobody. */
static void make_frame(struct sender *s)
{
	static const uint8_t head[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};

	memset(s->frame, 0x5a, s->len);
	memcpy(s->frame, head, sizeof(head));
	s->frame[16] = (uint8_t)((s->len - 14) >> 8);
	s->frame[17] = (uint8_t)(s->len - 14);
	s->frame[23] = 17;
}

static int send_packets(const struct sender *s)
{
	struct iovec iov = {(void *)s->frame, s->len};
	struct mmsghdr msg[BATCH] = {0};
	int i;

	for (i = 0; i < BATCH; i++)
		msg[i].msg_hdr = (struct msghdr){.msg_iov = &iov, .msg_iovlen = 1};
	return sendmmsg(s->fd, msg, BATCH, 0);
}

/* Whole batches up to where the rate is by now. */
static void blast(const struct sender *s, double rate, double seconds)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	double begin = now_s(), made = 0, t;

	while ((t = now_s() - begin) < seconds) {
		double due = rate > 0 ? (t * rate - made) / BATCH : ROUNDS_MAX;
		int n;

		if (due < 1) {
			nanosleep(&pause, NULL);
			continue;
		}
		if (due > ROUNDS_MAX)
			due = ROUNDS_MAX;
		n = s->live ? send_live(s, BATCH * (uint32_t)due) : send_packets(s);
		if (n < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
			perror(s->ifname);
			break;
		}
		if (n >= 0)
			made += s->live ? BATCH * (uint32_t)due : (uint32_t)n;
	}
}

int main(int argc, char **argv)
{
	struct sender s = {.fd = -1};
	unsigned long long before;
	double begin;

	if (argc == 6 && !strcmp(argv[5], "packet"))
		argc--;
	else
		s.live = argc == 5;
	if (argc != 5 || atoi(argv[2]) < 60 || atoi(argv[2]) > FRAME_MAX) {
		fprintf(stderr,
			"usage: sender <interface> <60..%d> <frames/s, 0: all> <seconds> [packet]\n",
			FRAME_MAX);
		return 2;
	}
	s.ifname = argv[1];
	s.ifindex = (int)if_nametoindex(argv[1]);
	s.len = (size_t)atoi(argv[2]);
	make_frame(&s);
	before = counted(&s);
	s.live = s.live && s.ifindex && open_live(&s) && !send_live(&s, 0);
	if (!s.ifindex || (!s.live && !open_socket(&s))) {
		perror(argv[1]);
		return 1;
	}
	begin = now_s();
	blast(&s, atof(argv[3]), atof(argv[4]));
	begin = now_s() - begin;
	printf("sent %llu seconds %.3f by %s\n", counted(&s) - before, begin,
	       s.live ? "xdp" : "packet");
	return 0;
}
