#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "lint/catalogue.h"
#include "lint/lint.h"

static void
every_rule_says_all_of_itself(void **state)
{
	size_t count;
	const struct catalogue_rule *rules = catalogue_rules(&count);

	(void)state;
	assert_int_equal(count, 105);
	for (size_t i = 0; i < count; i++) {
		const struct catalogue_rule *r = &rules[i];

		assert_int_equal(strlen(r->code), 6);
		assert_true(strlen(r->definition) > 20 && strlen(r->definition) < 400);
		assert_true(strlen(r->example) > 5 && strlen(r->example) < 200);
		assert_true(strlen(r->fix) > 5 && strlen(r->fix) < 200);
		assert_true(r->definition[strlen(r->definition) - 1] != '.');
		assert_null(strchr(r->definition, '\n'));
		assert_true(r->assumes < 1u << ASSUME_POINTS);
		assert_ptr_equal(catalogue_find(r->code), r);	/* none twice */
		if (i && strncmp(r->code, rules[i - 1].code, 3) == 0)
			assert_true(strcmp(rules[i - 1].code, r->code) < 0);
		/* GitHub takes the severity of security rules as a number in a string */
		assert_int_equal(r->security != NULL, strncmp(r->code, "SEC", 3) == 0);
		if (r->security)
			assert_true(strtod(r->security, NULL) > 0 &&
				    strtod(r->security, NULL) <= 10);
	}
}

static void
checks_are_in_the_catalogue_as_they_are(void **state)
{
	size_t count;
	const struct lint_check *checks = lint_checks(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct catalogue_rule *r = catalogue_find(checks[i].code);

		if (!r)
			fail_msg("%s is not in the catalogue", checks[i].code);
		if (strcmp(r->name, checks[i].name) != 0 || r->severity != checks[i].severity)
			fail_msg("%s is called otherwise in the catalogue", r->code);
		if (r->needs)
			fail_msg("%s runs, and the catalogue says it waits for %s", r->code,
				 r->needs);
	}
}

/** Silence is no answer: a rule runs, or says what keeps it. */
static void
a_rule_that_does_not_run_says_why(void **state)
{
	size_t count, check_count;
	const struct catalogue_rule *rules = catalogue_rules(&count);
	const struct lint_check *checks = lint_checks(&check_count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool has = rules[i].needs != NULL;

		for (size_t k = 0; k < check_count; k++)
			has |= strcmp(checks[k].code, rules[i].code) == 0;
		if (!has)
			fail_msg("%s neither runs nor says what it needs", rules[i].code);
	}
}

static void
a_mistyped_code_is_guessed(void **state)
{
	(void)state;
	assert_string_equal(catalogue_nearest("ZON1O1"), "ZON101");
	assert_string_equal(catalogue_nearest("rec703"), "REC703");
	assert_null(catalogue_nearest("nothing-like-it"));
	assert_null(catalogue_find("ZON1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_says_all_of_itself),
		cmocka_unit_test(checks_are_in_the_catalogue_as_they_are),
		cmocka_unit_test(a_rule_that_does_not_run_says_why),
		cmocka_unit_test(a_mistyped_code_is_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
