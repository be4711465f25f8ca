#include "load/schema_rows.h"

#include "estate/estate.h"

#define REF_VPC	      (1u << OBJECT_VPC)
#define REF_SUBNET    (1u << OBJECT_SUBNET)
#define REF_GROUP     (1u << OBJECT_SECURITY_GROUP)
#define REF_INTERFACE (1u << OBJECT_NETWORK_INTERFACE)
#define REF_PEERING   (1u << OBJECT_PEERING)
#define REF_GATEWAY   (1u << OBJECT_TRANSIT_GATEWAY)
#define REF_DOMAINS   (1u << OBJECT_FIREWALL_DOMAIN_LIST)

/* ICMP has types in the place of ports, which nothing here asks about. */
static const struct schema_word protocol_words[] = {
	{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "icmpv6", 58 }, { "-1", IP_PROTOCOL_ANY },
	{ 0 },
};
static const struct schema_word state_words[] = {
	{ "active", ROUTE_ACTIVE }, { "blackhole", ROUTE_BLACKHOLE }, { 0 },
};
static const struct schema_word acl_words[] = {
	{ "allow", ACL_ALLOW }, { "deny", ACL_DENY }, { 0 },
};
static const struct schema_word endpoint_words[] = {
	{ "Interface", VPC_ENDPOINT_INTERFACE }, { "Gateway", VPC_ENDPOINT_GATEWAY },
	{ "GatewayLoadBalancer", VPC_ENDPOINT_OTHER }, { "Resource", VPC_ENDPOINT_OTHER },
	{ "ServiceNetwork", VPC_ENDPOINT_OTHER }, { 0 },
};
static const struct schema_word firewall_words[] = {
	{ "ALLOW", FIREWALL_ALLOW }, { "ALERT", FIREWALL_ALERT }, { "BLOCK", FIREWALL_BLOCK },
	{ 0 },
};

static const struct schema_key subnet_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the subnet", TO(subnet, id) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is in",
	  TO(subnet, vpc) },
	{ "cidr_blocks", SCHEMA_PREFIX, .list = true, .required = true,
	  .doc = "its addresses, IPv4 and IPv6", TO(subnet, cidr_blocks) },
	{ "availability_zone", SCHEMA_STRING, .doc = "where it is",
	  TO(subnet, availability_zone) },
};

static const struct schema_key route_table_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the table", TO(route_table, id) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is of",
	  TO(route_table, vpc) },
	{ "main", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether it is for the subnets that are in no other table's list",
	  TO(route_table, main) },
	{ "subnets", SCHEMA_REF, .list = true, .refs = REF_SUBNET, .doc = "subnets that have it",
	  TO(route_table, subnets) },
	{ "routes", SCHEMA_MAP, .list = true, .map = MAP_ROUTE,
	  .doc = "where packets go; those to the VPC's own blocks need none",
	  TO(route_table, routes) },
};

static const struct schema_key route_keys[] = {
	{ "destination_cidr_block", SCHEMA_PREFIX,
	  .doc = "packets to these addresses, IPv4 or IPv6; of several the longest counts",
	  TO(vpc_route, destination_cidr_block), PLACE(vpc_route, destination_at) },
	{ "destination_prefix_list", SCHEMA_ID, .doc = "or to those of this list",
	  TO(vpc_route, destination_prefix_list) },
	{ "vpc_peering_connection", SCHEMA_REF, .refs = REF_PEERING,
	  .doc = "over this peering", TO(vpc_route, vpc_peering_connection) },
	{ "transit_gateway", SCHEMA_REF, .refs = REF_GATEWAY, .doc = "to this transit gateway",
	  TO(vpc_route, transit_gateway) },
	{ "gateway", SCHEMA_ID,
	  .doc = "`local`, or the id of an internet gateway, a VPN gateway, or of another way out",
	  TO(vpc_route, gateway) },
	{ "nat_gateway", SCHEMA_ID, .doc = "to this NAT gateway", TO(vpc_route, nat_gateway) },
	{ "network_interface", SCHEMA_ID, .doc = "to this interface, of an appliance as a rule",
	  TO(vpc_route, network_interface) },
	{ "state", SCHEMA_ENUM, .words = state_words, .fallback = "active",
	  .doc = "blackhole: what it leads to is gone", TO(vpc_route, state) },
};

