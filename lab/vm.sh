# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The host VM: started, looked at, stopped.
#
# Its run folder holds:
#   qemu.pid broker.pid	processes, checked against /proc before they are believed
#   config ready	what was started: KEY=VALUE lines; that its agent answered
#   agent.vm agent.sock	the exec channel: QEMU's end, the broker's end;
#   labbroker labexec	its programs, of the same making as the VM's agent
#   wireN.nic wireN.end	wires;  qmp: QEMU's control socket
#   job/ console.log	shared with the VM, and its console; kept by down

# shellcheck source=lab/kernels.sh
. "$LAB_DIR/kernels.sh"
# shellcheck source=lab/helpers.sh
. "$LAB_DIR/helpers.sh"
# shellcheck source=lab/accel.sh
. "$LAB_DIR/accel.sh"
# shellcheck source=lab/topology.sh
. "$LAB_DIR/topology.sh"
# shellcheck source=lab/exec.sh
. "$LAB_DIR/exec.sh"

UP_TIMEOUT=300
VM_CPUS=2
# For both VMs. A VM that fails ends. What emulation makes slow and a lab does
# not need is left out: mitigations, audit, AppArmor, the PS/2 keyboard; and the
# test whether the timer ticks, which a busy machine makes fail (under KVM the
# kernel leaves it out by itself).
KERNEL_WORDS="no_timer_check quiet loglevel=4 panic=-1 net.ifnames=0 mitigations=off audit=0 apparmor=0 i8042.nokbd i8042.noaux"

# pid_of WHAT: the pid in WHAT.pid, if it is alive and still what we started.
pid_of()
{
	local pid

	pid=$(cat "$RUN/$1.pid" 2>/dev/null) || return 1
	[ -n "$pid" ] && tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" |
		grep -qxF -e "hpcap-$NAME" -e "$RUN/agent.sock" && echo "$pid"
}

# config KEY: what up wrote down.
config()
{
	sed -n "s/^$1=//p" "$RUN/config" 2>/dev/null
}

stop_pid()
{
	local pid i

	pid=$(pid_of "$1") || return 0
	kill "$pid" 2>/dev/null || true
	for ((i = 0; i < 50; i++)); do
		[ -d "/proc/$pid" ] || return 0
		sleep 0.1
	done
	kill -KILL "$pid" 2>/dev/null || true
}

# Stops what runs and removes all but the results.
vm_down()
{
	stop_pid qemu
	stop_pid broker
	[ ! -d "$RUN" ] || find "$RUN" -mindepth 1 -maxdepth 1 \
		! -name job ! -name console.log ! -name lock -exec rm -rf {} +
}

