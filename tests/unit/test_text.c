#include "base/text.h"

#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

static void
appending_grows_and_keeps_the_zero_octet(void **state)
{
	struct text text;

	(void)state;
	text_init(&text);
	assert_null(text.data);
	for (int i = 0; i < 1000; i++)
		text_printf(&text, "%d,", i % 10);
	assert_false(text.failed);
	assert_int_equal(text.len, 2000);
	assert_int_equal(strlen(text.data), 2000);
	assert_string_equal(text.data + 1990, "5,6,7,8,9,");
	text_clear(&text);
	assert_string_equal(text.data, "");
	text_append(&text, "new");
	text_append_len(&text, "erased", 2);
	assert_string_equal(text.data, "newer");
	text_fini(&text);
	assert_null(text.data);
}

static void
an_empty_append_makes_a_string(void **state)
{
	struct text text;

	(void)state;
	text_init(&text);
	text_append(&text, "");
	assert_string_equal(text.data, "");
	text_fini(&text);
}

static void
each_length_around_a_doubling_fits(void **state)
{
	char word[300];

	(void)state;
	memset(word, 'x', sizeof(word));
	for (size_t len = 0; len < sizeof(word); len++) {
		struct text text;

		text_init(&text);
		text_append_len(&text, word, len);
		text_printf(&text, "%.*s", (int)len, word);
		assert_int_equal(strlen(text.data), 2 * len);
		text_fini(&text);
	}
}

static void
what_failed_once_stays_failed(void **state)
{
	struct text text;

	(void)state;
	text_init(&text);
	text_append(&text, "kept");
	text_append_len(&text, "", SIZE_MAX / 2 + 1);	/* more than there is */
	assert_true(text.failed);
	text_append(&text, "lost");
	text_printf(&text, "%s", "lost");
	assert_string_equal(text.data, "kept");
	text_clear(&text);
	assert_true(text.failed);
	text_fini(&text);
	assert_false(text.failed);
}

