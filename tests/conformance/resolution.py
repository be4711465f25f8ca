"""1.1 to 1.3: which names go where in a VPC"""
from row import accepted, asked, refused, unseen
from scenery import estate, forward, scene, system, vpc, zone

INTERNET, RULE, OTHER = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@scene
def match(up):
    """Zones and rules above, below and beside each other."""
    rule, other = up("rule", RULE), up("other", OTHER)
    return estate(
        "vpc-1", "vpc-2", "vpc-3", internet=up("internet", INTERNET),
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16"),
              vpc("vpc-3", "10.3.0.0/16")],
        vpc_peering_connections=[{"id": "pcx-1", "requester": {"vpc": "vpc-1"},
                                  "accepter": {"vpc": "vpc-2"}}],
        transit_gateways=[{"id": "tgw-1", "vpcs": ["vpc-1", "vpc-3"]}],
        hosted_zones=[
            zone("corp.test", "www.corp.test 300 A 10.1.0.1", "a.b.corp.test 300 A 10.1.0.2",
                 "www.child.corp.test 300 A 10.1.0.3", "child.corp.test 300 TXT \"parent\"",
                 "only.child.corp.test 300 A 10.1.0.4"),
            zone("child.corp.test", "www.child.corp.test 300 A 10.1.0.5"),
            zone("corp.test", "www.corp.test 300 A 10.3.0.1", networks=["vpc-3"], id="Z-3"),
            zone("bare.test"),
            zone("host.public.test", "host.public.test 300 A 10.1.0.6"),
            zone("staging", "www.staging 300 A 10.1.0.7"),
            zone("tie.test", "www.tie.test 300 A 10.1.0.8"),
            zone("sub.fwd.test", "www.sub.fwd.test 300 A 10.1.0.9"),
            zone("zoned.test", "www.zoned.test 300 A 10.1.0.10",
                 "www.fwd.zoned.test 300 A 10.1.0.11"),
            zone("deep.sys.fwd.test", "www.deep.sys.fwd.test 300 A 10.1.0.12"),
            zone("kms.eu-west-1.amazonaws.com", "kms.eu-west-1.amazonaws.com 300 A 10.1.0.13"),
            zone("eu-west-1.compute.internal", "ip-10-1-0-9.eu-west-1.compute.internal "
                 "300 A 10.1.0.14"),
        ],
        rules=[
            forward("r-fwd", "fwd.test", rule), forward("r-fwd-deeper", "a.b.fwd.test", other),
            forward("r-tie", "tie.test", rule), forward("r-zoned", "fwd.zoned.test", rule),
            forward("r-auto", "compute-1.amazonaws.com", rule),
            forward("r-reverse", "16.172.in-addr.arpa", rule),
            forward("r-case", "WWW.Mixed1.TEST.", rule),
            forward("r-aws", "amazonaws.test", rule),
            forward("r-localhost", "localdomain", rule),
            system("r-sys", "sys.fwd.test"), system("r-sys-aws", "s3.amazonaws.test"),
        ])


@scene
def forwarded_root(up):
    """All is forwarded, but for what cannot be and what is excepted."""
    root = up("root", RULE)
    return estate(
        "vpc-1", "vpc-off", "vpc-no-reverse", internet=up("internet", INTERNET),
        vpcs=[vpc("vpc-1", "10.1.0.0/16"),
              vpc("vpc-off", "10.2.0.0/16", enable_dns_hostnames=False),
              vpc("vpc-no-reverse", "10.3.0.0/16", autodefined_reverse="DISABLED")],
        hosted_zones=[zone("corp.test", "www.corp.test 300 A 10.1.0.1",
                           networks=["vpc-1", "vpc-off"])],
        rules=[forward("r-root", ".", root, networks=["vpc-1", "vpc-off", "vpc-no-reverse"]),
               forward("r-ec2", "eu-west-1.compute.internal", root,
                       networks=["vpc-no-reverse"]),
               system("r-aws", "amazonaws.com")])


VPC = """\
vpcs:
  - {id: vpc-1, region: eu-west-1, cidr_blocks: [10.1.0.0/16], enable_dns_hostnames: true}
  - {id: vpc-2, region: us-east-1, cidr_blocks: [10.2.0.0/16], enable_dns_hostnames: true}
resolver_endpoints:
  - {id: out, direction: OUTBOUND, vpc: vpc-1, ip_addresses: [10.1.0.20, 10.1.1.20]}
"""


def rules(*lines):
    return VPC + "resolver_rules:\n" + "".join(f"  - {{{line.replace('  #', '}  #')}\n"
                                               if "  #" in line else f"  - {{{line}}}\n"
                                               for line in lines)


def zones(*lines):
    return rules(*lines).replace("resolver_rules:", "hosted_zones:")


