"""All faults that tests/gen_estate plants are found, and nothing else is.

CAUSEWAY_NETWORKS: the networks of the largest estate; make check-long has 10,000.
"""
import collections
import json
import os
import re
import subprocess
import sys

import pytest

from peers import CAUSEWAY, LIMIT, SOURCE

GENERATOR = SOURCE / "tests" / "gen_estate"
LARGEST = int(os.environ.get("CAUSEWAY_NETWORKS", "1000"))
GENERATOR_CODES = re.findall(r"^def refused_(\w+)", GENERATOR.read_text(), re.MULTILINE)
GENERATOR_CODES = [code.upper() for code in GENERATOR_CODES]
PATIENCE = max(LIMIT, LARGEST / 10)


def plant(directory, *options):
    estate, planted = directory / "estate.json", directory / "planted.json"
    subprocess.run([sys.executable, GENERATOR, *options, estate, planted], check=True,
                   timeout=PATIENCE)
    return estate, json.loads(planted.read_text())


def lint(estate, *codes):
    done = subprocess.run([CAUSEWAY, "lint", "--format", "json", estate], capture_output=True,
                          text=True, timeout=PATIENCE)
    assert done.returncode in (codes or (0, 1)), done.stderr
    report = json.loads(done.stdout)
    assert report["notCompared"] == []
    return report["findings"]


def cells_of(finding):
    """The cells whose objects and names it speaks of."""
    said = {key: value for key, value in finding.items() if key != "fingerprint"}
    return set(re.findall(r"\bc\d{5}(?=[-.])", json.dumps(said)))


def compare(directory, *options):
    """What is missed, and what is found besides; each as (cell, code)."""
    estate, truth = plant(directory, *options)
    want = collections.Counter((fault["cell"], fault["code"]) for fault in truth["planted"])
    found = collections.Counter()
    for finding in lint(estate):
        cells = cells_of(finding)
        assert len(cells) == 1, finding
        found[cells.pop(), finding["code"]] += 1
    return want, want - found, found - want


@pytest.mark.parametrize("networks", [10, 100, LARGEST])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_planted_is_found_and_nothing_else(tmp_path, networks, seed):
    want, missed, besides = compare(tmp_path, "--networks", str(networks), "--seed", str(seed))
    assert want
    assert not missed
    assert not besides


@pytest.mark.parametrize("code", sorted(GENERATOR_CODES))
def test_what_makes_an_estate_refused_is_the_one_thing_found(tmp_path, code):
    estate, truth = plant(tmp_path, "--networks", "100", "--refused", code)
    want = [fault["code"] for fault in truth["planted"] if fault["fault"] == code]
    found = [f for f in lint(estate, 2, 3) if f["severity"] == "error"]
    assert [f["code"] for f in found] == want
    assert cells_of(found[0]) <= {"c00000"}


def test_every_fault_is_planted_in_its_turn(tmp_path):
    _, truth = plant(tmp_path, "--networks", "1000")
    codes = {fault["code"] for fault in truth["planted"]}
    kinds = {fault["fault"] for fault in truth["planted"]}
    assert kinds <= codes
    assert len(kinds) >= 60


def test_a_seed_gives_the_same_estate_again(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, _ = plant(tmp_path / "one", "--seed", "7")
    other, _ = plant(tmp_path / "other", "--seed", "7")
    assert one.read_bytes() == other.read_bytes()
