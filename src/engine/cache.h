/*
 * cache - answers of upstreams, shared by all workers
 *
 * An entry is a whole answer under the question it answers, never a record that came along
 * (reliability 3, row 6).  The key is the upstream's identity, name, type, class, DO and CD,
 * and whether a referral serves:
 * views share entries exactly where they share a rule; a changed rule no longer finds the old
 * ones.  Time is passed in.
 *
 * Memory is one mapping of fixed size in shards; a shard's lock is held for a copy, never
 * across a call, and the hash of the key is taken outside of it.
 *
 *   shard: [bucket][bucket]...   -> entry -> entry        by hash
 *          [cell][cell][cell]... : an entry is a chain of cells of 128 octets, its head, its
 *                                  key and its answer one behind the other in them
 *
 * Cells of one size cannot fragment: what an entry wastes is less than one cell, and any
 * free cell serves any entry.  (A log per shard would waste nothing, but throws out by age
 * alone or has to move entries; size classes would need rebalancing.)
 *
 * When a shard is full entries go by SIEVE (Zhang and others, NSDI 2024): a queue in order
 * of insertion, one visited bit set by a hit, and a hand that moves from old to new, spares
 * what was visited since it last passed and throws out the first that was not.  A hit moves
 * nothing in the queue, and names asked once, as a flood of random names has them, leave
 * before anything that is asked again.  Expired entries go first when the hand meets them.
 * An answer that would take more than a quarter of its shard is not kept.
 */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include "base/hash.h"
#include "dns/codes.h"
#include "engine/answer.h"
#include "snapshot/snapshot.h"

#define CACHE_MIN_OCTETS     (1u << 20)
#define CACHE_MAX_SETS	     20		/* record sets in one entry */
#define CACHED_MAX_OCTETS    (66u * 1024)	/* one answer, with names uncompressed */
#define CACHE_FAILURE_MS     2000

struct cache;

struct cache_settings {
	uint64_t octets;
	uint64_t min_ttl_ms, max_ttl_ms, max_negative_ttl_ms;
};

#define ASK_TARGETS_MAX 6

/* The question put to an upstream. */
struct ask {
	struct digest upstream;		/* the rule's identity */
	uint32_t rule;			/* its number in the snapshot that was asked */
	uint16_t type, klass;
	bool dnssec_ok, checking_disabled;
	bool referrals;			/* a referral is an answer: who asks can go on from it */
	struct name name;		/* lower case */
	uint8_t domain_labels;		/* with targets of its own: of the name's end that they
					 * answer for */
	uint8_t target_count;		/* 0: the rule's targets and domain */
	struct snapshot_target targets[ASK_TARGETS_MAX];
};

#define ASK_KEY_OCTETS (16 + 2 + 2 + 1 + NAME_MAX_OCTETS)

/** All that makes two asks the same, as octets.  Returns how many. */
size_t ask_key(const struct ask *ask, uint8_t key[ASK_KEY_OCTETS]);
bool ask_equal(const struct ask *a, const struct ask *b);

/** Whom it is put to, *count of them. */
const struct snapshot_target *ask_targets(const struct snapshot *snap, const struct ask *ask,
					  uint32_t *count);
/** What they answer for, wire: a chain is cut where it leaves it. */
const uint8_t *ask_domain(const struct snapshot *snap, const struct ask *ask);

/* One record set of a cached answer; its owner, names and wire follow all the heads. */
struct cached_set {
	uint32_t owner_at;		/* octets from struct cached on; 0: the question */
	uint32_t wire_at, names_at;
	uint32_t ttl_s;
	uint16_t type, count, wire_len, name_count;
	uint32_t section;		/* enum section */
};

/* A cached answer: position-independent, copied in and out as it is. */
struct cached {
	uint32_t len;			/* octets, this head included */
	uint16_t rcode;
	uint16_t ede;			/* failures: why; else EDE_NONE */
	uint64_t stored_ms;
	uint64_t expires_ms;
	uint32_t set_count;
	uint32_t ede_text_at;		/* octets from the start; 0: none */
	struct cached_set sets[];
};

/**
 * Is it a referral: the NS set of a cut, in the authority section, then the addresses of
 * those of its servers that are at or below the cut?  Nothing else is in one.
 */
static inline bool
cached_is_referral(const struct cached *entry)
{
	return entry->set_count && entry->sets[0].section == SECTION_AUTHORITY &&
	       entry->sets[0].type == TYPE_NS;
}

struct cache_stats {
	uint64_t hits, misses, inserts, evictions;
	uint64_t entries, octets_used;
};

/**
 * All memory the cache will ever take, settings->octets in all (at least CACHE_MIN_OCTETS).
 * NULL: the machine has not so much.
 */
struct cache *cache_new(const struct cache_settings *settings);
void cache_free(struct cache *cache);

/** Change the TTL bounds (reload); the size stays.  Any thread. */
void cache_configure(struct cache *cache, const struct cache_settings *settings);

/**
 * A copy of the entry in the scratch while it has not expired; else NULL, also when the
 * scratch is full.  Any thread.
 */
const struct cached *cache_find(struct cache *cache, const struct ask *ask, uint64_t now_ms,
				struct scratch *scratch);

/**
 * Keep an answer: sets stored_ms and expires_ms in `entry` itself, so that it can be used
 * even when it was too large to keep.  It lives for the smallest TTL of its sets within the
 * bounds; a negative answer for the smaller of its SOA's TTL and minimum within
 * max_negative_ttl, and without SOA for min_ttl (RFC 2308 5); a failure for
 * CACHE_FAILURE_MS (RFC 9520 3.2).  Replaces an older entry.  Any thread.
 */
void cache_put(struct cache *cache, const struct ask *ask, struct cached *entry,
	       uint64_t now_ms);

/** Forget all entries of a name, or below it too.  Returns how many. */
size_t cache_flush(struct cache *cache, const uint8_t *name, bool subtree);
void cache_stats(struct cache *cache, struct cache_stats *out);

/**
 * A set of a cached answer as a reference, and its TTL aged to now: never more than what is
 * left until the entry expires, so the SOA of a negative answer says how long that holds.
 */
struct rrset cached_rrset(const struct cached *entry, unsigned number);
uint32_t cached_ttl(const struct cached *entry, unsigned number, uint64_t now_ms);

#endif
