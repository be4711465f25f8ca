/*
 * view - one network's cut table: suffix -> zone, rule, autodefined name or internet
 *
 * Every zone, rule and autodefined name of a network is a cut at its suffix; compile has
 * settled every tie (route53-semantics 1.1, 1.7), so a query needs the longest suffix and
 * nothing else.  `depths` has a bit per label count at which the table has any cut: the
 * walk skips depths that cannot match.  Equal tables of different networks are one table.
 * Lives in the root block; accessors trust it.
 */
#ifndef SNAPSHOT_VIEW_H
#define SNAPSHOT_VIEW_H

#include "dns/name.h"
#include "snapshot/block.h"

/* What is done with a name under a cut. */
enum cut_action {
	CUT_ZONE,		/* target: zone number */
	CUT_FORWARD,		/* target: rule number */
	CUT_AUTODEFINED,	/* target: enum autodefined */
	CUT_INTERNET,		/* target: the rule that stands for the internet resolver */
};

/* What declared the cut: the right to it, in falling order on a tie (1.1.4). */
enum cut_origin {
	ORIGIN_RULE,		/* origin: rule number (FORWARD or SYSTEM) */
	ORIGIN_ZONE,		/* origin: zone number */
	ORIGIN_AUTODEFINED,	/* origin: enum autodefined */
	ORIGIN_ROOT,		/* the "." that every network has */
};

/* The autodefined names of route53-semantics 1.4, by how they are answered. */
enum autodefined {
	AUTO_LOCALHOST,		/* localhost, localdomain: 127.0.0.1, ::1 */
	AUTO_LOOPBACK_REVERSE,	/* 127.in-addr.arpa, the names of ::1 and of :: */
	AUTO_EC2,		/* <region>.compute.internal, ec2.internal, ... */
	AUTO_EC2_REVERSE,	/* reverse names of own, peers' and private addresses */
};

#define PROFILE_NONE UINT32_MAX		/* attached to the network itself */

/* A candidate that had the same suffix, or lost its effect, and why. */
enum lost_why {
	LOST_TO_RULE,		/* a rule of the same name comes first */
	LOST_TO_ZONE,		/* a zone of the same name comes before autodefined names */
	LOST_SYSTEM_NO_FORWARD,	/* a SYSTEM rule with no FORWARD rule above it: no effect */
	LOST_TO_OWN,		/* by a Profile, and the VPC has the same name itself (1.7.2) */
	LOST_TO_PROFILE,	/* by a Profile of a higher priority number */
};

struct cut_loser {
	uint32_t origin_kind;	/* enum cut_origin */
	uint32_t origin;
	uint32_t why;		/* enum lost_why */
	uint32_t profile;	/* number of the Profile it came by; PROFILE_NONE */
};

struct cut {
	uint32_t name_at;	/* wire */
	uint8_t labels;
	uint8_t action;		/* enum cut_action */
	uint8_t origin_kind;	/* enum cut_origin */
	uint8_t system;		/* 1: made by a SYSTEM rule: local treatment of this suffix */
	uint32_t target;
	uint32_t origin;
	uint32_t losers_at;	/* struct cut_loser */
	uint32_t loser_count;
	uint32_t profile;	/* number of the Profile the origin came by; PROFILE_NONE */
	uint32_t zero;
};

struct view_slot {
	uint32_t tag;
	uint32_t cut;		/* number + 1; 0: free */
};

struct view {
	uint64_t depths[2];	/* bit k: a cut with k labels exists */
	uint32_t slots_at;
	uint32_t slot_mask;
	uint32_t cuts_at;	/* struct cut, canonical order of names; the root's is first */
	uint32_t cut_count;
};

static inline const struct cut *
view_cut(const struct block *root, const struct view *view, uint32_t number)
{
	return (const struct cut *)block_at(root, view->cuts_at) + number;
}

/** The cut at exactly this suffix (wire, `len` octets), or NULL. */
static inline const struct cut *
view_at(const struct block *root, const struct view *view, const uint8_t *suffix, size_t len,
	uint64_t hash)
{
	const struct view_slot *slots = block_at(root, view->slots_at);
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint32_t i = (uint32_t)hash & view->slot_mask; slots[i].cut;
	     i = (i + 1) & view->slot_mask) {
		const struct cut *cut;

		if (slots[i].tag != tag)
			continue;
		cut = view_cut(root, view, slots[i].cut - 1);
		if (memcmp(block_at(root, cut->name_at), suffix, len) == 0)
			return cut;
	}
	return NULL;
}

/**
 * The cut with the longest suffix that covers the name; never NULL, the root always is one.
 * below: only suffixes of fewer labels than this, at least 1 (NAME_MAX_LABELS + 1 for all),
 * which lets explain walk through all that cover a name.
 */
static inline const struct cut *
view_walk(const struct block *root, const struct view *view, const struct name *name,
	  const struct suffixes *suffixes, unsigned below)
{
	for (unsigned k = name->labels < below ? name->labels : below - 1; k > 0; k--) {
		const struct cut *cut;

		if (!(view->depths[k >> 6] >> (k & 63) & 1))
			continue;
		cut = view_at(root, view, name->wire + suffixes->offset[k],
			      (size_t)(name->len - suffixes->offset[k]), suffixes->hash[k]);
		if (cut)
			return cut;
	}
	return view_cut(root, view, 0);
}

#endif
