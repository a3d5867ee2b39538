# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
# Cases in the lab: the host VM is the bare metal, a guest in it has the NICs.
# Sourced by bench/run.

WORLD=		# which machines are up: "", host, or guest.GENERATOR.VFS.TENANTS
WHERE_CAPTURES=	# host or probe
TAKEN=	# world and address of the NIC that was measured last
ASK_WITHIN=300	# seconds for the answer of a machine, then it counts as silent
DISKS=()	# what a guest gets beside its NICs, for guest up

lab_over() {
	[ -z "$WORLD" ] || "$LAB" down >/dev/null 2>&1
	WORLD=
}

fail() {
	LAB_WHY="$*"
	return 1
}

# lab_ours: a lab that is up is another run's, or left of one; to end it is not for us.
lab_ours() {
	! "$LAB" status >/dev/null 2>&1 ||
		die "lab '$LAB_NAME' is up already (stop it with: lab/lab down --name $LAB_NAME)"
}

# lab_start: the host VM, once; what it needs is built before.
lab_start() {
	local krel topology=two-nics

	[ -z "$WORLD" ] || return 0
	[ "$(id -u)" = 0 ] || fail "needs root, for the lab" || return
	lab_ours
	"$LAB" setup >&2 || fail "lab/lab setup failed" || return
	krel=$("$LAB" kernels | awk -v k="$KERNEL" '$1 == k { print $2 }')
	[ -n "$krel" ] || fail "no kernel $KERNEL (lab/lab kernels lists them)" || return
	LAB_KREL=$krel
	say "building for the lab"
	child flock "$TOP/build/lock" "$LAB" chroot -- sh -ec 'make -j2 programs
		make -j2 modules KREL=$1
		make -C bench BUILD=/src/build $(printf "/src/build/bench/%s " tpacket xdp insns.so)' sh "$krel" \
		>"$STATE/build.log" 2>&1 || fail "build failed: $(tail -n 1 "$STATE/build.log")" || return
	at_exit "$LAB" down
	! grep -qE '\sstorage=(disk|raid|virtio)\s' "$OUT/.wanted" || topology=two-nics-raid-disk
	say "booting the host VM"
	child "$LAB" up --kernel "$KERNEL" --topology "$topology" \
		--plugin /mnt/src/build/bench/insns.so,out=/mnt/run/insns >"$STATE/up.log" 2>&1 ||
		fail "the host VM does not come up: $(tail -n 1 "$STATE/up.log")" || return
	WORLD=host
	inside_at host || return
	host touch /run/bench/one-processor
	SCRATCH=$JOB/bench
	mkdir -p "$SCRATCH"
	PF=$(lab_var LAB_PF)
	WHOLE=$(lab_var LAB_PF1)
	[ "$topology" = two-nics ] || DISKS=("raid=$(lab_var LAB_RAID)" "disk=$(lab_var LAB_DISK)")
	echo "accel $(sed -n 's/^accel=//p' "$RUN_DIR/config")" >>"$OUT/machine.txt"
	echo "lab_kernel $krel" >>"$OUT/machine.txt"
}

inside_host() {
	ask host "$@"
}

inside_probe() {
	ask probe "$@"
}

# inside_at VM: our script in its memory: through two 9p servers each reading of it takes long.
inside_at() {
	[ ! -e "$STATE/ask.$1.pid" ] || kill "$(cat "$STATE/ask.$1.pid")" 2>/dev/null
	rm -f "$STATE/ask.$1.pid"
	vm_sh "$1" 'mkdir -p /run/bench && cp /src/bench/inside /src/bench/dpdk.sh /src/bench/counts.sh /src/bench/recorders.sh /run/bench' ||
		fail "bench/inside cannot be copied"
}

# ask VM VERB...: bench/inside, which runs there all the while and is asked by a line: in an
# emulated guest a script takes seconds to start. What it says and its status are passed on.
ask() {
	local pipe=$STATE/ask.$1 vm=$1 line

	shift
	[ ! -e "$STATE/silent.$vm" ] || { echo "$vm does not answer" >&2; return 1; }
	kill -0 "$(cat "$pipe.pid" 2>/dev/null)" 2>/dev/null || ask_start "$vm" || return
	echo "$*" 1<>"$pipe.in"
	# open for both: neither side waits for the other to open it
	while IFS= read -r -t "$ASK_WITHIN" line; do
		case $line in
		=*) return "${line#=}" ;;
		!*) echo "${line#!}" >&2 ;;
		*) echo "$line" ;;
		esac
	done <>"$pipe.out"
	kill "$(cat "$pipe.pid")" 2>/dev/null
	: >"$STATE/silent.$vm"
	echo "$vm does not answer" >&2
	return 1
}

