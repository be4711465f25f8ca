#include "unit/unit.h"

#include <string.h>

#include "lint/report.h"
#include "lint/snippet.h"

/* What stands where in a line, as it is shown. */
struct shown {
	int line;
	const char *source;
	uint32_t column;
	const char *text;	/* NULL: not shown at all */
	size_t mark, mark_len;
};

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct shown snippets[] = {
	{ __LINE__, "    name: corp.example", 11, "    name: corp.example", 10, 12 },
	{ __LINE__, "vpcs: [vpc-a, vpc-b]", 8, "vpcs: [vpc-a, vpc-b]", 7, 5 },
	{ __LINE__, "vpcs: [vpc-a, vpc-b]", 15, "vpcs: [vpc-a, vpc-b]", 14, 5 },
	{ __LINE__, "- {id: x}", 3, "- {id: x}", 2, 1 },
	{ __LINE__, "id: \"a b\", name: c", 5, "id: \"a b\", name: c", 4, 5 },
	{ __LINE__, "key: value", 1, "key: value", 0, 3 },
	/* tabs go to the next eighth column, before the place and inside the rest */
	{ __LINE__, "www\tIN\tA", 5, "www     IN      A", 8, 2 },
	/* characters count, not octets */
	{ __LINE__, "n: \xc3\xa4\xc3\xb6 b", 7, "n: \xc3\xa4\xc3\xb6 b", 6, 1 },
	/* nothing may move the cursor */
	{ __LINE__, "a\033[2Jb c", 8, "a\\x1b[2Jb c", 10, 1 },
	{ __LINE__, "a \xff b", 5, "a \\xff b", 7, 1 },
	/* behind the end */
	{ __LINE__, "short", 80, "short", 5, 1 },
	{ __LINE__, "", 1, "", 0, 1 },
	/* no place, only the line */
	{ __LINE__, "some line", 0, "some line", 0, 0 },
	/* a part of a long line */
	{ __LINE__, HUNDRED HUNDRED " here " HUNDRED, 202, NULL, 60, 4 },
};

static void
a_snippet_shows_the_place_in_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(snippets); i++) {
		const struct shown *row = &snippets[i];
		struct snippet snippet;

		row_true(row->line, snippet_init(&snippet, row->source, strlen(row->source),
						 row->column));
		if (row->text)
			row_string(row->line, snippet.line.data, row->text);
		row_int(row->line, snippet.mark, row->mark);
		row_int(row->line, snippet.mark_len, row->mark_len);
		snippet_fini(&snippet);
	}
}

static void
a_line_that_is_no_text_is_not_shown(void **state)
{
	struct snippet snippet;

	(void)state;
	assert_false(snippet_init(&snippet, "a\0b", 3, 1));
	snippet_fini(&snippet);
}

/* A file of two lines. */
static bool
two_lines(void *context, const char *file, uint32_t line, const char **text, size_t *len)
{
	static const char *const lines[] = { "zone: a", "zone: b" };

	(void)context;
	if (strcmp(file, "f.yaml") != 0 || line < 1 || line > 2)
		return false;
	*text = lines[line - 1];
	*len = strlen(lines[line - 1]);
	return true;
}

/** A finding that has everything, with characters that no reporter may pass on. */
static void
make_findings(struct diags *diags)
{
	struct srcloc first = { "f.yaml", 1, 7 }, second = { "f.yaml", 2, 7 }, none = { 0 };
	struct finding *f = diag_open(diags, SEVERITY_ERROR, "ZON101", "same-name", first,
				      "it's \"bad\" \033[2J");

	diag_add(diags, f, PART_OBJECT, "hosted_zone", "Z\n1", first, "one");
	diag_add(diags, f, PART_OBJECT, "hosted_zone", "Z2", second, "other");
	diag_add(diags, f, PART_OBJECT, "hosted_zone", "Z3", second, "at the same place");
	diag_add(diags, f, PART_NETWORK, "vpc", "app", none, NULL);
	diag_add(diags, f, PART_NETWORK, "vpc", "data", none, NULL);
	diag_add(diags, f, PART_NAMES, "name", "db.a.", none, "A");
	diag_add(diags, f, PART_NAMES, "others", "w.a.", none, "all types");
	diag_add(diags, f, PART_NAMES, "subtree", "t.a.", none, "TXT");
	diag_add(diags, f, PART_WITNESS, NULL, "db.a. A", none, NULL);
	diag_add(diags, f, PART_OUTCOME, "vpc", "app", none, "A 10.0.0.1");
	diag_add(diags, f, PART_OUTCOME, "vpc", "data", none, "TXT \"\\\"");
	diag_add(diags, f, PART_HELP, NULL, NULL, none, "merge them");
	diag_report(diags, SEVERITY_WARNING, "odd", (struct srcloc){ "other.yaml", 0, 0 }, "odd");
	diag_report(diags, SEVERITY_NOTE, "no-place", none, "nowhere");
}

