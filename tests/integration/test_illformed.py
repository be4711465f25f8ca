"""Zones that are ill-formed in one of Ferret's ways: all are found, sound ones are left alone."""
import json

import pytest

from illformed import CODES, CONDITIONS, write_estate
from peers import CAUSEWAY
from programs import run

ZONES = 100


def findings(path):
    """Codes by zone number, of the codes that are about these faults."""
    result = run(CAUSEWAY, "lint", "--format", "json", path.name, cwd=path.parent)
    assert result.code in (0, 1, 2), result.text
    found = {}
    for finding in json.loads(result.out)["findings"]:
        name = finding["loc"]["file"]
        if finding["code"] in CODES:
            assert name.endswith(".zone"), finding
            found.setdefault(int(name.split(".")[0]), set()).add(finding["code"])
    return found


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_zone_with_the_fault_is_found_and_nothing_else_is_said(condition, tmp_path):
    found = findings(write_estate(tmp_path, condition, ZONES, seed=1))
    missed = [number for number in range(ZONES)
              if CONDITIONS[condition] not in found.get(number, ())]
    assert not missed, f"seed 1: {condition}: not found in the zones {missed}"
    other = {number: codes - {CONDITIONS[condition]} for number, codes in found.items()
             if codes - {CONDITIONS[condition]}}
    assert not other, f"seed 1: {condition}: also said {other}"


def test_sound_zones_are_left_alone(tmp_path):
    assert findings(write_estate(tmp_path, None, 10 * ZONES, seed=2)) == {}
