#include "engine/quota.h"

#include "unit/unit.h"

#define SIZE 8

static struct quota *
quota_of(uint32_t size)
{
	static struct quota quota;
	static struct random random;

	random_init(&random);
	assert_true(quota_init(&quota, size, &random));
	return &quota;
}

static const uint8_t *
key(unsigned number)
{
	static uint8_t octets[QUOTA_KEY_OCTETS];

	octets[15] = (uint8_t)number;
	return octets;
}

static void
each_key_counts_by_itself(void **state)
{
	struct quota *q = quota_of(SIZE);
	uint32_t a, b;
	bool fresh;

	(void)state;
	assert_int_equal(quota_count(q, key(1)), 0);
	a = quota_take(q, key(1), &fresh);
	assert_true(fresh);
	assert_int_equal(quota_take(q, key(1), &fresh), a);
	assert_false(fresh);
	b = quota_take(q, key(2), &fresh);
	assert_int_not_equal(a, b);
	assert_int_equal(quota_count(q, key(1)), 2);
	assert_int_equal(quota_count(q, key(2)), 1);
	quota_give(q, a);
	quota_give(q, b);
	assert_int_equal(quota_count(q, key(1)), 1);
	assert_int_equal(quota_count(q, key(2)), 0);
	quota_fini(q);
}

static void
a_number_stays_with_its_key_until_others_need_it(void **state)
{
	struct quota *q = quota_of(SIZE);
	uint32_t numbers[SIZE];
	bool fresh;

	(void)state;
	for (unsigned i = 0; i < SIZE; i++)
		numbers[i] = quota_take(q, key(i), &fresh);
	quota_give(q, numbers[3]);
	quota_give(q, numbers[5]);
	quota_give(q, numbers[1]);
	assert_int_equal(quota_take(q, key(5), &fresh), numbers[5]);	/* out of the middle */
	assert_false(fresh);
	/* what was idle longest goes first */
	assert_int_equal(quota_take(q, key(20), &fresh), numbers[3]);
	assert_true(fresh);
	assert_int_equal(quota_take(q, key(21), &fresh), numbers[1]);
	assert_int_equal(quota_count(q, key(3)), 0);
	quota_fini(q);
}

static void
it_counts_as_a_plain_array_does(void **state)
{
	struct quota *q = quota_of(SIZE);
	uint32_t counts[16] = { 0 }, numbers[16] = { 0 }, places = 0;
	uint64_t seed = 9;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		unsigned k = random_to(&seed, 16);
		bool fresh;

		if (places < SIZE && random_to(&seed, 2)) {
			uint32_t number = quota_take(q, key(k), &fresh);

			if (counts[k])
				assert_int_equal(number, numbers[k]);
			numbers[k] = number;
			counts[k]++;
			places++;
		} else if (counts[k]) {
			quota_give(q, numbers[k]);
			counts[k]--;
			places--;
		}
		assert_int_equal(quota_count(q, key(k)), counts[k]);
	}
	quota_fini(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_counts_by_itself),
		cmocka_unit_test(a_number_stays_with_its_key_until_others_need_it),
		cmocka_unit_test(it_counts_as_a_plain_array_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
