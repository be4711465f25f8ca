"""What is answered from private zones and autodefined names, on the wire."""
import random
import socket
import struct

import dns.flags
import dns.message
import dns.rrset
import pytest

from client import (Stream, ask, connect_udp, data, exchange_raw, extended_errors, flags,
                    question, rcode, records)
from estates import estate, listen, vpc, zone
from peers import listener

CLOUD = """\
$ORIGIN cloud.example.
$TTL 300
@       3600 IN SOA ns1 hostmaster 7 7200 900 1209600 120
@       3600 IN NS  ns1
@            IN MX  10 mail
ns1          IN A   10.1.0.10
www          IN A   10.1.0.20
www          IN AAAA fd00::20
api     60   IN A   10.1.0.31
api     60   IN A   10.1.0.32
alias        IN CNAME www
chain        IN CNAME alias
far          IN CNAME www.child.cloud.example.
gone         IN CNAME nothing
*.wild       IN A   10.1.0.40
*.wild       IN TXT "wild"
here.wild    IN TXT "here"
*.text       IN CNAME www
a.b.empty    IN A   10.1.0.50
_http._tcp   IN SRV 0 5 80 www
odd\\.name    IN A   10.1.0.60
big          IN TXT {big}
many         IN A   10.2.0.1
{many}
loop1        IN CNAME loop2
loop2        IN CNAME loop1
www.child    IN A   10.1.0.99     ; shadowed: the child is a zone of its own
""".format(big=" ".join(f'"{i:02}{"x" * 248}"' for i in range(20)),
           many="\n".join(f"             IN A   10.2.0.{i}" for i in range(2, 120)))

DEFAULT_SOA = ("ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. "
               "1 7200 900 1209600 86400")
DEFAULT_NS = ["ns-0.awsdns-00.com.", "ns-1024.awsdns-00.org.", "ns-1536.awsdns-00.co.uk.",
              "ns-512.awsdns-00.net."]


@pytest.fixture(scope="module")
def daemon(shared_world):
    (shared_world.dir / "cloud.zone").write_text(CLOUD)
    port = listen("vpc-1")["port"]
    conf = estate(
        listeners=[listen("vpc-1", port=port), listen("vpc-1", "::1", port), listen("vpc-2")],
        vpcs=[vpc("vpc-1", "10.1.0.0/16"),
              vpc("vpc-2", "10.2.0.0/16", region="us-east-1")],
        zones=[zone("cloud.example", zone_file=str(shared_world.dir / "cloud.zone")),
               zone("child.cloud.example", "www.child.cloud.example 60 A 10.1.0.70"),
               zone("bare.example", "www.bare.example 60 A 10.1.0.80"),
               zone("onehost.other.example", "onehost.other.example 60 A 10.1.0.81"),
               zone("cloud.example", "www.cloud.example 60 A 10.2.0.20", networks=["vpc-2"],
                    id="Z-2")])
    daemon = shared_world.daemon(conf)
    daemon.second = listener(conf, 2)
    return daemon


@pytest.fixture(scope="module", params=["udp4", "udp6", "tcp4", "tcp6"])
def path(request, daemon):
    """Ask by each transport and family."""
    at = ("::1" if request.param.endswith("6") else "127.0.0.1", daemon.at[1])
    tcp = request.param.startswith("tcp")
    return lambda name, rdtype="A", **options: ask(at, name, rdtype, tcp=tcp, **options)


