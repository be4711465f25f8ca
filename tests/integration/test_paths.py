"""What is in the way between a network and the addresses it reads, line by line (REA411)."""
import copy
import json

import pytest
import yaml

from peers import CAUSEWAY
from programs import run

# Two peers that reach each other: tables, a group and an ACL on the far side, all let through.
OPEN = yaml.safe_load("""
vpcs:
  - {id: app, region: eu-west-1, cidr_blocks: [10.1.0.0/16, "2001:db8:1::/56"],
     enable_dns_hostnames: true}
  - {id: data, region: eu-west-1, cidr_blocks: [10.2.0.0/16], enable_dns_hostnames: true}
sites:
  - {id: dc, cidr_blocks: [192.168.0.0/16], connects_to: [app], servers: [192.168.0.53]}
vpc_peering_connections:
  - {id: pcx, requester: {vpc: app}, accepter: {vpc: data}}
subnets:
  - {id: app-a, vpc: app, cidr_blocks: [10.1.1.0/24]}
  - {id: app-b, vpc: app, cidr_blocks: [10.1.2.0/24]}
  - {id: data-a, vpc: data, cidr_blocks: [10.2.1.0/24]}
route_tables:
  - {id: rtb-app, vpc: app, main: true,
     routes: [{destination_cidr_block: 10.2.0.0/16, vpc_peering_connection: pcx},
              {destination_cidr_block: 192.168.0.0/16, gateway: vgw-1}]}
  - {id: rtb-data, vpc: data, main: true,
     routes: [{destination_cidr_block: 10.1.0.0/16, vpc_peering_connection: pcx}]}
security_groups:
  - {id: sg-db, vpc: data, ip_permissions: [
      {ip_protocol: tcp, from_port: 5432, to_port: 5432, cidr_blocks: [10.1.0.0/16]}]}
  - {id: sg-out, vpc: app, ip_permissions_egress: [{ip_protocol: -1, cidr_blocks: [0.0.0.0/0]}]}
network_acls:
  - {id: acl-app, vpc: app, is_default: true, entries: [
      {rule_number: 100, egress: true, protocol: -1, rule_action: allow, cidr_block: 0.0.0.0/0},
      {rule_number: 100, egress: false, protocol: -1, rule_action: allow, cidr_block: 0.0.0.0/0}]}
  - {id: acl-data, vpc: data, is_default: true, entries: [
      {rule_number: 100, egress: true, protocol: -1, rule_action: allow, cidr_block: 0.0.0.0/0},
      {rule_number: 100, egress: false, protocol: -1, rule_action: allow, cidr_block: 0.0.0.0/0}]}
network_interfaces:
  - {id: eni-db, vpc: data, private_ip_addresses: [10.2.1.10], security_groups: [sg-db]}
resolver_endpoints:
  - {id: out, direction: OUTBOUND, vpc: app, ip_addresses: [10.1.1.20, 10.1.2.20],
     security_groups: [sg-out]}
resolver_rules:
  - {id: to-dc, domain_name: dc.example, rule_type: FORWARD, resolver_endpoint: out,
     target_ips: [{ip: 192.168.0.53}, {ip: 192.168.0.54}], vpcs: [app]}
hosted_zones:
  - {id: Z0, name: corp.example, vpcs: [app], record_sets: [
      {name: db.corp.example, type: A, ttl: 60, values: [10.2.1.10]}]}
""")


def entry(number, egress, action, cidr="0.0.0.0/0", protocol="tcp", ports=(0, 65535)):
    return {"rule_number": number, "egress": egress, "rule_action": action, "cidr_block": cidr,
            "protocol": protocol, "from_port": ports[0], "to_port": ports[1]}


def routes(estate, table, *new):
    estate["route_tables"][table]["routes"] = list(new)


def acl(estate, number, *entries):
    estate["network_acls"][number]["entries"] = list(entries)


def permissions(estate, *new):
    estate["security_groups"][0]["ip_permissions"] = list(new)


def record(estate, **what):
    estate["hosted_zones"][0]["record_sets"].append(what)


PEER = {"destination_cidr_block": "10.1.0.0/16", "vpc_peering_connection": "pcx"}
THERE = {"destination_cidr_block": "10.2.0.0/16", "vpc_peering_connection": "pcx"}
DC = {"destination_cidr_block": "192.168.0.0/16", "gateway": "vgw-1"}
IN, OUT = entry(100, False, "allow"), entry(100, True, "allow")


