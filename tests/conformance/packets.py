"""packets - queries made octet by octet, right ones and wrong ones"""
import struct

RD, QR, TC, AD, CD, AA, RA, Z = (0x0100, 0x8000, 0x0200, 0x0020, 0x0010, 0x0400, 0x0080, 0x0040)
ID = 0x2181
OPT, ANY, AXFR, IXFR = 41, 255, 252, 251
NSID, SUBNET, COOKIE, KEEPALIVE, PADDING = 3, 8, 10, 11, 12


def name(text):
    """Labels as they are, one of 64 and more included."""
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def asking(owner, rdtype=1, rdclass=1):
    owner = owner if isinstance(owner, bytes) else name(owner)
    return owner + struct.pack("!HH", rdtype, rdclass)


def record(owner, rdtype, rdclass, ttl, data):
    return owner + struct.pack("!HHIH", rdtype, rdclass, ttl, len(data)) + data


def opt(size=1232, version=0, flags=0, options=(), extended=0, owner=b"\0", data=None):
    if data is None:
        data = b"".join(struct.pack("!HH", code, len(octets)) + octets
                        for code, octets in options)
    return record(owner, OPT, size, extended << 24 | version << 16 | flags, data)


def query(question, *additional, flags=RD, opcode=0, counts=None, body=b"", tail=b""):
    """`question`: octets, or the arguments of asking(); `counts`: other than there is."""
    if isinstance(question, str):
        question = asking(question)
    elif isinstance(question, tuple):
        question = asking(*question)
    counts = counts or (1, 0, 0, len(additional))
    return (struct.pack("!6H", ID, flags | opcode << 11, *counts) + question + body +
            b"".join(additional) + tail)


def framed(wire):
    return struct.pack("!H", len(wire)) + wire
