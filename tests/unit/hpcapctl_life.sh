#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl deploy, run, list, show, collect, extend, destroy, gc: on recorded machines,
# with a real libvirtd and its driver for tests. The guest is played by hand.
# timeout: 240
# shellcheck source=tests/unit/virtd.sh
. "${0%/*}/virtd.sh"

virtd_world "$0" "$@"

note "deploy vnp: dry run"
machine "$dir/two" 2 8 2
nic 0000:03:00.0 eth0 0 20 7 3
pci 0000:05:00.0 0x010400 0x1000 0x0079 0 30 megaraid_sas
pci 0000:06:00.0 0x010802 0x144d 0xa808 0 31 nvme
disk sda 0000:05:00.0 1000
disk sdb 0000:07:00.0 1000
mkdir -p "$ROOT/dev"
touch "$ROOT/dev/kvm" "$ROOT/dev/sdb"
templates
ctl_ok --json --dry-run deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0 --image /dev/null
expect "devices" '["0000:03:10.0","0000:05:00.0"]' "$(asks -c '[.would_deploy.devices[].address]')"
asks .would_deploy.xml >"$dir/domain.xml"
xmllint --noout --relaxng /usr/share/libvirt/schemas/domain.rng "$dir/domain.xml" 2>"$dir/err" ||
	fail "libvirt's schema: $(head -n 2 "$dir/err")"
asks .would_deploy.config >"$dir/conf"
grep -qx 'storage_id=1000:0079' "$dir/conf" || fail "config disk: $(cat "$dir/conf")"
grep -qx 'driver=hpcapvf' "$dir/conf" || fail "config disk: $(cat "$dir/conf")"
expect "folders after a dry run" "" "$(find "$ROOT/var" 2>/dev/null)"
ctl_ok --dry-run deploy vnp probe1 --explain --nic vf:eth0 --storage none --image /dev/null
grep -q "node 0: NIC 0000:03:10.0 is there" "$dir/err" || fail "--explain says $(cat "$dir/err")"
ctl_ok --dry-run deploy vnp probe1 --explain --nic vf:eth0 --storage none --image /dev/null --node 1 \
	--cpus 12-15
grep -q "the NIC is on another" "$dir/err" || fail "--explain says $(cat "$dir/err")"

note "deploy vnp"
ctl_ok deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0 --image /dev/null --reason "A & B" --detach
ctl_ok --json list
expect "VMs" '["probe1 vnp running"]' "$(asks -c '[.vms[] | "\(.name) \(.role) \(.state)"]')"
expect "reason" "A & B" "$(asks '.vms[0].reason')"
virsh_ metadata probe1 urn:hpcap:instance:1 >"$dir/meta" || fail "no metadata"
xmllint --noout --relaxng /src/docs/schemas/instance.rng \
	"$ROOT/var/lib/hpcap/vms/probe1/label" 2>"$dir/err" || fail "label: $(head -n 2 "$dir/err")"
grep -q '<device address="0000:05:00.0" driver="megaraid_sas"/>' "$dir/meta" ||
	fail "metadata: $(cat "$dir/meta")"
box=$ROOT/var/lib/hpcap/vms/probe1
head -c 4 "$box/root.qcow2" | grep -q QFI || fail "no overlay of the image"
grep -qa 'name=probe1' "$box/seed.iso" || fail "nothing on the config disk"
ctl_ok deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0 --image /dev/null --detach
refuses 3 "there is a vnp probe1 of .* with other options" \
	deploy vnp probe1 --nic vf:eth0 --storage none --detach
refuses 3 "0000:05:00.0 belongs to domain probe1 \(running\)" \
	deploy vnp probe2 --nic vf:eth0 --storage raid:05:00.0
refuses 3 "0000:03:10.0 belongs to domain probe1" deploy vnp probe2 --nic 0000:03:10.0 --storage none
refuses 3 "domain test that hpcapctl did not make" deploy vnp test --nic vf:eth0 --storage none
refuses 3 "test is a domain that hpcapctl did not make" destroy test

