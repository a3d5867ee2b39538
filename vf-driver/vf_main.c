// SPDX-License-Identifier: GPL-2.0-only
/* Module, PCI driver: probe, remove, reset, suspend. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/module.h>
#include "vf.h"

#define VF_DEVICE_ID	0x10ca	/* 82576 virtual function */

static char *mode = "capture";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "first mode of each interface: capture or standard (later: ethtool --set-priv-flags IF capture on|off)");

static char *ids = "";
module_param(ids, charp, 0444);
MODULE_PARM_DESC(ids, "take free devices of these ids, as vendor:device,... in hexadecimal; else only those told by driver_override or new_id");

static unsigned int rx_ring = VF_RX_COUNT_MAX;
module_param(rx_ring, uint, 0444);
MODULE_PARM_DESC(rx_ring, "receive descriptors, 80..4096 (later: ethtool -G IF rx N)");

static bool start_in_capture;

static int map_device(struct vf_dev *vf)
{
	struct pci_dev *pdev = vf->pdev;
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
	vf->io.base = pci_iomap(pdev, 0, 0);
	if (!vf->io.base) {
		err = dev_err_probe(&pdev->dev, -ENOMEM, "cannot map BAR 0\n");
		goto err_regions;
	}
	/* whoever was here before may have left queues that still write */
	hw_wr32(&vf->io, VF_CTRL, VF_CTRL_RST);
	hw_flush_posted(&vf->io, VF_STATUS);
	pci_set_master(pdev);
	return 0;

err_regions:
	pci_release_selected_regions(pdev, BIT(0));
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void unmap_device(struct vf_dev *vf)
{
	pci_clear_master(vf->pdev);
	pci_iounmap(vf->pdev, vf->io.base);
	pci_release_selected_regions(vf->pdev, BIT(0));
	pci_disable_device(vf->pdev);
}

static int create_queue(struct vf_dev *vf)
{
	struct cap_queue_config cfg = {
		.parent = &vf->pdev->dev,
		.owner = THIS_MODULE,
		.ops = &vf_nic_ops,
		.nicq = vf,
		.frame_max = ETH_DATA_LEN + VF_OVERHEAD,
	};

	vf->adapter = cap_adapter_get(&vf->pdev->dev);
	if (vf->adapter < 0)
		return vf->adapter;
	cfg.adapter = vf->adapter;
	vf->q = cap_queue_create(&cfg);
	if (IS_ERR(vf->q)) {
		cap_adapter_put(vf->adapter);
		return PTR_ERR(vf->q);
	}
	return 0;
}

static void destroy_queue(struct vf_dev *vf)
{
	cap_queue_destroy(vf->q);
	cap_adapter_put(vf->adapter);
}

/* A PF that is down is no reason to fail: the service work keeps asking. */
static void greet_pf(struct vf_dev *vf)
{
	int err;

	mutex_lock(&vf->lock);
	err = vf_hw_reset(&vf->io, &vf->mbox, vf->pf_mac);
	if (err)
		dev_info(&vf->pdev->dev, "PF is not ready (%d), waiting\n", err);
	vf->ready = !err;
	vf_hw_counters_rebase(&vf->io, &vf->hw);
	vf_net_first_mac(vf);
	if (vf->ready)
		vf_config_restore_locked(vf);
	mutex_unlock(&vf->lock);
}

/* Registers must answer at the address that the kernel believes in. */
static int check_registers(struct vf_dev *vf)
{
	struct device *dev = &vf->pdev->dev;

	if (vf_hw_is_gone(&vf->io))
		return dev_err_probe(dev, -ENODEV, "does not answer\n");
	if (vf_hw_bar_is_misplaced(&vf->io))
		return dev_err_probe(dev, -EIO,
				     "no registers at BAR 0: QEMU 10.0.0 to 10.0.5 map VF BARs above 4 GiB wrongly, use 10.0.6 or newer\n");
	return 0;
}

static struct vf_dev *alloc_device(struct pci_dev *pdev)
{
	struct net_device *netdev;
	struct vf_dev *vf;

	netdev = alloc_etherdev(sizeof(*vf));
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	vf = netdev_priv(netdev);
	vf->pdev = pdev;
	vf->netdev = netdev;
	vf->capture = start_in_capture;
	vf->rx_count = rx_ring;
	mutex_init(&vf->lock);
	INIT_DELAYED_WORK(&vf->service, vf_service);
	vf_net_init(vf);
	pci_set_drvdata(pdev, vf);
	return vf;
}

static int vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vf_dev *vf;
	int err;

	if (pdev->vendor != PCI_VENDOR_ID_INTEL || pdev->device != VF_DEVICE_ID)
		return dev_err_probe(&pdev->dev, -ENODEV, "not an 82576 VF\n");
	vf = alloc_device(pdev);
	if (!vf)
		return -ENOMEM;
	err = map_device(vf);
	if (err)
		goto err_netdev;
	err = check_registers(vf);
	if (err)
		goto err_unmap;
	vf_mbox_init(&vf->mbox, &vf->io);
	err = create_queue(vf);
	if (err) {
		dev_err_probe(&pdev->dev, err, "no capture queue\n");
		goto err_unmap;
	}
	err = vf_irq_request(vf);
	if (err) {
		dev_err_probe(&pdev->dev, err, "no interrupts\n");
		goto err_queue;
	}
	greet_pf(vf);
	err = register_netdev(vf->netdev);
	if (err) {
		dev_err_probe(&pdev->dev, err, "no network interface\n");
		goto err_irq;
	}
	vf_service_kick(vf, VF_TODO_RX_MODE);
	dev_info(&pdev->dev, "%s is hpcap adapter %d, %s mode\n",
		 vf->netdev->name, vf->adapter, vf->capture ? "capture" : "standard");
	return 0;

err_irq:
	vf_hold(vf);
	vf_irq_free(vf);
	cancel_delayed_work_sync(&vf->service);
err_queue:
	destroy_queue(vf);
err_unmap:
	unmap_device(vf);
err_netdev:
	free_netdev(vf->netdev);
	return err;
}

