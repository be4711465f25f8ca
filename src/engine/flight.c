#include "engine/flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "dns/build.h"
#include "dns/codes.h"
#include "engine/deadlines.h"
#include "engine/pace.h"
#include "engine/quota.h"

#define MAX_FLIGHTS		4096
#define MAX_WAITERS		16384
#define MAX_WAITERS_PER_FLIGHT	4096
#define MAX_WAITERS_PER_CLIENT	1000
#define RULE_SHARE		4	/* of all flights, one in so many */

struct flights {
	struct flights_settings settings;
	struct random *random;
	struct hash_key key;
	struct flight *flights;
	struct waiter *waiters;
	uint32_t *buckets;		/* first flight of each; as many as a power of two */
	uint32_t bucket_mask;
	uint32_t free_flight, free_waiter;
	uint32_t flight_count, waiter_count;
	struct quota rules, clients;	/* who has how many of them */
	struct deadlines due;		/* of flights */
	struct deadlines patience;	/* of waiters */
	struct pace pace;		/* of clients, by their number in the quota */
};

static uint32_t
or_default(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

/*
 * The free lists end at the number behind the last.  A free one keeps its successor as the
 * distance from the number behind its own, so that zeroed memory is a list of all, in order,
 * and pages that were never needed are never touched.
 */
static uint32_t
free_after(uint32_t number, uint32_t kept)
{
	return number + 1 + kept;
}

static uint32_t
free_keep(uint32_t number, uint32_t after)
{
	return after - number - 1;
}

static struct flights_settings
settle_bounds(const struct flights_settings *given)
{
	struct flights_settings s = {
		.max_flights = or_default(given->max_flights, MAX_FLIGHTS),
		.max_waiters = or_default(given->max_waiters, MAX_WAITERS),
		.max_waiters_per_flight = or_default(given->max_waiters_per_flight,
						     MAX_WAITERS_PER_FLIGHT),
		.max_flights_per_rule = given->max_flights_per_rule,
		.max_waiters_per_client = or_default(given->max_waiters_per_client,
						     MAX_WAITERS_PER_CLIENT),
	};

	if (!s.max_flights_per_rule)
		s.max_flights_per_rule = (s.max_flights + RULE_SHARE - 1) / RULE_SHARE;
	return s;
}

static bool
allocate(struct flights *f)
{
	uint32_t flights = f->settings.max_flights, waiters = f->settings.max_waiters;

	f->flights = calloc(flights, sizeof(*f->flights));
	f->waiters = calloc(waiters, sizeof(*f->waiters));
	f->buckets = calloc(f->bucket_mask + 1, sizeof(*f->buckets));
	return f->flights && f->waiters && f->buckets &&
	       quota_init(&f->rules, flights, f->random) &&
	       quota_init(&f->clients, waiters, f->random) &&
	       deadlines_init(&f->due, flights) && deadlines_init(&f->patience, waiters) &&
	       pace_init(&f->pace, waiters, waiters);
}

struct flights *
flights_new(const struct flights_settings *settings, struct random *random)
{
	struct flights *f = calloc(1, sizeof(*f));
	uint32_t buckets = 16;

	if (!f)
		return NULL;
	f->settings = settle_bounds(settings);
	while (buckets < f->settings.max_flights)
		buckets *= 2;
	f->bucket_mask = buckets - 1;
	f->random = random;
	random_bytes(random, &f->key, sizeof(f->key));
	if (!allocate(f)) {
		flights_free(f);
		return NULL;
	}
	for (uint32_t i = 0; i < buckets; i++)
		f->buckets[i] = FLIGHT_NONE;
	return f;
}

void
flights_free(struct flights *f)
{
	if (!f)
		return;
	free(f->flights);
	free(f->waiters);
	free(f->buckets);
	quota_fini(&f->rules);
	quota_fini(&f->clients);
	deadlines_fini(&f->due);
	deadlines_fini(&f->patience);
	pace_fini(&f->pace);
	free(f);
}

static uint32_t *
bucket_of(struct flights *f, const struct ask *ask)
{
	uint8_t key[ASK_KEY_OCTETS];
	size_t len = ask_key(ask, key);

	return &f->buckets[hash_keyed(&f->key, key, len) & f->bucket_mask];
}

/** The query as io will need it again: header, question as asked, a bare OPT. */
static uint16_t
pack_query(const struct question *q, uint8_t packet[FLIGHT_PACKET_MAX])
{
	struct writer out = writer_over(packet, FLIGHT_PACKET_MAX);

	writer_u16(&out, q->header.id);
	writer_u16(&out, q->header.flags);
	writer_u16(&out, 1);
	writer_u32(&out, 0);
	writer_u16(&out, q->edns.present);
	writer_bytes(&out, q->wire, q->wire_len);
	if (q->edns.present) {
		writer_u8(&out, 0);
		writer_u16(&out, TYPE_OPT);
		writer_u16(&out, q->edns.udp_size);
		writer_u16(&out, 0);		/* upper rcode bits, version */
		writer_u16(&out, q->edns.dnssec_ok ? 0x8000 : 0);
		writer_u16(&out, 0);		/* no options */
	}
	return (uint16_t)out.len;
}

/** Whom limits count: an IPv4 address, or the /64 that one host can have to itself. */
static void
client_key(const struct addr *addr, uint8_t key[QUOTA_KEY_OCTETS])
{
	memcpy(key, addr->ip, QUOTA_KEY_OCTETS);
	if (!addr_is_v4(addr))
		memset(key + 8, 0, 8);
}

static void
list_append(struct flights *f, uint32_t slot, uint32_t number)
{
	struct flight *flight = &f->flights[slot];
	struct waiter *waiter = &f->waiters[number];

	waiter->flight = slot;
	waiter->next = FLIGHT_NONE;
	waiter->previous = flight->last_waiter;
	if (flight->waiter_count++)
		f->waiters[flight->last_waiter].next = number;
	else
		flight->first_waiter = number;
	flight->last_waiter = number;
}

static void
list_remove(struct flights *f, const struct waiter *waiter)
{
	struct flight *flight = &f->flights[waiter->flight];

	flight->waiter_count--;
	if (waiter->previous != FLIGHT_NONE)
		f->waiters[waiter->previous].next = waiter->next;
	else
		flight->first_waiter = waiter->next;
	if (waiter->next != FLIGHT_NONE)
		f->waiters[waiter->next].previous = waiter->previous;
	else
		flight->last_waiter = waiter->previous;
}

/** When a client who asks this has waited long enough. */
static uint64_t
patience_end(const struct ask *ask, const struct request *request)
{
	uint64_t patience = PATIENCE_MS;

	if (ask->has_stale && request->waited_ms < PATIENCE_STALE_MS)
		patience = PATIENCE_STALE_MS;
	else if (ask->has_further && request->waited_ms < PATIENCE_FURTHER_MS)
		patience = PATIENCE_FURTHER_MS;
	return request->now_ms + patience;
}

/** A waiter for this client, and its share of them; there is a free one. */
static uint32_t
waiter_take(struct flights *f, const struct client *client)
{
	uint32_t number = f->free_waiter;
	struct waiter *waiter = &f->waiters[number];
	uint8_t key[QUOTA_KEY_OCTETS];
	bool fresh;

	f->free_waiter = free_after(number, waiter->next);
	f->waiter_count++;
	client_key(&client->addr, key);
	waiter->share = quota_take(&f->clients, key, &fresh);
	if (fresh)
		pace_forget(&f->pace, waiter->share);
	return number;
}

/** Append a waiter to the flight's list; there is a free one. */
static void
park(struct flights *f, uint32_t slot, const struct ask *ask, const struct request *request,
     const struct question *q, uint8_t rounds)
{
	uint32_t number = waiter_take(f, &request->client);
	struct waiter *waiter = &f->waiters[number];

	waiter->client = request->client;
	waiter->since_ms = request->now_ms;
	waiter->rounds = rounds;
	waiter->composed = false;
	waiter->options = request->options ? *request->options : (struct reply_options){ 0 };
	waiter->packet_len = pack_query(q, waiter->packet);
	list_append(f, slot, number);
	deadlines_set(&f->patience, number, patience_end(ask, request));
	if (!ask->has_stale)
		f->flights[slot].kind = FLIGHT_FIRST;
}

static uint8_t
at_most_u8(uint32_t value)
{
	return value > UINT8_MAX ? UINT8_MAX : (uint8_t)value;
}

/** Copy from the rule all that the exchange needs: it may outlive the snapshot. */
static void
copy_rule(struct flight *flight, const struct snapshot *snap)
{
	const struct snapshot_settings *settings = &snap->root->settings;
	const struct snapshot_rule *rule = snapshot_rule(snap, flight->ask.rule);
	const uint8_t *domain = ask_domain(snap, &flight->ask);
	uint32_t given, count;
	const struct snapshot_target *targets = ask_targets(snap, &flight->ask, &given);

	count = given < FORWARD_MAX_TARGETS ? given : FORWARD_MAX_TARGETS;
	memcpy(flight->targets, targets, count * sizeof(flight->targets[0]));
	memcpy(flight->domain, domain, name_wire_len(domain));
	snprintf(flight->rule_id, sizeof(flight->rule_id), "%s",
		 snapshot_string(snap, rule->id_at));
	flight->edns_size = (uint16_t)settings->upstream_edns_size;
	flight->target_count = (uint8_t)count;
	flight->max_tries = at_most_u8(or_default(settings->upstream_tries, 1));
	flight->timeout_ms = (uint32_t)settings->upstream_timeout_ms;
	flight->policy = (uint8_t)rule->policy;
}

/** A new flight of this ask, without waiters; there is a free one. */
static uint32_t
start(struct flights *f, uint32_t *bucket, const struct snapshot *snap, const struct ask *ask,
      uint8_t hops)
{
	uint32_t slot = f->free_flight;
	struct flight *flight = &f->flights[slot];
	bool fresh;

	f->free_flight = free_after(slot, flight->next);
	f->flight_count++;
	flight->next = *bucket;
	*bucket = slot;
	flight->used = true;
	flight->queue = NULL;
	flight->looped = false;
	memset(flight->losses_told, 0, sizeof(flight->losses_told));
	flight->ask = *ask;
	flight->kind = ask->is_ahead ? FLIGHT_PREFETCH : FLIGHT_REFRESH;
	flight->share = quota_take(&f->rules, (const uint8_t *)&ask->upstream, &fresh);
	flight->first_waiter = flight->last_waiter = FLIGHT_NONE;
	flight->waiter_count = 0;
	flight->refusal = RCODE_NOERROR;
	flight->hops = hops;
	flight->tries[0].open = flight->tries[1].open = false;
	flight->forward.state = FORWARD_IDLE;
	copy_rule(flight, snap);
	return slot;
}

/** The flight that asks the same and came as far, or FLIGHT_NONE. */
static uint32_t
find(const struct flights *f, uint32_t first, const struct ask *ask, uint8_t hops)
{
	uint32_t at = first;

	while (at != FLIGHT_NONE &&
	       !(f->flights[at].hops == hops && ask_equal(&f->flights[at].ask, ask)))
		at = f->flights[at].next;
	return at;
}

/** May another flight of this rule begin, of which at most `share` are allowed? */
static enum flight_join
may_start(const struct flights *f, const struct ask *ask, uint32_t share)
{
	if (quota_count(&f->rules, (const uint8_t *)&ask->upstream) >= share)
		return FLIGHT_RULE_FULL;
	return f->free_flight == f->settings.max_flights ? FLIGHT_FULL : FLIGHT_STARTED;
}

/** Is this the address of one of those whom the flight asks? */
static bool
asks_address(const struct flight *flight, const struct addr *client)
{
	for (unsigned i = 0; i < flight->target_count; i++)
		if (memcmp(flight->targets[i].ip, client->ip, sizeof(client->ip)) == 0)
			return true;
	return false;
}

/**
 * Does one of those whom we ask this send it back to us?  On the loopback addresses everybody
 * is everybody, which says nothing.
 */
static bool
comes_back(const struct flights *f, uint32_t first, const struct ask *ask,
	   const struct addr *client)
{
	if (addr_is_loopback(client))
		return false;
	for (uint32_t at = first; at != FLIGHT_NONE; at = f->flights[at].next)
		if (ask_equal(&f->flights[at].ask, ask) &&
		    asks_address(&f->flights[at], client))
			return true;
	return false;
}

/** May this client wait, on this flight or (FLIGHT_NONE) on a new one? */
static enum flight_join
may_wait(const struct flights *f, uint32_t at, const struct ask *ask,
	 const struct request *request)
{
	uint8_t key[QUOTA_KEY_OCTETS];

	client_key(&request->client.addr, key);
	if (quota_count(&f->clients, key) >= f->settings.max_waiters_per_client)
		return FLIGHT_CLIENT_FULL;
	if (f->free_waiter == f->settings.max_waiters)
		return FLIGHT_FULL;
	if (at == FLIGHT_NONE)
		return may_start(f, ask, f->settings.max_flights_per_rule);
	return f->flights[at].waiter_count < f->settings.max_waiters_per_flight ? FLIGHT_JOINED
										: FLIGHT_FULL;
}

enum flight_join
flight_join(struct flights *f, const struct snapshot *snap, const struct ask *ask,
	    const struct request *request, const struct question *q, uint8_t rounds,
	    uint32_t *slot)
{
	uint8_t hops = request->options ? request->options->hops : 0;
	uint32_t *bucket = bucket_of(f, ask), at = find(f, *bucket, ask, hops);
	enum flight_join joined;

	if (comes_back(f, *bucket, ask, &request->client.addr))
		return FLIGHT_LOOPS;
	joined = may_wait(f, at, ask, request);
	if (joined == FLIGHT_STARTED)
		at = start(f, bucket, snap, ask, hops);
	else if (joined != FLIGHT_JOINED)
		return joined;
	park(f, at, ask, request, q, rounds);
	*slot = at;
	return joined;
}

enum flight_join
flight_begin(struct flights *f, const struct snapshot *snap, const struct ask *ask,
	     uint32_t *slot)
{
	uint32_t *bucket = bucket_of(f, ask);
	enum flight_join joined;

	*slot = find(f, *bucket, ask, 0);
	if (*slot != FLIGHT_NONE)
		return FLIGHT_JOINED;
	joined = may_start(f, ask, (f->settings.max_flights_per_rule + 1) / 2);
	if (joined == FLIGHT_STARTED)
		*slot = start(f, bucket, snap, ask, 0);
	return joined;
}

struct flight *
flight_at(struct flights *f, uint32_t slot, uint32_t generation)
{
	struct flight *flight = slot < f->settings.max_flights ? &f->flights[slot] : NULL;

	return flight && flight->used && flight->generation == generation ? flight : NULL;
}

struct flight *
flight_in(struct flights *f, uint32_t slot)
{
	return &f->flights[slot];
}

uint32_t
flight_land(struct flights *f, uint32_t slot)
{
	struct flight *flight = &f->flights[slot];
	uint32_t *link = bucket_of(f, &flight->ask);

	while (*link != slot)
		link = &f->flights[*link].next;
	*link = flight->next;
	if (flight->queue)
		flight_queue_leave(f, slot);
	quota_give(&f->rules, flight->share);
	deadlines_clear(&f->due, slot);
	for (uint32_t w = flight->first_waiter; w != FLIGHT_NONE; w = f->waiters[w].next)
		f->waiters[w].flight = FLIGHT_NONE;
	flight->used = false;
	flight->generation++;
	flight->next = free_keep(slot, f->free_flight);
	f->free_flight = slot;
	f->flight_count--;
	return flight->first_waiter;
}

const struct waiter *
flight_waiter(const struct flights *f, uint32_t waiter)
{
	return &f->waiters[waiter];
}

uint32_t
flight_waiter_free(struct flights *f, uint32_t waiter)
{
	struct waiter *w = &f->waiters[waiter];
	uint32_t next = w->next;

	if (w->flight != FLIGHT_NONE)
		list_remove(f, w);
	quota_give(&f->clients, w->share);
	deadlines_clear(&f->patience, waiter);
	w->next = free_keep(waiter, f->free_waiter);
	f->free_waiter = waiter;
	f->waiter_count--;
	return next;
}

size_t
flights_count(const struct flights *f)
{
	return f->flight_count;
}

size_t
flights_waiters(const struct flights *f)
{
	return f->waiter_count;
}

void
flight_set_due(struct flights *f, uint32_t slot, uint64_t when_ms)
{
	if (when_ms == UINT64_MAX)
		deadlines_clear(&f->due, slot);
	else
		deadlines_set(&f->due, slot, when_ms);
}

static uint32_t
first_of(const struct deadlines *deadlines, uint64_t *when_ms)
{
	const struct deadline *first = deadlines_first(deadlines);

	*when_ms = first ? first->when_ms : UINT64_MAX;
	return first ? first->slot : FLIGHT_NONE;
}

uint32_t
flights_first_due(const struct flights *f, uint64_t *when_ms)
{
	return first_of(&f->due, when_ms);
}

uint32_t
flights_first_impatient(const struct flights *f, uint64_t *when_ms)
{
	return first_of(&f->patience, when_ms);
}

bool
flight_may_release(struct flights *f, uint32_t waiter, uint64_t now_ms)
{
	return pace_release(&f->pace, f->waiters[waiter].share, now_ms);
}

void
flight_hold_back(struct flights *f, const struct waiter *waiter, const uint8_t *reply, size_t len,
		 uint64_t now_ms)
{
	uint32_t number = waiter_take(f, &waiter->client);
	struct waiter *held = &f->waiters[number];
	uint32_t share = held->share;

	*held = *waiter;
	held->share = share;
	held->flight = held->next = FLIGHT_NONE;
	if (len <= sizeof(held->packet)) {
		memcpy(held->packet, reply, len);
		held->packet_len = (uint16_t)len;
		held->composed = true;
	}
	pace_hold(&f->pace, share, number, now_ms);
}

uint32_t
flights_take_held(struct flights *f, uint64_t now_ms)
{
	return pace_take(&f->pace, now_ms);
}

uint64_t
flights_held_due(const struct flights *f)
{
	return pace_due(&f->pace);
}
