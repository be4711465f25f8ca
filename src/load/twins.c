#include "load/twins.h"

#include <string.h>

#include "base/text.h"
#include "dns/codes.h"
#include "dns/name.h"
#include "load/dump_sets.h"
#include "load/unbind.h"

/* Two objects as maps of the configuration. */
struct comparison {
	struct unbind unbind;
	const struct schema_map *map;
	const struct yaml_node *first, *second;
	bool ordered;			/* of lists the order counts */
	struct text keys;		/* that differ */
};

/** The map of the schema that describes objects of a kind. */
static enum schema_map_id
map_of(enum object_kind kind)
{
	const struct schema_map *root = schema_map(MAP_ROOT);
	enum object_kind other;

	for (size_t i = 0; i < root->count; i++)
		if (objects_kind_of(root->keys[i].map, &other) && other == kind)
			return root->keys[i].map;
	return MAP_ROOT;
}

/** Digest of what a node says, in whatever order. */
static struct digest
unordered(const struct yaml_node *node)
{
	struct digest sum = { node->kind, node->count };

	if (node->kind == YAML_SCALAR)
		return digest_fold(sum, digest_bytes(node->text, node->count));
	for (const struct yaml_item *i = node->first; i; i = i->next) {
		struct digest one = unordered(i->value);

		if (i->key)
			one = digest_fold(digest_bytes(i->key->text, i->key->count), one);
		one = digest_fold((struct digest){ 0 }, one);
		sum.lo += one.lo;
		sum.hi += one.hi;
	}
	return sum;
}

static bool
same_nodes(const struct comparison *c, const struct yaml_node *a, const struct yaml_node *b)
{
	return c->ordered ? digest_equal(yaml_digest(a), yaml_digest(b))
			  : digest_equal(unordered(a), unordered(b));
}

/** One of them says nothing: is that the same as what the other says, or simply not known? */
static bool
agrees_unsaid(const struct schema_key *key, const struct yaml_node *said)
{
	if (key->fallback && said->kind == YAML_SCALAR && strcmp(key->fallback, said->text) == 0)
		return true;
	return key->type == SCHEMA_STRING && !key->list && (!key->fallback || !*key->fallback);
}

static void
note_key(struct comparison *c, const char *key)
{
	text_printf(&c->keys, "%s%s", c->keys.len ? ", " : "", key);
}

static void
compare_maps(struct comparison *c)
{
	for (size_t i = 0; i < c->map->count; i++) {
		const struct schema_key *key = &c->map->keys[i];
		const struct yaml_node *a = yaml_find(c->first, key->key);
		const struct yaml_node *b = yaml_find(c->second, key->key);

		if (a && b ? !same_nodes(c, a, b)
			   : (a || b) && !agrees_unsaid(key, a ? a : b))
			note_key(c, key->key);
	}
}

/** The SOA and NS that a zone has whether it says so or not. */
static bool
is_given(const struct hosted_zone *zone, const struct record_set *set)
{
	return (set->type == TYPE_SOA || set->type == TYPE_NS) &&
	       name_wire_equal(set->owner, zone->name);
}

/** Digest of a zone's records; nodes live no longer than one set. */
static struct digest
digest_sets(struct unbind *u, const struct hosted_zone *zone)
{
	const struct record_set **sets = dump_order_sets(zone, u->nodes.arena);
	struct digest sum = { 0 };

	u->nodes.nomem |= !sets;
	for (size_t i = 0, n; sets && i < zone->set_count && !u->nodes.nomem; i += n) {
		struct arena_mark mark = arena_mark(u->nodes.arena);
		const struct yaml_node *node;
		struct digest one;

		n = dump_count_parts(sets + i, zone->set_count - i);
		node = is_given(zone, sets[i]) ? NULL : dump_set(u, sets + i, n);
		if (node) {
			one = digest_fold((struct digest){ 0 }, unordered(node));
			sum.lo += one.lo;
			sum.hi += one.hi;
		}
		arena_rewind(u->nodes.arena, mark);
	}
	return sum;
}

static void
compare_zones(struct comparison *c, const struct hosted_zone *first,
	      const struct hosted_zone *second)
{
	struct hosted_zone a = *first, b = *second;

	a.zone_file = a.record_sets_file = b.zone_file = b.record_sets_file = NULL;
	c->first = unbind_map(&c->unbind, MAP_ZONE, &a, NULL);
	c->second = unbind_map(&c->unbind, MAP_ZONE, &b, NULL);
	if (c->unbind.nodes.nomem)
		return;
	compare_maps(c);
	if (first->unread || second->unread || !first->name || !second->name)
		return;
	if (!digest_equal(digest_sets(&c->unbind, first), digest_sets(&c->unbind, second)))
		note_key(c, "record_sets");
}

static void
compare(struct comparison *c, const struct twins *twins)
{
	enum schema_map_id map = map_of(twins->kind);

	c->map = schema_map(map);
	if (twins->kind == OBJECT_HOSTED_ZONE) {
		compare_zones(c, twins->first, twins->second);
		return;
	}
	if (twins->kind == OBJECT_RULE)	/* whoever asks his targets in order means it */
		c->ordered = ((const struct resolver_rule *)twins->first)->policy !=
			     TARGET_RANDOM;
	c->first = unbind_map(&c->unbind, map, twins->first, NULL);
	c->second = unbind_map(&c->unbind, map, twins->second, NULL);
	if (!c->unbind.nodes.nomem)
		compare_maps(c);
}

static void
report(struct objects *o, const struct twins *twins, const char *keys)
{
	const char *kind = object_kind_text(twins->kind), *id;
	struct srcloc at = object_at(twins->kind, twins->second);
	struct finding *finding;

	id = object_id(twins->kind, twins->second);
	if (twins->from)
		finding = diag_open(o->diags, SEVERITY_WARNING, "CFG007", "sources-disagree", at,
				    "%s \"%s\" is something else here than in another input, "
				    "which counts: %s", kind, id, keys);
	else
		finding = diag_open(o->diags, SEVERITY_ERROR, "duplicate-id", NULL, at,
				    "%s \"%s\" is declared before, with other content", kind, id);
	diag_add(o->diags, finding, PART_OBJECT, kind, id,
		 object_at(twins->kind, twins->first), "declared here first");
}

enum status
twins_compare(struct objects *o)
{
	enum status status = o->nomem ? ERR_NOMEM : OK;

	for (const struct twins *t = o->twins; t && status == OK; t = t->next) {
		struct arena_mark mark = arena_mark(o->scratch);
		struct comparison c = { .unbind = { .nodes = { .arena = o->scratch } } };

		text_init(&c.keys);
		compare(&c, t);
		if (c.unbind.nodes.nomem || c.keys.failed)
			status = ERR_NOMEM;
		else if (c.keys.len)
			report(o, t, c.keys.data);
		text_fini(&c.keys);
		arena_rewind(o->scratch, mark);
	}
	return status;
}
