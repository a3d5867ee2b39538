// SPDX-License-Identifier: LGPL-2.1-or-later
/* Buddies: whose chunk a worker takes next, and sleeping when there is none. */
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include "buddy_queue.h"
#include "hpcap_buddy.h"
#include "priv.h"

#define NSEC_PER_SEC 1000000000ll
#define LOOK_NS	     1000000ll /* a sleeping worker looks at its buddies so often */

/**
 * struct worker - one worker and its queue
 * @q: its queue
 * @h: handle of that
 * @own_chunks: counters of hpcap_buddy_get_report(); by this worker
 * @own_bytes: the same
 * @helped_chunks: the same
 * @helped_bytes: the same
 */
struct worker {
	struct buddy_queue q;
	struct hpcap_handle *h;
	uint64_t own_chunks;
	uint64_t own_bytes;
	uint64_t helped_chunks;
	uint64_t helped_bytes;
} __attribute__((aligned(64)));

struct hpcap_buddies {
	unsigned int nr;
	uint32_t threshold;
	struct worker w[];
};

static bool handle_fits(const struct hpcap_handle *h, uint64_t chunk)
{
	return h->buf && h->mode == HPCAP_STRICT && !h->acks && chunk <= h->bufSize / 4;
}

static bool options_fit(const struct hpcap_buddy_options *opt)
{
	return opt->threshold <= 100 && opt->chunk % HPCAP_CHUNK_SIZE == 0;
}

int hpcap_buddies_create(struct hpcap_buddies **out, struct hpcap_handle *const *queue,
			 unsigned int nr, const struct hpcap_buddy_options *opt)
{
	static const struct hpcap_buddy_options defaults;
	struct hpcap_buddies *b;
	uint64_t chunk;
	unsigned int i;

	*out = NULL;
	if (!opt)
		opt = &defaults;
	if (!nr || nr > HPCAP_BUDDY_MAX || !options_fit(opt))
		return -EINVAL;
	chunk = opt->chunk ? opt->chunk : HPCAP_CHUNK_SIZE;
	for (i = 0; i < nr; i++)
		if (!handle_fits(queue[i], chunk))
			return -EINVAL;
	b = aligned_alloc(64, sizeof(*b) + 64 + nr * sizeof(b->w[0]));
	if (!b)
		return -ENOMEM;
	memset(b, 0, sizeof(*b) + nr * sizeof(b->w[0]));
	b->threshold = opt->threshold ? opt->threshold : HPCAP_BUDDY_THRESHOLD;
	for (i = 0; i < nr; i++) {
		b->w[i].h = queue[i];
		b->nr = i + 1;
		if (buddy_queue_init(&b->w[i].q, queue[i], chunk)) {
			hpcap_buddies_destroy(b);
			return -ENOMEM;
		}
	}
	*out = b;
	return 0;
}

/* The handle goes on where its worker ended. */
static void leave(struct worker *w)
{
	struct hpcap_handle *h = w->h;

	h->ack_pos = buddy_queue_end(&w->q);
	h->acks = 0;
	h->avail = 0;
	h->rdoff = h->ack_pos % h->bufSize;
}

void hpcap_buddies_destroy(struct hpcap_buddies *b)
{
	unsigned int i;

	if (!b)
		return;
	for (i = 0; i < b->nr; i++) {
		if (b->w[i].q.unit)
			leave(&b->w[i]);
		buddy_queue_deinit(&b->w[i].q);
	}
	free(b);
}

/* How full of unread bytes is a queue? In 1/65536 of its ring. */
static uint64_t fullness(const struct buddy_queue *q)
{
	return (buddy_queue_unread(q) << 16) / q->size;
}

static uint64_t limit_of(const struct hpcap_buddies *b)
{
	return ((uint64_t)b->threshold << 16) / 100;
}

/* The fullest queue above the threshold, but for one's own; -1 when none is. */
static int who_needs_help(const struct hpcap_buddies *b, unsigned int me)
{
	uint64_t worst = limit_of(b), is;
	unsigned int i;
	int who = -1;

	for (i = 0; i < b->nr; i++) {
		if (i == me)
			continue;
		is = fullness(&b->w[i].q);
		if (is > worst) {
			worst = is;
			who = (int)i;
		}
	}
	return who;
}

static bool take_from(struct hpcap_buddies *b, unsigned int queue, struct hpcap_chunk *chunk)
{
	struct buddy_queue *q = &b->w[queue].q;
	uint64_t pos, bytes;

	if (!buddy_queue_take(q, &pos, &bytes))
		return false;
	*chunk = (struct hpcap_chunk){
		.data = q->ring + pos % q->size,
		.bytes = bytes,
		.pos = pos,
		.queue = queue,
	};
	return true;
}

/* By its worker alone, read by anyone. */
static void count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

