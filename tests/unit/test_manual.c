/*
 * The reference part of causeway.conf(5) says exactly what load/schema accepts: it is
 * written from the table, between two comments of the page.
 *
 * GOLDEN_UPDATE=1 in the environment rewrites it in the source tree.
 */
#include "unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "load/schema.h"

#define PAGE  SRCDIR "/doc/causeway.conf.5"
#define BEGIN ".\\\" --- from load/schema\n"
#define END   ".\\\" --- end of load/schema\n"

#define LINE_OCTETS 64	/* a line is broken at the first blank behind it */

/* Text as roff wants it: escaped, in short lines, a line for each sentence. */
static void
put_prose(struct text *out, const char *s)
{
	bool in_literal = false;
	size_t start = out->len;

	if (*s >= 'a' && *s <= 'z')
		text_printf(out, "%c", *s++ - 'a' + 'A');
	for (; *s; s++) {
		bool sentence = s[0] == '.' && s[1] == ' ' && s[2] == ' ';

		if (*s == '\\')
			text_append(out, "\\e");
		else if (*s == '`')
			text_append(out, (in_literal = !in_literal) ? "\\(lq" : "\\(rq");
		else if (*s == '"')
			text_append(out, "\\(dq");
		else if (sentence || (*s == ' ' && out->len - start > LINE_OCTETS))
			text_append(out, sentence ? ".\n" : "\n");
		else
			text_append_len(out, s, 1);
		if (sentence)
			s += 2;
		if (out->data[out->len - 1] == '\n')
			start = out->len;
	}
}

static void
put_words(struct text *out, const struct schema_key *key)
{
	text_append(out, key->type == SCHEMA_MAP ? "Or the word\n" : "One of\n");
	for (const struct schema_word *w = key->words; w->text; w++)
		text_printf(out, ".Ql %s%s", w->text, w[1].text ? " ,\n" : " .\n");
}

static void
put_key(struct text *out, const struct schema_key *key)
{
	text_printf(out, ".It Cm %s Pq %s%s\n", key->key, schema_type_text(key->type, key->list),
		    key->required ? ", required" : "");
	put_prose(out, key->doc);
	text_append(out, ".\n");
	if (key->words && key->type != SCHEMA_INTEGER)
		put_words(out, key);
	if (key->type == SCHEMA_INTEGER && (key->min < 0 || key->max > 0))
		text_printf(out, "From %.0f to %.0f.\n", key->min, key->max);
	if (key->type == SCHEMA_STRING && key->max > 0)
		text_printf(out, "From %.0f to %.0f octets.\n", key->min, key->max);
	if (key->fallback)
		text_printf(out, "Default:\n.Ql %s .\n", *key->fallback ? key->fallback : "\\&");
	if (key->absent) {
		text_append(out, "Without it:\n");
		put_prose(out, key->absent);
		text_append(out, ".\n");
	}
	if (key->not_yet) {
		text_printf(out, ".Em %s :\n", key->not_yet_fails ? "Refused by this version"
								  : "Not in this version");
		put_prose(out, key->not_yet);
		text_append(out, ".\n");
	}
}

static void
put_reference(struct text *out)
{
	text_append(out, BEGIN);
	for (int i = 0; i < SCHEMA_MAPS; i++) {
		const struct schema_map *map = schema_map((enum schema_map_id)i);

		if (map->foreign)
			continue;
		text_printf(out, ".Ss %s\\&\n", *map->path ? map->path : "Top level");
		put_prose(out, map->doc);
		text_append(out, ":\n.Bl -tag -width Ds\n");
		for (size_t k = 0; k < map->count; k++)
			put_key(out, &map->keys[k]);
		text_append(out, ".El\n");
	}
	text_append(out, END);
	assert_false(out->failed);
}

static char *
read_page(void)
{
	FILE *in = fopen(PAGE, "r");
	struct text page;
	char buf[4096];
	size_t n;

	assert_non_null(in);
	text_init(&page);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		text_append_len(&page, buf, n);
	assert_int_equal(fclose(in), 0);
	assert_false(page.failed);
	return page.data;
}

static void
write_page(const char *head, size_t head_len, const char *reference, const char *tail)
{
	FILE *out = fopen(PAGE, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(head, 1, head_len, out), head_len);
	assert_true(fputs(reference, out) >= 0 && fputs(tail, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void
the_manual_says_what_the_schema_accepts(void **state)
{
	char *page = read_page();
	char *begin = strstr(page, BEGIN), *end = strstr(page, END);
	struct text reference;

	(void)state;
	assert_non_null(begin);
	assert_non_null(end);
	text_init(&reference);
	put_reference(&reference);
	if (getenv("GOLDEN_UPDATE")) {
		write_page(page, (size_t)(begin - page), reference.data, end + strlen(END));
	} else {
		end[strlen(END)] = '\0';
		assert_string_equal(begin, reference.data);
	}
	text_fini(&reference);
	free(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_says_what_the_schema_accepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
