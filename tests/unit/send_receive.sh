#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run --hosts between two machines: the host VM sends from the PF, a guest with a VF
# receives, by its PCI address, with stock driver, DPDK and an installed hpcap; counters of
# the host around it; the machines are as they were. The lab's exec channel plays ssh.
# daily: none
# timeout: 1200
export LAB_NAME=benchvms
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/benchlab.sh
. "${0%/*}/benchlab.sh"

KERNEL=6.12
krel=$("$LAB" kernels | awk -v k=$KERNEL '$1 == k { print $2 }')

# installed: what "make install-modules" and "make install" do to a machine of its own. The
# index of modules is made here, for the guest reads the tree through two servers.
installed() {
	at_exit rm -rf "$TOP/build/installed"
	"$LAB" chroot -- sh -ec 'm=/src/build/installed/usr/lib/modules
		mkdir -p $m && ln -s usr/lib /src/build/installed/lib && cp -r /lib/modules/$1 $m/ && mkdir $m/$1/extra
		cp build/kmod-$1/core/hpcap_core.ko build/kmod-$1/vf-driver/hpcapvf.ko $m/$1/extra/
		depmod -b /src/build/installed $1' sh "$krel" || fail "no index of modules"
	# by the exec channel: through two servers of files it takes minutes
	tar -C "$TOP/build/installed/usr/lib" -czf - "modules/$krel/extra" \
		"modules/$krel"/modules.{dep,alias,symbols,builtin,builtin.alias}.bin |
		"$LAB" probe exec --stdin --timeout 300 -- tar -C /usr/lib -xzf - ||
		fail "no modules in the guest"
	gzip -c "$TOP/build/bin/hpcapdd" | "$LAB" probe exec --stdin --timeout 300 -- \
		sh -c 'gzip -dc >/usr/local/bin/hpcapdd && chmod +x /usr/local/bin/hpcapdd' ||
		fail "no hpcapdd in the guest"
}

note "two machines"
"$LAB" up --kernel $KERNEL >"$dir/up.log" 2>&1 || fail "$(tail -n 1 "$dir/up.log")"
mkdir -p "$SCRATCH" "$JOB/.lab"
cp "$RUN_DIR/initrd" "$JOB/.lab/probe.initrd"
pf_up 1
host_sh 'echo 1 >/proc/sys/net/ipv6/conf/$1/disable_ipv6
	ip link set $1 vf 0 mac 02:00:00:82:57:6a' "$PF_IF" || fail "address of the VF"
VM_TIMEOUT=660 host /src/bench/guest up "$krel" \
	"no_timer_check quiet loglevel=4 panic=-1 net.ifnames=0 mitigations=off audit=0" \
	"vfio=$(vf_addr 0)" >"$dir/guest.log" 2>&1 || fail "$(tail -n 1 "$dir/guest.log")"
installed
vf=$(probe_vf)
probe modprobe igbvf
driver() {
	probe_sh 'basename "$(readlink -f /sys/bus/pci/devices/$1/driver)"' "$vf"
}
expect "the receiver's driver" igbvf "$(driver)"

# what ssh would do with its words
cat >"$dir/ssh" <<END
#!/bin/sh
host=\$1
shift
case \$host in
sender) exec "$LAB" exec --stdin -- sh -c "\$*" ;;
*) exec "$LAB" probe exec --stdin -- sh -c "\$*" ;;
esac
END
chmod +x "$dir/ssh"
export BENCH_SSH=$dir/ssh
printf '%s\n' "sender sender $PF_IF" "receiver probe $vf igbvf" 'network vf' 'around sender' \
	'rates 250 1000 4000' >"$dir/hosts"

note "cells"
"$TOP/bench/run" --hosts "$dir/hosts" --out "$dir/out" --repeats 2 --seconds 1 --minutes 12 \
	--only net.vf.tcpdump --only net.vf.dpdk --only net.vf.hpcap >"$dir/log" 2>&1 </dev/null ||
	fail "$(tail -n 3 "$dir/log")"
for c in net.vf.tcpdump net.vf.dpdk net.vf.hpcap; do
	cell_is_full "$c"
	exits_are_counted "$c"
	note "$c: captured $(figure "$c" captured_percent | paste -sd ' ') %"
done

note "as they were"
expect "the receiver's driver" igbvf "$(driver)"
for vm in host probe; do
	expect "folders left in $vm" "" "$(vm_sh $vm 'ls -d /tmp/tmp.* 2>/dev/null')"
	expect "programs left in $vm" "" "$(vm_sh $vm 'pgrep -l "traffic|tcpdump|testpmd|hpcapdd"')"
done
ok "cells between two machines"
