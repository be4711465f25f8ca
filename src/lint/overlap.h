/*
 * overlap - two zones that hold the same names, side by side
 *
 * The names at and below the longer of the two apexes, in canonical order, with what each
 * zone says to a question for them.  What counts as different is region_diff's word.
 */
#ifndef LINT_OVERLAP_H
#define LINT_OVERLAP_H

#include "base/text.h"
#include "lint/region.h"

#define OVERLAP_ROWS 60		/* shown of one pair */

struct overlap_row {
	const uint8_t *name;		/* wire */
	enum region_kind kind;		/* the name, or the unnamed ones below it */
	bool differs;
	const char *left, *right;	/* what the zones say; lines end in "\n" but the last */
};

struct overlap {
	const uint8_t *top;		/* the apex; wire */
	struct overlap_row rows[OVERLAP_ROWS];
	size_t count;
	size_t alike_left_out, different_left_out;
};

/**
 * Fill in the rows; where there are too many, only those that differ.  a and b: one apex at
 * or below the other.  false: the zones do not differ there.  What does not fit into the
 * arena is missing.
 */
bool overlap_find(const struct zone *a, const struct zone *b, struct arena *arena,
		  struct overlap *overlap);

#endif
