#include "engine/resolve.h"

#include <stdio.h>

#include "dns/codes.h"
#include "engine/chase.h"
#include "engine/compose.h"
#include "engine/options.h"
#include "engine/reply.h"
#include "engine/route.h"

void
resolver_init(struct resolver *r, const struct snapshot *snap, struct cache *cache,
	      struct flights *flights, struct random *random, struct scratch *scratch,
	      uint8_t *reply_room)
{
	*r = (struct resolver){
		.snap = snap,
		.cache = cache,
		.flights = flights,
		.random = random,
		.scratch = scratch,
		.as = ENDPOINT_NONE,
		.started = FLIGHT_NONE,
		.reply_room = reply_room,
	};
}

/** In whose place is this client answered, and may it ask? */
static void
place_client(const struct resolver *r, struct request *request)
{
	uint32_t listener = request->client.listener;

	route_client(r->snap,
		     listener < r->listener_count ? r->listeners[listener] : LISTENER_NONE,
		     request);
}

static enum verdict
say(struct resolver *r, const struct request *request, const struct question *q,
    const struct answer *answer, struct writer *out)
{
	struct counters *counters = &r->counters;
	const uint8_t *reply = out->base + out->len;

	compose_answer(request, q, answer, out);
	count_up(&counters->replies[answer->rcode < COUNT_OF(counters->replies) - 1
					    ? answer->rcode
					    : COUNT_OF(counters->replies) - 1]);
	if (reply[2] & MSG_TC >> 8)
		count_up(&counters->truncated);
	return VERDICT_SEND;
}

static enum verdict
say_rcode(struct resolver *r, const struct request *request, const struct question *q,
	  uint16_t rcode, uint16_t ede, const char *ede_text, struct writer *out)
{
	struct answer answer;

	answer_init(&answer);
	answer_fail(&answer, rcode, ede, ede_text);
	return say(r, request, q, &answer, out);
}

/** Wait for an upstream, together with all who ask the same. */
static enum verdict
park(struct resolver *r, const struct request *request, const struct question *q,
     const struct ask *ask, uint8_t rounds, struct writer *out)
{
	uint32_t slot;

	if (rounds >= RESOLVE_MAX_ROUNDS)
		return say_rcode(r, request, q, RCODE_SERVFAIL, EDE_OTHER,
				 "too many upstream exchanges for one question", out);

	switch (flight_join(r->flights, r->snap, ask, request, q, rounds, &slot)) {
	case FLIGHT_STARTED:
		count_up(&r->counters.flights_started);
		flight_in(r->flights, slot)->next_started = r->started;
		r->started = slot;
		return VERDICT_WAIT;
	case FLIGHT_JOINED:
		count_up(&r->counters.flights_joined);
		return VERDICT_WAIT;
	case FLIGHT_FULL:
		count_up(&r->counters.flights_full);
		return say_rcode(r, request, q, RCODE_SERVFAIL, EDE_NETWORK_ERROR,
				 "too many questions are waiting for upstreams", out);
	}
	return VERDICT_DROP;
}

/** A question that could be read, from a client that may ask. */
static enum verdict
resolve_question(struct resolver *r, const struct request *request, const struct question *q,
		 uint8_t rounds, struct writer *out)
{
	struct answer answer;
	struct chase chase;
	struct ask ask;

	chase_init(&chase, r, request->network, request->now_ms);
	chase.random = r->random;
	chase.dns64 = request->dns64;
	chase.zones_only = request->zones_only;
	switch (chase_question(&chase, q, &answer, &ask)) {
	case CHASE_ANSWERED:
		return say(r, request, q, &answer, out);
	case CHASE_ASK:
		return park(r, request, q, &ask, rounds, out);
	}
	return VERDICT_DROP;
}

/** Without a question one may learn, or show, a cookie (RFC 7873 5.4). */
static bool
asks_for_cookie(const struct request *request, const struct question *q)
{
	return q->header.count[0] == 0 && request->options && request->options->has_cookie;
}

