/* SPDX-License-Identifier: GPL-2.0-only */
/* The netlink face: what its two files share. */
#ifndef PF_NETLINK_H
#define PF_NETLINK_H

#include <net/genetlink.h>
#include "pf.h"

extern struct genl_family pf_genl_family;

int pf_netlink_fill_mirror(struct sk_buff *skb, struct pf_dev *pf, const struct pf_lease *l);
int pf_netlink_dump_pfs(struct sk_buff *skb, struct netlink_callback *cb);
int pf_netlink_dump_vfs(struct sk_buff *skb, struct netlink_callback *cb);
int pf_netlink_dump_mirrors(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* PF_NETLINK_H */
