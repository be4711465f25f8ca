#include "unit/unit.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "lint/policy.h"

#define TODAY "2026-11-22"

/* Three findings: two codes, objects of two files. */
struct judged_findings {
	struct arena arena;
	struct diags diags;
	struct lint_settings settings;
};

static void
find(struct judged_findings *j, const char *code, const char *file, uint32_t line, const char *id,
     uint32_t other)
{
	struct finding *f = diag_open(&j->diags, SEVERITY_ERROR, code, "name",
				      (struct srcloc){ file, line, 1 }, "message");

	diag_add(&j->diags, f, PART_OBJECT, "hosted_zone", id, (struct srcloc){ file, line, 1 },
		 "first");
	if (other)
		diag_add(&j->diags, f, PART_OBJECT, "hosted_zone", "ZOTHER",
			 (struct srcloc){ file, other, 1 }, "second");
}

static void
judged_init(struct judged_findings *j)
{
	*j = (struct judged_findings){ 0 };
	arena_init(&j->arena, SIZE_MAX);
	diags_init(&j->diags, &j->arena, 0);
	find(j, "ZON101", "conf/a.yaml", 10, "ZA", 20);
	find(j, "ZON101", "conf/b.yaml", 30, "ZB", 0);
	find(j, "PRE201", "conf/a.yaml", 10, "ZA", 0);
}

/** "ZON101 error -; ...": each finding, - for accepted. */
static void
check_left(int line, const struct judged_findings *j, const char *wanted)
{
	struct text text;

	text_init(&text);
	text_append(&text, "");
	for (const struct finding *f = j->diags.first; f; f = f->next)
		text_printf(&text, "%s%s %s%s", text.len ? "; " : "", f->code,
			    severity_text(f->severity), f->suppressed ? " -" : "");
	row_string(line, text.data, wanted);
	text_fini(&text);
}

static void
apply(struct judged_findings *j, bool suppressions)
{
	const struct lint_choice all = { .least = SEVERITY_NOTE };

	assert_int_equal(policy_apply(&j->settings, &all, TODAY, suppressions, &j->diags), OK);
}

struct said {
	int line;
	struct pragma pragma;
	const char *left;
};

#define AT(file) { file, 1, 1 }

