// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A listener's own filter and caplen. The engine stores what any listener
 * wants; here each reads past what is not for it. Ref: decision 0010
 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include "bpf.h"
#include "view.h"

#define SPAN_MAX (1u << 20)

uint32_t hpcap_view_keep(const struct hpcap_view *v, const uint8_t *data,
			 const struct rec_header *hdr)
{
	uint32_t keep = hdr->caplen;

	if (v->insns)
		keep = (uint32_t)min_u64(
			keep, bpf_wants(v->insns, v->nr, data, hdr->caplen, hdr->len));
	return v->caplen ? (uint32_t)min_u64(keep, v->caplen) : keep;
}

static struct hpcap_view *get_view(struct hpcap_handle *h)
{
	if (!h->view)
		h->view = calloc(1, sizeof(*h->view));
	return h->view;
}

void hpcap_view_destroy(struct hpcap_handle *h)
{
	if (!h->view)
		return;
	free(h->view->insns);
	free(h->view->span);
	free(h->view);
	h->view = NULL;
}

/* A listener that wants everything reads without a view. */
static void drop_if_idle(struct hpcap_handle *h)
{
	if (!h->view->insns && !h->view->caplen && !h->view->skipped)
		hpcap_view_destroy(h);
}

static int fill_request(struct hpcap_filter *req, const struct sock_filter *insns, uint32_t nr,
			const char *text)
{
	if (text && strlen(text) >= sizeof(req->text))
		return -EINVAL;
	req->len = nr;
	req->insns = (uint64_t)(uintptr_t)insns;
	if (text)
		strcpy(req->text, text);
	return 0;
}

int hpcap_set_filter(struct hpcap_handle *h, uint32_t scope, const struct sock_filter *insns,
		     uint32_t nr, const char *text)
{
	struct hpcap_filter req = {.scope = scope};
	struct sock_filter *copy = NULL;
	int err = fill_request(&req, insns, nr, text);

	if (err)
		return err;
	if (scope == HPCAP_SCOPE_LISTENER && nr) {
		copy = malloc(nr * sizeof(*copy));
		if (!copy || !get_view(h)) {
			free(copy);
			return -ENOMEM;
		}
		memcpy(copy, insns, nr * sizeof(*copy));
	}
	if (ioctl(h->fd, HPCAP_IOC_SET_FILTER, &req)) {
		err = -errno;
		free(copy);
		return err;
	}
	if (scope == HPCAP_SCOPE_LISTENER && h->view) {
		free(h->view->insns);
		h->view->insns = copy;
		h->view->nr = nr;
		drop_if_idle(h);
	}
	return 0;
}

int hpcap_get_filter(const struct hpcap_handle *h, uint32_t scope, struct sock_filter *insns,
		     uint32_t *nr, char *text)
{
	struct hpcap_filter req = {
		.scope = scope,
		.len = insns ? *nr : 0,
		.insns = (uint64_t)(uintptr_t)insns,
	};

	if (ioctl(h->fd, HPCAP_IOC_GET_FILTER, &req))
		return -errno;
	*nr = req.len;
	if (text)
		memcpy(text, req.text, sizeof(req.text));
	return 0;
}

int hpcap_set_caplen(struct hpcap_handle *h, uint32_t caplen)
{
	struct hpcap_keep req = {.scope = HPCAP_SCOPE_LISTENER, .caplen = caplen};

	if (caplen && !get_view(h))
		return -ENOMEM;
	if (ioctl(h->fd, HPCAP_IOC_SET_KEEP, &req))
		return -errno;
	if (h->view) {
		h->view->caplen = caplen;
		drop_if_idle(h);
	}
	return 0;
}

uint64_t hpcap_skipped(const struct hpcap_handle *h)
{
	return h->view ? h->view->skipped : 0;
}

/* One record into the span; false when it was overtaken meanwhile. */
static bool pack(struct hpcap_handle *h, const struct hpcap_record *rec, uint64_t at)
{
	const uint16_t caplen = htole16((uint16_t)rec->caplen);
	uint8_t *to = h->view->span + at;

	memcpy(to, h->buf + h->rdoff, HPCAP_REC_LEN + rec->caplen);
	memcpy(to + offsetof(struct hpcap_rec, caplen), &caplen, sizeof(caplen));
	return is_valid(h, rec->pos);
}

int hpcap_view_span(struct hpcap_handle *h, uint64_t max_bytes, uint64_t max_frames,
		    struct hpcap_span *span)
{
	const uint64_t limit = min_u64(max_bytes, SPAN_MAX);
	struct hpcap_view *v = h->view;
	struct hpcap_record rec;
	uint32_t stored;
	int ret;

	if (!v->span)
		v->span = malloc(SPAN_MAX);
	if (!v->span)
		return -ENOMEM;
	*span = (struct hpcap_span){.data = v->span};
	while ((ret = hpcap_peek(h, &rec, &stored)) > 0) {
		if (span->bytes + HPCAP_REC_LEN + rec.caplen > limit)
			break;
		if (max_frames && span->frames == max_frames)
			break;
		if (!pack(h, &rec, span->bytes))
			continue;
		if (!span->frames)
			span->pos = rec.pos;
		span->last = v->span + span->bytes;
		span->bytes += HPCAP_REC_LEN + rec.caplen;
		span->frames++;
		hpcap_take(h, stored);
	}
	v->span_pos = span->pos;
	if (span->frames)
		return 1;
	return ret > 0 ? -EMSGSIZE : ret;
}
