"""causeway lint, explain, resolve and compile on the shipped examples, beside the daemon."""
import json
import re
import subprocess

import dns.rrset
import pytest

import fake
from client import ask, data, extended_errors, rcode
from estates import change, copy_examples
from peers import LIMIT, SOURCE, free_port, wait_until
from programs import causeway, check, listing

CONF = SOURCE / "conf"
HYBRID = CONF / "hybrid.yaml"
NETWORKS = ["vpc-hub", "vpc-app", "vpc-data", "vpc-shared", "dc-1"]

NAMES = [
    ("cloud.quay.example", "A"), ("cloud.quay.example", "MX"), ("cloud.quay.example", "SOA"),
    ("cloud.quay.example", "TXT"), ("cloud.quay.example", "AAAA"),
    ("booking.cloud.quay.example", "AAAA"), ("track.cloud.quay.example", "A"),
    ("api.cloud.quay.example", "A"), ("orders.cloud.quay.example", "A"),
    ("_postgresql._tcp.orders.cloud.quay.example", "SRV"),
    ("branch-7.preview.cloud.quay.example", "A"), ("main.preview.cloud.quay.example", "A"),
    ("portal.cloud.quay.example", "A"), ("nothing.cloud.quay.example", "A"),
    ("svc.cloud.quay.example", "NS"), ("team.registry.svc.cloud.quay.example", "A"),
    ("sso.svc.cloud.quay.example", "AAAA"), ("mx1.svc.cloud.quay.example", "MX"),
    ("data.quay.example", "NS"), ("a.query.data.quay.example", "A"),
    ("metrics.data.quay.example", "A"), ("11.30.1.10.in-addr.arpa", "PTR"),
    ("9.9.1.10.in-addr.arpa", "PTR"), ("9.9.2.10.in-addr.arpa", "PTR"),
    ("local.quay.example", "TXT"), ("db.local.quay.example", "A"),
    ("log.local.quay.example", "A"), ("erp.dc.quay.example", "A"),
    ("erp.cloud.quay.example", "A"), ("scan.dc.quay.example", "A"),
    ("status.dc.quay.example", "A"), ("www.elsewhere.example", "A"), ("localhost", "A"),
    ("localhost", "AAAA"), ("1.0.0.127.in-addr.arpa", "PTR"),
    ("ip-10-1-10-20.eu-west-1.compute.internal", "A"), ("ip-10-2-10-5.ec2.internal", "A"),
]


@pytest.fixture(scope="module")
def served(shared_world):
    """The daemon on conf/hybrid.yaml at free ports: {network: where to ask it}, and the
    configuration it serves.  No packet leaves the machine: all targets are one that fails."""
    path = copy_examples(shared_world.dir) / "conf" / "hybrid.yaml"
    failing = shared_world.add(fake.Fake(lambda query, over: fake.reply(query, rcode="SERVFAIL")))
    at = {network: ("127.0.0.1", free_port()) for network in NETWORKS}

    def act(conf):
        conf["server"]["listen"] = [{"address": address, "port": port, "as": network}
                                    for network, (address, port) in at.items()]
    change(path, act)

    def redirect(conf):
        for rule in conf["resolver_rules"]:
            if "target_ips" in rule:
                rule["target_ips"] = [failing.target]
    change(path.parent / "hybrid" / "forwarding.yaml", redirect)
    shared_world.daemon(path, at=at["vpc-hub"])
    return at, path


def resolve(network, name, rdtype, conf=HYBRID):
    return causeway("resolve", "--from", network, name, rdtype, "-c", conf)


def explain(network, name, rdtype, *options, conf=HYBRID):
    return causeway("explain", "--from", network, name, rdtype, *options, "-c", conf)


def lines_of(message, section="answer"):
    """A section as zone-file lines, normalised."""
    return sorted(" ".join(line.split()) for rrset in getattr(message, section)
                  for line in rrset.to_text().splitlines())