vm_start()
{
	local kernel=$1 topology=$2 rel=$3 append=$4 plugin=$5 initrd accel options

	initrd=$(initrd_for "$rel")
	accel=$(accel_name)
	mapfile -t options < <(accel_options "$accel")
	[ -z "$plugin" ] || [ "$accel" != tcg ] || options+=(-plugin "$plugin")
	mkdir -p "$RUN/job"
	build_channel
	cp "$BIN/labbroker" "$BIN/labexec" "$RUN/"
	topology_load "$topology"
	ln -f "$initrd" "$RUN/initrd" 2>/dev/null || cp "$initrd" "$RUN/initrd"
	printf '%s\n' "kernel=$kernel" "release=$rel" "topology=$topology" "accel=$accel" \
		"nics=$NR_NICS" "${GUEST_VARS[@]#lab.}" >"$RUN/config"
	rm -f "$RUN/console.log"
	ROOTFS=$ROOTFS SRC=$LAB_SRC RUN=$RUN setsid unshare -m --propagation private \
		"$LAB_DIR/in-qemu" -name "hpcap-$NAME" -nodefaults -no-user-config \
		-display none -no-reboot -machine q35,kernel-irqchip=split "${options[@]}" -smp "$VM_CPUS" -m "$TOPOLOGY_MEMORY" \
		-device intel-iommu,intremap=on,caching-mode=on,device-iotlb=on \
		-kernel "/boot/vmlinuz-$rel" -initrd /mnt/run/initrd \
		-append "console=ttyS0 $KERNEL_WORDS intel_iommu=on iommu=pt lab.role=host ${GUEST_VARS[*]}$TOPOLOGY_WORDS $append" \
		-serial file:/mnt/run/console.log -qmp unix:/mnt/run/qmp,server=on,wait=off \
		-fsdev local,id=root,path=/mnt/root,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=root,mount_tag=root \
		-fsdev local,id=src,path=/mnt/src,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=src,mount_tag=src \
		-fsdev local,id=job,path=/mnt/run/job,security_model=none,multidevs=remap \
		-device virtio-9p-pci,fsdev=job,mount_tag=job \
		-device virtio-serial-pci \
		-chardev socket,id=agent,path=/mnt/run/agent.vm,server=on,wait=off \
		-device virtserialport,chardev=agent,name=hpcap-lab \
		"${QEMU_DEVICES[@]}" </dev/null >"$RUN/qemu.log" 2>&1 9>&- &
	setsid "$RUN/labbroker" "$RUN/agent.vm" "$RUN/agent.sock" \
		</dev/null >"$RUN/broker.log" 2>&1 9>&- &
	echo $! >"$RUN/broker.pid"
}

# Waits until the agent answers; on failure says what the VM said last.
vm_wait()
{
	local i

	for ((i = 0; i < 100; i++)); do
		[ ! -S "$RUN/agent.sock" ] || break
		sleep 0.1
	done
	# in the background, so that Ctrl-C is heard at once
	timeout -k 1 "$UP_TIMEOUT" "$RUN/labexec" "$RUN/agent.sock" true 2>/dev/null 9>&- &
	if ! wait $!; then
		sed 's/^/lab: qemu: /' "$RUN/qemu.log" >&2
		tail -n 5 "$RUN/console.log" 2>/dev/null | sed 's/^/lab: console: /' >&2
		return 1
	fi
}

# Does something that sleeps wake up again, on each processor? Now and then an
# emulated one loses its timer while it starts; what sleeps there sleeps for ever.
vm_ticks()
{
	# in the background, so that Ctrl-C is heard at once
	# shellcheck disable=SC2016 # for the VM's shell
	timeout -k 1 60 "$RUN/labexec" "$RUN/agent.sock" sh -c '
		for c in $(seq 0 $(($(nproc) - 1))); do
			taskset -c "$c" sleep 0.02 || exit 1
		done' 2>/dev/null 9>&- &
	wait $!
}

# Starts it, three times at most.
vm_boot()
{
	local try

	for try in 1 2 3; do
		vm_start "$@"
		vm_wait || return 1
		vm_ticks && return 0
		say "a processor of the host VM has no timer (a fault of emulation), start $try of 3"
		vm_down
	done
	return 1
}

vm_up()
{
	local kernel=$1 topology=$2 append=$3 plugin=$4 rel

	need_root up
	need_rootfs
	rel=$(kernel_release "$kernel")
	[ -e "$LAB_DIR/topologies/$topology.cfg" ] ||
		die "no topology '$topology' (have:$(topology_names))"
	mkdir -p "$RUN"
	exec 9>"$RUN/lock"
	flock -n 9 || die "lab '$NAME' is being started or stopped by another lab/lab"
	# one that is not ready was left by a lab/lab that did not live to see it so
	! pid_of qemu >/dev/null || [ ! -e "$RUN/ready" ] ||
		die "lab '$NAME' is up already (stop it with: lab/lab down --name $NAME)"
	vm_down
	say "starting lab '$NAME': kernel $rel, topology $topology, $(accel_name)"
	trap 'vm_down; exit 130' INT TERM
	if ! vm_boot "$kernel" "$topology" "$rel" "$append" "$plugin"; then
		vm_down
		die "the host VM did not come up (its console: $RUN/console.log)"
	fi
	: >"$RUN/ready"
	trap - INT TERM
	exec 9>&-
	say "the host VM is up"
}

