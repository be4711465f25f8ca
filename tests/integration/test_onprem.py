"""Name servers outside AWS: what causewayd makes of their configurations, beside themselves.

The samples in tests/estates/ are taken by the real programs' own checkers.  Each program then
serves its sample, and causewayd a configuration that imports it: the same questions about what
they hold get the same answers.  What they forward leads nowhere here, and is not asked.

CoreDNS is not among Debian's packages; its reader has only the tables of tests/unit.
"""
import getpass
import re
import shutil
import subprocess

import dns.rcode
import pytest

import programs
from client import ask, replies
from peers import CAUSEWAY, SOURCE, Process, World, free_port

ESTATES = SOURCE / "tests" / "estates"
TYPES = ["A", "AAAA", "TXT", "MX", "SRV", "CNAME", "PTR", "NS"]


def program(name):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def copy(name, directory, change=lambda text: text):
    """The sample, in which paths of the server lead to the copy."""
    made = directory / name
    shutil.copytree(ESTATES / name, made)
    for path in made.rglob("*"):
        if path.is_file():
            path.write_text(change(path.read_text()).replace("/etc/bind", str(path.parent)))
    return made


# --- what the programs say of the samples

ACCEPTED = {
    "bind": (["named-checkconf", "-z", "{}/named.conf"], "bind/dc-1"),
    "bind-hybrid": (["named-checkconf", "{}/named.conf"], "hybrid-onprem"),
    "unbound": (["unbound-checkconf", "{}/unbound.conf"], "unbound"),
    "unbound-hybrid": (["unbound-checkconf", "{}/unbound.conf"], "hybrid-onprem"),
    "dnsmasq": (["dnsmasq", "--test", "-C", "{}/dnsmasq.conf"], "dnsmasq"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_samples_are_configurations(name, tmp_path):
    command, sample = ACCEPTED[name]
    made = copy(sample, tmp_path, lambda text: re.sub(
        r'directory "[^"]*"', f'directory "{tmp_path}"', text))
    done = subprocess.run([program(command[0]), *(word.format(made) for word in command[1:])],
                          capture_output=True, text=True, cwd=made)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ["bind/dc-1/named.conf", "unbound/unbound.conf",
                                  "dnsmasq/dnsmasq.conf", "coredns/Corefile"])
def test_a_sample_alone_is_linted(path):
    done = programs.run(CAUSEWAY, "lint", ESTATES / path)
    assert done.code == 0, done.out + done.err


# --- the programs beside us

class Server(Process):
    """One of the programs with its configuration in a file."""

    def __init__(self, directory, name, command, port):
        super().__init__(directory, name)
        self.ends_with = {0}
        self.at = "127.0.0.1", port
        self.arguments = command

    def command(self):
        return self.arguments

    def answers(self):
        return replies(self.at)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "world")
    made.dir.mkdir()
    yield made
    made.close()


def causewayd(world, key, path, sites):
    """It imports the file; each site has an address of 127.0.0.0/8 to be asked at."""
    listen = [{"address": "127.0.0.1", "port": free_port(), "as": site} for site in sites]
    daemon = world.daemon({"server": {"listen": listen},
                           "import": [{key: str(path), "site": "dc"}]})
    del daemon
    return {site: ("127.0.0.1", item["port"]) for site, item in zip(sites, listen)}


def said(server, name, rdtype, source=None):
    reply = ask(server, name, rdtype, source=source)
    return dns.rcode.to_text(reply.rcode()), sorted(
        f"{rrset.name} {rrset.ttl} {rrset.rdtype} {rdata}".lower()
        for rrset in reply.answer for rdata in rrset)


def compare(ours, theirs, names, source=None, apexes=(), loose=()):
    """apexes: of zones made of single records; a hosted zone has NS records, and its apex exists
    even where nothing else does.  loose: names that are there for one type only."""
    differing = []
    for name in names:
        for rdtype in TYPES:
            one, other = said(ours, name, rdtype), said(theirs, name, rdtype, source)
            if name in apexes and rdtype == "NS":
                continue
            if name in {*apexes, *loose} and not one[1] and not other[1]:
                continue
            if one != other:
                differing.append(f"{name} {rdtype}: {one}, and there {other}")
    assert not differing, "\n".join(differing)


CORP = ["corp.example.", "www.corp.example.", "WWW.Corp.Example.", "mail.corp.example.",
        "x.apps.corp.example.", "y.x.apps.corp.example.", "apps.corp.example.",
        "a.b.c.corp.example.", "b.c.corp.example.", "z.b.c.corp.example.", "nx.corp.example.",
        "_ldap._tcp.corp.example.", "_tcp.corp.example.", "0.168.192.in-addr.arpa.",
        "53.0.168.192.in-addr.arpa.", "54.0.168.192.in-addr.arpa."]
SHARED = ["shared.corp.example.", "print.shared.corp.example.", "nx.shared.corp.example."]
GUEST = ["www.corp.example.", "nx.www.corp.example.", "ns.www.corp.example."]


