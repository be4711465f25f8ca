#include "engine/targets.h"

#include <string.h>

#include "unit/unit.h"

static const struct hash_key key = { 7, 9 };

static struct snapshot_target
target_of(uint32_t number)
{
	struct snapshot_target target = { .port = 53 };

	target.ip[10] = target.ip[11] = 0xff;
	target.ip[12] = 10;
	target.ip[13] = (uint8_t)(number >> 16);
	target.ip[14] = (uint8_t)(number >> 8);
	target.ip[15] = (uint8_t)number;
	return target;
}

/* A table and a rule of `count` targets in it. */
struct rule {
	struct targets *t;
	struct random random;
	uint32_t count;
	uint32_t slots[FORWARD_MAX_TARGETS];
	struct snapshot_target list[FORWARD_MAX_TARGETS];
};

static struct rule
rule_of(uint32_t count)
{
	struct rule rule = { .t = targets_new(16, &key), .count = count };

	assert_non_null(rule.t);
	random_seed(&rule.random, 4);
	for (uint32_t i = 0; i < count; i++) {
		rule.list[i] = target_of(i);
		rule.slots[i] = targets_slot(rule.t, &rule.list[i], 0);
	}
	return rule;
}

static struct target_choice
choose(struct rule *rule, enum target_policy policy, uint64_t now_ms)
{
	struct target_choice choice;

	targets_choose(rule->t, rule->slots, rule->count, policy, &rule->random, now_ms,
		       &choice);
	return choice;
}

static bool
all_down(const struct rule *rule, uint64_t now_ms)
{
	return targets_all_down(rule->t, rule->list, rule->count, now_ms);
}

/** Silent from `from` on, asked each 100 ms; down when it returns (at from + 700). */
static uint64_t
bring_down(struct rule *rule, uint32_t number, uint64_t from)
{
	uint64_t now_ms = from;

	for (unsigned i = 0; i < 8; i++, now_ms += 100) {
		assert_false(targets_is_down(rule->t, rule->slots[number]));
		targets_sent(rule->t, rule->slots[number], now_ms);
		targets_lost(rule->t, rule->slots[number], now_ms);
	}
	assert_true(targets_is_down(rule->t, rule->slots[number]));
	return now_ms - 100;
}

static void
eight_losses_in_a_row_and_half_a_second_of_silence_take_it_down(void **state)
{
	static const struct {
		int line;
		unsigned losses;
		uint64_t gap_ms;
		bool down;
	} rows[] = {
		{ __LINE__, 7, 1000, false },	/* long, but too few */
		{ __LINE__, 8, 72, true },	/* the eighth at 504 */
		{ __LINE__, 8, 71, false },	/* the eighth at 497 */
		{ __LINE__, 1000, 0, false },	/* many at once */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rule rule = rule_of(1);

		for (unsigned n = 0; n < rows[i].losses; n++) {
			targets_sent(rule.t, rule.slots[0], n * rows[i].gap_ms);
			targets_lost(rule.t, rule.slots[0], n * rows[i].gap_ms);
		}
		row_int(rows[i].line, targets_is_down(rule.t, rule.slots[0]), rows[i].down);
		targets_free(rule.t);
	}
}

static void
half_the_packets_lost_does_not_take_it_down(void **state)
{
	struct rule rule = rule_of(1);
	uint64_t seed = 1;

	(void)state;
	for (uint64_t now_ms = 0; now_ms < 600000; now_ms += 10) {
		targets_sent(rule.t, rule.slots[0], now_ms);
		if (next_random(&seed) & 1)
			targets_lost(rule.t, rule.slots[0], now_ms + 10);
		else
			targets_answered(rule.t, rule.slots[0], 10, false, now_ms + 10);
		assert_false(targets_is_down(rule.t, rule.slots[0]));
	}
	targets_free(rule.t);
}