static void
write_report(const struct reporter *reporter, bool colour, struct text *out)
{
	struct arena arena;
	struct diags diags;
	struct report report = {
		.out = out, .version = "1.2.3", .line = two_lines, .colour = colour,
		.counts = { .files = 1, .vpcs = 2, .hosted_zones = 3 },
	};

	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 3);
	make_findings(&diags);
	diag_report(&diags, SEVERITY_ERROR, "fourth", (struct srcloc){ 0 }, "over the limit");
	text_init(out);
	report_begin(reporter, &report);
	report_findings(reporter, &report, &diags);
	report_end(reporter, &report);
	assert_false(out->failed);
	arena_fini(&arena);
}

static void
text_shows_lines_and_all_parts(void **state)
{
	struct text out;

	(void)state;
	write_report(&reporter_text, false, &out);
	assert_string_equal(out.data,
		"error[ZON101]: it's \"bad\" \\x1b[2J\n"
		" --> f.yaml:1:7\n"
		"  |\n"
		"1 | zone: a\n"
		"  |       ^ hosted_zone Z\\x0a1: one\n"
		" ::: f.yaml:2:7\n"
		"  |\n"
		"2 | zone: b\n"
		"  |       ^ hosted_zone Z2: other\n"
		"  |       ^ hosted_zone Z3: at the same place\n"
		"  = networks: app, data\n"
		"  = names: db.a. (A), others below w.a. (all types), t.a. and below (TXT)\n"
		"  = witness: db.a. A\n"
		"    in app: A 10.0.0.1\n"
		"    in data: TXT \"\\\"\n"
		"  = help: merge them\n"
		"\n"
		"warning[odd]: odd\n"
		" --> other.yaml\n"
		"\n"
		"note[no-place]: nowhere\n"
		"\n"
		"2 errors, 1 warning, 1 note (1 of them not shown: too many) in 1 configuration: "
		"2 VPCs, 0 sites, 3 zones, 0 record sets, 0 endpoints, 0 rules\n");
	text_fini(&out);
}

static void
colour_adds_nothing_but_escapes(void **state)
{
	struct text plain, coloured;
	size_t n = 0;

	(void)state;
	write_report(&reporter_text, false, &plain);
	write_report(&reporter_text, true, &coloured);
	assert_null(strchr(plain.data, '\033'));
	assert_non_null(strchr(coloured.data, '\033'));
	for (const char *p = coloured.data; *p; p++) {
		if (*p == '\033')
			p = strchr(p, 'm');
		else
			coloured.data[n++] = *p;
	}
	coloured.data[n] = '\0';
	assert_string_equal(coloured.data, plain.data);
	text_fini(&plain);
	text_fini(&coloured);
}

static void
concise_is_a_line_a_finding(void **state)
{
	struct text out;

	(void)state;
	write_report(&reporter_concise, false, &out);
	assert_string_equal(out.data, "f.yaml:1:7: error ZON101 it's \"bad\" \\x1b[2J\n"
				      "other.yaml: warning odd odd\n"
				      "note no-place nowhere\n");
	text_fini(&out);
}

