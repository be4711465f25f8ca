"""Where a question goes that another server answers, and what comes of its reply."""
import collections
import concurrent.futures
import socket
import threading

import dns.edns
import dns.flags
import dns.message
import pytest

import fake
from client import (Stream, ask, connect_udp, data, exchange_raw, extended_errors, flags,
                    question, rcode, records)
from estates import estate, forward, listen, system, vpc, zone
from peers import listener, wait_until

DC_ZONE = """\
$ORIGIN dc.example.
$TTL 600
@       IN SOA ns hostmaster 1 7200 900 1209600 120
@       IN NS  ns
ns      IN A   192.168.0.53
erp     IN A   192.168.0.20
scan    IN CNAME erp
big     IN TXT {big}
cloud   IN CNAME app.cloud.example.
outside IN CNAME www.public.example.
*.scale IN A   192.168.4.20
""".format(big=" ".join(f'"{i:02}{"x" * 248}"' for i in range(14)))

INTERNET = [
    "www.public.example. 300 IN A 192.0.2.80",
    "alias.public.example. 300 IN CNAME www.public.example.",
    "status.dc.example. 300 IN A 192.0.2.81",
    "erp.dc.example. 300 IN A 192.0.2.82",      # what the public thinks; never to be seen
]


@pytest.fixture(scope="module")
def hybrid(shared_world):
    """nsd behind a FORWARD rule, unbound for the rest, a SYSTEM exception below the rule."""
    nsd = shared_world.nsd({"dc.example": DC_ZONE})
    unbound = shared_world.unbound(INTERNET)
    daemon = shared_world.daemon(estate(
        zones=[zone("cloud.example", "app.cloud.example 60 A 10.1.0.5"),
               zone("deep.dc.example", "x.deep.dc.example 60 A 10.1.0.6"),
               zone("rule.example", "www.rule.example 60 A 10.1.0.7")],
        rules=[forward("rr-dc", "dc.example", nsd.at),
               system("rr-status", "status.dc.example")],
        internet=[unbound.at]))
    daemon.nsd = nsd
    return daemon


FROM_BOTH = [
    # name, type, rcode, answers
    ("erp.dc.example", "A", "NOERROR", ["erp.dc.example. A 192.168.0.20"]),
    ("a.b.scale.dc.example", "A", "NOERROR", ["a.b.scale.dc.example. A 192.168.4.20"]),
    ("scan.dc.example", "A", "NOERROR",
     ["erp.dc.example. A 192.168.0.20", "scan.dc.example. CNAME erp.dc.example."]),
    ("scan.dc.example", "CNAME", "NOERROR", ["scan.dc.example. CNAME erp.dc.example."]),
    ("dc.example", "SOA", "NOERROR",
     ["dc.example. SOA ns.dc.example. hostmaster.dc.example. 1 7200 900 1209600 120"]),
    ("nothing.dc.example", "A", "NXDOMAIN", []),
    ("erp.dc.example", "AAAA", "NOERROR", []),
    ("status.dc.example", "A", "NOERROR", ["status.dc.example. A 192.0.2.81"]),
    ("www.public.example", "A", "NOERROR", ["www.public.example. A 192.0.2.80"]),
    ("alias.public.example", "A", "NOERROR",
     ["alias.public.example. CNAME www.public.example.", "www.public.example. A 192.0.2.80"]),
    ("nothing.public.example", "A", "NXDOMAIN", []),
    # each hop of a chain is routed afresh
    ("cloud.dc.example", "A", "NOERROR",
     ["app.cloud.example. A 10.1.0.5", "cloud.dc.example. CNAME app.cloud.example."]),
    ("outside.dc.example", "A", "NOERROR",
     ["outside.dc.example. CNAME www.public.example.", "www.public.example. A 192.0.2.80"]),
    # a zone under the rule
    ("x.deep.dc.example", "A", "NOERROR", ["x.deep.dc.example. A 10.1.0.6"]),
    ("y.deep.dc.example", "A", "NXDOMAIN", []),
]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("name, rdtype, status, answers", FROM_BOTH,
                         ids=[f"{row[0]}-{row[1]}" for row in FROM_BOTH])
