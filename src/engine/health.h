/*
 * health - does a record set count as healthy?
 *
 * A set is healthy when its health check is, and, for an alias with EvaluateTargetHealth,
 * when its target is too (route53-semantics 4.4.12).  A set without a check, a check that
 * nobody declared and a check without a result yet are healthy (4.4.7, 4.4.14).
 *
 * The results are a bit per check, by its number in the snapshot, which whoever runs the
 * checks sets and clears while workers read.  Reading costs one relaxed load; two reads may
 * see two states, so a choice asks once per set and keeps what it was told.
 */
#ifndef ENGINE_HEALTH_H
#define ENGINE_HEALTH_H

#include <stdatomic.h>

#include "snapshot/snapshot.h"

#define HEALTH_MAX_DEPTH 16	/* aliases in a row whose targets are looked at */
#define HEALTH_MAX_SETS	 512	/* of targets looked at for one choice; others are healthy */

/* What is known while one choice is made. */
struct health {
	const struct snapshot *snap;
	const _Atomic uint64_t *healthy;	/* of snap's checks; NULL: nothing is known */
	unsigned sets;				/* of targets, looked at so far */
};

/* For those who tell of it. */
enum health_state {
	HEALTH_UNCHECKED,	/* nothing is to be checked: healthy */
	HEALTH_UNKNOWN,		/* something would be, its result is not known here: healthy */
	HEALTH_GOOD,
	HEALTH_BAD,
};

/** The present bit of a check. */
static inline bool
health_bit(const _Atomic uint64_t *healthy, uint32_t number)
{
	return atomic_load_explicit(&healthy[number / 64], memory_order_relaxed) >>
	       number % 64 & 1;
}

/** The words of a bitmap for so many checks. */
static inline uint32_t
health_words(uint32_t count)
{
	return (count + 63) / 64;
}

/**
 * Is the set healthy?  An alias to a name of its own zone is as healthy as the healthiest of
 * that name's sets of its type; of targets elsewhere nothing is known, nor of a name without
 * such sets: they are healthy.  Aliases in a circle come to an end by the bounds above.
 */
bool health_of_set(struct health *health, const struct zone *zone, const struct zone_set *set);

/** The same for people. */
enum health_state health_state(const struct health *health, const struct zone *zone,
			       const struct zone_set *set);

#endif
