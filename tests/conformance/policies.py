"""4.4: routing policies, all that needs no health check"""
from records import alias
from resolution import VPC
from row import accepted, asked, drawn, refused, unseen
from scenery import estate, member, scene, vpc, zone

REGIONS = {"ireland": "eu-west-1", "virginia": "us-east-1", "sydney": "ap-southeast-2",
           "oregon": "us-west-2", "tokyo": "ap-northeast-1", "paulo": "sa-east-1"}


def areas(name, *places):
    return [member(f"{name}.p.test", f"10.0.1.{i}", f"{i}", geo_location=place)
            for i, place in enumerate(places)]


def near(name, *places):
    return [member(f"{name}.p.test", f"10.0.2.{i}", f"{i}", geoproximity_location=place)
            for i, place in enumerate(places)]


def weights(name, *values):
    return [member(f"{name}.p.test", f"10.0.3.{i}", f"{i}", weight=weight)
            for i, weight in enumerate(values)]


@scene
def places(up):
    """Clients of VPCs in several Regions ask for one zone."""
    policy_zone = zone("p.test", "simple.p.test 60 A 10.0.0.1", "simple.p.test 60 A 10.0.0.2",
                       "simple.p.test 60 A 10.0.0.3", networks=list(REGIONS))
    policy_zone["record_sets"] += [
        *(member("few.p.test", f"10.0.0.{i}", f"{i}", multi_value_answer=True)
          for i in range(1, 9)),
        *(member("many.p.test", f"10.0.0.{i}", f"{i}", multi_value_answer=True)
          for i in range(1, 21)),
        *weights("shares", 1, 3, 0), *weights("zeros", 0, 0), *weights("one", 0, 255),
        *weights("apart", 7),
        member("ttl.p.test", "10.0.3.0", "a", ttl=60, weight=1),
        member("ttl.p.test", "10.0.3.1", "b", ttl=90, weight=0),
        member("roles.p.test", "10.0.4.1", "a", failover="SECONDARY"),
        member("roles.p.test", "10.0.4.2", "b", failover="PRIMARY"),
        *(member("latency.p.test", f"10.0.5.{i}", region, region=region) for i, region in
          enumerate(("us-west-2", "eu-central-1", "ap-southeast-1"))),
        *areas("area", {"country_code": "*"}, {"continent_code": "EU"},
               {"country_code": "IE"}, {"country_code": "US"},
               {"country_code": "US", "subdivision_code": "VA"}),
        *areas("nodefault", {"continent_code": "EU"}),
        *near("near", {"aws_region": "eu-central-1"}, {"aws_region": "us-east-2"}),
        # 8,100 km to Virginia, 5,500 to Ireland: from Oregon the bias decides
        *near("bias", {"aws_region": "eu-west-1", "bias": 90}, {"aws_region": "us-east-1"}),
        *near("shrunk", {"aws_region": "us-west-1", "bias": -99}, {"aws_region": "us-east-1"}),
        *near("spot", {"coordinates": {"latitude": 53.3, "longitude": -6.3}},
              {"coordinates": {"latitude": -33.9, "longitude": 151.2}}),
        member("c.p.test", "simple.p.test", "a", rdtype="CNAME", weight=1),
        alias("to-roles.p.test", "roles.p.test", policy_zone["id"]),
    ]
    return estate(
        *REGIONS, "in-oregon",
        vpcs=[vpc(name, f"10.{i}.0.0/16", region=region)
              for i, (name, region) in enumerate(REGIONS.items(), 1)],
        hosted_zones=[policy_zone],
        endpoints=[{"id": "in-oregon", "direction": "INBOUND", "vpc": "oregon",
                    "ip_addresses": ["10.4.0.10", "10.4.1.10"]}])


def place(number, statement, whose, name, address=None):
    if address is None:
        return asked(number, statement, "places", whose, f"{name}.p.test", soa="p.test")
    return asked(number, statement, "places", whose, f"{name}.p.test", f"A {address}", ttl=60)


def draw(number, statement, name, *addresses, **more):
    return drawn(number, statement, "places", "ireland", f"{name}.p.test",
                 *(f"A {address}" for address in addresses), **more)


def sets(*lines):
    return VPC + ("hosted_zones:\n  - id: Z1\n    name: a.test\n    vpcs: [vpc-1]\n"
                  "    record_sets:\n") + "".join(
        "      - {name: x.a.test, " + line.replace("  # here", "") + "}" +
        ("  # here" if "# here" in line else "") + "\n" for line in lines)


A = "type: A, ttl: 60, values: [10.0.0.1]"
POLICIES = ["weight: 1", "failover: PRIMARY", "multi_value_answer: true", "region: eu-west-1",
            "geo_location: {country_code: IE}", "geoproximity_location: {aws_region: eu-west-1}"]