static const struct said comments[] = {
	{ __LINE__, { PRAGMA_IGNORE, "ZON101", "why", NULL, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error -; ZON101 error; PRE201 error" },
	/* any object will do */
	{ __LINE__, { PRAGMA_IGNORE, "ZON101", "why", NULL, 19, 21, AT("conf/a.yaml"), NULL },
	  "ZON101 error -; ZON101 error; PRE201 error" },
	{ __LINE__, { PRAGMA_IGNORE, "PRE201", "why", NULL, 1, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error -" },
	{ __LINE__, { PRAGMA_RANGE, "ZON101", "why", NULL, 5, UINT32_MAX, AT("conf/b.yaml"), NULL },
	  "ZON101 error; ZON101 error -; PRE201 error" },
	{ __LINE__, { PRAGMA_FILE, "ZON101", "why", NULL, 99, UINT32_MAX, AT("conf/b.yaml"), NULL },
	  "ZON101 error; ZON101 error -; PRE201 error" },
	/* other lines, another file, another code: of no use, and that is said */
	{ __LINE__, { PRAGMA_IGNORE, "ZON101", "why", NULL, 11, 19, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	{ __LINE__, { PRAGMA_IGNORE, "ZON101", "why", NULL, 10, 10, AT("conf/b.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	{ __LINE__, { PRAGMA_IGNORE, "ZON104", "why", NULL, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	{ __LINE__, { PRAGMA_IGNORE, "ZON999", "why", NULL, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	{ __LINE__, { PRAGMA_FLAWED, NULL, "is none", NULL, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	/* a beginning of codes is no code */
	{ __LINE__, { PRAGMA_FILE, "ZON", "why", NULL, 1, UINT32_MAX, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	/* the last day counts, the day after does not */
	{ __LINE__, { PRAGMA_IGNORE, "PRE201", "why", TODAY, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error -" },
	{ __LINE__, { PRAGMA_IGNORE, "PRE201", "why", "2026-11-21", 10, 10, AT("conf/a.yaml"),
		      NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	{ __LINE__, { PRAGMA_IGNORE, "PRE201", "why", "someday", 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
	/* without a reason it holds, and is complained of */
	{ __LINE__, { PRAGMA_IGNORE, "PRE201", "", NULL, 10, 10, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error -; CFG005 warning" },
	/* what cannot be accepted */
	{ __LINE__, { PRAGMA_FILE, "CFG005", "why", NULL, 1, UINT32_MAX, AT("conf/a.yaml"), NULL },
	  "ZON101 error; ZON101 error; PRE201 error; CFG005 warning" },
};

static void
comments_accept_what_they_cover(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(comments); i++) {
		struct pragma pragma = comments[i].pragma;
		struct judged_findings j;

		judged_init(&j);
		j.settings.pragmas = j.settings.last_pragma = &pragma;
		apply(&j, true);
		check_left(comments[i].line, &j, comments[i].left);
		arena_fini(&j.arena);
		judged_init(&j);	/* an audit sees all of it */
		j.settings.pragmas = j.settings.last_pragma = &pragma;
		apply(&j, false);
		check_left(comments[i].line, &j, "ZON101 error; ZON101 error; PRE201 error");
		arena_fini(&j.arena);
	}
}

static void
the_mark_says_why_and_where(void **state)
{
	struct pragma pragma = { PRAGMA_IGNORE, "PRE201", "why", NULL, 10, 10,
				 { "conf/a.yaml", 9, 3 }, NULL };
	struct judged_findings j;

	(void)state;
	judged_init(&j);
	j.settings.pragmas = j.settings.last_pragma = &pragma;
	apply(&j, true);
	assert_string_equal(j.diags.first->next->next->suppressed, "why (conf/a.yaml:9)");
	assert_int_equal(j.diags.errors, 2);
	assert_int_equal(j.diags.suppressed, 1);
	arena_fini(&j.arena);
}

static void
the_section_accepts_objects_by_pattern(void **state)
{
	struct lint_suppression two = { .code = "PRE201", .object = "ZB", .reason = "why",
					.at = AT("conf/a.yaml") };
	struct lint_suppression one = { .code = "ZON101", .object = "Z[BC]*", .reason = "why",
					.at = AT("conf/a.yaml"), .next = &two };
	struct judged_findings j;

	(void)state;
	judged_init(&j);
	j.settings.suppressions = &one;
	apply(&j, true);
	check_left(__LINE__, &j, "ZON101 error; ZON101 error -; PRE201 error; CFG005 warning");
	arena_fini(&j.arena);
}

static void
severities_and_paths_are_the_sections(void **state)
{
	struct lint_severity second = { .code = "ZON101", .severity = SEVERITY_NOTE };
	struct lint_severity first = { .code = "ZON", .severity = SEVERITY_WARNING,
				       .next = &second };
	struct string_item code = { .text = "PRE" };
	struct lint_path path = { .path = "conf/*", .ignore = &code };
	struct judged_findings j;

	(void)state;
	judged_init(&j);
	j.settings.severities = &first;
	j.settings.paths = &path;
	apply(&j, true);
	check_left(__LINE__, &j, "ZON101 note; ZON101 note; PRE201 error -");
	assert_int_equal(j.diags.notes, 2);
	assert_int_equal(j.diags.errors, 0);
	arena_fini(&j.arena);
}

static void
the_command_line_selects_in_place_of_the_section(void **state)
{
	struct string_item pre = { .text = "PRE" }, zon = { .text = "ZON104" };
	struct lint_settings settings = { .select = &pre, .ignore = &zon };
	const char *said[] = { "ZON" };
	struct lint_choice none = { 0 }, some = { .select = said, .select_count = 1 };
	struct policy_choice chosen;

	(void)state;
	policy_choose(&settings, &none, &chosen);
	assert_true(lint_chosen(&chosen.choice, "PRE201"));
	assert_false(lint_chosen(&chosen.choice, "ZON101"));
	policy_choose(&settings, &some, &chosen);
	assert_false(lint_chosen(&chosen.choice, "PRE201"));
	assert_true(lint_chosen(&chosen.choice, "ZON101"));
	assert_false(lint_chosen(&chosen.choice, "ZON104"));
}

static void
codes_and_days_of_the_section_exist(void **state)
{
	struct string_item code = { .text = "ZON1O1" };
	struct lint_suppression accepted = { .code = "ZON", .reason = "why",
					     .until = "2026-13-01" };
	struct judged_findings j;

	(void)state;
	judged_init(&j);
	assert_int_equal(policy_check(&j.settings, &j.diags), OK);
	j.settings.ignore = &code;
	j.settings.suppressions = &accepted;
	assert_int_equal(policy_check(&j.settings, &j.diags), ERR_REJECTED);
	assert_int_equal(j.diags.errors, 3 + 3);	/* a typo, no whole code, no day */
	arena_fini(&j.arena);
}

static void
a_day_is_a_day(void **state)
{
	(void)state;
	assert_true(policy_is_day("2026-11-22"));
	assert_true(policy_is_day("2027-01-31"));
	assert_false(policy_is_day("2026-00-22"));
	assert_false(policy_is_day("2026-13-22"));
	assert_false(policy_is_day("2026-11-32"));
	assert_false(policy_is_day("2026-11-2"));
	assert_false(policy_is_day("2026-11-222"));
	assert_false(policy_is_day("22.11.2026"));
	assert_false(policy_is_day(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_accept_what_they_cover),
		cmocka_unit_test(the_mark_says_why_and_where),
		cmocka_unit_test(the_section_accepts_objects_by_pattern),
		cmocka_unit_test(severities_and_paths_are_the_sections),
		cmocka_unit_test(the_command_line_selects_in_place_of_the_section),
		cmocka_unit_test(codes_and_days_of_the_section_exist),
		cmocka_unit_test(a_day_is_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
