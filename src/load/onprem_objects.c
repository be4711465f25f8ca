#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "load/onprem.h"

/* Record sets as they come together. */
struct onprem_set {
	struct yaml_node *map, *values;
	const char *file;
	uint64_t ttl_s;
	struct onprem_set *next;
};

/** Words that YAML would take for no text are text here: a zone may be called "null". */
static struct yaml_node *
text_of(struct onprem *o, const char *text, const struct yaml_node *like)
{
	struct yaml_node *node = nodes_text(o->nodes, text, like);

	if (node)
		node->plain = false;
	return node;
}

/** A list of one text. */
static struct yaml_node *
list_of(struct onprem *o, const char *text, const struct yaml_node *like)
{
	struct yaml_node *list = nodes_list(o->nodes, like);

	nodes_append(o->nodes, list, text_of(o, text, like));
	return list;
}

struct yaml_node *
onprem_site(struct onprem *o, const char *id, const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id", text_of(o, id, like));
	return map;
}

struct yaml_node *
onprem_zone_map(struct onprem *o, const char *site, const char *name,
		const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id",
		  text_of(o, onprem_text(o, "%s/%s", site, name), like));
	nodes_put(o->nodes, map, "name", text_of(o, name, like));
	return map;
}

struct yaml_node *
onprem_rule_map(struct onprem *o, const char *site, const char *name, const char *type,
		const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "id",
		  text_of(o, onprem_text(o, "%s/%s", site, name), like));
	nodes_put(o->nodes, map, "domain_name", text_of(o, name, like));
	nodes_put(o->nodes, map, "rule_type", nodes_text(o->nodes, type, like));
	nodes_put(o->nodes, map, "sites", list_of(o, site, like));
	return map;
}

void
onprem_target(struct onprem *o, struct yaml_node *list, const char *ip, const char *port,
	      const struct yaml_node *like)
{
	struct yaml_node *map = nodes_map(o->nodes, like);

	nodes_put(o->nodes, map, "ip", text_of(o, ip, like));
	if (port && *port)
		nodes_put(o->nodes, map, "port", nodes_text(o->nodes, port, like));
	nodes_append(o->nodes, list, map);
}

void
onprem_target_at(struct onprem *o, struct yaml_node *list, const struct yaml_node *word,
		 char sign)
{
	const char *text = word->text, *port = strchr(text, sign);
	size_t len = port ? (size_t)(port - text) : strcspn(text, "#%");

	onprem_target(o, list, onprem_text(o, "%.*s", (int)len, text),
		      port ? onprem_text(o, "%.*s", (int)strcspn(port + 1, "#%@"), port + 1) : NULL,
		      word);
}

struct onprem_zone *
onprem_zone(struct onprem *o, const char *site, const char *name, const char *file,
	    const struct yaml_node *like)
{
	const char *id = onprem_text(o, "%s/%s", site, name);
	struct onprem_zone *zone = table_find_string(&o->zones, id);
	struct yaml_node *map;

	if (zone)
		return zone;
	zone = arena_alloc(o->nodes->arena, sizeof(*zone));
	if (!zone || table_put_string(&o->zones, id, zone) != OK) {
		o->nodes->nomem = true;
		return NULL;
	}
	zone->id = id;
	zone->name = name;
	table_init(&zone->sets, o->nodes->arena);
	map = onprem_zone_map(o, site, name, like);
	nodes_put(o->nodes, map, "sites", list_of(o, site, like));
	declare_object(o->d, "hosted_zones", map, file);
	return zone;
}

static struct onprem_set *
new_set(struct onprem *o, struct onprem_zone *zone, const char *key, const char *name,
	const char *type, const struct yaml_node *like)
{
	struct onprem_set *set = arena_alloc(o->nodes->arena, sizeof(*set));

	if (!set || table_put_string(&zone->sets, key, set) != OK) {
		o->nodes->nomem = true;
		return NULL;
	}
	set->map = nodes_map(o->nodes, like);
	set->values = nodes_list(o->nodes, like);
	set->ttl_s = UINT64_MAX;
	nodes_put(o->nodes, set->map, "name", text_of(o, name, like));
	nodes_put(o->nodes, set->map, "type", nodes_text(o->nodes, type, like));
	*(zone->last ? &zone->last->next : &zone->first) = set;
	zone->last = set;
	return set;
}

/** Name servers take the same record twice as one; here it would be a finding. */
static bool
is_new(struct onprem *o, struct onprem_zone *zone, struct onprem_set *set, const char *key,
       const char *value)
{
	const char *whole = onprem_text(o, "%s %s", key, value);

	if (table_find_string(&zone->sets, whole))
		return false;
	o->nodes->nomem |= table_put_string(&zone->sets, whole, set) != OK;
	return true;
}

void
onprem_record(struct onprem *o, struct onprem_zone *zone, const char *name, const char *type,
	      const char *ttl_s, const char *value, const char *file,
	      const struct yaml_node *like)
{
	const char *owner = onprem_name(o, name);
	const char *key = onprem_text(o, "%s %s", owner, type);
	struct onprem_set *set = zone ? table_find_string(&zone->sets, key) : NULL;
	uint64_t ttl;

	if (!zone || o->nodes->nomem)
		return;
	if (!set) {
		set = new_set(o, zone, key, owner, type, like);
		if (!set)
			return;
		set->file = file;
	}
	if (text_parse_u64(ttl_s, UINT32_MAX, &ttl) && ttl < set->ttl_s)
		set->ttl_s = ttl;
	if (is_new(o, zone, set, key, value))
		nodes_append(o->nodes, set->values, text_of(o, value, like));
}

void
onprem_end(struct onprem *o)
{
	for (size_t i = 0; i < o->zones.count; i++) {
		const struct onprem_zone *zone = o->zones.entries[i].value;

		for (const struct onprem_set *s = zone->first; s && !o->nodes->nomem; s = s->next) {
			const char *ttl = s->ttl_s == UINT64_MAX
				? ONPREM_TTL_S : onprem_text(o, "%ju", (uintmax_t)s->ttl_s);

			nodes_put(o->nodes, s->map, "ttl", nodes_text(o->nodes, ttl, s->map));
			nodes_put(o->nodes, s->map, "values", s->values);
			declare_record_set(o->d, zone->id, s->map, s->file);
		}
	}
}
