/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink: the family of hpcap_pf (mirrors as leases), and VFs of any PF driver. */
#ifndef NL_H
#define NL_H

#include <stdbool.h>
#include <stdint.h>
#include <uapi/hpcap_pf.h>

struct nl;

enum {
	NL_WHY = 160,
	NL_VLANS = 512,
	NL_MAX_VFS = 64,
};

/**
 * struct nl_mirror - a mirror, wanted or as the kernel tells; see linux/hpcap_pf.h
 * @dev: PCI address of the PF
 * @id: number that the kernel gave it
 * @vfs: source VFs, bitmap
 * @targets: VFs that get the copies, bitmap
 * @pf: the PF is a source
 * @uplink: all that comes from the wire is
 * @downlink: all that goes to the wire is
 * @by_sysfs: made by a line in sysfs
 * @vlans: source VLANs, "" for none
 * @dir: enum hpcap_pf_dir
 * @owner: who asked for it
 * @reason: why
 * @ttl_ms: time to live from now, 0 for ever
 * @frame_cap: frames after which it ends, 0 for none
 * @byte_cap: bytes after which it ends, 0 for none
 * @age_ms: since it was made
 * @left_ms: until it expires
 * @frames: copied
 * @bytes: copied
 * @live: targets that take frames now
 * @caveats: bitmap of enum hpcap_pf_caveat
 * @end: enum hpcap_pf_end
 * @ended_ago_ms: since it ended
 */
struct nl_mirror {
	char dev[16];
	uint32_t id;
	uint32_t vfs;
	uint32_t targets;
	bool pf;
	bool uplink;
	bool downlink;
	bool by_sysfs;
	char vlans[NL_VLANS];
	uint32_t dir;
	char owner[32];
	char reason[128];
	uint64_t ttl_ms;
	uint64_t frame_cap;
	uint64_t byte_cap;
	uint64_t age_ms;
	uint64_t left_ms;
	uint64_t frames;
	uint64_t bytes;
	uint32_t live;
	uint32_t caveats;
	uint32_t end;
	uint64_t ended_ago_ms;
};

/**
 * nl_open() - speak to hpcap_pf
 * @out: set
 * Return: 0; -EOPNOTSUPP the driver is not loaded; another negative errno.
 */
int nl_open(struct nl **out);
void nl_close(struct nl *nl);

/* What the kernel said about the last refusal; "" for nothing. */
const char *nl_why(const struct nl *nl);

/* Called for each mirror; @event is a HPCAP_PF_CMD_MIRROR_*. */
typedef void (*nl_take_mirror)(const struct nl_mirror *m, int event, void *arg);

/**
 * nl_mirrors() - each mirror of every PF
 * @ended: those that have ended instead of those that run
 */
int nl_mirrors(struct nl *nl, bool ended, nl_take_mirror take, void *arg);

/* Make @want; @made is what the kernel made of it. Needs CAP_NET_ADMIN. */
int nl_mirror_new(struct nl *nl, const struct nl_mirror *want, struct nl_mirror *made);
int nl_mirror_del(struct nl *nl, const char *dev, uint32_t id);

/* Have a running mirror end so long from now, 0: never. */
int nl_mirror_ttl(struct nl *nl, const char *dev, uint32_t id, uint64_t ttl_ms);

/**
 * nl_watch() - mirrors that start, change, end
 * @stop: asked between messages, twice a second
 * @timeout_ms: 0: until @stop says so
 * Return: 0, or a negative errno; -ENOBUFS: messages were missed.
 */
int nl_watch(struct nl *nl, nl_take_mirror take, void *arg, bool (*stop)(void),
	     uint64_t timeout_ms);

/**
 * struct nl_vf - a VF as `ip link` shows it
 * @index: number
 * @mac: address set by the host, zero for none
 * @vlan: tag that the host puts on its frames, 0 for none
 * @rate_mbit: limit, 0 for none
 * @link_state: 0 auto, 1 enable, 2 disable
 * @spoofchk: its addresses are checked
 * @trust: it may ask for promiscuity
 */
struct nl_vf {
	uint32_t index;
	uint8_t mac[6];
	uint32_t vlan;
	uint32_t rate_mbit;
	uint32_t link_state;
	bool spoofchk;
	bool trust;
};

/**
 * nl_vfs() - the VFs of a PF, by rtnetlink: any driver
 * @ifname: interface of the PF
 * @vf: filled
 * @max: rows of @vf
 * Return: how many, or a negative errno.
 */
int nl_vfs(const char *ifname, struct nl_vf *vf, unsigned int max);

enum nl_vf_what {
	NL_VF_MAC,
	NL_VF_VLAN,
	NL_VF_RATE,
	NL_VF_LINK_STATE,
	NL_VF_SPOOFCHK,
	NL_VF_TRUST,
};

/* Set one property of VF @vf->index to what @vf says; 0 or a negative errno. */
int nl_vf_set(const char *ifname, const struct nl_vf *vf, enum nl_vf_what what);

#endif /* NL_H */
