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
	{ __LINE__, "x: ##vso[a] ##[b] ##", 4, "x: #\\x23vso[a] #\\x23[b] #\\x23", 3, 1 },
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
						 row->column, 0));
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
	assert_false(snippet_init(&snippet, "a\0b", 3, 1, 0));
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
	f = diag_open(diags, SEVERITY_ERROR, "ZON102", "accepted", first, "known");
	diag_suppress(diags, f, "it is meant");
}

/* How a report is written. */
struct manner {
	bool colour;
	unsigned width;
	report_flush_fn flush;
	void *context;
};

static void
write_report(const struct reporter *reporter, struct manner manner, struct text *out)
{
	const struct estate no_estate = { 0 };
	struct report report;
	struct arena arena;
	struct diags diags;

	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 4);
	make_findings(&diags);
	diag_report(&diags, SEVERITY_ERROR, "fifth", (struct srcloc){ 0 }, "over the limit");
	diag_gap(&diags, "networks app and data", "the work budget was spent");
	text_init(out);
	report_init(&report);
	report.version = "1.2.3";
	report.config = "estate";
	report.line = two_lines;
	report.colour = manner.colour;
	report.width = manner.width;
	report_add(&report, &no_estate, NULL, &diags);
	report.counts = (struct report_counts){ .files = 1, .vpcs = 2, .hosted_zones = 3 };
	report_write(reporter, &report, out, manner.flush, manner.context);
	assert_false(out->failed);
	report_fini(&report);
	arena_fini(&arena);
}

static void
text_shows_lines_and_all_parts(void **state)
{
	struct text out;

	(void)state;
	write_report(&reporter_text, (struct manner){ 0 }, &out);
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
		"  = explain: causeway lint --explain ZON101\n"
		"\n"
		"warning[odd]: odd\n"
		" --> other.yaml\n"
		"\n"
		"note[no-place]: nowhere\n"
		"\n"
		"not compared: networks app and data: the work budget was spent\n"
		"2 errors, 1 warning, 1 note, 1 suppressed (1 of them not shown: too many) in 1 configuration: "
		"2 VPCs, 0 sites, 3 zones, 0 record sets, 0 endpoints, 0 rules\n");
	text_fini(&out);
}

static void
colour_adds_nothing_but_escapes(void **state)
{
	struct text plain, coloured;
	size_t n = 0;

	(void)state;
	write_report(&reporter_text, (struct manner){ 0 }, &plain);
	write_report(&reporter_text, (struct manner){ .colour = true }, &coloured);
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
	write_report(&reporter_concise, (struct manner){ 0 }, &out);
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
	write_report(&reporter_json, (struct manner){ 0 }, &out);
	assert_string_equal(out.data,
		"{\n"
		"  \"schema\": \"causeway-lint-1\",\n"
		"  \"tool\": \"causeway\",\n"
		"  \"version\": \"1.2.3\",\n"
		"  \"estate\": {\"configurations\": 1, \"vpcs\": 2, \"sites\": 0, "
		"\"hosted_zones\": 3, \"record_sets\": 0, \"resolver_endpoints\": 0, "
		"\"resolver_rules\": 0},\n"
		"  \"assumptions\": [],\n"
		"  \"summary\": {\"errors\": 2, \"warnings\": 1, \"notes\": 1, "
		"\"suppressed\": 1, \"dropped\": 1},\n"
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
		"      \"fix\": {\"text\": \"merge them\"},\n"
		"      \"fingerprint\": "
		"\"4a643d7f1da25bae7974abaeebae60a219bddb70b57482142a3b38c0ebc7670e\"\n"
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
		"      \"fix\": null,\n"
		"      \"fingerprint\": "
		"\"24d3a192973d14ac8e475314b83a987a4236d23f68b1164c6801143cadfda503\"\n"
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
		"      \"fix\": null,\n"
		"      \"fingerprint\": "
		"\"5233919a5fe0ef977c4c20dd8b5a5f096354d20b0cd80fe3ed4a8699bdd9cb3d\"\n"
		"    },\n"
		"    {\n"
		"      \"code\": \"ZON102\",\n"
		"      \"name\": \"accepted\",\n"
		"      \"severity\": \"error\",\n"
		"      \"certainty\": \"must\",\n"
		"      \"message\": \"known\",\n"
		"      \"loc\": {\"file\": \"f.yaml\", \"line\": 1, \"column\": 7},\n"
		"      \"objects\": [],\n"
		"      \"views\": [],\n"
		"      \"region\": [],\n"
		"      \"witness\": null,\n"
		"      \"fix\": null,\n"
		"      \"fingerprint\": "
		"\"292a682ea156fafcff59cd82c29716055cc2b53697053c2c400a01eeaa4e71f9\",\n"
		"      \"suppressed\": \"it is meant\"\n"
		"    }\n"
		"  ],\n"
		"  \"notCompared\": [\n"
		"    {\"what\": \"networks app and data\", "
		"\"why\": \"the work budget was spent\"}\n"
		"  ]\n"
		"}\n");
	text_fini(&out);
}

