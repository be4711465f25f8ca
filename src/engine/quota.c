#include "engine/quota.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers are stored + 1, so that zeroed memory means none. */
struct quota_entry {
	uint8_t key[QUOTA_KEY_OCTETS];
	uint32_t count;
	uint32_t next;			/* in its bucket */
	uint32_t older, newer;		/* among the idle */
};

bool
quota_init(struct quota *quota, uint32_t size, struct random *random)
{
	uint32_t buckets = 16;

	while (buckets < size && buckets < 1u << 31)
		buckets *= 2;
	*quota = (struct quota){
		.key = { random_u64(random), random_u64(random) },
		.entries = calloc(size, sizeof(*quota->entries)),
		.buckets = calloc(buckets, sizeof(*quota->buckets)),
		.bucket_mask = buckets - 1,
		.size = size,
	};
	return quota->entries && quota->buckets;
}

void
quota_fini(struct quota *quota)
{
	free(quota->entries);
	free(quota->buckets);
}

/** Where the key's entry stands in its bucket; 0 there: it has none. */
static uint32_t *
find(const struct quota *quota, const uint8_t *key)
{
	uint64_t hash = hash_keyed(&quota->key, key, QUOTA_KEY_OCTETS);
	uint32_t *link = &quota->buckets[hash & quota->bucket_mask];

	while (*link && memcmp(quota->entries[*link - 1].key, key, QUOTA_KEY_OCTETS) != 0)
		link = &quota->entries[*link - 1].next;
	return link;
}

uint32_t
quota_count(const struct quota *quota, const uint8_t key[QUOTA_KEY_OCTETS])
{
	uint32_t number = *find(quota, key);

	return number ? quota->entries[number - 1].count : 0;
}

/** Take an entry out of the idle ones. */
static void
wake(struct quota *quota, const struct quota_entry *entry)
{
	if (entry->older)
		quota->entries[entry->older - 1].newer = entry->newer;
	else
		quota->idle_first = entry->newer;
	if (entry->newer)
		quota->entries[entry->newer - 1].older = entry->older;
	else
		quota->idle_last = entry->older;
}

/** An entry that no key needs, + 1: a new one, else the one that is idle longest. */
static uint32_t
unused(struct quota *quota)
{
	uint32_t number = quota->idle_first, *link;

	if (quota->touched < quota->size)
		return ++quota->touched;
	assert(number);
	wake(quota, &quota->entries[number - 1]);
	link = find(quota, quota->entries[number - 1].key);
	*link = quota->entries[number - 1].next;
	return number;
}

uint32_t
quota_take(struct quota *quota, const uint8_t key[QUOTA_KEY_OCTETS], bool *fresh)
{
	uint32_t number = *find(quota, key);
	struct quota_entry *entry;

	*fresh = !number;
	if (number) {
		entry = &quota->entries[number - 1];
		if (!entry->count)
			wake(quota, entry);
	} else {
		uint32_t *link;

		number = unused(quota);
		entry = &quota->entries[number - 1];
		*entry = (struct quota_entry){ 0 };
		memcpy(entry->key, key, QUOTA_KEY_OCTETS);
		link = find(quota, key);	/* the end of its bucket */
		*link = number;
	}
	entry->count++;
	return number - 1;
}

void
quota_give(struct quota *quota, uint32_t number)
{
	struct quota_entry *entry = &quota->entries[number];

	if (--entry->count)
		return;
	entry->newer = 0;
	entry->older = quota->idle_last;
	if (quota->idle_last)
		quota->entries[quota->idle_last - 1].newer = number + 1;
	else
		quota->idle_first = number + 1;
	quota->idle_last = number + 1;
}
