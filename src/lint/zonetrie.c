#include "lint/zonetrie.h"

#include "lint/circles.h"

#define COVERS 1u	/* mark: a delegation or a DNAME, on which the names below depend */

void
zone_tries_init(struct zone_tries *tries, struct arena *arena)
{
	trie_store_init(&tries->store, arena);
	table_init(&tries->contents, arena);
	table_init(&tries->made[0], arena);
	table_init(&tries->made[1], arena);
}

/* Octets on their way to being a content. */
struct content {
	struct arena *arena;
	uint8_t *octets;
	size_t len, room;
	bool nomem;
};

static void
put(struct content *c, const void *octets, size_t len)
{
	if (c->room - c->len < len) {
		size_t room = 2 * c->room + len + 256;
		uint8_t *grown = arena_alloc(c->arena, room);

		if (!grown) {
			c->nomem = true;
			return;
		}
		if (c->len)
			memcpy(grown, c->octets, c->len);
		c->octets = grown;
		c->room = room;
	}
	memcpy(c->octets + c->len, octets, len);
	c->len += len;
}

static void
put_number(struct content *c, uint32_t number)
{
	put(c, &number, sizeof(number));
}

static void
put_string(struct content *c, const struct zone *zone, uint32_t at)
{
	const char *string = at ? block_at(&zone->block, at) : "";

	put(c, string, strlen(string) + 1);
}

static void
put_routing(struct content *c, const struct zone *zone, const struct zone_routing *routing)
{
	put_string(c, zone, routing->set_identifier_at);
	put_string(c, zone, routing->health_check_at);
	put_string(c, zone, routing->region_at);
	put_string(c, zone, routing->continent_at);
	put_string(c, zone, routing->country_at);
	put_string(c, zone, routing->subdivision_at);
	put_number(c, (uint32_t)routing->bias);
	put_number(c, routing->has_coordinates);
	put(c, &routing->latitude, sizeof(routing->latitude));
	put(c, &routing->longitude, sizeof(routing->longitude));
}

static void
put_alias(struct content *c, const struct zone *zone, const struct zone_alias *alias)
{
	const uint8_t *name = block_at(&zone->block, alias->name_at);

	put(c, name, name_wire_len(name));
	put_string(c, zone, alias->hosted_zone_at);
	put_number(c, alias->evaluate_target_health << 1 | alias->same_zone);
}

static void
put_set(struct content *c, const struct zone *zone, const struct zone_set *set, bool ttls)
{
	struct rrset data = zone_rrset(set, NULL);

	put_number(c, (uint32_t)set->type << 16 | set->count);
	put_number(c, ttls ? set->ttl_s : 0);
	put_number(c, (uint32_t)set->policy << 24 | (uint32_t)set->failover << 16 | set->weight);
	put_number(c, data.wire_len);
	if (!set->alias_at)
		put(c, data.wire, data.wire_len);
	put_number(c, set->alias_at != 0);
	if (set->alias_at)
		put_alias(c, zone, zone_set_alias(zone, set));
	put_number(c, set->routing_at != 0);
	if (set->routing_at)
		put_routing(c, zone, zone_set_routing(zone, set));
}

/** All that the node says. */
static void
put_node(struct content *c, const struct zone *zone, const struct zone_node *node, bool ttls)
{
	const struct zone_set_ref *refs = zone_node_refs(node);
	bool apex = node == zone_node_at(zone, zone->apex_at);

	c->len = 0;
	put_number(c, node->flags);
	for (unsigned i = 0; i < node->set_count; i++)
		if (!apex || (refs[i].type != TYPE_SOA && refs[i].type != TYPE_NS))
			put_set(c, zone, zone_set_at(zone, refs[i].set_at), ttls);
}

/** The one with these octets; NULL: no memory. */
static const void *
keep_content(struct zone_tries *tries, const struct content *c)
{
	const void *kept = table_find(&tries->contents, c->octets, c->len);

	if (kept || c->nomem)
		return kept;
	kept = arena_copy(tries->store.arena, c->octets, c->len);
	if (!kept || table_put(&tries->contents, kept, c->len, (void *)(uintptr_t)kept) != OK)
		return NULL;
	return kept;
}

static const struct trie *
node_leaf(struct zone_tries *tries, const struct zone *zone, const struct zone_node *node,
	  bool ttls, struct content *c)
{
	const void *content;

	put_node(c, zone, node, ttls);
	content = keep_content(tries, c);
	if (!content)
		return NULL;
	return trie_leaf(&tries->store, trie_name(&tries->store, zone_node_name(node)), content,
			 node->flags & (NODE_CUT | NODE_DNAME) ? COVERS : 0);
}

