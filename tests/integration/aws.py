"""aws - accounts of AWS that moto emulates, the real CLI to build in them, and the exporter

Both come from a virtual environment that contrib/test makes of aws-requirements.txt and
names in CAUSEWAY_AWS.  aws_emulator.py and aws_cli.py run in it and say what they do.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.request

from peers import DIE_WITH_US, LIMIT, SOURCE
from programs import Result

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = os.environ.get("CAUSEWAY_AWS")
PYTHON = pathlib.Path(ENVIRONMENT or "/nonexistent") / "bin" / "python"
EXPORT = SOURCE / "contrib" / "aws-export"

ACCOUNTS = {"network": "111122223333", "apps": "444455556666"}


def role(account):
    return f"arn:aws:iam::{ACCOUNTS[account]}:role/reader"


class Cloud:
    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        self.called = directory / "called"
        self.slept = directory / "slept"
        self.port = self._start("aws_emulator.py")
        self.socket = directory / "cli"
        assert self._start("aws_cli.py", "serve", self.socket) == "ready"
        self.path = directory / "bin"
        self.path.mkdir()
        self._program("aws", f'exec {sys.executable} -IS {HERE}/aws_cli.py '
                             f'call "{self.socket}" "{self.called}" "$@"')
        # time passes at once, and leaves a line
        self._program("sleep", f'echo "$1" >>"{self.slept}"')
        config = directory / "config"
        config.write_text("".join(
            f"[profile {name}]\nrole_arn = {role(name)}\ncredential_source = Environment\n"
            for name in ACCOUNTS))
        self.environment = {
            "PATH": f"{self.path}:/usr/bin:/bin", "HOME": str(directory), "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": str(config), "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}

    def _start(self, name, *arguments):
        log = open(self.directory / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(
            [*DIE_WITH_US, PYTHON, HERE / name, *map(str, arguments)], cwd=self.directory,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.directory)})
        self.processes.append(process)
        said = process.stdout.readline().strip()
        assert said, (self.directory / f"{name}.log").read_text()
        return said

    def _program(self, name, line):
        program = self.path / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
            process.stdout.close()

    def aws(self, account, region, *arguments):
        """One call of the CLI; what it prints."""
        done = subprocess.run(
            [self.path / "aws", *map(str, arguments), "--profile", account, "--region", region,
             "--output", "json"], env=self.environment, capture_output=True, text=True,
            timeout=LIMIT)
        assert done.returncode == 0, (arguments, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def export_process(self, folder, *arguments, env=None, **options):
        self.called.unlink(missing_ok=True)
        self.slept.unlink(missing_ok=True)
        return subprocess.Popen(
            [*DIE_WITH_US, EXPORT, *map(str, arguments), folder], text=True,
            env={**self.environment, **(env or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def export(self, folder, *arguments, env=None):
        process = self.export_process(folder, *arguments, env=env)
        out, err = process.communicate(timeout=3 * LIMIT)
        return Result(process.returncode, out, err)

    def calls(self):
        """(service, operation, the rest) of each run of the CLI since the export began."""
        if not self.called.exists():
            return []
        return [(line[0], line[1], line[2:])
                for line in map(json.loads, self.called.read_text().splitlines())]

    def sleeps(self):
        return self.slept.read_text().split() if self.slept.exists() else []

    def tell(self, command, **said):
        """The door before the emulator, by aws_emulator.py."""
        body = json.dumps(said).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/{command}", body,
                                    timeout=LIMIT) as reply:
            return json.load(reply)


def copy(folder, to):
    shutil.copytree(folder, to)
    return to