TO = "target_ips: [{ip: 192.0.2.1}], resolver_endpoint: out"

ROWS = [
    # 1.1
    asked("1.1.1", "a rule of the VPC is a candidate", "match", "vpc-1", "x1.fwd.test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.1", "a zone of the VPC is a candidate", "match", "vpc-1", "www.corp.test",
          "A 10.1.0.1"),
    asked("1.1.1", "an autodefined name is a candidate", "match", "vpc-1", "localhost",
          "A 127.0.0.1"),
    asked("1.1.1", "the root is a candidate", "match", "vpc-1", "x1.example",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.1", "a rule of another VPC is none", "match", "vpc-2", "x2.fwd.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.1", "a zone of another VPC is none", "match", "vpc-2", "www.corp.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.2", "a rule matches its own name", "match", "vpc-1", "fwd.test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.2", "a rule matches at any depth", "match", "vpc-1", "a.b.c.d.e.f.fwd.test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.2", "a rule does not match within a label", "match", "vpc-1", "xfwd.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.2", "a zone does not match within a label", "match", "vpc-1", "www.xcorp.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.2", "a zone does not match above itself", "match", "vpc-1", "test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.2", "letter case does not matter", "match", "vpc-1", "X3.FWD.Test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.3", "the longer of two rules wins", "match", "vpc-1", "x.a.b.fwd.test",
          f"A {OTHER}", by="other", authority=None),
    asked("1.1.3", "between them the shorter rule is left", "match", "vpc-1", "x.b.fwd.test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.3", "the longer of two zones wins", "match", "vpc-1", "www.child.corp.test",
          "A 10.1.0.5"),
    asked("1.1.3", "a zone longer than a rule wins", "match", "vpc-1", "www.sub.fwd.test",
          "A 10.1.0.9"),
    asked("1.1.3", "an autodefined name longer than a rule wins", "forwarded_root", "vpc-1",
          "ip-10-1-2-3.eu-west-1.compute.internal", "A 10.1.2.3"),
    asked("1.1.4", "a rule before a zone of its name", "match", "vpc-1", "www.tie.test",
          f"A {RULE}", by="rule", authority=None),
    asked("1.1.4", "a rule before an autodefined name", "match", "vpc-1",
          "1.0.16.172.in-addr.arpa PTR", by="rule", authority=None),
    asked("1.1.4", "a zone before an autodefined name: its records", "match", "vpc-1",
          "ip-10-1-0-9.eu-west-1.compute.internal", "A 10.1.0.14"),
    asked("1.1.4", "a zone before an autodefined name: nothing else", "match", "vpc-1",
          "ip-10-1-0-8.eu-west-1.compute.internal", rcode="NXDOMAIN",
          soa="eu-west-1.compute.internal"),
    asked("1.1.5", "zone sub.fwd.test beats FORWARD fwd.test", "match", "vpc-1",
          "none.sub.fwd.test", rcode="NXDOMAIN", soa="sub.fwd.test"),
    asked("1.1.5", "FORWARD fwd.zoned.test beats zone zoned.test", "match", "vpc-1",
          "www.fwd.zoned.test", f"A {RULE}", by="rule", authority=None),
    asked("1.1.5", "FORWARD tie.test beats zone tie.test at the apex", "match", "vpc-1",
          "tie.test", f"A {RULE}", by="rule", authority=None),
    asked("1.1.5", "a zone beats FORWARD of the root", "forwarded_root", "vpc-1",
          "www.corp.test", "A 10.1.0.1"),
    asked("1.1.6", "what a zone has not is asked of nobody", "match", "vpc-1",
          "none.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    asked("1.1.6", "nor is what an EC2 name has not", "match", "vpc-2",
          "none.eu-west-1.compute.internal", rcode="NXDOMAIN",
          soa="eu-west-1.compute.internal"),
    asked("1.1.7", "a name nobody claims is the internet resolver's", "match", "vpc-1",
          "www.nobody.example", f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.7", "so is the root itself", "match", "vpc-1", ". NS", by="internet",
          authority=None),
    unseen("1.1.8", "ids and listings of autodefined rules", "what the API lists"),
    asked("1.1.9", "a peer's zone is not inherited", "match", "vpc-2", "a.b.corp.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.9", "a peer's rule is not inherited", "match", "vpc-2", "x4.fwd.test",
          f"A {INTERNET}", by="internet", authority=None),
    asked("1.1.9", "nor over a transit gateway: the zone of its own name", "match", "vpc-3",
          "www.corp.test", "A 10.3.0.1"),
    asked("1.1.9", "nor over a transit gateway: rules", "match", "vpc-3", "x5.fwd.test",
          f"A {INTERNET}", by="internet", authority=None),

    # 1.2
    asked("1.2.1", "a miss in the child is not found in the parent", "match", "vpc-1",
          "only.child.corp.test", rcode="NXDOMAIN", soa="child.corp.test"),
    asked("1.2.1", "a miss in a zone is not forwarded by the rule above", "match", "vpc-1",
          "miss.sub.fwd.test", rcode="NXDOMAIN", soa="sub.fwd.test"),
    asked("1.2.1", "a miss in a zone is not asked of the internet", "match", "vpc-1",
          "miss.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    asked("1.2.2", "A at an apex of SOA and NS only: NODATA with SOA", "match", "vpc-1",
          "bare.test", soa="bare.test"),
    asked("1.2.3", "another type exists: NODATA", "match", "vpc-1", "www.corp.test AAAA",
          soa="corp.test"),
    asked("1.2.3", "an empty non-terminal: NODATA", "match", "vpc-1", "b.corp.test",
          soa="corp.test"),
    asked("1.2.3", "no such name: NXDOMAIN", "match", "vpc-1", "c.corp.test", rcode="NXDOMAIN",
          soa="corp.test"),
    asked("1.2.3", "below a name with records: NXDOMAIN", "match", "vpc-1",
          "x.www.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    asked("1.2.4", "no name of the public zone is seen", "match", "vpc-1",
          "public.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    asked("1.2.4", "no type of the public zone is seen", "match", "vpc-1",
          "www.corp.test TXT", soa="corp.test"),
    asked("1.2.5", "the child answers below itself", "match", "vpc-1",
          "www.child.corp.test", "A 10.1.0.5"),
    asked("1.2.5", "the parent's record at the child's apex is shadowed", "match", "vpc-1",
          "child.corp.test TXT", soa="child.corp.test"),
    asked("1.2.5", "beside the child the parent answers", "match", "vpc-1",
          "a.b.corp.test", "A 10.1.0.2"),
    asked("1.2.6", "the host answers", "match", "vpc-1", "host.public.test", "A 10.1.0.6"),
    asked("1.2.6", "below the host there is nothing", "match", "vpc-1", "x.host.public.test",
          rcode="NXDOMAIN", soa="host.public.test"),
    asked("1.2.6", "beside the host the public zone is seen", "match", "vpc-1",
          "www.public.test", f"A {INTERNET}", by="internet", authority=None),
    refused("1.2.7", "two zones of one name are not for one VPC", zones(
        "id: Z1, name: corp.test, vpcs: [vpc-1]  # here",
        "id: Z2, name: corp.test, vpcs: [vpc-1]  # here"),
        "ConflictingDomainExists", '"Z1"', '"Z2"'),
    refused("1.2.7", "nor in another letter case, for one VPC of several", zones(
        "id: Z1, name: Corp.Test, vpcs: [vpc-2, vpc-1]  # here",
        "id: Z2, name: corp.test., vpcs: [vpc-1]  # here"), "ConflictingDomainExists", "vpc-1"),
    asked("1.2.8", "the other VPC's zone of that name answers there", "match", "vpc-3",
          "www.corp.test", "A 10.3.0.1"),
    asked("1.2.8", "and has its own names only", "match", "vpc-3", "a.b.corp.test",
          rcode="NXDOMAIN", soa="corp.test"),
    accepted("1.2.8", "any number of them", zones(
        "id: Z1, name: corp.test, vpcs: [vpc-1]", "id: Z2, name: corp.test, vpcs: [vpc-2]")),
    refused("1.2.9", "the zone of an interface endpoint takes part in the clash", zones(
        "id: Z1, name: kms.eu-west-1.amazonaws.com, vpcs: [vpc-1]  # here",
        "id: vpce-kms, name: kms.eu-west-1.amazonaws.com, vpcs: [vpc-1]  # here"),
        "ConflictingDomainExists"),
    asked("1.2.9", "and shadows like any other", "match", "vpc-1",
          "x.kms.eu-west-1.amazonaws.com", rcode="NXDOMAIN",
          soa="kms.eu-west-1.amazonaws.com"),
    unseen("1.2.10", "the words of EC2 for that clash", "a message of the API"),
    accepted("1.2.11", "parent and child in one VPC are taken", zones(
        "id: Z1, name: corp.test, vpcs: [vpc-1]",
        "id: Z2, name: child.corp.test, vpcs: [vpc-1]")),
    asked("1.2.12", "a zone of one label answers", "match", "vpc-1", "www.staging",
          "A 10.1.0.7"),
    asked("1.2.12", "and shadows its whole domain", "match", "vpc-1", "x.staging",
          rcode="NXDOMAIN", soa="staging"),

    # 1.3
    accepted("1.3.1", "FORWARD, SYSTEM and DELEGATE are taken", rules(
        f"id: a, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-1], {TO}",
        "id: b, rule_type: SYSTEM, domain_name: b.a.test, vpcs: [vpc-1]",
        "id: c, rule_type: DELEGATE, delegation_record: ns.test, vpcs: [vpc-1], "
        "resolver_endpoint: out")),
    refused("1.3.1", "another word is not", rules(
        "id: a, rule_type: FORWARDED, domain_name: a.test, vpcs: [vpc-1]  # here"), "FORWARDED"),
    asked("1.3.2", "FORWARD asks its target", "match", "vpc-1", "x6.fwd.test", f"A {RULE}",
          by="rule", authority=None),
    asked("1.3.2", "SYSTEM resolves by itself", "match", "vpc-1", "x6.sys.fwd.test",
          f"A {INTERNET}", by="internet", authority=None),
    refused("1.3.2", "RECURSIVE cannot be made", rules(
        "id: a, rule_type: RECURSIVE, domain_name: a.test, vpcs: [vpc-1]  # here"),
        "RECURSIVE"),
    refused("1.3.2", "FORWARD leaves a VPC by an endpoint", rules(
        "id: a, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-1], "
        "target_ips: [{ip: 192.0.2.1}]  # here"), '"a"', "vpc-1"),
    asked("1.3.3", "SYSTEM below FORWARD: the zone that covers it", "match", "vpc-1",
          "www.deep.sys.fwd.test", "A 10.1.0.12"),
    asked("1.3.3", "SYSTEM below FORWARD: else the internet", "match", "vpc-1",
          "www.sys.fwd.test", f"A {INTERNET}", by="internet", authority=None),
    asked("1.3.5", "a rule in place of a Region's names", "match", "vpc-1",
          "ec2-52-0-0-1.compute-1.amazonaws.com", f"A {RULE}", by="rule", authority=None),
    asked("1.3.5", "a rule in place of a reverse name", "match", "vpc-1",
          "9.0.16.172.in-addr.arpa PTR", by="rule", authority=None),
    asked("1.3.5", "a rule in place of a local name", "match", "vpc-1", "localdomain",
          f"A {RULE}", by="rule", authority=None),
    asked("1.3.6", "a forwarded root leaves zones", "forwarded_root", "vpc-1",
          "none.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    asked("1.3.6", "a forwarded root leaves EC2 names", "forwarded_root", "vpc-1",
          "none.eu-west-1.compute.internal", rcode="NXDOMAIN",
          soa="eu-west-1.compute.internal"),
    asked("1.3.6", "a forwarded root leaves reverse names", "forwarded_root", "vpc-1",
          "9.0.9.10.in-addr.arpa PTR", rcode="NXDOMAIN", soa="10.in-addr.arpa"),
    asked("1.3.6", "a forwarded root takes all else", "forwarded_root", "vpc-1",
          "www.example", f"A {RULE}", by="root", authority=None),
    asked("1.3.6", "without DNS hostnames it takes zones too", "forwarded_root", "vpc-off",
          "www.corp.test", f"A {RULE}", by="root", authority=None),
    asked("1.3.6", "without DNS hostnames it takes EC2 names too", "forwarded_root", "vpc-off",
          "ip-10-2-0-1.eu-west-1.compute.internal", f"A {RULE}", by="root", authority=None),
    asked("1.3.6", "a rule for each name takes that one", "forwarded_root", "vpc-no-reverse",
          "ip-10-3-0-1.eu-west-1.compute.internal", f"A {RULE}", by="root", authority=None),
    asked("1.3.6", "without AutodefinedReverse it takes reverse names", "forwarded_root",
          "vpc-no-reverse", "9.0.3.10.in-addr.arpa PTR", by="root", authority=None),
    asked("1.3.7", "SYSTEM amazonaws.com below a forwarded root", "forwarded_root", "vpc-1",
          "s3.eu-west-1.amazonaws.com", f"A {INTERNET}", by="internet", authority=None),
    asked("1.3.7", "SYSTEM below another forwarded name", "match", "vpc-1",
          "x.s3.amazonaws.test", f"A {INTERNET}", by="internet", authority=None),
    refused("1.3.8", "two FORWARD rules of one name are not for one VPC", rules(
        f"id: one, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-1], {TO}  # here",
        f"id: two, rule_type: FORWARD, domain_name: A.test., vpcs: [vpc-1], {TO}  # here"),
        "RSLVR-00802", '"one"', '"two"'),
    accepted("1.3.8", "for several VPCs they are", rules(
        f"id: one, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-1], {TO}",
        f"id: two, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-2], {TO}")),
    asked("1.3.9", "a domain with a final dot and capitals matches", "match", "vpc-1",
          "www.mixed1.test", f"A {RULE}", by="rule", authority=None),
    asked("1.3.9", "the root is one dot", "forwarded_root", "vpc-1", "x7.example",
          f"A {RULE}", by="root", authority=None),
    unseen("1.3.10", "one rule for each Region", "an estate names VPCs, whatever their Region"),
]
