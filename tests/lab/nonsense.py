# SPDX-License-Identifier: GPL-2.0-or-later
"""DIRECTORY: nonsense into every writable file of sriov/: a clear errno each time,
and nothing that can be read there has changed. Prints what is wrong."""
import errno
import os
import sys

CLEAR = {errno.EINVAL, errno.ERANGE, errno.ENOENT, errno.EOPNOTSUPP, errno.EADDRNOTAVAIL}

BLANK = ["", " ", "\t", "  \t "]
NUMBERS = ["-1", "-0", "+1", "0x1", "1.0", "4096", "4294967295", "4294967296",
           "18446744073709551616", "9" * 300, "1 1", "1x", "1,", "1;", "1\n1"]
WORDS = ["onn", "o", "o n", "on off", "on\0", "off\noff", "yes", "true", "enable x", "auto,"]
VERBS = ["add", "rem", "add ", "add -1", "rem -1", "add 4096", "add 4294967296", "add 1 2",
         "add 1,", "add ,1", "add 1-", "add -", "add 1-2-3", "add 5-4", "add 0-4096", "add 0x1",
         "xadd 1", "addx 1", "add1", "add 1x", "add on", "rem x", "add 7", "rem 7\n7",
         "add ucast mcast", "add ucast,mcast", "add " + "1," * 800, "rem 0 - 4095"]
MACS = ["aa:bb", "gg:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff",
        "02:00:00:00:00:01x", "02-00-00-00-00-01", "02:00:00:00:00:01 x", "add 02:00:00:00:00",
        "add 01:00:5e:00:00:01", "add 02:00:00:00:00:01,", "add 02:00:00:00:00:01,x",
        "2:0:0:0:0:1"]
BYTES = ["\xff\xfe", "a" * 4095, "%s%n", "../../0"]
# these files take such numbers as VLANs: no nonsense there
FINE = {("vlan_mirror", "add 7"), ("trunk", "add 7")}


def files(top):
    """Path and mode of each file below, counters aside: they count."""
    for where, dirs, names in os.walk(top):
        dirs[:] = sorted(d for d in dirs if d != "stats")
        for name in sorted(names):
            path = os.path.join(where, name)
            yield path, os.stat(path).st_mode


def state(top):
    """All that can be read."""
    out = {}
    for path, mode in files(top):
        if mode & 0o444:
            try:
                with open(path, "rb") as f:
                    out[path] = f.read()
            except OSError as e:
                out[path] = e.errno
    return out


def refused(path, line):
    """The errno of writing it; 0 when it was taken."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, line.encode("latin-1"))
        return 0
    except OSError as e:
        return e.errno
    finally:
        os.close(fd)


def main():
    """Exit status 0: all refused, nothing changed."""
    top, tried, wrong = sys.argv[1], 0, []
    before = state(top)
    for path, mode in files(top):
        if not mode & 0o200:
            continue
        for line in BLANK + NUMBERS + WORDS + VERBS + MACS + BYTES:
            if (os.path.basename(path), line) in FINE:
                continue
            code, tried = refused(path, line + "\n"), tried + 1
            if code not in CLEAR:
                wrong.append(f"{path}: {line!r}: {errno.errorcode.get(code, 'accepted')}")
    after = state(top)
    wrong += [f"{p}: {before[p]!r} became {after.get(p)!r}" for p in before
              if before[p] != after.get(p)]
    print("\n".join(wrong) or f"{tried} lines refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