def test_forwarded_and_internet_names_resolve(hybrid, name, rdtype, status, answers, tcp):
    reply = hybrid.ask(name, rdtype, tcp=tcp)
    assert (rcode(reply), records(reply)) == (status, answers)
    assert {"QR", "RD", "RA"} <= flags(reply) and not {"AA", "TC", "AD"} & flags(reply)


def test_a_second_question_is_answered_from_the_cache(hybrid):
    name = "fresh.scale.dc.example"
    before = hybrid.nsd.query_count()
    first = hybrid.ask(name)
    assert hybrid.nsd.query_count() == before + 1
    second = [hybrid.ask(name, tcp=tcp) for tcp in (False, True)]
    assert hybrid.nsd.query_count() == before + 1
    for reply in second:
        assert records(reply) == records(first) == [f"{name}. A 192.168.4.20"]
        assert 0 < reply.answer[0].ttl <= first.answer[0].ttl <= 600


def test_a_cached_answer_shows_the_case_of_its_question(hybrid):
    hybrid.ask("erp.dc.example")
    reply = hybrid.ask("eRp.Dc.ExAmPlE")
    assert reply.question[0].name.to_text() == "eRp.Dc.ExAmPlE."
    assert data(reply) == ["192.168.0.20"]


def test_an_answer_too_large_for_udp_comes_by_tcp(hybrid):
    """nsd truncates it for us, and we for the client."""
    by_udp = hybrid.ask("big.dc.example", "TXT")
    assert "TC" in flags(by_udp) and not by_udp.answer
    by_tcp = hybrid.ask("big.dc.example", "TXT", tcp=True)
    assert "TC" not in flags(by_tcp)
    assert len(by_tcp.answer[0][0].strings) == 14


# --- precedence (route53-semantics 1.1)

PRECEDENCE = [
    # zones, FORWARD domains, name asked, who answers
    (["sub.example"], ["example"], "a.sub.example", "sub.example"),
    (["sub.example"], ["."], "a.sub.example", "sub.example"),
    (["example"], ["sub.example"], "a.sub.example", "rule sub.example"),
    (["example"], ["sub.example"], "a.other.example", "example"),
    (["example"], ["example"], "a.example", "rule example"),
    (["a.sub.example", "example"], ["sub.example"], "a.sub.example", "a.sub.example"),
    (["a.sub.example", "example"], ["sub.example"], "b.sub.example", "rule sub.example"),
    ([], ["example", "sub.example"], "a.sub.example", "rule sub.example"),
    ([], ["example", "sub.example"], "a.example", "rule example"),
    (["example"], [], "a.sub.example", "example"),
    ([], ["b.example"], "ab.example", "internet"),       # on label boundaries only
    (["b.example"], [], "ab.example", "internet"),
    ([], ["."], "a.example", "rule ."),
    ([], ["."], "localhost", "autodefined"),
]


def test_the_longest_suffix_wins_and_a_rule_wins_a_tie(world):
    """One VPC per row, each asked at its own listener."""
    targets = {}

    def marker(text):
        def behave(query, over):
            return fake.reply(query, fake.rrset(str(query.question[0].name), 60, "TXT", text))
        return behave

    def target(domain):
        if domain not in targets:
            text = f'"rule {domain}"'
            targets[domain] = world.add(fake.Fake(marker(text)))
        return targets[domain]

    internet = world.add(fake.Fake(marker('"internet"')))
    zones, rules, vpcs, listeners = [], [], [], []
    for number, (zone_names, domains, _, _) in enumerate(PRECEDENCE):
        network = f"vpc-{number}"
        vpcs.append(vpc(network, f"10.{number}.0.0/16"))
        listeners.append(listen(network))
        for name in zone_names:
            zones.append(zone(name, f'*.{name} 60 TXT "{name}"', f'{name} 60 TXT "{name}"',
                              networks=[network], id=f"Z{number}-{name}"))
        for domain in domains:
            rules.append(forward(f"rr{number}-{domain}", domain, target(domain).target,
                                 networks=[network]))
    conf = estate(zones, rules, [internet.at], vpcs=vpcs, listeners=listeners)
    world.daemon(conf)

    seen = []
    for number, (zone_names, domains, name, expected) in enumerate(PRECEDENCE):
        reply = ask(listener(conf, number), name, "A" if expected == "autodefined" else "TXT")
        got = data(reply, "TXT")
        if expected == "autodefined" and data(reply) == ["127.0.0.1"]:
            got = ['"autodefined"']
        seen.append((zone_names, domains, name, " ".join(got).replace('"', "")))
    assert seen == PRECEDENCE