static void
any_accepted_reply_brings_it_back(void **state)
{
	struct rule rule = rule_of(1);

	(void)state;
	bring_down(&rule, 0, 1000);
	targets_refused(rule.t, rule.slots[0], 2000);
	assert_false(targets_is_down(rule.t, rule.slots[0]));
	bring_down(&rule, 0, 3000);
	targets_answered(rule.t, rule.slots[0], 5, true, 4000);
	assert_false(targets_is_down(rule.t, rule.slots[0]));
	targets_free(rule.t);
}

static void
probes_come_after_250_500_1000_and_then_each_1500_ms(void **state)
{
	static const uint64_t gaps_ms[] = { 250, 500, 1000, 1500, 1500, 1500 };
	struct rule rule = rule_of(1);
	uint64_t due_ms = bring_down(&rule, 0, 1000);

	(void)state;
	for (unsigned i = 0; i < sizeof(gaps_ms) / sizeof(gaps_ms[0]); i++) {
		struct target_choice choice;

		due_ms += gaps_ms[i];
		assert_true(all_down(&rule, due_ms - 1));
		assert_int_equal(choose(&rule, TARGET_RANDOM, due_ms - 1).count, 0);
		assert_false(all_down(&rule, due_ms));
		choice = choose(&rule, TARGET_RANDOM, due_ms);
		assert_int_equal(choice.count, 1);
		assert_int_equal(choice.probe, 0);
		assert_true(choice.alone);
		assert_int_equal(choose(&rule, TARGET_RANDOM, due_ms).count, 0);	/* single */
		targets_lost(rule.t, rule.slots[0], due_ms + 1);
	}
	targets_free(rule.t);
}

/*
 * R6 and R10: a black hole for ten minutes, then it answers.  Asked each ms; counted are the
 * packets in the worst second once settled, and how long it takes to hear of the return.
 */
static void
a_black_hole_costs_one_packet_a_second_and_is_left_within_two(void **state)
{
	(void)state;
	for (uint64_t back_ms = 600000; back_ms < 601500; back_ms += 100) {
		struct rule rule = rule_of(1);
		uint64_t now_ms = bring_down(&rule, 0, 0), last_ms = 0;

		for (; now_ms < back_ms + 5000; now_ms++) {
			if (!choose(&rule, TARGET_RANDOM, now_ms).count)
				continue;
			if (now_ms >= back_ms)
				break;
			assert_true(now_ms < 5000 || now_ms - last_ms >= 1000);
			last_ms = now_ms;
			targets_sent(rule.t, rule.slots[0], now_ms);
			targets_lost(rule.t, rule.slots[0], now_ms + FORWARD_ALONE_MS);
		}
		assert_true(now_ms - back_ms <= 1500);
		targets_free(rule.t);
	}
}

/* The same with four workers, who ask each ms in turn: the times hold for all together. */
static void
workers_take_turns_in_probing_and_hear_of_a_return_together(void **state)
{
	struct outages *outages = outages_new();
	uint64_t now_ms, last_ms = 0, back_ms = 60000;
	struct rule workers[4];
	unsigned probes = 0, first = 0;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		workers[i] = rule_of(1);
		targets_share(workers[i].t, outages);
		targets_share(workers[i].t, outages);
		bring_down(&workers[i], 0, i * 10);
	}
	outages_unref(outages);		/* they have theirs */
	for (now_ms = 1000; now_ms < back_ms + 1500; now_ms++) {
		first = random_below(&workers[0].random, 4);
		if (!choose(&workers[first], TARGET_RANDOM, now_ms).count)
			continue;
		if (now_ms >= back_ms)
			break;
		assert_true(now_ms < 10000 || now_ms - last_ms >= 1000);
		last_ms = now_ms;
		probes++;
		targets_sent(workers[first].t, workers[first].slots[0], now_ms);
		targets_lost(workers[first].t, workers[first].slots[0], now_ms);
	}
	assert_in_range(probes, 35, 50);
	assert_true(now_ms < back_ms + 1500);
	targets_answered(workers[first].t, workers[first].slots[0], 1, false, now_ms);
	for (unsigned i = 0; i < 4; i++) {
		assert_false(targets_is_down(workers[i].t, workers[i].slots[0]));
		assert_false(all_down(&workers[i], now_ms));
		assert_false(choose(&workers[i], TARGET_RANDOM, now_ms).alone);
		bring_down(&workers[i], 0, now_ms + 1);	/* and it counts anew */
	}
	for (unsigned i = 0; i < 4; i++)
		targets_free(workers[i].t);
}

