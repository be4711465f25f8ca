/*
 * conduct - what becomes of flights and of those who wait for them
 *
 * The second half of the conductor: resolve.c takes a query to its answer or parks it,
 * conduct.c lands flights and wakes waiters, be it that their answer came, or that their
 * patience is over.  Each of them goes through resolve_again, so nobody is answered from two
 * generations, and whoever still has something to wait for is parked anew.
 */
#ifndef ENGINE_CONDUCT_H
#define ENGINE_CONDUCT_H

#include "engine/chase.h"
#include "engine/resolve.h"

/* Why one is not parked: what is said instead, unless something stale is there. */
struct refusal {
	uint16_t ede;
	const char *text;
};

/* How a question is to be taken to its answer. */
struct attempt {
	uint8_t rounds;			/* how often it was resolved before */
	enum stale_policy stale;
	const struct refusal *refusal;	/* NULL: it may be parked */
};

/** resolve.c: a waiter's query from the start; verdict and `out` as of resolve_query. */
enum verdict resolve_again(struct resolver *r, const struct waiter *waiter,
			   const struct attempt *attempt, uint64_t now_ms, struct writer *out);

/** Begin flights that nobody waits for, as far as there is room. */
void conduct_refresh(struct resolver *r, const struct refreshes *refreshes);

#endif
