"""The control socket: what its commands do, who may use it, and what hostile clients cannot."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import stat
import sys
import tempfile
import threading

import pytest

import fake
from client import ask, data, rcode
from estates import estate, forward, zone
from peers import LIMIT, free_port, listener, wait_until
from programs import causeway, run

USAGE, UNREACHED = 2, 3


def conf_with_socket(path, **more):
    more.setdefault("zones", [zone("a.example", "www.a.example 60 A 10.0.0.1")])
    return estate(control={"socket": str(path)}, **more)


@pytest.fixture
def daemon(world):
    daemon = world.daemon(conf_with_socket(world.dir / "ctl.sock", workers=2))
    daemon.socket = world.dir / "ctl.sock"
    return daemon


def told(daemon, *words, code=0, **options):
    """The reply of a command, as JSON."""
    result = causeway(*words, "--socket", daemon.socket, "--format", "json", **options)
    assert result.code == code, result
    reply = json.loads(result.out)
    assert reply["schema"] == "causeway-ctl-1" and reply["exit"] == code
    return reply


def raw(path, octets, shut=False):
    """Send octets, return what comes until the daemon closes."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(LIMIT)
        s.connect(str(path))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            s.sendall(octets)
            if shut:
                s.shutdown(socket.SHUT_WR)
        reply = b""
        with contextlib.suppress(ConnectionResetError):
            while True:
                more = s.recv(65536)
                if not more:
                    break
                reply += more
        return reply


def test_status_says_what_is_served(daemon):
    reply = told(daemon, "status")
    assert reply["pid"] == daemon.pid
    assert reply["config"] == str(daemon.conf_path)
    assert (reply["generation"], reply["workers"], reply["zones"], reply["rules"]) == (1, 2, 1, 0)
    assert reply["listeners"] == [{"address": "%s:%d" % daemon.at, "as": "vpc-1"}]
    assert reply["last_load"]["accepted"] is True and reply["from_image"] is False
    assert reply["health_checks"] == {"count": 0, "unhealthy": 0, "ids": []}
    text = causeway("status", "-c", daemon.conf_path)
    assert text.code == 0
    assert "generation: 1\n" in text.out
    assert "  address %s:%d, as vpc-1\n" % daemon.at in text.out


def test_stats_add_up_over_the_workers_while_they_run(daemon):
    before = told(daemon, "stats")["resolver"]["queries"]
    for _ in range(50):
        ask(daemon.at, "www.a.example")
        ask(daemon.at, "none.a.example")
    reply = told(daemon, "stats")
    assert reply["resolver"]["queries"] == before + 100
    assert reply["replies"]["NXDOMAIN"] == 50
    assert reply["udp"]["received"] >= 100
    assert set(reply["cache"]) == {"hits", "misses", "inserts", "evictions", "stale", "failures",
                                   "entries", "octets_used"}
    assert reply["packet_budgets"] == []


def test_stats_say_how_near_a_budget_is_to_its_limit(world):
    upstream = world.add(fake.Fake())
    daemon = world.daemon(conf_with_socket(
        world.dir / "ctl.sock", rules=[forward("rr-dc", "dc.example", upstream.target)],
        upstream={"packet_budget": [{"ip": "127.0.0.1", "per_second": 100}]}))
    daemon.socket = world.dir / "ctl.sock"
    for i in range(5):
        daemon.ask(f"n{i}.dc.example")
    stats = told(daemon, "stats")
    budget, = stats["packet_budgets"]
    assert (budget["ip"], budget["per_second"], budget["denied"]) == ("127.0.0.1", 100, 0)
    assert 2 <= budget["peak"] <= 100 and budget["used"] <= budget["peak"]
    assert stats["upstream"]["upstream_sent"] >= 5


def test_reload_waits_for_its_end_and_says_what_was_found(daemon):
    at = [{"address": daemon.at[0], "port": daemon.at[1], "as": "vpc-1"}]
    daemon.write(conf_with_socket(daemon.socket, listeners=at, workers=2, zones=[
        zone("a.example", "www.a.example 60 A 10.0.0.2")]))
    reply = told(daemon, "reload")
    assert reply["accepted"] and reply["generation"] == 2
    # all workers serve it: 64 ports reach both
    assert all(data(ask(daemon.at, "www.a.example")) == ["10.0.0.2"] for _ in range(64))

    daemon.write("server: {listn: []}\n")
    reply = told(daemon, "reload", code=1)
    assert not reply["accepted"] and reply["generation"] == 2
    assert any(re.match(re.escape(str(daemon.conf_path)) + r":1:\d+: error unknown-key", line)
               for line in reply["told"]), reply
    text = causeway("reload", "--socket", daemon.socket)
    assert text.code == 1
    assert "listen" in text.out and "refused: generation 2 is served on" in text.out
    assert told(daemon, "status", code=1)["last_load"]["accepted"] is False
    daemon.wait_log(rf"control: uid {os.getuid()}, pid \d+: reload")


