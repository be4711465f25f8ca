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

struct locked_shard {
	_Alignas(64) pthread_mutex_t lock;
	struct shard shard;
	uint64_t hits, misses, inserts;
};

/* Stands at the beginning of its own mapping. */
struct cache {
	uint64_t octets;
	struct hash_key key;
	_Atomic uint64_t min_ttl_ms, max_ttl_ms, max_negative_ttl_ms;
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

const struct cached *
cache_find(struct cache *cache, const struct ask *ask, uint64_t now_ms, struct scratch *scratch)
{
	uint8_t octets[ASK_KEY_OCTETS];
	struct shard_key key;
	struct locked_shard *in = locate(cache, ask, octets, &key);
	struct cached *copy = NULL;
	uint32_t entry;

	pthread_mutex_lock(&in->lock);
	entry = shard_find(&in->shard, &key);
	if (entry != SHARD_NONE && shard_entry(&in->shard, entry)->expires_ms > now_ms) {
		shard_entry(&in->shard, entry)->visited = 1;
		copy = scratch_room(scratch, shard_entry(&in->shard, entry)->len);
		if (copy)
			shard_read_value(&in->shard, entry, copy);
	}
	in->hits += copy != NULL;
	in->misses += copy == NULL;
	pthread_mutex_unlock(&in->lock);
	return copy;
}

static uint64_t
bound(const _Atomic uint64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

/** How long an answer may be kept: see cache_put. */
static uint64_t
lifetime_ms(const struct cache *cache, const struct cached *entry)
{
	bool negative = entry->rcode == RCODE_NXDOMAIN || !entry->set_count, soa = false;
	uint64_t ttl_ms = UINT64_MAX, least = bound(&cache->min_ttl_ms), most;

	if (entry->rcode != RCODE_NOERROR && entry->rcode != RCODE_NXDOMAIN)
		return CACHE_FAILURE_MS;
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
	uint64_t lifetime = lifetime_ms(cache, entry);
	uint8_t octets[ASK_KEY_OCTETS];
	struct shard_key key;
	struct locked_shard *in = locate(cache, ask, octets, &key);

	/* TTL 0 is good for those who asked before it came: see resolve_waiter. */
	entry->stored_ms = now_ms;
	entry->expires_ms = now_ms + (lifetime ? lifetime : 1);

	pthread_mutex_lock(&in->lock);
	in->inserts += shard_put(&in->shard, &key, entry, entry->len, entry->expires_ms, now_ms);
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
