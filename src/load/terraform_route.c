#include <string.h>

#include "load/terraform_model.h"

/* Route tables, and the lists of blocks that routes name. */

#define UNKNOWN "unknown"	/* an id that nobody has: it may be of anything */
#define WAY	TF_BIT(TF_WAY)

/* One route on its way: `said` by a resource of its own, or by a block of the table. */
struct route {
	struct terraform *t;
	struct tf_resource *table;
	const struct tf_resource *by;		/* the table itself: inline */
	const struct yaml_node *said;
	struct yaml_node *map;
};

struct way_out {
	const char *from, *to;
	uint64_t kinds;
};

static const struct way_out ways_out[] = {
	{ "vpc_peering_connection_id", "vpc_peering_connection", TF_BIT(TF_PEERING) },
	{ "transit_gateway_id", "transit_gateway", TF_BIT(TF_TRANSIT_GATEWAY) },
	{ "nat_gateway_id", "nat_gateway", WAY },
	{ "gateway_id", "gateway", WAY },
	{ "egress_only_gateway_id", "gateway", WAY },
	{ "vpc_endpoint_id", "gateway", 0 },
	{ "carrier_gateway_id", "gateway", 0 },
	{ "local_gateway_id", "gateway", 0 },
	{ "core_network_arn", "gateway", 0 },
	{ "odb_network_arn", "gateway", 0 },
	{ "vpn_gateway_id", "gateway", WAY },	/* of a propagation, add_any */
	{ "network_interface_id", "network_interface", 0 },
	{ "instance_id", "network_interface", 0 },
};

static const char *const blocks[] = {
	"destination_cidr_block", "destination_ipv6_cidr_block", "cidr_block", "ipv6_cidr_block",
};

/* --- where a route leads */

/** May the block, as it is written, be the one that says this? */
static bool
may_be(const struct yaml_node *written, const struct yaml_node *said)
{
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		const char *constant = tf_text(tf_member(written, blocks[i]), "constant_value");

		if (constant && !tf_is(said, blocks[i], constant))
			return false;
	}
	return true;
}

/** A set has no order: of the blocks that may be this one, all have to lead to the same. */
static const char *
follow_inline(const struct route *r, const struct way_out *way)
{
	const struct yaml_node *written = tf_expression(r->table, "route");
	const char *found = NULL;

	if (!written || written->kind != YAML_SEQUENCE)
		return tf_follow(r->t, r->table, written, way->kinds);
	for (const struct yaml_item *i = written->first; i; i = i->next) {
		const char *id = may_be(i->value, r->said)
			? tf_follow(r->t, r->table, tf_member(i->value, way->from), way->kinds)
			: NULL;

		if (id && found && strcmp(id, found) != 0)
			return NULL;
		found = id ? id : found;
	}
	return found;
}

static const char *
follow_target(const struct route *r, const struct way_out *way)
{
	const char *id = r->by == r->table ? follow_inline(r, way)
			 : tf_follow(r->t, r->by, tf_expression(r->by, way->from), way->kinds);
	const struct tf_resource *object = tf_object(r->t, id);

	return object && way->kinds & TF_BIT(object->type->kind) ? id : NULL;
}

/** Is there a target of this sort, though its id is not known yet? */
static bool
is_written(const struct route *r, const struct way_out *way)
{
	if (r->by != r->table)
		return tf_expression(r->by, way->from) != NULL;
	return r->table->file->plan && r->said->kind == YAML_MAPPING &&
	       !yaml_find(r->said, way->from) && follow_inline(r, way);
}

/** The kind of target, and its id where that is known.  NULL: nothing says. */
static const struct way_out *
find_target(const struct route *r, const char **id)
{
	*id = NULL;
	for (size_t i = 0; i < COUNT_OF(ways_out); i++) {
		*id = tf_text(r->said, ways_out[i].from);
		if (*id)
			return &ways_out[i];
	}
	for (size_t i = 0; i < COUNT_OF(ways_out); i++) {
		if (!is_written(r, &ways_out[i]))
			continue;
		*id = follow_target(r, &ways_out[i]);
		return &ways_out[i];
	}
	return NULL;
}

