#include "lint/map_maker.h"

#include <stdlib.h>
#include <string.h>

/* Nodes of one kind that a folded map has at most; the sum is less than MAP_WHOLE. */
static const uint32_t kind_most[MAP_KINDS] = {
	[MAP_SITE] = 16, [MAP_SERVER] = 8, [MAP_ENDPOINT] = 16, [MAP_GATEWAY] = 8,
	[MAP_VPC] = 36, [MAP_ZONE] = 36, [MAP_RULE] = 18,
};

/* Keys: objects of one key share a node. */

static void
key_add(struct map_maker *maker, uint32_t word)
{
	if (maker->key_len == maker->key_room) {
		size_t room = maker->key_room ? 2 * maker->key_room : 64;
		uint32_t *key = map_alloc(maker, room, sizeof(*key));

		if (!key)
			return;
		if (maker->key_len)
			memcpy(key, maker->key, maker->key_len * sizeof(*key));
		maker->key = key;
		maker->key_room = room;
	}
	maker->key[maker->key_len++] = word;
}

static int
compare_words(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/** Add these networks' nodes, each once. */
static void
key_add_networks(struct map_maker *maker, const struct ref *refs)
{
	size_t start;

	key_add(maker, MAP_NONE);
	start = maker->key_len;
	maker->lists++;
	for (const struct ref *ref = refs; ref; ref = ref->next) {
		const struct network *network = ref->object;
		uint32_t node = network ? maker->networks[network->index].node : 0;

		if (!network || maker->seen[node] == maker->lists)
			continue;
		maker->seen[node] = maker->lists;
		key_add(maker, node);
	}
	if (maker->key_len > start)
		qsort(maker->key + start, maker->key_len - start, sizeof(*maker->key),
		      compare_words);
}

static void
key_begin(struct map_maker *maker, const struct map_place *place, uint32_t sort)
{
	maker->key_len = 0;
	key_add(maker, sort);
	key_add(maker, place ? place->mark : 0);
}

static uint32_t
add_node(struct map_maker *maker, enum map_kind kind, const void *object)
{
	struct map *map = maker->map;

	if (map->node_count == map->node_room) {
		uint32_t room = map->node_room ? 2 * map->node_room : 64;
		struct map_node *nodes = map_alloc(maker, room, sizeof(*nodes));

		if (!nodes)
			return MAP_NONE;
		if (map->node_count)
			memcpy(nodes, map->nodes, map->node_count * sizeof(*nodes));
		map->nodes = nodes;
		map->node_room = room;
	}
	map->nodes[map->node_count] = (struct map_node){ .kind = kind, .object = object };
	return map->node_count++;
}

/** The node of the key as it stands; in a map that is not folded always a new one. */
static uint32_t
node_of_key(struct map_maker *maker, enum map_kind kind, const void *object)
{
	size_t len = maker->key_len * sizeof(*maker->key);
	uintptr_t known = 0;
	uint32_t node;
	void *key;

	if (maker->map->folded && !maker->nomem)
		known = (uintptr_t)table_find(&maker->keys, maker->key, len);
	if (known)
		return (uint32_t)known - 1;
	node = add_node(maker, kind, object);
	if (!maker->map->folded || node == MAP_NONE)
		return node;
	key = arena_copy(maker->map->arena, maker->key, len);
	if (!key || table_put(&maker->keys, key, len, (void *)((uintptr_t)node + 1)) != OK)
		maker->nomem = true;
	return node;
}

static void
place_object(struct map_maker *maker, enum map_kind kind, struct map_place *place)
{
	struct map_node *node;

	place->node = node_of_key(maker, kind, place->object);
	if (place->node == MAP_NONE)
		return;
	node = &maker->map->nodes[place->node];
	node->count++;
	node->findings += place->findings;
	node->mark = place->mark > node->mark ? place->mark : node->mark;
}

/* What a folded layer has too much goes into one node. */

static int
compare_merit(const void *a, const void *b)
{
	const struct map_node *x = *(const struct map_node *const *)a;
	const struct map_node *y = *(const struct map_node *const *)b;

	if (x->mark != y->mark)
		return x->mark < y->mark ? 1 : -1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x > y) - (x < y);
}

