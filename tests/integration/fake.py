"""fake - upstream servers that do as the test says: what no real server can be made to do

`Fake` is for what matters one packet at a time.  It answers each question by a script: the
steps given for its name, one for each time it is asked, the last one again and again:

    upstream = Fake()
    upstream.script("*.slow.example", drop, drop, answer())
    upstream.script("www.example", lie("id"), over="udp")
    upstream.script("big.example", truncated, over="udp")

and records all it is asked (`queries`).  Without a script it does as `behave` says, or
answers every name with `address`.  Nothing here depends on how long something takes.

`Fast` is for what matters a million packets at a time: tests/integration/fake_upstream.c.
"""
import collections
import fnmatch
import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

SOA = "ns.{0} nobody.{0} 1 7200 900 1209600 {1}"
COOKIE = 10
FORGED = "192.0.2.66"       # the address in every lie: never to be seen by a client


def rrset(owner, ttl, rdtype, *values):
    return dns.rrset.from_text(owner, ttl, "IN", rdtype, *values)


def soa(zone, minimum=300):
    return rrset(zone, 3600, "SOA", SOA.format(zone, minimum))


def name_of(query):
    """The name asked for, in lower case: the case it was sent in is random."""
    return query.question[0].name.to_text().lower()


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


def framed(octets):
    return struct.pack("!H", len(octets)) + octets


# One question as it came.  name is in lower case, sent as it was; edns: the UDP size, or -1;
# options: {code: octets}; connection: counts from 1, 0 for UDP; when: time.monotonic().
Query = collections.namedtuple(
    "Query", "name type over sent id source edns options connection when flags")


class Exchange:
    """One question, and the ways to reply to it."""

    def __init__(self, fake, message, query, link):
        self.fake, self.message, self.query, self.link = fake, message, query, link
        self.over = query.over

    def reply(self, *answer, **more):
        return self.with_cookie(reply(self.message, *answer, **more))

    def answer(self):
        """What the fake says when it does nothing special."""
        return self.with_cookie(self.fake.plain(self))

    def with_cookie(self, message):
        """The same, with the server's cookie where it speaks them and was shown one."""
        if self.fake.cookies and COOKIE in self.query.options and \
                isinstance(message, dns.message.Message):
            _with_cookie(message, self.fake.cookie(self.query))
        return message

    def send(self, *replies):
        """Messages or octets; None is silence."""
        for one in replies:
            if one is not None:
                self.link.send(one if isinstance(one, bytes) else one.to_wire(max_size=65535))

    def close(self):
        self.link.close()


# --- steps: functions of an Exchange

def drop(exchange):
    """Silence."""


def answer(*rrsets, **more):
    """The records given, else what the fake would answer anyway."""
    def step(exchange):
        exchange.send(exchange.reply(*rrsets, **more) if rrsets or more
                      else exchange.answer())
    return step


def says(rcode):
    return answer(rcode=rcode)


def truncated(exchange):
    exchange.send(exchange.reply(truncated=True))


def close(exchange):
    """The connection is closed; over UDP: silence."""
    exchange.close()


def both(*steps):
    """One after the other, for the same question."""
    def step(exchange):
        for one in steps:
            one(exchange)
    return step


def late(seconds, step=None):
    """Behind so much time, while others are served."""
    def run(exchange):
        exchange.fake.later(seconds, lambda: (step or answer())(exchange))
    return run


def twice(exchange):
    exchange.send(exchange.answer(), exchange.answer())


def when(event, step=None):
    """Once a threading.Event is set."""
    def run(exchange):
        def wait():
            event.wait()
            (step or answer())(exchange)
        threading.Thread(target=wait, daemon=True).start()
    return run


