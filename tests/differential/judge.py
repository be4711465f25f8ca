"""judge - what three servers agree on, what that is for a resolver, and whether we say it

CLASSES says, row by row, where Causeway's answer to an Outcome is another one than that of
an authoritative server, and what demands it.
"""
import collections
import dataclasses

import dns.flags
import dns.rcode
import dns.rdatatype as rdatatype

from asking import EDNS_SIZE, Ask, ask_all
from course import (APEX_DS, CHAIN_MOST, LONG, LOOP, NO_NAME, NODATA, OUTSIDE, REFERRAL, Course,
                    Outcome)
from presentation import is_below, lower, plain_text
from reply import AA, QR, RA, RD, SERVFAIL, TC, target
from servers import REFERENCES

Class = collections.namedtuple("Class", "name demanded_by applies expect")


def servfail(_outcome):
    return SERVFAIL, frozenset()


def same(outcome):
    return outcome.rcode, outcome.records


# The first row that applies says what Causeway has to answer: (rcode, answer section).
# S: the sheet of the service's semantics, by section; D: the design, by section.
CLASSES = [
    Class("in no zone", "D 7: internet_resolver: none: SERVFAIL with EDE",
          lambda o: o.kind == OUTSIDE, servfail),
    Class("delegated", "S 9.8, S 1.6.2: NS inside a private zone and no DELEGATE rule: SERVFAIL; "
          "a resolver hands out no referrals (RFC 1034 4.3.1)",
          lambda o: o.kind == REFERRAL, servfail),
    Class("loop", "S 9.2; RFC 1034 3.6.2: CNAME loops are signalled as an error",
          lambda o: o.kind == LOOP, servfail),
    Class("long chain", "S 9.2; RFC 1034 5.3.3 1: a resolver bounds its work",
          lambda o: o.kind == LONG, servfail),
    Class("DS of an apex", "S 1.2.1: only the longest matching zone is searched, which is the "
          "child (RFC 4035 3.1.4.1 speaks to a server that has both)",
          lambda o: o.kind == APEX_DS, same),
    Class("chased", "S 4.3.2, S 4.3.3: a CNAME is chased out of its zone, each hop matched afresh",
          lambda o: o.zones > 1, same),
    Class("same", "RFC 1034 4.3.2, RFC 2308, RFC 4592, RFC 6604, RFC 6672",
          lambda o: True, same),
]


def class_of(outcome):
    return next(row for row in CLASSES if row.applies(outcome))


@dataclasses.dataclass
class Judgement:
    question: object
    outcomes: dict              # reference -> Outcome
    ask: Ask                    # Causeway's part
    agreed: Outcome = None      # None: the three do not agree
    row: Class = None
    faults: list = dataclasses.field(default_factory=list)

    def sides(self):
        """With whom we agree, where the three do not."""
        ours = self.ask.reply.rcode, frozenset(self.ask.reply.answer)
        return [name for name, outcome in self.outcomes.items()
                if class_of(outcome).expect(outcome) == ours]


def record_text(record):
    return (f"{plain_text(record.owner)} {record.ttl} {rdatatype.to_text(record.rtype)} "
            f"{record.data.hex()}")


def framing_faults(ask):
    """What holds for every reply of a resolver, whatever was asked."""
    flags = ask.reply.flags & (QR | AA | TC | RD | RA)
    limit = {"udp": EDNS_SIZE["udp"], "plain": 512}.get(ask.via, 65535)
    size = len(ask.truncated or ask.reply.wire)
    if flags != QR | RD | RA:
        yield f"flags {dns.flags.to_text(flags)}: QR RD RA belong there, and no AA"
    if ask.reply.question != ask.question:
        yield "the question is not echoed octet by octet"
    if ask.reply.edns != (ask.via in EDNS_SIZE):
        yield "EDNS in the reply, but not in the query, or the other way round"
    if size > limit:
        yield f"{size} octets, where the client takes {limit}"


def answer_faults(ask):
    """Each record once, and a chain in its order."""
    answer, at = ask.reply.answer, lower(ask.name)
    if len({(r.owner, r.rtype, r.data) for r in answer}) != len(answer):
        yield "a record stands twice in the answer"
    for record in answer:
        is_dname = record.rtype == rdatatype.DNAME and record.owner != at
        if not is_below(at, record.owner) if is_dname else record.owner != at:
            yield f"{record_text(record)} is out of its place in the chain"
        elif record.rtype == rdatatype.CNAME != ask.rtype:
            at = target(record)


def agreement_faults(judgement):
    """What the three agree on, as the row has it."""
    reply = judgement.ask.reply
    rcode, records = judgement.row.expect(judgement.agreed)
    if reply.rcode != rcode:
        yield f"rcode {dns.rcode.to_text(reply.rcode)} instead of {dns.rcode.to_text(rcode)}"
    for record in sorted(records.difference(reply.answer)):
        yield f"missing: {record_text(record)}"
    for record in sorted(set(reply.answer) - records):
        yield f"too much: {record_text(record)}"


def soa_faults(judgement):
    """A negative answer has the SOA of the zone that says so, with the TTL it lasts."""
    said = {outcome.soa for outcome in judgement.outcomes.values()}
    if judgement.agreed.kind in (NODATA, NO_NAME) and len(said) == 1 \
            and judgement.ask.reply.authority != list(said):
        yield "authority: " + "; ".join(map(record_text, judgement.ask.reply.authority))
        yield "instead of: " + "; ".join(map(record_text, said))


def judge(question, outcomes, ask):
    judgement = Judgement(question, outcomes, ask)
    judgement.faults += [*framing_faults(ask), *answer_faults(ask)]
    if len({outcome.key() for outcome in outcomes.values()}) == 1:
        judgement.agreed = next(iter(outcomes.values()))
        judgement.row = class_of(judgement.agreed)
        judgement.faults += [*agreement_faults(judgement), *soa_faults(judgement)]
    return judgement


def judge_all(addresses, apexes, questions):
    """Ask all servers all questions."""
    courses = {name: [Course(question, apexes) for question in questions]
               for name in REFERENCES}
    asks = [Ask(question.name, question.rtype, question.via) for question in questions]
    jobs = {addresses["causeway"]: asks}
    for _ in range(CHAIN_MOST + 2):
        open_courses = {name: [(course, course.ask()) for course in mine if not course.outcome]
                        for name, mine in courses.items()}
        jobs.update({addresses[name]: [ask for _, ask in pairs]
                     for name, pairs in open_courses.items()})
        ask_all(jobs)
        jobs = {}
        for pairs in open_courses.values():
            for course, ask in pairs:
                course.take(ask.reply)
    return [judge(question, {name: courses[name][i].outcome for name in REFERENCES}, asks[i])
            for i, question in enumerate(questions)]
