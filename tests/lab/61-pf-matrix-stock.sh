#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock igb as PF; stock igbvf, hpcapvf and DPDK as VFs, all at once: what our
# PF is compared with in 62-pf-matrix-ours.
# storey: pf
# kernels: 6.1 6.12
# timeout: 1200
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/testpmd.sh
. "${0%/*}/testpmd.sh"
# shellcheck source=tests/lab/matrix.sh
. "${0%/*}/matrix.sh"

# igb starts over when it is told to negotiate.
pf_reset() {
	host ethtool -r "$PF_IF" || fail "reset of the PF"
}

rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"
PF=$(lab_var LAB_PF) || fail "no NIC under test"
pf_gone
dmesg_mark host
at_exit pf_gone
ipv6 off
at_exit ipv6 on
pf_up 3
matrix
dmesg_check host
ok
