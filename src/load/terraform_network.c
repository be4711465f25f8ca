#include <string.h>

#include "load/terraform_model.h"

/* --- VPCs */

static void
attach_blocks(struct terraform *t, struct tf_resource *vpc)
{
	static const char *const keys[] = { "cidr_block", "ipv6_cidr_block" };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct yaml_node *block = tf_member(vpc->values, keys[i]);

		if (block && block->kind == YAML_SCALAR)
			tf_attach(t, vpc, vpc, block->text, block);
	}
	for (const struct yaml_item *i = tf_items(vpc->values, "cidr_block_associations"); i;
	     i = i->next) {
		const struct yaml_node *block = tf_member(i->value, "cidr_block");

		if (block && block->kind == YAML_SCALAR &&
		    (tf_is(i->value, "state", "associated") || !tf_text(i->value, "state")))
			tf_attach(t, vpc, vpc, block->text, block);
	}
	if (tf_is(vpc->values, "assign_generated_ipv6_cidr_block", "true") &&
	    !tf_text(vpc->values, "ipv6_cidr_block"))
		tf_say_unknown(t, vpc, "its IPv6 block", "the VPC is judged without it");
}

/** A block of a VPC that is in no file adds nothing: the VPC is missed where it is used. */
static void
attach_association(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "vpc_id", TF_BIT(TF_VPC));
	struct tf_resource *vpc = tf_object(t, id);
	const struct yaml_node *block = tf_member(association->values, "cidr_block");

	if (!block)
		block = tf_member(association->values, "ipv6_cidr_block");
	if (!id || !block || block->kind != YAML_SCALAR)
		tf_say_unknown(t, association, id ? "the CIDR block" : "the VPC",
			       "the VPC is judged without it");
	else if (vpc && vpc->id)
		tf_attach(t, vpc, association, block->text, block);
	else
		declare_skipped(t->declare, tf_place(association, NULL), "%s: VPC %s is not here",
				association->address, id);
}

static struct yaml_node *
make_vpc(struct terraform *t, struct tf_resource *vpc)
{
	static const struct tf_rename renames[] = {
		{ "enable_dns_support", "enable_dns_support" },
		{ "enable_dns_hostnames", "enable_dns_hostnames" },
	};
	struct nodes *n = &t->declare->nodes;
	const char *region = tf_region(t, vpc), *account = tf_account(t, vpc);
	struct yaml_node *map;

	if (!vpc->attached && !vpc->dropped) {
		tf_say_unknown(t, vpc, "its CIDR block",
			       "the VPC and what is attached to it are left out");
		declare_incomplete(t->declare);
		return NULL;
	}
	map = tf_new_object(t, vpc);
	if (region)
		nodes_put(n, map, "region", tf_new_text(t, vpc, region, NULL));
	if (account)
		nodes_put(n, map, "owner_id", tf_new_text(t, vpc, account, NULL));
	tf_put(t, vpc, map, vpc->values, renames, COUNT_OF(renames));
	if (vpc->options && tf_is(vpc->options->values, "autodefined_reverse_flag", "DISABLE"))
		nodes_put(n, map, "autodefined_reverse", tf_new_text(t, vpc, "DISABLED", NULL));
	for (size_t i = 0; i < COUNT_OF(renames); i++)
		if (vpc->block && tf_is_unknown(vpc, vpc->values, vpc->block->expressions,
						renames[i].from))
			tf_say_unknown(t, vpc, renames[i].from, "the default is presumed");
	return map;
}

static void
configure(struct terraform *t, const struct tf_resource *config)
{
	const char *id = tf_id(t, config, "resource_id", TF_BIT(TF_VPC));
	struct tf_resource *vpc = tf_object(t, id);

	if (!id)
		tf_say_unknown(t, config, "the VPC", "it is left out");
	else if (!vpc)
		declare_skipped(t->declare, tf_place(config, NULL), "%s: VPC %s is not here",
				config->address, id);
	else
		vpc->options = config;
}

/* --- peerings */

/** The block of one side, by who has the last word on it. */
static const struct yaml_node *
options_of(const struct tf_resource *peering, const char *side)
{
	const struct tf_resource *const sources[] = {
		peering->options, peering->accepter, peering,
	};

	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		const struct yaml_node *block =
			sources[i] ? tf_nested(sources[i]->values, side) : NULL;

		if (tf_text(block, "allow_remote_vpc_dns_resolution"))
			return block;
	}
	return NULL;
}

/** key: of the VPC, among the arguments of the peering. */
static bool
put_side(struct terraform *t, const struct tf_resource *peering, struct yaml_node *to,
	 const char *side, const char *key)
{
	struct nodes *n = &t->declare->nodes;
	const char *id = tf_id(t, peering, key, TF_BIT(TF_VPC));
	const char *allows = tf_text(options_of(peering, side), "allow_remote_vpc_dns_resolution");
	struct yaml_node *map;

	if (!id)
		return false;
	map = nodes_map(n, &peering->place);
	nodes_put(n, map, "vpc", tf_new_text(t, peering, id, tf_member(peering->values, key)));
	if (allows)
		nodes_put(n, map, "allow_dns_resolution_from_remote_vpc",
			  tf_new_text(t, peering, allows, NULL));
	nodes_put(n, to, side, map);
	return true;
}

