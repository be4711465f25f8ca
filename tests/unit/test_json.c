#include "load/json.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "load/jsontree.h"
#include "unit/unit.h"

/* A text that comes in pieces. */
struct pieces {
	const char *at;
	size_t left, piece;
};

static enum status
give(void *context, char *buf, size_t room, size_t *len)
{
	struct pieces *p = context;

	*len = p->left < p->piece ? p->left : p->piece;
	*len = *len < room ? *len : room;
	memcpy(buf, p->at, *len);
	p->at += *len;
	p->left -= *len;
	return OK;
}

/* What reading a text comes to: the tokens as letters, and the error. */
struct outcome {
	char tokens[64];
	char strings[256];
	const struct finding *error;
	struct arena arena;
	struct diags diags;
};

static void
note(struct outcome *o, const struct json *j, enum json_token token)
{
	static const char letters[] = "!$OoAaksntf0";
	size_t len = strlen(o->tokens);

	if (len < sizeof(o->tokens) - 1)
		o->tokens[len] = letters[token];
	if (token == JSON_KEY || token == JSON_STRING || token == JSON_NUMBER) {
		len = strlen(o->strings);
		if (sizeof(o->strings) - len > j->len + 2)
			snprintf(o->strings + len, sizeof(o->strings) - len, "%.*s|",
				 (int)j->len, j->text);
	}
}

static void
read_text(struct outcome *o, const char *text, size_t len, size_t piece)
{
	struct pieces pieces = { text, len, piece };
	enum json_token token;
	struct json j;

	memset(o, 0, sizeof(*o));
	arena_init(&o->arena, SIZE_MAX);
	diags_init(&o->diags, &o->arena, 0);
	assert_int_equal(json_init(&j, "f", give, &pieces, &o->diags), OK);
	do {
		token = json_next(&j);
		note(o, &j, token);
	} while (token != JSON_FAILED && token != JSON_END);
	o->error = o->diags.first;
	assert_int_equal(token == JSON_FAILED, o->error != NULL);
	assert_int_equal(json_next(&j), token);
	json_fini(&j);
}

struct row {
	int line;
	const char *text;
	const char *tokens;	/* of what is accepted */
	const char *strings;	/* of what is accepted; else "line:column code" */
};

/* Named as in the JSONTestSuite: y must be read, n must not, i is ours to settle. */
static const struct row rows[] = {
	/* y */
	{ __LINE__, "{}", "Oo$", "" },
	{ __LINE__, " [ ] ", "Aa$", "" },
	{ __LINE__, "[[[]]]", "AAAaaa$", "" },
	{ __LINE__, "{\"a\":[1,{\"b\":null}],\"c\":true}", "OkAnOk0oakto$", "a|1|b|c|" },
	{ __LINE__, "\"\"", "s$", "|" },
	{ __LINE__, "[false\t,\r\n\"x\"]", "Afsa$", "x|" },
	{ __LINE__, "[0,-0,1.5,-1e9,2E+3,0.1e-2]", "Annnnnna$", "0|-0|1.5|-1e9|2E+3|0.1e-2|" },
	{ __LINE__, "42", "n$", "42|" },
	{ __LINE__, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "s$", "\"\\/\b\f\n\r\t|" },
	{ __LINE__, "\"\\u0041\\u00e9\\u20AC\\ud834\\udd1e\"", "s$", "A\303\251\342\202\254\360\235\204\236|" },
	{ __LINE__, "\"\303\251\342\202\254\360\235\204\236\"", "s$", "\303\251\342\202\254\360\235\204\236|" },
	{ __LINE__, "\"\\\\052.corp.\"", "s$", "\\052.corp.|" },
	{ __LINE__, "\"\177\"", "s$", "\177|" },
	{ __LINE__, "{\"a\":1,\"a\":2}", "Oknkno$", "a|1|a|2|" },
	/* n: structure */
	{ __LINE__, "", NULL, "1:1 empty-file" },
	{ __LINE__, " \n ", NULL, "2:2 empty-file" },
	{ __LINE__, "[", NULL, "1:2 syntax" },
	{ __LINE__, "{\"a\":", NULL, "1:6 syntax" },
	{ __LINE__, "[1,]", NULL, "1:4 syntax" },
	{ __LINE__, "[,1]", NULL, "1:2 syntax" },
	{ __LINE__, "[1 2]", NULL, "1:4 syntax" },
	{ __LINE__, "[1}", NULL, "1:3 syntax" },
	{ __LINE__, "{\"a\":1]", NULL, "1:7 syntax" },
	{ __LINE__, "{\"a\" 1}", NULL, "1:6 syntax" },
	{ __LINE__, "{\"a\":1,}", NULL, "1:8 syntax" },
	{ __LINE__, "{a:1}", NULL, "1:2 syntax" },
	{ __LINE__, "{1:1}", NULL, "1:2 syntax" },
	{ __LINE__, "{}{}", NULL, "1:3 syntax" },
	{ __LINE__, "{}\n x", NULL, "2:2 syntax" },
	{ __LINE__, "[1]//", NULL, "1:4 syntax" },
	{ __LINE__, "]", NULL, "1:1 syntax" },
	{ __LINE__, "\357\273\277{}", NULL, "1:1 syntax" },
	{ __LINE__, "[\f1]", NULL, "1:2 syntax" },
	/* n: words and numbers */
	{ __LINE__, "[nul]", NULL, "1:2 syntax" },
	{ __LINE__, "[True]", NULL, "1:2 syntax" },
	{ __LINE__, "[NaN]", NULL, "1:2 syntax" },
	{ __LINE__, "[01]", NULL, "1:3 syntax" },
	{ __LINE__, "[+1]", NULL, "1:2 syntax" },
	{ __LINE__, "[-]", NULL, "1:2 syntax" },
	{ __LINE__, "[1.]", NULL, "1:2 syntax" },
	{ __LINE__, "[.5]", NULL, "1:2 syntax" },
	{ __LINE__, "[1e]", NULL, "1:2 syntax" },
	{ __LINE__, "[0x1]", NULL, "1:3 syntax" },
	/* n: strings */
	{ __LINE__, "[\"a", NULL, "1:4 syntax" },
	{ __LINE__, "['a']", NULL, "1:2 syntax" },
	{ __LINE__, "[\"a\nb\"]", NULL, "1:4 syntax" },
	{ __LINE__, "[\"\t\"]", NULL, "1:3 syntax" },
	{ __LINE__, "[\"\\x41\"]", NULL, "1:4 syntax" },
	{ __LINE__, "[\"\\", NULL, "1:4 syntax" },
	{ __LINE__, "[\"\\u12\"]", NULL, "1:7 syntax" },
	{ __LINE__, "[\"\\u12G4\"]", NULL, "1:7 syntax" },
	/* i: half of a pair, octets that are not UTF-8 */
	{ __LINE__, "[\"\\ud834\"]", NULL, "1:9 syntax" },
	{ __LINE__, "[\"\\udd1e\"]", NULL, "1:9 syntax" },
	{ __LINE__, "[\"\\ud834\\u0041\"]", NULL, "1:15 syntax" },
	{ __LINE__, "[\"a\200\"]", NULL, "1:4 not-text" },
	{ __LINE__, "[\"\300\257\"]", NULL, "1:3 not-text" },
	{ __LINE__, "[\"\355\240\200\"]", NULL, "1:3 not-text" },
	{ __LINE__, "[\"\364\220\200\200\"]", NULL, "1:3 not-text" },
	{ __LINE__, "[\"\342\202\"]", NULL, "1:3 not-text" },
};

