#include "base/diag.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

static struct srcloc
at(const char *file, uint32_t line, uint32_t column)
{
	return (struct srcloc){ .file = file, .line = line, .column = column };
}

static void
findings_are_kept_in_the_order_reported(void **state)
{
	const struct finding *f;
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	diag_report(&diags, SEVERITY_ERROR, "bad-value", at("site.yaml", 41, 9),
		    "%s is not an address", "10.2.0");
	diag_report(&diags, SEVERITY_WARNING, "odd", at(NULL, 0, 0), "odd");
	diag_report(&diags, SEVERITY_NOTE, "note", at("a.yaml", 1, 1), "look here");

	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.warnings, 1);
	assert_int_equal(diags.notes, 1);
	f = diags.first;
	assert_string_equal(f->message, "10.2.0 is not an address");
	assert_string_equal(f->code, "bad-value");
	assert_null(f->name);
	assert_int_equal(f->severity, SEVERITY_ERROR);
	assert_string_equal(f->at.file, "site.yaml");
	assert_int_equal(f->at.line, 41);
	assert_int_equal(f->at.column, 9);
	assert_string_equal(f->next->code, "odd");
	assert_null(f->next->next->next);
	arena_fini(&arena);
}

static void
parts_are_copied_and_kept_in_order(void **state)
{
	const struct finding_part *part;
	char id[] = "Z0CORP";
	struct finding *finding;
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	finding = diag_open(&diags, SEVERITY_ERROR, "ZON101", "same-name-zones-differ",
			    at("a.yaml", 3, 1), "two zones");
	assert_non_null(finding);
	assert_string_equal(finding->name, "same-name-zones-differ");
	diag_add(&diags, finding, PART_OBJECT, "hosted_zone", id, at("b.yaml", 7, 5), NULL);
	memset(id, 'x', sizeof(id) - 1);
	diag_add(&diags, finding, PART_HELP, NULL, NULL, at(NULL, 0, 0), "rename %s", "one");

	part = finding->parts;
	assert_int_equal(part->part, PART_OBJECT);
	assert_string_equal(part->kind, "hosted_zone");
	assert_string_equal(part->id, "Z0CORP");
	assert_int_equal(part->at.line, 7);
	assert_null(part->text);
	part = part->next;
	assert_int_equal(part->part, PART_HELP);
	assert_null(part->id);
	assert_string_equal(part->text, "rename one");
	assert_null(part->next);
	arena_fini(&arena);
}

static void
beyond_the_limit_findings_are_counted_not_kept(void **state)
{
	struct arena arena;
	struct diags diags;
	size_t kept = 0;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 3);
	for (int i = 0; i < 5; i++)
		diag_report(&diags, SEVERITY_ERROR, "e", at(NULL, 0, 0), "%d", i);
	assert_null(diag_open(&diags, SEVERITY_WARNING, "w", NULL, at(NULL, 0, 0), "w"));
	diag_add(&diags, NULL, PART_HELP, NULL, NULL, at(NULL, 0, 0), "ignored");
	for (const struct finding *f = diags.first; f; f = f->next)
		kept++;
	assert_int_equal(kept, 3);
	assert_int_equal(diags.errors, 5);
	assert_int_equal(diags.warnings, 1);
	assert_int_equal(diags.dropped, 3);
	arena_fini(&arena);
}

static void
without_memory_errors_are_counted_all_the_same(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 600; limit += 8) {
		struct finding *finding;
		struct arena arena;
		struct diags diags;
		size_t kept = 0;

		arena_init(&arena, limit);
		diags_init(&diags, &arena, 0);
		finding = diag_open(&diags, SEVERITY_ERROR, "e", NULL, at("f", 1, 1), "%050d", 1);
		diag_add(&diags, finding, PART_OBJECT, "kind", "id", at(NULL, 0, 0), "%050d", 2);
		diag_report(&diags, SEVERITY_ERROR, "e", at("f", 2, 1), "second");
		assert_int_equal(diags.errors, 2);
		for (const struct finding *f = diags.first; f; f = f->next) {
			assert_non_null(f->message);
			kept++;
		}
		assert_int_equal(kept + diags.dropped, 2);
		diags_sort(&diags);
		arena_fini(&arena);
	}
}

static void
sorting_goes_by_file_line_column_code_and_is_stable(void **state)
{
	static const struct {
		const char *file;
		uint32_t line, column;
		const char *code, *message;
	} in[] = {
		{ "b.yaml", 1, 1, "x", "7" },  { "a.yaml", 10, 1, "x", "6" },
		{ "a.yaml", 2, 9, "b", "4" },  { "a.yaml", 2, 9, "a", "2" },
		{ "a.yaml", 2, 9, "a", "3" },  { "a.yaml", 2, 10, "a", "5" },
		{ "a.yaml", 2, 1, "z", "1" },  { NULL, 0, 0, "q", "0" },
		{ "b.yaml", 1, 1, "x", "8" },
	};
	struct arena arena;
	struct diags diags;
	char got[16] = "";

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	diags_sort(&diags);
	assert_null(diags.first);
	for (size_t i = 0; i < COUNT_OF(in); i++)
		diag_report(&diags, SEVERITY_ERROR, in[i].code,
			    at(in[i].file, in[i].line, in[i].column), "%s", in[i].message);
	diags_sort(&diags);
	diag_report(&diags, SEVERITY_ERROR, "later", at("a.yaml", 1, 1), "9");
	for (const struct finding *f = diags.first; f; f = f->next)
		strcat(got, f->message);
	assert_string_equal(got, "0123456789");
	arena_fini(&arena);
}

