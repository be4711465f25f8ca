"""causeway lint in every format: read by parsers that are not ours, hostile data inert."""
import collections
import json
import os
import re
import shutil
import xml.etree.ElementTree as ElementTree

import pytest

from peers import SOURCE
from programs import causeway

FORMATS = ["text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab",
           "checkstyle", "rdjson", "azure", "markdown"]

SCRIPT = "<script>alert('x')</script>"
HOSTILE = [SCRIPT, '"><img src=x onerror=alert(1)>', "](http://evil.example)", "a\x1b[2Jb",
           "one\ntwo", "::error::x", "##[stop-commands]x", "##vso[task.complete]x", "`` ` |",
           "&lt;", "]]>", "{0} %s %25", "\u202egnp.exe", "'; drop table"]



def plain_id(words):
    """Ids are of letters, digits and signs."""
    return re.sub("[^!-~]", "_", words)


def txt(words):
    """A character string of a zone file, whatever is in it."""
    return '"' + "".join(chr(octet) if 32 <= octet < 127 and octet not in b'"\\'
                         else f"\\{octet:03d}" for octet in words.encode() + b"\xff") + '"'


def estate(name_id):
    """Two connected VPCs, and zones of one name in each: what a stranger chooses is hostile."""
    other = name_id("vpc-" + SCRIPT)
    return {
        "vpcs": [{"id": "vpc-a", "region": "eu-west-1", "cidr_blocks": ["10.1.0.0/16"],
                  "enable_dns_hostnames": True},
                 {"id": other, "region": "eu-west-1", "cidr_blocks": ["10.2.0.0/16"],
                  "enable_dns_hostnames": True}],
        "vpc_peering_connections": [{"id": "pcx-1", "requester": {"vpc": "vpc-a"},
                                     "accepter": {"vpc": other}, "status": "active"}],
        "hosted_zones": [
            {"id": name_id(f"Z{side}{number}{words}"), "name": f"n{number}.corp.example",
             "vpcs": [vpc],
             "record_sets": [{"name": f"n{number}.corp.example", "type": "TXT", "ttl": 60,
                              "values": [txt(side + words)]}]}
            for number, words in enumerate(HOSTILE)
            for side, vpc in (("A", "vpc-a"), ("B", other))],
    }


def write_all(base, kind):
    """{format: what it says}, all formats written by one run: of the shipped example, of a
    hostile estate that is judged, and of one whose ids the loader refuses, quoting them."""
    path = SOURCE / "conf" / "conflicted" / "causeway.yaml"
    if kind != "conflicted":
        path = base / "a, b%]<c>:d;'\u202e.yaml"
        path.write_text(json.dumps(estate(plain_id if kind == "judged" else str)))
    outputs = [word for name in FORMATS for word in ("--output", f"{name}={base}/out.{name}")]
    result = causeway("lint", "--root", SOURCE if kind == "conflicted" else base, *outputs, path)
    assert (result.code, result.out) == (2 if kind == "refused" else 1, ""), result.text
    return {name: (base / f"out.{name}").read_bytes() for name in FORMATS}


@pytest.fixture(scope="module")
def conflicted(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("conflicted"), "conflicted")


@pytest.fixture(scope="module", params=["judged", "refused"])
def hostile(request, tmp_path_factory):
    return write_all(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module", params=["judged", "refused", "conflicted"])
def reports(request, tmp_path_factory):
    return write_all(tmp_path_factory.mktemp(request.param), request.param)


def schema_of(name):
    jsonschema = pytest.importorskip("jsonschema")
    path = os.environ.get("CAUSEWAY_SARIF_SCHEMA") if name == "sarif" else None
    path = path or {"json": SOURCE / "doc" / "causeway-lint.schema.json",
                    "sarif": SOURCE / "tests" / "schemas" / "sarif-2.1.0.json"}[name]
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def complaints(name, document):
    return [f"{list(error.path)}: {error.message[:300]}"
            for error in schema_of(name).iter_errors(document)]


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_passes_on_what_is_no_plain_text(hostile, name):
    text = hostile[name].decode("utf-8")   # strictly
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]",
                         text)


@pytest.mark.parametrize("name", ["text", "concise", "github", "markdown", "azure"])
def test_what_a_log_shows_gives_no_orders(hostile, name):
    """As the runners look for them: "##[" and "##vso[" anywhere, "::" at a line's beginning."""
    for line in hostile[name].decode().splitlines():
        if name == "azure":
            assert line.startswith("##vso["), line
            line = line[len("##vso["):]
        if name == "github":
            assert re.match(r"::(error|warning|notice) ", line), line
        else:
            assert not re.match(r"\s*::\w", line), line
        assert "##[" not in line and "##vso[" not in line, line


