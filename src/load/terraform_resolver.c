#include <string.h>

#include "load/terraform_model.h"

#define GROUPS_MOST 64

enum { ZONES, RULES };	/* the lists of a Profile */

/* --- endpoints */

static const char *
vpc_of(struct terraform *t, const char *id)
{
	const struct tf_resource *in = tf_object(t, id);

	return in ? tf_id(t, in, "vpc_id", TF_BIT(TF_VPC)) : NULL;
}

/** The VPC of the first subnet that is known to be in one. */
static const char *
vpc_by_subnets(struct terraform *t, const struct tf_resource *endpoint)
{
	const struct yaml_node *blocks = tf_expression(endpoint, "ip_address");
	const struct yaml_item *i;
	const char *vpc = NULL;

	for (i = tf_items(endpoint->values, "ip_address"); i && !vpc; i = i->next)
		vpc = vpc_of(t, tf_text(i->value, "subnet_id"));
	i = blocks && blocks->kind == YAML_SEQUENCE ? blocks->first : NULL;
	for (; i && !vpc; i = i->next)
		vpc = vpc_of(t, tf_follow(t, endpoint, tf_member(i->value, "subnet_id"),
					  TF_BIT(TF_SUBNET)));
	return vpc;
}

/** Security groups are of one VPC, too. */
static const char *
vpc_by_groups(struct terraform *t, const struct tf_resource *endpoint)
{
	const char *ids[GROUPS_MOST], *vpc = NULL;
	size_t count = tf_follow_all(t, endpoint, tf_expression(endpoint, "security_group_ids"),
				     TF_BIT(TF_SECURITY_GROUP), ids, COUNT_OF(ids));

	for (const struct yaml_item *i = tf_items(endpoint->values, "security_group_ids");
	     i && !vpc; i = i->next)
		vpc = i->value->kind == YAML_SCALAR ? vpc_of(t, i->value->text) : NULL;
	for (size_t i = 0; i < count && !vpc; i++)
		vpc = vpc_of(t, ids[i]);
	return vpc;
}

static void
put_addresses(struct terraform *t, const struct tf_resource *endpoint, struct yaml_node *map)
{
	static const char *const keys[] = { "ip", "ipv6" };
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list = nodes_list(n, tf_like(endpoint, tf_member(endpoint->values,
									   "ip_address")));
	unsigned unknown = 0;

	for (const struct yaml_item *i = tf_items(endpoint->values, "ip_address"); i;
	     i = i->next) {
		uint32_t before = list ? list->count : 0;

		for (size_t k = 0; k < COUNT_OF(keys); k++) {
			const struct yaml_node *ip = tf_member(i->value, keys[k]);

			if (ip && ip->kind == YAML_SCALAR)
				nodes_append(n, list, tf_new_text(t, endpoint, ip->text, ip));
		}
		unknown += list && list->count == before;
	}
	for (const struct yaml_item *i = tf_items(endpoint->values, "ip_addresses"); i;
	     i = i->next)	/* of a data source */
		if (i->value->kind == YAML_SCALAR)
			nodes_append(n, list,
				     tf_new_text(t, endpoint, i->value->text, i->value));
	nodes_put(n, map, "ip_addresses", list);
	if (unknown)
		tf_say_unknown(t, endpoint, "an address of it", "it is judged without %u",
			       unknown);
}

static void
put_protocols(struct terraform *t, const struct tf_resource *endpoint, struct yaml_node *map)
{
	const struct yaml_node *said = tf_member(endpoint->values, "protocols");
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list;

	if (!tf_items(endpoint->values, "protocols"))
		return;
	list = nodes_list(n, tf_like(endpoint, said));
	for (const struct yaml_item *i = said->first; i; i = i->next) {
		const char *text = i->value->kind == YAML_SCALAR ? i->value->text : "";

		text = strcmp(text, "DoH-FIPS") == 0 ? "DoH" : text;
		nodes_append(n, list, tf_new_text(t, endpoint, text, i->value));
	}
	nodes_put(n, map, "protocols", list);
}

