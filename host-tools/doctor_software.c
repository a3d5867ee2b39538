// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of KVM, libvirt and QEMU. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "doctor.h"

void doctor_kvm(struct doctor *d)
{
	char path[4096];

	if (!sysfs_exists("/dev/kvm")) {
		doctor_find(
			d, DOCTOR_BAD,
			"enable VT-x or AMD-V in the firmware, then modprobe kvm_intel or kvm_amd",
			"there is no /dev/kvm: VMs would be emulated");
	} else {
		sysfs_path(path, "/dev/kvm");
		if (access(path, R_OK | W_OK))
			doctor_find(d, DOCTOR_WARN, "join group kvm, or run as root",
				    "/dev/kvm may not be opened by this user");
		else
			doctor_find(d, DOCTOR_OK, NULL, "/dev/kvm is there");
	}
	if (sysfs_exists("/sys/bus/pci/drivers/vfio-pci"))
		doctor_find(d, DOCTOR_OK, NULL, "vfio-pci is loaded");
	else
		doctor_find(d, DOCTOR_WARN, "modprobe vfio-pci (libvirt does it when it can)",
			    "vfio-pci is not loaded");
}

void doctor_libvirt(struct doctor *d)
{
	const unsigned long q = d->v->qemu;

	if (*d->v->why_not) {
		doctor_find(d, DOCTOR_BAD,
			    "start libvirtd or virtqemud, or name another by --connect",
			    "libvirt does not answer: %.160s", d->v->why_not);
		return;
	}
	doctor_find(d, DOCTOR_OK, NULL, "libvirt %lu.%lu.%lu, QEMU %lu.%lu.%lu, %u domains",
		    d->v->libvirt / 1000000, d->v->libvirt / 1000 % 1000, d->v->libvirt % 1000,
		    q / 1000000, q / 1000 % 1000, q % 1000, d->v->nr);
	/* Ref: lab notes; SR-IOV of the emulated NIC broke in this series */
	if (q >= 10000000 && q <= 10000005)
		doctor_find(d, DOCTOR_WARN, "use QEMU 10.0.6 or later, or 9.x",
			    "QEMU 10.0.0 to 10.0.5 has known faults with emulated SR-IOV");
}
