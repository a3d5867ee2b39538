# SPDX-License-Identifier: GPL-2.0-only
# The pure files of the control plane, named once: module and unit tests.
PF_PURE := pf_policy.o pf_policy_pf.o pf_policy_vf.o pf_policy_guest.o pf_tables.o \
	pf_mirror.o pf_replicate.o pf_caveats.o pf_mbox.o pf_lease.o pf_lines.o \
	pf_line_mirror.o
# The faces: sysfs, netlink, debugfs.
PF_FACES := pf_faces.o pf_sysfs.o pf_sysfs_mirror.o pf_sysfs_vf.o pf_sysfs_chip.o \
	pf_netlink.o pf_netlink_dump.o pf_debugfs.o
