/*
 * zone_make - a zone block under construction: what compile_zone and compile_set share
 */
#ifndef SNAPSHOT_ZONE_MAKE_H
#define SNAPSHOT_ZONE_MAKE_H

#include "snapshot/zone.h"
#include "snapshot/zone_order.h"

#define SET_MAX_OCTETS 65535	/* wire data of one set: what its length field can say */

/* A node that was written: what the slots and the order need. */
struct placed_node {
	uint64_t hash;
	uint32_t at;
};

/* One serves many zones, one after the other: its memory is asked for once. */
struct zone_maker {
	struct diags *diags;
	struct arena scratch;
	uint8_t *wire;			/* SET_MAX_OCTETS: the wire data of one set */
	uint16_t *names;		/* RRSET_MAX_NAMES */
	struct placed_node *placed;
	size_t placed_room;
	bool spends;			/* the zone's record sets are left with the block's names */

	/* of the present zone */
	const struct hosted_zone *zone;
	struct block_maker block;
	bool rejected;			/* an error was reported; the rest is only looked at */
	enum status status;		/* the first failure that nobody was told of */
	struct record_set defaults[2];	/* the SOA and NS of a zone that states none */
	size_t default_count;
	uint32_t record_count;		/* the SOA and NS of the apex not counted */
	size_t node_count;		/* in `placed` */
	struct zone_entry *entries;	/* in scratch, in order; `head` is where the node is */
	size_t entry_count;
};

void zone_maker_init(struct zone_maker *m, struct diags *diags);
void zone_maker_fini(struct zone_maker *m);

/** compile_zone, telling why there is no block.  ERR_REJECTED: reported.  ERR_NOMEM: not. */
enum status zone_make(struct zone_maker *m, const struct hosted_zone *zone,
		      struct held_block **out) must_check;

/* --- its parts */

void zone_fail(struct zone_maker *m, enum status status);

/** Find out which of SOA and NS the zone lacks, and make m->defaults (route53-semantics 4.2). */
void zone_add_defaults(struct zone_maker *m);

/** References that a node needs for these entries, all of its owner. */
size_t zone_count_refs(const struct zone_entry *entries, size_t count);

/** Write the sets of these entries, all of one owner, and enter them in the node's references. */
void zone_put_sets(struct zone_maker *m, const struct zone_entry *entries, size_t count,
		   uint32_t node_at);

#endif
