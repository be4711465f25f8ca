#include "engine/budget.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "unit/unit.h"

static struct snapshot_budget
setting(uint8_t last, uint32_t per_second)
{
	struct snapshot_budget made = { .per_second = per_second };

	made.ip[10] = made.ip[11] = 0xff;
	made.ip[12] = 10;
	made.ip[15] = last;
	return made;
}

/** Budgets of one address, whose budget is *out. */
static struct budgets *
one_of(uint32_t per_second, struct budget **out)
{
	struct snapshot_budget made = setting(1, per_second);
	struct budgets *all = budgets_new(&made, 1);

	assert_non_null(all);
	*out = budgets_find(all, made.ip);
	assert_non_null(*out);
	return all;
}

static uint32_t
used_at(struct budget *b, uint64_t now_ms)
{
	struct budget_usage usage;

	budget_usage(b, now_ms, &usage);
	return usage.used;
}

static void
it_grants_the_limit_and_no_more_until_the_second_is_over(void **state)
{
	struct budget *b;
	struct budgets *all = one_of(10, &b);

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 1000));
		budget_settle(b, BUDGET_COST_UDP, 1, 1000);
	}
	assert_false(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 1000));
	assert_false(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 1000 + BUDGET_WINDOW_MS - 1));
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 1000 + BUDGET_WINDOW_MS));
	budgets_unref(all);
}

static void
room_counts_until_it_is_settled_and_what_came_counts_from_then(void **state)
{
	struct budget *b;
	struct budgets *all = one_of(10, &b);

	(void)state;
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 1000));
	assert_int_equal(used_at(b, 1000), 2);
	assert_int_equal(used_at(b, 5000), 1);	/* the question is history, the reply is not */
	budget_settle(b, BUDGET_COST_UDP, 1, 5000);
	assert_int_equal(used_at(b, 5000 + BUDGET_WINDOW_MS - 1), 1);
	assert_int_equal(used_at(b, 5000 + BUDGET_WINDOW_MS), 0);
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 9000));
	budget_settle(b, BUDGET_COST_UDP, 0, 9000);	/* it never went out */
	assert_int_equal(used_at(b, 9000), 1);
	/* nobody can give back more than was taken */
	budget_settle(b, BUDGET_COST_STREAM_OPEN, 0, 9000);
	assert_int_equal(used_at(b, 9000), 1);
	budgets_unref(all);
}

static void
what_can_wait_gets_less(void **state)
{
	static const struct {
		int line;
		enum budget_kind kind;
		unsigned granted;	/* of 100, one packet each */
	} rows[] = {
		{ __LINE__, BUDGET_PREFETCH, 60 },
		{ __LINE__, BUDGET_REFRESH, 25 },
		{ __LINE__, BUDGET_PREFETCH, 0 },
		{ __LINE__, BUDGET_FIRST, 15 },
		{ __LINE__, BUDGET_REFRESH, 0 },
	};
	struct budget_usage usage;
	struct budget *b;
	struct budgets *all = one_of(100, &b);

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned granted = 0;

		while (budget_take(b, rows[i].kind, (struct budget_cost){ 1, 0 }, 50))
			granted++;
		row_int(rows[i].line, granted, rows[i].granted);
	}
	budget_usage(b, 50, &usage);
	assert_int_equal(usage.limit, 100);
	assert_int_equal(usage.used, 100);
	assert_int_equal(usage.peak, 100);
	assert_int_equal(usage.taken[BUDGET_FIRST], 15);
	assert_int_equal(usage.denied[BUDGET_FIRST], 1);
	assert_int_equal(usage.taken[BUDGET_PREFETCH], 60);
	assert_int_equal(usage.denied[BUDGET_PREFETCH], 2);
	budget_usage(b, 50000, &usage);
	assert_int_equal(usage.used, 0);
	assert_int_equal(usage.peak, 100);
	budgets_unref(all);
}

static void
when_is_the_first_moment_at_which_it_is_granted(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (unsigned run = 0; run < 300; run++) {
		struct budget *b;
		struct budgets *all = one_of(20 + random_to(&seed, 30), &b);
		enum budget_kind kind = random_to(&seed, BUDGET_KINDS);
		uint64_t now_ms = 100000, when;

		while (budget_take(b, kind, (struct budget_cost){ 1, 0 }, now_ms))
			now_ms += random_to(&seed, 30);
		when = budget_when(b, kind, (struct budget_cost){ 1, 0 }, now_ms);
		assert_true(when > now_ms);
		assert_false(budget_take(b, kind, (struct budget_cost){ 1, 0 }, when - 1));
		assert_true(budget_take(b, kind, (struct budget_cost){ 1, 0 }, when));
		budgets_unref(all);
	}
}