ask_start() {
	local pipe=$STATE/ask.$1 way=(exec)

	[ "$1" = host ] || way=(probe exec)
	rm -f "$pipe".*
	mkfifo "$pipe.in" "$pipe.out" || return
	# opened before it begins: else what is asked at once would be nobody's, and lost
	{
		setsid "$LAB" "${way[@]}" --stdin -- /run/bench/inside serve <&8 >&9 8>&- 9>&- 2>/dev/null &
		echo $! >"$pipe.pid"
	} 8<>"$pipe.in" 9<>"$pipe.out"
}

# port_free: the PF is nobody's, there is no VF, no guest.
port_free() {
	host_sh '/src/bench/guest down
		d=/sys/bus/pci/devices/$1
		/run/bench/inside stop
		! mountpoint -q /var/tmp/bench-disk || umount /var/tmp/bench-disk
		for i in 1 2 3; do
			ip netns del tenant$i 2>/dev/null
		done
		[ ! -e $d/sriov_numvfs ] || echo 0 >$d/sriov_numvfs
		/run/bench/inside give $1
		for m in hpcap_pf igb; do
			[ ! -d /sys/module/$m ] || rmmod $m
		done
		true' "$PF" >/dev/null 2>&1
	WORLD=host
}

# guest_up NIC...
guest_up() {
	mkdir -p "$JOB/.lab"
	cp "$RUN_DIR/initrd" "$JOB/.lab/probe.initrd" || fail "no initramfs for the guest" || return
	say "booting a guest with $*"
	child "$LAB" exec --timeout 660 -- /src/bench/guest up "$LAB_KREL" \
		"no_timer_check quiet loglevel=4 panic=-1 net.ifnames=0 mitigations=off audit=0 apparmor=0 i8042.nokbd i8042.noaux" \
		"$@" \
		>"$STATE/guest.log" 2>&1 || fail "$(tail -n 1 "$STATE/guest.log")" || return
	inside_at probe
}

# tenants_up N: behind the guest's VF so many that stock igbvf has, each in a namespace of
# the host VM. A copy of what they get goes to the guest, by a mirror of our PF.
tenants_up() {
	host_sh 'p=/sys/bus/pci/devices/$1
		modprobe igbvf || exit 1
		for i in $(seq $2); do
			vf=$(basename "$(readlink $p/virtfn$i)")
			ip link set $3 vf $i mac 02:00:00:82:58:0$i &&
				echo add 0 >$p/sriov/$i/ingress_mirror || exit 1
			echo igbvf >/sys/bus/pci/devices/$vf/driver_override
			echo $vf >/sys/bus/pci/drivers_probe
			for t in $(seq 50); do
				[ ! -d /sys/bus/pci/devices/$vf/net ] || break
				sleep 0.2
			done
			ip netns add tenant$i || exit 1
			ip netns exec tenant$i sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 \
				net.ipv6.conf.default.disable_ipv6=1
			ip link set "$(ls /sys/bus/pci/devices/$vf/net)" netns tenant$i name tenant &&
				ip -n tenant$i link set tenant up || exit 1
		done' "$PF" "$1" "$PF_IF" 2>"$STATE/tenants.log" ||
		fail "$1 tenants: $(tail -n 1 "$STATE/tenants.log")" || return
	wait_for "$LINK_WITHIN" tenants_ready "$1" || fail "no link of a tenant"
}

tenants_ready() {
	host_sh 'for i in $(seq $1); do
		[ "$(ip netns exec tenant$i cat /sys/class/net/tenant/carrier)" = 1 ] || exit 1
	done' "$1"
}

# cell_beside_lab: frames that the tenants have got; nothing without tenants.
cell_beside_lab() {
	[ "$(setting tenants 0)" = 0 ] || host_sh 'n=0
		for i in $(seq $1); do
			n=$((n + $(ip netns exec tenant$i cat /sys/class/net/tenant/statistics/rx_packets)))
		done
		echo $n' "$(setting tenants)"
}

