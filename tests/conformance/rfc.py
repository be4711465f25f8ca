"""What the RFCs want of a message, a row for each requirement"""
import dataclasses

from packets import (AA, AD, ANY, AXFR, CD, COOKIE, IXFR, KEEPALIVE, NSID, PADDING, QR, RA, RD,
                     SUBNET, TC, Z, asking, framed, name, opt, query, record)
from row import SOA
from scenery import estate, forward, scene, vpc

ALL = ("udp", "tcp")
CLIENT = bytes.fromhex("2464c4abcf10c957")
SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf"
LONG = ".".join(["l" * 63] * 3)
INTERNET = "192.0.2.1"

ZONE = r"""$ORIGIN z.test.
$TTL 300
@ IN SOA ns me 1 2 3 4 60
@ IN NS ns
ns IN A 10.1.0.1
www IN A 10.1.0.2
www IN AAAA fd00::2
two 60 IN A 10.1.0.3
two 60 IN A 10.1.0.4
c IN CNAME www
c2 IN CNAME c
gone IN CNAME none
out IN CNAME o.public.test.
unknown IN TYPE65400 \# 4 0a000001
spare IN TYPE65401 \# 0
known IN TYPE1 \# 4 0a010009
other CLASS1 TYPE65402 \# 2 abcd
*.w IN A 10.1.0.5
*.w IN MX 10 www
here.w IN TXT "here"
host.ent.w IN A 10.1.0.6
*.cw IN CNAME www
*.dw IN TXT "deep"
_ssh._tcp.host1 IN SRV 0 0 22 www
d IN DNAME t
one.t IN A 10.1.0.7
d2 IN DNAME d
*.t2 IN A 10.1.0.8
d3 IN DNAME t2
long IN DNAME """ + LONG + r"""
loop IN DNAME loop2
loop2 IN DNAME loop
apexd IN A 10.1.0.9
sub IN NS ns.sub
ns.sub IN A 10.1.0.10
below.sub IN A 10.1.0.11
a.b.c IN A 10.1.0.12
mixed IN MX 10 Www
fill IN TXT """ + " ".join('"' + "f" * 200 + '"' for _ in range(3)) + r"""
huge IN TXT """ + " ".join('"' + "h" * 250 + '"' for _ in range(10)) + r"""
v4 IN A 10.1.0.13
v6 IN AAAA fd00::6
v6 IN A 10.1.0.14
mapped IN AAAA ::ffff:10.1.0.15
"""


@scene
def message(up):
    """A zone file with all that the RFCs speak of, a rule, the internet."""
    path = up.world.dir / "z.test.zone"
    path.write_text(ZONE)
    return estate(
        "vpc-1", "vpc-64", ("vpc-1", "::1"), internet=up(
            "internet", INTERNET, "back.public.test 300 CNAME www.z.test."),
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-64", "10.2.0.0/16", dns64=True)],
        server={"identity": "ns1.test", "cookie_secrets": [SECRET]},
        rules=[forward("r-slow", "slow.test", up("slow", "192.0.2.2"))],
        hosted_zones=[{"id": "Z1", "name": "z.test", "vpcs": ["vpc-1", "vpc-64"],
                       "zone_file": str(path)}])


@scene
def silent(up):
    """A server that says nothing about itself."""
    return estate("vpc-1", vpcs=[vpc("vpc-1", "10.1.0.0/16")], hosted_zones=[
        {"id": "Z1", "name": "z.test", "vpcs": ["vpc-1"]}])


@dataclasses.dataclass
class Sent:
    """One packet and its reply."""
    rfc: str                    # "RFC 1035, 4.1.1"
    statement: str
    wire: bytes
    rcode: str = "NOERROR"
    answer: tuple = ()
    authority: tuple = ()       # None: not told
    flags: str = "QR RD RA"
    opcode: int = 0
    dropped: bool = False       # no reply at all
    opt: bool = None            # is there an OPT in the reply?  None: not told
    options: dict = None        # {code: octets, or how many}, all of the reply's
    echo: bool = True           # the question comes back, octet by octet
    ttl: int = None
    most: int = None            # octets of the reply
    ede: int = None
    over: tuple = ALL
    whose: str = "vpc-1"
    estate: str = "message"

    def __str__(self):
        return f"{self.rfc}: {self.statement}"


