"""contrib/bench-lint says what it measured, whatever the machine makes of it."""
import json
import subprocess
import sys

import pytest

from peers import LIMIT, SOURCE

BENCH = SOURCE / "contrib" / "bench-lint"


def bench(*arguments):
    return subprocess.run([sys.executable, BENCH, *arguments], capture_output=True, text=True,
                          timeout=LIMIT, check=False)


@pytest.mark.parametrize("form", ["zone-files", "json"])
def test_the_smallest_size_is_linted_and_is_sound(form):
    done = bench("T0", "--format", "json", "--form", form)
    (row,) = json.loads(done.stdout)
    assert row["exit"] == 0
    assert (row["vpcs"], row["zones"], row["records"]) == (40, 400, 6800)
    assert row["wall"] > 0 and row["peak"] > 0
    assert done.returncode == (0 if row["met"] else 1)


def test_the_table_has_the_goals():
    lines = bench("T0").stdout.splitlines()
    assert lines[0].split() == ["VPCs", "zones", "records", "wall", "goal", "CPU", "peak", "goal"]
    assert lines[1].split()[:4] == ["T0", "40", "400", "6,800"]


def test_a_size_that_there_is_not_is_refused():
    done = bench("T9")
    assert done.returncode == 2
    assert "no size T9" in done.stderr
