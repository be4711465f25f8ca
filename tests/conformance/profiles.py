"""1.7: what reaches a VPC by a Profile"""
from resolution import zones
from row import accepted, asked, refused, unseen
from scenery import estate, forward, scene, system, vpc, zone

INTERNET, RULE, OTHER = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@scene
def profiled(up):
    """`own` has zones and rules of its own beside its Profile, `bare` has the Profile only,
    `several` has three of them."""
    rule, other = up("rule", RULE), up("other", OTHER)
    by_profile = [zone("only.test", "www.only.test 300 A 10.0.0.1", networks=()),
                  zone("same.test", "www.same.test 300 A 10.0.0.2", networks=(), id="Z-p"),
                  zone("sub.wide.test", "www.sub.wide.test 300 A 10.0.0.3", networks=()),
                  zone("high.test", "www.high.test 300 A 10.0.0.4", networks=()),
                  zone("cross.test", "www.cross.test 300 A 10.0.0.5", networks=())]
    return estate(
        "own", "bare", "several", "none", internet=up("internet", INTERNET),
        vpcs=[vpc(name, f"10.{i}.0.0/16") for i, name in enumerate(
            ("own", "bare", "several", "none"), 1)],
        hosted_zones=[
            *by_profile,
            zone("same.test", "www.same.test 300 A 10.1.0.2", networks=["own"], id="Z-own"),
            zone("wide.test", "www.sub.wide.test 300 A 10.1.0.3", "www.wide.test 300 A 10.1.0.4",
                 networks=["own"]),
            zone("deep.high.test", "www.deep.high.test 300 A 10.1.0.5", networks=["own"]),
            zone("same.test", "www.same.test 300 A 10.0.0.6", networks=(), id="Z-p2"),
            zone("same.test", "www.same.test 300 A 10.0.0.7", networks=(), id="Z-p3")],
        rules=[forward("r-p", "fwd.test", rule, networks=()),
               forward("r-own", "own-rule.test", other, networks=["own"]),
               forward("r-p-own", "own-rule.test", rule, networks=()),
               system("r-p-sys", "sys.own-rule.test", networks=()),
               forward("r-cross", "cross.test", other, networks=["own"])],
        profiles=[
            {"id": "rp-1", "hosted_zones": [z["id"] for z in by_profile],
             "resolver_rules": ["r-p", "r-p-own", "r-p-sys"], "vpcs": ["own", "bare"]},
            {"id": "rp-2", "hosted_zones": ["Z-p2"],
             "associations": [{"vpc": "several", "priority": 200}]},
            {"id": "rp-3", "hosted_zones": ["Z-p3"],
             "associations": [{"vpc": "several", "priority": 101}]}])


def profiled_row(number, statement, whose, question, *answer, **more):
    return asked(number, statement, "profiled", whose, question, *answer, **more)


TWO = zones("id: Z1, name: a.test", "id: Z2, name: b.test") + "profiles:\n"

ROWS = [
    profiled_row("1.7.1", "zones", "bare", "www.only.test", "A 10.0.0.1"),
    profiled_row("1.7.1", "a zone's miss is final", "bare", "none.only.test", rcode="NXDOMAIN",
                 soa="only.test"),
    profiled_row("1.7.1", "FORWARD rules", "bare", "x.fwd.test", f"A {RULE}", by="rule",
                 authority=None),
    profiled_row("1.7.1", "SYSTEM rules", "bare", "x.sys.own-rule.test", f"A {INTERNET}",
                 by="internet", authority=None),
    profiled_row("1.7.1", "for the VPCs it is attached to", "none", "www.only.test",
                 f"A {INTERNET}", by="internet", authority=None),
    unseen("1.7.1", "firewall, endpoints, query logs", "an estate has them not in Profiles"),
    profiled_row("1.7.2", "one name in both: the VPC's own zone", "own", "www.same.test",
                 "A 10.1.0.2"),
    profiled_row("1.7.2", "one name in both: the VPC's own rule", "own", "x.own-rule.test",
                 f"A {OTHER}", by="other", authority=None),
    profiled_row("1.7.2", "without an own one: the Profile's", "bare", "www.same.test",
                 "A 10.0.0.2"),
    profiled_row("1.7.2", "the Profile's longer name beats the VPC's", "own",
                 "www.sub.wide.test", "A 10.0.0.3"),
    profiled_row("1.7.2", "beside it the VPC's is left", "own", "www.wide.test",
                 "A 10.1.0.4"),
    profiled_row("1.7.2", "the VPC's longer name beats the Profile's", "own",
                 "www.deep.high.test", "A 10.1.0.5"),
    profiled_row("1.7.2", "an own rule beats the Profile's zone of its name", "own",
                 "www.cross.test", f"A {OTHER}", by="other", authority=None),
    profiled_row("1.7.3", "of two Profiles the one of lower priority", "several",
                 "www.same.test", "A 10.0.0.7"),
    *(accepted("1.7.3", f"priority {number}", TWO +
               f"  - {{id: p, hosted_zones: [Z1], associations: [{{vpc: vpc-1, priority: {number}"
               "}]}\n") for number in (100, 9900)),
    *(refused("1.7.3", f"no priority {number}", TWO +
              f"  - {{id: p, hosted_zones: [Z1], associations: [{{vpc: vpc-1, priority: {number}"
              "}]}  # here\n", str(number)) for number in (99, 9901)),
    refused("1.7.3", "one priority for each Profile of a VPC", TWO + "".join(
        f"  - {{id: p{n}, hosted_zones: [Z{n}], associations: [{{vpc: vpc-1, priority: 101}}]}}"
        "  # here\n" for n in (1, 2)), "101"),
    unseen("1.7.4", "zones of Profiles in GetHostedZone", "what the API lists"),
    unseen("1.7.5", "OVERRIDDEN", "a status of the API that nothing documents"),
]
