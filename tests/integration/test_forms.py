"""One company in every form: the same image, the same findings, whichever it is read from.

FORMS has a row for each form of conf/hybrid.yaml in tests/estates/: what is given to causeway.
A form that comes to be read adds its row, and the file that is made from conf/hybrid.yaml.
"""
import filecmp
import json
import random
import shutil
import subprocess
import sys

import pytest
import yaml

import programs
from peers import CAUSEWAY, SOURCE

ESTATES = SOURCE / "tests" / "estates"
REFERENCE = "yaml"
FORMS = {
    "yaml": [SOURCE / "conf" / "hybrid.yaml"],
    "aws": [ESTATES / "hybrid-aws.yaml"],
    "terraform": [ESTATES / "hybrid-terraform.yaml"],
    "cloudformation": [ESTATES / "hybrid-cloudformation.yaml"],
    "on-prem": [ESTATES / "hybrid-onprem.yaml"],
}
# What goes wrong in the company, so that there is something to find.
TROUBLE = ESTATES / "trouble.yaml"
MADE = {                # folder: what makes it of conf/hybrid.yaml
    "hybrid-aws": "make-aws",
    "hybrid-terraform": "make-terraform",
    "hybrid-cloudformation": "make-cloudformation",
}


def causeway(*arguments, codes=(0, 1)):
    done = programs.run(CAUSEWAY, *arguments)
    assert done.code in codes, done.err
    return done


def image(directory, name, paths):
    """All paths as one estate, by a dump where there are several."""
    config = paths[0]
    if len(paths) > 1:
        config = directory / f"{name}.all.yaml"
        causeway("dump", "-o", config, *paths)
    made = directory / f"{name}.cws"
    causeway("compile", "-c", config, "-o", made)
    return made


def findings(*paths):
    """(code, message, networks), places left out."""
    done = causeway("lint", "--format", "json", "--no-suppressions", *paths)
    return sorted((f["code"], f["message"], json.dumps(f.get("networks")))
                  for f in json.loads(done.out)["findings"])


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return image(tmp_path_factory.mktemp("reference"), "reference", FORMS[REFERENCE])


@pytest.mark.parametrize("form", FORMS)
def test_the_image_is_the_same(form, reference, tmp_path):
    assert filecmp.cmp(image(tmp_path, form, FORMS[form]), reference, shallow=False)


@pytest.mark.parametrize("form", FORMS)
def test_the_image_of_the_dump_is_the_same(form, reference, tmp_path):
    for format in ("yaml", "json"):
        dumped = tmp_path / f"{form}.{format}"
        causeway("dump", "--format", format, "--places", "-o", dumped, *FORMS[form])
        assert filecmp.cmp(image(tmp_path, format, [dumped]), reference, shallow=False)


@pytest.mark.parametrize("form", FORMS)
def test_the_findings_are_the_same(form):
    assert findings(*FORMS[form]) == findings(*FORMS[REFERENCE])


@pytest.mark.parametrize("form", FORMS)
def test_the_findings_in_trouble_are_the_same(form):
    found = findings(*FORMS[form], TROUBLE)
    assert found == findings(*FORMS[REFERENCE], TROUBLE)
    assert {"ZON101", "FWD301"} & {code for code, *_ in found}


@pytest.mark.parametrize("folder", MADE)
def test_the_forms_are_made_from_the_configuration(folder, tmp_path):
    made = tmp_path / folder
    subprocess.run([sys.executable, ESTATES / MADE[folder], SOURCE / "conf" / "hybrid.yaml", made],
                   check=True)
    assert differences(made, ESTATES / folder) == []


def differences(left, right):
    def files(top):
        return {p.relative_to(top): p.read_bytes() for p in top.rglob("*") if p.is_file()}

    one, other = files(left), files(right)
    return sorted(str(path) for path in one.keys() | other.keys()
                  if one.get(path) != other.get(path))


# --- the order in which things are said

WHOLE = ("server", "lint", "import")    # their lists have an order


