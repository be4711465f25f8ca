/*
 * flight - clients waiting on one exchange; equal questions share it
 *
 * A flight is one question put to one upstream, with the clients that wait for it: none, one
 * or many.  A parked client has one owner, this table; io names a flight by slot and
 * generation, so a late event finds "gone", never a dangling pointer.  All memory is
 * allocated at the start, pages that are never needed are never touched.  One per worker, no
 * locks.
 *
 * A waiter keeps its query in a compact form; when the flight lands its answer goes to the
 * cache and each waiter's query is resolved again from the start, in the snapshot of that
 * moment, so no answer mixes two generations.
 *
 * Nobody gets all of it: one rule has a share of the flights, one client (/32 or /64) a
 * share of the waiters, one flight too.  Who comes when a share is used up is refused: the
 * newest, so that those who wait are served in time (reliability R7, R17, S10).  Flights that
 * no client asked for have half of a rule's share.
 *
 * Time: a flight is due when its exchange goes on by itself, a waiter when its patience is
 * over.  Both stand in heaps here; the conductor asks who is first.
 */
#ifndef ENGINE_FLIGHT_H
#define ENGINE_FLIGHT_H

#include "base/random.h"
#include "engine/budget.h"
#include "engine/cache.h"
#include "engine/forward.h"
#include "engine/options.h"
#include "engine/request.h"
#include "snapshot/snapshot.h"

#define FLIGHT_PACKET_MAX 336	/* header, question, OPT with a cookie and a hop count */
#define FLIGHT_NONE	  UINT32_MAX

/* How long a client waits ... */
#define PATIENCE_STALE_MS   20		/* for what it could have stale (RFC 8767 5) */
#define PATIENCE_FURTHER_MS 900		/* where another rule is there to go on to */
#define PATIENCE_MS	    1800	/* at all */
#define REPLY_TOO_OLD_MS    1900	/* no reply leaves later than this (reliability S10) */

struct flights;

/* Why it was begun; a client that has nothing else makes it FLIGHT_FIRST. */
enum flight_kind {
	FLIGHT_FIRST,		/* who asks gets nothing otherwise */
	FLIGHT_REFRESH,		/* there is an expired answer */
	FLIGHT_PREFETCH,	/* there is an answer that will expire soon */
};

/* A parked client. */
struct waiter {
	struct client client;
	uint64_t since_ms;		/* when it asked */
	uint32_t flight;		/* FLIGHT_NONE: its reply is held back for a moment */
	uint32_t share;			/* of its client, see quota */
	uint32_t next, previous;	/* in the flight, or held back; next: in the free list */
	uint16_t packet_len;
	uint8_t rounds;			/* how often it was resolved again */
	bool composed;			/* held back, and `packet` is its reply */
	struct reply_options options;
	uint8_t packet[FLIGHT_PACKET_MAX];	/* its query, rebuilt: header, question, OPT */
};

/* The try that is in the air in one lane of a flight. */
struct flight_try {
	bool open;			/* io waits for it */
	bool stream, any_case;		/* any_case: the name's letters need not match */
	uint8_t target;			/* number in the flight's list */
	uint16_t id;
	bool edns;			/* the query has OPT */
	bool budgeted;			/* `cost` was taken */
	struct budget_cost cost;
	uint32_t followed;		/* packets, for the budget */
	uint64_t sent_ms;
	uint8_t asked[NAME_MAX_OCTETS];	/* the name as sent */
};

struct flight {
	struct ask ask;
	struct forward forward;
	enum flight_kind kind;
	struct snapshot_target targets[FORWARD_MAX_TARGETS];	/* copied: may outlive a reload */
	uint8_t domain[NAME_MAX_OCTETS];	/* the rule's, wire */
	char rule_id[64];			/* for the extended error; cut to fit */
	struct flight_try tries[FORWARD_LANES];
	uint32_t generation;
	uint32_t share;				/* of its rule, see quota */
	uint32_t first_waiter, last_waiter;
	uint32_t waiter_count;
	uint32_t next;				/* in its hash chain, or in the free list */
	struct flight_queue *queue;		/* where it waits to be sent; NULL: nowhere */
	uint32_t next_queued, previous_queued;
	uint32_t target_slots[FORWARD_MAX_TARGETS];	/* of struct targets */
	uint64_t started_ms;			/* when its question was first sent */
	uint32_t timeout_ms;
	uint8_t target_count, max_tries, policy;
	uint8_t losses_told[FORWARD_MAX_TARGETS];	/* to struct targets, by target */
	uint8_t hops;				/* that its questions came over, all as many */
	uint16_t edns_size;			/* that we tell upstreams */
	uint16_t refusal;			/* rcode of the last target that refused */
	bool used;
	bool looped;				/* a target said that the question comes back */
	uint8_t pending, pending_lane;		/* enum forward_event that waits for a budget */
};