static const struct schema_key security_group_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the group",
	  TO(security_group, id) },
	{ "name", SCHEMA_STRING, .doc = "its name, for people", TO(security_group, name) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is of",
	  TO(security_group, vpc) },
	{ "ip_permissions", SCHEMA_MAP, .list = true, .map = MAP_IP_PERMISSION,
	  .doc = "what may come in", .absent = "nothing", TO(security_group, ip_permissions) },
	{ "ip_permissions_egress", SCHEMA_MAP, .list = true, .map = MAP_IP_PERMISSION_EGRESS,
	  .doc = "what may go out", .absent = "nothing",
	  TO(security_group, ip_permissions_egress) },
};

static const struct schema_key permission_keys[] = {
	{ "ip_protocol", SCHEMA_INTEGER, .required = true, .words = protocol_words, .max = 255,
	  .doc = "protocol; -1 is all", TO(ip_permission, ip_protocol) },
	{ "from_port", SCHEMA_INTEGER, .max = PORT_MOST, .fallback = "0",
	  .doc = "TCP and UDP: the first port", TO(ip_permission, from_port) },
	{ "to_port", SCHEMA_INTEGER, .max = PORT_MOST, .fallback = "65535",
	  .doc = "TCP and UDP: the last port", TO(ip_permission, to_port) },
	{ "cidr_blocks", SCHEMA_PREFIX, .list = true, .doc = "the other end, IPv4 and IPv6",
	  TO(ip_permission, cidr_blocks) },
	{ "security_groups", SCHEMA_REF, .list = true, .refs = REF_GROUP,
	  .doc = "or an interface that has one of these", TO(ip_permission, security_groups) },
	{ "prefix_lists", SCHEMA_ID, .list = true, .doc = "or the blocks of these lists",
	  TO(ip_permission, prefix_lists) },
	{ "others", SCHEMA_BOOL, .fallback = "false",
	  .doc = "or somebody not declared here, as groups of another account are",
	  TO(ip_permission, others) },
};

static const struct schema_key network_acl_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the ACL", TO(network_acl, id) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is of",
	  TO(network_acl, vpc) },
	{ "is_default", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether it is for the subnets that are in no other ACL's list",
	  TO(network_acl, is_default) },
	{ "subnets", SCHEMA_REF, .list = true, .refs = REF_SUBNET, .doc = "subnets that have it",
	  TO(network_acl, subnets) },
	{ "entries", SCHEMA_MAP, .list = true, .map = MAP_ACL_ENTRY,
	  .doc = "what is let through and what not, either way", .absent = "nothing passes",
	  TO(network_acl, entries) },
};

static const struct schema_key acl_entry_keys[] = {
	{ "rule_number", SCHEMA_INTEGER, .required = true, .min = 1, .max = 32767,
	  .doc = "the lowest that matches decides; who matches none is denied",
	  TO(acl_entry, rule_number) },
	{ "egress", SCHEMA_BOOL, .required = true, .doc = "whether it is about what goes out",
	  TO(acl_entry, egress) },
	{ "protocol", SCHEMA_INTEGER, .required = true, .words = protocol_words, .max = 255,
	  .doc = "protocol; -1 is all", TO(acl_entry, protocol) },
	{ "rule_action", SCHEMA_ENUM, .required = true, .words = acl_words,
	  .doc = "what is done", TO(acl_entry, rule_action) },
	{ "cidr_block", SCHEMA_PREFIX, .required = true, .doc = "the other end, IPv4 or IPv6",
	  TO(acl_entry, cidr_block) },
	{ "from_port", SCHEMA_INTEGER, .max = PORT_MOST, .fallback = "0",
	  .doc = "TCP and UDP: the first port", TO(acl_entry, from_port) },
	{ "to_port", SCHEMA_INTEGER, .max = PORT_MOST, .fallback = "65535",
	  .doc = "TCP and UDP: the last port", TO(acl_entry, to_port) },
};

static const struct schema_key network_interface_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the interface",
	  TO(network_interface, id) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is in",
	  TO(network_interface, vpc) },
	{ "subnet", SCHEMA_REF, .refs = REF_SUBNET, .doc = "its subnet",
	  .absent = "the one that has its addresses", TO(network_interface, subnet) },
	{ "private_ip_addresses", SCHEMA_ADDRESS, .list = true,
	  .doc = "its addresses, IPv4 and IPv6", TO(network_interface, private_ip_addresses) },
	{ "security_groups", SCHEMA_REF, .list = true, .refs = REF_GROUP,
	  .doc = "what it lets through", .absent = "not known",
	  TO(network_interface, security_groups) },
};