ROWS = [
    accepted("4.4.1", "simple", sets(A)),
    *(accepted("4.4.1", f"{policy.split(':')[0]}", sets(f"{A}, set_identifier: a, {policy}"))
      for policy in POLICIES),
    refused("4.4.1", "not by IP address", sets(
        f"{A}, set_identifier: a, cidr_routing_config: {{collection_id: c}}  # here"),
        "cidr_routing_config"),
    *(refused("4.4.2", f"{one.split(':')[0]} beside {other.split(':')[0]} at one name", sets(
        f"{A}, set_identifier: a, {one}  # here", f"{A}, set_identifier: b, {other}  # here"),
        "routing policy") for one, other in zip(POLICIES, POLICIES[1:])),
    refused("4.4.2", "a policy beside simple", sets(
        f"{A}  # here", f"{A}, set_identifier: b, weight: 1  # here")),
    refused("4.4.2", "two policies in one record", sets(
        f"{A}, set_identifier: a, weight: 1, region: eu-west-1  # here"), "one routing policy"),
    *(refused("4.4.2", f"{rdtype} under a policy: {policy.split(':')[0]}", sets(
        f"type: {rdtype}, ttl: 60, values: ['{value}'], set_identifier: a, {policy}  # here"),
        rdtype)
      for policy in POLICIES
      for rdtype, value in (("NS", "ns.b.test"), ("DS", "1 13 2 " + "ab" * 32))),
    refused("4.4.2", "multivalue of CNAME", sets(
        "type: CNAME, ttl: 60, values: [b.test], set_identifier: a, multi_value_answer: true"
        "  # here"), "multi_value_answer"),
    refused("4.4.2", "multivalue of an alias", sets(
        "type: A, alias_target: {dns_name: y.a.test, hosted_zone: Z1}, set_identifier: a, "
        "multi_value_answer: true  # here"), "multi_value_answer"),
    asked("4.4.2", "weighted of CNAME is taken", "places", "ireland", "c.p.test CNAME",
          "CNAME simple.p.test."),
    # 300 draws of a third each: six standard deviations are 49
    draw("4.4.3", "all values, each of them first as often", "simple",
         "10.0.0.1", "10.0.0.2", "10.0.0.3", times=300, count=3, within=49,
         shares={"10.0.0.1": 100, "10.0.0.2": 100, "10.0.0.3": 100}),
    draw("4.4.4a", "all of eight", "few", *(f"10.0.0.{i}" for i in range(1, 9)), times=3,
         count=8),
    draw("4.4.4a", "eight of twenty, all of them in time", "many",
         *(f"10.0.0.{i}" for i in range(1, 21)), times=100, count=8),
    # 400 draws of a quarter: six and a half standard deviations are 57
    draw("4.4.5a", "shares, and zero never", "shares", "10.0.3.0", "10.0.3.1", times=400,
         count=1, shares={"10.0.3.0": 100, "10.0.3.1": 300}, within=57),
    draw("4.4.5a", "all zero: each as often", "zeros", "10.0.3.0", "10.0.3.1", times=200,
         count=1, shares={"10.0.3.0": 100, "10.0.3.1": 100}, within=45),
    draw("4.4.5a", "one that is not zero: always", "one", "10.0.3.1", times=50, count=1),
    place("4.4.5a", "one alone: always", "ireland", "apart", "10.0.3.0"),
    asked("4.4.5c", "the TTL of the last record, for another one", "places", "ireland",
          "ttl.p.test", "A 10.0.3.0", ttl=90),
    refused("4.4.5a", "no weight of 256", sets(f"{A}, set_identifier: a, weight: 256  # here"),
            "256"),
    draw("4.4.6a", "the primary, always", "roles", "10.0.4.2", times=20, count=1),
    place("4.4.6a", "also behind an alias", "ireland", "to-roles", "10.0.4.2"),
    draw("4.4.7a", "records without a check count: multivalue", "few",
         *(f"10.0.0.{i}" for i in range(1, 9)), times=1, count=8),
    place("4.4.7a", "records without a check count: failover", "oregon", "roles", "10.0.4.2"),
    place("4.4.8", "latency by the Region of the VPC", "tokyo", "latency", "10.0.5.2"),
    place("4.4.8", "latency by the Region of the endpoint", "in-oregon", "latency", "10.0.5.0"),
    place("4.4.8", "geolocation by the Region of the endpoint", "in-oregon", "area", "10.0.1.3"),
    asked("4.4.8", "a client subnet changes nothing", "places", "ireland", "area.p.test",
          "A 10.0.1.2", options={"options": [(8, "0001180008080800")]}),
    place("4.4.9", "the nearest of three: Ireland", "ireland", "latency", "10.0.5.1"),
    place("4.4.9", "the nearest of three: Oregon itself", "oregon", "latency", "10.0.5.0"),
    place("4.4.9", "the nearest of three: Sydney", "sydney", "latency", "10.0.5.2"),
    refused("4.4.9", "one record a Region", sets(
        f"{A}, set_identifier: a, region: eu-west-1  # here",
        f"{A}, set_identifier: b, region: eu-west-1  # here"), "eu-west-1"),
    place("4.4.10", "the country before the continent", "ireland", "area", "10.0.1.2"),
    place("4.4.10", "the subdivision before the country", "virginia", "area", "10.0.1.4"),
    place("4.4.10", "another state of it: the country", "oregon", "area", "10.0.1.3"),
    place("4.4.10", "none of them: the default", "tokyo", "area", "10.0.1.0"),
    place("4.4.10", "no default: no data", "tokyo", "nodefault"),
    place("4.4.10", "no default: its own area", "ireland", "nodefault", "10.0.1.0"),
    place("4.4.11", "the nearer of two: Europe", "ireland", "near", "10.0.2.0"),
    place("4.4.11", "the nearer of two: America", "paulo", "near", "10.0.2.1"),
    place("4.4.11", "a bias of 90 makes a tenth of the distance", "oregon", "bias", "10.0.2.0"),
    place("4.4.11", "a bias of -99 doubles it", "oregon", "shrunk", "10.0.2.0"),
    place("4.4.11", "coordinates: north", "ireland", "spot", "10.0.2.0"),
    place("4.4.11", "coordinates: south", "sydney", "spot", "10.0.2.1"),
    refused("4.4.11", "no bias of 100", sets(
        f"{A}, set_identifier: a, geoproximity_location: {{aws_region: eu-west-1, bias: 100}}"
        "  # here"), "100"),
    unseen("4.4.13", "checkers outside the VPC", "checks here are run by the daemon itself"),
    unseen("4.4.14", "18 % of the checkers", "one daemon is the only checker"),
]
