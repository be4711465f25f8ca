"""The whole company in network namespaces: hub, app, data and dc with their real addresses.

    app  10.1.10.20 ----.                       .---- dc  192.168.0.0/16
                         hub 10.0.0.2, 10.0.1.10         nsd 192.168.0.53
    data 10.2.10.5  ----'    causewayd          '----    causewayd 192.168.0.54
                             (hybrid.yaml)               (onprem-forwarder.yaml)

hub routes.  Its daemon answers the VPCs by client address on 10.0.0.2 (what the "+2" address
is to a VPC) and the data centre on the inbound endpoint's addresses.
"""
import os
import re
import secrets
import subprocess

import pytest

from estates import change, copy_examples
from peers import DIE_WITH_US, LIMIT, SOURCE, Daemon, Nsd

pytestmark = pytest.mark.netns

INBOUND = ["10.0.1.10", "10.0.2.10"]
LEAVES = {
    # host: (addresses, the hub's end of its link)
    "app": (["10.1.10.20/16"], "10.1.0.1/16"),
    "data": (["10.2.10.5/16"], "10.2.0.1/16"),
    "dc": (["192.168.0.53/16", "192.168.0.54/16", "192.168.0.99/16"], "192.168.0.1/16"),
}


def ip(*arguments, check=True):
    return subprocess.run(["ip", *arguments], check=check, capture_output=True, text=True,
                          timeout=LIMIT)


class Hosts:
    """The namespaces, named for this run; close removes them and with them all their links."""

    def __init__(self):
        self.tag = f"cw{os.getpid()}{secrets.token_hex(2)}"
        self.made = []

    def __getitem__(self, host):
        return f"{self.tag}-{host}"

    def make(self, host):
        done = ip("netns", "add", self[host], check=False)
        if done.returncode:
            pytest.skip(f"network namespaces are not to be had here: {done.stderr.strip()}")
        self.made.append(self[host])
        up = ip("-n", self[host], "link", "set", "lo", "up", check=False)
        if up.returncode:
            pytest.skip(f"a network namespace cannot be set up here: {up.stderr.strip()}")

    def link(self, leaf, addresses, hub_address):
        done = ip("link", "add", "up0", "netns", self[leaf], "type", "veth",
                  "peer", "name", f"to-{leaf}", "netns", self["hub"], check=False)
        if done.returncode:
            pytest.skip(f"links between namespaces are not to be had here: {done.stderr.strip()}")
        for address in addresses:
            ip("-n", self[leaf], "addr", "add", address, "dev", "up0")
        ip("-n", self["hub"], "addr", "add", hub_address, "dev", f"to-{leaf}")
        ip("-n", self[leaf], "link", "set", "up0", "up")
        ip("-n", self["hub"], "link", "set", f"to-{leaf}", "up")
        ip("-n", self[leaf], "route", "add", "default", "via", hub_address.split("/")[0])

    def run(self, host, *command, check=True):
        return subprocess.run([*DIE_WITH_US, "ip", "netns", "exec", self[host], *command],
                              check=check, capture_output=True, text=True, timeout=LIMIT)

    def prefix(self, host):
        return ["ip", "netns", "exec", self[host]]

    def close(self):
        for name in self.made:
            ip("netns", "del", name, check=False)


class InHost:
    """A program inside one of the hosts; it is asked from there too."""

    def place(self, hosts, host):
        self.hosts, self.host = hosts, host
        return self

    def answers(self):
        return dig(self.hosts, self.host, self.at[0], "localhost", "A", "+time=1",
                   check=False).returncode == 0

    def start(self):
        return super().start(prefix=self.hosts.prefix(self.host))


class DaemonIn(InHost, Daemon):
    pass


class NsdIn(InHost, Nsd):
    pass


def dig(hosts, host, server, name, rdtype="A", *options, check=True):
    return hosts.run(host, "dig", "+tries=1", "+time=10", *options, f"@{server}", name, rdtype,
                     check=check)


