"""aws_company - two accounts, built call by call with the real CLI, and the same as YAML

What the emulator does otherwise than the service, and what is done about it:

- The SOA that a new zone has is no SOA ("{'Value': ...}"): it and the NS are replaced by
  what AWS makes.
- Associations of rules are sorted by their names, so each must have one, or listing them
  fails with 500.
- All Regions are enabled; the door before it tells of two (aws_emulator.py).
- A zone knows only accounts' own VPCs through their own zones: a VPC of another account is
  associated by the owner of the zone, without an authorization.
- Profiles, Resolver configurations and the DNS Firewall are unknown to it: the door before
  it answers for them (aws_emulator.py).
"""
import json
import re

WEST, EAST = "eu-west-1", "us-east-1"
PLACES = (("network", WEST), ("network", EAST), ("apps", WEST))

SOA = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
SERVERS = ["ns-1536.awsdns-00.co.uk.", "ns-0.awsdns-00.com.", "ns-1024.awsdns-00.org.",
           "ns-512.awsdns-00.net."]
RECORDS = [
    # weighted, with and without a health check
    {"Name": "api.corp.example", "Type": "A", "SetIdentifier": "blue", "Weight": 90, "TTL": 60,
     "ResourceRecords": [{"Value": "10.0.1.5"}], "HealthCheckId": "HEALTH"},
    {"Name": "api.corp.example", "Type": "A", "SetIdentifier": "green", "Weight": 10, "TTL": 60,
     "ResourceRecords": [{"Value": "10.0.2.5"}]},
    {"Name": "corp.example", "Type": "A",
     "AliasTarget": {"HostedZoneId": "ZONE", "DNSName": "api.corp.example",
                     "EvaluateTargetHealth": True}},
    {"Name": "*.apps.corp.example", "Type": "A", "TTL": 30,
     "ResourceRecords": [{"Value": "10.0.1.6"}, {"Value": "10.0.1.7"}]},
    {"Name": "www.corp.example", "Type": "CNAME", "TTL": 300,
     "ResourceRecords": [{"Value": "api.corp.example"}]},
    {"Name": "corp.example", "Type": "MX", "TTL": 300,
     "ResourceRecords": [{"Value": "10 mail.corp.example"}]},
    {"Name": "odd.corp.example", "Type": "TXT", "TTL": 300,
     "ResourceRecords": [{"Value": r'"a \"quoted\" word" "\303\251 back\\slash"'},
                         {"Value": '"<angle> & ampersand; semicolon"'}]},
    {"Name": "mail.corp.example", "Type": "A", "TTL": 300,
     "ResourceRecords": [{"Value": "10.0.1.8"}]},
    {"Name": "_sip._tcp.corp.example", "Type": "SRV", "TTL": 300,
     "ResourceRecords": [{"Value": "0 5 5060 api.corp.example"}]},
]