/** Is it declared, so that a reference finds it?  As the families of these decide it. */
static bool
is_declared(struct terraform *t, const char *id, uint64_t kinds)
{
	const struct tf_resource *object = tf_object(t, id);

	if (!object || object->data || !(kinds & TF_BIT(object->type->kind)))
		return false;
	if (object->type->kind == TF_TRANSIT_GATEWAY)
		return object->attached != NULL;
	return tf_id(t, object, "vpc_id", TF_BIT(TF_VPC)) &&
	       tf_id(t, object, "peer_vpc_id", TF_BIT(TF_VPC));
}

/** Ids begin with what they are of; those to be get the same. */
static const char *
way_id(struct terraform *t, const char *id)
{
	const struct tf_resource *way = tf_object(t, id);
	const char *type = way ? way->type->type : "", *prefix = "";

	if (!way || way->known)
		return id;
	if (strcmp(type, "aws_internet_gateway") == 0)
		prefix = "igw-";
	else if (strcmp(type, "aws_egress_only_internet_gateway") == 0)
		prefix = "eigw-";
	id = arena_printf(t->declare->scratch, "%s%s", prefix, id);
	t->declare->nodes.nomem |= !id;
	return id;
}

/** An object has one file: what stands elsewhere is placed at the object. */
static void
put(const struct route *r, const char *key, const char *text, const char *said)
{
	bool same_file = strcmp(r->table->place_file, r->by->place_file) == 0;
	const struct yaml_node *node = said ? tf_member(r->said, said) : NULL;

	nodes_put(&r->t->declare->nodes, r->map, key,
		  tf_new_text(r->t, r->table, text, same_file ? tf_like(r->by, node) : NULL));
}

static void
put_target(const struct route *r)
{
	const char *id, *to;
	const struct way_out *way = find_target(r, &id);

	to = way ? way->to : "gateway";
	if (id && (strcmp(to, "vpc_peering_connection") == 0 || strcmp(to, "transit_gateway") == 0) &&
	    !is_declared(r->t, id, way->kinds))
		to = "gateway";		/* somebody's that is not here */
	if (id) {
		put(r, to, way_id(r->t, id), way->from);
	} else if (!way && !r->by->file->plan) {	/* what it led to is gone */
		put(r, "gateway", "none", NULL);
		put(r, "state", "blackhole", NULL);
		return;
	} else {
		if (way && way->kinds & (TF_BIT(TF_PEERING) | TF_BIT(TF_TRANSIT_GATEWAY)))
			to = "gateway";
		if (!way || way->kinds != WAY)
			tf_say_unknown(r->t, r->by, "where a route leads",
				       "it may lead anywhere");
		put(r, to, UNKNOWN, NULL);
	}
	if (tf_is(r->said, "state", "blackhole"))
		put(r, "state", "blackhole", "state");
}

/* --- tables */

static const char *
main_key(struct terraform *t, const char *vpc)
{
	const char *key = arena_printf(t->declare->scratch, "main %s", vpc);

	t->declare->nodes.nomem |= !key;
	return key;
}

/** The first who says which one it is counts. */
static void
note_main(struct terraform *t, const char *vpc, struct tf_resource *table)
{
	const char *key = main_key(t, vpc);

	if (key && table && table->type->kind == TF_ROUTE_TABLE &&
	    !table_find_string(&t->claims, key) &&
	    table_put_string(&t->claims, key, table) != OK)
		t->declare->nodes.nomem = true;
}

/** A default table is adopted by an id that its VPC has. */
static const char *
vpc_of(struct terraform *t, const struct tf_resource *table)
{
	const char *vpc = tf_id(t, table, "vpc_id", TF_BIT(TF_VPC));

	if (!vpc)
		vpc = tf_follow(t, table, tf_expression(table, "default_route_table_id"),
				TF_BIT(TF_VPC));
	return vpc;
}