# world_guest GENERATOR VFS TENANTS: PF with VFs; a guest with one of them, virtio, e1000e, and
# the other port as a whole.
world_guest() {
	port_free
	case $1 in
	igb) pf_up "$2" || return ;;
	hpcap_pf)
		host_sh 'd=/src/build/kmod-$(uname -r)
			[ -d /sys/module/hpcap_core ] || insmod $d/core/hpcap_core.ko || exit 1
			insmod $d/pf-driver/hpcap_pf.ko || exit 1
			p=/sys/bus/pci/devices/$1
			echo hpcap_pf >$p/driver_override
			[ -e $p/driver ] || echo $1 >/sys/bus/pci/drivers/hpcap_pf/bind || exit 1
			ip link set "$(ls $p/net)" up
			echo 0 >$p/sriov_drivers_autoprobe
			echo $2 >$p/sriov_numvfs' "$PF" "$2" || fail "hpcap_pf on $PF" || return
		PF_IF=$(host ls "/sys/bus/pci/devices/$PF/net")
		wait_for 20 pf_has_carrier || fail "no link on $PF_IF" || return
		;;
	esac
	[ -z "$LAB_WHY" ] && pf_open || return
	host ip link set "$PF_IF" vf 0 mac 02:00:00:82:57:6a || fail "address of the VF" || return
	guest_up "vfio=$(vf_addr 0)" virtio e1000e "vfio=$WHOLE" ${DISKS[@]+"${DISKS[@]}"} || return
	[ "$3" = 0 ] || tenants_up "$3" || return
	WORLD=guest.$1.$2.$3
}

# world: the machines that the case wants. Sets WHERE_CAPTURES, ADDRESS, FLAVOUR, TO, TENANTS, WIRE.
world() {
	local guest

	TENANTS=$(setting tenants 0)
	VFS=$(setting vfs $((TENANTS + 1)))
	guest=guest.$(setting generator igb).$VFS.$TENANTS
	WHERE_CAPTURES=probe WIRE=0
	case $(setting network) in
	host)
		[ "$WORLD" = host ] || port_free
		WHERE_CAPTURES=host ADDRESS=$PF FLAVOUR=igb TO=02:00:00:00:00:99
		;;
	pf)
		[[ $WORLD == guest.igb.*.0 ]] || world_guest igb 1 0 || return
		ADDRESS=$(guest_nic 0x15) FLAVOUR=igb TO=02:00:00:00:00:99 WIRE=1
		;;
	vf)
		[ "$WORLD" = "$guest" ] || world_guest "$(setting generator igb)" "$VFS" "$TENANTS" || return
		host /src/bench/guest wire none "$PF_IF"
		ADDRESS=$(guest_nic 0x10) FLAVOUR=igbvf TO=02:00:00:82:57:6a
		[ "$TENANTS" = 0 ] || TO=02:00:00:82:58:01
		;;
	virtio)
		[[ $WORLD == guest.igb.*.0 ]] || world_guest igb 1 0 || return
		host /src/bench/guest wire virtio "$PF_IF"
		ADDRESS=$(guest_nic 0x11) FLAVOUR=virtio_net TO=02:00:00:82:57:71
		;;
	e1000e)
		[[ $WORLD == guest.igb.*.0 ]] || world_guest igb 1 0 || return
		host /src/bench/guest wire e1000e "$PF_IF"
		ADDRESS=$(guest_nic 0x12) FLAVOUR=e1000e TO=02:00:00:82:57:72
		;;
	esac
}

# silent: does a machine not answer any more? Whichever it was, it is gone then.
silent() {
	[ -e "$STATE/silent.host" ] || [ -e "$STATE/silent.probe" ] || return
	if [ -e "$STATE/silent.host" ]; then
		lab_over
	else
		say "last words of the guest: $(tail -n 3 "$JOB/bench-console.log")"
		port_free
	fi
	rm -f "$STATE"/silent.*
	TAKEN= BROKEN=()
}

# world_once: what did not come up for one case is not tried for the next one.
declare -A BROKEN
world_once() {
	local key=host

	[ "$(setting network)" = host ] ||
		key=$(setting generator igb).$(setting vfs 1).$(setting tenants 0)
	LAB_WHY=${BROKEN[$key]:-}
	[ -z "$LAB_WHY" ] || return
	if world; then
		return
	fi
	BROKEN[$key]=${LAB_WHY:-the machines of this case do not come up}
	return 1
}

# guest_nic SLOT: PCI address of what sits there in the guest.
guest_nic() {
	printf '0000:00:%02x.0\n' $(($1))
}