/** One query from the start, be it new or that of a waiter. */
static enum verdict
resolve_packet(struct resolver *r, struct request *request, uint8_t rounds, struct writer *out)
{
	struct reply_options options;
	enum status status;
	struct question q;

	status = question_read(request->packet, request->len, &q);
	if (status == ERR_SHORT) {	/* no query at all */
		count_up(&r->counters.dropped);
		return VERDICT_DROP;
	}
	place_client(r, request);
	if (!request->allowed) {
		count_up(&r->counters.refused);
		return say_rcode(r, request, &q, RCODE_REFUSED, EDE_PROHIBITED,
				 "this client may not ask here", out);
	}
	if (q.edns.options_len &&
	    (status == OK || status == ERR_REJECTED || q.header.count[0] == 0)) {
		if (options_read(r, request, &q.edns, &options) != OK)
			status = ERR_MALFORMED;
		request->options = &options;
	}
	switch (status) {
	case OK:
		return resolve_question(r, request, &q, rounds, out);
	case ERR_REJECTED:
		return say_rcode(r, request, &q, RCODE_NOTIMP, EDE_NONE, NULL, out);
	case ERR_LIMIT:
		return say_rcode(r, request, &q, RCODE_BADVERS, EDE_NONE, NULL, out);
	case ERR_MALFORMED:
		if (asks_for_cookie(request, &q))
			return say_rcode(r, request, &q, RCODE_NOERROR, EDE_NONE, NULL, out);
		break;
	case ERR_SHORT:
	case ERR_NOMEM:
	case ERR_SYSTEM:
		break;
	}
	count_up(&r->counters.formerr);
	return say_rcode(r, request, &q, RCODE_FORMERR, EDE_NONE, NULL, out);
}

enum verdict
resolve_query(struct resolver *r, const struct request *request, struct writer *out)
{
	struct request placed = *request;

	r->scratch->used = 0;
	count_up(&r->counters.queries);
	return resolve_packet(r, &placed, 0, out);
}

bool
resolve_offline(struct resolver *r, uint32_t network, const struct question *q, uint64_t now_ms,
		struct answer *answer, struct ask *ask)
{
	struct chase chase;

	r->scratch->used = 0;
	chase_init(&chase, r, network, now_ms);
	return chase_question(&chase, q, answer, ask) == CHASE_ANSWERED;
}

/* Whom to tell when a flight lands. */
struct delivery {
	resolver_deliver_fn deliver;
	void *context;
	uint64_t now_ms;
};

/** The query of this try: a new ID each time. */
static void
make_query(struct resolver *r, struct flight *flight, struct upstream_action *out)
{
	const struct ask *ask = &flight->ask;
	struct builder b;

	flight->id = random_u16(r->random);
	build_query(&b, out->query, sizeof(out->query), flight->id, flight->asked, ask->type,
		    ask->klass);
	if (ask->checking_disabled)
		out->query[3] |= MSG_CD;
	build_opt(&b, flight->edns_size, ask->dnssec_ok, RCODE_NOERROR, EDE_NONE, NULL);
	out->query_len = (uint16_t)b.out.len;
}

static void
make_action(struct resolver *r, uint32_t slot, struct forward_action action,
	    struct upstream_action *out)
{
	struct flight *flight = flight_in(r->flights, slot);

	out->what = action.what;
	out->slot = slot;
	out->generation = flight->generation;
	out->target = flight->targets[action.target];
	out->deadline_ms = action.deadline_ms;
	make_query(r, flight, out);
	count_up(&r->counters.upstream_sent);
	if (action.what == FORWARD_SEND_STREAM)
		count_up(&r->counters.upstream_streams);
}

bool
resolver_next(struct resolver *r, uint64_t now_ms, struct upstream_action *out)
{
	uint32_t slot = r->started;
	struct flight *flight;

	if (slot == FLIGHT_NONE)
		return false;
	flight = flight_in(r->flights, slot);
	r->started = flight->next_started;
	make_action(r, slot, forward_step(&flight->forward, FORWARD_START, now_ms), out);
	return true;
}

/**
 * Resolve a waiter's query again, from the start, in the present snapshot.  Time stands
 * still for it: what was good when it asked, or came later, serves it even when its TTL ran
 * out since, so that a chain over slow upstreams or TTL 0 comes to an end.
 * Returns the next waiter.
 */
