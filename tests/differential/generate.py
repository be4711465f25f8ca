"""generate - worlds of zones and questions about them, all from one seed

Zones are small and their names drawn from few labels, so that wildcards, empty
non-terminals, cuts and chains meet in many ways.  What the three servers refuse to load
alike is not made: an NS set at a wildcard, data below a DNAME, data beside a CNAME.
"""
import random

import dns.rdatatype as rdatatype

from presentation import any_case, fits, is_below, lower, plain_text
from records import DATA_TYPES, NOWHERE, Record, Writer

COMMON = [b"a", b"b", b"c", b"d", b"www", b"_tcp", b"_sip", b"xn--bcher-kva", b"0", b"A1"]
STARRED = [b"*a", b"a*", b"**", b"*.", b"\\*"]
LIKE_SYNTAX = [b"@", b"$", b"$TTL", b".", b"\\", b'"', b";", b"(", b")", b" ", b"#", b"in", b"A",
               b"TXT", b"60", b"1h", b"TYPE1", b"\0"]
ODD = list(b" .\\\"';()@$#!%&/=?^`{|}~,<>[]+:\t\r\n\0\x7f\x80\xff\xc3\xa4")

ASKED_TYPES = [*DATA_TYPES, "NS", "SOA", "CNAME", "DNAME", "DS", "TYPE65281"]


class Question:
    """rtype: a number.  via: "udp" with EDNS, "plain" without, or "tcp"."""

    def __init__(self, name, rtype, via):
        self.name = name
        self.rtype = rtype
        self.via = via

    def __str__(self):
        return f"{plain_text(self.name)} {rdatatype.to_text(self.rtype)} ({self.via})"


def fresh_label(rng):
    """A label that zones hardly have."""
    return bytes(rng.choice(b"efghijk") for _ in range(rng.randint(1, 3)))


def label(rng):
    roll = rng.random()
    if roll < 0.55:
        return rng.choice(COMMON)
    if roll < 0.60:
        return rng.choice(LIKE_SYNTAX)
    if roll < 0.78:
        return b"*"
    if roll < 0.82:
        return rng.choice(STARRED)
    if roll < 0.86:
        return fresh_label(rng)
    if roll < 0.89:
        return bytes(rng.choice(b"abcxyz019-") for _ in range(rng.randint(50, 63)))
    if roll < 0.91:
        return bytes(rng.randrange(256) for _ in range(rng.randint(1, 6)))
    return bytes(rng.choice(ODD) if rng.random() < 0.5 else rng.choice(b"abcXYZ")
                 for _ in range(rng.randint(1, 4)))


def lengthen(rng, name, octets):
    """`name` with labels in front, `octets` long in wire form."""
    missing = octets - sum(len(part) + 1 for part in name) - 1
    while missing >= 2:
        size = min(missing - 1, rng.choice([1, 5, 30, 63, 63]))
        if missing - 1 - size == 1:     # a rest of one octet is no label
            size += 1 if size < 63 else -1
        name = (bytes(rng.choice(b"pqrst") for _ in range(size)), *name)
        missing -= size + 1
    return name


class Planned:
    """A zone whose names are chosen, its records not yet."""

    def __init__(self, rng, apex):
        self.apex = apex
        self.pool = [apex]
        for _ in range(rng.choice([3, 8, 15, 25])):
            above = rng.choice(self.pool)
            name = (label(rng), *above)
            if rng.random() < 0.4:
                name = (label(rng), *name)
            if fits(name) and len(name) - len(apex) <= 7:
                self.pool.append(name)
        if rng.random() < 0.2:
            self.pool.append(lengthen(rng, rng.choice(self.pool), rng.choice([255, 254, 250])))
        self.kinds = {}     # lower-case owner -> what stands there
        self.follows = {}   # owner -> its target, where that is settled
        self.inside = []    # apexes of zones below it


