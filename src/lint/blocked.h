/*
 * blocked - addresses that a network is connected with and cannot use all the same
 *
 * For each zone, each place its addresses are in (a subnet, the groups of an interface) and
 * each network that reads the zone; and for each rule's targets, from its endpoint.  One
 * cause is one case: what is in the way between two networks, for however many records.
 */
#ifndef LINT_BLOCKED_H
#define LINT_BLOCKED_H

#include "lint/ground.h"
#include "lint/path.h"

struct blocked_record {
	uint32_t zone;
	const uint8_t *owner;
	uint16_t type;
	struct addr addr;
};

struct blocked {
	struct path path;		/* HURDLE_NONE: the way back is not declared */
	uint32_t from, to;
	uint16_t protocol, port;	/* of the first; 0: any */
	const struct peering *routeless;	/* that no route of either side uses; NULL */
	const struct resolver_rule *rule;	/* whose target it is; NULL: records */
	const struct target *target;
	size_t count;			/* addresses, or targets */
	struct blocked_record shown[LINT_SHOWN];
	struct blocked *next;
};

/** All cases, in the order of zones, then of rules; NULL: none, or no memory. */
const struct blocked *blocked_find(struct lint *lint);

#endif
