"""Fixtures of the integration tests; the programs they start are in peers.py."""
import pytest

import peers

_worlds = []


def pytest_sessionstart(session):
    for program in (peers.CAUSEWAYD, peers.CAUSEWAY):
        if not program.exists():
            pytest.exit(f"{program} does not exist: CAUSEWAY_BUILD names the build tree", 4)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the logs of all that was running for it."""
    report = (yield).get_result()
    if report.failed:
        for world in _worlds:
            for name, log in world.logs():
                report.sections.append((f"log of {name}", log[-20000:]))


def _world(directory):
    world = peers.World(directory)
    _worlds.append(world)
    try:
        yield world
        world.close()
    finally:
        # a second time: what an interrupted test or a failing `close` has left
        for thing in world.things:
            if isinstance(thing, peers.Process) and thing.process and not thing.ended():
                thing.process.kill()
                thing.process.wait()
        _worlds.remove(world)


@pytest.fixture
def world(tmp_path):
    """What this test starts, ended behind it."""
    yield from _world(tmp_path)


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory, request):
    """What the tests of a module start once, ended behind the last of them."""
    yield from _world(tmp_path_factory.mktemp(request.module.__name__))
