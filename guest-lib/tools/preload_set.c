// SPDX-License-Identifier: GPL-2.0-or-later
/* What a program sets and asks of a device of ours. */
#include <stdlib.h>
#include <string.h>
#include "preload.h"

int pcap_set_snaplen(pcap_t *p, int snaplen)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_snaplen)(p, snaplen);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	/* libpcap takes what makes no sense for "all" */
	l->snaplen =
		snaplen > 0 && snaplen < PRELOAD_SNAPLEN_MAX ? snaplen : PRELOAD_SNAPLEN_MAX;
	return 0;
}

int pcap_snapshot(pcap_t *p)
{
	struct live *l = live_of(p);

	return l ? l->snaplen : REAL(pcap_snapshot)(p);
}

int pcap_set_timeout(pcap_t *p, int ms)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_timeout)(p, ms);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	l->timeout_ms = ms > 0 ? ms : 0;
	return 0;
}

int pcap_set_immediate_mode(pcap_t *p, int on)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_immediate_mode)(p, on);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	l->immediate = on;
	return 0;
}

int pcap_set_tstamp_precision(pcap_t *p, int precision)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_tstamp_precision)(p, precision);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	if (precision != PCAP_TSTAMP_PRECISION_MICRO && precision != PCAP_TSTAMP_PRECISION_NANO)
		return PCAP_ERROR_TSTAMP_PRECISION_NOTSUP;
	l->precision = precision;
	return 0;
}

int pcap_get_tstamp_precision(pcap_t *p)
{
	struct live *l = live_of(p);

	return l ? l->precision : REAL(pcap_get_tstamp_precision)(p);
}

int pcap_set_tstamp_type(pcap_t *p, int type)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_tstamp_type)(p, type);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	return type == PCAP_TSTAMP_HOST ? 0 : PCAP_WARNING_TSTAMP_TYPE_NOTSUP;
}

/* The queue gets what the NIC gives it, its buffer is the engine's: nothing to do. */
static int ignore(const struct live *l)
{
	return l->active ? PCAP_ERROR_ACTIVATED : 0;
}

int pcap_set_promisc(pcap_t *p, int on)
{
	struct live *l = live_of(p);

	return l ? ignore(l) : REAL(pcap_set_promisc)(p, on);
}

int pcap_set_buffer_size(pcap_t *p, int size)
{
	struct live *l = live_of(p);

	return l ? ignore(l) : REAL(pcap_set_buffer_size)(p, size);
}

int pcap_set_protocol_linux(pcap_t *p, int protocol)
{
	struct live *l = live_of(p);

	return l ? ignore(l) : REAL(pcap_set_protocol_linux)(p, protocol);
}

int pcap_set_rfmon(pcap_t *p, int on)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_set_rfmon)(p, on);
	return on ? PCAP_ERROR_RFMON_NOTSUP : ignore(l);
}

int pcap_can_set_rfmon(pcap_t *p)
{
	return live_of(p) ? 0 : REAL(pcap_can_set_rfmon)(p);
}

int pcap_setdirection(pcap_t *p, pcap_direction_t direction)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_setdirection)(p, direction);
	if (direction == PCAP_D_OUT)
		return live_fail(l, "a capture queue has no outgoing frames");
	return 0;
}

int pcap_setnonblock(pcap_t *p, int on, char *errbuf)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_setnonblock)(p, on, errbuf);
	l->nonblock = on;
	return 0;
}

int pcap_getnonblock(pcap_t *p, char *errbuf)
{
	struct live *l = live_of(p);

	return l ? l->nonblock : REAL(pcap_getnonblock)(p, errbuf);
}

int pcap_fileno(pcap_t *p)
{
	struct live *l = live_of(p);

	return l ? l->h.fd : REAL(pcap_fileno)(p);
}

int pcap_get_selectable_fd(pcap_t *p)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_get_selectable_fd)(p);
	if (l->active) {
		l->selected = true;
		hpcap_want(&l->h, 1);
	}
	return l->h.fd;
}

int pcap_setfilter(pcap_t *p, struct bpf_program *fp)
{
	struct live *l = live_of(p);
	struct bpf_insn *copy;
	size_t size;

	if (!l)
		return REAL(pcap_setfilter)(p, fp);
	if (!fp || !fp->bf_len || !REAL(bpf_validate)(fp->bf_insns, (int)fp->bf_len))
		return live_fail(l, "this filter is no valid program");
	size = fp->bf_len * sizeof(*copy);
	copy = malloc(size);
	if (!copy)
		return live_fail(l, "no memory for the filter");
	memcpy(copy, fp->bf_insns, size);
	free(l->filter.bf_insns);
	l->filter = (struct bpf_program){.bf_len = fp->bf_len, .bf_insns = copy};
	return 0;
}

int pcap_inject(pcap_t *p, const void *data, size_t size)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_inject)(p, data, size);
	return live_fail(l, "a capture queue does not send");
}

int pcap_sendpacket(pcap_t *p, const u_char *data, int size)
{
	struct live *l = live_of(p);

	if (!l)
		return REAL(pcap_sendpacket)(p, data, size);
	return live_fail(l, "a capture queue does not send");
}
