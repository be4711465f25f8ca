#include "proto/ctlmsg.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

static void
a_request_is_words_on_one_line(void **state)
{
	static const struct {
		int line;
		const char *octets;
		enum status status;
		const char *words;	/* joined by "," */
	} rows[] = {
		{ __LINE__, "causeway1 status\n", OK, "status" },
		{ __LINE__, "causeway1 flush a.example. subtree\n", OK,
		  "flush,a.example.,subtree" },
		{ __LINE__, "causeway1 a b c d e f\n", OK, "a,b,c,d,e,f" },
		{ __LINE__, "causeway1 status\nmore", OK, "status" },
		{ __LINE__, "", ERR_SHORT, "" },
		{ __LINE__, "causeway1 status", ERR_SHORT, "" },
		{ __LINE__, "\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 \n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway2 status\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway11 status\n", ERR_MALFORMED, "" },
		{ __LINE__, "causewayX status\n", ERR_MALFORMED, "" },
		{ __LINE__, "status\n", ERR_MALFORMED, "" },
		{ __LINE__, " causeway1 status\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1  status\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 status \n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 status\r\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 flush a\tb\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 flush b\xc3\xbc" "cher\n", ERR_MALFORMED, "" },
		{ __LINE__, "causeway1 a b c d e f g\n", ERR_LIMIT, "" },
		{ __LINE__, "GET / HTTP/1.1\r\n", ERR_MALFORMED, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = strlen(rows[i].octets);
		char octets[64], words[64] = "";
		struct ctl_request request;

		memcpy(octets, rows[i].octets, len);
		row_int(rows[i].line, ctl_request_read(octets, len, &request), rows[i].status);
		if (rows[i].status != OK) {	/* nothing was changed */
			row_memory(rows[i].line, octets, rows[i].octets, len);
			continue;
		}
		for (unsigned k = 0; k < request.count; k++) {
			strcat(words, k ? "," : "");
			strcat(words, request.words[k]);
		}
		row_string(rows[i].line, words, rows[i].words);
	}
}

static void
a_request_has_an_end_within_its_bound(void **state)
{
	char octets[CTL_REQUEST_OCTETS + 2];
	struct ctl_request request;

	(void)state;
	memset(octets, 'a', sizeof(octets));
	memcpy(octets, "causeway1 ", 10);
	assert_int_equal(ctl_request_read(octets, CTL_REQUEST_OCTETS - 1, &request), ERR_SHORT);
	assert_int_equal(ctl_request_read(octets, CTL_REQUEST_OCTETS, &request), ERR_LIMIT);
	octets[CTL_REQUEST_OCTETS] = '\n';
	assert_int_equal(ctl_request_read(octets, sizeof(octets), &request), ERR_LIMIT);
	octets[CTL_REQUEST_OCTETS - 1] = '\n';
	assert_int_equal(ctl_request_read(octets, sizeof(octets), &request), OK);
	assert_int_equal(strlen(request.words[0]), CTL_REQUEST_OCTETS - 11);
}

static void
an_octet_of_zero_is_no_word(void **state)
{
	char octets[] = "causeway1 st\0tus\n";
	struct ctl_request request;

	(void)state;
	assert_int_equal(ctl_request_read(octets, sizeof(octets) - 1, &request), ERR_MALFORMED);
}

static void
what_is_written_is_read_again(void **state)
{
	static const char *const words[] = { "lookup", "a\\032b.example.", "AAAA", "vpc-1" };
	char octets[CTL_REQUEST_OCTETS];
	struct ctl_request request;
	size_t len;

	(void)state;
	assert_int_equal(ctl_request_write(words, 4, octets, &len), OK);
	assert_int_equal(ctl_request_read(octets, len - 1, &request), ERR_SHORT);
	assert_int_equal(ctl_request_read(octets, len, &request), OK);
	assert_int_equal(request.count, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_string_equal(request.words[i], words[i]);
}

static void
no_word_becomes_two(void **state)
{
	static const char *const blank[] = { "flush", "a b" }, *const line[] = { "flush", "a\nb" };
	static const char *const empty[] = { "flush", "" };
	static const char *const seven[] = { "a", "b", "c", "d", "e", "f", "g" };
	char octets[CTL_REQUEST_OCTETS], longest[CTL_REQUEST_OCTETS];
	const char *const one[] = { longest };
	size_t len;

	(void)state;
	assert_int_equal(ctl_request_write(blank, 2, octets, &len), ERR_MALFORMED);
	assert_int_equal(ctl_request_write(line, 2, octets, &len), ERR_MALFORMED);
	assert_int_equal(ctl_request_write(empty, 2, octets, &len), ERR_MALFORMED);
	assert_int_equal(ctl_request_write(seven, 7, octets, &len), ERR_LIMIT);
	assert_int_equal(ctl_request_write(seven, 0, octets, &len), ERR_MALFORMED);
	memset(longest, 'a', sizeof(longest));
	longest[CTL_REQUEST_OCTETS - 11] = '\0';
	assert_int_equal(ctl_request_write(one, 1, octets, &len), OK);
	assert_int_equal(len, CTL_REQUEST_OCTETS);
	longest[CTL_REQUEST_OCTETS - 11] = 'a';
	longest[CTL_REQUEST_OCTETS - 10] = '\0';
	assert_int_equal(ctl_request_write(one, 1, octets, &len), ERR_LIMIT);
}

static void
a_reply_is_one_whole_line(void **state)
{
	(void)state;
	assert_int_equal(ctl_reply_check("{}\n", 3), OK);
	assert_int_equal(ctl_reply_check("", 0), ERR_SHORT);
	assert_int_equal(ctl_reply_check("{}", 2), ERR_SHORT);
	assert_int_equal(ctl_reply_check("{}\n{}\n", 6), ERR_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_words_on_one_line),
		cmocka_unit_test(a_request_has_an_end_within_its_bound),
		cmocka_unit_test(an_octet_of_zero_is_no_word),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(no_word_becomes_two),
		cmocka_unit_test(a_reply_is_one_whole_line),
	};

	return cmocka_run_group_tests_name("ctlmsg", tests, NULL, NULL);
}
