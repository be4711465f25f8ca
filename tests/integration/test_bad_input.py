"""Inputs that cannot be right: each command says so, names the file, and leaves nothing."""
import os
import re

import pytest

import programs
from client import rcode
from estates import copy_examples, estate, zone
from peers import CAUSEWAYD

GOOD = """\
server:
  listen: [{address: 127.0.0.1, port: 1, as: vpc-1}]
vpcs: [{id: vpc-1, region: eu-west-1, cidr_blocks: [10.1.0.0/16], enable_dns_hostnames: true}]
"""


def zoned(directory, zone_file):
    """A configuration with one zone of this file."""
    path = directory / "causeway.yaml"
    path.write_text(GOOD + "hosted_zones:\n"
                    f"  - {{id: Z1, name: a.example, vpcs: [vpc-1], zone_file: {zone_file}}}\n")
    return path


# Each makes a bad input in a directory and gives: the configuration, the file that is to be
# blamed, and where in it, as a pattern.

def an_empty_file(directory):
    path = directory / "causeway.yaml"
    path.write_bytes(b"")
    return path, path, ""


def a_binary_file(directory):
    path = directory / "causeway.yaml"
    path.write_bytes(CAUSEWAYD.read_bytes()[:300000])
    return path, path, r":\d+:\d+"


def zeros(directory):
    path = directory / "causeway.yaml"
    path.write_bytes(bytes(100000))
    return path, path, r":\d+:\d+"


def a_directory(directory):
    path = directory / "causeway.yaml"
    path.mkdir()
    return path, path, ""


def a_fifo(directory):
    path = directory / "causeway.yaml"
    os.mkfifo(path)
    return path, path, ""


def no_file(directory):
    path = directory / "causeway.yaml"
    return path, path, ""


def an_unreadable_file(directory):
    path = directory / "causeway.yaml"
    path.write_text(GOOD)
    path.chmod(0)
    return path, path, ""


def a_line_of_100_mb(directory):
    path = directory / "causeway.yaml"
    with open(path, "wb") as f:
        f.write(b"vpcs: ")
        for _ in range(100):
            f.write(b"x" * 1_000_000)
    return path, path, ""


def a_list_of_100_mb(directory):
    path = directory / "causeway.yaml"
    with open(path, "wb") as f:
        f.write(b"vpcs: ")
        for _ in range(100):
            f.write(b"[" * 1_000_000)
    return path, path, ""


def a_cycle_of_includes(directory):
    path = directory / "causeway.yaml"
    path.write_text(GOOD + "include: [b.yaml]\n")
    (directory / "b.yaml").write_text("include: [c.yaml]\n")
    (directory / "c.yaml").write_text("include: [causeway.yaml]\n")
    return path, directory / "c.yaml", r":1:\d+"


def an_include_of_itself(directory):
    path = directory / "causeway.yaml"
    path.write_text(GOOD + "include: ['*.yaml']\n")
    return path, path, r":4:\d+"


def an_include_that_is_not_there(directory):
    path = directory / "causeway.yaml"
    path.write_text(GOOD + "include: [absent.yaml]\n")
    return path, path, r":4:\d+"


def aliases_that_grow(directory):
    """A "billion laughs": each anchor holds ten of the one before it."""
    path = directory / "causeway.yaml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    path.write_text("\n".join(lines) + "\nvpcs: *a11\n")
    return path, path, r":\d+:\d+"


def cut_in_half(directory):
    path = copy_examples(directory) / "conf" / "hybrid.yaml"
    octets = path.read_bytes()
    path.write_bytes(octets[:octets.index(b"cidr_blocks: [10.2") + 14])
    return path, path, r":\d+:\d+"


def a_zone_file_cut_in_half(directory):
    """Inside the parentheses of its DKIM record."""
    path = copy_examples(directory) / "conf" / "hybrid.yaml"
    zone_file = directory / "zones" / "cloud.quay.example.zone"
    octets = zone_file.read_bytes()
    zone_file.write_bytes(octets[:octets.index(b"MIGf")])
    return path, zone_file, r":\d+"