@dataclasses.dataclass
class Streamed:
    """Pieces of a stream, and the IDs of the replies in their order."""
    rfc: str
    statement: str
    pieces: tuple
    ids: tuple                  # a set: in any order
    closed: bool = False        # by the server, once the client has closed its half
    hold: bool = False          # the upstream answers when the first reply is there
    estate: str = "message"
    whose: str = "vpc-1"

    def __str__(self):
        return f"{self.rfc}: {self.statement}"


def sent(rfc, statement, wire, *answer, **more):
    return Sent(rfc, statement, wire, answer=answer, **more)


def broken(rfc, statement, wire, **more):
    """A format error; of what cannot be read nothing comes back."""
    return Sent(rfc, statement, wire, rcode="FORMERR", echo=False,
                **{"flags": None, **more})


def dropped(rfc, statement, wire):
    return Sent(rfc, statement, wire, dropped=True, over=("udp",))


def numbered(number, wire):
    return number.to_bytes(2, "big") + wire[2:]


WWW = "www.z.test"
GOOD = query(WWW)
A = "A 10.1.0.2"
NOTHING = ("z.test SOA ns.z.test. me.z.test. 1 2 3 4 60",)
PIECES = framed(GOOD)
SLOW, QUICK = framed(numbered(1, query("a.slow.test"))), framed(numbered(2, GOOD))
X64 = name("x" * 63)