int hpcap_buddy_take(struct hpcap_buddies *b, unsigned int me, struct hpcap_chunk *chunk)
{
	struct worker *w = &b->w[me];
	int who;

	if (b->threshold < 100 && fullness(&w->q) <= limit_of(b)) {
		who = who_needs_help(b, me);
		if (who >= 0 && take_from(b, (unsigned int)who, chunk)) {
			count(&w->helped_chunks, 1);
			count(&w->helped_bytes, chunk->bytes);
			return 1;
		}
	}
	if (!take_from(b, me, chunk))
		return 0;
	count(&w->own_chunks, 1);
	count(&w->own_bytes, chunk->bytes);
	return 1;
}

int hpcap_chunk_next(struct hpcap_chunk *chunk, struct hpcap_record *rec)
{
	const uint8_t *p = chunk->data + chunk->read;
	const uint64_t left = chunk->bytes - chunk->read;
	struct rec_header hdr;

	if (!left)
		return 0;
	if (left < HPCAP_REC_LEN)
		return -EBADMSG;
	hdr = rec_load(p);
	if (rec_is_bad(&hdr) || HPCAP_REC_LEN + hdr.caplen > left)
		return -EBADMSG;
	*rec = (struct hpcap_record){
		.sec = hdr.sec,
		.nsec = hdr.nsec,
		.caplen = hdr.caplen,
		.len = hdr.len,
		.data = p + HPCAP_REC_LEN,
		.pos = chunk->pos + chunk->read,
	};
	chunk->read += HPCAP_REC_LEN + hdr.caplen;
	return 1;
}

void hpcap_buddy_return(struct hpcap_buddies *b, const struct hpcap_chunk *chunk)
{
	buddy_queue_return(&b->w[chunk->queue].q, chunk->pos, chunk->bytes);
}

static bool has_work(const struct hpcap_buddies *b, unsigned int me)
{
	return buddy_queue_unread(&b->w[me].q) ||
	       (b->threshold < 100 && who_needs_help(b, me) >= 0);
}

/* Acquire: whatever was committed before is seen by the next look. */
static bool is_over(const struct hpcap_handle *h)
{
	return (__atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_GONE) ||
	       __atomic_load_n(&h->cursor->state, __ATOMIC_ACQUIRE) != HPCAP_LISTENER_ATTACHED;
}

/* All of it was taken, and what follows lies in another ring. */
static bool has_moved(const struct worker *w)
{
	/* Acquire: commit is final afterwards. */
	return (__atomic_load_n(&w->h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_MOVED) &&
	       !buddy_queue_unread(&w->q);
}

static bool all_over(const struct hpcap_buddies *b)
{
	unsigned int i;

	for (i = 0; i < b->nr; i++)
		if (!is_over(b->w[i].h) || buddy_queue_unread(&b->w[i].q))
			return false;
	return true;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

/*
 * Sleep on one's own queue. What was taken and is not back counts as unread for
 * the engine: POLLIN is wanted for more than that. When that is more than it
 * allows, or the queue is over, the clock wakes.
 */
static int sleep_on(struct worker *w, int64_t ns)
{
	const uint64_t next = __atomic_load_n(&w->q.next, __ATOMIC_RELAXED);
	const uint64_t held = next - __atomic_load_n(&w->q.cursor->ack, __ATOMIC_RELAXED);
	struct pollfd pfd = {.fd = w->h->fd, .events = POLLIN};
	const struct timespec t = {ns / NSEC_PER_SEC, ns % NSEC_PER_SEC};

	if (held >= w->q.size / 2 || is_over(w->h))
		pfd.fd = -1;
	__atomic_store_n(&w->q.cursor->want, held + 1, __ATOMIC_RELAXED);
	return ppoll(&pfd, 1, &t, NULL) < 0 ? -errno : 0;
}

int hpcap_buddy_wait(struct hpcap_buddies *b, unsigned int me, int64_t timeout_ns)
{
	int64_t deadline = INT64_MAX, left;
	int err = 0;

	if (timeout_ns >= 0 && __builtin_add_overflow(now_ns(), timeout_ns, &deadline))
		deadline = INT64_MAX;
	while (!err) {
		bool over = all_over(b);

		if (has_work(b, me))
			return 0;
		if (over)
			return -ENODEV;
		if (has_moved(&b->w[me]))
			return -ESTALE;
		left = deadline - now_ns();
		if (left <= 0)
			return -ETIMEDOUT;
		err = sleep_on(&b->w[me], left < LOOK_NS ? left : LOOK_NS);
	}
	return err;
}

int hpcap_buddy_get_report(const struct hpcap_buddies *b, unsigned int worker,
			   struct hpcap_buddy_report *rep)
{
	const struct worker *w = &b->w[worker];

	if (worker >= b->nr)
		return -EINVAL;
	*rep = (struct hpcap_buddy_report){
		.own_chunks = __atomic_load_n(&w->own_chunks, __ATOMIC_RELAXED),
		.own_bytes = __atomic_load_n(&w->own_bytes, __ATOMIC_RELAXED),
		.helped_chunks = __atomic_load_n(&w->helped_chunks, __ATOMIC_RELAXED),
		.helped_bytes = __atomic_load_n(&w->helped_bytes, __ATOMIC_RELAXED),
		.missed = __atomic_load_n(&w->h->cursor->lost, __ATOMIC_RELAXED),
	};
	return 0;
}
