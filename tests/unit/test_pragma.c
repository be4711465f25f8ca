#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "load/pragma.h"

/* What is found is told as "kind code first-last reason|until; ..." */
struct scanned {
	int line;
	enum pragma_syntax syntax;
	const char *text;
	const char *found;
};

#define END "4294967295"

static const struct scanned rows[] = {
	{ __LINE__, PRAGMAS_YAML, "a: 1\nb: 2 # a comment\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: 1\nb: 2  # lint: ignore[ZON101] twins\n",
	  "ignore ZON101 2-2 twins" },
	{ __LINE__, PRAGMAS_YAML, "a: 1 # lint: ignore[ZON101, PRE203]  both  \r\n",
	  "ignore ZON101 1-1 both; ignore PRE203 1-1 both" },
	{ __LINE__, PRAGMAS_YAML, "a: 1 # lint: ignore[ZON101] old until=2027-01-31\n",
	  "ignore ZON101 1-1 old|2027-01-31" },
	{ __LINE__, PRAGMAS_YAML, "a: 1 # lint: ignore[ZON101] until=2027-01-31 old\n",
	  "ignore ZON101 1-1 old|2027-01-31" },
	{ __LINE__, PRAGMAS_YAML, "a: 1 # lint: ignore[ZON101] old until=2027-01-31 one\n",
	  "ignore ZON101 1-1 old one|2027-01-31" },
	/* the node below: deeper lines are its own, comments and blank lines pass */
	{ __LINE__, PRAGMAS_YAML, "zones:\n  # lint: ignore[ZON101] x\n  - id: a\n    name: b\n\n"
	  "    # more\n    v: 1\n  - id: c\n", "ignore ZON101 3-7 x" },
	{ __LINE__, PRAGMAS_YAML, "# lint: ignore[ZON101] x\nzones:\n- id: a\n- id: b\nvpcs:\n",
	  "ignore ZON101 2-4 x" },
	{ __LINE__, PRAGMAS_YAML,
	  "# lint: ignore[ZON101] x\n# and a word\n\nzones: [a,\n  b]\nc: 1\n",
	  "ignore ZON101 4-5 x" },
	{ __LINE__, PRAGMAS_YAML, "a: 1\n# lint: ignore[ZON101] x\n", "ignore ZON101 2-2 x" },
	/* ranges and files */
	{ __LINE__, PRAGMAS_YAML, "a: 1\n# lint: disable[ZON101] x\nb: 1\n# lint: enable[ZON101]\n",
	  "range ZON101 2-4 x" },
	{ __LINE__, PRAGMAS_YAML, "# lint: disable[ZON101,PRE203] x\n# lint: enable[PRE203]\n",
	  "range ZON101 1-" END " x; range PRE203 1-2 x" },
	{ __LINE__, PRAGMAS_YAML, "a: 1\n# lint: ignore-file[ZON101] x\n",
	  "file ZON101 2-" END " x" },
	{ __LINE__, PRAGMAS_YAML, "# lint: enable[ZON101]\n", "flawed" },
	/* no form without codes, and no other words */
	{ __LINE__, PRAGMAS_YAML, "# lint: ignore all of it\n", "flawed" },
	{ __LINE__, PRAGMAS_YAML, "# lint: ignore[] all of it\n", "flawed" },
	{ __LINE__, PRAGMAS_YAML, "# lint: disable-line[ZON101] x\n", "flawed" },
	{ __LINE__, PRAGMAS_YAML, "# lint: ignore[ZON101\n", "flawed" },
	{ __LINE__, PRAGMAS_YAML, "# linting: lint: ignore[ZON101] x\n", "" },
	/* what is no comment */
	{ __LINE__, PRAGMAS_YAML, "a: \"x # lint: ignore[ZON101] x\"\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: 'it''s # lint: ignore[ZON101] x'\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: \"x\n  # lint: ignore[ZON101] x\n  y\"\nb: 1\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: \"x\\\" # lint: ignore[ZON101] x\"\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: x#lint: ignore[ZON101]\n", "" },
	{ __LINE__, PRAGMAS_YAML, "a: |\n  x\n  # lint: ignore[ZON101] x\nb: 1\n", "" },
	{ __LINE__, PRAGMAS_YAML, "- a: >-  # folded\n    x\n\n    # lint: ignore[ZON101] x\n"
	  "  b: 1 # lint: ignore[PRE203] y\n", "ignore PRE203 5-5 y" },
	{ __LINE__, PRAGMAS_YAML, "- |\n # lint: ignore[ZON101] x\n- b # lint: ignore[PRE203] y\n",
	  "ignore PRE203 3-3 y" },
	{ __LINE__, PRAGMAS_YAML, "a: !!str \"# lint: ignore[ZON101] x\"\n", "" },
	/* quotes and bars that are letters */
	{ __LINE__, PRAGMAS_YAML, "a: don't # lint: ignore[ZON101] x\n", "ignore ZON101 1-1 x" },
	{ __LINE__, PRAGMAS_YAML, "a: x | # lint: ignore[ZON101] x\nb: 1\n",
	  "ignore ZON101 1-1 x" },
	{ __LINE__, PRAGMAS_YAML, "a: ['b', \"c\"] # lint: ignore[ZON101] x\n",
	  "ignore ZON101 1-1 x" },
	/* zone files */
	{ __LINE__, PRAGMAS_MASTER, "a A 10.0.0.1 ; lint: ignore[REA401] gone\n",
	  "ignore REA401 1-1 gone" },
	{ __LINE__, PRAGMAS_MASTER, "t TXT \"; lint: ignore[REA401] x\"\n", "" },
	{ __LINE__, PRAGMAS_MASTER, "t TXT a\\; lint: ignore[REA401] x\n", "" },
	{ __LINE__, PRAGMAS_MASTER, "; lint: ignore[REC713] x\n@ SOA a b ( 1 ; serial )\n 2 3 4\n"
	  " 0 )\nb A 10.0.0.1\n", "ignore REC713 2-4 x" },
	{ __LINE__, PRAGMAS_MASTER, "; lint: ignore[REC713] x\nt TXT \")(\"\nb A 10.0.0.1\n",
	  "ignore REC713 2-2 x" },
	{ __LINE__, PRAGMAS_MASTER, "# lint: ignore[REC713] x\n", "" },
};