static void
when_is_soon_where_only_a_reply_can_make_room(void **state)
{
	struct budget *b;
	struct budgets *all = one_of(4, &b);
	uint64_t when;

	(void)state;
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 10));
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 10));
	when = budget_when(b, BUDGET_FIRST, BUDGET_COST_UDP, 10);
	assert_in_range(when, 11, 20);
	assert_int_equal(budget_when(b, BUDGET_FIRST, BUDGET_COST_UDP, 99999), 100000);
	/* more than there ever is */
	assert_true(budget_when(b, BUDGET_FIRST, BUDGET_COST_STREAM_OPEN, 99999) > 99999);
	budgets_unref(all);
}

static void
time_never_runs_backwards(void **state)
{
	struct budget *b;
	struct budgets *all = one_of(2, &b);

	(void)state;
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 5000));
	budget_settle(b, BUDGET_COST_UDP, 1, 4000);
	assert_false(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 0));
	assert_int_equal(used_at(b, 5000 + BUDGET_WINDOW_MS - 1), 2);
	assert_int_equal(used_at(b, 5000 + BUDGET_WINDOW_MS), 0);
	budgets_unref(all);
}

static void
a_long_reply_on_a_stream_costs_its_packets(void **state)
{
	static const struct {
		int line;
		struct budget_cost cost;
		size_t octets;
		uint32_t followed;
	} rows[] = {
		{ __LINE__, BUDGET_COST_UDP, 0, 1 },
		{ __LINE__, BUDGET_COST_UDP, 1232, 1 },
		{ __LINE__, BUDGET_COST_STREAM, 100, 2 },
		{ __LINE__, BUDGET_COST_STREAM, 1220, 2 },
		{ __LINE__, BUDGET_COST_STREAM, 1221, 4 },
		{ __LINE__, BUDGET_COST_STREAM, 65535, 108 },
		{ __LINE__, BUDGET_COST_STREAM_OPEN, 1221, 10 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_int(rows[i].line, budget_followed(rows[i].cost, rows[i].octets),
			rows[i].followed);
}

static void
a_reload_grants_no_second_helping(void **state)
{
	struct snapshot_budget settings[] = { setting(1, 10), setting(2, 10), setting(3, 4) };
	struct budgets *old, *next;
	struct budget *b;

	(void)state;
	old = budgets_new(settings, 2);
	b = budgets_find(old, settings[0].ip);
	for (unsigned i = 0; i < 5; i++)
		assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 100));
	settings[0].per_second = 12;
	settings[1] = settings[2];
	next = budgets_adopt(old, settings, 2);
	assert_ptr_equal(budgets_find(next, settings[0].ip), b);
	assert_ptr_equal(budgets_outages(next), budgets_outages(old));
	assert_null(budgets_outages(NULL));
	assert_int_equal(budget_limit(b), 12);
	budgets_unref(old);
	assert_int_equal(used_at(b, 100), 10);
	assert_true(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 100));
	assert_false(budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, 100));
	assert_ptr_equal(budgets_at(next, 0), b);
	assert_ptr_equal(budgets_at(next, 1), budgets_find(next, settings[2].ip));
	assert_null(budgets_at(next, 2));
	assert_null(budgets_find(next, setting(2, 0).ip));
	assert_null(budgets_find(NULL, settings[0].ip));
	assert_null(budgets_at(NULL, 0));
	budgets_unref(budgets_ref(next));
	budgets_unref(next);
	budgets_unref(NULL);
	next = budgets_new(NULL, 0);
	assert_null(budgets_find(next, settings[0].ip));
	budgets_unref(next);
}

#define LOG_MAX 200000

/* A packet log as a capture would have it: times in ms, in order. */
struct packets {
	size_t count;
	uint64_t at_ms[LOG_MAX];
};

static struct packets sniffed;

static void
sniff(uint64_t now_ms)
{
	assert_true(sniffed.count < LOG_MAX);
	sniffed.at_ms[sniffed.count++] = now_ms;
}

/** The most packets in any window of a second. */
static size_t
worst_second(void)
{
	size_t first = 0, worst = 0;

	for (size_t last = 0; last < sniffed.count; last++) {
		while (sniffed.at_ms[last] - sniffed.at_ms[first] >= 1000)
			first++;
		if (last - first + 1 > worst)
			worst = last - first + 1;
	}
	return worst;
}

/* Questions under way: replies come when their time has come. */
struct under_way {
	uint64_t reply_ms;
	bool comes, used;
};

#define UNDER_WAY 4096