class World:
    """Zones, all served by every server, and what is asked."""

    def __init__(self, seed, count=14):
        self.rng = rng = random.Random(seed)
        self.outside = [(b"www", *NOWHERE), (b"other", b"test")]
        self.plans = self._plan(count)
        for plan in self.plans:
            self._assign(plan)
        for plan in self.plans:
            self._clear_dnames(plan)
        self.zones = [Writer(rng, plan, lambda plan=plan: self.target(plan)).zone()
                      for plan in self.plans]
        for number, zone in enumerate(self.zones):
            self._repeat(zone, random.Random(f"{seed} {number}"))
        self._index()

    @staticmethod
    def _repeat(zone, rng):
        """Some records are said again at the end: each is one record (RFC 2181 5)."""
        free = [record for record in zone.records if not record.kept]
        for record in rng.sample(free, min(len(free), rng.choice([0, 0, 1, 4]))):
            zone.records.append(Record(record.owner, record.rtype, record.text))

    # -- names ---------------------------------------------------------------------------

    def _plan(self, count):
        """Zones beside and inside each other, and the names in them."""
        rng, plans, taken = self.rng, [], set()
        while len(plans) < count:
            if plans and rng.random() < 0.35:
                apex = rng.choice(rng.choice(plans).pool)
                if rng.random() < 0.3 or lower(apex) in taken:
                    apex = (rng.choice(COMMON), *apex)
            else:
                apex = rng.choice([
                    (b"z%d" % len(plans), b"example"), (b"alone%d" % len(plans),),
                    (b"Mixed%d" % len(plans), b"sub", b"example"),
                    lengthen(rng, (b"long%d" % len(plans), b"example"), rng.randint(60, 190))])
            if apex[0] == b"*" or not fits((b"a", b"a", *apex)) or lower(apex) in taken:
                continue
            taken.add(lower(apex))
            plans.append(Planned(rng, apex))
            for plan in plans[:-1]:
                if is_below(apex, plan.apex):
                    plan.inside.append(apex)
                if is_below(plan.apex, apex):
                    plans[-1].inside.append(plan.apex)
        return plans

    def _assign(self, plan):
        """What stands at which name."""
        rng = self.rng
        cuts = [apex for apex in plan.inside if rng.random() < 0.6]
        plan.pool += [apex for apex in cuts if apex not in plan.pool]
        for name in dict.fromkeys(map(lower, plan.pool)):
            if name == lower(plan.apex):
                kind = "dname" if rng.random() < 0.04 else "data"
            elif name in map(lower, cuts):
                kind = "cut"
            else:
                kind = rng.choices(["data", "cname", "dname", "cut", "nothing"],
                                   [50, 22, 1, 0, 12] if name[0] == b"*" else
                                   [50, 22, 8, 8, 12])[0]
            plan.kinds[name] = kind
        if rng.random() < 0.2 and plan.kinds[lower(plan.apex)] == "data":
            self._add_chain(plan)
        dnames = [name for name, kind in plan.kinds.items() if kind == "dname"]
        for name in list(plan.kinds):
            if any(name != dname and is_below(name, dname) for dname in dnames):
                del plan.kinds[name]

    def _clear_dnames(self, plan):
        """nsd takes the names of all zones together, and refuses any below a DNAME."""
        others = [name for other in self.plans if other is not plan for name in other.kinds]
        for owner, kind in plan.kinds.items():
            if kind == "dname" and any(is_below(name, owner) for name in others):
                plan.kinds[owner] = "data"

    def _add_chain(self, plan):
        """CNAMEs or DNAMEs in a row, about as many as are followed."""
        kind = self.rng.choice(["cname", "dname"])
        names = [(b"k%d" % i, *lower(plan.apex))
                 for i in range(self.rng.choice([8, 14, 17, 18, 19]))]
        for name, following in zip(names, names[1:]):
            plan.kinds[name] = kind
            plan.follows[name] = following
        if kind == "dname":
            names = [(b"end", *name) for name in names]
        if fits(names[-1]):
            plan.kinds[names[-1]] = "data"
            plan.pool += names

    def target(self, plan):
        """Where a CNAME, MX, ... points."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.40:
            name = rng.choice(plan.pool)
        elif roll < 0.55:
            name = (fresh_label(rng), *rng.choice(plan.pool))
        elif roll < 0.75:
            name = rng.choice(rng.choice(self.plans).pool)
        elif roll < 0.85:
            name = (rng.choice(COMMON), *rng.choice(rng.choice(self.plans).pool))
        elif roll < 0.90:
            name = rng.choice(self.plans).apex
        elif roll < 0.97:
            dnames = [n for p in self.plans for n, kind in p.kinds.items() if kind == "dname"]
            name = (rng.choice(COMMON), *rng.choice(dnames or plan.pool))
        else:
            name = rng.choice(self.outside)
        return name if fits(name) else plan.apex

    # -- questions -----------------------------------------------------------------------

    def _index(self):
        """What there is to ask about."""
        self.types_at = {}
        for zone in self.zones:
            for record in zone.records:
                self.types_at.setdefault(record.owner, []).append(record.rtype)
        self.owners = sorted(self.types_at)
        self.dnames = [n for n in self.owners if "DNAME" in self.types_at[n]]
        self.stars = [n for n in self.owners if b"*" in n]

    def _asked_name(self):
        rng = self.rng
        owner = rng.choice(self.owners)
        roll = rng.random()
        if roll < 0.22:
            return owner
        if roll < 0.36:
            return (rng.choice([fresh_label(rng), label(rng)]), *owner)
        if roll < 0.48 and self.stars:      # what a wildcard may cover
            owner = rng.choice(self.stars)
            at = rng.choice([i for i, part in enumerate(owner) if part == b"*"])
            name = (rng.choice([fresh_label(rng), rng.choice(COMMON)]), *owner[at + 1:])
            return (label(rng), *name) if rng.random() < 0.4 else name
        if roll < 0.58:
            return (rng.choice([fresh_label(rng), label(rng)]), *owner[1:])
        if roll < 0.68:
            return owner[rng.randint(1, len(owner)):]
        if roll < 0.74:
            return (label(rng), label(rng), *owner)
        if roll < 0.80:
            return (b"*", *rng.choice([owner, owner[1:]]))
        if roll < 0.92 and self.dnames:
            name = rng.choice(self.dnames)
            for _ in range(rng.choice([1, 1, 2, 5])):
                name = (label(rng), *name)
            return lengthen(rng, name, rng.choice([240, 255])) if rng.random() < 0.2 else name
        if roll < 0.985:
            plan = rng.choice(self.plans)
            return self.target(plan)
        return rng.choice([*self.outside, (), (b"example",)])

    def _asked_type(self, name):
        """Often one that is there, or that the wildcard above has."""
        rng = self.rng
        there = self.types_at.get(lower(name)) or self.types_at.get((b"*", *lower(name[1:])))
        if there and rng.random() < 0.5:
            return rng.choice(there)
        return rng.choice(ASKED_TYPES if rng.random() < 0.6 else ["A", "AAAA", "TXT"])

    def questions(self, count):
        """`count` different ones, fewer when the zones do not give so many: each set that
        there is, in 3 of 10 as far as they go, and what is not there or elsewhere."""
        rng, seen, made = self.rng, set(), []
        there = [(owner, rtype) for owner, types in self.types_at.items()
                 for rtype in dict.fromkeys(types)]
        rng.shuffle(there)
        for _ in range(count * 20):
            if there and rng.random() < 0.3:
                name, rtype = there.pop()
            else:
                name = self._asked_name()
                rtype = self._asked_type(name)
            if not fits(name) or (lower(name), rtype) in seen:
                continue
            seen.add((lower(name), rtype))
            if rng.random() < 0.3:
                name = any_case(rng, name)
            made.append(Question(name, rdatatype.from_text(rtype),
                                 rng.choice(["udp", "plain", "tcp"])))
            if len(made) == count:
                break
        return made
