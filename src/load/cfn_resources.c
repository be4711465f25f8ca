#include <string.h>

#include "load/cfn.h"

static const struct cfn_kind kinds[] = {
	{ "AWS::EC2::VPC", CFN_OBJECTS, cfn_add_vpc, "VpcId", NULL, false },
	{ "AWS::EC2::VPCCidrBlock", CFN_JOINS, cfn_add_vpc_cidr, NULL, NULL, false },
	{ "AWS::EC2::Subnet", CFN_OBJECTS, cfn_add_subnet, "SubnetId", NULL, false },
	{ "AWS::EC2::RouteTable", CFN_OBJECTS, cfn_add_route_table, "RouteTableId", NULL, false },
	{ "AWS::EC2::SubnetRouteTableAssociation", CFN_JOINS, cfn_add_table_association, NULL,
	  NULL, false },
	{ "AWS::EC2::Route", CFN_ROUTES, cfn_add_route, NULL, NULL, false },
	{ "AWS::EC2::VPNGatewayRoutePropagation", CFN_ROUTES, cfn_add_propagation, NULL, NULL,
	  false },
	{ "AWS::EC2::InternetGateway", CFN_OBJECTS, NULL, "InternetGatewayId", NULL, false },
	{ "AWS::EC2::EgressOnlyInternetGateway", CFN_OBJECTS, NULL, "Id", NULL, false },
	{ "AWS::EC2::NatGateway", CFN_OBJECTS, NULL, "NatGatewayId", NULL, false },
	{ "AWS::EC2::VPNGateway", CFN_OBJECTS, NULL, "VPNGatewayId", NULL, false },
	{ "AWS::EC2::NetworkInterface", CFN_OBJECTS, NULL, "Id", NULL, false },
	{ "AWS::EC2::PrefixList", CFN_OBJECTS, NULL, "PrefixListId", NULL, false },
	{ "AWS::EC2::SecurityGroup", CFN_OBJECTS, cfn_add_security_group, "GroupId", NULL, false },
	{ "AWS::EC2::SecurityGroupIngress", CFN_JOINS, cfn_add_ingress, NULL, NULL, false },
	{ "AWS::EC2::SecurityGroupEgress", CFN_JOINS, cfn_add_egress, NULL, NULL, false },
	{ "AWS::EC2::NetworkAcl", CFN_OBJECTS, cfn_add_network_acl, "Id", NULL, false },
	{ "AWS::EC2::NetworkAclEntry", CFN_JOINS, cfn_add_acl_entry, NULL, NULL, false },
	{ "AWS::EC2::SubnetNetworkAclAssociation", CFN_JOINS, cfn_add_acl_association, NULL, NULL,
	  false },
	{ "AWS::EC2::DHCPOptions", CFN_OBJECTS, cfn_add_dhcp_options, "DhcpOptionsId", NULL,
	  false },
	{ "AWS::EC2::VPCDHCPOptionsAssociation", CFN_JOINS, cfn_add_dhcp_association, NULL, NULL,
	  false },
	{ "AWS::EC2::VPCEndpoint", CFN_JOINS, cfn_add_service_endpoint, "Id", NULL, false },
	{ "AWS::EC2::VPCPeeringConnection", CFN_OBJECTS, cfn_add_peering, "Id", NULL, false },
	{ "AWS::EC2::TransitGateway", CFN_OBJECTS, cfn_add_transit_gateway, "Id", NULL, false },
	{ "AWS::EC2::TransitGatewayAttachment", CFN_JOINS, cfn_add_attachment, "Id", NULL, false },
	{ "AWS::EC2::TransitGatewayVpcAttachment", CFN_JOINS, cfn_add_attachment, "Id", NULL,
	  false },
	{ "AWS::Route53::HostedZone", CFN_OBJECTS, cfn_add_zone, "Id", "hostedzone", false },
	{ "AWS::Route53::RecordSet", CFN_RECORDS, cfn_add_record_set, NULL, NULL, false },
	{ "AWS::Route53::RecordSetGroup", CFN_RECORDS, cfn_add_record_set_group, NULL, NULL,
	  false },
	{ "AWS::Route53::HealthCheck", CFN_OBJECTS, cfn_add_health_check, "HealthCheckId", NULL,
	  false },
	{ "AWS::Route53Resolver::ResolverEndpoint", CFN_OBJECTS, cfn_add_endpoint,
	  "ResolverEndpointId", "resolver-endpoint", false },
	{ "AWS::Route53Resolver::ResolverRule", CFN_OBJECTS, cfn_add_rule, "ResolverRuleId",
	  "resolver-rule", false },
	{ "AWS::Route53Resolver::ResolverRuleAssociation", CFN_JOINS, cfn_add_rule_association,
	  NULL, NULL, false },
	{ "AWS::Route53Resolver::ResolverConfig", CFN_JOINS, cfn_add_resolver_config, NULL, NULL,
	  false },
	{ "AWS::Route53Profiles::Profile", CFN_OBJECTS, cfn_add_profile, "Id", "profile", false },
	{ "AWS::Route53Profiles::ProfileAssociation", CFN_JOINS, cfn_add_profile_association,
	  NULL, NULL, false },
	{ "AWS::Route53Profiles::ProfileResourceAssociation", CFN_JOINS,
	  cfn_add_profile_resource, NULL, NULL, false },
	{ "AWS::Route53Resolver::FirewallRuleGroup", CFN_OBJECTS, NULL, "Id", "firewall-rule-group",
	  true },
	{ "AWS::Route53Resolver::FirewallRuleGroupAssociation", CFN_OBJECTS, NULL, "Id", NULL,
	  true },
	{ "AWS::ServiceDiscovery::PrivateDnsNamespace", CFN_OBJECTS, NULL, "Id", NULL, true },
	{ "AWS::ServiceDiscovery::Service", CFN_OBJECTS, NULL, "Id", NULL, true },
	{ "AWS::ServiceDiscovery::Instance", CFN_OBJECTS, NULL, NULL, NULL, true },
};

