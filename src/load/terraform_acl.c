#include <string.h>
#include <strings.h>

#include "load/terraform_model.h"

/*
 * Network ACLs.  One of which an entry is not known is left out: it would deny what that entry
 * lets through.
 */

#define SUBNETS_MOST 256

enum way { INGRESS, EGRESS };

/* One entry on its way: `said` by a resource of its own, or by a block of the ACL. */
struct entry {
	struct terraform *t;
	struct tf_resource *acl;
	const struct tf_resource *by;
	const struct yaml_node *said;
	struct yaml_node *map;
};

/* --- entries */

/** The first of two members that is there. */
static const struct yaml_node *
either(const struct yaml_node *map, const char *one, const char *other)
{
	const struct yaml_node *node = tf_text(map, one) ? tf_member(map, one)
							 : tf_member(map, other);

	return node && node->kind == YAML_SCALAR ? node : NULL;
}

/** An object has one file: what stands elsewhere is placed at the object. */
static void
put(const struct entry *e, const char *key, const char *text, const struct yaml_node *like)
{
	bool same_file = strcmp(e->acl->place_file, e->by->place_file) == 0;

	nodes_put(&e->t->declare->nodes, e->map, key,
		  nodes_text(&e->t->declare->nodes, text,
			     tf_like(e->acl, same_file ? tf_like(e->by, like) : NULL)));
}

/** Only these have ports; what others say there is something else. */
static void
put_protocol(const struct entry *e, const struct yaml_node *said)
{
	static const char *const keys[] = { "from_port", "to_port" };
	const char *text = strcmp(said->text, "all") == 0 ? "-1" : said->text;

	put(e, "protocol", text, said);
	if (strcmp(text, "tcp") != 0 && strcmp(text, "udp") != 0 && strcmp(text, "6") != 0 &&
	    strcmp(text, "17") != 0)
		return;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct yaml_node *port = tf_member(e->said, keys[i]);

		if (port && port->kind == YAML_SCALAR)
			put(e, keys[i], port->text, port);
	}
}

/** States show an entry of its own in the ACL too; the one that came first counts. */
static bool
is_second(const struct entry *e, const char *number, enum way way)
{
	const char *key = arena_printf(e->t->declare->scratch, "entry %s %u %s", e->acl->id, way,
				       number);

	if (key && table_find_string(&e->t->claims, key))
		return true;
	if (!key || table_put_string(&e->t->claims, key, e->acl) != OK)
		e->t->declare->nodes.nomem = true;
	return false;
}

static void
add_entry(struct terraform *t, struct tf_resource *acl, const struct tf_resource *by,
	  const struct yaml_node *said, enum way way)
{
	struct entry e = { .t = t, .acl = acl, .by = by, .said = said };
	const struct yaml_node *number = either(said, "rule_no", "rule_number");
	const struct yaml_node *action = either(said, "action", "rule_action");
	const struct yaml_node *block = either(said, "cidr_block", "ipv6_cidr_block");
	const struct yaml_node *protocol = either(said, "protocol", "protocol");
	struct nodes *n = &t->declare->nodes;

	if (!number || !action || !block || !protocol) {
		acl->makes = false;
		return;
	}
	if (is_second(&e, number->text, way))
		return;
	e.map = nodes_map(n, tf_like(acl, by == acl ? said : NULL));
	put(&e, "rule_number", number->text, number);
	put(&e, "egress", way == EGRESS ? "true" : "false", NULL);
	put(&e, "rule_action", strcasecmp(action->text, "allow") == 0 ? "allow" : "deny", action);
	put(&e, "cidr_block", block->text, block);
	put_protocol(&e, protocol);
	if (!acl->lists[0])
		acl->lists[0] = nodes_list(n, &acl->place);
	nodes_append(n, acl->lists[0], e.map);
}

static void
add_inline(struct terraform *t, struct tf_resource *acl)
{
	static const char *const keys[] = { [INGRESS] = "ingress", [EGRESS] = "egress" };

	for (unsigned way = 0; way < COUNT_OF(keys); way++) {
		const struct yaml_item *i = tf_items(acl->values, keys[way]);

		for (; i; i = i->next)
			add_entry(t, acl, acl, i->value, (enum way)way);
		if (acl->block && tf_is_unknown(acl, acl->values, acl->block->expressions,
						keys[way]))
			acl->makes = false;
	}
}

static struct tf_resource *
find_acl(struct terraform *t, const char *id)
{
	struct tf_resource *acl = tf_object(t, id);

	return acl && acl->type->kind == TF_ACL && acl->id ? acl : NULL;
}

/** false: it may be of any ACL. */
static bool
add_rule(struct terraform *t, const struct tf_resource *rule)
{
	const char *id = tf_id(t, rule, "network_acl_id", TF_BIT(TF_ACL));
	struct tf_resource *acl = find_acl(t, id);

	if (acl)
		add_entry(t, acl, rule, rule->values,
			  tf_is(rule->values, "egress", "true") ? EGRESS : INGRESS);
	else if (id)
		declare_skipped(t->declare, tf_place(rule, NULL), "%s: ACL %s is not here",
				rule->address, id);
	else
		tf_say_unknown(t, rule, "its network ACL",
			       "so the network ACLs of the plan are left out");
	return id != NULL;
}