class Company:
    def __init__(self, cloud):
        self.cloud = cloud
        self.ids = {}
        self.sets = {}		# of a zone, as the API has them
        self._networks()
        self._links()
        self._resolver()
        self._zones()
        self._profile()

    # --- the same as our own configuration has it

    def _set(self, said):
        """As load/config wants a record set of the API."""
        out = {"name": said["Name"], "type": said["Type"]}
        for key, ours in (("TTL", "ttl"), ("SetIdentifier", "set_identifier"),
                          ("Weight", "weight")):
            if key in said:
                out[ours] = said[key]
        if "ResourceRecords" in said:
            # octal there, decimal here
            out["values"] = [re.sub(r"\\([0-3][0-7]{2})",
                                    lambda octal: f"\\{int(octal[1], 8):03}", record["Value"])
                             for record in said["ResourceRecords"]]
        if "HealthCheckId" in said:
            out["health_check"] = self.ids["check"]
        if "AliasTarget" in said:
            out["alias_target"] = {"dns_name": said["AliasTarget"]["DNSName"],
                                   "hosted_zone": self.ids["corp"],
                                   "evaluate_target_health": True}
        return out

    def estate(self):
        """The configuration that says the same as the export."""
        def vpc(name, account, region, *cidrs, hostnames=True, **more):
            return {"id": self.ids[name], "region": region, "cidr_blocks": list(cidrs),
                    "enable_dns_support": True, "enable_dns_hostnames": hostnames,
                    "owner_id": self.account(account), **more}

        def peering(name, requester, accepter, allow):
            return {"id": self.ids[name], "status": "active",
                    "requester": {"vpc": self.ids[requester],
                                  "allow_dns_resolution_from_remote_vpc": allow},
                    "accepter": {"vpc": self.ids[accepter],
                                 "allow_dns_resolution_from_remote_vpc": False}}

        def endpoint(name, direction, last):
            return {"id": self.ids[name], "direction": direction, "vpc": self.ids["hub"],
                    "ip_addresses": [f"10.0.1.{last}", f"10.0.2.{last}"], "protocols": ["Do53"]}

        return {
            "vpcs": [
                vpc("hub", "network", WEST, "10.0.0.0/16", "10.50.0.0/16"),
                vpc("east", "network", EAST, "10.1.0.0/16", autodefined_reverse="DISABLED"),
                vpc("apps", "apps", WEST, "10.2.0.0/16"),
                vpc("alone", "apps", WEST, "10.3.0.0/16", hostnames=False),
                *(vpc(f"default-{account}-{region}", account, region, "172.31.0.0/16")
                  for account, region in PLACES)],
            "vpc_peering_connections": [peering("hub-east", "hub", "east", False),
                                        peering("hub-apps", "hub", "apps", True)],
            "transit_gateways": [{"id": self.ids["gateway"], "vpcs": [self.ids["hub"]]}],
            "health_checks": [{"id": self.ids["check"], "type": "TCP", "ip_address": "10.0.1.5",
                               "port": 443, "request_interval": "10s", "failure_threshold": 3}],
            "resolver_endpoints": [endpoint("inbound", "INBOUND", 10),
                                   endpoint("outbound", "OUTBOUND", 20)],
            "resolver_rules": [
                {"id": self.ids["to-dc"], "domain_name": "dc.example", "rule_type": "FORWARD",
                 "resolver_endpoint": self.ids["outbound"], "vpcs": [self.ids["hub"]],
                 "target_ips": [{"ip": "192.168.0.53", "port": 53},
                                {"ip": "192.168.0.54", "port": 5353}]},
                {"id": self.ids["not-to-dc"], "domain_name": "cloud.dc.example",
                 "rule_type": "SYSTEM", "vpcs": [self.ids["hub"]]}],
            "profiles": [{"id": "rp-1", "name": "common", "vpcs": [self.ids["alone"]],
                          "hosted_zones": [self.ids["corp"]]}],
            "hosted_zones": [
                {"id": self.ids[key], "name": name, "vpcs": [self.ids[vpc] for vpc in vpcs],
                 "record_sets": [self._set(said) for said in self.sets[key]]}
                for key, name, vpcs in (("corp", "corp.example", ("hub", "east", "apps")),
                                        ("local-hub", "local.example", ("hub",)),
                                        ("local-apps", "local.example", ("apps",)),
                                        ("many", "many.example", ("apps",)))],
        }

    # --- building

    def ask(self, account, region, *arguments):
        return self.cloud.aws(account, region, *arguments)

    # --- networks

    def _vpc(self, name, account, region, cidr, hostnames=True):
        made = self.ask(account, region, "ec2", "create-vpc", "--cidr-block", cidr)
        vpc = self.ids[name] = made["Vpc"]["VpcId"]
        if hostnames:
            self.ask(account, region, "ec2", "modify-vpc-attribute", "--vpc-id", vpc,
                     "--enable-dns-hostnames", '{"Value": true}')
        return vpc

    def _networks(self):
        for account, region in PLACES:
            made = self.ask(account, region, "ec2", "describe-vpcs")
            self.ids[f"default-{account}-{region}"] = made["Vpcs"][0]["VpcId"]
        hub = self._vpc("hub", "network", WEST, "10.0.0.0/16")
        self.ask("network", WEST, "ec2", "associate-vpc-cidr-block", "--vpc-id", hub,
                 "--cidr-block", "10.50.0.0/16")
        self._vpc("east", "network", EAST, "10.1.0.0/16")
        self._vpc("apps", "apps", WEST, "10.2.0.0/16")
        self._vpc("alone", "apps", WEST, "10.3.0.0/16", hostnames=False)
        for letter, cidr in (("a", "10.0.1.0/24"), ("b", "10.0.2.0/24")):
            made = self.ask("network", WEST, "ec2", "create-subnet", "--vpc-id", hub,
                            "--cidr-block", cidr, "--availability-zone", WEST + letter)
            self.ids[f"subnet-{letter}"] = made["Subnet"]["SubnetId"]
        made = self.ask("network", WEST, "ec2", "create-security-group", "--group-name", "dns",
                        "--description", "resolver", "--vpc-id", hub)
        self.ids["group"] = made["GroupId"]
        for protocol in ("udp", "tcp"):
            self.ask("network", WEST, "ec2", "authorize-security-group-ingress", "--group-id",
                     made["GroupId"], "--protocol", protocol, "--port", "53",
                     "--cidr", "10.0.0.0/8")

        self.ask("network", WEST, "ec2", "create-managed-prefix-list", "--prefix-list-name", "dc",
                 "--max-entries", "5", "--address-family", "IPv4",
                 "--entries", "Cidr=192.168.0.0/16,Description=dc")

    # --- what connects them

    def _peer(self, name, requester, accepter, account, region):
        made = self.ask("network", WEST, "ec2", "create-vpc-peering-connection",
                        "--vpc-id", self.ids[requester], "--peer-vpc-id", self.ids[accepter],
                        "--peer-owner-id", self.account(account), "--peer-region", region)
        peering = self.ids[name] = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        self.ask(account, region, "ec2", "accept-vpc-peering-connection",
                 "--vpc-peering-connection-id", peering)

    @staticmethod
    def account(name):
        return {"network": "111122223333", "apps": "444455556666"}[name]

    def _links(self):
        self._peer("hub-east", "hub", "east", "network", EAST)
        self._peer("hub-apps", "hub", "apps", "apps", WEST)
        self.ask("network", WEST, "ec2", "modify-vpc-peering-connection-options",
                 "--vpc-peering-connection-id", self.ids["hub-apps"],
                 "--requester-peering-connection-options", "AllowDnsResolutionFromRemoteVpc=true")
        made = self.ask("network", WEST, "ec2", "create-transit-gateway")
        self.ids["gateway"] = made["TransitGateway"]["TransitGatewayId"]
        self.ask("network", WEST, "ec2", "create-transit-gateway-vpc-attachment",
                 "--transit-gateway-id", self.ids["gateway"], "--vpc-id", self.ids["hub"],
                 "--subnet-ids", self.ids["subnet-a"])

    # --- endpoints and rules

    def _endpoint(self, name, direction, last):
        made = self.ask("network", WEST, "route53resolver", "create-resolver-endpoint",
                        "--name", name, "--creator-request-id", name, "--direction", direction,
                        "--security-group-ids", self.ids["group"], "--ip-addresses",
                        *(f"SubnetId={self.ids['subnet-' + letter]},Ip=10.0.{net}.{last}"
                          for letter, net in (("a", 1), ("b", 2))))
        self.ids[name] = made["ResolverEndpoint"]["Id"]

    def _rule(self, name, *more):
        made = self.ask("network", WEST, "route53resolver", "create-resolver-rule", "--name", name,
                        "--creator-request-id", name, *more)
        self.ids[name] = made["ResolverRule"]["Id"]

    def _resolver(self):
        self._endpoint("inbound", "INBOUND", 10)
        self._endpoint("outbound", "OUTBOUND", 20)
        self._rule("to-dc", "--rule-type", "FORWARD", "--domain-name", "dc.example",
                   "--resolver-endpoint-id", self.ids["outbound"],
                   "--target-ips", "Ip=192.168.0.53,Port=53", "Ip=192.168.0.54,Port=5353")
        self._rule("not-to-dc", "--rule-type", "SYSTEM", "--domain-name", "cloud.dc.example")
        for rule in ("to-dc", "not-to-dc"):
            self.ask("network", WEST, "route53resolver", "associate-resolver-rule", "--name", rule,
                     "--resolver-rule-id", self.ids[rule], "--vpc-id", self.ids["hub"])
        self.cloud.tell("answer", ListResolverConfigs={EAST: {"ResolverConfigs": [
            {"Id": "rslvr-rc-1", "ResourceId": self.ids["east"],
             "OwnerId": self.account("network"), "AutodefinedReverse": "DISABLED"}]}})
        self.cloud.tell(
            "answer",
            ListFirewallDomainLists={WEST: {"FirewallDomainLists": [
                {"Id": "rslvr-fdl-1", "Name": "ours"},
                {"Id": "rslvr-fdl-2", "Name": "AWSManagedDomainsMalwareDomainList",
                 "ManagedOwnerName": "Route 53 Resolver DNS Firewall"}]}},
            ListFirewallDomains={WEST: {"Domains": ["bad.example."]}},
            ListFirewallRuleGroups={WEST: {"FirewallRuleGroups": [
                {"Id": "rslvr-frg-1", "Name": "block"}]}})

    # --- zones and records

    def _zone(self, key, account, name, vpc=None, region=WEST):
        made = self.ask(account, WEST, "route53", "create-hosted-zone", "--name", name,
                        "--caller-reference", key,
                        *(["--vpc", f"VPCRegion={region},VPCId={self.ids[vpc]}",
                           "--hosted-zone-config", "PrivateZone=true"] if vpc else []))
        self.ids[key] = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
        if vpc:
            self._records(account, key, [
                {"Name": name, "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": SOA}]},
                {"Name": name, "Type": "NS", "TTL": 172800,
                 "ResourceRecords": [{"Value": server} for server in SERVERS]}])

    def _records(self, account, key, sets):
        self.sets.setdefault(key, []).extend(sets)
        text = json.dumps({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": s}
                                       for s in sets]})
        for word, meant in (("HEALTH", self.ids.get("check")), ("ZONE", self.ids[key])):
            text = text.replace(f'"{word}"', f'"{meant}"')
        self.ask(account, WEST, "route53", "change-resource-record-sets", "--hosted-zone-id",
                 self.ids[key], "--change-batch", text)

    def _zones(self):
        made = self.ask("network", WEST, "route53", "create-health-check", "--caller-reference",
                        "1", "--health-check-config",
                        json.dumps({"Type": "TCP", "IPAddress": "10.0.1.5", "Port": 443,
                                    "RequestInterval": 10, "FailureThreshold": 3}))
        self.ids["check"] = made["HealthCheck"]["Id"]
        self._zone("corp", "network", "corp.example", "hub")
        for vpc, region in (("east", EAST), ("apps", WEST)):
            self.ask("network", WEST, "route53", "associate-vpc-with-hosted-zone",
                     "--hosted-zone-id", self.ids["corp"],
                     "--vpc", f"VPCRegion={region},VPCId={self.ids[vpc]}")
        self._records("network", "corp", RECORDS)
        # two zones of one name, told apart by nothing but their ids
        self._zone("local-hub", "network", "local.example", "hub")
        self._records("network", "local-hub", [self._address("db.local.example", "10.0.1.11")])
        self._zone("local-apps", "apps", "local.example", "apps")
        self._records("apps", "local-apps", [self._address("db.local.example", "10.2.1.11")])
        # more than one page of records
        self._zone("many", "apps", "many.example", "apps")
        self._records("apps", "many", [self._address(f"host{i}.many.example", f"10.2.2.{i % 250}")
                                       for i in range(310)])
        self._zone("public", "network", "corp.example")
        self._records("network", "public", [self._address("www.corp.example", "203.0.113.5")])

    @staticmethod
    def _address(name, address):
        return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}

    # --- a Profile, by which `alone` sees a zone

    def _profile(self):
        self.cloud.tell(
            "answer",
            ListProfiles={WEST: {"ProfileSummaries": [
                {"Id": "rp-1", "Arn": "arn:aws:route53profiles:::profile/rp-1",
                 "Name": "common", "ShareStatus": "NOT_SHARED"}]}},
            ListProfileAssociations={WEST: {"ProfileAssociations": [
                {"Id": "rpassoc-1", "ProfileId": "rp-1", "ResourceId": self.ids["alone"],
                 "OwnerId": self.account("apps"), "Status": "COMPLETE"}]}},
            ListProfileResourceAssociations={WEST: {"ProfileResourceAssociations": [
                {"Id": "rpr-1", "ProfileId": "rp-1", "Status": "COMPLETE",
                 "ResourceType": "PRIVATE_HOSTED_ZONE", "ResourceArn":
                 f"arn:aws:route53:::hostedzone/{self.ids['corp']}"}]}})
