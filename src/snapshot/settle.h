/*
 * settle - which candidate a cut belongs to, and what is done with names under it
 *
 * The precedence of route53-semantics 1.1 in one place.  A contest is all candidates that
 * one network has for one name; contests come in canonical order of their names, so what
 * covers a name was settled before it.
 *
 *   Sides first: what the VPC has itself, then its Profiles, the lowest priority number
 *	first (1.7.2, 1.7.3); autodefined names are nobody's declaration and come last.
 *   FORWARD rule, zone, autodefined name, the root's own: within one side the first of these
 *	wins the cut.
 *   SYSTEM rule: wins it too, and its names get the local treatment: that of the longest
 *	zone or autodefined name at or above it, else the internet resolver (1.3.3).  That a
 *	zone above it counts is an assumption (9.4); without it the internet resolver follows.
 *	Where no FORWARD rule is above it, nor one of its own name on a later side, there is
 *	nothing to except: it is recorded as LOST_SYSTEM_NO_FORWARD and leaves the cut to the
 *	zone or autodefined name beside it.
 *	Alone at its name it keeps the cut and is recorded as its own loser.
 */
#ifndef SNAPSHOT_SETTLE_H
#define SNAPSHOT_SETTLE_H

#include "snapshot/view.h"

#define SIDE_OWN     0
#define SIDE_NOBODY  UINT32_MAX

/* Sorted by side, origin (the right to the cut), then number. */
struct candidate {
	enum cut_origin origin;
	uint32_t number;		/* of the rule or zone; enum autodefined; 0 for the root */
	bool system;			/* a SYSTEM rule */
	uint32_t side;			/* own, a Profile's place in the VPC's order, nobody's */
	uint32_t profile;		/* its number; PROFILE_NONE */
};

struct contest {
	const uint8_t *name;		/* outlives the settling */
	const struct candidate *candidates;
	size_t count;			/* at least 1; candidates differ */
};

/* What a name under a cut gets when no FORWARD rule is in the way. */
struct treatment {
	enum cut_action action;
	uint32_t target;
};

/* What covers the present name, the root outermost. */
struct settling {
	struct treatment internet;
	bool shorter_zone;		/* a SYSTEM rule leads to a zone above it, too */
	unsigned depth;
	struct {
		const uint8_t *name;
		struct treatment local;
		bool forwards;
	} covering[NAME_MAX_LABELS + 1];
};

/**
 * internet: number of the rule that stands for the internet resolver.  shorter_zone: what is
 * assumed of system_rule_consults_shorter_zone.
 */
void settle_init(struct settling *s, uint32_t internet, bool shorter_zone);

/**
 * Settle one contest: all of *cut but name_at, labels and losers_at.  losers has room for as
 * many as there are candidates, and gets cut->loser_count.
 */
void settle(struct settling *s, const struct contest *contest, struct cut *cut,
	    struct cut_loser *losers);

#endif