# Options of up and run: sets opt_kernel and so on; the rest goes to ARGS.
vm_options()
{
	local verb=$1

	shift
	opt_kernel=6.12
	opt_topology=nic
	opt_append=''
	opt_plugin=''
	while [ $# -gt 0 ]; do
		case $1 in
		--kernel) opt_kernel=$(opt_value "$verb" "$@"); shift 2 ;;
		--append) opt_append=$(opt_value "$verb" "$@"); shift 2 ;;
		--plugin) opt_plugin=$(opt_value "$verb" "$@"); shift 2 ;;
		--topology) opt_topology=$(opt_value "$verb" "$@"); shift 2 ;;
		--name) set_name "$(opt_value "$verb" "$@")"; shift 2 ;;
		-h | --help) vm_help "$verb"; exit 0 ;;
		--) shift; break ;;
		-*) die_usage "$verb: unknown option $1" ;;
		*) break ;;
		esac
	done
	ARGS=("$@")
}

vm_help()
{
	cat <<-END
	usage: lab/lab $1 [--kernel NAME] [--topology NAME] [--append PARAMETERS]
	                  [--plugin FILE[,WORDS]] [--name LAB]$(
		[ "$1" != run ] || echo ' [--timeout S] -- COMMAND...')
	  --kernel    one of lab/kernels.cfg, default 6.12
	  --topology  one of:$(topology_names); default nic
	  --append    more kernel parameters
	  --plugin    of QEMU's emulator, where that is used; /mnt/src is this tree there, /mnt/run
	              the run folder
	  --name      several labs can be up at once, default $NAME
	END
}

verb_up()
{
	vm_options up "$@"
	[ ${#ARGS[@]} = 0 ] || die_usage "up: unknown argument ${ARGS[0]}"
	vm_up "$opt_kernel" "$opt_topology" "$opt_append" "$opt_plugin"
}

verb_down()
{
	case ${1:-} in
	-h | --help) echo "usage: lab/lab down [--name LAB]   (job/ and console.log stay)"; return ;;
	esac
	name_option down "$@"
	need_root down
	[ -d "$RUN" ] || return 0
	exec 9>"$RUN/lock"
	flock -w 20 9 || die "lab '$NAME' is busy: another lab/lab holds $RUN/lock"
	vm_down
}

verb_status()
{
	local json='' n pid

	[ "${1:-}" != --json ] || { json=1; shift; }
	name_option status "$@"
	if ! pid=$(pid_of qemu); then
		[ -z "$json" ] || printf '{"name":"%s","up":false}\n' "$NAME"
		[ -n "$json" ] || echo "lab $NAME: down"
		return 1
	fi
	if [ -n "$json" ]; then
		printf '{"name":"%s","up":true,"pid":%s,"run":"%s"' "$NAME" "$pid" "$RUN"
		sed -n 's/^\([a-z0-9_]*\)=\(.*\)$/,"\1":"\2"/p' "$RUN/config" | tr -d '\n'
		printf '}\n'
		return
	fi
	printf 'lab %s: up, pid %s\n' "$NAME" "$pid"
	sed 's/=/ /; s/^/  /' "$RUN/config"
	for ((n = 0; n < $(config nics); n++)); do
		printf '  wire%s %s %s\n' "$n" "$RUN/wire$n.nic" "$RUN/wire$n.end"
	done
	printf '  job %s\n  console %s\n' "$RUN/job" "$RUN/console.log"
}

verb_clean()
{
	local dir

	need_root clean
	for dir in "$CACHE"/run/*/; do
		[ -d "$dir" ] || continue
		set_name "$(basename "$dir")"
		vm_down
		rm -rf "$RUN"
	done
	[ "${1:-}" != --all ] || rm -rf "$CACHE"
}