static uint32_t
resolve_waiter(struct resolver *r, uint32_t number, const struct delivery *to)
{
	struct waiter w = *flight_waiter(r->flights, number);
	struct request request = {
		.packet = w.packet,
		.len = w.packet_len,
		.client = w.client,
		.now_ms = w.since_ms,
		.options = &w.options,
	};
	uint32_t next = flight_waiter_free(r->flights, number);
	size_t room = w.client.stream ? MSG_MAX_OCTETS : UDP_REPLY_OCTETS;
	struct writer out;

	r->scratch->used = 0;
	options_settle(r, &w.options);
	out = writer_over(scratch_room(r->scratch, room), room);
	switch (resolve_packet(r, &request, (uint8_t)(w.rounds + 1), &out)) {
	case VERDICT_SEND:
		to->deliver(to->context, &w.client, out.base, out.len);
		break;
	case VERDICT_DROP:
		to->deliver(to->context, &w.client, NULL, 0);
		break;
	case VERDICT_WAIT:
		break;
	}
	return next;
}

/**
 * The flight is over; its answer is in r->reply_room.  The waiters get it from there, so
 * that neither a full cache nor a TTL of 0 sends them round again.
 */
static void
land(struct resolver *r, uint32_t slot, const struct delivery *to)
{
	const struct ask ask = flight_in(r->flights, slot)->ask;
	struct cached *entry = (struct cached *)(void *)r->reply_room;
	uint32_t waiter;

	cache_put(r->cache, &ask, entry, to->now_ms);
	r->landed_ask = &ask;
	r->landed = entry;
	waiter = flight_land(r->flights, slot);
	while (waiter != FLIGHT_NONE)
		waiter = resolve_waiter(r, waiter, to);
	r->landed_ask = NULL;
	r->landed = NULL;
}

/** All tries are spent: SERVFAIL that names the rule. */
static void
give_up(struct resolver *r, const struct flight *flight)
{
	char domain[NAME_TEXT_MAX], rcode[CODE_TEXT_MAX], text[SCRATCH_TEXT_MAX];

	name_print(flight->domain, domain);
	if (flight->refusal == RCODE_NOERROR)
		snprintf(text, sizeof(text), "rule %s (%.300s): no target answered",
			 flight->rule_id, domain);
	else
		snprintf(text, sizeof(text), "rule %s (%.300s): targets answered %s",
			 flight->rule_id, domain, rcode_print(flight->refusal, rcode));
	reply_failure(RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY, text,
		      (struct cached *)(void *)r->reply_room);
}

/** Tell the flight's state machine, and do what it says. */
static void
advance(struct resolver *r, uint32_t slot, enum forward_event event, const struct delivery *to,
	struct upstream_action *out)
{
	struct flight *flight = flight_in(r->flights, slot);
	struct forward_action action = forward_step(&flight->forward, event, to->now_ms);

	switch (action.what) {
	case FORWARD_WAIT:
		break;
	case FORWARD_SEND_UDP:
	case FORWARD_SEND_STREAM:
		make_action(r, slot, action, out);
		break;
	case FORWARD_GIVE_UP:
		give_up(r, flight);
		land(r, slot, to);
		break;
	case FORWARD_DELIVER:
		land(r, slot, to);
		break;
	}
}

void
resolver_reply(struct resolver *r, uint32_t slot, uint32_t generation, const uint8_t *packet,
	       size_t len, uint64_t now_ms, resolver_deliver_fn deliver, void *context,
	       struct upstream_action *out)
{
	struct delivery to = { deliver, context, now_ms };
	struct flight *flight = flight_at(r->flights, slot, generation);
	uint16_t rcode;

	out->what = FORWARD_WAIT;
	if (!flight)	/* already answered */
		return;
	switch (reply_read(packet, len, &flight->ask, flight->id, flight->asked, flight->domain,
			   (struct cached *)(void *)r->reply_room, &rcode)) {
	case REPLY_IGNORED:
		count_up(&r->counters.upstream_ignored);
		break;
	case REPLY_ANSWER:
		advance(r, slot, FORWARD_REPLY, &to, out);
		break;
	case REPLY_TRUNCATED:
		advance(r, slot, FORWARD_TRUNCATED, &to, out);
		break;
	case REPLY_FAILED:
		flight->refusal = rcode;
		advance(r, slot, FORWARD_REFUSED, &to, out);
		break;
	}
}

void
resolver_lost(struct resolver *r, uint32_t slot, uint32_t generation, uint64_t now_ms,
	      resolver_deliver_fn deliver, void *context, struct upstream_action *out)
{
	struct delivery to = { deliver, context, now_ms };

	out->what = FORWARD_WAIT;
	if (!flight_at(r->flights, slot, generation))
		return;
	count_up(&r->counters.upstream_lost);
	advance(r, slot, FORWARD_LOST, &to, out);
}