/** Set keep[i] for the nodes from `first` on that are worth a place of their own. */
static void
choose_kept(struct map_maker *maker, uint32_t first, uint32_t most, uint8_t *keep)
{
	struct map *map = maker->map;
	uint32_t count = map->node_count - first;
	struct map_node **order = map_alloc(maker, count, sizeof(*order));

	for (uint32_t i = 0; order && i < count; i++)
		order[i] = &map->nodes[first + i];
	if (order)
		qsort(order, count, sizeof(struct map_node *), compare_merit);
	for (uint32_t i = 0; order && i + 1 < most; i++)
		keep[order[i] - &map->nodes[first]] = 1;
}

/** Merge what is too much of the nodes from `first` on, all of one kind. */
static void
limit_nodes(struct map_maker *maker, enum map_kind kind, uint32_t first,
	    struct map_place *places, size_t place_count)
{
	struct map *map = maker->map;
	uint32_t count = map->node_count - first, kept = 0;
	struct map_node rest = { .kind = kind };
	uint32_t *now;
	uint8_t *keep;

	if (!map->folded || count <= kind_most[kind])
		return;
	keep = map_alloc(maker, count, 1);
	now = map_alloc(maker, count, sizeof(*now));
	if (!keep || !now)
		return;
	choose_kept(maker, first, kind_most[kind], keep);
	for (uint32_t i = 0; i < count; i++) {
		struct map_node *node = &map->nodes[first + i];

		if (keep[i]) {
			now[i] = first + kept;
			map->nodes[first + kept++] = *node;
			continue;
		}
		now[i] = first + kind_most[kind] - 1;
		rest.object = rest.object ? rest.object : node->object;
		rest.count += node->count;
		rest.findings += node->findings;
		rest.mark = node->mark > rest.mark ? node->mark : rest.mark;
	}
	map->nodes[first + kept] = rest;
	map->node_count = first + kept + 1;
	for (size_t i = 0; i < place_count; i++)
		if (places[i].node != MAP_NONE && places[i].node >= first)
			places[i].node = now[places[i].node - first];
}

/* Nodes, kind by kind. */

static uint32_t
begin_kind(struct map_maker *maker)
{
	struct map *map = maker->map;

	table_init(&maker->keys, map->arena);
	if (maker->seen_room < map->node_count) {	/* numbers of earlier kinds are final */
		maker->seen_room = map->node_count;
		maker->seen = map_alloc(maker, maker->seen_room, sizeof(*maker->seen));
		maker->lists = 0;
	}
	return map->node_count;
}

/* What a network has, as words of its key: lists[starts[n]] to lists[starts[n + 1]]. */
struct had {
	uint32_t *starts, *words;
};

/** Visit what each network has; words NULL: it is only counted, into starts[n + 1]. */
static void
visit_had(const struct estate *estate, struct had *had, uint32_t *fill)
{
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		for (const struct ref *ref = z->networks; ref; ref = ref->next)
			if (ref->object && fill)
				had->words[fill[((struct network *)ref->object)->index]++] =
					2 * z->index;
			else if (ref->object)
				had->starts[((struct network *)ref->object)->index + 1]++;
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		for (const struct ref *ref = r->networks; ref; ref = ref->next)
			if (ref->object && fill)
				had->words[fill[((struct network *)ref->object)->index]++] =
					2 * r->index + 1;
			else if (ref->object)
				had->starts[((struct network *)ref->object)->index + 1]++;
}

/** The zones and rules of every network, in their order. */
static bool
find_had(struct map_maker *maker, const struct estate *estate, struct had *had)
{
	size_t count = estate->network_count;
	uint32_t *fill = map_alloc(maker, count + 1, sizeof(*fill));

	had->starts = map_alloc(maker, count + 1, sizeof(*had->starts));
	if (!fill || !had->starts)
		return false;
	visit_had(estate, had, NULL);
	for (size_t i = 0; i < count; i++)
		had->starts[i + 1] += had->starts[i];
	memcpy(fill, had->starts, (count + 1) * sizeof(*fill));
	had->words = map_alloc(maker, had->starts[count], sizeof(*had->words));
	if (!had->words)
		return false;
	visit_had(estate, had, fill);
	return true;
}

