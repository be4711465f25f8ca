#include "engine/conduct.h"

#include "dns/codes.h"
#include "engine/exchange.h"
#include "engine/keep.h"
#include "engine/options.h"
#include "engine/targets.h"

static const struct refusal time_is_over = {
	EDE_NO_REACHABLE_AUTHORITY, "no target answered in time",
};
static const struct refusal budget_is_spent = {
	EDE_NETWORK_ERROR, "the packet budget of the targets is spent",
};

static struct cached *
landed_entry(struct resolver *r)
{
	return (struct cached *)(void *)r->reply_room;
}

/* --- waiters --- */

/**
 * Resolve a waiter's query again, from the start, in the present snapshot.  Time stands
 * still for it: what was good when it asked, or came later, serves it even when its TTL ran
 * out since, so that a chain over slow upstreams or TTL 0 comes to an end.
 * hold: its client has had enough for now, so the reply is held back.  It is the reply that
 * is, not the query, or what the cache does not keep would be asked for again.
 * Returns the next waiter of its list.
 */
static uint32_t
wake(struct resolver *r, uint32_t number, const struct attempt *how, bool hold, uint64_t now_ms)
{
	struct waiter w = *flight_waiter(r->flights, number);
	struct attempt attempt = *how;
	uint32_t next = flight_waiter_free(r->flights, number);
	size_t room = w.client.stream ? MSG_MAX_OCTETS : UDP_REPLY_OCTETS;
	struct writer out;

	if (now_ms - w.since_ms > REPLY_TOO_OLD_MS) {
		count_up(&r->counters.outlived);
		r->io->deliver(r->io->context, &w.client, NULL, 0);
		return next;
	}
	if (w.composed) {
		r->io->deliver(r->io->context, &w.client, w.packet, w.packet_len);
		return next;
	}
	r->scratch->used = 0;
	options_settle(r, &w.options);
	out = writer_over(scratch_room(r->scratch, room), room);
	attempt.rounds = (uint8_t)(w.rounds + 1);
	switch (resolve_again(r, &w, &attempt, now_ms, &out)) {
	case VERDICT_SEND:
		if (hold) {
			count_up(&r->counters.paced);
			flight_hold_back(r->flights, &w, out.base, out.len, now_ms);
		} else {
			r->io->deliver(r->io->context, &w.client, out.base, out.len);
		}
		break;
	case VERDICT_DROP:
		r->io->deliver(r->io->context, &w.client, NULL, 0);
		break;
	case VERDICT_WAIT:
		break;
	}
	return next;
}

/** All waiters of a landed list; those whose client has had enough for now come later. */
static void
wake_all(struct resolver *r, uint32_t waiter, const struct attempt *how, uint64_t now_ms)
{
	while (waiter != FLIGHT_NONE) {
		bool stream = flight_waiter(r->flights, waiter)->client.stream;
		bool hold = !stream && !flight_may_release(r->flights, waiter, now_ms);

		waiter = wake(r, waiter, how, hold, now_ms);
	}
}

/** Its patience is over: what is stale, another rule, or in the end SERVFAIL. */
static void
wake_impatient(struct resolver *r, uint32_t waiter, uint64_t now_ms)
{
	uint64_t waited_ms = now_ms - flight_waiter(r->flights, waiter)->since_ms;
	const struct attempt attempt = {
		.stale = STALE_NOW,
		.refusal = waited_ms >= PATIENCE_MS ? &time_is_over : NULL,
	};

	if (attempt.refusal)
		count_up(&r->counters.timeouts);
	wake(r, waiter, &attempt, false, now_ms);
}

/* --- flights --- */

/**
 * The flight is over; its answer is in r->reply_room.  The waiters get it from there, so
 * that neither a full cache nor a TTL of 0 sends them round again.
 */
static void
land(struct resolver *r, uint32_t slot, bool failed, uint64_t now_ms)
{
	const struct flight *flight = flight_in(r->flights, slot);
	const struct ask ask = flight->ask;
	const struct attempt attempt = { .stale = STALE_AFTER_FAILURE };

	if (failed)
		cache_fail(r->cache, &ask, landed_entry(r),
			   targets_all_down(r->targets, flight->targets, flight->target_count,
					    now_ms),
			   now_ms);
	else
		cache_put(r->cache, &ask, landed_entry(r), now_ms);
	r->landed_ask = &ask;
	r->landed = landed_entry(r);
	r->landed_loop = flight->looped;
	wake_all(r, flight_land(r->flights, slot), &attempt, now_ms);
	r->landed_ask = NULL;
	r->landed = NULL;
	r->landed_loop = false;
}