static void
json_strings_are_escaped(void **state)
{
	static const struct {
		int line;
		const char *in, *want;
	} rows[] = {
		{ __LINE__, "plain", "\"plain\"" },
		{ __LINE__, "", "\"\"" },
		{ __LINE__, NULL, "null" },
		{ __LINE__, "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ __LINE__, "\n\r\t\x01\x1f", "\"\\n\\r\\t\\u0001\\u001f\"" },
		{ __LINE__, "\x7f", "\"\\u007f\"" },
		{ __LINE__, "\xc2\x9b", "\"\\u009b\"" },	/* C1: a terminal's CSI */
		{ __LINE__, "caf\xc3\xa9", "\"caf\xc3\xa9\"" },
		{ __LINE__, "\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ __LINE__, "a\xff" "b", "\"a\xef\xbf\xbd" "b\"" },
		{ __LINE__, "\xc3", "\"\xef\xbf\xbd\"" },		/* cut short */
		{ __LINE__, "\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },	/* overlong */
		{ __LINE__, "\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ __LINE__, "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ __LINE__, "\xf4\x90\x80\x80",
		  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text text;

		text_init(&text);
		text_json(&text, rows[i].in);
		row_string(rows[i].line, text.data, rows[i].want);
		text_fini(&text);
	}
}

static void
a_terminal_sees_no_control_characters(void **state)
{
	static const struct {
		int line;
		const char *in, *want;
	} rows[] = {
		{ __LINE__, "plain \\ \"text\"", "plain \\ \"text\"" },
		{ __LINE__, "caf\xc3\xa9", "caf\xc3\xa9" },
		{ __LINE__, "\x1b[31mred", "\\x1b[31mred" },
		{ __LINE__, "a\nb\x7f", "a\\x0ab\\x7f" },
		{ __LINE__, "\xc2\x9b", "\\xc2\\x9b" },
		{ __LINE__, "x\xffy\xc3", "x\\xffy\\xc3" },
		/* right to left; a character that XML has not */
		{ __LINE__, "a\xe2\x80\xae" "b", "a\\xe2\\x80\\xaeb" },
		{ __LINE__, "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
		/* what the machines of GitHub and Azure obey, and what they do not */
		{ __LINE__, "x ##[stop-commands]y", "x #\\x23[stop-commands]y" },
		{ __LINE__, "##vso[task.complete]", "#\\x23vso[task.complete]" },
		{ __LINE__, "## a #[b] ##vso", "## a #[b] ##vso" },
		{ __LINE__, "###[", "##\\x23[" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text text;

		text_init(&text);
		text_printable(&text, rows[i].in);
		row_string(rows[i].line, text.data, rows[i].want);
		text_fini(&text);
	}
}

static void
markup_holds_no_markup(void **state)
{
	static const struct {
		int line;
		const char *in, *want;
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "plain caf\xc3\xa9", "plain caf\xc3\xa9" },
		{ __LINE__, "<script>alert('1')</script>",
		  "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" },
		{ __LINE__, "a\" onload=\"x", "a&quot; onload=&quot;x" },
		{ __LINE__, "&lt;", "&amp;lt;" },
		{ __LINE__, "]]>\x1b\xff", "]]&gt;\\x1b\\xff" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text text;

		text_init(&text);
		text_append(&text, "");
		text_markup(&text, rows[i].in);
		row_string(rows[i].line, text.data, rows[i].want);
		text_fini(&text);
	}
}

static void
lines_of_markup_are_joined(void **state)
{
	struct text lines, text;

	(void)state;
	text_init(&lines);
	text_init(&text);
	text_append(&lines, "a<b\n\n\"c\"");
	text_markup_lines(&text, &lines, "<br>");
	assert_string_equal(text.data, "a&lt;b<br><br>&quot;c&quot;");
	text_fini(&lines);
	text_fini(&text);
}

#define NO UINT64_C(0xdeadbeef)	/* what *out keeps where the text is refused */

static void
numbers_are_parsed_whole_and_within_max(void **state)
{
	static const struct {
		int line;
		const char *in;
		uint64_t max, want;
	} rows[] = {
		{ __LINE__, "0", 10, 0 },
		{ __LINE__, "10", 10, 10 },
		{ __LINE__, "11", 10, NO },
		{ __LINE__, "7", 5, NO },
		{ __LINE__, "65535", 65535, 65535 },
		{ __LINE__, "65536", 65535, NO },
		{ __LINE__, "18446744073709551615", UINT64_MAX, UINT64_MAX },
		{ __LINE__, "18446744073709551616", UINT64_MAX, NO },
		{ __LINE__, "99999999999999999999999", UINT64_MAX, NO },
		{ __LINE__, "", 10, NO },
		{ __LINE__, "-1", 10, NO },
		{ __LINE__, "+1", 10, NO },
		{ __LINE__, " 1", 10, NO },
		{ __LINE__, "1 ", 10, NO },
		{ __LINE__, "0x1", 10, NO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t got = NO;

		row_int(rows[i].line, text_parse_u64(rows[i].in, rows[i].max, &got),
			rows[i].want != NO);
		row_true(rows[i].line, got == rows[i].want);
	}
}

static void
durations_need_a_unit(void **state)
{
	static const struct {
		int line;
		const char *in;
		uint64_t want;
	} rows[] = {
		{ __LINE__, "500ms", 500 },
		{ __LINE__, "5s", 5000 },
		{ __LINE__, "15m", 900000 },
		{ __LINE__, "1h", 3600000 },
		{ __LINE__, "1d", 86400000 },
		{ __LINE__, "0", 0 },
		{ __LINE__, "0s", 0 },
		{ __LINE__, "5", NO },
		{ __LINE__, "s", NO },
		{ __LINE__, "", NO },
		{ __LINE__, "5 s", NO },
		{ __LINE__, "5S", NO },
		{ __LINE__, "1h30m", NO },
		{ __LINE__, "1.5s", NO },
		{ __LINE__, "-1s", NO },
		{ __LINE__, "999999999999999d", NO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t got = NO;

		row_int(rows[i].line, text_parse_duration(rows[i].in, &got), rows[i].want != NO);
		row_true(rows[i].line, got == rows[i].want);
	}
}

static void
sizes_may_have_a_binary_unit(void **state)
{
	static const struct {
		int line;
		const char *in;
		uint64_t want;
	} rows[] = {
		{ __LINE__, "1048576", 1048576 },
		{ __LINE__, "512KiB", 524288 },
		{ __LINE__, "64MiB", 67108864 },
		{ __LINE__, "1GiB", 1073741824 },
		{ __LINE__, "0", 0 },
		{ __LINE__, "64MB", NO },
		{ __LINE__, "64mib", NO },
		{ __LINE__, "MiB", NO },
		{ __LINE__, "18446744073709551615GiB", NO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t got = NO;

		row_int(rows[i].line, text_parse_size(rows[i].in, &got), rows[i].want != NO);
		row_true(rows[i].line, got == rows[i].want);
	}
}

static void
a_slip_of_the_pen_finds_the_word_meant(void **state)
{
	static const char *const words[] = {
		"listen", "allow", "internet_resolver", "workers", "user", "cache", "upstream",
	};
	static const struct {
		int line;
		const char *in, *want;
	} rows[] = {
		{ __LINE__, "listen", "listen" },
		{ __LINE__, "lisen", "listen" },
		{ __LINE__, "lsiten", "listen" },	/* neighbours swapped: one edit */
		{ __LINE__, "Workers", "workers" },
		{ __LINE__, "UPSTREAM", "upstream" },
		{ __LINE__, "internet-resolvers", "internet_resolver" },
		{ __LINE__, "use", "user" },
		{ __LINE__, "us", NULL },
		{ __LINE__, "cahces", "cache" },	/* two edits, a third of six */
		{ __LINE__, "chace", NULL },	/* two edits in five are too many */
		{ __LINE__, "cahce", "cache" },
		{ __LINE__, "bananas", NULL },
		{ __LINE__, "", NULL },
	};
	char long_word[200];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = text_nearest(rows[i].in, words, COUNT_OF(words));

		row_string(rows[i].line, got ? got : "-", rows[i].want ? rows[i].want : "-");
	}
	memset(long_word, 'l', sizeof(long_word));
	long_word[sizeof(long_word) - 1] = '\0';
	assert_null(text_nearest(long_word, words, COUNT_OF(words)));
	assert_null(text_nearest("listen", words, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appending_grows_and_keeps_the_zero_octet),
		cmocka_unit_test(an_empty_append_makes_a_string),
		cmocka_unit_test(each_length_around_a_doubling_fits),
		cmocka_unit_test(what_failed_once_stays_failed),
		cmocka_unit_test(json_strings_are_escaped),
		cmocka_unit_test(a_terminal_sees_no_control_characters),
		cmocka_unit_test(markup_holds_no_markup),
		cmocka_unit_test(lines_of_markup_are_joined),
		cmocka_unit_test(numbers_are_parsed_whole_and_within_max),
		cmocka_unit_test(durations_need_a_unit),
		cmocka_unit_test(sizes_may_have_a_binary_unit),
		cmocka_unit_test(a_slip_of_the_pen_finds_the_word_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