def large(octets):
    """A TXT answer of that many octets and a few more."""
    def step(exchange):
        strings = " ".join(f'"{i:03}{"x" * 197}"' for i in range(octets // 201 + 1))
        exchange.send(exchange.reply(rrset(exchange.query.sent, 300, "TXT", strings)))
    return step


def stuffed(*rrsets, section="additional"):
    """The true answer, with records that nobody asked for."""
    def step(exchange):
        message = exchange.answer()
        getattr(message, section).extend(rrsets)
        exchange.send(message)
    return step


def folded(exchange):
    """As a server does that does not keep letter case."""
    message = exchange.answer()
    for section in (message.question, message.answer):
        for one in section:
            one.name = dns.name.from_text(one.name.to_text().lower())
    exchange.send(message.to_wire(max_size=65535))


def pieces(*cuts, pause=None):
    """Over TCP, a write of its own for each piece; cuts are offsets into the frame.
    pause: called between them."""
    def step(exchange):
        octets = framed(exchange.answer().to_wire())
        for begin, end in zip((0, *cuts), (*cuts, len(octets))):
            exchange.link.send_raw(octets[begin:end])
            if pause:
                pause()
    return step


def partial(count):
    """Over TCP, so many octets of the frame, then the end."""
    def step(exchange):
        exchange.link.send_raw(framed(exchange.answer().to_wire())[:count])
        exchange.close()
    return step


class Together:
    """Over TCP: nothing until `count` names have been asked for, then all answers at once, in
    the order given (a function of a list of exchanges); what comes later is answered at once."""

    def __init__(self, count, order=lambda exchanges: exchanges[::-1]):
        self.count, self.order = count, order
        self.held, self.names = [], set()
        self.lock = threading.Lock()

    def __call__(self, exchange):
        with self.lock:
            self.names.add(exchange.query.name)
            self.held.append(exchange)
            if len(self.names) < self.count:
                return
            held, self.held = self.held, []
        for one in self.order(held):
            one.send(one.answer())


# --- lies

def _question(message, **change):
    (old,) = message.question
    message.question = [dns.rrset.RRset(change.get("name", old.name),
                                        change.get("rdclass", old.rdclass),
                                        change.get("rdtype", old.rdtype))]


def _swapped(name):
    return dns.name.Name([label.swapcase() for label in name.labels])


def _with_cookie(message, cookie):
    message.use_edns(0, payload=1232,
                     options=[dns.edns.GenericOption(COOKIE, cookie)] if cookie else [])


# What is wrong -> how a reply is made so; each is otherwise as it should be.
LIES = {
    "id": lambda m: setattr(m, "id", m.id ^ 1),
    "name": lambda m: _question(m, name=dns.name.from_text("other.example.")),
    "parent": lambda m: _question(m, name=m.question[0].name.parent()),
    "case": lambda m: _question(m, name=_swapped(m.question[0].name)),
    "type": lambda m: _question(m, rdtype=dns.rdatatype.RP),
    "class": lambda m: _question(m, rdclass=dns.rdataclass.CH),
    "qr": lambda m: setattr(m, "flags", m.flags & ~dns.flags.QR),
    "opcode": lambda m: m.set_opcode(dns.opcode.NOTIFY),
    "no question": lambda m: setattr(m, "question", []),
    "no cookie": lambda m: _with_cookie(m, None),
    "wrong cookie": lambda m: _with_cookie(m, bytes(16)),
}

# The same for octets.
RAW_LIES = {
    "empty": lambda wire: b"",
    "one octet": lambda wire: wire[:1],
    "half a header": lambda wire: wire[:7],
    "header": lambda wire: wire[:12],
    "cut": lambda wire: wire[:-3],
    "zeros": lambda wire: wire[:2] + bytes(len(wire) - 2),
    "ones": lambda wire: wire[:2] + b"\xff" * 510,
    "two questions": lambda wire: wire[:4] + b"\0\2" + wire[6:],
}

# Sent by another socket.
ELSEWHERE = ("source port", "source address")

ALL_LIES = (*LIES, *RAW_LIES, *ELSEWHERE)


def lie(kind):
    """A reply that is not to be believed; nothing else follows."""
    def step(exchange):
        rdtype = "A" if exchange.query.type not in ("A", "AAAA") else exchange.query.type
        address = FORGED if rdtype == "A" else "2001:db8::66"
        message = exchange.reply(rrset(exchange.query.sent, 300, rdtype, address))
        if kind in LIES:
            LIES[kind](message)
        wire = message.to_wire(max_size=65535)
        if kind in RAW_LIES:
            wire = RAW_LIES[kind](wire)
        if kind not in ELSEWHERE:
            exchange.send(wire)
        elif exchange.over == "udp":
            exchange.fake.send_elsewhere(kind, wire, exchange.query.source)
    return step


def lies(*kinds):
    """Those lies (all, without), then the truth."""
    return both(*(lie(kind) for kind in kinds or ALL_LIES), answer())


# --- links: the way back to who asked

class _Datagrams:
    connection = 0

    def __init__(self, fake, to):
        self.fake, self.to = fake, to

    def send(self, octets):
        try:
            self.fake.udp.sendto(octets, self.to)
        except OSError:
            pass                # whoever asked has gone

    def close(self):
        pass


class _Stream:
    def __init__(self, connection, number):
        self.socket, self.connection = connection, number
        self.lock = threading.Lock()

    def send(self, octets):
        self.send_raw(framed(octets))

    def send_raw(self, octets):
        with self.lock:
            try:
                self.socket.sendall(octets)
            except OSError:
                pass

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Fake:
    """`behave(query, over)` gives the reply: a message, octets, a list of those, or None
    for silence; over is "udp" or "tcp".  Without it every name has the address `address`.
    cookies: it speaks DNS cookies (RFC 7873)."""

    def __init__(self, behave=None, address="192.0.2.1", ip="127.0.0.1", port=0, ttl=300,
                 cookies=False):
        self.behave, self.address, self.ttl, self.cookies = behave, address, ttl, cookies
        self.scripts = []       # [pattern, type, over, steps], the youngest first
        self.lock = threading.Lock()
        self.queries = []       # Query, in the order of arrival
        self.connections = 0    # that were accepted
        self.closed = 0         # of those, that the other side has closed
        self.held = None        # what `hold` keeps back, a list of functions
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        self.tcp = socket.socket(family, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.udp = socket.socket(family, socket.SOCK_DGRAM)
        self._bind(ip, port)
        self.at = self.udp.getsockname()[:2]
        self.elsewhere = {}
        self.links = []
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

    # --- what it is to do

    def script(self, pattern, *steps, rdtype=None, over=None):
        """For names like `pattern` (*, ?), without its last dot; replaces an older script of
        the same pattern, type and way."""
        key = [pattern.lower(), rdtype, over]
        with self.lock:
            self.scripts = [s for s in self.scripts if s[:3] != key]
            self.scripts.insert(0, [*key, list(steps)])

    def hold(self):
        """Answer nothing until `release`."""
        with self.lock:
            self.held = []

    def release(self):
        with self.lock:
            held, self.held = self.held or [], None
        for act in held:
            act()

    def later(self, seconds, act):
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()

    def cookie(self, query):
        """The client's cookie and the server's behind it."""
        client = query.options[COOKIE][:8]
        return client + hashlib.sha256(client + self.at[0].encode()).digest()[:16]

    def plain(self, exchange):
        """As `behave` says, else as a server that has every name with one address."""
        query = exchange.query
        if self.behave:
            said = self.behave(exchange.message, query.over)
            return said[-1] if isinstance(said, list) else said
        if query.type == "A":
            return exchange.reply(rrset(query.sent, self.ttl, "A", self.address))
        return exchange.reply(authority=[soa(query.name)])

    def send_elsewhere(self, kind, octets, to):
        """From another port of ours, or another address with our port."""
        with self.lock:
            if kind not in self.elsewhere:
                s = socket.socket(self.udp.family, socket.SOCK_DGRAM)
                s.bind((self.at[0], 0) if kind == "source port" else ("127.66.6.6", self.at[1]))
                self.elsewhere[kind] = s
        self.elsewhere[kind].sendto(octets, to)

    def refuse_streams(self):
        """From now on: connections are refused, as by a server without TCP."""
        try:
            self.tcp.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass                # it does so already

    def break_streams(self):
        """Close every connection, whatever waits in it."""
        with self.lock:
            links, self.links = self.links, []
        for link in links:
            link.close()

    # --- what it was asked

    @property
    def asked(self):
        """(name, type, over), in the order of arrival."""
        return [query[:3] for query in self.queries]

    @property
    def sources(self):
        """(address, port) of each."""
        return [query.source for query in self.queries]

    def of(self, name=None, rdtype=None, over=None):
        """The queries for a name (or pattern), of a type, by a way."""
        pattern = name and name.lower().rstrip(".") + "."
        with self.lock:
            return [q for q in self.queries
                    if (pattern is None or fnmatch.fnmatchcase(q.name, pattern)) and
                    (rdtype is None or q.type == rdtype) and (over is None or q.over == over)]

    def count(self, name=None, rdtype=None, over=None):
        return len(self.of(name, rdtype, over))

    # --- serving

    def close(self):
        self.closing = True
        self.refuse_streams()
        with socket.socket(self.udp.family, socket.SOCK_DGRAM) as s:
            s.sendto(b"", self.at)      # wakes recvfrom
        for thread in self.threads:
            thread.join(10)
        self.break_streams()
        for s in (self.tcp, self.udp, *self.elsewhere.values()):
            s.close()

    def _step(self, query):
        """The next step of the first script for this; None: there is none."""
        name = query.name.rstrip(".")
        for pattern, rdtype, over, steps in self.scripts:
            if fnmatch.fnmatchcase(name, pattern) and rdtype in (None, query.type) and \
                    over in (None, query.over):
                return steps.pop(0) if len(steps) > 1 else steps[0]
        return None

    def _behave(self, exchange):
        if self.behave is None:
            exchange.send(exchange.answer())
            return
        replies = self.behave(exchange.message, exchange.over)
        for one in replies if isinstance(replies, list) else [replies]:
            exchange.send(exchange.with_cookie(one))

    def _take(self, wire, over, source, link):
        when_ = time.monotonic()
        try:
            message = dns.message.from_wire(wire)
            (asked,) = message.question
        except (dns.exception.DNSException, ValueError) as e:
            with self.lock:     # counted under what is wrong with it
                self.queries.append(Query(repr(e), "?", over, "", -1, source, -1, {},
                                          link.connection, when_, 0))
            return
        query = Query(
            name_of(message), dns.rdatatype.to_text(asked.rdtype), over, asked.name.to_text(),
            message.id, source, message.payload if message.edns >= 0 else -1,
            {int(o.otype): o.to_wire() for o in message.options}, link.connection, when_,
            message.flags)
        exchange = Exchange(self, message, query, link)
        with self.lock:
            self.queries.append(query)
            step = self._step(query) or self._behave
            if self.held is not None:
                self.held.append(lambda: step(exchange))
                return
        step(exchange)

    def _serve_udp(self):
        while True:
            try:
                wire, source = self.udp.recvfrom(65535)
            except OSError:
                continue        # an ICMP error of an earlier reply
            if self.closing:
                return
            self._take(wire, "udp", source[:2], _Datagrams(self, source))

    def _serve_tcp(self):
        while True:
            try:
                connection, source = self.tcp.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections += 1
                link = _Stream(connection, self.connections)
                self.links.append(link)
            threading.Thread(target=self._serve_stream, daemon=True,
                             args=(link, source[:2])).start()

    def _serve_stream(self, link, source):
        with link.socket:
            try:
                with link.socket.makefile("rb") as stream:
                    while True:
                        head = stream.read(2)
                        if len(head) < 2:
                            break
                        self._take(stream.read(struct.unpack("!H", head)[0]), "tcp", source, link)
            except OSError:
                pass            # the other side has gone
        with self.lock:
            self.closed += 1


# --- fast

# address and port: of who asked
_Record = collections.namedtuple("_Record", "when_ns address port id is_reply zero")


class Fast:
    """fake_upstream as a target; settings as it has them, see its first comment.

        upstream = Fast(delay=200, forge=12)
        upstream.set(drop=50)
        upstream.count()["questions"]
    """

    def __init__(self, record=False, ip="127.0.0.1", port=0, **settings):
        self.directory = tempfile.TemporaryDirectory(prefix="fake_upstream-")
        self.record_path = os.path.join(self.directory.name, "record")
        arguments = [f"listen={ip}:{port}", *(f"{k}={v}" for k, v in settings.items())]
        if record:
            arguments.append(f"record={self.record_path}")
        self.process = subprocess.Popen([program("fake_upstream"), *arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ip, port = self.process.stdout.readline().strip().rsplit(":", 1)
        self.at = ip, int(port)

    @property
    def target(self):
        return {"ip": self.at[0], "port": self.at[1]}

    def _command(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def set(self, **settings):
        for name, value in settings.items():
            self._command(f"set {name}={value}")

    def count(self):
        return self._command("count")

    def packets(self):
        """All questions and replies, at the times at which they passed the kernel."""
        self.count()            # writes them out
        with open(self.record_path, "rb") as file:
            return [_Record(*one) for one in struct.iter_unpack("=QIHHII", file.read())]

    def records(self):
        """What came: each question."""
        return [one for one in self.packets() if not one.is_reply]

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self.directory.cleanup()


_compiled = {}      # name: the directory of a program, once it was needed


def program(name):
    """fake_upstream or crowd, as `make check` builds it, else compiled here."""
    from peers import BUILD, SOURCE
    built = BUILD / "tests/integration" / name
    if built.exists():
        return str(built)
    if name not in _compiled:
        _compiled[name] = tempfile.TemporaryDirectory(prefix=f"{name}-")
        subprocess.run([shutil.which("cc") or "gcc", "-O2", "-D_GNU_SOURCE",
                        "-o", f"{_compiled[name].name}/{name}",
                        SOURCE / f"tests/integration/{name}.c"], check=True)
    return f"{_compiled[name].name}/{name}"
