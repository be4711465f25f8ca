/*
 * trie - names and what stands at them, equal parts shared
 *
 * A binary tree over the bits of the names (Morrison's PATRICIA), each name written from the
 * root down so that canonical order (RFC 4034 6.1) is the order of the leaves and all names at
 * and below one of them are one part of the tree:
 *
 *	fork: bit 17 -+- side 0: the names whose bit 17 is clear
 *	              +- side 1: those where it is set
 *	leaf: a name and its value
 *
 * A store makes each node once, so tries of one store with equal names and values are one
 * pointer, and so are equal parts of them: comparing two costs what differs.  Nodes never
 * change; making a new trie of an old one shares what stays.  Everything lives in the store's
 * arena.
 */
#ifndef LINT_TRIE_H
#define LINT_TRIE_H

#include "base/table.h"
#include "dns/name.h"

#define TRIE_LEAF UINT32_MAX
#define TRIE_KEY_MAX (2 * NAME_MAX_OCTETS + 2)

/* A name as bits: its labels from the root on, each ended by a zero octet, and one more. */
struct trie_key {
	uint16_t len;
	uint8_t octets[TRIE_KEY_MAX];
};

/* A name that is in some trie. */
struct trie_name {
	const uint8_t *wire;
	uint16_t len;			/* of the key */
	uint8_t key[];
};

struct trie {
	uint32_t bit;			/* TRIE_LEAF, or the first bit that parts the sides */
	uint32_t count;			/* leaves */
	uint32_t marks;			/* of all leaves: the caller's bits */
	union {
		const struct trie *side[2];
		struct {
			const struct trie_name *name;
			const void *value;
		} leaf;
	};
	const struct trie *first;	/* leaf; of a leaf itself */
};

struct trie_store {
	struct arena *arena;
	struct table names;		/* wire -> struct trie_name */
	const struct trie **slots;
	size_t slot_count, used;
	bool nomem;			/* memory ran out: tries made since are not whole */
};

/* A trie of its own that is to stand for all at and below a name; NULL: nothing does. */
struct trie_piece {
	const struct trie_name *name;
	const struct trie *trie;
};

void trie_store_init(struct trie_store *store, struct arena *arena);

void trie_key_make(const uint8_t *wire, struct trie_key *out);

/** The name; its wire form is borrowed.  NULL: no memory. */
const struct trie_name *trie_name(struct trie_store *store, const uint8_t *wire);

/** One name and its value.  NULL: no memory, or no name. */
const struct trie *trie_leaf(struct trie_store *store, const struct trie_name *name,
			     const void *value, uint32_t marks);

/**
 * One trie of several (none is NULL) in the order of their names: all of one come before all
 * of the next, and they can be told apart by where they begin.  NULL: of none, or no memory.
 */
const struct trie *trie_build(struct trie_store *store, const struct trie **parts, size_t count);

/**
 * The trie with all at and below each piece's name replaced; in the order of their names, none
 * below another.  trie: NULL is empty.
 */
const struct trie *trie_overlay(struct trie_store *store, const struct trie *trie,
				const struct trie_piece *pieces, size_t count);

/** What is at and below the name; NULL: nothing. */
const struct trie *trie_below(const struct trie *trie, const struct trie_key *key);

/** The leaf of just this name; NULL: none. */
const struct trie *trie_find(const struct trie *trie, const struct trie_key *key);

/** The leaf with the longest name that covers this one; NULL: none. */
const struct trie *trie_cover(const struct trie *trie, const struct trie_key *key);

/** All names, in order, into `out`, which has room for trie->count. */
void trie_names(const struct trie *trie, const uint8_t **out);

/** Makes the value and marks of a leaf anew; false: no memory. */
typedef bool (*trie_map_fn)(void *context, const struct trie *leaf, const void **value,
			    uint32_t *marks);

/**
 * The same names with other values.  done: what was made of which node, to be kept for the
 * next time.  NULL: no memory.
 */
const struct trie *trie_map(struct trie_store *store, const struct trie *trie, trie_map_fn map,
			    void *context, struct table *done);

/* Two tries side by side. */
struct trie_walk {
	/* Both have this name. */
	void (*meet)(void *context, const struct trie *a, const struct trie *b);
	/* Only one of them has these names, and no others that would stand among them. */
	void (*alone)(void *context, const struct trie *part, bool of_a);
	/* Need these parts not be looked at?  Asked before anything else of them is done. */
	bool (*skip)(void *context, const struct trie *a, const struct trie *b);
	void *context;
};

/** Go through both in order of the names; equal parts are the caller's to skip. */
void trie_walk_both(const struct trie_walk *walk, const struct trie *a, const struct trie *b);

#endif
