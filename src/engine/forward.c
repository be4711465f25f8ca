#include "engine/forward.h"

#define MAX_UDP_SENDS (FORWARD_MAX_SENDS - 1)	/* so that the last one can be a stream */
#define NOBODY	      UINT8_MAX

static uint32_t
at_least_1(uint32_t value)
{
	return value ? value : 1;
}

void
forward_init(struct forward *f, const struct target_choice *choice, uint8_t tries,
	     uint32_t timeout_ms)
{
	*f = (struct forward){
		.state = FORWARD_IDLE,
		.choice = *choice,
		.tries = (uint8_t)at_least_1(tries),
		.timeout_ms = at_least_1(timeout_ms),
		.resend_ms = FORWARD_NEVER,
		.end_ms = FORWARD_NEVER,
	};
	f->choice.hedge_ms = at_least_1(choice->hedge_ms);
	if (f->choice.retry_ms < f->choice.hedge_ms)
		f->choice.retry_ms = f->choice.hedge_ms;
}

static bool
is_probing(const struct forward *f)
{
	return f->choice.probe != TARGET_NO_PROBE;
}

static bool
in_the_air(const struct forward *f, unsigned lane)
{
	return f->lanes[lane].state != FORWARD_EMPTY;
}

static bool
has_expired(const struct forward *f, unsigned lane, uint64_t now_ms)
{
	return now_ms >= f->lanes[lane].since_ms + f->timeout_ms;
}

static bool
nothing_in_the_air(const struct forward *f)
{
	return !in_the_air(f, 0) && !in_the_air(f, 1);
}

static bool
may_ask_another(const struct forward *f)
{
	return !f->choice.alone && f->noes < f->tries && f->sends < MAX_UDP_SENDS;
}

/** Empty a lane.  It counts as a loss when the reply is late, not when it was cut short. */
static void
lane_over(struct forward *f, uint8_t lane, bool may_be_loss, uint64_t now_ms,
	  struct forward_action *action)
{
	struct forward_lane *over = &f->lanes[lane];

	if (over->state == FORWARD_EMPTY)
		return;
	action->ended |= (uint8_t)(1u << lane);
	action->asked[lane] = over->target;
	if (may_be_loss && now_ms - over->since_ms >= f->choice.hedge_ms)
		action->silent |= (uint8_t)(1u << lane);
	over->state = FORWARD_EMPTY;
}

static void
finish(struct forward *f, enum forward_state state, enum forward_what what, uint64_t now_ms,
       struct forward_action *action)
{
	for (uint8_t lane = 0; lane < FORWARD_LANES; lane++)
		lane_over(f, lane, true, now_ms, action);
	f->state = state;
	action->what = what;
}

static void
send_to(struct forward *f, uint8_t lane, uint8_t target, enum forward_what what, uint64_t now_ms,
	struct forward_action *action)
{
	uint32_t patience_ms = f->hedged ? f->choice.retry_ms : f->choice.hedge_ms;

	f->lanes[lane] = (struct forward_lane){
		.state = what == FORWARD_SEND_UDP ? FORWARD_ON_UDP : FORWARD_ON_STREAM,
		.target = target,
		.since_ms = now_ms,
	};
	f->sends++;
	f->sent_ms = now_ms;
	f->resend_ms = may_ask_another(f) ? now_ms + patience_ms : FORWARD_NEVER;
	action->what = what;
	action->lane = lane;
	action->target = target;
}

/** May the target at this place of the order be asked? */
static bool
is_usable(const struct forward *f, uint8_t place)
{
	if (f->refused & 1u << f->choice.order[place])
		return false;
	return !is_probing(f) || place > 0 || f->sends == 0;	/* a probe is asked once */
}

/**
 * Move on to the next target, and prefer one that is not being asked in the other lane.
 * NOBODY: all have refused.
 */
static uint8_t
next_target(struct forward *f, uint8_t lane)
{
	const struct forward_lane *other = &f->lanes[!lane];
	uint8_t same = NOBODY;

	for (uint8_t n = 0; n < f->choice.count; n++) {
		uint8_t place = (uint8_t)((f->next + n) % f->choice.count);
		uint8_t target = f->choice.order[place];

		if (!is_usable(f, place))
			continue;
		if (other->state != FORWARD_EMPTY && other->target == target) {
			same = target;
			continue;
		}
		f->next = (uint8_t)((place + 1) % f->choice.count);
		return target;
	}
	return same;
}

