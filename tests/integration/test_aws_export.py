"""contrib/aws-export beside the real CLI, and accounts that an emulator keeps.

The estate is built in moto by the CLI, exported, and must be what was built.  How the script
goes about it, where neither is wanted, is in test_aws_export_script.py.
"""
import json
import os
import signal
import subprocess

import pytest

import aws
import aws_company
from aws_company import EAST, WEST
from peers import LIMIT, wait_until
from programs import causeway


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    if not aws.ENVIRONMENT:
        pytest.skip("no aws CLI and no emulator: contrib/test makes them (CAUSEWAY_AWS)")
    c = aws.Cloud(tmp_path_factory.mktemp("cloud"))
    try:
        yield c
    finally:
        c.close()


@pytest.fixture(scope="module")
def company(cloud):
    return aws_company.Company(cloud)


class Export:
    """All of the company, exported once, one account after the other into one folder."""

    def __init__(self, cloud, folder):
        cloud.tell("count")
        self.folder = folder
        self.results = [cloud.export(folder, "--profile", "network")]
        self.calls = cloud.calls()
        self.results.append(cloud.export(folder, "--role", aws.role("apps"), "--region", WEST))
        self.calls += cloud.calls()
        self.requests = cloud.tell("count")


@pytest.fixture(scope="module")
def export(cloud, company, tmp_path_factory):
    return Export(cloud, tmp_path_factory.mktemp("export") / "company")


