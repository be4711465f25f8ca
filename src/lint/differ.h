/*
 * differ - the exact set of names that two networks resolve differently
 *
 * The networks may be of one estate, or the same network of two (what a change does).  The
 * two effective cut tables (closure.h) are merged; where both come to the same zone, servers
 * or internet nothing can differ but through CNAMEs, aliases and DNAMEs, and those are
 * followed backwards from what does differ.  Elsewhere the names that either side has are
 * gone through, and beside each one fresh name below it: all names that neither has are like
 * one of these (RFC 4592).  Of two zones only the names at which their tries (zonetrie.h)
 * part are gone through.  So what is told is exact, and costs what differs.
 *
 * Every network is asked as rewrite.h says: to the last answer, over CNAMEs and rules.
 */
#ifndef LINT_DIFFER_H
#define LINT_DIFFER_H

#include "lint/closure.h"
#include "lint/region.h"
#include "lint/rewrite.h"

struct spot;
struct spots;

/* One side: a network of an estate whose closure was made; both may have the same. */
struct differ_side {
	struct closure *in;
	uint32_t network;
};

struct difference_type {
	uint16_t type;
	uint8_t order;		/* enum finals_order; FINALS_SAME for those that are alike */
};

/* A class of names for which some type differs. */
struct difference {
	enum region_kind kind;	/* REGION_NAME; REGION_OTHERS: the names below that no side has */
	const uint8_t *name;	/* wire */
	const struct name *member;	/* one of the names, for a witness: `name`, or below it */
	enum finals_order order;	/* the gravest of all types */
	uint16_t type;		/* a type of that order, a common one where there is a choice */
	enum finals_order rest;	/* of all types that are not listed here: */
	unsigned type_count;
	const struct difference_type *types;
	bool secondary;		/* both read the same there: a name that it leads to differs */
	const struct ends *ends_a, *ends_b;	/* where the names are answered */
	const struct finals *a, *b;		/* what `member` and `type` come to */
	const struct spots *spots;		/* where it was found, for difference_holds */
	const struct spot *spot;
};

/** Called for each difference; it and all it points to is only lent. */
typedef void (*difference_fn)(void *context, const struct difference *difference);

/* Work, counted in questions and names looked at; shared by many comparisons. */
struct differ_work {
	uint64_t done, most;
};

/**
 * Tell all differences of the two sides, at least as grave as `least`, those that are not
 * secondary first, in canonical order of their names.
 * ERR_LIMIT: the work passed its limit (or DNAMEs lead to each other without end): what was
 * told is true, but not all.  ERR_NOMEM.
 */
enum status differ_compare(const struct differ_side *a, const struct differ_side *b,
			   enum finals_order least, struct differ_work *work,
			   difference_fn found, void *context) must_check;

/** Is this name one of the difference's?  To be asked while it is told. */
bool difference_holds(const struct difference *difference, const struct name *name);

/** The order for one type. */
enum finals_order difference_of_type(const struct difference *difference, uint16_t type);

#endif
