"""programs - causeway and causewayd --check run to their end, within bounds"""
import dataclasses
import os
import pathlib
import resource
import subprocess

from peers import CAUSEWAY, CAUSEWAYD, DIE_WITH_US, LIMIT, REPORT, reports_of, sanitized

# Address space for inputs of up to 100 MB; shadow memory of a sanitizer needs terabytes.
MEMORY = 1 << 30

# Root reads any file, unless it may not.
WITHOUT_OVERRIDE = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]


@dataclasses.dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def text(self):
        return self.out + self.err


def run(*command, cwd=None, limit=LIMIT, env=None, as_user=False):
    """Run to the end within LIMIT seconds and MEMORY octets; a sanitizer's report fails."""
    prefix = list(DIE_WITH_US)
    if as_user and os.geteuid() == 0:
        prefix += WITHOUT_OVERRIDE

    def bound():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    process = subprocess.Popen([*prefix, *map(str, command)], cwd=cwd, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, errors="replace",
                               env={**os.environ, **(env or {})},
                               preexec_fn=None if sanitized() else bound)
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise AssertionError(f"{command} has not ended after {limit} s") from None
    for text in (err, out, *reports_of(process.pid)):
        assert not REPORT.search(text), text[:6000]
    assert process.returncode >= 0, (command, process.returncode, err)
    return Result(process.returncode, out, err)


def causeway(*arguments, **options):
    return run(CAUSEWAY, *arguments, **options)


def check(path, **options):
    return run(CAUSEWAYD, "--check", "-c", path, **options)


def listing(directory):
    """Every file below a directory and its content, to see what a program has left."""
    return {path.relative_to(directory): path.read_bytes() if path.is_file() else None
            for path in sorted(pathlib.Path(directory).rglob("*"))}