/** This lane got a "no", or what it waited for is over: ask somebody else at once, if any. */
static void
go_on(struct forward *f, uint8_t lane, uint64_t now_ms, struct forward_action *action)
{
	const struct forward_lane *other = &f->lanes[!lane];
	uint8_t target = may_ask_another(f) ? next_target(f, lane) : NOBODY;
	bool asked_already = other->state != FORWARD_EMPTY && other->target == target;

	if (target != NOBODY && !asked_already)
		send_to(f, lane, target, FORWARD_SEND_UDP, now_ms, action);
	else if (nothing_in_the_air(f))
		finish(f, FORWARD_FAILED, FORWARD_GIVE_UP, now_ms, action);
	else if (target == NOBODY)
		f->resend_ms = FORWARD_NEVER;
}

/** The target in this lane said that it has no answer, or the network said so for it. */
static void
take_no(struct forward *f, uint8_t lane, bool refused, uint64_t now_ms,
	struct forward_action *action)
{
	uint8_t target = f->lanes[lane].target;

	if (target != f->choice.probe)
		f->noes++;
	if (refused)
		f->refused |= (uint8_t)(1u << target);
	lane_over(f, lane, false, now_ms, action);
	go_on(f, lane, now_ms, action);
}

/** Ask the same target again, in this lane; without a send left it was a "no". */
static void
ask_again(struct forward *f, uint8_t lane, enum forward_what what, uint64_t now_ms,
	  struct forward_action *action)
{
	unsigned most = what == FORWARD_SEND_UDP ? MAX_UDP_SENDS : FORWARD_MAX_SENDS;
	uint8_t target = f->lanes[lane].target;

	if (f->lanes[lane].state == FORWARD_ON_STREAM || f->sends >= most) {
		take_no(f, lane, false, now_ms, action);
		return;
	}
	lane_over(f, lane, false, now_ms, action);
	send_to(f, lane, target, what, now_ms, action);
}

static void
mend_cookie(struct forward *f, uint8_t lane, uint64_t now_ms, struct forward_action *action)
{
	bool again = !f->cookie_mended && f->sends < MAX_UDP_SENDS;

	f->cookie_mended = true;
	ask_again(f, lane, again ? FORWARD_SEND_UDP : FORWARD_SEND_STREAM, now_ms, action);
}

static void
doubt(struct forward *f, uint8_t lane, uint64_t now_ms, struct forward_action *action)
{
	uint8_t other = !lane;

	if (f->doubted || f->sends >= FORWARD_MAX_SENDS ||
	    f->lanes[lane].state == FORWARD_ON_STREAM ||
	    f->lanes[other].state == FORWARD_ON_STREAM)
		return;
	f->doubted = true;
	lane_over(f, other, true, now_ms, action);
	send_to(f, other, f->lanes[lane].target, FORWARD_SEND_STREAM, now_ms, action);
}

/** The empty lane, or that which has waited longest on UDP; NOBODY: streams in both. */
static uint8_t
lane_to_use(const struct forward *f)
{
	uint8_t found = NOBODY;

	for (uint8_t lane = 0; lane < FORWARD_LANES; lane++) {
		if (f->lanes[lane].state == FORWARD_EMPTY)
			return lane;
		if (f->lanes[lane].state == FORWARD_ON_UDP &&
		    (found == NOBODY || f->lanes[lane].since_ms < f->lanes[found].since_ms))
			found = lane;
	}
	return found;
}

/** It is time for another packet. */
static void
resend(struct forward *f, uint64_t now_ms, struct forward_action *action)
{
	uint8_t lane = lane_to_use(f);
	uint8_t target = lane == NOBODY ? NOBODY : next_target(f, lane);

	f->resend_ms = FORWARD_NEVER;
	f->hedged = true;	/* the token was taken, used or not */
	if (target == NOBODY)
		return;
	lane_over(f, lane, true, now_ms, action);
	send_to(f, lane, target, FORWARD_SEND_UDP, now_ms, action);
}

