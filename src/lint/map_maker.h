/*
 * map_maker - the parts of map_init, private to map*.c
 */
#ifndef LINT_MAP_MAKER_H
#define LINT_MAP_MAKER_H

#include "lint/map.h"

/* Where an object is in the map, and what was found about it. */
struct map_place {
	const void *object;
	uint32_t node;
	uint32_t findings;
	uint8_t mark;		/* as of struct map_node */
};

struct map_maker {
	struct map *map;
	/* by number; endpoints and gateways by their place in the estate's list */
	struct map_place *networks, *zones, *rules, *endpoints, *gateways;
	size_t gateway_count;
	struct table inbound, servers;	/* address -> place of the endpoint, of the site */
	struct table strangers;		/* address -> place of a server that is no one's */
	uint32_t *key;			/* of the node that an object belongs to */
	size_t key_len, key_room;	/* in words */
	struct table keys;		/* of the kind being placed -> node number + 1 */
	uint32_t *seen;			/* by node: the last list that had it */
	size_t seen_room;
	uint32_t lists;
	bool nomem;
};

void *map_alloc(struct map_maker *maker, size_t count, size_t size);

/** Who has this address; NULL: nobody that is declared. */
struct map_place *map_target(const struct map_maker *maker, const struct target *target);

/** A node for every object; in a folded map equal ones share theirs. */
void map_place_all(struct map_maker *maker);

/** All edges and loops; every object has its node. */
void map_connect(struct map_maker *maker, const struct finding *findings);

/** Labels, notes and titles. */
void map_describe(struct map_maker *maker);

#endif
