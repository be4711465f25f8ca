#include "engine/forward.h"

#include "unit/unit.h"

/* Times of the rows below: hedge after 50 ms, retry after 100, a try lasts 500. */
#define HEDGE_MS   50
#define RETRY_MS   100
#define TIMEOUT_MS 500
#define TRIES	   3

#define START	  FORWARD_START
#define REPLY	  FORWARD_REPLY
#define TRUNCATED FORWARD_TRUNCATED
#define SUSPECT	  FORWARD_SUSPECT
#define BADCOOKIE FORWARD_BADCOOKIE
#define REFUSED	  FORWARD_REFUSED
#define LOST	  FORWARD_LOST
#define TIME	  FORWARD_TIME
#define NO_HEDGE  FORWARD_NO_HEDGE
#define WAIT	  FORWARD_WAIT
#define UDP	  FORWARD_SEND_UDP
#define STREAM	  FORWARD_SEND_STREAM
#define DELIVER	  FORWARD_DELIVER
#define GIVE_UP	  FORWARD_GIVE_UP
#define NEVER	  FORWARD_NEVER

struct row {
	int line;
	uint64_t now_ms;
	enum forward_event event;
	uint8_t on;		/* lane of the event */
	enum forward_what what;
	uint8_t lane, target;	/* of a send and of DELIVER */
	uint8_t ended, silent;	/* lanes */
	uint64_t due_ms;	/* after it */
};

static void
play(struct forward *f, const struct row *rows, size_t count)
{
	for (const struct row *row = rows; row < rows + count; row++) {
		struct forward_action action =
			forward_step(f, row->event, row->on, row->now_ms);

		row_int(row->line, action.what, row->what);
		row_int(row->line, action.ended, row->ended);
		row_int(row->line, action.silent, row->silent);
		row_int(row->line, forward_due(f), row->due_ms);
		if (row->what == WAIT || row->what == GIVE_UP)
			continue;
		row_int(row->line, action.lane, row->lane);
		row_int(row->line, action.target, row->target);
	}
}

#define PLAY(f, rows) play(f, rows, sizeof(rows) / sizeof((rows)[0]))

/** Targets 2, 0, 1 and so on, in this order. */
static struct forward
begin(uint8_t count, uint8_t tries)
{
	static const uint8_t order[FORWARD_MAX_TARGETS] = { 2, 0, 1, 3, 4, 5 };
	struct target_choice choice = {
		.count = count,
		.probe = TARGET_NO_PROBE,
		.hedge_ms = HEDGE_MS,
		.retry_ms = RETRY_MS,
	};
	struct forward f;

	for (unsigned i = 0; i < FORWARD_MAX_TARGETS; i++)
		choice.order[i] = order[i];
	forward_init(&f, &choice, tries, TIMEOUT_MS);
	return f;
}

static void
an_answer_is_delivered_once(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 100, START, 0, UDP, 0, 2, 0, 0, 150 },
		{ __LINE__, 130, REPLY, 0, DELIVER, 0, 2, 1, 0, NEVER },
		{ __LINE__, 131, REPLY, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 132, TRUNCATED, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 133, SUSPECT, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 134, BADCOOKIE, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 135, REFUSED, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 136, LOST, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 600, TIME, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 601, NO_HEDGE, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 700, START, 0, WAIT, 0, 0, 0, 0, NEVER },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	PLAY(&f, rows);
	assert_int_equal(f.state, FORWARD_DONE);
}