static void
rows_hold_however_the_text_is_cut(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 65536 };
	char place[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t k = 0; k < COUNT_OF(sizes); k++) {
			const struct row *row = &rows[i];
			struct outcome o;
			const char *got = o.strings;

			read_text(&o, row->text, strlen(row->text), sizes[k]);
			if (o.error) {
				snprintf(place, sizeof(place), "%u:%u %s", o.error->at.line,
					 o.error->at.column, o.error->code);
				got = place;
			}
			if ((row->tokens == NULL) != (o.error != NULL) ||
			    (row->tokens && strcmp(row->tokens, o.tokens) != 0) ||
			    strcmp(row->strings, got) != 0)
				fail_msg("line %d, pieces of %zu: %s \"%s\"", row->line, sizes[k],
					 o.tokens, got);
			arena_fini(&o.arena);
		}
	}
}

/* How a text ended. */
struct ending {
	enum status status;
	char place[64];		/* of the error */
};

/** Read token by token, or pass by the outermost list or map. */
static struct ending
end_of(const char *text, size_t len, size_t piece, bool pass)
{
	struct pieces pieces = { text, len, piece };
	struct ending ending = { 0 };
	enum json_token token;
	struct arena arena;
	struct diags diags;
	struct json j;

	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_int_equal(json_init(&j, "f", give, &pieces, &diags), OK);
	token = json_next(&j);
	if (pass && (token == JSON_ARRAY || token == JSON_OBJECT))
		json_leave(&j, 0);
	while (token != JSON_FAILED && token != JSON_END)
		token = json_next(&j);
	ending.status = j.status;
	if (diags.first)
		snprintf(ending.place, sizeof(ending.place), "%u:%u %s", diags.first->at.line,
			 diags.first->at.column, diags.first->code);
	json_fini(&j);
	arena_fini(&arena);
	return ending;
}

static const char sample[] =
	"{\n"
	"    \"ResourceRecordSets\": [\n"
	"        {\n"
	"            \"Name\": \"h0000007.big.example.\",\n"
	"            \"TTL\": 300, \"Weight\": -1.5e3,\n"
	"            \"ResourceRecords\": [ {}, [], [1, 20], true, false,\n"
	"                { \"Value\": \"\\\"v=spf1 \\\\052.corp \\u00e9 ~all\\\"\" },\n"
	"                { \"Value\": \"caf\303\251\" }, null\n"
	"            ]\n"
	"        }\n"
	"    ]\n"
	"}\n";

