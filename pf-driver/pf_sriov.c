// SPDX-License-Identifier: GPL-2.0-only
/* Making VFs and taking them back. Ref: 82576 4.3 */
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include "pf.h"

enum {
	VFS_GONE_MS = 100,	/* after VF Enable is off */
	QUEUES_BACK_MS = 100,	/* after IOVCTL */
};

/*
 * Bring the port to another number of VFs: the PF moves to the pool and queue
 * behind theirs, so everything is set up anew. Without memory for more rings
 * the interface stays with fewer queues.
 */
static int set_nr_vfs(struct pf_dev *pf, unsigned int nr)
{
	int err;

	rtnl_lock();
	mutex_lock(&pf->lock);
	pf_port_stop_locked(pf);
	pf->nr_vfs = nr;
	if (pf->want_up && pf_rx_resize_locked(pf, pf_nr_queues(pf))) {
		netdev_warn(pf->netdev, "no memory for %u rings, keeping %u\n",
			    pf->nr_queues, pf->nr_rings);
		pf->nr_queues = pf->nr_rings;
	}
	netif_set_real_num_rx_queues(pf->netdev, pf_nr_queues(pf));
	err = pf_policy_set_vfs(pf->policy, nr);
	pf_mbox_init(&pf->mbox, jiffies_to_msecs(get_jiffies_64()));
	pf_stats_forget_vfs(&pf->stats);
	if (!err)
		err = pf_port_reset_locked(pf);
	mutex_unlock(&pf->lock);
	rtnl_unlock();
	pf_service_kick(pf, PF_TODO_RX_MODE);
	return err;
}

/**
 * pf_sriov_disable() - Take all VFs back; nothing when there are none
 * @pf: the device
 *
 * Their drivers are asked to leave first, while the mailbox still answers.
 *
 * Context: process; sleeps.
 */
void pf_sriov_disable(struct pf_dev *pf)
{
	if (!pf->nr_vfs)
		return;
	pf_faces_vfs_down(pf);
	pci_disable_sriov(pf->pdev);
	msleep(VFS_GONE_MS);
	if (!pf_hw_is_gone(&pf->io)) {
		hw_wr32(&pf->io, PF_IOVCTL, PF_IOVCTL_REUSE_VFQ);
		hw_flush_posted(&pf->io, PF_STATUS);
		msleep(QUEUES_BACK_MS);
	}
	if (set_nr_vfs(pf, 0))
		netdev_err(pf->netdev, "port is down after its VFs went\n");
}

static int enable(struct pf_dev *pf, unsigned int nr)
{
	int err;

	/* VF drivers may come at once: the mailbox has to answer before */
	err = set_nr_vfs(pf, nr);
	if (!err)
		err = pci_enable_sriov(pf->pdev, nr);
	if (err) {
		set_nr_vfs(pf, 0);
		return err;
	}
	err = pf_faces_vfs_up(pf);
	if (err)
		pf_sriov_disable(pf);
	return err;
}

/**
 * pf_sriov_configure() - sriov_numvfs was written
 * @pdev: PCI device
 * @nr_vfs: wanted
 *
 * Context: process, device lock held, RTNL not; sleeps.
 * Return: @nr_vfs; -ERANGE more than 7; -EBUSY VFs are assigned to guests;
 * other negative errno.
 */
int pf_sriov_configure(struct pci_dev *pdev, int nr_vfs)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);
	int err;

	if (nr_vfs > HW_VFS_MAX) {
		pci_err(pdev, "at most %d VFs: the last pool is the PF's own\n",
			HW_VFS_MAX);
		return -ERANGE;
	}
	if (!nr_vfs) {
		if (pci_vfs_assigned(pdev)) {
			pci_err(pdev, "VFs are in use by guests\n");
			return -EBUSY;
		}
		pf_sriov_disable(pf);
		return 0;
	}
	err = enable(pf, nr_vfs);
	return err ? err : nr_vfs;
}

static void visit_vfs(struct pf_dev *pf, void (*fn)(struct pci_dev *vf))
{
	struct pci_dev *vf = NULL;

	while ((vf = pci_get_device(PCI_VENDOR_ID_INTEL, pf->fam->vf_device,
				    vf))) {
		if (vf->is_virtfn && vf->physfn == pf->pdev)
			fn(vf);
	}
}

static void save_vf(struct pci_dev *vf)
{
	pci_save_state(vf);
}

/**
 * pf_sriov_save() - Remember what a reset of the PF takes from its VFs
 * @pf: the device, about to be reset as a function
 *
 * Bus mastering and interrupts of the VFs are gone afterwards, and their
 * drivers, here or in guests, do not know it.
 *
 * Context: process; sleeps.
 */
void pf_sriov_save(struct pf_dev *pf)
{
	visit_vfs(pf, save_vf);
}

/**
 * pf_sriov_restore() - Give it back
 * @pf: the device, reset, its own configuration restored
 *
 * Context: process; sleeps.
 */
void pf_sriov_restore(struct pf_dev *pf)
{
	visit_vfs(pf, pci_restore_state);
}

/**
 * pf_sriov_restore_irqs() - Give the VFs their interrupts back
 * @pf: the device, its own configuration restored
 *
 * After an error of the bus, when nothing could be remembered before it was
 * reset. All else that VFs lost their drivers put back in the recovery.
 *
 * Context: process; sleeps.
 */
void pf_sriov_restore_irqs(struct pf_dev *pf)
{
	visit_vfs(pf, pci_restore_msi_state);
}

/**
 * pf_sriov_adopt() - Take over VFs that another driver has left
 * @pf: the device, not yet initialised
 *
 * Return: 0, or -ERANGE when there are more than we can have.
 */
int pf_sriov_adopt(struct pf_dev *pf)
{
	int nr = pci_num_vf(pf->pdev);

	if (nr > HW_VFS_MAX)
		return dev_err_probe(&pf->pdev->dev, -ERANGE,
				     "%d VFs exist, at most %d are possible\n",
				     nr, HW_VFS_MAX);
	pf->nr_vfs = nr;
	return pf_policy_set_vfs(pf->policy, nr);
}
