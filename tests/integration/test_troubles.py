"""Upstreams that are silent, lossy, dead or dear, and clients that are too many, in numbers.

Each test is one goal (R6, R7 ...) of the project's reliability list.  `make check-long` has
the numbers of the goals, all else a taste of them.  How long something takes is for
contrib/bench-forward: here is counted what became of each question.
"""
import time

import pytest

from client import data, extended_errors
from crowd import LONG, Crowd, ask_all, counts, line
from estates import estate, forward
from fake import Fast
from peers import sanitized, wait_until

TRUE = "192.0.2.1"
CLIENTS = [f"127.0.1.{i}" for i in range(1, 21)]    # limits are of each of them


WAITING = 4000      # questions not yet answered, at most: what the daemon's sockets can hold


def rate(short, long):
    """A build with a sanitizer is slower by an order of magnitude."""
    return counts(short // 10 if sanitized() else short, long)


def served(world, *rules, **more):
    """dcN.example from the targets of the Nth rule."""
    return world.daemon(estate(
        rules=[forward(f"rr-{i}", f"dc{i}.example", *(upstream.target for upstream in upstreams))
               for i, upstreams in enumerate(rules)], **more))


def asking(daemon, name, expected=TRUE, group="all", sources=("127.0.0.1",)):
    return [line(daemon.at, name, expected, source=source, group=group) for source in sources]


# --- R6

def test_names_that_were_known_are_answered_through_a_blackhole(world):
    """All of them expire in the first second of it.  Who asks gets what is stale; the upstream
    is tried about once a second; when it is back, fresh answers follow."""
    upstream = world.add(Fast(ttl=1))
    daemon = served(world, [upstream], cache={"size": counts("4MiB", "64MiB")})
    names = counts(300, 50000)
    warm = ask_all(asking(daemon, f"n#{names}.dc0.example", sources=CLIENTS),
                   count=20 * names, window=100)["all"]
    assert warm["right"] == warm["asked"]
    upstream.set(silent=1)
    time.sleep(1.1)         # what was fetched last expires
    before, began = upstream.count()["questions"], time.monotonic()
    result = ask_all(asking(daemon, f"n#{names}.dc0.example", sources=CLIENTS),
                     rate=rate(2000, 10000), seconds=counts(4, 600), window=WAITING)["all"]
    asked, lasted = upstream.count()["questions"] - before, time.monotonic() - began
    assert result["wrong"] == result["lost"] == 0, result
    # of 20 drawn for each name, one in 5 * 10^8 was never fetched
    assert result["right"] >= 0.999 * result["asked"], result
    assert result["stale"] >= 0.99 * result["asked"], result
    # until it counts as down each name is asked for, which takes half a second
    assert asked <= lasted + 2 + rate(2000, 10000) * 1.5
    if LONG:
        settled = upstream.count()["questions"]
        ask_all(asking(daemon, f"n#{names}.dc0.example", sources=CLIENTS), rate=10000, seconds=30,
                window=WAITING)
        assert upstream.count()["questions"] - settled <= 32
    upstream.set(silent=0)
    wait_until("a fresh answer is served",
               lambda: not extended_errors(daemon.ask("n0.dc0.example")), limit=30)


# --- R7

@pytest.mark.parametrize("delay", [0, 1000], ids=["silent", "slow"])
def test_a_rule_without_answers_takes_nothing_from_others(world, delay):
    """Ten thousand names a second are asked of the one, and of the other what it can do."""
    bad, good = world.add(Fast(silent=not delay and 1 or 0, delay=delay)), world.add(Fast())
    daemon = served(world, [bad], [good])
    result = ask_all(asking(daemon, "n#.dc0.example", group="bad", sources=CLIENTS) +
                     asking(daemon, "n#.dc1.example", group="good", sources=["127.0.2.1"]),
                     rate=rate(4000, 10500), seconds=counts(3, 60), window=WAITING,
                     timeout=10000)
    assert result["good"]["right"] == result["good"]["asked"], result
    assert result["bad"]["wrong"] == 0, result


# --- R8

@pytest.mark.parametrize("how", ["silent", "gone"])
def test_no_client_sees_that_one_of_two_upstreams_dies(world, how):
    dying, other = world.add(Fast()), world.add(Fast())
    daemon = served(world, [dying, other])
    crowd = world.add(Crowd(asking(daemon, "n#.dc0.example", sources=CLIENTS),
                            count=rate(8000, 500000), rate=rate(4000, 4000), window=200))
    wait_until("both are asked", lambda: min(dying.count()["questions"],
                                             other.count()["questions"]) >= 100)
    if how == "silent":
        dying.set(silent=1)
    else:
        world.things.remove(dying)
        dying.close()
    result = crowd.result()["groups"]["all"]
    assert result["right"] == result["asked"], result


# --- R9

def test_half_of_the_packets_are_enough(world):
    """Names that nobody has a copy of, so each must get through.  Losses are drawn, so the
    few that fail are allowed for more widely where few are asked."""
    upstream = world.add(Fast(drop=50))
    daemon = served(world, [upstream], upstream={"timeout": "2s", "tries": 2})
    result = ask_all(asking(daemon, "n#.dc0.example", sources=CLIENTS), window=200,
                     count=counts(3000, 100000), timeout=10000)["all"]
    assert result["lost"] == result["wrong"] == 0, result
    assert result["right"] >= counts(0.99, 0.999) * result["asked"], result
    assert upstream.count()["questions"] <= 2.5 * result["asked"]


# --- R10

def test_dead_upstreams_are_left_alone(world):
    upstreams = [world.add(Fast(silent=1)) for _ in range(2)]
    daemon = served(world, upstreams)
    plan = asking(daemon, "n#.dc0.example", expected="servfail", sources=CLIENTS)
    first = ask_all(plan, rate=rate(2000, 10000), seconds=counts(2, 5),
                    window=WAITING, timeout=10000)["all"]
    assert first["right"] == first["asked"]
    before = sum(upstream.count()["questions"] for upstream in upstreams)
    second = ask_all(plan, rate=rate(2000, 10000), seconds=counts(2, 60),
                     window=WAITING, timeout=10000)["all"]
    assert second["right"] == second["asked"]
    sent = sum(upstream.count()["questions"] for upstream in upstreams) - before
    assert sent <= 0.1 * second["asked"], (sent, second)


# --- R11

def most_in(times, span_ns):
    """The most of them that lie within any span of time."""
    first = most = 0
    for i, one in enumerate(times):
        while one - times[first] >= span_ns:
            first += 1
        most = max(most, i - first + 1)
    return most


def test_a_packet_budget_is_never_overdrawn(world):
    """Five times more names than it can pay for, and some that are known.  Packets both ways,
    at the times at which the kernel had them.  In any second there are never more than the
    budget has; the daemon stamps packets by its own clock, so where this machine kept it
    from sending for a while, what it had stamped comes a little closer to what follows."""
    budget, seconds = counts((200, 4), (1024, 600))
    upstream = world.add(Fast(record=True))
    daemon = served(world, [upstream], workers=2,
                    upstream={"packet_budget": [{"ip": "127.0.0.1", "per_second": budget}]})
    hot = [f"hot{i}.dc0.example" for i in range(20)]
    for name in hot:
        assert data(daemon.ask(name)) == [TRUE]
    result = ask_all(asking(daemon, "n#.dc0.example", group="new", sources=CLIENTS) +
                     asking(daemon, "hot#20.dc0.example", group="hot", sources=CLIENTS),
                     rate=counts(1000, 5000), seconds=seconds, window=WAITING, timeout=10000)
    assert result["hot"]["right"] == result["hot"]["asked"], result
    assert result["new"]["wrong"] == 0, result
    times = sorted(packet.when_ns for packet in upstream.packets())
    assert most_in(times, 900_000_000) <= budget
    if not sanitized():
        assert most_in(times, 1_000_000_000) <= 1.1 * budget
    # and it is not left lying about either: no less than half of it was used
    assert len(times) >= budget * seconds / 2


# --- R17

def resident_kib(daemon):
    with open(f"/proc/{daemon.pid}/status", encoding="ascii") as status:
        return next(int(row.split()[1]) for row in status if row.startswith("VmRSS"))


def test_too_many_questions_leave_the_daemon_as_it_was(world):
    """Three times what it can do: the newest are turned away, and what is answered is no less;
    behind that all is as before."""
    upstream = world.add(Fast())
    daemon = served(world, [upstream])
    plan = asking(daemon, "n#.dc0.example", sources=CLIENTS)
    peak = ask_all(plan, count=rate(20000, 200000), window=200, seed=1)["all"]
    assert peak["right"] == peak["asked"]
    resident = resident_kib(daemon)
    flood = Crowd(asking(daemon, "f#.dc0.example", sources=CLIENTS), timeout=3000,
                  rate=60000, window=100000, seconds=counts(2, 30))
    result = flood.result()["groups"]["all"]
    flood.close()
    assert result["wrong"] == 0 and result["right"] > 0, result
    # what is left of the flood in the socket's queue is answered first
    wait_until("it answers again", lambda: data(daemon.ask("z.dc0.example")) == [TRUE])
    after = ask_all(asking(daemon, "a#.dc0.example", sources=CLIENTS), count=rate(5000, 50000),
                    window=200)["all"]
    assert after["right"] == after["asked"], after
    if not sanitized():
        assert resident_kib(daemon) <= resident + 24 * 1024