ctl_ok --json status
expect "free VFs" 2 "$(asks '.status.pfs[0].free')"
ctl_ok --json show probe1
refuses 1 "there is no VM nobody" show nobody
refuses 1 "there is no VM nobody" --json logs nobody
printf 'booting\033[2J\n' >"$box/console.log"
echo "took its NIC" >"$box/share/log"
ctl_ok --json logs probe1
expect "logs" "booting.[2J took its NIC" "$(asks '.logs | .console + .guest' | xargs)"
ctl_ok logs probe1
grep -q "^took its NIC" "$dir/out" || fail "logs as text: $(cat "$dir/out")"

note "waiting for the guest"
says probe1 state=preparing
refuses 7 "does not capture yet" deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0 --wait 1s
says probe1 state=failed "why=no volume on 1000:0079"
refuses 1 "its guest says: no volume on 1000:0079" \
	deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0 --wait 1s
says probe1 state=capturing frames=10 bytes=1000 lost=0 device=hpcap_eth0_0 mount=/srv/capture
ctl_ok --json deploy vnp probe1 --nic vf:eth0 --storage raid:05:00.0
expect "frames" 10 "$(asks .vm.guest.frames)"

note "its end"
ctl_ok --json destroy probe1 --dry-run
expect "what destroy would do" "would end vnp probe1, give back 2 devices" "$(asks '.done.notes[0]')"
ctl_ok --json destroy probe1 --wait 1s
expect "destroy as JSON" "destroy 0" "$(asks '.done | "\(.command) \(.exit_status)"')"
expect "domains" test "$(virsh_ list --all --name | xargs)"
expect "folder" "" "$(ls "$ROOT/var/lib/hpcap/vms")"
ctl_ok destroy probe1
grep -q "there is no VM probe1" "$dir/err" || fail "destroy of nothing says $(cat "$dir/err")"

note "what is refused, with its reason"
put proc/mounts "/dev/sdb /srv ext4 rw 0 0"
refuses 3 "/dev/sdb stays: it is mounted at /srv" deploy vnp p --nic vf:eth0 --storage disk:/dev/sdb
put proc/mounts ""
put sys/class/block/sdb/dev 8:16
put run/udev/data/b8:16 "E:ID_FS_TYPE=zfs_member"
refuses 3 "/dev/sdb stays: it is in use as zfs_member" deploy vnp p --nic vf:eth0 --storage disk:/dev/sdb
put run/udev/data/b8:16 ""
put proc/self/mountinfo "22 1 8:16 / / rw - ext4 /dev/root rw"
refuses 3 "/dev/sdb stays: it is mounted at /" deploy vnp p --nic vf:eth0 --storage disk:/dev/sdb
put proc/self/mountinfo ""
mkdir -p "$ROOT/sys/devices/pci0000:00/0000:05:00.0/block/sda/holders/md0"
refuses 3 "raid 0000:05:00.0 stays: its disk sda is held by md0" \
	deploy vnp p --nic vf:eth0 --storage raid:05:00.0
refuses 3 "PF 0000:03:00.0 stays: it has 3 VFs" deploy vnp p --nic eth0 --storage none
refuses 2 "is of kind nvme: --storage nvme:" deploy vnp p --nic vf:eth0 --storage raid:06:00.0
refuses 2 "stores on what" deploy vnp p --nic vf:eth0
refuses 2 "'floppy' is not raid:" deploy vnp p --nic vf:eth0 --storage floppy
refuses 1 "disk:/dev/sdz: No such file" deploy vnp p --nic vf:eth0 --storage disk:/dev/sdz
refuses 2 "'-x' is no name" deploy vnp --nic vf:eth0 --storage none -- -x
refuses 2 "--to: 'here' is no absolute path" run vnma a --ttl 1m --uplink --nic vf:eth0 --to here
refuses 2 "for how long" run vnma a --uplink --nic vf:eth0
refuses 2 "copies of whom" run vnma a --ttl 1m --nic vf:eth0
refuses 1 "web9: no such domain" run vnma a --ttl 1m --tenant web9
refuses 2 "the template asks for @IMAGE@|asks for @WORD@" \
	deploy vnp p --nic vf:eth0 --storage none --template "$dir/asks.xml"
