"""servers - Causeway, nsd, knot and bind with the same zone files

Each is started on an ephemeral port of 127.0.0.1 and ended by its process id.
"""
import contextlib
import os
import pathlib
import re
import shutil

import dns.exception
import dns.rcode

from client import ask
from estates import estate
from peers import Nsd, Process, World, free_port, wait_until

REFERENCES = ("nsd", "knot", "bind")


def program(name):
    return shutil.which(name) or f"/usr/sbin/{name}"


class Authority(Process):
    """A server that is ready when it answers for the last of its zones."""

    def __init__(self, directory, zones):
        super().__init__(directory)
        self.at = "127.0.0.1", free_port()
        self.zones = zones
        self.files = []
        for number, (zone, text) in enumerate(zones.items()):
            (self.dir / f"{number}.zone").write_text(text)
            self.files.append((zone, self.dir / f"{number}.zone"))

    def answers(self):
        with contextlib.suppress(OSError, dns.exception.DNSException):
            return all(ask(self.at, zone, "SOA", timeout=0.5).answer for zone in self.zones)


class Knot(Authority):
    name = "knot"

    def __init__(self, directory, zones):
        super().__init__(directory, zones)
        # the path of a UNIX socket has 107 octets at most, a test's directory may have more
        self.control = pathlib.Path(f"/tmp/knot-{os.getpid()}-{self.at[1]}.sock")
        conf = [
            "server:", f"  listen: {self.at[0]}@{self.at[1]}", f"  rundir: {self.dir}",
            "  udp-max-payload: 4096", "  udp-workers: 1", "  tcp-workers: 1",
            "  background-workers: 1", "  pidfile: knot.pid",
            "control:", f"  listen: {self.control}",
            "database:", f"  storage: {self.dir}",
            "log:", "  - target: stderr", "    any: warning",
            "template:", "  - id: default", f"    storage: {self.dir}", "    zonefile-sync: -1",
            "    zonefile-load: whole", "    journal-content: none", "zone:",
        ]
        for zone, path in self.files:
            conf += [f"  - domain: {zone}", f"    file: {path}"]
        (self.dir / "knot.conf").write_text("\n".join(conf) + "\n")

    def command(self):
        return [program("knotd"), "-c", self.dir / "knot.conf"]

    def stop(self):
        super().stop()
        self.control.unlink(missing_ok=True)


class Bind(Authority):
    name = "bind"

    # What named judges in zone files, but does not change its answers.
    IGNORED = ["check-names primary ignore", "check-integrity no", "check-mx ignore",
               "check-mx-cname ignore", "check-srv-cname ignore", "check-sibling no",
               "check-wildcard no", "check-spf ignore", "check-dup-records ignore"]

    def __init__(self, directory, zones):
        super().__init__(directory, zones)
        options = [
            f'directory "{self.dir}"', f"listen-on port {self.at[1]} {{ {self.at[0]}; }}",
            "listen-on-v6 { none; }", "recursion no", "pid-file none", "session-keyfile none",
            "notify no", "dnssec-validation no", "empty-zones-enable no",
            "minimal-responses yes", "max-udp-size 4096", *self.IGNORED,
        ]
        conf = ["options {", *(f"\t{option};" for option in options), "};", "controls { };"]
        for zone, path in self.files:
            conf.append(f'zone "{zone}" {{ type primary; file "{path}"; }};')
        (self.dir / "named.conf").write_text("\n".join(conf) + "\n")

    def command(self):
        return [program("named"), "-g", "-n", "1", "-c", self.dir / "named.conf"]


class NsdOfAll(Nsd):
    def answers(self):
        with contextlib.suppress(OSError, dns.exception.DNSException):
            return all(ask(self.at, zone, "SOA", timeout=0.5).answer for zone in self.zones)


def _wait(name, server):
    try:
        wait_until(f"{name} serves all zones", lambda: server.ended() or server.answers(), 30)
    except AssertionError as failure:
        raise AssertionError(f"{failure}; its log says:\n{server.log[-3000:]}") from None
    if server.ended():
        raise AssertionError(f"{name} has ended; its log says:\n{server.log[-3000:]}")


def _start(world, zones, ours):
    texts = {zone.name: zone.text() for zone in zones}
    listed = []
    for number, zone in enumerate(ours):
        path = world.dir / f"{number}.zone"
        path.write_text(zone.text())
        listed.append({"id": f"Z{number}", "name": zone.name, "vpcs": ["vpc-1"],
                       "zone_file": str(path)})
    servers = {
        "causeway": world.daemon(estate(zones=listed), start=False),
        "nsd": world.add(NsdOfAll(world.dir, texts)),
        "knot": world.add(Knot(world.dir, texts)),
        "bind": world.add(Bind(world.dir, texts)),
    }
    for server in servers.values():
        server.spawn()
    for name, server in servers.items():
        _wait(name, server)
    return {name: server.at for name, server in servers.items()}


@contextlib.contextmanager
def serving(directory, zones, ours=None):
    """The four servers with these Zones; `ours` are Causeway's where they shall differ.
    Gives {name: address}."""
    for left in (2, 1, 0):
        world = World(directory / f"servers-{left}")
        world.dir.mkdir(parents=True)
        try:
            addresses = _start(world, zones, ours or zones)
            break
        except AssertionError as failure:
            with contextlib.suppress(AssertionError):
                world.close()
            # a port that was free may be some client's by the time a server wants it
            if not left or not re.search("(?i)in use", str(failure)):
                raise
    try:
        yield addresses
    finally:
        world.close()
