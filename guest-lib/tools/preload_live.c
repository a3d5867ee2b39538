// SPDX-License-Identifier: GPL-2.0-or-later
/* Life of a device of ours: create, set, activate, close. */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "preload.h"

enum {
	LIVE_MAX = 64,
};

/* Those that are open. Written by create and close, read by every call. */
static _Atomic(struct live *) lives[LIVE_MAX];
static atomic_int nr_lives;

void *preload_find(const char *name)
{
	void *fn = dlsym(RTLD_NEXT, name);
	void *lib;

	if (fn)
		return fn;
	/* A program that opened libpcap by itself, at run time. */
	lib = dlopen("libpcap.so.0.8", RTLD_LAZY | RTLD_GLOBAL);
	if (!lib)
		lib = dlopen("libpcap.so.1", RTLD_LAZY | RTLD_GLOBAL);
	fn = lib ? dlsym(lib, name) : NULL;
	if (!fn) {
		fprintf(stderr, "libhpcap-pcap: no %s in this system's libpcap\n", name);
		abort();
	}
	return fn;
}

struct live *live_of(const pcap_t *p)
{
	struct live *l;
	int i;

	if (!atomic_load_explicit(&nr_lives, memory_order_acquire))
		return NULL;
	for (i = 0; i < LIVE_MAX; i++) {
		l = atomic_load_explicit(&lives[i], memory_order_acquire);
		if (l && l->pcap == p)
			return l;
	}
	return NULL;
}

static bool live_add(struct live *l)
{
	int i;

	for (i = 0; i < LIVE_MAX; i++) {
		struct live *none = NULL;

		if (atomic_compare_exchange_strong(&lives[i], &none, l)) {
			atomic_fetch_add(&nr_lives, 1);
			return true;
		}
	}
	return false;
}

static void live_remove(struct live *l)
{
	int i;

	for (i = 0; i < LIVE_MAX; i++) {
		struct live *was = l;

		if (atomic_compare_exchange_strong(&lives[i], &was, NULL))
			atomic_fetch_sub(&nr_lives, 1);
	}
}

/* Words for pcap_geterr(), whose memory is the real pcap_t's. */
int live_fail(struct live *l, const char *fmt, ...)
{
	char *text = REAL(pcap_geterr)(l->pcap);
	va_list ap;
	int n;

	n = snprintf(text, PCAP_ERRBUF_SIZE, "%s: ", l->name);
	va_start(ap, fmt);
	vsnprintf(text + n, PCAP_ERRBUF_SIZE - (size_t)n, fmt, ap);
	va_end(ap);
	return PCAP_ERROR;
}

static void live_destroy(struct live *l)
{
	if (l->active)
		hpcap_close(&l->h);
	if (l->wake_fd >= 0)
		close(l->wake_fd);
	free(l->filter.bf_insns);
	if (l->pcap)
		REAL(pcap_close)(l->pcap);
	free(l);
}

static struct live *live_create(const char *device, const struct queue_id *id, bool lossy)
{
	struct live *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	snprintf(l->name, sizeof(l->name), "%s", device);
	l->id = *id;
	l->lossy = lossy;
	l->snaplen = PRELOAD_SNAPLEN_MAX;
	l->precision = PCAP_TSTAMP_PRECISION_MICRO;
	l->h.fd = -1;
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->pcap = REAL(pcap_open_dead)(DLT_EN10MB, PRELOAD_SNAPLEN_MAX);
	if (l->wake_fd < 0 || !l->pcap || !live_add(l)) {
		live_destroy(l);
		return NULL;
	}
	return l;
}

pcap_t *pcap_create(const char *device, char *errbuf)
{
	struct queue_id id;
	struct live *l;
	bool lossy;

	if (!device || !preload_parse(device, &id, &lossy))
		return REAL(pcap_create)(device, errbuf);
	l = live_create(device, &id, lossy);
	if (!l)
		snprintf(errbuf, PCAP_ERRBUF_SIZE,
			 "%s: no memory, or %d devices are open already", device, LIVE_MAX);
	return l ? l->pcap : NULL;
}

void pcap_close(pcap_t *p)
{
	struct live *l = live_of(p);

	if (!l) {
		REAL(pcap_close)(p);
		return;
	}
	live_remove(l);
	live_destroy(l);
}

static uint64_t hw_lost(const struct live *l)
{
	struct hpcap_stats s;

	return hpcap_get_stats(&l->h, &s) ? 0 : s.nic_missed + s.no_buffer;
}

static int live_open(struct live *l)
{
	const struct hpcap_options opt = {.mode = l->lossy ? HPCAP_LOSSY : HPCAP_STRICT};
	int err = hpcap_open_with(&l->h, l->id.adapter, l->id.queue, &opt);

	if (!err && hpcap_map(&l->h)) {
		err = -errno;
		hpcap_close(&l->h);
	}
	return err;
}

int pcap_activate(pcap_t *p)
{
	struct live *l = live_of(p);
	int err;

	if (!l)
		return REAL(pcap_activate)(p);
	if (l->active)
		return PCAP_ERROR_ACTIVATED;
	err = live_open(l);
	if (err) {
		live_fail(l, "%s", hpcap_strerror(err));
		return err == -ENOENT			 ? PCAP_ERROR_NO_SUCH_DEVICE
		       : err == -EACCES || err == -EPERM ? PCAP_ERROR_PERM_DENIED
							 : PCAP_ERROR;
	}
	l->active = true;
	l->hw_lost = hw_lost(l);
	return 0;
}

pcap_t *pcap_open_live(const char *device, int snaplen, int promisc, int to_ms, char *errbuf)
{
	struct queue_id id;
	pcap_t *p;
	bool lossy;

	if (!device || !preload_parse(device, &id, &lossy))
		return REAL(pcap_open_live)(device, snaplen, promisc, to_ms, errbuf);
	p = pcap_create(device, errbuf);
	if (!p)
		return NULL;
	pcap_set_snaplen(p, snaplen);
	pcap_set_timeout(p, to_ms);
	if (pcap_activate(p) < 0) {
		snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s", REAL(pcap_geterr)(p));
		pcap_close(p);
		return NULL;
	}
	return p;
}

int pcap_stats(pcap_t *p, struct pcap_stat *s)
{
	struct live *l = live_of(p);
	uint64_t missed;

	if (!l)
		return REAL(pcap_stats)(p, s);
	if (!l->active)
		return live_fail(l, "statistics before pcap_activate()");
	missed = hpcap_missed(&l->h);
	memset(s, 0, sizeof(*s));
	s->ps_recv = (u_int)(l->passed + missed);
	s->ps_drop = (u_int)missed;
	s->ps_ifdrop = (u_int)(hw_lost(l) - l->hw_lost);
	return 0;
}
