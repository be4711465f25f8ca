#include "base/parallel.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

#define ITEMS 5000

struct worker {
	unsigned char *worked;	/* how often, by item */
	size_t count, last;
	bool falling;		/* an item came behind a later one */
	char room[64];		/* workers are of any size */
};

static void
work(void *context, size_t item)
{
	struct worker *w = context;

	w->worked[item]++;
	w->falling |= w->count && item <= w->last;
	w->last = item;
	w->count++;
}

static void
each_item_is_worked_on_once_by_workers_that_go_forward(void **state)
{
	static const struct { int line; unsigned threads; size_t first, end; } rows[] = {
		{ __LINE__, 1, 0, ITEMS }, { __LINE__, 2, 0, ITEMS }, { __LINE__, 3, 7, ITEMS },
		{ __LINE__, PARALLEL_MOST, 0, ITEMS }, { __LINE__, 8, 3, 4 },
		{ __LINE__, 2, 5, 5 }, { __LINE__, 1, 0, 0 },
	};

	(void)state;
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		struct worker *workers = calloc(rows[r].threads, sizeof(*workers));
		unsigned char *worked = calloc(1, ITEMS);
		size_t sum = 0;

		assert_non_null(workers);
		assert_non_null(worked);
		for (unsigned i = 0; i < rows[r].threads; i++)
			workers[i].worked = worked;
		parallel_run(work, workers, sizeof(*workers), rows[r].threads, rows[r].first,
			     rows[r].end);
		for (unsigned i = 0; i < rows[r].threads; i++) {
			sum += workers[i].count;
			assert_false(workers[i].falling);
		}
		for (size_t i = 0; i < ITEMS; i++)
			if (worked[i] != (i >= rows[r].first && i < rows[r].end))
				fail_msg("row of line %d: item %zu", rows[r].line, i);
		assert_int_equal(sum, rows[r].end - rows[r].first);
		free(worked);
		free(workers);
	}
}

static void
one_thread_is_the_callers(void **state)
{
	struct worker workers[2] = { 0 };
	unsigned char worked[100] = { 0 };

	(void)state;
	workers[0].worked = worked;
	parallel_run(work, workers, sizeof(*workers), 1, 0, 100);
	assert_int_equal(workers[0].count, 100);
	assert_int_equal(workers[1].count, 0);
}

static void
by_itself_a_command_takes_one_thread_or_two(void **state)
{
	(void)state;
	assert_in_range(parallel_default(), 1, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_worked_on_once_by_workers_that_go_forward),
		cmocka_unit_test(one_thread_is_the_callers),
		cmocka_unit_test(by_itself_a_command_takes_one_thread_or_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
