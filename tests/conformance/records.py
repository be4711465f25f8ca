"""4.1 to 4.3: records, what a zone begins with, CNAMEs, wildcards and aliases"""
import json

from resolution import VPC, zones
from row import SOA, accepted, asked, refused, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET, RULE, AWS = "192.0.2.1", "192.0.2.2", "192.0.2.3"
LABEL = "l" * 63
LONGEST = ".".join([LABEL] * 3 + ["m" * 48]) + ".types.test"     # 253 characters, 255 octets
TEXT = '"' + "t" * 255 + '"'

TYPES = [
    ("A", "10.1.0.1"), ("AAAA", "fd00::1"), ("TXT", '"text" "more"'),
    ("MX", "10 mail.types.test."), ("NAPTR", '100 50 "s" "http" "" _http._tcp.types.test.'),
    ("PTR", "host.types.test."), ("SRV", "1 10 5269 xmpp.types.test."), ("SPF", '"v=spf1 -all"'),
    ("CAA", '0 issue "ca.example"'), ("DS", "12345 13 2 " + "ab" * 32),
    ("TLSA", "3 1 1 " + "cd" * 32), ("SSHFP", "4 2 " + "ef" * 32),
    ("SVCB", '1 svc.types.test. alpn="h2"'), ("HTTPS", '1 . alpn="h2,h3"'),
    ("CNAME", "elsewhere.types.test."), ("NS", "ns.types.test."),
]

NS = [f"NS {name}." for name in ("ns-1536.awsdns-00.co.uk", "ns-0.awsdns-00.com",
                                 "ns-1024.awsdns-00.org", "ns-512.awsdns-00.net")]


def alias(name, target, zone_id, rdtype="A", **more):
    return {"name": name, "type": rdtype, "alias_target": {
        "dns_name": target, "hosted_zone": zone_id, **more}}


@scene
def types(up):
    """A record of each type, the longest names and texts, a zone as the API prints it."""
    exported = up.world.dir / "api.json"
    exported.write_text(json.dumps({"ResourceRecordSets": [
        {"Name": name, "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": value}]}
        for name, value in ((r"\052.wild.api.test.", "10.1.0.10"),
                            (r"a\057b.api.test.", "10.1.0.11"),
                            ("UPPER.api.test", "10.1.0.12"))]}))
    return estate(
        "vpc-1", vpcs=[vpc("vpc-1", "10.1.0.0/16")],
        hosted_zones=[
            zone("types.test", *(f"{rdtype.lower()}.types.test 300 {rdtype} {value}"
                                 for rdtype, value in TYPES if rdtype != "NS"),
                 "Upper.TYPES.Test 300 A 10.1.0.2", f"{LONGEST} 300 A 10.1.0.3",
                 f"long.types.test 300 TXT {TEXT}",
                 f"most.types.test 300 TXT {' '.join([TEXT] * 15)}"),
            zone("api.test", record_sets_file=str(exported)),
            zone("ns.test", "ns.test 300 NS ns.types.test."),
            zone("own.test", "own.test 60 SOA ns.own.test. me.own.test. 7 2 3 4 30",
                 "own.test 60 NS ns.own.test."),
            zone("long.test", "long.test 3600 SOA ns.own.test. me.own.test. 7 2 3 4 30"),
            zone("fresh.test"), zone("used.test", *(f"h{i}.used.test 300 A 10.1.1.{i}"
                                                    for i in range(200)))])


