"""9, and 1.3.4, 4.2.5: what is not confirmed.  Each point of server.assume as it is by
default and as it can be set."""
from autodefined import cut, internet
from delegation import delegate
from resolution import rules
from row import asked, refused, unseen
from scenery import estate, forward, scene, system, vpc, zone

INTERNET, RULE, OTHER = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def build(up, assume):
    """One estate for all points, and the fragments they need."""
    rule = up("rule", RULE, "c.fwd.test 300 CNAME www.zoned.test.",
              "far.fwd.test 300 CNAME www.away.test.", "www.zoned.test 300 A 192.0.2.9",
              "www.away.test 300 A 192.0.2.9")
    refusing = up("refusing", behave=lambda query, over: up.refuse(query))
    links = [f"l{i}.chain.test 300 CNAME l{i + 1}.chain.test." for i in range(20)]
    loops = ["a.chain.test 300 CNAME b.chain.test.", "b.chain.test 300 CNAME a.chain.test.",
             "self.chain.test 300 CNAME self.chain.test."]
    return estate(
        "vpc-1", "off", "in-zones", internet=up("internet", INTERNET), assume=assume,
        vpcs=[vpc("vpc-1", "10.1.0.0/16"),
              vpc("off", "10.2.0.0/16", enable_dns_hostnames=False)],
        hosted_zones=[
            zone("corp.test", "www.corp.test 300 A 10.1.0.1", "www.sub.corp.test 300 A 10.1.0.2",
                 "x.corp.test 300 TXT \"t\"", networks=["vpc-1", "off"]),
            zone("short.test", "www.sub.short.test 300 A 10.1.0.3"),
            zone("same.test", "www.same.test 300 A 10.1.0.4"),
            zone("zoned.test", "www.zoned.test 300 A 10.1.0.5"),
            zone("chain.test", *links, *loops, "l20.chain.test 300 A 10.1.0.6"),
            zone("del.test", "sub.del.test 300 NS ns.nowhere.test."),
            zone("wild.test", "*.wild.test 300 A 10.1.0.7", "a.ent.wild.test 300 A 10.1.0.8")],
        rules=[forward("r-short", "short.test", rule), system("s-short", "sub.short.test"),
               system("s-same", "same.test"),
               forward("r-fwd", "fwd.test", rule), forward("r-away", "away.test", up(
                   "other", OTHER)), forward("r-dead", "dead.test", refusing),
               delegate("d-1", "elsewhere.test")],
        endpoints=[{"id": "in-zones", "direction": "INBOUND_DELEGATION", "vpc": "vpc-1"}])


@scene
def presumed(up):
    """As it is when nothing is said."""
    return build(up, None)


@scene
def otherwise(up):
    """Each point set to its other value."""
    return build(up, {
        "system_rule_consults_shorter_zone": False, "negative_ttl_cap": 60,
        "any_answer": "subset", "chain_limit": 3, "zone_with_dns_attributes_off": "zone",
        "delegation_without_rule": "internet", "forwarded_cname_matched_afresh": False,
        "inbound_delegation_outside_zones": "resolved"})


def chained(count):
    """The CNAMEs of the last `count` links, and the address they lead to."""
    first = 20 - count
    return [f"l{i}.chain.test CNAME l{i + 1}.chain.test." for i in range(first, 20)] + [
        "l20.chain.test A 10.1.0.6"]


def presume(number, statement, question, *answer, whose="vpc-1", **more):
    return asked(number, statement, "presumed", whose, question, *answer, **more)


def other(number, statement, question, *answer, whose="vpc-1", **more):
    return asked(number, statement, "otherwise", whose, question, *answer, **more)


