/*
 * neighbours - which networks a network is connected with, and by what
 *
 * An index over the estate's links, so that asking for all neighbours of one network costs
 * their number and not the estate's size.  Agrees with estate_connected.
 */
#ifndef LINT_NEIGHBOURS_H
#define LINT_NEIGHBOURS_H

#include "estate/estate.h"

/* A connection as seen from one end. */
struct neighbour {
	uint32_t network;
	enum object_kind kind;	/* peering, transit gateway, or the site that connects_to */
	const char *id;
	struct srcloc at;
};

struct neighbours {
	const struct estate *estate;
	struct neighbours_end **ends;	/* by network */
	struct neighbour *found;	/* room for all networks */
	uint32_t *seen;			/* by network: the last question that found it */
	uint32_t questions;
};

enum status neighbours_init(struct neighbours *neighbours, const struct estate *estate,
			    struct arena *arena) must_check;

/**
 * All networks connected with this one, each once, peerings first.  *list is valid until
 * the next call.
 */
size_t neighbours_of(struct neighbours *neighbours, uint32_t network,
		     const struct neighbour **list);

#endif
