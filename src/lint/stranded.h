/*
 * stranded - addresses that the networks which read them cannot use
 *
 * For each zone, each block of addresses that its records lead to and each network that reads
 * the zone: is there one network that the address belongs to, and does the reader reach it?
 * Readers with the same links get one answer.  What is wrong in one way with one block, for
 * however many records and readers, is one case.
 */
#ifndef LINT_STRANDED_H
#define LINT_STRANDED_H

#include "lint/ground.h"

enum stranded_why {
	STRANDED_APART,		/* no way there at all */
	STRANDED_ASLEEP,	/* a peering that is not active would be the way */
	STRANDED_BEYOND,	/* over a third network, by two links that do not add up */
	STRANDED_AMBIGUOUS,	/* two networks hold it, and both are reached */
};

struct stranded {
	const struct use *use;
	enum stranded_why why;
	uint32_t holder;		/* the network that has the address */
	uint32_t other;			/* BEYOND: what lies between; AMBIGUOUS: the second holder */
	const struct peering *peering;	/* ASLEEP */
	uint32_t *readers;
	size_t count, room;
	struct stranded *next;
};

/** All cases, in the order of zones and their records; NULL: none, or no memory. */
const struct stranded *stranded_find(struct lint *lint);

#endif
