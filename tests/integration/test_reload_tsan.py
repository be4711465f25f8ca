"""200 reloads while several threads ask: meant for the build with ThreadSanitizer, whose
reports fail the test at its end like those of any test; valid with a plain build."""
import threading

import dns.message
import pytest

import fake
from client import Stream, ask, connect_udp, data, question, rcode
from estates import estate, forward, listen, zone
from peers import wait_until

pytestmark = pytest.mark.tsan

RELOADS = 200


def conf_of(number, listeners, upstream, snapshot):
    """Each generation has another zone content; every third another rule, every fifth
    another listener, every seventh is broken."""
    conf = estate(
        zones=[zone("gen.example", f'gen.example 60 TXT "{number}"'),
               zone("same.example", "www.same.example 60 A 10.0.0.1")],
        rules=[forward("rr-same", "same-rule.example", upstream.target),
               forward(f"rr-{number // 3}", f"r{number // 3}.example", upstream.target)],
        listeners=listeners[:2] if number % 5 == 0 else listeners[:1],
        workers=2, snapshot={"file": str(snapshot)}, upstream={"timeout": "5s", "tries": 2})
    if number % 7 == 0:
        conf["hosted_zones"][1]["vpcs"] = ["vpc-nowhere"]
    return conf


def test_reloads_race_with_nothing(world):
    upstream = world.add(fake.Fake(ttl=1))
    listeners = [listen("vpc-1"), listen("vpc-1")]
    snapshot = world.dir / "estate.cws"
    daemon = world.daemon(conf_of(1, listeners, upstream, snapshot))
    ending, problems, count = threading.Event(), [], [0] * 4

    def client(number):
        try:
            while not ending.is_set():
                with connect_udp(daemon.at) as udp, Stream(daemon.at) as tcp:
                    for i in range(25):
                        for name, rdtype in ((f"n{i}.same-rule.example", "A"),
                                             ("gen.example", "TXT"),
                                             ("www.same.example", "A"),
                                             (f"x.r{i}.example", "A")):
                            query = question(name, rdtype)
                            if i % 5 == 4:
                                tcp.send(tcp.framed(query.to_wire()))
                                reply = tcp.receive()
                            else:
                                udp.send(query.to_wire())
                                reply = dns.message.from_wire(udp.recv(65535))
                            assert reply.id == query.id
                            if not name.startswith("x."):
                                assert rcode(reply) == "NOERROR" and reply.answer, reply
                            count[number] += 1
        except Exception as e:      # told by the test, not by a thread that dies unheard
            problems.append(repr(e))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(len(count))]
    for thread in threads:
        thread.start()
    try:
        for number in range(2, RELOADS + 2):
            start = daemon.reload(conf_of(number, listeners, upstream, snapshot))
            if number % 7 == 0:
                daemon.wait_log("vpc-nowhere", start)
                continue
            wait_until(f"generation {number} is served", lambda: problems or data(
                ask(daemon.at, "gen.example", "TXT"), "TXT") == [f'"{number}"'])
            assert not problems
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    assert not problems and min(count) > 100
