#include "engine/chase.h"

#include "dns/codes.h"
#include "engine/chaos.h"
#include "engine/walk.h"

static enum step
take_hop(struct walk *w)
{
	if (w->inside) {
		const struct zone *zone = w->inside;

		w->inside = NULL;
		return hop_zone(w, zone);
	}
	if (!w->routed)
		walk_route(w);
	w->routed = false;
	switch (w->route.kind) {
	case ROUTE_ZONE:
		return hop_zone(w, w->route.zone);
	case ROUTE_FORWARD:
		return hop_upstream(w);
	case ROUTE_AUTODEFINED:
		return hop_autodefined(w);
	case ROUTE_NOWHERE:
		answer_fail(w->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
			    "no internet resolver configured");
		return STEP_DONE;
	case ROUTE_OFF:
		answer_fail(w->answer, RCODE_REFUSED, EDE_PROHIBITED,
			    "DNS support is off in this VPC");
		return STEP_DONE;
	}
	return STEP_DONE;
}

/** What is answered wherever it would be routed, mostly not at all. */
static bool
is_beside(const struct chase *by, const struct question *q, struct answer *answer)
{
	if (by->network == NETWORK_NONE) {
		answer_fail(answer, RCODE_REFUSED, EDE_PROHIBITED, "the client is in no network");
		return true;
	}
	if (q->klass == CLASS_CH) {
		chaos_answer(by, q, answer);
		return true;
	}
	if (q->klass != CLASS_IN || (q->type != TYPE_ANY && type_is_meta(q->type))) {
		answer_fail(answer, RCODE_REFUSED, EDE_NONE, NULL);
		return true;
	}
	return false;
}

void
chase_init(struct chase *chase, struct resolver *r, uint32_t network, uint64_t now_ms)
{
	*chase = (struct chase){
		.snap = r->snap,
		.network = network,
		.now_ms = now_ms,
		.scratch = r->scratch,
		.cache = r->cache,
		.landed_ask = r->landed_ask,
		.landed = r->landed,
		.healthy = r->healthy,
		.counters = &r->counters,
	};
}

enum chase_end
chase_question(const struct chase *by, const struct question *q, struct answer *answer,
	       struct ask *ask)
{
	struct later later;	/* large: not cleared */
	struct walk w = {
		.by = by,
		.q = q,
		.answer = answer,
		.ask = ask,
		.later = &later,
		.name = &q->name,
		.suffixes = &q->suffixes,
	};
	enum step step;

	answer_init(answer);
	if (is_beside(by, q, answer))
		return CHASE_ANSWERED;
	if (by->tell)
		walk_tell(&w, (struct explain_step){ .kind = EXPLAIN_HOP });
	do
		step = take_hop(&w);
	while (step == STEP_FOLLOW);
	return step == STEP_ASK ? CHASE_ASK : CHASE_ANSWERED;
}
