/*
 * chains - CNAMEs and aliases of one zone that lead on within it: circles, long ways, dead ends
 *
 * Every CNAME and alias is a link; those of a policy group are one link with several ways on.
 * A link leads to the link, if any, that the zone gives for its target: also a wildcard's.
 * All links of a zone are followed once, without recursion: the cost is that of one lookup a
 * link.  What leaves the zone is not followed here.
 */
#ifndef LINT_CHAINS_H
#define LINT_CHAINS_H

#include "lint/scan.h"

#define CHAIN_MOST 8	/* links; longer ones are reported */

struct chain_link;

struct chains {
	struct lint *lint;
	uint32_t number;		/* the zone's */
	struct chain_link *links;
	size_t count, room;
	uint32_t *slots;		/* reference -> link number + 1; 0: free */
	size_t slot_count;
	uint32_t *way;			/* the links that are being followed, from the first on */
};

void chains_init(struct chains *chains, struct lint *lint);
void chains_fini(struct chains *chains);

void chains_begin(struct chains *chains, uint32_t zone);

/** A CNAME, an alias, or the first reference of a group of them. */
void chains_add(struct chains *chains, const struct zone_node *node,
		const struct zone_set_ref *ref);

/** Follow them all, and note what is found. */
void chains_end(struct chains *chains, struct scan *scan);

#endif