def a_zone_file_that_is_binary(directory):
    (directory / "a.zone").write_bytes(os.urandom(50000))
    return zoned(directory, "a.zone"), directory / "a.zone", ""


def a_zone_file_that_is_not_there(directory):
    path = zoned(directory, "absent.zone")
    return path, path, r":5:\d+"


def a_zone_file_that_is_a_directory(directory):
    (directory / "a.zone").mkdir()
    path = zoned(directory, "a.zone")
    return path, path, r":5:\d+"


def a_zone_file_that_is_a_fifo(directory):
    os.mkfifo(directory / "a.zone")
    path = zoned(directory, "a.zone")
    return path, path, r":5:\d+"


def a_zone_file_that_includes_itself(directory):
    (directory / "a.zone").write_text("$INCLUDE a.zone\n")
    return zoned(directory, "a.zone"), directory / "a.zone", r":1"


def a_zone_line_of_100_mb(directory):
    with open(directory / "a.zone", "wb") as f:
        f.write(b"www 60 IN TXT ")
        for _ in range(100):
            f.write(b"x" * 1_000_000)
    return zoned(directory, "a.zone"), directory / "a.zone", r":1"


def a_record_sets_file_cut_in_half(directory):
    path = copy_examples(directory) / "conf" / "hybrid.yaml"
    records = directory / "zones" / "data.quay.example.json"
    octets = records.read_bytes()
    records.write_bytes(octets[:len(octets) // 2])
    return path, records, r":\d+:\d+"


KINDS = [an_empty_file, a_binary_file, zeros, a_directory, a_fifo, no_file, an_unreadable_file,
         a_line_of_100_mb, a_list_of_100_mb, a_cycle_of_includes, an_include_of_itself,
         an_include_that_is_not_there, aliases_that_grow, cut_in_half, a_zone_file_cut_in_half,
         a_zone_file_that_is_binary, a_zone_file_that_is_not_there,
         a_zone_file_that_is_a_directory, a_zone_file_that_is_a_fifo,
         a_zone_file_that_includes_itself, a_zone_line_of_100_mb, a_record_sets_file_cut_in_half]

# The file given on the command line could not be read: exit code 3; else what is in it or
# named by it is wrong: 2.
UNREADABLE = {a_directory, a_fifo, no_file, an_unreadable_file}

COMMANDS = {
    "causewayd": lambda path: programs.run(CAUSEWAYD, "-c", path, as_user=True),
    "check": lambda path: programs.check(path, as_user=True),
    "lint": lambda path: programs.causeway("lint", path, as_user=True),
    "lint-json": lambda path: programs.causeway("lint", "--format", "json", path, as_user=True),
    "explain": lambda path: programs.causeway("explain", "--from", "vpc-1", "a.example", "-c", path,
                                              as_user=True),
    "resolve": lambda path: programs.causeway("resolve", "--from", "vpc-1", "a.example", "-c", path,
                                              as_user=True),
    "compile": lambda path: programs.causeway("compile", "-c", path, "-o",
                                              path.parent / "out.cws", as_user=True),
}


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_a_bad_input_is_refused_with_its_name_and_nothing_is_left(make, tmp_path):
    conf, blamed, place = make(tmp_path)
    before = programs.listing(tmp_path)
    wrong = []
    for name, command in COMMANDS.items():
        result = command(conf)
        codes = (3,) if make in UNREADABLE else (2, 3)
        if result.code not in codes:
            wrong.append(f"{name}: exit code {result.code}, not in {codes}")
        # in JSON a slash may be escaped, and the place is in fields
        pattern = re.escape(blamed.name) if name == "lint-json" else re.escape(blamed.name) + place
        if not re.search(pattern, result.text):
            wrong.append(f"{name}: does not say {pattern}: {result.text[:600]!r}")
        if len(result.text) > 100_000:
            wrong.append(f"{name}: says {len(result.text)} characters")
        if programs.listing(tmp_path) != before:
            wrong.append(f"{name}: has left something")
    assert not wrong, "\n".join(wrong)


def test_a_failed_compile_leaves_the_older_file_alone(tmp_path):
    conf = copy_examples(tmp_path) / "conf" / "hybrid.yaml"
    out = tmp_path / "estate.cws"
    assert programs.causeway("compile", "-c", conf, "-o", out).code == 0
    older = out.read_bytes()
    (tmp_path / "zones" / "cloud.quay.example.zone").write_text("nonsense\n")
    before = programs.listing(tmp_path)
    assert programs.causeway("compile", "-c", conf, "-o", out).code == 2
    assert out.read_bytes() == older and programs.listing(tmp_path) == before


@pytest.mark.parametrize("where", ["absent/estate.cws", "full", "a-directory"])
def test_an_output_that_cannot_be_written_is_an_error(tmp_path, where):
    """No folder; no space (/dev/full); a directory in its place."""
    conf = copy_examples(tmp_path) / "conf" / "hybrid.yaml"
    (tmp_path / "a-directory").mkdir()
    (tmp_path / "full").symlink_to("/dev/full")
    before = programs.listing(tmp_path)
    result = programs.causeway("compile", "-c", conf, "-o", tmp_path / where)
    if where == "full" and result.code == 0:
        # replaced by rename: the link is now a good file
        assert (tmp_path / where).is_file()
        return
    assert result.code in (2, 3, 4) and where in result.err
    assert programs.listing(tmp_path) == before


def test_all_mistakes_of_a_run_are_reported_at_once(tmp_path):
    path = tmp_path / "causeway.yaml"
    path.write_text("""\
server:
  listen: [{address: 127.0.0.1, port: 99999, as: vpc-1}]
  alow: [10.0.0.0/8]
vpcs:
  - {id: vpc-1, region: eu-west-1, cidr_blocks: [10.1.0.0/16]}
  - {id: vpc-1, region: eu-west-1, cidr_blocks: [10.2.0.0/16]}
  - {id: vpc-3, region: eu-west-1, cidr_blocks: [10.3.0.0/16], enable_dns_support: maybe}
hosted_zones:
  - {id: Z1, name: bad..example, vpcs: [vpc-1]}
  - {id: Z2, name: b.example, vpcs: [vpc-x]}
""")
    result = programs.check(path)
    assert result.code == 2
    for line, says in ((2, "99999"), (3, "allow"), (6, "vpc-1"), (7, "maybe"),
                       (9, r"bad\.\.example"), (10, "vpc-x")):
        assert re.search(rf"causeway\.yaml:{line}:\d+: error\S* .*{says}", result.text), (
            line, says, result.text)
    # a duplicate names the other place too
    assert re.search(r"causeway\.yaml:5:\d+: note", result.text)


def test_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path):
    path = tmp_path / "causeway.yaml"
    path.write_text('vpcs:\n  - {id: "vpc\\e[31m", "bad\\e]0;key\\a": 1, region: "\\u009b"}\n')
    for result in (programs.check(path), programs.causeway("lint", path)):
        assert result.code == 2
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", result.text)


# --- snapshots as input

@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    directory = tmp_path_factory.mktemp("snapshot")
    conf = copy_examples(directory) / "conf" / "hybrid.yaml"
    out = directory / "estate.cws"
    assert programs.causeway("compile", "-c", conf, "-o", out).code == 0
    return out.read_bytes()


@pytest.mark.parametrize("damage", [
    *(pytest.param(lambda octets, n=n: octets[:len(octets) * n // 8], id=f"cut-{n}-8")
      for n in range(8)),
    pytest.param(lambda octets: octets[:-1], id="cut-last-octet"),
    pytest.param(lambda octets: octets + b"\0" * 8, id="longer"),
    *(pytest.param(lambda octets, n=n: (lambda at: octets[:at] + bytes([octets[at] ^ 0x10]) +
                                        octets[at + 1:])(len(octets) * n // 8), id=f"flip-{n}-8")
      for n in range(8)),
])
def test_a_damaged_snapshot_is_not_served(tmp_path, snapshot, damage):
    """The configuration is broken, so the snapshot is all there is."""
    path = tmp_path / "estate.cws"
    path.write_bytes(damage(snapshot))
    conf = tmp_path / "causeway.yaml"
    conf.write_text(GOOD.replace("server:\n", f"server:\n  snapshot: {{file: {path}}}\n") +
                    "hosted_zones: [{id: Z1, name: a.example, vpcs: [vpc-x]}]\n")
    result = programs.run(CAUSEWAYD, "-c", conf)
    assert result.code in (2, 3)
    assert "estate.cws" in result.err and "causeway.yaml:5:" in result.err
    before = programs.listing(tmp_path)
    for command in ("explain", "resolve", "compile"):   # they read an image too
        result = COMMANDS[command](path)
        assert result.code in (2, 3) and "estate.cws" in result.err, command
    assert programs.listing(tmp_path) == before


def test_a_snapshot_is_no_configuration(tmp_path, snapshot):
    path = tmp_path / "estate.cws"
    path.write_bytes(snapshot)
    for command in ("causewayd", "check", "lint"):
        result = COMMANDS[command](path)
        assert result.code in (2, 3) and "estate.cws" in result.text, command


# --- usage

@pytest.mark.parametrize("arguments", [
    [], ["nonsense"], ["lint"], ["compile"], ["compile", "-c"], ["explain"], ["resolve"],
    ["explain", "--from", "vpc-app"], ["lint", "--nonsense", "x"],
    ["lint", "--format", "nonsense", "x"],
    ["resolve", "--from", "vpc-app", "x..y", "-c", "CONF"],
    ["resolve", "--from", "vpc-app", "x.example", "NONSENSE", "-c", "CONF"],
    ["resolve", "--from", "vpc-nowhere", "x.example", "-c", "CONF"],
    ["explain", "--from", "203.0.113.1", "x.example", "-c", "CONF"],
], ids=" ".join)
def test_wrong_usage_is_exit_code_2(tmp_path, arguments):
    conf = copy_examples(tmp_path) / "conf" / "hybrid.yaml"
    result = programs.causeway(*(conf if a == "CONF" else a for a in arguments), cwd=tmp_path)
    assert result.code == 2 and result.err and not result.out


@pytest.mark.parametrize("arguments", [["-c"], ["--nonsense"], ["-c", "a", "b"]], ids=" ".join)
def test_wrong_usage_of_the_daemon_is_exit_code_2(arguments):
    result = programs.run(CAUSEWAYD, *arguments)
    assert result.code == 2 and result.err


def test_help_and_version_are_no_errors():
    for program in ("causeway", "causewayd"):
        for option in ("--help", "--version"):
            result = programs.run(CAUSEWAYD.with_name(program), option)
            assert result.code == 0 and result.out and not result.err, (program, option)


def test_a_large_zone_is_served_within_bounds(world):
    """What the bounds above allow is enough for real sizes: 200,000 records."""
    path = world.dir / "large.zone"
    with open(path, "w") as f:
        f.write("$TTL 60\n@ IN SOA ns h 1 2 3 4 5\n@ IN NS ns\n")
        for i in range(200_000):
            f.write(f"n{i} IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")
    daemon = world.daemon(estate(zones=[zone("large.example", zone_file=str(path))]))
    reply = daemon.ask("n199999.large.example")
    assert rcode(reply) == "NOERROR" and str(reply.answer[0][0]) == "10.3.13.63"
