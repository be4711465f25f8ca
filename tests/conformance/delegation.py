"""1.6 and 1.7: what a zone delegates; Profiles"""
from resolution import rules, zones
from row import accepted, asked, refused, unseen
from scenery import estate, forward, scene, vpc, zone

INTERNET = "192.0.2.1"
GLUED, OUTSIDE = "192.0.2.11", "192.0.2.12"
RULE = "192.0.2.2"


def delegate(name, record):
    return {"id": name, "rule_type": "DELEGATE", "delegation_record": record,
            "resolver_endpoint": "rslvr-out", "vpcs": ["vpc-1"]}


@scene
def delegated(up):
    """Name servers stand on addresses of their own, as they are asked on port 53."""
    glued, outside, apex = (up.server(name, address) for name, address in (
        ("glued", GLUED), ("outside", OUTSIDE), ("apex", "192.0.2.13")))
    names = up("names", outside)
    return estate(
        "vpc-1", internet=up("internet", INTERNET), vpcs=[vpc("vpc-1", "10.1.0.0/16")],
        hosted_zones=[zone(
            "corp.test", "corp.test 300 NS ns.corp.test.", f"ns.corp.test 300 A {apex}",
            "hr.corp.test 300 NS ns.hr.corp.test.", f"ns.hr.corp.test 300 A {glued}",
            "it.corp.test 300 NS hr.corp.test.",
            "na.corp.test 300 NS ns3.na.elsewhere.test.",
            "eq.corp.test 300 NS elsewhere.test.",
            "xx.corp.test 300 NS ns.xelsewhere.test.",
            "noglue.corp.test 300 NS ns.noglue.corp.test.",
            "to-hr.corp.test 300 CNAME www.hr.corp.test.")],
        rules=[forward("r-net", "elsewhere.test", names), delegate("d-net", "elsewhere.test"),
               delegate("d-hr", "hr.corp.test"), delegate("d-noglue", "noglue.corp.test"),
               delegate("d-lonely", "lonely.test")])


def by(server, number, statement, question, *answer, **more):
    return asked(number, statement, "delegated", "vpc-1", question, *answer, by=server,
                 authority=None, **more)


OUT = "vpcs: [vpc-1], resolver_endpoint: out"

ROWS = [
    accepted("1.6.1", "NS below the apex are taken", zones(
        "id: Z1, name: corp.test, vpcs: [vpc-1], record_sets: "
        "[{name: hr.corp.test, type: NS, ttl: 300, values: [ns.hr.test]}]")),
    accepted("1.6.2", "a record and an endpoint are all of it", rules(
        f"id: a, rule_type: DELEGATE, delegation_record: ns.test, {OUT}")),
    refused("1.6.2", "without a record there is none", rules(
        f"id: a, rule_type: DELEGATE, {OUT}  # here"), "delegation_record"),
    refused("1.6.2", "without an endpoint neither", rules(
        "id: a, rule_type: DELEGATE, delegation_record: ns.test, vpcs: [vpc-1]  # here"),
        "resolver_endpoint"),
    refused("1.6.2", "it has no domain_name", rules(
        f"id: a, rule_type: DELEGATE, delegation_record: ns.test, domain_name: a.test, {OUT}"
        "  # here"), "domain_name"),
    refused("1.6.3", "it has no target_ips", rules(
        "id: a, rule_type: DELEGATE, delegation_record: ns.test, "
        f"target_ips: [{{ip: 192.0.2.1}}], {OUT}  # here"), "target_ips"),
    by("outside", "1.6.4", "the server's name below the record", "www.na.corp.test",
       f"A {OUTSIDE}"),
    by("outside", "1.6.4", "the server's name equal to the record", "www.eq.corp.test",
       f"A {OUTSIDE}"),
    asked("1.6.4", "not within a label", "delegated", "vpc-1", "www.xx.corp.test",
          rcode="SERVFAIL", ede=(22, "no DELEGATE rule leads there")),
    by("glued", "1.6.5", "a server in the zone is at its glue", "www.hr.corp.test",
       f"A {GLUED}"),
    asked("1.6.5", "without glue there is no way", "delegated", "vpc-1",
          "www.noglue.corp.test", rcode="SERVFAIL", ede=(22, "no address")),
    by("outside", "1.6.5", "a server elsewhere is found by a FORWARD rule",
       "b.na.corp.test", f"A {OUTSIDE}"),
    by("glued", "1.6.6a", "all types are asked of the delegated server", "hr.corp.test TXT"),
    by("glued", "1.6.6a", "at any depth below the cut", "a.b.c.hr.corp.test", f"A {GLUED}"),
    asked("1.6.6a", "also behind a CNAME of the zone", "delegated", "vpc-1",
          "to-hr.corp.test", "CNAME www.hr.corp.test.", f"www.hr.corp.test A {GLUED}",
          authority=None),
    asked("1.6.6b", "a delegation record does not forward its own domain", "delegated",
          "vpc-1", "www.lonely.test", f"A {INTERNET}", by="internet", authority=None),
    asked("1.6.7", "what the zone has is answered by itself", "delegated", "vpc-1",
          "corp.test NS", "NS ns.corp.test."),
    asked("1.6.7", "what it has not is not asked of the apex's servers", "delegated", "vpc-1",
          "none.corp.test", rcode="NXDOMAIN", soa="corp.test"),
    unseen("1.7.4", "zones of Profiles in GetHostedZone", "what the API lists"),
    unseen("1.7.5", "OVERRIDDEN", "a status of the API that nothing documents"),
]
