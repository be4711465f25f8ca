"""Start, reload, stop; what the service manager hears; what a broken configuration does."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import tempfile
import threading
import time

import dns.message
import pytest

import fake
from client import (Stream, ask, connect_udp, data, exchange_raw, extended_errors, question,
                    rcode, records)
from estates import estate, forward, listen, zone
from peers import LIMIT, listener, wait_until
from programs import causeway, check


def generation(number, listeners=None, **more):
    """An estate whose every answer tells its generation twice: a CNAME in one zone names
    it, and the other zone has an address of that name only."""
    return estate(
        listeners=listeners, **more,
        zones=[zone("a.example", f"www.a.example 60 CNAME g{number}.b.example."),
               zone("b.example", f"g{number}.b.example 60 A 10.0.{number >> 8}.{number & 255}")])


def generation_of(reply):
    """The generation of an answer, which has to be of one only."""
    assert rcode(reply) == "NOERROR", records(reply)
    (alias,) = data(reply, "CNAME")
    (address,) = data(reply)
    number = int(re.fullmatch(r"g(\d+)\.b\.example\.", alias).group(1))
    assert address == f"10.0.{number >> 8}.{number & 255}", records(reply)
    return number


def seen_everywhere(at, number):
    """Do all workers serve this generation?  64 ports reach all of two or three."""
    def seen():
        return all(generation_of(ask(at, "www.a.example")) == number for _ in range(64))
    return seen


class Load:
    """Clients that ask without pause, each a socket and one question at a time."""

    def __init__(self, at, clients=6):
        self.at = at
        self.current = 1        # the oldest generation that may be seen
        self.newest = 1         # the newest
        self.answers, self.problems = [0] * clients, []
        self.ending = False
        self.threads = [threading.Thread(target=self._client, args=(n,))
                        for n in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending = True
        for thread in self.threads:
            thread.join()

    @property
    def count(self):
        return sum(self.answers)

    def _client(self, number):
        tcp = number == 0
        try:
            with contextlib.ExitStack() as stack:
                if tcp:
                    stream = stack.enter_context(Stream(self.at))
                while not self.ending:
                    query = question("www.a.example")
                    oldest = self.current
                    if tcp:
                        stream.send(stream.framed(query.to_wire()))
                        reply = stream.receive()
                    else:
                        # a new port now and then reaches the other workers too
                        if self.answers[number] % 50 == 0:
                            s = stack.enter_context(connect_udp(self.at))
                        s.send(query.to_wire())
                        reply = dns.message.from_wire(s.recv(65535))
                    assert reply.id == query.id
                    seen = generation_of(reply)
                    assert oldest <= seen <= self.newest, (oldest, seen, self.newest)
                    self.answers[number] += 1
        except Exception as e:      # told by the test, not by a thread that dies unheard
            self.problems.append(f"client {number}: {e!r}")


def test_reloads_under_load_lose_no_query_and_mix_no_generations(world):
    conf = generation(1, workers=2)
    daemon = world.daemon(conf)
    with Load(daemon.at) as load:
        for number in range(2, 22):
            load.newest = number
            daemon.reload(generation(number, conf["server"]["listen"], workers=2))
            before = load.count
            wait_until(f"generation {number} is served", seen_everywhere(daemon.at, number))
            load.current = number
            wait_until("the load has gone on", lambda: load.problems or load.count > before + 100)
            assert not load.problems
        wait_until("enough was asked", lambda: load.problems or load.count >= 5000)
    assert not load.problems
    assert load.count >= 5000


def test_reloads_faster_than_they_are_carried_out_end_with_the_last(world):
    conf = generation(1, workers=2)
    daemon = world.daemon(conf)
    for number in range(2, 60):
        daemon.reload(generation(number, conf["server"]["listen"], workers=2))
    wait_until("the last one is served", seen_everywhere(daemon.at, 59))


BROKEN = {
    "not YAML": ("server: [\n", None),
    "unknown key": ("vpcs:\n  - {id: v, cidr_block: [10.0.0.0/8]}\n", "cidr_blocks"),
    "dangling reference": (
        "vpcs:\n  - {id: vpc-1, region: r, cidr_blocks: [10.1.0.0/16]}\n"
        "hosted_zones:\n  - {id: Z1, name: a.example, vpcs: [vpc-2]}\n", "vpc-2"),
    "bad address": ("vpcs:\n  - {id: vpc-1, region: r, cidr_blocks: [10.1.0.0/33]}\n",
                    "10.1.0.0/33"),
    "empty": ("", None),
}


@pytest.mark.parametrize("text, says", BROKEN.values(), ids=BROKEN)
def test_a_bad_new_configuration_changes_nothing_and_its_place_is_in_the_log(world, text, says):
    conf = generation(1, workers=2)
    daemon = world.daemon(conf)
    start = daemon.reload(text)
    pattern = re.escape(str(daemon.conf_path))
    if text:
        pattern += r":\d+:\d+: error"
    daemon.wait_log(pattern, start)
    if says:
        daemon.wait_log(re.escape(says), start)
    assert seen_everywhere(daemon.at, 1)()
    # and the daemon goes on from there
    daemon.reload(generation(2, conf["server"]["listen"], workers=2))
    wait_until("the good one is served", seen_everywhere(daemon.at, 2))


def test_a_bad_zone_file_changes_nothing_and_its_place_is_in_the_log(world):
    path = world.dir / "a.zone"
    good = "@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN NS ns\nwww 60 IN A 10.0.0.1\n"
    path.write_text(good)
    daemon = world.daemon(estate(zones=[zone("a.example", zone_file=str(path))]))
    path.write_text(good + "new 60 IN A 10.0.0.2\nwww 60 IN A 10.0.0.300\n")
    start = daemon.reload()
    daemon.wait_log(re.escape(f"{path}:5:") + r"\d+: error", start)
    assert data(daemon.ask("www.a.example")) == ["10.0.0.1"]
    assert rcode(daemon.ask("new.a.example")) == "NXDOMAIN"
    path.write_text(good + "new 60 IN A 10.0.0.2\n")
    daemon.reload()
    wait_until("the new record is served",
               lambda: data(daemon.ask("new.a.example")) == ["10.0.0.2"])


def is_closed(at):
    """Nobody listens there any more, neither UDP nor TCP."""
    def closed():
        try:
            exchange_raw(at, question("localhost").to_wire(), timeout=0.2)
            return False
        except ConnectionRefusedError:
            pass
        except OSError:     # a reply that is late is not a closed port
            return False
        try:
            Stream(at).socket.close()
        except ConnectionRefusedError:
            return True
        return False
    return closed


def test_a_reload_opens_and_closes_listeners(world):
    first, second = listen("vpc-1"), listen("vpc-1")
    daemon = world.daemon(generation(1, [first], workers=2))
    added = second["address"], second["port"]
    assert is_closed(added)()
    with Load(daemon.at) as load:
        load.newest = 2
        daemon.reload(generation(2, [first, second], workers=2))
        wait_until("the new one is served at the old port", seen_everywhere(daemon.at, 2))
        wait_until("the new port answers", lambda: not is_closed(added)())
        for tcp in (False, True):
            assert generation_of(ask(added, "www.a.example", tcp=tcp)) == 2
        load.newest = 3
        daemon.reload(generation(3, [first], workers=2))
        wait_until("the added port is closed", is_closed(added))
        wait_until("the old port has the newest", seen_everywhere(daemon.at, 3))
        assert not load.problems
    assert not load.problems


def test_a_listener_that_cannot_be_opened_changes_nothing(world):
    """192.0.2.1 is not an address of this machine."""
    first = listen("vpc-1")
    daemon = world.daemon(generation(1, [first]))
    start = daemon.reload(generation(2, [first, listen("vpc-1", "192.0.2.1")]))
    daemon.wait_log(r"192\.0\.2\.1", start)
    assert seen_everywhere(daemon.at, 1)()
    daemon.reload(generation(3, [first]))
    wait_until("the good one is served", seen_everywhere(daemon.at, 3))


def test_a_reload_that_swaps_what_a_listener_stands_for(world):
    conf = estate(listeners=[listen("vpc-1")], workers=2,
                  vpcs=[{"id": f"vpc-{n}", "region": "eu-west-1", "enable_dns_hostnames": True,
                         "cidr_blocks": [f"10.{n}.0.0/16"]} for n in (1, 2)],
                  zones=[zone("my.example", f"my.example 60 A 10.{n}.0.1", id=f"Z{n}",
                              networks=[f"vpc-{n}"]) for n in (1, 2)])
    daemon = world.daemon(conf)
    assert data(daemon.ask("my.example")) == ["10.1.0.1"]
    conf["server"]["listen"][0]["as"] = "vpc-2"
    daemon.reload(conf)
    wait_until("it stands for vpc-2", lambda: data(daemon.ask("my.example")) == ["10.2.0.1"])


# --- the end

class Notify:
    """The service manager's side of sd_notify(3)."""

    def __init__(self):
        # a short path: that of a UNIX socket has 107 octets at most
        self.dir = tempfile.TemporaryDirectory(prefix="cw-")
        self.path = str(pathlib.Path(self.dir.name) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(LIMIT)
        self.env = {"NOTIFY_SOCKET": self.path}

    def wait(self, word, skip=("WATCHDOG=1", "STATUS=")):
        """The next message; it must hold `word`.  Those of `skip` are passed over."""
        while True:
            lines = self.socket.recv(65536).decode().splitlines()
            if word in lines:
                return lines
            assert all(line.startswith(tuple(skip)) for line in lines), (word, lines)

    def close(self):
        self.socket.close()
        self.dir.cleanup()


@pytest.fixture
def notify(world):
    return world.add(Notify())


def test_the_service_manager_is_told(world, notify):
    conf = generation(1)
    daemon = world.daemon(conf, notify.env)
    notify.wait("READY=1")
    for number in (2, 3):
        daemon.reload(generation(number, conf["server"]["listen"]))
        now = time.monotonic_ns() // 1000
        lines = notify.wait("RELOADING=1")
        (stamp,) = [line for line in lines if line.startswith("MONOTONIC_USEC=")]
        assert abs(int(stamp.partition("=")[2]) - now) < LIMIT * 1_000_000
        notify.wait("READY=1")
        wait_until("it is served", seen_everywhere(daemon.at, number))
    daemon.reload("server: [")      # a failure too has to end the reload
    notify.wait("RELOADING=1")
    notify.wait("READY=1")
    daemon.signal(signal.SIGTERM)
    notify.wait("STOPPING=1")
    assert daemon.wait() == 0


def test_ready_is_said_when_queries_are_answered_not_before(world, notify):
    conf = generation(1)
    daemon = world.daemon(conf, start=False)
    daemon.spawn(notify.env)
    notify.wait("READY=1")
    for tcp in (False, True):
        assert generation_of(daemon.ask("www.a.example", tcp=tcp)) == 1


def test_the_watchdog_is_fed_at_least_twice_as_often_as_asked(world, notify):
    """Every worker is seen to move for it; so it goes on while there is no traffic."""
    conf = generation(1, workers=2)
    daemon = world.daemon(conf, {**notify.env, "WATCHDOG_USEC": "1000000"})
    notify.wait("READY=1")
    notify.wait("WATCHDOG=1", skip=["STATUS="])
    start = time.monotonic()
    for _ in range(6):
        notify.wait("WATCHDOG=1", skip=["STATUS="])
    assert time.monotonic() - start < 6 * 1.0
    assert not daemon.ended()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_flight_is_answered_before_the_end(world, notify, number):
    upstream = world.add(fake.Fake())
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"timeout": "30s", "tries": 1}, workers=2), notify.env)
    upstream.hold()
    query = question("a.dc.example")
    with connect_udp(daemon.at) as udp, Stream(daemon.at) as tcp:
        try:
            udp.send(query.to_wire())
            tcp.send(tcp.framed(question("b.dc.example").to_wire()))
            wait_until("both are asked upstream", lambda: upstream.count() >= 2)
            daemon.signal(number)
            notify.wait("READY=1")
            notify.wait("STOPPING=1")
        finally:
            upstream.release()
        reply = dns.message.from_wire(udp.recv(65535))
        assert reply.id == query.id and data(reply) == ["192.0.2.1"]
        assert data(tcp.receive()) == ["192.0.2.1"]
    assert daemon.wait() == 0


