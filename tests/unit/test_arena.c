#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

#include "unit/unit.h"

static bool
is_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i])
			return false;
	}
	return true;
}

static void
an_empty_arena_owns_nothing(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_null(arena.chunk);
	arena_fini(&arena);
	arena_fini(&arena);
	assert_int_equal(arena.used, 0);
}

static void
objects_are_zeroed_aligned_and_apart(void **state)
{
	static const size_t sizes[] = { 1, 8, 13, 0, 4000, 70000, 3, 5000000, 7, 100000 };
	struct arena arena;
	uint8_t *all[10];

	(void)state;
	arena_init(&arena, SIZE_MAX);
	for (size_t i = 0; i < 10; i++) {
		all[i] = arena_alloc(&arena, sizes[i]);
		assert_non_null(all[i]);
		assert_int_equal((uintptr_t)all[i] % 8, 0);
		assert_true(is_zero(all[i], sizes[i]));
		memset(all[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < 10; i++) {
		for (size_t at = 0; at < sizes[i]; at++)
			assert_int_equal(all[i][at], i + 1);
	}
	arena_fini(&arena);
	assert_null(arena.chunk);
}

static void
used_counts_octets_with_their_alignment(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	arena_alloc(&arena, 1);
	assert_int_equal(arena.used, 8);
	arena_alloc(&arena, 16);
	assert_int_equal(arena.used, 24);
	arena_alloc(&arena, 200000);
	assert_int_equal(arena.used, 200024);
	arena_fini(&arena);
	assert_int_equal(arena.used, 0);
}

static void
the_limit_refuses_and_the_arena_stays_usable(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 64);
	assert_null(arena_alloc(&arena, 65));
	assert_non_null(arena_alloc(&arena, 57));
	assert_null(arena_alloc(&arena, 1));
	assert_int_equal(arena.used, 64);
	arena_fini(&arena);
	assert_non_null(arena_alloc(&arena, 64));
	arena_fini(&arena);
}

static void
sizes_that_overflow_are_refused(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 4096));
	assert_null(arena_copy(&arena, "", SIZE_MAX));
	assert_int_equal(arena.used, 0);
	assert_non_null(arena_array(&arena, 0, 8));
	assert_non_null(arena_array(&arena, 3, 5));
	assert_int_equal(arena.used, 16);
	arena_fini(&arena);
}

static void
strings_are_copied_and_formatted(void **state)
{
	struct arena arena;
	char source[] = "corp.example", *copy;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	copy = arena_string(&arena, source);
	source[0] = 'X';
	assert_string_equal(copy, "corp.example");
	assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_string_equal(arena_printf(&arena, "%s:%d", "site.yaml", 41), "site.yaml:41");
	arena_fini(&arena);
}

static void
rewinding_frees_what_came_later_and_it_is_zero_again(void **state)
{
	struct arena arena;
	struct arena_mark outer, inner;
	uint8_t *first, *second, *again;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	outer = arena_mark(&arena);
	first = arena_alloc(&arena, 100);
	memset(first, 0xaa, 100);
	inner = arena_mark(&arena);
	second = arena_alloc(&arena, 1000);
	memset(second, 0xbb, 1000);
	memset(arena_alloc(&arena, 1 << 20), 0xcc, 1 << 20);	/* a chunk of its own */

	arena_rewind(&arena, inner);
	assert_int_equal(arena.used, 104);
	again = arena_alloc(&arena, 2000);
	assert_ptr_equal(again, second);
	assert_true(is_zero(again, 2000));
	assert_int_equal(first[99], 0xaa);

	arena_rewind(&arena, outer);
	assert_int_equal(arena.used, 0);
	assert_null(arena.chunk);
	arena_fini(&arena);
}

/** Something that allocates in several steps; false when a step had no memory. */
static bool
build_something(struct arena *arena)
{
	return arena_string(arena, "a first string") && arena_array(arena, 50, 24) &&
	       arena_printf(arena, "%060d", 7) && arena_alloc(arena, 90000) &&
	       arena_copy(arena, "xyz", 3);
}

static void
raising_the_limit_walks_every_way_to_run_out(void **state)
{
	size_t limit = 0, failures = 0;
	struct arena arena;

	(void)state;
	for (;; limit += 8) {
		bool built;

		arena_init(&arena, limit);
		built = build_something(&arena);
		assert_true(arena.used <= limit);
		arena_fini(&arena);
		if (built)
			break;
		failures++;
	}
	assert_int_equal(limit, 16 + 1200 + 64 + 90000 + 8);
	assert_int_equal(failures, limit / 8);
}

static void
a_joined_arena_gives_all_it_holds_to_the_other(void **state)
{
	static const size_t sizes[] = { 0, 100, 9000000 };	/* none, a chunk, several */

	(void)state;
	for (unsigned a = 0; a < 3; a++) {
		for (unsigned b = 0; b < 3; b++) {
			struct arena into, from;
			uint8_t *of_into = NULL, *of_from = NULL, *more;

			arena_init(&into, SIZE_MAX);
			arena_init(&from, SIZE_MAX);
			for (size_t n = 0; n < sizes[a]; n += 100)
				of_into = memset(arena_alloc(&into, 100), 1, 100);
			for (size_t n = 0; n < sizes[b]; n += 100)
				of_from = memset(arena_alloc(&from, 100), 2, 100);
			arena_join(&into, &from);
			assert_null(from.chunk);
			assert_int_equal(from.used, 0);
			assert_int_equal(into.used, (sizes[a] + sizes[b]) / 100 * 104);
			more = arena_alloc(&into, 100);
			assert_non_null(more);
			assert_true(is_zero(more, 100));
			assert_true(!of_into || of_into[99] == 1);
			assert_true(!of_from || of_from[99] == 2);
			assert_non_null(arena_alloc(&from, 8));
			arena_fini(&from);
			arena_fini(&into);
			assert_null(into.chunk);
		}
	}
}

static void
arenas_that_pass_the_limit_together_give_no_more(void **state)
{
	struct arena into, from;

	(void)state;
	arena_init(&into, 100);
	arena_init(&from, 100);
	assert_non_null(arena_alloc(&into, 64));
	assert_non_null(arena_alloc(&from, 64));
	arena_join(&into, &from);
	assert_int_equal(into.used, 100);
	assert_null(arena_alloc(&into, 8));
	arena_fini(&into);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_arena_owns_nothing),
		cmocka_unit_test(objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(used_counts_octets_with_their_alignment),
		cmocka_unit_test(the_limit_refuses_and_the_arena_stays_usable),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(strings_are_copied_and_formatted),
		cmocka_unit_test(rewinding_frees_what_came_later_and_it_is_zero_again),
		cmocka_unit_test(a_joined_arena_gives_all_it_holds_to_the_other),
		cmocka_unit_test(arenas_that_pass_the_limit_together_give_no_more),
		cmocka_unit_test(raising_the_limit_walks_every_way_to_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
