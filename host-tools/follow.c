// SPDX-License-Identifier: GPL-2.0-or-later
/* Mirrors follow tenants. */
#include <errno.h>
#include <string.h>
#include "cmd.h"
#include "declare.h"
#include "follow.h"
#include "lease.h"
#include "make.h"
#include "msg.h"

/* The tenant's VF, as a bit; 0 for none that is surely the tenant's. */
static uint32_t source_bit(const struct host *h, const struct virt_view *v,
			   const struct instance *i, const char *word)
{
	const struct virt_domain *has;
	const struct domxml_dev *dev;
	const struct host_pci *vf;

	if (virt_find_tenant(v, word, &dev))
		return 0;
	has = virt_owner(v, dev->bdf);
	if (!has || dev < has->xml.devs || dev >= has->xml.devs + has->xml.nr_devs)
		return 0;
	vf = host_find_pci(h, dev->bdf);
	if (!vf || strcmp(vf->pf, i->mirror.dev) || vf->vf_index < 0 || vf->vf_index > 31)
		return 0;
	return 1u << vf->vf_index & ~i->mirror.targets;
}

bool follow_sources(const struct host *h, const struct virt_view *v, const struct instance *i,
		    uint32_t *vfs)
{
	struct json_object *asked = json_tokener_parse(i->asked);
	struct json_object *list = declare_list(asked, "tenant");
	const bool has_tenants = i->mirror.targets && declare_length(list);

	*vfs = 0;
	for (size_t k = 0; has_tenants && k < declare_length(list); k++)
		*vfs |= source_bit(h, v, i,
				   json_object_get_string(json_object_array_get_idx(list, k)));
	json_object_put(asked);
	return has_tenants;
}

int follow_tenants(const struct host *h, struct instance *i, uint32_t vfs)
{
	struct instance now = *i;
	char why[VIRT_WHY];
	int status, err;

	now.mirror.vfs = vfs;
	status = lease_replace(h, i, &now);
	if (status != EXIT_OK)
		return status;
	err = virt_note(opt_common.uri, &now, why);
	if (err)
		return msg_fail(msg_code(err), "%s: libvirt: %s", i->name, why);
	err = make_label(&now);
	if (err)
		return msg_fail(msg_code(err), "folder of %s: %s", i->name, strerror(-err));
	*i = now;
	return EXIT_OK;
}
