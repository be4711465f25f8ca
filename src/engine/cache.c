#include "engine/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "base/random.h"
#include "dns/codes.h"
#include "engine/shard.h"

#define SHARDS_LEAST	 16
#define SHARDS_MOST	 64
#define MANY_SHARDS_FROM ((uint64_t)16 << 20)	/* octets from which SHARDS_MOST are used */
#define KEY_NAME_AT	 21
#define FAILURE_MEMORY_MS 60000	/* after a failure's end, the next one is not the first */
#define REFRESH_MS	 1000	/* DUE is not said again for so long */

/* The flags of a shard's entry. */
enum {
	IS_FAILURE = 1,		/* there is no good answer */
	WAS_SILENT = 2,		/* the last failure: no target said anything */
};

struct locked_shard {
	_Alignas(64) pthread_mutex_t lock;
	struct shard shard;
	uint64_t hits, misses, inserts, stale, failures;
};

/* Stands at the beginning of its own mapping. */
struct cache {
	uint64_t octets;
	struct hash_key key;
	_Atomic uint64_t min_ttl_ms, max_ttl_ms, max_negative_ttl_ms, serve_stale_ms, prefetch;
	uint32_t shard_count;
	struct locked_shard shards[SHARDS_MOST];
};

size_t
ask_key(const struct ask *ask, uint8_t key[ASK_KEY_OCTETS])
{
	memcpy(key, &ask->upstream, 16);
	store_u16(key + 16, ask->type);
	store_u16(key + 18, ask->klass);
	key[20] = (uint8_t)(ask->dnssec_ok | ask->checking_disabled << 1 | ask->referrals << 2);
	memcpy(key + KEY_NAME_AT, ask->name.wire, ask->name.len);
	return KEY_NAME_AT + (size_t)ask->name.len;
}

bool
ask_equal(const struct ask *a, const struct ask *b)
{
	return digest_equal(a->upstream, b->upstream) && a->type == b->type &&
	       a->klass == b->klass && a->dnssec_ok == b->dnssec_ok &&
	       a->checking_disabled == b->checking_disabled && a->referrals == b->referrals &&
	       a->name.len == b->name.len &&
	       memcmp(a->name.wire, b->name.wire, a->name.len) == 0;
}

const struct snapshot_target *
ask_targets(const struct snapshot *snap, const struct ask *ask, uint32_t *count)
{
	const struct snapshot_rule *rule = snapshot_rule(snap, ask->rule);

	*count = ask->target_count ? ask->target_count : rule->target_count;
	return ask->target_count ? ask->targets : snapshot_targets(snap, rule);
}

const uint8_t *
ask_domain(const struct snapshot *snap, const struct ask *ask)
{
	const uint8_t *at = ask->name.wire;

	if (!ask->target_count)
		return snapshot_name(snap, snapshot_rule(snap, ask->rule)->domain_at);
	for (unsigned labels = ask->name.labels; labels > ask->domain_labels; labels--)
		at += 1 + *at;
	return at;
}

/** Share the mapping out; what does not divide evenly is left over. */
static enum status
share_out(struct cache *cache)
{
	size_t head = (sizeof(*cache) + SHARD_CELL_OCTETS - 1) & ~(size_t)(SHARD_CELL_OCTETS - 1);
	size_t each = (cache->octets - head) / cache->shard_count / SHARD_CELL_OCTETS *
		      SHARD_CELL_OCTETS;
	uint8_t *base = (uint8_t *)cache + head;

	for (uint32_t i = 0; i < cache->shard_count; i++, base += each) {
		if (pthread_mutex_init(&cache->shards[i].lock, NULL) != 0)
			return ERR_NOMEM;
		shard_init(&cache->shards[i].shard, base, each);
	}
	return OK;
}

