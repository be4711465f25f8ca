"""1.4 and 1.5: the names a VPC has by itself, and the attributes that they hang on"""
from row import asked, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET, RULE = "192.0.2.1", "192.0.2.2"
PRIVATE = ["10", *(f"{n}.172" for n in range(16, 32)), "168.192", "254.169.254.169"]
V6_LOOPBACK = "1." + "0." * 31 + "ip6.arpa"
V6_NONE = "0." * 32 + "ip6.arpa"


@scene
def regions(up):
    """A VPC for each form of Region, with CIDRs outside private space."""
    return estate(
        "eu", "us-east", "us-west", "china", "split", "half", "wide", "second",
        internet=up("internet", INTERNET),
        vpcs=[vpc("eu", "100.64.0.0/16"),
              vpc("us-east", "100.65.0.0/16", region="us-east-1"),
              vpc("us-west", "100.66.0.0/16", region="us-west-2"),
              vpc("china", "100.67.0.0/16", region="cn-north-1"),
              vpc("split", "100.68.4.0/23"), vpc("half", "100.69.7.128/25"),
              vpc("wide", "100.72.0.0/15"),
              vpc("second", "100.74.0.0/24", "100.75.9.0/24", "fd00:64::/56")])


@scene
def linked(up):
    """`here` is connected in every way there is."""
    return estate(
        "here", "friend", internet=up("internet", INTERNET),
        vpcs=[vpc("here", "100.64.0.0/16", "10.64.0.0/16"),
              vpc("friend", "100.65.0.0/16", "10.65.0.0/16"),
              vpc("shy", "100.66.0.0/16", "10.66.0.0/16"),
              vpc("old", "100.67.0.0/16", region="us-east-1"),
              vpc("far", "100.68.0.0/16", region="ap-southeast-2"),
              vpc("far-shy", "10.68.0.0/16", region="ca-central-1"),
              vpc("attached", "100.69.0.0/16"),
              vpc("mute", "100.70.0.0/16", enable_dns_support=False),
              vpc("nameless", "10.71.0.0/16", enable_dns_hostnames=False),
              vpc("beyond", "10.72.0.0/16", "100.72.0.0/16"),
              vpc("pending", "100.73.0.0/16"),
              vpc("unsupported", "100.74.0.0/16"),
              vpc("stranger", "100.75.0.0/16")],
        vpc_peering_connections=[
            {"id": f"pcx-{other}", "requester": {"vpc": "here"}, "status": status,
             "accepter": {"vpc": other, "allow_dns_resolution_from_remote_vpc": allowed}}
            for other, allowed, status in (
                ("friend", True, "active"), ("shy", False, "active"), ("old", True, "active"),
                ("far", True, "active"), ("far-shy", False, "active"), ("mute", True, "active"),
                ("nameless", True, "active"), ("pending", True, "pending-acceptance"))
        ] + [{"id": "pcx-beyond", "requester": {"vpc": "friend"}, "accepter": {
            "vpc": "beyond", "allow_dns_resolution_from_remote_vpc": True}}],
        transit_gateways=[{"id": "tgw-1", "vpcs": ["here", "attached"]},
                          {"id": "tgw-2", "vpcs": ["here", "unsupported"],
                           "dns_support": False}])


@scene
def overridden(up):
    """Custom reverse rules, more and less specific; a VPC without reverse names."""
    rule = up("rule", RULE)
    return estate(
        "vpc-1", "vpc-2", internet=up("internet", INTERNET),
        vpcs=[vpc("vpc-1", "10.0.0.0/24", "10.9.0.0/24"),
              vpc("vpc-2", "10.2.0.0/16", autodefined_reverse="DISABLED")],
        rules=[forward("r-10", "10.in-addr.arpa", rule),
               forward("r-9", "0.9.10.in-addr.arpa", rule)])


@scene
def attributes(up):
    """VPCs with one attribute, the other, neither, and as they are by default."""
    return estate(
        "off", "hosts-only", "names", "default", internet=up("internet", INTERNET),
        vpcs=[{"id": "default", "region": "eu-west-1", "cidr_blocks": ["10.1.0.0/16"]},
              vpc("names", "10.2.0.0/16"),
              vpc("hosts-only", "10.3.0.0/16", enable_dns_support=False),
              vpc("off", "10.4.0.0/16", enable_dns_support=False, enable_dns_hostnames=False)],
        hosted_zones=[zone("corp.test", "www.corp.test 300 A 10.1.0.1",
                           networks=["default", "names", "hosts-only", "off"])])


