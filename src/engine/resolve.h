/*
 * resolve - the conductor: one call per event, returns a verdict
 *
 *   query --> question_read -> route -> lookup | autodefined | cache -> compose -> SEND
 *                                 '--> cache miss -> flight_join ------------> WAIT
 *   reply --> reply_read -> forward_step -> DELIVER: cache_put, then each waiter's query
 *                                           is resolved again from the start
 *
 * One resolver per worker; the snapshot and the cache are shared, all else is its own.  No
 * socket, no clock, no allocation.
 */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/answer.h"
#include "engine/cache.h"
#include "engine/flight.h"
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
	uint64_t flights_started, flights_joined, flights_full, upstream_sent, upstream_lost;
	uint64_t upstream_ignored, upstream_streams;
	uint64_t cookies_good, cookies_bad;	/* server cookies that clients showed */
};

/** One more.  One thread writes, so no exchange is needed; others never see half a number. */
static inline void
count_up(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

struct cookie_secrets;

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
	uint32_t started;		/* slots of new flights, chained: take with resolver_next */
	/* private to resolve.c below */
	const struct ask *landed_ask;
	const struct cached *landed;
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

/* What io has to do for a flight. */
struct upstream_action {
	enum forward_what what;		/* SEND_UDP, SEND_STREAM; WAIT: nothing */
	uint32_t slot, generation;
	struct snapshot_target target;
	uint64_t deadline_ms;
	uint16_t query_len;
	uint8_t query[FLIGHT_PACKET_MAX];
};

/** Called once per waiter when a flight lands; reply NULL: drop the client. */
typedef void (*resolver_deliver_fn)(void *context, const struct client *client,
				    const uint8_t *reply, size_t len);

/**
 * The next flight that was started and not yet sent; false: none.  io calls this until it
 * is empty after each batch of queries and after each upstream event.
 */
bool resolver_next(struct resolver *r, uint64_t now_ms, struct upstream_action *out);

/**
 * Octets from an upstream for a flight.  Sets *out to what to do next: WAIT when the reply
 * was ignored (the wait goes on) or the flight is over.
 */
void resolver_reply(struct resolver *r, uint32_t slot, uint32_t generation,
		    const uint8_t *packet, size_t len, uint64_t now_ms,
		    resolver_deliver_fn deliver, void *context, struct upstream_action *out);

/** The exchange was lost: its deadline passed, or the network refused. */
void resolver_lost(struct resolver *r, uint32_t slot, uint32_t generation, uint64_t now_ms,
		   resolver_deliver_fn deliver, void *context, struct upstream_action *out);

/**
 * Answer a question without a client, offline (explain, resolve, self-test, lint): fills
 * `answer`; items point into the snapshot or r->scratch.
 * true: answered.  false: an upstream would have to be asked; *ask says what.
 */
bool resolve_offline(struct resolver *r, uint32_t network, const struct question *q,
		     uint64_t now_ms, struct answer *answer, struct ask *ask);

#endif