def test_the_end_does_not_wait_for_ever(world):
    """An upstream that never answers, and connections that stay open."""
    upstream = world.add(fake.Fake(lambda query, over: None))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"timeout": "1s", "tries": 2}))
    with connect_udp(daemon.at) as udp, Stream(daemon.at) as idle, Stream(daemon.at) as half:
        udp.send(question("a.dc.example").to_wire())
        half.send(b"\0")
        wait_until("it is asked upstream", upstream.count)
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0
        assert idle.at_end()


def test_a_second_signal_ends_it_at_once(world, notify):
    upstream = world.add(fake.Fake(lambda query, over: None))
    daemon = world.daemon(estate(rules=[forward("rr-1", "dc.example", upstream.target)],
                                 upstream={"timeout": "60s", "tries": 3}), notify.env)
    with connect_udp(daemon.at) as udp:
        udp.send(question("a.dc.example").to_wire())
        wait_until("it is asked upstream", upstream.count)
        daemon.signal(signal.SIGTERM)
        notify.wait("READY=1")
        notify.wait("STOPPING=1")
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0


# --- the kept snapshot

def kept(world, number=1, **more):
    """A configuration that keeps its snapshot, and where."""
    path = world.dir / "estate.cws"
    return generation(number, snapshot={"file": str(path)}, **more), path


