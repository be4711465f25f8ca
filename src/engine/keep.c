#include "engine/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define RETRY_MS      1000	/* the first one; each one after it twice as long */
#define RETRY_MOST_MS 30000
#define NONE	      UINT32_MAX

struct kept {
	struct ask ask;
	uint64_t due_ms;
	uint64_t asked_ms;		/* by a client, last */
	uint64_t taken_ms;		/* for being asked for, last; 0: never */
	uint64_t life_ms;		/* of its answer, as last seen; 0: none was seen */
	uint32_t next;			/* in its bucket */
	uint8_t tries;			/* since it was fresh */
	bool used;
};

/* Buckets of places; keep_take goes through the places in their order. */
struct keep {
	struct hash_key key;
	uint64_t due_ms;		/* none is due before */
	uint64_t next_due_ms;		/* the same of those that keep_take has gone through */
	uint32_t at;			/* where keep_take goes on */
	uint32_t most, count, end;	/* no place from `end` on was ever used */
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct kept *kept;
};

struct keep *
keep_new(uint32_t most)
{
	struct keep *keep = calloc(1, sizeof(*keep));
	struct random random;
	uint32_t buckets = 1;

	while (buckets < most)
		buckets *= 2;
	if (!keep)
		return NULL;
	keep->buckets = calloc(buckets, sizeof(*keep->buckets));
	keep->kept = calloc(most, sizeof(*keep->kept));
	if (!keep->buckets || !keep->kept) {
		keep_free(keep);
		return NULL;
	}
	keep->most = most;
	keep->bucket_mask = buckets - 1;
	random_init(&random);
	random_bytes(&random, &keep->key, sizeof(keep->key));
	keep_clear(keep);
	return keep;
}

void
keep_free(struct keep *keep)
{
	if (!keep)
		return;
	free(keep->buckets);
	free(keep->kept);
	free(keep);
}

void
keep_clear(struct keep *keep)
{
	memset(keep->buckets, 0xff, (keep->bucket_mask + (size_t)1) * sizeof(*keep->buckets));
	for (uint32_t i = 0; i < keep->end; i++)
		keep->kept[i].used = false;
	keep->count = keep->end = keep->at = 0;
	keep->due_ms = keep->next_due_ms = UINT64_MAX;
}

static uint32_t *
bucket_of(struct keep *keep, const struct ask *ask)
{
	uint8_t octets[ASK_KEY_OCTETS];
	size_t len = ask_key(ask, octets);

	return &keep->buckets[hash_keyed(&keep->key, octets, len) & keep->bucket_mask];
}

/** One that is not there takes a place; NULL: all are taken. */
static struct kept *
enter(struct keep *keep, uint32_t *bucket, const struct ask *ask, uint64_t now_ms)
{
	uint32_t place = 0;

	if (keep->count == keep->most)
		return NULL;
	while (keep->kept[place].used)
		place++;
	keep->kept[place] = (struct kept){ .ask = *ask, .due_ms = now_ms + RETRY_MS,
					   .next = *bucket, .used = true };
	*bucket = place;
	keep->count++;
	if (place >= keep->end)
		keep->end = place + 1;
	return &keep->kept[place];
}

static void
let_go(struct keep *keep, uint32_t place)
{
	uint32_t *link = bucket_of(keep, &keep->kept[place].ask);

	while (*link != place)
		link = &keep->kept[*link].next;
	*link = keep->kept[place].next;
	keep->kept[place].used = false;
	keep->count--;
}

/** In the last tenth of a life that ends then, and never twice within KEEP_PAUSE_MS. */
static void
set_due(struct kept *kept, uint64_t expires_ms)
{
	kept->due_ms = expires_ms - kept->life_ms / 10;
	if (kept->taken_ms && kept->due_ms < kept->taken_ms + KEEP_PAUSE_MS)
		kept->due_ms = kept->taken_ms + KEEP_PAUSE_MS;
}

