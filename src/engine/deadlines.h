/*
 * deadlines - which of many slots is due first
 *
 * A binary heap over the slots of a table; each slot has at most one deadline, and knows
 * where it stands, so any of them can be taken out.  Pure: time comes in as numbers.
 */
#ifndef ENGINE_DEADLINES_H
#define ENGINE_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

struct deadlines {
	struct deadline *heap;		/* smallest first; count used */
	uint32_t *places;		/* slot -> place in the heap + 1; 0: none */
	uint32_t count, slots;
};

struct deadline {
	uint64_t when_ms;
	uint32_t slot;
};

/** For slots 0..slots-1.  false: out of memory. */
bool deadlines_init(struct deadlines *deadlines, uint32_t slots);
void deadlines_fini(struct deadlines *deadlines);

/** Give a slot a deadline, or another one. */
void deadlines_set(struct deadlines *deadlines, uint32_t slot, uint64_t when_ms);

/** Take a slot's deadline away, if it has one. */
void deadlines_clear(struct deadlines *deadlines, uint32_t slot);

/** The deadline that comes first; NULL: there is none. */
const struct deadline *deadlines_first(const struct deadlines *deadlines);

#endif