/** The other side's resource may be the one that accepts. */
static const char *
peering_status(const struct tf_resource *peering)
{
	const char *status = tf_text(peering->values, "accept_status");

	if (!status && peering->accepter)
		status = tf_text(peering->accepter->values, "accept_status");
	if (status)
		return status;
	if (tf_is(peering->values, "auto_accept", "true") ||
	    (peering->accepter && tf_is(peering->accepter->values, "auto_accept", "true")))
		return "active";
	return "pending-acceptance";
}

static struct yaml_node *
make_peering(struct terraform *t, struct tf_resource *peering)
{
	/* an accepter has the sides the other way round */
	bool turned = peering->accepter == peering;
	struct yaml_node *map = tf_new_object(t, peering);

	if (!put_side(t, peering, map, "requester", turned ? "peer_vpc_id" : "vpc_id") ||
	    !put_side(t, peering, map, "accepter", turned ? "vpc_id" : "peer_vpc_id")) {
		tf_say_unknown(t, peering, "which VPCs it connects",
			       "the connection is left out");
		return NULL;
	}
	nodes_put(&t->declare->nodes, map, "status",
		  tf_new_text(t, peering, peering_status(peering),
			      tf_member(peering->values, "accept_status")));
	return map;
}

/** What says more of a peering; an accepter whose other side is in no file stands for it. */
static void
extend_peering(struct terraform *t, const struct tf_resource *more)
{
	const char *id = tf_id(t, more, "vpc_peering_connection_id", TF_BIT(TF_PEERING));
	struct tf_resource *peering = tf_object(t, id);
	bool accepter = more->type->kind == TF_PEERING_ACCEPTER;

	if (!peering && accepter && tf_text(more->values, "peer_vpc_id")) {
		peering = tf_make_up(t, more, "aws_vpc_peering_connection", id);
		if (peering) {
			peering->values = more->values;
			peering->accepter = peering;
		}
		return;
	}
	if (!peering && id)
		declare_skipped(t->declare, tf_place(more, NULL), "%s: %s is not here",
				more->address, id);
	else if (!peering)
		tf_say_unknown(t, more, "which connection it is of", "it is left out");
	else if (accepter && peering->accepter != peering)
		peering->accepter = more;
	else
		peering->options = more;
}

/* --- transit gateways */

static void
attach_gateway(struct terraform *t, const struct tf_resource *attachment)
{
	const char *id = tf_id(t, attachment, "transit_gateway_id", TF_BIT(TF_TRANSIT_GATEWAY));
	const char *vpc = tf_id(t, attachment, "vpc_id", TF_BIT(TF_VPC));
	struct tf_resource *gateway = tf_object(t, id);

	if (!id || !vpc) {
		tf_say_unknown(t, attachment, id ? "the VPC" : "the transit gateway",
			       "the attachment is left out");
		return;
	}
	if (!gateway)
		gateway = tf_make_up(t, attachment, "aws_ec2_transit_gateway", id);
	if (gateway && gateway->id)
		tf_attach(t, gateway, attachment, vpc, tf_member(attachment->values, "vpc_id"));
}

/** One that joins nothing is none of ours. */
static struct yaml_node *
make_gateway(struct terraform *t, struct tf_resource *gateway)
{
	struct yaml_node *map;

	if (!gateway->attached && !gateway->dropped)
		return NULL;
	map = tf_new_object(t, gateway);
	if (tf_is(gateway->values, "dns_support", "disable"))
		nodes_put(&t->declare->nodes, map, "dns_support",
			  tf_new_text(t, gateway, "false", NULL));
	return map;
}

void
tf_declare_networks(struct terraform *t)
{
	struct tf_resource *r;

	for (r = t->kinds[TF_VPC].first; r; r = r->next)
		if (r->id && !r->dropped)
			attach_blocks(t, r);
	for (r = t->kinds[TF_VPC_CIDR].first; r; r = r->next)
		attach_association(t, r);
	for (r = t->kinds[TF_RESOLVER_CONFIG].first; r; r = r->next)
		configure(t, r);
	for (r = t->kinds[TF_PEERING_ACCEPTER].first; r; r = r->next)
		extend_peering(t, r);
	for (r = t->kinds[TF_PEERING_OPTIONS].first; r; r = r->next)
		extend_peering(t, r);
	for (r = t->kinds[TF_ATTACHMENT].first; r; r = r->next)
		attach_gateway(t, r);
	tf_declare_all(t, TF_VPC, "vpcs", (struct tf_keys){ .attached = "cidr_blocks" }, make_vpc);
	tf_declare_all(t, TF_PEERING, "vpc_peering_connections", (struct tf_keys){ 0 },
		       make_peering);
	tf_declare_all(t, TF_TRANSIT_GATEWAY, "transit_gateways", (struct tf_keys){ .attached = "vpcs" },
		       make_gateway);
}
