#include "base/table.h"

#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

static int numbers[5000];

static void
an_empty_table_finds_nothing(void **state)
{
	struct arena arena;
	struct table table;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	table_init(&table, &arena);
	assert_null(table_find(&table, "", 0));
	assert_null(table_find_string(&table, "vpc-hub"));
	assert_int_equal(table.count, 0);
	arena_fini(&arena);
}

static void
what_was_put_is_found_and_nothing_else(void **state)
{
	struct arena arena;
	struct table table;
	char key[16];

	(void)state;
	arena_init(&arena, SIZE_MAX);
	table_init(&table, &arena);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "vpc-%d", i);
		assert_null(table_find_string(&table, key));
		assert_int_equal(table_put_string(&table, arena_string(&arena, key), &numbers[i]),
				 OK);
	}
	assert_int_equal(table.count, 5000);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "vpc-%d", i);
		assert_ptr_equal(table_find_string(&table, key), &numbers[i]);
		snprintf(key, sizeof(key), "vpc-%d", i + 5000);
		assert_null(table_find_string(&table, key));
	}
	arena_fini(&arena);
}

static void
entries_stand_in_the_order_of_insertion(void **state)
{
	static const char *const keys[] = { "zeta", "alpha", "mu", "beta" };
	struct arena arena;
	struct table table;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	table_init(&table, &arena);
	for (int i = 0; i < 4; i++)
		assert_int_equal(table_put_string(&table, keys[i], &numbers[i]), OK);
	assert_int_equal(table_put_string(&table, "mu", &numbers[9]), OK);
	assert_int_equal(table.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(table.entries[i].key, keys[i]);
	assert_ptr_equal(table_find_string(&table, "mu"), &numbers[9]);
	arena_fini(&arena);
}

static void
keys_are_octets_of_any_value_and_length(void **state)
{
	struct arena arena;
	struct table table;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	table_init(&table, &arena);
	assert_int_equal(table_put(&table, "a\0b", 3, &numbers[0]), OK);
	assert_int_equal(table_put(&table, "a\0c", 3, &numbers[1]), OK);
	assert_int_equal(table_put(&table, "a", 1, &numbers[2]), OK);
	assert_int_equal(table_put(&table, NULL, 0, &numbers[3]), OK);
	assert_ptr_equal(table_find(&table, "a\0b", 3), &numbers[0]);
	assert_ptr_equal(table_find(&table, "a\0c", 3), &numbers[1]);
	assert_ptr_equal(table_find_string(&table, "a"), &numbers[2]);
	assert_ptr_equal(table_find_string(&table, ""), &numbers[3]);
	arena_fini(&arena);
}

static void
without_memory_the_table_stays_as_it_was(void **state)
{
	static char keys[200][8];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
	for (size_t limit = 0; limit < 40000; limit += 104) {
		struct arena arena;
		struct table table;
		size_t put = 0;

		arena_init(&arena, limit);
		table_init(&table, &arena);
		while (put < 200 && table_put_string(&table, keys[put], &numbers[put]) == OK)
			put++;
		assert_int_equal(table.count, put);
		for (size_t i = 0; i < put; i++)
			assert_ptr_equal(table_find_string(&table, keys[i]), &numbers[i]);
		if (put < 200)
			assert_null(table_find_string(&table, keys[put]));
		if (put)	/* replacing needs no memory */
			assert_int_equal(table_put_string(&table, keys[0], &numbers[7]), OK);
		arena_fini(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_finds_nothing),
		cmocka_unit_test(what_was_put_is_found_and_nothing_else),
		cmocka_unit_test(entries_stand_in_the_order_of_insertion),
		cmocka_unit_test(keys_are_octets_of_any_value_and_length),
		cmocka_unit_test(without_memory_the_table_stays_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