ANSWERS = [
    # exact
    ("www.cloud.example", "A", ["www.cloud.example. A 10.1.0.20"]),
    ("WWW.Cloud.EXAMPLE", "A", ["WWW.Cloud.EXAMPLE. A 10.1.0.20"]),
    ("www.cloud.example", "AAAA", ["www.cloud.example. AAAA fd00::20"]),
    ("api.cloud.example", "A", ["api.cloud.example. A 10.1.0.31",
                                "api.cloud.example. A 10.1.0.32"]),
    ("cloud.example", "MX", ["cloud.example. MX 10 mail.cloud.example."]),
    ("cloud.example", "NS", ["cloud.example. NS ns1.cloud.example."]),
    ("_http._tcp.cloud.example", "SRV",
     ["_http._tcp.cloud.example. SRV 0 5 80 www.cloud.example."]),
    (r"odd\.name.cloud.example", "A", [r"odd\.name.cloud.example. A 10.1.0.60"]),
    # wildcards cover any depth, but no name that exists
    ("x.wild.cloud.example", "A", ["x.wild.cloud.example. A 10.1.0.40"]),
    ("x.y.z.wild.cloud.example", "A", ["x.y.z.wild.cloud.example. A 10.1.0.40"]),
    ("*.wild.cloud.example", "A", ["*.wild.cloud.example. A 10.1.0.40"]),
    ("here.wild.cloud.example", "TXT", ['here.wild.cloud.example. TXT "here"']),
    ("x.text.cloud.example", "A", ["www.cloud.example. A 10.1.0.20",
                                   "x.text.cloud.example. CNAME www.cloud.example."]),
    # CNAMEs, chased inside the view
    ("alias.cloud.example", "CNAME", ["alias.cloud.example. CNAME www.cloud.example."]),
    ("chain.cloud.example", "A", ["alias.cloud.example. CNAME www.cloud.example.",
                                  "chain.cloud.example. CNAME alias.cloud.example.",
                                  "www.cloud.example. A 10.1.0.20"]),
    ("far.cloud.example", "A", ["far.cloud.example. CNAME www.child.cloud.example.",
                                "www.child.cloud.example. A 10.1.0.70"]),
    # the child zone shadows its parent
    ("www.child.cloud.example", "A", ["www.child.cloud.example. A 10.1.0.70"]),
    # records at the apex of a zone named after one host
    ("onehost.other.example", "A", ["onehost.other.example. A 10.1.0.81"]),
]


@pytest.mark.parametrize("name, rdtype, answers", ANSWERS,
                         ids=[f"{row[0]}-{row[1]}" for row in ANSWERS])
def test_names_with_data_answer(path, name, rdtype, answers):
    reply = path(name, rdtype)
    assert rcode(reply) == "NOERROR"
    # dnspython keeps the owner's case of the message; the first owner is the question
    assert [r.lower() for r in records(reply)] == [a.lower() for a in answers]


