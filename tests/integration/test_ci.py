"""causeway lint where it lives: as a GitHub action, before a commit, with a baseline."""
import json
import os
import pty
import re
import shutil
import subprocess

import pytest
import yaml

from peers import CAUSEWAY, LIMIT, SOURCE
from programs import causeway

ACTION = SOURCE / "contrib" / "github-action" / "action.yml"

ESTATE = """\
vpcs:
  - {id: vpc-app, cidr_blocks: [10.1.0.0/16], enable_dns_hostnames: true}
  - {id: vpc-data, cidr_blocks: [10.2.0.0/16], enable_dns_hostnames: true}
vpc_peering_connections:
  - {id: pcx-1, requester: {vpc: vpc-app}, accepter: {vpc: vpc-data}}
hosted_zones:
  - id: ZAPP
    name: corp.example
    vpcs: [vpc-app]
    record_sets:
      - {name: db.corp.example, type: A, ttl: 60, values: [10.1.0.10]}
"""
TWIN = """\
  - id: ZDATA
    name: corp.example
    vpcs: [vpc-data]
    record_sets:
      - {name: db.corp.example, type: A, ttl: 60, values: [10.2.0.10]}
"""


def git(*arguments, cwd):
    subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@example.invalid",
                    "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", *arguments],
                   cwd=cwd, check=True, timeout=LIMIT, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """A git repository with a sound estate."""
    top = tmp_path / "repository"
    (top / "dns").mkdir(parents=True)
    (top / "dns" / "estate.yaml").write_text(ESTATE)
    git("init", "-q", cwd=top)
    git("add", ".", cwd=top)
    git("commit", "-q", "-m", "dns: add the estate", cwd=top)
    return top


def conflict(repository):
    path = repository / "dns" / "estate.yaml"
    path.write_text(ESTATE + TWIN)
    return path


# The action: its run steps by bash, as the runner does it.

def expand(text, inputs):
    return re.sub(r"\$\{\{ *inputs\.([a-z-]+) *\}\}", lambda match: inputs[match[1]], text)


def run_action(repository, tmp_path, **given):
    """Run all steps; their result, the outputs, the summary."""
    action = yaml.safe_load(ACTION.read_text())
    inputs = {name: str(row.get("default", "")) for name, row in action["inputs"].items()}
    inputs |= {"causeway": str(CAUSEWAY)} | {key.replace("_", "-"): value
                                             for key, value in given.items()}
    for name, row in action["inputs"].items():
        assert inputs[name] or not row.get("required"), name
    files = {name: tmp_path / name for name in ("output", "summary")}
    for file in files.values():
        file.write_text("")
    env = {**os.environ, "GITHUB_ACTIONS": "true", "CI": "true",
           "GITHUB_WORKSPACE": str(repository), "GITHUB_OUTPUT": str(files["output"]),
           "GITHUB_STEP_SUMMARY": str(files["summary"]), "GITHUB_ACTION_PATH": str(ACTION.parent)}
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        script = tmp_path / "step.sh"
        script.write_text(expand(step["run"], inputs))
        step_env = {key: expand(value, inputs) for key, value in step.get("env", {}).items()}
        # https://docs.github.com/actions: bash --noprofile --norc -eo pipefail {0}
        result = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                                cwd=repository, env=env | step_env, timeout=LIMIT, text=True,
                                capture_output=True)
        if result.returncode:
            break
    outputs = dict(line.split("=", 1) for line in files["output"].read_text().splitlines())
    return result, outputs, files["summary"].read_text()


def test_the_action_passes_a_sound_estate(repository, tmp_path):
    result, outputs, summary = run_action(repository, tmp_path, paths="dns/estate.yaml\n")
    assert result.returncode == 0, result.stdout + result.stderr
    assert outputs == {"exit-code": "0", "sarif": "causeway.sarif"}
    assert json.loads((repository / "causeway.sarif").read_text())["version"] == "2.1.0"
    assert summary


def test_the_action_fails_with_annotations_summary_and_sarif(repository, tmp_path):
    conflict(repository)
    result, outputs, summary = run_action(repository, tmp_path, paths="dns/estate.yaml")
    assert result.returncode == 1, result.stdout + result.stderr
    assert outputs["exit-code"] == "1"
    assert re.search(r"^::error file=dns/estate\.yaml,line=\d+,", result.stdout, re.MULTILINE)
    assert "ZON101" in summary
    results = json.loads((repository / "causeway.sarif").read_text())["runs"][0]["results"]
    assert "ZON101" in {row["ruleId"] for row in results}


def test_the_action_takes_a_baseline(repository, tmp_path):
    path = conflict(repository)
    known = repository / "known.jsonl"
    assert causeway("lint", "--write-baseline", known, "dns/estate.yaml",
                    cwd=repository).code == 1
    result, outputs, _ = run_action(repository, tmp_path, paths="dns/estate.yaml",
                                    baseline="known.jsonl", fail_on_new="true", sarif="")
    assert result.returncode == 0, result.stdout + result.stderr
    assert outputs == {"exit-code": "0"}
    path.write_text(path.read_text().replace("pcx-1", "pcx-2").replace("ZDATA", "ZNEW"))
    result, _, _ = run_action(repository, tmp_path, paths="dns/estate.yaml",
                              baseline="known.jsonl", fail_on_new="true", sarif="")
    assert result.returncode == 1


def test_inputs_of_the_action_are_no_shell(repository, tmp_path):
    hostile = '$(touch owned) `touch owned` "; touch owned; "'
    result, _, _ = run_action(repository, tmp_path, paths=hostile, sarif="")
    assert result.returncode == 3, result.stdout + result.stderr
    assert not (repository / "owned").exists()