def test_bind_answers_the_same_in_each_view(world, tmp_path):
    port = free_port()

    def change(text):
        text = text.replace("192.168.0.0/17; 192.168.128/18;", "127.0.1/24;")
        text = text.replace("192.168.192.0/18;", "127.0.2.0/24;")
        text = re.sub(r"listen-on \{[^}]*\};", f"listen-on port {port} {{ 127.0.0.1; }}; "
                      "listen-on-v6 { none; }; pid-file none; session-keyfile none; "
                      "minimal-responses yes;", text)
        text = re.sub(r'directory "[^"]*"', f'directory "{tmp_path}"', text)
        return text + ("\ncontrols { };\n" if "options" in text else "")

    path = copy("bind/dc-1", tmp_path, change) / "named.conf"
    named = world.add(Server(world.dir, "named", [program("named"), "-g", "-n", "1", "-c", path],
                             port))
    named.start()
    ours = causewayd(world, "bind", path, ["dc/internal", "dc/guest"])
    compare(ours["dc/internal"], named.at, CORP + SHARED, "127.0.1.9")
    compare(ours["dc/guest"], named.at, GUEST + SHARED, "127.0.2.9")


UNBOUND = ["office.example.", "ns.office.example.", "printer.office.example.",
           "Printer.Office.Example.", "door.lobby.office.example.", "lobby.office.example.",
           "x.lobby.office.example.", "nx.office.example.", "x.printer.office.example.",
           "mail.office.example.", "portal.example.", "a.portal.example.", "b.a.portal.example.",
           "ads.example.", "x.ads.example.", "tracker.example.", "x.tracker.example.",
           "intranet.example.net.", "16.168.192.in-addr.arpa.", "9.16.168.192.in-addr.arpa.",
           "7.16.168.192.in-addr.arpa."]
UNBOUND_APEXES = ["portal.example.", "ads.example.", "tracker.example.", "intranet.example.net.",
                  "16.168.192.in-addr.arpa."]


def test_unbound_answers_the_same(world, tmp_path):
    port = free_port()

    def change(text):
        text = text.replace("interface: 192.168.16.53", f"interface: 127.0.0.1@{port}\n"
                            '    chroot: ""\n    username: ""\n    pidfile: ""\n'
                            "    do-daemonize: no\n    use-syslog: no\n"
                            f'    directory: "{tmp_path}/unbound"\n    access-control: '
                            "127.0.0.0/8 allow\n")
        return text.replace("192.168.31.0/24 guests", "127.0.2.0/24 guests")

    path = copy("unbound", tmp_path, change) / "unbound.conf"
    unbound = world.add(Server(world.dir, "unbound-1", [program("unbound"), "-d", "-c", path], port))
    unbound.start()
    ours = causewayd(world, "unbound", path, ["dc", "dc/guests"])
    compare(ours["dc"], unbound.at, UNBOUND, apexes=UNBOUND_APEXES)
    compare(ours["dc/guests"], unbound.at,
            ["login.wifi.example.", "wifi.example.", "nx.wifi.example."], "127.0.2.9",
            apexes=["wifi.example."])


DNSMASQ = ["shop.example.", "till.shop.example.", "camera.shop.example.", "cam.shop.example.",
           "_ipp._tcp.shop.example.", "_tcp.shop.example.", "scale.shop.example.",
           "scales.shop.example.", "nx.shop.example.", "x.till.shop.example.",
           "10.40.168.192.in-addr.arpa.", "20.40.168.192.in-addr.arpa.",
           "99.40.168.192.in-addr.arpa.", "blocked.example.", "x.blocked.example."]
DNSMASQ_APEXES = ["shop.example.", "blocked.example."]
# It has their PTR, and for other types says that there is no such name.
DNSMASQ_LOOSE = ["10.40.168.192.in-addr.arpa.", "20.40.168.192.in-addr.arpa."]
# The company's servers are asked for these, or would be: the address is the only answer.
ADDRESS_ONLY = ["ads.example.", "x.ads.example.", "y.x.ads.example."]


def test_dnsmasq_answers_the_same(world, tmp_path):
    port = free_port()
    path = copy("dnsmasq", tmp_path, lambda text: text.replace(
        "listen-address=192.168.40.1", f"listen-address=127.0.0.1\nbind-interfaces\nport={port}")
        ) / "dnsmasq.conf"
    hosts = path.parent / "hosts"
    path.write_text(path.read_text().replace("addn-hosts=hosts", f"addn-hosts={hosts}"))
    dnsmasq = world.add(Server(world.dir, "dnsmasq", [
        program("dnsmasq"), "-k", "-C", path, "--log-facility=-", "--pid-file=",
        f"--user={getpass.getuser()}"], port))
    dnsmasq.start()
    ours = causewayd(world, "dnsmasq", path, ["dc"])["dc"]
    compare(ours, dnsmasq.at, DNSMASQ, apexes=DNSMASQ_APEXES, loose=DNSMASQ_LOOSE)
    for name in ADDRESS_ONLY:
        assert said(ours, name, "A") == said(dnsmasq.at, name, "A")