static const struct trie *
make_trie(struct zone_tries *tries, const struct zone *zone, bool ttls, struct arena *scratch)
{
	struct content content = { .arena = scratch };
	const struct trie **leaves;

	leaves = arena_array(scratch, zone->node_count, sizeof(*leaves));
	for (uint32_t i = 0; leaves && i < zone->node_count; i++) {
		leaves[i] = node_leaf(tries, zone, zone_node_number(zone, i), ttls, &content);
		if (!leaves[i])
			return NULL;
	}
	return leaves ? trie_build(&tries->store, leaves, zone->node_count) : NULL;
}

static const struct trie *
zone_trie(struct zone_tries *tries, const struct zone *zone, bool ttls, struct arena *scratch)
{
	const struct trie *made = table_find(&tries->made[ttls], &zone, sizeof(zone));
	const struct zone **key;

	if (made)
		return made;
	made = make_trie(tries, zone, ttls, scratch);
	key = arena_copy(tries->store.arena, &zone, sizeof(zone));
	if (!made || !key ||
	    table_put(&tries->made[ttls], key, sizeof(zone), (void *)(uintptr_t)made) != OK)
		return NULL;
	return made;
}

static const struct zone_node *
node_of(const struct zone *zone, const uint8_t *name)
{
	return zone_find(zone, name, name_wire_len(name), name_hash(name));
}

bool
zone_names_known(const struct zone *a, const struct zone *b, const uint8_t *top)
{
	const unsigned hidden = NODE_CUT | NODE_DNAME | NODE_OCCLUDED;
	const struct zone_node *one = node_of(a, top), *other = node_of(b, top);

	/* else what stands above decides */
	return one && other && !((one->flags | other->flags) & hidden);
}

/* Two passes: names are counted, then taken. */
struct gathering {
	const struct trie *a, *b;
	const uint8_t *top;
	const uint8_t **names;
	size_t count;
	uint64_t steps;
};

static void
add(struct gathering *g, const uint8_t *name)
{
	if (!name_wire_covers(g->top, name))
		return;
	if (g->names)
		g->names[g->count] = name;
	g->count++;
}

static void
add_part(struct gathering *g, const struct trie *part)
{
	if (!part)
		return;
	if (g->names)
		trie_names(part, g->names + g->count);
	g->count += part->count;
}

/** The name says different things; who else is concerned? */
static void
add_apart(struct gathering *g, const struct trie_name *name, uint32_t marks)
{
	struct trie_key key;

	add(g, name->wire);
	if (name_wire_is_wildcard(name->wire))
		add(g, name_wire_parent(name->wire));
	if (!(marks & COVERS))
		return;
	trie_key_make(name->wire, &key);
	add_part(g, trie_below(g->a, &key));
	add_part(g, trie_below(g->b, &key));
}

static void
meet(void *context, const struct trie *a, const struct trie *b)
{
	add_apart(context, a->leaf.name, a->marks | b->marks);
}

static void
meet_alone(void *context, const struct trie *part, bool of_a)
{
	struct gathering *g = context;

	g->steps++;
	if (part->bit == TRIE_LEAF) {
		add_apart(g, part->leaf.name, part->marks);
		return;
	}
	meet_alone(g, part->side[0], of_a);
	meet_alone(g, part->side[1], of_a);
}

static bool
is_equal(void *context, const struct trie *a, const struct trie *b)
{
	((struct gathering *)context)->steps++;
	return a == b;
}

static void
gather(struct gathering *g, const struct zone *a, const struct zone *b)
{
	struct trie_walk walk = { meet, meet_alone, is_equal, g };

	g->count = 0;
	add(g, g->top);
	add(g, zone_name(a));
	add(g, zone_name(b));
	trie_walk_both(&walk, g->a, g->b);
}

bool
zone_names_apart(struct zone_tries *tries, const struct zone *a, const struct zone *b,
		 const uint8_t *top, bool ttls, struct arena *scratch, struct zone_names *out)
{
	struct gathering g = { .top = top };
	const uint8_t **room, **names;
	struct trie_key key;

	*out = (struct zone_names){ .count = 0 };
	trie_key_make(top, &key);
	g.a = zone_trie(tries, a, ttls, scratch);
	g.b = g.a ? zone_trie(tries, b, ttls, scratch) : NULL;
	if (!g.b)
		return false;
	g.a = trie_below(g.a, &key);
	g.b = trie_below(g.b, &key);
	gather(&g, a, b);
	names = arena_array(scratch, g.count, sizeof(*names));
	room = arena_array(scratch, g.count, sizeof(*room));
	if (!names || !room)
		return false;
	g.names = names;
	gather(&g, a, b);
	*out = (struct zone_names){ names, names_sort(names, g.count, room), g.steps };
	return true;
}
