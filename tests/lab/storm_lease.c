// SPDX-License-Identifier: GPL-2.0-or-later
/* The storm's mirrors, and what must be true of them at any moment. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include <uapi/hpcap_pf.h>

#include "nl_msg.h"
#include "storm.h"

enum {
	MAX_KNOWN = 256
};

/* Leases made here by netlink. Only mortal ones may end by themselves. */
struct known {
	uint32_t id;
	bool mortal;
	bool runs; /* says the driver */
};

static struct known known[MAX_KNOWN];
static unsigned int nr_known;
static unsigned long made;	/* since the driver came */
static unsigned long all_made;	/* since the storm began */
static unsigned long old_ended; /* of drivers that have gone */

/* What the last answers said. */
static uint32_t answer_id;
static uint64_t answer_ended;
static unsigned int nr_running, nr_strangers;

static const struct nlattr *attribute(const struct nlmsghdr *h, int type)
{
	const char *at = (const char *)NLMSG_DATA(h) + GENL_HDRLEN;
	const char *end = (const char *)h + h->nlmsg_len;

	for (const struct nlattr *a; end - at >= NLA_HDRLEN; at += NLA_ALIGN(a->nla_len)) {
		a = (const void *)at;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
	}
	return NULL;
}

static uint32_t u32_of(const struct nlmsghdr *h, int type)
{
	const struct nlattr *a = attribute(h, type);
	uint32_t v = 0;

	if (a)
		memcpy(&v, (const char *)a + NLA_HDRLEN, sizeof(v));
	return v;
}

static void add_u32(int type, uint32_t v)
{
	nl_add(type, &v, sizeof(v));
}

static void add_u64(int type, uint64_t v)
{
	nl_add(type, &v, sizeof(v));
}

static void begin(int cmd)
{
	nl_begin(cmd, 0);
	nl_add(HPCAP_PF_A_MIRROR_DEV, storm_dev, strlen(storm_dev) + 1);
}

static void take_id(const struct nlmsghdr *h)
{
	answer_id = u32_of(h, HPCAP_PF_A_MIRROR_ID);
}

static struct known *find(uint32_t id)
{
	for (unsigned int i = 0; i < nr_known; i++)
		if (known[i].id == id)
			return &known[i];
	return NULL;
}

static void forget(struct known *k)
{
	*k = known[--nr_known];
}

static struct known *any(void)
{
	unsigned int n = dice(MAX_KNOWN);

	return nr_known ? &known[n % nr_known] : NULL;
}

void lease_new(void)
{
	uint32_t vfs = dice(1 << STORM_VFS), targets = 1 << dice(STORM_VFS);
	uint32_t dir = 1 + dice(3), terms = dice(16), much = dice(2000);
	bool uplink = dice(8) == 0;
	uint8_t yes = 1;

	if (nr_known == MAX_KNOWN)
		return;
	begin(HPCAP_PF_CMD_MIRROR_NEW);
	add_u32(HPCAP_PF_A_MIRROR_VFS, vfs);
	add_u32(HPCAP_PF_A_MIRROR_TARGETS, targets);
	add_u32(HPCAP_PF_A_MIRROR_DIR, dir);
	if (uplink)
		nl_add(HPCAP_PF_A_MIRROR_UPLINK, &yes, 1);
	nl_add(HPCAP_PF_A_MIRROR_OWNER, "storm", 6);
	if (terms < 4)
		add_u64(HPCAP_PF_A_MIRROR_TTL_MS, 1 + much);
	else if (terms == 4)
		add_u64(HPCAP_PF_A_MIRROR_GRACE_MS, 1 + much);
	else if (terms == 5)
		add_u64(HPCAP_PF_A_MIRROR_FRAME_CAP, 1 + much);
	if (nl_talk(take_id))
		return;
	known[nr_known++] = (struct known){.id = answer_id, .mortal = terms < 6};
	made++;
	all_made++;
}

void lease_set(void)
{
	struct known *k = any();
	uint32_t dir = 1 + dice(3), targets = 1 << dice(STORM_VFS);
	uint32_t ttl = dice(8) == 0 ? 1 + dice(3000) : 0;
	int err;

	if (!k)
		return;
	begin(HPCAP_PF_CMD_MIRROR_SET);
	add_u32(HPCAP_PF_A_MIRROR_ID, k->id);
	add_u32(HPCAP_PF_A_MIRROR_DIR, dir);
	add_u32(HPCAP_PF_A_MIRROR_TARGETS, targets);
	if (ttl)
		add_u64(HPCAP_PF_A_MIRROR_TTL_MS, ttl);
	err = nl_talk(take_id);
	if (!err && ttl)
		k->mortal = true;
	if (err == ENOENT && !k->mortal)
		wrong("mirror %u is gone", k->id);
}

