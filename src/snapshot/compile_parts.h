/*
 * compile_parts - what the compile_* files share
 */
#ifndef SNAPSHOT_COMPILE_PARTS_H
#define SNAPSHOT_COMPILE_PARTS_H

#include "base/table.h"
#include "estate/estate.h"
#include "snapshot/snapshot.h"

/* The zone blocks of the snapshot being made; all memory but the references is the arena's. */
struct zone_blocks {
	struct held_block **held;	/* by block number */
	uint32_t count;
	uint32_t *numbers;		/* block number by zone number */
};

/** The root block.  ERR_NOMEM; ERR_LIMIT: more than a block holds. */
enum status compile_root(const struct estate *estate, const struct zone_blocks *blocks,
			 struct held_block **out) must_check;

/* A name in the root block.  Each stands there once. */
struct root_name {
	const uint8_t *wire;
	uint32_t at;
	uint32_t rank;			/* among all names, canonical order; for compile_view */
	uint64_t hash;
	uint8_t labels;
};

/* The root block under construction. */
struct root_maker {
	const struct estate *estate;
	struct arena scratch;
	struct block_maker block;
	struct table names;		/* wire -> struct root_name */
	uint32_t internet_rule;		/* the internet resolver's number, once rules are written */
	enum status status;		/* the first failure outside the block */
};

void root_fail(struct root_maker *m, enum status status);

/** `count` zeroed items of scratch; NULL (and failed) when there is no memory. */
void *root_array(struct root_maker *m, size_t count, size_t size);

/** The name's only copy in the block.  NULL after a failure. */
const struct root_name *root_name(struct root_maker *m, const uint8_t *wire);

size_t root_count_targets(const struct target *targets);
/**
 * Their place as struct snapshot_target; 0: none.  Sorted, unless their order has a meaning.
 */
uint32_t root_put_targets(struct root_maker *m, const struct target *targets, bool ordered);

/**
 * Write the networks (without their views), the endpoints, the listeners and who may ask.
 * Returns where the networks are.
 */
uint32_t compile_networks(struct root_maker *m);

/** Write the health checks, numbered as declared, and the table that finds them. */
void compile_health(struct root_maker *m);

/** Write the views of all networks, and enter them in the head and the networks' array. */
void compile_views(struct root_maker *m, uint32_t networks_at);

#endif
