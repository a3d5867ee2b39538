/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the plan share. */
#ifndef PLAN_PARTS_H
#define PLAN_PARTS_H

#include "plan.h"

/* Append a line to @p->why. */
__attribute__((format(printf, 2, 3))) void plan_why(struct plan *p, const char *fmt, ...);

/* Fill @p->device: what must go to the VM together. Errors as plan_place(). */
int plan_devices(const struct host *h, const struct plan_want *w, struct plan *p);

#endif /* PLAN_PARTS_H */