def files(folder):
    """{path: content} of what is not hidden."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "/." not in f"/{path.relative_to(folder)}"}


def part(content, *beginnings):
    return {path: text for path, text in content.items() if path.startswith(beginnings)}


def compiled(directory, name, said):
    path = directory / name
    path.write_text(json.dumps(said))
    image = directory / f"{name}.cws"
    done = causeway("compile", "-c", path, "-o", image)
    assert done.code == 0, done.text
    return image.read_bytes()


def test_all_accounts_and_regions_are_there(export):
    assert [done.code for done in export.results] == [0, 0], [done.err for done in export.results]
    assert {path.relative_to(export.folder).as_posix()
            for path in export.folder.glob("*/*")} == {
                f"{aws.ACCOUNTS[account]}/{place}" for account, place in (
                    *aws_company.PLACES, ("network", "global"), ("apps", "global"))}


def test_the_export_compiles_to_what_was_built(export, company, tmp_path):
    """Byte by byte the image of the YAML that says the same."""
    server = {"listen": [{"address": "127.0.0.1", "port": 5300, "as": company.ids["hub"]}]}
    built = compiled(tmp_path, "built.yaml", {"server": server, **company.estate()})
    exported = compiled(tmp_path, "exported.yaml",
                        {"server": server, "import": [{"aws": str(export.folder)}]})
    assert built == exported


ANSWERS = [
    ("hub", "www.corp.example", "A", ["api.corp.example.", "10.0."]),
    ("east", "anything.apps.corp.example", "A", ["10.0.1.6", "10.0.1.7"]),
    ("apps", "corp.example", "MX", ["10 mail.corp.example."]),
    ("hub", "odd.corp.example", "TXT", [r'"a \"quoted\" word" "\195\169 back\\slash"',
                                        '"<angle> & ampersand; semicolon"']),
    ("hub", "_sip._tcp.corp.example", "SRV", ["0 5 5060 api.corp.example."]),
    ("hub", "db.local.example", "A", ["10.0.1.11"]),
    ("apps", "db.local.example", "A", ["10.2.1.11"]),
    ("apps", "host309.many.example", "A", ["10.2.2.59"]),
    # by the Profile alone; but a zone wants both DNS attributes
    ("alone", "www.corp.example", "CNAME", []),
]


@pytest.mark.parametrize("vpc, name, rrtype, wanted", ANSWERS)
def test_names_resolve_as_they_were_built(export, company, tmp_path, vpc, name, rrtype, wanted):
    path = tmp_path / "estate.yaml"
    path.write_text(json.dumps({"import": [{"aws": str(export.folder)}]}))
    done = causeway("resolve", "--from", company.ids[vpc], name, rrtype, "-c", path)
    for text in wanted:
        assert text in done.out, done.text
    if not wanted:
        assert done.code != 0 and "CNAME\t" not in done.out, done.text


def test_lint_of_the_folder_finds_the_twins(export, company):
    done = causeway("lint", "--format", "json", export.folder)
    found = json.loads(done.out)["findings"]
    assert done.code == 1, done.text
    # and that the Profile of `alone` is of no use, where the names of hosts are off
    assert sorted(finding["code"] for finding in found
                  if finding["severity"] == "error") == ["PEE504", "ZON101"]
    twins = next(finding for finding in found if finding["code"] == "ZON101")
    assert {twin["id"] for twin in twins["objects"]} >= {
        company.ids["local-hub"], company.ids["local-apps"]}


def test_every_file_says_what_was_asked(export):
    for path, text in files(export.folder).items():
        document = json.loads(text)
        if path.endswith("/export.json"):
            assert document["aws_export"]["complete"] is True
            continue
        account, region, _ = path.split("/")
        assert set(document) == {"command", "args", "output"}, path
        assert document["args"]["account"] == account
        assert document["args"].get("region", "global") == region


def listed_calls():
    said = subprocess.run([aws.EXPORT, "--list-calls"], check=True, capture_output=True, text=True)
    return {tuple(line.split()) for line in said.stdout.splitlines()}


def test_every_call_is_made_and_no_other(export):
    """The company has an object of each kind, so that each row of the table has its turn."""
    made = {(service, operation) for service, operation, _ in export.calls
            if service != "configure"}
    assert made == listed_calls()


def test_each_run_of_the_cli_is_one_request(export):
    """So four runs a second are four requests: no pages and no tries that we do not see."""
    asked = sum(export.requests.values()) - export.requests["AssumeRole"]
    assert asked == len(export.calls), export.requests
    assert export.requests["ListResourceRecordSets"] == 6	# five zones, one of two pages


def test_the_cli_of_the_tests_is_the_cli(cloud, export):
    """bin/aws, loaded anew, prints what the one does that is loaded once."""
    command = ["ec2", "describe-vpcs", "--profile", "network", "--region", WEST,
               "--output", "json"]
    plain = subprocess.run([aws.PYTHON.parent / "aws", *command], env=cloud.environment,
                           check=True, capture_output=True, text=True, timeout=LIMIT)
    assert json.loads(plain.stdout) == cloud.aws("network", WEST, "ec2", "describe-vpcs")


def test_killed_in_the_middle_it_goes_on_and_makes_the_same(cloud, export, tmp_path):
    folder = tmp_path / "killed"
    command = ("--profile", "network", "--region", EAST)
    process = cloud.export_process(folder, *command, start_new_session=True)
    try:
        wait_until("a part of it is there", lambda: len(files(folder)) > 15)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    half = part(files(folder), f"{aws.ACCOUNTS['network']}/{EAST}/ec2")
    assert half
    assert "CFG001" in causeway("lint", folder).text
    done = cloud.export(folder, *command)
    assert done.code == 0, done.err
    assert not {operation for _, operation, _ in cloud.calls()} & {
        "describe-vpcs", "describe-vpc-peering-connections", "describe-subnets"}
    whole = files(export.folder)
    for path, text in files(folder).items():
        assert text == whole[path], path
    region = f"{aws.ACCOUNTS['network']}/{EAST}/"
    assert set(part(files(folder), region)) == set(part(whole, region))
    assert not list(folder.glob(".*"))


def test_a_refused_call_is_told_and_noted_and_asked_again(cloud, export, tmp_path):
    """The rest is exported; when it is allowed, this call alone is made."""
    folder = aws.copy(export.folder, tmp_path / "refused")
    where = folder / aws.ACCOUNTS["network"] / EAST
    (where / "route53resolver-list-resolver-rules.json").unlink()
    (where / "ec2-describe-subnets.json").unlink()
    command = ("--profile", "network", "--region", EAST)
    cloud.tell("fail", ListResolverRules=["AccessDeniedException", 1])
    done = cloud.export(folder, *command)
    assert done.code == 3
    assert f"{EAST}: route53resolver list-resolver-rules: An error occurred" in done.err
    note = json.loads((where / "route53resolver-list-resolver-rules.error.json").read_text())
    assert note["error"]["code"] == "AccessDeniedException"
    assert json.loads((where / "export.json").read_text())["aws_export"]["complete"] is False
    assert (where / "ec2-describe-subnets.json").exists()

    # nor is it taken for the whole
    judged = causeway("lint", folder)
    assert judged.code == 3 and "error[CFG001]: this call failed" in judged.out, judged.text
    judged = causeway("lint", "--allow-partial", folder)
    assert judged.code == 1 and "error[ZON101]" in judged.out, judged.text

    done = cloud.export(folder, *command)
    assert done.code == 0, done.err
    assert [operation for _, operation, _ in cloud.calls()] == [
        "get-caller-identity", "list-resolver-rules"]
    assert files(folder) == files(export.folder)


def test_the_policy_is_enough_and_no_more(cloud, export, tmp_path):
    """By the emulator's own reading of IAM policies; what the door answers is not asked there.

    The last of this module: nobody who has no permission gets anything afterwards.
    """
    policy = (aws.EXPORT.parent / "aws-export-policy.json").read_text()
    cloud.aws("network", WEST, "iam", "create-user", "--user-name", "exporter")
    cloud.aws("network", WEST, "iam", "put-user-policy", "--user-name", "exporter",
              "--policy-name", "export", "--policy-document", policy)
    key = cloud.aws("network", WEST, "iam", "create-access-key", "--user-name", "exporter")
    env = {"AWS_ACCESS_KEY_ID": key["AccessKey"]["AccessKeyId"],
           "AWS_SECRET_ACCESS_KEY": key["AccessKey"]["SecretAccessKey"]}
    cloud.tell("guard")
    done = cloud.export(tmp_path / "guarded", "--region", EAST, env=env)
    # of route53 it refuses all, to whomever, and does not say why
    assert not [line for line in done.err.splitlines()
                if "error occurred" in line and "/global: route53 " not in line]
    whole = files(export.folder)
    region = f"{aws.ACCOUNTS['network']}/{EAST}/"
    assert part(files(tmp_path / "guarded"), region) == part(whole, region)
    refused = subprocess.run(
        [cloud.path / "aws", "ec2", "create-vpc", "--cidr-block", "10.9.0.0/16", "--region", WEST],
        env=cloud.environment | env, capture_output=True, text=True, timeout=LIMIT)
    assert "UnauthorizedOperation" in refused.stderr or "AccessDenied" in refused.stderr