static void
those_that_are_down_are_left_out_and_one_is_probed_first(void **state)
{
	struct rule rule = rule_of(3);
	uint64_t now_ms = bring_down(&rule, 1, 0);
	struct target_choice choice = choose(&rule, TARGET_ORDERED, now_ms);

	(void)state;
	assert_int_equal(choice.count, 2);
	assert_int_equal(choice.order[0], 0);
	assert_int_equal(choice.order[1], 2);
	assert_int_equal(choice.probe, TARGET_NO_PROBE);
	assert_false(all_down(&rule, now_ms));

	now_ms += 250;
	choice = choose(&rule, TARGET_ORDERED, now_ms);
	assert_int_equal(choice.count, 3);
	assert_int_equal(choice.probe, 1);
	assert_int_equal(choice.order[0], 1);
	assert_int_equal(choice.order[1], 0);
	assert_int_equal(choice.order[2], 2);
	assert_false(choice.alone);
	assert_int_equal(choose(&rule, TARGET_ORDERED, now_ms).probe, TARGET_NO_PROBE);
	targets_free(rule.t);
}

static void
the_first_choice_is_random_and_even(void **state)
{
	struct rule rule = rule_of(3);
	unsigned places[3][3] = { { 0 } };

	(void)state;
	for (unsigned n = 0; n < 9000; n++) {
		struct target_choice choice = choose(&rule, TARGET_RANDOM, 0);

		assert_int_equal(choice.count, 3);
		for (unsigned i = 0; i < 3; i++)
			places[i][choice.order[i]]++;
	}
	for (unsigned i = 0; i < 3; i++)
		for (unsigned target = 0; target < 3; target++)
			assert_in_range(places[i][target], 2800, 3200);
	targets_free(rule.t);
}

static void
fastest_asks_the_fastest_but_now_and_then_another(void **state)
{
	struct rule rule = rule_of(3);
	unsigned first[3] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		targets_answered(rule.t, rule.slots[0], 40, false, i);
		targets_answered(rule.t, rule.slots[1], 3, false, i);
	}
	assert_int_equal(choose(&rule, TARGET_FASTEST, 50).order[0], 2);	/* unknown */
	targets_answered(rule.t, rule.slots[2], 12, false, 50);
	for (unsigned n = 0; n < 3200; n++)
		first[choose(&rule, TARGET_FASTEST, 100).order[0]]++;
	assert_true(first[1] > 3050);
	assert_in_range(first[0], 10, 80);
	assert_in_range(first[2], 10, 80);
	targets_free(rule.t);
}

