"""Exchanges with one upstream: streams that are kept, replies that lie."""
import concurrent.futures
import threading

import pytest

import fake
from client import ask, connect_udp, data, question, rcode
from estates import estate, forward, zone
from fake import (ALL_LIES, Fake, Together, answer, both, close, drop, folded, large, late, lie,
                  lies, partial, pieces, says, truncated, twice)
from peers import wait_until

# Long enough that only what the upstream does decides, not how fast this machine is.
PATIENT = {"timeout": "30s", "tries": 3}


def address_of(name):
    """An address for each name, so that an answer to another question is seen."""
    return f"192.0.2.{sum(name.lower().rstrip('.').encode()) % 60 + 1}"


def by_name(query, over):
    name = fake.name_of(query)
    return fake.reply(query, fake.rrset(str(query.question[0].name), 300, "A", address_of(name)))


def served(world, upstream, **more):
    return world.daemon(estate(
        zones=[zone("local.example", "local.example 60 A 10.1.0.1")],
        rules=[forward("rr-1", "dc.example", upstream.target)], upstream=PATIENT, **more))


def streams_only(world, *steps, **more):
    """An upstream that answers over TCP alone, and the daemon that forwards to it."""
    upstream = world.add(Fake(by_name))
    upstream.script("*", truncated, over="udp")
    if steps:
        upstream.script("*", *steps, over="tcp")
    return upstream, served(world, upstream, **more)


def ask_all(daemon, names):
    with concurrent.futures.ThreadPoolExecutor(min(len(names), 32)) as pool:
        return dict(zip(names, pool.map(daemon.ask, names)))


# --- streams
#
# A reply that is late is asked for once more, over the second connection that a target may
# have; so numbers below are bounds: a machine that stalls is an upstream that is late.


def test_a_stream_is_kept_for_many_questions(world):
    upstream, daemon = streams_only(world)
    for i in range(100):
        assert data(daemon.ask(f"n{i}.dc.example")) == [address_of(f"n{i}.dc.example")]
    assert upstream.connections <= 2
    assert upstream.count(over="tcp") >= 100


@pytest.mark.parametrize("order", [
    pytest.param(lambda held: held[::-1], id="reversed"),
    pytest.param(lambda held: held[1::2] + held[::2], id="odd-first")])
def test_questions_share_a_stream_and_are_answered_in_any_order(world, order):
    """The upstream answers none before all are there, so they are in flight together."""
    upstream, daemon = streams_only(world, Together(24, order))
    names = [f"n{i}.dc.example" for i in range(24)]
    for name, reply in ask_all(daemon, names).items():
        assert data(reply) == [address_of(name)]
    assert upstream.connections <= 2


def test_more_questions_than_two_streams_hold_are_all_answered(world):
    """64 each; what finds no place goes on over UDP, and comes back when there is one."""
    upstream, daemon = streams_only(world)
    names = [f"n{i}.dc.example" for i in range(400)]
    with connect_udp(daemon.at) as s:
        for name in names:
            s.send(question(name).to_wire())
        got = [fake.dns.message.from_wire(s.recv(65535)) for _ in names]
    for reply in got:
        assert reply.answer == [] or data(reply) == [address_of(fake.name_of(reply))]
    assert upstream.connections <= 2 + upstream.closed
    for name in names[:20]:     # whoever had none may ask again
        wait_until("there is a place", lambda: data(daemon.ask(name)) == [address_of(name)])


def test_a_reply_may_be_split_anywhere(world):
    upstream, daemon = streams_only(world)
    size = len(by_name(question("n000.dc.example"), "tcp").to_wire()) + 2
    for cut in range(1, size):
        upstream.script(f"n{cut:03}.dc.example", pieces(cut), over="tcp")
    upstream.script("all.dc.example", pieces(*range(1, size - 1)), over="tcp")
    for name in [*(f"n{cut:03}.dc.example" for cut in range(1, size)), "all.dc.example"]:
        assert data(daemon.ask(name)) == [address_of(name)]
    assert upstream.connections <= 2


