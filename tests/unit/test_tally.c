#include "io/tally.h"

#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

static struct addr
addr_of(const char *text, uint16_t port)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	addr.port = port;
	return addr;
}

static void
ports_of_one_address_count_together(void **state)
{
	struct addr a = addr_of("10.0.0.1", 4000), b = addr_of("10.0.0.1", 4001);
	struct addr c = addr_of("10.0.0.2", 4000), d = addr_of("::a00:1", 4000);
	struct tally tally;

	(void)state;
	assert_true(tally_init(&tally, 3));
	tally_add(&tally, &a);
	tally_add(&tally, &b);
	tally_add(&tally, &c);
	assert_int_equal(tally_count(&tally, &a), 2);
	assert_int_equal(tally_count(&tally, &b), 2);
	assert_int_equal(tally_count(&tally, &c), 1);
	assert_int_equal(tally_count(&tally, &d), 0);
	tally_remove(&tally, &b);
	assert_int_equal(tally_count(&tally, &a), 1);
	tally_remove(&tally, &a);
	assert_int_equal(tally_count(&tally, &a), 0);
	assert_int_equal(tally_count(&tally, &c), 1);
	tally_fini(&tally);
}

static void
it_agrees_with_plain_counters_however_often_it_is_full(void **state)
{
	enum { ADDRESSES = 40, ROOM = 24 };
	uint32_t counts[ADDRESSES] = { 0 }, present = 0;
	struct addr addrs[ADDRESSES] = { 0 };
	struct tally tally;
	uint64_t seed = 5;

	(void)state;
	assert_true(tally_init(&tally, ROOM));
	for (unsigned i = 0; i < ADDRESSES; i++)
		addrs[i].ip[15 - i % 3] = (uint8_t)(i + 1);
	for (unsigned run = 0; run < 20000; run++) {
		unsigned i = random_to(&seed, ADDRESSES);

		if (counts[i] && random_to(&seed, 2)) {
			tally_remove(&tally, &addrs[i]);
			present -= --counts[i] == 0;
		} else if (counts[i] || present < ROOM) {
			tally_add(&tally, &addrs[i]);
			present += counts[i]++ == 0;
		}
		for (unsigned k = 0; k < ADDRESSES; k++)
			assert_int_equal(tally_count(&tally, &addrs[k]), counts[k]);
	}
	tally_fini(&tally);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_of_one_address_count_together),
		cmocka_unit_test(it_agrees_with_plain_counters_however_often_it_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
