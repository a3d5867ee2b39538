/* SPDX-License-Identifier: GPL-2.0-only */
/* Filter programs: from a user, for the engine. */
#ifndef CAP_FILTER_H
#define CAP_FILTER_H

#include <uapi/hpcap.h>
#include "listener.h"

struct cap_prog;
struct sock_filter;

struct cap_prog *cap_prog_create(const struct hpcap_filter *req);
void cap_prog_destroy(struct cap_prog *p);
struct sock_filter *cap_prog_copy(const struct cap_prog *p, struct hpcap_filter *req);
const char *cap_prog_text(const struct cap_prog *p);
struct cap_filter cap_prog_filter(struct cap_prog *p);

#endif /* CAP_FILTER_H */