static void
every_reporter_is_found_by_its_name(void **state)
{
	const struct reporter *reporter;
	size_t count = 0;

	(void)state;
	for (; (reporter = reporter_at(count)); count++)
		assert_ptr_equal(reporter_find(reporter->name), reporter);
	assert_in_range(count, 12, 20);
	assert_null(reporter_find("xml"));
}

/** A report_flush_fn: `context` is a text that all is added to. */
static void
gather(void *context, struct text *out)
{
	if (out->len)
		text_append_len(context, out->data, out->len);
	text_clear(out);
}

static void
what_is_let_go_on_the_way_is_the_same_report(void **state)
{
	const struct reporter *reporter;

	(void)state;
	for (size_t i = 0; (reporter = reporter_at(i)); i++) {
		struct text whole, rest, gathered;

		text_init(&gathered);
		write_report(reporter, (struct manner){ 0 }, &whole);
		write_report(reporter, (struct manner){ .flush = gather, .context = &gathered },
			     &rest);
		gather(&gathered, &rest);
		assert_string_equal(whole.data, gathered.data);
		text_fini(&whole);
		text_fini(&rest);
		text_fini(&gathered);
	}
}

/** No octet that a terminal, a log or an XML parser takes for more than text. */
static void
no_reporter_passes_control_characters_on(void **state)
{
	const struct reporter *reporter;

	(void)state;
	for (size_t i = 0; (reporter = reporter_at(i)); i++) {
		struct text out;

		write_report(reporter, (struct manner){ 0 }, &out);
		for (const char *p = out.data; *p; p++)
			assert_true(*p == '\n' || (unsigned char)*p >= ' ');
		text_fini(&out);
	}
}

static void
lines_keep_to_the_width_of_the_terminal(void **state)
{
	struct text out;

	(void)state;
	write_report(&reporter_text, (struct manner){ .width = 40 }, &out);
	assert_non_null(strstr(out.data,
		"  = names: db.a. (A), others below w.a.\n"
		"      (all types), t.a. and below (TXT)\n"));
	for (const char *p = out.data, *end; (end = strchr(p, '\n')); p = end + 1)
		if (!strstr(p, " in 1 configuration") && strncmp(p, "not compared", 12) != 0)
			assert_in_range(end - p, 0, 44);
	text_fini(&out);
}

static void
github_shows_ten_of_each_and_counts_the_rest(void **state)
{
	const struct estate no_estate = { 0 };
	struct report report;
	struct arena arena;
	struct diags diags;
	struct text out;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	for (unsigned i = 0; i < 36; i++)
		diag_report(&diags, (enum severity)(i % 3), "ZON101",
			    (struct srcloc){ "a,b:c%.yaml", i + 1, 0 }, "100%% of\n%u", i);
	report_init(&report);
	report_add(&report, &no_estate, NULL, &diags);
	text_init(&out);
	report_write(&reporter_github, &report, &out, NULL, NULL);
	assert_non_null(strstr(out.data, "::error file=a%2Cb%3Ac%25.yaml,line=3,title=ZON101::"
					 "100%25 of\\x0a2\n"));
	assert_non_null(strstr(out.data, "::notice title=causeway lint::7 more findings are not "
					 "shown here: 12 errors, 12 warnings, 12 notes\n"));
	for (unsigned severity = 0; severity < 3; severity++) {
		static const char *const begins[] = { "::notice ", "::warning ", "::error " };
		size_t count = 0;

		for (const char *p = out.data; (p = strstr(p, begins[severity])); p++)
			count++;
		assert_int_equal(count, 10);
	}
	text_fini(&out);
	report_fini(&report);
	arena_fini(&arena);
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
		cmocka_unit_test(what_is_let_go_on_the_way_is_the_same_report),
		cmocka_unit_test(no_reporter_passes_control_characters_on),
		cmocka_unit_test(lines_keep_to_the_width_of_the_terminal),
		cmocka_unit_test(github_shows_ten_of_each_and_counts_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
