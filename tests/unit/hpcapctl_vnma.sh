#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl run vnma: tenants found, mirrors made, files brought home, everything removed,
# at the end of its time, at Ctrl-C, when its guest hangs, when hpcapctl was killed.
# timeout: 240
# shellcheck source=tests/unit/virtd.sh
. "${0%/*}/virtd.sh"

virtd_world "$0" "$@"
i40e_machine
VMS=$ROOT/var/lib/hpcap/vms

# guest NAME: plays the guest: captures, ends when it is told to or its time is over.
guest() {
	local share=$VMS/$1/share at

	wait_for 60 test -e "$share" || return
	says "$1" state=capturing frames=7 bytes=700 lost=0
	at=$(grep -aoE 'deadline=[0-9]+' "$VMS/$1/seed.iso" | head -n 1 | cut -d= -f2)
	until grep -qs stop=1 "$share/request" || [ "$(date +%s)" -ge "$at" ]; do sleep 0.2; done
	mkdir -p "$share/files/a"
	echo raw >"$share/files/a/1.raw"
	echo more >"$share/files/2.raw"
	says "$1" state=ended why=deadline frames=7 bytes=9 lost=0
	virsh_ destroy "$1"
}

# nothing: neither agents nor folders nor mirrors.
nothing() {
	expect "domains $1" "far test web1 web2" "$(domains)"
	expect "folders $1" "" "$(ls "$VMS")"
	expect "mirror $1" "rem 2" "$(mirror_of 0)"
}

note "refused"
refuses 3 "far is on PF 0000:83:00.0, not on 0000:03:00.0" \
	run vnma a1 --tenant web1 --tenant far --ttl 1m
refuses 1 "web3: no such domain" run vnma a1 --tenant web3 --ttl 1m
refuses 2 "'sideways' is not in, out or both" run vnma a1 --tenant web1 --ttl 1m --dir sideways
refuses 5 "devices of qemu\+ssh://h/system are not to be seen" \
	run vnma a1 --tenant web1 --ttl 1m --connect qemu+ssh://h/system

note "what would happen"
ctl_ok --json --dry-run run vnma a1 --tenant web1 --tenant web2/52:54:00:aa:03:01 --ttl 1m --vlan 10,20
expect "sources" '[0,1]' "$(asks -c .would_deploy.mirror.source_vfs)"
expect "VF" '["0000:03:10.2"]' "$(asks -c '[.would_deploy.devices[].address]')"
asks .would_deploy.config | grep -q '^role=vnma$' || fail "config disk: $(asks .would_deploy.config)"

note "a whole life: until its deadline"
guest a1 &
ctl_ok run vnma a1 --tenant web1 --ttl 3s --dir in --image /dev/null --to "$dir/home"
wait $!
expect "files at home" "2.raw a/1.raw" "$(cd "$dir/home" && find . -type f -printf '%P\n' | sort | xargs)"
nothing "after its end"

note "ended by Ctrl-C"
guest a1 &
/src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" run vnma a1 --tenant web1 --ttl 10m \
	--dir in --image /dev/null --to "$dir/home2" 2>"$dir/interrupted" &
run=$!
wait_for 60 grep -qs capturing "$dir/interrupted" ||
	fail "no word of capturing: $(cat "$dir/interrupted")"
kill -INT $run
wait $run || fail "run: $(cat "$dir/interrupted")"
[ -s "$dir/home2/2.raw" ] || fail "no files after Ctrl-C"
nothing "after Ctrl-C"

note "hpcapctl killed: gc brings the files and removes the rest"
guest a1 &
ctl_ok run vnma a1 --tenant web1 --ttl 3s --dir in --image /dev/null --to "$dir/home3" \
	--reason INC-42 --detach
wait $!
ctl_ok --json gc --dry-run
expect "leftover" 'a1 folder INC-42 false' \
	"$(asks '.leftovers[] | "\(.name) \(.kind) \(.reason) \(.removed)"')"
ctl_ok gc
[ -s "$dir/home3/a/1.raw" ] || fail "gc brought no files"
nothing "after gc"
ctl_ok --json gc
expect "leftovers of gc" 0 "$(asks '.leftovers | length')"

note "files that nobody said where to bring"
guest a1 &
ctl_ok run vnma a1 --tenant web1 --ttl 2s --dir in --image /dev/null --detach
wait $!
ctl_ok gc
refuses 3 "an earlier a1 has 2 files" run vnma a1 --tenant web1 --ttl 2s --dir in --detach
mkdir -p "$VMS/a1/share/files/b"
ln -s /etc/passwd "$VMS/a1/share/files/link"
refuses 6 "left where it is: 'link'" collect a1 --to "$dir/home4"
expect "files at home" "2.raw a/1.raw" "$(cd "$dir/home4" && find . ! -type d -printf '%P\n' | sort | xargs)"
rm "$VMS/a1/share/files/link"
ctl_ok collect a1 --to "$dir/home4"
ctl_ok destroy a1
nothing "after its files were collected"