static void
nothing_happens_before_the_start(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, REPLY, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 0, TRUNCATED, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 0, REFUSED, 1, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 0, LOST, 1, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 0, TIME, 0, WAIT, 0, 0, 0, 0, NEVER },
		{ __LINE__, 1, START, 0, UDP, 0, 2, 0, 0, 51 },
		{ __LINE__, 2, START, 0, WAIT, 0, 0, 0, 0, 51 },
	};
	struct forward f = begin(1, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_hedge_asks_the_next_target_in_the_other_lane(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		/* the first one was overtaken: it was slower than 95 of 100 */
		{ __LINE__, 70, REPLY, 1, DELIVER, 1, 0, 3, 1, NEVER },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_hedge_that_came_too_soon_is_no_loss(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 60, REPLY, 0, DELIVER, 0, 2, 3, 0, NEVER },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
without_a_token_the_resend_comes_as_a_retry(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, NO_HEDGE, 0, WAIT, 0, 0, 0, 0, 100 },
		{ __LINE__, 100, NO_HEDGE, 0, WAIT, 0, 0, 0, 0, 100 },
		{ __LINE__, 100, TIME, 0, UDP, 1, 0, 0, 0, 200 },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	assert_false(forward_hedges(&f, 50));
	PLAY(&f, rows);
	assert_false(forward_hedges(&f, 200));
}

static void
a_hedge_is_announced_when_it_is_due_and_only_once(void **state)
{
	struct forward f = begin(3, TRIES);

	(void)state;
	forward_step(&f, START, 0, 0);
	assert_false(forward_hedges(&f, 49));
	assert_true(forward_hedges(&f, 50));
	forward_step(&f, TIME, 0, 50);
	assert_false(forward_hedges(&f, 150));
}

static void
a_retry_takes_the_lane_that_waited_longest(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 150, TIME, 0, UDP, 0, 1, 1, 1, 250 },
		{ __LINE__, 250, TIME, 0, UDP, 1, 2, 2, 2, 350 },
		{ __LINE__, 340, REPLY, 1, DELIVER, 1, 2, 3, 1, NEVER },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_single_target_is_asked_again(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 2, 0, 0, 150 },
		{ __LINE__, 150, TIME, 0, UDP, 0, 2, 1, 1, 250 },
	};
	struct forward f = begin(1, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
truncation_asks_the_same_target_over_a_stream(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 20, TRUNCATED, 0, STREAM, 0, 2, 1, 0, 70 },
		{ __LINE__, 40, REPLY, 0, DELIVER, 0, 2, 1, 0, NEVER },
	};
	struct forward f = begin(2, 1);

	(void)state;
	PLAY(&f, rows);
}

static void
a_stream_that_fails_moves_on_over_udp(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 20, TRUNCATED, 0, STREAM, 0, 2, 1, 0, 70 },
		{ __LINE__, 30, LOST, 0, UDP, 0, 0, 1, 0, 80 },
		{ __LINE__, 40, TRUNCATED, 0, STREAM, 0, 0, 1, 0, 90 },
		/* nobody may truncate a stream: as good as no answer */
		{ __LINE__, 50, TRUNCATED, 0, UDP, 0, 2, 1, 0, 100 },
		{ __LINE__, 60, LOST, 0, GIVE_UP, 0, 0, 1, 0, NEVER },
	};
	struct forward f = begin(2, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_retry_never_takes_the_lane_of_a_stream(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 10, TRUNCATED, 0, STREAM, 0, 2, 1, 0, 60 },
		{ __LINE__, 60, TIME, 0, UDP, 1, 0, 0, 0, 160 },
		{ __LINE__, 160, TIME, 0, UDP, 1, 1, 2, 2, 260 },
		{ __LINE__, 170, TRUNCATED, 1, STREAM, 1, 1, 2, 0, 270 },
		/* both wait on streams: the first of them has its time until 510 */
		{ __LINE__, 270, TIME, 0, WAIT, 0, 0, 0, 0, 510 },
		{ __LINE__, 510, TIME, 0, WAIT, 0, 0, 1, 1, 670 },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_suspect_reply_opens_a_stream_beside_the_wait_once(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 10, SUSPECT, 0, STREAM, 1, 2, 0, 0, 60 },
		{ __LINE__, 11, SUSPECT, 0, WAIT, 0, 0, 0, 0, 60 },
		{ __LINE__, 12, SUSPECT, 1, WAIT, 0, 0, 0, 0, 60 },
		/* the good one may still come over UDP */
		{ __LINE__, 30, REPLY, 0, DELIVER, 0, 2, 3, 0, NEVER },
	};
	struct forward f = begin(2, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_suspect_reply_replaces_the_hedge(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 60, SUSPECT, 0, STREAM, 1, 2, 2, 0, 160 },
		{ __LINE__, 90, REPLY, 1, DELIVER, 1, 2, 3, 1, NEVER },
	};
	struct forward f = begin(2, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_wrong_cookie_is_mended_over_udp_and_then_over_a_stream(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 5, BADCOOKIE, 0, UDP, 0, 2, 1, 0, 55 },
		{ __LINE__, 10, BADCOOKIE, 0, STREAM, 0, 2, 1, 0, 60 },
		{ __LINE__, 15, BADCOOKIE, 0, UDP, 0, 0, 1, 0, 65 },
	};
	struct forward f = begin(2, TRIES);

	(void)state;
	PLAY(&f, rows);
	assert_int_equal(f.noes, 1);	/* mending is part of its try */
}