static void
patience_follows_the_95th_percentile_within_its_bounds(void **state)
{
	static const struct {
		int line;
		uint32_t most_ms, rest_ms;	/* 95 of 100, and the others */
		uint32_t p95_ms, hedge_ms, retry_ms;
	} rows[] = {
		{ __LINE__, 0, 1000, 1, 20, 100 },
		{ __LINE__, 30, 1000, 32, 32, 100 },
		{ __LINE__, 100, 1000, 128, 128, 256 },
		{ __LINE__, 300, 1000, 300, 300, 600 },
		{ __LINE__, 900, 1000, 1024, 300, 600 },
		{ __LINE__, 70000, 70000, UINT16_MAX, 300, 600 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rule rule = rule_of(1);
		struct target_choice choice;

		row_int(rows[i].line, targets_p95_ms(rule.t, rule.slots[0]), TARGET_UNKNOWN_MS);
		for (unsigned n = 0; n < 200; n++)
			targets_answered(rule.t, rule.slots[0],
					 n % 20 ? rows[i].most_ms : rows[i].rest_ms, false, n);
		row_int(rows[i].line, targets_p95_ms(rule.t, rule.slots[0]), rows[i].p95_ms);
		choice = choose(&rule, TARGET_RANDOM, 1000);
		row_int(rows[i].line, choice.hedge_ms, rows[i].hedge_ms);
		row_int(rows[i].line, choice.retry_ms, rows[i].retry_ms);
		targets_free(rule.t);
	}
}

static void
the_percentile_forgets_and_streams_and_losses_are_no_samples(void **state)
{
	struct rule rule = rule_of(1);

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		targets_answered(rule.t, rule.slots[0], 250, false, i);
	targets_answered(rule.t, rule.slots[0], 10, true, 1000);
	assert_int_equal(targets_p95_ms(rule.t, rule.slots[0]), 256);
	for (unsigned i = 0; i < 100; i++)
		targets_lost(rule.t, rule.slots[0], 1000);
	assert_int_equal(targets_p95_ms(rule.t, rule.slots[0]), 256);
	for (unsigned i = 0; i < 800; i++)
		targets_answered(rule.t, rule.slots[0], 10, false, 2000);
	assert_int_equal(targets_p95_ms(rule.t, rule.slots[0]), 11);
	targets_free(rule.t);
}

static void
hedges_are_a_tenth_of_the_questions(void **state)
{
	struct rule rule = rule_of(1);
	unsigned hedges = 0;

	(void)state;
	while (targets_take_hedge(rule.t, rule.slots[0]))
		hedges++;
	assert_int_equal(hedges, 10);
	hedges = 0;
	for (unsigned i = 0; i < 1000; i++) {
		choose(&rule, TARGET_RANDOM, i);
		hedges += targets_take_hedge(rule.t, rule.slots[0]);
	}
	assert_int_equal(hedges, 100);
	for (unsigned i = 0; i < 1000; i++)
		choose(&rule, TARGET_RANDOM, i);
	for (hedges = 0; targets_take_hedge(rule.t, rule.slots[0]);)
		hedges++;
	assert_int_equal(hedges, 10);
	targets_free(rule.t);
}

static void
what_it_cannot_do_is_found_out_again_after_an_hour(void **state)
{
	struct rule rule = rule_of(1);
	uint32_t slot = rule.slots[0];

	(void)state;
	assert_int_equal(targets_case(rule.t, slot, 0), TARGET_CASE_UNKNOWN);
	targets_learn_case(rule.t, slot, false, 1000);
	assert_int_equal(targets_case(rule.t, slot, 3600999), TARGET_CASE_LOSES);
	assert_int_equal(targets_case(rule.t, slot, 3601000), TARGET_CASE_UNKNOWN);
	targets_learn_case(rule.t, slot, true, 5000);
	assert_int_equal(targets_case(rule.t, slot, 99000000), TARGET_CASE_KEEPS);

	assert_true(targets_speaks_edns(rule.t, slot, 0));
	targets_learn_no_edns(rule.t, slot, 1000);
	assert_false(targets_speaks_edns(rule.t, slot, 3600999));
	assert_true(targets_speaks_edns(rule.t, slot, 3601000));
	targets_free(rule.t);
}

static void
equal_targets_share_a_slot_and_ports_do_not(void **state)
{
	struct rule rule = rule_of(2);
	struct snapshot_target other = target_of(1);

	(void)state;
	assert_int_equal(targets_slot(rule.t, &other, 5), rule.slots[1]);
	other.port = 5353;
	assert_int_not_equal(targets_slot(rule.t, &other, 5), rule.slots[1]);
	targets_free(rule.t);
}

static void
the_one_idle_longest_is_forgotten_and_its_slot_is_void(void **state)
{
	struct rule rule = rule_of(3);
	struct snapshot_target target;

	(void)state;
	bring_down(&rule, 1, 0);
	for (uint32_t i = 0; i < 3; i++)
		targets_slot(rule.t, &rule.list[i], i == 1 ? 10 : 20);
	for (uint32_t i = 0; i < 14; i++) {	/* 16 in all: one too many */
		target = target_of(1000 + i);
		targets_slot(rule.t, &target, 30 + i);
	}
	/* it is as if it were new, and what comes late for it changes nobody */
	assert_false(targets_is_down(rule.t, rule.slots[1]));
	assert_null(targets_cookie(rule.t, rule.slots[1]));
	targets_answered(rule.t, rule.slots[1], 250, false, 50);
	targets_learn_case(rule.t, rule.slots[1], false, 50);
	assert_false(targets_take_hedge(rule.t, rule.slots[1]));
	assert_int_equal(targets_p95_ms(rule.t, targets_slot(rule.t, &target, 50)),
			 TARGET_UNKNOWN_MS);
	assert_int_equal(targets_case(rule.t, targets_slot(rule.t, &target, 50), 50),
			 TARGET_CASE_UNKNOWN);
	assert_false(all_down(&rule, 50));
	/* a choice with a void slot still asks it */
	assert_int_equal(choose(&rule, TARGET_ORDERED, 50).count, 3);
	targets_free(rule.t);
}

static void
many_addresses_come_and_go(void **state)
{
	struct targets *t = targets_new(64, &key);
	uint64_t seed = 3;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct snapshot_target target = target_of(random_to(&seed, 200));
		uint32_t slot = targets_slot(t, &target, i);

		assert_int_equal(targets_slot(t, &target, i), slot);
		assert_true((slot & 0xffff) < 64);
		targets_answered(t, slot, 1, false, i);
	}
	targets_free(t);
	targets_free(NULL);
}

