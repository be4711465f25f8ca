/*
 * zone_order - a zone's declared sets in canonical order of owner, then type
 *
 * Each set gets a key whose octets compare as its owner and type do: the labels from the
 * apex outward, each ended by a zero octet, one more zero octet, the type.  (Octets 0 and 1
 * inside a label are written as 1 1 and 1 2.)  No key is the beginning of another.  Sorting
 * takes eight octets at a time, so it is fast where names differ early and never quadratic,
 * and a zone that is in order already costs one pass.
 */
#ifndef SNAPSHOT_ZONE_ORDER_H
#define SNAPSHOT_ZONE_ORDER_H

#include "estate/estate.h"

struct zone_key {
	const struct record_set *set;
	uint16_t len;
	uint8_t octets[];	/* and eight zero octets behind them */
};

struct zone_entry {
	uint64_t head;		/* the eight octets of the key that are being sorted by */
	const struct zone_key *key;
};

/**
 * Sort the zone's sets and `extra_count` more.  Sets of one owner and type keep the order
 * they were declared in.  Owners are at or below the zone's name.  ERR_NOMEM.
 */
enum status zone_order(const struct hosted_zone *zone, const struct record_set *extra,
		       size_t extra_count, struct arena *arena, struct zone_entry **out,
		       size_t *count) must_check;

/** Have both the same owner, or the same owner and type? */
static inline bool
zone_keys_match(const struct zone_key *a, const struct zone_key *b, bool type_too)
{
	return a->len == b->len &&
	       memcmp(a->octets, b->octets, a->len - (type_too ? 0u : 2u)) == 0;
}

#endif