/**
 * The table that a resource is of; that of a VPC where it names the VPC's main one.
 * *table: NULL: it is not here.  false: which one is not known.
 */
static bool
find_table(struct terraform *t, const struct tf_resource *by, struct tf_resource **table)
{
	const char *id = tf_id(t, by, "route_table_id", TF_BIT(TF_ROUTE_TABLE));
	const char *key = NULL;

	*table = tf_object(t, id);
	if (*table && (*table)->type->kind == TF_ROUTE_TABLE)
		return true;
	*table = NULL;
	if (!id) {
		id = tf_follow(t, by, tf_expression(by, "route_table_id"), TF_BIT(TF_VPC));
		key = id ? main_key(t, id) : NULL;
		*table = key ? table_find_string(&t->claims, key) : NULL;
	}
	if (id && !*table)
		declare_skipped(t->declare, tf_place(by, NULL),
				"%s: the route table of %s is not here", by->address, id);
	return id != NULL;
}

/* --- routes */

/** Whoever says something first is right: routes of their own before those seen in a table. */
static bool
claim(struct terraform *t, const char *what, const char *first, const char *second)
{
	const char *key = arena_printf(t->declare->scratch, "%s %s %s", what, first, second);

	if (!key) {
		t->declare->nodes.nomem = true;
		return false;
	}
	if (table_find_string(&t->claims, key))
		return false;
	if (table_put_string(&t->claims, key, t) != OK)
		t->declare->nodes.nomem = true;
	return true;
}

/** false: the table has a route to the same. */
static bool
put_destination(const struct route *r)
{
	const char *list = tf_text(r->said, "destination_prefix_list_id");
	bool any = tf_text(r->said, "vpn_gateway_id") ||
		   strcmp(r->by->type->type, "aws_vpn_gateway_route_propagation") == 0;

	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		const char *block = tf_text(r->said, blocks[i]);

		if (!block)
			continue;
		put(r, "destination_cidr_block", block, blocks[i]);
		return claim(r->t, "route", r->table->id, block);
	}
	if (!list && r->by != r->table)
		list = tf_follow(r->t, r->by, tf_expression(r->by, "destination_prefix_list_id"),
				 TF_BIT(TF_PREFIX_LIST));
	if (!list && !any)
		tf_say_unknown(r->t, r->by, "the destination of a route",
			       "it may be of any packets");
	put(r, "destination_prefix_list", list ? list : UNKNOWN, "destination_prefix_list_id");
	return !list || claim(r->t, "route", r->table->id, list);
}

static void
add_route(struct terraform *t, struct tf_resource *table, const struct tf_resource *by,
	  const struct yaml_node *said)
{
	struct route r = { .t = t, .table = table, .by = by, .said = said };
	struct nodes *n = &t->declare->nodes;
	bool same_file = strcmp(table->place_file, by->place_file) == 0;

	if (!said)
		return;
	r.map = nodes_map(n, tf_like(table, same_file ? tf_like(by, by == table ? said : NULL)
						      : NULL));
	if (!put_destination(&r))
		return;
	put_target(&r);
	if (!table->lists[0])
		table->lists[0] = nodes_list(n, &table->place);
	nodes_append(n, table->lists[0], r.map);
}

/** A route that may be of any packets. */
static void
add_any(struct terraform *t, struct tf_resource *table, const char *gateway)
{
	struct nodes *n = &t->declare->nodes;
	struct yaml_node *said = nodes_map(n, &table->place);

	nodes_put(n, said, "vpn_gateway_id", nodes_text(n, gateway, &table->place));
	add_route(t, table, table, said);
}

