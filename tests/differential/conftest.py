"""What the differential test shares with the integration tests: how programs are started
and ended (peers.py), and the logs shown with a failure."""
import pathlib
import sys

import pytest

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import peers        # noqa: E402  (behind the path that leads to it)


def pytest_sessionstart(session):
    if not peers.CAUSEWAYD.exists():
        pytest.exit(f"{peers.CAUSEWAYD} does not exist: CAUSEWAY_BUILD names the build tree", 4)