static void
what_is_passed_by_fails_as_what_is_read(void **state)
{
	static const char octets[] = "\"\\{}[],: \n\t0159.-eEtfnu\303\251\001";
	static const size_t sizes[] = { 1, 2, 9, 65536 };
	uint64_t random = 6;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		size_t len = sizeof(sample) - 1;
		char text[sizeof(sample)];
		struct ending read;

		memcpy(text, sample, sizeof(text));
		for (unsigned changes = random_to(&random, 3); changes; changes--)
			text[random_to(&random, (unsigned)len)] =
				octets[random_to(&random, sizeof(octets) - 1)];
		if (random_to(&random, 8) == 0)
			len = random_to(&random, (unsigned)len);
		read = end_of(text, len, 1, false);
		for (size_t k = 0; k < COUNT_OF(sizes); k++) {
			struct ending passed = end_of(text, len, sizes[k], true);

			if (passed.status != read.status || strcmp(passed.place, read.place) != 0)
				fail_msg("pieces of %zu: \"%s\", not \"%s\": %.*s", sizes[k],
					 passed.place, read.place, (int)len, text);
		}
	}
}

static void
a_held_text_can_be_read_again(void **state)
{
	static const char text[] = "[\n {\"a\": [1, {\"b\": \"\\u0041\"}]},\n {\"c\": x}]";
	struct pieces pieces = { text, sizeof(text) - 1, 25 };
	struct json_place before;
	struct arena arena;
	struct diags diags;
	struct json j;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_int_equal(json_init(&j, "f", give, &pieces, &diags), OK);
	assert_int_equal(json_next(&j), JSON_ARRAY);
	assert_int_equal(json_next(&j), JSON_OBJECT);
	before = json_hold(&j);
	assert_false(json_leave(&j, 1));	/* the window ends before the map does */
	json_return(&j, &before);
	assert_int_equal(j.line, 2);
	assert_int_equal(j.column, 2);
	assert_int_equal(json_next(&j), JSON_KEY);
	assert_int_equal(j.column, 3);
	assert_true(json_leave(&j, 1));
	assert_int_equal(json_next(&j), JSON_OBJECT);
	before = json_hold(&j);
	assert_false(json_leave(&j, 1));
	assert_int_equal(diags.errors, 0);
	json_return(&j, &before);
	assert_false(json_leave(&j, 1));
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.first->at.line, 3);
	assert_int_equal(diags.first->at.column, 8);
	json_fini(&j);
	arena_fini(&arena);
}

static void
depth_is_bounded(void **state)
{
	char text[2 * JSON_MAX_DEPTH + 2];
	struct outcome o;

	(void)state;
	memset(text, '[', JSON_MAX_DEPTH);
	memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
	read_text(&o, text, 2 * JSON_MAX_DEPTH, 100);
	assert_null(o.error);
	arena_fini(&o.arena);
	memset(text, '[', sizeof(text));
	read_text(&o, text, sizeof(text), 100);
	assert_string_equal(o.error->code, "too-deep");
	assert_int_equal(o.error->at.column, JSON_MAX_DEPTH + 1);
	arena_fini(&o.arena);
}

static void
a_string_is_bounded(void **state)
{
	static char text[JSON_MAX_STRING + 8];
	struct outcome o;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[0] = text[JSON_MAX_STRING + 1] = '"';
	read_text(&o, text, JSON_MAX_STRING + 2, SIZE_MAX);
	assert_null(o.error);
	arena_fini(&o.arena);
	text[JSON_MAX_STRING + 1] = 'a';
	text[JSON_MAX_STRING + 2] = '"';
	read_text(&o, text, JSON_MAX_STRING + 3, SIZE_MAX);
	assert_string_equal(o.error->code, "too-large");
	arena_fini(&o.arena);
}

static void
a_tree_has_its_places_and_values(void **state)
{
	static const char text[] = "{\n  \"a\": [1, \"two\"],\n  \"b\": null}";
	struct pieces pieces = { text, sizeof(text) - 1, 5 };
	const struct yaml_node *root, *a;
	struct arena arena;
	struct diags diags;
	struct json j;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	assert_int_equal(json_init(&j, "f", give, &pieces, &diags), OK);
	root = jsontree_read(&j, json_next(&j), &arena);
	assert_non_null(root);
	assert_int_equal(json_next(&j), JSON_END);
	json_fini(&j);
	a = yaml_find(root, "a");
	assert_int_equal(a->line, 2);
	assert_int_equal(a->column, 8);
	assert_int_equal(a->count, 2);
	assert_string_equal(a->first->next->value->text, "two");
	assert_int_equal(a->first->next->value->column, 12);
	assert_true(yaml_is_null(yaml_find(root, "b")));
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hold_however_the_text_is_cut),
		cmocka_unit_test(what_is_passed_by_fails_as_what_is_read),
		cmocka_unit_test(a_held_text_can_be_read_again),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_string_is_bounded),
		cmocka_unit_test(a_tree_has_its_places_and_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
