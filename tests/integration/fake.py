"""fake - an upstream server that does as the test says

It counts what it is asked, and may keep silent, answer late, or answer wrongly: what no
real server can be made to do.
"""
import socket
import struct
import threading

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

SOA = "ns.{0} nobody.{0} 1 7200 900 1209600 {1}"


def rrset(owner, ttl, rdtype, *values):
    return dns.rrset.from_text(owner, ttl, "IN", rdtype, *values)


def soa(zone, minimum=300):
    return rrset(zone, 3600, "SOA", SOA.format(zone, minimum))


def reply(query, *answer, rcode="NOERROR", authority=(), additional=(), truncated=False):
    """A reply to `query` as an authoritative server makes one."""
    message = dns.message.make_response(query, recursion_available=True)
    message.flags |= dns.flags.AA
    if truncated:
        message.flags |= dns.flags.TC
    message.set_rcode(dns.rcode.from_text(rcode))
    message.answer += answer
    message.authority += authority
    message.additional += additional
    return message


class Fake:
    """`behave(query, over)` gives the reply: a message, octets, a list of those, or None
    for silence; over is "udp" or "tcp".  Without it every name has the address `address`."""

    def __init__(self, behave=None, address="192.0.2.1", ip="127.0.0.1", port=0, ttl=300):
        self.behave = behave or (lambda query, over: reply(
            query, rrset(str(query.question[0].name), ttl, "A", address)))
        self.lock = threading.Lock()
        self.asked = []         # (name, type, over), in the order of arrival
        self.sources = []       # (address, port) of each
        self.held = None        # what `hold` keeps back, a list of functions
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        self.tcp = socket.socket(family, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.udp = socket.socket(family, socket.SOCK_DGRAM)
        self._bind(ip, port)
        self.at = self.udp.getsockname()[:2]
        self.tcp.listen(64)
        self.closing = False
        self.threads = [threading.Thread(target=f, daemon=True)
                        for f in (self._serve_udp, self._serve_tcp)]
        for thread in self.threads:
            thread.start()

    def _bind(self, ip, port):
        for _ in range(200):
            self.udp.bind((ip, port))
            try:
                self.tcp.bind(self.udp.getsockname()[:2])
                return
            except OSError:     # the port of one is taken for the other: draw again
                if port:
                    raise
                family = self.udp.family
                self.udp.close()
                self.udp = socket.socket(family, socket.SOCK_DGRAM)
        raise OSError("no port is free for both UDP and TCP")

    @property
    def target(self):
        """As a rule's target_ips names it."""
        return {"ip": self.at[0], "port": self.at[1]}

    def count(self, name=None, rdtype=None, over=None):
        with self.lock:
            return sum((name is None or asked[0] == name.lower().rstrip(".") + ".") and
                       (rdtype is None or asked[1] == rdtype) and
                       (over is None or asked[2] == over) for asked in self.asked)

    def hold(self):
        """Answer nothing until `release`."""
        with self.lock:
            self.held = []

    def release(self):
        with self.lock:
            held, self.held = self.held, None
        for send in held:
            send()

    def close(self):
        self.closing = True
        self.tcp.shutdown(socket.SHUT_RDWR)
        with socket.socket(self.udp.family, socket.SOCK_DGRAM) as s:
            s.sendto(b"", self.at)      # wakes recvfrom
        for thread in self.threads:
            thread.join(10)
        self.tcp.close()
        self.udp.close()

    def _take(self, wire, over, source, send):
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException as e:
            query = e               # counted under what is wrong with it
        with self.lock:
            self.sources.append(source)
            if isinstance(query, Exception):
                self.asked.append((repr(query), "?", over))
                return
            name = query.question[0].name.to_text().lower()
            self.asked.append((name, dns.rdatatype.to_text(query.question[0].rdtype), over))

            def act():
                replies = self.behave(query, over)
                for one in replies if isinstance(replies, list) else [replies]:
                    if one is not None:
                        send(one if isinstance(one, bytes) else one.to_wire(max_size=65535))
            if self.held is not None:
                self.held.append(act)
                return
        act()

    def _serve_udp(self):
        while True:
            try:
                wire, source = self.udp.recvfrom(65535)
            except OSError:
                continue        # an ICMP error of an earlier reply
            if self.closing:
                return
            self._take(wire, "udp", source[:2],
                       lambda octets, to=source: self._send_udp(octets, to))

    def _send_udp(self, octets, to):
        try:
            self.udp.sendto(octets, to)
        except OSError:
            pass                # whoever asked has gone

    def _serve_tcp(self):
        while True:
            try:
                connection, source = self.tcp.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve_stream, daemon=True,
                                      args=(connection, source[:2]))
            thread.start()

    def _serve_stream(self, connection, source):
        def send(octets):
            connection.sendall(struct.pack("!H", len(octets)) + octets)

        with connection:
            connection.settimeout(60)
            try:
                with connection.makefile("rb") as stream:
                    while True:
                        head = stream.read(2)
                        if len(head) < 2:
                            return
                        wire = stream.read(struct.unpack("!H", head)[0])
                        self._take(wire, "tcp", source, send)
            except OSError:
                return          # the other side has gone