def test_json_follows_its_schema(reports):
    assert complaints("json", json.loads(reports["json"])) == []


def test_json_gives_the_data_back_as_it_is(hostile):
    findings = json.loads(hostile["json"])["findings"]
    said = {entry["id"] for finding in findings for entry in finding["objects"]}
    text = "\n".join(finding["message"] for finding in findings)
    for number, words in enumerate(HOSTILE):
        assert plain_id(f"ZA{number}{words}") in said or f"ZA{number}{words}" in text \
            or plain_id(words) == words


def test_jsonl_has_the_findings_of_json(hostile):
    lines = hostile["jsonl"].decode().splitlines()
    assert [json.loads(line) for line in lines] == json.loads(hostile["json"])["findings"]


def test_sarif_follows_the_schema(reports):
    assert complaints("sarif", json.loads(reports["sarif"])) == []


def check_sarif_place(location):
    place = location["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    assert uri and ".." not in uri.split("/") and "\\" not in uri and ":" not in uri
    assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII) and uri[0] != "/"
    region = place["region"]
    assert min(region.values()) >= 1 and len(region) == 4
    assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])


def check_sarif_rules(rules):
    assert len({rule["id"] for rule in rules}) == len(rules) <= 25000
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[key]["text"]) <= 1024, rule
        properties = rule["properties"]
        assert len(properties["tags"]) <= 10
        assert properties["precision"] in ("very-high", "high", "medium", "low")
        if rule["id"].startswith("SEC"):
            assert 0 < float(properties["security-severity"]) <= 10
            assert "security" in properties["tags"]


