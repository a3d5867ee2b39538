/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host grants a VF for as long as a VM has it. libvirt sets its address and
 * VLAN and takes them back; of trust it knows nothing. */
#ifndef GRANT_H
#define GRANT_H

#include "host.h"
#include "instance.h"

/* Whether the host trusts this VF already; then it is not ours to take back. */
bool grant_is_trusted(const struct host *h, const char *bdf);

/**
 * grant_hold() - have the VM's VFs trusted as its metadata says
 * @h: facts
 * @i: of the VM
 * Return: enum exit_code, after an error message.
 */
int grant_hold(const struct host *h, const struct instance *i);

/* Take it back; a VF that is gone is no error. */
int grant_drop(const struct host *h, const struct instance *i);

#endif /* GRANT_H */