static void
add_inline(struct terraform *t, struct tf_resource *table)
{
	const struct yaml_item *i;

	for (i = tf_items(table->values, "route"); i; i = i->next)
		if (i->value->kind == YAML_MAPPING)
			add_route(t, table, table, i->value);
	/* what a gateway announces is not told */
	for (i = tf_items(table->values, "propagating_vgws"); i; i = i->next)
		if (i->value->kind == YAML_SCALAR && !yaml_is_null(i->value))
			add_any(t, table, i->value->text);
	if (table->block &&
	    tf_is_unknown(table, table->values, table->block->expressions, "route")) {
		tf_say_unknown(t, table, "its routes", "any packets may have one");
		add_any(t, table, UNKNOWN);
	}
}

/** Routes of the table that a resource is of; false: it may be any table. */
static bool
add_own(struct terraform *t, const struct tf_resource *route)
{
	struct tf_resource *table;
	bool known = find_table(t, route, &table);

	if (!known)
		tf_say_unknown(t, route, "its route table", "it may be of any");
	else if (table)
		add_route(t, table, route, route->values);
	return known;
}

/* --- who has them */

static void
find_mains(struct terraform *t)
{
	struct tf_resource *r;
	const char *vpc;

	for (r = t->kinds[TF_MAIN_ASSOCIATION].first; r; r = r->next) {
		vpc = tf_id(t, r, "vpc_id", TF_BIT(TF_VPC));
		if (vpc)
			note_main(t, vpc, tf_object(t, tf_id(t, r, "route_table_id",
							     TF_BIT(TF_ROUTE_TABLE))));
		else
			tf_say_unknown(t, r, "the VPC", "the association is left out");
	}
	for (r = t->kinds[TF_VPC].first; r; r = r->next)
		if (r->id && !r->dropped)
			note_main(t, r->id,
				  tf_object(t, tf_text(r->values, "main_route_table_id")));
	for (r = t->kinds[TF_ROUTE_TABLE].first; r; r = r->next) {
		vpc = r->id && !r->dropped &&
		      strcmp(r->type->type, "aws_default_route_table") == 0 ? vpc_of(t, r) : NULL;
		if (vpc)
			note_main(t, vpc, r);
	}
}

bool
tf_is_subnet_here(struct terraform *t, const char *id)
{
	const struct tf_resource *subnet = tf_object(t, id);

	return subnet && subnet->id && !subnet->data && subnet->type->kind == TF_SUBNET &&
	       tf_id(t, subnet, "vpc_id", TF_BIT(TF_VPC)) &&
	       (tf_text(subnet->values, "cidr_block") || tf_text(subnet->values, "ipv6_cidr_block"));
}

/** false: it may be of any subnet. */
static bool
associate_table(struct terraform *t, const struct tf_resource *association)
{
	const char *subnet = tf_id(t, association, "subnet_id", TF_BIT(TF_SUBNET));
	struct tf_resource *table;
	bool known;

	if (tf_text(association->values, "gateway_id") || tf_expression(association, "gateway_id"))
		return true;	/* what comes in from outside */
	known = subnet && find_table(t, association, &table);
	if (!known)
		tf_say_unknown(t, association, subnet ? "the route table" : "the subnet",
			       "which subnets have the main route table is not known either");
	else if (table && tf_is_subnet_here(t, subnet) && claim(t, "table", subnet, ""))
		tf_attach(t, table, association, subnet,
			  tf_member(association->values, "subnet_id"));
	return known;
}

/** A subnet that has a table of its own, though which is not known, has not the main one. */
static void
mark_mains(struct terraform *t)
{
	for (struct tf_resource *r = t->kinds[TF_ROUTE_TABLE].first; r; r = r->next) {
		const char *vpc = r->id && !r->dropped ? vpc_of(t, r) : NULL;
		const char *key = vpc ? main_key(t, vpc) : NULL;

		r->makes = key && table_find_string(&t->claims, key) == r;
	}
}