ROWS = [
    # --- RFC 1035, 2181: the message
    *(sent("RFC 1035, 4.1.1", f"opcode {opcode} is NOTIMP", query(WWW, opcode=opcode),
           rcode="NOTIMP", opcode=opcode, flags=None, echo=False)
      for opcode in (1, 2, 3, 6, 7, 15)),
    sent("RFC 1996, 3", "NOTIFY is refused or not implemented", query(("z.test", 6), opcode=4),
         rcode="NOTIMP", opcode=4, flags=None, echo=False),
    sent("RFC 2136, 2", "UPDATE is refused or not implemented", query(("z.test", 6), opcode=5),
         rcode="NOTIMP", opcode=5, flags=None, echo=False),
    dropped("RFC 1035, 4.1.1", "QR set: dropped", query(WWW, flags=RD | QR)),
    dropped("RFC 1035, 4.1.1", "less than a header: dropped", GOOD[:11]),
    dropped("RFC 1035, 4.1.1", "nothing: dropped", b""),
    broken("RFC 1035, 4.1.1", "QDCOUNT 0", query(b"", counts=(0, 0, 0, 0))),
    broken("RFC 9619, 3", "QDCOUNT 2", query(asking(WWW) * 2, counts=(2, 0, 0, 0))),
    broken("RFC 1035, 4.1.1", "QDCOUNT 65535", query(WWW, counts=(65535, 0, 0, 0))),
    broken("RFC 1035, 4.1.1", "ANCOUNT 1 in a query", query(
        WWW, counts=(1, 1, 0, 0), body=record(b"\xc0\x0c", 1, 1, 1, b"\x7f\0\0\1"))),
    broken("RFC 1035, 4.1.1", "ARCOUNT 1 and no record", query(WWW, counts=(1, 0, 0, 1))),
    sent("RFC 1035, 4.1.1", "the ID comes back with RD cleared", query(WWW, flags=0), A,
         flags="QR RA"),
    sent("RFC 1035, 4.1.1", "AA, TC, RA of a query are ignored", query(
        WWW, flags=RD | AA | TC | RA), A),
    sent("RFC 1035, 4.1.1", "Z of a query is ignored and not copied", query(
        WWW, flags=RD | Z), A),
    sent("RFC 6840, 5.7", "AD of a query is ignored: nothing is validated", query(
        WWW, flags=RD | AD), A),
    sent("RFC 4035, 3.2.2", "CD of a query is copied", query(WWW, flags=RD | CD), A,
         flags="QR RD RA CD"),
    sent("RFC 1035, 4.1.1", "RCODE of a query is ignored", query(WWW, flags=RD | 5), A),
    broken("RFC 1035, 3.1", "a label of 64 octets", query(b"\x40" + b"x" * 64 + asking(WWW))),
    broken("RFC 1035, 3.1", "a label type of 0x80", query(b"\x80x" + asking(WWW))),
    sent("RFC 1035, 2.3.4", "a name of 255 octets", query(
        X64[:-1] * 3 + name("y" * 61) + b"\0\1\0\1"), f"A {INTERNET}", authority=None),
    broken("RFC 1035, 2.3.4", "a name of 256 octets", query(
        X64[:-1] * 3 + name("y" * 62) + b"\0\1\0\1")),
    sent("RFC 1035, 2.3.4", "a name of 127 labels", query(
        b"\1x" * 127 + b"\0\0\1\0\1"), f"A {INTERNET}", authority=None),
    broken("RFC 1035, 2.3.4", "a name of 128 labels", query(b"\1x" * 128 + b"\0\0\1\0\1")),
    broken("RFC 1035, 4.1.4", "a pointer in the question, to the header", query(
        b"\xc0\0\0\1\0\1")),
    broken("RFC 1035, 4.1.4", "a pointer in the question, to itself", query(
        b"\xc0\x0c\0\1\0\1")),
    broken("RFC 1035, 4.1.4", "a pointer forward", query(b"\3www\xc0\x12\0\1\0\1\0")),
    broken("RFC 1035, 4.1.2", "a name without end", query(b"\3www")),
    broken("RFC 1035, 4.1.2", "a type without class", query(name(WWW) + b"\0\1")),
    broken("RFC 1035, 4.1", "octets behind the last record", query(WWW, tail=b"\0")),
    broken("RFC 1035, 4.1", "octets behind OPT", query(WWW, opt(), tail=b"rest")),
    sent("RFC 1035, 2.3.3", "letter case does not matter, and comes back", query(
        "WwW.Z.tEsT"), "WwW.Z.tEsT A 10.1.0.2"),
    sent("RFC 1035, 3.1", "octets that are no text", query(b"\4\0\xff.\x20\1z\4test\0\0\1\0\1"),
         rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 1035, 3.2.5", "class CS is refused", query((WWW, 1, 2)), rcode="REFUSED"),
    sent("RFC 1035, 3.2.5", "class HS is refused", query((WWW, 1, 4)), rcode="REFUSED"),
    sent("RFC 6895, 3.2", "class NONE is refused", query((WWW, 1, 254)), rcode="REFUSED"),
    sent("RFC 6895, 3.2", "class 65280 is refused", query((WWW, 1, 65280)), rcode="REFUSED"),
    sent("RFC 2181, 5.2", "one TTL for a set", query("two.z.test"), "A 10.1.0.3", "A 10.1.0.4",
         ttl=60),
    sent("RFC 2181, 10.1", "CNAME is followed", query("c2.z.test"), "CNAME c.z.test.",
         "c.z.test CNAME www.z.test.", f"{WWW} {A}"),
    sent("RFC 1034, 4.3.2", "CNAME asked for is not followed", query(("c2.z.test", 5)),
         "CNAME c.z.test."),
    sent("RFC 2308, 2.2", "no data: SOA in authority", query((WWW, 15)), authority=NOTHING),
    sent("RFC 2308, 2.1", "no name: SOA in authority", query("none.z.test"),
         rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 6604, 2", "the rcode is that of the chain's end", query("gone.z.test"),
         "CNAME none.z.test.", rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 1035, 4.2.1", "512 octets without EDNS: TC, nothing of the set", query(
        ("fill.z.test", 16)), flags="QR TC RD RA", most=512, opt=False, over=("udp",)),
    sent("RFC 2181, 9", "whole sets only", query(("huge.z.test", 16), opt(size=1232)),
         flags="QR TC RD RA", most=1232, opt=True, over=("udp",)),
    sent("RFC 1035, 4.2.2", "by TCP it is whole", query(("fill.z.test", 16)),
         "TXT " + " ".join('"' + "f" * 200 + '"' for _ in range(3)), over=("tcp",)),
    sent("RFC 5936, 2.2", "AXFR is refused", query(("z.test", AXFR)), rcode="REFUSED"),
    sent("RFC 1995, 3", "IXFR is refused", query(
        ("z.test", IXFR), counts=(1, 0, 1, 0), body=record(
            name("z.test"), 6, 1, 0, name("ns.z.test") + name("me.z.test") + bytes(20))),
         rcode="REFUSED"),
    sent("RFC 8945, 5.2", "a TSIG of an unknown key is not taken for an error of ours", query(
        WWW, record(name("key"), 250, 255, 0, name("hmac-sha256") + bytes(16))), A,
         authority=None, flags="QR RD RA"),
    sent("RFC 1034, 4.2.1", "data below a cut is not answered", query("below.sub.z.test", opt()),
         rcode="SERVFAIL", ede=22),
    sent("RFC 1034, 4.2.1", "nor is glue", query("ns.sub.z.test", opt()), rcode="SERVFAIL",
         ede=22),
    sent("RFC 2181, 6.1", "nor the NS of the cut, which the child has", query(
        ("sub.z.test", 2), opt()), rcode="SERVFAIL", ede=22),
    # --- RFC 3597: types nobody knows
    sent("RFC 3597, 2", "an unknown type is served", query(("unknown.z.test", 65400)),
         r"TYPE65400 \# 4 0a000001", ttl=300),
    sent("RFC 3597, 5", "with no data at all", query(("spare.z.test", 65401)),
         r"TYPE65401 \# 0"),
    sent("RFC 3597, 5", "a known type in the general form", query("known.z.test"),
         "A 10.1.0.9"),
    sent("RFC 3597, 5", "a class in the general form", query(("other.z.test", 65402)),
         r"TYPE65402 \# 2 abcd"),
    sent("RFC 3597, 2", "a type that is not there: no data", query((WWW, 65403)),
         authority=NOTHING),
    sent("RFC 8906, 3.1.2", "nor is it below a wildcard", query(("x.w.z.test", 65404)),
         authority=NOTHING),
    # --- RFC 6891: EDNS
    sent("RFC 6891, 6.1.1", "without OPT there is none in the reply", GOOD, A, opt=False),
    sent("RFC 6891, 6.1.1", "with OPT there is one", query(WWW, opt()), A, opt=True),
    broken("RFC 6891, 6.1.1", "two OPT", query(WWW, opt(), opt())),
    broken("RFC 6891, 6.1.2", "an OPT that is not at the root", query(WWW, opt(
        owner=name("x")))),
    broken("RFC 6891, 6.1.2", "an OPT that ends early", query(WWW, opt()[:-1])),
    broken("RFC 6891, 6.1.2", "an option longer than OPT", query(WWW, opt(
        data=b"\0\3\0\5ab"))),
    sent("RFC 6891, 6.1.3", "version 1 is BADVERS, with OPT", query(WWW, opt(version=1)),
         rcode="BADVERS", opt=True, echo=False),
    sent("RFC 6891, 6.1.3", "version 255 is BADVERS, with OPT", query(WWW, opt(version=255)),
         rcode="BADVERS", opt=True, echo=False),
    sent("RFC 8906, 3.2.2", "BADVERS comes before the options", query(
        WWW, opt(version=1, options=[(65001, b"x")])), rcode="BADVERS", opt=True, echo=False,
         options={}),
    sent("RFC 6891, 6.1.2", "unknown options are ignored", query(
        WWW, opt(options=[(65001, b"x"), (100, b"")])), A, opt=True, options={}),
    sent("RFC 6891, 6.1.4", "unknown flags are ignored", query(WWW, opt(flags=0x7fff)), A,
         opt=True),
    sent("RFC 6891, 6.1.3", "the extended rcode of a query is ignored", query(
        WWW, opt(extended=0xff)), A, opt=True),
    sent("RFC 3225, 3", "DO is copied", query(WWW, opt(flags=0x8000)), A, opt=True),
    *(sent("RFC 6891, 6.2.3", f"a size of {size} is 512", query(
        ("fill.z.test", 16), opt(size=size)), flags="QR TC RD RA", most=512, opt=True,
        over=("udp",)) for size in (0, 1, 511, 512)),
    sent("RFC 6891, 6.2.5", "a larger size is taken up to ours", query(
        ("fill.z.test", 16), opt(size=65535)),
         "TXT " + " ".join('"' + "f" * 200 + '"' for _ in range(3)), most=1232),
    sent("RFC 6891, 7", "a truncated reply has its OPT", query(("huge.z.test", 16), opt(
        size=65535)), flags="QR TC RD RA", most=1232, opt=True, over=("udp",)),
    sent("RFC 6891, 6.1.1", "OPT before another record", query(
        WWW, opt(), record(b"\0", 65400, 1, 0, b"")), A, opt=True),
    sent("RFC 8906, 3.2.6", "OPT with a known and an unknown option", query(
        WWW, opt(options=[(65001, b""), (NSID, b"")])), A, options={NSID: b"ns1.test"}),
    sent("RFC 7871, 7.2.1", "a client subnet is not returned", query(
        WWW, opt(options=[(SUBNET, b"\0\1\x18\0\x0a\0\0")])), A, options={}),
    sent("RFC 7830, 3", "padding is ignored without encryption", query(
        WWW, opt(options=[(PADDING, bytes(64))])), A, options={}),
    sent("RFC 5001, 2.3", "NSID for who asks", query(WWW, opt(options=[(NSID, b"")])), A,
         options={NSID: b"ns1.test"}),
    sent("RFC 5001, 2.3", "NSID where nothing is set", query(
        ("z.test", 6), opt(options=[(NSID, b"")])), SOA, options={}, estate="silent"),
    *(sent("RFC 4892, 2", f"{host} in class CH where nothing is set", query((host, 16, 3)),
           rcode="REFUSED", estate="silent") for host in ("version.bind", "id.server")),
    sent("RFC 4892, 2", "id.server in class CH where it is set", query(("id.server", 16, 3)),
         'TXT "ns1.test"'),
    # --- RFC 7766, 7828: TCP
    Streamed("RFC 7766, 8", "a length in two pieces", (PIECES[:1], PIECES[1:]), (0x2181,)),
    Streamed("RFC 7766, 8", "octet by octet", tuple(bytes([o]) for o in PIECES), (0x2181,)),
    Streamed("RFC 7766, 8", "two messages in one piece", (PIECES + PIECES[:9], PIECES[9:]),
             (0x2181, 0x2181)),
    Streamed("RFC 7766, 6.2.1.1", "pipelined", (b"".join(
        framed(numbered(i, GOOD)) for i in range(50)),), frozenset(range(50))),
    Streamed("RFC 7766, 6.2.1.1", "answered out of order", (SLOW + QUICK,), (2, 1), hold=True),
    Streamed("RFC 7766, 6.2.1", "the connection stays open", (PIECES, PIECES),
             (0x2181, 0x2181)),
    Streamed("RFC 7766, 8", "what is no message gets no reply", (b"\0\5hello", PIECES),
             (0x2181,)),
    Streamed("RFC 7766, 6.2.4", "who has sent all is answered, and then it is closed", (PIECES,),
             (0x2181,), closed=True),
    Streamed("RFC 1035, 4.2.2", "a format error does not end it", (
        framed(numbered(7, query(WWW, tail=b"x"))), PIECES), (7, 0x2181)),
    sent("RFC 7828, 3.3.2", "keepalive for who asks by TCP", query(
        WWW, opt(options=[(KEEPALIVE, b"")])), A, options={KEEPALIVE: 2}, over=("tcp",)),
    sent("RFC 7828, 3.2.1", "not by UDP", query(WWW, opt(options=[(KEEPALIVE, b"")])), A,
         options={}, over=("udp",)),
    sent("RFC 7828, 3.3.2", "not for who does not ask", query(WWW, opt()), A, options={},
         over=("tcp",)),
    broken("RFC 7828, 3.2.1", "with a time in a query", query(
        WWW, opt(options=[(KEEPALIVE, b"\0\1")])), over=("tcp",)),
    # --- RFC 7873, 9018: cookies
    sent("RFC 7873, 5.2.3", "a client cookie gets a server cookie", query(
        WWW, opt(options=[(COOKIE, CLIENT)])), A, options={COOKIE: 24}),
    sent("RFC 7873, 5.2.4", "a wrong server cookie gets a right one", query(
        WWW, opt(options=[(COOKIE, CLIENT + bytes(16))])), A, options={COOKIE: 24}),
    *(broken("RFC 7873, 5.2.2", f"a cookie of {length} octets", query(
        WWW, opt(options=[(COOKIE, bytes(length))]))) for length in (0, 7, 9, 15, 41)),
    sent("RFC 7873, 5.4", "a cookie without a question", query(
        b"", opt(options=[(COOKIE, CLIENT)]), counts=(0, 0, 0, 1)), options={COOKIE: 24},
         echo=False),
    # --- RFC 8020, 8482, 8906, 8914
    sent("RFC 8020, 2", "below a name that is not there nothing is", query(
        "a.b.none.z.test"), rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 8020, 2", "above a name that is there is one", query("b.c.z.test"),
         authority=NOTHING),
    sent("RFC 8482, 4.2", "ANY: a synthesised HINFO", query((WWW, ANY)), 'HINFO "RFC8482" ""'),
    sent("RFC 8482, 4", "ANY where nothing is", query(("none.z.test", ANY)),
         rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 8482, 4", "ANY at an empty non-terminal", query(("b.c.z.test", ANY)),
         authority=NOTHING),
    sent("RFC 8906, 3.1.3", "reserved flags change nothing", query(WWW, flags=RD | Z), A),
    sent("RFC 8906, 3.1.4", "an unknown opcode with EDNS", query(WWW, opt(), opcode=15),
         rcode="NOTIMP", opcode=15, flags=None, echo=False),
    sent("RFC 8906, 3.1.5", "TCP is answered as UDP", GOOD, A),
    sent("RFC 8914, 4.23", "an extended error tells why", query("x.loop.z.test", opt()),
         rcode="SERVFAIL", ede=0, authority=None),
    sent("RFC 8914, 3", "none without EDNS", query("x.loop.z.test"), rcode="SERVFAIL",
         opt=False),
    # --- RFC 4592: wildcards
    sent("RFC 4592, 2.2.1", "a name that is not there", query("x.w.z.test"), "A 10.1.0.5"),
    sent("RFC 4592, 2.2.1", "at any depth", query("x.y.w.z.test"), "A 10.1.0.5"),
    sent("RFC 4592, 2.2.1", "another of its types", query(("x.w.z.test", 15)),
         "MX 10 www.z.test."),
    sent("RFC 4592, 2.2.1", "a type it has not", query(("x.w.z.test", 16)),
         authority=NOTHING),
    sent("RFC 4592, 2.2.1", "not a name that is there", query("here.w.z.test"),
         authority=NOTHING),
    sent("RFC 4592, 2.2.1", "not below a name that is there", query("x.here.w.z.test"),
         rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 4592, 2.2.2", "not an empty non-terminal", query("ent.w.z.test"),
         authority=NOTHING),
    sent("RFC 4592, 2.2.2", "not below one", query("x.ent.w.z.test"), rcode="NXDOMAIN",
         authority=NOTHING),
    sent("RFC 4592, 2.2.1", "not the closest encloser itself", query("w.z.test"),
         authority=NOTHING),
    sent("RFC 4592, 2.3", "the wildcard by its own name", query("*.w.z.test"), "A 10.1.0.5"),
    sent("RFC 4592, 2.3", "below its own name it covers nothing", query("x.*.w.z.test"),
         rcode="NXDOMAIN", authority=NOTHING),
    sent("RFC 4592, 4.3", "a wildcard CNAME", query("x.cw.z.test"), "CNAME www.z.test.",
         f"{WWW} {A}"),
    sent("RFC 4592, 2.2.1", "a service below a host that is there", query(
        ("_ssh._tcp.host1.z.test", 33)), "SRV 0 0 22 www.z.test."),
    # --- RFC 6672: DNAME
    sent("RFC 6672, 3.2", "a name below it, with a CNAME", query("one.d.z.test"),
         "d.z.test DNAME t.z.test.", "CNAME one.t.z.test.", "one.t.z.test A 10.1.0.7"),
    sent("RFC 6672, 3.1", "the CNAME has the TTL of the DNAME", query("one.d.z.test"),
         "d.z.test DNAME t.z.test.", "CNAME one.t.z.test.", "one.t.z.test A 10.1.0.7", ttl=300),
    sent("RFC 6672, 2.3", "not the owner itself", query("d.z.test"), authority=NOTHING),
    sent("RFC 6672, 2.1", "DNAME asked for at the owner", query(("d.z.test", 39)),
         "DNAME t.z.test."),
    sent("RFC 6672, 3.2", "a target that is not there", query("no.d.z.test"),
         "d.z.test DNAME t.z.test.", "CNAME no.t.z.test.", rcode="NXDOMAIN",
         authority=NOTHING),
    sent("RFC 6672, 2.2", "two of them", query("one.d2.z.test"), "d2.z.test DNAME d.z.test.",
         "CNAME one.d.z.test.", "d.z.test DNAME t.z.test.",
         "one.d.z.test CNAME one.t.z.test.", "one.t.z.test A 10.1.0.7"),
    sent("RFC 6672, 3.3", "into a wildcard", query("x.d3.z.test"), "d3.z.test DNAME t2.z.test.",
         "CNAME x.t2.z.test.", "x.t2.z.test A 10.1.0.8"),
    sent("RFC 6672, 2.2", "too long a name: YXDOMAIN", query(f"{'l' * 60}.long.z.test"),
         f"long.z.test DNAME {LONG}.z.test.", rcode="YXDOMAIN"),
    # --- RFC 6147: DNS64
    sent("RFC 6147, 5.1.6", "no AAAA: made of A", query(("v4.z.test", 28)),
         "AAAA 64:ff9b::a01:d", whose="vpc-64"),
    sent("RFC 6147, 5.1.1", "an AAAA is not touched", query(("v6.z.test", 28)),
         "AAAA fd00::6", whose="vpc-64"),
    sent("RFC 6147, 5.1.4", "only IPv4-mapped AAAA: as if there were none", query(
        ("mapped.z.test", 28)), authority=NOTHING, whose="vpc-64"),
    sent("RFC 6147, 5.1.2", "no name stays no name", query(("none.z.test", 28)),
         rcode="NXDOMAIN", authority=NOTHING, whose="vpc-64"),
    sent("RFC 6147, 5.1.5", "behind a CNAME", query(("c.z.test", 28)), "CNAME www.z.test.",
         f"{WWW} AAAA fd00::2", whose="vpc-64"),
    sent("RFC 6147, 5.1.7", "the TTL of A, no longer than that of the negative answer", query(
        ("v4.z.test", 28)), "AAAA 64:ff9b::a01:d", ttl=60, whose="vpc-64"),
    sent("RFC 6147, 5.3", "other types are not touched", query("v4.z.test"), "A 10.1.0.13",
         whose="vpc-64"),
    sent("RFC 6147, 5.5", "DO and CD: nothing is made for who validates", query(
        ("v4.z.test", 28), opt(flags=0x8000), flags=RD | CD), authority=NOTHING,
        flags="QR RD RA CD", whose="vpc-64"),
    sent("RFC 6147, 5.3.1", "reverse names below the prefix lead to those of IPv4", query(
        (".".join("d00020a0" + "0" * 16 + "b9ff4600") + ".ip6.arpa", 12)),
         "CNAME 13.0.2.10.in-addr.arpa.",
         "13.0.2.10.in-addr.arpa PTR ip-10-2-0-13.eu-west-1.compute.internal.",
         whose="vpc-64"),
]
