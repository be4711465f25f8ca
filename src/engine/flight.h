/*
 * flight - clients waiting on one exchange; equal questions share it
 *
 * A flight is one question put to one upstream, with the clients that wait for it.  A parked
 * client has one owner, this table; io names a flight by slot and generation, so a late
 * event finds "gone", never a dangling pointer.  All memory is allocated at the start: when
 * no flight or no waiter is free the query is refused with SERVFAIL (EDE 23), and counted.
 * One per worker, no locks.
 *
 * A waiter keeps its query in a compact form; when the flight lands its answer goes to the
 * cache and each waiter's query is resolved again from the start, in the snapshot of that
 * moment, so no answer mixes two generations.
 */
#ifndef ENGINE_FLIGHT_H
#define ENGINE_FLIGHT_H

#include "base/random.h"
#include "engine/cache.h"
#include "engine/forward.h"
#include "engine/options.h"
#include "engine/request.h"
#include "snapshot/snapshot.h"

#define FLIGHT_PACKET_MAX 320	/* header, question, bare OPT */
#define FLIGHT_NONE	  UINT32_MAX

struct flights;

/* A parked client. */
struct waiter {
	struct client client;
	uint64_t since_ms;
	uint16_t packet_len;
	uint8_t rounds;			/* how often it was resolved again */
	struct reply_options options;
	uint8_t packet[FLIGHT_PACKET_MAX];	/* its query, rebuilt: header, question, OPT */
	uint32_t next;			/* in the flight, or in the free list */
};

struct flight {
	struct ask ask;
	struct forward forward;
	struct snapshot_target targets[FORWARD_MAX_TARGETS];	/* copied: may outlive a reload */
	uint8_t domain[NAME_MAX_OCTETS];	/* the rule's, wire */
	char rule_id[64];			/* for the extended error; cut to fit */
	uint32_t generation;
	uint32_t first_waiter, last_waiter;
	uint32_t waiter_count;
	uint32_t next;				/* in its hash chain, or in the free list */
	uint32_t next_started;			/* in the resolver's list of flights to be sent */
	uint16_t edns_size;			/* that we tell upstreams */
	uint16_t id;				/* of the query in the air */
	uint16_t refusal;			/* rcode of the last target that refused */
	bool used;
	uint8_t asked[NAME_MAX_OCTETS];		/* the name as sent */
};

struct flights_settings {
	uint32_t max_flights;		/* 4,096 */
	uint32_t max_waiters;		/* 16,384 */
	uint32_t max_waiters_per_flight;	/* 4,096 */
};

/** All memory at once; 0 in the settings means the default.  NULL: out of memory. */
struct flights *flights_new(const struct flights_settings *settings, struct random *random);
void flights_free(struct flights *flights);

enum flight_join { FLIGHT_STARTED, FLIGHT_JOINED, FLIGHT_FULL };

/**
 * Park a query on the flight that asks the same, or on a new one of this rule.  The rule is
 * ask->rule of `snap` and has targets.  rounds: how often it was resolved before.
 * FLIGHT_STARTED: *slot is new and has to be sent (forward state IDLE).  FLIGHT_FULL:
 * nothing was kept.
 */
enum flight_join flight_join(struct flights *flights, const struct snapshot *snap,
			     const struct ask *ask, const struct request *request,
			     const struct question *q, uint8_t rounds, uint32_t *slot);

/** The flight in this slot when the generation is still its own, else NULL. */
struct flight *flight_at(struct flights *flights, uint32_t slot, uint32_t generation);
struct flight *flight_in(struct flights *flights, uint32_t slot);

/**
 * Take the waiters off a flight and free the flight; the list starts at the result, or is
 * FLIGHT_NONE.  The caller owns the list and frees each waiter.
 */
uint32_t flight_land(struct flights *flights, uint32_t slot);

/** A waiter of a landed list; valid until it is freed. */
const struct waiter *flight_waiter(const struct flights *flights, uint32_t waiter);

/** Free it; the next of its list, or FLIGHT_NONE. */
uint32_t flight_waiter_free(struct flights *flights, uint32_t waiter);

size_t flights_count(const struct flights *flights);
size_t flights_waiters(const struct flights *flights);

#endif
