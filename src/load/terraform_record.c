#include <string.h>
#include <strings.h>

#include "load/recordset.h"
#include "load/terraform_model.h"

/* A block within a record set, and the map that we have for it. */
struct nested {
	const char *from, *to;
	struct tf_rename renames[4];
};

/* A routing policy that is a block there, and a key here. */
static const struct { const char *block; struct tf_rename rename; } policies[] = {
	{ "weighted_routing_policy", { "weight", "weight" } },
	{ "failover_routing_policy", { "type", "failover" } },
	{ "latency_routing_policy", { "region", "region" } },
};

static const struct tf_rename keys[] = {
	{ "type", "type" },
	{ "set_identifier", "set_identifier" },
	{ "multivalue_answer_routing_policy", "multi_value_answer" },
	/* of aws_route53_records_exclusive */
	{ "multi_value_answer", "multi_value_answer" },
	{ "weight", "weight" },
	{ "failover", "failover" },
	{ "region", "region" },
};

static const struct nested blocks[] = {
	{ "geolocation_routing_policy", "geo_location",
	  { { "continent", "continent_code" }, { "country", "country_code" },
	    { "subdivision", "subdivision_code" } } },
	{ "geolocation", "geo_location",
	  { { "continent_code", "continent_code" }, { "country_code", "country_code" },
	    { "subdivision_code", "subdivision_code" } } },
	{ "geoproximity_routing_policy", "geoproximity_location",
	  { { "aws_region", "aws_region" }, { "local_zone_group", "local_zone_group" },
	    { "bias", "bias" } } },
	{ "geoproximity_location", "geoproximity_location",
	  { { "aws_region", "aws_region" }, { "local_zone_group", "local_zone_group" },
	    { "bias", "bias" } } },
};

/* One record set on its way. */
struct record {
	struct terraform *t;
	const struct tf_resource *resource;
	const struct yaml_node *said;		/* what has its members */
	const struct yaml_node *expressions;	/* of those members; NULL */
	struct yaml_node *map;
	const char *zone;			/* id */
};

/* --- names */

/** The escapes of the API as those of master files. */
static struct yaml_node *
api_text(const struct record *r, const char *text, const struct yaml_node *like)
{
	struct arena_mark mark = arena_mark(&r->t->passing);
	const char *copy = recordset_decimal_escapes(&r->t->passing, text);
	struct yaml_node *node = copy ? tf_new_text(r->t, r->resource, copy, like) : NULL;

	r->t->declare->nodes.nomem |= !copy;
	arena_rewind(&r->t->passing, mark);
	return node;
}

static bool
ends_with(const char *name, const char *zone)
{
	size_t name_len = strlen(name), zone_len = strlen(zone);

	return name_len >= zone_len && strcasecmp(name + name_len - zone_len, zone) == 0;
}

/*
 * As the provider does it: a name that ends like the zone's, if not at a dot, is whole;
 * others are relative.
 */
static const char *
whole_name(struct terraform *t, const char *name, const char *zone)
{
	struct arena *arena = &t->passing;
	char *full = arena_string(arena, name), *apex = zone ? arena_string(arena, zone) : NULL;

	if (!full || (zone && !apex)) {
		t->declare->nodes.nomem = true;
		return NULL;
	}
	if (*full && full[strlen(full) - 1] == '.')
		full[strlen(full) - 1] = '\0';
	if (apex && *apex && apex[strlen(apex) - 1] == '.')
		apex[strlen(apex) - 1] = '\0';
	if (!apex || ends_with(full, apex))
		return full;
	if (!*full)
		return apex;
	full = arena_printf(arena, "%s.%s", full, apex);
	t->declare->nodes.nomem |= !full;
	return full;
}

static bool
put_name(struct record *r)
{
	const struct yaml_node *name = r->said ? yaml_find(r->said, "name") : NULL;
	const char *fqdn = tf_text(r->said, "fqdn"), *whole = fqdn;
	const struct tf_resource *zone = tf_object(r->t, r->zone);

	if (!fqdn && (!name || name->kind != YAML_SCALAR || yaml_is_null(name))) {
		tf_say_unknown(r->t, r->resource, "its name", "the record set is left out");
		return false;
	}
	if (!fqdn)
		whole = whole_name(r->t, name->text, zone ? tf_text(zone->values, "name") : NULL);
	if (whole)
		nodes_put(&r->t->declare->nodes, r->map, "name", api_text(r, whole, name));
	return whole != NULL;
}

