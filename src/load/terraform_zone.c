#include <string.h>

#include "load/terraform_model.h"

#define CHILDREN_MOST 256

/* --- zones and who sees them */

/** The VPCs of `vpc` blocks that are known; how many are not. */
static size_t
attach_known(struct terraform *t, struct tf_resource *zone)
{
	size_t unknown = 0;

	for (const struct yaml_item *i = tf_items(zone->values, "vpc"); i; i = i->next) {
		const struct yaml_node *vpc = tf_member(i->value, "vpc_id");

		if (vpc && vpc->kind == YAML_SCALAR)
			tf_attach(t, zone, zone, vpc->text, vpc);
		else
			unknown++;
	}
	return unknown;
}

/** Those that are written as blocks; a set has no order, so which is which is not known. */
static size_t
attach_written(struct terraform *t, struct tf_resource *zone)
{
	const struct yaml_node *blocks = tf_expression(zone, "vpc");
	size_t before = zone->attached ? zone->attached->count : 0;

	for (const struct yaml_item *i = blocks && blocks->kind == YAML_SEQUENCE ? blocks->first
										 : NULL;
	     i; i = i->next) {
		const char *id = tf_follow(t, zone, tf_member(i->value, "vpc_id"),
					   TF_BIT(TF_VPC));

		if (id)
			tf_attach(t, zone, zone, id, tf_member(zone->values, "vpc"));
	}
	return (zone->attached ? zone->attached->count : 0) - before;
}

static void
attach_blocks(struct terraform *t, struct tf_resource *zone)
{
	size_t unknown = attach_known(t, zone);
	bool open = zone->block && zone->values && !yaml_find(zone->values, "vpc");

	if ((unknown || open) && attach_written(t, zone) < unknown + open)
		tf_say_unknown(t, zone, "which VPCs see the zone",
			       "it is judged with those that are known");
}

static void
associate(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "zone_id", TF_BIT(TF_ZONE) | TF_BIT(TF_NAMESPACE));
	const char *vpc = tf_id(t, association, "vpc_id", TF_BIT(TF_VPC));
	struct tf_resource *zone = tf_object(t, id);

	if (!id || !vpc)
		tf_say_unknown(t, association, id ? "the VPC" : "the hosted zone",
			       "the association is left out");
	else if (zone && zone->id && !zone->data)
		tf_attach(t, zone, association, vpc, tf_member(association->values, "vpc_id"));
	else if (!table_find_string(&t->gone, id))
		tf_say_dangling(t, association, "zone_id", "hosted zone", id);
}

/** A zone that never had a VPC is a public one. */
static struct yaml_node *
make_zone(struct terraform *t, struct tf_resource *zone)
{
	static const struct tf_rename renames[] = { { "name", "name" } };
	struct nodes *n = &t->declare->nodes;
	const char *account = tf_account(t, zone);
	struct yaml_node *map;

	if (zone->data)
		return NULL;
	if (!tf_text(zone->values, "name")) {
		tf_say_unknown(t, zone, "its name", "the zone and its records are left out");
		declare_incomplete(t->declare);
		return NULL;
	}
	map = tf_new_object(t, zone);
	tf_put(t, zone, map, zone->values, renames, COUNT_OF(renames));
	if (account)
		nodes_put(n, map, "owner_id", tf_new_text(t, zone, account, NULL));
	if (!zone->dropped && !zone->attached && !tf_items(zone->values, "vpc") &&
	    (yaml_find(zone->values, "vpc") || !zone->block))
		nodes_put(n, map, "private_zone", tf_new_text(t, zone, "false", NULL));
	return map;
}

/* A namespace of Cloud Map has a zone; its records come and go with the instances. */
static void
attach_namespace(struct terraform *t, struct tf_resource *namespace)
{
	const char *vpc = tf_id(t, namespace, "vpc", TF_BIT(TF_VPC));

	if (vpc)
		tf_attach(t, namespace, namespace, vpc, tf_member(namespace->values, "vpc"));
	else
		tf_say_unknown(t, namespace, "the VPC", "its zone is judged without one");
}

