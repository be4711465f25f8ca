/*
 * region - exact sets of names, and the names for which two zones differ
 *
 * A zone's answers change only at existing names: between them all names that have one
 * closest encloser and no node of their own are alike (RFC 4592).  So a zone is two classes
 * for each of its names: the name itself, and the "others": the unnamed names below it.
 * Comparing two zones at the names of both, and for one fresh child of each, is exact.
 */
#ifndef LINT_REGION_H
#define LINT_REGION_H

#include "lint/outcome.h"

enum region_kind {
	REGION_NAME,	/* this name */
	REGION_OTHERS,	/* the names below it that neither zone has and no name of theirs covers */
};

#define REGION_TYPES 8	/* types that differ, as many as are kept */

/* A class of names that two zones answer differently. */
struct region {
	enum region_kind kind;
	bool ttl_only;		/* they differ in TTLs alone */
	bool unknown;		/* memory ran out: the rest says nothing */
	bool all_types;		/* types that neither has at the name differ too */
	uint8_t type_count;	/* of those below */
	uint16_t types[REGION_TYPES];	/* what differs; never empty */
	const uint8_t *name;	/* wire, in one of the zones or where region_compare was told */
};

/** Called for each region, in canonical order of its names; the region is only lent. */
typedef void (*region_fn)(void *context, const struct region *region);

/**
 * All names at or below `top` for which the zones differ.  top: at or below both apexes.
 * SOA and NS at either apex do not count.  scratch is left as it was found.
 */
void region_diff(const struct zone *a, const struct zone *b, const uint8_t *top,
		 struct arena *scratch, region_fn found, void *context);

/** Compare the zones at this name and at the others below it. */
void region_compare(const struct zone *a, const struct zone *b, const uint8_t *name,
		    struct arena *scratch, region_fn found, void *context);

/**
 * The i-th try at a name of the region's: the name itself (one try), or a child of it whose
 * label neither zone has (a: not NULL; b may be NULL).  A caller tries on while cuts of a
 * view take the child away.  false: there are no more.
 */
bool region_member(const struct region *region, const struct zone *a, const struct zone *b,
		   unsigned i, struct name *out);

/** "kind" of a finding's PART_NAMES: "name" or "others". */
const char *region_kind_text(enum region_kind kind);

/** The types for people and machines: "A, AAAA", "all types". */
void region_print_types(const struct region *region, struct text *out);

/** The first number in the zone's canonical order whose node is at or below the name. */
uint32_t zone_first_below(const struct zone *zone, const uint8_t *name);

#endif
