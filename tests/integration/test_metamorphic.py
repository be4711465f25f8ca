"""What may be changed in an estate's description without changing what is found in it.

Ids renamed, lists reordered, a configuration split over files: the same findings.  A network
declared twice: those, and others of the copy alone.  On estates that have a fault of each kind.
"""
import copy
import itertools
import json
import random
import re
import subprocess
import sys

import pytest

from peers import CAUSEWAY, LIMIT, SOURCE

GENERATOR = SOURCE / "tests" / "gen_estate"
LISTS = ("vpcs", "sites", "transit_gateways", "vpc_peering_connections", "hosted_zones",
         "resolver_endpoints", "resolver_rules", "profiles")
NETWORKS = 400


def make_estate(directory, seed):
    estate = directory / "estate.json"
    subprocess.run([sys.executable, GENERATOR, "--seed", str(seed), "--networks", str(NETWORKS),
                    estate, directory / "planted.json"], check=True, timeout=LIMIT)
    made = json.loads(estate.read_text())
    for zone in made["hosted_zones"]:
        if "zone_file" in zone:
            zone["zone_file"] = str(directory / zone["zone_file"])
    return made


def write(directory, estate, name="estate.json"):
    path = directory / name
    path.write_text(json.dumps(estate, indent=1))
    return path


def lint(path):
    done = subprocess.run([CAUSEWAY, "lint", "--format", "json", path], capture_output=True,
                          text=True, timeout=LIMIT)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["notCompared"] == []
    return report["findings"]


def meaning(finding):
    """What is found, of what, where and how it shows; not in which order or words."""
    return (finding["code"], finding["severity"], finding["certainty"],
            frozenset((part["kind"], part["id"]) for part in finding["objects"]),
            frozenset(finding["views"]),
            frozenset((part["kind"], part["name"], part["types"]) for part in finding["region"]))


def meanings(findings):
    return sorted(map(meaning, findings), key=repr)


def renamed(value, names):
    """Every id, wherever it stands; names of domains are not ids."""
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def all_ids(estate):
    return [item["id"] for key in LISTS for item in estate.get(key, ())]


def shuffled_names(estate, seed):
    """Other ids, which sort in another order."""
    ids = all_ids(estate)
    numbers = list(range(len(ids)))
    random.Random(seed).shuffle(numbers)
    return {ident: f"x{number:06}-other" for ident, number in zip(ids, numbers)}


def groups_of(estate):
    return (estate.get("lint") or {}).get("groups", ())


@pytest.fixture(scope="module", params=[1, 2])
def estate(request, tmp_path_factory):
    return make_estate(tmp_path_factory.mktemp("estate"), request.param)


@pytest.fixture(scope="module")
def findings(estate, tmp_path_factory):
    return lint(write(tmp_path_factory.mktemp("lint"), estate))


def test_ids_do_not_matter(tmp_path, estate, findings):
    names = shuffled_names(estate, 7)
    back = {new: old for old, new in names.items()}
    other = lint(write(tmp_path, renamed(estate, names)))

    def restore(value):
        if isinstance(value, dict):
            return {key: restore(item) for key, item in value.items()}
        if isinstance(value, list):
            return [restore(item) for item in value]
        return re.sub(r"x\d{6}-other", lambda m: back[m.group()], value) \
            if isinstance(value, str) else value

    # of several pairs of networks the first by id is shown: one of them, and as many
    def shown(found):
        return sorted(((*meaning(f)[:4], len(f["views"]), meaning(f)[5]) for f in found),
                      key=repr)

    assert shown(restore(other)) == shown(findings)


def test_the_order_of_lists_does_not_matter(tmp_path, estate, findings):
    other = copy.deepcopy(estate)
    chance = random.Random(11)
    for key in LISTS:
        chance.shuffle(other.get(key, []))
        for item in other.get(key, ()):
            for members in ("vpcs", "sites", "record_sets", "cidr_blocks"):
                if isinstance(item.get(members), list):
                    chance.shuffle(item[members])
    assert meanings(lint(write(tmp_path, other))) == meanings(findings)


def test_files_do_not_matter(tmp_path, estate, findings):
    """Each list in a file of its own, and half of each in another."""
    whole = copy.deepcopy(estate)
    files = []
    for key in LISTS:
        items = whole.pop(key, [])
        for part, some in enumerate((items[::2], items[1::2])):
            if some:
                files.append(write(tmp_path, {key: some}, f"{key}-{part}.json").name)
    whole["include"] = files
    assert meanings(lint(write(tmp_path, whole))) == meanings(findings)


def mentions(finding, ident):
    return f'{ident}"' in json.dumps(finding["objects"]) or ident in finding["views"]


def without(finding, ident):
    code, severity, certainty, objects, views, region = meaning(finding)
    return (code, severity, certainty, frozenset(o for o in objects if o[1] != ident),
            views - {ident}, region)


def twin(estate, ident, number):
    """The estate with a second network that has all that this one has but the addresses."""
    other = copy.deepcopy(estate)
    vpc = next(v for v in other["vpcs"] if v["id"] == ident)
    extra = {**copy.deepcopy(vpc), "id": f"{ident}-twin",
             "cidr_blocks": [f"10.{200 + number}.0.0/24"]}
    other["vpcs"].append(extra)
    for key, item in itertools.chain.from_iterable(
            ((key, item) for item in other.get(key, ())) for key in LISTS):
        if isinstance(item.get("vpcs"), list) and ident in item["vpcs"]:
            item["vpcs"].append(extra["id"])
    return other


def test_a_network_declared_twice_adds_findings_of_the_copy_only(tmp_path, estate, findings):
    grouped = {ident for group in groups_of(estate) for ident in group.get("networks", ())}
    sound = [v["id"] for v in estate["vpcs"] if v["id"].endswith("-app")
             and v["id"] not in grouped]
    for number, ident in enumerate(random.Random(13).sample(sound, 8)):
        copied = f"{ident}-twin"
        other = lint(write(tmp_path, twin(estate, ident, number)))
        besides = {without(f, copied) for f in other if mentions(f, copied)}
        kept = [f for f in other if not mentions(f, copied)]
        assert {meaning(f) for f in kept} <= {meaning(f) for f in findings}
        lost = {meaning(f) for f in findings} - {meaning(f) for f in kept}
        assert lost <= besides, "what was found before is found still, the copy among its networks"
