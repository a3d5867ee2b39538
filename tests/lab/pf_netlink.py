# SPDX-License-Identifier: GPL-2.0-or-later
"""SPEC PF: the family hpcap_pf by its spec alone: every operation, every event,
every attribute with values that it must not take. Tenants in namespaces a (VF 0)
and b (VF 2). Prints what is wrong; exit status 0: nothing."""
import errno
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../netlink"))
# pylint: disable=wrong-import-position
from client import Client, Refused, attr          # noqa: E402
from spec import SCALARS, Spec                    # noqa: E402

TERMS = {"vfs": 1, "targets": 4, "dir": ["out"], "owner": "alice", "reason": "INC-42",
         "ttl-ms": 600000, "frame-cap": 1000000, "byte-cap": 1000000000, "grace-ms": 60000}
CHANGES = [{"vfs": 3}, {"dir": ["in", "out"]}, {"targets": 12}, {"owner": "bob"},
           {"reason": ""}, {"frame-cap": 0}, {"byte-cap": 5 << 32}, {"grace-ms": 0},
           {"vlans": "7,9-11"}, {"vlans": ""}, {"pf": 1}, {"pf": 0}, {"uplink": 1},
           {"downlink": 1}, {"uplink": 0, "downlink": 0}]
CLEAR = {errno.EINVAL, errno.ERANGE, errno.ENOENT, errno.ENODEV, errno.EOPNOTSUPP}


