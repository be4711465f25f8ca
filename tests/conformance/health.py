"""4.4: what health does to routing policies.  Checks are EXTERNAL ones, whose state is a file."""
from records import alias
from row import asked, drawn
from scenery import estate, member, scene, vpc, zone

SICK = {"health_check": "sick"}
WELL = {"health_check": "well"}


def group(name, policies, checks):
    return [member(f"{name}.h.test", f"10.0.0.{i}", f"{i}", **policy, **check)
            for i, (policy, check) in enumerate(zip(policies, checks), 1)]


@scene
def ailing(up):
    """Groups of which some members are sick, some well, some not checked."""
    for name in ("sick", "well"):
        (up.world.dir / name).write_text({"sick": "unhealthy\n", "well": "healthy\n"}[name])
    roles = [{"failover": "PRIMARY"}, {"failover": "SECONDARY"}]
    multi = {"multi_value_answer": True}
    zone_h = zone("h.test", "plain.h.test 60 A 10.0.0.99")
    z = zone_h["id"]
    zone_h["record_sets"] += [
        *group("some", [multi] * 4, [SICK, WELL, {}, SICK]),
        *group("none", [multi] * 12, [SICK] * 12),
        *group("zero", [{"weight": 5}, {"weight": 0}, {"weight": 5}], [SICK, {}, SICK]),
        *group("nonzero", [{"weight": 5}, {"weight": 0}, {"weight": 1}], [SICK, WELL, WELL]),
        *group("allsick", [{"weight": 1}, {"weight": 1}], [SICK, SICK]),
        *group("allzero", [{"weight": 1}, {"weight": 0}], [SICK, SICK]),
        *group("primary", roles, [WELL, {}]), *group("secondary", roles, [SICK, {}]),
        *group("checked", roles, [SICK, WELL]), *group("both", roles, [SICK, SICK]),
        *group("near", [{"region": "eu-west-1"}, {"region": "us-east-1"}], [SICK, WELL]),
        *group("area", [{"geo_location": {"country_code": "IE"}},
                        {"geo_location": {"continent_code": "EU"}}], [SICK, WELL]),
        *group("far", [{"region": "eu-west-1"}, {"region": "us-east-1"}], [SICK, SICK]),
        *branches("eth", z, "both", evaluate_target_health=True),
        *branches("noeth", z, "both", evaluate_target_health=False),
        *branches("wellbranch", z, "primary", evaluate_target_health=True),
        *branches("ownsick", z, "primary", check=SICK, evaluate_target_health=True),
        *branches("ownwell", z, "both", check=WELL, evaluate_target_health=True),
        *branches("allwell", z, "primary", check=WELL, evaluate_target_health=True)]
    up.until("vpc-1", "secondary.h.test", "10.0.0.2")
    return estate(
        "vpc-1", vpcs=[vpc("vpc-1", "10.1.0.0/16")], hosted_zones=[zone_h],
        health_checks=[{"id": name, "type": "EXTERNAL", "state_file": str(up.world.dir / name)}
                       for name in ("sick", "well")])


def branches(name, zone_id, target, check=None, **eth):
    """A failover pair whose primary is an alias to a group."""
    return [{**alias(f"{name}.h.test", f"{target}.h.test", zone_id, **eth),
             "set_identifier": "a", "failover": "PRIMARY", **(check or {})},
            member(f"{name}.h.test", "10.0.0.50", "b", failover="SECONDARY")]


def answer(number, statement, name, *addresses):
    return asked(number, statement, "ailing", "vpc-1", f"{name}.h.test",
                 *(f"A 10.0.0.{n}" for n in addresses))


def draw(number, statement, name, *addresses, **more):
    return drawn(number, statement, "ailing", "vpc-1", f"{name}.h.test",
                 *(f"A 10.0.0.{n}" for n in addresses), **more)


ROWS = [
    answer("4.4.4b", "the healthy and the unchecked", "some", 2, 3),
    draw("4.4.4b", "none is healthy: eight of the unhealthy", "none", *range(1, 13), times=60,
         count=8),
    draw("4.4.5b", "all others unhealthy: zero is picked", "zero", 2, times=20, count=1),
    draw("4.4.5b", "one other is healthy: zero is not", "nonzero", 3, times=20, count=1),
    answer("4.4.6b", "a healthy primary", "primary", 1),
    answer("4.4.6b", "an unhealthy one: a secondary that is not checked", "secondary", 2),
    answer("4.4.6b", "an unhealthy one: a healthy secondary", "checked", 2),
    answer("4.4.6b", "both unhealthy: the primary", "both", 1),
    draw("4.4.7b", "weighted, all unhealthy: as if all were healthy", "allsick", 1, 2, times=200,
         count=1, shares={"10.0.0.1": 100, "10.0.0.2": 100}, within=45),
    draw("4.4.7b", "weighted, all unhealthy: zero is still never", "allzero", 1, times=20,
         count=1),
    answer("4.4.7b", "latency, all unhealthy: the nearest", "far", 1),
    answer("4.4.7b", "latency, the nearest unhealthy: the next", "near", 2),
    answer("4.4.7b", "geolocation, the country unhealthy: the continent", "area", 2),
    answer("4.4.12", "true, and all behind it unhealthy: the other branch", "eth", 50),
    answer("4.4.12", "false: the branch is kept", "noeth", 1),
    answer("4.4.12", "true, and one behind it healthy: the branch", "wellbranch", 1),
    answer("4.4.12", "a check of its own fails: the other branch", "ownsick", 50),
    answer("4.4.12", "its own is good, the target is not: the other branch", "ownwell", 50),
    answer("4.4.12", "both are good: the branch", "allwell", 1),
]
