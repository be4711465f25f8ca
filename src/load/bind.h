/*
 * bind - YAML into C objects, driven by the schema
 *
 * Reads a map by its rows: unknown keys, wrong types, values that are none, missing keys are
 * reported at their places, and reading goes on, so that one run shows every mistake.
 * Absent keys get their fallback.  Objects of a list are linked in the order written, or,
 * where the row has no field, handed to the caller one by one.
 */
#ifndef LOAD_BIND_H
#define LOAD_BIND_H

#include "estate/lint_settings.h"
#include "load/schema.h"
#include "load/yaml.h"

struct bind;

/**
 * An object of a list is read; good: without errors.  node: NULL from load/jsonbind.
 * Sets b->nomem when memory ends.
 */
typedef void (*bind_take_fn)(struct bind *b, enum schema_map_id map,
			     const struct yaml_node *node, void *object, bool good);
/** Make a new object what it is before its keys are read. */
typedef void (*bind_init_fn)(enum schema_map_id map, void *object);

struct bind {
	struct arena *arena;	/* of what stays */
	struct arena passing;	/* of transient objects: emptied after each */
	struct diags *diags;
	const char *file;	/* that the nodes are of; paths are relative to it */
	bind_take_fn take;
	bind_init_fn init;	/* NULL: zero octets */
	void *context;
	bool nomem;		/* sticky: nothing is read any more */
};

/** arena: its limit holds for what passes, too. */
void bind_init(struct bind *b, struct arena *arena, struct diags *diags);
void bind_fini(struct bind *b);

/** Read one map into an object.  false: errors were reported, or memory ended. */
bool bind_map(struct bind *b, const struct yaml_node *node, const struct schema_map *map,
	      void *object);

/** Read the value of one pair, as its row says. */
bool bind_value(struct bind *b, const struct schema_key *key, const struct yaml_item *pair,
		void *object);

/** Read a list, also one whose row says `later`; head: NULL where the row has no field. */
bool bind_list(struct bind *b, const struct schema_key *key, const struct yaml_node *node,
	       void *head);

/** Report a key that the map has not, with the nearest that it has. */
void bind_unknown(struct bind *b, const struct schema_map *map, const struct yaml_node *key);

/** Report that a key is accepted, but not acted upon.  false: that is an error. */
bool bind_not_yet(struct bind *b, const struct schema_key *key, const struct yaml_item *pair);

struct srcloc bind_place(const struct bind *b, const struct yaml_node *node);

/* How items of a list of scalars are made: size and offsets. */
struct item_kind {
	size_t size, next, at, value, value_size;
};

struct item_kind bind_item_kind(const struct schema_key *key);

/**
 * One scalar, checked and stored at `to` (list items: without the row's field offset).
 * For load/bind itself; see load/scalar.c.
 */
bool bind_scalar(struct bind *b, const struct schema_key *key, const struct yaml_node *node,
		 void *to, size_t size);

#endif
