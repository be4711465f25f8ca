#include "load/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "unit/unit.h"

/* A document read from memory. */
struct doc {
	struct arena arena;
	struct diags diags;
	const struct yaml_node *root;
	enum status status;
};

static void
read_len(struct doc *d, const char *text, size_t len)
{
	struct source source = { .path = "x.yaml", .data = text, .len = len };

	arena_init(&d->arena, SIZE_MAX);
	diags_init(&d->diags, &d->arena, 0);
	d->status = yaml_read(&source, &d->arena, &d->diags, &d->root);
}

static void
read_text(struct doc *d, const char *text)
{
	read_len(d, text, strlen(text));
}

/** The tree as text: [a, b], {k: v}, 'quoted'. */
static void
print(const struct yaml_node *node, struct text *out)
{
	const char *comma = "";

	if (node->kind == YAML_SCALAR) {
		text_printf(out, node->plain ? "%s" : "'%s'", node->text);
		return;
	}
	text_append(out, node->kind == YAML_MAPPING ? "{" : "[");
	for (const struct yaml_item *i = node->first; i; i = i->next) {
		text_append(out, comma);
		comma = ", ";
		if (i->key)
			text_printf(out, "%s: ", i->key->text);
		print(i->value, out);
	}
	text_append(out, node->kind == YAML_MAPPING ? "}" : "]");
}

struct good {
	int line;
	const char *text;
	const char *tree;
};

static const struct good good_documents[] = {
	{ __LINE__, "a", "a" },
	{ __LINE__, "\xef\xbb\xbf" "a: b\n", "{a: b}" },
	{ __LINE__, "---\na: b\n...\n", "{a: b}" },
	{ __LINE__, "a: 'b'\nc: \"d\\te\"\n", "{a: 'b', c: 'd\te'}" },
	{ __LINE__, "- a\n- [b, {c: d}]\n-\n", "[a, [b, {c: d}], ]" },
	{ __LINE__, "a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}" },
	{ __LINE__, "a: &x {k: &y v}\nb: [*x, *y]\n", "{a: {k: v}, b: [{k: v}, v]}" },
	{ __LINE__, "a: !!str 5\n", "{a: 5}" },
	{ __LINE__, "a: |\n  x\n  y\nb: c\n", "{a: 'x\ny\n', b: c}" },
	{ __LINE__, "{\"a\":[1,true,null,\"x\"],\"b\":{}}", "{a: [1, true, null, 'x'], b: {}}" },
	{ __LINE__, "{\n\t\"a\":\t\"\\/\\u00e9\"\n}", "{a: '/\xc3\xa9'}" },
	{ __LINE__, "[\"\\ud83d\\ude00\"]", "['\xf0\x9f\x98\x80']" },
	{ __LINE__, "[\"\\\\ud83d\", \"\\\\\\uD83D\\uDE00\"]",
	  "['\\ud83d', '\\\xf0\x9f\x98\x80']" },
};

static void
documents_are_read_as_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good_documents); i++) {
		const struct good *row = &good_documents[i];
		struct text text;
		struct doc d;

		read_text(&d, row->text);
		row_string(row->line, d.diags.first ? d.diags.first->message : "", "");
		row_int(row->line, d.status, OK);
		text_init(&text);
		print(d.root, &text);
		row_string(row->line, text.data, row->tree);
		text_fini(&text);
		arena_fini(&d.arena);
	}
}

struct bad {
	int line;
	const char *text;
	uint32_t at_line, at_column;
	const char *code;
	const char *says;
};

static const struct bad bad_documents[] = {
	{ __LINE__, "", 1, 1, "empty-file", "nothing" },
	{ __LINE__, "\n# x\n", 1, 1, "empty-file", "nothing" },
	{ __LINE__, "a: [b\n", 2, 1, "syntax", "from line 1" },
	{ __LINE__, "a: b: c\n", 1, 5, "syntax", "mapping values are not allowed" },
	{ __LINE__, "a: \"b\n", 2, 1, "syntax", "unexpected end of stream" },
	{ __LINE__, "a:\n\t- b\n", 2, 1, "syntax", "cannot start any token" },
	{ __LINE__, "a: @b\n", 1, 4, "syntax", "cannot start any token" },
	{ __LINE__, "a: b\n---\nc: d\n", 2, 1, "syntax", "second document" },
	{ __LINE__, "a: *x\n", 1, 4, "syntax", "does not exist" },
	{ __LINE__, "a: &x [b, *x]\n", 1, 11, "syntax", "stands in" },
	{ __LINE__, "a: !x b\n", 1, 4, "syntax", "tags" },
	{ __LINE__, "? [a]\n: b\n", 1, 3, "syntax", "plain text" },
	{ __LINE__, "a: b\na: c\n", 2, 1, "duplicate-key", "twice" },
	{ __LINE__, "{\"a\": 1, \"a\": 2}", 1, 10, "duplicate-key", "twice" },
	{ __LINE__, "a: \"x\\0y\"\n", 1, 4, "bad-value", "zero octet" },
	{ __LINE__, "[\"\\ud83d\"]", 1, 5, "syntax", "Unicode" },
	{ __LINE__, "a: b\n\xe9t\xe9: c\n", 2, 2, "not-text", "UTF-8" },
	{ __LINE__, "a: \xc3\xa9\n\x01", 2, 1, "not-text", "control characters" },
	{ __LINE__, "\xff\xfe" "a\0:\0", 1, 1, "not-text", "UTF-8" },
	{ __LINE__, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 1, 34, "too-deep", "32" },
	{ __LINE__, "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a",
	  1, 67, "too-deep", "32" },
};

