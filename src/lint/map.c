#include "lint/map.h"

#include <string.h>

#include "lint/map_maker.h"

enum map_layer
map_layer(enum map_kind kind)
{
	switch (kind) {
	case MAP_SITE:
	case MAP_SERVER:
		return MAP_LEFT;
	case MAP_ENDPOINT:
	case MAP_GATEWAY:
		return MAP_LINKS;
	case MAP_VPC:
		return MAP_NETWORKS;
	case MAP_ZONE:
	case MAP_RULE:
	case MAP_KINDS:
		break;
	}
	return MAP_RIGHT;
}

void *
map_alloc(struct map_maker *maker, size_t count, size_t size)
{
	void *memory = arena_array(maker->map->arena, count, size);

	if (!memory)
		maker->nomem = true;
	return memory;
}

struct map_place *
map_target(const struct map_maker *maker, const struct target *target)
{
	const uint8_t *ip = target->addr.ip;
	struct map_place *place = table_find(&maker->inbound, ip, sizeof(target->addr.ip));

	return place ? place : table_find(&maker->servers, ip, sizeof(target->addr.ip));
}

/* Places of objects, and the findings about them. */

static void
enter_place(struct map_maker *maker, enum object_kind kind, const char *id,
	    struct map_place *place, const void *object)
{
	place->object = object;
	place->node = MAP_NONE;
	if (table_put_string(&maker->map->places[kind], id, place) != OK)
		maker->nomem = true;
}

/** The first who declares an address has it. */
static void
enter_addresses(struct map_maker *maker, struct table *table, const struct target *targets,
		struct map_place *place)
{
	for (const struct target *t = targets; t; t = t->next)
		if (!table_find(table, t->addr.ip, sizeof(t->addr.ip)) &&
		    table_put(table, t->addr.ip, sizeof(t->addr.ip), place) != OK)
			maker->nomem = true;
}

static void
enter_networks(struct map_maker *maker, const struct estate *estate)
{
	for (const struct network *n = estate->networks; n; n = n->next) {
		struct map_place *place = &maker->networks[n->index];

		enter_place(maker, n->kind == NETWORK_VPC ? OBJECT_VPC : OBJECT_SITE, n->id,
			    place, n);
		enter_addresses(maker, &maker->servers, n->servers, place);
	}
}

static void
enter_endpoints(struct map_maker *maker, const struct estate *estate)
{
	struct map_place *place = maker->endpoints;

	for (const struct resolver_endpoint *e = estate->endpoints; e; e = e->next, place++) {
		enter_place(maker, OBJECT_ENDPOINT, e->id, place, e);
		if (e->direction == DIRECTION_INBOUND)
			enter_addresses(maker, &maker->inbound, e->ip_addresses, place);
	}
}

/** A place for every object; false without memory. */
static bool
enter_all(struct map_maker *maker, const struct estate *estate)
{
	struct map_place *place;

	for (const struct transit_gateway *g = estate->transit_gateways; g; g = g->next)
		maker->gateway_count++;
	maker->networks = map_alloc(maker, estate->network_count, sizeof(*place));
	maker->zones = map_alloc(maker, estate->zone_count, sizeof(*place));
	maker->rules = map_alloc(maker, estate->rule_count, sizeof(*place));
	maker->endpoints = map_alloc(maker, estate->endpoint_count, sizeof(*place));
	maker->gateways = map_alloc(maker, maker->gateway_count, sizeof(*place));
	if (maker->nomem)
		return false;
	enter_networks(maker, estate);
	enter_endpoints(maker, estate);
	place = maker->gateways;
	for (const struct transit_gateway *g = estate->transit_gateways; g; g = g->next)
		enter_place(maker, OBJECT_TRANSIT_GATEWAY, g->id, place++, g);
	for (const struct hosted_zone *z = estate->zones; z; z = z->next)
		enter_place(maker, OBJECT_HOSTED_ZONE, z->id, &maker->zones[z->index], z);
	for (const struct resolver_rule *r = estate->rules; r; r = r->next)
		enter_place(maker, OBJECT_RULE, r->id, &maker->rules[r->index], r);
	return !maker->nomem;
}

static struct map_place *
find_place(const struct map *map, const char *kind, const char *id)
{
	for (unsigned k = 0; kind && id && k < OBJECT_KINDS; k++)
		if (strcmp(object_kind_text((enum object_kind)k), kind) == 0)
			return table_find_string(&map->places[k], id);
	return NULL;
}

uint32_t
map_find(const struct map *map, const char *kind, const char *id)
{
	const struct map_place *place = find_place(map, kind, id);

	return place ? place->node : MAP_NONE;
}

static void
mark_places(struct map *map, const struct finding *findings)
{
	for (const struct finding *f = findings; f; f = f->next) {
		uint8_t mark = (uint8_t)(1 + f->severity);

		for (const struct finding_part *p = f->parts; p && !f->suppressed; p = p->next) {
			struct map_place *place = NULL;

			if (p->part == PART_OBJECT || p->part == PART_NETWORK)
				place = find_place(map, p->kind, p->id);
			if (!place)
				continue;
			place->findings++;
			place->mark = mark > place->mark ? mark : place->mark;
		}
	}
}

enum status
map_init(struct map *map, const struct estate *estate, const struct finding *findings,
	 struct arena *arena)
{
	struct map_maker maker = { .map = map };

	*map = (struct map){ .arena = arena, .estate = estate };
	for (unsigned k = 0; k < OBJECT_KINDS; k++)
		table_init(&map->places[k], arena);
	table_init(&maker.inbound, arena);
	table_init(&maker.servers, arena);
	table_init(&maker.strangers, arena);
	if (!enter_all(&maker, estate))
		return ERR_NOMEM;
	mark_places(map, findings);
	map->folded = estate->network_count + estate->zone_count + estate->rule_count +
		      estate->endpoint_count + maker.gateway_count > MAP_WHOLE;
	map_place_all(&maker);
	if (!maker.nomem)
		map_connect(&maker, findings);
	if (!maker.nomem)
		map_describe(&maker);
	return maker.nomem ? ERR_NOMEM : OK;
}
