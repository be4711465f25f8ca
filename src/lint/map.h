/*
 * map - the picture of an estate: who has which zones, and where questions are sent
 *
 *	sites and servers | endpoints and gateways | networks | zones and rules
 *
 * Nodes stand in these layers, from left to right; edges are associations, targets of rules,
 * and what connects networks.  Made for people: up to MAP_WHOLE objects each has a node of
 * its own; of a larger estate equal objects share one (networks that have the same zones and
 * rules, zones that the same networks have), and what is still too much for a layer is one
 * node "more", of those without findings.  So the picture is bounded, and making it is
 * linear in the estate.  It depends on no hash and no address: equal input, equal map.
 *
 * Strings are the estate's and not safe for any format: who writes them escapes them.
 */
#ifndef LINT_MAP_H
#define LINT_MAP_H

#include "base/text.h"
#include "estate/estate.h"

#define MAP_WHOLE 150
#define MAP_LOOPS 6		/* loops that are drawn; more are findings all the same */
#define MAP_NONE  UINT32_MAX

enum map_layer { MAP_LEFT, MAP_LINKS, MAP_NETWORKS, MAP_RIGHT, MAP_LAYERS };

enum map_kind {
	MAP_SITE,
	MAP_SERVER,		/* asked by a rule, and nobody's that is declared */
	MAP_ENDPOINT,
	MAP_GATEWAY,
	MAP_VPC,
	MAP_ZONE,
	MAP_RULE,
	MAP_KINDS,
};

struct map_node {
	enum map_kind kind;
	uint32_t count;		/* objects that it stands for */
	const void *object;	/* the first of them; of MAP_SERVER a struct target */
	const char *label;	/* in the picture, the first line */
	const char *note;	/* the second; "" where there is nothing to add */
	const char *title;	/* what more there is to say: whole names, several lines */
	uint32_t findings;	/* that name one of its objects */
	uint8_t mark;		/* the gravest of them: 1 + enum severity; 0: none */
};

enum map_edge_kind {
	MAP_HAS,		/* network, zone or rule: an association */
	MAP_ASKS,		/* rule, endpoint or site or server: a target */
	MAP_IN,			/* endpoint, VPC */
	MAP_JOINS,		/* gateway, VPC */
	MAP_PEERS,		/* VPC, VPC */
	MAP_REACHES,		/* site, network: connects_to */
};

struct map_edge {
	enum map_edge_kind kind;
	uint32_t from, to;	/* nodes */
	uint32_t count;		/* links that it stands for */
	uint8_t loop;		/* the loop that it is part of, from 1; 0: none */
	uint8_t step;		/* of MAP_ASKS in a loop: which hop, from 1 */
};

struct map {
	struct arena *arena;
	const struct estate *estate;
	struct map_node *nodes;
	uint32_t node_count, node_room;
	struct map_edge *edges;
	uint32_t edge_count, edge_room;
	const struct finding *loops[MAP_LOOPS];
	unsigned loop_count;
	bool folded;			/* nodes may stand for several objects */
	struct table places[OBJECT_KINDS];	/* id -> struct map_place */
};

/**
 * Nodes and edges.  estate: passed estate_check.  findings: the first of those about it;
 * they outlive the map, as the arena does.  ERR_NOMEM.
 */
enum status map_init(struct map *map, const struct estate *estate,
		     const struct finding *findings, struct arena *arena) must_check;

/** The node of an object, by the words of a finding's part; MAP_NONE: it has none. */
uint32_t map_find(const struct map *map, const char *kind, const char *id);

enum map_layer map_layer(enum map_kind kind);

/* A step of a loop, as its finding says it. */
struct map_hop {
	const struct finding_part *rule;
	const struct finding_part *to;	/* who has the address that is asked; NULL: not said */
};

/** The first hop from the part *at on; *at goes behind it.  false: there are no more. */
bool map_hop(const struct finding_part **at, struct map_hop *hop);

#endif