static void
each_mistake_is_told_at_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_documents); i++) {
		const struct bad *row = &bad_documents[i];
		const struct finding *f;
		struct doc d;

		read_text(&d, row->text);
		f = d.diags.first;
		row_int(row->line, d.status, ERR_REJECTED);
		row_true(row->line, f != NULL);
		row_string(row->line, f->code, row->code);
		if (!strstr(f->message, row->says))
			row_string(row->line, f->message, row->says);
		row_int(row->line, f->at.line, row->at_line);
		row_int(row->line, f->at.column, row->at_column);
		row_int(row->line, d.diags.errors, 1);
		arena_fini(&d.arena);
	}
}

static void
nodes_know_where_they_stand(void **state)
{
	const struct yaml_item *pair;
	struct doc d;

	(void)state;
	read_text(&d, "a: b\n\xc3\xa9\xc3\xa9: {c: [d,\n  e]}\nf:\n  - g\n");
	assert_int_equal(d.status, OK);
	assert_int_equal(d.root->line, 1);
	assert_int_equal(d.root->column, 1);
	pair = d.root->first->next;
	assert_int_equal(pair->key->line, 2);
	assert_int_equal(pair->value->column, 5);	/* characters, not octets */
	pair = pair->value->first;
	assert_int_equal(pair->value->first->next->value->line, 3);
	assert_int_equal(pair->value->first->next->value->column, 3);
	assert_int_equal(yaml_find(d.root, "f")->line, 5);
	assert_int_equal(yaml_find(d.root, "f")->column, 3);
	assert_null(yaml_find(d.root, "g"));
	assert_null(yaml_find(yaml_find(d.root, "f"), "g"));
	arena_fini(&d.arena);
}

static void
surrogate_pairs_do_not_move_what_is_behind_them(void **state)
{
	const struct yaml_item *item;
	struct doc d;

	(void)state;
	read_text(&d, "[\"\\ud83d\\ude00\", 1, \"\\ud83d\\ude00\\ud83d\\ude00\", 2,\n 3]");
	assert_int_equal(d.status, OK);
	item = d.root->first->next;
	assert_int_equal(item->value->column, 18);
	item = item->next;
	assert_int_equal(item->value->column, 21);
	item = item->next;
	assert_int_equal(item->value->column, 49);
	item = item->next;
	assert_int_equal(item->value->line, 2);
	assert_int_equal(item->value->column, 2);
	arena_fini(&d.arena);
}

static void
duplicate_keys_name_both_places_and_let_the_rest_be_read(void **state)
{
	const struct finding *f;
	struct text text;
	struct doc d;

	(void)state;
	text_init(&text);
	for (unsigned i = 0; i < 40; i++)
		text_printf(&text, "k%u: v\n", i % 38);
	read_text(&d, text.data);
	assert_int_equal(d.status, ERR_REJECTED);
	assert_non_null(d.root);
	assert_int_equal(d.root->count, 40);
	assert_int_equal(d.diags.errors, 2);
	f = d.diags.first;
	assert_int_equal(f->at.line, 39);
	assert_int_equal(f->parts->at.line, 1);
	assert_int_equal(f->next->at.line, 40);
	assert_int_equal(f->next->parts->at.line, 2);
	text_fini(&text);
	arena_fini(&d.arena);
}

