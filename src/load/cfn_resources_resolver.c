#include <string.h>

#include "load/cfn.h"

static const struct cfn_word protocol_words[] = { { "DoH-FIPS", "DoH" }, { 0 } };

static const struct cfn_row address_rows[] = {
	{ "Ip", "ip", CFN_TEXT, .needed = true },
	{ "Ipv6", "ip", CFN_TEXT, .needed = true },
	{ 0 },
};

static const struct cfn_row endpoint_rows[] = {
	{ "Direction", "direction", CFN_TEXT, .needed = true },
	{ "Protocols", "protocols", CFN_WORDS, .words = protocol_words },
	{ 0 },
};

static const struct cfn_row target_rows[] = {
	{ "Ip", "ip", CFN_TEXT, .needed = true },
	{ "Ipv6", "ip", CFN_TEXT, .needed = true },
	{ "Port", "port", .form = CFN_TEXT },
	{ "Protocol", "protocol", CFN_WORD, .words = protocol_words },
	{ "ServerNameIndication", "server_name_indication", .form = CFN_TEXT },
	{ 0 },
};

static const struct cfn_row rule_rows[] = {
	{ "DomainName", "domain_name", CFN_NAME, .needed = true },
	{ "RuleType", "rule_type", CFN_TEXT, .needed = true },
	{ "ResolverEndpointId", "resolver_endpoint", CFN_TEXT, .needed = true },
	{ "TargetIps", "target_ips", CFN_MAPS, .rows = target_rows },
	{ "DelegationRecord", "delegation_record", CFN_NAME, .needed = true },
	{ 0 },
};

static const struct cfn_row profile_rows[] = { { "Name", "name", .form = CFN_TEXT }, { 0 } };

/* --- endpoints */

/** The VPC that another resource, named by its id, is in; NULL: it is not known. */
static const struct yaml_node *
vpc_of(struct cfn *cfn, const char *id, const struct yaml_node *like)
{
	const struct cfn_resource *other = table_find_string(&cfn->resources, id);
	struct cfn_value vpc = { .state = CFN_ABSENT };

	if (other)
		vpc = cfn_member(other->stack, other->properties, "VpcId");
	if (vpc.state == CFN_VALUE)
		vpc = cfn_relocate(cfn, vpc, like);
	return vpc.state == CFN_VALUE && vpc.node->kind == YAML_SCALAR ? vpc.node : NULL;
}

/** An endpoint does not name its VPC: its subnets and security groups are in it. */
static const struct yaml_node *
vpc_of_endpoint(struct cfn_resource *r, const struct yaml_node *addresses)
{
	struct cfn_value groups = cfn_member(r->stack, r->properties, "SecurityGroupIds");
	const struct yaml_node *vpc = NULL;
	const struct yaml_item *i;

	for (i = addresses->first; i && !vpc; i = i->next) {
		struct cfn_value address = cfn_resolve(r->stack, i->value), subnet;

		if (address.state != CFN_VALUE)
			continue;
		subnet = cfn_member(r->stack, address.node, "SubnetId");
		if (subnet.state == CFN_VALUE && subnet.node->kind == YAML_SCALAR)
			vpc = vpc_of(r->stack->cfn, subnet.node->text, i->value);
	}
	if (groups.state != CFN_VALUE || groups.node->kind != YAML_SEQUENCE)
		return vpc;
	for (i = groups.node->first; i && !vpc; i = i->next) {
		struct cfn_value group = cfn_resolve_text(r->stack, i->value);

		if (group.state == CFN_VALUE)
			vpc = vpc_of(r->stack->cfn, group.node->text, i->value);
	}
	return vpc;
}

/** Without Ip the service picks one of the subnet. */
static void
add_address(struct cfn_resource *r, struct cfn_object *endpoint, const struct yaml_node *said)
{
	struct cfn_value item = cfn_resolve(r->stack, said);
	struct yaml_node *map = nodes_map(&r->stack->cfn->declare->nodes, said);
	const struct yaml_node *ip;

	if (item.state == CFN_UNKNOWN)
		cfn_report_unknown(r, "IpAddresses", said, item.why, "the address is");
	if (item.state != CFN_VALUE || item.node->kind != YAML_MAPPING || !map ||
	    !cfn_translate(r, address_rows, item.node, map))
		return;
	ip = yaml_find(map, "ip");
	if (!ip)
		cfn_report_unknown(r, "IpAddresses", said,
				   "without Ip the service picks an address of the subnet",
				   "the address is");
	cfn_object_append(endpoint, "ip_addresses", ip);
}

