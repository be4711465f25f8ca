#include "engine/chase.h"

#include "dns/codes.h"
#include "engine/chaos.h"
#include "engine/dns64.h"
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
	if (w->by->zones_only && w->hop == 0 && w->route.kind != ROUTE_ZONE) {
		walk_assume(w, ASSUME_OUTSIDE_DELEGATED);
		answer_fail(w->answer, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE,
			    "this endpoint answers for private zones only");
		return STEP_DONE;
	}
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
	const struct snapshot_endpoint *as = NULL;
	bool dns64 = network != NETWORK_NONE && snapshot_network(r->snap, network)->dns64;

	if (r->as != ENDPOINT_NONE)
		as = snapshot_endpoint(r->snap, r->as);
	*chase = (struct chase){
		.snap = r->snap,
		.network = network,
		.dns64 = as ? as->dns64 : dns64,
		.zones_only = as && route_zones_only(r->snap, as),
		.now_ms = now_ms,
		.clock_ms = now_ms,
		.scratch = r->scratch,
		.cache = r->cache,
		.landed_ask = r->landed_ask,
		.landed = r->landed,
		.healthy = r->healthy,
		.counters = &r->counters,
	};
}

/** A reverse name of the DNS64 prefix is another name for that of the IPv4 address. */
static enum step
take_reverse(struct walk *w, const struct name *v4)
{
	struct rrset cname;

	if (!scratch_rrset(w->by->scratch, TYPE_CNAME, DNS64_TTL_S,
			   (struct rdata){ v4->wire, v4->len }, &cname))
		return walk_fail(w, "no room for a synthesised CNAME");
	return walk_add_link(w, cname, cname.ttl_s) ? walk_follow(w, walk_target(&cname))
						    : STEP_DONE;
}

static enum step
first_step(struct walk *w)
{
	struct name v4;

	if (w->by->dns64 && w->q->type == TYPE_PTR && dns64_reverse(&w->q->name, &v4))
		return take_reverse(w, &v4);
	return STEP_FOLLOW;
}

/** The question as it stands. */
static enum chase_end
chase_plainly(const struct chase *by, const struct question *q, struct answer *answer,
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
	step = first_step(&w);
	while (step == STEP_FOLLOW)
		step = take_hop(&w);
	return step == STEP_ASK ? CHASE_ASK : CHASE_ANSWERED;
}

static void
tell_made(const struct chase *by, const struct question *q, const struct answer *answer)
{
	for (unsigned i = 0; by->tell && i < answer->count; i++) {
		const struct answer_item *item = &answer->items[i];
		struct explain_step step = {
			.kind = EXPLAIN_RECORDS, .network = by->network, .name = &q->name,
			.set = item->set, .ttl_s = item->ttl_s, .section = item->section,
		};

		if (item->section == SECTION_ANSWER && item->set.type == TYPE_AAAA)
			by->tell(by->context, &step);
	}
}

/** There is no AAAA: what A there is, or is not, makes the answer (RFC 6147 5.1.6). */
static enum chase_end
chase_dns64(const struct chase *by, const struct question *q, struct answer *answer,
	    struct ask *ask)
{
	struct explain_step step = { .kind = EXPLAIN_DNS64, .network = by->network,
				     .name = &q->name };
	uint32_t ttl_s = dns64_ttl(answer);
	struct question for_a = *q;

	for_a.type = TYPE_A;
	if (by->tell)
		by->tell(by->context, &step);
	if (chase_plainly(by, &for_a, answer, ask) == CHASE_ASK)
		return CHASE_ASK;
	if (!dns64_make(answer, ttl_s, by->scratch)) {
		answer_fail(answer, RCODE_SERVFAIL, EDE_OTHER, "no room for synthesised AAAA");
		return CHASE_ANSWERED;
	}
	tell_made(by, q, answer);
	return CHASE_ANSWERED;
}

enum chase_end
chase_question(const struct chase *by, const struct question *q, struct answer *answer,
	       struct ask *ask)
{
	enum chase_end end = chase_plainly(by, q, answer, ask);

	if (end == CHASE_ASK || !by->dns64)
		return end;
	if (dns64_is_wanted(q, answer))
		return chase_dns64(by, q, answer, ask);
	if (!dns64_exclude(q, answer, by->scratch))
		answer_fail(answer, RCODE_SERVFAIL, EDE_OTHER, "no room for the AAAA");
	return CHASE_ANSWERED;
}
