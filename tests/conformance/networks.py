"""2: peering, transit gateways, association of zones, interface endpoints"""
from autodefined import internet, ptr
from resolution import VPC, zones
from row import accepted, asked, refused, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET, RULE = "192.0.2.1", "192.0.2.2"


@scene
def peered(up):
    """`a` and `b` are peers and have zones and rules; `c` is a peer of `b` only."""
    return estate(
        "a", "b", "c", "in-b", "apart", internet=up("internet", INTERNET),
        vpcs=[vpc("a", "10.1.0.0/16", owner_id="111122223333"),
              vpc("b", "10.2.0.0/16", owner_id="444455556666"), vpc("c", "10.3.0.0/16"),
              vpc("apart", "10.4.0.0/16", region="ap-southeast-2")],
        vpc_peering_connections=[
            {"id": "pcx-ab", "requester": {"vpc": "a"}, "accepter": {"vpc": "b"}},
            {"id": "pcx-bc", "requester": {"vpc": "b"}, "accepter": {"vpc": "c"}}],
        transit_gateways=[{"id": "tgw-1", "vpcs": ["a", "c"], "dns_support": False}],
        hosted_zones=[
            zone("both.test", "www.both.test 300 A 10.1.0.1", networks=["a", "b", "apart"]),
            zone("b.test", "www.b.test 300 A 10.2.0.1", networks=["b"]),
            zone("kms.eu-west-1.amazonaws.com", "kms.eu-west-1.amazonaws.com 300 A 10.2.0.5",
                 networks=["b"])],
        rules=[forward("r-b", "fwd.test", up("rule", RULE), networks=["b"])],
        endpoints=[{"id": "in-b", "direction": "INBOUND", "vpc": "b",
                    "ip_addresses": ["10.2.0.10", "10.2.1.10"]}])


def ip(address, region):
    return f"ip-{address.replace('.', '-')}.{region}"


def private(number, statement, whose, address, region, seen=True, estate_name="linked"):
    """The private name of an address, in a VPC that sees it or does not."""
    question = ip(address, region)
    if seen:
        return asked(number, statement, estate_name, whose, question, f"A {address}")
    return asked(number, statement, estate_name, whose, question, rcode="NXDOMAIN", soa=region)


EU, SYDNEY, CANADA = (f"{region}.compute.internal"
                      for region in ("eu-west-1", "ap-southeast-2", "ca-central-1"))


def peering(*lines):
    return VPC + "vpc_peering_connections:\n" + "".join(f"  - {{{line}\n" for line in lines)