void
keep_note(struct keep *keep, const struct ask *ask, const struct cached *entry, uint64_t now_ms)
{
	uint32_t *bucket = bucket_of(keep, ask), place = *bucket;
	struct kept *kept;

	while (place != NONE && !ask_equal(&keep->kept[place].ask, ask))
		place = keep->kept[place].next;
	kept = place != NONE ? &keep->kept[place] : enter(keep, bucket, ask, now_ms);
	if (!kept)
		return;
	kept->asked_ms = now_ms;
	if (!kept->life_ms && entry && !cached_is_failure(entry)) {
		kept->life_ms = entry->expires_ms - entry->stored_ms;
		set_due(kept, entry->expires_ms);
	}
	if (kept->due_ms < keep->due_ms)
		keep->due_ms = kept->due_ms;
	if (kept->due_ms < keep->next_due_ms)
		keep->next_due_ms = kept->due_ms;
}

uint64_t
keep_due(const struct keep *keep)
{
	return keep->due_ms;
}

static bool
is_forgotten(const struct kept *kept, uint64_t now_ms)
{
	uint64_t idle_ms = kept->life_ms * KEEP_TTLS;

	return now_ms - kept->asked_ms > (idle_ms > KEEP_LEAST_MS ? idle_ms : KEEP_LEAST_MS);
}

/** What was due may be so no longer: it was answered since, or it failed just now. */
static bool
is_put_off(struct kept *kept, const struct cache_times *times, uint64_t now_ms)
{
	kept->life_ms = times->expires_ms - times->stored_ms;
	kept->due_ms = times->retry_ms;
	if (times->stored_ms >= kept->taken_ms) {
		kept->tries = 0;
		set_due(kept, times->expires_ms);
	}
	return kept->due_ms > now_ms;
}

static void
set_retry(struct kept *kept, uint64_t now_ms)
{
	uint64_t wait_ms = RETRY_MS;

	for (uint8_t i = 0; i < kept->tries && wait_ms < RETRY_MOST_MS; i++)
		wait_ms *= 2;
	kept->tries = (uint8_t)(kept->tries + (kept->tries < UINT8_MAX));
	kept->taken_ms = now_ms;
	kept->due_ms = now_ms + (wait_ms < RETRY_MOST_MS ? wait_ms : RETRY_MOST_MS);
}

/** One that is due: is it to be asked for?  Else it is due later, or let go. */
static bool
take(struct keep *keep, uint32_t place, struct cache *cache, uint64_t now_ms, struct ask *ask)
{
	struct kept *kept = &keep->kept[place];
	struct cache_times times;
	bool known;

	if (is_forgotten(kept, now_ms)) {
		let_go(keep, place);
		return false;
	}
	known = cache_peek(cache, &kept->ask, now_ms, &times);
	if (known && is_put_off(kept, &times, now_ms))
		return false;
	set_retry(kept, now_ms);
	*ask = kept->ask;
	ask->has_stale = known && times.expires_ms <= now_ms;
	ask->is_ahead = !ask->has_stale;
	return true;
}

bool
keep_take(struct keep *keep, struct cache *cache, uint64_t now_ms, struct ask *ask)
{
	bool taken = false;

	if (keep->at == 0 && now_ms < keep->due_ms)
		return false;
	if (keep->at == 0)
		keep->next_due_ms = UINT64_MAX;
	while (keep->at < keep->end && !taken) {
		uint32_t place = keep->at++;
		const struct kept *kept = &keep->kept[place];

		if (kept->used && kept->due_ms <= now_ms)
			taken = take(keep, place, cache, now_ms, ask);
		if (kept->used && kept->due_ms < keep->next_due_ms)
			keep->next_due_ms = kept->due_ms;
	}
	if (taken)
		return true;
	keep->at = 0;
	keep->due_ms = keep->next_due_ms;
	return false;
}

uint32_t
keep_count(const struct keep *keep)
{
	return keep->count;
}
