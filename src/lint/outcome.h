/*
 * outcome - what a zone says to a question, as a value that can be compared and shown
 *
 * Two outcomes are the same when a client could not tell them apart by type and data: the
 * order of records and of the members of a policy group does not count, nor the letter case
 * of names in them.  Groups of a routing policy are compared as a whole.
 */
#ifndef LINT_OUTCOME_H
#define LINT_OUTCOME_H

#include "base/text.h"
#include "engine/lookup.h"

struct outcome {
	const struct zone *zone;
	struct lookup lookup;
};

enum outcome_order {
	OUTCOMES_SAME,
	OUTCOMES_SAME_BUT_TTL,
	OUTCOMES_DIFFER,
	OUTCOMES_UNKNOWN,	/* no memory to compare them */
};

struct outcome outcome_find(const struct zone *zone, const struct name *name,
			    const struct suffixes *suffixes, uint16_t type);

/** scratch is left as it was found. */
enum outcome_order outcome_compare(const struct outcome *one, const struct outcome *other,
				   struct arena *scratch);

/** For people: "A 10.0.0.1", "CNAME x.example.", "NXDOMAIN"; at most a few values. */
void outcome_print(const struct outcome *outcome, struct arena *scratch, struct text *out);

/** Append the data of one record, fields separated by blanks; opaque types as RFC 3597. */
void outcome_print_rdata(uint16_t type, const uint8_t *data, size_t len, struct text *out);

#endif
