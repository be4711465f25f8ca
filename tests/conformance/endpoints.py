"""3.1: inbound endpoints"""
from resolution import VPC
from row import accepted, asked, refused, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET, RULE = "192.0.2.1", "192.0.2.2"


@scene
def inbound(up):
    """Endpoints of two VPCs, over both families, and a site that asks them."""
    addresses = {"ip_addresses": ["10.1.0.10", "10.1.1.10"]}
    return estate(
        "in-1", "in-2", ("in-6", "::1"), "in-64", "in-zones", "vpc-1",
        internet=up("internet", INTERNET),
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16", region="us-east-1")],
        hosted_zones=[
            zone("corp.test", "www.corp.test 300 A 10.1.0.1",
                 "six.corp.test 300 AAAA fd00::6", "six.corp.test 300 A 10.1.0.6",
                 "out.corp.test 300 CNAME www.out.test.",
                 "sub.corp.test 300 NS ns.sub.corp.test."),
            zone("child.corp.test", "www.child.corp.test 300 A 10.1.0.2"),
            zone("corp.test", "www.corp.test 300 A 10.2.0.1", networks=["vpc-2"], id="Z-2")],
        rules=[forward("r-1", "fwd.test", up("rule", RULE))],
        endpoints=[
            {"id": "in-1", "direction": "INBOUND", "vpc": "vpc-1", **addresses},
            {"id": "in-6", "direction": "INBOUND", "vpc": "vpc-1", **addresses},
            {"id": "in-2", "direction": "INBOUND", "vpc": "vpc-2",
             "ip_addresses": ["10.2.0.10", "10.2.1.10"]},
            {"id": "in-64", "direction": "INBOUND", "vpc": "vpc-1", "dns64_enabled": True},
            {"id": "in-zones", "direction": "INBOUND_DELEGATION", "vpc": "vpc-1"}])


def endpoint(protocols, direction="INBOUND"):
    return VPC + (f"  - {{id: in, direction: {direction}, vpc: vpc-1, ip_addresses: "
                  f"[10.1.0.10, 10.1.1.10], protocols: {protocols}}}  # here\n")


ROWS = [
    asked("3.1.1", "the VPC's zones", "inbound", "in-1", "www.corp.test", "A 10.1.0.1"),
    asked("3.1.1", "those of its own VPC only", "inbound", "in-2", "www.corp.test",
          "A 10.2.0.1"),
    asked("3.1.1", "the VPC's rules", "inbound", "in-1", "x.fwd.test", f"A {RULE}", by="rule",
          authority=None),
    asked("3.1.1", "not another VPC's", "inbound", "in-2", "y.fwd.test", f"A {INTERNET}",
          by="internet", authority=None),
    asked("3.1.1", "the VPC's autodefined names", "inbound", "in-1",
          "ip-10-1-0-9.eu-west-1.compute.internal", "A 10.1.0.9"),
    asked("3.1.1", "recursion", "inbound", "in-1", "www.example", f"A {INTERNET}",
          by="internet", authority=None),
    asked("3.1.1", "wherever the client is", "inbound", "in-1", "www.corp.test TXT",
          source="127.9.9.9", soa="corp.test"),
    unseen("3.1.2", "two addresses at least, six at most", "a quota"),
    asked("3.1.3", "an endpoint over IPv6", "inbound", "in-6", "www.corp.test",
          "A 10.1.0.1"),
    accepted("3.1.4", "Do53", endpoint("[Do53]").replace("  # here", "")),
    refused("3.1.4", "a protocol that is none", endpoint("[Do54]"), "Do54"),
    unseen("3.1.5", "from Do53 to DoH", "a change that the API refuses"),
    asked("3.1.6", "an AAAA is made below 64:ff9b::/96", "inbound", "in-64",
          "www.corp.test AAAA", "AAAA 64:ff9b::a01:1"),
    asked("3.1.6", "not at other endpoints of the VPC", "inbound", "in-1",
          "www.corp.test AAAA", soa="corp.test"),
    asked("3.1.7", "a delegation endpoint answers from the VPC's zones", "inbound",
          "in-zones", "www.corp.test", "A 10.1.0.1"),
    asked("3.1.7", "and says what they have not", "inbound", "in-zones", "none.corp.test",
          rcode="NXDOMAIN", soa="corp.test"),
    asked("3.1.7", "the longest of them", "inbound", "in-zones", "www.child.corp.test",
          "A 10.1.0.2"),
    unseen("3.1.8", "10,000 queries a second", "a capacity of the service's machines"),
    unseen("3.1.9", "throttling", "an operational measure of the service"),
    unseen("3.1.10", "source address of DoH queries", "a fault of the service's logs"),
]
