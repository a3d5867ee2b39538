#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The netlink family does what its YAML spec says, and only that: a client that
# knows nothing but the spec makes, changes, counts and ends a mirror, hears of
# it, and tries every attribute with values that it must not take.
# storey: pf
# kernels: 6.1 6.12
# timeout: 180
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

mirror_world
tenant a
tenant b
out=$(host python3 -B /src/tests/lab/pf_netlink.py /src/docs/netlink/hpcap_pf.yaml "$PF" 2>&1) ||
	fail "$out"
note "$out"
dmesg_check host
ok
