// SPDX-License-Identifier: LGPL-2.1-or-later
/* Captured frames sent out again, in batches. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "hpcap_out.h"
#include "priv.h"

enum {
	BATCH = 64,
	PATIENCE = 200,	   /* looks at an interface without room */
	PAUSE_NS = 500000, /* between them */
	EMPTY_MIN = HPCAP_SEND_LEN_MIN
};

struct hpcap_out {
	struct hpcap_handle to;
	uint32_t flags;
	int from;
	uint32_t nr;
	struct hpcap_send_frame frame[BATCH];
	uint8_t edit[BATCH][HPCAP_OUT_EDIT_MAX];
	struct hpcap_out_report rep;
};

int hpcap_out_open(struct hpcap_out **out, int adapter, int queue)
{
	static const struct hpcap_options control = {.control = true};
	struct hpcap_out *o = calloc(1, sizeof(*o));
	char path[64];
	int err;

	*out = NULL;
	if (!o)
		return -ENOMEM;
	o->from = -1;
	err = hpcap_open_with(&o->to, adapter, queue, &control);
	if (err) {
		free(o);
		return err;
	}
	/* to send, the descriptor must be writable; it never listens */
	close(o->to.fd);
	snprintf(path, sizeof(path), "/dev/hpcap_%d_%d", adapter, queue);
	o->to.fd = open(path, O_RDWR | O_CLOEXEC);
	if (o->to.fd < 0) {
		err = -errno;
		free(o);
		return err;
	}
	*out = o;
	return 0;
}

void hpcap_out_copy(struct hpcap_out *o, bool copy)
{
	o->flags = copy ? HPCAP_SEND_COPY : 0;
}

/* Hand over from @first on; how many were taken, or a negative errno. */
static int hand_over(struct hpcap_out *o, uint32_t first)
{
	struct hpcap_send send = {
		.fd = o->to.fd,
		.count = o->nr - first,
		.flags = o->flags,
		.frames = (uintptr_t)&o->frame[first],
	};

	o->rep.calls++;
	if (ioctl(o->from, HPCAP_IOC_SEND, &send))
		return -errno;
	return (int)send.sent;
}

static void pause_for_room(const struct hpcap_out *o)
{
	const struct timespec t = {0, PAUSE_NS};
	struct pollfd pfd = {.fd = o->from, .events = POLLOUT};

	/* our own frames on their way wake us; those of others do not */
	ppoll(&pfd, 1, &t, NULL);
	nanosleep(&t, NULL);
}

static void count(struct hpcap_out *o, uint32_t first, uint32_t n)
{
	uint32_t i;

	o->rep.sent += n;
	for (i = first; i < first + n; i++)
		o->rep.bytes += o->frame[i].len;
}

int hpcap_out_flush(struct hpcap_out *o)
{
	int ret = 0, patience = PATIENCE;
	uint32_t done = 0;

	while (done < o->nr && patience) {
		ret = hand_over(o, done);
		if (ret > 0) {
			count(o, done, (uint32_t)ret);
			done += (uint32_t)ret;
			patience = PATIENCE;
			ret = 0;
		} else if (ret == -EAGAIN || ret == -EINTR) {
			pause_for_room(o);
			patience--;
			ret = 0;
		} else {
			break;
		}
	}
	o->rep.dropped += o->nr - done;
	o->nr = 0;
	return ret == -ENETDOWN ? 0 : ret;
}

int hpcap_out_send(struct hpcap_out *o, struct hpcap_handle *h, const struct hpcap_record *rec,
		   const void *edit, uint32_t edit_len)
{
	int err;

	if (edit_len > HPCAP_OUT_EDIT_MAX || edit_len > rec->caplen || rec->caplen < EMPTY_MIN)
		return -EINVAL;
	if (rec->caplen < rec->len)
		return -EMSGSIZE;
	if (o->nr && (o->from != h->fd || o->nr == BATCH)) {
		err = hpcap_out_flush(o);
		if (err)
			return err;
	}
	o->from = h->fd;
	if (edit_len)
		memcpy(o->edit[o->nr], edit, edit_len);
	o->frame[o->nr] = (struct hpcap_send_frame){
		.pos = rec->pos + HPCAP_REC_LEN,
		.len = rec->caplen,
		.edit_len = edit_len,
		.edit = (uintptr_t)o->edit[o->nr],
	};
	o->nr++;
	return o->nr == BATCH ? hpcap_out_flush(o) : 0;
}

void hpcap_out_get_report(const struct hpcap_out *o, struct hpcap_out_report *rep)
{
	*rep = o->rep;
}

const struct hpcap_handle *hpcap_out_handle(const struct hpcap_out *o)
{
	return &o->to;
}

void hpcap_out_close(struct hpcap_out *o)
{
	if (!o)
		return;
	close(o->to.fd);
	free(o);
}
