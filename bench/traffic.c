// SPDX-License-Identifier: GPL-2.0-or-later
/* The sender of bench/run for real interfaces, and the check at the other end. */
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char usage_text[] =
	"usage: traffic send [options] INTERFACE     frames with number and time in them\n"
	"       traffic receive [options] INTERFACE  what became of them: lost, reordered, twice\n"
	"  --frames SIZE|imix|FILE.pcap  (60)   --to MAC (02:00:00:00:00:01)\n"
	"  --pps N (1000)   --top   --original (the file's own gaps, once)\n"
	"  --count N   --time S (10, at most 86400)\n"
	"  --xdp       send by AF_XDP, through queue 0, instead of AF_PACKET\n"
	"  --sent N    receive: by the sender's word; what is missing at the end is lost, too\n"
	"  --force     said twice: send even where the interface has an address or a default\n"
	"              route\n"
	"Answers are one line of JSON. SIGINT ends either.\n";

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/**
 * traffic_stopped() - Shall it end?
 *
 * Return: true after SIGINT or SIGTERM.
 */
bool traffic_stopped(void)
{
	return stop;
}

/**
 * traffic_now() - The time that frames carry
 *
 * Return: ns since 1970.
 */
uint64_t traffic_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static bool has_address(const char *ifname)
{
	struct ifaddrs *all, *a;
	bool found = false;

	if (getifaddrs(&all))
		return true;
	for (a = all; a; a = a->ifa_next) {
		const struct sockaddr_in6 *six = (const void *)a->ifa_addr;

		if (!a->ifa_addr || strcmp(a->ifa_name, ifname) != 0)
			continue;
		found |= a->ifa_addr->sa_family == AF_INET;
		/* an address that every interface gives itself says nothing */
		found |= a->ifa_addr->sa_family == AF_INET6 &&
			 !IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
	}
	freeifaddrs(all);
	return found;
}

/* "NAME 00000000 ..." of /proc/net/route, or 32 zeros and ... NAME of ipv6_route. */
static bool has_default_route(const char *ifname)
{
	char line[512], name[64], to[64];
	FILE *f = fopen("/proc/net/route", "r");
	bool found = false;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %63s", name, to) == 2)
			found |= !strcmp(name, ifname) && !strcmp(to, "00000000");
	if (f)
		fclose(f);
	f = fopen("/proc/net/ipv6_route", "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %*s %*s %*s %*s %*s %*s %*s %*s %63s", to, name) == 2)
			found |= !strcmp(name, ifname) && strspn(to, "0") == 32;
	if (f)
		fclose(f);
	return found;
}

/**
 * traffic_refusal() - Why should nothing be sent there?
 * @ifname: interface
 *
 * Return: a few words, or NULL when nothing speaks against it.
 */
const char *traffic_refusal(const char *ifname)
{
	if (has_address(ifname))
		return "has an address";
	return has_default_route(ifname) ? "has a default route" : NULL;
}

/**
 * traffic_socket() - A packet socket on an interface
 * @ifname: interface
 * @receive: for our frames; otherwise for sending
 *
 * Return: descriptor, or -1 after an error message.
 */
