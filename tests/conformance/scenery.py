"""scenery - the estates that rows are asked of

A table's module declares them next to its rows: a function under @scene is given the
upstreams it may place, and returns the configuration.
"""
from estates import forward, system, vpc, zone

__all__ = ["ESTATES", "estate", "forward", "member", "scene", "system", "vpc", "zone"]

ESTATES = {}


def scene(build):
    ESTATES[build.__name__] = build
    return build


def estate(*listen, vpcs, internet=None, rules=(), endpoints=(), assume=None, server=None,
           **objects):
    """`listen`: in whose place, or (in whose place, address); `objects`: hosted_zones, ..."""
    conf = {"server": {"listen": list(listen), **(server or {})}, "vpcs": list(vpcs), **objects}
    if internet:
        conf["server"]["internet_resolver"] = [internet]
    if assume:
        conf["server"]["assume"] = assume
    if rules:
        conf["resolver_rules"] = list(rules)
    if any(rule.get("resolver_endpoint") == "rslvr-out" for rule in rules):
        endpoints = [*endpoints, {"id": "rslvr-out", "direction": "OUTBOUND", "vpc": vpcs[0]["id"],
                                  "ip_addresses": ["10.1.0.20", "10.1.1.20"]}]
    if endpoints:
        conf["resolver_endpoints"] = list(endpoints)
    return conf


def member(name, value, identifier, rdtype="A", ttl=60, **policy):
    """A record set of a routing policy."""
    return {"name": name, "type": rdtype, "ttl": ttl, "set_identifier": identifier,
            "values": [value], **policy}
