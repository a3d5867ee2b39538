/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mirror of an agent: held, found, dropped, by hpcap_pf's leases or i40e's files. */
#ifndef LEASE_H
#define LEASE_H

#include "host.h"
#include "instance.h"

/**
 * lease_hold() - have the agent's mirror run; nothing happens when it does already
 * @h: facts
 * @i: with its mirror and deadline
 * Return: enum exit_code, after an error message.
 */
int lease_hold(const struct host *h, const struct instance *i);

/* End it; one that has ended is no error. */
int lease_drop(const struct host *h, const struct instance *i);

/**
 * lease_replace() - have other sources copied, for what is left of time and cap
 * @was: as it was
 * @now: as it shall be; without any source none runs
 * One that the kernel or an operator has ended stays so.
 */
int lease_replace(const struct host *h, const struct instance *was, const struct instance *now);

/* Have it end at @i->deadline. */
int lease_extend(const struct host *h, const struct instance *i);

/**
 * lease_find() - the kernel's lease of this agent
 * @found: filled
 * Return: whether one runs.
 */
bool lease_find(const struct instance *i, struct nl_mirror *found);

/* Each lease that an agent of hpcapctl has, whether the agent is there or not. */
int lease_each(void (*take)(const struct nl_mirror *m, const char *agent, void *arg),
	       void *arg);

#endif /* LEASE_H */