@pytest.fixture(scope="module")
def hosts(shared_world):
    if os.geteuid() != 0:
        pytest.skip("network namespaces want root")
    hosts = shared_world.add(Hosts())
    for host in ("hub", *LEAVES):
        hosts.make(host)
    for leaf, (addresses, hub_address) in LEAVES.items():
        hosts.link(leaf, addresses, hub_address)
    for address in ("10.0.0.2", *INBOUND):
        ip("-n", hosts["hub"], "addr", "add", f"{address}/32", "dev", "lo")
    routes = hosts.run("hub", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward", check=False)
    if routes.returncode:
        pytest.skip(f"the kernel's settings cannot be changed here: {routes.stderr.strip()}")

    zones = SOURCE / "zones"
    nsd = NsdIn(shared_world.dir, {name: (zones / f"{name}.zone").read_text() for name in
                                   ("dc.quay.example", "0.168.192.in-addr.arpa")},
                address="192.168.0.53", port=53)
    shared_world.add(nsd).place(hosts, "dc").start()
    shared_world.add(hub_daemon(shared_world.dir)).place(hosts, "hub").start()
    shared_world.add(dc_daemon(shared_world.dir)).place(hosts, "dc").start()
    return hosts


def hub_daemon(directory):
    """conf/hybrid.yaml with the listeners of a real hub."""
    top = directory / "hub-files"
    top.mkdir()
    path = copy_examples(top) / "conf" / "hybrid.yaml"

    def act(conf):
        conf["server"]["listen"] = [
            *({"address": a, "port": 53, "as": "rslvr-in-hub"} for a in INBOUND),
            {"address": "10.0.0.2", "port": 53, "as": "client"}]
    change(path, act)
    return DaemonIn(directory, path, name="causewayd-hub", at=("10.0.1.10", 53))


def dc_daemon(directory):
    """conf/onprem-forwarder.yaml, which shares 192.168.0.53 with nsd no more: its own zone of
    the on-prem domain gives way to a rule, so that nsd's answers are seen here too."""
    top = directory / "dc-files"
    top.mkdir()
    path = copy_examples(top) / "conf" / "onprem-forwarder.yaml"

    def act(conf):
        conf["server"] = {**{key: conf["server"][key] for key in ("allow", "cache", "upstream")},
                          "listen": [{"address": "192.168.0.54", "port": 53, "as": "dc-1"}]}
        del conf["hosted_zones"]
        for number, domain in enumerate(("dc.quay.example", "0.168.192.in-addr.arpa",
                                         "data.quay.example")):
            target = "10.0.1.10" if domain.startswith("data") else "192.168.0.53"
            conf["resolver_rules"].append({
                "id": f"fwd-test-{number}", "domain_name": domain, "rule_type": "FORWARD",
                "target_ips": [{"ip": target}], "sites": ["dc-1"]})
    change(path, act)
    return DaemonIn(directory, path, name="causewayd-dc", at=("192.168.0.54", 53))


VPC, HUB, DC = "10.0.0.2", "10.0.1.10", "192.168.0.54"

ANSWERS = [
    # asked on, server asked, name, type, answer as dig +short prints it
    # the cloud's own names, from the VPCs
    ("app", VPC, "booking.cloud.quay.example", "A", ["10.1.10.20"]),
    ("app", VPC, "portal.cloud.quay.example", "A",
     ["login.svc.cloud.quay.example.", "sso.svc.cloud.quay.example.", "10.3.1.30"]),
    ("data", VPC, "git.svc.cloud.quay.example", "A", ["10.3.1.20"]),
    # differently in app and data
    ("app", VPC, "db.local.quay.example", "A", ["10.1.30.11"]),
    ("data", VPC, "db.local.quay.example", "A", ["10.2.10.5"]),
    # from the cloud to the data centre
    ("app", VPC, "erp.dc.quay.example", "A", ["192.168.0.20"]),
    ("app", VPC, "erp.cloud.quay.example", "A", ["erp.dc.quay.example.", "192.168.0.20"]),
    ("app", VPC, "20.0.168.192.in-addr.arpa", "PTR", ["erp.dc.quay.example."]),
    ("app", VPC, "a.b.scale.dc.quay.example", "A", ["192.168.4.20"]),
    # from the data centre to the cloud, by its own resolver and directly
    ("dc", DC, "booking.cloud.quay.example", "A", ["10.1.10.20"]),
    ("dc", DC, "sso.svc.cloud.quay.example", "AAAA", ["fd4c:9a31:7b03:1::30"]),
    ("dc", DC, "warehouse.data.quay.example", "A", ["10.2.10.5"]),
    ("dc", DC, "11.30.1.10.in-addr.arpa", "PTR", ["db-1.orders.cloud.quay.example."]),
    ("dc", DC, "erp.dc.quay.example", "A", ["192.168.0.20"]),
    ("dc", HUB, "booking.cloud.quay.example", "A", ["10.1.10.20"]),
    # one client, two views: the endpoint answers in hub's place whoever asks
    ("data", HUB, "booking.cloud.quay.example", "A", ["10.1.10.20"]),
    # a name in the cloud that is an alias of one in the data centre, asked there
    ("dc", DC, "erp.cloud.quay.example", "A", ["erp.dc.quay.example.", "192.168.0.20"]),
    # names of machines, by their own region's form
    ("app", VPC, "ip-10-1-10-20.eu-west-1.compute.internal", "A", ["10.1.10.20"]),
    ("data", VPC, "ip-10-2-10-5.ec2.internal", "A", ["10.2.10.5"]),
]


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
@pytest.mark.parametrize("host, server, name, rdtype, answer", ANSWERS,
                         ids=[f"{row[0]}-{row[1]}-{row[2]}" for row in ANSWERS])
def test_names_resolve(hosts, host, server, name, rdtype, answer, transport):
    printed = dig(hosts, host, server, name, rdtype, "+short", transport).stdout.split()
    assert printed == answer


@pytest.mark.parametrize("host, server, name, status", [
    # app has no db of data's, data no booking system of app's: nobody there claims the name
    ("data", VPC, "booking.cloud.quay.example", "SERVFAIL"),
    ("data", VPC, "erp.dc.quay.example", "SERVFAIL"),
    ("app", VPC, "warehouse.data.quay.example", "SERVFAIL"),
    ("app", VPC, "nothing.cloud.quay.example", "NXDOMAIN"),
    ("app", VPC, "nothing.dc.quay.example", "NXDOMAIN"),
    ("app", VPC, "status.dc.quay.example", "SERVFAIL"),     # SYSTEM, and no internet here
    ("dc", DC, "nothing.cloud.quay.example", "NXDOMAIN"),
    ("dc", HUB, "db.local.quay.example", "SERVFAIL"),       # a zone of app's, not of hub's
    ("dc", DC, "www.public.example", "SERVFAIL"),
])
def test_names_that_do_not_resolve_say_so(hosts, host, server, name, status):
    printed = dig(hosts, host, server, name).stdout
    assert re.search(rf"status: {status}\b", printed), printed


def test_a_client_of_no_network_is_refused(hosts):
    """The data centre's addresses belong to dc-1, those of 172.16/12 to nobody."""
    ip("-n", hosts["app"], "addr", "add", "172.16.0.9/32", "dev", "up0")
    ip("-n", hosts["hub"], "route", "add", "172.16.0.9/32", "dev", "to-app")
    printed = dig(hosts, "app", VPC, "booking.cloud.quay.example", "A", "-b", "172.16.0.9").stdout
    assert "status: REFUSED" in printed


def test_the_other_inbound_address_serves_when_one_is_cut_off(hosts):
    """The data centre's resolver picks one at random and asks the other when it is silent."""
    ip("-n", hosts["dc"], "route", "add", "blackhole", "10.0.2.10/32")
    try:
        for i in range(8):
            name = f"branch-{i}.preview.cloud.quay.example"
            assert dig(hosts, "dc", DC, name, "A", "+short").stdout.split() == ["10.1.40.10"]
    finally:
        ip("-n", hosts["dc"], "route", "del", "blackhole", "10.0.2.10/32")