@scene
def chains(up):
    """CNAMEs and aliases from zone to zone, to rules, to the internet, and back."""
    internet = up("internet", INTERNET, "back.public.test 300 CNAME www.corp.test.",
                  "away.public.test 300 CNAME x.fwd.test.")
    rule = up("rule", RULE, "back.fwd.test 300 CNAME www.corp.test.",
              "away.fwd.test 300 CNAME www2.public.test.", "other.fwd.test 300 CNAME o.aws.test.",
              "within.fwd.test 300 CNAME end.fwd.test.")
    aws = up("aws", AWS, f"elb.aws.test 300 A {AWS}", f"slow.aws.test 20 A {AWS}",
             "c.aws.test 300 CNAME elb.aws.test.", "v6.aws.test 300 AAAA fd00::3")
    corp = zone("corp.test", *(
        "www.corp.test 120 A 10.1.0.1", "www.corp.test 120 AAAA fd00::1",
        "c.corp.test 300 CNAME www.corp.test.", "cc.corp.test 300 CNAME c.corp.test.",
        "child.corp.test 300 CNAME www.child.corp.test.", "out.corp.test 300 CNAME o.public.test.",
        "rule.corp.test 300 CNAME r.fwd.test.", "round.corp.test 300 CNAME back.fwd.test.",
        "to-alias.corp.test 300 CNAME alias.corp.test.", "gone.corp.test 300 CNAME no.corp.test.",
        "nodata.corp.test 300 CNAME txt.corp.test.", "txt.corp.test 300 TXT \"t\"",
        "*.wild.corp.test 300 A 10.1.0.2", "*.wild.corp.test 300 TXT \"w\"",
        "here.wild.corp.test 300 TXT \"here\"", "a.ent.wild.corp.test 300 A 10.1.0.3",
        "x.*.lit.corp.test 300 A 10.1.0.4", "a*.part.corp.test 300 A 10.1.0.5",
        "*.cw.corp.test 300 CNAME www.corp.test.",
        "only.public.mix.corp.test 300 A 10.1.0.6"))
    z = corp["id"]
    corp["record_sets"] += [
        alias("corp.test", "www.corp.test", z), alias("alias.corp.test", "www.corp.test", z),
        alias("twice.corp.test", "alias.corp.test", z),
        alias("wrong.corp.test", "txt.corp.test", z),
        alias("elb.corp.test", "elb.aws.test", "Z32O12XQLNTSW2"),
        alias("slow.corp.test", "slow.aws.test", "Z32O12XQLNTSW2"),
        alias("cname.corp.test", "c.aws.test", "Z32O12XQLNTSW2"),
        alias("v6.corp.test", "v6.aws.test", "Z32O12XQLNTSW2"),
        alias("v6.corp.test", "v6.aws.test", "Z32O12XQLNTSW2", "AAAA"),
        alias("zoned.corp.test", "www.zoned.aws.test", "Z32O12XQLNTSW2")]
    return estate(
        "vpc-1", "vpc-2", internet=internet,
        vpcs=[vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.2.0.0/16")],
        hosted_zones=[
            corp, zone("child.corp.test", "www.child.corp.test 300 A 10.1.0.7"),
            zone("zoned.aws.test", "www.zoned.aws.test 300 A 10.1.0.8"),
            zone("other.test", "c.other.test 300 CNAME www.corp.test.", networks=["vpc-2"]),
            zone("wildonly.test", "*.wildonly.test 300 A 10.1.0.9")],
        rules=[forward("r-fwd", "fwd.test", rule), forward("r-aws", "aws.test", aws)])


def chain(number, statement, question, *answer, **more):
    return asked(number, statement, "chains", "vpc-1", question, *answer, **more)


def record(line):
    """A zone of one record set."""
    return zones(f"id: Z1, name: a.test, vpcs: [vpc-1], record_sets: [{{{line}}}]  # here")


def record_lines(*lines):
    return VPC + ("hosted_zones:\n  - id: Z1\n    name: a.test\n    vpcs: [vpc-1]\n"
                  "    record_sets:\n") + "".join(
        f"      - {{{line.replace('  # here', '')}}}{'  # here' * ('# here' in line)}\n"
        for line in lines)


A_RECORD = "type: A, ttl: 60, values: [10.0.0.1]"

ROWS = [
    # 4.1
    *(asked("4.1.1", f"{rdtype} is served", "types", "vpc-1",
            f"{rdtype.lower()}.types.test {rdtype}", f"{rdtype} {value}", ttl=300)
      for rdtype, value in TYPES if rdtype != "NS"),
    asked("4.1.1", "NS is served", "types", "vpc-1", "ns.test NS", "NS ns.types.test."),
    asked("4.1.2", "a name in capitals is stored in lower case", "types", "vpc-1",
          "upper.types.test", "A 10.1.0.2"),
    asked("4.1.2", "\\052 of the API is a wildcard", "types", "vpc-1", "x.wild.api.test",
          "A 10.1.0.10"),
    asked("4.1.2", "escapes of the API are octal", "types", "vpc-1", "a/b.api.test",
          "A 10.1.0.11"),
    asked("4.1.2", "capitals of the API are lower case", "types", "vpc-1", "upper.api.test",
          "A 10.1.0.12"),
    asked("4.1.3", "a label of 63 in a name of 255 octets", "types", "vpc-1", LONGEST,
          "A 10.1.0.3"),
    refused("4.1.3", "no label of 64", record(f"name: {'l' * 64}.a.test, {A_RECORD}"), "64"),
    refused("4.1.3", "no name of 256 octets", record(
        f"name: {'.'.join([LABEL] * 3 + ['m' * 55])}.a.test, {A_RECORD}")),
    refused("4.1.3", "no zone that is a wildcard", zones(
        'id: Z1, name: "*.a.test", vpcs: [vpc-1]  # here'), "wildcard"),
    asked("4.1.4", "a string of 255", "types", "vpc-1", "long.types.test TXT", f"TXT {TEXT}"),
    asked("4.1.4", "nearly 4,000 in all", "types", "vpc-1", "most.types.test TXT",
          f"TXT {' '.join([TEXT] * 15)}", tcp=True),
    refused("4.1.4", "no string of 256", record(
        f"name: a.test, type: TXT, ttl: 60, values: ['\"{'t' * 256}\"']"), "255"),
    unseen("4.1.5", "what the import of zone files knows",
           "a call of the service; zone files here are those of RFC 1035"),

    # 4.2
    asked("4.2", "the SOA", "types", "vpc-1", "fresh.test SOA", SOA, ttl=900),
    asked("4.2", "the name servers", "types", "vpc-1", "fresh.test NS", *NS, ttl=172800),
    asked("4.2", "only where there are no others: SOA", "types", "vpc-1", "own.test SOA",
          "SOA ns.own.test. me.own.test. 7 2 3 4 30", ttl=60),
    asked("4.2", "only where there are no others: NS", "types", "vpc-1", "own.test NS",
          "NS ns.own.test.", ttl=60),
    asked("4.2.1", "another zone has the same SOA", "types", "vpc-1", "used.test SOA", SOA,
          ttl=900),
    asked("4.2.1", "another zone has the same NS", "types", "vpc-1", "used.test NS", *NS,
          ttl=172800),
    unseen("4.2.2", "two record sets", "a number the API tells"),
    asked("4.2.3", "the serial of a zone with many records is 1", "types", "vpc-1",
          "h9.used.test SOA", soa="used.test"),
    asked("4.2.4", "900 s of the default SOA", "types", "vpc-1", "no.fresh.test",
          rcode="NXDOMAIN", soa="fresh.test"),
    asked("4.2.4", "the smaller of minimum and TTL", "types", "vpc-1", "no.long.test",
          rcode="NXDOMAIN", authority=("long.test SOA ns.own.test. me.own.test. 7 2 3 4 30",),
          authority_ttl=30),
    refused("4.2.6", "values need a TTL", record("name: a.test, type: A, values: [10.0.0.1]"),
            "ttl"),
    refused("4.2.6", "an alias has none", record(
        "name: a.test, type: A, ttl: 60, alias_target: {dns_name: b.a.test, hosted_zone: Z1}"),
        "alias"),

    # 4.3
    refused("4.3.1", "nothing beside a CNAME", record_lines(
        "name: c.a.test, type: CNAME, ttl: 60, values: [b.test]  # here",
        f"name: c.a.test, {A_RECORD}  # here"), "CNAME"),
    refused("4.3.1", "one CNAME only", record(
        "name: c.a.test, type: CNAME, ttl: 60, values: [b.test, c.test]"), "CNAME"),
    refused("4.3.1", "none at the apex", record(
        "name: a.test, type: CNAME, ttl: 60, values: [b.test]"), "CNAME"),
    chain("4.3.2", "within a zone", "cc.corp.test", "CNAME c.corp.test.",
          "c.corp.test CNAME www.corp.test.", "www.corp.test A 10.1.0.1"),
    chain("4.3.2", "asked for itself it is not followed", "cc.corp.test CNAME",
          "CNAME c.corp.test."),
    chain("4.3.2", "out to the internet", "out.corp.test", "CNAME o.public.test.",
          f"o.public.test A {INTERNET}", authority=None),
    chain("4.3.2", "to an alias", "to-alias.corp.test", "CNAME alias.corp.test.",
          "alias.corp.test A 10.1.0.1"),
    chain("4.3.2", "to a name that is not there", "gone.corp.test", "CNAME no.corp.test.",
          rcode="NXDOMAIN", soa="corp.test"),
    chain("4.3.2", "to a name without the type", "nodata.corp.test", "CNAME txt.corp.test.",
          soa="corp.test"),
    chain("4.3.3", "zone to zone", "child.corp.test CNAME",
          soa="child.corp.test"),
    chain("4.3.3", "zone to rule", "rule.corp.test", "CNAME r.fwd.test.",
          f"r.fwd.test A {RULE}", authority=None),
    chain("4.3.3", "zone to rule and back", "round.corp.test", "CNAME back.fwd.test.",
          "back.fwd.test CNAME www.corp.test.", "www.corp.test A 10.1.0.1"),
    chain("4.3.3", "rule to zone", "back.fwd.test", "CNAME www.corp.test.",
          "www.corp.test A 10.1.0.1", by="rule"),
    chain("4.3.3", "rule to rule", "other.fwd.test", "CNAME o.aws.test.",
          f"o.aws.test A {AWS}", by="rule", authority=None),
    chain("4.3.3", "rule to internet", "away.fwd.test", "CNAME www2.public.test.",
          f"www2.public.test A {INTERNET}", by="rule", authority=None),
    chain("4.3.3", "internet to zone", "back.public.test", "CNAME www.corp.test.",
          "www.corp.test A 10.1.0.1", by="internet"),
    chain("4.3.3", "internet to rule", "away.public.test", "CNAME x.fwd.test.",
          f"x.fwd.test A {RULE}", by="internet", authority=None),
    asked("4.3.3", "in the client's own VPC: a zone it has not", "chains", "vpc-2",
          "c.other.test", "CNAME www.corp.test.", f"www.corp.test A {INTERNET}",
          authority=None),
    chain("4.3.4", "a name that is not there", "x.wild.corp.test", "A 10.1.0.2"),
    chain("4.3.4", "at any depth", "x.y.z.wild.corp.test", "A 10.1.0.2"),
    chain("4.3.4", "of its types only", "x.wild.corp.test MX", soa="corp.test"),
    chain("4.3.4", "not a name that is there", "here.wild.corp.test", soa="corp.test"),
    chain("4.3.4", "not the name above it", "wild.corp.test", soa="corp.test"),
    chain("4.3.4", "itself, asked by name", "*.wild.corp.test", "A 10.1.0.2"),
    chain("4.3.4", "* inside a name is a label like others", "x.*.lit.corp.test", "A 10.1.0.4"),
    chain("4.3.4", "without records of its own it covers with no data (RFC 4592, 4.2.1)",
          "x.y.lit.corp.test", soa="corp.test"),
    chain("4.3.4", "* inside a label neither", "ab.part.corp.test", rcode="NXDOMAIN",
          soa="corp.test"),
    chain("4.3.4", "a wildcard CNAME is followed", "x.cw.corp.test", "CNAME www.corp.test.",
          "www.corp.test A 10.1.0.1"),
    chain("4.3.4", "an apex with a wildcard below only: NODATA", "wildonly.test",
          soa="wildonly.test"),
    refused("4.3.4", "no wildcard NS", record(
        'name: "*.a.test", type: NS, ttl: 60, values: [ns.b.test]'), "NS"),
    chain("4.3.5", "at the apex", "corp.test", "A 10.1.0.1"),
    chain("4.3.5", "no CNAME shows", "alias.corp.test", "A 10.1.0.1"),
    chain("4.3.5", "asked for CNAME it is no data", "alias.corp.test CNAME", soa="corp.test"),
    chain("4.3.5", "its own type only", "alias.corp.test AAAA", soa="corp.test"),
    chain("4.3.6", "the target's TTL", "alias.corp.test", "A 10.1.0.1", ttl=120),
    chain("4.3.6", "an alias of an alias", "twice.corp.test", "A 10.1.0.1", ttl=120),
    chain("4.3.6", "a target of another type: no data", "wrong.corp.test", soa="corp.test"),
    refused("4.3.6", "none of NS", record(
        "name: x.a.test, type: NS, alias_target: {dns_name: b.a.test, hosted_zone: Z1}"), "NS"),
    refused("4.3.6", "none of SOA", record(
        "name: a.test, type: SOA, alias_target: {dns_name: b.a.test, hosted_zone: Z1}"), "SOA"),
    refused("4.3.6", "none to a record of another zone", zones(
        "id: Z1, name: a.test, vpcs: [vpc-1], record_sets: [{name: a.test, type: A, "
        "alias_target: {dns_name: b.test, hosted_zone: Z2}}]  # here",
        "id: Z2, name: b.test, vpcs: [vpc-1]  # here"), '"Z2"'),
    chain("4.3.7", "at most 60 s", "elb.corp.test", f"A {AWS}", ttl=(0, 60)),
    chain("4.3.7", "the resource's own where it is less", "slow.corp.test", f"A {AWS}",
          ttl=(0, 20)),
    chain("4.3.8", "the address of a load balancer", "elb.corp.test", f"A {AWS}"),
    accepted("4.3.8", "a global accelerator", record(
        "name: a.test, type: A, alias_target: {dns_name: a.awsglobalaccelerator.com, "
        "hosted_zone: Z2BJ6XQ5FK7U4H}").replace("  # here", "")),
    refused("4.3.9", "CloudFront", record(
        "name: a.test, type: A, alias_target: {dns_name: d1.cloudfront.net, "
        "hosted_zone: Z2FDTNDATAQYW2}"), "CloudFront"),
    chain("4.3.10", "renamed, also behind a CNAME of theirs", "cname.corp.test", f"A {AWS}"),
    chain("4.3.10", "the type that was asked for", "v6.corp.test AAAA", "AAAA fd00::3"),
    chain("4.3.10", "no data there is no data here", "v6.corp.test", soa="corp.test"),
    chain("4.3.10", "looked up in the VPC, zones included", "zoned.corp.test", "A 10.1.0.8",
          ttl=60),
]