int traffic_socket(const char *ifname, bool receive)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(receive ? TRAFFIC_TYPE : 0),
				 .sll_ifindex = (int)if_nametoindex(ifname)};
	struct packet_mreq m = {.mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), one = 1, room = 64 << 20;

	if (fd >= 0 && at.sll_ifindex && !bind(fd, (struct sockaddr *)&at, sizeof(at))) {
		if (!receive)
			setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
		else
			setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m));
		if (receive)
			setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
		return fd;
	}
	fprintf(stderr, "traffic: %s: %s\n", ifname, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/**
 * traffic_receive() - Count our frames until time is up, then say what became of them
 * @o: what was asked; frames of one sender, the first that comes, count
 *
 * Return: exit status: 0 all came once and in order, as far as is known.
 */
int traffic_receive(const struct traffic_opts *o)
{
	static struct traffic_track t;
	uint64_t until = traffic_now() + (uint64_t)(o->seconds * 1e9), late_ns = 0, lost;
	struct traffic_mark m = {0};
	static uint8_t frame[TRAFFIC_MAX + 4];
	uint32_t run = 0;
	int fd = traffic_socket(o->ifname, true);

	if (fd < 0)
		return 1;
	printf("receiving\n");
	fflush(stdout);
	while (!stop && traffic_now() < until && !(o->sent && t.frames >= o->sent)) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t n = poll(&p, 1, 50) > 0 ? recv(fd, frame, sizeof(frame), 0) : 0;

		if (n <= 0 || !traffic_get(frame, (size_t)n, &m) || (t.frames && m.run != run))
			continue;
		run = m.run;
		traffic_arrived(&t, m.seq);
		if (traffic_now() > m.ns && traffic_now() - m.ns > late_ns)
			late_ns = traffic_now() - m.ns;
	}
	lost = traffic_lost(&t, o->sent);
	printf("{\"schema_version\":1,\"run\":%u,\"frames\":%llu,\"lost\":%llu,\"reordered\":%llu,"
	       "\"duplicates\":%llu,\"ancient\":%llu,\"longest_ns\":%llu}\n",
	       run, (unsigned long long)t.frames, (unsigned long long)lost,
	       (unsigned long long)t.reordered, (unsigned long long)t.duplicates,
	       (unsigned long long)t.ancient, (unsigned long long)late_ns);
	close(fd);
	return t.frames && !(lost + t.reordered + t.duplicates + t.ancient) ? 0 : 1;
}

static void wrong(const char *opt, const char *wanted)
{
	fprintf(stderr, "traffic: %s: wanted %s (traffic --help)\n", opt, wanted);
	exit(2);
}

static double number(const char *opt, double least, double most)
{
	char *end;
	double v = strtod(optarg, &end);
	char wanted[80];

	snprintf(wanted, sizeof(wanted), "a number from %g to %g, not \"%.20s\"", least, most,
		 optarg);
	if (end == optarg || *end || !(v >= least && v <= most))
		wrong(opt, wanted);
	return v;
}

static void address(uint8_t *mac)
{
	unsigned int b[6];
	int n = -1;

	if (sscanf(optarg, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &n) != 6 ||
	    optarg[n])
		wrong("--to", "an address like 02:00:00:00:00:01");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
}

static void options(struct traffic_opts *o, int argc, char **argv)
{
	static const struct option known[] = {
		{"frames", required_argument, NULL, 'f'},
		{"to", required_argument, NULL, 'd'},
		{"pps", required_argument, NULL, 'p'},
		{"top", no_argument, NULL, 'x'},
		{"original", no_argument, NULL, 'o'},
		{"count", required_argument, NULL, 'c'},
		{"time", required_argument, NULL, 't'},
		{"sent", required_argument, NULL, 's'},
		{"force", no_argument, NULL, 'F'},
		{"xdp", no_argument, NULL, 'X'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'f')
			o->frames = optarg;
		else if (c == 'd')
			address(o->dst);
		else if (c == 'p')
			o->pps = number("--pps", 0.001, 1e9);
		else if (c == 'x' || c == 'o')
			o->pps = c == 'x' ? 0 : -1;
		else if (c == 'c')
			o->count = (uint64_t)number("--count", 1, 1e15);
		else if (c == 't')
			o->seconds = number("--time", 0.001, 86400);
		else if (c == 's')
			o->sent = (uint64_t)number("--sent", 1, 1e15);
		else if (c == 'F')
			o->sure++;
		else if (c == 'X')
			o->xdp = true;
		else
			exit(2);
	}
	if (optind + 1 != argc)
		wrong("arguments", "one interface");
	o->ifname = argv[optind];
}

int main(int argc, char **argv)
{
	struct traffic_opts o = {
		.frames = "60", .pps = 1000, .seconds = 10, .dst = {0x02, 0, 0, 0, 0, 0x01}};
	struct sigaction sa = {.sa_handler = on_signal};
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "--help") || !strcmp(verb, "-h")) {
		fputs(usage_text, stdout);
		return 0;
	}
	if (strcmp(verb, "send") != 0 && strcmp(verb, "receive") != 0)
		wrong("verb", "send or receive");
	options(&o, argc - 1, argv + 1);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	return *verb == 's' ? traffic_send(&o) : traffic_receive(&o);
}
