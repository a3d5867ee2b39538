/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The options of a queue and of a listener, changed while frames come. Part of
 * hpcap.h, which includes it.
 */
#ifndef HPCAP_CONTROL_H
#define HPCAP_CONTROL_H

#include <linux/filter.h>
#include <hpcap.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * hpcap_set_filter() - Which frames are wanted
 * @h: open handle
 * @scope: HPCAP_SCOPE_LISTENER: this listener; HPCAP_SCOPE_QUEUE: everybody,
 *         needs CAP_NET_ADMIN
 * @insns: classic BPF over Ethernet frames, as pcap_compile() makes it for
 *         DLT_EN10MB (struct bpf_insn is the same as struct sock_filter)
 * @nr: instructions, at most HPCAP_FILTER_MAX; 0 for no filter
 * @text: what it was compiled from, for listings; NULL or at most
 *        HPCAP_FILTER_TEXT - 1 bytes
 *
 * May be changed at any time: frames that the old and the new filter accept are
 * not lost. A listener's applies to what it reads from now on; where the answer
 * lies in bytes that were not stored, the frame is delivered.
 *
 * Return: 0; -EINVAL the kernel's checker refuses it; -EPERM; -ENOTCONN this
 * handle is no listener; -ENOMEM. The old filter stays then.
 */
int hpcap_set_filter(struct hpcap_handle *h, uint32_t scope, const struct sock_filter *insns,
		     uint32_t nr, const char *text);

/**
 * hpcap_get_filter() - The filter that was set last
 * @h: open handle
 * @scope: enum hpcap_scope
 * @insns: room for @nr instructions, or NULL
 * @nr: in: room; out: how many there are, 0 for no filter
 * @text: NULL, or room for HPCAP_FILTER_TEXT bytes
 *
 * Return: 0 or a negative errno.
 */
int hpcap_get_filter(const struct hpcap_handle *h, uint32_t scope, struct sock_filter *insns,
		     uint32_t *nr, char *text);

/**
 * hpcap_set_caplen() - How much of each frame this listener wants
 * @h: listener
 * @caplen: bytes, HPCAP_KEEP_CAPLEN_MIN..HPCAP_CAPLEN_MAX; 0 for all
 *
 * Return: 0; -EINVAL, -ENOTCONN, -ENOMEM.
 */
int hpcap_set_caplen(struct hpcap_handle *h, uint32_t caplen);

/**
 * hpcap_skipped() - Frames of the shared ring that were not for this listener
 * @h: listener
 *
 * Return: frames read past because of its own filter.
 */
uint64_t hpcap_skipped(const struct hpcap_handle *h);

/**
 * hpcap_buffer_create() - A file in memory for hpcap_set_buffer()
 * @size: bytes; rounded up to pages
 * @page_size: 4096, or that of huge pages: 2097152, 1073741824
 * @node: NUMA node, as hpcap_info.numa_node; -1 for any
 *
 * Return: descriptor; -EINVAL no such page size here; -ENOMEM too few huge pages
 * (see /proc/sys/vm/nr_hugepages).
 */
int hpcap_buffer_create(uint64_t size, uint64_t page_size, int node);

/*
 * Options of a queue, for every listener of it, while it runs. @h must be open
 * (hpcap_options.control is enough). They return 0; -EPERM CAP_NET_ADMIN is
 * needed; -EINVAL a value out of its range, which the kernel's log names;
 * nothing has changed then.
 *
 * hpcap_set_ring: @size bytes, a multiple of HPCAP_CHUNK_SIZE from
 * HPCAP_RING_MIN up; -EBUSY somebody listens; -ENOMEM no such memory.
 * hpcap_set_buffer: the same while programs listen, who follow by themselves
 * without losing a frame; @fd -1 for the kernel's pages, or a memfd or a file of
 * hugetlbfs, from @offset on; see struct hpcap_buffer_req.
 * hpcap_set_poll: enum hpcap_poll_mode; @cpu online, or -1 for any.
 */
int hpcap_set_ring(const struct hpcap_handle *h, uint64_t size);
int hpcap_set_buffer(const struct hpcap_handle *h, uint64_t size, int fd, uint64_t offset);
int hpcap_get_buffer(const struct hpcap_handle *h, struct hpcap_buffer *buffer);
int hpcap_set_poll(const struct hpcap_handle *h, uint32_t mode, int32_t cpu);

/*
 * How frames are stamped, and what happens to copies: get, change, set.
 * hpcap_set_time: -ENODEV no such PTP clock; -EOPNOTSUPP the NIC stamps no
 * frames. hpcap_set_dup: -ENOMEM no memory for the table.
 */
int hpcap_get_time(const struct hpcap_handle *h, struct hpcap_time *time);
int hpcap_set_time(const struct hpcap_handle *h, const struct hpcap_time *time);
int hpcap_get_dup(const struct hpcap_handle *h, struct hpcap_dup *dup);
int hpcap_set_dup(const struct hpcap_handle *h, const struct hpcap_dup *dup);

/*
 * What is stored (struct hpcap_keep; @keep->scope chooses), and after how many
 * milliseconds a stuck strict listener is evicted (0: never).
 */
int hpcap_set_keep(const struct hpcap_handle *h, const struct hpcap_keep *keep);
int hpcap_get_keep(const struct hpcap_handle *h, struct hpcap_keep *keep);
int hpcap_set_evict(const struct hpcap_handle *h, uint64_t after_ms);
int hpcap_get_evict(const struct hpcap_handle *h, uint64_t *after_ms);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_CONTROL_H */
