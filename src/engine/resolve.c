#include "engine/resolve.h"

#include "dns/codes.h"
#include "engine/chase.h"
#include "engine/compose.h"
#include "engine/conduct.h"
#include "engine/exchange.h"
#include "engine/options.h"
#include "engine/route.h"
#include "engine/upstream_options.h"

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
		.reply_room = reply_room,
	};
	if (random)
		random_bytes(random, &r->secret, sizeof(r->secret));
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

/** It would go in a circle: SERVFAIL, and who counts hops learns that asking on is no use. */
static enum verdict
say_loop(struct resolver *r, const struct request *request, const struct question *q,
	 struct writer *out)
{
	struct reply_options options = { 0 };
	struct request marked = *request;

	if (request->options)
		options = *request->options;
	options.looped = true;
	marked.options = &options;
	count_up(&r->counters.loops);
	return say_rcode(r, &marked, q, RCODE_SERVFAIL, EDE_OTHER, EXCHANGE_LOOP_TEXT, out);
}

/** Chase the question as far as it goes; what is worth a refresh on the way gets one. */
static inline enum chase_end
take_question(struct resolver *r, const struct request *request, const struct question *q,
	      enum stale_policy stale, struct answer *answer, struct ask *ask)
{
	struct refreshes refreshes;	/* large: not cleared */
	struct chase chase;
	enum chase_end end;

	chase_init(&chase, r, request->network, request->now_ms);
	chase.clock_ms = request->now_ms + request->waited_ms;
	chase.targets = r->targets;
	chase.keep = r->keep;
	chase.random = r->random;
	chase.dns64 = request->dns64;
	chase.zones_only = request->zones_only;
	chase.stale = stale;
	chase.refreshes = &refreshes;
	refreshes.count = 0;
	end = chase_question(&chase, q, answer, ask);
	if (refreshes.count && r->flights)
		conduct_refresh(r, &refreshes);
	return end;
}

/** There is no place to wait: the newest goes, with what is stale if there is any. */
static enum verdict
shed(struct resolver *r, const struct request *request, const struct question *q,
     const struct ask *ask, uint64_t *counter, const char *why, struct writer *out)
{
	struct answer answer;
	struct ask other;

	count_up(counter);
	if (ask->has_stale &&
	    take_question(r, request, q, STALE_NOW, &answer, &other) == CHASE_ANSWERED)
		return say(r, request, q, &answer, out);
	return say_rcode(r, request, q, RCODE_SERVFAIL, EDE_NETWORK_ERROR, why, out);
}

/** Wait for an upstream, together with all who ask the same. */
static enum verdict
park(struct resolver *r, const struct request *request, const struct question *q,
     const struct ask *ask, uint8_t rounds, struct writer *out)
{
	struct counters *counters = &r->counters;
	uint32_t slot;

	if (rounds >= RESOLVE_MAX_ROUNDS)
		return say_rcode(r, request, q, RCODE_SERVFAIL, EDE_OTHER,
				 "too many upstream exchanges for one question", out);

	switch (flight_join(r->flights, r->snap, ask, request, q, rounds, &slot)) {
	case FLIGHT_STARTED:
		count_up(&counters->flights_started);
		flight_queue_add(&r->started, r->flights, slot);
		return VERDICT_WAIT;
	case FLIGHT_JOINED:
		count_up(&counters->flights_joined);
		return VERDICT_WAIT;
	case FLIGHT_FULL:
		return shed(r, request, q, ask, &counters->flights_full,
			    "too many questions are waiting for upstreams", out);
	case FLIGHT_RULE_FULL:
		return shed(r, request, q, ask, &counters->rule_full,
			    "too many questions are waiting for this rule's targets", out);
	case FLIGHT_CLIENT_FULL:
		return shed(r, request, q, ask, &counters->client_full,
			    "too many questions of this client are waiting", out);
	case FLIGHT_LOOPS:
		return say_loop(r, request, q, out);
	}
	return VERDICT_DROP;
}

/** A question that could be read, from a client that may ask. */
static enum verdict
resolve_question(struct resolver *r, const struct request *request, const struct question *q,
		 const struct attempt *attempt, struct writer *out)
{
	const struct refusal *refusal = attempt->refusal;
	struct answer answer;
	struct ask ask;

	if (take_question(r, request, q, attempt->stale, &answer, &ask) == CHASE_ASK) {
		if (!refusal)
			return park(r, request, q, &ask, attempt->rounds, out);
		return say_rcode(r, request, q, RCODE_SERVFAIL, refusal->ede, refusal->text, out);
	}
	if (r->landed_loop && answer.rcode == RCODE_SERVFAIL)
		return say_loop(r, request, q, out);
	return say(r, request, q, &answer, out);
}

/** Without a question one may learn, or show, a cookie (RFC 7873 5.4). */
static bool
asks_for_cookie(const struct request *request, const struct question *q)
{
	return q->header.count[0] == 0 && request->options && request->options->has_cookie;
}

/** One query from the start, be it new or that of a waiter. */
static enum verdict
resolve_packet(struct resolver *r, struct request *request, const struct attempt *attempt,
	       struct writer *out)
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
		if (options.hops > HOPS_MOST)
			return say_loop(r, request, &q, out);
	}
	switch (status) {
	case OK:
		return resolve_question(r, request, &q, attempt, out);
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
	static const struct attempt first = { 0, STALE_AFTER_FAILURE, NULL };
	struct request placed = *request;

	r->scratch->used = 0;
	count_up(&r->counters.queries);
	return resolve_packet(r, &placed, &first, out);
}

enum verdict
resolve_again(struct resolver *r, const struct waiter *waiter, const struct attempt *attempt,
	      uint64_t now_ms, struct writer *out)
{
	struct request request = {
		.packet = waiter->packet,
		.len = waiter->packet_len,
		.client = waiter->client,
		.now_ms = waiter->since_ms,
		.waited_ms = now_ms - waiter->since_ms,
		.options = &waiter->options,
	};

	return resolve_packet(r, &request, attempt, out);
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