def test_reloads_asked_for_at_once_all_end(daemon):
    at = [{"address": daemon.at[0], "port": daemon.at[1], "as": "vpc-1"}]
    replies, lock = [], threading.Lock()

    def client(number):
        daemon_reply = told(daemon, "reload")
        with lock:
            replies.append(daemon_reply["generation"])

    daemon.write(conf_with_socket(daemon.socket, listeners=at, workers=2, zones=[
        zone("a.example", "www.a.example 60 A 10.0.0.3")]))
    threads = [threading.Thread(target=client, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 12 and min(replies) >= 2
    assert data(ask(daemon.at, "www.a.example")) == ["10.0.0.3"]


def test_lookup_and_flush_see_the_cache_of_the_daemon(world):
    upstream = world.add(fake.Fake(ttl=3600))
    daemon = world.daemon(conf_with_socket(
        world.dir / "ctl.sock", rules=[forward("rr-up", "up.example", upstream.target)]))
    daemon.socket = world.dir / "ctl.sock"
    reply = told(daemon, "lookup", "www.a.example", "--from", "vpc-1")
    assert [line.split() for line in reply["answer"]] == [
        ["www.a.example.", "60", "IN", "A", "10.0.0.1"]]
    assert told(daemon, "lookup", "x.a.example", "A", "--from", "10.1.0.9", code=1)[
        "rcode"] == "NXDOMAIN"

    reply = told(daemon, "lookup", "www.up.example", "--from", "vpc-1", code=1)
    assert reply["rcode"] is None and reply["upstream"]["resolver_rule"] == "rr-up"
    text = causeway("lookup", "www.up.example", "--from", "vpc-1", "--socket", daemon.socket)
    assert text.code == 1 and "is not in the cache" in text.out
    for name in ("www.up.example", "sub.www.up.example", "other.up.example"):
        assert rcode(ask(daemon.at, name)) == "NOERROR"
    reply = told(daemon, "lookup", "www.up.example", "--from", "vpc-1")
    assert reply["upstream"] is None and len(reply["answer"]) == 1

    assert told(daemon, "flush", "WWW.up.example")["flushed"] == 1
    told(daemon, "lookup", "www.up.example", "--from", "vpc-1", code=1)
    told(daemon, "lookup", "sub.www.up.example", "--from", "vpc-1")
    assert told(daemon, "flush", "--subtree", "up.example")["flushed"] == 2
    told(daemon, "lookup", "other.up.example", "--from", "vpc-1", code=1)
    daemon.wait_log(r"control: uid \d+, pid \d+: flush up.example subtree")


def health_conf(path, listeners=None):
    conf = conf_with_socket(path, listeners=listeners, zones=[zone("h.example", record_sets=[
        {"name": "x.h.example", "type": "A", "ttl": 60, "set_identifier": "p",
         "failover": "PRIMARY", "values": ["10.0.0.1"], "health_check": "alarm"},
        {"name": "x.h.example", "type": "A", "ttl": 60, "set_identifier": "s",
         "failover": "SECONDARY", "values": ["10.0.0.2"]}])])
    conf["health_checks"] = [
        {"id": "alarm", "type": "EXTERNAL"},
        {"id": "port", "type": "TCP", "ip_address": "127.0.0.1", "port": free_port(),
         "request_interval": "100ms", "failure_threshold": 1}]
    return conf


def test_an_external_check_is_as_said_on_the_socket(world):
    path = world.dir / "ctl.sock"
    conf = health_conf(path)
    daemon = world.daemon(conf)
    daemon.socket = path
    assert data(daemon.ask("x.h.example")) == ["10.0.0.1"]
    told(daemon, "health", "alarm", "unhealthy")
    assert data(daemon.ask("x.h.example")) == ["10.0.0.2"]
    assert told(daemon, "health", "alarm", code=1)["health_checks"][0]["said"] == "unhealthy"
    # what was said outlives a reload
    told(daemon, "reload")
    assert data(daemon.ask("x.h.example")) == ["10.0.0.2"]
    assert "alarm" in told(daemon, "status")["health_checks"]["ids"]
    # and is taken back
    told(daemon, "health", "alarm", "default")
    assert data(daemon.ask("x.h.example")) == ["10.0.0.1"]
    wait_until("the port was found closed", lambda: causeway(
        "health", "port", "--socket", path).code == 1)
    (check,) = told(daemon, "health", "port", code=1)["health_checks"]
    assert check["type"] == "TCP" and check["why"] and not check["healthy"]
    text = causeway("health", "--socket", path)
    assert text.code == 1
    assert "alarm\tEXTERNAL\thealthy\n" in text.out and "port\tTCP\tunhealthy\t" in text.out
    assert "not of type EXTERNAL" in told(daemon, "health", "port", "healthy", code=2)["error"]
    assert "no health_check" in told(daemon, "health", "none", code=2)["error"]
    told(daemon, "health", "alarm", "ill", code=2)


MISTAKES = [
    (["flush"], "too few"), (["flush", "a b.example"], "printable"), (["flush", "a..b"], "no domain"),
    (["lookup", "a.example"], "--from"), (["lookup", "a.example", "NOTYPE", "--from", "vpc-1"],
                                          "no record type"),
    (["lookup", "a.example", "--from", "vpc-2"], "vpc-2"), (["status", "now"], "too many"),
    (["status", "--subtree"], "bad option"), (["status", "--format", "xml"], "xml"),
]


@pytest.mark.parametrize("words, says", MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES])
def test_mistakes_on_the_command_line_are_told(daemon, words, says):
    result = causeway(*words, "--socket", daemon.socket)
    assert result.code == USAGE, result
    assert says in result.err and not result.out


def test_no_daemon_is_code_three(tmp_path):
    for path in (tmp_path / "none.sock", tmp_path):
        result = causeway("status", "--socket", path)
        assert result.code == UNREACHED and "no daemon answers" in result.err
    assert causeway("status", "--socket", "/tmp/" + "x" * 200).code == USAGE


def test_the_socket_is_for_its_owner_and_group_and_goes_with_the_daemon(world):
    path = world.dir / "ctl.sock"
    daemon = world.daemon(conf_with_socket(path))
    mode = os.stat(path)
    assert stat.S_ISSOCK(mode.st_mode) and stat.S_IMODE(mode.st_mode) == 0o660
    assert mode.st_uid == os.geteuid()
    daemon.stop()
    assert not path.exists()


def test_a_stale_socket_is_replaced_and_nothing_else(world):
    path = world.dir / "ctl.sock"
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(path))       # nobody listens there any more
    daemon = world.daemon(conf_with_socket(path))
    daemon.socket = path
    told(daemon, "status")
    # a second daemon leaves the first one's alone, and serves without
    second = world.daemon(conf_with_socket(path))
    second.wait_log("no control socket: .*another daemon")
    assert told(daemon, "status")["pid"] == daemon.pid
    second.stop()
    assert told(daemon, "status")["pid"] == daemon.pid
    # nor is a file replaced
    path = world.dir / "precious"
    path.write_text("precious")
    third = world.daemon(conf_with_socket(path))
    third.wait_log("no control socket: .*no socket")
    assert path.read_text() == "precious"


