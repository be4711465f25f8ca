#include <string.h>

#include "load/terraform_model.h"

/* What is inside a VPC, for lint alone. */

#define SOURCES_MOST 64

enum way { INGRESS, EGRESS };

/* One permission on its way: `said` by a rule, for a group. */
struct permission {
	struct terraform *t;
	struct tf_resource *group;
	const struct tf_resource *rule;		/* the group itself: inline */
	const struct yaml_node *said;
	struct yaml_node *map, *blocks, *groups, *lists;
	bool others;
};

/* --- subnets */

static struct yaml_node *
make_subnet(struct terraform *t, struct tf_resource *subnet)
{
	static const struct tf_rename renames[] = { { "availability_zone", "availability_zone" } };
	static const char *const keys[] = { "cidr_block", "ipv6_cidr_block" };
	const char *vpc = tf_id(t, subnet, "vpc_id", TF_BIT(TF_VPC));
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map, *blocks;

	if (subnet->data)
		return NULL;
	blocks = nodes_list(n, &subnet->place);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (tf_text(subnet->values, keys[i]))
			nodes_append(n, blocks, tf_copy(t, subnet, tf_member(subnet->values,
									     keys[i])));
	if (!vpc || !blocks || !blocks->count) {
		tf_say_unknown(t, subnet, vpc ? "its CIDR block" : "its VPC",
			       "the subnet is left out");
		return NULL;
	}
	map = tf_new_object(t, subnet);
	nodes_put(n, map, "vpc", tf_new_text(t, subnet, vpc, tf_member(subnet->values, "vpc_id")));
	nodes_put(n, map, "cidr_blocks", blocks);
	tf_put(t, subnet, map, subnet->values, renames, COUNT_OF(renames));
	return map;
}

/* --- security groups */

/** An object has one file: what stands elsewhere is placed at the object. */
static const struct yaml_node *
like_in(const struct permission *p, const struct yaml_node *node)
{
	if (strcmp(p->group->place_file, p->rule->place_file) != 0)
		return NULL;
	return tf_like(p->rule, node);
}

static void
add_text(struct permission *p, struct yaml_node **list, const char *text,
	 const struct yaml_node *node)
{
	struct nodes *n = &p->t->declare->nodes;
	const struct yaml_node *like = like_in(p, node);

	if (!*list)
		*list = nodes_list(n, tf_like(p->group, like));
	nodes_append(n, *list, tf_new_text(p->t, p->group, text, like));
}

