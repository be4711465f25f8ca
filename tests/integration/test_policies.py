"""Routing policies and the order of records, as clients of several VPCs see them."""
import collections

import pytest

from client import ask, data, rcode, records
from estates import estate, listen, vpc, zone
from peers import listener

SOA = ["corp.example. SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. "
       "1 7200 900 1209600 86400"]


def member(name, value, identifier, **policy):
    return {"name": name, "type": "A", "ttl": 60, "set_identifier": identifier,
            "values": [value], **policy}


SETS = [
    {"name": "simple.corp.example", "type": "A", "ttl": 60,
     "values": ["10.0.0.1", "10.0.0.2", "10.0.0.3"]},
    member("weighted.corp.example", "10.0.0.11", "little", weight=1),
    member("weighted.corp.example", "10.0.0.12", "much", weight=3),
    member("weighted.corp.example", "10.0.0.13", "none", weight=0),
    member("ttl.corp.example", "10.0.0.14", "a", weight=1, ttl=60),
    member("ttl.corp.example", "10.0.0.15", "b", weight=1, ttl=300),
    member("ttl.corp.example", "10.0.0.16", "c", weight=0, ttl=30),
    member("latency.corp.example", "10.0.0.21", "a", region="us-west-2"),
    member("latency.corp.example", "10.0.0.22", "b", region="eu-central-1"),
    member("geo.corp.example", "10.0.0.31", "a", geo_location={"country_code": "IE"}),
    member("geo.corp.example", "10.0.0.32", "b", geo_location={"continent_code": "EU"}),
    member("default.corp.example", "10.0.0.33", "a", geo_location={"country_code": "*"}),
    member("near.corp.example", "10.0.0.41", "a",
           geoproximity_location={"aws_region": "us-east-1", "bias": 99}),
    member("near.corp.example", "10.0.0.42", "b",
           geoproximity_location={"aws_region": "eu-west-2"}),
    member("failover.corp.example", "10.0.0.51", "a", failover="SECONDARY"),
    member("failover.corp.example", "10.0.0.52", "b", failover="PRIMARY"),
    *(member("multi.corp.example", f"10.0.0.{60 + i}", f"m{i}", multi_value_answer=True)
      for i in range(10)),
]


@pytest.fixture(scope="module")
def daemons(shared_world):
    """Ask the daemon as a client of a VPC."""
    corp = zone("corp.example", networks=["vpc-eu", "vpc-us", "vpc-none"])
    corp["record_sets"] = SETS
    conf = estate(listeners=[listen("vpc-eu"), listen("vpc-us"), listen("vpc-none")],
                  vpcs=[vpc("vpc-eu", "10.1.0.0/16", region="eu-west-1"),
                        vpc("vpc-us", "10.2.0.0/16", region="us-east-1"),
                        vpc("vpc-none", "10.3.0.0/16", region="")],
                  zones=[corp])
    shared_world.daemon(conf)
    at = {place: listener(conf, i) for i, place in enumerate(["eu", "us", "none"])}
    return lambda name, place="eu": ask(at[place], f"{name}.corp.example")


def drawn(daemons, name, times):
    """How often each address came first."""
    return collections.Counter(str(daemons(name).answer[0][0]) for _ in range(times))


@pytest.mark.parametrize("name, place, wanted", [
    ("latency", "eu", "10.0.0.22"),
    ("latency", "us", "10.0.0.21"),
    ("geo", "eu", "10.0.0.31"),
    ("default", "us", "10.0.0.33"),
    ("default", "none", "10.0.0.33"),
    ("near", "eu", "10.0.0.41"),
    ("failover", "eu", "10.0.0.52"),
])
def test_the_place_of_the_vpc_and_the_role_decide(daemons, name, place, wanted):
    for _ in range(3):
        assert data(daemons(name, place)) == [wanted]


@pytest.mark.parametrize("place", ["us", "none"])
def test_no_area_and_no_default_is_no_data(daemons, place):
    reply = daemons("geo", place)
    assert rcode(reply) == "NOERROR" and not reply.answer
    assert records(reply, "authority") == SOA


def test_records_of_a_set_come_in_any_order(daemons):
    """Each of three first a third of the times: six standard deviations."""
    first = drawn(daemons, "simple", 300)
    assert sorted(data(daemons("simple"))) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert len(first) == 3 and all(abs(count - 100) < 49 for count in first.values())


def test_weights_are_shares(daemons):
    """A quarter, three quarters, never: 6.5 standard deviations."""
    came = drawn(daemons, "weighted", 400)
    assert set(came) == {"10.0.0.11", "10.0.0.12"}
    assert abs(came["10.0.0.11"] - 100) < 57


def test_a_weighted_group_has_one_ttl_the_last_one_written(daemons):
    replies = [daemons("ttl").answer[0] for _ in range(20)]
    assert {str(rrset[0]) for rrset in replies} == {"10.0.0.14", "10.0.0.15"}
    assert {rrset.ttl for rrset in replies} == {30}


def test_multivalue_gives_eight_of_ten(daemons):
    seen = set()
    for _ in range(60):
        values = data(daemons("multi"))
        assert len(values) == len(set(values)) == 8
        seen.update(values)
    assert len(seen) == 10