def test_a_reply_of_full_size_comes_over_a_stream(world):
    upstream, daemon = streams_only(world, large(60000))
    reply = daemon.ask("big.dc.example", "TXT", tcp=True)
    assert len(reply.to_wire(max_size=65535)) > 60000


@pytest.mark.parametrize("end", [
    pytest.param(close, id="close"), *(pytest.param(partial(n), id=f"after-{n}")
                                       for n in (0, 1, 2, 13, 40))])
def test_a_question_whose_stream_closes_is_asked_again_on_another(world, end):
    upstream, daemon = streams_only(world, end, answer())
    assert data(daemon.ask("a.dc.example")) == [address_of("a.dc.example")]
    assert upstream.connections >= 2
    assert upstream.count(over="tcp") >= 2


def test_a_question_whose_stream_closes_twice_is_lost_and_tried_anew(world):
    upstream, daemon = streams_only(world, close, close, answer())
    assert data(daemon.ask("a.dc.example")) == [address_of("a.dc.example")]
    assert upstream.count(over="tcp") >= 3 and upstream.count(over="udp") >= 2


def test_all_questions_of_a_closed_stream_are_asked_again(world):
    """Eight in flight when it closes; none is lost, and they share the next one."""
    gone = threading.Event()

    def close_under_them(held):
        gone.set()
        held[0].close()
        return []

    first = Together(8, close_under_them)
    upstream, daemon = streams_only(
        world, lambda exchange: (answer() if gone.is_set() else first)(exchange))
    names = [f"n{i}.dc.example" for i in range(8)]
    for name, reply in ask_all(daemon, names).items():
        assert data(reply) == [address_of(name)]
    assert 2 <= upstream.connections <= 4


def test_a_stream_that_closed_when_idle_is_opened_again(world):
    upstream, daemon = streams_only(world)
    for i in range(10):
        assert data(daemon.ask(f"n{i}.dc.example")) == [address_of(f"n{i}.dc.example")]
        upstream.break_streams()
    assert upstream.connections >= 10


def test_an_upstream_without_tcp_costs_an_answer_and_no_more(world):
    upstream, daemon = streams_only(world)
    upstream.refuse_streams()
    assert rcode(daemon.ask("a.dc.example")) == "SERVFAIL"
    upstream.script("*", answer(), over="udp")
    wait_until("it is asked again",
               lambda: data(daemon.ask("b.dc.example")) == [address_of("b.dc.example")])


def test_foreign_messages_on_a_stream_are_passed_by(world):
    def noisy(exchange):
        exchange.link.send(b"")
        exchange.link.send(b"\0")
        for kind in ("id", "name", "type", "class", "qr", "opcode", "no question",
                     "half a header", "header", "cut", "zeros", "ones"):
            lie(kind)(exchange)
        exchange.send(exchange.answer())

    upstream, daemon = streams_only(world, noisy)
    for i in range(10):
        assert data(daemon.ask(f"n{i}.dc.example")) == [address_of(f"n{i}.dc.example")]
    assert upstream.connections <= 2


def test_a_silent_stream_is_left_for_another(world):
    """It takes questions and says nothing: the wait ends, and the next one is answered."""
    upstream, daemon = streams_only(world, drop, answer())
    daemon.ask("a.dc.example")
    wait_until("another is answered",
               lambda: data(daemon.ask("b.dc.example")) == [address_of("b.dc.example")])


def test_streams_survive_a_reload_with_their_questions(world):
    upstream, daemon = streams_only(world)
    assert data(daemon.ask("a.dc.example")) == [address_of("a.dc.example")]
    upstream.hold()
    with connect_udp(daemon.at) as s:
        try:
            s.send(question("b.dc.example").to_wire())
            wait_until("the upstream is asked", lambda: upstream.count("b.dc.example"))
            daemon.reload()
        finally:
            upstream.release()
        reply = fake.dns.message.from_wire(s.recv(65535))
    assert data(reply) == [address_of("b.dc.example")]
    assert upstream.connections <= 2