const struct cfn_kind *
cfn_kind(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return &kinds[i];
	return NULL;
}

/* --- networks */

static const struct cfn_row vpc_rows[] = {
	{ "EnableDnsSupport", "enable_dns_support", .form = CFN_TEXT },
	{ "EnableDnsHostnames", "enable_dns_hostnames", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_word enable_words[] = {
	{ "enable", "true" }, { "disable", "false" }, { 0 },
};

static const struct cfn_row gateway_rows[] = {
	{ "DnsSupport", "dns_support", CFN_WORD, .words = enable_words },
	{ 0 },
};

void
cfn_put_pseudo(struct cfn_resource *r, struct yaml_node *map, const char *key,
	       const char *parameter)
{
	struct cfn_value value = cfn_ref(r->stack, parameter, r->node);

	if (value.state == CFN_VALUE)
		nodes_put(&r->stack->cfn->declare->nodes, map, key, value.node);
}

void
cfn_add_vpc(struct cfn_resource *r)
{
	struct cfn_value block = cfn_member(r->stack, r->properties, "CidrBlock");
	const struct yaml_node *said = r->properties ? yaml_find(r->properties, "CidrBlock") : NULL;
	struct cfn_object *object;

	if (block.state == CFN_ABSENT)
		block = cfn_unknown(r->stack->cfn, "it is taken from a pool when it is deployed");
	if (block.state == CFN_UNKNOWN) {
		cfn_report_unknown(r, "CidrBlock", said, block.why, "the resource is");
		return;
	}
	object = cfn_object_of(r, "vpcs", vpc_rows);
	if (!object)
		return;
	cfn_object_append(object, "cidr_blocks",
			  cfn_relocate(r->stack->cfn, block, block.node).node);
	cfn_put_pseudo(r, object->map, "region", "AWS::Region");
	cfn_put_pseudo(r, object->map, "owner_id", "AWS::AccountId");
}

/** The object that a property names; NULL: none of the templates', or unknown (reported). */
struct cfn_object *
cfn_joined(struct cfn_resource *r, const char *property, const char *list)
{
	const struct yaml_node *id = cfn_property(r, property, "the resource is");
	struct cfn_object *object = id ? cfn_object_find(r->stack->cfn, list, id->text) : NULL;

	if (id && !object)
		cfn_report_unknown(r, property, id, "it names nothing of the templates",
				   "the resource is");
	return object;
}

void
cfn_add_vpc_cidr(struct cfn_resource *r)
{
	static const char *const blocks[] = { "CidrBlock", "Ipv6CidrBlock" };
	struct cfn_object *vpc = cfn_joined(r, "VpcId", "vpcs");
	const struct yaml_node *block;
	bool any = false;

	for (size_t i = 0; vpc && i < 2; i++) {
		if (!r->properties || !yaml_find(r->properties, blocks[i]))
			continue;
		any = true;
		block = cfn_property(r, blocks[i], "the block is");
		cfn_object_append(vpc, "cidr_blocks", block);
	}
	if (vpc && !any)
		cfn_report_unknown(r, "the block", NULL, "it is given when it is deployed",
				   "the block is");
}

/** What CloudFormation has no property for, Metadata may say (Causeway). */
void
cfn_add_peering(struct cfn_resource *r)
{
	static const char *const sides[][2] = {
		{ "VpcId", "requester" }, { "PeerVpcId", "accepter" },
	};
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map = nodes_map(nodes, r->node);
	struct cfn_object *object;

	for (size_t i = 0; i < 2; i++) {
		const struct yaml_node *vpc = cfn_property(r, sides[i][0], "the resource is");
		struct yaml_node *side = vpc ? nodes_map(nodes, vpc) : NULL;

		if (!side)
			return;
		nodes_put(nodes, side, "vpc", vpc);
		nodes_put(nodes, map, sides[i][1], side);
	}
	object = cfn_object_new(r, "vpc_peering_connections", r->id, map);
	if (object)
		object->more = cfn_overrides(r);
}

void
cfn_add_transit_gateway(struct cfn_resource *r)
{
	cfn_object_of(r, "transit_gateways", gateway_rows);
}

/** One that is shared is of no template: its attachments tell of it. */
void
cfn_add_attachment(struct cfn_resource *r)
{
	const struct yaml_node *gateway = cfn_property(r, "TransitGatewayId", "the resource is");
	const struct yaml_node *vpc = cfn_property(r, "VpcId", "the resource is");
	struct cfn_object *object;

	if (!gateway || !vpc)
		return;
	object = cfn_object_find(r->stack->cfn, "transit_gateways", gateway->text);
	if (!object)
		object = cfn_object_new(r, "transit_gateways", gateway->text, NULL);
	if (object)
		cfn_object_append(object, "vpcs", vpc);
}