/* --- health checks */

static void
put_children(struct terraform *t, const struct tf_resource *check, struct yaml_node *map)
{
	struct nodes *n = &t->declare->nodes;
	const char *ids[CHILDREN_MOST];
	struct yaml_node *list;
	size_t count;

	if (tf_items(check->values, "child_healthchecks")) {
		nodes_put(n, map, "child_health_checks",
			  tf_copy(t, check, tf_member(check->values, "child_healthchecks")));
		return;
	}
	count = tf_follow_all(t, check, tf_expression(check, "child_healthchecks"),
			      TF_BIT(TF_HEALTH_CHECK), ids, COUNT_OF(ids));
	list = count ? nodes_list(n, &check->place) : NULL;
	for (size_t i = 0; i < count; i++)
		nodes_append(n, list, tf_new_text(t, check, ids[i], NULL));
	nodes_put(n, map, "child_health_checks", list);
}

/** What we cannot check ourselves counts as an external check has it: healthy. */
static const char *
health_type(const char *type)
{
	if (strcmp(type, "CLOUDWATCH_METRIC") == 0 || strcmp(type, "RECOVERY_CONTROL") == 0)
		return "EXTERNAL";
	return type;
}

static struct yaml_node *
make_health_check(struct terraform *t, struct tf_resource *check)
{
	static const struct tf_rename renames[] = {
		{ "ip_address", "ip_address" },
		{ "fqdn", "fully_qualified_domain_name" },
		{ "resource_path", "resource_path" },
		{ "search_string", "search_string" },
		{ "invert_healthcheck", "inverted" },
		{ "disabled", "disabled" },
		{ "child_health_threshold", "health_threshold" },
	};
	static const struct tf_rename numbers[] = {	/* 0 where they are not set */
		{ "port", "port" }, { "failure_threshold", "failure_threshold" },
	};
	const struct yaml_node *interval = tf_member(check->values, "request_interval");
	const struct yaml_node *type = tf_member(check->values, "type");
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map = tf_new_object(t, check);
	char seconds[32];

	if (type && type->kind == YAML_SCALAR)
		nodes_put(n, map, "type", tf_new_text(t, check, health_type(type->text), type));
	tf_put(t, check, map, check->values, renames, COUNT_OF(renames));
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (!tf_is(check->values, numbers[i].from, "0"))
			tf_put(t, check, map, check->values, &numbers[i], 1);
	put_children(t, check, map);
	if (interval && interval->kind == YAML_SCALAR && strcmp(interval->text, "0") != 0 &&
	    interval->count < sizeof(seconds) - 1) {
		memcpy(seconds, interval->text, interval->count);
		memcpy(seconds + interval->count, "s", 2);
		nodes_put(n, map, "request_interval", tf_new_text(t, check, seconds, interval));
	}
	return map;
}

void
tf_declare_zones(struct terraform *t)
{
	static const struct tf_keys seen_by = { .attached = "vpcs" };
	struct tf_resource *r;

	for (r = t->kinds[TF_ZONE].first; r; r = r->next)
		if (r->id && !r->dropped && !r->data)
			attach_blocks(t, r);
	for (r = t->kinds[TF_NAMESPACE].first; r; r = r->next)
		if (r->id && !r->dropped)
			attach_namespace(t, r);
	for (r = t->kinds[TF_ZONE_ASSOCIATION].first; r; r = r->next)
		associate(t, r);
	tf_declare_all(t, TF_ZONE, "hosted_zones", seen_by, make_zone);
	tf_declare_all(t, TF_NAMESPACE, "hosted_zones", seen_by, make_zone);
	tf_declare_all(t, TF_HEALTH_CHECK, "health_checks", (struct tf_keys){ 0 },
		       make_health_check);
}