def test_a_broken_configuration_is_replaced_by_the_kept_snapshot(world):
    conf, path = kept(world)
    first = world.daemon(conf)
    wait_until("the snapshot is kept", path.exists)
    first.stop()
    assert not first.failures

    # broken behind the server section, which therefore says where the snapshot is
    conf["hosted_zones"][0]["vpcs"] = ["vpc-nowhere"]
    second = world.daemon(conf)
    assert generation_of(second.ask("www.a.example")) == 1
    assert re.search(re.escape(str(second.conf_path)) + r":\d+:\d+: error", second.log)
    assert "vpc-nowhere" in second.log and str(path) in second.log
    # mended, it is taken up
    second.reload(generation(2, conf["server"]["listen"], snapshot={"file": str(path)}))
    wait_until("the mended one is served", seen_everywhere(second.at, 2))


def test_an_image_named_on_the_command_line_is_served_without_any_configuration(world):
    """causewayd -s: what compile wrote, on a machine where the configuration is gone."""
    conf, _ = kept(world)
    source, image = world.dir / "source.yaml", world.dir / "given.cws"
    source.write_text(json.dumps(conf))
    assert causeway("compile", "-c", source, "-o", image).code == 0
    source.unlink()
    daemon = world.daemon(source, at=listener(conf), arguments=["-s", image])
    assert generation_of(daemon.ask("www.a.example")) == 1
    assert str(source) in daemon.log and str(image) in daemon.log


