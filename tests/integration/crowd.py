"""crowd - many clients at once, and what became of their questions: tests/integration/crowd.c"""
import dataclasses
import json
import os
import pathlib
import struct
import subprocess
import tempfile

from fake import program

# `make check-long` asks for the counts of the issue, all others for a taste of each.
LONG = os.environ.get("CAUSEWAY_LONG") == "1"


def counts(short, long):
    return long if LONG else short


@dataclasses.dataclass
class Heard:
    """A reply: nanoseconds of CLOCK_REALTIME, as the kernel saw it."""
    sent_ns: int
    heard_ns: int
    source: int
    rcode: int
    stale: int


def line(server, name, expected, source="127.0.0.1", group="all"):
    """`expected`: an address, an outcome's word, or several of them; see crowd.c."""
    if not isinstance(expected, str):
        expected = ",".join(expected)
    return f"{server[0]}:{server[1]} {source} {group} {name} {expected}"


class Crowd:
    """Started at once; `result` waits for its end.

        crowd = Crowd([line(daemon.at, "n#.dc.example", "192.0.2.1")], count=1000)
        crowd.result()["groups"]["all"]["right"]
    """

    def __init__(self, plan, record=False, **settings):
        self.directory = tempfile.TemporaryDirectory(prefix="crowd-")
        path = pathlib.Path(self.directory.name)
        self.record_path = path / "record"
        (path / "plan").write_text("".join(f"{one}\n" for one in plan))
        arguments = [f"plan={path}/plan", *(f"{k}={int(v)}" for k, v in settings.items())]
        if record:
            arguments.append(f"record={self.record_path}")
        self.process = subprocess.Popen([program("crowd"), *arguments], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def running(self):
        return self.process.poll() is None

    def result(self, limit=1800):
        """What it printed at its end."""
        out, _ = self.process.communicate(timeout=limit)
        assert self.process.returncode == 0, f"crowd ended with {self.process.returncode}"
        return json.loads(out)

    def heard(self):
        return [Heard(*one) for one in struct.iter_unpack("=QQIHH", self.record_path.read_bytes())]

    def close(self):
        if self.running():
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.directory.cleanup()


def ask_all(plan, **settings):
    """A crowd to its end: {group: counts}, "example" of what was wrong, and the "excuse" that
    the first SERVFAIL gave."""
    crowd = Crowd(plan, **settings)
    try:
        result = crowd.result()
    finally:
        crowd.close()
    return {key: result[key] for key in ("example", "excuse")} | result["groups"]
