"""contrib/aws-export by itself: how it asks, with a program in the place of the CLI.

The program answers at once and writes down what it was called with; `sleep` writes down how
long, and sleeps a little, so that what does not wait for it is found out.
"""
import json
import os
import pty
import re
import subprocess
import sys

import pytest

from peers import LIMIT, SOURCE
from programs import Result, causeway

EXPORT = SOURCE / "contrib" / "aws-export"
POLICY = SOURCE / "contrib" / "aws-export-policy.json"

CLI = f"""\
#!{sys.executable} -IS
import json, os, sys
here = os.path.dirname(os.path.abspath(sys.argv[0]))
with open(here + "/log", "a") as log:
    print("call", *sys.argv[1:], file=log)
with open(here + "/answers.json") as file:
    answers = json.load(file)
answer = answers.get(sys.argv[2], {{}})
if isinstance(answer, list):        # one after the other, the last for ever
    answer, rest = answer[0], answer[1:] or answer[:1]
    answers[sys.argv[2]] = rest
    with open(here + "/answers.json", "w") as file:
        json.dump(answers, file)
if isinstance(answer, str):
    sys.exit("\\n" + answer)
if answer:
    print(json.dumps(answer, indent=4, ensure_ascii=False))
"""
SLEEP = """\
#!/bin/sh
PATH=/usr/bin:/bin
case $1 in 0.*) sleep 0.05 ;; esac
echo "slept $1" >>"${0%/*}/log"
"""


def error(code):
    return f"An error occurred ({code}) when calling the Any operation: no"


