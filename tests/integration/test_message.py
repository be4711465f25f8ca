"""What the message itself asks for: EDNS options, cookies, class CH."""
import re
import socket
import struct
import subprocess

import dns.edns
import dns.message
import dns.rdatatype
import pytest

from client import Stream, ask, data, exchange_raw, extended_errors, question, rcode
from estates import estate, forward, listen, zone
from peers import LIMIT

NSID, COOKIE, KEEPALIVE = 3, 10, 11
CLIENT = bytes.fromhex("2464c4abcf10c957")
SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf"
OTHER = "445536bcd2513298075a5d379663c962"
CLOUD = zone("cloud.example", "www.cloud.example 60 A 10.1.0.20")


def configuration(port=None, **server):
    return estate(zones=[CLOUD], listeners=[listen("vpc-1", port=port)], **server)


@pytest.fixture(scope="module")
def daemon(shared_world):
    """One that says who it is."""
    return shared_world.daemon(configuration(
        identity="ns1.example", version="causeway, of course", cookie_secrets=[SECRET]))


@pytest.fixture(scope="module")
def silent(shared_world):
    """One that says nothing about itself, and has a secret of its own."""
    return shared_world.daemon(configuration())


def ask_with(server, *options, tcp=False, name="www.cloud.example"):
    """options: (code, octets); the reply, which must be an answer or a format error."""
    given = [dns.edns.GenericOption(code, octets) for code, octets in options]
    reply = ask(server, name, tcp=tcp, options=given)
    if rcode(reply) == "NOERROR":
        assert data(reply) == ["10.1.0.20"]
    else:
        assert rcode(reply) == "FORMERR" and not reply.answer
    return reply


def told(reply):
    """{code: octets} of the reply's options, none of them twice."""
    options = [(int(o.otype), o.data) for o in reply.options]
    assert len(dict(options)) == len(options)
    return dict(options)


# --- options

TOLD = [
    # options asked with, over TCP, what is told
    ([], False, {}),
    ([], True, {}),
    ([(NSID, b"")], False, {NSID: b"ns1.example"}),
    ([(NSID, b"ignored")], True, {NSID: b"ns1.example"}),
    ([(KEEPALIVE, b"")], True, {KEEPALIVE: struct.pack("!H", 100)}),
    ([(KEEPALIVE, b"")], False, {}),
    ([(KEEPALIVE, b"\0\1")], False, {}),
    ([(8, bytes.fromhex("000118000a0000"))], False, {}),        # client subnet: not ours
    ([(12, bytes(100))], True, {}),                             # padding
    ([(65001, b"local use")], False, {}),
    ([(65001, b""), (NSID, b""), (KEEPALIVE, b"")], True,
     {NSID: b"ns1.example", KEEPALIVE: struct.pack("!H", 100)}),
]


@pytest.mark.parametrize("options, tcp, want", TOLD)
def test_options_are_answered(daemon, options, tcp, want):
    reply = ask_with(daemon.at, *options, tcp=tcp)
    assert rcode(reply) == "NOERROR" and told(reply) == want


@pytest.mark.parametrize("options, tcp", [
    ([(KEEPALIVE, b"\0\1")], True),
    ([(KEEPALIVE, b"\1")], True),
    ([(COOKIE, b"")], False),
    ([(COOKIE, CLIENT[:7])], False),
    ([(COOKIE, CLIENT + bytes(1))], False),
    ([(COOKIE, CLIENT + bytes(7))], True),
    ([(COOKIE, CLIENT + bytes(33))], True),
    ([(COOKIE, CLIENT), (COOKIE, b"1")], False),
])
def test_options_that_cannot_be_are_a_format_error(daemon, options, tcp):
    reply = ask_with(daemon.at, *options, tcp=tcp)
    assert rcode(reply) == "FORMERR" and told(reply) == {}


def test_who_says_nothing_tells_no_identity(silent):
    assert told(ask_with(silent.at, (NSID, b""))) == {}


def test_without_edns_there_are_no_options(daemon):
    assert ask(daemon.at, "www.cloud.example", edns=False).edns == -1


def test_the_keepalive_time_is_kept(daemon):
    """A session is still open when half of what was announced has passed: not tested by
    waiting, but by the session going on after the option."""
    with Stream(daemon.at) as stream:
        query = question("www.cloud.example", options=[dns.edns.GenericOption(KEEPALIVE, b"")])
        for _ in range(3):
            stream.send(stream.framed(query.to_wire()))
            assert told(stream.receive())[KEEPALIVE] == b"\0\x64"


