"""stage - an estate's daemon and upstreams, started when the first row asks them"""
import dataclasses
import secrets

import dns.edns
import dns.rcode
import dns.rdatatype
import pytest

import fake
import peers
from client import ask, data, extended_errors, flags
from estates import listen
from row import SOA as SOA_DATA
from scenery import ESTATES


def _named(name):
    return str(name).rstrip(".") or "."


def lines(section):
    return sorted(f"{_named(rrset.name)} {dns.rdatatype.to_text(rrset.rdtype)} {rdata}".rstrip()
                  for rrset in section for rdata in rrset)


def whole(name, record):
    """A record with its owner; one that begins with its type has the name asked for."""
    return f"{name} {record}" if record.split(" ", 1)[0].isupper() else record


class Unavailable(Exception):
    """What the estate needs is not to be had on this machine."""


class Upstreams:
    """Servers that a configuration points to.  Each answers A with one address of its own,
    so that an answer tells who gave it; `records` are what it knows better."""

    def __init__(self, world):
        self.world = world
        self.by_name = {}
        self.awaited = []

    def until(self, whose, name, address, ede=None):
        """Rows wait until a name has an address, and the reply this extended error."""
        self.awaited.append((whose, name, address, ede))

    def __call__(self, name, address=None, *records, behave=None, **where):
        known = [fake.rrset(f"{owner}.", ttl, rdtype, value) for owner, ttl, rdtype, value in
                 (record.split(None, 3) for record in records)]

        def answer(query, over):
            owner, rdtype = query.question[0].name, query.question[0].rdtype
            at_name = [rrset for rrset in known if rrset.name == owner]
            found = [rrset for rrset in at_name
                     if rrset.rdtype in (rdtype, dns.rdatatype.CNAME)]
            if found:
                return fake.reply(query, *found)
            if rdtype == dns.rdatatype.A and address and not at_name:
                return fake.reply(query, fake.rrset(owner.to_text(), 300, "A", address))
            soa = fake.rrset(owner.to_text(), 300, "SOA", fake.SOA.format("nobody.", 300))
            return fake.reply(query, authority=[soa])

        server = self.world.add(fake.Fake(behave or answer, **where))
        self.by_name[name] = server
        return server.target

    def server(self, name, address, **more):
        """A name server, on port 53 of a loopback address that nobody else has: the address."""
        ip = "127." + ".".join(str(1 + secrets.randbelow(250)) for _ in range(3))
        try:
            self(name, address, ip=ip, port=53, **more)
        except OSError as error:
            self.world.close()
            raise Unavailable(f"port 53 is not to be had here: {error}") from None
        return ip

    @staticmethod
    def refuse(query):
        return fake.reply(query, rcode="REFUSED")

    def counts(self, name):
        return {upstream: server.count(name) for upstream, server in self.by_name.items()}


class Set:
    """One estate, served."""

    def __init__(self, directory, build):
        directory.mkdir()
        self.world = peers.World(directory)
        self.upstreams = Upstreams(self.world)
        conf = build(self.upstreams)
        self.at = {}
        server = conf.setdefault("server", {})
        server.setdefault("workers", 1)
        server.setdefault("cache", {"size": "2MiB"})
        server["listen"] = [listen(*whose) if isinstance(whose, tuple) else listen(whose)
                            for whose in server["listen"]]
        for listener in server["listen"]:
            self.at.setdefault(listener["as"], (listener["address"], listener["port"]))
        self.daemon = self.world.daemon(conf, at=next(iter(self.at.values())))
        for awaited in self.upstreams.awaited:
            peers.wait_until(f"{awaited[1]} is {awaited[2]}", lambda: self.has_come(*awaited))

    def has_come(self, whose, name, address, ede):
        reply = ask(self.at[whose], name)
        return data(reply) == [address] and \
            (ede is None or ede in [code for code, _ in extended_errors(reply)])


