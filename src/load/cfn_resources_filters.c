#include <string.h>

#include "base/bytes.h"
#include "load/cfn.h"

/*
 * Security groups and network ACLs.  What a permission is about that is unknown lets anything
 * through, and an ACL with an entry that is unknown is left out: no path is found blocked by
 * what nobody has read.
 */

static const struct cfn_word protocol_words[] = {
	{ "all", "-1" }, { "TCP", "tcp" }, { "UDP", "udp" }, { "ICMP", "icmp" }, { 0 },
};

static const struct cfn_row name_rows[] = {
	{ "GroupName", "name", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_row traffic_rows[] = {
	{ "IpProtocol", "ip_protocol", CFN_WORD, .needed = true, .words = protocol_words },
	{ 0 },
};

static const struct cfn_row port_rows[] = {
	{ "FromPort", "from_port", CFN_TEXT, .needed = true },
	{ "ToPort", "to_port", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row entry_rows[] = {
	{ "RuleNumber", "rule_number", CFN_TEXT, .needed = true },
	{ "Egress", "egress", CFN_TEXT, .needed = true },
	{ "Protocol", "protocol", CFN_WORD, .needed = true, .words = protocol_words },
	{ "RuleAction", "rule_action", CFN_TEXT, .needed = true },
	{ "CidrBlock", "cidr_block", CFN_TEXT, .needed = true },
	{ "Ipv6CidrBlock", "cidr_block", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row range_rows[] = {
	{ "From", "from_port", CFN_TEXT, .needed = true },
	{ "To", "to_port", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row range_row[] = {
	{ "PortRange", NULL, CFN_WITHIN, .needed = true, .rows = range_rows },
	{ 0 },
};

/** Only these have ports; what others say there is something else. */
static bool
has_ports(const struct yaml_node *map, const char *key)
{
	static const char *const names[] = { "tcp", "udp", "6", "17" };
	const struct yaml_node *protocol = yaml_find(map, key);

	for (size_t i = 0; protocol && i < COUNT_OF(names); i++)
		if (strcmp(protocol->text, names[i]) == 0)
			return true;
	return false;
}

/* --- security groups */

/** Is it one that is declared: of the templates, in a VPC that is known? */
static bool
is_group(struct cfn *cfn, const char *id)
{
	const struct cfn_resource *group = table_find_string(&cfn->resources, id);
	struct cfn_value vpc;

	if (!group || strcmp(group->type, "AWS::EC2::SecurityGroup") != 0)
		return false;
	vpc = cfn_member(group->stack, group->properties, "VpcId");
	return vpc.state == CFN_VALUE && vpc.node->kind == YAML_SCALAR;
}

void
cfn_put_groups(struct cfn_resource *r, struct yaml_node *map)
{
	struct cfn_value groups = cfn_member(r->stack, r->properties, "SecurityGroupIds");
	struct cfn *cfn = r->stack->cfn;
	struct nodes *nodes = &cfn->declare->nodes;
	struct yaml_node *list;

	if (groups.state != CFN_VALUE || groups.node->kind != YAML_SEQUENCE ||
	    !groups.node->first)
		return;
	list = nodes_list(nodes, groups.node);
	for (const struct yaml_item *i = groups.node->first; i; i = i->next) {
		struct cfn_value id = cfn_resolve_text(r->stack, i->value);

		if (id.state != CFN_VALUE || !is_group(cfn, id.node->text) || !cfn_spend(cfn, 1))
			return;
		nodes_append(nodes, list, cfn_relocate(cfn, id, i->value).node);
	}
	nodes_put(nodes, map, "security_groups", list);
}

static void
put_text(struct nodes *nodes, struct yaml_node *map, const char *key, const char *text)
{
	nodes_put(nodes, map, key, nodes_text(nodes, text, map));
}

/** Whatever somebody unknown may send. */
static struct yaml_node *
anything(struct cfn_resource *r, const struct yaml_node *at)
{
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map = nodes_map(nodes, at);

	put_text(nodes, map, "ip_protocol", "-1");
	put_text(nodes, map, "others", "true");
	return map;
}

/** The other end, by whichever property says it. */
static void
put_peers(struct cfn_resource *rule, struct yaml_node *map)
{
	static const struct { const char *property; unsigned list; } peers[] = {
		{ "CidrIp", 0 }, { "CidrIpv6", 0 },
		{ "SourceSecurityGroupId", 1 }, { "DestinationSecurityGroupId", 1 },
		{ "SourcePrefixListId", 2 }, { "DestinationPrefixListId", 2 },
	};
	static const char *const keys[] = { "cidr_blocks", "security_groups", "prefix_lists" };
	struct yaml_node *lists[COUNT_OF(keys)] = { 0 };
	struct nodes *nodes = &rule->stack->cfn->declare->nodes;
	bool any = false;

	for (size_t i = 0; i < COUNT_OF(peers); i++) {
		const struct yaml_node *peer = cfn_property(rule, peers[i].property,
							    "the other end is");
		struct yaml_node **list = &lists[peers[i].list];

		if (!peer || (peers[i].list == 1 && !is_group(rule->stack->cfn, peer->text)))
			continue;
		if (!*list)
			*list = nodes_list(nodes, peer);
		nodes_append(nodes, *list, peer);
		any = true;
	}
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		nodes_put(nodes, map, keys[i], lists[i]);
	if (!any)
		put_text(nodes, map, "others", "true");
}

/** said: the properties of a rule, or an item of the group's own. */
static struct yaml_node *
permission(struct cfn_resource *r, const struct yaml_node *said)
{
	struct yaml_node *map = nodes_map(&r->stack->cfn->declare->nodes, said);
	struct cfn_resource rule = *r;

	if (!map || !cfn_translate(r, traffic_rows, said, map) ||
	    (has_ports(map, "ip_protocol") && !cfn_translate(r, port_rows, said, map)))
		return anything(r, said);
	rule.properties = said;
	put_peers(&rule, map);
	return map;
}

/** false: it is none, AWS::NoValue. */
static bool
add_permission(struct cfn_resource *r, struct cfn_object *group, const char *key,
	       const struct yaml_node *said)
{
	struct cfn_value rule = cfn_resolve(r->stack, said);
	bool known = rule.state == CFN_VALUE && rule.node->kind == YAML_MAPPING;

	if (rule.state == CFN_UNKNOWN)
		cfn_report_unknown(r, "a rule", said, rule.why, "the rule is");
	if (rule.state == CFN_ABSENT)
		return false;
	cfn_object_append(group, key, known ? permission(r, rule.node) : anything(r, said));
	return true;
}

/** Those that the group itself says, one or a list.  false: it says none. */
static bool
add_permissions(struct cfn_resource *r, struct cfn_object *group, const char *key,
		const struct yaml_node *said)
{
	struct cfn_value rules = cfn_resolve(r->stack, said);
	bool any = false;

	if (rules.state != CFN_VALUE || rules.node->kind != YAML_SEQUENCE)
		return add_permission(r, group, key, said);
	for (const struct yaml_item *i = rules.node->first; i; i = i->next) {
		if (!cfn_spend(r->stack->cfn, 1)) {
			cfn_object_append(group, key, anything(r, said));
			return true;
		}
		any |= add_permission(r, group, key, i->value);
	}
	return any;
}

/** A group that says nothing of its own lets everything out; rules beside it take nothing. */
static void
add_default_egress(struct cfn_resource *r, struct cfn_object *group)
{
	static const char *const blocks[] = { "0.0.0.0/0", "::/0" };
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map = nodes_map(nodes, r->node), *list = nodes_list(nodes, r->node);

	for (size_t i = 0; i < COUNT_OF(blocks); i++)
		nodes_append(nodes, list, nodes_text(nodes, blocks[i], r->node));
	put_text(nodes, map, "ip_protocol", "-1");
	nodes_put(nodes, map, "cidr_blocks", list);
	cfn_object_append(group, "ip_permissions_egress", map);
}

void
cfn_add_security_group(struct cfn_resource *r)
{
	static const char *const properties[] = { "SecurityGroupIngress", "SecurityGroupEgress" };
	static const char *const keys[] = { "ip_permissions", "ip_permissions_egress" };
	struct cfn_object *group = cfn_object_in_vpc(r, "security_groups");
	bool any = true;

	if (!group)
		return;
	cfn_translate(r, name_rows, r->properties, group->map);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		any = add_permissions(r, group, keys[i], yaml_find(r->properties, properties[i]));
	if (!any)
		add_default_egress(r, group);
}

static void
add_rule(struct cfn_resource *r, const char *key)
{
	struct cfn_object *group = cfn_inside(r, "GroupId", "security_groups");

	if (group)
		cfn_object_join(group, key, permission(r, r->properties), r);
}

void
cfn_add_ingress(struct cfn_resource *r)
{
	add_rule(r, "ip_permissions");
}

void
cfn_add_egress(struct cfn_resource *r)
{
	add_rule(r, "ip_permissions_egress");
}

/* --- network ACLs */

void
cfn_add_network_acl(struct cfn_resource *r)
{
	cfn_object_in_vpc(r, "network_acls");
}

void
cfn_add_acl_entry(struct cfn_resource *r)
{
	struct cfn_object *acl = cfn_inside(r, "NetworkAclId", "network_acls");
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map = acl ? nodes_map(nodes, r->node) : NULL;

	if (!map)
		return;
	if (!cfn_translate(r, entry_rows, r->properties, map) ||
	    (has_ports(map, "protocol") && !cfn_translate(r, range_row, r->properties, map))) {
		acl->left_out = true;
		return;
	}
	if (!yaml_find(map, "egress"))
		put_text(nodes, map, "egress", "false");
	cfn_object_join(acl, "entries", map, r);
}

void
cfn_add_acl_association(struct cfn_resource *r)
{
	struct cfn_object *acl = cfn_inside(r, "NetworkAclId", "network_acls");

	if (acl && cfn_inside(r, "SubnetId", "subnets"))
		cfn_object_join(acl, "subnets", cfn_property(r, "SubnetId", "the resource is"), r);
}
