/*
 * spots - two effective tables laid over each other: private to differ.h
 *
 * A spot is a name of either table; its own are the names at and below it that no further
 * spot covers.  All of a spot's names are answered in the same places, on either side.
 * Spots are found when they are asked for: only those whose names may differ are gone through.
 */
#ifndef LINT_SPOTS_H
#define LINT_SPOTS_H

#include "lint/differ.h"

#define IMAGE_DEPTH 3	/* DNAMEs whose targets hold DNAMEs, so deep */

struct spot {
	const uint8_t *name;
	bool same;		/* both sides come to the same places */
	bool by_zones;		/* else: zones, of which only what differs is gone through */
	const struct ends *a, *b;
};

struct name_list {
	const uint8_t **name;
	size_t count, room;
};

struct spots {
	const struct differ_side *a, *b;
	struct arena *scratch;		/* of one comparison */
	bool apart;			/* spots that one side leaves to the internet count */
	struct spot *differing;		/* in order: those that are not the same, and count */
	size_t differing_count, differing_room;
	struct spot *elsewhere;		/* the same, but not asked by the same way */
	size_t elsewhere_count, elsewhere_room;
	struct table images;		/* names of no zone that count: below a DNAME, or led to */
	uint64_t steps;
	bool nomem, endless;		/* endless: DNAMEs lead on and on */
};

/**
 * Lay the sides' tables over each other.  apart: also what one side leaves to the internet or
 * to autodefined names is to be told.  false: no memory.
 */
bool spots_init(struct spots *spots, const struct differ_side *a, const struct differ_side *b,
		bool apart, struct arena *scratch);

/** The spot that the name belongs to. */
struct spot spots_find(const struct spots *spots, const uint8_t *name);

/** All spots strictly below the name, in order; NULL: none (*count is 0), or no memory. */
const struct spot *spots_below(struct spots *spots, const uint8_t *name, size_t *count);

/** Does the name stand at a spot, in a zone that the spot is answered from, or for one? */
bool spots_have(const struct spots *spots, const struct spot *spot, const struct name *name);

/** The spot's own names at or below `top`, that either side has: in order, top first. */
void spots_names(struct spots *spots, const struct spot *spot, const uint8_t *top,
		 struct name_list *out);

/** Those of the spot's own names below `top` that links lead to, be they there or not. */
void spots_targets(struct spots *spots, const struct spot *spot, const uint8_t *top,
		   struct name_list *out);

#endif
