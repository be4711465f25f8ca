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
 * What an entry is good for as time passes (RFC 8767):
 *
 *    put        last tenth       expires                    expires + serve_stale
 *     |-- FRESH ----|---- DUE ------|-------- STALE ------------|  gone
 *                    after two hits  in place of a failure,
 *                    with prefetch   or while a refresh is slow
 *
 * A failure never displaces a good answer that is not gone: it is noted beside it, so that
 * the same name is not tried again for 1, 2, 4 .. 30 s (RFC 9520 3.2 asks for 1 s at least
 * and 5 minutes at most).  Where there is no good answer the failure is the entry: FAILED for
 * as long.  An answer of TTL 0 is kept and may become stale as others do; who may use it, and
 * when, is for hop_upstream to say.
 *
 * When a shard is full entries go by SIEVE (Zhang and others, NSDI 2024): a queue in order
 * of insertion, one visited bit set by a hit, and a hand that moves from old to new, spares
 * what was visited since it last passed and throws out the first that was not.  A hit moves
 * nothing in the queue, and names asked once, as a flood of random names has them, leave
 * before anything that is asked again.  (S3-FIFO resists floods as well, but needs a ghost
 * queue of what it threw out; LRU moves an entry with each hit and keeps the newest of a flood.)
 * The newest eighth of the queue is spared by the hand, so that what just came is there for
 * as long as somebody may be about to ask for it.
 * Of the few entries that the hand looks ahead at, one that is gone leaves first, then an
 * expired one that was not visited.
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
#define CACHE_FAILURE_MS      1000	/* the first failure; each one after it twice as long */
#define CACHE_FAILURE_MOST_MS 30000
#define CACHE_STALE_TTL_S     30	/* of what is given although it expired (RFC 8767 4) */
#define CACHE_DUE_HITS	      2		/* so many make a name worth a refresh ahead of time */

struct cache;

struct cache_settings {
	uint64_t octets;
	uint64_t min_ttl_ms, max_ttl_ms, max_negative_ttl_ms;
	uint64_t serve_stale_ms;	/* 0: expired answers are not given */
	bool prefetch;			/* false: nothing is ever DUE */
};

#define ASK_TARGETS_MAX 6

/* The question put to an upstream. */
struct ask {
	struct digest upstream;		/* the rule's identity */
	uint32_t rule;			/* its number in the snapshot that was asked */
	uint16_t type, klass;
	bool dnssec_ok, checking_disabled;
	bool referrals;			/* a referral is an answer: who asks can go on from it */
	/* not of the key: what the client has besides, set by hop_upstream */
	bool has_stale;			/* an expired answer, to be given soon */
	bool has_further;		/* another rule to go on to when this one is late */
	bool is_ahead;			/* a refresh of what has not yet expired */
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
	uint16_t set_count;
	uint16_t silent;		/* failures: 1 when no target said anything at all */
	uint32_t ede_text_at;		/* octets from the start; 0: none */
	struct cached_set sets[];
};

static inline bool
cached_is_failure(const struct cached *entry)
{
	return entry->rcode != 0 && entry->rcode != 3;	/* NOERROR, NXDOMAIN */
}

enum cache_state {
	CACHE_NONE,
	CACHE_FRESH,
	CACHE_DUE,		/* fresh, in the last tenth of its life, and worth a refresh */
	CACHE_STALE,		/* expired, within serve_stale */
	CACHE_FAILED,		/* a failure, not to be tried again yet */
};

struct cache_found {
	enum cache_state state;
	const struct cached *entry;	/* a copy in the scratch; NONE: NULL */
	uint64_t retry_ms;	/* beside a good answer: it could not be refreshed, and is not to
				 * be tried again before; 0: it was not tried */
	bool silent;		/* with retry_ms: because no target said anything */
};

/* When an entry is what; see cache_peek. */
struct cache_times {
	uint64_t stored_ms, expires_ms;
	uint64_t retry_ms;		/* as in cache_found */
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
	uint64_t stale, failures;	/* expired entries found; failures noted */
	uint64_t entries, octets_used;
};

/**
 * All memory the cache will ever take, settings->octets in all (at least CACHE_MIN_OCTETS).
 * NULL: the machine has not so much.
 */
struct cache *cache_new(const struct cache_settings *settings);
void cache_free(struct cache *cache);

/** Change the bounds of time (reload); the size stays.  Any thread. */
void cache_configure(struct cache *cache, const struct cache_settings *settings);

/**
 * What is known of a question, in *out and as the result.  NONE also when the scratch is
 * full.  A hit is counted for the entry; DUE is said once for a good while: who is told of
 * it takes the refresh upon him.  Any thread.
 */
enum cache_state cache_find(struct cache *cache, const struct ask *ask, uint64_t now_ms,
			    struct scratch *scratch, struct cache_found *out);

/**
 * The times of a good answer that is not gone, without a copy; it is spared as after a hit.
 * false: there is none.  Any thread.
 */
bool cache_peek(struct cache *cache, const struct ask *ask, uint64_t now_ms,
		struct cache_times *out);

/**
 * Keep an answer: sets stored_ms and expires_ms in `entry` itself, so that it can be used
 * even when it was too large to keep.  It lives for the smallest TTL of its sets within the
 * bounds; a negative answer for the smaller of its SOA's TTL and minimum within
 * max_negative_ttl, and without SOA for min_ttl (RFC 2308 5).  Replaces an older entry and
 * ends its failures.  A failure is handed on to cache_fail.  Any thread.
 */
void cache_put(struct cache *cache, const struct ask *ask, struct cached *entry,
	       uint64_t now_ms);

/**
 * Note that a question could not be answered.  stored_ms and expires_ms of `failure` say for
 * how long.  all_down: none of those who could be asked is known to be up, so it says nothing
 * of this name: it is the shortest time, and makes later ones no longer.
 * A good answer that is not gone stays; else the failure is kept in its place.  Any thread.
 */
void cache_fail(struct cache *cache, const struct ask *ask, struct cached *failure,
		bool all_down, uint64_t now_ms);

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