def test_each_good_reload_is_kept(world):
    conf, path = kept(world)
    daemon = world.daemon(conf)
    wait_until("the snapshot is kept", path.exists)
    before = path.stat().st_ino, path.read_bytes()
    daemon.reload({**generation(2, conf["server"]["listen"]), "server": conf["server"]})
    wait_until("the new one is kept", lambda: path.read_bytes() != before[1])
    assert path.stat().st_ino != before[0]      # replaced by rename, never rewritten
    start = daemon.reload("hosted_zones: [\n")
    after = path.read_bytes()
    daemon.wait_log("error", start)
    assert path.read_bytes() == after
    assert [p.name for p in path.parent.glob("*estate*")] == ["estate.cws"]


def test_the_end_does_not_cut_off_the_keeping(world, notify):
    """A stop right behind READY, while a large image is being written: it is kept, and no
    half of one stays beside it."""
    large = world.dir / "large.zone"
    with open(large, "w") as f:
        f.write("$TTL 60\n@ IN SOA ns h 1 2 3 4 5\n@ IN NS ns\n")
        f.writelines(f"n{i} IN A 10.0.0.1\n" for i in range(100_000))
    conf, path = kept(world)
    conf["hosted_zones"].append(zone("large.example", zone_file=str(large)))
    daemon = world.daemon(conf, start=False)
    daemon.spawn(notify.env)
    notify.wait("READY=1")
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    assert [p.name for p in path.parent.glob("estate*")] == ["estate.cws"]