def test_after_a_crash_the_next_daemon_takes_its_place(world):
    path = world.dir / "ctl.sock"
    first = world.daemon(conf_with_socket(path))
    first.signal(signal.SIGKILL)
    first.process.wait()
    world.things.remove(first)
    assert path.exists()
    second = world.daemon(conf_with_socket(path), name="second")
    second.socket = path
    assert told(second, "status")["pid"] == second.pid


@pytest.fixture
def open_folder():
    """One that other users can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder


def as_user(uid, gid, groups=()):
    supplementary = ["--groups", ",".join(map(str, groups))] if groups else ["--clear-groups"]
    return ["setpriv", "--reuid", str(uid), "--regid", str(gid), *supplementary, "--"]


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes other users")
def test_others_get_nothing_whatever_the_mode_has_become(world, open_folder):
    path = open_folder / "ctl.sock"
    os.chown(open_folder, 65534, 65534)
    daemon = world.daemon(conf_with_socket(path, user="nobody"))
    daemon.socket = path
    owner = os.stat(path)
    assert (owner.st_uid, owner.st_gid, stat.S_IMODE(owner.st_mode)) == (65534, 65534, 0o660)
    # the program may lie where others cannot read it: the protocol is simple enough
    # who is refused is so before he has said anything
    ask_it = [sys.executable, "-c", """
