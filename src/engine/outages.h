/*
 * outages - what workers tell each other about targets that do not answer
 *
 * Each worker learns for itself which targets are down (targets.h), but a target sees one
 * host: were every worker to probe it, more workers would be more probes a second.  So a
 * probe is claimed here, and whoever hears of the target again tells all others:
 *
 *	place of the target -> when it was probed last | when it was heard after an outage
 *
 * A fixed number of places, found by hash; two targets that share one wait for each other's
 * probes, and when one comes back the other is tried once more, which does no harm.  Two
 * atomics per place and no lock: nothing follows from one about the other, and they are
 * only touched for a target that is down.
 *
 * Counted; budgets own it and carry it over a reload, for it is the same thing: what workers
 * must agree on towards one address.  Any thread.
 */
#ifndef ENGINE_OUTAGES_H
#define ENGINE_OUTAGES_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

struct outages;

/** NULL: out of memory. */
struct outages *outages_new(void);
struct outages *outages_ref(struct outages *outages);
void outages_unref(struct outages *outages);	/* NULL: nothing */

/**
 * May the target be probed now, gap_ms after the last probe of any worker?  true: it counts
 * as probed.  *next_ms: not before, when false.
 */
bool outages_claim(struct outages *outages, const struct snapshot_target *target,
		   uint32_t gap_ms, uint64_t now_ms, uint64_t *next_ms);

/** Somebody for whom it was down heard of it. */
void outages_tell(struct outages *outages, const struct snapshot_target *target,
		  uint64_t now_ms);

/** When that was told last; 0: never. */
uint64_t outages_told_ms(const struct outages *outages, const struct snapshot_target *target);

#endif
