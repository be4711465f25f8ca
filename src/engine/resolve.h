/*
 * resolve - the conductor: one call per event, returns a verdict
 *
 *   query --> question_read -> route -> lookup | autodefined | cache -> compose -> SEND
 *                                 '--> cache miss -> flight_join ------------> WAIT
 *   reply --> reply_match -> forward_step -> DELIVER: cache_put, then each waiter's query
 *                                            is resolved again from the start
 *   time ---> forward_step -> another try (retry, hedge), or it is given up
 *        '--> a waiter's patience is over: stale, or SERVFAIL, and its flight goes on
 *
 * The engine keeps all time: io carries out tries (struct upstream_io), hands on what comes
 * back (resolver_reply, resolver_lost), and has one timer, set to resolver_due, that calls
 * resolver_tick.  Whatever is to be sent or delivered leaves through upstream_io within
 * resolver_begin, resolver_reply, resolver_lost and resolver_tick.
 *
 * One resolver per worker; the snapshot, the cache and the budgets are shared, all else is
 * its own.  No socket, no clock, no allocation.
 */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/answer.h"
#include "engine/cache.h"
#include "engine/flight.h"
#include "engine/hold.h"
#include "engine/request.h"
#include "snapshot/snapshot.h"

#define CHASE_MAX_HOPS	 ASSUME_CHAIN_MOST	/* CNAMEs for one question (RFC 1034 has no limit) */
#define RESOLVE_MAX_ROUNDS 16	/* upstream exchanges one client question may cause */
#define UDP_REPLY_OCTETS 1232	/* our limit for a UDP reply (DNS flag day 2020) */

enum verdict {
	VERDICT_SEND,	/* out holds the reply */
	VERDICT_WAIT,	/* parked; the answer comes by resolver_deliver_fn */
	VERDICT_DROP,	/* nothing is to be answered */
};

/* Counters of one worker; read by others with relaxed loads. */
struct counters {
	uint64_t queries, replies[24];	/* by rcode; the last is "other" */
	uint64_t dropped, refused, truncated, formerr;
	uint64_t zone_answers, autodefined_answers, cache_hits, cache_misses;
	uint64_t flights_started, flights_joined, upstream_sent, upstream_lost;
	uint64_t upstream_ignored, upstream_streams;
	uint64_t hedges, retries, probes;	/* second tries, by why; tries to see who is back */
	uint64_t stale_answers;		/* answers that rest on an expired entry */
	uint64_t refreshes, prefetches;	/* flights without a client: of expired, of fresh names */
	uint64_t timeouts;		/* clients whose time was over: stale, or SERVFAIL */
	/* Clients who were refused so that others are served, by what was full. */
	uint64_t flights_full, rule_full, client_full, budget_full;
	uint64_t budget_waits;		/* flights that had to wait for a target's budget */
	uint64_t paced, outlived;	/* replies released later, or never, as too many or too
					 * old ones were due at once */
	uint64_t loops;			/* questions that came back to us */
	uint64_t case_suspects;		/* replies with the name in other letters: asked again
					 * over a stream */
	uint64_t forged_cookies;	/* replies without the cookie that their target owes */
	uint64_t fragmented;		/* replies in fragments: asked again over a stream */
	uint64_t cookies_good, cookies_bad;	/* server cookies that clients showed */
};

