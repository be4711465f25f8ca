"""Upstreams that lie, stuff and loop, and clients that flood, in numbers.

Each test is one goal (S1, S2 ...) of the project's security list.  `make check-long` has the
numbers of the goals, all else a taste of them; what is counted must be right either way.
"""
import math
import socket
import threading
import time

import pytest

from client import ask, data, extended_errors, rcode
from crowd import Crowd, ask_all, counts, line
from estates import estate, forward, listen, vpc, zone
from fake import Fast
from peers import free_port, sanitized, wait_until

TRUE = "192.0.2.1"      # what fake_upstream says
LETTERS = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstu"    # 2^47 ways to write it

# Long enough that only what the upstream does decides, not how fast this machine is.
PATIENT = {"timeout": "30s", "tries": 3}


def served(world, *upstreams, **more):
    """dcN.example from the Nth upstream."""
    return world.daemon(estate(
        zones=[zone("local.example", "local.example 60 A 10.1.0.1")],
        rules=[forward(f"rr-{i}", f"dc{i}.example", upstream.target)
               for i, upstream in enumerate(upstreams)], **more))


def all_right(counted, **but):
    """Every question of the group was answered with what was expected."""
    what = {"wrong": 0, "lost": 0, "planted": 0, **but}
    assert {key: counted[key] for key in what} == what, counted
    assert counted["right"] == counted["asked"] - sum(but.values()), counted


# --- S1, S4: replies that are not from whom was asked

def test_no_forged_reply_is_taken_and_each_true_one_behind_them_is(world):
    """Twelve kinds, 120 before each true reply, which comes 200 ms later."""
    upstream = world.add(Fast(forge=120, cookies=1, delay=200))
    daemon = served(world, upstream, upstream=PATIENT)
    assert data(daemon.ask("first.dc0.example")) == [TRUE]      # it has cookies
    questions = counts(167, 8334)
    plan = [line(daemon.at, "n#.dc0.example", TRUE)]
    all_right(ask_all(plan, count=questions, window=64)["all"])
    again = ask_all([line(daemon.at, f"n{i}.dc0.example", TRUE) for i in range(questions)],
                    count=questions, turn=1)    # and from the cache
    all_right(again["all"])
    forged = upstream.count()["forged"]
    kinds = [count for kind, count in forged.items() if count]
    assert len(kinds) == 12 and sum(kinds) >= questions * 120, forged


S4_KINDS = "12-18"      # of enum forgery: empty, cut, ones, formerr, refused, truncated


def test_a_bad_packet_first_changes_nothing(world):
    """What ended the wait elsewhere, or made the server seem to be without EDNS."""
    upstream = world.add(Fast(forge=2, kinds=S4_KINDS))
    daemon = served(world, upstream, upstream=PATIENT)
    questions = counts(3000, 100000)
    all_right(ask_all([line(daemon.at, f"n#.{LETTERS}.dc0.example", TRUE)], count=questions,
                      window=32)["all"])
    counted = upstream.count()
    assert sum(counted["forged"].values()) >= 2 * questions
    assert counted["without_edns"] == counted["without_case"] == counted["malformed"] == 0
    # and it was never taken for down: then questions fail without being asked
    assert counted["questions"] >= questions


# --- S2: what must be guessed

def test_ports_and_ids_are_drawn_fairly_from_the_whole_range(world):
    """As many distinct values as a fair draw gives, all parts of the range alike
    (chi-square), nothing learnt from the one before: each bound at 6.5 standard deviations,
    which a fair draw misses once in 10^10."""
    upstream = world.add(Fast(record=True))
    daemon = served(world, upstream, upstream=PATIENT, workers=2)
    questions = counts(5000, 100000)
    all_right(ask_all([line(daemon.at, "n#.dc0.example", TRUE)], count=questions, window=64,
                      sockets=16)["all"])
    records = upstream.records()
    assert len(records) >= questions
    for values, first in (([r.port for r in records], 1024), ([r.id for r in records], 0)):
        fairly_drawn(values, first, 65535)