static void
json_says_the_same_to_machines(void **state)
{
	struct text out;

	(void)state;
	write_report(&reporter_json, false, &out);
	assert_string_equal(out.data,
		"{\n"
		"  \"schema\": \"causeway-lint-1\",\n"
		"  \"tool\": \"causeway\",\n"
		"  \"version\": \"1.2.3\",\n"
		"  \"estate\": {\"configurations\": 1, \"vpcs\": 2, \"sites\": 0, "
		"\"hosted_zones\": 3, \"record_sets\": 0, \"resolver_endpoints\": 0, "
		"\"resolver_rules\": 0},\n"
		"  \"summary\": {\"errors\": 2, \"warnings\": 1, \"notes\": 1, \"dropped\": 1},\n"
		"  \"findings\": [\n"
		"    {\n"
		"      \"code\": \"ZON101\",\n"
		"      \"name\": \"same-name\",\n"
		"      \"severity\": \"error\",\n"
		"      \"certainty\": \"must\",\n"
		"      \"message\": \"it's \\\"bad\\\" \\u001b[2J\",\n"
		"      \"loc\": {\"file\": \"f.yaml\", \"line\": 1, \"column\": 7},\n"
		"      \"objects\": [\n"
		"        {\"kind\": \"hosted_zone\", \"id\": \"Z\\n1\", \"loc\": "
		"{\"file\": \"f.yaml\", \"line\": 1, \"column\": 7}, \"text\": \"one\"},\n"
		"        {\"kind\": \"hosted_zone\", \"id\": \"Z2\", \"loc\": "
		"{\"file\": \"f.yaml\", \"line\": 2, \"column\": 7}, \"text\": \"other\"},\n"
		"        {\"kind\": \"hosted_zone\", \"id\": \"Z3\", \"loc\": "
		"{\"file\": \"f.yaml\", \"line\": 2, \"column\": 7}, "
		"\"text\": \"at the same place\"}\n"
		"      ],\n"
		"      \"views\": [\n"
		"        \"app\",\n"
		"        \"data\"\n"
		"      ],\n"
		"      \"region\": [\n"
		"        {\"kind\": \"name\", \"name\": \"db.a.\", \"types\": \"A\"},\n"
		"        {\"kind\": \"others\", \"name\": \"w.a.\", \"types\": \"all types\"},\n"
		"        {\"kind\": \"subtree\", \"name\": \"t.a.\", \"types\": \"TXT\"}\n"
		"      ],\n"
		"      \"witness\": {\"qname\": \"db.a.\", \"qtype\": \"A\", \"text\": null, "
		"\"outcomes\": {\"app\": \"A 10.0.0.1\", \"data\": \"TXT \\\"\\\\\\\"\"}},\n"
		"      \"fix\": {\"text\": \"merge them\"}\n"
		"    },\n"
		"    {\n"
		"      \"code\": \"odd\",\n"
		"      \"name\": \"odd\",\n"
		"      \"severity\": \"warning\",\n"
		"      \"certainty\": \"must\",\n"
		"      \"message\": \"odd\",\n"
		"      \"loc\": {\"file\": \"other.yaml\", \"line\": null, \"column\": null},\n"
		"      \"objects\": [],\n"
		"      \"views\": [],\n"
		"      \"region\": [],\n"
		"      \"witness\": null,\n"
		"      \"fix\": null\n"
		"    },\n"
		"    {\n"
		"      \"code\": \"no-place\",\n"
		"      \"name\": \"no-place\",\n"
		"      \"severity\": \"note\",\n"
		"      \"certainty\": \"must\",\n"
		"      \"message\": \"nowhere\",\n"
		"      \"loc\": null,\n"
		"      \"objects\": [],\n"
		"      \"views\": [],\n"
		"      \"region\": [],\n"
		"      \"witness\": null,\n"
		"      \"fix\": null\n"
		"    }\n"
		"  ]\n"
		"}\n");
	text_fini(&out);
}

static void
every_reporter_is_found_by_its_name(void **state)
{
	size_t count = 0;

	(void)state;
	for (const char *name; (name = reporter_name(count)); count++)
		assert_string_equal(reporter_find(name)->name, name);
	assert_int_equal(count, 3);
	assert_null(reporter_find("html"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snippet_shows_the_place_in_its_line),
		cmocka_unit_test(a_line_that_is_no_text_is_not_shown),
		cmocka_unit_test(text_shows_lines_and_all_parts),
		cmocka_unit_test(colour_adds_nothing_but_escapes),
		cmocka_unit_test(concise_is_a_line_a_finding),
		cmocka_unit_test(json_says_the_same_to_machines),
		cmocka_unit_test(every_reporter_is_found_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
