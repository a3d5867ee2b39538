// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of KVM, libvirt and QEMU. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "doctor.h"

/* The first processor's flags: vmx of Intel or svm of AMD; nothing is known without. */
static bool lacks_virtualization(void)
{
	char path[4096], line[8192];
	bool told = false, has = false;
	FILE *f;

	sysfs_path(path, "/proc/cpuinfo");
	f = fopen(path, "re");
	while (f && !told && fgets(line, sizeof(line), f)) {
		told = !strncmp(line, "flags", 5);
		has = told && (strstr(line, " vmx") || strstr(line, " svm"));
	}
	if (f)
		fclose(f);
	return told && !has;
}

/* Memory that the host cannot read: then a NIC of its own cannot write there either. */
static void check_secure(struct doctor *d)
{
	char sev[8], tdx[8];
	bool on;

	sysfs_read(sev, sizeof(sev), "/sys/module/kvm_amd/parameters/sev");
	sysfs_read(tdx, sizeof(tdx), "/sys/module/kvm_intel/parameters/tdx");
	on = strchr("1Y", *sev ? *sev : 'N') || strchr("1Y", *tdx ? *tdx : 'N');
	doctor_find(d, DOCTOR_OK, NULL, "%s: probes and agents need none",
		    on ? "secure guests (SEV, TDX) are possible"
		       : "secure guests (SEV, TDX) are not possible");
}

void doctor_kvm(struct doctor *d)
{
	char path[4096];

	if (lacks_virtualization())
		doctor_find(
			d, DOCTOR_BAD,
			"enable VT-x or AMD-V in the firmware; in a VM, nested virtualization",
			"the processor has neither vmx nor svm: no hardware virtualization");
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
	check_secure(d);
}

/* In version 2 a word of one file, in version 1 a folder. */
static bool has_controller(const char *name, const char *old_name)
{
	char list[256], *word, *rest = list;

	if (!sysfs_read(list, sizeof(list), "/sys/fs/cgroup/cgroup.controllers"))
		return sysfs_exists("/sys/fs/cgroup/%s", old_name);
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, name))
			return true;
	return false;
}

/* What libvirt places VMs with, and what their own NICs beside ours need. */
void doctor_cgroups(struct doctor *d)
{
	static const char *const names[][2] = {
		{"cpu", "cpu"}, {"cpuset", "cpuset"}, {"memory", "memory"}, {"io", "blkio"}};
	static const char *const files[] = {"vhost-net", "net/tun"};
	unsigned int missing = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (has_controller(names[i][0], names[i][1]))
			continue;
		missing++;
		doctor_find(
			d, DOCTOR_WARN, "enable it in the kernel or on its command line",
			"there is no cgroup controller %s: libvirt cannot place or limit VMs"
			" by it",
			names[i][0]);
	}
	if (!missing)
		doctor_find(d, DOCTOR_OK, NULL, "cgroups have cpu, cpuset, memory, io");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!sysfs_exists("/dev/%s", files[i]))
			doctor_find(d, DOCTOR_WARN, i ? "modprobe tun" : "modprobe vhost_net",
				    "there is no /dev/%s: virtio NICs of VMs are slow or"
				    " impossible",
				    files[i]);
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