refuses 2 "--rotate: not whole seconds" deploy vnp p --nic vf:eth0 --storage none --rotate 2d
refuses 2 "--file-size: not a multiple of 4096" deploy vnp p --nic vf:eth0 --storage none --file-size 1000
refuses 2 "--set: 'x' is not WORD=VALUE" deploy vnp p --nic vf:eth0 --storage none --set x
refuses 1 "image .*: No such file" deploy vnp p --nic vf:eth0 --storage none --image /none
expect "folders that refusals left" "" "$(ls "$ROOT/var/lib/hpcap/vms")"
expect "domains that refusals left" test "$(virsh_ list --all --name | xargs)"

note "a whole PF: it makes no VFs while a VM has it"
put sys/bus/pci/devices/0000:03:00.0/sriov_numvfs 0
ctl_ok deploy vnp probe2 --nic eth0 --storage none --image /dev/null --rotate 30s --file-size 64M --detach
for line in driver=hpcap_pf rotate=30 file_size=67108864; do
	grep -qax "$line" "$ROOT/var/lib/hpcap/vms/probe2/seed.iso" || fail "config disk: no $line"
done
refuses 3 "with other options" deploy vnp probe2 --nic eth0 --storage none --rotate 31s --detach
refuses 3 "eth0 belongs to domain probe2" vf create eth0 2
expect "VFs after that" 0 "$(cat "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs")"
ctl_ok destroy probe2
put sys/bus/pci/devices/0000:03:00.0/sriov_numvfs 3

note "a folder without extended attributes: no guest could write its share"
mkdir -p "$dir/bare"
if mount -t ramfs bare "$dir/bare"; then
	at_exit umount "$dir/bare"
	mv "$ROOT/var/lib/hpcap" "$dir/hpcap"
	ln -s "$dir/bare" "$ROOT/var/lib/hpcap"
	refuses 5 "no extended attributes of users .* mount ext4 or XFS" \
		deploy vnp p --nic vf:eth0 --storage none --image /dev/null
	refuses 5 "no extended attributes" --dry-run deploy vnp p --nic vf:eth0 --storage none
	expect "folders of that refusal" "" "$(find "$dir/bare" -name p)"
	sed "s/accessmode='mapped'/accessmode='passthrough'/" "$ROOT/etc/hpcap/templates/vnp.xml" >"$dir/pass.xml"
	ctl_ok --dry-run deploy vnp p --nic vf:eth0 --storage none --template "$dir/pass.xml"
	rm "$ROOT/var/lib/hpcap"
	mv "$dir/hpcap" "$ROOT/var/lib/hpcap"
fi
expect "domains that this left" test "$(virsh_ list --all --name | xargs)"

note "a disk of its own"
ctl_ok deploy vnp probe3 --nic vf:eth0 --storage disk:/dev/sdb --image /dev/null --detach
refuses 3 "/dev/sdb belongs to domain probe3" deploy vnp p --nic vf:eth0 --storage disk:/dev/sdb
ctl_ok destroy probe3

note "files in the share: they come home"
ctl_ok deploy vnp probe8 --nic vf:eth0 --storage share --image /dev/null --detach
box=$ROOT/var/lib/hpcap/vms/probe8
grep -qax 'collect=end' "$box/seed.iso" || fail "they stay in the guest's folder of the share"
mkdir -p "$box/share/files/a"
echo raw >"$box/share/files/a/1.raw"
refuses 2 "not both" destroy probe8 --to "$dir/home" --discard
refuses 6 "probe8 has 1 files, .* that nobody collected" destroy probe8
ctl_ok destroy probe8 --to "$dir/home"
expect "files at home" "a/1.raw" "$(cd "$dir/home" && find . -type f -printf '%P\n' | xargs)"
expect "folders" "" "$(ls "$ROOT/var/lib/hpcap/vms")"

note "a VF in a VLAN, trusted"
refuses 2 "--vf-vlan: '4095' is not 1 to 4094" deploy vnp p --nic vf:eth0 --storage none --vf-vlan 4095
refuses 2 "--vf-vlan: '0' is not 1 to 4094" deploy vnp p --nic vf:eth0 --storage none --vf-vlan 0
refuses 2 "--vf-trust: 'yes' is not on or off" deploy vnp p --nic vf:eth0 --storage none --vf-trust yes
put sys/bus/pci/devices/0000:03:00.0/sriov_numvfs 0
refuses 2 "0000:03:00.0 is no VF" deploy vnp p --nic eth0 --storage none --vf-trust on
put sys/bus/pci/devices/0000:03:00.0/sriov_numvfs 3
ctl_ok --json --dry-run deploy vnp probe5 --nic vf:eth0 --storage none --vf-vlan 42 --vf-trust on
expect "trust that would be given" true "$(asks '.would_deploy.devices[0].trust')"
ctl_ok --json deploy vnp probe5 --nic vf:eth0 --storage none --image /dev/null --vf-vlan 42 \
	--vf-trust on --detach
