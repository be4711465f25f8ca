"""The fact sheet of the service, a row for each of its statements, on the running daemon."""
import re

import pytest

import assumed
import autodefined
import delegation
import endpoints
import health
import networks
import policies
import profiles
import records
import resolution
import resolver
from programs import check
from row import Asked, Checked, Drawn, Unseen
from statements import STATEMENTS

TABLES = (resolution, autodefined, delegation, profiles, networks, endpoints, records, policies,
          health, resolver, assumed)
# of causewayd --check; what only the linter minds is served as the service would serve it
FINE, CONFLICTS, REFUSED = 0, 1, 2

ROWS = [row for table in TABLES for row in table.ROWS]


def _of(*kinds):
    rows = [row for row in ROWS if type(row) in kinds]
    return pytest.mark.parametrize("row", rows, ids=[
        re.sub(r"[^\w.]+", "-", str(row)).strip("-") for row in rows])


@_of(Asked)
def test_what_is_asked_is_answered(stage, row):
    stage.asked(row)


@_of(Drawn)
def test_what_is_drawn_has_its_share(stage, row):
    stage.drawn(row)


@_of(Checked)
def test_what_is_declared_is_taken_or_refused(tmp_path, row):
    path = tmp_path / "causeway.yaml"
    path.write_text(row.conf)
    result = check(path)
    said = f"{row}\n{row.conf}\n{result.text}"
    if row.says is None:
        assert result.code in (FINE, CONFLICTS), said
        return
    assert result.code == REFUSED, said
    for text in row.says:
        assert text in result.text, f"{text!r} is not said\n{said}"
    for number, line in enumerate(row.conf.splitlines(), 1):
        if line.endswith("# here"):
            assert f"causeway.yaml:{number}:" in result.text, f"line {number} is not named\n{said}"


def test_every_statement_has_a_row():
    shown = {row.number for row in ROWS}
    assert shown == set(STATEMENTS), shown ^ set(STATEMENTS)


def test_no_row_is_there_twice():
    named = [str(row) for row in ROWS]
    assert len(named) == len(set(named)), {name for name in named if named.count(name) > 1}


def test_what_is_unseen_says_why():
    for row in ROWS:
        assert not isinstance(row, Unseen) or row.why, row
