# SPDX-License-Identifier: GPL-2.0-or-later
"""SPEC HEADER: the spec obeys the schema, and has the header's numbers."""
import re
import sys

from spec import Spec, SpecError


def enums(path):
    """Names and values of all enums and simple defines in a C header."""
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    out = {}
    for body in re.findall(r"enum[^{;]*{([^}]*)}", text):
        at = 0
        for item in filter(None, (i.strip() for i in body.split(","))):
            name, _, value = (p.strip() for p in item.partition("="))
            if value:
                at = int(value, 0) if re.fullmatch(r"\w+", value) and value[0].isdigit() else None
            if at is not None:
                out[name] = at
                at += 1
    for name, value in re.findall(r'^#define\s+(\w+)\s+"?([\w.]+)"?\s*$', text, flags=re.M):
        out[name] = value
    return out


def compare(spec, have):
    """What the two do not agree about."""
    wanted = {}
    for s in spec.sets.values():
        for a in s.attrs:
            wanted[s.prefix + a.name] = a.number
    for o in spec.ops.values():
        wanted[spec.op_prefix + o.name] = o.number
    for d in spec.defs.values():
        for name, value in d.values.items():
            prefix = f"{spec.name}-" + ("" if d.name == "caveat" else d.name + "-")
            # the header numbers caveats by bit
            wanted[prefix + name] = value.bit_length() - 1 if d.name == "caveat" else value
    bad = []
    for name, value in wanted.items():
        c_name = name.upper().replace("-", "_")
        if have.get(c_name) != value:
            bad.append(f"{c_name}: {value} in the spec, {have.get(c_name)} in the header")
    known = {n.upper().replace("-", "_") for n in wanted}
    for name in have:
        if re.match(r"HPCAP_PF_(A|CMD|BLIND|EXTRA|SIDE|END|BACKEND)_", name) and \
                name not in known and not name.endswith("_MAX"):
            bad.append(f"{name}: not in the spec")
    if have.get("HPCAP_PF_FAMILY_NAME") != spec.name:
        bad.append("the family's name differs")
    if have.get("HPCAP_PF_FAMILY_VERSION") != str(spec.version):
        bad.append("the family's version differs")
    return bad


def main():
    """Exit status 0: they agree."""
    try:
        bad = compare(Spec(sys.argv[1]), enums(sys.argv[2]))
    except SpecError as e:
        bad = [str(e)]
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
