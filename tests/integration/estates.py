"""estates - configurations for tests, as dicts; JSON is YAML"""
import json
import shutil

import yaml

from peers import SOURCE, free_port


def listen(whose, address="127.0.0.1", port=None):
    return {"address": address, "port": port or free_port(), "as": whose}


def vpc(name, *cidrs, region="eu-west-1", **more):
    return {"id": name, "region": region, "cidr_blocks": list(cidrs),
            "enable_dns_support": True, "enable_dns_hostnames": True, **more}


def zone(name, *records, networks=("vpc-1",), id=None, **more):
    """records: "owner ttl type value", those of one owner and type make one set."""
    sets = {}
    for record in records:
        owner, ttl, rdtype, value = record.split(None, 3)
        sets.setdefault((owner, rdtype), {
            "name": owner, "type": rdtype, "ttl": int(ttl), "values": []})["values"].append(value)
    if sets:
        more["record_sets"] = list(sets.values())
    return {"id": id or f"Z-{name}", "name": name, "vpcs": list(networks), **more}


def forward(name, domain, *targets, networks=("vpc-1",)):
    return {"id": name, "domain_name": domain, "rule_type": "FORWARD",
            "resolver_endpoint": "rslvr-out", "vpcs": list(networks),
            "target_ips": [t if isinstance(t, dict) else {"ip": t[0], "port": t[1]}
                           for t in targets]}


def system(name, domain, networks=("vpc-1",)):
    return {"id": name, "domain_name": domain, "rule_type": "SYSTEM", "vpcs": list(networks)}


def estate(zones=(), rules=(), internet=(), vpcs=None, listeners=None, **server):
    """One VPC, vpc-1, asked at one loopback address, unless told otherwise."""
    server = {"listen": listeners or [listen("vpc-1")], "cache": {"size": "4MiB"}, **server}
    server.setdefault("workers", 1)
    if internet:
        server["internet_resolver"] = [{"ip": ip, "port": port} for ip, port in internet]
    conf = {"server": server, "vpcs": vpcs or [vpc("vpc-1", "10.1.0.0/16")]}
    if zones:
        conf["hosted_zones"] = list(zones)
    if rules:
        conf["resolver_rules"] = list(rules)
    if any("resolver_endpoint" in rule for rule in rules):
        conf["resolver_endpoints"] = [{
            "id": "rslvr-out", "direction": "OUTBOUND", "vpc": conf["vpcs"][0]["id"],
            "ip_addresses": ["10.1.0.20"]}]
    return conf


def copy_examples(directory):
    """conf/ and zones/ as they are shipped, to be changed and served; the new folder."""
    for tree in ("conf", "zones"):
        shutil.copytree(SOURCE / tree, directory / tree)
    return directory


def change(path, act):
    """Let `act` change a configuration file as a dict, written back as JSON."""
    conf = yaml.safe_load(path.read_text())
    act(conf)
    path.write_text(json.dumps(conf, indent=1))
    return conf
