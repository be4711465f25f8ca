/*
 * dump_sets - the records of a zone as items of `record_sets`
 *
 * In canonical order of names, then by type; the sets of a routing policy as they were
 * declared, of which the last has a say (route53-semantics 4.4.5).  What a zone file says of
 * one set in several places is one item.
 */
#ifndef LOAD_DUMP_SETS_H
#define LOAD_DUMP_SETS_H

#include "estate/estate.h"
#include "load/unbind.h"

/** Its sets in that order; in `arena`.  NULL: no memory. */
const struct record_set **dump_order_sets(const struct hosted_zone *zone, struct arena *arena);

/** How many from here on are parts of one set. */
size_t dump_count_parts(const struct record_set *const *sets, size_t count);

/** One item, of so many parts.  NULL: u->nodes.nomem. */
struct yaml_node *dump_set(struct unbind *u, const struct record_set *const *parts,
			   size_t count);

#endif