/** The flight is not to be: nothing is learnt of its question. */
static void
turn_away(struct resolver *r, uint32_t slot, uint64_t now_ms)
{
	const struct attempt attempt = { .stale = STALE_NOW, .refusal = &budget_is_spent };

	exchange_abandon(r, slot, now_ms);
	wake_all(r, flight_land(r->flights, slot), &attempt, now_ms);
}

static void
conclude(struct resolver *r, uint32_t slot, enum exchange_end end, uint64_t now_ms)
{
	switch (end) {
	case EXCHANGE_GOES_ON:
		break;
	case EXCHANGE_ANSWERED:
		land(r, slot, false, now_ms);
		break;
	case EXCHANGE_FAILED:
		land(r, slot, true, now_ms);
		break;
	case EXCHANGE_DENIED:
		turn_away(r, slot, now_ms);
		break;
	}
}

/** Begin one that nobody waits for; without room it is not needed so badly. */
static void
refresh(struct resolver *r, const struct ask *ask)
{
	uint32_t slot;

	if (flight_begin(r->flights, r->snap, ask, &slot) != FLIGHT_STARTED)
		return;
	count_up(ask->is_ahead ? &r->counters.prefetches : &r->counters.refreshes);
	flight_queue_add(&r->started, r->flights, slot);
}

void
conduct_refresh(struct resolver *r, const struct refreshes *refreshes)
{
	for (unsigned i = 0; i < refreshes->count; i++)
		refresh(r, &refreshes->list[i]);
}

void
resolver_begin(struct resolver *r, uint64_t now_ms)
{
	uint32_t slot;

	while ((slot = flight_queue_take(&r->started, r->flights)) != FLIGHT_NONE)
		conclude(r, slot, exchange_start(r, slot, now_ms), now_ms);
}

/** The flight of an event, while the try that it speaks of is in the air. */
static bool
is_open(struct resolver *r, uint32_t slot, uint32_t generation, uint8_t lane)
{
	const struct flight *flight = flight_at(r->flights, slot, generation);

	return flight && lane < FORWARD_LANES && flight->tries[lane].open;
}

void
resolver_reply(struct resolver *r, uint32_t slot, uint32_t generation, uint8_t lane,
	       const uint8_t *packet, size_t len, enum reply_path path, uint64_t now_ms)
{
	if (!is_open(r, slot, generation, lane))
		return;
	conclude(r, slot, exchange_reply(r, slot, lane, packet, len, path, now_ms), now_ms);
	resolver_begin(r, now_ms);
}

void
resolver_lost(struct resolver *r, uint32_t slot, uint32_t generation, uint8_t lane,
	      uint64_t now_ms)
{
	if (!is_open(r, slot, generation, lane))
		return;
	conclude(r, slot, exchange_lost(r, slot, lane, now_ms), now_ms);
	resolver_begin(r, now_ms);
}

/* --- time --- */

uint64_t
resolver_due(const struct resolver *r)
{
	uint64_t due_ms[5], first_ms = UINT64_MAX;

	flights_first_due(r->flights, &due_ms[0]);
	flights_first_impatient(r->flights, &due_ms[1]);
	due_ms[2] = flights_held_due(r->flights);
	due_ms[3] = holds_due(&r->holds);
	due_ms[4] = r->keep ? keep_due(r->keep) : UINT64_MAX;
	for (unsigned i = 0; i < COUNT_OF(due_ms); i++)
		if (due_ms[i] < first_ms)
			first_ms = due_ms[i];
	return first_ms;
}

/** Budgets that may have room again. */
static void
tick_holds(struct resolver *r, uint64_t now_ms)
{
	struct hold *hold;

	while ((hold = holds_first(&r->holds)) && hold->due_ms <= now_ms) {
		uint32_t slot = hold->queue.first;

		conclude(r, slot, exchange_resume(r, slot, now_ms), now_ms);
	}
}

static void
tick_keep(struct resolver *r, uint64_t now_ms)
{
	struct ask ask;

	while (r->keep && keep_take(r->keep, r->cache, now_ms, &ask))
		refresh(r, &ask);
}

void
resolver_tick(struct resolver *r, uint64_t now_ms)
{
	const struct attempt held = { .stale = STALE_AFTER_FAILURE };
	uint64_t when_ms;
	uint32_t number;

	while ((number = flights_take_held(r->flights, now_ms)) != FLIGHT_NONE)
		wake(r, number, &held, false, now_ms);
	while ((number = flights_first_due(r->flights, &when_ms)) != FLIGHT_NONE &&
	       when_ms <= now_ms)
		conclude(r, number, exchange_time(r, number, now_ms), now_ms);
	tick_holds(r, now_ms);
	while ((number = flights_first_impatient(r->flights, &when_ms)) != FLIGHT_NONE &&
	       when_ms <= now_ms)
		wake_impatient(r, number, now_ms);
	tick_keep(r, now_ms);
	resolver_begin(r, now_ms);
}
