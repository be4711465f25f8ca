#include <string.h>

#include "base/bytes.h"
#include "load/cfn.h"

/*
 * What is inside a VPC, but for its filters.  Lint alone reads it, and what nobody declares is
 * in nobody's way: so what is unknown here is left out whole, or counts as a way that is open.
 */

#define NOT_KNOWN "not-known"	/* a target, or a list of blocks, that nothing declares */

static const struct cfn_row in_vpc_rows[] = {
	{ "VpcId", "vpc", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row destination_rows[] = {
	{ "DestinationCidrBlock", "destination_cidr_block", CFN_TEXT, .needed = true },
	{ "DestinationIpv6CidrBlock", "destination_cidr_block", CFN_TEXT, .needed = true },
	{ "DestinationPrefixListId", "destination_prefix_list", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row options_rows[] = {
	{ "DomainNameServers", "domain_name_servers", CFN_TEXTS, .needed = true },
	{ 0 },
};

static const struct cfn_row service_rows[] = {
	{ "VpcId", "vpc", CFN_TEXT, .needed = true },
	{ "ServiceName", "service_name", CFN_TEXT, .needed = true },
	{ "VpcEndpointType", "vpc_endpoint_type", CFN_TEXT, .needed = true },
	{ "PrivateDnsEnabled", "private_dns_enabled", .form = CFN_TEXT },
	{ 0 },
};

struct cfn_object *
cfn_inside(struct cfn_resource *r, const char *property, const char *list)
{
	const struct yaml_node *id = cfn_property(r, property, "the resource is");
	struct cfn_object *object = id ? cfn_object_find(r->stack->cfn, list, id->text) : NULL;

	if (id && !object)
		declare_skipped(r->stack->cfn->declare,
				declare_place(r->stack->template->path, r->node),
				"%s %s: %s is not here", r->type, r->id, id->text);
	return object;
}

struct cfn_object *
cfn_object_in_vpc(struct cfn_resource *r, const char *list)
{
	struct cfn_value vpc = cfn_member(r->stack, r->properties, "VpcId");

	if (vpc.state != CFN_ABSENT)
		return cfn_object_of(r, list, in_vpc_rows);
	declare_skipped(r->stack->cfn->declare,
			declare_place(r->stack->template->path, r->node),
			"%s %s: in the default VPC", r->type, r->id);
	return NULL;
}

/* --- subnets */

/** Which zone it is in changes nothing, and is seldom known. */
static void
put_zone(struct cfn_resource *r, struct yaml_node *map)
{
	struct cfn_value zone = cfn_member(r->stack, r->properties, "AvailabilityZone");

	if (zone.state == CFN_VALUE && zone.node->kind == YAML_SCALAR)
		nodes_put(&r->stack->cfn->declare->nodes, map, "availability_zone",
			  cfn_relocate(r->stack->cfn, zone, zone.node).node);
}

/** One whose place is unknown may be the one that everything gets through. */
static void
give_up(struct cfn_resource *r)
{
	const struct yaml_node *vpc = cfn_property(r, "VpcId", "the resource is");
	struct cfn *cfn = r->stack->cfn;

	cfn_report_unknown(r, "where it is", NULL, "no block of it is known",
			   "subnets and route tables of its VPC are");
	if (vpc && table_put_string(&cfn->opaque, vpc->text, r) != OK)
		cfn->nomem = true;
}

void
cfn_add_subnet(struct cfn_resource *r)
{
	static const char *const keys[] = { "CidrBlock", "Ipv6CidrBlock" };
	const struct yaml_node *blocks[COUNT_OF(keys)];
	struct cfn_object *subnet;
	bool any = false;

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		blocks[i] = cfn_property(r, keys[i], "the block is");
		any |= blocks[i] != NULL;
	}
	if (!any) {
		give_up(r);
		return;
	}
	subnet = cfn_object_in_vpc(r, "subnets");
	if (!subnet)
		return;
	put_zone(r, subnet->map);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		cfn_object_append(subnet, "cidr_blocks", blocks[i]);
}

/* --- route tables */

/** A VPC's main one is in no template: one that no subnet has tells of nobody's way. */
void
cfn_add_route_table(struct cfn_resource *r)
{
	struct cfn_object *table = cfn_object_in_vpc(r, "route_tables");

	if (table)
		table->left_out = !table->more;
}

void
cfn_add_table_association(struct cfn_resource *r)
{
	struct cfn_object *table = cfn_inside(r, "RouteTableId", "route_tables");

	if (!table)
		return;
	table->left_out = false;	/* nor where the subnet is unknown */
	if (cfn_inside(r, "SubnetId", "subnets"))
		cfn_object_join(table, "subnets", cfn_property(r, "SubnetId", "the resource is"),
				r);
}

/** A gateway's kind is told by how its id begins, which of a template's own it does not. */
static const struct yaml_node *
gateway_id(struct cfn_resource *r, const struct yaml_node *id)
{
	static const struct { const char *type, *prefix; } kinds[] = {
		{ "AWS::EC2::InternetGateway", "igw-" },
		{ "AWS::EC2::EgressOnlyInternetGateway", "eigw-" },
	};
	struct cfn *cfn = r->stack->cfn;
	const struct cfn_resource *gateway = table_find_string(&cfn->resources, id->text);

	for (size_t i = 0; gateway && i < COUNT_OF(kinds); i++) {
		const char *text;

		if (strcmp(gateway->type, kinds[i].type) != 0 ||
		    strncmp(id->text, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			continue;
		text = arena_printf(cfn->declare->scratch, "%s%s", kinds[i].prefix, id->text);
		cfn->nomem |= !text;
		return text ? nodes_text(&cfn->declare->nodes, text, id) : NULL;
	}
	return id;
}

/** What nothing declares is some gateway, and may lead anywhere. */
static void
put_target(struct cfn_resource *r, struct yaml_node *map)
{
	static const struct { const char *property, *key, *list; } targets[] = {
		{ "VpcPeeringConnectionId", "vpc_peering_connection", "vpc_peering_connections" },
		{ "TransitGatewayId", "transit_gateway", "transit_gateways" },
		{ "NatGatewayId", "nat_gateway", NULL },
		{ "NetworkInterfaceId", "network_interface", NULL },
		{ "InstanceId", "network_interface", NULL },
		{ "GatewayId", "gateway", NULL },
		{ "EgressOnlyInternetGatewayId", "gateway", NULL },
		{ "CarrierGatewayId", "gateway", NULL }, { "LocalGatewayId", "gateway", NULL },
		{ "VpcEndpointId", "gateway", NULL }, { "CoreNetworkArn", "gateway", NULL },
	};
	struct cfn *cfn = r->stack->cfn;
	struct nodes *nodes = &cfn->declare->nodes;
	const char *key = "gateway";
	const struct yaml_node *id = NULL;

	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		if (cfn_member(r->stack, r->properties, targets[i].property).state == CFN_ABSENT)
			continue;
		id = cfn_property(r, targets[i].property, "where the route leads is");
		if (!targets[i].list || (id && cfn_object_find(cfn, targets[i].list, id->text)))
			key = targets[i].key;
		break;
	}
	if (id && strcmp(key, "gateway") == 0)
		id = gateway_id(r, id);
	nodes_put(nodes, map, key, id ? id : nodes_text(nodes, NOT_KNOWN, r->node));
}

void
cfn_add_route(struct cfn_resource *r)
{
	struct cfn_object *table = cfn_inside(r, "RouteTableId", "route_tables");
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map = table ? nodes_map(nodes, r->node) : NULL;

	if (!map)
		return;
	if (!cfn_translate(r, destination_rows, r->properties, map) || !map->count) {
		map = nodes_map(nodes, r->node);
		nodes_put(nodes, map, "destination_prefix_list",
			  nodes_text(nodes, NOT_KNOWN, r->node));
	}
	put_target(r, map);
	cfn_object_join(table, "routes", map, r);
}

/** Routes that a VPN gateway learns: to whom is in no template. */
void
cfn_add_propagation(struct cfn_resource *r)
{
	struct cfn_value tables = cfn_member(r->stack, r->properties, "RouteTableIds");
	struct cfn *cfn = r->stack->cfn;
	struct nodes *nodes = &cfn->declare->nodes;

	for (const struct yaml_item *i = tables.state == CFN_VALUE &&
	     tables.node->kind == YAML_SEQUENCE ? tables.node->first : NULL; i && cfn_spend(cfn, 1);
	     i = i->next) {
		struct cfn_value id = cfn_resolve_text(r->stack, i->value);
		struct cfn_object *table = NULL;
		struct yaml_node *map;

		if (id.state == CFN_VALUE)
			table = cfn_object_find(cfn, "route_tables", id.node->text);
		map = table ? nodes_map(nodes, r->node) : NULL;
		if (!map)
			continue;
		nodes_put(nodes, map, "destination_prefix_list",
			  nodes_text(nodes, NOT_KNOWN, r->node));
		nodes_put(nodes, map, "gateway", nodes_text(nodes, NOT_KNOWN, r->node));
		cfn_object_join(table, "routes", map, r);
	}
}

/* --- DHCP options */

void
cfn_add_dhcp_options(struct cfn_resource *r)
{
	cfn_object_of(r, "dhcp_options", options_rows);
}

void
cfn_add_dhcp_association(struct cfn_resource *r)
{
	struct cfn_object *options = cfn_inside(r, "DhcpOptionsId", "dhcp_options");

	if (options)
		cfn_object_join(options, "vpcs", cfn_property(r, "VpcId", "the resource is"), r);
}

/* --- endpoints of services */

/** Private DNS of an endpoint is a zone of its VPC; its addresses are in no template. */
static void
report_private_dns(struct cfn_resource *r)
{
	struct cfn_value on = cfn_member(r->stack, r->properties, "PrivateDnsEnabled");

	if (on.state == CFN_UNKNOWN || cfn_is_true(&on))
		diag_open(r->stack->cfn->declare->diags, SEVERITY_NOTE, "CFG006", "not-modelled",
			  declare_place(r->stack->template->path, r->node),
			  "%s %s: the private names of the endpoint are answered with its "
			  "addresses, which are not modelled", r->type, r->id);
}

void
cfn_add_service_endpoint(struct cfn_resource *r)
{
	struct cfn_value service = cfn_member(r->stack, r->properties, "ServiceName");
	struct cfn_value subnets = cfn_member(r->stack, r->properties, "SubnetIds");
	struct cfn *cfn = r->stack->cfn;
	struct cfn_object *endpoint;

	report_private_dns(r);
	if (service.state == CFN_ABSENT) {
		declare_skipped(cfn->declare, declare_place(r->stack->template->path, r->node),
				"%s %s: an endpoint of no service", r->type, r->id);
		return;
	}
	endpoint = cfn_object_of(r, "vpc_endpoints", service_rows);
	if (!endpoint)
		return;
	cfn_put_groups(r, endpoint->map);
	for (const struct yaml_item *i = subnets.state == CFN_VALUE &&
	     subnets.node->kind == YAML_SEQUENCE ? subnets.node->first : NULL; i && cfn_spend(cfn, 1);
	     i = i->next) {
		struct cfn_value id = cfn_resolve_text(r->stack, i->value);

		if (id.state == CFN_VALUE && cfn_object_find(cfn, "subnets", id.node->text))
			cfn_object_append(endpoint, "subnets",
					  cfn_relocate(cfn, id, i->value).node);
	}
}
