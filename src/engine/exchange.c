#include "engine/exchange.h"

#include <assert.h>
#include <stdio.h>

#include "dns/codes.h"
#include "engine/hearing.h"
#include "engine/reply.h"
#include "engine/targets.h"
#include "engine/upstream_options.h"

#define OPT_OCTETS     11	/* without options */
#define SECOND_LOSS_MS 500	/* as long as a target has to be silent: see targets.h */
#define HALF_A_SECOND  4	/* of a budget of packets, in questions with their replies */

_Static_assert(MSG_HEADER_OCTETS + NAME_MAX_OCTETS + 4 + OPT_OCTETS +
		       UPSTREAM_OPTIONS_OCTETS <= FLIGHT_PACKET_MAX,
	       "the longest query has room");

static struct cached *
room(struct resolver *r)
{
	return (struct cached *)(void *)r->reply_room;
}

/* --- what a try costs --- */

static enum budget_kind
budget_kind(const struct flight *flight)
{
	switch (flight->kind) {
	case FLIGHT_FIRST:
		return BUDGET_FIRST;
	case FLIGHT_REFRESH:
		return BUDGET_REFRESH;
	case FLIGHT_PREFETCH:
		return BUDGET_PREFETCH;
	}
	return BUDGET_PREFETCH;
}

/** Whether a stream is open already is not known here: reckon with the dearer one. */
static struct budget_cost
cost_of(const struct forward_action *action)
{
	return action->what == FORWARD_SEND_STREAM ? BUDGET_COST_STREAM_OPEN : BUDGET_COST_UDP;
}

/**
 * Take what a try costs, unless others wait for the same budget, or the flight itself does
 * to make another one.  true: it may be sent.
 */
static bool
pay(struct resolver *r, const struct flight *flight, uint32_t slot, enum forward_event event,
    const struct forward_action *action, uint64_t now_ms)
{
	const uint8_t *ip = flight->targets[action->target].ip;
	struct budget *budget = budgets_find(r->budgets, ip);
	const struct hold *hold;

	if (!budget)
		return true;
	hold = hold_find(&r->holds, ip);
	if ((hold && hold->queue.first != slot) || (flight->queue && event != flight->pending))
		return false;
	return budget_take(budget, budget_kind(flight), cost_of(action), now_ms);
}

static void
settle(struct resolver *r, const struct flight *flight, const struct flight_try *try,
       uint64_t now_ms)
{
	struct budget *budget = budgets_find(r->budgets, flight->targets[try->target].ip);

	if (budget && try->budgeted)
		budget_settle(budget, try->cost, try->followed, now_ms);
}

/** Wait until the budget has room; what the machine was told is told again then. */
static enum exchange_end
wait_for_budget(struct resolver *r, uint32_t slot, const struct forward_action *action,
		enum forward_event event, uint8_t lane, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);
	const uint8_t *ip = flight->targets[action->target].ip;
	struct budget *budget = budgets_find(r->budgets, ip);
	uint64_t when_ms = budget_when(budget, budget_kind(flight), cost_of(action), now_ms);
	struct hold *hold = hold_find(&r->holds, ip);

	if (hold && flight->queue == &hold->queue) {	/* it waits already */
		if (hold->queue.first == slot)
			hold->due_ms = when_ms;
		return EXCHANGE_GOES_ON;
	}
	if (flight->kind != FLIGHT_FIRST ||
	    !hold_add(&r->holds, r->flights, ip, budget_limit(budget) / HALF_A_SECOND, slot,
		      when_ms)) {
		if (flight->kind == FLIGHT_FIRST)
			count_up(&r->counters.budget_full);
		return EXCHANGE_DENIED;
	}
	flight->pending = (uint8_t)event;
	flight->pending_lane = lane;
	count_up(&r->counters.budget_waits);
	return EXCHANGE_GOES_ON;
}

/**
 * A try was lost.  One question that nobody can answer fast is asked up to FORWARD_MAX_SENDS
 * times, which alone does not make its target one that is down: a flight tells of one loss,
 * and of a second when the target has been silent for so long that it may count as down.
 */
static void
tell_lost(struct resolver *r, struct flight *flight, uint8_t target, uint64_t now_ms)
{
	uint8_t *told = &flight->losses_told[target];

	count_up(&r->counters.upstream_lost);
	if (*told > 1 || (*told == 1 && now_ms - flight->started_ms < SECOND_LOSS_MS))
		return;
	++*told;
	targets_lost(r->targets, flight->target_slots[target], now_ms);
}

/* --- sending --- */

