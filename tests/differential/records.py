"""records - the zone file of a planned zone: every type, in every way it may be written"""
from presentation import (ancestors, fits, generic_text, is_below, lower, name_text,
                          plain_text, string_text, ttl_text)

NOWHERE = (b"outside", b"invalid")      # no server has a zone for it

# Types that a name may have beside each other.
DATA_TYPES = ["A", "AAAA", "TXT", "MX", "SRV", "CAA", "NAPTR", "PTR", "TLSA", "SSHFP", "SVCB",
              "HTTPS", "SPF", "TYPE65280", "TYPE1000"]
TTLS = [0, 1, 60, 300, 3600]


class Record:
    """Lines of a zone file that are one record.  `kept`: not to be taken away from the zone."""

    def __init__(self, owner, rtype, text, short_text=None, kept=False):
        self.owner = owner
        self.rtype = rtype
        self.text = text
        self.short_text = short_text    # without owner, for behind one of this owner; or None
        self.kept = kept


class Zone:
    def __init__(self, apex, head, records):
        self.apex = apex
        self.head = head
        self.records = records

    @property
    def name(self):
        return plain_text(self.apex)

    @property
    def key(self):
        """What tells it from other zones."""
        return lower(self.apex)

    def text(self):
        lines, before = [self.head], None
        for record in self.records:
            follows = record.short_text and before == record.owner
            lines.append(record.short_text if follows else record.text)
            before = record.owner
        return "\n".join(lines) + "\n"

    def with_records(self, records):
        return Zone(self.apex, self.head, records)


class Data:
    """Data of each type as text.  name(): a name to point to, as it is to be written."""

    def __init__(self, rng, name):
        self.rng = rng
        self.name = name

    def of(self, rtype):
        if rtype.startswith("TYPE"):
            return generic_text(self.rng, self.octets(0, self.rng.choice([3, 30, 300])))
        if rtype in ("A", "TXT", "DS") and self.rng.random() < 0.03:
            return generic_text(self.rng, {
                "A": self.address(), "TXT": b"\x03abc",
                "DS": b"\1\2\x0d\2" + self.octets(32, 32)}[rtype])
        return getattr(self, rtype.lower())()

    def octets(self, least, most):
        return self.rng.randbytes(self.rng.randint(least, most))

    def number(self):
        return self.rng.choice([0, 1, 10, 65535, self.rng.randrange(65536)])

    def address(self):
        return bytes([192, 0, 2, self.rng.randrange(256)])

    def string(self):
        if self.rng.random() < 0.6:
            return string_text(self.rng, self.rng.choice(
                [b"x", b"some text", b"", b"a;b (c)", b'q"q', b"back\\slash", b"MiXed-Case_1"]))
        return string_text(self.rng, self.octets(0, self.rng.choice([4, 40, 255])))

    def a(self):
        return ".".join(map(str, self.address()))

    def aaaa(self):
        front = self.rng.choice(["2001:db8::", "2001:DB8:0:0::", "fd00::1:"])
        return front + f"{self.rng.randrange(65536):x}"

    def txt(self):
        return " ".join(self.string() for _ in range(self.rng.choice([1, 1, 2, 4])))

    spf = txt

    def mx(self):
        return f"{self.number()} {self.rng.choice([self.name(), self.name(), '.'])}"

    def srv(self):
        return f"{self.number()} {self.number()} {self.number()} {self.name()}"

    def caa(self):
        tag = self.rng.choice(["issue", "issuewild", "iodef"])
        value = self.rng.choice([b";", b"ca.example", b"ca.example; x=y"])
        return f"{self.rng.choice([0, 128])} {tag} {string_text(self.rng, value)}"

    def naptr(self):
        expression = self.rng.choice(["!^.*$!sip:info@example.com!", "", "!a!b!i"])
        return (f'{self.number()} {self.number()} "{self.rng.choice("SAUP")}" "E2U+sip" '
                f'"{expression}" {self.rng.choice([self.name(), "."])}')

    def ptr(self):
        return self.name()

    def ds(self):
        return f"{self.number()} 13 2 {self.octets(32, 32).hex()}"

    def tlsa(self):
        return f"3 1 1 {self.octets(32, 32).hex()}"

    def sshfp(self):
        return f"4 2 {self.octets(32, 32).hex().upper()}"

    def svcb(self):
        if self.rng.random() < 0.3:
            return f"0 {self.name()}"
        params = [param for param in ("alpn=h2,h3", "port=8443", "ipv4hint=192.0.2.1,192.0.2.2",
                                      "ipv6hint=2001:db8::1", 'key65000="x\\\\y"')
                  if self.rng.random() < 0.5]
        self.rng.shuffle(params)
        target = self.rng.choice([self.name(), "."])
        return " ".join([str(self.rng.randint(1, 65535)), target, *params])

    https = svcb