def test_sarif_is_what_github_asks_for(reports):
    document = json.loads(reports["sarif"])
    assert document["$schema"] and document["version"] == "2.1.0" and len(document["runs"]) == 1
    run = document["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] and re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"].endswith("/")
    check_sarif_rules(driver["rules"])
    known = {rule["id"] for rule in driver["rules"]}
    levels = [["error", "warning", "note"].index(result["level"]) for result in run["results"]]
    assert levels and levels == sorted(levels)
    prints = [result["partialFingerprints"]["primaryLocationLineHash"]
              for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert result["ruleId"] in known and result["message"]["text"]
        check_sarif_place(result["locations"][0])
        related = {entry["id"] for entry in result.get("relatedLocations", [])}
        links = re.findall(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(([^)]*)\)", result["message"]["text"])
        assert {int(link) for link in links} == related and len(links) == len(related)
        for entry in result.get("relatedLocations", []):
            check_sarif_place(entry)


def test_sarif_shows_the_way_of_a_loop(conflicted):
    results = json.loads(conflicted["sarif"])["runs"][0]["results"]
    loop = next(result for result in results if result["ruleId"] == "FWD302")
    steps = loop["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["executionOrder"] for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 2 and all(step["location"]["message"]["text"] for step in steps)


def test_junit_adds_up(reports):
    root = ElementTree.fromstring(reports["junit"])
    findings = json.loads(reports["json"])["findings"]
    assert len(root.findall(".//failure")) == len(findings)
    for element in [root, *root.findall("testsuite")]:
        for key, path in (("tests", ".//testcase"), ("failures", ".//failure"),
                          ("errors", ".//error"), ("skipped", ".//skipped")):
            assert int(element.get(key)) == len(element.findall(path)), (element.attrib, key)
    for case in root.iter("testcase"):
        assert case.get("classname") and case.get("name") and case.get("file")
    messages = collections.Counter(entry.get("message") for entry in root.iter("failure"))
    assert sum(messages.values()) == len(findings)


def test_checkstyle_and_gitlab_and_rdjson_have_all_findings(reports):
    findings = json.loads(reports["json"])["findings"]
    codes = sorted(finding["code"] for finding in findings)
    root = ElementTree.fromstring(reports["checkstyle"])
    assert sorted(entry.get("source") for entry in root.iter("error")) == [
        "causeway." + code for code in codes]
    quality = json.loads(reports["gitlab"])
    assert sorted(entry["check_name"] for entry in quality) == codes
    assert len({entry["fingerprint"] for entry in quality}) == len(quality)
    for entry in quality:
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["path"] and entry["location"]["lines"]["begin"] >= 1
    diagnostics = json.loads(reports["rdjson"])["diagnostics"]
    assert sorted(entry["code"]["value"] for entry in diagnostics) == codes


def unescaped(text):
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"),
                            ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_github_annotations_name_the_file_and_keep_to_ten(hostile):
    lines = hostile["github"].decode().splitlines()
    levels = collections.Counter()
    for line in lines:
        level, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        levels[level] += 1
        fields = dict(field.split("=", 1) for field in properties.split(","))
        if "file" in fields:
            assert unescaped(fields["file"]).startswith("a, b%]<c>:d;'")
            assert int(fields["line"]) >= 1 and message
    assert max(levels.values()) <= 10
    assert re.search(r"\d+ more findings are not shown here", lines[-1])


def test_markdown_keeps_data_in_code(hostile):
    text = hostile["markdown"].decode()
    text = re.sub(r"(?ms)^(````*)text\n.*?^\1$", "", text)
    text = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", text)
    for words in ("script", "evil", "img", "vso", "drop"):
        assert words not in text, text
    rows = [line for line in hostile["markdown"].decode().splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)


def test_names_are_the_same_for_a_run_from_elsewhere(tmp_path):
    """Fingerprints and paths do not tell where the run took place."""
    shutil.copytree(SOURCE / "conf", tmp_path / "repo" / "conf")
    shutil.copytree(SOURCE / "zones", tmp_path / "repo" / "zones")
    (tmp_path / "repo" / ".git").mkdir()
    env = {"GITHUB_WORKSPACE": ""}
    seen = []
    for cwd, path in ((tmp_path / "repo", "conf/conflicted/causeway.yaml"),
                      (tmp_path / "repo" / "conf", "./conflicted/../conflicted/causeway.yaml"),
                      (tmp_path, tmp_path / "repo" / "conf" / "conflicted" / "causeway.yaml")):
        root = ["--root", tmp_path / "repo"] if cwd == tmp_path else []
        result = causeway("lint", "--format", "gitlab", *root, path, cwd=cwd, env=env)
        seen.append([(entry["fingerprint"], entry["location"]["path"])
                     for entry in json.loads(result.out)])
    assert seen[0] and seen[0] == seen[1] == seen[2]
    assert all(path.startswith("conf/conflicted/") for _, path in seen[0])


def test_on_githubs_machines_annotations_and_a_summary_come_by_themselves(tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary),
           "GITHUB_WORKSPACE": str(SOURCE)}
    result = causeway("lint", "conf/conflicted/causeway.yaml", cwd=SOURCE, env=env)
    assert "error[ZON101]" in result.out and "\n::error file=conf/conflicted/" in result.out
    assert summary.read_text().startswith("before\n## causeway lint\n")
    result = causeway("lint", "--format", "concise", "conf/conflicted/causeway.yaml",
                      cwd=SOURCE, env=env)
    assert "::error" not in result.out


def test_ten_thousand_findings_are_told_soon_and_within_the_bounds(tmp_path):
    estate = tmp_path / "many.yaml"
    keys = "".join(f"  key{number}: x\n" for number in range(10000))
    estate.write_text("server:\n" + keys)
    outputs = [word for name in FORMATS for word in ("--output", f"{name}={tmp_path}/out.{name}")]
    causeway("lint", *outputs, estate, limit=60)
    results = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    assert len(results) == 5000 and results[-1]["ruleId"] == "findings-cut"
    assert "more findings are not in this report" in results[-1]["message"]["text"]
    assert (tmp_path / "out.markdown").stat().st_size < 1 << 20
    assert len(json.loads((tmp_path / "out.json").read_text())["findings"]) >= 9999


@pytest.mark.parametrize("spec, says", [
    ("no-such", 'no format "no-such": text, concise, json'), ("sarif=", 'no file behind "sarif="'),
])
def test_an_output_that_cannot_be_is_a_usage_error(spec, says):
    result = causeway("lint", "--output", spec, SOURCE / "conf" / "hybrid.yaml")
    assert result.code == 2 and says in result.err


def test_a_file_that_cannot_be_written_is_told_and_the_others_are_written(tmp_path):
    result = causeway("lint", "--output", f"json={tmp_path}/no/such/dir.json",
                      "--output", f"concise={tmp_path}/out", "conf/conflicted/causeway.yaml",
                      cwd=SOURCE)
    assert result.code == 2 and "No such file or directory" in result.err
    assert "ZON101" in (tmp_path / "out").read_text()
