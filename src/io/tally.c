#include "io/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

struct tally_entry {
	uint8_t ip[16];
	uint32_t count;
	uint32_t next;		/* in its bucket or the free list; number + 1 */
};

bool
tally_init(struct tally *tally, uint32_t size)
{
	struct random random;
	uint32_t buckets = 1;

	while (buckets < size && buckets < 1u << 31)
		buckets *= 2;
	random_init(&random);
	*tally = (struct tally){
		.key = { random_u64(&random), random_u64(&random) },
		.buckets = calloc(buckets, sizeof(*tally->buckets)),
		.bucket_mask = buckets - 1,
		.entries = calloc(size, sizeof(*tally->entries)),
		.size = size,
	};
	return tally->buckets && tally->entries;
}

void
tally_fini(struct tally *tally)
{
	free(tally->buckets);
	free(tally->entries);
}

static uint32_t *
bucket_of(const struct tally *tally, const struct addr *addr)
{
	return &tally->buckets[hash_keyed(&tally->key, addr->ip, sizeof(addr->ip)) &
			       tally->bucket_mask];
}

/** Where the number of the address's entry stands; 0 there: it has none. */
static uint32_t *
find(const struct tally *tally, const struct addr *addr)
{
	uint32_t *link = bucket_of(tally, addr);

	while (*link && memcmp(tally->entries[*link - 1].ip, addr->ip, sizeof(addr->ip)) != 0)
		link = &tally->entries[*link - 1].next;
	return link;
}

uint32_t
tally_count(const struct tally *tally, const struct addr *addr)
{
	uint32_t number = *find(tally, addr);

	return number ? tally->entries[number - 1].count : 0;
}

void
tally_add(struct tally *tally, const struct addr *addr)
{
	uint32_t *link = find(tally, addr), number = *link;
	struct tally_entry *entry;

	if (!number) {
		number = tally->free;
		if (number) {
			tally->free = tally->entries[number - 1].next;
		} else {
			assert(tally->touched < tally->size);
			number = ++tally->touched;
		}
		entry = &tally->entries[number - 1];
		memcpy(entry->ip, addr->ip, sizeof(entry->ip));
		entry->count = 0;
		entry->next = 0;
		*link = number;
	}
	tally->entries[number - 1].count++;
}

void
tally_remove(struct tally *tally, const struct addr *addr)
{
	uint32_t *link = find(tally, addr), number = *link;
	struct tally_entry *entry = &tally->entries[number - 1];

	if (--entry->count > 0)
		return;
	*link = entry->next;
	entry->next = tally->free;
	tally->free = number;
}
