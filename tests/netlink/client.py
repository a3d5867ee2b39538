# SPDX-License-Identifier: GPL-2.0-or-later
"""Speaks to a generic netlink family by its spec, and nothing else."""
import os
import select
import socket
import struct
import time

from spec import SCALARS

GENL_ID_CTRL, CTRL_GETFAMILY, CTRL_ID, CTRL_NAME, CTRL_VERSION, CTRL_GROUPS = 0x10, 3, 1, 2, 3, 7
GRP_NAME, GRP_ID = 1, 2
NLMSG_ERROR, NLMSG_DONE = 2, 3
F_REQUEST, F_ACK, F_DUMP, F_CAPPED, F_ACK_TLVS = 1, 4, 0x300, 0x100, 0x200
SOL_NETLINK, ADD_MEMBERSHIP, EXT_ACK = 270, 1, 11
ERR_MSG, ERR_MISS_TYPE = 1, 5


class Refused(Exception):
    """What the kernel said: errno, its words, the attribute that was missing."""

    def __init__(self, code, words, missing):
        super().__init__(f"{os.strerror(code)}: {words}")
        self.errno, self.words, self.missing = code, words, missing


def attr(number, payload):
    """One attribute, padded."""
    head = struct.pack("=HH", 4 + len(payload), number)
    return head + payload + bytes(-len(payload) % 4)


def attrs_of(data):
    """Pairs of number and payload."""
    while len(data) >= 4:
        n, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3fff, data[4:n]
        data = data[(n + 3) & ~3:]


class Client:
    """A socket, and the family's numbers of this boot."""

    def __init__(self, spec):
        self.spec, self.seq = spec, 0
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        self.sock.setsockopt(SOL_NETLINK, EXT_ACK, 1)
        name = attr(CTRL_NAME, spec.name.encode() + b"\0")
        info = dict(attrs_of(self.raw(GENL_ID_CTRL, CTRL_GETFAMILY, name)[0][1]))
        self.family = struct.unpack("=H", info[CTRL_ID])[0]
        self.version = struct.unpack("=I", info[CTRL_VERSION])[0]
        self.groups = {}
        for _, g in attrs_of(info.get(CTRL_GROUPS, b"")):
            g = dict(attrs_of(g))
            self.groups[g[GRP_NAME][:-1].decode()] = struct.unpack("=I", g[GRP_ID])[0]

    def raw(self, family, command, payload, flags=0):
        """A message and its answers, as (command, attributes)."""
        self.seq += 1
        head = struct.pack("=IHHII", 20 + len(payload), family, F_REQUEST | F_ACK | flags,
                           self.seq, 0)
        self.sock.send(head + struct.pack("=BBH", command, self.spec.version, 0) + payload)
        out = []
        while True:
            for kind, flag, body in self.receive():
                if kind == NLMSG_ERROR:
                    self.verdict(flag, body)
                    return out
                if kind == NLMSG_DONE:
                    return out
                out.append((body[0], body[4:]))

    def receive(self):
        """What is in the socket: (type, flags, payload)."""
        data = self.sock.recv(1 << 16)
        while len(data) >= 16:
            n, kind, flags = struct.unpack_from("=IHH", data)
            yield kind, flags, data[16:n]
            data = data[(n + 3) & ~3:]

    @staticmethod
    def verdict(flags, body):
        """Nothing, or Refused."""
        code, length = struct.unpack_from("=iI", body)
        if not code:
            return
        words = {}
        if flags & F_ACK_TLVS:
            words = dict(attrs_of(body[20 if flags & F_CAPPED else 4 + length:]))
        missing = words.get(ERR_MISS_TYPE)
        raise Refused(-code, words.get(ERR_MSG, b"\0")[:-1].decode(),
                      struct.unpack("=I", missing)[0] if missing else None)

    def encode(self, space, values):
        """Values by name to bytes."""
        out = b""
        for name, v in values.items():
            a = space.by_name[name]
            if a.enum and isinstance(v, (str, list)):
                v = sum(a.enum.values[x] for x in ([v] if isinstance(v, str) else v))
            if a.type in SCALARS:
                v = v.to_bytes(SCALARS[a.type], "little")
            elif a.type == "string":
                v = v.encode() + b"\0"
            elif a.type == "flag":
                v = b""
            out += attr(a.number, v)
        return out

    def decode(self, space, data):
        """Bytes to values by name; a KeyError for what the spec does not know."""
        out = {}
        for number, v in attrs_of(data):
            a = space.by_number[number]
            if a.type == "pad":
                continue
            if a.type in SCALARS:
                if len(v) != SCALARS[a.type]:
                    raise ValueError(f"{a.name}: {len(v)} bytes, not {a.type}")
                v = int.from_bytes(v, "little")
                if a.enum:
                    v = self.by_enum(a, v)
            elif a.type == "string":
                v = v[:-1].decode()
            elif a.type == "flag":
                v = True
            else:
                v = v.hex(":") if a.hint == "mac" else v.hex()
            out[a.name] = v
        return out

    @staticmethod
    def by_enum(a, v):
        """A number in the words of its enum; flags as a list."""
        if not a.flags:
            return next(k for k, n in a.enum.values.items() if n == v)
        names = [k for k, n in a.enum.values.items() if v & n]
        if sum(a.enum.values[k] for k in names) != v:
            raise ValueError(f"{a.name}: bits that the spec does not know in {v:#x}")
        return names

    def call(self, half, name, values):
        """do or dump an operation; a list of answers."""
        op = self.spec.ops[name]
        answers = self.raw(self.family, op.number, self.encode(op.set, values),
                           F_DUMP if half == "dump" else 0)
        out = []
        for command, data in answers:
            if command != op.number:
                raise ValueError(f"{name}: answered by command {command}")
            out.append(self.decode(op.set, data))
            strange = set(out[-1]) - set(op.reply(half))
            if strange:
                raise ValueError(f"{name}: the spec does not promise {strange}")
        return out

    def join(self, group):
        """From now on its messages come."""
        self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, self.groups[group])

    def events(self, seconds):
        """What comes in that time, as it comes: (operation, values)."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.sock], [], [], left)[0]:
                return
            for _, _, body in self.receive():
                op = self.spec.by_command[body[0]]
                yield op.name, self.decode(op.set, body[4:])
