/*
 * uplink - connections to targets, kept open (RFC 7766 6.2)
 *
 * Each carries many questions at once (pipeline.h).  A question goes to an open connection of
 * its target that takes it, else to a new one.
 *
 *   FREE --> CONNECTING --> OPEN --> idle for UPLINK_IDLE_MS, or given to another target: FREE
 *                |           '-----> closed by the target: what waits is asked again, once,
 *                |                   on a new connection; what was asked again is lost
 *                '--> refused, or not there in UPLINK_CONNECT_MS: what waits is lost
 *
 * A connection that was silent while a question waited for UPLINK_SILENT_MS in vain takes no
 * further ones: its target may have gone without a word.
 *
 * Fixed in number and size.  At the bounds a question is not taken, and `full` counts:
 *   UPLINKS_PER_TARGET connections of a target that have PIPELINE_MAX questions each
 *   UPLINKS_MAX connections that all have questions (else the one idle longest gives way)
 *
 * Places are the caller's numbers for its questions.  One per worker.
 */
#ifndef IO_UPLINK_H
#define IO_UPLINK_H

#include "base/addr.h"
#include "io/pipeline.h"
#include "io/poller.h"

#define UPLINKS_MAX	   128
#define UPLINKS_PER_TARGET 2
#define UPLINK_CONNECT_MS  2000
#define UPLINK_IDLE_MS	   10000
#define UPLINK_SILENT_MS   1000
#define UPLINK_SWEEP_MS	   500	/* how often uplinks_sweep is to be called while any is open */

struct uplinks;

struct uplinks_owner {
	/** A message with the ID of the question of this place. */
	void (*reply)(void *context, uint32_t place, const uint8_t *message, size_t len);
	/** The question of this place will not be answered; the place is empty. */
	void (*lost)(void *context, uint32_t place);
	void *context;
};

struct uplinks_settings {
	uint32_t places;		/* 0..places-1 */
	struct poller *poller;		/* outlives them */
	uint32_t first_slot;		/* of the poller's slots; UPLINKS_MAX are used */
	struct uplinks_owner owner;
};

struct uplinks_counters {
	uint64_t asked;
	uint64_t opened;		/* connections begun */
	uint64_t failed;		/* of those, that did not come to be */
	uint64_t closed_under;		/* closed by the target with questions in it */
	uint64_t again;			/* questions asked again for that */
	uint64_t full;			/* questions not taken */
};

/** NULL: out of memory. */
struct uplinks *uplinks_new(const struct uplinks_settings *settings);

/** Closes all connections; reports nothing. */
void uplinks_free(struct uplinks *uplinks);

/**
 * Ask a question in an empty place.  It leaves with uplinks_flush.  false: not taken.  Calls
 * nobody.
 */
bool uplinks_ask(struct uplinks *uplinks, uint32_t place, const struct addr *to,
		 const uint8_t *query, size_t len, uint64_t now_ms);

/** Nobody waits for the question of this place any more; it is empty.  Calls nobody. */
void uplinks_end(struct uplinks *uplinks, uint32_t place, uint64_t now_ms);

/** The poller's slot first_slot + number has events. */
void uplinks_event(struct uplinks *uplinks, uint32_t number, uint32_t generation,
		   unsigned events, uint64_t now_ms);

/** Write what was asked; report what is lost by that. */
void uplinks_flush(struct uplinks *uplinks, uint64_t now_ms);

/** Close what is idle, and what does not come to be. */
void uplinks_sweep(struct uplinks *uplinks, uint64_t now_ms);

/** Connections that are open or becoming so. */
uint32_t uplinks_count(const struct uplinks *uplinks);

const struct uplinks_counters *uplinks_counters(const struct uplinks *uplinks);

#endif
