"""illformed - zone files that are sound, and zone files with one fault

The nine ways in which SCALE's generator (Ferret, NSDI 2022) makes zones ill-formed, each with
the code that lint gives it.  A sound zone is random; `plant` breaks just one thing in it.
"""
import random

LABELS = ["a", "b", "c", "www", "mail", "_tcp", "x1", "deep"]

# Ferret's condition -> the code of the finding, and who finds it: the load ends, or not
CONDITIONS = {
    "duplicate record": "REC708",
    "no SOA": "REC710",
    "two SOAs": "REC710",
    "owner outside the zone": "REC709",
    "CNAME beside other data": "REC706",
    "two CNAMEs": "REC706",
    "two DNAMEs": "REC707",
    "DNAME beside NS": "REC707",
    "names below a DNAME": "REC707",
    "NS below a delegation": "DEL606",
    "missing glue": "DEL604",
}
CODES = sorted(set(CONDITIONS.values()))


class Zone:
    """Records as (owner, type, data); owners and targets are absolute, without last dot."""

    def __init__(self, seed, apex):
        self.rng = random.Random(seed)
        self.apex = apex
        self.records = []
        self.taken = {apex}         # names that no more is put at
        self.closed = []            # nothing is put below these
        self.add(apex, "SOA", f"ns.{apex}. hostmaster.{apex}. 1 7200 900 1209600 300")
        self.add(apex, "NS", f"ns.{apex}.")
        self.add(f"ns.{apex}", "A", "10.0.0.53")
        self.taken.add(f"ns.{apex}")
        self.hosts = [f"ns.{apex}"]
        for _ in range(self.rng.randint(2, 12)):
            self._grow()

    def add(self, owner, rtype, data):
        self.records.append((owner, rtype, data))

    def address(self):
        return ".".join(["10", *(str(self.rng.randint(0, 255)) for _ in range(3))])

    def name(self, wildcard=False):
        """A name that is free, and below nothing that is closed."""
        while True:
            above = self.rng.choice([self.apex, *self.hosts])
            name = f"{self.rng.choice(LABELS)}{self.rng.randint(0, 99)}.{above}"
            if wildcard:
                name = f"*.{name}"
            if name not in self.taken and not self.is_closed(name):
                self.taken.add(name)
                return name

    def is_closed(self, name):
        return any(name == top or name.endswith("." + top) for top in self.closed)

    def _grow(self):
        kind = self.rng.choice(["A", "A", "AAAA", "TXT", "MX", "CNAME", "wildcard", "DNAME",
                                "NS", "two"])
        if kind == "CNAME":
            self.add(self.name(), "CNAME", f"{self.rng.choice(self.hosts)}.")
        elif kind == "wildcard":
            self.add(self.name(wildcard=True), "TXT", '"w"')
        elif kind == "DNAME":
            self.dname()
        elif kind == "NS":
            self.delegation()
        elif kind == "MX":
            self.add(self.name(), "MX", f"10 {self.rng.choice(self.hosts)}.")
        else:
            owner = self.name()
            self.hosts.append(owner)
            self.add(owner, "A", self.address())
            if kind == "AAAA":
                self.add(owner, "AAAA", f"2001:db8::{self.rng.randint(1, 9999):x}")
            elif kind == "TXT":
                self.add(owner, "TXT", '"t"')
            elif kind == "two":
                self.add(owner, "A", self.address())

    def dname(self):
        owner = self.name()
        self.closed.append(owner)
        self.add(owner, "DNAME", f"{self.rng.choice(['new.example', 'far.test'])}.")
        return owner

    def delegation(self, glue=True):
        """Its server is below it, beside it in the zone, or far away."""
        owner = self.name()
        self.closed.append(owner)
        where = self.rng.choice(["below", "host", "far"]) if glue else "below"
        if where == "below":
            server = f"ns{self.rng.randint(1, 9)}.{owner}"
            if glue:
                self.add(server, "A", self.address())
        else:
            server = self.rng.choice(self.hosts) if where == "host" else "ns.far.test"
        self.add(owner, "NS", f"{server}.")
        return owner

    def plant(self, condition):
        rng = self.rng
        if condition == "duplicate record":
            self.add(*rng.choice([r for r in self.records if r[1] not in ("SOA", "CNAME")]))
        elif condition == "no SOA":
            self.records = [r for r in self.records if r[1] != "SOA"]
        elif condition == "two SOAs":
            self.add(self.apex, "SOA", f"ns.{self.apex}. other.{self.apex}. 2 1 1 1 1")
        elif condition == "owner outside the zone":
            outside = rng.choice(["www.example", f"x{self.apex}", self.apex.split(".", 1)[1]])
            self.add(outside, "A", self.address())
        elif condition == "CNAME beside other data":
            owner = self.name()
            self.add(owner, "CNAME", f"{self.hosts[0]}.")
            self.add(owner, *rng.choice([("A", self.address()), ("TXT", '"x"'),
                                         ("MX", f"10 {self.hosts[0]}.")]))
        elif condition == "two CNAMEs":
            owner = self.name()
            self.add(owner, "CNAME", f"{self.hosts[0]}.")
            self.add(owner, "CNAME", "far.test.")
        elif condition == "two DNAMEs":
            self.add(self.dname(), "DNAME", "other.test.")
        elif condition == "DNAME beside NS":
            self.add(self.dname(), "NS", "ns.far.test.")
        elif condition == "names below a DNAME":
            self.add(f"{rng.choice(LABELS)}.{self.dname()}",
                     *rng.choice([("A", self.address()), ("TXT", '"x"')]))
        elif condition == "NS below a delegation":
            self.add(f"{rng.choice(LABELS)}.{self.delegation()}", "NS", "ns.far.test.")
        elif condition == "missing glue":
            if rng.random() < 0.5:
                self.delegation(glue=False)
            else:
                self.add(self.name(), "NS", f"{self.name()}.")
        else:
            raise ValueError(condition)

    def text(self):
        head, rest = self.records[:1], self.records[1:]
        self.rng.shuffle(rest)
        return "".join(f"{owner}. 300 IN {rtype} {data}\n" for owner, rtype, data in head + rest)


def write_estate(directory, condition, count, seed):
    """An estate of `count` zones, each with the fault (None: without); its configuration."""
    lines = ["vpcs:", "  - {id: vpc-a, cidr_blocks: [10.0.0.0/8], enable_dns_hostnames: true}",
             "hosted_zones:"]
    for number in range(count):
        zone = Zone(f"{seed} {condition} {number}", f"z{number}.example")
        if condition:
            zone.plant(condition)
        (directory / f"{number}.zone").write_text(zone.text())
        lines.append(f"  - {{id: Z{number:09}, name: {zone.apex}, vpcs: [vpc-a], "
                     f"zone_file: {number}.zone}}")
    path = directory / "estate.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path
