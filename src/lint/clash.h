/*
 * clash - two zones that answer for the same names in connected networks
 *
 * Side a reads `top` and below from one zone, side b from another; networks of the two
 * sides are paired where they are connected.  What differs is found exactly, and counted as
 * far as some pair's two networks really read it there: deeper cuts of their views take
 * names away.
 */
#ifndef LINT_CLASH_H
#define LINT_CLASH_H

#include "lint/model.h"
#include "lint/region.h"
#include "lint/witness.h"

/* Networks that read a zone. */
struct side {
	uint32_t zone;
	uint32_t *networks;
	size_t count;
};

/* A network of each side, and what connects them. */
struct pair {
	uint32_t a, b;		/* networks */
	struct neighbour link;
	bool whole;		/* neither view has cuts below top */
	bool affected;		/* reads different answers */
};

/* Names that differ for at least one pair. */
struct clash_region {
	struct region region;
	struct name member;	/* one of the names, read by the pair's networks */
	uint32_t pair;
	struct clash_region *next;
};

struct clash {
	struct side a, b;
	const uint8_t *top;
	struct pair *pairs;
	size_t pair_count, affected_count;
	struct clash_region *regions, **regions_end;
	size_t region_count;
	bool alike;		/* equal in all but TTLs, cuts not considered */
	bool ttls_differ;
};

/** The networks attached to the zone that read this name from it. */
void side_find(struct lint *lint, struct side *side, uint32_t zone, const uint8_t *name);

/** Pair the sides (a, b and top are set); false: none are connected. */
bool clash_pair(struct lint *lint, struct clash *clash);

/** Find what differs. */
void clash_compare(struct lint *lint, struct clash *clash);

/** A witness for the clash: if possible a name with data.  regions is not NULL. */
void clash_witness(const struct lint *lint, const struct clash *clash, struct witness *out);

/** Add links of affected pairs to the finding, as many as there is room for. */
void clash_add_pairs(struct lint *lint, struct finding *finding, const struct clash *clash,
		     size_t *room);

/** Set concerned[network] for the networks of affected pairs. */
void clash_mark_networks(const struct clash *clash, uint8_t *concerned);
void clash_add_networks(struct lint *lint, struct finding *finding, const uint8_t *concerned);

/** Add the first few of these regions to the finding. */
void clash_add_names(struct lint *lint, struct finding *finding,
		     const struct clash_region *regions);

#endif