static void vf_remove(struct pci_dev *pdev)
{
	struct vf_dev *vf = pci_get_drvdata(pdev);

	unregister_netdev(vf->netdev);
	vf_hold(vf);
	vf_irq_free(vf);
	cancel_delayed_work_sync(&vf->service);
	/* the PF closes our pool */
	hw_wr32(&vf->io, VF_CTRL, VF_CTRL_RST);
	destroy_queue(vf);
	unmap_device(vf);
	free_netdev(vf->netdev);
}

/* Before kexec: no more DMA. */
static void vf_shutdown(struct pci_dev *pdev)
{
	vf_hold(pci_get_drvdata(pdev));
}

static void vf_reset_prepare(struct pci_dev *pdev)
{
	vf_hold(pci_get_drvdata(pdev));
}

static void vf_reset_done(struct pci_dev *pdev)
{
	vf_release(pci_get_drvdata(pdev));
}

static const struct pci_error_handlers vf_error_handlers = {
	.reset_prepare = vf_reset_prepare,
	.reset_done = vf_reset_done,
};

static int vf_suspend(struct device *dev)
{
	struct vf_dev *vf = dev_get_drvdata(dev);

	netif_device_detach(vf->netdev);
	vf_hold(vf);
	return 0;
}

static int vf_resume(struct device *dev)
{
	struct vf_dev *vf = dev_get_drvdata(dev);

	netif_device_attach(vf->netdev);
	vf_release(vf);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(vf_pm, vf_suspend, vf_resume);

/*
 * Matches only a device whose driver_override names us. No module alias is
 * made of it: loading this module takes nothing away from the stock driver.
 */
static const struct pci_device_id vf_ids[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(PCI_VENDOR_ID_INTEL, VF_DEVICE_ID, 1) },
	{ }
};

static struct pci_driver vf_driver = {
	.name = KBUILD_MODNAME,
	.id_table = vf_ids,
	.probe = vf_probe,
	.remove = vf_remove,
	.shutdown = vf_shutdown,
	.err_handler = &vf_error_handlers,
	.driver.pm = pm_sleep_ptr(&vf_pm),
};

/* "8086:10ca,..." as vfio-pci has it; what is bound already stays so. */
static int add_ids(const char *list)
{
	unsigned int vendor, device;
	int err, n;

	while (*list) {
		if (sscanf(list, "%x:%x%n", &vendor, &device, &n) != 2 ||
		    (list[n] && list[n] != ',')) {
			pr_err("ids: \"%s\" is not vendor:device\n", list);
			return -EINVAL;
		}
		err = pci_add_dynid(&vf_driver, vendor, device, PCI_ANY_ID,
				    PCI_ANY_ID, 0, 0, 0);
		if (err)
			return err;
		list += n;
		list += *list == ',';
	}
	return 0;
}

static int __init vf_init(void)
{
	int err;

	start_in_capture = !strcmp(mode, "capture");
	if (!start_in_capture && strcmp(mode, "standard")) {
		pr_err("mode: capture or standard, not \"%s\"\n", mode);
		return -EINVAL;
	}
	if (rx_ring < VF_RX_COUNT_MIN || rx_ring > VF_RX_COUNT_MAX ||
	    rx_ring % 8) {
		pr_err("rx_ring: 80..4096 in steps of 8, not %u\n", rx_ring);
		return -EINVAL;
	}
	err = pci_register_driver(&vf_driver);
	if (err)
		return err;
	err = add_ids(ids);
	if (err)
		pci_unregister_driver(&vf_driver);
	return err;
}
module_init(vf_init);

static void __exit vf_exit(void)
{
	pci_unregister_driver(&vf_driver);
}
module_exit(vf_exit);

MODULE_DESCRIPTION("hpcap: capture on an Intel 82576 virtual function");
MODULE_LICENSE("GPL");