struct flights_settings {
	uint32_t max_flights;		/* 4,096 */
	uint32_t max_waiters;		/* 16,384 */
	uint32_t max_waiters_per_flight;	/* 4,096 */
	uint32_t max_flights_per_rule;	/* a quarter of max_flights */
	uint32_t max_waiters_per_client;	/* 1,000 */
};

/** All memory at once; 0 in the settings means the default.  NULL: out of memory. */
struct flights *flights_new(const struct flights_settings *settings, struct random *random);
void flights_free(struct flights *flights);

enum flight_join {
	FLIGHT_STARTED,		/* *slot is new and has to be sent (forward state IDLE) */
	FLIGHT_JOINED,
	/* Nothing was kept: */
	FLIGHT_FULL,		/* all flights, all waiters, or all of this flight */
	FLIGHT_RULE_FULL,	/* the rule's share */
	FLIGHT_CLIENT_FULL,	/* the client's share */
	FLIGHT_LOOPS,		/* it comes from a target of the flight that asks the same */
};

/**
 * Park a query on the flight that asks the same, or on a new one of this rule.  A question
 * that came over hops (options.h) joins only what came over as many, so that one which goes
 * in a circle is not its own answer but counts its way (reliability S12).  The rule is
 * ask->rule of `snap` and has targets.  rounds: how often it was resolved before.  Its
 * patience, from the moment it asked, is PATIENCE_STALE_MS where ask->has_stale,
 * PATIENCE_FURTHER_MS where ask->has_further, or else PATIENCE_MS; the first two only if it has
 * not waited so long already.
 */
enum flight_join flight_join(struct flights *flights, const struct snapshot *snap,
			     const struct ask *ask, const struct request *request,
			     const struct question *q, uint8_t rounds, uint32_t *slot);

/**
 * A flight that nobody waits for, a prefetch where ask->is_ahead, else a refresh:
 * FLIGHT_STARTED, FLIGHT_JOINED (it is in the air already), or one of those that kept nothing.
 */
enum flight_join flight_begin(struct flights *flights, const struct snapshot *snap,
			      const struct ask *ask, uint32_t *slot);

/** The flight in this slot when the generation is still its own, else NULL. */
struct flight *flight_at(struct flights *flights, uint32_t slot, uint32_t generation);
struct flight *flight_in(struct flights *flights, uint32_t slot);

/**
 * Free a flight and take its waiters off it; the list starts at the result, or is
 * FLIGHT_NONE.  The caller owns the list and frees each waiter.
 */
uint32_t flight_land(struct flights *flights, uint32_t slot);

/** A waiter of a landed list; valid until it is freed. */
const struct waiter *flight_waiter(const struct flights *flights, uint32_t waiter);

/** Free it, wherever it waits; the next of its list, or FLIGHT_NONE. */
uint32_t flight_waiter_free(struct flights *flights, uint32_t waiter);

/* Time. */

/** When the flight is due: UINT64_MAX: not by itself. */
void flight_set_due(struct flights *flights, uint32_t slot, uint64_t when_ms);
/** The flight that is due first, and when; FLIGHT_NONE: none is. */
uint32_t flights_first_due(const struct flights *flights, uint64_t *when_ms);
/** The waiter whose patience ends first, and when; FLIGHT_NONE: nobody waits. */
uint32_t flights_first_impatient(const struct flights *flights, uint64_t *when_ms);

/* Pacing, see pace.h: a client is an address, or an IPv6 /64. */

/** May a reply be released to this waiter's client now?  If so it is counted. */
bool flight_may_release(struct flights *flights, uint32_t waiter, uint64_t now_ms);
/**
 * Hold back the reply of a waiter that was just freed; when it is longer than
 * FLIGHT_PACKET_MAX, the waiter, whose query is resolved again then.
 */
void flight_hold_back(struct flights *flights, const struct waiter *waiter,
		      const uint8_t *reply, size_t len, uint64_t now_ms);
/** A waiter that was held back and may be answered now, which is counted; FLIGHT_NONE. */
uint32_t flights_take_held(struct flights *flights, uint64_t now_ms);
/** When there is one; UINT64_MAX: none is held back. */
uint64_t flights_held_due(const struct flights *flights);

/* First in, first out; each flight stands in one at most, and leaves it when it lands. */
struct flight_queue {
	uint32_t count;
	uint32_t first, last;		/* of them; unset when there are none */
};

/** Behind all others of it; the queue must not move while flights stand in it. */
void flight_queue_add(struct flight_queue *queue, struct flights *flights, uint32_t slot);
/** Leave the queue, in which it stands. */
void flight_queue_leave(struct flights *flights, uint32_t slot);
/** Take the first off; FLIGHT_NONE: there is none. */
uint32_t flight_queue_take(struct flight_queue *queue, struct flights *flights);

size_t flights_count(const struct flights *flights);
size_t flights_waiters(const struct flights *flights);

#endif