/** Those that are declared; what others let through is not known. */
static void
put_groups(struct terraform *t, const struct tf_resource *endpoint, struct yaml_node *map)
{
	const struct yaml_node *said = tf_member(endpoint->values, "security_group_ids");
	struct nodes *n = &t->declare->nodes;
	const char *ids[GROUPS_MOST];
	size_t count = 0, known = 0;
	struct yaml_node *list;

	for (const struct yaml_item *i = tf_items(endpoint->values, "security_group_ids");
	     i && count < COUNT_OF(ids); i = i->next)
		if (i->value->kind == YAML_SCALAR)
			ids[count++] = i->value->text;
	if (!said)
		count = tf_follow_all(t, endpoint, tf_expression(endpoint, "security_group_ids"),
				      TF_BIT(TF_SECURITY_GROUP), ids, COUNT_OF(ids));
	for (size_t i = 0; i < count; i++) {
		const struct tf_resource *group = tf_object(t, ids[i]);

		known += group && group->makes;
	}
	if (!count || known < count)
		return;
	list = nodes_list(n, tf_like(endpoint, said));
	for (size_t i = 0; i < count; i++)
		nodes_append(n, list, tf_new_text(t, endpoint, ids[i], said));
	nodes_put(n, map, "security_groups", list);
}

static struct yaml_node *
make_endpoint(struct terraform *t, struct tf_resource *endpoint)
{
	static const struct tf_rename renames[] = {
		{ "direction", "direction" }, { "dns64_enabled", "dns64_enabled" },
	};
	const char *vpc = tf_text(endpoint->values, "host_vpc_id");
	struct yaml_node *map;

	if (!vpc && endpoint->data)
		vpc = tf_text(endpoint->values, "vpc_id");
	if (!vpc)
		vpc = vpc_by_subnets(t, endpoint);
	if (!vpc)
		vpc = vpc_by_groups(t, endpoint);
	if (!vpc) {
		tf_say_unknown(t, endpoint, "the VPC that it is in",
			       "the endpoint and what goes through it are left out");
		declare_incomplete(t->declare);
		return NULL;
	}
	map = tf_new_object(t, endpoint);
	nodes_put(&t->declare->nodes, map, "vpc",
		  tf_new_text(t, endpoint, vpc, tf_member(endpoint->values, "host_vpc_id")));
	tf_put(t, endpoint, map, endpoint->values, renames, COUNT_OF(renames));
	put_addresses(t, endpoint, map);
	put_protocols(t, endpoint, map);
	put_groups(t, endpoint, map);
	return map;
}

/* --- rules */

static struct yaml_node *
make_target(struct terraform *t, const struct tf_resource *rule, const struct yaml_node *said)
{
	static const struct tf_rename renames[] = {
		{ "port", "port" },
		{ "server_name_indication", "server_name_indication" },
	};
	const struct yaml_node *ip = tf_member(said, "ip"), *protocol = tf_member(said, "protocol");
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map;

	if (!ip)
		ip = tf_member(said, "ipv6");
	if (!ip || ip->kind != YAML_SCALAR)
		return NULL;
	map = nodes_map(n, tf_like(rule, said));
	nodes_put(n, map, "ip", tf_new_text(t, rule, ip->text, ip));
	if (!tf_is(said, "port", "0"))
		tf_put(t, rule, map, said, renames, COUNT_OF(renames));
	if (protocol && protocol->kind == YAML_SCALAR)
		nodes_put(n, map, "protocol",
			  tf_new_text(t, rule, strcmp(protocol->text, "DoH-FIPS") == 0
					       ? "DoH" : protocol->text, protocol));
	return map;
}