/* --- subnets */

static void
attach(struct terraform *t, struct tf_resource *acl, const struct tf_resource *by,
       const char *subnet, const struct yaml_node *like)
{
	char *key = arena_printf(t->declare->scratch, "acl %s", subnet);

	if (!key || !tf_is_subnet_here(t, subnet) || table_find_string(&t->claims, key)) {
		t->declare->nodes.nomem |= !key;
		return;		/* another one's by now */
	}
	if (table_put_string(&t->claims, key, acl) != OK)
		t->declare->nodes.nomem = true;
	tf_attach(t, acl, by, subnet, like);
}

/** false: it may be of any subnet. */
static bool
associate(struct terraform *t, const struct tf_resource *association)
{
	const char *id = tf_id(t, association, "network_acl_id", TF_BIT(TF_ACL));
	const char *subnet = tf_id(t, association, "subnet_id", TF_BIT(TF_SUBNET));
	struct tf_resource *acl = find_acl(t, id);

	if (!id || !subnet)
		tf_say_unknown(t, association, id ? "the subnet" : "the network ACL",
			       "which subnets have the default one is not known either");
	else if (acl)
		attach(t, acl, association, subnet, tf_member(association->values, "subnet_id"));
	return id && subnet;
}

/** The same of the ACL's own list. */
static bool
attach_listed(struct terraform *t, struct tf_resource *acl)
{
	const struct yaml_node *expression = tf_expression(acl, "subnet_ids");
	const char *ids[SUBNETS_MOST];
	size_t count;

	if (tf_member(acl->values, "subnet_ids") || !expression) {
		const struct yaml_item *i = tf_items(acl->values, "subnet_ids");

		for (; i; i = i->next)
			if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
				attach(t, acl, acl, i->value->text, i->value);
		return true;
	}
	count = tf_follow_all(t, acl, expression, TF_BIT(TF_SUBNET), ids, COUNT_OF(ids));
	for (size_t i = 0; i < count; i++)
		attach(t, acl, acl, ids[i], NULL);
	if (!count)
		tf_say_unknown(t, acl, "its subnets",
			       "which subnets have the default one is not known either");
	return count > 0;
}

/* --- ACLs */

static bool
is_default(const struct tf_resource *acl)
{
	return strcmp(acl->type->type, "aws_default_network_acl") == 0;
}

/** A default one is adopted by an id that its VPC has. */
static const char *
vpc_of(struct terraform *t, const struct tf_resource *acl)
{
	const char *vpc = tf_id(t, acl, "vpc_id", TF_BIT(TF_VPC));

	if (!vpc)
		vpc = tf_follow(t, acl, tf_expression(acl, "default_network_acl_id"),
				TF_BIT(TF_VPC));
	return vpc;
}

static struct yaml_node *
make_acl(struct terraform *t, struct tf_resource *acl)
{
	const struct tf_resource *first = find_acl(t, acl->id);
	const char *vpc = vpc_of(t, acl);
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *map;

	if (!vpc || !first || !first->makes) {
		tf_say_unknown(t, acl, vpc ? "an entry" : "its VPC", "the network ACL is left out");
		return NULL;
	}
	map = tf_new_object(t, acl);
	nodes_put(n, map, "vpc", tf_new_text(t, acl, vpc, tf_member(acl->values, "vpc_id")));
	if (is_default(acl) && first->lists[1])
		nodes_put(n, map, "is_default", first->lists[1]);
	return map;
}

/** Entries, those of their own first; an ACL that may lack one is not made. */
static void
add_entries(struct terraform *t)
{
	struct tf_resource *r;
	bool known = true;

	for (r = t->kinds[TF_ACL].first; r; r = r->next)
		r->makes = r->id && !r->dropped;
	for (r = t->kinds[TF_ACL_RULE].first; r; r = r->next)
		known &= add_rule(t, r);
	for (r = t->kinds[TF_ACL].first; r; r = r->next) {
		if (r->makes)
			add_inline(t, r);
		r->makes &= known || !r->file->plan;
	}
}

void
tf_declare_acls(struct terraform *t)
{
	static const struct tf_keys keys = { .attached = "subnets", .lists = { "entries" } };
	struct tf_resource *r;
	bool known = true;

	add_entries(t);
	for (r = t->kinds[TF_ACL_ASSOCIATION].first; r; r = r->next)
		known &= associate(t, r);
	for (unsigned turn = 0; turn < 2; turn++)	/* a default one has what others leave */
		for (r = t->kinds[TF_ACL].first; r; r = r->next)
			if (r->id && !r->dropped && is_default(r) == turn)
				known &= attach_listed(t, r);
	for (r = t->kinds[TF_ACL].first; r && known; r = r->next)
		if (r->id && is_default(r))
			r->lists[1] = nodes_text(&t->declare->nodes, "true", &r->place);
	tf_declare_all(t, TF_ACL, "network_acls", keys, make_acl);
}