note "a tenant that comes back with another VF is followed; who has its old one is not copied"
ctl_ok run vnma a1 --tenant web1 --ttl 10m --dir in --image /dev/null --detach
expect "mirror" "add 2" "$(mirror_of 0)"
virsh_ destroy web1
tenant other 3 0
ctl_ok --json gc --dry-run
expect "what gc would do" "tenants false" "$(asks '.leftovers[0] | "\(.kind) \(.removed)"')"
expect "mirror after a dry run" "add 2" "$(mirror_of 0)"
ctl_ok --json gc
expect "what gc did" "tenants true" "$(asks '.leftovers[0] | "\(.kind) \(.removed)"')"
expect "mirror of the VF that is another's now" "rem 2" "$(mirror_of 0)"
tenant web1 3 3
ctl_ok gc
expect "mirror of the tenant's new VF" "add 2" "$(mirror_of 3)"
expect "mirror of its old one" "rem 2" "$(mirror_of 0)"
ctl_ok --json gc
expect "what is left to do" 0 "$(asks '.leftovers | length')"
ctl_ok --json show a1
ctl_ok destroy a1
expect "mirror after the agent's end" "rem 2" "$(mirror_of 3)"
virsh_ destroy web1
virsh_ destroy other
tenant web1 3 0
nothing "after that"

note "extend"
ctl_ok run vnma a1 --tenant web1 --ttl 1m --dir in --image /dev/null --detach
ctl_ok --json extend a1 --ttl 1h
expect_ge "seconds left" 3500 "$(asks .vm.left_s)"
grep -q deadline= "$VMS/a1/share/request" || fail "the guest was not told"
expect "elements of ours in the metadata" 1 "$(virsh_ dumpxml a1 | grep -c '<hpcap:instance')"

note "a guest that hangs behind its deadline is ended by gc"
/src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" extend a1 --ttl 1s >/dev/null 2>&1
ctl_ok gc
expect "domains within its grace" "a1 far test web1 web2" "$(domains)"
says a1 state=ending
virsh_ metadata a1 urn:hpcap:instance:1 >"$dir/meta"
sed -i 's/<deadline>[0-9]*/<deadline>1000/' "$dir/meta"
virsh_ metadata a1 urn:hpcap:instance:1 --key hpcap --set "$(cat "$dir/meta")" || fail "metadata"
ctl_ok --json gc
expect "leftover" late "$(asks '.leftovers[0].kind')"
nothing "after a guest that hung"

note "near the NIC, or away from tenants that are copied heavily"
# goes_to NODE OPTIONS...: where an agent for web1 is planned.
goes_to() {
	local want=$1

	shift
	ctl_ok --json plan vnma --nic vf:eth0 --tenant web1 "$@"
	expect "node of an agent $*" "$want" "$(asks .plan.node)"
}

# pinned CPU: web1 has its vCPU there, or with "" anywhere.
pinned() {
	virsh_ dumpxml web1 | sed "/<cputune>/,/<\/cputune>/d" >"$dir/web1.xml"
	[ -z "$1" ] ||
		sed -i "/<\/vcpu>/a <cputune><vcpupin vcpu='0' cpuset='$1'/></cputune>" "$dir/web1.xml"
	virsh_ destroy web1
	virsh_ create "$dir/web1.xml" || fail "no web1 on CPU $1"
}

one=$ROOT
machine "$dir/two" 2 8 1
nic 0000:03:00.0 eth0 0 20 7 4
goes_to 0
goes_to 1 --heavy
asks '.plan.why[]' | grep -q "away from the tenants on node 0" || fail "says $(asks .plan.why)"
goes_to 0 --heavy --node 0
pinned 12
goes_to 0 --heavy
goes_to 0
pinned 2
goes_to 1 --heavy
pinned ""
ROOT=$one

note "two for the last VF"
tenant web3 3 2
for n in 1 2; do
	/src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" run vnma "r$n" --tenant web1 --ttl 1m \
		--dir in --image /dev/null --detach >/dev/null 2>"$dir/r$n" &
	pids[n]=$!
done
wait "${pids[1]}"
first=$?
wait "${pids[2]}"
expect "exit statuses" "0 4" "$(printf '%s\n' $first $? | sort | xargs)"
grep -qh "no free VF" "$dir/r1" "$dir/r2" || fail "the loser says $(cat "$dir/r1" "$dir/r2")"
ok hpcapctl_vnma
