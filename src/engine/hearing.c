#include "engine/hearing.h"

#include "dns/codes.h"
#include "engine/targets.h"

/** What the reply teaches about its target. */
static void
learn(struct resolver *r, const struct flight *flight, const struct flight_try *try,
      const struct hearing *heard, uint64_t now_ms)
{
	uint32_t target = flight->target_slots[try->target];

	if (try->edns)
		upstream_options_learn(targets_cookie(r->targets, target), &heard->options,
				       try->stream, now_ms);
	if (try->stream)
		targets_learn_case(r->targets, target, heard->keeps_case, now_ms);
	if (heard->kind == REPLY_FAILED && heard->rcode != RCODE_BADCOOKIE)
		targets_refused(r->targets, target, now_ms);
	else
		targets_answered(r->targets, target, (uint32_t)(now_ms - try->sent_ms),
				 try->stream, now_ms);
}

/** FORMERR or NOTIMP without OPT to a query that had one: it may know no EDNS (RFC 6891 7). */
static bool
shuns_edns(const struct flight_try *try, const struct hearing *heard)
{
	return try->edns && heard->kind == REPLY_FAILED && !heard->options.has_opt &&
	       (heard->rcode == RCODE_FORMERR || heard->rcode == RCODE_NOTIMP);
}

/** The event that an accepted reply is. */
static enum forward_event
judge(struct resolver *r, struct flight *flight, const struct flight_try *try,
      const struct hearing *heard, uint64_t now_ms)
{
	if (shuns_edns(try, heard)) {
		if (!try->stream)
			return FORWARD_TRUNCATED;	/* could be forged: ask over a stream */
		targets_learn_no_edns(r->targets, flight->target_slots[try->target], now_ms);
	}
	switch (heard->kind) {
	case REPLY_ANSWER:
		return FORWARD_REPLY;
	case REPLY_TRUNCATED:
		return FORWARD_TRUNCATED;
	case REPLY_FAILED:
		if (heard->rcode == RCODE_BADCOOKIE)
			return FORWARD_BADCOOKIE;
		flight->refusal = heard->rcode;
		return FORWARD_REFUSED;
	case REPLY_IGNORED:
	case REPLY_SUSPECT:
		break;
	}
	return FORWARD_SUSPECT;
}

static enum hearing_end
accept_reply(struct resolver *r, struct flight *flight, struct flight_try *try,
	     struct hearing *heard, uint64_t now_ms)
{
	try->followed = budget_followed(try->cost, heard->len);
	learn(r, flight, try, heard, now_ms);
	if (heard->kind == REPLY_FAILED && heard->options.looped) {
		count_up(&r->counters.loops);
		return HEARING_LOOP;
	}
	heard->event = judge(r, flight, try, heard, now_ms);
	return HEARING_EVENT;
}

/** It is passed by, for this reason, and the target asked in another way. */
static enum hearing_end
doubt(struct resolver *r, struct hearing *heard, uint64_t *counter, enum forward_event event)
{
	count_up(&r->counters.upstream_ignored);
	count_up(counter);
	heard->event = event;
	return HEARING_EVENT;
}

enum hearing_end
hearing_take(struct resolver *r, struct flight *flight, uint8_t lane, struct hearing *heard,
	     uint64_t now_ms)
{
	struct flight_try *try = &flight->tries[lane];
	uint32_t target = flight->target_slots[try->target];
	const struct reply_expected expected = { &flight->ask, try->id, try->asked, try->any_case,
						 flight->domain };
	struct target_cookie *cookie = try->edns ? targets_cookie(r->targets, target) : NULL;

	heard->kind = reply_read(heard->packet, heard->len, &expected,
				 (struct cached *)(void *)r->reply_room, &heard->rcode);
	if (heard->kind == REPLY_IGNORED) {
		count_up(&r->counters.upstream_ignored);
		return HEARING_IGNORED;
	}
	if (heard->kind == REPLY_SUSPECT)
		return doubt(r, heard, &r->counters.case_suspects, FORWARD_SUSPECT);
	if (upstream_options_read(heard->packet, heard->len, try->stream, &r->secret,
				  &flight->targets[try->target], cookie,
				  &heard->options) == OPTIONS_FORGED)
		return doubt(r, heard, &r->counters.forged_cookies, FORWARD_SUSPECT);
	if (heard->path == PATH_UDP_FRAGMENTED)	/* nothing of it is believed */
		return doubt(r, heard, &r->counters.fragmented, FORWARD_TRUNCATED);
	heard->keeps_case = reply_keeps_case(heard->packet, &expected);
	return accept_reply(r, flight, try, heard, now_ms);
}