/* --- data */

/** TXT stands there without the quotes around it, which the provider adds. */
static struct yaml_node *
value_text(const struct record *r, const struct yaml_node *value, bool quoted)
{
	struct arena_mark mark = arena_mark(&r->t->passing);
	const char *text = quoted ? arena_printf(&r->t->passing, "\"%s\"", value->text)
				  : value->text;
	struct yaml_node *node = text ? api_text(r, text, value) : NULL;

	r->t->declare->nodes.nomem |= !text;
	arena_rewind(&r->t->passing, mark);
	return node;
}

static bool
put_values(struct record *r)
{
	bool quoted = tf_is(r->said, "type", "TXT") || tf_is(r->said, "type", "SPF");
	const struct yaml_node *records = tf_member(r->said, "records");
	struct nodes *n = &r->t->declare->nodes;
	struct yaml_node *list = nodes_list(n, tf_like(r->resource, records));
	bool known = true;

	for (const struct yaml_item *i = tf_items(r->said, "records"); i; i = i->next) {
		known &= i->value->kind == YAML_SCALAR && !yaml_is_null(i->value);
		if (known)
			nodes_append(n, list, value_text(r, i->value, quoted));
	}
	for (const struct yaml_item *i = tf_items(r->said, "resource_records"); i; i = i->next) {
		const struct yaml_node *value = tf_member(i->value, "value");

		known &= value && value->kind == YAML_SCALAR;
		if (known)
			nodes_append(n, list, value_text(r, value, false));
	}
	if (!known || tf_is_unknown(r->resource, r->said, r->expressions, "records")) {
		tf_say_unknown(r->t, r->resource, "its data", "the record set is left out");
		return false;
	}
	if (list && list->count)
		nodes_put(n, r->map, "values", list);
	return true;
}

/** The block of either form, and how it is written. */
static bool
put_alias(struct record *r)
{
	const struct yaml_node *alias = tf_nested(r->said, "alias");
	const struct yaml_node *written = tf_nested(r->expressions, "alias");
	const char *name_key = "name", *zone_key = "zone_id", *zone;
	struct nodes *n = &r->t->declare->nodes;
	const struct yaml_node *name, *healthy;
	struct yaml_node *map;

	if (!alias) {
		alias = tf_nested(r->said, "alias_target");
		name_key = "dns_name";
		zone_key = "hosted_zone_id";
	}
	if (!alias)
		return true;
	name = tf_member(alias, name_key);
	zone = tf_text(alias, zone_key);
	if (!zone)
		zone = tf_follow(r->t, r->resource, tf_member(written, zone_key),
				 TF_BIT(TF_ZONE) | TF_BIT(TF_NAMESPACE));
	if (!name || name->kind != YAML_SCALAR || !zone) {
		tf_say_unknown(r->t, r->resource, "what it is an alias of",
			       "the record set is left out");
		return false;
	}
	map = nodes_map(n, tf_like(r->resource, alias));
	healthy = tf_member(alias, "evaluate_target_health");
	nodes_put(n, map, "dns_name", api_text(r, name->text, name));
	nodes_put(n, map, "hosted_zone",
		  tf_new_text(r->t, r->resource, tf_bare_id(zone), tf_member(alias, zone_key)));
	nodes_put(n, map, "evaluate_target_health", tf_copy(r->t, r->resource, healthy));
	nodes_put(n, r->map, "alias_target", map);
	return true;
}

/* --- routing */

