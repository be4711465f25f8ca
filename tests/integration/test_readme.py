"""What README.md shows is what happens: its queries are run as they stand there."""
import functools
import os
import re
import shlex
import socket
import subprocess

import pytest

import programs
from estates import copy_examples
from peers import LIMIT, SOURCE, free_port

PORTS = range(5300, 5306)       # of conf/hybrid.yaml

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)


@functools.cache
def commands(program):
    """[(line, what it prints)] of the lines `$ PROGRAM ...` in README.md's fenced blocks."""
    path = SOURCE / "README.md"
    assert path.exists(), "there is no README.md"
    found = []
    for block in FENCE.findall(path.read_text()):
        shown = None
        for line in block.splitlines():
            prompt = re.match(r"\s*\$ (.*)", line)
            if prompt:
                shown = []
                found.append((prompt.group(1), shown))
            elif shown is not None:
                shown.append(line)
    return [(line, shown) for line, shown in found
            if re.match(rf"(\S*/)?{program}\b", line)]


def normalised(lines):
    return [" ".join(line.split()) for line in lines if line.strip()]


def is_taken(port):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as s:
                if kind == socket.SOCK_STREAM:      # connections that have ended do not count
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    s.bind((address, port))
                except OSError:
                    return True
    return False


@pytest.fixture(scope="module")
def ports(shared_world):
    """The daemon serves as contrib/quickstart starts it; {port of the README: port served}."""
    given = {port: free_port() if is_taken(port) else port for port in PORTS}
    conf = copy_examples(shared_world.dir) / "conf" / "hybrid.yaml"
    conf.write_text(re.sub(r"\bport: (53\d\d)\b",
                           lambda m: f"port: {given[int(m.group(1))]}", conf.read_text()))
    shared_world.daemon(conf, at=("127.0.0.1", given[5301]))
    return given


def test_the_readme_shows_queries_from_each_side_of_the_company():
    shown = commands("dig")
    assert shown, "README.md has no fenced block with lines `$ dig ...`"
    assert all(answer for _, answer in shown), "a query is shown without its answer"
    asked = {port for line, _ in shown for port in re.findall(r"-p ?(\d+)", line)}
    assert {"5300", "5301"} <= asked or len(asked) >= 2, "one query from each side"
    assert asked <= set(map(str, PORTS))


@pytest.mark.parametrize("line, expected", commands("dig"))
def test_a_query_of_the_readme_gives_the_answer_shown(ports, line, expected):
    mapped = re.sub(r"(-p ?)(\d+)", lambda m: m.group(1) + str(ports[int(m.group(2))]), line)
    result = subprocess.run(shlex.split(mapped), capture_output=True, text=True, timeout=LIMIT,
                            check=True)
    printed = result.stdout
    for port, served in ports.items():
        printed = printed.replace(f"#{served}(", f"#{port}(")
    assert normalised(printed.splitlines()) == normalised(expected), line


def test_the_lint_finding_of_the_readme_is_what_lint_prints():
    """Run at the top of the source tree, as a reader does; `...` stands for lines left out."""
    shown = [(line, answer) for line, answer in commands("causeway")
             if "lint" in line.split() and answer]
    assert shown, "README.md has no fenced block with a line `$ ... causeway lint ...`"
    for line, expected in shown:
        words = shlex.split(line)
        result = programs.causeway(*words[1:], cwd=SOURCE, env={"NO_COLOR": "1"})
        assert result.code in (0, 1), result.err
        printed = "\n".join(normalised(result.out.splitlines()))
        for part in re.split(r"^\s*\.\.\.\s*$", "\n".join(expected), flags=re.M):
            part = "\n".join(normalised(part.splitlines()))
            assert part in printed, line


def test_the_files_the_readme_names_exist():
    text = (SOURCE / "README.md").read_text()
    named = set(re.findall(r"\b(?:conf|zones|contrib|doc|src|tests)/[\w./*-]*\w", text))
    assert named
    missing = [name for name in sorted(named)
               if not any(SOURCE.glob(name)) and not os.path.exists(SOURCE / f"{name}.in")]
    assert not missing