static void
it_ends_early_when_each_target_has_refused(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 10, REFUSED, 0, UDP, 0, 0, 1, 0, 60 },
		{ __LINE__, 20, REFUSED, 0, GIVE_UP, 0, 0, 1, 0, NEVER },
	};
	struct forward f = begin(2, 6);

	(void)state;
	PLAY(&f, rows);
	assert_int_equal(f.state, FORWARD_FAILED);
}

static void
so_many_noes_as_tries_end_it(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 1, LOST, 0, UDP, 0, 2, 1, 0, 51 },
		{ __LINE__, 2, LOST, 0, UDP, 0, 2, 1, 0, 52 },
		{ __LINE__, 3, LOST, 0, GIVE_UP, 0, 0, 1, 0, NEVER },
	};
	struct forward f = begin(1, TRIES);

	(void)state;
	PLAY(&f, rows);
}

static void
a_refusal_waits_for_the_one_still_asked(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 60, REFUSED, 0, WAIT, 0, 0, 1, 0, 150 },
		/* target 2 is out: target 0 alone is left to ask */
		{ __LINE__, 150, TIME, 0, UDP, 0, 0, 0, 0, 250 },
		{ __LINE__, 160, REFUSED, 1, WAIT, 0, 0, 2, 0, 650 },
		{ __LINE__, 650, TIME, 0, GIVE_UP, 0, 0, 1, 1, NEVER },
	};
	struct forward f = begin(2, 6);

	(void)state;
	PLAY(&f, rows);
}

static void
a_dead_port_in_both_lanes_waits_for_the_other_before_the_end(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 60, LOST, 0, WAIT, 0, 0, 1, 0, 550 },	/* one try, one "no" */
		{ __LINE__, 61, LOST, 0, WAIT, 0, 0, 0, 0, 500 },
	};
	struct forward f = begin(2, 1);

	(void)state;
	play(&f, rows, 2);
	/* tries x timeout comes before the second lane's own */
	assert_int_equal(forward_step(&f, LOST, 0, 60).what, WAIT);
	assert_int_equal(forward_due(&f), 500);
	play(&f, &rows[3], 1);
	assert_int_equal(forward_step(&f, TIME, 0, 500).what, GIVE_UP);
}

static void
the_sends_are_bounded_and_the_last_is_kept_for_a_stream(void **state)
{
	struct forward f = begin(1, 10);
	unsigned udp = 1;
	uint64_t due;

	(void)state;
	forward_step(&f, START, 0, 0);
	while ((due = forward_due(&f)) < TIMEOUT_MS + 850)	/* until a lane is over */
		udp += forward_step(&f, TIME, 0, due).what == UDP;
	assert_int_equal(udp, FORWARD_MAX_SENDS - 1);
	assert_int_equal(forward_step(&f, TRUNCATED, 0, due).what, STREAM);
	assert_int_equal(forward_step(&f, TRUNCATED, 0, due).what, WAIT);
	assert_int_equal(forward_step(&f, TRUNCATED, 1, due).what, GIVE_UP);
}

static void
time_alone_ends_it_after_tries_times_the_timeout(void **state)
{
	struct forward f = begin(2, 2);
	struct forward_action action = { .what = WAIT };
	uint64_t now_ms = 7;

	(void)state;
	forward_step(&f, START, 0, now_ms);
	while (f.state == FORWARD_ASKING) {
		now_ms = forward_due(&f);
		action = forward_step(&f, TIME, 0, now_ms);
	}
	assert_int_equal(action.what, GIVE_UP);
	assert_int_equal(now_ms, 7 + 2 * TIMEOUT_MS);
}

static void
a_probe_is_asked_first_and_once_and_costs_no_token(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 50, NO_HEDGE, 0, WAIT, 0, 0, 0, 0, 50 },
		{ __LINE__, 50, TIME, 0, UDP, 1, 0, 0, 0, 150 },
		{ __LINE__, 150, TIME, 0, UDP, 0, 1, 1, 1, 250 },
		{ __LINE__, 250, TIME, 0, UDP, 1, 0, 2, 2, 350 },
		{ __LINE__, 350, TIME, 0, UDP, 0, 1, 1, 1, 450 },
	};
	struct forward f = begin(3, TRIES);

	(void)state;
	f.choice.probe = 2;
	forward_step(&f, TIME, 0, 0);
	PLAY(&f, rows);
	assert_false(forward_hedges(&f, 50));
}