static void
place_networks(struct map_maker *maker, enum network_kind kind, const struct had *had)
{
	const struct estate *estate = maker->map->estate;
	enum map_kind to = kind == NETWORK_VPC ? MAP_VPC : MAP_SITE;
	uint32_t first = begin_kind(maker);

	for (const struct network *n = estate->networks; n; n = n->next) {
		struct map_place *place = &maker->networks[n->index];

		if (n->kind != kind)
			continue;
		key_begin(maker, place, n->enable_dns_support + 2u * n->enable_dns_hostnames);
		for (uint32_t i = had->starts[n->index]; i < had->starts[n->index + 1]; i++)
			key_add(maker, had->words[i]);
		place_object(maker, to, place);
	}
	limit_nodes(maker, to, first, maker->networks, estate->network_count);
}

static void
place_endpoints(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	uint32_t first = begin_kind(maker);

	for (size_t i = 0; i < estate->endpoint_count; i++) {
		const struct resolver_endpoint *e = maker->endpoints[i].object;

		key_begin(maker, &maker->endpoints[i], e->direction);
		key_add_networks(maker, &e->vpc);
		place_object(maker, MAP_ENDPOINT, &maker->endpoints[i]);
	}
	limit_nodes(maker, MAP_ENDPOINT, first, maker->endpoints, estate->endpoint_count);
	first = begin_kind(maker);
	for (size_t i = 0; i < maker->gateway_count; i++) {
		const struct transit_gateway *g = maker->gateways[i].object;

		key_begin(maker, &maker->gateways[i], g->dns_support);
		key_add_networks(maker, g->vpcs);
		place_object(maker, MAP_GATEWAY, &maker->gateways[i]);
	}
	limit_nodes(maker, MAP_GATEWAY, first, maker->gateways, maker->gateway_count);
}

static void
place_zones(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	uint32_t first = begin_kind(maker);

	for (const struct hosted_zone *z = estate->zones; z; z = z->next) {
		key_begin(maker, &maker->zones[z->index], 0);
		key_add_networks(maker, z->networks);
		place_object(maker, MAP_ZONE, &maker->zones[z->index]);
	}
	limit_nodes(maker, MAP_ZONE, first, maker->zones, estate->zone_count);
}

/** Servers that rules ask and no one declared: each address has a place. */
static void
place_strangers(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	struct map_place *places = NULL;
	size_t count = 0, room = 0;
	uint32_t first = begin_kind(maker);

	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		for (const struct target *t = r->targets; t; t = t->next)
			room += !map_target(maker, t);
	places = map_alloc(maker, room, sizeof(*places));
	for (const struct resolver_rule *r = estate->rules; places && r; r = r->next) {
		for (const struct target *t = r->targets; t; t = t->next) {
			struct map_place *place = &places[count];

			if (map_target(maker, t) ||
			    table_find(&maker->strangers, t->addr.ip, sizeof(t->addr.ip)))
				continue;
			place->object = t;
			key_begin(maker, place, 0);
			key_add(maker, maker->map->folded ? 0 : (uint32_t)count);
			place_object(maker, MAP_SERVER, place);
			count++;
			if (table_put(&maker->strangers, t->addr.ip, sizeof(t->addr.ip),
				      place) != OK)
				maker->nomem = true;
		}
	}
	limit_nodes(maker, MAP_SERVER, first, places, count);
}

static void
key_add_targets(struct map_maker *maker, const struct target *targets)
{
	for (const struct target *t = targets; t; t = t->next) {
		const struct map_place *place = map_target(maker, t);

		if (!place)
			place = table_find(&maker->strangers, t->addr.ip, sizeof(t->addr.ip));
		key_add(maker, place ? place->node : MAP_NONE);
	}
}

static void
place_rules(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	uint32_t first = begin_kind(maker);

	for (const struct resolver_rule *r = estate->rules; r; r = r->next) {
		key_begin(maker, &maker->rules[r->index], r->type);
		key_add_targets(maker, r->targets);
		key_add_networks(maker, r->networks);
		place_object(maker, MAP_RULE, &maker->rules[r->index]);
	}
	limit_nodes(maker, MAP_RULE, first, maker->rules, estate->rule_count);
}

void
map_place_all(struct map_maker *maker)
{
	const struct estate *estate = maker->map->estate;
	struct had had = { NULL, NULL };

	if (!find_had(maker, estate, &had))
		return;
	place_networks(maker, NETWORK_SITE, &had);
	place_networks(maker, NETWORK_VPC, &had);
	if (!maker->nomem)
		place_strangers(maker);
	if (!maker->nomem)
		place_endpoints(maker);
	if (!maker->nomem)
		place_zones(maker);
	if (!maker->nomem)
		place_rules(maker);
}
