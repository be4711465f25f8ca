#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "lint/baseline.h"

/* Findings, and a baseline beside them. */
struct known {
	struct arena arena;
	struct diags diags;
	struct baseline baseline;
};

static const struct lint_choice all = { .least = SEVERITY_NOTE };

static void
known_init(struct known *k)
{
	arena_init(&k->arena, SIZE_MAX);
	diags_init(&k->diags, &k->arena, 0);
	baseline_init(&k->baseline, &k->arena);
}

static void
known_fini(struct known *k)
{
	arena_fini(&k->arena);
}

static void
find(struct known *k, const char *code, const char *object, uint32_t line)
{
	struct srcloc at = { "estate.yaml", line, 3 };
	struct finding *f = diag_open(&k->diags, SEVERITY_ERROR, code, "name", at, "message");

	diag_add(&k->diags, f, PART_OBJECT, "hosted_zone", object, at, "text");
}

static void
print(struct known *k, const char *today, struct text *out)
{
	text_init(out);
	assert_int_equal(baseline_print(&k->baseline, NULL, NULL, today, &k->diags, out), OK);
}

static enum status
read(struct known *k, const char *text)
{
	return baseline_read(&k->baseline, "known.jsonl", text, strlen(text), &k->diags);
}

static void
apply(struct known *k)
{
	assert_int_equal(baseline_apply(&k->baseline, &all, NULL, NULL, &k->diags), OK);
}

static void
what_is_written_takes_all_out(void **state)
{
	struct known one, two;
	struct text text;

	(void)state;
	known_init(&one);
	find(&one, "ZON101", "Z\"1\"\x01\n", 4);
	find(&one, "ZON101", "Z2", 9);
	find(&one, "PRE201", "Z2", 9);
	print(&one, "2026-11-22", &text);

	known_init(&two);	/* the same elsewhere in the file, and one that is new */
	find(&two, "ZON101", "Z2", 90);
	find(&two, "ZON101", "Z3", 91);
	find(&two, "ZON101", "Z\"1\"\x01\n", 92);
	find(&two, "PRE201", "Z2", 93);
	assert_int_equal(read(&two, text.data), OK);
	apply(&two);
	assert_int_equal(two.diags.errors, 1);
	assert_int_equal(two.diags.suppressed, 3);
	assert_int_equal(two.diags.warnings, 0);
	assert_null(two.diags.first->next->suppressed);
	text_fini(&text);
	known_fini(&one);
	known_fini(&two);
}

static void
lines_are_sorted_and_do_not_depend_on_the_order(void **state)
{
	struct known one, two;
	struct text a, b;

	(void)state;
	known_init(&one);
	find(&one, "ZON101", "Z2", 1);
	find(&one, "ZON101", "Z1", 2);
	find(&one, "PRE201", "Z9", 3);
	known_init(&two);
	find(&two, "PRE201", "Z9", 7);
	find(&two, "ZON101", "Z1", 8);
	find(&two, "ZON101", "Z2", 9);
	print(&one, "2026-11-22", &a);
	print(&two, "2026-11-22", &b);
	assert_string_equal(a.data, b.data);
	assert_non_null(strstr(a.data, "PRE201"));
	assert_true(strstr(a.data, "PRE201") < strstr(a.data, "Z1"));
	assert_true(strstr(a.data, "Z1") < strstr(a.data, "Z2"));
	text_fini(&a);
	text_fini(&b);
	known_fini(&one);
	known_fini(&two);
}

static void
one_entry_does_not_swallow_two_findings(void **state)
{
	struct known one, two;
	struct text text;

	(void)state;
	known_init(&one);
	find(&one, "ZON101", "Z1", 1);
	print(&one, "2026-11-22", &text);
	known_init(&two);
	find(&two, "ZON101", "Z1", 1);
	find(&two, "ZON101", "Z1", 2);
	assert_int_equal(read(&two, text.data), OK);
	apply(&two);
	assert_int_equal(two.diags.errors, 1);
	text_fini(&text);
	known_fini(&one);
	known_fini(&two);
}