/** The name in letters whose case nobody can guess (one bit of each octet is enough). */
static void
mix_case(struct random *random, const struct name *name, uint8_t out[NAME_MAX_OCTETS])
{
	uint8_t bits[(NAME_MAX_OCTETS + 7) / 8];

	random_bytes(random, bits, (name->len + 7u) / 8);
	for (unsigned i = 0; i < name->len; i++) {
		uint8_t octet = name->wire[i];
		bool letter = octet >= 'a' && octet <= 'z';

		out[i] = letter && bits[i / 8] >> i % 8 & 1 ? octet ^ 0x20 : octet;
	}
}

/** The query of this try: ID and letter case are new each time. */
static void
make_query(struct resolver *r, const struct flight *flight, struct flight_try *try,
	   uint64_t now_ms, struct upstream_action *out)
{
	const struct ask *ask = &flight->ask;
	uint32_t target = flight->target_slots[try->target];
	struct builder b;

	try->id = random_u16(r->random);
	try->any_case = try->stream ||
			targets_case(r->targets, target, now_ms) == TARGET_CASE_LOSES;
	try->edns = targets_speaks_edns(r->targets, target, now_ms);
	mix_case(r->random, &ask->name, try->asked);
	build_query(&b, out->query, sizeof(out->query), try->id, try->asked, ask->type,
		    ask->klass);
	if (ask->checking_disabled)
		out->query[3] |= MSG_CD;
	if (try->edns) {
		build_opt_begin(&b, flight->edns_size, ask->dnssec_ok, RCODE_NOERROR);
		upstream_options_write(&b, &r->secret, &flight->targets[try->target],
				       targets_cookie(r->targets, target), flight->hops, now_ms);
	}
	out->query_len = (uint16_t)b.out.len;
}

/** Have io carry out a try that is paid for.  false: it could not. */
static bool
send_try(struct resolver *r, uint32_t slot, const struct forward_action *action, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);
	struct flight_try *try = &flight->tries[action->lane];
	struct upstream_action out;	/* large: not cleared */

	assert(!try->open);
	try->stream = action->what == FORWARD_SEND_STREAM;
	try->target = action->target;
	try->sent_ms = now_ms;
	try->cost = cost_of(action);
	try->budgeted = budgets_find(r->budgets, flight->targets[action->target].ip) != NULL;
	try->followed = try->cost.room;	/* unless something is heard: it may merely be late */
	out.what = action->what;
	out.slot = slot;
	out.generation = flight->generation;
	out.lane = action->lane;
	out.target = flight->targets[action->target];
	make_query(r, flight, try, now_ms, &out);
	targets_sent(r->targets, flight->target_slots[action->target], now_ms);
	count_up(&r->counters.upstream_sent);
	if (try->stream)
		count_up(&r->counters.upstream_streams);
	try->open = r->io->ask(r->io->context, &out);
	if (!try->open) {
		try->followed = 0;
		settle(r, flight, try, now_ms);
	}
	return try->open;
}

/** Close the lanes that the machine has done with; in some nothing was sent after all. */
static void
end_lanes(struct resolver *r, uint32_t slot, const struct forward_action *action,
	  uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);

	for (uint8_t lane = 0; lane < FORWARD_LANES; lane++) {
		struct flight_try *try = &flight->tries[lane];

		if (!(action->ended >> lane & 1) || !try->open)
			continue;
		try->open = false;
		r->io->end(r->io->context, slot, lane);
		settle(r, flight, try, now_ms);
		if (action->silent >> lane & 1)
			tell_lost(r, flight, try->target, now_ms);
	}
}

/* --- the machine --- */

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
	reply_failure(RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY, text, room(r));
	room(r)->silent = flight->refusal == RCODE_NOERROR;
}

/** Would time alone ask one that is known to be down?  Probes are for that. */
static bool
asks_in_vain(const struct resolver *r, const struct flight *flight, enum forward_event event,
	     const struct forward_action *action)
{
	return (event == FORWARD_TIME || event == FORWARD_NO_HEDGE) &&
	       action->target != flight->forward.choice.probe &&
	       targets_is_down(r->targets, flight->target_slots[action->target]);
}

/** A second try, by why it is made. */
static void
count_resend(struct resolver *r, enum forward_event event, bool hedge)
{
	if (hedge)
		count_up(&r->counters.hedges);
	else if (event == FORWARD_TIME || event == FORWARD_NO_HEDGE)
		count_up(&r->counters.retries);
}