def test_system_gives_a_subtree_back_to_local_treatment(world):
    """To the zone where one covers it, else to the internet."""
    upstream = world.add(fake.Fake(address="192.0.2.1"))
    internet = world.add(fake.Fake(address="192.0.2.2"))
    daemon = world.daemon(estate(
        zones=[zone("in.sys.example", "a.in.sys.example 60 A 10.1.0.1"),
               zone("same.example", "a.same.example 60 A 10.1.0.2")],
        rules=[forward("rr-1", "example", upstream.target),
               system("rr-2", "sys.example"), system("rr-3", "same.example")],
        internet=[internet.at]))
    assert data(daemon.ask("a.example")) == ["192.0.2.1"]
    assert data(daemon.ask("a.sys.example")) == ["192.0.2.2"]
    assert data(daemon.ask("a.in.sys.example")) == ["10.1.0.1"]
    assert data(daemon.ask("a.same.example")) == ["10.1.0.2"]


def test_without_an_internet_resolver_unclaimed_names_fail_with_a_reason(world):
    daemon = world.daemon(estate())
    reply = daemon.ask("www.public.example")
    assert rcode(reply) == "SERVFAIL"
    assert extended_errors(reply)


# --- cache

def test_negative_answers_are_cached_for_the_time_their_soa_gives(world):
    def behave(query, over):
        name = fake.name_of(query)
        return fake.reply(query, rcode="NXDOMAIN" if "no-name" in name else "NOERROR",
                          authority=[fake.soa("dc.example.", minimum=77)])

    upstream = world.add(fake.Fake(behave))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)]))
    for name, status in (("no-name.dc.example", "NXDOMAIN"), ("no-data.dc.example", "NOERROR")):
        for _ in range(3):
            reply = daemon.ask(name)
            assert rcode(reply) == status and not reply.answer
            (soa,) = reply.authority
            assert soa.name.to_text() == "dc.example." and 0 < soa.ttl <= 77
        assert upstream.count(name) == 1
        # another type of a name that has data is another question
    daemon.ask("no-data.dc.example", "AAAA")
    assert upstream.count("no-data.dc.example", "AAAA") == 1


def test_an_answer_of_ttl_0_is_not_kept_beyond_the_minimum(world):
    """cache.min_ttl is 1s: asked again after that, not before.  Waits by asking."""
    upstream = world.add(fake.Fake(ttl=0))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)]))
    assert data(daemon.ask("a.dc.example")) == ["192.0.2.1"]

    def asked_again():
        assert data(daemon.ask("a.dc.example")) == ["192.0.2.1"]
        return upstream.count("a.dc.example") > 1
    wait_until("the answer has expired", asked_again)


