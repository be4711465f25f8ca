"""asking - many questions to one server at once

UDP with a bounded number in flight, and pipelined TCP for what is asked so or comes back
truncated.  Replies are matched by their ID.
"""
import collections
import selectors
import socket
import struct
import time

from presentation import wire
from reply import Reply

WINDOW = 32         # queries in flight
PATIENCE = 2.0      # seconds until a query is sent again
TRIES = 5
EDNS_SIZE = {"udp": 1232, "large": 4096}    # by Ask.via


class Ask:
    """One question to one server.  via: "udp", "large" (UDP and its EDNS size), "plain" (UDP
    without EDNS), "tcp".  After `ask_all`, `reply` is a Reply."""

    def __init__(self, name, rtype, via):
        self.name = name
        self.rtype = rtype
        self.via = via
        self.question = wire(name) + struct.pack("!HH", rtype, 1)
        self.reply = None
        self.truncated = None       # octets of the reply with TC, where there was one

    def query(self, number):
        size = EDNS_SIZE.get(self.via)
        opt = struct.pack("!BHHIH", 0, 41, size, 0, 0) if size else b""
        return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, bool(opt)) + self.question + opt


class _Udp:
    def __init__(self, at, asks):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.connect(at)
        self.socket.setblocking(False)
        self.at = at
        self.waiting = collections.deque(asks)
        self.flying = {}        # ID -> (ask, tries, when lost)
        self.number = 0

    def _send(self, number, ask, tries):
        if tries > TRIES:
            raise AssertionError(f"{self.at} does not answer {ask.name}, type {ask.rtype}")
        self.flying[number] = ask, tries, time.monotonic() + PATIENCE
        self.socket.send(ask.query(number))

    def fill(self):
        now = time.monotonic()
        for number, (ask, tries, lost) in list(self.flying.items()):
            if lost < now:
                self._send(number, ask, tries + 1)
        while self.waiting and len(self.flying) < WINDOW:
            self.number = (self.number + 1) % 65536
            self._send(self.number, self.waiting.popleft(), 1)

    def receive(self):
        while True:
            try:
                reply = self.socket.recv(65535)
            except BlockingIOError:
                return
            found = self.flying.pop(struct.unpack("!H", reply[:2])[0], None)
            if found and reply[2] & 0x02:
                found[0].truncated = reply
            elif found:
                found[0].reply = Reply(reply)


def _ask_udp(jobs):
    with selectors.DefaultSelector() as selector:
        streams = [_Udp(at, asks) for at, asks in jobs.items() if asks]
        for stream in streams:
            selector.register(stream.socket, selectors.EVENT_READ, stream)
        while True:
            for stream in streams:
                stream.fill()
            if not any(stream.flying for stream in streams):
                break
            for key, _ in selector.select(0.1):
                key.data.receive()
        for stream in streams:
            stream.socket.close()


def _ask_tcp(at, asks):
    with socket.create_connection(at, 30) as connection:
        stream = connection.makefile("rb")
        for start in range(0, len(asks), WINDOW):
            batch = dict(enumerate(asks[start:start + WINDOW]))
            queries = [ask.query(number) for number, ask in batch.items()]
            connection.sendall(b"".join(struct.pack("!H", len(q)) + q for q in queries))
            while batch:
                head = stream.read(2)
                if len(head) < 2:
                    raise AssertionError(f"{at} closed with {len(batch)} questions open")
                reply = stream.read(struct.unpack("!H", head)[0])
                batch.pop(struct.unpack("!H", reply[:2])[0]).reply = Reply(reply)


def ask_all(jobs):
    """jobs: {address: [Ask]}; all are answered when this returns."""
    _ask_udp({at: [a for a in asks if a.via != "tcp"] for at, asks in jobs.items()})
    for at, asks in jobs.items():
        left = [ask for ask in asks if ask.reply is None]
        if left:
            _ask_tcp(at, left)