import contextlib, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
with contextlib.suppress(BrokenPipeError):
    s.sendall(b"causeway1 stats\\n")
with contextlib.suppress(ConnectionResetError):
    sys.stdout.write(s.recv(65536).decode())
""", path]
    assert "PermissionError" in run(*as_user(12345, 12345), *ask_it).err
    os.chmod(path, 0o666)
    reply = json.loads(run(*as_user(12345, 12345), *ask_it).out)
    assert reply["exit"] == 3 and "only root" in reply["error"] and "resolver" not in reply
    daemon.wait_log("control: uid 12345, pid [0-9]+ was refused")
    for who in (as_user(65534, 65534), as_user(12345, 65534), as_user(12345, 12345, [65534])):
        assert json.loads(run(*who, *ask_it).out)["exit"] == 0
    told(daemon, "status")      # root


HOSTILE = {
    "nothing": b"", "newline": b"\n", "garbage": os.urandom(100), "zeros": b"\0" * 5000,
    "http": b"POST /reload HTTP/1.1\r\nHost: a\r\n\r\n", "huge": b"causeway1 " + b"a" * 10_000_000,
    "other version": b"causeway9 status\n", "no verb": b"causeway1\n",
    "unknown verb": b"causeway1 destroy\n", "too many words": b"causeway1 flush a b c d e f g\n",
    "percent": b"causeway1 flush %s%n%s%n subtrees\n", "json": b'{"verb": "reload"}\n',
    "cut": b"causeway1 relo", "two": b"causeway1 status\ncauseway1 reload\n",
    "escape": b'causeway1 health "},"exit":0,"a":"\n',
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_request_gets_an_error_or_nothing(daemon, octets):
    reply = raw(daemon.socket, octets, shut=True)
    if reply:
        parsed = json.loads(reply)
        assert reply.count(b"\n") == 1 and reply.endswith(b"\n")
        if not octets.startswith(b"causeway1 status\n"):
            assert parsed["exit"] == 2 and parsed["error"]
    assert told(daemon, "status")["generation"] == 1


def test_many_and_slow_clients_neither_stop_the_daemon_nor_each_other(daemon):
    """Far more connections than there are places, none of which says a whole request."""
    with contextlib.ExitStack() as stack:
        for number in range(200):
            s = stack.enter_context(socket.socket(socket.AF_UNIX))
            s.setblocking(False)
            if s.connect_ex(str(daemon.socket)):    # the queue is full
                break
            with contextlib.suppress(OSError):
                s.send(b"causeway1 sta"[:number % 14])
        assert number >= 16
        assert data(ask(daemon.at, "www.a.example")) == ["10.0.0.1"]
        # their time ends, and somebody who asks has his turn
        wait_until("status is told", lambda: causeway(
            "status", "--socket", daemon.socket).code == 0)
    for _ in range(300):        # come and gone
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(daemon.socket))
            s.send(b"causeway1 stats\n")
    told(daemon, "status")


@pytest.mark.tsan
def test_commands_race_with_nothing(world):
    path = world.dir / "ctl.sock"
    conf = health_conf(path)
    conf["server"]["workers"] = 2
    daemon = world.daemon(conf)
    daemon.socket = path
    at, ending, problems = listener(conf), threading.Event(), []

    def client():
        try:
            while not ending.is_set():
                assert len(data(ask(at, "x.h.example"))) == 1
        except Exception as e:
            problems.append(repr(e))

    def operator(words, code=None):
        try:
            while not ending.is_set():
                result = causeway(*words, "--socket", path)
                assert result.code in (0, 1), result
        except Exception as e:
            problems.append(repr(e))

    threads = [threading.Thread(target=client) for _ in range(2)]
    threads += [threading.Thread(target=operator, args=(words,)) for words in (
        ["stats"], ["status"], ["flush", "--subtree", "."], ["health", "alarm", "unhealthy"],
        ["lookup", "x.h.example", "--from", "vpc-1"])]
    for thread in threads:
        thread.start()
    try:
        for _ in range(15):
            told(daemon, "reload")
            told(daemon, "health", "alarm", "default")
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    assert not problems, problems