class Stage:
    def __init__(self, directory):
        self.dir = directory
        self.sets = {}
        self.tried = set()
        self.unavailable = {}       # estate -> why it cannot be served on this machine

    def set(self, estate):
        if estate not in self.sets and estate not in self.unavailable:
            assert estate not in self.tried, f"estate {estate} could not be served before"
            self.tried.add(estate)
            try:
                self.sets[estate] = Set(self.dir / estate, ESTATES[estate])
            except Unavailable as why:
                self.unavailable[estate] = str(why)
        if estate in self.unavailable:
            pytest.skip(self.unavailable[estate])
        return self.sets[estate]

    def close(self):
        failures = []
        for one in self.sets.values():
            try:
                one.world.close()
            except AssertionError as failure:
                failures.append(str(failure))
        assert not failures, "\n".join(failures)

    def kill(self):
        """What a failing `close` has left."""
        for one in self.sets.values():
            for thing in one.world.things:
                if isinstance(thing, peers.Process) and thing.process and not thing.ended():
                    thing.process.kill()
                    thing.process.wait()

    def reply(self, row):
        options = dict(row.options)
        if "options" in options:
            options["options"] = [dns.edns.GenericOption(code, bytes.fromhex(octets))
                                  for code, octets in options["options"]]
        return ask(self.set(row.estate).at[row.whose], row.name, row.rdtype, tcp=row.tcp,
                   source=row.source, **options)

    def asked(self, row):
        upstreams = self.set(row.estate).upstreams
        before = upstreams.counts(row.name)
        reply = self.reply(row)
        judge(row, reply)
        after = upstreams.counts(row.name)
        by = {row.by} if isinstance(row.by, str) else set(row.by or ())
        went = {name for name, count in after.items()
                if count > (0 if name in by else before[name])}
        assert went == by, \
            f"{row}\nupstreams asked about {row.name}: {went or 'none'}, not {row.by}"

    def drawn(self, row):
        first, union = {}, set()
        for _ in range(row.times):
            reply = self.reply(row)
            came = lines(reply.answer)
            union.update(came)
            assert row.count is None or len(came) == row.count, f"{row}\n{reply}"
            for rdata in [str(rrset[0]) for rrset in reply.answer[:1]]:
                first[rdata] = first.get(rdata, 0) + 1
        judge(dataclasses.replace(row, count=None), reply, answer=sorted(union))
        if row.shares is None:
            return
        assert set(first) == set(row.shares), f"{row}\nfirst came {first}"
        for rdata, share in row.shares.items():
            assert abs(first[rdata] - share) <= row.within, f"{row}\nfirst came {first}"


def judge(row, reply, answer=None):
    """Is the reply all that the row says, and nothing else?"""
    said = f"{row}\nasked {row.name} {row.rdtype} as {row.whose}; the reply:\n{reply}"
    assert dns.rcode.to_text(reply.rcode()) == row.rcode, said
    want = sorted(whole(row.name, record) for record in row.answer)
    have = lines(reply.answer) if answer is None else answer
    if row.count is None:
        assert have == want, said
    else:
        assert len(have) == row.count and set(have) <= set(want), said
    authority = row.authority
    if row.soa:
        authority = [f"{row.soa} {SOA_DATA}"]
        assert [rrset.ttl for rrset in reply.authority] == [row.soa_ttl], said
    if row.authority_ttl is not None:
        assert [rrset.ttl for rrset in reply.authority] == [row.authority_ttl], said
    if authority is not None:
        assert lines(reply.authority) == sorted(whole(row.name, r) for r in authority), said
    assert not reply.additional, said
    assert flags(reply) == set(row.flags.split()), said
    least, most = row.ttl if isinstance(row.ttl, tuple) else (row.ttl, row.ttl)
    if row.ttl is not None:
        assert reply.answer and all(least <= rrset.ttl <= most for rrset in reply.answer), said
    assert row.payload is None or reply.payload == row.payload, said
    code, text = row.ede if isinstance(row.ede, tuple) else (row.ede, "")
    errors = extended_errors(reply)
    assert [code for code, _ in errors] == ([code] if code is not None else []), said
    assert not errors or text in errors[0][1], said
