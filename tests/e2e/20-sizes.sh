#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A frame of every length from 60 to 9014 bytes: nothing is cut, joined or padded.
# needs: probe
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/e2e/e2e.sh
. "${0%/*}/e2e.sh"

e2e_world 9000
at_exit host ip link set "$PF_IF" mtu 1500
e2e_send --pattern 60-9014 --count 8955 --pps 400
e2e_same
ok "every size"
