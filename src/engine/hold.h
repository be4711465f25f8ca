/*
 * hold - flights that wait until a target's packet budget has room
 *
 * One queue per address, first come first served, so that a spent budget delays nobody whose
 * target has another.  A queue holds at most half a second's worth of its budget: who comes
 * later could not be answered in time, and is refused.  Other workers have queues for the same
 * budget, so that it may take longer all the same: what has waited for HOLD_MOST_MS is given
 * up when its turn comes, for its clients leave before a reply could reach them, and the
 * packets are better spent on those behind it.  One per worker, nothing is allocated.
 */
#ifndef ENGINE_HOLD_H
#define ENGINE_HOLD_H

#include "engine/flight.h"

#define HOLD_MOST_MS 1500	/* PATIENCE_MS less what a reply takes */
#define HOLDS_MAX    16	/* budgets that are spent at one time; of more the flights are refused */

struct hold {
	uint8_t ip[16];			/* whose budget, while queue.count */
	struct flight_queue queue;
	uint64_t due_ms;		/* when to look again */
};

struct holds {
	struct hold list[HOLDS_MAX];
};

/** The queue for this address, or NULL: nobody waits for it. */
struct hold *hold_find(struct holds *holds, const uint8_t ip[16]);

/**
 * Wait behind all others who do; the budget is looked at again at due_ms.
 * false: there is no room, `most` being the longest that this queue may be.
 */
bool hold_add(struct holds *holds, struct flights *flights, const uint8_t ip[16], uint32_t most,
	      uint32_t slot, uint64_t due_ms);

/** The one that is due first, or NULL: nobody waits. */
struct hold *holds_first(struct holds *holds);

/** When it is due; UINT64_MAX: nobody waits. */
uint64_t holds_due(const struct holds *holds);

#endif
