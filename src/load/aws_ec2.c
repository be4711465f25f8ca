#include <string.h>

#include "base/bytes.h"
#include "load/aws.h"

#define REF_VPC (1u << OBJECT_VPC)

/** A CIDR that is associated, or has no state said. */
static void
add_cidr(struct aws *a, struct network *network, const struct aws_document *document,
	 const struct yaml_node *map, const char *key, const char *state)
{
	const char *said = aws_text(aws_member(map, state), "State");

	if (!said || strcmp(said, "associated") == 0)
		aws_add_cidr(a, &network->cidr_blocks, document, map, key);
}

static void
add_cidrs(struct aws *a, struct network *network, const struct aws_document *document,
	  const struct yaml_node *vpc, const char *list, const char *key, const char *state)
{
	const struct yaml_node *items = aws_member(vpc, list);

	if (!items || items->kind != YAML_SEQUENCE)
		return;
	for (const struct yaml_item *i = items->first; i; i = i->next)
		add_cidr(a, network, document, i->value, key, state);
}

/** One of the attributes that need a call each; `fallback` where no file has it. */
static bool
attribute(struct aws *a, const char *id, enum aws_kind kind, const char *key, bool fallback,
	  struct srcloc *at)
{
	const struct aws_item *item = table_find_string(&a->lists[kind].ids, id);
	const struct yaml_node *map = item ? aws_member(item->node, key) : NULL;
	const struct schema_key row = { "Value", SCHEMA_BOOL, .size = sizeof(bool) };
	bool value = fallback;

	if (!map)
		return fallback;
	*at = aws_place(item->document, map);
	aws_bind(a, item->document, map, &row, 1, &value);
	return value;
}

static void
say_unknown(struct aws *a, const struct network *network)
{
	const char *missing = !network->dns_support_at.file ? "enableDnsSupport"
							    : "enableDnsHostnames";

	if (network->dns_support_at.file && network->dns_hostnames_at.file)
		return;
	diag_report(a->diags, SEVERITY_WARNING, "missing-attribute", network->at,
		    "%s: no `aws ec2 describe-vpc-attribute` says its %s: taken as %s, the default",
		    network->id, missing,
		    (network->dns_support_at.file ? network->enable_dns_hostnames
						  : network->enable_dns_support) ? "true" : "false");
}

