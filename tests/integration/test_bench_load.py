"""contrib/bench-load measures each form that it names."""
import json
import subprocess
import sys

from peers import LIMIT, SOURCE

BENCH = SOURCE / "contrib" / "bench-load"
FORMS = ["zone-file", "aws", "aws-compact", "aws-gzip", "yaml"]


def bench(*arguments):
    return subprocess.run([sys.executable, BENCH, *arguments], capture_output=True, text=True,
                          timeout=LIMIT, check=False)


def test_each_form_is_read():
    done = bench(*FORMS, "--records", "500", "--runs", "1", "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["form"] for row in rows] == FORMS
    for row in rows:
        assert row["records"] == 500 and row["octets"] > 0
        assert row["cpu"] > 0 and row["peak"] > 0 and row["octetsPerSecond"] > 0


def test_a_form_that_there_is_not_is_refused():
    done = bench("xml")
    assert done.returncode == 2
    assert "no form xml" in done.stderr
