/*
 * slots - filling the hash tables of zone and root blocks
 *
 * Both kinds (zone_slot, view_slot) are pairs: the upper half of a name's hash, and a value
 * that is not 0.  Open addressing with linear probing from the lower half.  Reading is in
 * zone_find and view_at.
 */
#ifndef SNAPSHOT_SLOTS_H
#define SNAPSHOT_SLOTS_H

#include <stdint.h>

/** The size for so many items: a power of two that leaves at least half of it free. */
static inline uint64_t
slots_for(uint64_t items)
{
	uint64_t slots = 2;

	while (slots < 2 * items)
		slots *= 2;
	return slots;
}

/** Enter a value where nothing equal is; the table has a free slot. */
static inline void
slots_insert(uint32_t (*slots)[2], uint32_t mask, uint64_t hash, uint32_t value)
{
	uint32_t i = (uint32_t)hash & mask;

	while (slots[i][1])
		i = (i + 1) & mask;
	slots[i][0] = (uint32_t)(hash >> 32);
	slots[i][1] = value;
}

#endif