def test_rules_do_not_share_cached_answers(world):
    """The same name in two VPCs behind different rules; then both behind equal rules."""
    one, two, both = (world.add(fake.Fake(address=f"192.0.2.{n}")) for n in (1, 2, 3))
    conf = estate(
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16")],
        listeners=[listen("vpc-1"), listen("vpc-2")],
        rules=[forward("rr-1", "dc.example", one.target),
               forward("rr-2", "dc.example", two.target, networks=["vpc-2"]),
               forward("rr-3", "both.example", both.target, networks=["vpc-1", "vpc-2"])])
    world.daemon(conf)
    servers = listener(conf, 0), listener(conf, 1)
    for _ in range(2):
        assert [data(ask(server, "a.dc.example")) for server in servers] == [
            ["192.0.2.1"], ["192.0.2.2"]]
        assert [data(ask(server, "a.both.example")) for server in servers] == [["192.0.2.3"]] * 2
    assert (one.count(), two.count(), both.count()) == (1, 1, 1)


def test_a_reload_keeps_what_unchanged_rules_have_cached(world):
    kept, changed = world.add(fake.Fake()), world.add(fake.Fake(address="192.0.2.1"))
    other = world.add(fake.Fake(address="192.0.2.9"))
    conf = estate(zones=[zone("gen.example", 'gen.example 60 TXT "1"')],
                  rules=[forward("rr-kept", "kept.example", kept.target),
                         forward("rr-changed", "changed.example", changed.target)])
    daemon = world.daemon(conf)
    daemon.ask("a.kept.example")
    assert data(daemon.ask("a.changed.example")) == ["192.0.2.1"]

    conf["hosted_zones"][0]["record_sets"][0]["values"] = ['"2"']
    conf["resolver_rules"][1]["target_ips"] = [other.target]
    daemon.reload(conf)
    wait_until("the new zone is served",
               lambda: data(daemon.ask("gen.example", "TXT"), "TXT") == ['"2"'])
    daemon.ask("a.kept.example")
    assert kept.count() == 1
    assert data(daemon.ask("a.changed.example")) == ["192.0.2.9"]


# --- targets that fail

def test_when_a_target_is_silent_another_is_tried(world):
    silent = world.add(fake.Fake(lambda query, over: None))
    alive = world.add(fake.Fake())
    daemon = world.daemon(estate(
        rules=[forward("rr-1", "dc.example", silent.target, alive.target)],
        upstream={"timeout": "100ms", "tries": 3}))
    names = [f"n{i}.dc.example" for i in range(24)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(map(rcode, pool.map(daemon.ask, names))) == {"NOERROR"}
    # the first target is random: all 24 on one side has a chance of 2^-23
    assert 0 < silent.count() < 24 + 24
    assert all(alive.count(name) >= 1 for name in names)


@pytest.mark.parametrize("fault", ["closed", "SERVFAIL", "REFUSED"])
def test_when_a_target_cannot_answer_another_is_tried(world, fault):
    if fault == "closed":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            broken = {"ip": "127.0.0.1", "port": s.getsockname()[1]}
    else:
        broken = world.add(fake.Fake(lambda query, over: fake.reply(query, rcode=fault))).target
    alive = world.add(fake.Fake())
    # a timeout that nobody would sit out: the fault itself moves the exchange on
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", broken, alive.target)],
                                 upstream={"timeout": "20s", "tries": 3}))
    names = [f"n{i}.dc.example" for i in range(16)]
    assert {rcode(daemon.ask(name, timeout=15)) for name in names} == {"NOERROR"}
    assert all(alive.count(name) == 1 for name in names)


@pytest.mark.parametrize("behave", [
    pytest.param(lambda query, over: None, id="silent"),
    pytest.param(lambda query, over: fake.reply(query, rcode="SERVFAIL"), id="servfail")])
def test_when_all_targets_fail_the_answer_names_the_rule(world, behave):
    targets = [world.add(fake.Fake(behave)) for _ in range(2)]
    daemon = world.daemon(estate(
        rules=[forward("rslvr-rr-dc", "dc.example", *(t.target for t in targets))],
        upstream={"timeout": "100ms", "tries": 3}))
    for tcp in (False, True):
        reply = daemon.ask("erp.dc.example", tcp=tcp)
        assert rcode(reply) == "SERVFAIL" and not reply.answer
        ((code, text),) = extended_errors(reply)
        assert code in (22, 23) and "rslvr-rr-dc" in text
    assert all(1 <= t.count() <= 6 for t in targets)
    assert extended_errors(daemon.ask("erp.dc.example", edns=False)) == []


