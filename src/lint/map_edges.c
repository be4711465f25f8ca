#include "lint/map_maker.h"

#include <string.h>

#include "lint/report.h"

/* Edges already there, by their ends. */
struct edge_key {
	uint32_t kind, from, to;
};

static uint32_t
add_edge(struct map_maker *maker, const struct edge_key *key)
{
	struct map *map = maker->map;

	if (map->edge_count == map->edge_room) {
		uint32_t room = map->edge_room ? 2 * map->edge_room : 64;
		struct map_edge *edges = map_alloc(maker, room, sizeof(*edges));

		if (!edges)
			return MAP_NONE;
		if (map->edge_count)
			memcpy(edges, map->edges, map->edge_count * sizeof(*edges));
		map->edges = edges;
		map->edge_room = room;
	}
	map->edges[map->edge_count] = (struct map_edge){
		.kind = (enum map_edge_kind)key->kind, .from = key->from, .to = key->to,
	};
	return map->edge_count++;
}

/** The edge between two nodes, which is made when it is not there; NULL: no such nodes. */
static struct map_edge *
find_edge(struct map_maker *maker, enum map_edge_kind kind, uint32_t from, uint32_t to)
{
	struct edge_key key = { kind, from, to }, *kept;
	uintptr_t known;
	uint32_t edge;

	if (from == MAP_NONE || to == MAP_NONE || from == to)
		return NULL;
	if (kind == MAP_PEERS && from > to)
		key = (struct edge_key){ kind, to, from };
	known = (uintptr_t)table_find(&maker->keys, &key, sizeof(key));
	if (known)
		return &maker->map->edges[known - 1];
	edge = add_edge(maker, &key);
	kept = arena_copy(maker->map->arena, &key, sizeof(key));
	if (edge == MAP_NONE || !kept ||
	    table_put(&maker->keys, kept, sizeof(*kept), (void *)((uintptr_t)edge + 1)) != OK) {
		maker->nomem = true;
		return NULL;
	}
	return &maker->map->edges[edge];
}

static void
join(struct map_maker *maker, enum map_edge_kind kind, uint32_t from, uint32_t to)
{
	struct map_edge *edge = find_edge(maker, kind, from, to);

	if (edge)
		edge->count++;
}

static uint32_t
network_node(const struct map_maker *maker, const struct ref *ref)
{
	const struct network *network = ref->object;

	return network ? maker->networks[network->index].node : MAP_NONE;
}

/** An edge from each of these networks. */
static void
connect_networks(struct map_maker *maker, enum map_edge_kind kind, const struct ref *refs,
		 uint32_t to)
{
	for (const struct ref *ref = refs; ref; ref = ref->next)
		join(maker, kind, network_node(maker, ref), to);
}

static void
connect_rule(struct map_maker *maker, const struct resolver_rule *rule)
{
	uint32_t node = maker->rules[rule->index].node;

	connect_networks(maker, MAP_HAS, rule->networks, node);
	for (const struct target *t = rule->targets; t; t = t->next) {
		const struct map_place *place = map_target(maker, t);

		if (!place)
			place = table_find(&maker->strangers, t->addr.ip, sizeof(t->addr.ip));
		if (place)
			join(maker, MAP_ASKS, node, place->node);
	}
}

static void
connect_links(struct map_maker *maker, const struct estate *estate)
{
	for (const struct network *n = estate->networks; n; n = n->next)
		for (const struct ref *ref = n->connects_to; ref; ref = ref->next)
			join(maker, MAP_REACHES, maker->networks[n->index].node,
				network_node(maker, ref));
	for (const struct peering *p = estate->peerings; p; p = p->next)
		if (strcmp(p->status, "active") == 0)
			join(maker, MAP_PEERS, network_node(maker, &p->requester),
				network_node(maker, &p->accepter));
	for (size_t i = 0; i < maker->gateway_count; i++) {
		const struct transit_gateway *g = maker->gateways[i].object;

		for (const struct ref *ref = g->vpcs; ref; ref = ref->next)
			join(maker, MAP_JOINS, maker->gateways[i].node,
				network_node(maker, ref));
	}
	for (size_t i = 0; i < estate->endpoint_count; i++) {
		const struct resolver_endpoint *e = maker->endpoints[i].object;

		join(maker, MAP_IN, maker->endpoints[i].node, network_node(maker, &e->vpc));
	}
}

/* Loops: a finding of one names network, rule, who is asked; network, rule, ... */

bool
map_hop(const struct finding_part **at, struct map_hop *hop)
{
	const char *rule_kind = object_kind_text(OBJECT_RULE);
	const struct finding_part *part = part_next(*at, PART_OBJECT);

	if (!part || !part->kind || strcmp(part->kind, rule_kind) != 0)
		return false;
	*hop = (struct map_hop){ .rule = part };
	part = part_next(part->next, PART_OBJECT);
	if (part && part->kind && strcmp(part->kind, rule_kind) != 0) {
		hop->to = part;
		part = part->next;
	}
	*at = part;
	return true;
}

static void
redden(struct map_edge *edge, unsigned loop, unsigned step)
{
	if (!edge || edge->loop)
		return;
	edge->loop = (uint8_t)loop;
	edge->step = (uint8_t)step;
}

static uint32_t
part_node(const struct map *map, const struct finding_part *part)
{
	return part ? map_find(map, part->kind, part->id) : MAP_NONE;
}

/** From this network by the rule to the next, through the endpoint that has the address. */
static void
draw_hop(struct map_maker *maker, const struct map_hop *hop, uint32_t from, uint32_t to,
	 unsigned step)
{
	struct map *map = maker->map;
	unsigned loop = map->loop_count;
	uint32_t rule = part_node(map, hop->rule), asked = part_node(map, hop->to);

	redden(find_edge(maker, MAP_HAS, from, rule), loop, 0);
	redden(find_edge(maker, MAP_ASKS, rule, asked), loop, step);
	if (asked != MAP_NONE && map->nodes[asked].kind == MAP_ENDPOINT)
		redden(find_edge(maker, MAP_IN, asked, to), loop, 0);
}

static void
draw_loop(struct map_maker *maker, const struct finding *finding)
{
	const struct finding_part *first = part_next(finding->parts, PART_NETWORK);
	const struct finding_part *network = first, *at = finding->parts;
	struct map *map = maker->map;
	struct map_hop hop;

	map->loops[map->loop_count++] = finding;
	for (unsigned step = 1; network && step < UINT8_MAX && map_hop(&at, &hop); step++) {
		const struct finding_part *next = part_next(network->next, PART_NETWORK);

		draw_hop(maker, &hop, part_node(map, network), part_node(map, next ? next : first),
			 step);
		network = next;
	}
}

void
map_connect(struct map_maker *maker, const struct finding *findings)
{
	const struct estate *estate = maker->map->estate;

	table_init(&maker->keys, maker->map->arena);
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		connect_networks(maker, MAP_HAS, z->networks, maker->zones[z->index].node);
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		connect_rule(maker, r);
	connect_links(maker, estate);
	for (const struct finding *f = findings; f; f = f->next)
		if (maker->map->loop_count < MAP_LOOPS && !f->suppressed &&
		    (strcmp(f->code, "FWD301") == 0 || strcmp(f->code, "FWD302") == 0))
			draw_loop(maker, f);
}