def here(number, statement, estate_name, whose, suffix, below="none"):
    """The VPC has this suffix: what is below and not there does not leave it."""
    return asked(number, statement, estate_name, whose, f"{below}.{suffix}", rcode="NXDOMAIN",
                 soa=suffix)


def internet(number, statement, estate_name, whose, question, *answer):
    return asked(number, statement, estate_name, whose, question, *answer, by="internet",
                 authority=None)


def reverse(address, suffix_octets):
    """The question for an address, and the suffix of so many octets above it."""
    labels = address.split(".")[::-1]
    return (".".join(labels) + ".in-addr.arpa",
            ".".join(labels[4 - suffix_octets:]) + ".in-addr.arpa")


def cut(number, statement, estate_name, whose, address, suffix_octets, own=True):
    """The suffix that holds an address is told by the SOA of a negative answer."""
    name, suffix = reverse(address, suffix_octets)
    if own:
        return asked(number, statement, estate_name, whose, f"{name} TXT", soa=suffix)
    return asked(number, statement, estate_name, whose, f"{name} PTR", rcode="NXDOMAIN",
                 soa=suffix)


def ptr(number, statement, estate_name, whose, address, host):
    name = reverse(address, 4)[0]
    return asked(number, statement, estate_name, whose, f"{name} PTR", f"PTR {host}.")