static void
tick(struct forward *f, uint64_t now_ms, struct forward_action *action)
{
	uint8_t emptied = NOBODY;

	if (now_ms >= f->end_ms) {
		finish(f, FORWARD_FAILED, FORWARD_GIVE_UP, now_ms, action);
		return;
	}
	for (uint8_t lane = 0; lane < FORWARD_LANES; lane++) {
		if (in_the_air(f, lane) && has_expired(f, lane, now_ms)) {
			lane_over(f, lane, true, now_ms, action);
			action->silent |= (uint8_t)(1u << lane);	/* however short */
			emptied = lane;
		}
	}
	if (nothing_in_the_air(f))
		go_on(f, emptied == NOBODY ? 0 : emptied, now_ms, action);
	else if (now_ms >= f->resend_ms)
		resend(f, now_ms, action);
}

static void
hold_hedge(struct forward *f, uint64_t now_ms)
{
	uint64_t retry_at = f->sent_ms + f->choice.retry_ms;

	if (!forward_hedges(f, now_ms))
		return;
	f->hedged = true;
	f->resend_ms = retry_at > now_ms ? retry_at : now_ms + 1;
}

static void
start(struct forward *f, uint64_t now_ms, struct forward_action *action)
{
	uint64_t patience_ms = (uint64_t)f->tries * f->timeout_ms;

	f->state = FORWARD_ASKING;
	if (f->choice.alone && patience_ms > FORWARD_ALONE_MS)
		patience_ms = FORWARD_ALONE_MS;
	f->end_ms = now_ms + patience_ms;
	if (!f->choice.count) {
		finish(f, FORWARD_FAILED, FORWARD_GIVE_UP, now_ms, action);
		return;
	}
	send_to(f, 0, next_target(f, 0), FORWARD_SEND_UDP, now_ms, action);
}

/** An event of one lane, on which something is in the air. */
static void
step_lane(struct forward *f, enum forward_event event, uint8_t lane, uint64_t now_ms,
	  struct forward_action *action)
{
	switch (event) {
	case FORWARD_REPLY:
		action->lane = lane;
		action->target = f->lanes[lane].target;
		lane_over(f, lane, false, now_ms, action);
		finish(f, FORWARD_DONE, FORWARD_DELIVER, now_ms, action);
		break;
	case FORWARD_TRUNCATED:	/* RFC 7766 5 */
		ask_again(f, lane, FORWARD_SEND_STREAM, now_ms, action);
		break;
	case FORWARD_SUSPECT:
		doubt(f, lane, now_ms, action);
		break;
	case FORWARD_BADCOOKIE:	/* RFC 7873 5.3 */
		mend_cookie(f, lane, now_ms, action);
		break;
	case FORWARD_REFUSED:
		take_no(f, lane, true, now_ms, action);
		break;
	case FORWARD_LOST:
		take_no(f, lane, false, now_ms, action);
		break;
	case FORWARD_START:
	case FORWARD_TIME:
	case FORWARD_NO_HEDGE:
		break;
	}
}

struct forward_action
forward_step(struct forward *f, enum forward_event event, uint8_t lane, uint64_t now_ms)
{
	struct forward_action action = { .what = FORWARD_WAIT };

	if (event == FORWARD_START ? f->state != FORWARD_IDLE : f->state != FORWARD_ASKING)
		return action;
	if (event == FORWARD_START)
		start(f, now_ms, &action);
	else if (event == FORWARD_TIME)
		tick(f, now_ms, &action);
	else if (event == FORWARD_NO_HEDGE)
		hold_hedge(f, now_ms);
	else if (lane < FORWARD_LANES && in_the_air(f, lane))
		step_lane(f, event, lane, now_ms, &action);
	return action;
}

uint64_t
forward_due(const struct forward *f)
{
	uint64_t due = f->end_ms < f->resend_ms ? f->end_ms : f->resend_ms;

	if (f->state != FORWARD_ASKING)
		return FORWARD_NEVER;
	for (unsigned lane = 0; lane < FORWARD_LANES; lane++) {
		uint64_t expires_ms = f->lanes[lane].since_ms + f->timeout_ms;

		if (in_the_air(f, lane) && expires_ms < due)
			due = expires_ms;
	}
	return due;
}

bool
forward_hedges(const struct forward *f, uint64_t now_ms)
{
	bool waits = false;	/* else it is no hedge but the next try */

	for (unsigned lane = 0; lane < FORWARD_LANES; lane++)
		waits |= in_the_air(f, lane) && !has_expired(f, lane, now_ms);
	return f->state == FORWARD_ASKING && waits && !f->hedged && !is_probing(f) &&
	       now_ms >= f->resend_ms && now_ms < f->end_ms;
}
