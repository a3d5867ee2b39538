/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture device made of memory, for tests of the library and its programs:
 * open, ioctl, mmap and ppoll of /dev/hpcap_0_0 land here (the linker wraps
 * them). The memory is shared, so a forked program sees the same device.
 */
#ifndef FAKE_DEV_H
#define FAKE_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One device at a time: /dev/hpcap_0_0. */
void fake_dev_create(uint64_t ring_size);
void fake_dev_destroy(void);

/*
 * Write one frame: false when a strict listener holds the space, which is
 * charged to it. Producer's thread only.
 */
bool fake_dev_put(uint32_t sec, uint32_t nsec, const void *data, uint32_t caplen, uint32_t len);
bool fake_dev_has_room(uint32_t caplen);
void fake_dev_commit(void);

void fake_dev_gone(void);
void fake_dev_put_out(unsigned int slot, uint32_t state);
/* The whole ring written over, as by an engine that no strict listener holds up. */
void fake_dev_scribble(void);
void fake_dev_set_abi(uint32_t abi);
void fake_dev_set_magic(uint32_t magic);
void fake_dev_fail_attach(int err);

unsigned int fake_dev_listeners(void);
uint64_t fake_dev_ack(unsigned int slot);
uint64_t fake_dev_lost(unsigned int slot);
uint64_t fake_dev_committed(void);

/* System calls of the library so far, the fake's own included. */
unsigned int fake_dev_calls(void);

#endif /* FAKE_DEV_H */
