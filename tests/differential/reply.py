"""reply - a DNS message in the form in which two servers' messages are compared

Names, also those in data, are whole and in lower case (RFC 4343).  A message that is not
well formed to its last octet is a ValueError.  Strict and small on purpose: dnspython reads
the same octets where a person wants to see them.
"""
import collections
import struct

import dns.rdatatype as rdatatype

NOERROR, SERVFAIL, NXDOMAIN, REFUSED, YXDOMAIN = 0, 2, 3, 5, 6
QR, AA, TC, RD, RA = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080

# What stands before, and how many, the names in data: octets, or "s" a character-string.
NAMES = {
    rdatatype.NS: ((), 1), rdatatype.CNAME: ((), 1), rdatatype.PTR: ((), 1),
    rdatatype.DNAME: ((), 1), rdatatype.SOA: ((), 2), rdatatype.MX: ((2,), 1),
    rdatatype.SRV: ((6,), 1), rdatatype.NAPTR: ((4, "s", "s", "s"), 1),
    rdatatype.SVCB: ((2,), 1), rdatatype.HTTPS: ((2,), 1),
}

Record = collections.namedtuple("Record", "owner rtype ttl data")


class Reply:
    """rcode and flags; answer, authority and additional as lists of Records, without OPT."""

    def __init__(self, wire):
        self.wire = wire
        self._names = {}        # offset -> (labels, the offset behind)
        try:
            self._read()
        except (IndexError, struct.error) as error:
            raise ValueError(f"the message ends too early: {error}") from None

    def _read(self):
        self.number, self.flags, questions, *counts = struct.unpack("!6H", self.wire[:12])
        self.rcode = self.flags & 15
        self.edns = False
        at = 12
        for _ in range(questions):
            _, at = self._name(at)
            at += 4
        self.question = self.wire[12:at]
        sections = []
        for count in counts:
            sections.append([])
            for _ in range(count):
                at = self._record(at, sections[-1])
        self.answer, self.authority, self.additional = sections
        if at != len(self.wire):
            raise ValueError(f"{len(self.wire) - at} octets behind the message")

    def _record(self, at, section):
        owner, at = self._name(at)
        rtype, klass, ttl, length = struct.unpack("!HHIH", self.wire[at:at + 10])
        at += 10
        if at + length > len(self.wire):
            raise ValueError("data behind the message's end")
        if rtype == rdatatype.OPT:
            self.edns = True
            self.rcode |= ttl >> 24 << 4
        elif klass != 1:
            raise ValueError(f"a record of class {klass}")
        else:
            section.append(Record(owner, rtype, ttl, self._data(rtype, at, at + length)))
        return at + length

    def _data(self, rtype, at, end):
        fields, names = NAMES.get(rtype, ((), 0))
        start = at
        for field in fields:
            at += 1 + self.wire[at] if field == "s" else field
        data = [self.wire[start:at]]
        for _ in range(names):
            labels, at = self._name(at)
            data.append(b"".join(bytes([len(label)]) + label for label in labels) + b"\0")
        if at > end:
            raise ValueError("data longer than it says")
        return b"".join(data) + self.wire[at:end]

    def _name(self, at):
        found = self._names.get(at)
        if found:
            return found
        start, labels = at, []
        while True:
            size = self.wire[at]
            at += 1
            if size >= 0xc0:
                target = (size & 0x3f) << 8 | self.wire[at]
                if target >= start:
                    raise ValueError("a pointer that does not lead back")
                found = (*labels, *self._name(target)[0]), at + 1
                break
            if size == 0:
                found = tuple(labels), at
                break
            if size > 63 or at + size > len(self.wire):
                raise ValueError("a bad label")
            labels.append(self.wire[at:at + size].lower())
            at += size
        if sum(len(label) + 1 for label in found[0]) + 1 > 255:
            raise ValueError("a name of more than 255 octets")
        self._names[start] = found
        return found


def target(record):
    """The name that the data of a CNAME or DNAME is."""
    labels, at = [], 0
    while record.data[at]:
        size = record.data[at]
        labels.append(record.data[at + 1:at + 1 + size])
        at += 1 + size
    return tuple(labels)
