// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The truth is kept apart from the engine's code: each frame's bytes in a list
 * that forgets nothing, compared byte by byte.
 */
#include "dup_truth.h"

#include <math.h>

#define FRAME_LEN 70
#define PLACES	  (1u << 20)
#define START	  1795298400000000000ull
#define FLOWS	  4096

/**
 * struct seen - a frame of the reference's list
 * @next: in the same place, NULL at the end
 * @ns: when it was seen last
 * @len: bytes on the wire
 * @n: bytes compared
 * @data: those
 */
struct seen {
	struct seen *next;
	u64 ns;
	u32 len;
	u32 n;
	u8 data[FRAME_LEN];
};

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "duplicates: no memory\n");
		exit(1);
	}
	return p;
}

static u32 sum_of(const u8 *p, u32 n)
{
	u32 h = 2166136261u;

	while (n--)
		h = (h ^ *p++) * 16777619u;
	return h;
}

/* What is compared: all, or of an IPv4 packet all but TTL and checksum. */
static u32 plain(const struct capture_frame *f, u32 ignore, u8 *out)
{
	u32 n = min_t(u32, f->caplen, FRAME_LEN);

	if (!ignore || n < 34 || f->data[12] != 8 || f->data[13]) {
		memcpy(out, f->data, n);
		return n;
	}
	n = min_t(u32, f->caplen - 12, FRAME_LEN);
	n = min_t(u32, n, 2 + (f->data[16] << 8 | f->data[17]));
	memcpy(out, f->data + 12, n);
	out[2 + 8] = 0;
	out[2 + 10] = 0;
	out[2 + 11] = 0;
	return n;
}

static bool look_up(struct seen **table, const struct capture_frame *f, u32 ignore)
{
	u8 data[FRAME_LEN];
	u32 n = plain(f, ignore, data);
	u32 len = ignore && n != min_t(u32, f->caplen, FRAME_LEN) ? n : f->len;
	struct seen **at = &table[sum_of(data, n) % PLACES], *s;
	bool copy;

	for (s = *at; s; s = s->next)
		if (s->len == len && s->n == n && !memcmp(s->data, data, n))
			break;
	if (!s) {
		s = need(calloc(1, sizeof(*s)));
		s->next = *at;
		s->len = len;
		s->n = n;
		memcpy(s->data, data, n);
		*at = s;
	}
	copy = s->ns && f->ns - s->ns <= HPCAP_DUP_WINDOW;
	s->ns = f->ns;
	return copy;
}

static void find_copies(struct dup_trace *t)
{
	struct seen **table = need(calloc(PLACES, sizeof(*table)));
	u32 i;

	t->copy = need(calloc(t->nr, sizeof(*t->copy)));
	t->nr_copies = 0;
	for (i = 0; i < t->nr; i++) {
		t->copy[i] = look_up(table, &t->frame[i], t->ignore);
		t->nr_copies += t->copy[i];
	}
	for (i = 0; i < PLACES; i++) {
		while (table[i]) {
			struct seen *s = table[i];

			table[i] = s->next;
			free(s);
		}
	}
	free(table);
}

static double uniform(u64 *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return ((*seed >> 11) + 1) / 9007199254740993.0;
}

/* Of three hundred copies one comes anywhere in the window, the others soon. */
static u64 delay_of(u64 *seed, double delay_ms)
{
	double ms = uniform(seed) < 1.0 / 300 ? 199 * uniform(seed)
					      : -delay_ms * log(uniform(seed));

	return min(ms, 199.0) * 1e6;
}

static int by_time(const void *a, const void *b)
{
	const struct capture_frame *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

static void fill(u8 *p, u32 n, u64 *seed)
{
	u32 i;

	for (i = 0; i < FRAME_LEN; i += 8) {
		u64 v = *seed;

		uniform(seed);
		memcpy(p + i, &v, min(8u, FRAME_LEN - i));
	}
	memcpy(p + 20, &n, sizeof(n));
}

/**
 * dup_trace_make() - Frames at random times, some of which come twice
 * @t: filled in
 * @name: of it
 * @nr: frames, copies included, about
 * @pps: mean rate
 * @ratio: of copies in all
 * @delay_ms: mean time from a frame to its copy
 */
void dup_trace_make(struct dup_trace *t, const char *name, u32 nr, double pps, double ratio,
		    double delay_ms)
{
	u64 seed = nr + (u64)(ratio * 1e6), now = START;
	u8 *data = need(malloc((size_t)nr * FRAME_LEN));
	u32 i = 0, n = 0;

	*t = (struct dup_trace){.name = name, .nr = nr};
	t->frame = need(calloc(nr, sizeof(*t->frame)));
	t->flow = need(calloc(nr, sizeof(*t->flow)));
	while (i < nr) {
		struct capture_frame *f = &t->frame[i++];
		u8 *p = data + (size_t)n++ * FRAME_LEN;

		fill(p, n, &seed);
		now += -1e9 / (pps * (1 - ratio)) * log(uniform(&seed));
		*f = (struct capture_frame){now, 60 + n % 1455, FRAME_LEN, p};
		if (i < nr && uniform(&seed) < ratio / (1 - ratio)) {
			t->frame[i] = *f;
			t->frame[i++].ns += delay_of(&seed, delay_ms);
		}
	}
	qsort(t->frame, nr, sizeof(*t->frame), by_time);
	for (i = 0; i < nr; i++)
		t->flow[i] = sum_of((u8[]){t->frame[i].data[0] % 16, t->frame[i].data[9]}, 2) %
			     FLOWS * 2654435761u;
	find_copies(t);
}

/**
 * dup_trace_read() - A capture, and its truth
 * @t: filled in
 * @name: of it
 * @path: pcap file
 * @ignore: HPCAP_DUP_IGNORE_* to read it with: 0, or all but VLAN
 *
 * Return: NULL, or what is wrong.
 */
const char *dup_trace_read(struct dup_trace *t, const char *name, const char *path, u32 ignore)
{
	struct capture c;
	const char *bad = capture_read(&c, path);
	u32 i;

	if (bad)
		return bad;
	*t = (struct dup_trace){.name = name, .ignore = ignore, .nr = c.nr, .frame = c.frame};
	t->flow = need(calloc(c.nr, sizeof(*t->flow)));
	for (i = 0; i < c.nr; i++)
		if (c.frame[i].caplen >= 38)
			t->flow[i] = sum_of(c.frame[i].data + 26, 12);
	find_copies(t);
	return NULL;
}
