/*
 * quota - how many places of a table each key has taken
 *
 * Keys of 16 octets: a rule's identity, a client's address.  Each place that is taken counts
 * on the entry of its key; entries have numbers below `size`, the same as long as the key
 * has a place, and for a while after: an entry without places is reused last of all, so that
 * what is noted elsewhere under its number stays with its key.  With as many entries as the
 * table has places there is always one.  All memory at the start; one per worker, no locks.
 */
#ifndef ENGINE_QUOTA_H
#define ENGINE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/random.h"

#define QUOTA_KEY_OCTETS 16

struct quota {
	struct hash_key key;
	struct quota_entry *entries;
	uint32_t *buckets;		/* first entry of each + 1 */
	uint32_t bucket_mask, size, touched;
	uint32_t idle_first, idle_last;	/* entries without places + 1, in the order they lost
					 * the last one */
};

/** For at most `size` places.  false: out of memory. */
bool quota_init(struct quota *quota, uint32_t size, struct random *random);
void quota_fini(struct quota *quota);

/** Places that this key has. */
uint32_t quota_count(const struct quota *quota, const uint8_t key[QUOTA_KEY_OCTETS]);

/** One place more: the number of its entry.  *fresh: the number was another key's, or nobody's. */
uint32_t quota_take(struct quota *quota, const uint8_t key[QUOTA_KEY_OCTETS], bool *fresh);

/** One place less. */
void quota_give(struct quota *quota, uint32_t number);

#endif