def test_a_dead_rule_does_not_hold_up_another(world):
    dead, alive = world.add(fake.Fake()), world.add(fake.Fake())
    daemon = world.daemon(estate(
        rules=[forward("rr-dead", "dead.example", dead.target),
               forward("rr-alive", "alive.example", alive.target)],
        upstream={"timeout": "60s", "tries": 1}))
    dead.hold()
    with connect_udp(daemon.at) as s:
        try:
            for i in range(50):
                s.send(question(f"n{i}.dead.example").to_wire())
            wait_until("the dead target is asked", lambda: dead.count() >= 50)
            assert data(daemon.ask("a.alive.example")) == ["192.0.2.1"]
        finally:
            dead.release()      # or the daemon would wait for it at its end


def test_targets_over_ipv6(world):
    upstream = world.add(fake.Fake(ip="::1"))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)]))
    assert data(daemon.ask("a.dc.example")) == ["192.0.2.1"]


# --- the exchange

def test_a_truncated_reply_is_asked_for_again_over_tcp(world):
    def behave(query, over):
        name = str(query.question[0].name)
        values = [f"192.0.2.{i}" for i in range(1, 101)]
        if over == "udp":
            return fake.reply(query, truncated=True)
        return fake.reply(query, fake.rrset(name, 300, "A", *values))

    upstream = world.add(fake.Fake(behave))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)]))
    reply = daemon.ask("many.dc.example", tcp=True)
    assert len(data(reply)) == 100
    assert upstream.count(over="udp") == upstream.count(over="tcp") == 1
    daemon.ask("many.dc.example", tcp=True)
    assert upstream.count() == 2


def test_upstream_queries_are_bounded_and_do_not_repeat_their_ports(world):
    """EDNS size as configured, RD set, no client's OPT passed on; a port, an ID and letters of
    a case each."""
    upstream = world.add(fake.Fake())
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"edns_size": 1100}))
    for i in range(40):
        daemon.ask(f"n{i}.dc.example", edns=4096, options=[dns.edns.GenericOption(65123, b"x")])
    queries = upstream.queries
    assert {query.edns for query in queries} == {1100}
    assert all(query.flags & dns.flags.RD and 65123 not in query.options for query in queries)
    assert len({query.id for query in queries}) > 35
    assert len({query.source[1] for query in queries}) > 30
    # ten letters each: that two are alike has a chance of 40 * 39 / 2 / 1,024
    assert len({query.sent.split(".", 1)[1] for query in queries}) > 30


def test_replies_that_do_not_fit_the_question_are_ignored(world):
    """Wrong ID, name, type, class or opcode, no QR, cut off, garbage: the wait goes on."""
    def behave(query, over):
        def forged(change):
            message = fake.reply(query, fake.rrset(str(query.question[0].name), 60, "A",
                                                   "192.0.2.66"))
            change(message)
            return message.to_wire()

        def other_question(message, name=None, rdtype="A", klass="IN"):
            name = name or str(query.question[0].name)
            message.question = dns.message.make_query(name, rdtype, klass).question

        def not_a_reply(message):
            message.flags &= ~dns.flags.QR

        def notify(message):
            message.flags |= 4 << 11

        good = fake.reply(query, fake.rrset(str(query.question[0].name), 60, "A", "192.0.2.1"))
        return [
            *(forged(lambda m, by=by: setattr(m, "id", (m.id + by) & 0xffff))
              for by in (1, 0x100, 0x8000, 0xffff)),
            forged(lambda m: other_question(m, name="other.dc.example.")),
            forged(lambda m: other_question(m, rdtype="AAAA")),
            forged(lambda m: other_question(m, klass="CH")),
            forged(lambda m: setattr(m, "question", [])),
            forged(not_a_reply), forged(notify),
            b"", b"\0", good.to_wire()[:11], good.to_wire()[:-2], bytes(512), b"\xff" * 512,
            good,
        ]

    upstream = world.add(fake.Fake(behave))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"timeout": "30s", "tries": 1}))
    for i in range(5):
        assert data(daemon.ask(f"n{i}.dc.example")) == ["192.0.2.1"]
    assert upstream.count() == 5


