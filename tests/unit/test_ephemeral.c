#include "io/ephemeral.h"

#include "unit/unit.h"

struct reserve_case {
	int line;
	const char *list;
	uint32_t fewer;		/* ports that can no longer be drawn */
};

static const struct reserve_case cases[] = {
	{ __LINE__, "", 0 },
	{ __LINE__, "\n", 0 },
	{ __LINE__, "8080\n", 1 },
	{ __LINE__, "8080,9148\n", 2 },
	{ __LINE__, "8080,9000-9100\n", 102 },
	{ __LINE__, "9000-9100,9050-9200\n", 201 },
	{ __LINE__, "53,1000-1025\n", 2 },		/* below EPHEMERAL_FIRST: never drawn */
	{ __LINE__, "65535,65536,70000-80000\n", 1 },
	{ __LINE__, "9100-9000\n", 0 },
	{ __LINE__, "nonsense,8080,-,\n", 1 },
};

static void
reserved_ports_are_counted_out_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ephemeral pool;

		ephemeral_init(&pool);
		assert_int_equal(pool.free, 65536 - EPHEMERAL_FIRST);
		ephemeral_reserve(&pool, cases[i].list);
		row_int(cases[i].line, 65536 - EPHEMERAL_FIRST - pool.free, cases[i].fewer);
	}
}

static void
only_ports_that_are_free_are_drawn(void **state)
{
	struct ephemeral pool;
	struct random random;

	(void)state;
	random_init(&random);
	ephemeral_init(&pool);
	ephemeral_reserve(&pool, "1024-20000,30000-65000");
	for (unsigned i = 0; i < 5000; i++) {
		unsigned port = ephemeral_draw(&pool, &random);

		if (port == 0)	/* allowed, and as good as never */
			continue;
		assert_true((port > 20000 && port < 30000) || port > 65000);
	}
}

static void
ports_come_from_the_whole_range(void **state)
{
	struct ephemeral pool;
	struct random random;
	unsigned quarters[4] = { 0 };

	(void)state;
	random_init(&random);
	ephemeral_init(&pool);
	for (unsigned i = 0; i < 4000; i++) {
		unsigned port = ephemeral_draw(&pool, &random);

		assert_true(port >= EPHEMERAL_FIRST);
		quarters[port / 16384]++;
	}
	/* 1,000 each, but for the first that lacks 1,024 ports; far beyond any bad luck */
	for (unsigned i = 0; i < 4; i++)
		assert_in_range(quarters[i], 700, 1300);
}

static void
too_few_ports_leave_the_choice_to_the_kernel(void **state)
{
	struct ephemeral pool;
	struct random random;

	(void)state;
	random_init(&random);
	ephemeral_init(&pool);
	ephemeral_reserve(&pool, "1024-64000");
	assert_int_equal(ephemeral_draw(&pool, &random), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reserved_ports_are_counted_out_once),
		cmocka_unit_test(only_ports_that_are_free_are_drawn),
		cmocka_unit_test(ports_come_from_the_whole_range),
		cmocka_unit_test(too_few_ports_leave_the_choice_to_the_kernel),
	};

	return cmocka_run_group_tests_name("ephemeral", tests, NULL, NULL);
}