class Trial:
    """The family under trial."""

    def __init__(self, spec, pf):
        self.pf, self.client, self.wrong, self.tried = pf, Client(spec), [], 0
        self.listener = Client(spec)
        self.listener.join("events")

    def say(self, what):
        """It is not as it should be."""
        self.wrong.append(what)

    def do(self, op, **values):
        """An operation on this PF; names with _ for -."""
        values = {k.replace("_", "-"): v for k, v in values.items()}
        return self.client.call("do", op, {"dev": self.pf, **values})

    def mirrors(self):
        """The running ones, without what changes by itself."""
        moving = ("age-ms", "left-ms", "frames", "bytes")
        return [{k: v for k, v in m.items() if k not in moving}
                for m in self.client.call("dump", "mirror-get", {"dev": self.pf})]

    def told(self, op, number, **values):
        """That event came, of that mirror, with those values."""
        for name, got in self.listener.events(3):
            if name == op and got["id"] == number:
                for k, v in values.items():
                    if got.get(k) != v:
                        self.say(f"{op}: {k} is {got.get(k)}, not {v}")
                return
        self.say(f"no {op} of mirror {number}")

    def dumps(self):
        """PFs and VFs."""
        pf = self.client.call("dump", "pf-get", {"dev": self.pf})
        if len(pf) != 1 or pf[0]["dev"] != self.pf or pf[0]["backend"] != "replicate":
            self.say(f"pf-get: {pf}")
        vfs = self.client.call("dump", "vf-get", {"dev": self.pf})
        if [v["index"] for v in vfs] != list(range(pf[0]["nr-vfs"])):
            self.say(f"vf-get: {vfs}")
        if not vfs[0].get("ready") or vfs[0]["mac"] != "02:aa:00:00:00:0a":
            self.say(f"vf-get: VF 0 is {vfs[0]}")
        if self.client.call("dump", "vf-get", {"dev": "0000:ff:1f.0"}):
            self.say("vf-get: VFs of a PF that is not there")

    def life(self):
        """Made, counted, changed, ended."""
        made = self.do("mirror-new", **TERMS)[0]
        number = made["id"]
        self.told("mirror-started-ntf", number, owner="alice", vfs=1)
        for k, v in TERMS.items():
            if k != "ttl-ms" and made.get(k) != v:
                self.say(f"mirror-new: {k} is {made.get(k)}, not {v}")
        if not 590000 < made["left-ms"] <= 600000 or made["live"] != 4:
            self.say(f"mirror-new: {made}")
        subprocess.run("ip netns exec a ping -q -c 20 -i 0.02 -W 1 10.9.0.99", shell=True,
                       stdout=subprocess.DEVNULL, check=False)
        got = self.do("mirror-get", id=number)[0]
        if got["frames"] < 20 or got["bytes"] < 20 * 98:
            self.say(f"counted: {got['frames']} frames, {got['bytes']} bytes")
        kept = {k: v for k, v in TERMS.items() if k != "ttl-ms"}
        for change in CHANGES:
            self.do("mirror-set", id=number, **change)
            self.told("mirror-changed-ntf", number, **{k: v for k, v in change.items() if v})
            got = self.do("mirror-get", id=number)[0]
            kept.update(change)
            for k, v in kept.items():
                if got.get(k, "") != v:
                    self.say(f"mirror-set {change}: {k} is {got.get(k)}")
        self.do("mirror-del", id=number)
        self.told("mirror-ended-ntf", number, end="operator")
        ended = self.client.call("dump", "mirror-get", {"dev": self.pf, "ended": True})
        if not ended or ended[-1]["id"] != number or ended[-1]["end"] != "operator":
            self.say("the ended mirror is not kept")

    def refused(self, what, op, payload, codes=None):
        """A message made by hand: refused with a clear errno."""
        self.tried += 1
        try:
            self.client.raw(self.client.family, op.number, payload)
        except Refused as e:
            if e.errno not in (codes or CLEAR):
                self.say(f"{what}: {e}")
            return e
        self.say(f"{what}: accepted")
        return None

    def bad_values(self, a):
        """Payloads that this attribute must not take."""
        yield "empty", b""
        if a.type in SCALARS:
            n = SCALARS[a.type]
            for length in {1, 2, 3, 4, 8, 9, 64} - {n}:
                yield f"{length} bytes", bytes([1] * length)
            top = (1 << 8 * n) - 1
            if "max" in a.checks or a.flags or a.name in ("vfs", "targets"):
                most = a.checks.get("max", 0x7f)
                yield "above its greatest", (most + 1).to_bytes(n, "little")
                yield "all ones", top.to_bytes(n, "little")
            if a.name in ("ttl-ms", "grace-ms"):
                yield "all ones", top.to_bytes(n, "little")
            if a.checks.get("min"):
                yield "below its least", bytes(n)
        if a.type == "string":
            yield "no end", b"x" * 8
            yield "too long", b"1" * (a.checks.get("max-len", 4095) + 1) + b"\0"
        if a.type == "string" and a.name == "vlans":
            for text in ("x", "4096", "5-4", "1,,2", "-1", "1 2", "0x5", "1-2-3", "9" * 30, "1,"):
                yield text, text.encode() + b"\0"

    def nonsense(self):
        """Each attribute missing, misshapen, out of range; state as before."""
        new, change = self.client.spec.ops["mirror-new"], self.client.spec.ops["mirror-set"]
        number = self.do("mirror-new", vfs=1, targets=4, dir=["in"])[0]["id"]
        before = self.mirrors()
        good = {"dev": self.pf, "vfs": 1, "targets": 4, "dir": ["in"]}
        for name in good:
            rest = self.client.encode(new.set, {k: v for k, v in good.items() if k != name})
            e = self.refused(f"new without {name}", new, rest)
            if name in ("dev", "targets") and e and e.missing != new.set.by_name[name].number:
                self.say(f"new without {name}: it does not say what is missing")
        base = dict(good)
        for op, extra in ((new, {}), (change, {"id": number})):
            for name in op.request("do"):
                a = op.set.by_name[name]
                for what, payload in self.bad_values(a):
                    if what == "empty" and a.type == "string" and name != "dev":
                        continue
                    values = {k: v for k, v in {**base, **extra}.items() if k != name}
                    self.refused(f"{op.name} {name}: {what}", op,
                                 self.client.encode(op.set, values) + attr(a.number, payload))
            strange = {a.name for a in op.set.attrs} - set(op.request("do")) - {"ended", "pad", "id"}
            for name in strange | {"past the last"}:
                at = op.set.by_name[name].number if name in strange else len(op.set.attrs) + 7
                self.refused(f"{op.name}: {name}, which is not to be given", op,
                             self.client.encode(op.set, {**base, **extra}) + attr(at, bytes(8)))
        for name in ("mirror-get", "mirror-del", "mirror-set"):
            op = self.client.spec.ops[name]
            for given in ({}, {"dev": self.pf}, {"id": number}, {"dev": self.pf, "id": 0x7fffffff}):
                self.refused(f"{name} with {given}", op, self.client.encode(op.set, given))
        for command in (0, 7, 8, 9, 10, 255):
            fake = type("fake", (), {"number": command})
            self.refused(f"command {command}", fake, b"", {errno.EOPNOTSUPP})
        if self.mirrors() != before:
            self.say(f"nonsense changed something: {before} became {self.mirrors()}")
        self.do("mirror-del", id=number)


def main():
    """All of it."""
    trial = Trial(Spec(sys.argv[1]), sys.argv[2])
    trial.dumps()
    trial.life()
    trial.nonsense()
    print("\n".join(trial.wrong) or f"{trial.tried} bad messages refused")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
