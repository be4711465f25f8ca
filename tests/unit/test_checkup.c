#include "control/checkup.h"

#include <string.h>

#include "base/bytes.h"
#include "estate/estate.h"
#include "unit/draft.h"
#include "unit/unit.h"

static void
it_turns_after_so_many_results_in_a_row_either_way(void **state)
{
	/* '+' a good result, '-' a bad one; then what is found after it */
	static const struct {
		int line;
		uint32_t threshold;
		const char *results, *found;
	} rows[] = {
		{ __LINE__, 1, "-+-", "-+-" },
		{ __LINE__, 3, "---", "++-" },
		{ __LINE__, 3, "--+--", "+++++" },
		{ __LINE__, 3, "+++--+---", "++++++++-" },
		{ __LINE__, 3, "---++-+++", "++------+" },
		{ __LINE__, 10, "---------+----------", "+++++++++++++++++++-" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct checkup checkup = { 0 };

		for (size_t k = 0; rows[i].results[k]; k++) {
			bool before = checkup.unhealthy;
			bool turned = checkup_result(&checkup, rows[i].results[k] == '+',
						     rows[i].threshold);

			row_int(rows[i].line, checkup.unhealthy, rows[i].found[k] == '-');
			row_int(rows[i].line, turned, before != checkup.unhealthy);
			row_int(rows[i].line, checkup.results, k + 1);
		}
	}
}

static void
what_was_settled_elsewhere_holds_at_once(void **state)
{
	struct checkup checkup = { 0 };

	(void)state;
	assert_false(checkup_settle(&checkup, true));
	assert_true(checkup_settle(&checkup, false));
	assert_true(checkup.unhealthy);
	assert_true(checkup_settle(&checkup, true));
}

static void
its_word_is_what_was_found_unless_disabled_or_inverted(void **state)
{
	static const struct {
		int line;
		bool found, inverted, disabled, word;
	} rows[] = {
		{ __LINE__, true, false, false, true },
		{ __LINE__, false, false, false, false },
		{ __LINE__, true, true, false, false },
		{ __LINE__, false, true, false, true },
		{ __LINE__, false, false, true, true },
		{ __LINE__, true, true, true, false },
		{ __LINE__, false, true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct snapshot_health check = { .inverted = rows[i].inverted,
						       .disabled = rows[i].disabled };

		row_int(rows[i].line, checkup_word(&check, rows[i].found), rows[i].word);
	}
}

static void
checks_of_one_interval_are_spread_over_it(void **state)
{
	unsigned slots[10] = { 0 };
	char id[16];

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t phase;

		snprintf(id, sizeof(id), "hc-%u", i);
		phase = checkup_phase_ms(id, 30000);
		assert_true(phase < 30000);
		assert_int_equal(phase, checkup_phase_ms(id, 30000));
		slots[phase / 3000]++;
	}
	for (unsigned i = 0; i < COUNT_OF(slots); i++)	/* the hash is fixed, so is this */
		assert_in_range(slots[i], 60, 140);
}

static struct health_check *
calculated(struct draft *d, const char *id, const char *children, uint32_t threshold)
{
	struct health_check *h = draft_health_check(d, id);

	h->type = HEALTH_CALCULATED;
	h->children = draft_refs(d, children);
	h->health_threshold = threshold;
	return h;
}

static bool *
word(const struct snapshot *snap, bool *words, const char *id)
{
	return &words[snapshot_health_number(snap, id, health_hash(id))];
}

static bool
word_of(const struct snapshot *snap, bool *words, const char *id)
{
	return *word(snap, words, id);
}

static void
calculated_checks_count_their_children_level_by_level(void **state)
{
	struct snapshot *snap;
	bool words[8] = { 0 };
	struct draft d;

	(void)state;
	draft_init(&d);
	calculated(&d, "top", "middle not", 2);	/* before what it is made of */
	calculated(&d, "not", "middle", 1)->inverted = true;
	calculated(&d, "middle", "a b c", 2);
	calculated(&d, "never", "a b", 3);
	calculated(&d, "always", "a b", 0);
	draft_health_check(&d, "a");
	draft_health_check(&d, "b");
	draft_health_check(&d, "c");
	snap = draft_compile(&d, NULL);
	assert_int_equal(snap->root->health_count, 8);

	*word(snap, words, "a") = *word(snap, words, "b") = true;
	checkup_calculate(snap, words);
	assert_true(word_of(snap, words, "middle"));
	assert_false(word_of(snap, words, "not"));
	assert_false(word_of(snap, words, "top"));
	assert_false(word_of(snap, words, "never"));
	assert_true(word_of(snap, words, "always"));

	*word(snap, words, "b") = false;
	checkup_calculate(snap, words);
	assert_false(word_of(snap, words, "middle"));
	assert_true(word_of(snap, words, "not"));
	assert_true(word_of(snap, words, "always"));
	snapshot_unref(snap);
	draft_fini(&d);
}

/** The identity of check "x" of an estate where `change` had its say. */
static struct digest
identity(void (*change)(struct draft *d, struct health_check *h))
{
	struct health_check *h;
	struct snapshot *snap;
	struct digest digest;
	struct draft d;

	draft_init(&d);
	h = draft_health_check(&d, "x");
	if (change)
		change(&d, h);
	snap = draft_compile(&d, NULL);
	digest = checkup_identity(snap, snapshot_health_number(snap, "x", health_hash("x")));
	snapshot_unref(snap);
	draft_fini(&d);
	return digest;
}

static void
a_check_more(struct draft *d, struct health_check *h)
{
	(void)h;
	draft_health_check(d, "another");
}

static void
other_interval(struct draft *d, struct health_check *h)
{
	(void)d;
	h->request_interval_ms++;
}

static void
other_file(struct draft *d, struct health_check *h)
{
	(void)d;
	h->state_file = "/run/state";
}

static void
turned_round(struct draft *d, struct health_check *h)
{
	(void)d;
	h->inverted = true;
}

static void
one_is_the_same_while_its_definition_is(void **state)
{
	struct digest plain = identity(NULL);

	(void)state;
	assert_true(digest_equal(plain, identity(a_check_more)));
	assert_false(digest_equal(plain, identity(other_interval)));
	assert_false(digest_equal(plain, identity(other_file)));
	assert_false(digest_equal(plain, identity(turned_round)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_turns_after_so_many_results_in_a_row_either_way),
		cmocka_unit_test(what_was_settled_elsewhere_holds_at_once),
		cmocka_unit_test(its_word_is_what_was_found_unless_disabled_or_inverted),
		cmocka_unit_test(checks_of_one_interval_are_spread_over_it),
		cmocka_unit_test(calculated_checks_count_their_children_level_by_level),
		cmocka_unit_test(one_is_the_same_while_its_definition_is),
	};

	return cmocka_run_group_tests_name("checkup", tests, NULL, NULL);
}
