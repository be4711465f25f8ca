"""What is answered when an upstream is silent, fails or has nothing: stale, or by others."""
import subprocess
import threading
import time

import pytest

from client import data, extended_errors, rcode
from estates import estate, forward
from fake import Fake, answer, drop, rrset, says, soa
from peers import wait_until

NAME = "www.dc.example"
STALE, STALE_NXDOMAIN, NO_AUTHORITY = 3, 19, 22
DEADLINE = 1.8      # seconds: no client waits longer for an upstream


class Switch:
    """A step that does `good`, and while it is off `bad`."""

    def __init__(self, good, bad=drop):
        self.good, self.bad = good, bad
        self.off = threading.Event()

    def __call__(self, exchange):
        (self.bad if self.off.is_set() else self.good)(exchange)


def served(world, upstream, on=None, cache=None, **more):
    rule = forward("rr-dc", "dc.example", upstream.target)
    if on:
        rule["on"] = on
    return world.daemon(estate(rules=[rule], cache={"size": "4MiB", **(cache or {})}, **more))


def codes(message):
    return [code for code, _ in extended_errors(message)]


def ttl(message):
    return message.answer[0].ttl


def until_stale(daemon, name=NAME, code=STALE):
    """The first stale reply; all before it were good."""
    def heard():
        message = daemon.ask(name)
        assert codes(message) in ([], [code])
        return message if codes(message) else None
    return wait_until("something stale is served", heard)


@pytest.mark.parametrize("bad", [drop, says("SERVFAIL"), says("REFUSED")],
                         ids=["silent", "servfail", "refused"])
def test_stale_answers_stand_in_and_end_when_the_upstream_is_back(world, bad):
    upstream = world.add(Fake())
    switch = Switch(answer(rrset(NAME + ".", 1, "A", "192.0.2.7")), bad)
    upstream.script(NAME, switch)
    daemon = served(world, upstream)
    assert data(daemon.ask(NAME)) == ["192.0.2.7"]
    switch.off.set()
    message = until_stale(daemon)
    for _ in range(100):
        before = time.monotonic()
        message = daemon.ask(NAME)
        assert time.monotonic() - before < DEADLINE
        assert rcode(message) == "NOERROR" and data(message) == ["192.0.2.7"]
        assert codes(message) == [STALE] and ttl(message) == 30
    switch.good = answer(rrset(NAME + ".", 300, "A", "192.0.2.8"))
    switch.off.clear()
    message = wait_until("the new answer is served",
                         lambda: next((m for m in [daemon.ask(NAME)] if not codes(m)), None))
    assert data(message) == ["192.0.2.8"] and ttl(message) > 30


def test_a_name_without_a_copy_fails_in_time(world):
    upstream = world.add(Fake(ttl=300))
    upstream.script("*", drop)
    daemon = served(world, upstream)
    before = time.monotonic()
    message = daemon.ask(NAME)
    assert time.monotonic() - before > 0.5
    assert rcode(message) == "SERVFAIL"
    assert codes(message)[0] in (NO_AUTHORITY, 23)


def test_what_does_not_exist_is_stale_as_well(world):
    upstream = world.add(Fake())
    switch = Switch(answer(rcode="NXDOMAIN", authority=[soa("dc.example.", 1)]))
    upstream.script("no.dc.example", switch)
    daemon = served(world, upstream)
    assert rcode(daemon.ask("no.dc.example")) == "NXDOMAIN"
    switch.off.set()
    message = until_stale(daemon, "no.dc.example", STALE_NXDOMAIN)
    assert rcode(message) == "NXDOMAIN"
    assert message.authority[0].ttl == 30


def test_dig_shows_that_it_is_stale(world):
    upstream = world.add(Fake())
    switch = Switch(answer(rrset(NAME + ".", 1, "A", "192.0.2.7")))
    upstream.script(NAME, switch)
    daemon = served(world, upstream)
    daemon.ask(NAME)
    switch.off.set()
    until_stale(daemon)
    ip, port = daemon.at
    said = subprocess.run(["dig", f"@{ip}", "-p", str(port), NAME], capture_output=True,
                          text=True, check=True).stdout
    assert "EDE: 3 (Stale Answer)" in said


