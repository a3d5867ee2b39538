// SPDX-License-Identifier: GPL-2.0-only
/* Directory sriov/ below the PF's PCI device: its life, and every file's way in. */
#include <linux/slab.h>
#include "pf_sysfs.h"

static struct pf_vf_dir *to_dir(struct kobject *kobj)
{
	return container_of(kobj, struct pf_vf_dir, kobj);
}

static struct pf_sysfs_file *to_file(struct attribute *attr)
{
	return container_of(attr, struct pf_sysfs_file, attr);
}

static ssize_t show(struct kobject *kobj, struct attribute *attr, char *page)
{
	const struct pf_sysfs_file *f = to_file(attr);
	struct pf_vf_dir *d = to_dir(kobj);
	ssize_t n;

	if (!f->show)
		return -EACCES;
	mutex_lock(&d->pf->lock);
	n = f->show(d, f, page);
	mutex_unlock(&d->pf->lock);
	return n;
}

/* What was refused is said, but not more often than is useful. */
static void complain(const struct pf_vf_dir *d, const struct attribute *attr, int err)
{
	if (!net_ratelimit())
		return;
	if (d->index == PF_LINE_PF)
		netdev_info(d->pf->netdev, "sriov/%s: refused: %pe\n", attr->name, ERR_PTR(err));
	else
		netdev_info(d->pf->netdev, "sriov/%u/%s: refused: %pe\n", d->index, attr->name,
			    ERR_PTR(err));
}

static ssize_t store(struct kobject *kobj, struct attribute *attr, const char *line, size_t len)
{
	const struct pf_sysfs_file *f = to_file(attr);
	struct pf_vf_dir *d = to_dir(kobj);
	int err;

	if (!f->store)
		return -EACCES;
	mutex_lock(&d->pf->lock);
	err = d->pf->gone ? -ENODEV : f->store(d, f, line, len);
	mutex_unlock(&d->pf->lock);
	if (!err)
		return len;
	complain(d, attr, err);
	return err;
}

static const struct sysfs_ops ops = {
	.show = show,
	.store = store,
};

static void release(struct kobject *kobj)
{
	kfree(to_dir(kobj));
}

static const struct attribute_group *vf_groups[] = {
	&pf_sysfs_mirror_group,
	&pf_sysfs_vf_group,
	&pf_sysfs_chip_group,
	&pf_sysfs_stats_group,
	&pf_sysfs_qos_group,
	NULL
};

static const struct attribute_group *pf_groups[] = {
	&pf_sysfs_pf_mirror_group,
	&pf_sysfs_pf_group,
	NULL
};

static const struct kobj_type vf_type = {
	.release = release,
	.sysfs_ops = &ops,
	.default_groups = vf_groups,
};

static const struct kobj_type pf_type = {
	.release = release,
	.sysfs_ops = &ops,
	.default_groups = pf_groups,
};

static int make(struct pf_dev *pf, u32 index, struct pf_vf_dir **dir)
{
	struct pf_vf_dir *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int err;

	if (!d)
		return -ENOMEM;
	d->pf = pf;
	d->index = index;
	if (index == PF_LINE_PF)
		err = kobject_init_and_add(&d->kobj, &pf_type, &pf->pdev->dev.kobj, "sriov");
	else
		err = kobject_init_and_add(&d->kobj, &vf_type, &pf->faces.sriov->kobj, "%u",
					   index);
	if (err)
		kobject_put(&d->kobj);
	else
		*dir = d;
	return err;
}

static void unmake(struct pf_vf_dir **dir)
{
	if (!*dir)
		return;
	kobject_del(&(*dir)->kobj);
	kobject_put(&(*dir)->kobj);
	*dir = NULL;
}

/**
 * pf_sysfs_up() - Make sriov/ and sriov/0/ to sriov/N-1/
 * @pf: the device
 *
 * Context: not under pf->lock.
 * Return: 0 or what the kernel says.
 */
int pf_sysfs_up(struct pf_dev *pf)
{
	int err = make(pf, PF_LINE_PF, &pf->faces.sriov);
	u32 i;

	for (i = 0; i < pf->policy->nr_vfs && !err; i++)
		err = make(pf, i, &pf->faces.vf[i]);
	if (err)
		pf_sysfs_down(pf);
	return err;
}

/**
 * pf_sysfs_down() - Take sriov/ away, once nobody is in a file any more
 * @pf: the device
 *
 * Context: not under pf->lock, which the files take.
 */
void pf_sysfs_down(struct pf_dev *pf)
{
	u32 i;

	for (i = 0; i < HW_VFS_MAX; i++)
		unmake(&pf->faces.vf[i]);
	unmake(&pf->faces.sriov);
}