@pytest.mark.parametrize("held", [False, True], ids=["idle", "with-questions"])
def test_a_daemon_with_streams_ends_as_any_other(world, held):
    """Sanitizer builds see what is left behind."""
    upstream, daemon = streams_only(world, workers=2)
    names = [f"n{i}.dc.example" for i in range(16)]
    ask_all(daemon, names)
    if held:
        upstream.hold()
        with connect_udp(daemon.at) as s:
            for i in range(16):
                s.send(question(f"h{i}.dc.example").to_wire())
            wait_until("they are asked", lambda: upstream.count("h*.dc.example") >= 16)
            daemon.stop()
        upstream.release()
    else:
        daemon.stop()
    wait_until("the streams are closed", lambda: upstream.closed == upstream.connections)


# --- lies

@pytest.mark.parametrize("kind", ALL_LIES)
def test_a_lie_is_passed_by_and_the_truth_behind_it_taken(world, kind):
    upstream = world.add(Fake(by_name, cookies=kind.endswith("cookie")))
    daemon = served(world, upstream)
    # what is to be known of the upstream first: that it has cookies
    assert data(daemon.ask("first.dc.example")) == [address_of("first.dc.example")]
    upstream.script("*", lies(kind, kind), over="udp")      # nobody forges a stream
    for i in range(20):
        assert data(daemon.ask(f"n{i}.dc.example")) == [address_of(f"n{i}.dc.example")]


def test_all_lies_at_once_are_passed_by(world):
    upstream = world.add(Fake(by_name, cookies=True))
    daemon = served(world, upstream)
    assert data(daemon.ask("first.dc.example")) == [address_of("first.dc.example")]
    upstream.script("*", lies(), over="udp")
    for i in range(50):
        assert data(daemon.ask(f"n{i}.dc.example")) == [address_of(f"n{i}.dc.example")]


def test_after_lies_alone_the_next_try_is_believed(world):
    everything_but = [lie(kind) for kind in ALL_LIES if kind not in ("no cookie", "wrong cookie")]
    upstream = world.add(Fake(by_name))
    upstream.script("*", both(*everything_but), answer(), over="udp")
    daemon = served(world, upstream)
    assert data(daemon.ask("a.dc.example")) == [address_of("a.dc.example")]


def test_a_target_that_loses_letter_case_is_found_out_over_a_stream_once(world):
    upstream = world.add(Fake(by_name))
    upstream.script("*", folded)
    daemon = served(world, upstream)
    for i in range(20):
        name = f"letters{i}.dc.example"
        assert data(daemon.ask(name)) == [address_of(name)]
    assert 1 <= upstream.count(over="tcp") <= 4


def test_replies_that_come_twice_or_late_do_no_harm(world):
    upstream = world.add(Fake(by_name))
    upstream.script("twice*", twice)
    upstream.script("late*", drop, late(0.05, both(answer(), answer())), answer())
    daemon = served(world, upstream)
    for i in range(20):
        for word in ("twice", "late"):
            name = f"{word}{i}.dc.example"
            assert data(daemon.ask(name)) == [address_of(name)]


def test_a_target_that_cannot_is_not_believed_to_have_no_such_name(world):
    upstream = world.add(Fake(by_name))
    upstream.script("*", says("SERVFAIL"))
    daemon = served(world, upstream)
    assert rcode(daemon.ask("a.dc.example")) == "SERVFAIL"


def test_the_same_client_may_ask_from_elsewhere(world):
    """Replies go to the address that asked, over streams to the upstream too."""
    upstream, daemon = streams_only(world)
    for source in ("127.0.0.1", "127.0.0.5"):
        assert data(ask(daemon.at, "a.dc.example", source=source)) == \
            [address_of("a.dc.example")]
