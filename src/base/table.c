#include "base/table.h"

#include <string.h>

#include "base/hash.h"

#define LEAST_SLOTS 16

void
table_init(struct table *table, struct arena *arena)
{
	*table = (struct table){ .arena = arena };
}

static uint64_t
key_hash(const void *key, size_t len)
{
	static const struct hash_key fixed = { 0x13198a2e03707344ull, 0xa4093822299f31d0ull };

	return hash_keyed(&fixed, key, len);
}

/** The slot of the key, or the free slot where it belongs.  There is always a free one. */
static uint32_t *
slot_find(const struct table *table, const void *key, size_t len, uint64_t hash)
{
	size_t mask = table->slot_count - 1, at = hash & mask;

	for (;; at = (at + 1) & mask) {
		uint32_t *slot = &table->slots[at];
		const struct table_entry *entry;

		if (*slot == 0)
			return slot;
		entry = &table->entries[*slot - 1];
		if (entry->hash == hash && entry->key_len == len &&
		    (len == 0 || memcmp(entry->key, key, len) == 0))
			return slot;
	}
}

void *
table_find(const struct table *table, const void *key, size_t key_len)
{
	uint32_t slot;

	if (table->slot_count == 0)
		return NULL;
	slot = *slot_find(table, key, key_len, key_hash(key, key_len));
	return slot ? table->entries[slot - 1].value : NULL;
}

void *
table_find_string(const struct table *table, const char *key)
{
	return table_find(table, key, strlen(key));
}

/** Twice the room; on failure nothing has changed. */
static enum status
table_grow(struct table *table)
{
	size_t slot_count = table->slot_count ? 2 * table->slot_count : LEAST_SLOTS;
	size_t room = slot_count / 4 * 3;
	struct table_entry *entries;
	uint32_t *slots;

	if (room >= UINT32_MAX)
		return ERR_NOMEM;
	entries = arena_array(table->arena, room, sizeof(*entries));
	slots = arena_array(table->arena, slot_count, sizeof(*slots));
	if (!entries || !slots)
		return ERR_NOMEM;

	if (table->count)
		memcpy(entries, table->entries, table->count * sizeof(*entries));
	for (size_t i = 0; i < table->count; i++) {
		size_t at = entries[i].hash & (slot_count - 1);

		while (slots[at])
			at = (at + 1) & (slot_count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	table->entries = entries;
	table->entry_room = room;
	table->slots = slots;
	table->slot_count = slot_count;
	return OK;
}

enum status
table_put(struct table *table, const void *key, size_t key_len, void *value)
{
	uint64_t hash = key_hash(key, key_len);
	uint32_t *slot = NULL;

	if (table->slot_count)
		slot = slot_find(table, key, key_len, hash);
	if (slot && *slot) {
		table->entries[*slot - 1].value = value;
		return OK;
	}
	if (table->count == table->entry_room) {
		if (table_grow(table) != OK)
			return ERR_NOMEM;
		slot = slot_find(table, key, key_len, hash);
	}
	table->entries[table->count++] = (struct table_entry){
		.key = key, .key_len = key_len, .hash = hash, .value = value,
	};
	*slot = (uint32_t)table->count;
	return OK;
}

enum status
table_put_string(struct table *table, const char *key, void *value)
{
	return table_put(table, key, strlen(key), value);
}
