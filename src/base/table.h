/*
 * table - strings to pointers, for the control plane
 *
 * Open addressing over an arena; keys are borrowed and must outlive the table.  No removal.
 * What a table outgrows stays in the arena: at most as much again as it holds.
 * Iteration order is insertion order, so that output is the same at every run.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

struct table_entry {
	const void *key;
	size_t key_len;
	uint64_t hash;
	void *value;
};

struct table {
	struct arena *arena;
	struct table_entry *entries;	/* in insertion order */
	uint32_t *slots;		/* index + 1 into entries; 0 free */
	size_t count, entry_room, slot_count;
};

void table_init(struct table *table, struct arena *arena);

/** The value under the key, or NULL. */
void *table_find(const struct table *table, const void *key, size_t key_len);
void *table_find_string(const struct table *table, const char *key);

/** Insert, or replace the value.  ERR_NOMEM leaves the table as it was. */
enum status table_put(struct table *table, const void *key, size_t key_len, void *value)
	must_check;
enum status table_put_string(struct table *table, const char *key, void *value) must_check;

#endif