# name: (change, what the one finding says; None: there is none)
CASES = {
    "as it is": (lambda e: None, None),
    "no route there": (
        lambda e: routes(e, 0, DC),
        'route table "rtb-app" of "app" has no route to 10.2.0.0/16'),
    "a longer route leads to the internet": (
        lambda e: routes(e, 0, THERE, DC, {"destination_cidr_block": "10.2.1.0/24",
                                           "gateway": "igw-1"}),
        "has no route to 10.2.0.0/16 but one to igw-1"),
    "the default route goes to NAT": (
        lambda e: routes(e, 0, DC, {"destination_cidr_block": "0.0.0.0/0", "nat_gateway": "nat-1"}),
        "but one to nat-1"),
    "a blackhole": (
        lambda e: routes(e, 0, dict(THERE, state="blackhole"), DC), "a blackhole"),
    "an appliance may know the way": (
        lambda e: routes(e, 0, DC, {"destination_cidr_block": "10.0.0.0/8",
                                    "network_interface": "eni-fw"}), None),
    "a prefix list that nobody declares may have it": (
        lambda e: routes(e, 0, DC, {"destination_prefix_list": "pl-1", "gateway": "tgw-x"}), None),
    "a prefix list has it": (
        lambda e: (routes(e, 0, DC, {"destination_prefix_list": "pl-1",
                                     "vpc_peering_connection": "pcx"}),
                   e.update(prefix_lists=[{"id": "pl-1", "cidr_blocks": ["10.2.0.0/16"]}])), None),
    "a prefix list has it not": (
        lambda e: (routes(e, 0, DC, {"destination_prefix_list": "pl-1",
                                     "vpc_peering_connection": "pcx"}),
                   e.update(prefix_lists=[{"id": "pl-1", "cidr_blocks": ["10.3.0.0/16"]}])),
        "has no route to 10.2.0.0/16"),
    "no route back": (
        lambda e: routes(e, 1),
        'no way back: route table "rtb-data" of "data" has no route to 10.1.0.0/16'),
    "a route back to one subnet is enough": (
        lambda e: routes(e, 1, dict(PEER, destination_cidr_block="10.1.2.0/24")), None),
    "the group lets others in": (
        lambda e: permissions(e, {"ip_protocol": "tcp", "cidr_blocks": ["10.9.0.0/16"]}),
        'security group "sg-db" lets nothing in from 10.1.1.0/24'),
    "the group lets somebody in that nobody declares": (
        lambda e: permissions(e, {"ip_protocol": "tcp", "others": True}), None),
    "the group names a group of the peer": (
        lambda e: permissions(e, {"ip_protocol": "tcp", "security_groups": ["sg-out"]}), None),
    "the group names a group of its own VPC": (
        lambda e: permissions(e, {"ip_protocol": "tcp", "security_groups": ["sg-db"]}),
        'security group "sg-db" lets nothing in'),
    "the ACL there lets nothing in": (
        lambda e: acl(e, 1, OUT, entry(10, False, "deny"), IN),
        'network ACL "acl-data" lets nothing in from 10.1.1.0/24'),
    "a later denial does nothing": (
        lambda e: acl(e, 1, OUT, entry(110, False, "deny"), IN), None),
    "a denial of one subnet leaves the other": (
        lambda e: acl(e, 1, OUT, entry(10, False, "deny", "10.1.1.0/24"), IN), None),
    "the ACL here lets nothing out": (
        lambda e: acl(e, 0, IN), 'network ACL "acl-app" lets nothing out to 10.2.1.10/32'),
    "the ACL there lets no replies out": (
        lambda e: acl(e, 1, IN, entry(100, True, "allow", ports=(0, 1023))),
        'no way back: network ACL "acl-data" lets no replies out'),
    "the ACL here lets no replies in": (
        lambda e: acl(e, 0, OUT, entry(100, False, "allow", ports=(22, 22))),
        'no way back: network ACL "acl-app" lets no replies in'),
    "the port of an SRV record counts": (
        lambda e: record(e, name="_mysql._tcp.corp.example", type="SRV", ttl=60,
                         values=["0 0 3306 db.corp.example"]),
        "lets nothing in from 10.1.1.0/24 to port 3306/tcp"),
    "and the one that is open is": (
        lambda e: record(e, name="_pg._tcp.corp.example", type="SRV", ttl=60,
                         values=["0 0 5432 db.corp.example"]), None),
    "an HTTPS record has port 443": (
        lambda e: record(e, name="db.corp.example", type="HTTPS", ttl=60, values=["1 ."]),
        "to port 443/tcp"),
    "or the one that it says": (
        lambda e: record(e, name="db.corp.example", type="HTTPS", ttl=60,
                         values=["1 . port=5432"]), None),
    "nobody says the tables of data": (
        lambda e: e["route_tables"].pop(1), 'no input has the route tables of "data"'),
    "an endpoint may ask nobody": (
        lambda e: e["security_groups"][1].update(ip_permissions_egress=[
            {"ip_protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]),
        'security group "sg-out" lets nothing out to 192.168.0.53/32 to port 53/udp'),
    "an endpoint has no route to its target": (
        lambda e: routes(e, 0, THERE),
        'endpoint "out" does not get there: route table "rtb-app" of "app" has no route to '
        '192.168.0.0/16'),
}


def findings(path, estate, code):
    path.write_text(yaml.safe_dump(estate), encoding="utf-8")
    result = run(CAUSEWAY, "lint", "--format", "json", "--select", code, path.name,
                 cwd=path.parent)
    assert result.code in (0, 1), result.text
    return [finding["message"] for finding in json.loads(result.out)["findings"]]


@pytest.mark.parametrize("name", CASES)
def test_the_line_that_breaks_the_path_is_told(name, tmp_path):
    change, says = CASES[name]
    estate = copy.deepcopy(OPEN)
    change(estate)
    found = findings(tmp_path / "estate.yaml", estate, "REA411")
    if says is None:
        assert found == []
    else:
        assert len(found) == 1 and says in found[0], found


def test_a_peering_that_no_route_uses_is_one_without_routes(tmp_path):
    estate = copy.deepcopy(OPEN)
    routes(estate, 0, DC)
    routes(estate, 1)
    path = tmp_path / "estate.yaml"
    assert findings(path, estate, "REA411") == []
    assert ['no route table of the two has a route over the peering "pcx"' in message
            for message in findings(path, estate, "REA408")] == [True]
