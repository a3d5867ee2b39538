#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames of 60 to 9014 bytes, every 7th length and the ends of buffers: nothing
# is cut, joined or padded.
# needs: probe
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/e2e/e2e.sh
. "${0%/*}/e2e.sh"

e2e_world 9000
at_exit host ip link set "$PF_IF" mtu 1500
for range in 60-190 1500-1530 2030-2060 4080-4110 8170-8200 9000-9014; do
	lo=${range%-*} hi=${range#*-}
	e2e_send --pattern "$range" --count $((hi - lo + 1)) --pps 500
	e2e_same
done
e2e_send --pattern 60-9014 --count 8955 --pps 1000
e2e_same
ok "every size"
