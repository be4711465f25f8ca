"""peers - the programs a test talks to: causewayd itself, nsd, unbound

Each is started by the test in a directory of its own, waited for by asking it, and ended
by its process id.  A World owns those of one test or one module and ends them all; what
their logs say about broken memory or threads fails the test then, as does an exit status
other than 0.  Limits are generous because sanitizer builds on a busy machine are slow;
they end a wait that would never end.
"""
import contextlib
import glob
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import time

from client import ask, replies

SOURCE = pathlib.Path(
    os.environ.get("CAUSEWAY_SRC") or pathlib.Path(__file__).resolve().parents[2]).resolve()
BUILD = pathlib.Path(os.environ.get("CAUSEWAY_BUILD") or SOURCE / "build").resolve()
CAUSEWAYD = BUILD / "causewayd"
CAUSEWAY = BUILD / "causeway"

LIMIT = 60      # seconds until a wait is given up
START_TRIES = 5

# What a sanitizer writes when it has found something.
REPORT = re.compile(r"ERROR: \w+Sanitizer|runtime error:|WARNING: ThreadSanitizer|"
                    r"Assertion .* failed|\*\*\* stack smashing")

# A process does not outlive this one, whatever ends it.
DIE_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"]


def wait_until(what, condition, limit=LIMIT):
    """Ask `condition` again until it gives something true, and return that."""
    end = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit} s in vain until {what}")
        time.sleep(0.01)


def sanitized():
    """Is the build under test one with a sanitizer?"""
    with open(CAUSEWAYD, "rb") as program:
        return re.search(rb"__[at]san_init", program.read()) is not None


_given = set()


def free_port():
    """A port free for UDP and TCP on both loopback addresses, not given out before.

    Below the kernel's own range (32768 and up): no client's socket takes it meanwhile.
    """
    for _ in range(200):
        port = random.randrange(20000, 32000)
        with contextlib.ExitStack() as stack:
            try:
                for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                        s = stack.enter_context(socket.socket(family, kind))
                        s.bind((address, port))
            except OSError:
                continue
            if port not in _given:
                _given.add(port)
                return port
    raise AssertionError("no free port")


def reports_of(pid):
    """What a sanitizer wrote elsewhere: contrib/test sends it to files (log_path)."""
    for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        for path in re.findall(r"log_path=([^:]+)", os.environ.get(variable, "")):
            for name in glob.glob(f"{glob.escape(path)}.{pid}"):
                yield pathlib.Path(name).read_text(errors="replace")


class Process:
    """A program in the foreground, its output in a file."""

    name = "process"
    ends_with = {0}     # exit statuses of a good end

    def __init__(self, directory, name=None):
        self.name = name or self.name
        self.dir = pathlib.Path(directory) / self.name
        self.dir.mkdir(parents=True)
        self.log_path = self.dir / "log"
        self.process = None
        self.failures = []

    def command(self):
        raise NotImplementedError

    def answers(self):
        """Does it serve yet?"""
        raise NotImplementedError

    def spawn(self, env=None, prefix=()):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*DIE_WITH_US, *prefix, *map(str, self.command())], cwd=self.dir,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})})

    def start(self, env=None, prefix=()):
        """Serve.  A question of some daemon to its upstream may hold the port for a moment: it
        is drawn from all there are."""
        for _ in range(START_TRIES):
            self.spawn(env, prefix)
            wait_until(f"{self.name} answers", lambda: self.ended() or self.answers())
            if not self.ended():
                return self
            if "Address already in use" not in self.log:
                break
        raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.log}")

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def ended(self):
        return self.process.poll() is not None

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, limit=LIMIT):
        """The exit status."""
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} has not ended after {limit} s") from None

    def wait_log(self, pattern, start=0):
        """A match of `pattern` in the log behind `start`."""
        return wait_until(f"the log of {self.name} says {pattern!r}",
                          lambda: re.search(pattern, self.log[start:]))

    def stop(self):
        """End it; collect what was wrong with it in `failures`."""
        if self.process is None:
            return
        if not self.ended():
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.failures.append(f"{self.name} did not end within {LIMIT} s of SIGTERM")
                self.process.kill()
                self.process.wait()
        self.judge()

    def judge(self):
        for text in (self.log, *reports_of(self.pid)):
            found = REPORT.search(text)
            if found:
                self.failures.append(f"{self.name}: {text[found.start():][:6000]}")
        if self.process.returncode not in self.ends_with and not self.failures:
            self.failures.append(f"{self.name} ended with status {self.process.returncode}; "
                                 f"the end of its log:\n{self.log[-3000:]}")


class Daemon(Process):
    """causewayd.  `conf` is the path of a configuration, or one as a dict, which is written
    as JSON; `at` is where it is asked: by default at its first listener; `arguments` follow
    on its command line."""

    name = "causewayd"

    def __init__(self, directory, conf, name=None, at=None, arguments=()):
        super().__init__(directory, name)
        self.arguments = arguments
        self.conf_path = self.dir / "causeway.yaml"
        if isinstance(conf, dict):
            self.write(conf)
        else:
            self.conf_path = pathlib.Path(conf)
        self.at = at or listener(conf)

    def write(self, conf):
        """Replace the configuration in one step; a dict or text."""
        text = conf if isinstance(conf, str) else json.dumps(conf, indent=1)
        new = self.dir / "new.yaml"
        new.write_text(text)
        new.rename(self.conf_path)

    def command(self):
        return [CAUSEWAYD, "-c", self.conf_path, *self.arguments]

    def answers(self):
        return replies(self.at)

    def ask(self, name, rdtype="A", **options):
        return ask(self.at, name, rdtype, **options)

    def reload(self, conf=None):
        """SIGHUP, perhaps with a new configuration; returns where the log stood."""
        if conf is not None:
            self.write(conf)
        start = len(self.log)
        self.signal(signal.SIGHUP)
        return start