void
cfn_add_endpoint(struct cfn_resource *r)
{
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct cfn_value addresses = cfn_member(r->stack, r->properties, "IpAddresses");
	const struct yaml_node *vpc = NULL, *own = cfn_overrides(r);
	struct cfn_object *endpoint;

	if (addresses.state == CFN_VALUE && addresses.node->kind == YAML_SEQUENCE)
		vpc = vpc_of_endpoint(r, addresses.node);
	if (!vpc && (!own || !yaml_find(own, "vpc"))) {
		cfn_report_unknown(r, "IpAddresses", addresses.node, addresses.state == CFN_UNKNOWN
				   ? addresses.why : "no template has its subnets or security "
				   "groups, which tell its VPC", "the resource is");
		return;
	}
	endpoint = cfn_object_of(r, "resolver_endpoints", endpoint_rows);
	if (!endpoint)
		return;
	nodes_put(nodes, endpoint->map, "vpc", vpc);
	cfn_put_groups(r, endpoint->map);
	for (const struct yaml_item *i = addresses.state == CFN_VALUE ? addresses.node->first
								      : NULL; i; i = i->next)
		add_address(r, endpoint, i->value);
}

/* --- rules */

/** Those that the service makes for every VPC are built in. */
void
cfn_add_rule(struct cfn_resource *r)
{
	struct cfn_value type = cfn_member(r->stack, r->properties, "RuleType");
	const struct yaml_node *targets;
	struct cfn_object *rule;

	if (type.state == CFN_VALUE && type.node->kind == YAML_SCALAR &&
	    strcmp(type.node->text, "RECURSIVE") == 0)
		return;
	rule = cfn_object_of(r, "resolver_rules", rule_rows);
	if (!rule)
		return;
	cfn_put_pseudo(r, rule->map, "owner_id", "AWS::AccountId");
	targets = yaml_find(rule->map, "target_ips");
	if (!targets || targets->first || targets->kind != YAML_SEQUENCE)
		return;
	rule->left_out = true;
	cfn_report_unknown(r, "TargetIps", targets, "no target is known", "the resource is");
}

void
cfn_add_rule_association(struct cfn_resource *r)
{
	struct cfn_object *rule = cfn_joined(r, "ResolverRuleId", "resolver_rules");

	if (rule)
		cfn_object_append(rule, "vpcs", cfn_property(r, "VPCId", "the resource is"));
}

void
cfn_add_resolver_config(struct cfn_resource *r)
{
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct cfn_object *vpc = cfn_joined(r, "ResourceId", "vpcs");
	const struct yaml_node *flag = vpc
		? cfn_property(r, "AutodefinedReverseFlag", "the resource is") : NULL;

	if (flag && strcmp(flag->text, "DISABLE") == 0)
		nodes_put(nodes, vpc->map, "autodefined_reverse",
			  nodes_text(nodes, "DISABLED", flag));
}

/* --- Profiles */

void
cfn_add_profile(struct cfn_resource *r)
{
	struct cfn_object *profile = cfn_object_of(r, "profiles", profile_rows);

	if (profile)
		cfn_put_pseudo(r, profile->map, "owner_id", "AWS::AccountId");
}

/** Where a VPC has several Profiles, Metadata may say in which order (Causeway). */
void
cfn_add_profile_association(struct cfn_resource *r)
{
	struct cfn_object *profile = cfn_joined(r, "ProfileId", "profiles");
	const struct yaml_node *own = cfn_overrides(r), *vpc;
	const struct yaml_node *priority = own ? yaml_find(own, "priority") : NULL;
	struct nodes *nodes = &r->stack->cfn->declare->nodes;
	struct yaml_node *map;

	vpc = profile ? cfn_property(r, "ResourceId", "the resource is") : NULL;
	if (!vpc || !priority || priority->kind != YAML_SCALAR) {
		if (vpc)
			cfn_object_append(profile, "vpcs", vpc);
		return;
	}
	map = nodes_map(nodes, vpc);
	nodes_put(nodes, map, "vpc", vpc);
	nodes_put(nodes, map, "priority", priority);
	cfn_object_join(profile, "associations", map, r);
}

/** What an Arn names; ids of ours have slashes in them, so the beginning decides. */
void
cfn_add_profile_resource(struct cfn_resource *r)
{
	static const struct { const char *within, *key; } forms[] = {
		{ ":hostedzone/", "hosted_zones" }, { ":resolver-rule/", "resolver_rules" },
	};
	struct cfn_object *profile = cfn_joined(r, "ProfileId", "profiles");
	const struct yaml_node *arn = profile ? cfn_property(r, "ResourceArn", "the resource is")
					      : NULL;
	struct nodes *nodes = &r->stack->cfn->declare->nodes;

	for (size_t i = 0; arn && i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *found = strstr(arn->text, forms[i].within);

		if (!found)
			continue;
		cfn_object_append(profile, forms[i].key,
				  nodes_text(nodes, found + strlen(forms[i].within), arn));
		return;
	}
	if (arn)
		diag_open(r->stack->cfn->declare->diags, SEVERITY_NOTE, "CFG006", "not-modelled",
			  declare_place(r->stack->template->path, arn),
			  "%s %s: only zones and rules of a Profile are modelled", r->type, r->id);
}