/** false: none of its targets is known. */
static bool
put_targets(struct terraform *t, const struct tf_resource *rule, struct yaml_node *map)
{
	const struct yaml_node *said = tf_member(rule->values, "target_ip");
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *list = said ? nodes_list(n, tf_like(rule, said)) : NULL;
	unsigned unknown = rule->block && rule->values && !yaml_find(rule->values, "target_ip");

	for (const struct yaml_item *i = tf_items(rule->values, "target_ip"); i; i = i->next) {
		struct yaml_node *target = make_target(t, rule, i->value);

		unknown += !target;
		nodes_append(n, list, target);
	}
	if (unknown && (!list || !list->count)) {
		tf_say_unknown(t, rule, "who is asked", "the rule is left out");
		declare_incomplete(t->declare);
		return false;
	}
	if (unknown)
		tf_say_unknown(t, rule, "a target of it", "it is judged without %u", unknown);
	if (list && list->count)
		nodes_put(n, map, "target_ips", list);
	return true;
}

/** false: which endpoint it has is written, and cannot be told. */
static bool
put_endpoint(struct terraform *t, const struct tf_resource *rule, struct yaml_node *map)
{
	const char *id = tf_id(t, rule, "resolver_endpoint_id", TF_BIT(TF_ENDPOINT));

	if (!id && tf_expression(rule, "resolver_endpoint_id") && rule->values &&
	    !yaml_find(rule->values, "resolver_endpoint_id")) {
		tf_say_unknown(t, rule, "the endpoint that it goes through",
			       "the rule is left out");
		declare_incomplete(t->declare);
		return false;
	}
	if (id)
		nodes_put(&t->declare->nodes, map, "resolver_endpoint",
			  tf_new_text(t, rule, id,
				      tf_member(rule->values, "resolver_endpoint_id")));
	return true;
}

static struct yaml_node *
make_rule(struct terraform *t, struct tf_resource *rule)
{
	static const struct tf_rename renames[] = {
		{ "domain_name", "domain_name" }, { "rule_type", "rule_type" },
		{ "delegation_record", "delegation_record" },
	};
	const char *account = tf_account(t, rule);
	struct yaml_node *map;

	if (rule->data || tf_is(rule->values, "rule_type", "RECURSIVE"))
		return NULL;
	if (!tf_text(rule->values, "domain_name") &&
	    tf_expression(rule, "domain_name")) {
		tf_say_unknown(t, rule, "its domain", "the rule is left out");
		declare_incomplete(t->declare);
		return NULL;
	}
	map = tf_new_object(t, rule);
	tf_put(t, rule, map, rule->values, renames, COUNT_OF(renames));
	if (account)
		nodes_put(&t->declare->nodes, map, "owner_id",
			  tf_new_text(t, rule, account, NULL));
	if (tf_is(rule->values, "rule_type", "SYSTEM"))
		return map;
	if (!put_endpoint(t, rule, map) || !put_targets(t, rule, map))
		return NULL;
	return map;
}

static void
associate_rule(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "resolver_rule_id", TF_BIT(TF_RULE));
	const char *vpc = tf_id(t, association, "vpc_id", TF_BIT(TF_VPC));
	struct tf_resource *rule = tf_object(t, id);

	if (!id || !vpc)
		tf_say_unknown(t, association, id ? "the VPC" : "the rule",
			       "the association is left out");
	else if (strncmp(id, "rslvr-autodefined-", 18) == 0)
		declare_skipped(t->declare, tf_place(association, NULL), "%s: %s is built in",
				association->address, id);
	else if (rule && rule->id && !rule->data)
		tf_attach(t, rule, association, vpc, tf_member(association->values, "vpc_id"));
	else if (!table_find_string(&t->gone, id))
		tf_say_dangling(t, association, "resolver_rule_id", "resolver rule", id);
}

/* --- Profiles */

static struct tf_resource *
profile_of(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "profile_id", TF_BIT(TF_PROFILE));
	struct tf_resource *profile = tf_object(t, id);

	if (!id)
		tf_say_unknown(t, association, "the Profile", "the association is left out");
	else if (!profile && !table_find_string(&t->gone, id))
		tf_say_dangling(t, association, "profile_id", "Profile", id);
	return profile && profile->id ? profile : NULL;
}