def listener(conf, number=0):
    entry = conf["server"]["listen"][number]
    return entry["address"], entry["port"]


class Nsd(Process):
    """nsd serving {zone name: zone text}: the on-prem domain's own server."""

    name = "nsd"

    def __init__(self, directory, zones, address="127.0.0.1", port=None, name=None, server=()):
        super().__init__(directory, name)
        self.at = address, port or free_port()
        self.zones = zones
        # a path of a UNIX socket has 107 octets at most, pytest's directories may have more
        self.control = f"/tmp/nsd-{os.getpid()}-{self.at[1]}.sock"
        conf = [
            "server:", f" ip-address: {address}@{self.at[1]}", ' username: ""', ' pidfile: ""',
            ' database: ""', f' zonesdir: "{self.dir}"', f' xfrdfile: "{self.dir}/xfrd"',
            f' xfrdir: "{self.dir}"', f' zonelistfile: "{self.dir}/zone.list"', " server-count: 1",
            *(f" {line}" for line in server),
            "remote-control:", " control-enable: yes", f" control-interface: {self.control}",
        ]
        for number, (zone, text) in enumerate(zones.items()):
            (self.dir / f"{number}.zone").write_text(text)
            conf += ["zone:", f' name: "{zone}"', f' zonefile: "{number}.zone"']
        (self.dir / "nsd.conf").write_text("\n".join(conf) + "\n")

    def command(self):
        return [shutil.which("nsd") or "/usr/sbin/nsd", "-d", "-c", self.dir / "nsd.conf"]

    def answers(self):
        zone = next(iter(self.zones))
        return replies(self.at, zone, "SOA") and ask(self.at, zone, "SOA").answer

    def query_count(self):
        control = shutil.which("nsd-control") or "/usr/sbin/nsd-control"
        out = subprocess.run([control, "-c", self.dir / "nsd.conf", "stats_noreset"], check=True,
                             capture_output=True, text=True, timeout=LIMIT).stdout
        return int(re.search(r"^num\.queries=(\d+)$", out, re.M).group(1))

    def stop(self):
        super().stop()
        pathlib.Path(self.control).unlink(missing_ok=True)


class Unbound(Process):
    """unbound as the internet resolver: it knows the records it was given (`local-data`),
    and that nothing else exists."""

    name = "unbound"
    SOA = ". 3600 IN SOA a.root.example. nobody.example. 1 7200 900 1209600 120"

    def __init__(self, directory, records, address="127.0.0.1", port=None, name=None):
        super().__init__(directory, name)
        self.at = address, port or free_port()
        conf = [
            "server:", f" interface: {address}@{self.at[1]}", f" port: {self.at[1]}",
            " access-control: 0.0.0.0/0 allow", " access-control: ::/0 allow",
            ' chroot: ""', ' username: ""', ' pidfile: ""', f' directory: "{self.dir}"',
            " do-daemonize: no", " use-syslog: no", ' logfile: ""', " num-threads: 1",
            ' module-config: "iterator"', " minimal-responses: no",
            ' local-zone: "." static', f" local-data: '{self.SOA}'",
            *(f" local-data: '{record}'" for record in records),
            "remote-control:", " control-enable: no",
        ]
        (self.dir / "unbound.conf").write_text("\n".join(conf) + "\n")

    def command(self):
        return [shutil.which("unbound") or "/usr/sbin/unbound", "-d", "-c",
                self.dir / "unbound.conf"]

    def answers(self):
        return replies(self.at, ".", "SOA")


class World:
    """All that one test (or module) has started; `close` ends it, youngest first, and fails
    when anything of it was not as it should be."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.things = []

    def add(self, thing):
        self.things.append(thing)
        return thing

    def daemon(self, conf, env=None, start=True, **options):
        daemon = self.add(Daemon(self.dir, conf, **self._named("causewayd", options)))
        return daemon.start(env) if start else daemon

    def nsd(self, zones, **options):
        return self.add(Nsd(self.dir, zones, **self._named("nsd", options))).start()

    def unbound(self, records, **options):
        return self.add(Unbound(self.dir, records, **self._named("unbound", options))).start()

    def _named(self, name, options):
        count = sum(isinstance(t, Process) and t.name.startswith(name) for t in self.things)
        return {"name": f"{name}-{count + 1}" if count else name, **options}

    def logs(self):
        return [(t.name, t.log) for t in self.things if isinstance(t, Process)]

    def close(self):
        failures = []
        for thing in reversed(self.things):
            if isinstance(thing, Process):
                thing.stop()
                failures += thing.failures
            else:
                thing.close()
        assert not failures, "\n".join(failures)
