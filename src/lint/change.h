/*
 * change - what one state of an estate answers otherwise than another, and for whom
 *
 * The networks that both states have are compared by differ.h, each with itself.  Networks
 * that were one class before and are one class now are compared once, and those that see the
 * same changes are a group.  Every change of which a network's own zones decide is replayed through
 * engine/resolve on both snapshots; one that does not show there is our mistake.
 */
#ifndef LINT_CHANGE_H
#define LINT_CHANGE_H

#include "lint/differ.h"

enum change_kind {
	CHANGE_VANISHES,	/* there was an answer, and is none */
	CHANGE_APPEARS,		/* there was none, and is one */
	CHANGE_ALTERS,		/* another one, or another failure */
};

/* A class of names that a group's networks answer otherwise. */
struct change {
	enum change_kind kind;
	bool may;		/* a server that nobody declared decides */
	bool secondary;		/* a name that it leads to changes */
	enum region_kind region;
	const uint8_t *name;	/* wire */
	struct name member;	/* the witness: one of the names ... */
	uint16_t type;		/* ... and a type that changes */
	const char *types;	/* "A, AAAA", "all types" */
	const char *before, *after;	/* what the witness comes to, for people */
	struct change *next;
};

/* Networks that see the same changes. */
struct change_group {
	const char **networks;	/* ids, in order of the new estate */
	size_t network_count;
	uint32_t before, after;	/* the first of them, in either snapshot */
	bool skipped;		/* those of its class were not compared to the end */
	struct change_group *same;	/* that sees just the same; NULL */
	struct change *changes;	/* in canonical order of names, secondary ones last */
	size_t count[3];	/* by kind */
	struct change_group *next;
};

/* All of it; everything lives in the arena. */
struct changes {
	struct arena *arena;
	struct change_group *groups;	/* those with changes */
	const char **added, **removed;	/* networks that one state has */
	size_t added_count, removed_count;
	const char **skipped;		/* networks that were not compared to the end */
	size_t skipped_count;
	size_t count[3];		/* by kind, each group's once */
	size_t networks;		/* that see any change */
};

/* One state. */
struct change_side {
	const struct estate *estate;
	const struct snapshot *snap;
};

/**
 * Find all changes.  work: steps it may take, 0: LINT_WORK.
 * OK: complete but for the networks in `skipped`.  ERR_MALFORMED: a change did not replay;
 * *culprit is the first such, what else was found stands.  ERR_NOMEM.
 */
enum status changes_find(const struct change_side *before, const struct change_side *after,
			 uint64_t work, struct arena *arena, struct changes *out,
			 const struct change **culprit) must_check;

/** "vanishes", "appears", "changes". */
const char *change_kind_text(enum change_kind kind);

#endif