/** A text, or each of a list. */
static void
add_texts(struct permission *p, struct yaml_node **list, const char *key)
{
	const struct yaml_node *node = tf_member(p->said, key);

	if (node && node->kind == YAML_SCALAR)
		add_text(p, list, node->text, node);
	for (const struct yaml_item *i = tf_items(p->said, key); i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
			add_text(p, list, i->value->text, i->value);
}

/** Groups that we declare by their ids; those of others are somebody. */
static void
add_group(struct permission *p, const char *id, const struct yaml_node *node)
{
	const struct tf_resource *group = tf_object(p->t, id);

	if (group && !group->data && group->type->kind == TF_SECURITY_GROUP && group->makes)
		add_text(p, &p->groups, id, node);
	else
		p->others = true;
}

static void
add_groups(struct permission *p, const char *key)
{
	const struct yaml_node *node = tf_member(p->said, key);
	const char *ids[SOURCES_MOST];
	size_t count;

	if (node && node->kind == YAML_SCALAR)
		add_group(p, node->text, node);
	for (const struct yaml_item *i = tf_items(p->said, key); i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
			add_group(p, i->value->text, i->value);
	if (p->rule == p->group || node)
		return;
	count = tf_follow_all(p->t, p->rule, tf_expression(p->rule, key),
			      TF_BIT(TF_SECURITY_GROUP), ids, COUNT_OF(ids));
	for (size_t i = 0; i < count; i++)
		add_group(p, ids[i], NULL);
}

/** Only these have ports; what others say there is something else. */
static bool
put_protocol(struct permission *p)
{
	static const struct tf_rename ports[] = {
		{ "from_port", "from_port" }, { "to_port", "to_port" },
	};
	static const char *const keys[] = { "protocol", "ip_protocol" };
	const struct yaml_node *node = NULL;
	const char *text;

	for (size_t i = 0; i < COUNT_OF(keys) && !node; i++)
		node = tf_text(p->said, keys[i]) ? tf_member(p->said, keys[i]) : NULL;
	if (!node)
		return false;
	text = strcmp(node->text, "all") == 0 ? "-1" : node->text;
	nodes_put(&p->t->declare->nodes, p->map, "ip_protocol",
		  nodes_text(&p->t->declare->nodes, text, tf_like(p->group, like_in(p, node))));
	if (strcmp(text, "tcp") != 0 && strcmp(text, "udp") != 0 && strcmp(text, "6") != 0 &&
	    strcmp(text, "17") != 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(ports); i++) {
		const struct yaml_node *port = tf_member(p->said, ports[i].from);

		if (port && port->kind == YAML_SCALAR)
			nodes_put(&p->t->declare->nodes, p->map, ports[i].to,
				  tf_new_text(p->t, p->group, port->text, like_in(p, port)));
	}
	return true;
}

static void
put_sources(struct permission *p)
{
	static const char *const blocks[] = {
		"cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6",
	};
	static const char *const groups[] = {
		"security_groups", "source_security_group_id", "referenced_security_group_id",
	};
	static const char *const lists[] = { "prefix_list_ids", "prefix_list_id" };
	struct nodes *n = &p->t->declare->nodes;

	for (size_t i = 0; i < COUNT_OF(blocks); i++)
		add_texts(p, &p->blocks, blocks[i]);
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		add_groups(p, groups[i]);
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		add_texts(p, &p->lists, lists[i]);
	if (tf_is(p->said, "self", "true"))
		add_text(p, &p->groups, p->group->id, NULL);
	nodes_put(n, p->map, "cidr_blocks", p->blocks);
	nodes_put(n, p->map, "security_groups", p->groups);
	nodes_put(n, p->map, "prefix_lists", p->lists);
}

/** What a rule, or a block within the group, lets through. */
static void
add_permission(struct terraform *t, struct tf_resource *group, const struct tf_resource *rule,
	       const struct yaml_node *said, enum way way)
{
	struct permission p = { .t = t, .group = group, .rule = rule, .said = said };
	struct nodes *n = &t->declare->nodes;
	const struct yaml_node *like = tf_like(group, like_in(&p, rule == group ? said : NULL));

	p.map = nodes_map(n, like);
	if (!put_protocol(&p))
		return;
	put_sources(&p);
	if (!p.blocks && !p.groups && !p.lists && !p.others) {
		tf_say_unknown(t, rule, "the other end of a permission", "it counts as somebody "
			       "who is not declared here");
		p.others = true;
	}
	if (p.others)
		nodes_put(n, p.map, "others", nodes_text(n, "true", like));
	if (!group->lists[way])
		group->lists[way] = nodes_list(n, &group->place);
	nodes_append(n, group->lists[way], p.map);
}

static void
add_inline(struct terraform *t, struct tf_resource *group)
{
	static const char *const keys[] = { [INGRESS] = "ingress", [EGRESS] = "egress" };

	for (unsigned way = 0; way < COUNT_OF(keys); way++)
		for (const struct yaml_item *i = tf_items(group->values, keys[way]); i;
		     i = i->next)
			add_permission(t, group, group, i->value, (enum way)way);
}

static void
add_rule(struct terraform *t, const struct tf_resource *rule)
{
	const char *id = tf_id(t, rule, "security_group_id", TF_BIT(TF_SECURITY_GROUP));
	struct tf_resource *group = tf_object(t, id);
	bool out = tf_is(rule->values, "type", "egress") ||
		   strcmp(rule->type->type, "aws_vpc_security_group_egress_rule") == 0;

	if (!id)
		tf_say_unknown(t, rule, "its security group", "the rule is left out");
	else if (group && group->makes)
		add_permission(t, group, rule, rule->values, out ? EGRESS : INGRESS);
	else
		declare_skipped(t->declare, tf_place(rule, NULL), "%s: group %s is not here",
				rule->address, id);
}

/** Groups whose VPC is known are declared; it is asked before anything refers to them. */
static void
prepare_group(struct terraform *t, struct tf_resource *group)
{
	if (group->data || group->dropped || !group->id)
		return;
	group->makes = tf_id(t, group, "vpc_id", TF_BIT(TF_VPC)) != NULL;
	if (!group->makes)
		tf_say_unknown(t, group, "its VPC", "the security group is left out");
}

static struct yaml_node *
make_group(struct terraform *t, struct tf_resource *group)
{
	static const struct tf_rename renames[] = { { "name", "name" } };
	const char *vpc = tf_id(t, group, "vpc_id", TF_BIT(TF_VPC));
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map;

	if (group->data || !vpc)
		return NULL;
	map = tf_new_object(t, group);
	nodes_put(n, map, "vpc", tf_new_text(t, group, vpc, tf_member(group->values, "vpc_id")));
	tf_put(t, group, map, group->values, renames, COUNT_OF(renames));
	return map;
}

/* --- DHCP options */

static void
associate_options(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "dhcp_options_id", TF_BIT(TF_DHCP_OPTIONS));
	const char *vpc = tf_id(t, association, "vpc_id", TF_BIT(TF_VPC));
	struct tf_resource *options = tf_object(t, id);

	if (!id || !vpc)
		tf_say_unknown(t, association, id ? "the VPC" : "the set of options",
			       "the association is left out");
	else if (options && options->id)
		tf_attach(t, options, association, vpc, tf_member(association->values, "vpc_id"));
	else
		declare_skipped(t->declare, tf_place(association, NULL), "%s: %s is not here",
				association->address, id);
}

static struct yaml_node *
make_options(struct terraform *t, struct tf_resource *options)
{
	static const struct tf_rename renames[] = {
		{ "domain_name_servers", "domain_name_servers" },
	};
	struct yaml_node *map = tf_new_object(t, options);

	tf_put(t, options, map, options->values, renames, COUNT_OF(renames));
	return map;
}

void
tf_declare_insides(struct terraform *t)
{
	static const struct tf_keys group_keys = {
		.lists = { [INGRESS] = "ip_permissions", [EGRESS] = "ip_permissions_egress" },
	};
	struct tf_resource *r;

	for (r = t->kinds[TF_SECURITY_GROUP].first; r; r = r->next)
		prepare_group(t, r);
	for (r = t->kinds[TF_SECURITY_GROUP].first; r; r = r->next)
		if (r->makes)
			add_inline(t, r);
	for (r = t->kinds[TF_GROUP_RULE].first; r; r = r->next)
		add_rule(t, r);
	for (r = t->kinds[TF_DHCP_ASSOCIATION].first; r; r = r->next)
		associate_options(t, r);
	tf_declare_all(t, TF_SUBNET, "subnets", (struct tf_keys){ 0 }, make_subnet);
	tf_declare_all(t, TF_SECURITY_GROUP, "security_groups", group_keys, make_group);
	tf_declare_all(t, TF_DHCP_OPTIONS, "dhcp_options", (struct tf_keys){ .attached = "vpcs" },
		       make_options);
}