# --- cookies

def cookie_of(reply):
    cookie = told(reply)[COOKIE]
    assert len(cookie) == 24 and cookie[:8] == CLIENT
    assert cookie[8:12] == bytes([1, 0, 0, 0])
    return cookie


@pytest.mark.parametrize("tcp", [False, True])
def test_a_cookie_is_given_and_recognised(daemon, tcp):
    cookie = cookie_of(ask_with(daemon.at, (COOKIE, CLIENT), tcp=tcp))
    assert cookie_of(ask_with(daemon.at, (COOKIE, cookie), tcp=tcp)) == cookie
    forged = cookie[:-1] + bytes([cookie[-1] ^ 1])
    again = cookie_of(ask_with(daemon.at, (COOKIE, forged), tcp=tcp))
    assert again[:12] == cookie[:12] and again != forged
    foreign = CLIENT + bytes(range(32))
    assert cookie_of(ask_with(daemon.at, (COOKIE, foreign), tcp=tcp)) != foreign


def test_answers_that_are_forwarded_carry_cookies(world):
    """And none of the client's options goes to the upstream."""
    nsd = world.nsd({"dc.example": "$TTL 60\n@ IN SOA ns hostmaster 1 2 3 4 5\n@ IN NS ns\n"
                                   "ns IN A 192.168.0.53\nwww IN A 192.168.0.1\n"})
    daemon = world.daemon(estate(rules=[forward("rr-dc", "dc.example", nsd.at)],
                                 identity="ns1.example"))
    for _ in range(2):      # from the upstream, and from the cache
        reply = ask(daemon.at, "www.dc.example", options=[
            dns.edns.GenericOption(COOKIE, CLIENT), dns.edns.GenericOption(NSID, b"")])
        assert data(reply) == ["192.168.0.1"]
        cookie_of(reply)
        assert told(reply)[NSID] == b"ns1.example"


def test_a_cookie_is_learned_without_a_question(daemon):
    """RFC 7873, 5.4."""
    option = struct.pack("!HH", COOKIE, 8) + CLIENT
    query = (struct.pack("!6H", 7, 0x0100, 0, 0, 0, 1) +
             struct.pack("!BHHIH", 0, 41, 1232, 0, len(option)) + option)
    reply = dns.message.from_wire(exchange_raw(daemon.at, query))
    assert rcode(reply) == "NOERROR" and not reply.question
    cookie = cookie_of(reply)
    assert cookie_of(ask_with(daemon.at, (COOKIE, cookie))) == cookie


def test_dig_is_content_with_our_cookies(daemon):
    def dig(cookie):
        return subprocess.run(
            ["dig", f"@{daemon.at[0]}", "-p", str(daemon.at[1]), f"+cookie={cookie}", "+nsid",
             "www.cloud.example"], check=True, capture_output=True, text=True,
            timeout=LIMIT).stdout

    first = dig(CLIENT.hex())
    cookie = re.search(r"^; COOKIE: ([0-9a-f]{48}) \(good\)$", first, re.M).group(1)
    assert 'NSID: ' in first and '("ns1.example")' in first
    assert f"; COOKIE: {cookie} (good)" in dig(cookie)


def test_nsd_and_we_recognise_each_others_cookies(world, daemon):
    """RFC 9018: all that share a secret and an address are one server to a client."""
    nsd = world.nsd({"dc.example": "$TTL 60\n@ IN SOA ns hostmaster 1 2 3 4 5\n@ IN NS ns\n"
                                   "ns IN A 192.168.0.53\n"},
                    server=["answer-cookie: yes", f'cookie-secret: "{SECRET}"'])
    asked = [dns.edns.GenericOption(COOKIE, CLIENT)]
    theirs = cookie_of(ask(nsd.at, "dc.example", "SOA", options=asked))
    assert cookie_of(ask_with(daemon.at, (COOKIE, theirs))) == theirs
    ours = cookie_of(ask_with(daemon.at, (COOKIE, CLIENT)))
    asked = [dns.edns.GenericOption(COOKIE, ours)]
    assert cookie_of(ask(nsd.at, "dc.example", "SOA", options=asked)) == ours


