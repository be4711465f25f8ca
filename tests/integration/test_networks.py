"""What networks and endpoints say of themselves, on the wire."""
import secrets

import pytest

import fake
from client import ask, data, extended_errors, rcode, records
from estates import estate, forward, listen, vpc, zone
from peers import listener, wait_until

CORP = zone("corp.example", "www.corp.example 60 A 10.1.0.5",
            "alias.corp.example 60 CNAME www.corp.example.",
            "six.corp.example 60 AAAA fd00::6", "six.corp.example 60 A 10.1.0.6",
            networks=["vpc-1", "vpc-2"])


@pytest.fixture(scope="module")
def daemon(shared_world):
    conf = estate(
        zones=[CORP],
        listeners=[listen("vpc-1"), listen("vpc-2"), listen("in-dns64"), listen("in-zones")],
        vpcs=[vpc("vpc-1", "10.1.0.0/16", dns64=True),
              vpc("vpc-2", "10.2.0.0/16", autodefined_reverse="DISABLED")],
        assume={"negative_ttl_cap": 60})
    conf["resolver_endpoints"] = [
        {"id": "in-dns64", "direction": "INBOUND", "vpc": "vpc-2", "dns64_enabled": True},
        {"id": "in-zones", "direction": "INBOUND_DELEGATION", "vpc": "vpc-2"}]
    daemon = shared_world.daemon(conf)
    daemon.by = [listener(conf, number) for number in range(4)]
    return daemon


@pytest.mark.parametrize("number, name, answers", [
    (0, "www", ["www.corp.example. AAAA 64:ff9b::a01:5"]),
    (0, "alias", ["alias.corp.example. CNAME www.corp.example.",
                  "www.corp.example. AAAA 64:ff9b::a01:5"]),
    (0, "six", ["six.corp.example. AAAA fd00::6"]),
    (1, "www", []),
    (2, "www", ["www.corp.example. AAAA 64:ff9b::a01:5"]),
    (3, "www", []),
])
def test_dns64_is_a_matter_of_the_vpc_or_the_endpoint(daemon, number, name, answers):
    reply = ask(daemon.by[number], f"{name}.corp.example", "AAAA")
    assert rcode(reply) == "NOERROR"
    assert records(reply) == answers


@pytest.mark.parametrize("number, status", [(0, "NXDOMAIN"), (1, "SERVFAIL"), (3, "REFUSED")])
def test_reverse_names_go_where_the_vpc_says(daemon, number, status):
    # 10.2.0.9 is in no block that vpc-1 sees; vpc-2 has no reverse names and no internet
    assert rcode(ask(daemon.by[number], "9.0.2.10.in-addr.arpa", "PTR")) == status


def test_a_delegation_endpoint_answers_for_zones_only(daemon):
    assert rcode(ask(daemon.by[3], "www.corp.example")) == "NOERROR"
    assert rcode(ask(daemon.by[3], "www.example.com")) == "REFUSED"


def test_the_negative_ttl_is_capped_when_assumed_so(daemon):
    reply = ask(daemon.by[1], "nothing.corp.example")
    assert rcode(reply) == "NXDOMAIN"
    assert [rrset.ttl for rrset in reply.authority] == [60]