class Writer:
    """The records of one plan; target(): a name that something may point to."""

    def __init__(self, rng, plan, target):
        self.rng = rng
        self.plan = plan
        self.target = target
        self.origin = rng.choice([plan.apex, plan.apex, plan.apex[1:], ()])
        self.default_ttl = rng.choice([60, 300, 86400])
        self.records = []

    def zone(self):
        numbers = (f"{self.rng.randrange(1 << 32)} 7200 900 1209600 "
                   f"{self.rng.choice([0, 30, 300, 86400])}")
        self.add(self.plan.apex, "SOA", self.rng.choice([0, 60, 900]), kept=True,
                 data=lambda _: f"ns.outside.invalid. admin.outside.invalid. {numbers}")
        self.add(self.plan.apex, "NS", 3600, kept=True, data=lambda _: "ns.outside.invalid.")
        for owner, kind in self.plan.kinds.items():
            self.owner(owner, kind)
        if self.rng.random() < 0.5:     # an order that no program would choose
            behind = self.records[1:]
            self.rng.shuffle(behind)
            self.records[1:] = behind
        head = f"$ORIGIN {plain_text(self.origin)}\n$TTL {self.default_ttl}"
        return Zone(self.plan.apex, head, self.records)

    def add(self, owner, rtype, ttl, data=None, to=None, kept=False):
        """data(origin): the text; to: a name that is the data; neither: some of this type."""
        rng, origin, before, behind = self.rng, self.origin, "", ""
        if rng.random() < 0.05 and plain_text(owner).count("\\") == 0:
            origin = rng.choice([owner, owner[1:], owner[2:]])
            before = f"$ORIGIN {plain_text(origin)}\n"
            behind = f"\n$ORIGIN {plain_text(self.origin)}"
        if data:
            text = data(origin)
        elif to is not None:
            text = name_text(rng, to, origin)
        else:
            text = Data(rng, lambda: name_text(rng, self.target(), origin)).of(rtype)
        rest = f"{self._middle(ttl)} {rtype.lower() if rng.random() < 0.1 else rtype} {text}"
        if rng.random() < 0.1:
            rest = f"{rest[:len(rest) - len(text)]}( ; a comment )\n\t{text} )"
        short_text = f"  {rest}" if rng.random() < 0.5 and not before else None
        self.records.append(Record(lower(owner), rtype,
                                   f"{before}{name_text(rng, owner, origin)} {rest}{behind}",
                                   short_text, kept))

    def _middle(self, ttl):
        """TTL and class; either may be left out, the TTL where it is that of $TTL."""
        rng = self.rng
        parts = [ttl_text(rng, ttl), rng.choice(["IN", "IN", "in"])]
        if rng.random() < 0.3:
            parts.pop()
        if ttl == self.default_ttl and rng.random() < 0.5:
            parts.pop(0)
        rng.shuffle(parts)
        return " ".join(parts)

    def owner(self, owner, kind):
        rng = self.rng
        if kind == "cut":
            self.cut(owner)
            return
        if kind in ("cname", "dname"):
            self.add(owner, kind.upper(), rng.choice([*TTLS, 2147483647]),
                     to=self.plan.follows.get(owner) or self.target())
        if kind in ("data", "dname"):
            for rtype in rng.sample(DATA_TYPES, rng.choice([1, 1, 2, 4] if kind == "data"
                                                           else [0, 0, 1])):
                ttl = rng.choice(TTLS)
                for _ in range(rng.choice([1, 1, 1, 2, 3, 12])):
                    self.add(owner, rtype, ttl)

    def cut(self, owner):
        """A delegation, and what lies below it unseen."""
        rng, plan = self.rng, self.plan
        servers = [(b"ns", *owner), (b"ns", *plan.apex), (b"ns", *NOWHERE), owner]
        server = rng.choice([name for name in servers if fits(name)])
        self.add(owner, "NS", 300, to=server)
        if rng.random() < 0.3:
            self.add(owner, "NS", 300, to=self.target())
        if rng.random() < 0.6 and self._is_free(server):
            self.add(server, "A", 300, data=lambda _: "192.0.2.1")      # glue
        if rng.random() < 0.4:
            self.add(owner, "DS", 300)
        if rng.random() < 0.3:
            self.add(owner, rng.choice(DATA_TYPES[1:]), 300)
        below = (rng.choice([b"*", b"a", b"b"]), *owner)
        if rng.random() < 0.5 and fits(below) and below not in plan.kinds:
            self.add(below, "TXT", 300, data=lambda _: '"occluded"')

    def _is_free(self, name):
        """May an address stand there?"""
        plan = self.plan
        return (is_below(name, plan.apex) and plan.kinds.get(lower(name)) in (None, "cut")
                and all(plan.kinds.get(lower(above)) != "dname"
                        for above in ancestors(name, plan.apex)))
