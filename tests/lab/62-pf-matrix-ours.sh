#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap_pf as PF; stock igbvf, hpcapvf and DPDK as VFs, all at once.
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

pf_reset() {
	host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "reset of the PF"
}

pf_world
vfs_driver none
numvfs 3 || fail "3 VFs"
matrix
dmesg_check host
ok
