/* Steps and nodes are counted, never time: what grows too fast fails on any machine. */
#include "lint/differ.h"

#include <stdio.h>

#include "unit/judged.h"
#include "unit/unit.h"

/* What comparing the hub with each spoke takes. */
struct cost {
	uint64_t steps;		/* of the comparisons */
	size_t nodes;		/* of the tables */
	size_t differences;
};

static void
count_one(void *context, const struct difference *difference)
{
	(void)difference;
	((struct cost *)context)->differences++;
}

/** The first network with each of the others. */
static struct cost
cost_of(const char *estate)
{
	struct judged *j = judged_new(estate);
	struct differ_work work = { .most = UINT64_MAX };
	struct cost cost = { 0 };
	struct zone_tries tries;
	struct closure closure;
	struct arena arena;

	arena_init(&arena, SIZE_MAX);
	zone_tries_init(&tries, &arena);
	assert_int_equal(closure_init(&closure, &j->maker.estate, j->snap, &tries), OK);
	cost.nodes = tries.store.used;
	for (uint32_t i = 1; i < j->maker.estate.network_count; i++) {
		struct differ_side hub = { &closure, 0 }, spoke = { &closure, i };

		assert_int_equal(differ_compare(&hub, &spoke, FINALS_MAY, &work, count_one,
						&cost), OK);
	}
	cost.steps = work.done;
	arena_fini(&arena);
	judged_free(j);
	return cost;
}

typedef void (*spoke_fn)(struct text *out, unsigned spoke);

/** A hub, what it has itself, and the spokes with what is theirs. */
static struct cost
cost_of_star(unsigned spokes, const char *hub, spoke_fn add)
{
	struct text estate;
	struct cost cost;

	text_init(&estate);
	text_printf(&estate, "vpc hub 10.255.0.0/24 eu-west-1\n");
	for (unsigned i = 0; i < spokes; i++)
		text_printf(&estate, "vpc s%u 10.%u.%u.0/24 eu-west-1\n", i, i >> 8, i & 255);
	text_append(&estate, hub);
	for (unsigned i = 0; i < spokes; i++)
		add(&estate, i);
	assert_false(estate.failed);
	cost = cost_of(estate.data);
	text_fini(&estate);
	return cost;
}

/** Twice the spokes: twice the cost, and a little for deeper tables. */
static void
expect_linear(const char *hub, spoke_fn add)
{
	struct cost small = cost_of_star(100, hub, add), large = cost_of_star(200, hub, add);

	assert_true(large.steps <= 2 * small.steps + small.steps / 2);
	assert_true(large.nodes <= 2 * small.nodes + small.nodes / 2);
	assert_true(large.differences <= 2 * small.differences);
}

static void
zone_of_both(struct text *out, unsigned spoke)
{
	text_printf(out, "zone Z%u zone%u.corp.example hub,s%u\ndb 60 A 10.0.0.1\n", spoke, spoke,
		    spoke);
}

static void
zones_that_a_hub_shares_with_each_spoke(void **state)
{
	(void)state;
	expect_linear("", zone_of_both);
}

static void
zone_of_spoke(struct text *out, unsigned spoke)
{
	text_printf(out, "zone Z%u zone%u.corp.example s%u\ndb 60 A 10.0.0.1\n", spoke, spoke,
		    spoke);
}

static void
zones_of_the_spokes_alone(void **state)
{
	(void)state;
	expect_linear("zone H corp.test hub\ndb 60 A 10.0.0.1\n", zone_of_spoke);
}

static void
zone_of_hub_asked_by_spoke(struct text *out, unsigned spoke)
{
	text_printf(out, "zone Z%u zone%u.corp.example hub\ndb 60 A 10.0.0.1\n", spoke, spoke);
	text_printf(out, "forward R%u . s%u 10.255.0.10\n", spoke, spoke);
}

static void
tables_of_spokes_that_forward_all_to_a_hub_are_shared(void **state)
{
	struct cost small, large;

	(void)state;
	small = cost_of_star(100, "inbound rslvr-in hub 10.255.0.10\n",
			     zone_of_hub_asked_by_spoke);
	large = cost_of_star(200, "inbound rslvr-in hub 10.255.0.10\n",
			     zone_of_hub_asked_by_spoke);
	assert_int_equal(small.differences, 0);
	assert_true(large.nodes <= 2 * small.nodes + small.nodes / 2);
}

/** Zones of so many records in two networks, one record different. */
static struct cost
cost_of_twins(unsigned records)
{
	struct text estate;
	struct cost cost;

	text_init(&estate);
	text_printf(&estate, "vpc a 10.0.0.0/24 eu-west-1\nvpc b 10.0.1.0/24 eu-west-1\n");
	for (unsigned zone = 0; zone < 2; zone++) {
		text_printf(&estate, "zone Z%u corp.example %c\n", zone, 'a' + (int)zone);
		for (unsigned i = 0; i < records; i++)
			text_printf(&estate, i % 5 == 4 ? "n%u 60 CNAME n%u.corp.example.\n"
							: "n%u 60 A 10.0.%u.1\n", i,
				    i % 5 == 4 ? i - 1 : i == 2 ? zone : 9);
	}
	assert_false(estate.failed);
	cost = cost_of(estate.data);
	text_fini(&estate);
	return cost;
}

static void
zones_that_differ_in_one_record_of_many(void **state)
{
	struct cost small = cost_of_twins(100), large = cost_of_twins(1600);

	(void)state;
	assert_int_equal(small.differences, 1);
	assert_int_equal(large.differences, 1);
	assert_true(large.steps <= 2 * small.steps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_that_a_hub_shares_with_each_spoke),
		cmocka_unit_test(zones_of_the_spokes_alone),
		cmocka_unit_test(tables_of_spokes_that_forward_all_to_a_hub_are_shared),
		cmocka_unit_test(zones_that_differ_in_one_record_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
