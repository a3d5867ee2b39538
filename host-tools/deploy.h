/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VM that is being made: from what a user asked for to what libvirt is given. */
#ifndef DEPLOY_H
#define DEPLOY_H

#include "fill.h"
#include "instance.h"
#include "opt.h"
#include "place.h"
#include "virt.h"

enum deploy_store {
	STORE_NONE,
	STORE_SHARE,
	STORE_DISK,
	STORE_RAID,
	STORE_NVME,
};

/**
 * struct deploy_opts - as the user wrote it
 */
struct deploy_opts {
	struct place_opts place;
	const char *storage;
	const char *template;
	const char *image;
	struct opt_list set;
	const char *mac;
	const char *vf_vlan;
	const char *vf_trust;
	const char *reason;
	const char *owner;
	const char *format;
	const char *mount;
	const char *to;
	const char *dir;
	const char *vlans;
	uint64_t ttl_ms;
	uint64_t cap;
	uint64_t wait_ms;
	uint64_t rotate_ms;
	uint64_t file_size;
	bool uplink;
	bool downlink;
	bool explain;
	bool detach;
};

/**
 * struct deploy - what is known of the VM before it is there
 * @o: what the user wrote
 * @h: the host
 * @v: its domains
 * @inst: what will stand in its metadata
 * @want: asked of the plan
 * @plan: where it goes
 * @store: what it stores on
 * @disk: file or block device, with STORE_DISK
 * @mac: of its NIC, "" when the host does not know
 * @vlan: tag that the host puts on its VF's frames, 0: none
 * @nic_word: room for --nic when it follows from the tenants
 */
struct deploy {
	const struct deploy_opts *o;
	const struct host *h;
	const struct virt_view *v;
	struct instance inst;
	struct plan_want want;
	struct plan plan;
	enum deploy_store store;
	char disk[256];
	char mac[18];
	uint32_t vlan;
	char nic_word[32];
};

/**
 * deploy_want() - settle all that is to be settled
 * @d: o, h, v, inst.name and inst.role are set; the rest is filled
 * Return: enum exit_code, after an error message.
 */
int deploy_want(struct deploy *d);

/* Fingerprint of what was asked, into @d->inst.print. Pure. */
void deploy_print(struct deploy *d);

/* The domain's XML, the caller's; NULL after an error message, *status says which. */
char *deploy_xml(const struct deploy *d, int *status);

/* hpcap.conf of the config disk, the caller's. Pure. */
char *deploy_conf(const struct deploy *d);

/* The template's text, the caller's; NULL after an error message. */
char *deploy_template(const struct deploy *d);

/* What would happen: XML, devices, mirror, reasons. */
int deploy_show(const struct deploy *d, const char *xml);

/* Where the image is that it boots from. */
const char *deploy_image(const struct deploy *d, char path[4096]);

#endif /* DEPLOY_H */
