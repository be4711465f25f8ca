#include "engine/deadlines.h"

#include "unit/unit.h"

#define SLOTS 50
#define NONE  UINT64_MAX

/* The same without a heap: one time per slot. */
struct naive {
	uint64_t when_ms[SLOTS];
};

static uint64_t
naive_first(const struct naive *naive)
{
	uint64_t first = NONE;

	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (naive->when_ms[slot] < first)
			first = naive->when_ms[slot];
	return first;
}

static void
the_earliest_comes_first(void **state)
{
	static const uint64_t when_ms[] = { 30, 10, 20, 10, 40 };
	static const uint64_t in_order[] = { 10, 10, 20, 30, 40 };
	struct deadlines deadlines;

	(void)state;
	assert_true(deadlines_init(&deadlines, 5));
	assert_null(deadlines_first(&deadlines));
	for (uint32_t slot = 0; slot < 5; slot++)
		deadlines_set(&deadlines, slot, when_ms[slot]);
	for (unsigned i = 0; i < 5; i++) {
		const struct deadline *first = deadlines_first(&deadlines);

		assert_int_equal(first->when_ms, in_order[i]);
		assert_int_equal(when_ms[first->slot], in_order[i]);
		deadlines_clear(&deadlines, first->slot);
	}
	assert_null(deadlines_first(&deadlines));
	deadlines_fini(&deadlines);
}

static void
a_slot_has_one_deadline_the_last_one_set(void **state)
{
	struct deadlines deadlines;

	(void)state;
	assert_true(deadlines_init(&deadlines, 3));
	deadlines_set(&deadlines, 0, 10);
	deadlines_set(&deadlines, 1, 20);
	deadlines_set(&deadlines, 0, 30);
	assert_int_equal(deadlines_first(&deadlines)->slot, 1);
	deadlines_set(&deadlines, 0, 5);
	assert_int_equal(deadlines_first(&deadlines)->slot, 0);
	deadlines_clear(&deadlines, 0);
	deadlines_clear(&deadlines, 0);		/* it has none: nothing happens */
	assert_int_equal(deadlines_first(&deadlines)->slot, 1);
	deadlines_clear(&deadlines, 1);
	assert_null(deadlines_first(&deadlines));
	deadlines_fini(&deadlines);
}

static void
any_sequence_agrees_with_a_naive_table(void **state)
{
	struct deadlines deadlines;
	struct naive naive;
	uint64_t random = 1;

	(void)state;
	assert_true(deadlines_init(&deadlines, SLOTS));
	for (unsigned slot = 0; slot < SLOTS; slot++)
		naive.when_ms[slot] = NONE;
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t slot = random_to(&random, SLOTS);
		const struct deadline *first;

		if (random_to(&random, 3) == 0) {
			deadlines_clear(&deadlines, slot);
			naive.when_ms[slot] = NONE;
		} else {
			naive.when_ms[slot] = random_to(&random, 1000);
			deadlines_set(&deadlines, slot, naive.when_ms[slot]);
		}
		first = deadlines_first(&deadlines);
		assert_int_equal(first ? first->when_ms : NONE, naive_first(&naive));
		if (first)
			assert_int_equal(naive.when_ms[first->slot], first->when_ms);
	}
	deadlines_fini(&deadlines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_comes_first),
		cmocka_unit_test(a_slot_has_one_deadline_the_last_one_set),
		cmocka_unit_test(any_sequence_agrees_with_a_naive_table),
	};

	return cmocka_run_group_tests_name("deadlines", tests, NULL, NULL);
}