static void
no_targets_are_not_all_down(void **state)
{
	struct rule rule = rule_of(0);
	struct target_choice choice = choose(&rule, TARGET_RANDOM, 0);

	(void)state;
	assert_int_equal(choice.count, 0);
	assert_false(all_down(&rule, 0));
	targets_sent(rule.t, TARGETS_NONE, 0);
	targets_lost(rule.t, TARGETS_NONE, 0);
	assert_false(targets_is_down(rule.t, TARGETS_NONE));
	targets_free(rule.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_losses_in_a_row_and_half_a_second_of_silence_take_it_down),
		cmocka_unit_test(half_the_packets_lost_does_not_take_it_down),
		cmocka_unit_test(any_accepted_reply_brings_it_back),
		cmocka_unit_test(probes_come_after_250_500_1000_and_then_each_1500_ms),
		cmocka_unit_test(a_black_hole_costs_one_packet_a_second_and_is_left_within_two),
		cmocka_unit_test(workers_take_turns_in_probing_and_hear_of_a_return_together),
		cmocka_unit_test(those_that_are_down_are_left_out_and_one_is_probed_first),
		cmocka_unit_test(the_first_choice_is_random_and_even),
		cmocka_unit_test(fastest_asks_the_fastest_but_now_and_then_another),
		cmocka_unit_test(patience_follows_the_95th_percentile_within_its_bounds),
		cmocka_unit_test(the_percentile_forgets_and_streams_and_losses_are_no_samples),
		cmocka_unit_test(hedges_are_a_tenth_of_the_questions),
		cmocka_unit_test(what_it_cannot_do_is_found_out_again_after_an_hour),
		cmocka_unit_test(equal_targets_share_a_slot_and_ports_do_not),
		cmocka_unit_test(the_one_idle_longest_is_forgotten_and_its_slot_is_void),
		cmocka_unit_test(many_addresses_come_and_go),
		cmocka_unit_test(no_targets_are_not_all_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