static const struct schema_key vpc_endpoint_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the endpoint",
	  TO(vpc_endpoint, id) },
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC it is in",
	  TO(vpc_endpoint, vpc) },
	{ "service_name", SCHEMA_STRING, .required = true,
	  .doc = "the service, as com.amazonaws.eu-west-1.ssm", TO(vpc_endpoint, service_name) },
	{ "vpc_endpoint_type", SCHEMA_ENUM, .words = endpoint_words, .fallback = "Gateway",
	  .doc = "what it is", TO(vpc_endpoint, type) },
	{ "private_dns_enabled", SCHEMA_BOOL, .fallback = "false",
	  .doc = "whether the service's own name leads to it in the VPC",
	  TO(vpc_endpoint, private_dns_enabled) },
	{ "dns_entries", SCHEMA_MAP, .list = true, .map = MAP_DNS_ENTRY,
	  .doc = "its names, the private ones too where they are on",
	  TO(vpc_endpoint, dns_entries) },
	{ "subnets", SCHEMA_REF, .list = true, .refs = REF_SUBNET, .doc = "where it is",
	  TO(vpc_endpoint, subnets) },
	{ "security_groups", SCHEMA_REF, .list = true, .refs = REF_GROUP,
	  .doc = "what it lets through", TO(vpc_endpoint, security_groups) },
	{ "network_interfaces", SCHEMA_REF, .list = true, .refs = REF_INTERFACE,
	  .doc = "what it is reached by", TO(vpc_endpoint, network_interfaces) },
};

static const struct schema_key dns_entry_keys[] = {
	{ "dns_name", SCHEMA_NAME, .required = true, .doc = "the name",
	  TO(dns_entry, dns_name) },
	{ "hosted_zone", SCHEMA_ID, .doc = "id of the zone that it is in, a service's own",
	  TO(dns_entry, hosted_zone) },
};

static const struct schema_key dhcp_options_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the set", TO(dhcp_options, id) },
	{ "domain_name_servers", SCHEMA_STRING, .list = true,
	  .doc = "addresses, or `AmazonProvidedDNS`, the resolver of the VPC",
	  .absent = "AmazonProvidedDNS", TO(dhcp_options, domain_name_servers) },
	{ "vpcs", SCHEMA_REF, .list = true, .refs = REF_VPC, .doc = "VPCs that have it",
	  TO(dhcp_options, vpcs) },
};

static const struct schema_key prefix_list_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the list", TO(managed_prefix_list, id) },
	{ "cidr_blocks", SCHEMA_PREFIX, .list = true, .doc = "its blocks, IPv4 or IPv6",
	  TO(managed_prefix_list, cidr_blocks) },
};

static const struct schema_key domain_list_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the list",
	  TO(firewall_domain_list, id) },
	{ "name", SCHEMA_STRING, .doc = "its name, for people", TO(firewall_domain_list, name) },
	{ "domains", SCHEMA_STRING, .list = true, .doc = "x.example, or *.x.example",
	  TO(firewall_domain_list, domains) },
};

static const struct schema_key rule_group_keys[] = {
	{ "id", SCHEMA_ID, .required = true, .doc = "id of the group",
	  TO(firewall_rule_group, id) },
	{ "name", SCHEMA_STRING, .doc = "its name, for people", TO(firewall_rule_group, name) },
	{ "owner_id", SCHEMA_STRING, .doc = "account that owns it",
	  TO(firewall_rule_group, owner_id) },
	{ "rules", SCHEMA_MAP, .list = true, .map = MAP_FIREWALL_RULE, .doc = "its rules",
	  TO(firewall_rule_group, rules) },
	{ "associations", SCHEMA_MAP, .list = true, .map = MAP_FIREWALL_ASSOCIATION,
	  .doc = "VPCs that have it", TO(firewall_rule_group, associations) },
};