def test_replies_from_another_address_or_port_are_ignored(world):
    forger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    forger.bind(("127.0.0.1", 0))
    elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    upstream = None

    def behave(query, over):
        name = str(query.question[0].name)
        forged = fake.reply(query, fake.rrset(name, 60, "A", "192.0.2.66")).to_wire()
        for s in (forger, elsewhere):
            s.sendto(forged, upstream.sources[-1])
        return fake.reply(query, fake.rrset(name, 60, "A", "192.0.2.1"))

    upstream = world.add(fake.Fake(behave))
    try:
        elsewhere.bind(("127.0.0.9", upstream.at[1]))
        daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                     upstream={"timeout": "30s", "tries": 1}))
        for i in range(5):
            assert data(daemon.ask(f"n{i}.dc.example")) == ["192.0.2.1"]
    finally:
        forger.close()
        elsewhere.close()


def test_a_chain_leaving_the_rule_is_routed_afresh_and_its_tail_not_believed(world):
    """And nothing that rode along is ever served."""
    def behave(query, over):
        name = str(query.question[0].name)      # in the case of the question
        target = "app.cloud.example." if fake.name_of(query).startswith("in.") else "www.public.example."
        planted = [fake.rrset(target, 300, "A", "192.0.2.66")]
        return fake.reply(
            query, fake.rrset(name, 300, "CNAME", target), *planted,
            authority=[fake.rrset("public.example.", 300, "NS", "ns.evil.example.")],
            additional=[fake.rrset("planted.dc.example.", 300, "A", "192.0.2.66"),
                        fake.rrset("planted.public.example.", 300, "A", "192.0.2.66")])

    upstream = world.add(fake.Fake(behave))
    internet = world.add(fake.Fake(address="192.0.2.80"))
    daemon = world.daemon(estate(
        zones=[zone("cloud.example", "app.cloud.example 60 A 10.1.0.5")],
        rules=[forward("rr-1", "dc.example", upstream.target)], internet=[internet.at]))
    for _ in range(2):
        assert records(daemon.ask("in.dc.example")) == [
            "app.cloud.example. A 10.1.0.5", "in.dc.example. CNAME app.cloud.example."]
        assert records(daemon.ask("out.dc.example")) == [
            "out.dc.example. CNAME www.public.example.", "www.public.example. A 192.0.2.80"]
        assert data(daemon.ask("www.public.example")) == ["192.0.2.80"]
        assert data(daemon.ask("planted.public.example")) == ["192.0.2.80"]
    assert internet.count("www.public.example") == 1
    daemon.ask("planted.dc.example")
    assert upstream.count("planted.dc.example") == 1


def test_a_loop_of_cnames_ends(world):
    """Inside one reply, and across two rules that lead to each other."""
    def to(target):
        def behave(query, over):
            name = str(query.question[0].name)
            return fake.reply(query, fake.rrset(name, 300, "CNAME", target(name)))
        return behave

    one = world.add(fake.Fake(to(lambda name: "a.two.example.")))
    two = world.add(fake.Fake(to(lambda name: "a.one.example.")))
    self = world.add(fake.Fake(to(lambda name: name)))
    daemon = world.daemon(estate(rules=[forward("rr-1", "one.example", one.target),
                                        forward("rr-2", "two.example", two.target),
                                        forward("rr-3", "self.example", self.target)]))
    for name in ("a.one.example", "b.one.example", "a.self.example"):
        assert rcode(daemon.ask(name)) in ("SERVFAIL", "NOERROR")
    assert one.count() + two.count() + self.count() < 64


# --- equal questions in flight

