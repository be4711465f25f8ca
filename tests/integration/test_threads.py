"""Nothing that causeway prints or writes shows on how many threads an estate was read."""
import json
import random

import pytest

from peers import SOURCE
from programs import causeway

COUNTS = (1, 2, 3, 9)


def zone_text(rng, number):
    """A zone file, mostly sound: the faults are those that only a reader of records sees."""
    lines = [f"$ORIGIN z{number}.example.", "$TTL 300", "@ SOA ns admin 1 2 3 4 5", "@ NS ns",
             "ns A 10.0.0.1"]
    for i in range(rng.randrange(30)):
        lines.append(rng.choice([
            f"h{i} A 10.0.{i}.1", f"H{i} A 10.0.{i}.2", f"h{i} 60 A 10.0.{i}.3",
            f"a{i} CNAME h{i}", f'x{i} TXT "one" "two"', f"w{i} WKS 10.0.0.1 tcp smtp 80",
            f"h{i} A 10.0.{i}.1 ; lint: ignore[REC] as it is", f"*.d{i} MX 10 h{i}"]))
    if rng.random() < 0.1:
        lines.insert(rng.randrange(3, len(lines)), rng.choice([
            "h A 10.0.0.256", "$NONSENSE", "x TXT \"open", "(", "h 1y A 10.0.0.1",
            "other.test. A 10.0.0.1", "c CNAME a\nc A 10.0.0.1", "$INCLUDE no-such-file"]))
    return "\n".join(lines) + "\n"


def make(directory, seed, faults):
    """More zones than one window of base/parallel has."""
    rng = random.Random(seed)
    zones = []
    for number in range(1300):
        zone = {"id": f"Z{number}", "name": f"z{number}.example", "vpcs": [f"vpc-{number % 7}"]}
        kind = rng.randrange(4)
        if kind:
            path = directory / f"{number}.zone"
            text = zone_text(rng, number)
            while not faults and any(fault in text for fault in (
                    "256", "NONSENSE", '"open', "(\n", "1y", "other.test", "c CNAME", "INCLUDE")):
                text = zone_text(rng, number)
            path.write_text(text)
            zone["zone_file"] = path.name
        if kind < 2:
            zone["record_sets"] = [
                {"name": f"in{i}.z{number}.example", "type": "A", "ttl": 5,
                 "values": ["10.1.1.1" if not faults or rng.random() < 0.99 else "none"]}
                for i in range(rng.randrange(1, 5))]
        zones.append(zone)
    path = directory / "estate.json"
    path.write_text(json.dumps({
        "vpcs": [{"id": f"vpc-{v}", "region": "eu-west-1", "enable_dns_hostnames": True,
                  "cidr_blocks": [f"10.{v}.0.0/16"]} for v in range(7)],
        "hosted_zones": zones}, indent=1))
    return path


def lint(path, threads):
    done = causeway("lint", "--no-suppressions", "--threads", str(threads), "--format", "json", path)
    return done.code, done.out, done.err


@pytest.mark.parametrize("seed", range(3))
def test_findings_of_broken_files_do_not_show_the_threads(tmp_path, seed):
    path = make(tmp_path, seed, faults=True)
    alone = lint(path, 1)
    assert alone[0] == 2 and len(json.loads(alone[1])["findings"]) > 50
    for threads in COUNTS[1:]:
        assert lint(path, threads) == alone


def test_findings_and_images_of_sound_files_do_not_show_the_threads(tmp_path):
    path = make(tmp_path, 9, faults=False)
    alone = lint(path, 1)
    assert alone[0] in (0, 1) and json.loads(alone[1])["findings"]
    images = set()
    for threads in COUNTS:
        assert lint(path, threads) == alone
        image = tmp_path / f"{threads}.cws"
        assert causeway("compile", "--threads", str(threads), "-c", path, "-o", image).code == 0
        images.add(image.read_bytes())
    assert len(images) == 1


def test_what_is_told_of_equal_zones_does_not_show_the_threads(tmp_path):
    """Zones of one content are one block: the places of their records are their own."""
    zones = []
    for number in range(40):
        path = tmp_path / f"{number}.zone"
        path.write_text("$TTL 300\n@ SOA ns admin 1 2 3 4 5\n@ NS ns\nns A 10.0.0.1\n"
                        + "\n" * number + "a CNAME gone\n*.w A 10.0.0.2\nx.w MX 10 gone\n")
        zones.append({"id": f"Z{number}", "name": "z.example", "vpcs": [f"vpc-{number}"],
                      "zone_file": path.name})
    path = tmp_path / "estate.json"
    path.write_text(json.dumps({
        "vpcs": [{"id": f"vpc-{v}", "region": "eu-west-1", "enable_dns_hostnames": True,
                  "cidr_blocks": [f"10.{v}.0.0/16"]} for v in range(40)],
        "hosted_zones": zones}))
    alone = lint(path, 1)
    assert alone[0] in (0, 1) and json.loads(alone[1])["findings"]
    assert {lint(path, threads) for threads in COUNTS} == {alone}


@pytest.mark.parametrize("path", ["conf/hybrid.yaml", "conf/conflicted/causeway.yaml"])
def test_examples_do_not_show_the_threads(path):
    assert len({lint(SOURCE / path, threads) for threads in COUNTS}) == 1


@pytest.mark.parametrize("number", ["0", "17", "two", ""])
def test_a_number_of_threads_that_is_none_is_refused(number):
    done = causeway("lint", "--threads", number, SOURCE / "conf/hybrid.yaml")
    assert done.code == 2 and "--threads wants a number from 1 to 16" in done.err
