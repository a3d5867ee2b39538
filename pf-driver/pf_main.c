// SPDX-License-Identifier: GPL-2.0-only
/* Module and PCI driver: parameters, errors, suspend. */
#include <linux/module.h>
#include "pf.h"

static char *mode = "standard";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "first mode of each interface: standard or capture (later: ethtool --set-priv-flags IF capture on|off)");

static char *ids = "";
module_param(ids, charp, 0444);
MODULE_PARM_DESC(ids, "take free devices of these ids, as vendor:device,... in hexadecimal; else only those told by driver_override or new_id");

static unsigned int rx_ring = PF_RX_COUNT_MAX;
module_param(rx_ring, uint, 0444);
MODULE_PARM_DESC(rx_ring, "receive descriptors of each queue, 80..4096 (later: ethtool -G IF rx N)");

static unsigned int queues = 1;
module_param(queues, uint, 0444);
MODULE_PARM_DESC(queues, "receive queues and capture devices without VFs, 1..8 (later: ethtool -L IF rx N)");

static char *mirror = "auto";
module_param(mirror, charp, 0444);
MODULE_PARM_DESC(mirror, "how mirrors are made: auto, rules (the chip's mirror rules) or replicate (filter tables)");

static const char *const mirrors[] = {
	[PF_MIRROR_AUTO] = "auto",
	[PF_MIRROR_RULES] = "rules",
	[PF_MIRROR_REPLICATE] = "replicate",
};

struct pf_params pf_params;
struct workqueue_struct *pf_wq;

static void pf_shutdown(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	netif_device_detach(pf->netdev);
	pf_hold(pf);
	pci_disable_device(pdev);
}

static pci_ers_result_t pf_error_detected(struct pci_dev *pdev,
					  pci_channel_state_t state)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	netif_device_detach(pf->netdev);
	pf_hold(pf);
	return state == pci_channel_io_perm_failure ?
	       PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t pf_slot_reset(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	/* as it was when we had just probed it */
	pci_restore_state(pdev);
	pci_save_state(pdev);
	pf_sriov_restore_irqs(pf);
	/* drivers of VFs are called next, and talk to it */
	pf_release(pf);
	flush_delayed_work(&pf->service);
	return READ_ONCE(pf->port_up) ? PCI_ERS_RESULT_RECOVERED :
					PCI_ERS_RESULT_DISCONNECT;
}

static void pf_error_resume(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	netif_device_attach(pf->netdev);
}

static void pf_reset_prepare(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	pf_hold(pf);
	pf_sriov_save(pf);
}

static void pf_reset_done(struct pci_dev *pdev)
{
	struct pf_dev *pf = pci_get_drvdata(pdev);

	pf_sriov_restore(pf);
	pf_release(pf);
}

static const struct pci_error_handlers pf_error_handlers = {
	.error_detected = pf_error_detected,
	.slot_reset = pf_slot_reset,
	.resume = pf_error_resume,
	.reset_prepare = pf_reset_prepare,
	.reset_done = pf_reset_done,
};

static int pf_suspend(struct device *dev)
{
	struct pf_dev *pf = dev_get_drvdata(dev);

	netif_device_detach(pf->netdev);
	pf_hold(pf);
	return 0;
}

static int pf_resume(struct device *dev)
{
	struct pf_dev *pf = dev_get_drvdata(dev);

	netif_device_attach(pf->netdev);
	pf_release(pf);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(pf_pm, pf_suspend, pf_resume);

/*
 * Matches only a device whose driver_override names us. No module alias is
 * made of it: loading this module takes nothing away from the stock driver.
 */
#define ONLY_TOLD(id) PCI_DEVICE_DRIVER_OVERRIDE(PCI_VENDOR_ID_INTEL, id, 1)

static const struct pci_device_id pf_ids[] = {
	{ ONLY_TOLD(PCI_ANY_ID) },
	{ }
};

static struct pci_driver pf_driver = {
	.name = KBUILD_MODNAME,
	.id_table = pf_ids,
	.probe = pf_probe,
	.remove = pf_remove,
	.shutdown = pf_shutdown,
	.sriov_configure = pf_sriov_configure,
	.err_handler = &pf_error_handlers,
	.driver.pm = pm_sleep_ptr(&pf_pm),
};

/* "8086:10c9,..." as vfio-pci has it; what is bound already stays so. */
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
		err = pci_add_dynid(&pf_driver, vendor, device, PCI_ANY_ID,
				    PCI_ANY_ID, 0, 0, 0);
		if (err)
			return err;
		list += n;
		list += *list == ',';
	}
	return 0;
}

static int check_params(void)
{
	pf_params.capture = !strcmp(mode, "capture");
	if (!pf_params.capture && strcmp(mode, "standard")) {
		pr_err("mode: standard or capture, not \"%s\"\n", mode);
		return -EINVAL;
	}
	if (rx_ring < PF_RX_COUNT_MIN || rx_ring > PF_RX_COUNT_MAX ||
	    rx_ring % 8) {
		pr_err("rx_ring: 80..4096 in steps of 8, not %u\n", rx_ring);
		return -EINVAL;
	}
	if (!queues || queues > PF_QUEUES_MAX) {
		pr_err("queues: 1..%u, not %u\n", PF_QUEUES_MAX, queues);
		return -EINVAL;
	}
	pf_params.mirror = match_string(mirrors, ARRAY_SIZE(mirrors), mirror);
	if (pf_params.mirror < 0) {
		pr_err("mirror: auto, rules or replicate, not \"%s\"\n", mirror);
		return -EINVAL;
	}
	pf_params.rx_ring = rx_ring;
	pf_params.queues = queues;
	return 0;
}

static int __init pf_init(void)
{
	int err;

	err = check_params();
	if (err)
		return err;
	pf_wq = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!pf_wq)
		return -ENOMEM;
	err = pf_faces_module_init();
	if (err)
		goto err_wq;
	err = pci_register_driver(&pf_driver);
	if (err)
		goto err_faces;
	err = add_ids(ids);
	if (err)
		goto err_driver;
	return 0;

err_driver:
	pci_unregister_driver(&pf_driver);
err_faces:
	pf_faces_module_exit();
err_wq:
	destroy_workqueue(pf_wq);
	return err;
}
module_init(pf_init);

static void __exit pf_exit(void)
{
	pci_unregister_driver(&pf_driver);
	pf_faces_module_exit();
	destroy_workqueue(pf_wq);
}
module_exit(pf_exit);

MODULE_DESCRIPTION("hpcap: physical function of Intel 82576 and i350, VFs and capture");
MODULE_LICENSE("GPL");
