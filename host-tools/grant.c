// SPDX-License-Identifier: GPL-2.0-or-later
/* Trust of VFs, by rtnetlink: any PF driver. */
#include <errno.h>
#include <string.h>
#include "grant.h"
#include "msg.h"
#include "nl.h"
#include "sysfs.h"

/* The PF whose interface decides about this VF, NULL when it has none. */
static const struct host_pci *find_pf(const struct host *h, const char *bdf, uint32_t *index)
{
	const struct host_pci *vf = host_find_pci(h, bdf);
	const struct host_pci *pf = vf && *vf->pf ? host_find_pci(h, vf->pf) : NULL;

	if (!pf || !*pf->netdev || vf->vf_index < 0 || !sysfs_is_live())
		return NULL;
	*index = (uint32_t)vf->vf_index;
	return pf;
}

bool grant_is_trusted(const struct host *h, const char *bdf)
{
	static struct nl_vf all[NL_MAX_VFS];
	const struct host_pci *pf;
	uint32_t index;
	int n;

	pf = find_pf(h, bdf, &index);
	n = pf ? nl_vfs(pf->netdev, all, NL_MAX_VFS) : 0;
	return n > 0 && index < (uint32_t)n && all[index].trust;
}

static int set_all(const struct host *h, const struct instance *i, bool trust)
{
	for (unsigned int k = 0; k < i->nr_devs; k++) {
		struct nl_vf vf = {.trust = trust};
		const struct host_pci *pf;
		int err;

		pf = i->dev[k].trust ? find_pf(h, i->dev[k].bdf, &vf.index) : NULL;
		err = pf ? nl_vf_set(pf->netdev, &vf, NL_VF_TRUST) : 0;
		if (err)
			return msg_fail(msg_code(err), "%s: trust of VF %u: %s", pf->netdev,
					vf.index, strerror(-err));
	}
	return EXIT_OK;
}

int grant_hold(const struct host *h, const struct instance *i)
{
	return set_all(h, i, true);
}

int grant_drop(const struct host *h, const struct instance *i)
{
	return set_all(h, i, false);
}