def lines_in(text):
    """The records of a text in zone-file form; comments do not count."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(";"):
            continue
        owner, ttl, klass, rdtype, value = line.split(None, 4)
        rrset = dns.rrset.from_text(owner, int(ttl), klass, rdtype, value)
        found.append(" ".join(rrset.to_text().split()))
    return sorted(found)


# --- resolve

@pytest.mark.parametrize("network", NETWORKS)
def test_resolve_prints_what_the_daemon_answers(served, network):
    at, conf = served
    wrong = []
    for name, rdtype in NAMES:
        reply = ask(at[network], name, rdtype, tcp=True)
        result = resolve(network, name, rdtype, conf)
        printed = lines_in(result.out)
        if rcode(reply) == "SERVFAIL":
            # offline it is not known what an upstream would say; no answer is made up
            if result.code == 0 and printed:
                wrong.append((name, rdtype, "SERVFAIL", printed))
            continue
        expected = lines_of(reply)
        if not expected or rcode(reply) != "NOERROR":   # then the SOA is printed too
            expected = sorted(expected + lines_of(reply, "authority"))
        if printed != expected or result.code != (0 if data(reply, rdtype) else 1):
            wrong.append((name, rdtype, expected, printed, result.code, result.err))
        if rcode(reply) != "NOERROR" and f"; {rcode(reply)}" not in result.out:
            wrong.append((name, rdtype, rcode(reply), result.out))
    assert not wrong


def test_resolve_prints_what_dig_prints(served):
    at, conf = served
    for name, rdtype in (("portal.cloud.quay.example", "A"),
                         ("20260401._domainkey.cloud.quay.example", "TXT"),
                         ("_dmarc.cloud.quay.example", "TXT"), ("cloud.quay.example", "CAA")):
        address, port = at["vpc-app"]
        dig = subprocess.run(["dig", f"@{address}", "-p", str(port), "+noall", "+answer", name,
                              rdtype], capture_output=True, text=True, timeout=LIMIT, check=True)
        result = resolve("vpc-app", name, rdtype, conf)
        assert result.code == 0
        # the daemon gives the records of a set in random order (route53-semantics 4.4.3)
        assert sorted(" ".join(line.split()) for line in result.out.splitlines()) == \
            sorted(" ".join(line.split()) for line in dig.stdout.splitlines())


def test_the_type_is_a_unless_given_and_a_network_may_be_an_address():
    by_id = causeway("resolve", "--from", "vpc-app", "db.local.quay.example", "-c", HYBRID)
    by_address = causeway("resolve", "--from", "10.1.9.9", "db.local.quay.example", "-c", HYBRID)
    assert by_id.code == 0 and lines_in(by_id.out) == ["db.local.quay.example. 60 IN A 10.1.30.11"]
    assert by_address.out == by_id.out


# --- compile

def test_two_compiles_are_byte_identical(tmp_path):
    for number in (1, 2):
        result = causeway("compile", "-c", HYBRID, "-o", tmp_path / f"{number}.cws")
        assert result.code == 0, result.err
    assert (tmp_path / "1.cws").read_bytes() == (tmp_path / "2.cws").read_bytes()
    assert sorted(path.name for path in listing(tmp_path)) == ["1.cws", "2.cws"]


def test_a_copy_elsewhere_compiles_to_the_same_octets(tmp_path):
    """What is frozen is what was declared, not where the files lie."""
    copy = copy_examples(tmp_path / "elsewhere") / "conf" / "hybrid.yaml"
    for number, conf in enumerate((HYBRID, copy)):
        assert causeway("compile", "-c", conf, "-o", tmp_path / f"{number}.cws").code == 0
    assert (tmp_path / "0.cws").read_bytes() == (tmp_path / "1.cws").read_bytes()


def test_what_compile_writes_is_what_the_daemon_keeps(world):
    path = copy_examples(world.dir) / "conf" / "hybrid.yaml"
    kept, port = world.dir / "kept.cws", free_port()

    def act(conf):
        conf["server"]["listen"] = [{"address": "127.0.0.1", "port": port, "as": "vpc-app"}]
        conf["server"]["snapshot"] = {"file": str(kept)}
    change(path, act)
    assert causeway("compile", "-c", path, "-o", world.dir / "estate.cws").code == 0
    world.daemon(path, at=("127.0.0.1", port))
    wait_until("the snapshot is kept", kept.exists)
    assert kept.read_bytes() == (world.dir / "estate.cws").read_bytes()


# --- lint

EXAMPLES = ["hybrid.yaml", "onprem-forwarder.yaml", "profiles.yaml", "sidecar.yaml"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_clean(name):
    result = causeway("lint", CONF / name)
    assert result.code == 0, result.text
    assert check(CONF / name).code == 0


CODES = {"ZON101", "ZON102", "ZON103", "ZON104", "PRE201", "PRE202", "PRE203", "FWD301", "FWD302"}


def test_the_conflicted_example_has_each_conflict_that_lint_knows():
    result = causeway("lint", "--format", "json", CONF / "conflicted" / "causeway.yaml")
    assert result.code == 1, result.text
    found = {finding["code"] for finding in json.loads(result.out)["findings"]}
    assert found == CODES


def test_a_dangling_reference_is_found():
    """The input is incomplete: exit code 3."""
    result = causeway("lint", "--format", "json", CONF / "conflicted" / "dangling.yaml")
    assert result.code == 3
    findings = json.loads(result.out)["findings"]
    assert [finding["code"] for finding in findings if finding["severity"] == "error"] == ["CFG002"]
    text = causeway("lint", CONF / "conflicted" / "dangling.yaml")
    assert text.code == 3
    assert "CFG002" in text.text and re.search(r"dangling\.yaml:\d+:\d+", text.text)


def test_a_finding_names_its_objects_with_their_places():
    text = causeway("lint", CONF / "conflicted" / "causeway.yaml")
    assert text.code == 1
    conf = (CONF / "conflicted" / "causeway.yaml").read_text().splitlines()
    for identity in ("Z0LOCALAPP", "Z0LOCALDATA"):
        # pointed at: the zone's name, in the line behind its id
        line = 2 + next(i for i, row in enumerate(conf) if f"id: {identity}" in row)
        assert re.search(rf"causeway\.yaml:{line}:\d+", text.out), identity
        assert identity in text.out
    assert "db.local.quay.example" in text.out      # the witness
    assert "\x1b" not in text.out                   # no colour: it is no terminal


def test_notes_alone_are_no_failure(tmp_path):
    """ZON102: two zones of one name and content, in connected VPCs."""
    path = copy_examples(tmp_path) / "conf" / "conflicted" / "causeway.yaml"

    def act(conf):
        conf["hosted_zones"] = [z for z in conf["hosted_zones"] if z["id"].startswith("Z0TRACK")]
        conf["server"]["listen"][0]["as"] = "vpc-hub"
        del conf["include"]
    change(path, act)
    result = causeway("lint", "--format", "json", path)
    findings = json.loads(result.out)["findings"]
    assert [(f["code"], f["severity"]) for f in findings] == [("ZON102", "note")]
    assert result.code == 0
    assert causeway("lint", "--fail-on", "note", path).code == 1


def test_lint_of_several_paths_judges_one_estate():
    """test_ci has estates that go together; these two declare objects differently."""
    result = causeway("lint", HYBRID, CONF / "conflicted" / "causeway.yaml")
    assert result.code == 2 and "duplicate-id" in result.out
    result = causeway("lint", HYBRID, CONF / "absent.yaml")
    assert result.code == 3 and "absent.yaml" in result.text


def test_lint_prints_the_same_twice():
    """Order and words do not depend on addresses in memory."""
    for form in ("text", "json"):
        first, second = (causeway("lint", "--format", form, CONF / "conflicted" / "causeway.yaml")
                         for _ in range(2))
        assert first == second


# --- explain

def steps(result, kind):
    return [step for step in json.loads(result.out)["steps"] if step["step"] == kind]


@pytest.mark.parametrize("network", NETWORKS)
def test_explain_tells_what_the_daemon_answers(served, network):
    """The same records in each section and the same rcode; or whom the daemon has to ask."""
    at, conf = served
    wrong = []
    for name, rdtype in NAMES:
        reply = ask(at[network], name, rdtype, tcp=True)
        result = explain(network, name, rdtype, "--format", "json", conf=conf)
        assert result.code == 0, result.err
        told = {"answer": "", "authority": ""}
        for step in steps(result, "records"):
            told[step["section"]] += "\n".join(step["records"]) + "\n"
        if steps(result, "ask"):
            # the rule that is named in the daemon's answer: all of its targets fail here
            (rule,) = {step["resolver_rule"] for step in steps(result, "ask")}
            if rcode(reply) != "SERVFAIL" or rule not in extended_errors(reply)[0][1]:
                wrong.append((name, rdtype, rule, rcode(reply), extended_errors(reply)))
            continue
        (end,) = steps(result, "result")
        if (end["rcode"], lines_in(told["answer"]), lines_in(told["authority"])) != (
                rcode(reply), lines_of(reply), lines_of(reply, "authority")):
            wrong.append((name, rdtype, end, told, reply.to_text()))
    assert not wrong


def test_explain_names_the_candidates_with_their_places():
    """The winner and those that lost, each where it was declared."""
    result = explain("vpc-app", "portal.cloud.quay.example", "A", "--format", "json")
    fates = [(step["fate"], step["id"]) for step in steps(result, "candidate")]
    assert fates == [("won", "Z0QUAYCLOUD"), ("lost", None),                     # portal
                     ("won", "Z0QUAYSVC"), ("lost", "Z0QUAYCLOUD"), ("lost", None),  # login
                     ("won", "Z0QUAYSVC"), ("lost", "Z0QUAYCLOUD"), ("lost", None)]  # sso
    for step in steps(result, "candidate"):
        if step["id"]:
            with open(step["loc"]["file"]) as f:
                assert step["id"] in f.readlines()[step["loc"]["line"] - 1]
    text = explain("vpc-app", "portal.cloud.quay.example", "A").out
    for word in ("Z0QUAYSVC", "Z0QUAYCLOUD", "10.3.1.30", "zones.yaml:"):
        assert word in text
    assert "\x1b" not in text


def test_explain_says_why_a_rule_wins_a_tie(tmp_path):
    """PRE201 of the conflicted example: rule and zone of one name."""
    conf = CONF / "conflicted" / "causeway.yaml"
    result = explain("vpc-app", "roster.crew.quay.example", "A", "--format", "json", conf=conf)
    fates = {step["id"]: step["fate"] for step in steps(result, "candidate")}
    assert fates["rslvr-rr-crew"] == "won" and fates["Z0CREW"].startswith("lost")
    (asked,) = steps(result, "ask")
    assert asked["resolver_rule"] == "rslvr-rr-crew" and "172.20.0.53" in str(asked["targets"])


def test_explain_knows_the_network_of_an_address():
    by_id = explain("vpc-data", "db.local.quay.example", "A", "--format", "json")
    by_address = explain("10.2.200.1", "db.local.quay.example", "A", "--format", "json")
    assert steps(by_id, "network")[0]["id"] == steps(by_address, "network")[0]["id"] == "vpc-data"
    assert json.loads(by_id.out)["steps"][1:] == json.loads(by_address.out)["steps"][1:]


def test_the_daemons_own_image_answers_the_same(served, tmp_path):
    """explain and resolve on estate.cws: the same records; it knows no places."""
    _, conf = served
    image = tmp_path / "estate.cws"
    assert causeway("compile", "-c", conf, "-o", image).code == 0
    for name, rdtype in NAMES[:12]:
        assert resolve("vpc-app", name, rdtype, image) == resolve("vpc-app", name, rdtype, conf)
        ways = [[{**step, "loc": None} for step in json.loads(explain(
            "vpc-app", name, rdtype, "--format", "json", conf=path).out)["steps"]]
                for path in (image, conf)]
        assert ways[0] == ways[1]
    copy = tmp_path / "copy.cws"
    assert causeway("compile", "-c", image, "-o", copy).code == 0
    assert copy.read_bytes() == image.read_bytes()


# --- dump

def test_dump_prints_the_same_twice_and_its_own_text_again(tmp_path):
    once, dumped = causeway("dump", HYBRID), tmp_path / "dumped.yaml"
    assert once.code == 0
    assert causeway("dump", HYBRID).out == once.out
    dumped.write_text(once.out)
    # comments are not read: what was left out is told once
    assert causeway("dump", dumped).out == once.out.split("\n# Left out:\n")[0]


def test_dump_replaces_its_output_as_a_whole(tmp_path):
    output = tmp_path / "dumped.yaml"
    output.write_text("before")
    broken = tmp_path / "broken.yaml"
    broken.write_text("vpcs: [{id: v}]\n")
    assert causeway("dump", "-o", output, broken).code == 2
    assert output.read_text() == "before"
    result = causeway("dump", "-o", output, CONF / "profiles.yaml")
    assert (result.code, result.out) == (0, "")
    assert output.read_text() == causeway("dump", CONF / "profiles.yaml").out
    assert [p.name for p in tmp_path.iterdir() if "dumped" in p.name] == ["dumped.yaml"]
    result = causeway("dump", "-o", tmp_path / "none" / "x.yaml", CONF / "profiles.yaml")
    assert result.code == 2
    assert "cannot write" in result.err


def test_dump_names_what_was_skipped():
    result = causeway("dump", SOURCE / "tests" / "estates" / "hybrid-onprem.yaml")
    assert result.code == 0
    skipped = [line for line in result.err.splitlines() if ": skipped: " in line]
    assert skipped
    for line in skipped:
        place, what = line.split(": skipped: ")
        assert f"# {place}: {what}" in result.out.splitlines()


def test_dump_of_relative_paths_elsewhere_is_whole(tmp_path):
    (tmp_path / "c.yaml").write_text("health_checks: [{id: h, type: EXTERNAL, state_file: up}]\n")
    (tmp_path / "sub").mkdir()
    assert causeway("dump", "c.yaml", "-o", "sub/d.yaml", cwd=tmp_path).code == 0
    assert f"state_file: {tmp_path}/up" in (tmp_path / "sub" / "d.yaml").read_text()
    assert "state_file: up" in causeway("dump", "c.yaml", cwd=tmp_path).out


@pytest.mark.parametrize("arguments, said", [
    ([], "no path to read"),
    (["--format", "toml", CONF / "hybrid.yaml"], "yaml or json"),
    (["--frobnicate", CONF / "hybrid.yaml"], "--frobnicate"),
])
def test_dump_refuses_what_it_does_not_know(arguments, said):
    result = causeway("dump", *arguments)
    assert result.code == 2
    assert said in result.err


def test_an_image_is_no_configuration_to_dump(tmp_path):
    image = tmp_path / "image.cws"
    assert causeway("compile", "-c", CONF / "hybrid.yaml", "-o", image).code == 0
    assert causeway("dump", image).code == 2
