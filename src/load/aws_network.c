#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

#define REF_VPC	    (1u << OBJECT_VPC)
#define REF_SUBNET  (1u << OBJECT_SUBNET)
#define REF_PEERING (1u << OBJECT_PEERING)
#define REF_GATEWAY (1u << OBJECT_TRANSIT_GATEWAY)

/* Subnets and where their packets go. */

static void
add(struct aws *a, enum object_kind kind, void *object)
{
	if (!a->nomem && estate_add_object(a->estate, kind, object, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

static void
add_subnet(struct aws *a, const struct aws_item *item)
{
	struct subnet *subnet = aws_new(a, sizeof(*subnet));

	if (!subnet)
		return;
	subnet->id = aws_keep(a, item->id);
	subnet->at = aws_place(item->document, item->node);
	subnet->availability_zone = aws_keep(a, aws_text(item->node, "AvailabilityZone"));
	aws_set_ref(a, &subnet->vpc, item->document, aws_member(item->node, "VpcId"), REF_VPC);
	aws_add_cidr(a, &subnet->cidr_blocks, item->document, item->node, "CidrBlock");
	for (const struct yaml_item *i = aws_items(item->node, "Ipv6CidrBlockAssociationSet"); i;
	     i = i->next)
		if (aws_is(aws_member(i->value, "Ipv6CidrBlockState"), "State", "associated"))
			aws_add_cidr(a, &subnet->cidr_blocks, item->document, i->value,
				     "Ipv6CidrBlock");
	if (subnet->vpc.id)
		add(a, OBJECT_SUBNET, subnet);
}

void
aws_add_subnets(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_SUBNET].first; i && !a->nomem; i = i->next)
		add_subnet(a, i);
}

static const struct schema_key destination_rows[] = {
	{ "DestinationCidrBlock", SCHEMA_PREFIX, AWS_TO(vpc_route, destination_cidr_block),
	  AWS_PLACE(vpc_route, destination_at) },
	{ "DestinationIpv6CidrBlock", SCHEMA_PREFIX, AWS_TO(vpc_route, destination_cidr_block),
	  AWS_PLACE(vpc_route, destination_at) },
	{ "DestinationPrefixListId", SCHEMA_ID, AWS_TO(vpc_route, destination_prefix_list) },
};

/** The first of the members that is there, in the estate; NULL: none is. */
static const char *
target(struct aws *a, const struct yaml_node *map, const char *const *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (aws_scalar(map, members[i]))
			return aws_keep(a, aws_text(map, members[i]));
	return NULL;
}

/** An instance is reached by an interface, which stands beside it. */
static bool
set_target(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	   struct vpc_route *route)
{
	static const char *const gateways[] = {
		"GatewayId", "EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId",
		"CoreNetworkArn", "OdbNetworkArn",
	};
	static const char *const nat[] = { "NatGatewayId" };
	static const char *const interfaces[] = { "NetworkInterfaceId", "InstanceId" };
	const struct yaml_node *peering = aws_scalar(map, "VpcPeeringConnectionId");
	const struct yaml_node *gateway = aws_scalar(map, "TransitGatewayId");

	if (peering)
		aws_set_ref(a, &route->vpc_peering_connection, document, peering, REF_PEERING);
	else if (gateway)
		aws_set_ref(a, &route->transit_gateway, document, gateway, REF_GATEWAY);
	else if (!(route->gateway = target(a, map, gateways, COUNT_OF(gateways))) &&
		 !(route->nat_gateway = target(a, map, nat, COUNT_OF(nat))))
		route->network_interface = target(a, map, interfaces, COUNT_OF(interfaces));
	route->vpc_peering_connection.optional = route->transit_gateway.optional = true;
	return peering || gateway || route->gateway || route->nat_gateway ||
	       route->network_interface;
}

static void
add_route(struct aws *a, const struct aws_document *document, const struct yaml_node *map,
	  struct vpc_route ***end)
{
	struct vpc_route *route = aws_new(a, sizeof(*route));

	if (!route || !aws_bind(a, document, map, destination_rows, COUNT_OF(destination_rows),
				route))
		return;
	if (!route->destination_at.file && !route->destination_prefix_list)
		return;
	route->at = aws_place(document, map);
	if (aws_is(map, "State", "blackhole"))
		route->state = ROUTE_BLACKHOLE;
	if (!set_target(a, document, map, route)) {	/* what it led to is gone */
		route->gateway = "none";
		route->state = ROUTE_BLACKHOLE;
	}
	**end = route;
	*end = &route->next;
}

static void
add_route_table(struct aws *a, const struct aws_item *item)
{
	struct route_table *table = aws_new(a, sizeof(*table));
	struct vpc_route **end = table ? &table->routes : NULL;

	if (!table)
		return;
	table->id = aws_keep(a, item->id);
	table->at = aws_place(item->document, item->node);
	aws_set_ref(a, &table->vpc, item->document, aws_member(item->node, "VpcId"), REF_VPC);
	for (const struct yaml_item *i = aws_items(item->node, "Associations"); i; i = i->next)
		table->main |= aws_is(i->value, "Main", "true");
	aws_refer_items(a, &table->subnets, item->document,
			aws_member(item->node, "Associations"), "SubnetId", REF_SUBNET);
	for (const struct yaml_item *i = aws_items(item->node, "Routes"); i; i = i->next)
		add_route(a, item->document, i->value, &end);
	if (table->vpc.id)
		add(a, OBJECT_ROUTE_TABLE, table);
}

void
aws_add_route_tables(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_ROUTE_TABLE].first; i && !a->nomem;
	     i = i->next)
		add_route_table(a, i);
}

/** A VPC names its set; "default" is that of the service. */
static void
add_set(struct aws *a, const struct aws_item *item)
{
	struct dhcp_options *options = aws_new(a, sizeof(*options));

	if (!options)
		return;
	options->id = aws_keep(a, item->id);
	options->at = aws_place(item->document, item->node);
	for (const struct yaml_item *i = aws_items(item->node, "DhcpConfigurations"); i;
	     i = i->next) {
		static const struct schema_key row = { "Value", SCHEMA_STRING, .required = true,
						       AWS_TO(string_item, text),
						       AWS_PLACE(string_item, at) };
		struct string_item **end = &options->domain_name_servers;

		if (!aws_is(i->value, "Key", "domain-name-servers"))
			continue;
		for (const struct yaml_item *v = aws_items(i->value, "Values"); v; v = v->next) {
			*end = aws_new(a, sizeof(**end));
			if (!*end || !aws_bind(a, item->document, v->value, &row, 1, *end))
				return;
			end = &(*end)->next;
		}
	}
	add(a, OBJECT_DHCP_OPTIONS, options);
}

void
aws_add_dhcp_options(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_DHCP_OPTIONS].first; i && !a->nomem; i = i->next)
		add_set(a, i);
	for (i = a->lists[AWS_VPC].first; i && !a->nomem; i = i->next) {
		const char *id = aws_text(i->node, "DhcpOptionsId");
		struct dhcp_options *options =
			id ? objects_latest(a->objects, OBJECT_DHCP_OPTIONS, id) : NULL;

		if (options)
			aws_refer(a, &options->vpcs, i->document,
				  aws_member(i->node, "DhcpOptionsId"), i->id, REF_VPC);
	}
}
