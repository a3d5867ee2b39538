// SPDX-License-Identifier: GPL-2.0-or-later
/* Sending: batches by sendmmsg past the queueing layer or by AF_XDP, paced, bounded. */
#include "traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH = 32,
	PAUSE_NS = 20000,
};

/**
 * struct source - where frames come from
 * @o: what was asked
 * @file: being replayed, without a file: generated
 * @size: of generated frames, 0 for the mixture
 * @run: this sender's number
 * @made: so far
 * @first_ns: time of the file's first frame
 * @gap_ns: of the frame last made to it
 */
struct source {
	const struct traffic_opts *o;
	struct traffic_file file;
	size_t size;
	uint32_t run;
	uint64_t made;
	uint64_t first_ns;
	uint64_t gap_ns;
};

static bool source_open(struct source *s, const struct traffic_opts *o)
{
	char *end;

	*s = (struct source){.o = o, .run = (uint32_t)(traffic_now() >> 10)};
	s->size = strtoul(o->frames, &end, 10);
	if (!strcmp(o->frames, "imix") ||
	    (!*end && s->size >= TRAFFIC_MIN && s->size <= TRAFFIC_MAX))
		return true;
	if (*end)
		return traffic_file_open(&s->file, o->frames);
	fprintf(stderr, "traffic: --frames: wanted %d to %d, imix or a pcap file, not %s\n",
		TRAFFIC_MIN, TRAFFIC_MAX, o->frames);
	return false;
}

/* The next frame; 0 for no more. */
static size_t source_next(struct source *s, uint8_t *frame)
{
	static const size_t imix[12] = {60, 594, 60, 60, 594, 60, 1514, 60, 594, 60, 594, 60};
	struct traffic_mark m = {.run = s->run, .seq = s->made, .ns = traffic_now()};
	size_t len = s->size ? s->size : imix[s->made % 12];
	uint64_t ns;

	if (s->file.f) {
		int rc = traffic_file_next(&s->file, frame, &len, &ns);

		/* with its own gaps a file is sent once */
		if (!rc && s->o->pps >= 0 && traffic_file_rewind(&s->file))
			rc = traffic_file_next(&s->file, frame, &len, &ns);
		if (rc < 0)
			fprintf(stderr, "traffic: %s: damaged, or a frame too long\n",
				s->o->frames);
		if (rc <= 0)
			return 0;
		if (!s->made)
			s->first_ns = ns;
		s->gap_ns = ns > s->first_ns ? ns - s->first_ns : 0;
	} else {
		traffic_put(frame, len, s->o->dst, &m);
	}
	s->made++;
	return len;
}

/* How many frames may be on the wire by now? */
static uint64_t due(const struct source *s, double elapsed)
{
	if (s->o->pps == 0)
		return s->made + BATCH;
	if (s->o->pps > 0)
		return (uint64_t)(elapsed * s->o->pps) + 1;
	return elapsed * 1e9 >= (double)s->gap_ns ? s->made + 1 : s->made;
}

static int flush(int fd, struct mmsghdr *msg, int n)
{
	int done = 0;

	while (done < n && !traffic_stopped()) {
		int rc = sendmmsg(fd, msg + done, (unsigned int)(n - done), 0);

		if (rc > 0)
			done += rc;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			break;
	}
	return done;
}

/* One way out or the other. */
static int put(int fd, struct traffic_xdp *xdp, struct iovec *iov, int n)
{
	struct mmsghdr msg[BATCH] = {0};

	if (xdp)
		return n ? traffic_xdp_send(xdp, iov, n) : 0;
	for (int i = 0; i < n; i++)
		msg[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
	return flush(fd, msg, n);
}

static uint64_t run(struct source *s, int fd, struct traffic_xdp *xdp, uint64_t *bytes)
{
	static uint8_t frame[BATCH][TRAFFIC_MAX];
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	uint64_t begin = traffic_now(), sent = 0;
	struct iovec iov[BATCH];
	bool more = true;
	double t;

	while (more && !traffic_stopped() &&
	       (t = (double)(traffic_now() - begin) / 1e9) < s->o->seconds) {
		uint64_t until = due(s, t);
		int n = 0, done;

		while (more && n < BATCH && s->made < until &&
		       (!s->o->count || s->made < s->o->count)) {
			iov[n].iov_base = frame[n];
			iov[n].iov_len = source_next(s, frame[n]);
			more = iov[n].iov_len > 0;
			n += more;
		}
		done = put(fd, xdp, iov, n);
		for (int i = 0; i < done; i++)
			*bytes += iov[i].iov_len;
		sent += (uint64_t)done;
		more = more && done == n && (!s->o->count || s->made < s->o->count);
		if (!n)
			nanosleep(&pause, NULL);
	}
	return sent;
}

/**
 * traffic_send() - Send, and say what was sent in one line of JSON
 * @o: what was asked
 *
 * Return: exit status.
 */
int traffic_send(const struct traffic_opts *o)
{
	const char *why = o->sure < 2 ? traffic_refusal(o->ifname) : NULL;
	uint64_t begin, sent, bytes = 0;
	struct traffic_xdp *xdp = NULL;
	struct source s;
	double seconds;
	int fd;

	if (why) {
		fprintf(stderr,
			"traffic: %s: %s: this would disturb others (--force --force)\n",
			o->ifname, why);
		return 1;
	}
	if (!source_open(&s, o))
		return 2;
	fd = traffic_socket(o->ifname, false);
	if (o->xdp && fd >= 0)
		xdp = traffic_xdp_open(o->ifname);
	if (fd < 0 || (o->xdp && !xdp))
		return 1;
	begin = traffic_now();
	sent = run(&s, fd, xdp, &bytes);
	if (xdp)
		sent -= traffic_xdp_close(xdp);
	seconds = (double)(traffic_now() - begin) / 1e9;
	printf("{\"schema_version\":1,\"run\":%u,\"sent\":%llu,\"sent_bytes\":%llu,\"seconds\":%.6f,"
	       "\"pps\":%.1f,\"began_us\":%llu}\n",
	       s.run, (unsigned long long)sent, (unsigned long long)bytes, seconds,
	       seconds > 0 ? (double)sent / seconds : 0, (unsigned long long)begin / 1000);
	close(fd);
	if (s.file.f)
		fclose(s.file.f);
	return sent ? 0 : 1;
}