cell_on_lab() {
	"inside_$WHERE_CAPTURES" "$@"
}

cell_around_lab() {
	[ "$WHERE_CAPTURES" = host ] || inside_host times
}

# cell_insns_lab: "ALL IN-GUESTS NS", of the emulator's plugin; nothing without emulation.
cell_insns_lab() {
	[ ! -s "$RUN_DIR/insns" ] || od -An -v -w24 -tu8 "$RUN_DIR/insns"
}

# cell_send RATE SECONDS: into the wire of the NIC under test.
cell_send_lab() {
	local what=(--pattern "$(setting frames)" --dst "$TO") pace=(--pps "$1")

	[ "$TENANTS" = 0 ] || what+=(--turns "$TENANTS")
	[ "$(setting frames)" != capture ] || what=(--pcap "$LINK" --loop 1000000)
	[ "$(setting gaps even)" = even ] || pace=(--speed "$(calc "$1 / $LINK_RATE")")
	wire_send --json "${what[@]}" "${pace[@]}" --time "$2" --wait 5 >"$STATE/wire" 2>"$STATE/cell.err"
	echo "$(json sent <"$STATE/wire") $(json seconds <"$STATE/wire")"
}

# cell_send_one: the wire writes down when.
cell_send_one_lab() {
	wire_send --quiet --pattern 60 --dst "$TO" --count 1 --wait 5 --sent "$STATE/one.pcap" >&2 &&
		od -An -tu4 -j24 -N8 "$STATE/one.pcap" | awk '{ printf "%.0f\n", $1 * 1000000 + $2 / 1000 }'
}

# lab_capture: a capture that stands for a busy link, the same bytes in every run, or that of
# --pcap; without what a VF gets only when its host says so: tags and multicast. Sets LINK,
# LINK_RATE: its own frames a second.
LINK=
lab_capture() {
	local from=$PCAP facts

	[ -z "$LINK" ] || return 0
	[ -n "$from" ] || {
		from=$STATE/all.pcap
		tool framegen --frames 20000 -o "$from" >/dev/null 2>&1
	}
	tool tcpdump -Z root -r "$from" -w "$STATE/link.pcap" 'not vlan and not multicast' 2>"$STATE/cell.err" ||
		fail "$from: $(tail -n 1 "$STATE/cell.err")" || return
	rm -f "$STATE/all.pcap"
	facts=$(tool wire --describe "$STATE/link.pcap")
	LINK_RATE=$(calc "$(json frames <<<"$facts") / ($(json seconds <<<"$facts") + 1e-9)")
	[ "$(json frames <<<"$facts")" -ge 100 ] || fail "$from: less than 100 frames to send" || return
	LINK=$STATE/link.pcap
}

# lab_case: once more, with other machines, if one of them fell silent: emulated twice, a
# guest in some dozens does.
lab_case() {
	silent
	lab_case_once
	silent || return 0
	say "$CASE: a machine does not answer; once more with another"
	: >"$PART"
	lab_case_once
}

# lab_case_once: world, engine, trials.
lab_case_once() {
	local place dir=''

	say "$CASE"
	REPEAT=0
	LAB_WHY=
	CELL=lab
	CELL_NO_INSTRUCTIONS="under KVM nothing counts for us: the lab's machines get no performance counters"
	if ! lab_start || { [ "$(setting frames)" = capture ] && ! lab_capture; } || ! world_once; then
		cell_fail "${LAB_WHY:-the machines of this case do not come up}"
		return 0
	fi
	if [ "$(setting storage none)" != none ]; then
		dir=$(cell_on volume "$(setting storage)" 2>"$STATE/cell.err") || {
			cell_fail "$(tail -n 1 "$STATE/cell.err")"
			return 0
		}
	fi
	[ "$TAKEN" = "$WORLD $ADDRESS" ] || [ "${TAKEN% *}" != "$WORLD" ] ||
		cell_on give "${TAKEN#* }" >/dev/null 2>&1
	TAKEN="$WORLD $ADDRESS"
	if place=$(cell_on take "$ADDRESS" "$(setting engine)" "$FLAVOUR" 2>"$STATE/cell.err"); then
		# shellcheck disable=SC2086 # none or one word
		cell_measure "$(setting engine)" "$place" $dir
	else
		cell_fail "$(tail -n 1 "$STATE/cell.err")"
	fi
}