def test_serve_stale_0_turns_it_off(world):
    upstream = world.add(Fake())
    switch = Switch(answer(rrset(NAME + ".", 1, "A", "192.0.2.7")), says("SERVFAIL"))
    upstream.script(NAME, switch)
    daemon = served(world, upstream, cache={"serve_stale": "0"})
    daemon.ask(NAME)
    switch.off.set()
    message = wait_until("the failure is heard",
                         lambda: next((m for m in [daemon.ask(NAME)] if codes(m)), None))
    assert rcode(message) == "SERVFAIL" and codes(message) == [NO_AUTHORITY]


def second_question(daemon, upstream, name):
    """Ask all the time; how long behind the first question the upstream heard the second."""
    def heard():
        assert rcode(daemon.ask(name)) == "NOERROR"
        return upstream.count(name) >= 2
    wait_until("it is asked for again", heard)
    first, second = upstream.of(name)[:2]
    return second.when - first.when


@pytest.mark.parametrize("prefetch", [True, False])
def test_what_is_asked_often_is_fetched_in_the_last_tenth(world, prefetch):
    upstream = world.add(Fake(ttl=4))
    daemon = served(world, upstream, cache={"prefetch": prefetch})
    times = [second_question(daemon, upstream, f"n{i}.dc.example") for i in range(2)]
    if prefetch:        # it is enough to have been seen once: this machine may have slept
        assert 3.5 < min(times) < 4
    else:
        assert min(times) > 3.9


def test_a_failure_is_not_asked_for_again_at_once(world):
    upstream = world.add(Fake())
    upstream.script(NAME, says("SERVFAIL"))
    daemon = served(world, upstream)
    assert rcode(daemon.ask(NAME)) == "SERVFAIL"
    first = upstream.count(NAME)
    wait_until("it is asked for again",
               lambda: daemon.ask(NAME) and upstream.count(NAME) > first)
    queries = upstream.of(NAME)
    assert queries[first].when - queries[first - 1].when > 0.95


OUTCOMES = [
    ("nxdomain", answer(rcode="NXDOMAIN", authority=[soa("dc.example.")]), "NXDOMAIN"),
    ("nodata", answer(authority=[soa("dc.example.")]), "NOERROR"),
    ("servfail", says("SERVFAIL"), "SERVFAIL"),
    ("timeout", drop, "SERVFAIL"),
]


@pytest.mark.parametrize("outcome, step, strict", OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_a_rule_goes_on_to_others_as_it_says_and_else_does_not(world, outcome, step, strict):
    upstream, other = world.add(Fake()), world.add(Fake(address="192.0.2.99"))
    upstream.script("*", step)
    others = [row[0] for row in OUTCOMES if row[0] != outcome]
    generous = served(world, upstream, on={outcome: [other.target]})
    for _ in range(3):
        before = time.monotonic()
        message = generous.ask(NAME)
        assert time.monotonic() - before < DEADLINE
        assert rcode(message) == "NOERROR" and data(message) == ["192.0.2.99"]
    assert other.count(NAME) == 1
    strictly = served(world, upstream, on={name: [other.target] for name in others})
    message = strictly.ask(NAME)
    assert rcode(message) == strict and not data(message)
    assert other.count(NAME) == 1


def test_a_rule_goes_on_to_the_internet(world):
    upstream, internet = world.add(Fake()), world.add(Fake(address="192.0.2.99"))
    upstream.script("www.dc.example", answer(rcode="NXDOMAIN", authority=[soa("dc.example.")]))
    daemon = served(world, upstream, on={"nxdomain": "internet"}, internet=[internet.at])
    assert data(daemon.ask("erp.dc.example")) == ["192.0.2.1"]
    assert internet.count() == 0
    assert data(daemon.ask(NAME)) == ["192.0.2.99"]
    assert [query.name for query in internet.of()] == [NAME + "."]