ROWS = [
    private("2.1.1", "off: no private names outside RFC 1918", "here", "100.66.0.7", EU,
            seen=False),
    private("2.1.1", "on: they are there", "here", "100.65.0.7", EU),
    private("2.1.1", "each side has its own: theirs on, ours off", "friend", "100.64.0.7", EU,
            seen=False),
    asked("2.1.2a", "off: a public hostname is the public address", "linked", "here",
          "ec2-52-1-2-3.eu-west-1.compute.amazonaws.com", "A 52.1.2.3"),
    unseen("2.1.2b", "on: a public hostname is the instance's private address",
           "an estate declares no instances"),
    internet("2.1.3", "not the peer's zones", "peered", "a", "www.b.test", f"A {INTERNET}"),
    internet("2.1.3", "not the peer's rules", "peered", "a", "x.fwd.test", f"A {INTERNET}"),
    asked("2.1.3", "the peer has them", "peered", "b", "www.b.test", "A 10.2.0.1"),
    private("2.1.4", "a peer without DNS hostnames shows no names", "here", "10.71.0.7", EU,
            seen=False),
    private("2.1.4", "it works across Regions", "here", "100.68.0.7", SYDNEY),
    asked("2.1.4", "and between accounts", "peered", "a", ip("10.2.0.7", EU), "A 10.2.0.7"),
    internet("2.1.4", "not before the connection is active", "linked", "here",
             "9.0.73.100.in-addr.arpa PTR"),
    private("2.1.5", "same Region, RFC 1918: without the option", "here", "10.66.0.7", EU),
    ptr("2.1.5", "and its reverse name", "linked", "here", "10.66.0.7", ip("10.66.0.7", EU)),
    private("2.1.5", "another Region: with the option only", "here", "10.68.0.7", CANADA,
            seen=False),
    private("2.1.5", "us-east-1 with the option", "here", "100.67.0.7", "ec2.internal"),
    unseen("2.1.6", "a peer's resolver address", "an address that packets do not reach"),
    private("2.1.7", "a peer's peer shows no private names", "here", "10.72.0.7", EU,
            seen=False),
    internet("2.1.7", "nor reverse names", "linked", "here", "7.0.72.100.in-addr.arpa PTR"),
    private("2.1.7", "though the peer sees them", "friend", "10.72.0.7", EU),
    refused("2.1.8", "overlapping CIDRs do not peer", VPC.replace(
        "10.2.0.0/16]", "192.168.0.0/16, 10.1.128.0/17]") +
        "vpc_peering_connections:\n"
        "  - {id: pcx-1, requester: {vpc: vpc-1}, accepter: {vpc: vpc-2}}  # here\n",
        "10.1.128.0/17", "10.1.0.0/16"),
    unseen("2.1.9", "50 peerings a VPC", "a quota"),
    accepted("2.1.10", "every status is known", VPC + "vpc_peering_connections:\n" + "".join(
        f"  - {{id: pcx-{status}, requester: {{vpc: vpc-1}}, accepter: {{vpc: vpc-2}}, "
        f"status: {status}}}\n" for status in (
            "initiating-request", "pending-acceptance", "provisioning", "active", "deleting",
            "deleted", "rejected", "failed", "expired"))),
    refused("2.1.10", "no other is", peering(
        "id: pcx-1, requester: {vpc: vpc-1}, accepter: {vpc: vpc-2}, status: up}  # here"),
        "up"),
    ptr("2.1.11", "the reverse names", "peered", "a", "10.2.0.7", ip("10.2.0.7", EU)),
    private("2.1.11", "the hostnames", "a", "10.2.0.7", EU, estate_name="peered"),
    internet("2.1.11", "nothing else: names of its interface endpoints", "peered", "a",
             "x.kms.eu-west-1.amazonaws.com", f"A {INTERNET}"),
    private("2.2.1", "on: the hostnames of all attached VPCs", "here", "100.69.0.7", EU),
    private("2.2.1", "off: none", "here", "100.74.0.7", EU, seen=False),
    internet("2.2.2", "no zones over a transit gateway", "peered", "c", "www.both.test",
             f"A {INTERNET}"),
    asked("2.3.1", "a VPC of the zone's Region", "peered", "a", "www.both.test", "A 10.1.0.1"),
    asked("2.3.1", "a VPC of another Region", "peered", "apart", "www.both.test",
          "A 10.1.0.1"),
    asked("2.3.2", "a VPC of another account", "peered", "b", "www.both.test", "A 10.1.0.1"),
    unseen("2.3.2", "authorizations", "calls of the API"),
    refused("2.3.3", "a name that the VPC has already", zones(
        "id: Z1, name: a.test, vpcs: [vpc-2]  # here",
        "id: Z2, name: a.test, vpcs: [vpc-1, vpc-2]  # here"),
        "ConflictingDomainExists", "vpc-2"),
    refused("2.3.3", "a VPC that is none", zones(
        "id: Z1, name: a.test, vpcs: [vpc-9]  # here"), '"vpc-9"'),
    unseen("2.3.4", "public to private", "a change that the API refuses; all zones here are "
           "private"),
    asked("2.3.5", "a VPC connected to nobody has the zone", "peered", "apart",
          "www.both.test", "A 10.1.0.1"),
    unseen("2.3.6", "base plus two from outside", "an address that packets do not reach"),
    asked("2.4.1", "the VPC of the endpoint has the private address", "peered", "b",
          "kms.eu-west-1.amazonaws.com", "A 10.2.0.5"),
    internet("2.4.1", "a peer has the public one", "peered", "a",
             "kms.eu-west-1.amazonaws.com", f"A {INTERNET}"),
    unseen("2.4.2", "fields of DescribeVpcEndpoints", "what the API lists"),
    unseen("2.4.3", "a zone seen from inbound endpoints only",
           "an estate declares no interface endpoints, their zones are zones of the VPC"),
]