static void
what_is_found_no_more_is_told_and_pruned(void **state)
{
	struct known one, two;
	struct text text, pruned;

	(void)state;
	known_init(&one);
	find(&one, "ZON101", "Z1", 1);
	find(&one, "ZON101", "Z2", 2);
	find(&one, "ZON101", "Z2", 3);
	print(&one, "2026-11-22", &text);
	known_init(&two);
	find(&two, "ZON101", "Z2", 1);
	assert_int_equal(read(&two, text.data), OK);
	apply(&two);
	assert_int_equal(two.diags.errors, 0);
	assert_int_equal(two.diags.warnings, 2);	/* Z1 is gone, and one of Z2 */
	assert_string_equal(two.diags.first->next->code, "CFG005");
	assert_string_equal(two.diags.first->next->at.file, "known.jsonl");
	text_init(&pruned);
	assert_int_equal(baseline_prune(&two.baseline, &pruned), OK);
	assert_null(strstr(pruned.data, "Z1"));
	assert_non_null(strstr(pruned.data, "\"count\": 1"));
	text_fini(&pruned);
	text_fini(&text);
	known_fini(&one);
	known_fini(&two);
}

static void
first_day_and_reason_stay(void **state)
{
	struct known one, two;
	struct text text;
	char line[512], hex[65];

	(void)state;
	known_init(&one);
	find(&one, "ZON101", "Z1", 1);
	print(&one, "2026-11-22", &text);
	assert_int_equal(sscanf(strstr(text.data, "fingerprint"), "fingerprint\": \"%64s", hex), 1);
	snprintf(line, sizeof(line), "{\"fingerprint\":\"%s\",\"code\":\"ZON101\",\"ours\":[\"x\"],"
		 "\"first_seen\":\"2020-01-01\",\"reason\":\"moved \\u00e9\"}\n\n", hex);
	known_init(&two);
	assert_int_equal(read(&two, line), OK);
	find(&two, "ZON101", "Z1", 1);
	text_fini(&text);
	print(&two, "2026-11-23", &text);
	assert_non_null(strstr(text.data, "2020-01-01"));
	assert_non_null(strstr(text.data, "moved \xc3\xa9"));
	text_fini(&text);
	known_fini(&one);
	known_fini(&two);
}

static void
what_is_no_baseline_is_refused(void **state)
{
	static const char *const lines[] = {
		"x", "{}", "[]", "{\"code\": \"ZON101\"}", "{\"fingerprint\": \"00\", \"code\": \"Z\"}",
		"{\"code\": \"ZON101\", \"fingerprint\": 5}", "{\"code\"", "{\"code\": \"\\", "{\"a\\u12",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct known k;

		known_init(&k);
		assert_int_equal(read(&k, lines[i]), ERR_MALFORMED);
		assert_int_equal(k.diags.errors, 1);
		assert_int_equal(k.diags.first->at.line, 1);
		known_fini(&k);
	}
}

static void
findings_of_the_loader_are_not_kept(void **state)
{
	struct known k;
	struct text text;

	(void)state;
	known_init(&k);
	find(&k, "bad-value", "Z1", 1);
	find(&k, "CFG005", "Z1", 1);
	print(&k, "2026-11-22", &text);
	assert_string_equal(text.data, "");
	text_fini(&text);
	known_fini(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_takes_all_out),
		cmocka_unit_test(lines_are_sorted_and_do_not_depend_on_the_order),
		cmocka_unit_test(one_entry_does_not_swallow_two_findings),
		cmocka_unit_test(what_is_found_no_more_is_told_and_pruned),
		cmocka_unit_test(first_day_and_reason_stay),
		cmocka_unit_test(what_is_no_baseline_is_refused),
		cmocka_unit_test(findings_of_the_loader_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
