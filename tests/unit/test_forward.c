#include "engine/forward.h"

#include "unit/unit.h"

#define TIMEOUT_MS 500

struct row {
	int line;
	enum forward_event event;
	uint64_t now_ms;
	enum forward_what what;
	uint8_t target;
	uint64_t deadline_ms;	/* of a send */
};

static void
play(struct forward *f, const struct row *rows, size_t count)
{
	for (const struct row *row = rows; row < rows + count; row++) {
		struct forward_action action = forward_step(f, row->event, row->now_ms);

		row_int(row->line, action.what, row->what);
		if (row->what != FORWARD_SEND_UDP && row->what != FORWARD_SEND_STREAM)
			continue;
		row_int(row->line, action.target, row->target);
		row_int(row->line, action.deadline_ms, row->deadline_ms);
	}
}

#define PLAY(f, rows) play(f, rows, sizeof(rows) / sizeof((rows)[0]))

static void
an_answer_is_delivered_once(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 100, FORWARD_SEND_UDP, 1, 600 },
		{ __LINE__, FORWARD_REPLY, 150, FORWARD_DELIVER, 0, 0 },
		{ __LINE__, FORWARD_REPLY, 151, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_TRUNCATED, 152, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_REFUSED, 153, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_LOST, 600, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_START, 700, FORWARD_WAIT, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 3, 1, 3, TIMEOUT_MS);
	PLAY(&f, rows);
	assert_int_equal(f.state, FORWARD_DONE);
}

static void
silence_moves_on_to_the_next_target_around_the_end(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 2, 500 },
		{ __LINE__, FORWARD_LOST, 500, FORWARD_SEND_UDP, 0, 1000 },
		{ __LINE__, FORWARD_LOST, 1000, FORWARD_SEND_UDP, 1, 1500 },
		{ __LINE__, FORWARD_REPLY, 1400, FORWARD_DELIVER, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 3, 2, 4, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
the_last_try_ends_it(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 0, 500 },
		{ __LINE__, FORWARD_LOST, 500, FORWARD_SEND_UDP, 0, 1000 },
		{ __LINE__, FORWARD_LOST, 1000, FORWARD_GIVE_UP, 0, 0 },
		{ __LINE__, FORWARD_LOST, 1500, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_REPLY, 1501, FORWARD_WAIT, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 1, 0, 2, TIMEOUT_MS);
	PLAY(&f, rows);
	assert_int_equal(f.state, FORWARD_FAILED);
}

static void
truncation_asks_the_same_target_over_a_stream(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 1, 500 },
		{ __LINE__, FORWARD_TRUNCATED, 20, FORWARD_SEND_STREAM, 1, 520 },
		{ __LINE__, FORWARD_REPLY, 40, FORWARD_DELIVER, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 2, 1, 1, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
a_stream_that_fails_moves_on_over_udp(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 0, 500 },
		{ __LINE__, FORWARD_TRUNCATED, 20, FORWARD_SEND_STREAM, 0, 520 },
		{ __LINE__, FORWARD_LOST, 520, FORWARD_SEND_UDP, 1, 1020 },
		{ __LINE__, FORWARD_TRUNCATED, 600, FORWARD_SEND_STREAM, 1, 1100 },
		/* nobody may truncate a stream: as good as no answer */
		{ __LINE__, FORWARD_TRUNCATED, 620, FORWARD_SEND_UDP, 0, 1120 },
		{ __LINE__, FORWARD_LOST, 1120, FORWARD_GIVE_UP, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 2, 0, 3, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
it_ends_early_when_each_target_has_refused(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 0, 500 },
		{ __LINE__, FORWARD_REFUSED, 10, FORWARD_SEND_UDP, 1, 510 },
		{ __LINE__, FORWARD_REFUSED, 20, FORWARD_GIVE_UP, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 2, 0, 6, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
a_target_that_was_silent_gets_another_chance_after_a_refusal(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_START, 0, FORWARD_SEND_UDP, 0, 500 },
		{ __LINE__, FORWARD_LOST, 500, FORWARD_SEND_UDP, 1, 1000 },
		{ __LINE__, FORWARD_REFUSED, 510, FORWARD_SEND_UDP, 0, 1010 },
		{ __LINE__, FORWARD_REPLY, 520, FORWARD_DELIVER, 0, 0 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 2, 0, 3, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
nothing_happens_before_the_start(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, FORWARD_REPLY, 0, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_TRUNCATED, 0, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_REFUSED, 0, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_LOST, 0, FORWARD_WAIT, 0, 0 },
		{ __LINE__, FORWARD_START, 1, FORWARD_SEND_UDP, 0, 501 },
	};
	struct forward f;

	(void)state;
	forward_init(&f, 1, 0, 1, TIMEOUT_MS);
	PLAY(&f, rows);
}

static void
any_events_end_within_the_tries(void **state)
{
	uint64_t seed = 20;

	(void)state;
	for (unsigned run = 0; run < 5000; run++) {
		uint8_t targets = (uint8_t)(1 + random_to(&seed, FORWARD_MAX_TARGETS));
		uint8_t tries = (uint8_t)(1 + random_to(&seed, 5));
		unsigned udp = 1, streams = 0;
		struct forward f;

		forward_init(&f, targets, (uint8_t)random_to(&seed, targets), tries, 10);
		forward_step(&f, FORWARD_START, 0);
		for (unsigned i = 0; i < 100; i++) {
			enum forward_event event = 1 + random_to(&seed, 4);
			struct forward_action action = forward_step(&f, event, i);

			assert_true(f.target < targets);
			udp += action.what == FORWARD_SEND_UDP;
			streams += action.what == FORWARD_SEND_STREAM;
		}
		assert_true(f.state == FORWARD_DONE || f.state == FORWARD_FAILED);
		assert_true(udp <= tries && streams <= tries);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_delivered_once),
		cmocka_unit_test(silence_moves_on_to_the_next_target_around_the_end),
		cmocka_unit_test(the_last_try_ends_it),
		cmocka_unit_test(truncation_asks_the_same_target_over_a_stream),
		cmocka_unit_test(a_stream_that_fails_moves_on_over_udp),
		cmocka_unit_test(it_ends_early_when_each_target_has_refused),
		cmocka_unit_test(a_target_that_was_silent_gets_another_chance_after_a_refusal),
		cmocka_unit_test(nothing_happens_before_the_start),
		cmocka_unit_test(any_events_end_within_the_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
