/*
 * spots - two effective tables laid over each other: private to differ.h
 *
 * A spot is a name of either table; its own are the names at and below it that no further
 * spot covers.  All of a spot's names are answered in the same places, on either side.
 */
#ifndef LINT_SPOTS_H
#define LINT_SPOTS_H

#include "lint/differ.h"

#define IMAGE_DEPTH 3	/* DNAMEs whose targets hold DNAMEs, so deep */

struct spot {
	const uint8_t *name;
	bool same;		/* both sides come to the same places */
	const struct ends *a, *b;
};

struct name_list {
	const uint8_t **name;
	size_t count, room;
};

struct spots {
	const struct differ_side *a, *b;
	struct arena *scratch;		/* of one comparison */
	struct spot *spot;
	size_t count;
	struct table images;		/* names of no zone that count: below a DNAME, or led to */
	uint64_t steps;
	bool nomem, endless;		/* endless: DNAMEs lead on and on */
};

/** Lay the sides' tables over each other.  false: no memory. */
bool spots_init(struct spots *spots, const struct differ_side *a, const struct differ_side *b,
		struct arena *scratch);

/** The spot that the name belongs to. */
size_t spots_find(const struct spots *spots, const uint8_t *name);

/** Does the name stand at a spot, in a zone that the spot is answered from, or for one? */
bool spots_have(const struct spots *spots, const struct spot *spot, const struct name *name);

/** The spot's own names at or below `top`, that either side has: in order, top first. */
void spots_names(struct spots *spots, size_t spot, const uint8_t *top, struct name_list *out);

/** Those of the spot's own names below `top` that links lead to, be they there or not. */
void spots_targets(struct spots *spots, size_t spot, const uint8_t *top, struct name_list *out);

#endif
