// SPDX-License-Identifier: GPL-2.0-only
/* From a PCI device to a running port, and back. */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include "pf.h"

static const struct pf_family *family_of(const struct pci_dev *pdev)
{
	switch (pdev->device) {
	case 0x10c9:	/* 82576 */
	case 0x10e8:	/* 82576, four ports */
	case 0x1526:	/* 82576, four ports, ET2 */
	case 0x150a:	/* 82576NS */
		return &pf_82576;
	case 0x1521:	/* i350 */
		return &pf_i350;
	default:
		return NULL;
	}
}

/* Newer kernels do it for all devices, but a reset may have undone it. */
static void report_errors(struct pci_dev *pdev)
{
	if (pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_ERR) &&
	    pci_find_host_bridge(pdev->bus)->native_aer)
		pcie_capability_set_word(pdev, PCI_EXP_DEVCTL,
					 PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE |
					 PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE);
}

static int map_device(struct pf_dev *pf)
{
	struct pci_dev *pdev = pf->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return dev_err_probe(&pdev->dev, err, "cannot enable\n");
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err) {
		dev_err_probe(&pdev->dev, err, "no 64-bit DMA\n");
		goto err_disable;
	}
	err = pci_request_selected_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (err) {
		dev_err_probe(&pdev->dev, err, "BAR 0 is taken\n");
		goto err_disable;
	}
	pf->io.base = pci_iomap(pdev, 0, 0);
	if (!pf->io.base) {
		err = dev_err_probe(&pdev->dev, -ENOMEM, "cannot map BAR 0\n");
		goto err_regions;
	}
	pci_set_master(pdev);
	report_errors(pdev);
	return 0;

err_regions:
	pci_release_selected_regions(pdev, BIT(0));
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void unmap_device(struct pf_dev *pf)
{
	pci_clear_master(pf->pdev);
	pci_iounmap(pf->pdev, pf->io.base);
	pci_release_selected_regions(pf->pdev, BIT(0));
	pci_disable_device(pf->pdev);
}

static struct cap_queue *create_queue(struct pf_dev *pf, unsigned int i)
{
	struct cap_queue_config cfg = {
		.parent = &pf->pdev->dev,
		.owner = THIS_MODULE,
		.adapter = pf->adapter,
		.index = i,
		.ops = &pf_nic_ops,
		.nicq = &pf->rxq[i],
		.frame_max = pf->netdev->mtu + PF_OVERHEAD,
		.hw_bits = pf->fam->rx_stamps ? HW_RX_STAMP_BITS : 0,
		.hw_khz = 1000000,
	};
	struct cap_queue *q = cap_queue_create(&cfg);

	if (!IS_ERR(q))
		cap_queue_set_speed(q, pf->link_mbps);
	return q;
}

/* Its counters go on in those of the interface. */
static void destroy_queue(struct pf_rxq *rxq)
{
	struct hw_rx_counters *c = &rxq->counters;
	struct cap_queue *q = rxq->q;
	struct hpcap_stats st;

	WRITE_ONCE(rxq->q, NULL);
	/* nobody reads its counters, no handler kicks it any more */
	synchronize_net();
	cap_queue_get_stats(q, &st);
	c->frames += st.frames;
	c->bytes += st.bytes;
	c->errors += st.nic_error;
	c->dropped += st.slow_client + st.no_client;
	cap_queue_destroy(q);
}

/**
 * pf_queues_resize() - Have so many capture queues
 * @pf: the device; no queue running
 * @nr: 0..PF_QUEUES_MAX
 *
 * Context: process; sleeps.
 * Return: 0, or the errno of cap_queue_create(): there are then as many as
 * before.
 */
int pf_queues_resize(struct pf_dev *pf, unsigned int nr)
{
	unsigned int i;

	for (i = pf->nr_queues; i < nr; i++) {
		struct cap_queue *q = create_queue(pf, i);

		if (IS_ERR(q)) {
			while (i-- > pf->nr_queues)
				destroy_queue(&pf->rxq[i]);
			return PTR_ERR(q);
		}
		WRITE_ONCE(pf->rxq[i].q, q);
	}
	for (i = nr; i < pf->nr_queues; i++)
		destroy_queue(&pf->rxq[i]);
	pf->nr_queues = nr;
	return 0;
}

static enum pf_backend choose_backend(struct pf_dev *pf)
{
	bool told = pf_params.mirror != PF_MIRROR_AUTO;
	bool rules = told ? pf_params.mirror == PF_MIRROR_RULES :
			    pf_hw_has_mirror_rules(&pf->io);

	dev_info(&pf->pdev->dev, "mirrors are made by %s%s\n",
		 rules ? "mirror rules" : "filter tables",
		 told ? ", as told" : "");
	return rules ? PF_BACKEND_RULES : PF_BACKEND_REPLICATE;
}

/* The chip at rest, its address known, and a policy that wants that address. */
static int meet_chip(struct pf_dev *pf)
{
	struct device *dev = &pf->pdev->dev;
	enum pf_chip chip = pf->fam == &pf_i350 ? PF_CHIP_I350 : PF_CHIP_82576;
	int err;

	if (pf_hw_is_gone(&pf->io))
		return dev_err_probe(dev, -ENODEV, "does not answer\n");
	if (hw_rd32(&pf->io, PF_CTRL_EXT) & PF_CTRL_EXT_LINK_MODE)
		return dev_err_probe(dev, -ENODEV, "not a copper port\n");
	if (pf_hw_completion_timeout(&pf->io))
		pcie_capability_clear_and_set_word(pf->pdev, PCI_EXP_DEVCTL2,
						   PCI_EXP_DEVCTL2_COMP_TIMEOUT,
						   0x5 /* 16..55 ms */);
	err = pf_hw_reset(&pf->io);
	if (!err)
		err = pf_hw_read_mac(&pf->io, pf->perm_mac);
	if (err)
		return dev_err_probe(dev, err, "reset failed\n");
	pf_policy_init(pf->policy, chip, choose_backend(pf));
	err = pf_policy_pf_mac(pf->policy, pf->perm_mac);
	if (!err)
		err = pf_policy_frame_max(pf->policy, 0, ETH_DATA_LEN +
					  PF_OVERHEAD + ETH_FCS_LEN);
	pf_mbox_init(&pf->mbox, jiffies_to_msecs(get_jiffies_64()));
	return err ? err : pf_sriov_adopt(pf);
}

