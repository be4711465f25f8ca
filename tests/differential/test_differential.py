"""Causeway's answers beside those of nsd, knot and bind

All four load the same generated zone files (generate.py): Causeway as private zones of one
VPC, the others as the authoritative servers they are.  Then all are asked the same generated
questions.  What the three agree on has to be the rcode and the answer section of Causeway,
as sets of records: owners and names in data in any letter case, with their TTLs; and the SOA
of a negative answer.  Where the three differ with each other the question is counted, not
compared.  Every reply of ours is also held to what needs no comparison: its flags, the
question echoed octet by octet, its size, no record twice, a chain in its order.

Causeway is a resolver and the others are not, so some answers have to differ.  Each way of
doing so is a row of CLASSES in judge.py, with the statement that demands it; nothing else is
let pass.  The largest of them, a CNAME that leaves its zone, is not excused but compared:
the three are asked again for the name they stopped at, until the chain has an end.

Left out, because the three refuse to load them or answer each in its own way: an NS set at a
wildcard, data below a DNAME, questions for ANY and for signatures.

    CAUSEWAY_SEED=7             another seed; a failure prints its own
    CAUSEWAY_QUESTIONS=20000    how many questions; 2,000 unless set

One seed gives the same zones and questions everywhere.  A failure prints the seed, the world
(each has its own zones) and for its first questions the four answers, the first of them with
the zones left over after everything was taken away that the fault does not need.

Knot and bind are wanted beside nsd; without them the tests here are skipped.
"""
import collections
import os
import shutil

import dns.message
import dns.rdatatype as rdatatype
import pytest

from generate import Question, World
from judge import CLASSES, judge_all
from records import Record, Zone
from servers import program, serving
from shrink import shrink

SEED = os.environ.get("CAUSEWAY_SEED", "1")
QUESTIONS = int(os.environ.get("CAUSEWAY_QUESTIONS", "2000"))
WORLD_QUESTIONS = 1000      # asked of one world
SHOWN = 5                   # faults printed whole
SHRINK_SECONDS = 60

pytestmark = [
    pytest.mark.differential,
    pytest.mark.skipif(any(shutil.which(program(name)) is None
                           for name in ("nsd", "knotd", "named")),
                       reason="nsd, knotd and named are wanted, all three"),
]


def addresses_judged(directory, zones, questions, ours=None):
    apexes = {zone.key for zone in zones}
    with serving(directory, zones, ours) as addresses:
        return judge_all(addresses, apexes, questions)


def shrunk(directory, world, judgement):
    """The zones that the fault needs."""
    tries = iter(range(1 << 30))

    def shows(zones):
        try:
            judgements = addresses_judged(directory / f"try-{next(tries)}", zones,
                                          [judgement.question])
        except AssertionError:      # a zone that one of them does not load alone
            return False
        return bool(judgements[0].faults)

    return shrink(world.zones, shows, SHRINK_SECONDS)


def report(judgement):
    """One fault with all that was said."""
    lines = [f"question: {judgement.question}", *judgement.faults]
    if judgement.row:
        lines.append(f"class: {judgement.row.name} ({judgement.row.demanded_by})")
    for name, title, replies in [
            ("causeway", "", [judgement.ask.reply]),
            *((name, outcome.text(), outcome.replies)
              for name, outcome in judgement.outcomes.items())]:
        lines.append(f"--- {name}: {title}")
        lines += [str(dns.message.from_wire(reply.wire)) for reply in replies]
    return "\n".join(lines)


def test_answers_are_those_that_three_servers_agree_on(tmp_path):
    counts, faults, left = collections.Counter(), [], QUESTIONS
    number = 0
    while left > 0:
        world = World(f"{SEED}-{number}")
        questions = world.questions(min(left, WORLD_QUESTIONS))
        judgements = addresses_judged(tmp_path / f"world-{number}", world.zones, questions)
        counts.update(j.row.name if j.row else "not agreed" for j in judgements)
        faults += [(number, world, j) for j in judgements if j.faults]
        left -= len(questions)
        number += 1
        if len(faults) > 100:
            break
    print(f"seed {SEED}: {sum(counts.values())} questions in {number} worlds:",
          ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    if faults:
        faults.sort(key=lambda fault: len(fault[2].ask.question))
        number, world, judgement = faults[0]
        zones = shrunk(tmp_path, world, judgement)
        text = [f"CAUSEWAY_SEED={SEED}: {len(faults)} faults in "
                f"{sum(counts.values())} questions"]
        text += [f"--- zone {zone.name}\n{zone.text()}" for zone in zones]
        text += [f"=== world {number}\n{report(j)}" for number, _, j in faults[:SHOWN]]
        pytest.fail("\n".join(text), pytrace=False)

    # the test is worth what it compares
    assert counts["not agreed"] < 0.1 * sum(counts.values()), counts
    if QUESTIONS >= 20 * WORLD_QUESTIONS:
        assert set(counts) >= {row.name for row in CLASSES}, f"not all met: {counts}"


def test_a_record_that_only_we_lack_is_found(tmp_path):
    """The test can fail."""
    apex = (b"planted", b"example")
    records = [Record((owner, *apex), "A", f"{owner.decode()} A 192.0.2.1")
               for owner in (b"here", b"lost")]
    head = ("$ORIGIN planted.example.\n$TTL 60\n"
            "@ SOA ns.outside.invalid. admin.outside.invalid. 1 2 3 4 5\n"
            "@ NS ns.outside.invalid.")
    zone = Zone(apex, head, records)
    questions = [Question(record.owner, rdatatype.A, "udp") for record in records]
    here, lost = addresses_judged(tmp_path, [zone], questions, [zone.with_records(records[:1])])
    assert not here.faults
    assert "rcode NXDOMAIN instead of NOERROR" in lost.faults
    assert "--- bind: answer, NOERROR" in report(lost)