static void
a_large_set_sorts_like_the_textbook_says(void **state)
{
	uint64_t seed = 1;
	const struct finding *f;
	struct arena arena;
	struct diags diags;
	size_t count = 0;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	for (unsigned i = 0; i < 3000; i++)
		diag_report(&diags, SEVERITY_NOTE, "n", at("f", 1 + random_to(&seed, 50), 0),
			    "%05u", i);
	diags_sort(&diags);
	for (f = diags.first; f; f = f->next, count++) {
		if (!f->next)
			continue;
		assert_true(f->at.line <= f->next->at.line);
		if (f->at.line == f->next->at.line)
			assert_true(strcmp(f->message, f->next->message) < 0);
	}
	assert_int_equal(count, 3000);
	arena_fini(&arena);
}

static void
every_status_and_severity_has_its_phrase(void **state)
{
	(void)state;
	assert_string_equal(status_text(ERR_NOMEM), "out of memory");
	assert_string_equal(status_text(ERR_SHORT), "input ended early");
	for (int s = OK; s <= ERR_REJECTED; s++)
		assert_string_not_equal(status_text((enum status)s), "unknown status");
	assert_string_equal(severity_text(SEVERITY_NOTE), "note");
	assert_string_equal(severity_text(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_text(SEVERITY_ERROR), "error");
}

static void
what_was_not_looked_at_is_kept_in_order(void **state)
{
	char what[] = "networks a and b";
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	diag_gap(&diags, what, "the budget was spent");
	what[0] = 'X';	/* it was copied */
	diag_gap(&diags, "the rest", "the same");
	assert_string_equal(diags.gaps->what, "networks a and b");
	assert_string_equal(diags.gaps->why, "the budget was spent");
	assert_string_equal(diags.gaps->next->what, "the rest");
	assert_null(diags.gaps->next->next);
	assert_int_equal(diags.errors + diags.warnings + diags.notes + diags.dropped, 0);
	arena_fini(&arena);
}

static void
a_gap_that_cannot_be_kept_is_counted(void **state)
{
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena, 0);
	diags_init(&diags, &arena, 0);
	diag_gap(&diags, "all", "no memory");
	assert_int_equal(diags.dropped, 1);
	arena_fini(&arena);
}

static void
joined_sinks_have_the_findings_of_both_in_order(void **state)
{
	struct diags into, from;
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&into, &arena, 3);
	diags_init(&from, &arena, 3);
	diags_join(&into, &from);
	assert_null(into.first);
	diag_report(&into, SEVERITY_ERROR, "a", at("a", 1, 1), "a");
	diag_report(&from, SEVERITY_WARNING, "b", at("b", 1, 1), "b");
	diag_report(&from, SEVERITY_NOTE, "c", at("c", 1, 1), "c");
	diag_gap(&from, "what", "why");
	diags_join(&into, &from);
	assert_null(from.first);
	assert_null(from.gaps);
	assert_int_equal(from.warnings + from.notes, 0);
	diag_report(&from, SEVERITY_ERROR, "beyond", at("d", 1, 1), "d");
	diags_join(&into, &from);

	assert_string_equal(into.first->code, "a");
	assert_string_equal(into.first->next->code, "b");
	assert_string_equal(into.first->next->next->code, "c");
	assert_null(into.first->next->next->next);
	assert_string_equal(into.gaps->what, "what");
	assert_int_equal(into.errors, 2);
	assert_int_equal(into.warnings, 1);
	assert_int_equal(into.notes, 1);
	assert_int_equal(into.dropped, 1);
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_looked_at_is_kept_in_order),
		cmocka_unit_test(a_gap_that_cannot_be_kept_is_counted),
		cmocka_unit_test(findings_are_kept_in_the_order_reported),
		cmocka_unit_test(parts_are_copied_and_kept_in_order),
		cmocka_unit_test(beyond_the_limit_findings_are_counted_not_kept),
		cmocka_unit_test(without_memory_errors_are_counted_all_the_same),
		cmocka_unit_test(sorting_goes_by_file_line_column_code_and_is_stable),
		cmocka_unit_test(a_large_set_sorts_like_the_textbook_says),
		cmocka_unit_test(every_status_and_severity_has_its_phrase),
		cmocka_unit_test(joined_sinks_have_the_findings_of_both_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
