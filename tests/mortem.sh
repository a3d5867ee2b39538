# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Why a probe VM is no more, for tests/run; sourced behind lab/drive.sh.

# probe_answers
probe_answers() {
	VM_TIMEOUT=30 probe true >/dev/null 2>&1
}

# probe_last_words LOG: what its kernel, QEMU and libvirt said at the end; the
# last line is the shortest account of it.
probe_last_words() {
	local why

	{
		echo "the probe VM is gone; its console, then libvirt's log of its QEMU:"
		tail -n 60 "$JOB/probe-console.log"
		host_sh 'tail -n 5 /var/log/libvirt/qemu/vnp.log; virsh domstate vnp --reason 2>&1'
	} >>"$1" 2>&1
	why=$(grep -aE 'Kernel panic|BUG:|Oops|RIP:' "$JOB/probe-console.log" | head -n 1)
	[ -n "$why" ] || why=$(host_sh 'grep -aE "reason=|terminating|error|vfio" \
		/var/log/libvirt/qemu/vnp.log | tail -n 1' 2>/dev/null)
	echo "FAIL: the probe VM is gone: ${why:-nobody says why}" >>"$1"
}

# probe_ended_by_itself LOG: it is gone and no kernel of ours complained: the
# nested machine failed, not what runs in it. Its last words go to LOG.
probe_ended_by_itself() {
	probe_answers && return 1
	probe_last_words "$1"
	! grep -qaE 'Kernel panic|BUG:|Oops' "$JOB/probe-console.log"
}