static void
settle_what_is_due(struct budget *b, struct under_way *list, uint64_t now_ms)
{
	for (size_t i = 0; i < UNDER_WAY; i++) {
		if (!list[i].used || list[i].reply_ms > now_ms)
			continue;
		if (list[i].comes)
			sniff(now_ms);
		budget_settle(b, BUDGET_COST_UDP, 1, now_ms);
		list[i].used = false;
	}
}

static bool
ask(struct budget *b, struct under_way *list, uint64_t now_ms, uint64_t rtt_ms, bool comes)
{
	size_t i = 0;

	while (i < UNDER_WAY && list[i].used)
		i++;
	if (i == UNDER_WAY || !budget_take(b, BUDGET_FIRST, BUDGET_COST_UDP, now_ms))
		return false;
	sniff(now_ms);
	list[i] = (struct under_way){ now_ms + rtt_ms, comes, true };
	return true;
}

static void
no_second_has_more_than_the_limit_whatever_the_times(void **state)
{
	static struct under_way list[UNDER_WAY];
	uint64_t seed = 5;

	(void)state;
	for (unsigned run = 0; run < 12; run++) {
		uint32_t limit = 10 + random_to(&seed, 500);
		uint32_t slowest_ms = 1 + random_to(&seed, 900);
		struct budget *b;
		struct budgets *all = one_of(limit, &b);
		uint64_t now_ms = 1000000;

		sniffed.count = 0;
		memset(list, 0, sizeof(list));
		for (unsigned i = 0; i < 6000; i++) {
			/* now and then a pause, then a burst */
			now_ms += random_to(&seed, 200) ? random_to(&seed, 4)
							: random_to(&seed, 1500);
			settle_what_is_due(b, list, now_ms);
			for (unsigned n = random_to(&seed, 10); n; n--)
				ask(b, list, now_ms, random_to(&seed, slowest_ms),
				    random_to(&seed, 10));
		}
		assert_true(worst_second() <= limit);
		assert_true(worst_second() > limit * 9 / 10);	/* it was put to the test */
		budgets_unref(all);
	}
}

static void
goodput_is_within_two_percent_when_five_times_as_much_is_offered(void **state)
{
	static struct under_way list[UNDER_WAY];
	struct budget *b;
	struct budgets *all = one_of(1000, &b);
	uint64_t now_ms = 5000000;

	(void)state;
	sniffed.count = 0;
	memset(list, 0, sizeof(list));
	for (unsigned ms = 0; ms < 60000; ms++, now_ms++) {
		settle_what_is_due(b, list, now_ms);
		for (unsigned n = 0; n < 5; n++)	/* 5,000 questions a second */
			ask(b, list, now_ms, 2, true);
	}
	assert_true(worst_second() <= 1000);
	assert_true(sniffed.count >= 60 * 980);
	budgets_unref(all);
}

#define THREADS 4
#define PER_THREAD 20000

struct worker {
	struct budget *b;
	_Atomic uint64_t *clock;
	unsigned granted;
};

static void *
work(void *argument)
{
	struct worker *w = argument;

	for (unsigned i = 0; i < PER_THREAD; i++) {
		uint64_t now_ms = 1000 + (*w->clock)++ / 100;

		if (!budget_take(w->b, BUDGET_FIRST, BUDGET_COST_UDP, now_ms))
			continue;
		w->granted++;
		budget_settle(w->b, BUDGET_COST_UDP, 1, now_ms);
	}
	return NULL;
}

static void
workers_count_together(void **state)
{
	_Atomic uint64_t now = 0;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	unsigned granted = 0;
	struct budget *b;
	struct budgets *all = one_of(1000, &b);

	(void)state;
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ b, &now, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		budgets_unref(budgets_ref(all));
		pthread_join(threads[i], NULL);
		granted += workers[i].granted;
	}
	/* 800 ms went by: one window, so exactly its 500 questions */
	assert_int_equal(granted, 500);
	assert_int_equal(used_at(b, 1800), 1000);
	budgets_unref(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grants_the_limit_and_no_more_until_the_second_is_over),
		cmocka_unit_test(room_counts_until_it_is_settled_and_what_came_counts_from_then),
		cmocka_unit_test(what_can_wait_gets_less),
		cmocka_unit_test(when_is_the_first_moment_at_which_it_is_granted),
		cmocka_unit_test(when_is_soon_where_only_a_reply_can_make_room),
		cmocka_unit_test(time_never_runs_backwards),
		cmocka_unit_test(a_long_reply_on_a_stream_costs_its_packets),
		cmocka_unit_test(a_reload_grants_no_second_helping),
		cmocka_unit_test(no_second_has_more_than_the_limit_whatever_the_times),
		cmocka_unit_test(goodput_is_within_two_percent_when_five_times_as_much_is_offered),
		cmocka_unit_test(workers_count_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
