"""client - questions to a server, and what its replies say"""
import socket
import struct

import dns.edns
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

PATIENCE = 30   # seconds for one reply; a lost one is a failure, so nothing is sent twice


def question(name, rdtype="A", edns=1232, **options):
    """A query; edns False: without EDNS, else the UDP size."""
    if edns is False:
        return dns.message.make_query(name, rdtype, use_edns=False, **options)
    return dns.message.make_query(name, rdtype, use_edns=0, payload=edns, **options)


def ask(server, name, rdtype="A", tcp=False, timeout=PATIENCE, source=None, **options):
    """One question, one reply, as a dns.message.Message."""
    query = question(name, rdtype, **options)
    if tcp:
        return dns.query.tcp(query, server[0], timeout, server[1], source=source)
    return dns.query.udp(query, server[0], timeout, server[1], source=source,
                         ignore_unexpected=True)


def rcode(message):
    return dns.rcode.to_text(message.rcode())


def records(message, section="answer"):
    """The records as sorted "owner type data" lines, without TTL and class."""
    return sorted(f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)} {rdata}"
                  for rrset in getattr(message, section) for rdata in rrset)


def data(message, rdtype="A"):
    """The data of the answer's records of one type, sorted."""
    return sorted(str(rdata) for rrset in message.answer for rdata in rrset
                  if dns.rdatatype.to_text(rrset.rdtype) == rdtype)


def flags(message):
    return set(dns.flags.to_text(message.flags).split())


def extended_errors(message):
    """[(code, text)] of RFC 8914."""
    return [(int(o.code), o.text or "") for o in message.options
            if isinstance(o, dns.edns.EDEOption)]


def connect_udp(server, source=None):
    """A UDP socket that hears of refused packets too."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    if source:
        s.bind((source, 0))
    s.connect(server)
    s.settimeout(PATIENCE)
    return s


def exchange_raw(server, packet, timeout=PATIENCE):
    """Send octets, get octets."""
    with connect_udp(server) as s:
        s.settimeout(timeout)
        s.send(packet)
        return s.recv(65535)


def replies(server, name="localhost", rdtype="A"):
    """Does anything reply there yet?  A closed port is known at once."""
    try:
        return exchange_raw(server, question(name, rdtype).to_wire(), timeout=1) != b""
    except OSError:
        return False


class Stream:
    """A DNS connection over TCP whose octets the test places itself."""

    def __init__(self, server, timeout=PATIENCE):
        self.socket = socket.create_connection(server, timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @staticmethod
    def framed(wire):
        return struct.pack("!H", len(wire)) + wire

    def send(self, octets):
        self.socket.sendall(octets)

    def receive(self):
        return dns.message.from_wire(self.receive_octets())

    def receive_octets(self):
        (length,) = struct.unpack("!H", self._exactly(2))
        return self._exactly(length)

    def at_end(self):
        """Wait for the server to close; True when it did without another octet."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _exactly(self, count):
        octets = b""
        while len(octets) < count:
            more = self.socket.recv(count - len(octets))
            if not more:
                raise EOFError(f"closed after {len(octets)} of {count} octets")
            octets += more
        return octets
