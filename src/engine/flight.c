#include "engine/flight.h"

#include <stdio.h>
#include <stdlib.h>

#include "dns/build.h"
#include "dns/codes.h"

#define MAX_FLIGHTS		4096
#define MAX_WAITERS		16384
#define MAX_WAITERS_PER_FLIGHT	4096

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

struct flights *
flights_new(const struct flights_settings *settings, struct random *random)
{
	struct flights *f = calloc(1, sizeof(*f));
	uint32_t buckets = 16;

	if (!f)
		return NULL;
	f->settings.max_flights = or_default(settings->max_flights, MAX_FLIGHTS);
	f->settings.max_waiters = or_default(settings->max_waiters, MAX_WAITERS);
	f->settings.max_waiters_per_flight =
		or_default(settings->max_waiters_per_flight, MAX_WAITERS_PER_FLIGHT);
	while (buckets < f->settings.max_flights)
		buckets *= 2;
	f->bucket_mask = buckets - 1;
	f->random = random;
	random_bytes(random, &f->key, sizeof(f->key));
	f->flights = calloc(f->settings.max_flights, sizeof(*f->flights));
	f->waiters = calloc(f->settings.max_waiters, sizeof(*f->waiters));
	f->buckets = calloc(buckets, sizeof(*f->buckets));
	if (!f->flights || !f->waiters || !f->buckets) {
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

/** Append a waiter to the flight's list; there is a free one. */
static void
park(struct flights *f, struct flight *flight, const struct request *request,
     const struct question *q, uint8_t rounds)
{
	uint32_t number = f->free_waiter;
	struct waiter *waiter = &f->waiters[number];

	f->free_waiter = free_after(number, waiter->next);
	f->waiter_count++;
	waiter->client = request->client;
	waiter->since_ms = request->now_ms;
	waiter->rounds = rounds;
	waiter->options = request->options ? *request->options : (struct reply_options){ 0 };
	waiter->packet_len = pack_query(q, waiter->packet);
	waiter->next = FLIGHT_NONE;
	if (flight->waiter_count++)
		f->waiters[flight->last_waiter].next = number;
	else
		flight->first_waiter = number;
	flight->last_waiter = number;
}

static uint8_t
at_most_u8(uint32_t value)
{
	return value > UINT8_MAX ? UINT8_MAX : (uint8_t)value;
}

/** Copy from the rule all that the exchange needs: it may outlive the snapshot. */
static void
copy_rule(struct flights *f, struct flight *flight, const struct snapshot *snap)
{
	const struct snapshot_settings *settings = &snap->root->settings;
	const struct snapshot_rule *rule = snapshot_rule(snap, flight->ask.rule);
	const uint8_t *domain = ask_domain(snap, &flight->ask);
	uint32_t given, count;
	const struct snapshot_target *targets = ask_targets(snap, &flight->ask, &given);
	uint32_t tries = settings->upstream_tries ? settings->upstream_tries : 1;

	count = given < FORWARD_MAX_TARGETS ? given : FORWARD_MAX_TARGETS;
	memcpy(flight->targets, targets, count * sizeof(flight->targets[0]));
	memcpy(flight->domain, domain, name_wire_len(domain));
	snprintf(flight->rule_id, sizeof(flight->rule_id), "%s",
		 snapshot_string(snap, rule->id_at));
	flight->edns_size = (uint16_t)settings->upstream_edns_size;
	forward_init(&flight->forward, (uint8_t)count, (uint8_t)random_below(f->random, count),
		     at_most_u8(tries), (uint32_t)settings->upstream_timeout_ms);
}

/** A new flight of this ask, without waiters; there is a free one. */
static uint32_t
start(struct flights *f, uint32_t *bucket, const struct snapshot *snap, const struct ask *ask)
{
	uint32_t slot = f->free_flight;
	struct flight *flight = &f->flights[slot];

	f->free_flight = free_after(slot, flight->next);
	f->flight_count++;
	flight->next = *bucket;
	*bucket = slot;
	flight->used = true;
	flight->ask = *ask;
	flight->first_waiter = flight->last_waiter = FLIGHT_NONE;
	flight->waiter_count = 0;
	flight->next_started = FLIGHT_NONE;
	flight->refusal = RCODE_NOERROR;
	memcpy(flight->asked, ask->name.wire, ask->name.len);
	copy_rule(f, flight, snap);
	return slot;
}

enum flight_join
flight_join(struct flights *f, const struct snapshot *snap, const struct ask *ask,
	    const struct request *request, const struct question *q, uint8_t rounds,
	    uint32_t *slot)
{
	uint32_t *bucket = bucket_of(f, ask), at = *bucket;
	enum flight_join joined = FLIGHT_JOINED;

	while (at != FLIGHT_NONE && !ask_equal(&f->flights[at].ask, ask))
		at = f->flights[at].next;
	if (f->free_waiter == f->settings.max_waiters)
		return FLIGHT_FULL;
	if (at == FLIGHT_NONE) {
		if (f->free_flight == f->settings.max_flights)
			return FLIGHT_FULL;
		at = start(f, bucket, snap, ask);
		joined = FLIGHT_STARTED;
	} else if (f->flights[at].waiter_count >= f->settings.max_waiters_per_flight) {
		return FLIGHT_FULL;
	}
	park(f, &f->flights[at], request, q, rounds);
	*slot = at;
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
	uint32_t next = f->waiters[waiter].next;

	f->waiters[waiter].next = free_keep(waiter, f->free_waiter);
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
