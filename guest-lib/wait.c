// SPDX-License-Identifier: LGPL-2.1-or-later
/* Give back, sleep. */
#include <poll.h>
#include <time.h>
#include "priv.h"

#define NSEC_PER_SEC 1000000000ll
#define BLIND_NS     500000ll /* between two looks at a ring without a device */

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

void hpcap_give_back(struct hpcap_handle *h)
{
	/* A program may have added to acks; more than avail would be nonsense. */
	if (h->acks > h->avail && !refresh(h))
		h->acks = h->avail;
	h->ack_pos += h->acks;
	h->avail -= h->acks;
	h->acks = 0;
	h->rdoff = h->ack_pos % h->bufSize;
	/*
	 * Release: what was read is read before the engine may write there.
	 * Pairs with the engine's acquire load of each strict listener's ack.
	 */
	__atomic_store_n(&h->cursor->ack, h->ack_pos, __ATOMIC_RELEASE);
}

void hpcap_want(struct hpcap_handle *h, uint64_t bytes)
{
	uint64_t want = bytes ? min_u64(bytes, h->bufSize / 2) : 1;

	__atomic_store_n(&h->cursor->want, want, __ATOMIC_RELAXED);
}

static bool is_moved(const struct hpcap_handle *h)
{
	/* Acquire: pairs with the engine's release; commit is final afterwards. */
	return __atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_MOVED;
}

static bool is_gone(const struct hpcap_handle *h)
{
	/* Acquire: whatever was committed before is seen by the next look. */
	return (__atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_GONE) ||
	       __atomic_load_n(&h->cursor->state, __ATOMIC_ACQUIRE) == HPCAP_LISTENER_GONE;
}

/* Why there is nothing to sleep for: 1 sleep on, 0 take what is there, or an error. */
static int look(struct hpcap_handle *h, uint64_t want)
{
	int err = why_out(h);

	if (err)
		return err;
	/* what is left in a ring that was replaced comes first, however little */
	if (is_moved(h) && (refresh(h) || hpcap_follow(h)))
		return 0;
	if (h->move_err)
		return h->move_err;
	if (is_gone(h))
		return refresh(h) ? 0 : -ENODEV;
	refresh(h);
	return h->avail >= want ? 0 : 1;
}

/* A ring without a device is looked at again and again. */
static int doze(int64_t deadline)
{
	int64_t ns = deadline < 0 ? BLIND_NS : deadline - now_ns();
	struct timespec t = {0, ns < BLIND_NS ? ns : BLIND_NS};

	if (ns <= 0)
		return -ETIMEDOUT;
	return nanosleep(&t, NULL) ? -errno : 0;
}

static int sleep_until(const struct hpcap_handle *h, int64_t deadline)
{
	struct pollfd pfd = {.fd = h->fd, .events = POLLIN};
	struct timespec left;
	int n;

	if (h->fd < 0)
		return doze(deadline);
	if (deadline < 0) {
		n = ppoll(&pfd, 1, NULL, NULL);
	} else {
		int64_t ns = deadline - now_ns();

		if (ns <= 0)
			return -ETIMEDOUT;
		left = (struct timespec){ns / NSEC_PER_SEC, ns % NSEC_PER_SEC};
		n = ppoll(&pfd, 1, &left, NULL);
	}
	if (n < 0)
		return -errno;
	if (pfd.revents & POLLNVAL)
		return -EBADF;
	return pfd.revents & (POLLERR | POLLHUP) ? -EPIPE : 0;
}

int hpcap_wait_bytes(struct hpcap_handle *h, uint64_t bytes, int64_t timeout_ns)
{
	uint64_t want = bytes ? min_u64(bytes, h->bufSize / 2) : 1;
	int64_t deadline = -1;
	int err, last;

	if (timeout_ns >= 0 && __builtin_add_overflow(now_ns(), timeout_ns, &deadline))
		deadline = INT64_MAX;
	hpcap_want(h, want);
	for (;;) {
		err = look(h, want);
		if (err <= 0)
			return err;
		err = sleep_until(h, deadline);
		if (!err)
			continue;
		/* One more look: data may have come with the end of the sleep. */
		last = look(h, want);
		if (last <= 0)
			return last;
		return err == -EPIPE ? -ENODEV : err;
	}
}

/* Give back only what lies before a position; what is read stays read. */
void hpcap_give_back_to(struct hpcap_handle *h, uint64_t pos)
{
	uint64_t n = pos - h->ack_pos;

	if (!n || n > h->acks)
		return;
	h->ack_pos = pos;
	h->avail -= n;
	h->acks -= n;
	/* Release: as in hpcap_give_back(). */
	__atomic_store_n(&h->cursor->ack, pos, __ATOMIC_RELEASE);
}

/*
 * Sleep until @bytes are unread, or another descriptor is readable, or a time is
 * over. Gives nothing back. Return: 1 @bytes are there, or all that will ever come;
 * 0 look again; -EINTR; -ENODEV, -ECANCELED as hpcap_wait_for().
 */
int hpcap_wait_or(struct hpcap_handle *h, uint64_t bytes, int fd, int64_t timeout_ns)
{
	struct pollfd pfd[2] = {{.fd = h->fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	const uint64_t want = h->acks + bytes;
	/* a ring without a device has nothing to sleep on */
	const int64_t ns = h->fd < 0 && timeout_ns > BLIND_NS ? BLIND_NS : timeout_ns;
	const struct timespec t = {ns / NSEC_PER_SEC, ns % NSEC_PER_SEC};
	int err = look(h, want);

	if (err <= 0)
		return err ? err : 1;
	/* poll(2) counts what is read and not given back, and half the ring at most */
	if (want > h->bufSize / 2)
		pfd[0].fd = -1;
	else
		hpcap_want(h, want);
	return ppoll(pfd, 2, &t, NULL) < 0 ? -errno : 0;
}

int hpcap_wait_for(struct hpcap_handle *h, uint64_t bytes, int64_t timeout_ns)
{
	hpcap_give_back(h);
	return hpcap_wait_bytes(h, bytes, timeout_ns);
}