/** Tell the machine, and do what it says. */
static enum exchange_end
advance(struct resolver *r, uint32_t slot, enum forward_event event, uint8_t lane,
	uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);
	bool paid;

	for (;;) {
		const struct forward before = flight->forward;
		bool hedge = event == FORWARD_TIME && forward_hedges(&before, now_ms);
		struct forward_action action =
			forward_step(&flight->forward, event, lane, now_ms);

		switch (action.what) {
		case FORWARD_WAIT:
			end_lanes(r, slot, &action, now_ms);
			flight_set_due(r->flights, slot, forward_due(&flight->forward));
			return EXCHANGE_GOES_ON;
		case FORWARD_DELIVER:
			end_lanes(r, slot, &action, now_ms);
			return EXCHANGE_ANSWERED;
		case FORWARD_GIVE_UP:
			end_lanes(r, slot, &action, now_ms);
			give_up(r, flight);
			return EXCHANGE_FAILED;
		case FORWARD_SEND_UDP:
		case FORWARD_SEND_STREAM:
			break;
		}
		paid = !asks_in_vain(r, flight, event, &action) &&
		       pay(r, flight, slot, event, &action, now_ms);
		if (!paid && (event == FORWARD_START || event == FORWARD_TRUNCATED)) {
			flight->forward = before;
			return wait_for_budget(r, slot, &action, event, lane, now_ms);
		}
		if (paid && flight->queue)
			flight_queue_leave(r->flights, slot);
		end_lanes(r, slot, &action, now_ms);
		flight_set_due(r->flights, slot, forward_due(&flight->forward));
		if (!paid)	/* as if it were dropped on the way */
			return EXCHANGE_GOES_ON;
		count_resend(r, event, hedge);
		if (send_try(r, slot, &action, now_ms))
			return EXCHANGE_GOES_ON;
		event = FORWARD_LOST;
		lane = action.lane;
	}
}

static void
choose(struct resolver *r, struct flight *flight, uint64_t now_ms)
{
	struct target_choice choice;

	targets_share(r->targets, budgets_outages(r->budgets));
	for (unsigned i = 0; i < flight->target_count; i++)
		flight->target_slots[i] = targets_slot(r->targets, &flight->targets[i], now_ms);
	targets_choose(r->targets, flight->target_slots, flight->target_count,
		       (enum target_policy)flight->policy, r->random, now_ms, &choice);
	forward_init(&flight->forward, &choice, flight->max_tries, flight->timeout_ms);
	if (choice.probe != TARGET_NO_PROBE)
		count_up(&r->counters.probes);
}

enum exchange_end
exchange_start(struct resolver *r, uint32_t slot, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);

	flight->started_ms = now_ms;
	choose(r, flight, now_ms);
	return advance(r, slot, FORWARD_START, 0, now_ms);
}

enum exchange_end
exchange_resume(struct resolver *r, uint32_t slot, uint64_t now_ms)
{
	const struct flight *flight = flight_in(r->flights, slot);

	if (now_ms - flight->started_ms > HOLD_MOST_MS) {
		count_up(&r->counters.budget_full);
		return EXCHANGE_DENIED;
	}
	return advance(r, slot, (enum forward_event)flight->pending, flight->pending_lane,
		       now_ms);
}

enum exchange_end
exchange_time(struct resolver *r, uint32_t slot, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);
	const struct forward *f = &flight->forward;
	enum forward_event event = FORWARD_TIME;

	if (forward_hedges(f, now_ms) &&
	    !targets_take_hedge(r->targets, flight->target_slots[f->choice.order[0]]))
		event = FORWARD_NO_HEDGE;
	return advance(r, slot, event, 0, now_ms);
}

enum exchange_end
exchange_lost(struct resolver *r, uint32_t slot, uint8_t lane, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);

	tell_lost(r, flight, flight->tries[lane].target, now_ms);
	return advance(r, slot, FORWARD_LOST, lane, now_ms);
}

void
exchange_abandon(struct resolver *r, uint32_t slot, uint64_t now_ms)
{
	const struct forward_action all = { .ended = (1u << FORWARD_LANES) - 1 };

	end_lanes(r, slot, &all, now_ms);
}

enum exchange_end
exchange_reply(struct resolver *r, uint32_t slot, uint8_t lane, const uint8_t *packet,
	       size_t len, enum reply_path path, uint64_t now_ms)
{
	struct flight *flight = flight_in(r->flights, slot);
	struct hearing heard = { .packet = packet, .len = len, .path = path };

	switch (hearing_take(r, flight, lane, &heard, now_ms)) {
	case HEARING_IGNORED:
		return EXCHANGE_GOES_ON;
	case HEARING_EVENT:
		return advance(r, slot, heard.event, lane, now_ms);
	case HEARING_LOOP:	/* others of the rule would only send it round again */
		flight->looped = true;
		advance(r, slot, FORWARD_REPLY, lane, now_ms);
		reply_failure(RCODE_SERVFAIL, EDE_OTHER, EXCHANGE_LOOP_TEXT, room(r));
		return EXCHANGE_FAILED;
	}
	return EXCHANGE_GOES_ON;
}