static void
put_coordinates(struct record *r, struct yaml_node *map, const struct yaml_node *said)
{
	static const struct tf_rename renames[] = {
		{ "latitude", "latitude" }, { "longitude", "longitude" },
	};
	const struct yaml_node *where = tf_nested(said, "coordinates");
	struct yaml_node *coordinates;

	if (!where)
		return;
	coordinates = nodes_map(&r->t->declare->nodes, tf_like(r->resource, where));
	for (size_t i = 0; i < COUNT_OF(renames); i++) {	/* numbers in quotes there */
		const char *text = tf_text(where, renames[i].from);

		if (text)
			nodes_put(&r->t->declare->nodes, coordinates, renames[i].to,
				  tf_new_text(r->t, r->resource, text, NULL));
	}
	nodes_put(&r->t->declare->nodes, map, "coordinates", coordinates);
}

static void
put_routing(struct record *r)
{
	struct nodes *n = &r->t->declare->nodes;

	for (size_t i = 0; i < COUNT_OF(policies); i++)
		tf_put(r->t, r->resource, r->map, tf_nested(r->said, policies[i].block),
		       &policies[i].rename, 1);
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		const struct yaml_node *said = tf_nested(r->said, blocks[i].from);
		struct yaml_node *map;

		if (!said)
			continue;
		map = nodes_map(n, tf_like(r->resource, said));
		for (size_t k = 0; blocks[i].renames[k].from; k++)
			tf_put(r->t, r->resource, map, said, &blocks[i].renames[k], 1);
		put_coordinates(r, map, said);
		nodes_put(n, r->map, blocks[i].to, map);
	}
}

static void
put_health_check(struct record *r)
{
	const struct yaml_node *said = tf_member(r->said, "health_check_id");
	const char *id = tf_text(r->said, "health_check_id");

	if (!id)
		id = tf_follow(r->t, r->resource, tf_member(r->expressions, "health_check_id"),
			       TF_BIT(TF_HEALTH_CHECK));
	if (id)
		nodes_put(&r->t->declare->nodes, r->map, "health_check",
			  tf_new_text(r->t, r->resource, id, said));
	else if (tf_is_unknown(r->resource, r->said, r->expressions, "health_check_id"))
		tf_say_unknown(r->t, r->resource, "its health check",
			       "the record set is judged without one");
}

/** By the client's network: there is no such thing in a private zone (4.4). */
static bool
is_by_cidr(const struct record *r)
{
	if (!tf_nested(r->said, "cidr_routing_policy") &&
	    !tf_nested(r->said, "cidr_routing_config"))
		return false;
	diag_open(r->t->declare->diags, SEVERITY_NOTE, "CFG006", "not-modelled",
		  tf_place(r->resource, NULL), "%s: IP-based routing is not modelled; the record "
		  "set is left out", r->resource->address);
	return true;
}

/* --- all of it */

static void
declare_set(struct record *r)
{
	static const struct tf_rename ttl = { "ttl", "ttl" };

	r->map = nodes_map(&r->t->declare->nodes, tf_like(r->resource, r->said));
	if (is_by_cidr(r) || !put_name(r) || !put_values(r) || !put_alias(r))
		return;
	tf_put(r->t, r->resource, r->map, r->said, keys, COUNT_OF(keys));
	if (!yaml_find(r->map, "alias_target"))
		tf_put(r->t, r->resource, r->map, r->said, &ttl, 1);
	put_routing(r);
	put_health_check(r);
	if (!r->t->declare->nodes.nomem)
		declare_record_set(r->t->declare, r->zone, r->map, r->resource->place_file);
}

void
tf_declare_record(struct terraform *t, struct tf_resource *resource)
{
	struct record r = {
		.t = t, .resource = resource,
		.zone = tf_id(t, resource, "zone_id", TF_BIT(TF_ZONE) | TF_BIT(TF_NAMESPACE)),
		.expressions = resource->block ? resource->block->expressions : NULL,
	};

	if (!r.zone) {
		tf_say_unknown(t, resource, "its hosted zone", "it is left out");
		return;
	}
	if (table_find_string(&t->gone, r.zone) && !resource->file->plan)
		return;
	if (resource->type->kind == TF_RECORD) {
		r.said = resource->values;
		declare_set(&r);
		return;
	}
	r.expressions = NULL;	/* of a set: which block is which is not known */
	for (const struct yaml_item *i = tf_items(resource->values, "resource_record_set");
	     i && !t->declare->nodes.nomem; i = i->next) {
		r.said = i->value;
		declare_set(&r);
	}
}
