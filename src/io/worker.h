/*
 * worker - a thread that answers: its loop, sockets, resolver, flights and counters
 *
 * Workers share the snapshot, the cache and the budgets and nothing else; what others want of a worker
 * goes through its mailbox and is done between two batches:
 *
 *   worker_offer   a new edition: listeners that went are emptied in the old snapshot, then
 *                  the new one is taken up, then its new listeners are opened
 *   worker_leave   take no more questions, answer those that are here, then end
 *   worker_halt    end now
 *   worker_ping    show that the thread is alive
 *
 * All memory is allocated by worker_new; nothing is allocated per query.
 */
#ifndef IO_WORKER_H
#define IO_WORKER_H

#include "engine/flight.h"
#include "engine/resolve.h"
#include "io/channel.h"
#include "io/edition.h"
#include "io/ephemeral.h"
#include "io/session.h"
#include "io/udp.h"

struct worker;

struct worker_settings {
	uint32_t number;			/* 0.. : its sockets in each listener */
	struct cache *cache;			/* outlives the worker */
	const struct ephemeral *ephemeral;		/* the same */
	struct flights_settings flights;
	struct sessions_settings sessions;
	/* On the worker's thread: it took up an edition, or has ended. */
	void (*note)(void *context);
	void *context;
};

struct worker_counters {
	struct counters resolver;
	struct udp_counters udp;
	struct sessions_counters sessions;
	struct channel_counters channel;
};

/** NULL: out of memory or descriptors (errno). */
struct worker *worker_new(const struct worker_settings *settings, struct edition *first);

/** Start the thread.  0, or an errno. */
int worker_start(struct worker *worker);

/** Wait for the thread, if it was started, and free the worker. */
void worker_free(struct worker *worker);

/** Leave a new edition in the mailbox. */
void worker_offer(struct worker *worker, struct edition *edition);
void worker_leave(struct worker *worker, uint64_t limit_ms);
void worker_halt(struct worker *worker);
void worker_ping(struct worker *worker);

/** Has it shown itself alive since the last worker_ping? */
bool worker_is_alive(const struct worker *worker);
/** The number of the edition it serves; 0: it has not begun. */
uint32_t worker_edition(const struct worker *worker);
/** Has its thread ended? */
bool worker_has_ended(const struct worker *worker);
/** errno of a listener that it could not watch (out of memory or watches); 0: none. */
int worker_trouble(const struct worker *worker);

/** What it has counted so far; any thread. */
void worker_counters(const struct worker *worker, struct worker_counters *out);

#endif