def _ask_held(daemon, upstream, names, sockets):
    """Send names from as many sockets while the upstream holds its answer; the replies."""
    try:
        for s, name in zip(sockets, names):
            s.send(question(name).to_wire())
        wait_until("the upstream is asked", lambda: upstream.count())
        # Questions from many ports reach every worker, behind those just sent.
        for i in range(64):
            daemon.ask("local.example")
    finally:
        upstream.release()
    return [dns.message.from_wire(s.recv(65535)) for s in sockets]


@pytest.mark.parametrize("workers", [1, 2])
def test_equal_questions_in_flight_share_one_exchange_per_worker(world, workers):
    upstream = world.add(fake.Fake())
    daemon = world.daemon(estate(
        zones=[zone("local.example", "local.example 60 A 10.1.0.1")],
        rules=[forward("rr-1", "dc.example", upstream.target)],
        upstream={"timeout": "60s", "tries": 1}, workers=workers))
    sockets = [connect_udp(daemon.at) for _ in range(50)]
    upstream.hold()
    try:
        # letter case is no difference
        names = ["same.dc.example" if i % 2 else "SAME.dc.Example" for i in range(50)]
        replies = _ask_held(daemon, upstream, names, sockets)
    finally:
        for s in sockets:
            s.close()
    # not one each for 50 clients: what a flight sends by itself as time goes by is bounded
    assert 1 <= upstream.count() <= 12 * workers
    for name, reply in zip(names, replies):
        assert data(reply) == ["192.0.2.1"]
        assert reply.question[0].name.to_text() == name + "."


def test_clients_of_one_flight_over_udp_and_tcp_get_their_own_form(world):
    """A joined client keeps its ID, transport, EDNS and case; TC for one is not TC for all."""
    def behave(query, over):
        values = [f"192.0.2.{i}" for i in range(1, 61)]
        if over == "udp":
            return fake.reply(query, truncated=True)
        return fake.reply(query, fake.rrset(str(query.question[0].name), 300, "A", *values))

    upstream = world.add(fake.Fake(behave))
    daemon = world.daemon(estate(
        zones=[zone("local.example", "local.example 60 A 10.1.0.1")],
        rules=[forward("rr-1", "dc.example", upstream.target)],
        upstream={"timeout": "60s", "tries": 1}))
    upstream.hold()
    plain, large = question("many.dc.example", edns=False), question("MANY.dc.example", edns=4096)
    with connect_udp(daemon.at) as udp, Stream(daemon.at) as tcp:
        try:
            udp.send(plain.to_wire())
            tcp.send(tcp.framed(large.to_wire()))
            wait_until("the upstream is asked", upstream.count)
            daemon.ask("local.example")
        finally:
            upstream.release()
        short = dns.message.from_wire(udp.recv(65535))
        full = tcp.receive()
    assert short.id == plain.id and short.edns == -1 and "TC" in flags(short)
    assert len(short.to_wire()) <= 512
    assert full.id == large.id and len(data(full)) == 60
    assert full.question[0].name.to_text() == "MANY.dc.example."


def test_many_different_questions_in_flight_are_all_answered(world):
    """2,000 names from 20 sockets, two workers."""
    upstream = world.add(fake.Fake())
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"timeout": "10s", "tries": 3}, workers=2))
    answered = collections.Counter()

    def client(number):
        with connect_udp(daemon.at) as s:
            for i in range(100):
                query = question(f"n{number}-{i}.dc.example")
                s.send(query.to_wire())
                reply = dns.message.from_wire(s.recv(65535))
                assert reply.id == query.id and reply.question == query.question
                answered[rcode(reply)] += 1

    threads = [threading.Thread(target=client, args=(n,)) for n in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert answered == {"NOERROR": 2000}


def test_forwarded_raw_reply_is_well_formed(hybrid):
    """No octet behind the last record, and counts that are true."""
    wire = exchange_raw(hybrid.at, question("scan.dc.example").to_wire())
    message = dns.message.from_wire(wire, ignore_trailing=False)
    assert message.answer and len(message.to_wire()) == len(wire)
