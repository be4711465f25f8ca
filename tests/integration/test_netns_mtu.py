"""Questions that cross a narrow path: never in fragments, and no reply that came so is used.

    daemon 10.9.1.2 ---- router ---- 10.9.2.53 nsd        the second link has the small MTU
"""
import re

import pytest

from estates import estate, forward
from peers import LIMIT, Daemon, Nsd
from test_netns import Hosts, InHost, ip

pytestmark = pytest.mark.netns

SIZES = [100, 400, 500, 900, 1100, 1180, 1500, 4000]      # of the answers, about
ZONE = """\
$ORIGIN dc.example.
$TTL 600
@ IN SOA ns hostmaster 1 7200 900 1209600 120
@ IN NS ns
ns IN A 10.9.2.53
""" + "".join("*.size%d IN TXT %s\n" % (
    size, " ".join(f'"{i:03}{"x" * 96}"' for i in range(size // 100))) for size in SIZES)


class NsdIn(InHost, Nsd):
    pass


class DaemonIn(InHost, Daemon):
    """Asked from its own host."""


@pytest.fixture
def path(world, request):
    """The three hosts, the narrow link between router and nsd, as narrow as asked for."""
    mtu = request.param
    hosts = world.add(Hosts())
    for host in ("hub", "near", "far"):
        hosts.make(host)
    hosts.link("near", ["10.9.1.2/24"], "10.9.1.1/24")
    hosts.link("far", ["10.9.2.53/24"], "10.9.2.1/24")
    if hosts.run("hub", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward",
                 check=False).returncode:
        pytest.skip("the kernel's settings cannot be changed here")
    ip("-n", hosts["hub"], "link", "set", "to-far", "mtu", str(mtu))
    ip("-n", hosts["far"], "link", "set", "up0", "mtu", str(mtu))
    nsd = world.add(NsdIn(world.dir, {"dc.example": ZONE}, address="10.9.2.53", port=53,
                          server=["ipv4-edns-size: 4096"]))
    nsd.place(hosts, "far").start()
    conf = estate(rules=[forward("rr-1", "dc.example", ("10.9.2.53", 53))],
                  listeners=[{"address": "127.0.0.1", "port": 53, "as": "vpc-1"}])
    daemon = world.add(DaemonIn(world.dir, conf, at=("127.0.0.1", 53)))
    daemon.place(hosts, "near").start()
    return hosts, nsd, mtu


def statistics(hosts, host):
    """{counter: value} of the host's IP layer."""
    text = hosts.run(host, "cat", "/proc/net/snmp").stdout
    heads, values = re.findall(r"^Ip: (.*)$", text, re.M)
    return dict(zip(heads.split(), map(int, values.split())))


@pytest.mark.parametrize("path", [1280, 576], indirect=True)
def test_no_fragment_is_sent_and_none_is_used(path):
    hosts, nsd, mtu = path
    tcp = ["nsd-control", "-c", nsd.dir / "nsd.conf", "stats_noreset"]
    for size in SIZES:
        for i in range(5):
            printed = hosts.run("near", "dig", "+tcp", "+short", "+tries=1", f"+time={LIMIT}",
                                "@127.0.0.1", f"n{i}.size{size}.dc.example", "TXT").stdout
            assert printed.count("x" * 96) == size // 100, (size, printed)
    counters = statistics(hosts, "near")
    assert counters["FragCreates"] == 0
    over_tcp = int(re.search(r"^num\.tcp=(\d+)$",
                             hosts.run("far", *map(str, tcp)).stdout, re.M).group(1))
    # whatever came in pieces was asked for again, over a stream
    wide = [size for size in SIZES if size < min(mtu, 1232) - 100]
    assert over_tcp >= 5 * (len(SIZES) - len(wide) - 1)
    if mtu == 576:
        assert counters["ReasmOKs"] > 0     # else this test tests nothing