struct cache *
cache_new(const struct cache_settings *settings)
{
	uint64_t octets = settings->octets < CACHE_MIN_OCTETS ? CACHE_MIN_OCTETS
							      : settings->octets;
	struct cache *cache = mmap(NULL, octets, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct random random;

	if (cache == MAP_FAILED)
		return NULL;
	cache->octets = octets;
	cache->shard_count = octets < MANY_SHARDS_FROM ? SHARDS_LEAST : SHARDS_MOST;
	random_init(&random);
	random_bytes(&random, &cache->key, sizeof(cache->key));
	cache_configure(cache, settings);
	if (share_out(cache) != OK) {
		munmap(cache, octets);
		return NULL;
	}
	return cache;
}

void
cache_free(struct cache *cache)
{
	if (!cache)
		return;
	for (uint32_t i = 0; i < cache->shard_count; i++)
		pthread_mutex_destroy(&cache->shards[i].lock);
	munmap(cache, cache->octets);
}

void
cache_configure(struct cache *cache, const struct cache_settings *settings)
{
	atomic_store_explicit(&cache->min_ttl_ms, settings->min_ttl_ms, memory_order_relaxed);
	atomic_store_explicit(&cache->max_ttl_ms, settings->max_ttl_ms, memory_order_relaxed);
	atomic_store_explicit(&cache->max_negative_ttl_ms, settings->max_negative_ttl_ms,
			      memory_order_relaxed);
	atomic_store_explicit(&cache->serve_stale_ms, settings->serve_stale_ms,
			      memory_order_relaxed);
	atomic_store_explicit(&cache->prefetch, settings->prefetch, memory_order_relaxed);
}

static uint64_t
bound(const _Atomic uint64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

/** Hash and place of an ask; `octets` is where its key is put. */
static struct locked_shard *
locate(struct cache *cache, const struct ask *ask, uint8_t octets[ASK_KEY_OCTETS],
       struct shard_key *key)
{
	key->octets = octets;
	key->len = (uint16_t)ask_key(ask, octets);
	key->hash = hash_keyed(&cache->key, octets, key->len);
	return &cache->shards[key->hash >> 32 & (cache->shard_count - 1)];
}

/** The end of an expired answer's use: a reload may have brought it nearer. */
static uint64_t
stale_until(const struct cache *cache, const struct shard_head *head)
{
	uint64_t window_ms = bound(&cache->serve_stale_ms);

	return head->ends_ms - head->expires_ms < window_ms ? head->ends_ms
							    : head->expires_ms + window_ms;
}

static enum cache_state
state_of(const struct cache *cache, const struct shard_head *head, uint64_t now_ms)
{
	if (now_ms < head->expires_ms)
		return head->flags & IS_FAILURE ? CACHE_FAILED : CACHE_FRESH;
	if (head->flags & IS_FAILURE || now_ms >= stale_until(cache, head))
		return CACHE_NONE;
	return CACHE_STALE;
}

/** Its last tenth, it was hit as often as it takes, and nobody was told lately. */
static bool
is_due(const struct cache *cache, const struct shard_head *head, const struct cached *copy,
       uint64_t now_ms)
{
	return head->hits >= CACHE_DUE_HITS && now_ms >= head->retry_ms &&
	       now_ms >= copy->expires_ms - (copy->expires_ms - copy->stored_ms) / 10 &&
	       bound(&cache->prefetch);
}

/** A copy, and what is noted beside it.  The lock is held. */
static enum cache_state
take_copy(struct cache *cache, struct locked_shard *in, uint32_t entry, uint64_t now_ms,
	  struct scratch *scratch, struct cache_found *out)
{
	struct shard_head *head = shard_entry(&in->shard, entry);
	enum cache_state state = state_of(cache, head, now_ms);
	struct cached *copy = state == CACHE_NONE ? NULL : scratch_room(scratch, head->len);

	if (!copy)
		return CACHE_NONE;
	shard_read_value(&in->shard, entry, copy, head->len);
	head->visited = 1;
	head->hits = (uint8_t)(head->hits + (head->hits < UINT8_MAX));
	if (state == CACHE_FRESH && is_due(cache, head, copy, now_ms)) {
		state = CACHE_DUE;
		head->retry_ms = now_ms + REFRESH_MS;
	}
	out->entry = copy;
	out->retry_ms = state != CACHE_FAILED && head->failures ? head->retry_ms : 0;
	out->silent = head->flags & WAS_SILENT;
	in->stale += state == CACHE_STALE;
	return state;
}

enum cache_state
cache_find(struct cache *cache, const struct ask *ask, uint64_t now_ms, struct scratch *scratch,
	   struct cache_found *out)
{
	uint8_t octets[ASK_KEY_OCTETS];
	struct shard_key key;
	struct locked_shard *in = locate(cache, ask, octets, &key);
	uint32_t entry;

	*out = (struct cache_found){ CACHE_NONE, NULL, 0, false };
	pthread_mutex_lock(&in->lock);
	entry = shard_find(&in->shard, &key);
	if (entry != SHARD_NONE)
		out->state = take_copy(cache, in, entry, now_ms, scratch, out);
	in->hits += out->state != CACHE_NONE;
	in->misses += out->state == CACHE_NONE;
	pthread_mutex_unlock(&in->lock);
	return out->state;
}

bool
cache_peek(struct cache *cache, const struct ask *ask, uint64_t now_ms, struct cache_times *out)
{
	uint8_t octets[ASK_KEY_OCTETS];
	struct shard_key key;
	struct locked_shard *in = locate(cache, ask, octets, &key);
	enum cache_state state = CACHE_NONE;
	struct cached times;
	uint32_t entry;

	pthread_mutex_lock(&in->lock);
	entry = shard_find(&in->shard, &key);
	if (entry != SHARD_NONE) {
		struct shard_head *head = shard_entry(&in->shard, entry);

		state = state_of(cache, head, now_ms);
		shard_read_value(&in->shard, entry, &times, sizeof(times));
		*out = (struct cache_times){ times.stored_ms, times.expires_ms,
					     head->failures ? head->retry_ms : 0 };
		head->visited = 1;
	}
	pthread_mutex_unlock(&in->lock);
	return state == CACHE_FRESH || state == CACHE_STALE;
}

/** How long an answer may be kept: see cache_put. */
static uint64_t
lifetime_ms(const struct cache *cache, const struct cached *entry)
{
	bool negative = entry->rcode == RCODE_NXDOMAIN || !entry->set_count, soa = false;
	uint64_t ttl_ms = UINT64_MAX, least = bound(&cache->min_ttl_ms), most;

	for (unsigned i = 0; i < entry->set_count; i++) {
		struct rrset set = cached_rrset(entry, i);
		uint32_t ttl_s = set.ttl_s;

		if (entry->sets[i].section == SECTION_AUTHORITY && set.type == TYPE_SOA) {
			uint32_t minimum = load_u32(set.wire + set.wire_len - 4);

			negative = soa = true;
			ttl_s = minimum < ttl_s ? minimum : ttl_s;
		}
		if ((uint64_t)ttl_s * 1000 < ttl_ms)
			ttl_ms = (uint64_t)ttl_s * 1000;
	}
	most = bound(negative ? &cache->max_negative_ttl_ms : &cache->max_ttl_ms);
	if (negative && !soa)
		ttl_ms = 0;
	if (ttl_ms < least)
		ttl_ms = least;
	return ttl_ms < most ? ttl_ms : most;
}

void
cache_put(struct cache *cache, const struct ask *ask, struct cached *entry, uint64_t now_ms)
{
	uint64_t lifetime, stale_ms = bound(&cache->serve_stale_ms);
	uint8_t octets[ASK_KEY_OCTETS];
	struct shard_life life;
	struct locked_shard *in;
	struct shard_key key;

	if (cached_is_failure(entry)) {
		cache_fail(cache, ask, entry, false, now_ms);
		return;
	}
	in = locate(cache, ask, octets, &key);
	/* TTL 0 is good for those who asked before it came: see resolve_waiter. */
	lifetime = lifetime_ms(cache, entry);
	entry->stored_ms = now_ms;
	entry->expires_ms = now_ms + (lifetime ? lifetime : 1);
	life = (struct shard_life){ entry->expires_ms, entry->expires_ms + stale_ms };

	pthread_mutex_lock(&in->lock);
	in->inserts += shard_put(&in->shard, &key, entry, entry->len, life, now_ms) != SHARD_NONE;
	pthread_mutex_unlock(&in->lock);
}

/**
 * One failure more than `before` and until `retry_ms`: how many that makes.  Two workers may
 * have asked at the same time, which makes one failure.
 */
static uint8_t
count_failure(uint8_t before, uint64_t retry_ms, bool all_down, uint64_t now_ms)
{
	if (!before)
		return 1;
	return all_down || now_ms < retry_ms || before == UINT8_MAX ? before
								     : (uint8_t)(before + 1);
}

static uint64_t
failure_ms(uint8_t failures, bool all_down)
{
	uint64_t ms = CACHE_FAILURE_MS;

	while (!all_down && --failures && ms < CACHE_FAILURE_MOST_MS)
		ms *= 2;
	return ms < CACHE_FAILURE_MOST_MS ? ms : CACHE_FAILURE_MOST_MS;
}

/** The entry that a failure is kept in or beside: a good answer's, or its own.  Locked. */
static uint32_t
keep_failure(const struct cache *cache, struct locked_shard *in, const struct shard_key *key,
	     struct cached *failure, uint64_t now_ms)
{
	uint32_t entry = shard_find(&in->shard, key);
	struct shard_life life = { failure->expires_ms, failure->expires_ms + FAILURE_MEMORY_MS };

	if (entry != SHARD_NONE && !(shard_entry(&in->shard, entry)->flags & IS_FAILURE) &&
	    state_of(cache, shard_entry(&in->shard, entry), now_ms) != CACHE_NONE)
		return entry;
	entry = shard_put(&in->shard, key, failure, failure->len, life, now_ms);
	if (entry != SHARD_NONE)
		shard_entry(&in->shard, entry)->flags = IS_FAILURE;
	return entry;
}

/** The failures noted so far under a key, and until when the last one held.  Locked. */
static uint8_t
failures_so_far(struct locked_shard *in, const struct shard_key *key, uint64_t now_ms,
		uint64_t *retry_ms)
{
	uint32_t entry = shard_find(&in->shard, key);
	const struct shard_head *head;

	if (entry == SHARD_NONE)
		return 0;
	head = shard_entry(&in->shard, entry);
	*retry_ms = head->retry_ms;
	return head->ends_ms > now_ms ? head->failures : 0;
}

void
cache_fail(struct cache *cache, const struct ask *ask, struct cached *failure, bool all_down,
	   uint64_t now_ms)
{
	uint8_t octets[ASK_KEY_OCTETS], failures;
	struct shard_key key;
	struct locked_shard *in = locate(cache, ask, octets, &key);
	struct shard_head *head;
	uint64_t retry_ms = 0;
	uint32_t entry;

	pthread_mutex_lock(&in->lock);
	failures = failures_so_far(in, &key, now_ms, &retry_ms);
	failures = count_failure(failures, retry_ms, all_down, now_ms);
	failure->stored_ms = now_ms;
	failure->expires_ms = now_ms + failure_ms(failures, all_down);
	entry = keep_failure(cache, in, &key, failure, now_ms);
	if (entry != SHARD_NONE) {
		head = shard_entry(&in->shard, entry);
		head->failures = failures;
		head->retry_ms = failure->expires_ms;
		head->flags = (uint8_t)((head->flags & IS_FAILURE) |
					(failure->silent ? WAS_SILENT : 0));
	}
	in->failures++;
	pthread_mutex_unlock(&in->lock);
}

/** Throw out of one shard what has this name, or is below it. */
static size_t
flush_shard(struct shard *shard, const uint8_t *name, bool subtree)
{
	uint8_t key[ASK_KEY_OCTETS];
	uint32_t newer;
	size_t count = 0;

	for (uint32_t entry = shard->oldest; entry != SHARD_NONE; entry = newer) {
		newer = shard_entry(shard, entry)->newer;
		shard_read_key(shard, entry, key);
		if (subtree ? name_wire_covers(name, key + KEY_NAME_AT)
			    : name_wire_equal(name, key + KEY_NAME_AT)) {
			shard_remove(shard, entry);
			count++;
		}
	}
	return count;
}

size_t
cache_flush(struct cache *cache, const uint8_t *name, bool subtree)
{
	size_t count = 0;

	for (uint32_t i = 0; i < cache->shard_count; i++) {
		struct locked_shard *in = &cache->shards[i];

		pthread_mutex_lock(&in->lock);
		count += flush_shard(&in->shard, name, subtree);
		pthread_mutex_unlock(&in->lock);
	}
	return count;
}

void
cache_stats(struct cache *cache, struct cache_stats *out)
{
	*out = (struct cache_stats){ .octets_used = sizeof(*cache) };
	for (uint32_t i = 0; i < cache->shard_count; i++) {
		struct locked_shard *in = &cache->shards[i];

		pthread_mutex_lock(&in->lock);
		out->hits += in->hits;
		out->misses += in->misses;
		out->inserts += in->inserts;
		out->stale += in->stale;
		out->failures += in->failures;
		out->evictions += in->shard.evictions;
		out->entries += in->shard.entry_count;
		out->octets_used += shard_octets(&in->shard);
		pthread_mutex_unlock(&in->lock);
	}
}

struct rrset
cached_rrset(const struct cached *entry, unsigned number)
{
	const uint8_t *base = (const uint8_t *)entry;
	const struct cached_set *set = &entry->sets[number];

	return (struct rrset){
		.owner = set->owner_at ? base + set->owner_at : NULL,
		.type = set->type,
		.count = set->count,
		.ttl_s = set->ttl_s,
		.wire_len = set->wire_len,
		.name_count = set->name_count,
		.wire = base + set->wire_at,
		.names = (const uint16_t *)(const void *)(base + set->names_at),
	};
}

uint32_t
cached_ttl(const struct cached *entry, unsigned number, uint64_t now_ms)
{
	uint32_t ttl_s = entry->sets[number].ttl_s;
	uint64_t age_s, left_s;

	if (now_ms < entry->stored_ms)	/* asked a moment before it came */
		now_ms = entry->stored_ms;
	age_s = (now_ms - entry->stored_ms) / 1000;
	left_s = now_ms < entry->expires_ms ? (entry->expires_ms - now_ms + 999) / 1000 : 0;
	ttl_s = age_s < ttl_s ? ttl_s - (uint32_t)age_s : 0;
	return left_s < ttl_s ? (uint32_t)left_s : ttl_s;
}