class Script:
    def __init__(self, directory):
        self.bin = directory / "bin"
        self.bin.mkdir()
        self.folder = directory / "export"
        self.log = self.bin / "log"
        for name, text in (("aws", CLI), ("sleep", SLEEP)):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        self.answers()

    def answers(self, **said):
        said = {name.replace("_", "-"): answer for name, answer in said.items()}
        (self.bin / "answers.json").write_text(json.dumps(
            {"get-caller-identity": {"Account": "111122223333"}} | said))

    def run(self, *arguments, env=None):
        self.log.unlink(missing_ok=True)
        done = subprocess.run(
            [EXPORT, *map(str, arguments)], capture_output=True, text=True, timeout=LIMIT,
            stdin=subprocess.DEVNULL,
            env={"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.bin)} | (env or {}))
        return Result(done.returncode, done.stdout, done.stderr)

    def export(self, *arguments, **options):
        return self.run("--region", "eu-west-1", *arguments, self.folder, **options)

    def lines(self, kind):
        return [line.split()[1:] for line in self.log.read_text().splitlines()
                if line.startswith(kind)]

    def place(self, name="eu-west-1"):
        return self.folder / "111122223333" / name


@pytest.fixture
def script(tmp_path):
    return Script(tmp_path)


def listed():
    said = subprocess.run([EXPORT, "--list-calls"], check=True, capture_output=True, text=True)
    return [line.split() for line in said.stdout.splitlines()]


def test_it_describes_lists_and_gets_and_nothing_else(script):
    calls = listed()
    assert len(calls) > 30
    for service, operation in calls:
        assert re.match("(describe|list|get)-", operation), (service, operation)
    assert script.export().code == 0
    made = {tuple(words[:2]) for words in script.lines("call")}
    assert made <= {tuple(call) for call in calls} | {("configure", "get")}


def test_the_policy_allows_what_is_asked_and_no_more():
    statement, = json.loads(POLICY.read_text())["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    actions = [action.lower() for action in statement["Action"]]
    assert sorted(actions) == sorted(
        f"{service}:{operation.replace('-', '')}" for service, operation in listed())


def test_no_call_begins_before_the_pause_behind_the_one_before_has_ended(script):
    assert script.export().code == 0
    calls = pauses = 0
    for line in script.log.read_text().splitlines():
        if line == "slept 0.25":
            pauses += 1
        elif line.startswith("call configure"):
            pass        # asks nobody
        else:
            calls += 1
            assert pauses >= calls - 1, (calls, line)
    assert calls > 25


def test_the_cli_is_told_to_try_once_and_to_page_nothing(script):
    script.export()
    for words in script.lines("call"):
        assert words[0] == "configure" or "--output json" in " ".join(words)
        if words[1].startswith("list-") and words[1] != "list-hosted-zones-by-vpc":
            assert words[words.index("--max-items") + 1] == words[words.index("--page-size") + 1]


def test_pages_are_asked_for_one_by_one_and_are_files(script):
    script.answers(list_resolver_rules=[
        {"ResolverRules": [], "NextToken": "abc=="}, {"ResolverRules": [], "NextToken": "def"},
        {"ResolverRules": []}])
    assert script.export().code == 0
    asked = [words for words in script.lines("call") if words[1] == "list-resolver-rules"]
    assert [words[words.index("--starting-token") + 1] if "--starting-token" in words else None
            for words in asked] == [None, "abc==", "def"]
    names = sorted(path.name for path in script.place().glob("*rules*"))
    assert names == [f"route53resolver-list-resolver-rules.{part}"
                     for part in ("2.json", "3.json", "json")]
    assert "CFG001" not in causeway("lint", script.folder).text


def test_what_is_there_is_not_asked_again(script):
    script.export()
    before = {path: path.read_bytes() for path in script.folder.rglob("*.json")}
    assert script.export().code == 0
    assert [words[1] for words in script.lines("call") if words[0] != "configure"] == [
        "get-caller-identity"]
    assert {path: path.read_bytes() for path in script.folder.rglob("*.json")} == before


def test_what_passes_is_tried_again_slower_each_time(script):
    script.answers(describe_vpcs=[
        error("Throttling"), error("RequestLimitExceeded"), error("503"),
        'Could not connect to the endpoint URL: "https://ec2.invalid/"', {"Vpcs": []}])
    done = script.export()
    assert done.code == 0, done.err
    assert [words[0] for words in script.lines("slept") if words[0] != "0.25"] == [
        "1", "2", "4", "8"]


def test_what_does_not_pass_is_given_up_and_the_rest_goes_on(script):
    script.answers(describe_vpcs=error("Throttling"), list_profiles=error("AccessDenied"))
    done = script.export()
    assert done.code == 3
    assert "2 failed" in done.err and "ec2 describe-vpcs: An error occurred" in done.err
    asked = [words[1] for words in script.lines("call")]
    assert asked.count("describe-vpcs") == 6 and asked.count("list-profiles") == 1
    note = json.loads((script.place() / "ec2-describe-vpcs.error.json").read_text())
    assert note["command"] == ["ec2", "describe-vpcs"]
    assert note["error"]["code"] == "Throttling"
    complete = {path.parent.name: json.loads(path.read_text())["aws_export"]["complete"]
                for path in script.folder.rglob("export.json")}
    assert complete == {"eu-west-1": False, "global": True}


def test_expired_credentials_end_the_account(script):
    script.answers(describe_subnets=error("ExpiredToken"))
    assert script.export().code == 3
    asked = [words[1] for words in script.lines("call")]
    assert asked[-1] == "describe-subnets"
    script.answers()
    assert script.export().code == 0


def test_without_credentials_nothing_is_asked(script):
    script.answers(get_caller_identity="Unable to locate credentials. You can configure ...")
    done = script.export()
    assert (done.code, done.out) == (3, "")
    assert "the environment: Unable to locate credentials" in done.err
    assert not list(script.folder.glob("*"))


def test_regions_are_those_that_are_enabled_unless_given(script):
    script.answers(describe_regions={"Regions": [
        {"Endpoint": "ec2.eu-north-1.amazonaws.com", "RegionName": "eu-north-1"},
        {"Endpoint": "ec2.me-south-1.amazonaws.com", "RegionName": "me-south-1"}]})
    assert script.run(script.folder).code == 0
    assert sorted(path.name for path in script.place(".").glob("*")) == [
        "eu-north-1", "global", "me-south-1"]


def test_roles_become_profiles_that_the_cli_assumes(script):
    roles = ("arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/b")
    script.answers(get_caller_identity=[{"Account": "111122223333"}, {"Account": "444455556666"}])
    done = script.export("--role", roles[0], "--role", roles[1], "--external-id", "x",
                         env={"AWS_ACCESS_KEY_ID": "AKIA"})
    assert done.code == 0, done.err
    assert {words[words.index("--profile") + 1] for words in script.lines("call")} == {
        "aws-export-1", "aws-export-2"}
    assert sorted(path.name for path in script.folder.glob("*")) == [
        "111122223333", "444455556666"]
    assert not list(script.folder.glob(".*"))


def test_a_terminal_is_shown_the_progress(script):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [EXPORT, "--region", "eu-west-1", script.folder], stdin=subprocess.DEVNULL, stderr=theirs,
        env={"PATH": f"{script.bin}:/usr/bin:/bin", "HOME": str(script.bin)})
    os.close(theirs)
    shown = b""
    try:
        while octets := os.read(ours, 4096):
            shown += octets
    except OSError:     # the other end is closed
        pass
    os.close(ours)
    assert process.wait(LIMIT) == 0
    assert b"\r\x1b[K111122223333/eu-west-1: ec2 describe-vpcs (1 requests)" in shown
    assert f"all is in {script.folder}\r\n".encode() in shown


def test_others_cannot_read_it(script):
    script.export()
    assert {path.stat().st_mode & 0o077 for path in script.folder.rglob("*")} == {0}


def test_a_second_one_in_the_same_folder_is_refused(script):
    work = script.folder / ".work"
    work.mkdir(parents=True)
    (work / "pid").write_text(f"{os.getpid()}\n")
    done = script.export()
    assert done.code == 2 and f"process {os.getpid()}" in done.err
    (work / "pid").write_text("999999999\n")       # it was killed
    assert script.export().code == 0


@pytest.mark.parametrize("arguments, said", [
    ((), "usage: aws-export"), (("--region",), "--region wants a value"),
    (("--regoin", "x", "y"), "there is no option --regoin"), (("a", "b"), "one folder is wanted"),
    (("/proc/none",), "cannot be written")])
def test_mistakes_of_usage(script, arguments, said):
    done = script.run(*arguments)
    assert done.code == 2 and said in done.err, done.err


def test_the_cli_is_wanted(script):
    (script.bin / "aws").unlink()
    done = script.export()
    assert done.code == 2 and "aws CLI is not on the PATH" in done.err


def test_help_is_no_mistake(script):
    done = script.run("--help")
    assert done.code == 0 and "Exit status" in done.out and not done.err
