/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libhpcap-pcap.so, loaded before libpcap: a device named hpcap:<adapter>:<queue>
 * is a listener of our engine, every other one is libpcap's.
 *
 *	program ── pcap_x(p) ──► is p ours? ── yes ──► this library ──► libhpcap
 *	                             └──────── no ───► the real pcap_x
 *
 * The pcap_t of our own is a real one of libpcap, opened "dead" as Ethernet. So
 * what is not redefined here (pcap_compile, pcap_datalink, pcap_geterr, ...)
 * works on it as well.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <stdatomic.h>
#include <pcap/pcap.h>
#include <hpcap.h>
#include "queues.h"

/* The function of that name that comes after ours. */
#define REAL(f)                                                                  \
	({                                                                       \
		static _Atomic(void *) found;                                    \
		void *fn = atomic_load_explicit(&found, memory_order_relaxed);   \
		if (!fn) {                                                       \
			fn = preload_find(#f);                                   \
			atomic_store_explicit(&found, fn, memory_order_relaxed); \
		}                                                                \
		(__typeof__(&(f)))fn;                                            \
	})

enum {
	PRELOAD_SNAPLEN_MAX = 262144, /* libpcap's own */
};

/**
 * struct live - one device of ours that a program has open
 * @pcap: what the program holds
 * @name: as the program said it
 * @id: the queue
 * @lossy: never hold back others
 * @active: pcap_activate() was called with success
 * @immediate: hand out each frame at once
 * @nonblock: never sleep
 * @selected: the program sleeps by itself, on our descriptor
 * @snaplen: longest caplen
 * @timeout_ms: of a sleep; 0 is no limit
 * @precision: PCAP_TSTAMP_PRECISION_*
 * @stop: pcap_breakloop() was called; by any thread or signal handler
 * @wake_fd: an eventfd that ends a sleep
 * @h: the listener
 * @filter: copied; bf_len 0 is none
 * @hdr: of the frame given last
 * @passed: frames that passed the filter
 * @hw_lost: lost by the NIC before we came
 * @copy: of a frame, for a lossy listener
 */
struct live {
	pcap_t *pcap;
	char name[64];
	struct queue_id id;
	bool lossy;
	bool active;
	bool immediate;
	bool nonblock;
	bool selected;
	int snaplen;
	int timeout_ms;
	int precision;
	atomic_bool stop;
	int wake_fd;
	struct hpcap_handle h;
	struct bpf_program filter;
	struct pcap_pkthdr hdr;
	uint64_t passed;
	uint64_t hw_lost;
	uint8_t copy[HPCAP_CAPLEN_MAX];
};

/* preload_live.c */
void *preload_find(const char *name);
struct live *live_of(const pcap_t *p);
__attribute__((format(printf, 2, 3))) int live_fail(struct live *l, const char *fmt, ...);

/* preload_list.c: hpcap:A:Q or hpcap:A:Q:lossy */
bool preload_parse(const char *device, struct queue_id *id, bool *lossy);

#endif /* PRELOAD_H */