class Loader(yaml.SafeLoader):
    """`on` is a key and no truth, as YAML 1.2 has it."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known
            if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def load(path):
    """The configuration with its includes, paths made whole."""
    said = yaml.load(path.read_text(), Loader)
    for pattern in said.pop("include", []):
        for other in sorted(path.parent.glob(pattern)):
            for key, value in load(other).items():
                said[key] = said.get(key, []) + value if isinstance(value, list) else value
    for zone in said.get("hosted_zones") or []:
        for key in ("zone_file", "record_sets_file"):
            if key in zone:
                zone[key] = str(path.parent / zone[key])
    for item in said.get("import") or []:
        for key in item:
            item[key] = str(path.parent / item[key])
    return said


def split(said, directory):
    """A file for each object, so that it keeps its place wherever its file is named."""
    parts = []
    for key, items in said.items():
        if key in WHOLE or not isinstance(items, list):
            continue
        for number, item in enumerate(items):
            parts.append(f"{key}-{number:03}.yaml")
            (directory / parts[-1]).write_text(json.dumps({key: [item]}, default=str))
    return {key: value for key, value in said.items() if key in WHOLE}, parts


ESTATE_FILES = [SOURCE / "conf" / "hybrid.yaml", SOURCE / "conf" / "conflicted" / "causeway.yaml",
                SOURCE / "conf" / "profiles.yaml",
                *sorted((SOURCE / "tests" / "golden").glob("[A-Z]*/estate.yaml"))]


@pytest.mark.parametrize("path", ESTATE_FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_order_of_objects_means_nothing(path, tmp_path):
    try:
        said = load(path)
    except yaml.YAMLError:
        pytest.skip("is no YAML, as it should not be")
    head, parts = split(said, tmp_path)
    main, made, outputs, images = tmp_path / "main.yaml", tmp_path / "estate.cws", [], []
    for seed in range(3):
        if seed:
            random.Random(seed).shuffle(parts)
        main.write_text(json.dumps({**head, "include": parts}, default=str))
        done = programs.run(CAUSEWAY, "lint", "--format", "json", main)
        outputs.append((done.code, done.out))
        compiled = programs.run(CAUSEWAY, "compile", "-c", main, "-o", made).code == 0
        images.append(made.read_bytes() if compiled else None)
    assert outputs[0] == outputs[1] == outputs[2]
    assert images[0] == images[1] == images[2]


# --- one object from two inputs

@pytest.mark.parametrize("form", [form for form in FORMS if form != REFERENCE])
def test_a_form_beside_the_configuration_is_the_same_company(form, reference, tmp_path):
    both = [*FORMS[form], *FORMS[REFERENCE]]
    assert filecmp.cmp(image(tmp_path, form, both), reference, shallow=False)
    assert findings(*both) == findings(*FORMS[REFERENCE])


@pytest.fixture
def exports(tmp_path):
    """Two copies of the export, and a configuration that imports both."""
    for name in ("state", "live"):
        shutil.copytree(ESTATES / "hybrid-aws", tmp_path / name)
    config = tmp_path / "both.yaml"
    config.write_text("import: [{aws: state}, {aws: live}]\n")
    return config


def test_an_export_beside_itself_is_one(exports, tmp_path):
    one = tmp_path / "one.yaml"
    one.write_text("import: [{aws: state}]\n")
    assert findings(exports) == findings(one)
    assert filecmp.cmp(image(tmp_path, "both", [exports]), image(tmp_path, "one", [one]),
                       shallow=False)


DRIFT = [
    ("describe-vpcs", '"10.3.0.0/16"', '"10.4.0.0/16"', "vpc", "vpc-shared", "cidr_blocks"),
    ("list-resolver-rules", '"192.168.0.53"', '"192.168.0.54"', "resolver_rule", "rslvr-rr-dc",
     "target_ips"),
    ("get-hosted-zone-Z0QUAYDATA", '"vpc-data"', '"vpc-app"', "hosted_zone", "Z0QUAYDATA",
     "vpcs"),
    ("list-resource-record-sets-Z0QUAYDATA", '"10.2.20.5"', '"10.2.20.6"', "hosted_zone",
     "Z0QUAYDATA", "record_sets"),
]


@pytest.mark.parametrize("name, before, after, kind, id, key", DRIFT, ids=[d[0] for d in DRIFT])
def test_what_differs_between_two_inputs_is_told(exports, name, before, after, kind, id, key):
    file, = exports.parent.glob(f"live/*/{name}.json") if "vpcs" not in name else \
        exports.parent.glob(f"live/eu-west-1/{name}.json")
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
    done = causeway("lint", "--format", "json", "--select", "CFG", exports)
    told = [f for f in json.loads(done.out)["findings"] if f["code"] == "CFG007"
            and f'{kind} "{id}"' in f["message"]]
    assert len(told) == 1
    assert told[0]["severity"] == "warning"
    assert told[0]["message"].endswith(f"which counts: {key}")
    assert "/live/" in told[0]["loc"]["file"] or told[0]["loc"]["file"].startswith("live/")
    assert any("state/" in o["loc"]["file"] for o in told[0]["objects"])