def damage_half(octets):
    return octets[:len(octets) // 2]


def damage_flip(octets):
    at = len(octets) * 2 // 3
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1:]


@pytest.mark.parametrize("damage", [damage_half, damage_flip, lambda octets: b"",
                                    lambda octets: os.urandom(len(octets)), None],
                         ids=["truncated", "flipped", "empty", "random", "absent"])
def test_without_configuration_and_good_snapshot_it_does_not_start(world, damage):
    conf, path = kept(world)
    first = world.daemon(conf)
    wait_until("the snapshot is kept", path.exists)
    first.stop()
    if damage:
        path.write_bytes(damage(path.read_bytes()))
    else:
        path.unlink()
    conf["hosted_zones"][0]["vpcs"] = ["vpc-nowhere"]
    second = world.daemon(conf, start=False)
    second.spawn()
    assert second.wait() in (2, 3)
    second.ends_with = {2, 3}
    assert "vpc-nowhere" in second.log and str(path) in second.log


def test_a_damaged_snapshot_does_not_hinder_a_good_configuration(world):
    conf, path = kept(world)
    path.write_bytes(b"not a snapshot")
    daemon = world.daemon(conf)
    assert generation_of(daemon.ask("www.a.example")) == 1
    wait_until("it is replaced", lambda: path.read_bytes() != b"not a snapshot")


# --- the start

def test_a_port_that_is_taken_ends_the_start(world):
    conf = generation(1)
    at = listener(conf)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.bind(at)
        s.listen(1)
        daemon = world.daemon(conf, start=False)
        daemon.spawn()
        assert daemon.wait() in (2, 3, 4)
        daemon.ends_with = {2, 3, 4}
    assert str(at[1]) in daemon.log


def test_check_says_whether_the_configuration_would_serve(world):
    """Without opening a listener: here the port is taken."""
    conf = generation(1)
    daemon = world.daemon(conf)
    good = check(daemon.conf_path)
    assert good.code == 0, good.text
    daemon.write("server: [\n")
    bad = check(daemon.conf_path)
    assert bad.code == 2
    assert re.search(re.escape(str(daemon.conf_path)) + r":\d+:\d+: error", bad.text)
    assert extended_errors(daemon.ask("nowhere.example"))    # and it goes on


def test_two_workers_both_answer(world):
    """Each has its own sockets; 64 ports reach both, and both keep serving TCP."""
    daemon = world.daemon(generation(1, workers=2))
    assert seen_everywhere(daemon.at, 1)()
    streams = [Stream(daemon.at) for _ in range(16)]
    try:
        for stream in streams:
            stream.send(stream.framed(question("www.a.example").to_wire()))
        assert {generation_of(stream.receive()) for stream in streams} == {1}
    finally:
        for stream in streams:
            stream.socket.close()
    threads = os.listdir(f"/proc/{daemon.pid}/task")
    assert len(threads) >= 3        # control and two workers