expect "trust" true "$(asks '.vm.devices[0].trust')"
virsh_ dumpxml probe5 | grep -q "<tag id='42'/>" || fail "no VLAN in the domain"
xmllint --noout --relaxng /src/docs/schemas/instance.rng \
	"$ROOT/var/lib/hpcap/vms/probe5/label" 2>"$dir/err" || fail "label: $(head -n 2 "$dir/err")"
refuses 3 "with other options" deploy vnp probe5 --nic vf:eth0 --storage none --vf-vlan 43 \
	--vf-trust on --detach
ctl_ok destroy probe5

note "a user who may only look"
ctl_ok deploy vnp probe6 --nic vf:eth0 --storage none --image /dev/null --detach
chmod 755 "$dir"

# looks STATUS ARGUMENTS...: as somebody, by libvirt's read-only socket.
looks() {
	local want=$1 rc

	shift
	setpriv --reuid=65534 --regid=65534 --clear-groups /src/build/bin/hpcapctl --root "$ROOT" \
		--connect "test+unix:///default?socket=$dir/libvirt-sock-ro" "$@" >"$dir/out" 2>"$dir/err"
	rc=$?
	expect "exit status of $*, without rights: $(cat "$dir/err")" "$want" $rc
}

for verb in inventory status list "show probe6" export "vf list" "gc --dry-run" \
	"destroy probe6 --dry-run" "extend probe6 --ttl 1h --dry-run" \
	"plan vnp --nic vf:eth0" "deploy vnp p --nic vf:eth0 --storage none --dry-run"; do
	# shellcheck disable=SC2086 # a line of words
	looks 0 $verb
done
looks 0 --json list
expect "VMs that others see" probe6 "$(asks '.vms[0].name')"
for verb in "extend probe6 --ttl 1h" "destroy probe6" gc "deploy vnp p --nic vf:eth0 --storage none"; do
	# shellcheck disable=SC2086 # a line of words
	looks 3 $verb
	grep -q "only root changes it" "$dir/err" || fail "$verb says $(cat "$dir/err")"
done
ctl_ok --json show probe6
expect "after all of that" running "$(asks .vm.state)"
ctl_ok destroy probe6

note "another host's libvirt: its VMs may be looked at, nothing here is mixed with them"
printf '#!/bin/sh\nexec socat - UNIX-CONNECT:%s\n' "$dir/libvirt-sock" >"$dir/ssh"
chmod +x "$dir/ssh"
far="test+ssh://far/default?command=$dir/ssh&mode=legacy"
ctl_ok deploy vnp probe9 --nic vf:eth0 --storage none --image /dev/null --reason INC-9 --detach
ctl_ok --json list --connect "$far"
expect "VM of the other host" "probe9 running INC-9 ." \
	"$(asks '.vms[0] | "\(.name) \(.state) \(.reason) \(.folder)."')"
ctl_ok show probe9 --connect "$far"
grep -q "^probe9 .* on another host" "$dir/out" || fail "show: $(cat "$dir/out")"
ctl_ok --json status --connect "$far"
expect "PFs of the other host" 0 "$(asks '.status.pfs | length')"
for verb in inventory doctor gc export "destroy probe9" "extend probe9 --ttl 1h" "vf list" \
	"collect probe9 --to $dir/far" "mirror add --tenant probe9 --to 1" "vf create eth0 0" \
	"deploy vnp probe10 --nic vf:eth0 --storage none"; do
	# shellcheck disable=SC2086 # a line of words
	refuses 5 "devices of test\+ssh://far/default.* are not to be seen from here" $verb --connect "$far"
done
# who knows no VMs must not take those of this host for leftovers
refuses 5 "devices of elsewhere" gc --connect elsewhere
ctl_ok --json show probe9
expect "after all of that" running "$(asks .vm.state)"
ctl_ok destroy probe9