static void
tell(struct text *out, const struct pragma *p)
{
	static const char *const kinds[] = { "ignore", "range", "file", "flawed" };

	text_printf(out, "%s%s", out->len ? "; " : "", kinds[p->kind]);
	if (p->kind == PRAGMA_FLAWED)
		return;
	text_printf(out, " %s %u-%u %s%s%s", p->code, p->first, p->last, p->reason,
		    p->until ? "|" : "", p->until ? p->until : "");
}

static void
comments_are_found_and_nothing_else_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct source source = { .path = "file", .data = rows[i].text,
					 .len = strlen(rows[i].text) };
		struct lint_settings lint = { 0 };
		struct arena arena;
		struct text text;

		arena_init(&arena, SIZE_MAX);
		text_init(&text);
		text_append(&text, "");
		row_int(rows[i].line, pragmas_read(&source, rows[i].syntax, &arena, &lint), OK);
		for (const struct pragma *p = lint.pragmas; p; p = p->next)
			tell(&text, p);
		row_string(rows[i].line, text.data, rows[i].found);
		text_fini(&text);
		arena_fini(&arena);
	}
}

static void
a_pragma_knows_its_place(void **state)
{
	const char *text = "a: 1\n  b: 2 # lint: ignore[ZON101] x\n";
	struct source source = { .path = "file", .data = text, .len = strlen(text) };
	struct lint_settings lint = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_int_equal(pragmas_read(&source, PRAGMAS_YAML, &arena, &lint), OK);
	assert_string_equal(lint.pragmas->at.file, "file");
	assert_int_equal(lint.pragmas->at.line, 2);
	assert_int_equal(lint.pragmas->at.column, 8);
	/* a file that is read twice says it once */
	assert_int_equal(pragmas_read(&source, PRAGMAS_YAML, &arena, &lint), OK);
	assert_null(lint.pragmas->next);
	arena_fini(&arena);
}

static void
a_file_of_nothing_else_ends_at_the_limit(void **state)
{
	static const char line[] = "# lint: disable[ZON101] x\n";
	struct lint_settings lint = { 0 };
	struct arena arena;
	struct text text;
	struct source source = { .path = "file" };
	size_t count = 0;

	(void)state;
	text_init(&text);
	for (size_t i = 0; i < 20000; i++)
		text_append(&text, line);
	source.data = text.data;
	source.len = text.len;
	arena_init(&arena, SIZE_MAX);
	assert_int_equal(pragmas_read(&source, PRAGMAS_YAML, &arena, &lint), OK);
	for (const struct pragma *p = lint.pragmas; p; p = p->next)
		count++;
	assert_int_equal(count, 10000);
	assert_int_equal(lint.last_pragma->kind, PRAGMA_FLAWED);
	assert_non_null(strstr(lint.last_pragma->reason, "limit"));
	arena_fini(&arena);
	text_fini(&text);
}

static void
running_out_of_memory_is_told(void **state)
{
	const char *text = "a: 1 # lint: ignore[ZON101,PRE201] x until=2027-01-01 y\n";
	struct source source = { .path = "file", .data = text, .len = strlen(text) };
	enum status status = ERR_NOMEM;

	(void)state;
	for (size_t limit = 0; status == ERR_NOMEM; limit += 8) {
		struct lint_settings lint = { 0 };
		struct arena arena;

		arena_init(&arena, limit);
		status = pragmas_read(&source, PRAGMAS_YAML, &arena, &lint);
		arena_fini(&arena);
		assert_true(limit < 4096);
	}
	assert_int_equal(status, OK);
}

/** Whatever it is given it ends, and reads nothing behind the end (run under ASan). */
static void
any_octets_are_survived(void **state)
{
	static const char alphabet[] = "lint: ignore[]#;\"'|>-\n\n  ,ZON101until=(){}\\\t!&";
	uint64_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		struct lint_settings lint = { 0 };
		struct arena arena;
		char text[121] = "lint:";
		size_t len = 5 + random_to(&seed, 115);
		struct source source = { .path = "file", .data = text, .len = len };

		for (size_t i = 5; i < len; i++)
			text[i] = alphabet[random_to(&seed, sizeof(alphabet) - 1)];
		arena_init(&arena, SIZE_MAX);
		assert_int_equal(pragmas_read(&source, round % 2 ? PRAGMAS_YAML : PRAGMAS_MASTER,
					      &arena, &lint), OK);
		for (const struct pragma *p = lint.pragmas; p; p = p->next)
			assert_true(p->kind == PRAGMA_FLAWED || p->first <= p->last);
		arena_fini(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_are_found_and_nothing_else_is),
		cmocka_unit_test(a_pragma_knows_its_place),
		cmocka_unit_test(a_file_of_nothing_else_ends_at_the_limit),
		cmocka_unit_test(running_out_of_memory_is_told),
		cmocka_unit_test(any_octets_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
