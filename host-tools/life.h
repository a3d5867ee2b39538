/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a VM that is there: waiting for it, ending it, tidying up behind it. */
#ifndef LIFE_H
#define LIFE_H

#include "box.h"
#include "host.h"
#include "instance.h"
#include "virt.h"

enum {
	LIFE_GRACE_S = 60,   /* behind its deadline a guest may be silent so long */
	LIFE_LIMIT_S = 3600, /* and bring its files so long, whatever it says */
};

/* What becomes of files that nobody has collected. */
enum life_files {
	LIFE_KEEP,    /* then nothing is removed, and that is said */
	LIFE_DISCARD, /* they go with the rest */
	LIFE_COLLECT, /* they are brought to @to first */
};

/**
 * life_wait_ready() - until the guest captures
 * @uri: of libvirt
 * @name: of the VM
 * @wait_ms: not longer
 * Return: EXIT_OK; EXIT_FAILED it says why it cannot, or is gone; EXIT_TIMEOUT.
 */
int life_wait_ready(const char *uri, const char *name, uint64_t wait_ms);

/**
 * life_wait_end() - until the VM is off
 * @i: of it, with its deadline
 * @stop: asked between looks; true: the guest is told to end
 * Return: EXIT_OK; EXIT_TIMEOUT the guest does not end in time.
 */
int life_wait_end(const char *uri, const struct instance *i, bool (*stop)(void));

/* Ask the guest to end, wait that long at most; true when it is off. */
bool life_ask_end(const char *uri, const char *name, uint64_t wait_ms);

/* Whether its time is over and it does not end by itself. */
bool life_is_late(const struct instance *i, const struct guest_status *s);

/**
 * life_collect() - take the files that a guest brought
 * @to: folder on the host
 * Return: enum exit_code; EXIT_PARTIAL when some were refused.
 */
int life_collect(const char *name, const char *to, struct box_count *n);

/**
 * life_end() - the mirror, the VM, its devices, its files, its folder: all go
 * @h: facts
 * @i: of the VM; it may be gone already, wholly or in part
 * @files: what becomes of its files
 * @to: folder for LIFE_COLLECT
 * Return: enum exit_code, after an error message.
 */
int life_end(const struct host *h, const struct instance *i, enum life_files files,
	     const char *to);

/* Devices that no driver has any more go back to the one they had. */
int life_give_back(const struct instance *i);

#endif /* LIFE_H */