static const struct schema_key firewall_rule_keys[] = {
	{ "priority", SCHEMA_INTEGER, .required = true, .min = 0, .max = 4294967295,
	  .doc = "the lowest that matches decides", TO(firewall_rule, priority) },
	{ "action", SCHEMA_ENUM, .required = true, .words = firewall_words,
	  .doc = "what is done with the question", TO(firewall_rule, action) },
	{ "firewall_domain_list", SCHEMA_REF, .refs = REF_DOMAINS,
	  .doc = "the names it is about", .absent = "names that no list can tell",
	  TO(firewall_rule, domain_list) },
	{ "qtype", SCHEMA_RECORD_TYPE, .doc = "only this record type", .absent = "all",
	  TO(firewall_rule, qtype) },
};

static const struct schema_key firewall_association_keys[] = {
	{ "vpc", SCHEMA_REF, .required = true, .refs = REF_VPC, .doc = "the VPC",
	  TO(firewall_association, vpc) },
	{ "priority", SCHEMA_INTEGER, .required = true, .min = 0, .max = 4294967295,
	  .doc = "of the VPC's groups the lowest comes first",
	  TO(firewall_association, priority) },
};

static const struct schema_map maps[] = {
	[MAP_SUBNET - MAP_SUBNET] = { "subnets[]", "one subnet", KEYS(subnet_keys),
				      ITEM(subnet) },
	[MAP_ROUTE_TABLE - MAP_SUBNET] = { "route_tables[]", "one route table",
					   KEYS(route_table_keys), ITEM(route_table) },
	[MAP_ROUTE - MAP_SUBNET] = { "route_tables[].routes[]", "one destination and one target",
				     KEYS(route_keys), ITEM(vpc_route) },
	[MAP_SECURITY_GROUP - MAP_SUBNET] = { "security_groups[]", "one security group",
					      KEYS(security_group_keys), ITEM(security_group) },
	[MAP_IP_PERMISSION - MAP_SUBNET] = { "security_groups[].ip_permissions[]",
					     "who may send what", KEYS(permission_keys),
					     ITEM(ip_permission) },
	[MAP_IP_PERMISSION_EGRESS - MAP_SUBNET] = { "security_groups[].ip_permissions_egress[]",
						    "what may be sent to whom",
						    KEYS(permission_keys), ITEM(ip_permission) },
	[MAP_NETWORK_ACL - MAP_SUBNET] = { "network_acls[]", "one network ACL",
					   KEYS(network_acl_keys), ITEM(network_acl) },
	[MAP_ACL_ENTRY - MAP_SUBNET] = { "network_acls[].entries[]", "one entry",
					 KEYS(acl_entry_keys), ITEM(acl_entry) },
	[MAP_NETWORK_INTERFACE - MAP_SUBNET] = { "network_interfaces[]", "one interface",
						 KEYS(network_interface_keys),
						 ITEM(network_interface) },
	[MAP_VPC_ENDPOINT - MAP_SUBNET] = { "vpc_endpoints[]", "one endpoint of a service",
					    KEYS(vpc_endpoint_keys), ITEM(vpc_endpoint) },
	[MAP_DNS_ENTRY - MAP_SUBNET] = { "vpc_endpoints[].dns_entries[]", "one name",
					 KEYS(dns_entry_keys), ITEM(dns_entry) },
	[MAP_DHCP_OPTIONS - MAP_SUBNET] = { "dhcp_options[]", "one set of DHCP options",
					    KEYS(dhcp_options_keys), ITEM(dhcp_options) },
	[MAP_PREFIX_LIST - MAP_SUBNET] = { "prefix_lists[]", "one list", KEYS(prefix_list_keys),
					   ITEM(managed_prefix_list) },
	[MAP_FIREWALL_DOMAIN_LIST - MAP_SUBNET] = { "firewall_domain_lists[]", "one list",
						    KEYS(domain_list_keys),
						    ITEM(firewall_domain_list) },
	[MAP_FIREWALL_RULE_GROUP - MAP_SUBNET] = { "firewall_rule_groups[]", "one group",
						   KEYS(rule_group_keys),
						   ITEM(firewall_rule_group) },
	[MAP_FIREWALL_RULE - MAP_SUBNET] = { "firewall_rule_groups[].rules[]", "one rule",
					     KEYS(firewall_rule_keys), ITEM(firewall_rule) },
	[MAP_FIREWALL_ASSOCIATION - MAP_SUBNET] = { "firewall_rule_groups[].associations[]",
						    "one VPC", KEYS(firewall_association_keys),
						    ITEM(firewall_association) },
};

const struct schema_map *
schema_network_map(enum schema_map_id id)
{
	return &maps[id - MAP_SUBNET];
}