ROWS = [
    presume("1.3.4", "system_rule_consults_shorter_zone: true", "www.sub.short.test",
            "A 10.1.0.3"),
    other("1.3.4", "system_rule_consults_shorter_zone: false", "www.sub.short.test",
          f"A {INTERNET}", by="internet", authority=None),
    presume("4.2.5", "negative_ttl_cap: 0", "none.corp.test", rcode="NXDOMAIN",
            soa="corp.test"),
    other("4.2.5", "negative_ttl_cap: 60", "none.corp.test", rcode="NXDOMAIN",
          soa="corp.test", soa_ttl=60),
    other("4.2.5", "negative_ttl_cap: 60, NODATA too", "www.corp.test AAAA",
          soa="corp.test", soa_ttl=60),
    presume("9.1", "all targets fail: SERVFAIL", "www.dead.test", rcode="SERVFAIL",
            by="refusing", ede=(22, "r-dead")),
    unseen("9.1", "timeouts and tries", "a matter of server.upstream"),
    presume("9.2", "chain_limit: 16, a chain of 16", "l4.chain.test", *chained(16)),
    presume("9.2", "chain_limit: 16, a chain of 17", "l3.chain.test", rcode="SERVFAIL",
            ede=0),
    other("9.2", "chain_limit: 3, a chain of 3", "l17.chain.test", *chained(3)),
    other("9.2", "chain_limit: 3, a chain of 4", "l16.chain.test", rcode="SERVFAIL", ede=0),
    presume("9.2", "a loop of two: SERVFAIL", "a.chain.test", rcode="SERVFAIL", ede=0),
    presume("9.2", "a loop of one: SERVFAIL", "self.chain.test", rcode="SERVFAIL", ede=0),
    presume("9.3", "any_answer: hinfo", "www.corp.test ANY", 'HINFO "RFC8482" ""'),
    other("9.3", "any_answer: subset", "www.corp.test ANY", "A 10.1.0.1"),
    presume("9.3", "no AA on an inbound endpoint", "www.corp.test", "A 10.1.0.1",
            whose="in-zones", flags="QR RD RA"),
    presume("9.4", "SYSTEM with a shorter zone: the zone", "none.sub.short.test",
            rcode="NXDOMAIN", soa="short.test"),
    presume("9.4", "SYSTEM and zone of one name: the zone", "www.same.test", "A 10.1.0.4"),
    other("9.4", "the same when shorter zones do not count", "www.same.test", "A 10.1.0.4"),
    refused("9.5", "FORWARD and SYSTEM of one name", rules(
        "id: one, rule_type: FORWARD, domain_name: a.test, vpcs: [vpc-1], resolver_endpoint: "
        "out, target_ips: [{ip: 192.0.2.1}]  # here",
        "id: two, rule_type: SYSTEM, domain_name: a.test, vpcs: [vpc-1]  # here"),
        "RSLVR-00802", '"one"', '"two"'),
    unseen("9.6", "OVERRIDDEN", "a status of the API"),
    presume("9.7", "inbound_delegation_outside_zones: refused", "www.example",
            whose="in-zones", rcode="REFUSED", ede=20),
    presume("9.7", "inbound_delegation_outside_zones: refused, autodefined names too",
            "localhost", whose="in-zones", rcode="REFUSED", ede=20),
    other("9.7", "inbound_delegation_outside_zones: resolved", "www.example",
          f"A {INTERNET}", whose="in-zones", by="internet", authority=None),
    presume("9.8", "delegation_without_rule: servfail", "x.sub.del.test", rcode="SERVFAIL",
            ede=(22, "no DELEGATE rule leads there")),
    other("9.8", "delegation_without_rule: internet", "x.sub.del.test", f"A {INTERNET}",
          by="internet", authority=None),
    unseen("9.9", "firewall domains", "there is no firewall in a resolver's estate"),
    unseen("9.10", "firewall priority 100", "there is no firewall in a resolver's estate"),
    presume("9.11", "an empty non-terminal is there: NODATA", "ent.wild.test",
            soa="wild.test"),
    presume("9.11", "below it the wildcard above does not cover", "x.ent.wild.test",
            rcode="NXDOMAIN", soa="wild.test"),
    internet("9.12", "IPv6 CIDRs have no reverse names", "regions", "second",
             "2." + "0." * 23 + "4.6.0.0.0.0.d.f.ip6.arpa PTR"),
    cut("9.12", "a /25 has the /24 around it", "regions", "half", "100.69.7.2", 3, own=False),
    cut("9.12", "a peer's reverse names come without the option", "linked", "here",
        "100.66.0.8", 2, own=False),
    presume("9.13", "forwarded_cname_matched_afresh: true, a zone", "c.fwd.test",
            "CNAME www.zoned.test.", "www.zoned.test A 10.1.0.5", by="rule"),
    presume("9.13", "forwarded_cname_matched_afresh: true, another rule", "far.fwd.test",
            "CNAME www.away.test.", f"www.away.test A {OTHER}", by="rule", authority=None),
    other("9.13", "forwarded_cname_matched_afresh: false, a zone", "c.fwd.test",
          "CNAME www.zoned.test.", "www.zoned.test A 192.0.2.9", by="rule", authority=None),
    other("9.13", "forwarded_cname_matched_afresh: false, another rule", "far.fwd.test",
          "CNAME www.away.test.", "www.away.test A 192.0.2.9", by="rule", authority=None),
    presume("9.14", "zone_with_dns_attributes_off: public", "www.corp.test",
            f"A {INTERNET}", whose="off", by="internet", authority=None),
    other("9.14", "zone_with_dns_attributes_off: zone", "www.corp.test", "A 10.1.0.1",
          whose="off"),
    unseen("9.15", "prices; signing", "not a matter of answers"),
]