@pytest.mark.parametrize("name, rdtype, zone_name, status, soa_ttl, answers", [
    # NODATA: the name exists with another type, has names below it, or is the apex
    ("www.cloud.example", "TXT", "cloud.example.", "NOERROR", 120, 0),
    ("cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("empty.cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("b.empty.cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("_tcp.cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("wild.cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("here.wild.cloud.example", "A", "cloud.example.", "NOERROR", 120, 0),
    ("x.wild.cloud.example", "AAAA", "cloud.example.", "NOERROR", 120, 0),
    # NXDOMAIN
    ("nothing.cloud.example", "A", "cloud.example.", "NXDOMAIN", 120, 0),
    ("x.empty.cloud.example", "A", "cloud.example.", "NXDOMAIN", 120, 0),
    ("x.www.cloud.example", "A", "cloud.example.", "NXDOMAIN", 120, 0),
    ("x.here.wild.cloud.example", "A", "cloud.example.", "NXDOMAIN", 120, 0),
    ("api.child.cloud.example", "A", "child.cloud.example.", "NXDOMAIN", 900, 0),
    ("nothing.bare.example", "A", "bare.example.", "NXDOMAIN", 900, 0),
    # the end of a chain decides
    ("gone.cloud.example", "A", "cloud.example.", "NXDOMAIN", 120, 1),
    ("alias.cloud.example", "TXT", "cloud.example.", "NOERROR", 120, 1),
])
def test_names_without_data_answer_with_the_soa(path, name, rdtype, zone_name, status, soa_ttl,
                                                answers):
    """Its TTL is the smaller of the SOA's own and its minimum (RFC 2308, 3)."""
    reply = path(name, rdtype)
    assert rcode(reply) == status
    assert len(records(reply)) == answers
    (soa,) = reply.authority
    assert (soa.name.to_text(), soa.ttl) == (zone_name, soa_ttl)


def test_flags_of_a_private_answer(path):
    """The resolver speaks, not the zone's server: no AA; RD as asked."""
    for name in ("www.cloud.example", "nothing.cloud.example", "localhost"):
        assert flags(path(name)) == {"QR", "RD", "RA"}


def test_rd_and_cd_are_echoed(daemon):
    query = question("www.cloud.example")
    query.flags = dns.flags.CD
    reply = dns.message.from_wire(exchange_raw(daemon.at, query.to_wire()))
    assert flags(reply) == {"QR", "RA", "CD"} and data(reply) == ["10.1.0.20"]


def test_the_question_is_echoed_as_it_was_written(path):
    reply = path("wWw.CLOUD.exAMPle")
    assert reply.question[0].name.to_text() == "wWw.CLOUD.exAMPle."
    assert data(reply) == ["10.1.0.20"]


def test_ttls_are_those_of_the_zone(daemon):
    assert [daemon.ask(name).answer[0].ttl for name in
            ("www.cloud.example", "api.cloud.example")] == [300, 60]


def test_a_zone_that_states_none_has_the_default_soa_and_ns(path):
    """route53-semantics 4.2, to the letter."""
    soa, ns = path("bare.example", "SOA"), path("bare.example", "NS")
    assert data(soa, "SOA") == [DEFAULT_SOA] and soa.answer[0].ttl == 900
    assert data(ns, "NS") == DEFAULT_NS and ns.answer[0].ttl == 172800


def test_each_network_has_its_own_zone_of_a_name(daemon):
    assert data(ask(daemon.second, "www.cloud.example")) == ["10.2.0.20"]
    assert data(daemon.ask("www.cloud.example")) == ["10.1.0.20"]


def test_a_loop_of_cnames_ends(path):
    reply = path("loop1.cloud.example")
    assert rcode(reply) in ("NOERROR", "SERVFAIL")
    assert not data(reply)


# --- autodefined names (route53-semantics 1.4)

V6_LOOPBACK = "1." + "0." * 31 + "ip6.arpa"

AUTODEFINED = [
    ("localhost", "A", ["127.0.0.1"]),
    ("localhost", "AAAA", ["::1"]),
    ("1.0.0.127.in-addr.arpa", "PTR", ["localhost."]),
    (V6_LOOPBACK, "PTR", ["localhost."]),
    ("ip-10-1-2-3.eu-west-1.compute.internal", "A", ["10.1.2.3"]),
    ("IP-10-1-2-3.EU-west-1.compute.internal", "A", ["10.1.2.3"]),
    ("3.2.1.10.in-addr.arpa", "PTR", ["ip-10-1-2-3.eu-west-1.compute.internal."]),
]


@pytest.mark.parametrize("name, rdtype, expected", AUTODEFINED,
                         ids=[row[0][:40] + "-" + row[1] for row in AUTODEFINED])
def test_autodefined_names_answer(path, name, rdtype, expected):
    reply = path(name, rdtype)
    assert rcode(reply) == "NOERROR" and data(reply, rdtype) == expected


@pytest.mark.parametrize("name, rdtype, status", [
    ("localhost", "MX", "NOERROR"),
    ("nothing.localhost", "MX", None),
    ("ip-10-1-2-3.eu-west-1.compute.internal", "AAAA", "NOERROR"),
    ("ip-10-1-2-300.eu-west-1.compute.internal", "A", "NXDOMAIN"),
    ("ip-010-1-2-3.eu-west-1.compute.internal", "A", "NXDOMAIN"),
    ("ip-192-0-2-1.eu-west-1.compute.internal", "A", "NXDOMAIN"),
    ("nothing.eu-west-1.compute.internal", "A", "NXDOMAIN"),
    ("1.0.0.172.in-addr.arpa", "PTR", "SERVFAIL"),       # not private: the internet's
    ("1.0.16.172.in-addr.arpa", "PTR", "NXDOMAIN"),      # private, nobody's here
    ("1.0.168.192.in-addr.arpa", "PTR", "NXDOMAIN"),
])
def test_autodefined_names_that_have_nothing(daemon, name, rdtype, status):
    reply = daemon.ask(name, rdtype)
    assert not reply.answer
    if status:
        assert rcode(reply) == status


def test_ec2_names_of_us_east_1_are_in_ec2_internal(daemon):
    assert data(ask(daemon.second, "ip-10-2-0-9.ec2.internal")) == ["10.2.0.9"]
    reverse = ask(daemon.second, "9.0.2.10.in-addr.arpa", "PTR")
    assert data(reverse, "PTR") == ["ip-10-2-0-9.ec2.internal."]


def test_a_vpc_without_dns_hostnames_has_neither_zones_nor_autodefined_names(world):
    daemon = world.daemon(estate(
        vpcs=[vpc("vpc-1", "10.1.0.0/16", enable_dns_hostnames=False)],
        zones=[zone("cloud.example", "www.cloud.example 60 A 10.1.0.1")]))
    for name in ("www.cloud.example", "ip-10-1-2-3.eu-west-1.compute.internal"):
        reply = daemon.ask(name)
        assert not reply.answer and rcode(reply) == "SERVFAIL"


# --- size

def test_a_udp_reply_keeps_to_what_the_client_accepts(daemon):
    """TC, whole sets only; the whole answer by TCP."""
    for edns, most in ((False, 512), (512, 512), (100, 512), (1232, 1232), (65535, 1232)):
        wire = exchange_raw(daemon.at, question("big.cloud.example", "TXT", edns=edns).to_wire())
        reply = dns.message.from_wire(wire)
        assert len(wire) <= most
        assert "TC" in flags(reply) and not reply.answer
        assert (reply.edns >= 0) == (edns is not False)
    full = daemon.ask("big.cloud.example", "TXT", tcp=True)
    assert "TC" not in flags(full) and len(full.answer[0][0].strings) == 20
    assert len(data(daemon.ask("many.cloud.example", tcp=True, edns=False))) == 119


def test_what_fits_is_not_truncated(daemon):
    """119 addresses of 16 octets fit nowhere in UDP; two fit everywhere."""
    assert "TC" in flags(daemon.ask("many.cloud.example"))
    reply = daemon.ask("api.cloud.example", edns=False)
    assert "TC" not in flags(reply) and len(data(reply)) == 2


def test_edns_is_answered_in_kind(daemon):
    reply = daemon.ask("www.cloud.example")
    assert (reply.edns, reply.payload) == (0, 1232)
    assert daemon.ask("www.cloud.example", edns=False).edns == -1
    assert daemon.ask("www.cloud.example", want_dnssec=True).ednsflags == dns.flags.DO
    newer = question("www.cloud.example")
    newer.use_edns(3)
    reply = dns.message.from_wire(exchange_raw(daemon.at, newer.to_wire()))
    assert rcode(reply) == "BADVERS" and not reply.answer and reply.edns == 0


# --- what is not a usual question

def test_any_is_answered_small(daemon):
    """RFC 8482: not everything there is."""
    reply = daemon.ask("many.cloud.example", "ANY")
    assert (rcode(reply), data(reply, "HINFO")) == ("NOERROR", ['"RFC8482" ""'])
    assert len(reply.answer) == 1
    assert rcode(daemon.ask("nothing.cloud.example", "ANY")) == "NXDOMAIN"


def test_class_chaos_is_refused(path):
    reply = path("version.bind", "TXT", rdclass="CH")
    assert rcode(reply) == "REFUSED" and not reply.answer


@pytest.mark.parametrize("rdtype", ["AXFR", "IXFR"])
def test_a_zone_transfer_is_not_given(daemon, rdtype):
    wire = bytearray(question("cloud.example", "A", edns=False).to_wire())
    wire[-4:-2] = struct.pack("!H", {"AXFR": 252, "IXFR": 251}[rdtype])
    with Stream(daemon.at) as stream:
        stream.send(stream.framed(bytes(wire)))
        reply = stream.receive()
    assert rcode(reply) in ("REFUSED", "NOTIMP", "NOERROR", "FORMERR")
    assert not reply.answer


@pytest.mark.parametrize("opcode, name", [(1, "IQUERY"), (2, "STATUS"), (4, "NOTIFY"),
                                          (5, "UPDATE"), (7, "7")])
def test_other_opcodes_are_not_implemented(daemon, opcode, name):
    wire = bytearray(question("cloud.example", "SOA", edns=False).to_wire())
    wire[2] = wire[2] & 0x87 | opcode << 3
    reply = exchange_raw(daemon.at, bytes(wire))
    assert reply[:2] == wire[:2]
    assert reply[3] & 15 == 4 and reply[2] >> 3 & 15 == opcode and reply[2] & 0x80
    assert len(reply) == 12

    # whoever speaks EDNS hears it back (RFC 6891 6.1.1)
    wire = bytearray(question("cloud.example", "SOA").to_wire())
    wire[2] = wire[2] & 0x87 | opcode << 3
    reply = exchange_raw(daemon.at, bytes(wire))
    assert reply[3] & 15 == 4 and reply[:2] == wire[:2]
    assert reply[4:] == bytes([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])


def _packet(qdcount=1, body=b"", ancount=0, nscount=0, arcount=0):
    return struct.pack("!6H", 0x1234, 0x0100, qdcount, ancount, nscount, arcount) + body


QUESTION = b"\3www\5cloud\7example\0\0\1\0\1"
RECORD = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4\x7f\0\0\1"
OPT = b"\0\0\x29\x04\xd0\0\0\0\0\0\0"

FORMERRS = {
    "no question": _packet(0),
    "two questions": _packet(2, QUESTION * 2),
    "no name": _packet(1),
    "name cut off": _packet(1, QUESTION[:9]),
    "type cut off": _packet(1, QUESTION[:-3]),
    "name without end": _packet(1, b"\3www" * 70 + b"\0\0\1\0\1"),
    "name of 256 octets": _packet(1, b"\x3f" + b"x" * 63 + (b"\x3f" + b"x" * 63) * 2 +
                                  b"\x3e" + b"x" * 62 + b"\0\0\1\0\1"),
    "pointer in the question": _packet(1, b"\xc0\x0c\0\1\0\1"),
    "pointer to itself": _packet(1, b"\3www\xc0\x10\0\1\0\1"),
    "label type 0x40": _packet(1, b"\x41x\0\0\1\0\1"),
    "answer in a query": _packet(1, QUESTION + RECORD, ancount=1),
    "authority in a query": _packet(1, QUESTION + RECORD, nscount=1),
    "two OPT": _packet(1, QUESTION + OPT * 2, arcount=2),
    "OPT that is not at the root": _packet(1, QUESTION + b"\1x" + OPT, arcount=1),
    "OPT cut off": _packet(1, QUESTION + OPT[:-2], arcount=1),
    "option longer than OPT": _packet(
        1, QUESTION + OPT[:-1] + b"\x04" + b"\0\x0a\0\x08", arcount=1),
    "octets behind the last record": _packet(1, QUESTION + b"\0"),
    "fewer records than counted": _packet(1, QUESTION, arcount=1),
}


@pytest.mark.parametrize("packet", FORMERRS.values(), ids=FORMERRS)
def test_a_broken_query_is_a_format_error(daemon, packet):
    reply = exchange_raw(daemon.at, packet)
    assert reply[:2] == packet[:2]
    assert reply[2] & 0x80 and reply[3] & 15 == 1
    dns.message.from_wire(reply)
    with Stream(daemon.at) as stream:
        stream.send(stream.framed(packet))
        assert rcode(stream.receive()) == "FORMERR"


def test_what_is_no_query_is_not_answered(daemon):
    """Answering a reply could go on for ever between two servers."""
    good = question("www.cloud.example")
    with connect_udp(daemon.at) as s:
        for packet in (b"", b"\0", good.to_wire()[:11],
                       dns.message.make_response(good).to_wire(),
                       bytes([good.to_wire()[0]]) * 2 + b"\xff" * 20):
            s.send(packet)
        s.send(good.to_wire())
        reply = dns.message.from_wire(s.recv(65535))    # the first there is
    assert reply.id == good.id and data(reply) == ["10.1.0.20"]


def test_random_octets_do_no_harm(daemon):
    """A few thousand packets, half of them broken queries; then a good one is answered."""
    draw = random.Random(4)
    good = question("www.cloud.example").to_wire()
    with connect_udp(daemon.at) as s:
        for i in range(3000):
            if i % 2:
                packet = bytearray(good)
                for _ in range(draw.randint(1, 4)):
                    packet[draw.randrange(len(packet))] = draw.randrange(256)
            else:
                packet = draw.randbytes(draw.randint(0, 300))
            s.send(bytes(packet))
            if i % 100 == 0:    # so that no queue overflows
                assert data(daemon.ask("www.cloud.example")) == ["10.1.0.20"]
    assert data(daemon.ask("www.cloud.example")) == ["10.1.0.20"]


# --- TCP

def test_questions_can_be_pipelined(daemon):
    """40 at once on one connection; replies in any order, each to its question."""
    names = ["www.cloud.example", "api.cloud.example", "nothing.cloud.example", "localhost"] * 10
    queries = [question(name) for name in names]
    for number, query in enumerate(queries):
        query.id = number
    with Stream(daemon.at) as stream:
        stream.send(b"".join(stream.framed(query.to_wire()) for query in queries))
        replies = sorted((stream.receive() for _ in queries), key=lambda reply: reply.id)
    assert [reply.id for reply in replies] == list(range(len(queries)))
    for query, reply in zip(queries, replies):
        assert query.is_response(reply)


def test_a_message_may_come_in_pieces(daemon):
    """The length prefix split; a question asked elsewhere lets each piece be read alone."""
    query = question("www.cloud.example")
    with Stream(daemon.at) as stream:
        octets = stream.framed(query.to_wire()) * 2
        for cut in (octets[:1], octets[1:2], octets[2:3], octets[3:20], octets[20:-1],
                    octets[-1:]):
            stream.send(cut)
            daemon.ask("localhost")
        for _ in range(2):
            assert data(stream.receive()) == ["10.1.0.20"]


def test_a_client_may_close_its_half(daemon):
    with Stream(daemon.at) as stream:
        stream.send(stream.framed(question("www.cloud.example").to_wire()))
        stream.socket.shutdown(socket.SHUT_WR)
        assert data(stream.receive()) == ["10.1.0.20"]
        assert stream.at_end()


def test_a_stream_that_is_no_dns_is_closed_and_others_go_on(daemon):
    """A length of 0, and one below a header."""
    with Stream(daemon.at) as other:
        for octets in (b"\0\0", b"\0\5hello"):
            with Stream(daemon.at) as stream:
                stream.send(octets)
                stream.socket.shutdown(socket.SHUT_WR)
                assert stream.at_end()
        other.send(other.framed(question("www.cloud.example").to_wire()))
        assert data(other.receive()) == ["10.1.0.20"]


def test_idle_connections_do_not_keep_others_out(daemon):
    idle = [Stream(daemon.at) for _ in range(200)]
    try:
        assert data(daemon.ask("www.cloud.example", tcp=True)) == ["10.1.0.20"]
    finally:
        for stream in idle:
            stream.socket.close()


# --- who asks, and in whose place

def test_only_those_allowed_are_answered(world):
    daemon = world.daemon(estate(
        zones=[zone("cloud.example", "www.cloud.example 60 A 10.1.0.1")],
        allow=["127.0.0.2/32", "127.3.0.0/16"], listeners=[listen("vpc-1"),
                                                           listen("vpc-1", "::1")]))
    for source in ("127.0.0.2", "127.3.4.5"):
        for tcp in (False, True):
            assert data(daemon.ask("www.cloud.example", source=source, tcp=tcp)) == ["10.1.0.1"]
    for source in ("127.0.0.1", "127.0.0.3", "127.4.0.1"):
        for tcp in (False, True):
            reply = daemon.ask("www.cloud.example", source=source, tcp=tcp)
            assert rcode(reply) == "REFUSED" and not reply.answer
            assert [code for code, _ in extended_errors(reply)] == [18]


def test_by_default_loopback_and_the_networks_may_ask(daemon):
    for source in ("127.0.0.1", "127.200.0.1"):
        assert data(daemon.ask("www.cloud.example", source=source)) == ["10.1.0.20"]


def test_the_three_kinds_of_as(world):
    """An endpoint answers in its VPC's place, a network in its own, `client` by source."""
    conf = estate(
        vpcs=[vpc("vpc-a", "127.1.0.0/16"), vpc("vpc-b", "127.2.0.0/16", "127.3.3.0/24")],
        listeners=[listen("rslvr-in"), listen("vpc-b"), listen("dc"), listen("client")],
        zones=[zone("my.example", f"my.example 60 A 10.0.0.{i}", networks=[network], id=f"Z{i}")
               for i, network in enumerate(("vpc-a", "vpc-b"))])
    conf["sites"] = [{"id": "dc", "cidr_blocks": ["127.4.0.0/16"]}]
    conf["hosted_zones"].append({"id": "Zdc", "name": "my.example", "sites": ["dc"],
                                 "record_sets": [{"name": "my.example", "type": "A", "ttl": 60,
                                                  "values": ["10.0.0.2"]}]})
    conf["resolver_endpoints"] = [{"id": "rslvr-in", "direction": "INBOUND", "vpc": "vpc-a",
                                   "ip_addresses": ["127.1.0.10", "127.1.1.10"]}]
    world.daemon(conf)
    endpoint, network, site, client = (listener(conf, i) for i in range(4))
    for source in ("127.0.0.1", "127.2.0.5"):
        assert data(ask(endpoint, "my.example", source=source)) == ["10.0.0.0"]
        assert data(ask(network, "my.example", source=source)) == ["10.0.0.1"]
        assert data(ask(site, "my.example", source=source)) == ["10.0.0.2"]
    for tcp in (False, True):
        for source, expected in (("127.1.0.5", "10.0.0.0"), ("127.1.255.255", "10.0.0.0"),
                                 ("127.2.0.5", "10.0.0.1"), ("127.3.3.7", "10.0.0.1"),
                                 ("127.4.0.1", "10.0.0.2")):
            assert data(ask(client, "my.example", source=source, tcp=tcp)) == [expected]
        for source in ("127.0.0.1", "127.3.4.1", "127.5.0.1"):
            reply = ask(client, "my.example", source=source, tcp=tcp)
            assert rcode(reply) == "REFUSED" and not reply.answer and extended_errors(reply)


def test_a_udp_reply_comes_from_the_address_that_was_asked(world):
    """Also on a listener of all addresses; a client's socket is connected and would not
    see another."""
    conf = estate(listeners=[listen("vpc-1", "0.0.0.0"), listen("vpc-1", "::")],
                  zones=[zone("cloud.example", "www.cloud.example 60 A 10.1.0.1")])
    daemon = world.daemon(conf, at=("127.0.0.1", conf["server"]["listen"][0]["port"]))
    v6 = conf["server"]["listen"][1]["port"]
    for server in (daemon.at, ("127.0.0.77", daemon.at[1]), ("::1", v6)):
        wire = exchange_raw(server, question("www.cloud.example").to_wire())
        assert data(dns.message.from_wire(wire)) == ["10.1.0.1"]
