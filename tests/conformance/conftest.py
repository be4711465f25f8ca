"""What the conformance tables share with the integration tests: how programs are started
and ended (peers.py), upstreams that do as they are told (fake.py)."""
import pathlib
import sys

import pytest

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import peers        # noqa: E402  (behind the path that leads to it)
from stage import Stage     # noqa: E402


def pytest_sessionstart(session):
    for program in (peers.CAUSEWAYD, peers.CAUSEWAY):
        if not program.exists():
            pytest.exit(f"{program} does not exist: CAUSEWAY_BUILD names the build tree", 4)


@pytest.fixture(scope="module")
def stage(tmp_path_factory, request):
    """The estates of a table: each is served from its first row on, by one daemon."""
    stage = Stage(tmp_path_factory.mktemp(request.module.__name__))
    try:
        yield stage
        stage.close()
    finally:
        stage.kill()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A row that fails shows the log of its estate's daemon."""
    report = (yield).get_result()
    row = getattr(item, "callspec", None) and item.callspec.params.get("row")
    stage = getattr(item, "funcargs", {}).get("stage")
    estate = getattr(row, "estate", None)
    if report.failed and stage and estate in stage.sets:
        report.sections.append((f"log of estate {estate}", stage.sets[estate].daemon.log[-9000:]))
