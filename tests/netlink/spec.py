# SPDX-License-Identifier: GPL-2.0-or-later
"""A generic netlink family as its YAML spec describes it.

Reads and judges the spec by the rules of the kernel's schema "genetlink-legacy";
gives names numbers as the schema says. Knows nothing of any one family.
"""
import re
import yaml

SCALARS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
TYPES = set(SCALARS) | {"pad", "flag", "binary", "string"}
NAME = re.compile(r"^[0-9a-z-]+$")

# what may stand where: key -> type; those behind a star must
TOP = {"name*": str, "doc*": str, "protocol": str, "uapi-header": str, "version": int,
       "kernel-policy": str, "definitions": list, "attribute-sets*": list,
       "operations*": dict, "mcast-groups": dict}
DEFINITION = {"name*": str, "type*": str, "doc": str, "entries": list, "value-start": int}
ENTRY = {"name*": str, "value": int, "doc": str}
SET = {"name*": str, "name-prefix": str, "doc": str, "attributes*": list}
ATTR = {"name*": str, "type*": str, "doc": str, "value": int, "enum": str,
        "enum-as-flags": bool, "checks": dict, "display-hint": str}
CHECKS = {"min": int, "max": int, "min-len": int, "max-len": int, "exact-len": int}
OPERATIONS = {"name-prefix": str, "enum-model": str, "list*": list}
OP = {"name*": str, "doc*": str, "value": int, "attribute-set": str, "flags": list,
      "do": dict, "dump": dict, "notify": str, "mcgrp": str}
HALF = {"request": dict, "reply": dict}
MESSAGE = {"attributes": list}
GROUPS = {"list*": list}
GROUP = {"name*": str}


class SpecError(Exception):
    """The spec breaks a rule of the schema."""


def judge(where, thing, rules):
    """Only the keys of the rules, each of its type, and all that must be there."""
    if not isinstance(thing, dict):
        raise SpecError(f"{where}: not a map")
    known = {k.rstrip("*"): t for k, t in rules.items()}
    for key, value in thing.items():
        if key not in known:
            raise SpecError(f"{where}: the schema knows no {key}")
        if not isinstance(value, known[key]) or (known[key] is int and isinstance(value, bool)):
            raise SpecError(f"{where}.{key}: not a {known[key].__name__}")
    for key in rules:
        if key.endswith("*") and key[:-1] not in thing:
            raise SpecError(f"{where}: {key[:-1]} is missing")


def plain_name(where, name):
    """Lower case, digits, dashes."""
    if not NAME.match(name):
        raise SpecError(f"{where}: {name} is no name")


class Attr:
    """One attribute: its number, its type, and what the kernel checks."""

    def __init__(self, where, y, number, defs):
        judge(where, y, ATTR)
        plain_name(where, y["name"])
        self.name, self.type, self.number = y["name"], y["type"], y.get("value", number)
        self.checks = y.get("checks", {})
        self.hint = y.get("display-hint")
        self.flags = y.get("enum-as-flags", False)
        judge(where, self.checks, CHECKS)
        if self.type not in TYPES:
            raise SpecError(f"{where}.{self.name}: no type {self.type}")
        self.enum = None
        if "enum" in y:
            if y["enum"] not in defs:
                raise SpecError(f"{where}.{self.name}: no definition {y['enum']}")
            self.enum = defs[y["enum"]]
            self.flags |= self.enum.flags


class Enum:
    """A definition: names and their values; of flags, the bits."""

    def __init__(self, y):
        where = f"definition {y.get('name')}"
        judge(where, y, DEFINITION)
        plain_name(where, y["name"])
        if y["type"] not in ("enum", "flags"):
            raise SpecError(f"{where}: neither enum nor flags")
        self.name, self.flags, self.values = y["name"], y["type"] == "flags", {}
        at = y.get("value-start", 0)
        for e in y.get("entries", []):
            e = {"name": e} if isinstance(e, str) else e
            judge(where, e, ENTRY)
            plain_name(where, e["name"])
            at = e.get("value", at)
            self.values[e["name"]] = 1 << at if self.flags else at
            at += 1


class Set:
    """A space of attributes."""

    def __init__(self, y, defs):
        judge(f"set {y.get('name')}", y, SET)
        self.name, self.prefix = y["name"], y.get("name-prefix", "")
        self.attrs, at = [], 1
        for a in y["attributes"]:
            self.attrs.append(Attr(f"set {self.name}", a, at, defs))
            at = self.attrs[-1].number + 1
        self.by_name = {a.name: a for a in self.attrs}
        self.by_number = {a.number: a for a in self.attrs}
        if len(self.by_name) != len(self.attrs) or len(self.by_number) != len(self.attrs):
            raise SpecError(f"set {self.name}: something stands there twice")


class Op:
    """A command or a notification."""

    def __init__(self, y, number, sets, ops, groups):
        where = f"operation {y.get('name')}"
        judge(where, y, OP)
        plain_name(where, y["name"])
        self.name, self.number = y["name"], y.get("value", number)
        self.admin = "admin-perm" in y.get("flags", [])
        self.halves = {k: y[k] for k in ("do", "dump") if k in y}
        self.group = y.get("mcgrp")
        if "notify" in y:
            if y["notify"] not in ops or self.group not in groups:
                raise SpecError(f"{where}: notify or mcgrp names nothing")
            self.set = ops[y["notify"]].set
            return
        if y.get("attribute-set") not in sets:
            raise SpecError(f"{where}: no such attribute-set")
        self.set = sets[y["attribute-set"]]
        for name, half in self.halves.items():
            judge(f"{where}.{name}", half, HALF)
            for message in half.values():
                judge(f"{where}.{name}", message, MESSAGE)
                for a in message.get("attributes", []):
                    if a not in self.set.by_name:
                        raise SpecError(f"{where}.{name}: no attribute {a}")

    def request(self, half):
        """Names of the attributes that a request may have."""
        return self.halves[half].get("request", {}).get("attributes", [])

    def reply(self, half):
        """Names of the attributes that an answer may have."""
        return self.halves[half].get("reply", {}).get("attributes", [])


class Spec:
    """The whole family."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            y = yaml.safe_load(f)
        judge("spec", y, TOP)
        if y.get("protocol") != "genetlink-legacy":
            raise SpecError("protocol: genetlink-legacy is the one that has a version")
        self.name, self.version = y["name"], y.get("version", 1)
        self.defs = {d["name"]: Enum(d) for d in y.get("definitions", [])}
        self.sets = {s["name"]: Set(s, self.defs) for s in y["attribute-sets"]}
        judge("mcast-groups", y.get("mcast-groups", {"list": []}), GROUPS)
        groups = y.get("mcast-groups", {"list": []})["list"]
        for g in groups:
            judge("mcast-groups", g, GROUP)
        self.groups = [g["name"] for g in groups]
        judge("operations", y["operations"], OPERATIONS)
        self.op_prefix = y["operations"].get("name-prefix", "")
        self.ops, at = {}, 1
        for o in y["operations"]["list"]:
            op = Op(o, at, self.sets, self.ops, self.groups)
            self.ops[op.name] = op
            at = op.number + 1
        self.by_command = {o.number: o for o in self.ops.values()}
