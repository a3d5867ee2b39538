# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# DPDK's testpmd on a VF in the host VM, by commands; sourced after pf.sh.

TESTPMD=/run/testpmd.in		# its standard input

# testpmd_start ADDRESS MODE: on that VF, through vfio; it waits for commands.
testpmd_start() {
	host_sh 'modprobe vfio-pci
		echo 256 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
		mkdir -p /dev/hugepages
		mountpoint -q /dev/hugepages || mount -t hugetlbfs hugetlbfs /dev/hugepages
		rm -f $2; mkfifo $2
		echo vfio-pci >/sys/bus/pci/devices/$1/driver_override
		echo $1 >/sys/bus/pci/drivers/vfio-pci/bind' "$1" $TESTPMD || fail "vfio-pci"
	at_exit host_sh 'echo 0 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
	at_exit host pkill -9 -x dpdk-testpmd
	bg_start host testpmd sh -c 'exec stdbuf -oL dpdk-testpmd -l 0,1 --no-telemetry -a $1 -- \
		--total-num-mbufs=4096 --forward-mode=$2 -i <>$3' sh "$1" "$2" $TESTPMD
	wait_for 120 grep -q 'testpmd>' "$SCRATCH/testpmd.log" || fail "$(testpmd_says)"
}

testpmd_says() {
	echo "testpmd: $(grep -v '^$' "$SCRATCH/testpmd.log" | tail -n 3)"
}

# testpmd LINE: a command for it.
testpmd() {
	bg_running testpmd || fail "it is gone: $(testpmd_says)"
	host_sh 'echo "$1" >$2' "$1" $TESTPMD
}

# testpmd_field COMMAND PATTERN: the last word behind PATTERN in its answer.
testpmd_field() {
	local was

	was=$(wc -l <"$SCRATCH/testpmd.log")
	testpmd "$1"
	wait_for 20 testpmd_new "$was" "$2" || fail "no answer to '$1': $(testpmd_says)"
	tail -n +$((was + 1)) "$SCRATCH/testpmd.log" | sed -n "s/.*$2 *\\([^ ]*\\).*/\\1/p" | tail -n 1
}

testpmd_new() {
	tail -n +$(($1 + 1)) "$SCRATCH/testpmd.log" | grep -q "$2"
}
