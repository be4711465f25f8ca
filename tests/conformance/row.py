"""row - one fact of a table: what is asked, as whom, and what must come back

A row is one of
    asked     a question to the running daemon, and its reply
    drawn     one question many times: what comes first how often
    refused   a configuration that `causewayd --check` refuses, with the places it must name
    accepted  one that it takes
    unseen    a statement that no client of a resolver could see, and why
A record is written as "owner type data", the owner left out where it is the name asked for;
names end without a dot.  A row says all that a reply holds: what it does not name must not
be there.
"""
import dataclasses

NEGATIVE_TTL = 900      # of the SOA that all private zones share
SOA = ("SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. "
       "1 7200 900 1209600 86400")


@dataclasses.dataclass
class Row:
    number: str
    statement: str

    def __str__(self):
        return f"{self.number}: {self.statement}"


@dataclasses.dataclass
class Asked(Row):
    estate: str
    whose: str                  # the listener: a network or an endpoint
    name: str
    rdtype: str
    answer: tuple = ()
    rcode: str = "NOERROR"
    authority: tuple = ()       # records, or None: not told, as it is an upstream's
    soa: str = None             # the zone whose SOA is all the authority section
    soa_ttl: int = NEGATIVE_TTL
    authority_ttl: int = None
    payload: int = None         # the UDP size that OPT tells
    ttl: object = None          # of the answer: a number, or (least, most)
    ede: object = None          # a code, or (code, "what its text has")
    by: object = None           # the upstream asked about this name, or several; None: none is
    flags: str = "QR RD RA"
    tcp: bool = False
    source: str = None
    options: dict = dataclasses.field(default_factory=dict)   # of client.question
    count: int = None           # so many of the answer's records come back


@dataclasses.dataclass
class Drawn(Asked):
    times: int = 1
    shares: dict = None         # data of the first record -> how often, about
    within: int = 0             # and how far from that


@dataclasses.dataclass
class Checked(Row):
    """Lines that end in "# here" must be named by the findings."""
    conf: str
    says: tuple = None          # what the findings say; None: it is taken


@dataclasses.dataclass
class Unseen(Row):
    why: str


def _row(kind, number, statement, estate, whose, question, answer, **more):
    name, _, rdtype = question.partition(" ")
    return kind(number, statement, estate, whose, name, rdtype or "A", tuple(answer), **more)


def asked(number, statement, estate, whose, question, *answer, **more):
    return _row(Asked, number, statement, estate, whose, question, answer, **more)


def drawn(number, statement, estate, whose, question, *answer, **more):
    return _row(Drawn, number, statement, estate, whose, question, answer, **more)


def refused(number, statement, conf, *says):
    return Checked(number, statement, conf, says)


def accepted(number, statement, conf):
    return Checked(number, statement, conf)


def unseen(number, statement, why):
    return Unseen(number, statement, why)