note "colours and progress on a terminal, and nowhere else"
ctl_ok deploy vnp probe7 --nic vf:eth0 --storage none --image /dev/null --detach
says probe7 state=preparing

# on_terminal ARGUMENTS...: what a terminal is sent.
on_terminal() {
	TERM=xterm script -qec "/src/build/bin/hpcapctl --root $ROOT --connect $URI $*" /dev/null \
		</dev/null >"$dir/terminal" 2>&1
}

again=(deploy vnp probe7 --nic vf:eth0 --storage none --image /dev/null --wait 1s)
on_terminal "${again[@]}"
grep -q "probe7: preparing, 0 s of 1" "$dir/terminal" || fail "no progress: $(cat "$dir/terminal")"
refuses 7 "does not capture yet" "${again[@]}"
! grep -q ' s of ' "$dir/err" || fail "progress without a terminal"
on_terminal doctor
grep -q $'\033\[3' "$dir/terminal" || fail "no colours on a terminal"
NO_COLOR=1 on_terminal doctor
! grep -q $'\033\[3' "$dir/terminal" || fail "colours in spite of NO_COLOR"
ctl doctor
! grep -q $'\033' "$dir/out" || fail "colours without a terminal"
ctl_ok destroy probe7

note "declared: export, diff, apply"
ctl_ok deploy vnp probe4 --nic vf:eth0 --storage none --image /dev/null --reason "as declared" \
	--set A=1 --set B=2 --detach
ctl_ok --json export
cp "$dir/out" "$dir/declared"
expect "options" '{"nic":"vf:eth0","storage":"none","image":"/dev/null","reason":"as declared","set":["A=1","B=2"]}' \
	"$(asks -c '.declared.vms[0].options')"
ctl_ok diff "$dir/declared"
ctl_ok apply "$dir/declared"
ctl_ok destroy probe4
ctl diff "$dir/declared"
expect "exit status of diff" 1 $?
expect "difference" "+ vnp probe4" "$(cat "$dir/out")"
ctl_ok --json --dry-run apply "$dir/declared"
expect "what apply would do" '[["vf create 0000:03:00.0",0,"done"],["deploy vnp probe4",0,"would_deploy"]]' \
	"$(asks -c '[.applied[] | [.command, .exit_status, (.result | keys[0])]]')"
ctl_ok --json apply "$dir/declared"
expect "what apply did" "probe4 running" "$(asks '.applied[1].result.vm | "\(.name) \(.state)"')"
ctl_ok diff "$dir/declared"
jq '.declared.vms[0].options.storage = "share" | .declared.vfs[0].number = 5' "$dir/declared" >"$dir/other"
ctl --json diff "$dir/other"
expect "differences" "~ 0000:03:00.0,~ probe4" "$(asks '[.differences[] | "\(.change) \(.name)"] | join(",")')"
refuses 3 "probe4 uses a VF of 0000:03:00.0" apply "$dir/other"
refuses 3 "probe4 uses a VF" --json apply "$dir/other"
expect "the step that was refused" "vf create 0000:03:00.0: refused" \
	"$(asks '.applied[-1] | "\(.command): \(.result.error.code)"')"
jq '.declared.vms = []' "$dir/declared" >"$dir/none"
ctl diff "$dir/none"
expect "difference" "- vnp probe4" "$(cat "$dir/out")"
ctl_ok apply --prune "$dir/none"
expect "domains after apply --prune" test "$(virsh_ list --all --name | xargs)"
refuses 1 "cannot be read, or no JSON" apply /dev/null
echo '{"schema_version": 1, "declared": {"vms": [{"role": "x", "name": "y"}]}}' >"$dir/bad"
refuses 2 "VM 1: role 'x' is not vnp or vnma" diff "$dir/bad"
echo '{"schema_version": 2, "declared": {}}' >"$dir/bad"
refuses 2 "wants schema_version 1" apply "$dir/bad"
echo '{"schema_version": 1, "declared": {"vms": [{"role": "vnp", "name": "y", "options": {"color": "red"}}]}}' >"$dir/bad"
refuses 2 "unknown option --color" apply "$dir/bad"
ok hpcapctl_life