ROWS = [
    # 1.4, forward names
    here("1.4", "us-east-1 has ec2.internal", "regions", "us-east", "ec2.internal"),
    here("1.4", "us-east-1 has compute-1.internal", "regions", "us-east", "compute-1.internal"),
    here("1.4", "us-east-1 has compute-1.amazonaws.com", "regions", "us-east",
         "compute-1.amazonaws.com"),
    internet("1.4", "us-east-1 has no us-east-1.compute.internal", "regions", "us-east",
             "ip-100-65-0-1.us-east-1.compute.internal", f"A {INTERNET}"),
    internet("1.4", "us-east-1 has no us-east-1.compute.amazonaws.com", "regions", "us-east",
             "x.us-east-1.compute.amazonaws.com", f"A {INTERNET}"),
    *(here("1.4", f"{region} has {suffix}", "regions", whose, suffix)
      for whose, region, suffix in (
          ("eu", "eu-west-1", "eu-west-1.compute.internal"),
          ("eu", "eu-west-1", "eu-west-1.compute.amazonaws.com"),
          ("us-west", "us-west-2", "us-west-2.compute.internal"),
          ("us-west", "us-west-2", "us-west-2.compute.amazonaws.com"),
          ("china", "cn-north-1", "cn-north-1.compute.internal"),
          ("china", "cn-north-1", "cn-north-1.compute.amazonaws.com.cn"))),
    internet("1.4", "China has no name below amazonaws.com", "regions", "china",
             "x.cn-north-1.compute.amazonaws.com", f"A {INTERNET}"),
    internet("1.4", "another Region has no ec2.internal", "regions", "eu", "x1.ec2.internal",
             f"A {INTERNET}"),
    internet("1.4", "another Region has no compute-1.internal", "regions", "eu",
             "x1.compute-1.internal", f"A {INTERNET}"),
    internet("1.4", "nor the names of yet another", "regions", "eu",
             "x1.us-west-2.compute.internal", f"A {INTERNET}"),
    asked("1.4", "a private name is its address", "regions", "eu",
          "ip-100-64-2-3.eu-west-1.compute.internal", "A 100.64.2.3"),
    asked("1.4", "a private name in us-east-1 is its address", "regions", "us-east",
          "ip-100-65-2-3.ec2.internal", "A 100.65.2.3"),
    asked("1.4", "a private name has an address only", "regions", "eu",
          "ip-100-64-2-3.eu-west-1.compute.internal AAAA", soa="eu-west-1.compute.internal"),
    asked("1.4", "an address outside the VPC has no private name", "regions", "eu",
          "ip-100-65-2-3.eu-west-1.compute.internal", rcode="NXDOMAIN",
          soa="eu-west-1.compute.internal"),
    asked("1.4", "the Region's name itself is there and has nothing", "regions", "eu",
          "eu-west-1.compute.internal", soa="eu-west-1.compute.internal"),
    # 1.4, reverse names
    *(asked("1.4", f"{suffix}.in-addr.arpa is there", "regions", "eu",
            f"{suffix}.in-addr.arpa TXT", soa=f"{suffix}.in-addr.arpa") for suffix in PRIVATE),
    *(internet("1.4", f"{suffix}.in-addr.arpa is not", "regions", "eu",
               f"1.{suffix}.in-addr.arpa PTR")
      for suffix in ("15.172", "32.172", "167.192", "169.192", "253.169.254.169", "9", "11")),
    ptr("1.4", "the reverse name of an own address", "regions", "eu", "100.64.2.3",
        "ip-100-64-2-3.eu-west-1.compute.internal"),
    ptr("1.4", "the reverse name of an own address in us-east-1", "regions", "us-east",
        "100.65.2.3", "ip-100-65-2-3.ec2.internal"),
    cut("1.4", "a private address that is nobody's has none", "regions", "eu", "10.200.2.3", 1,
        own=False),
    # 1.4, local names
    asked("1.4", "localhost", "regions", "eu", "localhost", "A 127.0.0.1"),
    asked("1.4", "localhost over IPv6", "regions", "eu", "localhost AAAA", "AAAA ::1"),
    asked("1.4", "localhost has nothing else", "regions", "eu", "localhost MX",
          soa="localhost"),
    here("1.4", "localdomain", "regions", "eu", "localdomain"),
    asked("1.4", "127.in-addr.arpa", "regions", "eu", "1.0.0.127.in-addr.arpa PTR",
          "PTR localhost."),
    asked("1.4", "the reverse name of ::1", "regions", "eu", f"{V6_LOOPBACK} PTR",
          "PTR localhost."),
    asked("1.4", "the reverse name of ::", "regions", "eu", f"{V6_NONE} PTR", soa=V6_NONE),
    # 1.4.1 to 1.4.8
    cut("1.4.1", "100.68.4.0/23: the first half", "regions", "split", "100.68.4.9", 3),
    cut("1.4.1", "100.68.4.0/23: the second half", "regions", "split", "100.68.5.9", 3),
    internet("1.4.1", "100.68.4.0/23: not the next", "regions", "split",
             "9.6.68.100.in-addr.arpa PTR"),
    internet("1.4.1", "100.68.4.0/23: not the one before", "regions", "split",
             "9.3.68.100.in-addr.arpa PTR"),
    cut("1.4.1", "100.72.0.0/15: the first half", "regions", "wide", "100.72.4.9", 2),
    cut("1.4.1", "100.72.0.0/15: the second half", "regions", "wide", "100.73.4.9", 2),
    internet("1.4.1", "100.72.0.0/15: not the next", "regions", "wide",
             "9.4.74.100.in-addr.arpa PTR"),
    cut("1.4.2", "a /16 is one name", "regions", "eu", "100.64.255.255", 2),
    internet("1.4.2", "and none above it", "regions", "eu", "100.in-addr.arpa TXT"),
    cut("1.4.2", "a /24 is one name", "regions", "second", "100.74.0.1", 3),
    internet("1.4.2", "and no /16", "regions", "second", "1.1.74.100.in-addr.arpa PTR"),
    cut("1.4.2", "a /25 is the /24 around it: its own half", "regions", "half",
        "100.69.7.200", 3),
    cut("1.4.2", "a /25 is the /24 around it: the other half", "regions", "half",
        "100.69.7.1", 3, own=False),
    cut("1.4.2", "a second CIDR has its own", "regions", "second", "100.75.9.1", 3),
    ptr("1.4.3", "a peer's reverse names", "linked", "here", "100.65.0.9",
        "ip-100-65-0-9.eu-west-1.compute.internal"),
    ptr("1.4.3", "those of a VPC behind a transit gateway", "linked", "here", "100.69.0.9",
        "ip-100-69-0-9.eu-west-1.compute.internal"),
    ptr("1.4.3", "those of all the peer's CIDRs", "linked", "here", "10.65.0.9",
        "ip-10-65-0-9.eu-west-1.compute.internal"),
    ptr("1.4.3", "the peer sees ours", "linked", "friend", "10.64.0.9",
        "ip-10-64-0-9.eu-west-1.compute.internal"),
    internet("1.4.3", "not those of a peer without DNS support", "linked", "here",
             "9.0.70.100.in-addr.arpa PTR"),
    internet("1.4.3", "not those of a VPC that is not connected", "linked", "here",
             "9.0.75.100.in-addr.arpa PTR"),
    internet("1.4.3", "not those over a gateway without DNS support", "linked", "here",
             "9.0.74.100.in-addr.arpa PTR"),
    here("1.4.4", "a peer's Region has its private names", "linked", "here",
         "ap-southeast-2.compute.internal"),
    here("1.4.4", "a peer's Region has its public names", "linked", "here",
         "ap-southeast-2.compute.amazonaws.com"),
    here("1.4.4", "a peer in us-east-1: ec2.internal", "linked", "here", "ec2.internal"),
    here("1.4.4", "a peer in us-east-1: compute-1.amazonaws.com", "linked", "here",
         "compute-1.amazonaws.com"),
    internet("1.4.4", "a peer in us-east-1: no compute-1.internal", "linked", "here",
             "x.compute-1.internal", f"A {INTERNET}"),
    internet("1.4.4", "a Region nobody is connected in", "linked", "here",
             "x.sa-east-1.compute.internal", f"A {INTERNET}"),
    internet("1.4.5", "an IPv6 CIDR adds no reverse names", "regions", "second",
             "1." + "0." * 23 + "4.6.0.0.0.0.d.f.ip6.arpa PTR"),
    cut("1.4.6", "a shorter custom rule loses to an own CIDR", "overridden", "vpc-1",
        "10.0.0.7", 3),
    asked("1.4.6", "and has what is beside", "overridden", "vpc-1", "7.0.1.10.in-addr.arpa PTR",
          by="rule", authority=None),
    asked("1.4.6", "one as specific wins", "overridden", "vpc-1", "7.0.9.10.in-addr.arpa PTR",
          by="rule", authority=None),
    internet("1.4.7", "DISABLED: not the reverse names of private space", "overridden", "vpc-2",
             "1.0.16.172.in-addr.arpa PTR"),
    internet("1.4.7", "DISABLED: not those of own CIDRs", "overridden", "vpc-2",
             "1.0.2.10.in-addr.arpa PTR"),
    asked("1.4.7", "DISABLED: the forward names stay", "overridden", "vpc-2",
          "ip-10-2-0-1.eu-west-1.compute.internal", "A 10.2.0.1"),
    asked("1.4.7", "DISABLED: the local names stay", "overridden", "vpc-2",
          "1.0.0.127.in-addr.arpa PTR", "PTR localhost."),
    *(internet("1.4.8", f"{name} is the internet's", "regions", "eu", f"x.{name} TXT")
      for name in ("test", "invalid", "d.f.ip6.arpa", "8.e.f.ip6.arpa", "2.0.192.in-addr.arpa",
                   "113.0.203.in-addr.arpa", "127.100.in-addr.arpa", "0.in-addr.arpa",
                   "255.255.255.255.in-addr.arpa", "home.arpa")),

    # 1.5
    asked("1.5.1", "DNS support is on by default", "attributes", "default", "www.example",
          f"A {INTERNET}", by="internet", authority=None),
    internet("1.5.1", "DNS hostnames are off by default: no zones", "attributes", "default",
             "www.corp.test", f"A {INTERNET}"),
    *(asked("1.5.2", f"without DNS support nothing is answered, but refused: {what}",
            "attributes", whose, name, rcode="REFUSED", ede=18)
      for what, whose, name in (
          ("a zone's name", "off", "www.corp.test"), ("the internet's", "off", "w.example"),
          ("a local name", "off", "localhost"),
          ("with DNS hostnames on", "hosts-only", "www.corp.test"))),
    asked("1.5.3", "both on: the zone", "attributes", "names", "www.corp.test", "A 10.1.0.1"),
    asked("1.5.3", "both on: EC2 names", "attributes", "names",
          "ip-10-2-0-1.eu-west-1.compute.internal", "A 10.2.0.1"),
    internet("1.5.3", "hostnames off: no EC2 names", "attributes", "default",
             "ip-10-1-0-1.eu-west-1.compute.internal", f"A {INTERNET}"),
    unseen("1.5.4", "one attribute for a call", "how the API is called"),
    internet("1.5.5", "hostnames off: no zone, the public answer instead", "attributes",
             "default", "none.corp.test", f"A {INTERNET}"),
    internet("1.5.5", "hostnames off: no reverse names", "attributes", "default",
             "1.0.1.10.in-addr.arpa PTR"),
    internet("1.5.5", "hostnames off: no local names", "attributes", "default", "localhost",
             f"A {INTERNET}"),
]