static void
add_network(struct aws *a, struct network *network)
{
	if (estate_add_network(a->estate, network, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

static void
add_vpc(struct aws *a, const struct aws_item *item)
{
	const struct aws_item *config =
		table_find_string(&a->lists[AWS_RESOLVER_CONFIG].ids, item->id);
	const char *reverse = config ? aws_text(config->node, "AutodefinedReverse") : NULL;
	const struct aws_item *dnssec =
		table_find_string(&a->lists[AWS_DNSSEC_CONFIG].ids, item->id);
	struct network *network = aws_new(a, sizeof(*network));

	if (!network)
		return;
	network->dnssec_validation = dnssec && aws_is(dnssec->node, "ValidationStatus", "ENABLED");
	network->kind = NETWORK_VPC;
	network->id = aws_keep(a, item->id);
	network->at = aws_place(item->document, item->node);
	network->region = aws_keep(a, aws_region(a, item->document));
	network->owner_id = aws_keep(a, aws_text(item->node, "OwnerId"));
	if (aws_member(item->node, "CidrBlockAssociationSet"))
		add_cidrs(a, network, item->document, item->node, "CidrBlockAssociationSet",
			  "CidrBlock", "CidrBlockState");
	else
		add_cidr(a, network, item->document, item->node, "CidrBlock", "CidrBlockState");
	add_cidrs(a, network, item->document, item->node, "Ipv6CidrBlockAssociationSet",
		  "Ipv6CidrBlock", "Ipv6CidrBlockState");
	network->enable_dns_support =
		attribute(a, item->id, AWS_VPC_SUPPORT, "EnableDnsSupport", true,
			  &network->dns_support_at);
	network->enable_dns_hostnames =
		attribute(a, item->id, AWS_VPC_HOSTNAMES, "EnableDnsHostnames",
			  aws_is(item->node, "IsDefault", "true"), &network->dns_hostnames_at);
	if (reverse && strncmp(reverse, "DISABL", 6) == 0)
		network->autodefined_reverse = AUTODEFINED_REVERSE_DISABLED;
	say_unknown(a, network);
	if (!a->nomem)
		add_network(a, network);
}

/*
 * A VPC of another account is known by its peering alone.  Its attributes are not: a zone
 * that is associated with it is taken to be seen there.
 */
static void
add_peer(struct aws *a, const struct aws_document *document, const struct yaml_node *info)
{
	const char *id = aws_text(info, "VpcId"), *region = aws_text(info, "Region");
	struct network *network;

	if (!id || !aws_member(info, "CidrBlock") || estate_network(a->estate, id))
		return;
	network = aws_new(a, sizeof(*network));
	if (!network)
		return;
	network->kind = NETWORK_VPC;
	network->id = aws_keep(a, id);
	network->at = aws_place(document, info);
	network->region = aws_keep(a, region ? region : "");
	network->owner_id = aws_keep(a, aws_text(info, "OwnerId"));
	network->enable_dns_support = true;
	network->enable_dns_hostnames = true;
	if (aws_member(info, "CidrBlockSet"))
		add_cidrs(a, network, document, info, "CidrBlockSet", "CidrBlock", "");
	else
		add_cidr(a, network, document, info, "CidrBlock", "");
	add_cidrs(a, network, document, info, "Ipv6CidrBlockSet", "Ipv6CidrBlock", "");
	if (!a->nomem)
		add_network(a, network);
}

void
aws_add_networks(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_VPC].first; i && !a->nomem; i = i->next)
		add_vpc(a, i);
	for (const struct aws_item *i = a->lists[AWS_PEERING].first; i && !a->nomem; i = i->next) {
		if (aws_is_gone(aws_text(aws_member(i->node, "Status"), "Code")))
			continue;
		add_peer(a, i->document, aws_member(i->node, "RequesterVpcInfo"));
		add_peer(a, i->document, aws_member(i->node, "AccepterVpcInfo"));
	}
}

static void
peer_side(struct aws *a, const struct aws_item *item, const char *key, struct ref *vpc,
	  bool *allows)
{
	const struct yaml_node *info = aws_member(item->node, key);

	aws_set_ref(a, vpc, item->document, aws_member(info, "VpcId"), REF_VPC);
	*allows = aws_is(aws_member(info, "PeeringOptions"), "AllowDnsResolutionFromRemoteVpc",
			 "true");
}

static void
add_peering(struct aws *a, const struct aws_item *item)
{
	const char *status = aws_text(aws_member(item->node, "Status"), "Code");
	struct peering *peering;

	if (aws_is_gone(status))
		return;
	peering = aws_new(a, sizeof(*peering));
	if (!peering)
		return;
	peering->id = aws_keep(a, item->id);
	peering->at = aws_place(item->document, item->node);
	peering->status = aws_keep(a, status ? status : "active");
	peer_side(a, item, "RequesterVpcInfo", &peering->requester,
		  &peering->requester_allows_remote_dns);
	peer_side(a, item, "AccepterVpcInfo", &peering->accepter,
		  &peering->accepter_allows_remote_dns);
	if (!peering->requester.id || !peering->accepter.id || a->nomem)
		return;
	/* who was asked and has not answered may be nobody we know */
	if (strcmp(status ? status : "active", "active") != 0 &&
	    (!estate_network(a->estate, peering->requester.id) ||
	     !estate_network(a->estate, peering->accepter.id)))
		return;
	if (estate_add_peering(a->estate, peering, a->diags) == ERR_NOMEM)
		a->nomem = true;
}

void
aws_add_peerings(struct aws *a)
{
	for (const struct aws_item *i = a->lists[AWS_PEERING].first; i && !a->nomem; i = i->next)
		add_peering(a, i);
}

/** The gateway an attachment is of; made when it is first named. */
static struct transit_gateway *
find_gateway(struct aws *a, const struct aws_document *document, const struct yaml_node *node,
	     const char *id)
{
	struct transit_gateway *gateway =
		estate_object(a->estate, OBJECT_TRANSIT_GATEWAY, id);

	if (gateway)
		return gateway;
	gateway = aws_new(a, sizeof(*gateway));
	if (!gateway)
		return NULL;
	gateway->id = aws_keep(a, id);
	gateway->at = aws_place(document, node);
	gateway->dns_support = true;
	if (!a->nomem && estate_add_transit_gateway(a->estate, gateway, a->diags) == OK)
		return gateway;
	a->nomem = true;
	return NULL;
}

static void
attach(struct aws *a, const struct aws_item *item, const char *member)
{
	const struct yaml_node *vpc = aws_scalar(item->node, member);
	const char *id = aws_text(item->node, "TransitGatewayId");
	const char *type = aws_text(item->node, "ResourceType");
	struct transit_gateway *gateway;

	if (!id || !vpc || aws_is_gone(aws_text(item->node, "State")) ||
	    (type && strcmp(type, "vpc") != 0))
		return;
	gateway = find_gateway(a, item->document, item->node, id);
	if (gateway)
		aws_refer(a, &gateway->vpcs, item->document, vpc, vpc->text, REF_VPC);
}

void
aws_add_transit_gateways(struct aws *a)
{
	const struct aws_item *i;

	for (i = a->lists[AWS_TRANSIT_GATEWAY].first; i && !a->nomem; i = i->next) {
		struct transit_gateway *gateway = find_gateway(a, i->document, i->node, i->id);

		if (gateway && aws_is(aws_member(i->node, "Options"), "DnsSupport", "disable"))
			gateway->dns_support = false;
	}
	for (i = a->lists[AWS_VPC_ATTACHMENT].first; i && !a->nomem; i = i->next)
		attach(a, i, "VpcId");
	for (i = a->lists[AWS_ATTACHMENT].first; i && !a->nomem; i = i->next)
		attach(a, i, "ResourceId");
}