def test_a_vpc_has_its_own_names_before_those_of_its_profiles(world):
    """route53-semantics 1.7: the same name, a longer name, several Profiles."""
    dc = world.add(fake.Fake(address="192.0.2.9"))
    vpcs = [vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16")]

    def named(id, name, address, *networks):
        return zone(name, f"www.{name} 60 A {address}", networks=networks, id=id)

    conf = estate(
        vpcs=vpcs, listeners=[listen("vpc-1"), listen("vpc-2")],
        zones=[named("own", "corp.example", "10.0.0.1", "vpc-1"),
               named("shared", "corp.example", "10.0.0.2"),
               named("deeper", "test.corp.example", "10.0.0.3"),
               named("first", "order.example", "10.0.0.4"),
               named("second", "order.example", "10.0.0.5")],
        rules=[forward("r-dc", "dc.corp.example", dc.at, networks=())])
    conf["profiles"] = [
        {"id": "rp-late", "hosted_zones": ["second"],
         "associations": [{"vpc": "vpc-2", "priority": 300}]},
        {"id": "rp-1", "hosted_zones": ["shared", "deeper", "first"],
         "resolver_rules": ["r-dc"],
         "associations": [{"vpc": "vpc-1", "priority": 200}, {"vpc": "vpc-2", "priority": 200}]}]
    daemon = world.daemon(conf)
    one, two = listener(conf, 0), listener(conf, 1)
    assert data(ask(one, "www.corp.example")) == ["10.0.0.1"]
    assert data(ask(two, "www.corp.example")) == ["10.0.0.2"]
    assert data(ask(one, "www.test.corp.example")) == ["10.0.0.3"]
    assert data(ask(two, "www.order.example")) == ["10.0.0.4"]
    assert data(ask(one, "www.dc.corp.example")) == ["192.0.2.9"]

    # the daemon follows when the VPC gives its own zone up
    conf["hosted_zones"][0]["vpcs"] = ["vpc-2"]
    daemon.reload(conf)
    wait_until("the Profile's zone is served",
               lambda: data(ask(one, "www.corp.example")) == ["10.0.0.2"])
    assert data(ask(two, "www.corp.example")) == ["10.0.0.1"]


def on_port_53(world, address):
    """Name servers are asked on port 53: one on a loopback address that nobody else has."""
    ip = "127." + ".".join(str(1 + secrets.randbelow(250)) for _ in range(3))
    try:
        return world.add(fake.Fake(address=address, ip=ip, port=53))
    except OSError as error:
        pytest.skip(f"port 53 is not to be had here: {error}")


def delegate(name, record):
    return {"id": name, "rule_type": "DELEGATE", "delegation_record": record,
            "resolver_endpoint": "rslvr-out", "vpcs": ["vpc-1"]}


def test_a_zone_delegates_to_servers_that_a_rule_leads_to(world):
    glued, outside = on_port_53(world, "192.0.2.1"), on_port_53(world, "192.0.2.2")
    names = world.add(fake.Fake(address=outside.at[0]))     # where ns.example.net is
    conf = estate(
        zones=[zone("example.com", "hr.example.com 60 NS ns.hr.example.com.",
                    f"ns.hr.example.com 60 A {glued.at[0]}",
                    "na.example.com 60 NS ns.na.example.net.",
                    "eu.example.com 60 NS ns.eu.example.org.")],
        rules=[forward("r-net", "example.net", names.at), delegate("d-net", "example.net"),
               delegate("d-hr", "hr.example.com")])
    daemon = world.daemon(conf)
    assert data(daemon.ask("www.hr.example.com")) == ["192.0.2.1"]
    assert data(daemon.ask("www.na.example.com")) == ["192.0.2.2"]
    assert (names.count("ns.na.example.net"), outside.count("www.na.example.com")) == (1, 1)
    reply = daemon.ask("www.eu.example.com")
    assert rcode(reply) == "SERVFAIL"
    assert "no DELEGATE rule leads there" in str(extended_errors(reply))


def test_a_referral_of_a_real_server_is_followed(world):
    """nsd has dc.example and refers those who ask for what it delegates."""
    below = on_port_53(world, "192.0.2.3")
    parent = world.nsd({"dc.example": (
        "@ 60 SOA ns nobody 1 7200 900 1209600 60\n@ 60 NS ns\nns 60 A 192.0.2.53\n"
        f"www 60 A 192.0.2.4\nsub 60 NS ns.sub\nns.sub 60 A {below.at[0]}\n"
        "far 60 NS ns.elsewhere.example.\n")})
    conf = estate(rules=[forward("r-dc", "dc.example", parent.at),
                         delegate("d-dc", "dc.example")])
    daemon = world.daemon(conf)
    assert data(daemon.ask("www.dc.example")) == ["192.0.2.4"]
    for _ in range(2):
        assert data(daemon.ask("host.sub.dc.example")) == ["192.0.2.3"]
    assert below.count("host.sub.dc.example") == 1
    reply = daemon.ask("host.far.dc.example")
    assert rcode(reply) == "SERVFAIL"
    assert "no DELEGATE rule leads there" in str(extended_errors(reply))
