/*
 * keep - what aliases lead to, kept fresh without being asked
 *
 * An alias is answered with the records of its target at once; where the target is behind an
 * upstream it is asked for again shortly before it expires, so that no client waits for it
 * (route53-semantics 4.3.10).  The last good answer stays in the cache for serve_stale when
 * the upstream is silent.  A name that no client asked for, through an alias, for ten of its
 * TTLs and at least ten minutes is let go.
 *
 *   noted --> due in the last tenth of its TTL --> taken: asked for --> due again
 *                 ^      (another worker was first: due later)            |
 *                 '--- not answered: after 1, 2, 4 .. 30 s ---------------'
 *
 * Bounded: a list that is full takes no more until one is let go; those names are answered
 * and cached as any other.  All is forgotten when the snapshot changes (keep_clear), and
 * noted again when it is asked for.  Pure: the time comes in.  One per worker, no locks.
 */
#ifndef ENGINE_KEEP_H
#define ENGINE_KEEP_H

#include "engine/cache.h"

#define KEEP_MOST	 1024
#define KEEP_TTLS	 10
#define KEEP_LEAST_MS	 600000
#define KEEP_PAUSE_MS	 5000	/* no name is asked for more often, however short its TTL */

struct keep;

/** All memory at once.  NULL: out of memory. */
struct keep *keep_new(uint32_t most);
void keep_free(struct keep *keep);	/* NULL is allowed */
void keep_clear(struct keep *keep);

/** A client was answered through an alias with this, or waits for it (entry NULL). */
void keep_note(struct keep *keep, const struct ask *ask, const struct cached *entry,
	       uint64_t now_ms);

/** When keep_take may have something to say; UINT64_MAX: never. */
uint64_t keep_due(const struct keep *keep);

/**
 * The next question to be asked again, its is_ahead or has_stale set; false: none is due now.
 * Call until then.  The times of the answer are looked up in the cache, which spares it.
 */
bool keep_take(struct keep *keep, struct cache *cache, uint64_t now_ms, struct ask *ask);

uint32_t keep_count(const struct keep *keep);

#endif
