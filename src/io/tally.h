/*
 * tally - how many sessions each client address has
 *
 * What keeps one client from taking all sessions of a worker.  A table of counters, keyed by
 * address under a random key, with room for as many addresses as there can be sessions; an
 * address without a session is not in it.  One per worker.
 */
#ifndef IO_TALLY_H
#define IO_TALLY_H

#include "base/addr.h"
#include "base/hash.h"

struct tally_entry;

struct tally {
	struct hash_key key;
	uint32_t *buckets;		/* number of the first entry + 1; 0: none */
	uint32_t bucket_mask;
	struct tally_entry *entries;
	uint32_t size, touched;		/* entries, and those that have been used at least once */
	uint32_t free;			/* number of the first + 1; 0: none */
};

/** size: addresses that it has room for, at least 1.  false: out of memory. */
bool tally_init(struct tally *tally, uint32_t size);
void tally_fini(struct tally *tally);		/* one that is all zero, too */

/** How many this address has; the port does not matter. */
uint32_t tally_count(const struct tally *tally, const struct addr *addr);

/** One more; there is room, as said above. */
void tally_add(struct tally *tally, const struct addr *addr);

/** One less; it has one. */
void tally_remove(struct tally *tally, const struct addr *addr);

#endif