static void
the_no_of_a_probe_costs_no_try(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 50 },
		{ __LINE__, 1, LOST, 0, UDP, 0, 0, 1, 0, 51 },
		{ __LINE__, 9, REPLY, 0, DELIVER, 0, 0, 1, 0, NEVER },
	};
	struct forward f = begin(2, 1);

	(void)state;
	f.choice.probe = 2;
	PLAY(&f, rows);
}

static void
a_probe_alone_is_one_packet_and_short(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, 0, START, 0, UDP, 0, 2, 0, 0, 500 },
		{ __LINE__, 500, TIME, 0, GIVE_UP, 0, 0, 1, 1, NEVER },
	};
	struct forward f = begin(1, TRIES);
	struct target_choice choice = f.choice;

	(void)state;
	f.choice.probe = 2;
	f.choice.alone = true;
	PLAY(&f, rows);

	choice.probe = 2;
	choice.alone = true;
	forward_init(&f, &choice, 3, 2000);
	forward_step(&f, START, 0, 0);
	assert_int_equal(forward_due(&f), FORWARD_ALONE_MS);
}

static void
nobody_to_ask_gives_up_at_once(void **state)
{
	struct forward f = begin(0, TRIES);

	(void)state;
	assert_int_equal(forward_step(&f, START, 0, 0).what, GIVE_UP);
	assert_int_equal(f.state, FORWARD_FAILED);
	assert_int_equal(forward_due(&f), NEVER);
}

static void
zeros_in_the_settings_still_end(void **state)
{
	struct target_choice choice = { .count = 1, .probe = TARGET_NO_PROBE };
	struct forward f;

	(void)state;
	forward_init(&f, &choice, 0, 0);
	assert_int_equal(forward_step(&f, START, 0, 5).what, UDP);
	assert_int_equal(forward_due(&f), 6);
	assert_int_equal(forward_step(&f, TIME, 0, 6).what, GIVE_UP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_delivered_once),
		cmocka_unit_test(nothing_happens_before_the_start),
		cmocka_unit_test(a_hedge_asks_the_next_target_in_the_other_lane),
		cmocka_unit_test(a_hedge_that_came_too_soon_is_no_loss),
		cmocka_unit_test(without_a_token_the_resend_comes_as_a_retry),
		cmocka_unit_test(a_hedge_is_announced_when_it_is_due_and_only_once),
		cmocka_unit_test(a_retry_takes_the_lane_that_waited_longest),
		cmocka_unit_test(a_single_target_is_asked_again),
		cmocka_unit_test(truncation_asks_the_same_target_over_a_stream),
		cmocka_unit_test(a_stream_that_fails_moves_on_over_udp),
		cmocka_unit_test(a_retry_never_takes_the_lane_of_a_stream),
		cmocka_unit_test(a_suspect_reply_opens_a_stream_beside_the_wait_once),
		cmocka_unit_test(a_suspect_reply_replaces_the_hedge),
		cmocka_unit_test(a_wrong_cookie_is_mended_over_udp_and_then_over_a_stream),
		cmocka_unit_test(it_ends_early_when_each_target_has_refused),
		cmocka_unit_test(so_many_noes_as_tries_end_it),
		cmocka_unit_test(a_refusal_waits_for_the_one_still_asked),
		cmocka_unit_test(a_dead_port_in_both_lanes_waits_for_the_other_before_the_end),
		cmocka_unit_test(the_sends_are_bounded_and_the_last_is_kept_for_a_stream),
		cmocka_unit_test(time_alone_ends_it_after_tries_times_the_timeout),
		cmocka_unit_test(a_probe_is_asked_first_and_once_and_costs_no_token),
		cmocka_unit_test(the_no_of_a_probe_costs_no_try),
		cmocka_unit_test(a_probe_alone_is_one_packet_and_short),
		cmocka_unit_test(nobody_to_ask_gives_up_at_once),
		cmocka_unit_test(zeros_in_the_settings_still_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