static void
associate_profile(struct terraform *t, const struct tf_resource *association)
{
	const char *vpc = tf_id(t, association, "resource_id", TF_BIT(TF_VPC));
	struct tf_resource *profile = profile_of(t, association);

	if (profile && vpc)
		tf_attach(t, profile, association, vpc,
			  tf_member(association->values, "resource_id"));
	else if (profile)
		tf_say_unknown(t, association, "the VPC", "the association is left out");
}

/** Which of the lists of a Profile an ARN, or the object itself, belongs in. */
static struct yaml_node **
list_for(struct tf_resource *profile, const char *arn, const struct tf_resource *object)
{
	if (arn && strstr(arn, ":hostedzone/"))
		return &profile->lists[ZONES];
	if (arn && strstr(arn, ":resolver-rule/"))
		return &profile->lists[RULES];
	if (arn || !object)
		return NULL;
	return object->type->kind == TF_RULE ? &profile->lists[RULES] : &profile->lists[ZONES];
}

static void
add_to_profile(struct terraform *t, const struct tf_resource *association)
{
	const char *arn = tf_text(association->values, "resource_arn");
	const char *id = tf_id(t, association, "resource_arn", TF_BIT(TF_ZONE) | TF_BIT(TF_RULE));
	struct tf_resource *profile = profile_of(t, association);
	struct yaml_node **list = profile ? list_for(profile, arn, tf_object(t, id)) : NULL;
	bool same_file = profile && strcmp(profile->place_file, association->place_file) == 0;
	struct nodes *n = &t->declare->nodes;

	if (!profile)
		return;
	if (!id) {
		tf_say_unknown(t, association, "the resource", "the association is left out");
	} else if (!list) {
		diag_open(t->declare->diags, SEVERITY_NOTE, "CFG006", "not-modelled",
			  tf_place(association, NULL), "%s: \"%s\" in a Profile is not modelled",
			  association->address, arn ? arn : id);
	} else {
		if (!*list)
			*list = nodes_list(n, &profile->place);
		nodes_append(n, *list,
			     tf_new_text(t, profile, id, same_file
					 ? tf_like(association, tf_member(association->values,
									  "resource_arn"))
					 : NULL));
	}
}

static struct yaml_node *
make_profile(struct terraform *t, struct tf_resource *profile)
{
	static const struct tf_rename renames[] = { { "name", "name" } };
	const char *account = tf_account(t, profile);
	struct yaml_node *map = tf_new_object(t, profile);

	tf_put(t, profile, map, profile->values, renames, COUNT_OF(renames));
	if (account)
		nodes_put(&t->declare->nodes, map, "owner_id",
			  tf_new_text(t, profile, account, NULL));
	return map;
}

void
tf_declare_resolver(struct terraform *t)
{
	static const struct tf_keys profile_keys = {
		"vpcs", { [ZONES] = "hosted_zones", [RULES] = "resolver_rules" },
	};
	struct tf_resource *r;

	for (r = t->kinds[TF_RULE_ASSOCIATION].first; r; r = r->next)
		associate_rule(t, r);
	for (r = t->kinds[TF_PROFILE_ASSOCIATION].first; r; r = r->next)
		associate_profile(t, r);
	for (r = t->kinds[TF_PROFILE_RESOURCE].first; r; r = r->next)
		add_to_profile(t, r);
	tf_declare_all(t, TF_ENDPOINT, "resolver_endpoints", (struct tf_keys){ 0 }, make_endpoint);
	tf_declare_all(t, TF_RULE, "resolver_rules", (struct tf_keys){ .attached = "vpcs" }, make_rule);
	tf_declare_all(t, TF_PROFILE, "profiles", profile_keys, make_profile);
}