static struct yaml_node *
make_table(struct terraform *t, struct tf_resource *table)
{
	const char *vpc = vpc_of(t, table);
	struct nodes *n = &t->declare->nodes;
	struct tf_resource *first = tf_object(t, table->id);
	struct yaml_node *map;

	if (!vpc) {
		tf_say_unknown(t, table, "its VPC", "the route table is left out");
		return NULL;
	}
	map = tf_new_object(t, table);
	nodes_put(n, map, "vpc", tf_new_text(t, table, vpc, tf_member(table->values, "vpc_id")));
	if (first && first->makes)
		nodes_put(n, map, "main", tf_new_text(t, table, "true", NULL));
	return map;
}

/* --- prefix lists */

/** makes: all of its blocks are known. */
static void
attach_blocks(struct terraform *t, struct tf_resource *list)
{
	static const char *const keys[] = { "entry", "entries", "cidr_blocks" };

	list->makes = !tf_is_unknown(list, list->values,
				     list->block ? list->block->expressions : NULL, "entry");
	for (size_t k = 0; k < COUNT_OF(keys); k++) {
		for (const struct yaml_item *i = tf_items(list->values, keys[k]); i; i = i->next) {
			const struct yaml_node *cidr = i->value;

			if (cidr->kind == YAML_MAPPING)
				cidr = tf_member(cidr, "cidr");
			if (cidr && cidr->kind == YAML_SCALAR)
				tf_attach(t, list, list, cidr->text, cidr);
			else
				list->makes = false;
		}
	}
}

static void
attach_entry(struct terraform *t, const struct tf_resource *entry)
{
	const char *id = tf_id(t, entry, "prefix_list_id", TF_BIT(TF_PREFIX_LIST));
	const struct yaml_node *cidr = tf_member(entry->values, "cidr");
	struct tf_resource *list = tf_object(t, id);

	if (!id)
		tf_say_unknown(t, entry, "its prefix list", "the entry is left out");
	else if (!list || !list->id || list->type->kind != TF_PREFIX_LIST)
		declare_skipped(t->declare, tf_place(entry, NULL), "%s: %s is not here",
				entry->address, id);
	else if (cidr && cidr->kind == YAML_SCALAR)
		tf_attach(t, list, entry, cidr->text, cidr);
	else
		list->makes = false;
}

/** Of a list that is not declared nobody knows what is in it. */
static struct yaml_node *
make_list(struct terraform *t, struct tf_resource *list)
{
	const struct tf_resource *first = tf_object(t, list->id);

	if (!first || !first->makes) {
		tf_say_unknown(t, list, "a block of it", "the prefix list is left out");
		return NULL;
	}
	return tf_new_object(t, list);
}

static void
declare_lists(struct terraform *t)
{
	struct tf_resource *r;

	for (r = t->kinds[TF_PREFIX_LIST].first; r; r = r->next)
		if (r->id && !r->dropped)
			attach_blocks(t, r);
	for (r = t->kinds[TF_PREFIX_ENTRY].first; r; r = r->next)
		attach_entry(t, r);
	tf_declare_all(t, TF_PREFIX_LIST, "prefix_lists",
		       (struct tf_keys){ .attached = "cidr_blocks" }, make_list);
}

void
tf_declare_routes(struct terraform *t)
{
	static const struct tf_keys keys = { .attached = "subnets", .lists = { "routes" } };
	struct tf_resource *r;
	bool known = true;

	find_mains(t);
	for (r = t->kinds[TF_ROUTE].first; r; r = r->next)
		known &= add_own(t, r);
	for (r = t->kinds[TF_ROUTE_TABLE].first; r; r = r->next) {
		if (!r->id || r->dropped)
			continue;
		add_inline(t, r);
		if (!known && r->file->plan)
			add_any(t, r, UNKNOWN);
	}
	known = true;
	for (r = t->kinds[TF_TABLE_ASSOCIATION].first; r; r = r->next)
		known &= associate_table(t, r);
	if (known)
		mark_mains(t);
	tf_declare_all(t, TF_ROUTE_TABLE, "route_tables", keys, make_table);
	declare_lists(t);
}
