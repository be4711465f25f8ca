/*
 * pick - routing policy + random -> the record sets that win
 *
 * Of a group of sets with one name and type that a routing policy divides
 * (route53-semantics 4.4) some are answered.  A set without a policy is its own group.
 * All sets count as healthy as long as nothing measures their health.
 */
#ifndef ENGINE_PICK_H
#define ENGINE_PICK_H

#include "base/random.h"
#include "snapshot/zone.h"

#define PICK_MAX 8	/* sets of a multivalue answer (4.4.4) */

/* What a choice depends on beside the sets. */
struct chooser {
	const char *region;	/* of the network that is answered; "" for none (4.4.8) */
	struct random *random;	/* NULL: the likeliest, the same at every call */
};

/**
 * Choose among the ref->members sets from `ref` on.  Returns how many: at least 1, more only
 * for multivalue.
 */
unsigned pick_sets(const struct zone *zone, const struct zone_set_ref *ref,
		   const struct chooser *by, const struct zone_set *out[PICK_MAX]);

#endif
