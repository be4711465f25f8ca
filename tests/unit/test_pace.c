#include "engine/pace.h"

#include "unit/unit.h"

static void
no_more_than_its_quota_goes_in_any_ten_milliseconds(void **state)
{
	enum { RUNS = 3000 };
	static unsigned released[RUNS];
	struct pace pace;
	uint64_t seed = 1;

	(void)state;
	assert_true(pace_init(&pace, 1, 1));
	for (unsigned now = 0; now < RUNS; now++) {
		for (unsigned n = random_to(&seed, 40); n--;)
			released[now] += pace_release(&pace, 0, 1000 + now);
	}
	for (unsigned now = 0; now + PACE_MS < RUNS; now++) {
		unsigned sum = 0;

		/* ten milliseconds of time can touch eleven of the clock */
		for (unsigned i = 0; i <= PACE_MS; i++)
			sum += released[now + i];
		assert_true(sum <= PACE_REPLIES);
	}
	pace_fini(&pace);
}

static void
what_is_held_back_goes_in_its_order_and_nobody_waits_for_another(void **state)
{
	struct pace pace;
	unsigned taken = 0;

	(void)state;
	assert_true(pace_init(&pace, 2, 1000));
	assert_true(pace_due(&pace) == UINT64_MAX);
	for (unsigned i = 0; i < PACE_REPLIES; i++)
		assert_true(pace_release(&pace, 0, 50));
	assert_false(pace_release(&pace, 0, 50));
	for (uint32_t i = 0; i < 250; i++)
		pace_hold(&pace, 0, i, 50);
	assert_true(pace_release(&pace, 1, 50));
	assert_int_equal(pace_take(&pace, 50), PACE_NONE);
	for (uint64_t now = 50; pace_due(&pace) != UINT64_MAX; now++) {
		uint32_t item;

		assert_true(pace_due(&pace) > now - 1);
		while ((item = pace_take(&pace, now)) != PACE_NONE)
			assert_int_equal(item, taken++);
		assert_true(now < 100);
	}
	assert_int_equal(taken, 250);
	pace_fini(&pace);
}

static void
who_comes_behind_what_is_held_back_does_not_overtake_it(void **state)
{
	struct pace pace;

	(void)state;
	assert_true(pace_init(&pace, 1, 2));
	for (unsigned i = 0; i < PACE_REPLIES; i++)
		pace_release(&pace, 0, 50);
	pace_hold(&pace, 0, 1, 50);
	assert_false(pace_release(&pace, 0, 90));
	assert_int_equal(pace_take(&pace, 90), 1);
	assert_true(pace_release(&pace, 0, 90));
	pace_forget(&pace, 0);
	for (unsigned i = 0; i < PACE_REPLIES; i++)
		assert_true(pace_release(&pace, 0, 90));
	assert_false(pace_release(&pace, 0, 90));
	pace_fini(&pace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_its_quota_goes_in_any_ten_milliseconds),
		cmocka_unit_test(what_is_held_back_goes_in_its_order_and_nobody_waits_for_another),
		cmocka_unit_test(who_comes_behind_what_is_held_back_does_not_overtake_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