def fairly_drawn(values, first, last, bins=64, sigmas=6.5):
    span, count = last + 1 - first, len(values)
    assert all(first <= value <= last for value in values)
    missed = math.exp(-count / span)
    distinct, spread = span * (1 - missed), math.sqrt(span * missed * (1 - missed))
    # the machine has some of the ports itself, so a little fewer
    assert len(set(values)) > 0.99 * distinct - sigmas * spread
    seen = [0] * bins
    for value in values:
        seen[(value - first) * bins // span] += 1
    chi = sum((one - count / bins) ** 2 / (count / bins) for one in seen)
    free = bins - 1     # Wilson and Hilferty
    assert chi < free * (1 - 2 / (9 * free) + sigmas * math.sqrt(2 / (9 * free))) ** 3
    mean = sum(values) / count
    lag = (sum((a - mean) * (b - mean) for a, b in zip(values, values[1:])) /
           sum((value - mean) ** 2 for value in values))
    assert abs(lag) < sigmas / math.sqrt(count)


# --- S3: one question upstream for many who ask the same

def in_the_air(upstream):
    """Sockets connected to the upstream: each try has one of its own."""
    at = f"0100007F:{upstream.at[1]:04X}"
    with open("/proc/net/udp", encoding="ascii") as sockets:
        return sum(row.split()[2] == at for row in sockets)


def test_equal_questions_are_asked_once(world):
    """Ten thousand from forty addresses while the first is not yet answered."""
    upstream = world.add(Fast(hold=1))
    daemon = served(world, upstream, upstream=PATIENT)
    crowd = world.add(Crowd([line(daemon.at, "one.dc0.example", TRUE, source=f"127.0.1.{i}")
                             for i in range(1, 41)],
                            count=10000, window=10000, timeout=30000, sockets=1))
    wait_until("the upstream is asked", lambda: upstream.count()["questions"])
    wait_until("it is asked again", lambda: upstream.count()["questions"] >= 2)
    seen = []
    for _ in range(20):
        seen.append(in_the_air(upstream))
        time.sleep(0.01)
    upstream.set(hold=0)
    assert max(seen) >= 1 and sorted(seen)[10] <= 2     # one just replaced may not be closed yet
    counted = crowd.result()["groups"]["all"]
    assert counted["lost"] == counted["wrong"] == counted["planted"] == 0
    assert counted["right"] + counted["servfail"] == 10000
    assert upstream.count()["questions"] <= 12      # FORWARD_MAX_SENDS: it was one flight


# --- S5: records that nobody asked for

def test_what_an_upstream_adds_is_never_served(world):
    """Foreign NS and glue, addresses, aliases and DNAMEs, of names in its own domain, in
    others' and in our zones; then each of these names is asked for, in each view."""
    elsewhere = ["own.dc0.example", "deep.own.dc0.example", "dc0.example", "www.dc1.example",
                 "dc1.example", "www.public.example", "public.example", "example",
                 "local.example", "www.local.example", "ns.dc0.example"]
    liar = world.add(Fast(plant=",".join(elsewhere)))
    honest = world.add(Fast(address="192.0.2.7"))
    internet = world.add(Fast(address="192.0.2.9"))
    listeners = [listen("vpc-1"), listen("vpc-2")]
    daemon = world.daemon(estate(
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16")], listeners=listeners,
        zones=[zone("local.example", "local.example 60 A 10.1.0.1",
                    "www.local.example 60 A 10.1.0.2")],
        rules=[forward("rr-0", "dc0.example", liar.target),
               forward("rr-1", "dc1.example", honest.target, networks=("vpc-1", "vpc-2"))],
        internet=[internet.at], upstream=PATIENT))
    questions = counts(5000, 100000)
    all_right(ask_all([line(daemon.at, "n#.dc0.example", TRUE)], count=questions,
                      window=32)["all"])
    assert all(count >= questions // 6 for count in liar.count()["planted"])
    liar.set(plant="", address="192.0.2.3")
    truth = {"local.example": "10.1.0.1", "www.local.example": "10.1.0.2"}
    for number, listener in enumerate(listeners):
        at = listener["address"], listener["port"]
        for name in elsewhere:
            expected = "192.0.2.7" if name.endswith("dc1.example") else "192.0.2.9"
            if number == 0:
                expected = truth.get(name, "192.0.2.3" if "dc0" in name else expected)
            assert data(ask(at, name)) == [expected], (number, name)


# --- S6: whose answer it is

def tagged_estate(upstreams, listeners, further):
    """Four networks with rules of the same domains, each to another upstream; `further` adds
    a rule below one of them."""
    networks = [f"vpc-{i}" for i in range(1, 5)]
    rules = []
    for i, name in enumerate(networks):
        for j in range(3):
            rules.append(forward(f"rr-{i}-{j}", f"dc{j}.example", upstreams[i * 3 + j].target,
                                 networks=(name,)))
    rules.append(forward("rr-all", "shared.example", upstreams[12].target, networks=networks))
    if further:
        rules.append(forward("rr-more", "sub.dc0.example", upstreams[13].target,
                             networks=("vpc-2",)))
    return estate(
        vpcs=[vpc(name, f"10.{i}.0.0/16") for i, name in enumerate(networks, 1)],
        zones=[zone("split.example", f"*.split.example 60 A 10.{i}.0.9", networks=(name,),
                    id=f"Z-{i}") for i, name in enumerate(networks, 1)],
        listeners=listeners, rules=rules, workers=2,
        allow=["127.0.0.0/24"], cache={"size": "1MiB", "serve_stale": "1h"}, upstream=PATIENT)


def test_no_answer_is_of_another_view_or_rule(world):
    """Each upstream has an address of its own.  Short TTLs and loss, so that all are refreshed,
    served stale and joined; a small cache; reloads that add and remove a rule; clients that
    may not ask."""
    upstreams = [world.add(Fast(address=f"198.51.100.{i}", ttl=1, drop=20)) for i in range(14)]
    listeners = [listen(f"vpc-{i}") for i in range(1, 5)]
    conf = [tagged_estate(upstreams, listeners, further) for further in (False, True)]
    daemon = world.daemon(conf[0])
    plan = []
    for i, listener in enumerate(listeners):
        at = listener["address"], listener["port"]
        for j in range(3):
            plan.append(line(at, f"n#200.dc{j}.example", f"198.51.100.{i * 3 + j}"))
            plan.append(line(at, f"n#20.dc{j}.example", "refused", source="127.0.9.9"))
        plan.append(line(at, "n#200.shared.example", "198.51.100.12"))
        plan.append(line(at, "n#200.split.example", f"10.{i + 1}.0.9"))
        changing = [f"198.51.100.{i * 3}"] + ["198.51.100.13"] * (i == 1)
        plan.append(line(at, "n#200.sub.dc0.example", changing, group="changing"))
        plan.append(line(at, "n#200.sub.dc1.example", f"198.51.100.{i * 3 + 1}"))
    crowd = world.add(Crowd(plan, count=counts(4000 if sanitized() else 40000, 1000000),
                            rate=counts(800 if sanitized() else 8000, 12000), window=1000,
                            timeout=20000))
    reloads = 0
    while crowd.running():
        before = len(daemon.log)
        daemon.reload(conf[(reloads + 1) % 2])
        wait_until("it is reloaded", lambda: len(daemon.log) > before)
        reloads += 1
        time.sleep(0.02)
    result = crowd.result()
    assert reloads >= 2
    for counted in result["groups"].values():
        assert counted["wrong"] == counted["lost"] == counted["planted"] == 0, result
        assert counted["right"] + counted["servfail"] == counted["asked"]
        assert counted["right"] >= 0.95 * counted["asked"], counted
    assert sum(counted["stale"] for counted in result["groups"].values()) > 0


# --- S7: chains from rule to rule

def test_the_end_of_a_chain_is_taken_from_its_own_rule_alone(world):
    """dc0.example names are aliases in dc1.example and so on to dc5; each upstream sends a false
    address of the next name along.  Chains of two to six rules."""
    upstreams = [world.add(Fast(**({"chain": f"dc{i + 1}.example"} if i < 5 else {})))
                 for i in range(6)]
    daemon = served(world, *upstreams, upstream=PATIENT)
    plan = [line(daemon.at, f"c{i}-#.dc{i}.example", TRUE, group=f"{6 - i}-rules")
            for i in range(5)]
    result = ask_all(plan, count=counts(2000, 100000), window=32, timeout=30000)
    for i in range(5):
        all_right(result[f"{6 - i}-rules"])


# --- S10: what one client is sent at once

QUOTA, QUOTA_MS = 100, 10


def test_held_answers_are_not_released_at_once(world):
    """As many as one client may wait for.  Released with nothing in between they would leave
    within few milliseconds; never more than the quota may leave in any 10 ms, so all of them
    take a tenth of a second, however slow this machine is."""
    upstream = world.add(Fast(hold=1))
    daemon = served(world, upstream, upstream=PATIENT)
    crowd = world.add(Crowd([line(daemon.at, "n#.dc0.example", TRUE, source="127.0.1.1")],
                            record=True, count=900, window=900, timeout=20000, sockets=1))
    wait_until("the upstream has them all", lambda: upstream.count()["waiting"] >= 900)
    upstream.set(hold=0)
    counted = crowd.result()["groups"]["all"]
    assert counted["lost"] == counted["wrong"] == 0
    assert counted["right"] + counted["servfail"] == 900
    times = sorted(heard.heard_ns for heard in crowd.heard() if heard.rcode == 0)
    if len(times) > 2 * QUOTA:      # else the machine was too slow for any to be in time
        quotas = len(times) // QUOTA - 1
        assert times[-1] - times[0] >= (quotas - 1) * QUOTA_MS * 1000000


def test_what_one_client_waits_for_is_bounded_and_each_is_answered_once(world):
    """Five thousand questions to an upstream that answers when all have given up."""
    upstream = world.add(Fast(hold=1))
    daemon = served(world, upstream, upstream=PATIENT)
    crowd = world.add(Crowd([line(daemon.at, "n#.dc0.example", "servfail", source="127.0.1.1")],
                            count=5000, window=5000, timeout=30000, sockets=1))
    result = crowd.result()
    upstream.set(hold=0)
    all_right(result["groups"]["all"], lost=0)
    assert result["strays"] == 0
    assert data(daemon.ask("n1.local.dc0.example")) == [TRUE]


# --- S12: loops

class Relay:
    """Passes packets on, and counts them: the wire between two daemons."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.at = self.socket.getsockname()
        self.to = None
        self.count = 0
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            packet, source = self.socket.recvfrom(65535)
            if not packet:
                return
            self.count += 1
            threading.Thread(target=self.pass_on, args=(packet, source), daemon=True).start()

    def pass_on(self, packet, source):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(20)
            s.connect(self.to)
            try:
                s.send(packet)
                self.socket.sendto(s.recv(65535), source)
            except OSError:
                pass            # whoever asked has gone

    def close(self):
        self.socket.sendto(b"", self.at)
        self.thread.join()
        self.socket.close()


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_ring_of_forwarders_stops_by_itself(world, size):
    """Questions between them are counted on the way: ten for one of a client at most."""
    relays = [world.add(Relay()) for _ in range(size)]
    for relay in relays:
        daemon = world.daemon(estate(rules=[forward("rr", "dc.example", relay.at)],
                                     upstream=PATIENT))
        relay.to = daemon.at
        relays[relays.index(relay)].daemon = daemon
    for i, relay in enumerate(relays):
        # whom the relay of this daemon's rule leads to: the next of the ring
        relay.to = relays[(i + 1) % size].daemon.at
    for i in range(counts(5, 100)):
        before = sum(relay.count for relay in relays)
        reply = relays[0].daemon.ask(f"n{i}.dc.example")
        assert rcode(reply) == "SERVFAIL"
        assert ("forwarding loop" in [text for _, text in extended_errors(reply)]), reply
        assert sum(relay.count for relay in relays) - before <= 10


# --- S13: who is believed to have validated

def test_ad_is_never_set(world):
    upstream = world.add(Fast(ad=1, ttl=2))
    daemon = served(world, upstream, upstream=PATIENT)
    plan = [line(daemon.at, "n#1000.dc0.example", TRUE), line(daemon.at, "n#.dc0.example", TRUE)]
    for dnssec in (0, 1):
        counted = ask_all(plan, count=counts(2500, 50000), window=64, dnssec=dnssec)["all"]
        all_right(counted, authentic=0)


# --- S15: names without end

def resident_kib(daemon):
    with open(f"/proc/{daemon.pid}/status", encoding="ascii") as status:
        return next(int(row.split()[1]) for row in status if row.startswith("VmRSS"))


def test_a_flood_of_random_names_costs_neither_memory_nor_the_hot_ones(world):
    """The cache is a tenth of what the flood would fill."""
    cache_mib = counts(4, 64)
    upstream = world.add(Fast())
    hot = world.add(Fast(ttl=3600))
    daemon = served(world, upstream, hot, cache={"size": f"{cache_mib}MiB"}, upstream=PATIENT)
    names = counts(300, 1000)
    warm = [line(daemon.at, f"n{i}.dc1.example", TRUE) for i in range(names)]
    for _ in range(3):
        all_right(ask_all(warm, count=names, turn=1)["all"])
    before = hot.count()["questions"]
    result = ask_all([line(daemon.at, "r#.dc0.example", TRUE, group="flood"),
                      line(daemon.at, f"n#{names}.dc1.example", TRUE, group="hot")],
                     count=counts(80000, 3000000), window=200, sockets=8)
    flood, asked = result["flood"], result["hot"]
    assert flood["wrong"] == asked["wrong"] == asked["lost"] == flood["lost"] == 0
    assert asked["right"] == asked["asked"]
    assert hot.count()["questions"] - before <= 0.05 * asked["asked"]
    if not sanitized():
        assert resident_kib(daemon) <= cache_mib * 1024 * 1.15 + 32 * 1024
