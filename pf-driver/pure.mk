# SPDX-License-Identifier: GPL-2.0-only
# The pure files of the control plane, named once: module and unit tests.
PF_PURE := pf_policy.o pf_policy_pf.o pf_policy_vf.o pf_policy_guest.o pf_tables.o \
	pf_mirror.o pf_replicate.o pf_caveats.o pf_mbox.o pf_lease.o pf_lines.o \
	pf_line_mirror.o