static void
aliases_do_not_expand_without_bound(void **state)
{
	struct text text;
	struct doc d;

	(void)state;
	text_init(&text);
	text_append(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (unsigned i = 1; i < 10; i++) {
		text_printf(&text, "a%u: &a%u [*a%u", i, i, i - 1);
		for (unsigned k = 1; k < 10; k++)
			text_printf(&text, ", *a%u", i - 1);
		text_append(&text, "]\n");
	}
	read_text(&d, text.data);
	assert_int_equal(d.status, ERR_REJECTED);
	assert_string_equal(d.diags.first->code, "too-large");
	assert_int_equal(d.diags.first->at.line, 6);
	assert_true(d.arena.used < 1000000);
	arena_fini(&d.arena);
	text_clear(&text);

	/* nor make a tree deeper than any that is written out */
	text_append(&text, "a0: &a0 [x]\n");
	for (unsigned i = 1; i < 40; i++)
		text_printf(&text, "a%u: &a%u [*a%u]\n", i, i, i - 1);
	read_text(&d, text.data);
	assert_int_equal(d.status, ERR_REJECTED);
	assert_string_equal(d.diags.first->code, "too-deep");
	assert_true(d.diags.first->at.line < 34);
	arena_fini(&d.arena);
	text_fini(&text);
}

static void
long_lines_and_texts_are_refused(void **state)
{
	size_t len = YAML_MAX_LINE + 16;
	char *text = malloc(len + 1);
	struct doc d;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', len);
	text[len] = '\0';
	text[3] = '\n';
	read_len(&d, text, len);
	assert_string_equal(d.diags.first->code, "too-large");
	assert_int_equal(d.diags.first->at.line, 2);
	assert_true(d.arena.used < 4096);
	arena_fini(&d.arena);

	read_len(&d, text + 4, YAML_MAX_SCALAR + 1);
	assert_string_equal(d.diags.first->code, "too-large");
	arena_fini(&d.arena);
	read_len(&d, text + 4, YAML_MAX_SCALAR);
	assert_int_equal(d.status, OK);
	assert_int_equal(d.root->count, YAML_MAX_SCALAR);
	arena_fini(&d.arena);
	free(text);
}

struct same {
	int line;
	const char *one, *other;
	bool same;
};

static const struct same sames[] = {
	{ __LINE__, "{a: b, c: d}", "c: d\na: \"b\"\n", true },
	{ __LINE__, "[a, b]", "- a\n- b\n", true },
	{ __LINE__, "[a, b]", "[b, a]", false },
	{ __LINE__, "{a: b, c: d}", "{a: d, c: b}", false },
	{ __LINE__, "{a: b}", "{a: [b]}", false },
	{ __LINE__, "{a: }", "{a: ~}", true },
	{ __LINE__, "{a: }", "{a: ''}", false },
	{ __LINE__, "[]", "{}", false },
	{ __LINE__, "[&x a, *x]", "[a, a]", true },
	{ __LINE__, "[ab, c]", "[a, bc]", false },
	{ __LINE__, "[[a], b]", "[[a, b]]", false },
};

static void
equal_digests_mean_the_same_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sames); i++) {
		struct doc a, b;

		read_text(&a, sames[i].one);
		read_text(&b, sames[i].other);
		row_int(sames[i].line,
			digest_equal(yaml_digest(a.root), yaml_digest(b.root)), sames[i].same);
		arena_fini(&a.arena);
		arena_fini(&b.arena);
	}
}

static void
running_out_of_memory_is_told(void **state)
{
	static const char text[] = "{\"a\": &x [b, \"\\ud83d\\ude00\"], \"c\": *x}";
	struct source source = { .path = "x.yaml", .data = text, .len = sizeof(text) - 1 };
	const struct yaml_node *root = NULL;
	enum status status = ERR_NOMEM;

	(void)state;
	for (size_t limit = 0; status == ERR_NOMEM; limit += 8) {
		struct arena arena, said;
		struct diags diags;

		assert_true(limit < 10000);
		arena_init(&arena, limit);
		arena_init(&said, SIZE_MAX);
		diags_init(&diags, &said, 0);
		status = yaml_read(&source, &arena, &diags, &root);
		assert_true(status == OK ? root != NULL : !root);
		assert_int_equal(diags.errors, 0);
		arena_fini(&arena);
		arena_fini(&said);
	}
	assert_int_equal(status, OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_read_as_trees),
		cmocka_unit_test(each_mistake_is_told_at_its_place),
		cmocka_unit_test(nodes_know_where_they_stand),
		cmocka_unit_test(surrogate_pairs_do_not_move_what_is_behind_them),
		cmocka_unit_test(duplicate_keys_name_both_places_and_let_the_rest_be_read),
		cmocka_unit_test(aliases_do_not_expand_without_bound),
		cmocka_unit_test(long_lines_and_texts_are_refused),
		cmocka_unit_test(equal_digests_mean_the_same_is_said),
		cmocka_unit_test(running_out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
