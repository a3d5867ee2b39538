// SPDX-License-Identifier: GPL-2.0-or-later
/* The mirror of an agent. hpcap_pf knows it by its owner, "vnma:NAME". */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "cmd.h"
#include "lease.h"
#include "mirror.h"
#include "msg.h"

#define PREFIX "vnma:"

struct search {
	const char *owner;
	struct nl_mirror *found;
	bool has;
};

static void match(const struct nl_mirror *m, int event, void *arg)
{
	struct search *s = arg;

	(void)event;
	if (strcmp(m->owner, s->owner))
		return;
	*s->found = *m;
	s->has = true;
}

static bool has_source(const struct nl_mirror *m)
{
	return m->vfs || m->pf || m->uplink || m->downlink || *m->vlans;
}

/* Whether the PF has leases; others have files in sysfs. */
static bool has_leases(const struct host *h, const struct instance *i)
{
	const struct host_pci *pf = host_find_pci(h, i->mirror.dev);

	return sysfs_is_live() && pf && !strcmp(pf->driver, "hpcap_pf");
}

bool lease_find(const struct instance *i, struct nl_mirror *found)
{
	struct search s = {.owner = i->mirror.owner, .found = found};
	struct nl *nl;

	if (!sysfs_is_live() || nl_open(&nl))
		return false;
	nl_mirrors(nl, false, match, &s);
	nl_close(nl);
	return s.has;
}

static uint64_t left_ms(const struct instance *i)
{
	const uint64_t now = (uint64_t)time(NULL);

	return !i->deadline ? 0 : i->deadline > now ? (i->deadline - now) * 1000 : 1;
}

static int by_files(const struct host *h, const struct instance *i, bool add)
{
	const struct host_pci *pf = host_find_pci(h, i->mirror.dev);
	struct nl_mirror m = i->mirror;

	if (!pf)
		return add ? msg_fail(EXIT_FAILED, "%s: no such PF", i->mirror.dev) : EXIT_OK;
	/* such drivers know no ends: gc ends it with the VM */
	m.ttl_ms = 0;
	m.byte_cap = 0;
	return mirror_by_sysfs(pf, &m, add);
}

int lease_hold(const struct host *h, const struct instance *i)
{
	struct nl_mirror want = i->mirror, made = {};
	int err, status = EXIT_OK;
	struct nl *nl;

	if (!i->mirror.targets || !has_source(&i->mirror))
		return EXIT_OK;
	if (!has_leases(h, i))
		return by_files(h, i, true);
	if (lease_find(i, &made))
		return EXIT_OK;
	want.ttl_ms = left_ms(i);
	want.byte_cap = i->cap;
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	err = nl_mirror_new(nl, &want, &made);
	if (err)
		status = msg_fail(msg_code(err), "mirror of %s: %s", want.dev,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	nl_close(nl);
	return status;
}

int lease_drop(const struct host *h, const struct instance *i)
{
	int err = 0, status = EXIT_OK;
	struct nl_mirror found;
	struct nl *nl;

	if (!i->mirror.targets)
		return EXIT_OK;
	if (!has_leases(h, i))
		return has_source(&i->mirror) ? by_files(h, i, false) : EXIT_OK;
	if (!lease_find(i, &found) || nl_open(&nl))
		return EXIT_OK;
	err = nl_mirror_del(nl, found.dev, found.id);
	if (err && err != -ENOENT)
		status = msg_fail(msg_code(err), "mirror %u of %s: %s", found.id, found.dev,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	nl_close(nl);
	return status;
}

int lease_extend(const struct host *h, const struct instance *i)
{
	int err, status = EXIT_OK;
	struct nl_mirror found;
	struct nl *nl;

	if (!i->mirror.targets || !has_leases(h, i))
		return EXIT_OK;
	if (!lease_find(i, &found))
		return lease_hold(h, i);
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	err = nl_mirror_ttl(nl, found.dev, found.id, left_ms(i));
	if (err)
		status = msg_fail(msg_code(err), "mirror %u of %s: %s", found.id, found.dev,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	nl_close(nl);
	return status;
}

/* --- other sources --------------------------------------------------------------------- */

enum {
	STALE_MAX = 8,
};

/* The leases of one agent that are not as they shall be; a killed call may leave two. */
struct stale {
	const struct nl_mirror *wanted;
	uint32_t id[STALE_MAX];
	unsigned int nr;
	uint64_t bytes; /* that the cap has still to take */
	bool has_wanted;
};

static void match_stale(const struct nl_mirror *m, int event, void *arg)
{
	struct stale *s = arg;

	(void)event;
	if (strcmp(m->owner, s->wanted->owner))
		return;
	if (m->vfs == s->wanted->vfs) {
		s->has_wanted = true;
	} else if (s->nr < STALE_MAX) {
		s->id[s->nr++] = m->id;
		s->bytes = m->byte_cap > m->bytes ? m->byte_cap - m->bytes : m->byte_cap;
	}
}

/* The new one first: no frame of a tenant that stays is missed. */
static int replace(struct nl *nl, const struct stale *s, bool resumes, struct nl_mirror *want)
{
	struct nl_mirror made;
	bool wants = has_source(want) && !s->has_wanted && (s->nr || resumes);
	int err = 0;

	if (wants)
		wants = nl_mirror_new(nl, want, &made) != 0;
	for (unsigned int k = 0; !err && k < s->nr; k++) {
		err = nl_mirror_del(nl, want->dev, s->id[k]);
		err = err == -ENOENT ? 0 : err;
	}
	/* where two had no room, one may have */
	return !err && wants ? nl_mirror_new(nl, want, &made) : err;
}

static int replace_files(const struct host *h, const struct instance *was,
			 const struct instance *now)
{
	int status = has_source(&was->mirror) ? by_files(h, was, false) : EXIT_OK;

	if (status == EXIT_OK && has_source(&now->mirror))
		status = by_files(h, now, true);
	return status;
}

int lease_replace(const struct host *h, const struct instance *was, const struct instance *now)
{
	struct nl_mirror want = now->mirror;
	struct stale s = {.wanted = &want};
	int err, status = EXIT_OK;
	struct nl *nl;

	if (!has_leases(h, now))
		return replace_files(h, was, now);
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	err = nl_mirrors(nl, false, match_stale, &s);
	want.ttl_ms = left_ms(now);
	want.byte_cap = s.nr ? s.bytes : now->cap;
	if (!err)
		err = replace(nl, &s, !has_source(&was->mirror), &want);
	if (err)
		status = msg_fail(msg_code(err), "mirror of %s: %s", want.dev,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	nl_close(nl);
	return status;
}

struct visiting {
	void (*take)(const struct nl_mirror *m, const char *agent, void *arg);
	void *arg;
};

static void visit(const struct nl_mirror *m, int event, void *arg)
{
	const struct visiting *v = arg;

	(void)event;
	if (!strncmp(m->owner, PREFIX, strlen(PREFIX)))
		v->take(m, m->owner + strlen(PREFIX), v->arg);
}

int lease_each(void (*take)(const struct nl_mirror *m, const char *agent, void *arg), void *arg)
{
	struct visiting v = {take, arg};
	struct nl *nl;
	int err;

	if (!sysfs_is_live() || nl_open(&nl))
		return 0;
	err = nl_mirrors(nl, false, visit, &v);
	nl_close(nl);
	return err;
}
