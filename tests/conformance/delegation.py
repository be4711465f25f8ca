"""1.6: what a zone delegates"""
import dns.flags
import dns.name

import fake
from resolution import rules, zones
from row import accepted, asked, refused
from scenery import estate, forward, scene, vpc, zone

INTERNET = "192.0.2.1"
GLUED, OUTSIDE = "192.0.2.11", "192.0.2.12"
RULE = "192.0.2.2"


def delegate(name, record):
    return {"id": name, "rule_type": "DELEGATE", "delegation_record": record,
            "resolver_endpoint": "rslvr-out", "vpcs": ["vpc-1"]}


def referring(cut, server, address):
    """A server that has given away what is below `cut`, and answers the rest."""
    def behave(query, over):
        name = query.question[0].name
        if not name.is_subdomain(dns.name.from_text(cut)):
            return fake.reply(query, fake.rrset(name.to_text(), 300, "A", RULE))
        reply = fake.reply(query, authority=[fake.rrset(f"{cut}.", 300, "NS", f"{server}.")],
                           additional=[fake.rrset(f"{server}.", 300, "A", address)])
        reply.flags &= ~dns.flags.AA
        return reply
    return behave


@scene
def delegated(up):
    """Name servers stand on addresses of their own, as they are asked on port 53."""
    glued, outside, apex = (up.server(name, address) for name, address in (
        ("glued", GLUED), ("outside", OUTSIDE), ("apex", "192.0.2.13")))
    names = up("names", outside)
    below = up.server("below", "192.0.2.14")
    first = up.server("first", None, behave=referring(
        "eu.chain.corp.test", "ns.eu.chain.corp.test", below))
    onprem = up("onprem", behave=referring("us.onprem.test", "ns.us.onprem.test", below))
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
            "chain.corp.test 300 NS ns.chain.corp.test.", f"ns.chain.corp.test 300 A {first}",
            "to-hr.corp.test 300 CNAME www.hr.corp.test.")],
        rules=[forward("r-net", "elsewhere.test", names), delegate("d-net", "elsewhere.test"),
               delegate("d-hr", "hr.corp.test"), delegate("d-noglue", "noglue.corp.test"),
               delegate("d-lonely", "lonely.test"), delegate("d-chain", "chain.corp.test"),
               forward("r-onprem", "onprem.test", onprem),
               delegate("d-onprem", "us.onprem.test")])


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
    by("first", "1.6.6c", "the first server answers what is its own", "www.chain.corp.test",
       f"A {RULE}"),
    asked("1.6.6c", "its referral leads on", "delegated", "vpc-1", "www.eu.chain.corp.test",
          "A 192.0.2.14", by=("first", "below"), authority=None),
    asked("1.6.6c", "so does that of a rule's target", "delegated", "vpc-1",
          "www.us.onprem.test", "A 192.0.2.14", by=("onprem", "below"), authority=None),
    asked("1.6.6b", "a delegation record does not forward its own domain", "delegated",
          "vpc-1", "www.lonely.test", f"A {INTERNET}", by="internet", authority=None),
    asked("1.6.7", "what the zone has is answered by itself", "delegated", "vpc-1",
          "corp.test NS", "NS ns.corp.test."),
    asked("1.6.7", "what it has not is not asked of the apex's servers", "delegated", "vpc-1",
          "none.corp.test", rcode="NXDOMAIN", soa="corp.test"),
]