void lease_delete(void)
{
	struct known *k = any();
	int err;

	if (!k)
		return;
	begin(HPCAP_PF_CMD_MIRROR_DEL);
	add_u32(HPCAP_PF_A_MIRROR_ID, k->id);
	err = nl_talk(take_id);
	if (err && !(err == ENOENT && k->mortal))
		wrong("mirror %u cannot be deleted: %s %s", k->id, strerror(err), nl_words);
	forget(k);
}

void lease_line(void)
{
	char line[32];
	const char *side = dice(2) ? "in" : "e", *verb = dice(2) ? "add" : "rem";

	snprintf(line, sizeof(line), "%s %u\n", verb, dice(STORM_VFS));
	put(of_pf("sriov/%u/%sgress_mirror", dice(STORM_VFS), side), line);
}

void lease_vlans(void)
{
	unsigned int vf = dice(STORM_VFS);
	char line[32];

	snprintf(line, sizeof(line), "add %u,%u\n", dice(50), dice(50));
	put(of_pf("sriov/%u/vlan_mirror", vf), line);
	if (dice(2))
		put(of_pf("sriov/%u/vlan_mirror", vf), "rem 0-4095\n");
}

void lease_nonsense(void)
{
	char line[32], bytes[64] = "";
	unsigned int type = dice(30), len = dice(sizeof(bytes));

	snprintf(line, sizeof(line), "add %u\n", STORM_VFS + dice(60000));
	if (!put(of_pf("sriov/%u/ingress_mirror", dice(STORM_VFS)), line))
		wrong("accepted: %s", line);
	memset(bytes, dice(256), sizeof(bytes));
	nl_begin(HPCAP_PF_CMD_MIRROR_NEW, 0);
	nl_add(type, bytes, len);
	if (!nl_talk(take_id))
		wrong("accepted: one attribute %u of %u bytes", type, len);
}

static void take_running(const struct nlmsghdr *h)
{
	struct known *k = find(u32_of(h, HPCAP_PF_A_MIRROR_ID));

	nr_running++;
	if (k)
		k->runs = true;
	else if (!attribute(h, HPCAP_PF_A_MIRROR_BY_SYSFS))
		nr_strangers++;
}

static void take_pf(const struct nlmsghdr *h)
{
	const struct nlattr *a = attribute(h, HPCAP_PF_A_PF_ENDED);

	if (a)
		memcpy(&answer_ended, (const char *)a + NLA_HDRLEN, sizeof(answer_ended));
}

/* Ended ones are asked for first: in between, more may end. */
static void ask(void)
{
	nr_running = 0;
	nr_strangers = 0;
	for (unsigned int i = 0; i < nr_known; i++)
		known[i].runs = false;
	nl_begin(HPCAP_PF_CMD_MIRROR_GET, NLM_F_DUMP);
	if (nl_talk(take_running))
		wrong("no list of mirrors");
	nl_begin(HPCAP_PF_CMD_PF_GET, NLM_F_DUMP);
	if (nl_talk(take_pf))
		wrong("no list of PFs");
}

void lease_all_end(void)
{
	nr_known = 0;
}

void lease_none_left(void)
{
	ask();
	if (nr_running)
		wrong("%u mirrors without VFs", nr_running);
	if (answer_ended < made)
		wrong("%lu mirrors made, %lu ended", made, (unsigned long)answer_ended);
}

void lease_new_driver(void)
{
	ask();
	old_ended += made;
	made = 0;
	if (answer_ended)
		wrong("a new driver knows %lu mirrors that ended", (unsigned long)answer_ended);
}

void lease_agree(void)
{
	char text[64];

	ask();
	if (nr_strangers)
		wrong("%u mirrors that nobody made", nr_strangers);
	for (unsigned int i = 0; i < nr_known; i++) {
		if (known[i].runs)
			continue;
		if (!known[i].mortal)
			wrong("mirror %u is lost", known[i].id);
		forget(&known[i--]);
	}
	if (answer_ended + nr_running < made)
		wrong("%lu mirrors made, %lu ended, %u running", made,
		      (unsigned long)answer_ended, nr_running);
	for (unsigned int vf = 0; !nr_running && vf < STORM_VFS; vf++) {
		if (!get(of_pf("sriov/%u/ingress_mirror", vf), text, sizeof(text)) &&
		    strcmp(text, "off\n"))
			wrong("VF %u shows %s and there is no mirror", vf, text);
	}
}

void lease_totals(unsigned long *m, unsigned long *ended)
{
	ask();
	*m = all_made;
	*ended = old_ended + answer_ended;
}
