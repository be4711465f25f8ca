#include "dns/codes.h"

#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

static void
types_have_their_mnemonics(void **state)
{
	static const struct {
		int line;
		uint16_t type;
		const char *text;
	} rows[] = {
		{ __LINE__, TYPE_A, "A" },	   { __LINE__, TYPE_AAAA, "AAAA" },
		{ __LINE__, TYPE_SOA, "SOA" },	   { __LINE__, TYPE_SVCB, "SVCB" },
		{ __LINE__, TYPE_HTTPS, "HTTPS" }, { __LINE__, TYPE_CAA, "CAA" },
		{ __LINE__, TYPE_ANY, "ANY" },	   { __LINE__, 0, "TYPE0" },
		{ __LINE__, 65280, "TYPE65280" },  { __LINE__, 65535, "TYPE65535" },
	};
	char buf[CODE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_string(rows[i].line, type_print(rows[i].type, buf), rows[i].text);
}

static void
every_type_printed_is_parsed_back(void **state)
{
	char buf[CODE_TEXT_MAX];

	(void)state;
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		uint16_t back = (uint16_t)~type;

		assert_true(type_parse(type_print((uint16_t)type, buf), &back));
		assert_int_equal(back, type);
	}
}

static void
types_are_parsed_in_any_letter_case(void **state)
{
	static const struct {
		int line;
		const char *text;
		int type;	/* -1: refused */
	} rows[] = {
		{ __LINE__, "a", TYPE_A },
		{ __LINE__, "Cname", TYPE_CNAME },
		{ __LINE__, "TYPE1", TYPE_A },
		{ __LINE__, "type257", TYPE_CAA },
		{ __LINE__, "TYPE065", TYPE_HTTPS },
		{ __LINE__, "TYPE65536", -1 },
		{ __LINE__, "TYPE100000", -1 },
		{ __LINE__, "TYPE", -1 },
		{ __LINE__, "TYPE-1", -1 },
		{ __LINE__, "TYPE 1", -1 },
		{ __LINE__, "TYPE1x", -1 },
		{ __LINE__, "AA", -1 },
		{ __LINE__, "A ", -1 },
		{ __LINE__, "", -1 },
		{ __LINE__, "1", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint16_t type;

		row_int(rows[i].line, type_parse(rows[i].text, &type), rows[i].type >= 0);
		if (rows[i].type >= 0)
			row_int(rows[i].line, type, rows[i].type);
	}
}

static void
classes_rcodes_and_extended_errors_are_printed(void **state)
{
	char buf[CODE_TEXT_MAX];

	(void)state;
	assert_string_equal(class_print(CLASS_IN, buf), "IN");
	assert_string_equal(class_print(CLASS_ANY, buf), "ANY");
	assert_string_equal(class_print(7, buf), "CLASS7");
	assert_string_equal(rcode_print(RCODE_NXDOMAIN, buf), "NXDOMAIN");
	assert_string_equal(rcode_print(RCODE_BADVERS, buf), "BADVERS");
	assert_string_equal(rcode_print(17, buf), "RCODE17");
	assert_string_equal(extended_error_text(EDE_STALE_ANSWER), "Stale Answer");
	assert_string_equal(extended_error_text(EDE_NO_REACHABLE_AUTHORITY),
			    "No Reachable Authority");
	assert_string_equal(extended_error_text(EDE_OTHER), "Other Error");
	assert_null(extended_error_text(EDE_NONE));
	assert_null(extended_error_text(1000));
}

static void
types_only_asked_for_are_meta(void **state)
{
	static const uint16_t meta[] = {
		0, TYPE_OPT, TYPE_TSIG, TYPE_IXFR, TYPE_AXFR, TYPE_ANY, 249, 253, 254, 128,
	};
	static const uint16_t stored[] = {
		TYPE_A, TYPE_NS, TYPE_SOA, TYPE_DS, TYPE_SPF, TYPE_URI, TYPE_CAA, 127, 65280,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(meta); i++)
		assert_true(type_is_meta(meta[i]));
	for (size_t i = 0; i < COUNT_OF(stored); i++)
		assert_false(type_is_meta(stored[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_their_mnemonics),
		cmocka_unit_test(every_type_printed_is_parsed_back),
		cmocka_unit_test(types_are_parsed_in_any_letter_case),
		cmocka_unit_test(classes_rcodes_and_extended_errors_are_printed),
		cmocka_unit_test(types_only_asked_for_are_meta),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
