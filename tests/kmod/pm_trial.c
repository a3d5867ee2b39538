// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Suspends a few PCI devices and resumes them, by the very calls that the
 * machine's own suspend makes, phase by phase: the first named first, back in
 * the opposite order. The rest of the machine, which may not survive it (a root
 * file system over virtio), goes on. Loading does it; the log says what became
 * of each.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/pci.h>

#define MOST 8

static char *devices[MOST];
static int nr_devices;
module_param_array(devices, charp, &nr_devices, 0444);
MODULE_PARM_DESC(devices, "PCI addresses, as 0000:01:10.0,0000:01:00.0: children first");

static unsigned int pause_ms = 500;
module_param(pause_ms, uint, 0444);
MODULE_PARM_DESC(pause_ms, "how long they sleep");

static struct pci_dev *pdevs[MOST];

/* Under the device's lock, as the machine's suspend does it. */
static int call(struct pci_dev *pdev, int (*fn)(struct device *dev), const char *what)
{
	int err = 0;

	device_lock(&pdev->dev);
	if (fn)
		err = fn(&pdev->dev);
	device_unlock(&pdev->dev);
	if (err < 0)
		pci_err(pdev, "pm_trial: %s: %d\n", what, err);
	return min(err, 0);
}

static int sleep_one(struct pci_dev *pdev)
{
	const struct dev_pm_ops *pm = pdev->dev.bus->pm;
	int err = call(pdev, pm->prepare, "prepare");

	err = err ?: call(pdev, pm->suspend, "suspend");
	err = err ?: call(pdev, pm->suspend_late, "suspend_late");
	err = err ?: call(pdev, pm->suspend_noirq, "suspend_noirq");
	if (!err)
		pci_info(pdev, "pm_trial: sleeps in %s\n", pci_power_name(pdev->current_state));
	return err;
}

static void complete_one(struct pci_dev *pdev)
{
	const struct dev_pm_ops *pm = pdev->dev.bus->pm;

	device_lock(&pdev->dev);
	if (pm->complete)
		pm->complete(&pdev->dev);
	device_unlock(&pdev->dev);
}

static int wake_one(struct pci_dev *pdev)
{
	const struct dev_pm_ops *pm = pdev->dev.bus->pm;
	int err = call(pdev, pm->resume_noirq, "resume_noirq");

	err = err ?: call(pdev, pm->resume_early, "resume_early");
	err = err ?: call(pdev, pm->resume, "resume");
	complete_one(pdev);
	if (!err)
		pci_info(pdev, "pm_trial: awake in %s\n", pci_power_name(pdev->current_state));
	return err;
}

static int find(const char *name, struct pci_dev **pdev)
{
	unsigned int domain, bus, slot, func;

	if (sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &func) != 4)
		return -EINVAL;
	*pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, func));
	return *pdev ? 0 : -ENODEV;
}

static int trial(void)
{
	int asleep, err = 0, i;

	for (asleep = 0; asleep < nr_devices && !err; asleep++)
		err = sleep_one(pdevs[asleep]);
	if (!err)
		msleep(pause_ms);
	for (i = asleep; i-- > 0;)
		err = wake_one(pdevs[i]) ?: err;
	return err;
}

static int __init pm_trial_init(void)
{
	int err = nr_devices ? 0 : -EINVAL, i;

	for (i = 0; i < nr_devices && !err; i++)
		err = find(devices[i], &pdevs[i]);
	if (!err)
		err = trial();
	for (i = 0; i < nr_devices; i++)
		pci_dev_put(pdevs[i]);
	return err;
}
module_init(pm_trial_init);

static void __exit pm_trial_exit(void)
{
}
module_exit(pm_trial_exit);

MODULE_DESCRIPTION("hpcap tests: suspend and resume of single PCI devices");
MODULE_LICENSE("GPL");