/** One more.  One thread writes, so no exchange is needed; others never see half a number. */
static inline void
count_up(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

/* One try, to be carried out by io. */
struct upstream_action {
	enum forward_what what;		/* FORWARD_SEND_UDP or FORWARD_SEND_STREAM */
	uint32_t slot, generation;	/* of the flight */
	uint8_t lane;			/* below FORWARD_LANES */
	struct snapshot_target target;
	uint16_t query_len;
	uint8_t query[FLIGHT_PACKET_MAX];	/* not to be changed, its ID included */
};

/**
 * The way of a reply to its client: once for each that was parked; reply NULL: drop the
 * client.  Must not call back.
 */
typedef void (*resolver_deliver_fn)(void *context, const struct client *client,
				    const uint8_t *reply, size_t len);

/* What the engine has io do.  None of these may call back into the resolver. */
struct upstream_io {
	/**
	 * Carry out a try: this lane of this flight has none in the air.  false: it could
	 * not even be tried, which is as good as lost; `end` is not called for it.
	 */
	bool (*ask)(void *context, const struct upstream_action *action);
	/**
	 * The try of this lane is over (answered, given up or replaced): close what waits for
	 * it.  Called once for each `ask` that was true, also after resolver_lost.
	 */
	void (*end)(void *context, uint32_t slot, uint8_t lane);
	resolver_deliver_fn deliver;
	void *context;			/* for all three */
};

/* How a reply came. */
enum reply_path {
	PATH_UDP,
	PATH_UDP_FRAGMENTED,	/* never used: asked again over a stream (reliability S8) */
	PATH_STREAM,
};

struct cookie_secrets;
struct targets;
struct budgets;
struct keep;

struct resolver {
	const struct snapshot *snap;	/* borrowed from the worker; never NULL while in use */
	/*
	 * A bit for each health check of `snap`, by its number (health_words of them): set while
	 * it counts as healthy.  Others write it.  NULL, and after resolver_init: all do.  It
	 * belongs to `snap`: whoever sets one sets the other.
	 */
	const _Atomic uint64_t *healthy;
	struct cache *cache;
	struct flights *flights;
	struct random *random;
	struct scratch *scratch;
	/* With flights; set behind resolver_init. */
	const struct upstream_io *io;
	struct targets *targets;	/* what this worker has learnt of them */
	struct budgets *budgets;	/* shared; NULL: no target has one */
	struct keep *keep;		/* targets of aliases; NULL: none are kept fresh */
	/*
	 * io numbers its listeners for as long as their sockets live (client.listener); this
	 * gives each its number in `snap`, or LISTENER_NONE when the snapshot dropped it.  Set
	 * by io whenever it sets `snap`; resolve_query and the waiters' second try go through it.
	 */
	const uint32_t *listeners;
	uint32_t listener_count;
	/* What replies tell; set by io. */
	const struct cookie_secrets *cookies;	/* NULL: no DNS cookies are given */
	uint64_t stream_idle_ms;		/* when an idle TCP session is closed */
	uint32_t as;			/* offline: the inbound endpoint asked through, or
					 * ENDPOINT_NONE */
	struct counters counters;
	struct hash_key secret;		/* of our cookies towards targets; with random */
	/* private to resolve.c, conduct.c and exchange.c below */
	struct flight_queue started;	/* not yet sent */
	struct holds holds;		/* not yet sent either: they wait for a budget */
	const struct ask *landed_ask;
	const struct cached *landed;
	bool landed_loop;		/* it failed as its question comes back to us */
	uint8_t *reply_room;		/* CACHED_MAX_OCTETS */
};

/**
 * The parts are borrowed.  Without cache, flights, random and reply_room (all NULL) it can
 * only be used offline.
 */
void resolver_init(struct resolver *r, const struct snapshot *snap, struct cache *cache,
		   struct flights *flights, struct random *random, struct scratch *scratch,
		   uint8_t *reply_room);

/**
 * Answer one client query.  request->network and ->allowed need not be set: they are found
 * from request->client through r->listeners and route_client.
 * out: empty, with room for the reply, at most 65,535 octets; for UDP the reply stays within
 * what the client accepts.  out->len is the reply's length on SEND.
 */
enum verdict resolve_query(struct resolver *r, const struct request *request,
			   struct writer *out);

/** Send what was started: after each batch of queries, and at the start of a turn. */
void resolver_begin(struct resolver *r, uint64_t now_ms);

/**
 * Octets that came for the try of a lane.  What is not the reply to it changes nothing: the
 * wait goes on, and neither health nor abilities of a target are touched.
 */
void resolver_reply(struct resolver *r, uint32_t slot, uint32_t generation, uint8_t lane,
		    const uint8_t *packet, size_t len, enum reply_path path, uint64_t now_ms);

/** The network said no: unreachable, refused, reset, closed.  (Time is the engine's.) */
void resolver_lost(struct resolver *r, uint32_t slot, uint32_t generation, uint8_t lane,
		   uint64_t now_ms);

/** When resolver_tick has something to do; UINT64_MAX: never as things stand. */
uint64_t resolver_due(const struct resolver *r);

/** Time has passed.  May be called at any time, and more often than needed. */
void resolver_tick(struct resolver *r, uint64_t now_ms);

/**
 * Answer a question without a client, offline (explain, resolve, self-test, lint): fills
 * `answer`; items point into the snapshot or r->scratch.
 * true: answered.  false: an upstream would have to be asked; *ask says what.
 */
bool resolve_offline(struct resolver *r, uint32_t network, const struct question *q,
		     uint64_t now_ms, struct answer *answer, struct ask *ask);

#endif
