// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of the IOMMU, NICs and storage. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "doctor.h"

/* Functions of this group that are no bridges. */
static unsigned int group_size(const struct host *h, int group)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < h->nr_pci; i++)
		n += h->pci[i].group == group && h->pci[i].kind != HOST_BRIDGE;
	return n;
}

/* Ref: ACPI, tables of Intel's and of AMD's IOMMU */
static bool firmware_has_iommu(void)
{
	return sysfs_exists("/sys/firmware/acpi/tables/DMAR") ||
	       sysfs_exists("/sys/firmware/acpi/tables/IVRS");
}

void doctor_iommu(struct doctor *d)
{
	unsigned int grouped = 0;

	for (unsigned int i = 0; i < d->h->nr_pci; i++)
		grouped += d->h->pci[i].group >= 0;
	if (!grouped && firmware_has_iommu()) {
		doctor_find(d, DOCTOR_BAD, "boot with intel_iommu=on iommu=pt, or amd_iommu=on",
			    "the kernel leaves the IOMMU off: nothing can be passed through");
		return;
	}
	if (!grouped) {
		doctor_find(
			d, DOCTOR_BAD,
			"enable VT-d or AMD-Vi in the firmware, boot with intel_iommu=on iommu=pt",
			"there is no IOMMU: nothing can be passed through");
		return;
	}
	doctor_find(d, DOCTOR_OK, NULL, "%u PCI functions are in IOMMU groups", grouped);
	for (unsigned int i = 0; i < d->h->nr_pci; i++) {
		const struct host_pci *p = &d->h->pci[i];

		if (p->kind == HOST_OTHER || p->kind == HOST_BRIDGE || p->group < 0)
			continue;
		if (group_size(d->h, p->group) > 1)
			doctor_find(d, DOCTOR_WARN,
				    "pass the whole group, or use a slot whose port has ACS",
				    "%s %s shares IOMMU group %d with %u other functions",
				    host_kind_name(p->kind), p->bdf, p->group,
				    group_size(d->h, p->group) - 1);
		if (!*p->reset)
			doctor_find(d, DOCTOR_WARN,
				    "reboot between users of it, or pass another device",
				    "%s %s has no reset method", host_kind_name(p->kind),
				    p->bdf);
	}
}

/* Whether pause frames may be sent or obeyed: 1, 0, or -1 when nobody tells. */
static int pause_is_on(const char *netdev)
{
	struct ethtool_pauseparam pause = {.cmd = ETHTOOL_GPAUSEPARAM};
	struct ifreq ifr = {.ifr_data = (void *)&pause};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int on = -1;

	if (fd < 0)
		return -1;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%.15s", netdev);
	if (!ioctl(fd, SIOCETHTOOL, &ifr))
		on = pause.rx_pause || pause.tx_pause;
	close(fd);
	return on;
}

static void check_link(struct doctor *d, const struct host_pci *p)
{
	const int64_t flags = sysfs_number(0, "/sys/class/net/%s/flags", p->netdev);
	const int64_t mtu = sysfs_number(0, "/sys/class/net/%s/mtu", p->netdev);
	char remedy[128];

	if (!(flags & IFF_UP)) {
		snprintf(remedy, sizeof(remedy), "ip link set %s up", p->netdev);
		doctor_find(d, DOCTOR_BAD, remedy,
			    "PF %s (%s) is down: its VFs get nothing, libvirt refuses them",
			    p->netdev, p->bdf);
	} else if (sysfs_number(0, "/sys/class/net/%s/carrier", p->netdev) != 1) {
		doctor_find(d, DOCTOR_WARN, "look at the cable and the other end",
			    "PF %s (%s) has no link", p->netdev, p->bdf);
	}
	if (mtu && mtu < 9000) {
		snprintf(remedy, sizeof(remedy),
			 "ip link set %s mtu 9000, if the wire carries such", p->netdev);
		doctor_find(d, DOCTOR_OK, remedy,
			    "PF %s: frames above MTU %lld are not received", p->netdev,
			    (long long)mtu);
	}
	if (sysfs_is_live() && pause_is_on(p->netdev) == 1) {
		snprintf(remedy, sizeof(remedy), "ethtool -A %s autoneg off rx off tx off",
			 p->netdev);
		doctor_find(d, DOCTOR_WARN, remedy,
			    "PF %s sends pause frames: a slow VF slows every other down",
			    p->netdev);
	}
}

static void check_pf(struct doctor *d, const struct host_pci *p)
{
	struct doctor_finding *f;
	char remedy[128];

	doctor_find(d, DOCTOR_OK, NULL, "%s (%s, driver %s): %d of %d VFs on node %d", p->bdf,
		    *p->netdev ? p->netdev : "no interface", *p->driver ? p->driver : "none",
		    p->vfs, p->vfs_total, p->node);
	if (!*p->driver) {
		doctor_find(d, DOCTOR_WARN, "load its driver (hpcap_pf for the 82576)",
			    "PF %s has no driver", p->bdf);
		return;
	}
	if (*p->netdev)
		check_link(d, p);
	if (!p->autoprobe)
		return;
	snprintf(remedy, sizeof(remedy),
		 "echo 0 >/sys/bus/pci/devices/%s/sriov_drivers_autoprobe", p->bdf);
	f = doctor_find(d, DOCTOR_WARN, remedy,
			"PF %s: new VFs become interfaces of this host at once", p->bdf);
	snprintf(f->fix_path, sizeof(f->fix_path),
		 "/sys/bus/pci/devices/%s/sriov_drivers_autoprobe", p->bdf);
	snprintf(f->fix_text, sizeof(f->fix_text), "0");
}

void doctor_nics(struct doctor *d)
{
	unsigned int capable = 0;

	for (unsigned int i = 0; i < d->h->nr_pci; i++) {
		const struct host_pci *p = &d->h->pci[i];

		if (p->kind != HOST_NIC || !p->vfs_total)
			continue;
		capable++;
		check_pf(d, p);
	}
	if (!capable)
		doctor_find(d, DOCTOR_BAD, "enable SR-IOV in the firmware, or use another NIC",
			    "no NIC here can make VFs");
}

static void check_controller(struct doctor *d, const struct host_pci *p)
{
	const struct host_disk *used = host_used_disk(d->h, p->bdf);
	bool near = false;

	if (used) {
		doctor_find(d, DOCTOR_OK, NULL, "%s %s is the host's own: %s is %s",
			    host_kind_name(p->kind), p->bdf, used->name, used->use);
		return;
	}
	for (unsigned int i = 0; i < d->h->nr_pci; i++)
		near |= d->h->pci[i].kind == HOST_NIC && d->h->pci[i].vfs_total &&
			d->h->pci[i].node == p->node;
	if (near || p->node < 0)
		doctor_find(d, DOCTOR_OK, NULL, "%s %s may be given to a probe (node %d)",
			    host_kind_name(p->kind), p->bdf, p->node);
	else
		doctor_find(d, DOCTOR_WARN,
			    "move one of the cards to a slot of the other's node",
			    "%s %s is on node %d, where no capture NIC is",
			    host_kind_name(p->kind), p->bdf, p->node);
}

void doctor_storage(struct doctor *d)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->h->nr_pci; i++) {
		const struct host_pci *p = &d->h->pci[i];

		if (p->kind != HOST_RAID && p->kind != HOST_NVME)
			continue;
		n++;
		check_controller(d, p);
	}
	if (!n)
		doctor_find(d, DOCTOR_WARN, "give probes a disk or partition instead",
			    "there is no RAID or NVMe controller to pass through");
}
