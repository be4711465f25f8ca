"""course - what a resolver would make of one authoritative server

An authoritative server stops where its zone ends, or its patience with a chain; a resolver
goes on.  So the server is asked again for the name its chain stopped at, until there is an
end: the Outcome.
"""
import dataclasses

import dns.rcode
import dns.rdatatype as rdatatype

from asking import Ask
from presentation import is_below, lower
from reply import NOERROR, NXDOMAIN, REFUSED, SERVFAIL, YXDOMAIN, target

CHAIN_MOST = 16     # CNAMEs that Causeway follows for one question (CHASE_MAX_HOPS)

# How a course ends.
ANSWER, NODATA, NO_NAME, TOO_LONG = "answer", "no data", "no such name", "name too long"
REFERRAL, LOOP, LONG, OUTSIDE = "referral", "loop", "long chain", "in no zone"
APEX_DS, FAILED, EMPTY = "DS of an apex", "failed", "empty"

# Ends at which Causeway says nothing of the way there.
NO_RECORDS = {REFERRAL, LOOP, LONG, OUTSIDE}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one server's part in an answer comes to."""

    kind: str
    rcode: int
    records: frozenset          # the answer section
    soa: object                 # of a negative answer: its Record
    zones: int                  # how many the chain led through
    replies: tuple              # what the server said on the way

    def text(self):
        return f"{self.kind}, {dns.rcode.to_text(self.rcode)}"

    def key(self):
        """What has to be equal for two servers to agree."""
        if self.kind in NO_RECORDS:
            return self.kind
        return self.kind, self.rcode, self.records


class Course:
    """One question on its way through one server."""

    def __init__(self, question, apexes):
        self.rtype = question.rtype
        self.apexes = apexes
        self.at = lower(question.name)
        self.seen = {self.at}
        self.links = 0
        self.zones = 1
        self.records = set()
        self.replies = []
        self.outcome = None
        self._enter()

    def ask(self):
        return Ask(self.at, self.rtype, "large")

    def take(self, reply):
        """What the server said to `ask`."""
        start, zone = self.at, self._zone()
        self.replies.append(reply)
        if reply.rcode == REFUSED:
            self._end(OUTSIDE, REFUSED)
            return
        while self._follow(reply):
            if self.outcome:
                return
            if self._zone() != zone:    # another zone decides, whatever this one says
                self.zones += 1
                self._enter()
                return
        self._finish(reply, start)

    def _zone(self):
        """The apex of the zone that the present name is in."""
        return next((self.at[i:] for i in range(len(self.at) + 1) if self.at[i:] in self.apexes),
                    None)

    def _enter(self):
        if self.rtype == rdatatype.DS and self.at in self.apexes:
            self._end(APEX_DS, NOERROR)

    def _end(self, kind, rcode, soa=None):
        self.outcome = Outcome(kind, rcode, frozenset(self.records), soa, self.zones,
                               tuple(self.replies))

    def _follow(self, reply):
        """Go on by one link; False: there is none in this reply."""
        here = {record.rtype: record for record in reply.answer if record.owner == self.at}
        link = here.get(rdatatype.CNAME)
        if link is None or self.rtype in here:
            return False
        self.records.add(link)
        self.records.update(record for record in reply.answer
                            if record.rtype == rdatatype.DNAME and record.owner != self.at
                            and is_below(self.at, record.owner))
        self.at = target(link)
        self.links += 1
        if self.links > CHAIN_MOST:
            self._end(LONG, NOERROR)
        elif self.at in self.seen:
            self._end(LOOP, NOERROR)
        self.seen.add(self.at)
        return True

    def _finish(self, reply, start):
        """No link leads on: this is the end, or the server stopped on the way."""
        soa = [record for record in reply.authority if record.rtype == rdatatype.SOA]
        cuts = [record for record in reply.authority if record.rtype == rdatatype.NS]
        self.records.update(reply.answer)
        if any((r.owner, r.rtype) == (self.at, self.rtype) for r in reply.answer):
            self._end(ANSWER, reply.rcode)
        elif reply.rcode == NXDOMAIN:
            self._end(NO_NAME, reply.rcode, soa[0] if soa else None)
        elif reply.rcode == YXDOMAIN:
            self._end(TOO_LONG, reply.rcode)
        elif reply.rcode == SERVFAIL and self.at != start:
            pass    # bind at its limit
        elif reply.rcode != NOERROR:
            self._end(FAILED, reply.rcode)
        elif soa:
            self._end(NODATA, reply.rcode, soa[0])
        elif cuts and cuts[0].owner not in self.apexes:
            self._end(REFERRAL, reply.rcode)
        elif self.at == start:
            self._end(EMPTY, reply.rcode)
