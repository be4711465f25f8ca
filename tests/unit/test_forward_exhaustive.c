/*
 * Every order of events up to DEPTH from START, for small bounds; behind each of them time
 * alone must end it.  The invariants are those that forward.h promises.  A state that was
 * walked before with as many events to go is not walked again: nothing new can come of it.
 */
#include "engine/forward.h"

#include <string.h>

#include "base/hash.h"
#include "unit/unit.h"

#define DEPTH 8
#define SEEN  (1u << 17)	/* places; twice what is needed */

/* Short, so that hedge, retry, a lane's end and the whole end all fall into DEPTH events. */
#define HEDGE_MS   2
#define RETRY_MS   3
#define TIMEOUT_MS 7

/* A world: the machine and what an observer has counted. */
struct walk {
	struct forward f;
	bool has_token;
	uint64_t now_ms;
	unsigned sends, ends;
	uint8_t in_the_air;		/* bit per lane, by the actions alone */
	uint8_t on_udp;
	uint8_t asked[FORWARD_LANES];
	unsigned probes;		/* questions to the probe over UDP */
	unsigned doubts, hedges, noes;	/* sends that a suspect reply, a token, a "no" brought */
};

/* States walked from, open addressing; left 0: a free place. */
struct seen {
	struct walk at;
	unsigned left;
};

static struct seen seen[SEEN];
static unsigned seen_count;
static uint64_t walked, states;

/** Remember it; true: it was known. */
static bool
was_seen(const struct walk *w, unsigned left)
{
	static const struct hash_key key = { 1, 2 };
	uint64_t place = hash_keyed(&key, w, sizeof(*w)) + left;

	while (seen[place % SEEN].left) {
		const struct seen *known = &seen[place++ % SEEN];

		if (known->left == left && memcmp(&known->at, w, sizeof(*w)) == 0)
			return true;
	}
	assert_true(++seen_count < SEEN);
	states++;
	seen[place % SEEN].at = *w;
	seen[place % SEEN].left = left;
	return false;
}

static unsigned
lanes_of(const struct forward *f, enum forward_lane_state state)
{
	unsigned bits = 0;

	for (unsigned lane = 0; lane < FORWARD_LANES; lane++)
		bits |= (unsigned)(f->lanes[lane].state == state) << lane;
	return bits;
}

/** Is there a usable target beside this one? */
static bool
another_is_usable(const struct forward *f, uint8_t target)
{
	for (uint8_t i = 0; i < f->choice.count; i++) {
		uint8_t other = f->choice.order[i];

		if (other != target && other != f->choice.probe && !(f->refused & 1u << other))
			return true;
	}
	return false;
}

static void
check_send(struct walk *w, const struct forward_action *action, enum forward_event event)
{
	uint8_t bit = (uint8_t)(1u << action->lane), other = !action->lane;

	assert_true(action->lane < FORWARD_LANES);
	assert_false(w->in_the_air & bit);	/* it was ended before */
	w->in_the_air |= bit;
	w->asked[action->lane] = action->target;
	w->sends++;
	w->doubts += event == FORWARD_SUSPECT;
	w->noes += event == FORWARD_REFUSED || event == FORWARD_LOST;
	if (action->what != FORWARD_SEND_UDP) {
		w->on_udp &= (uint8_t)~bit;
		return;
	}
	w->on_udp |= bit;
	w->probes += action->target == w->f.choice.probe && event != FORWARD_BADCOOKIE;
	assert_true(w->sends < FORWARD_MAX_SENDS);	/* the last is a stream's */
	if (event == FORWARD_BADCOOKIE)	/* the same try, mended */
		return;
	assert_false(w->f.refused & 1u << action->target);
	if (w->on_udp == 3 && w->asked[other] == action->target)
		assert_false(another_is_usable(&w->f, action->target));
}

static void
check_action(struct walk *w, const struct forward_action *action, enum forward_event event)
{
	assert_int_equal(action->ended & ~w->in_the_air, 0);
	assert_int_equal(action->silent & ~action->ended, 0);
	for (unsigned lane = 0; lane < FORWARD_LANES; lane++)
		if (action->ended & 1u << lane)
			assert_int_equal(action->asked[lane], w->asked[lane]);
	w->in_the_air &= (uint8_t)~action->ended;
	w->on_udp &= w->in_the_air;
	switch (action->what) {
	case FORWARD_WAIT:
		break;
	case FORWARD_SEND_UDP:
	case FORWARD_SEND_STREAM:
		check_send(w, action, event);
		break;
	case FORWARD_DELIVER:
	case FORWARD_GIVE_UP:
		assert_int_equal(action->what == FORWARD_DELIVER, event == FORWARD_REPLY);
		w->ends++;
		break;
	}
}