static struct pf_dev *create_pf(struct pci_dev *pdev)
{
	struct net_device *netdev;
	struct pf_dev *pf;
	unsigned int i;

	netdev = alloc_etherdev_mqs(sizeof(*pf), 1, PF_QUEUES_MAX);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	pf = netdev_priv(netdev);
	pf->pdev = pdev;
	pf->netdev = netdev;
	pf->fam = family_of(pdev);
	pf->capture = pf_params.capture;
	pf->rx_count = pf_params.rx_ring;
	pf->tx_count = PF_TX_COUNT;
	netdev_rss_key_fill(pf->rss_key, sizeof(pf->rss_key));
	for (i = 0; i < PF_QUEUES_MAX; i++) {
		pf->rxq[i].pf = pf;
		pf->rxq[i].index = i;
	}
	mutex_init(&pf->lock);
	spin_lock_init(&pf->clock_lock);
	INIT_DELAYED_WORK(&pf->service, pf_service);
	pf->next_reset = jiffies;
	INIT_DELAYED_WORK(&pf->mbox_work, pf_vf_work);
	pf->policy = kvzalloc(sizeof(*pf->policy), GFP_KERNEL);
	if (!pf->policy) {
		free_netdev(netdev);
		return NULL;
	}
	pci_set_drvdata(pdev, pf);
	return pf;
}

static void destroy_pf(struct pf_dev *pf)
{
	kvfree(pf->policy);
	free_netdev(pf->netdev);
}

/* Nothing runs any more, neither in the chip nor here. */
static void fall_silent(struct pf_dev *pf)
{
	pf_hold(pf);
	pf_irq_free(pf);
	cancel_delayed_work_sync(&pf->service);
	cancel_delayed_work_sync(&pf->mbox_work);
}

static int start_interface(struct pf_dev *pf)
{
	struct device *dev = &pf->pdev->dev;
	int err;

	pf_net_init(pf);
	mutex_lock(&pf->lock);
	pf_policy_pf_flag(pf->policy, PF_VF_STRIP,
			  pf->netdev->features & NETIF_F_HW_VLAN_CTAG_RX);
	err = pf_port_reset_locked(pf);
	mutex_unlock(&pf->lock);
	if (err)
		return dev_err_probe(dev, err, "port does not come up\n");
	netif_set_real_num_rx_queues(pf->netdev, pf_nr_queues(pf));
	netif_carrier_off(pf->netdev);
	err = register_netdev(pf->netdev);
	if (err)
		return dev_err_probe(dev, err, "no network interface\n");
	err = pf_faces_add(pf);
	if (!err && pf->nr_vfs)
		err = pf_faces_vfs_up(pf);
	if (err) {
		dev_err_probe(dev, err, "no control interfaces\n");
		unregister_netdev(pf->netdev);
		return err;
	}
	pf_service_kick(pf, PF_TODO_RX_MODE);
	return 0;
}

/**
 * pf_probe() - A device is ours now
 * @pdev: PCI device
 * @id: ours, or one that was added
 *
 * Return: 0 or a negative errno.
 */
int pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pf_dev *pf;
	int err;

	if (pdev->vendor != PCI_VENDOR_ID_INTEL || !family_of(pdev))
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "neither an 82576 nor an i350 with copper port\n");
	pf = create_pf(pdev);
	if (!pf)
		return -ENOMEM;
	err = map_device(pf);
	if (err)
		goto err_pf;
	err = meet_chip(pf);
	if (err)
		goto err_unmap;
	err = cap_adapter_get(&pdev->dev);
	if (err < 0)
		goto err_unmap;
	pf->adapter = err;
	err = pf_irq_request(pf);
	if (err) {
		dev_err_probe(&pdev->dev, err, "no interrupts\n");
		goto err_adapter;
	}
	err = pf_queues_resize(pf, min(pf_params.queues, pf->nr_vectors - PF_VECTOR_RX));
	if (err) {
		dev_err_probe(&pdev->dev, err, "no capture queue\n");
		goto err_irq;
	}
	err = start_interface(pf);
	if (err)
		goto err_irq;
	pci_save_state(pdev);
	dev_info(&pdev->dev, "%s is an %s, hpcap adapter %d, %s mode\n",
		 pf->netdev->name, pf->fam->name, pf->adapter,
		 pf->capture ? "capture" : "standard");
	return 0;

err_irq:
	fall_silent(pf);
	pf_queues_resize(pf, 0);
err_adapter:
	cap_adapter_put(pf->adapter);
err_unmap:
	unmap_device(pf);
err_pf:
	destroy_pf(pf);
	return err;
}

/**
 * pf_remove() - Give the device up, VFs first
 * @pdev: PCI device
 */
void pf_remove(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	pf_faces_unload(pf);
	pf_sriov_disable(pf);
	pf_faces_remove(pf);
	unregister_netdev(pf->netdev);
	fall_silent(pf);
	pf_queues_resize(pf, 0);
	cap_adapter_put(pf->adapter);
	unmap_device(pf);
	destroy_pf(pf);
}