def test_secrets_roll_over_by_reloads(world):
    """The new one is known everywhere before it signs, the old one until its cookies are old."""
    conf = configuration(cookie_secrets=[SECRET])
    daemon = world.daemon(conf)
    cookie = cookie_of(ask_with(daemon.at, (COOKIE, CLIENT)))

    def reloaded(secrets):
        start = daemon.reload({**conf, "server": {**conf["server"], "cookie_secrets": secrets}})
        daemon.wait_log("reloaded: generation", start)

    reloaded([SECRET, OTHER])
    assert cookie_of(ask_with(daemon.at, (COOKIE, cookie))) == cookie
    reloaded([OTHER, SECRET])
    new = cookie_of(ask_with(daemon.at, (COOKIE, cookie)))
    assert new != cookie
    assert cookie_of(ask_with(daemon.at, (COOKIE, new))) == new
    reloaded([OTHER])
    assert cookie_of(ask_with(daemon.at, (COOKIE, new))) == new
    assert cookie_of(ask_with(daemon.at, (COOKIE, cookie))) != cookie


def test_a_secret_of_our_own_outlives_a_reload(world):
    conf = configuration()
    daemon = world.daemon(conf)
    cookie = cookie_of(ask_with(daemon.at, (COOKIE, CLIENT)))
    start = daemon.reload({**conf, "server": {**conf["server"], "identity": "ns2"}})
    daemon.wait_log("reloaded: generation", start)
    reply = ask_with(daemon.at, (COOKIE, cookie), (NSID, b""))
    assert cookie_of(reply) == cookie and told(reply)[NSID] == b"ns2"


def test_who_may_not_ask_gets_no_cookie(world):
    daemon = world.daemon(configuration(allow=["127.0.0.1/32"], identity="ns1.example"))
    reply = ask(daemon.at, "www.cloud.example", source="127.0.0.9", options=[
        dns.edns.GenericOption(COOKIE, CLIENT), dns.edns.GenericOption(NSID, b"")])
    assert rcode(reply) == "REFUSED" and [code for code, _ in extended_errors(reply)] == [18]
    assert len(reply.options) == 1


# --- class CH

CHAOS = [
    ("version.bind", "TXT", ['"causeway, of course"']),
    ("VERSION.server", "TXT", ['"causeway, of course"']),
    ("id.server", "TXT", ['"ns1.example"']),
    ("hostname.bind", "TXT", ['"ns1.example"']),
    ("id.server", "A", None),
    ("authors.bind", "TXT", None),
    ("x.id.server", "TXT", None),
    ("www.cloud.example", "A", None),
]


@pytest.mark.parametrize("name, rdtype, texts", CHAOS)
@pytest.mark.parametrize("tcp", [False, True])
def test_class_ch_tells_who_answers(daemon, name, rdtype, texts, tcp):
    reply = ask(daemon.at, name, rdtype, rdclass="CH", tcp=tcp)
    if texts is None:
        assert rcode(reply) == "REFUSED" and not reply.answer
        return
    assert rcode(reply) == "NOERROR"
    (rrset,) = reply.answer
    assert (rrset.ttl, [str(rdata) for rdata in rrset]) == (0, texts)
    assert dns.rdatatype.to_text(rrset.rdtype) == "TXT"


@pytest.mark.parametrize("name", ["version.bind", "version.server", "id.server", "hostname.bind"])
def test_class_ch_is_refused_where_nothing_is_set(silent, name):
    assert rcode(ask(silent.at, name, "TXT", rdclass="CH")) == "REFUSED"


# --- TCP sessions of one client

def test_one_client_does_not_take_all_sessions(daemon):
    """Its own idle ones give way to its new ones; those of others stay."""
    with Stream(daemon.at) as other:
        other.send(other.framed(question("www.cloud.example").to_wire()))
        other.receive()
        greedy = []
        try:
            for _ in range(600):    # more than its share
                s = socket.socket()
                s.settimeout(LIMIT)
                s.bind(("127.0.0.77", 0))
                s.connect(daemon.at)
                greedy.append(s)
            query = question("www.cloud.example").to_wire()
            greedy[-1].sendall(Stream.framed(query))
            assert greedy[-1].recv(2)
            greedy[0].settimeout(LIMIT)
            try:
                assert greedy[0].recv(1) == b""
            except ConnectionResetError:
                pass
            other.send(other.framed(query))
            assert data(other.receive()) == ["10.1.0.20"]
        finally:
            for s in greedy:
                s.close()