static void
check_state(const struct walk *w, enum forward_event event)
{
	const struct forward *f = &w->f;
	bool over = f->state == FORWARD_DONE || f->state == FORWARD_FAILED;

	assert_int_equal(w->ends, over);
	assert_true(w->sends <= FORWARD_MAX_SENDS);
	assert_int_equal(w->sends, f->sends);
	assert_true(w->probes <= 1);
	assert_true(w->doubts <= 1 && w->hedges <= w->has_token);
	/* a probe, and the stream beside it, cost no try */
	assert_true(w->noes < f->tries + (f->choice.probe == TARGET_NO_PROBE ? 0u : 2u));
	assert_int_equal(w->on_udp, lanes_of(f, FORWARD_ON_UDP));
	assert_int_equal(w->in_the_air,
			 lanes_of(f, FORWARD_ON_UDP) | lanes_of(f, FORWARD_ON_STREAM));
	if (over) {
		assert_int_equal(w->in_the_air, 0);
		assert_true(forward_due(f) == FORWARD_NEVER);
	} else {
		assert_true(w->in_the_air);
		assert_true(forward_due(f) <= f->end_ms);
	}
	if (event == FORWARD_TIME)
		assert_true(forward_due(f) > w->now_ms);
}

static void
step(struct walk *w, enum forward_event event, uint8_t lane)
{
	bool over = w->ends > 0;
	struct forward before = w->f;
	struct forward_action action = forward_step(&w->f, event, lane, w->now_ms);

	walked++;
	check_action(w, &action, event);
	check_state(w, event);
	if (!over)
		return;
	assert_int_equal(action.what, FORWARD_WAIT);
	assert_memory_equal(&before, &w->f, sizeof(before));
}

/** The next time at which something is due, as the conductor does it. */
static void
let_time_pass(struct walk *w)
{
	enum forward_event event = FORWARD_TIME;

	if (forward_due(&w->f) > w->now_ms && forward_due(&w->f) != FORWARD_NEVER)
		w->now_ms = forward_due(&w->f);
	if (forward_hedges(&w->f, w->now_ms) && !w->has_token)
		event = FORWARD_NO_HEDGE;
	else
		w->hedges += forward_hedges(&w->f, w->now_ms);
	step(w, event, 0);
}

static void
must_end_by_time_alone(struct walk w)
{
	for (unsigned i = 0; i < 100 && !w.ends; i++)
		let_time_pass(&w);
	assert_int_equal(w.ends, 1);
	assert_true(w.now_ms <= w.f.end_ms);
}

/** All that may happen next; `left` more events. */
static void
walk(const struct walk *w, unsigned left)
{
	static const enum forward_event of_lanes[] = {
		FORWARD_REPLY,	   FORWARD_TRUNCATED, FORWARD_SUSPECT,
		FORWARD_BADCOOKIE, FORWARD_REFUSED,   FORWARD_LOST,
	};
	struct walk next;

	if (!left || w->ends) {
		must_end_by_time_alone(*w);
		return;
	}
	if (was_seen(w, left))
		return;
	next = *w;
	let_time_pass(&next);
	walk(&next, left - 1);
	for (unsigned i = 0; i < sizeof(of_lanes) / sizeof(of_lanes[0]); i++) {
		for (uint8_t lane = 0; lane < FORWARD_LANES; lane++) {
			next = *w;
			step(&next, of_lanes[i], lane);
			if (w->in_the_air & 1u << lane)
				walk(&next, left - 1);
			else	/* nothing can have changed: it was walked before */
				assert_memory_equal(&next.f, &w->f, sizeof(w->f));
		}
	}
}

/** Once over, no event does anything more. */
static void
must_stay_over(struct walk w)
{
	for (unsigned event = FORWARD_START; event <= FORWARD_NO_HEDGE; event++)
		for (uint8_t lane = 0; lane < FORWARD_LANES; lane++)
			step(&w, event, lane);
}

static void
walk_from_start(uint8_t count, bool probe, bool has_token, uint8_t tries)
{
	struct target_choice choice = {
		.order = { 1, 0, 2 },
		.count = count,
		.probe = probe ? 1 : TARGET_NO_PROBE,
		.alone = probe && count == 1,
		.hedge_ms = HEDGE_MS,
		.retry_ms = RETRY_MS,
	};
	struct walk w = { .has_token = has_token, .now_ms = 1000 };

	memset(seen, 0, sizeof(seen));
	seen_count = 0;
	forward_init(&w.f, &choice, tries, TIMEOUT_MS);
	step(&w, FORWARD_START, 0);
	walk(&w, DEPTH - 1);
	while (!w.ends)
		let_time_pass(&w);
	must_stay_over(w);
	forward_init(&w.f, &choice, tries, TIMEOUT_MS);
	w = (struct walk){ .f = w.f };
	step(&w, FORWARD_START, 0);
	step(&w, FORWARD_REPLY, 0);
	must_stay_over(w);
}

static void
every_order_of_events_keeps_the_promises_of_the_header(void **state)
{
	(void)state;
	for (uint8_t count = 1; count <= 3; count++)
		for (unsigned probe = 0; probe <= 1; probe++)
			for (unsigned token = 0; token <= 1; token++)
				walk_from_start(count, probe, token, (uint8_t)(count == 3 ? 2 : 3));
	print_message("%llu steps, %llu states\n", (unsigned long long)walked,
		      (unsigned long long)states);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_of_events_keeps_the_promises_of_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