# Before a commit.

@pytest.fixture
def hook(repository, tmp_path):
    """pre-commit with our hook in that repository: hook() runs it on all files."""
    program = shutil.which("pre-commit")
    if not program:
        pytest.skip("pre-commit is not installed")
    ours = tmp_path / "causeway"
    ours.mkdir()
    shutil.copy(SOURCE / ".pre-commit-hooks.yaml", ours)
    git("init", "-q", cwd=ours)
    git("add", ".", cwd=ours)
    git("commit", "-q", "-m", "hooks", cwd=ours)
    rev = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ours, check=True, text=True,
                         capture_output=True, timeout=LIMIT).stdout.strip()
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [
        {"repo": str(ours), "rev": rev,
         "hooks": [{"id": "causeway-lint", "args": ["dns/estate.yaml"]}]}]}))
    git("add", ".", cwd=repository)
    env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"),
           "PATH": f"{CAUSEWAY.parent}:{os.environ['PATH']}"}
    env = {key: value for key, value in env.items() if not key.startswith("GITHUB_")}

    def run(*arguments):
        return subprocess.run([program, *arguments], cwd=repository, env=env, text=True,
                              timeout=6 * LIMIT, capture_output=True)
    return run


def test_the_hook_lets_a_sound_commit_through_and_stops_another(hook, repository):
    result = hook("run", "--all-files")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Passed" in result.stdout
    conflict(repository)
    git("add", ".", cwd=repository)
    result = hook("run")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "error ZON101" in result.stdout


def test_the_hook_is_what_pre_commit_wants(hook, tmp_path):
    result = hook("validate-manifest", str(SOURCE / ".pre-commit-hooks.yaml"))
    assert result.returncode == 0, result.stdout + result.stderr
    result = hook("try-repo", str(tmp_path / "causeway"), "causeway-lint", "--all-files")
    assert "causeway lint" in result.stdout, result.stdout + result.stderr


# By hand.

def test_several_configurations_are_one_estate(tmp_path):
    (tmp_path / "a.yaml").write_text(ESTATE)
    (tmp_path / "b.yaml").write_text("hosted_zones:\n" + TWIN)
    result = causeway("lint", "--format", "concise", "b.yaml", "a.yaml", cwd=tmp_path)
    assert result.code == 1 and "ZON101" in result.out
    (tmp_path / "c.yaml").write_text("hosted_zones:\n" + TWIN.replace("vpc-data", "vpc-app"))
    result = causeway("lint", "--format", "concise", "a.yaml", "b.yaml", "c.yaml", cwd=tmp_path)
    assert result.code == 2 and "duplicate-id" in result.out


def test_a_baseline_lives_as_long_as_what_it_holds(repository):
    path = conflict(repository)
    run = lambda *words: causeway("lint", "--format", "concise", *words, "dns/estate.yaml",
                                  cwd=repository)
    assert run("--write-baseline", "known.jsonl").code == 1
    written = (repository / "known.jsonl").read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    assert "ZON101" in {line["code"] for line in lines}
    path.write_text("# lines move\n\n\n" + path.read_text())
    result = run("--baseline", "known.jsonl", "--fail-on-new")
    assert (result.code, result.out) == (0, "")
    assert run("--write-baseline", "known.jsonl").code == 1
    assert (repository / "known.jsonl").read_text() == written
    path.write_text(ESTATE)
    result = run("--baseline", "known.jsonl")
    assert result.code == 0 and "CFG005" in result.out
    assert run("--baseline", "known.jsonl", "--prune-baseline").code == 0
    left = (repository / "known.jsonl").read_text()
    assert "ZON101" not in left
    assert run("--baseline", "known.jsonl", "--fail-on-new").out == ""
    assert run("--baseline", "none.jsonl").code == 3
    (repository / "known.jsonl").write_text("{\n")
    assert run("--baseline", "known.jsonl").code == 2


def test_a_suppression_ends_on_its_day(repository):
    path = conflict(repository)

    def judge(comment):
        path.write_text((ESTATE + TWIN).replace("  - id: ZAPP", f"  # {comment}\n  - id: ZAPP"))
        return causeway("lint", "--format", "concise", "--select", "ZON101,CFG005",
                        "dns/estate.yaml", cwd=repository)
    assert judge("lint: ignore[ZON101] merged soon until=2999-12-31").text == ""
    result = judge("lint: ignore[ZON101] merged soon until=2020-12-31")
    assert result.code == 1 and "CFG005" in result.out and "2020-12-31" in result.out
    result = judge("lint: ignore[ZON101]")
    assert result.code == 0 and "gives no reason" in result.out
    result = judge("lint: ignore[ZON104] not so")
    assert result.code == 1 and "CFG005" not in result.out	# ZON104 was not run
    result = judge("lint: ignore everything")
    assert result.code == 1 and "CFG005" in result.out


def test_a_terminal_sees_nothing_of_a_short_run(repository):
    """The line is for those who wait; test_progress shows it."""
    leader, follower = pty.openpty()
    try:
        subprocess.run([CAUSEWAY, "lint", "dns/estate.yaml"], cwd=repository, stderr=follower,
                       stdout=subprocess.DEVNULL, timeout=LIMIT, check=True)
        os.set_blocking(leader, False)
        with pytest.raises(BlockingIOError):
            os.read(leader, 100)
    finally:
        os.close(leader)
        os.close(follower)
