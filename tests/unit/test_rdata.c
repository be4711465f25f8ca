#include "dns/rdata.h"

#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"
#include "unit/unit.h"

#define BYTES(s) (const uint8_t *)(s), sizeof(s) - 1

/* In front of the data in each message: names at 0 ("a.b") and 2 ("b"). */
static const uint8_t before[] = "\1A\1b";

/* Data read at offset sizeof(before) of a message that ends with it. */
struct row {
	int line;
	uint16_t type;
	const uint8_t *data;
	size_t len;
	enum status status;
	const uint8_t *out;
	size_t out_len;
	struct rdata_names names;
};

static const struct row rows[] = {
	{ __LINE__, TYPE_A, BYTES("\12\0\0\1"), OK, BYTES("\12\0\0\1"), { 0 } },
	{ __LINE__, TYPE_AAAA, BYTES("0123456789abcdef"), OK, BYTES("0123456789abcdef"), { 0 } },
	{ __LINE__, TYPE_NS, BYTES("\2NS\xc0\0"), OK, BYTES("\2NS\1A\1b\0"), { 1, { 0 } } },
	{ __LINE__, TYPE_CNAME, BYTES("\xc0\2"), OK, BYTES("\1b\0"), { 1, { 0 } } },
	{ __LINE__, TYPE_PTR, BYTES("\0"), OK, BYTES("\0"), { 1, { 0 } } },
	{ __LINE__, TYPE_MX, BYTES("\0\12\2mx\xc0\2"), OK, BYTES("\0\12\2mx\1b\0"),
	  { 1, { 2 } } },
	{ __LINE__, TYPE_SOA, BYTES("\xc0\0\1h\xc0\2" "1111222233334444aaaa"), OK,
	  BYTES("\1A\1b\0\1h\1b\0" "1111222233334444aaaa"), { 2, { 0, 5 } } },
	{ __LINE__, TYPE_SRV, BYTES("\0\1\0\2\0\3\xc0\0"), OK, BYTES("\0\1\0\2\0\3\1A\1b\0"),
	  { 0 } },
	{ __LINE__, TYPE_TXT, BYTES("\3abc\0\1x"), OK, BYTES("\3abc\0\1x"), { 0 } },
	{ __LINE__, TYPE_TXT, BYTES("\0"), OK, BYTES("\0"), { 0 } },
	{ __LINE__, TYPE_HINFO, BYTES("\3cpu\2os"), OK, BYTES("\3cpu\2os"), { 0 } },
	{ __LINE__, TYPE_NAPTR, BYTES("\0\1\0\2\1u\3e2u\0\xc0\2"), OK,
	  BYTES("\0\1\0\2\1u\3e2u\0\1b\0"), { 0 } },
	{ __LINE__, TYPE_CAA, BYTES("\0\5issueca.example"), OK, BYTES("\0\5issueca.example"),
	  { 0 } },
	{ __LINE__, TYPE_SVCB, BYTES("\0\1\0\0\1\0\2h2"), OK, BYTES("\0\1\0\0\1\0\2h2"), { 0 } },
	{ __LINE__, 65280, BYTES("\xc0\0any"), OK, BYTES("\xc0\0any"), { 0 } },
	{ __LINE__, 65280, BYTES(""), OK, BYTES(""), { 0 } },

	{ __LINE__, TYPE_A, BYTES("\12\0\0"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_A, BYTES("\12\0\0\1\1"), ERR_MALFORMED, NULL, 0, { 0 } },
	{ __LINE__, TYPE_A, BYTES(""), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_AAAA, BYTES("0123456789abcde"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_NS, BYTES(""), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_NS, BYTES("\2ns"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_NS, BYTES("\2ns\0x"), ERR_MALFORMED, NULL, 0, { 0 } },
	{ __LINE__, TYPE_NS, BYTES("\2ns\xc0\5"), ERR_MALFORMED, NULL, 0, { 0 } },	/* itself */
	{ __LINE__, TYPE_NS, BYTES("\x42ns\0"), ERR_MALFORMED, NULL, 0, { 0 } },
	{ __LINE__, TYPE_MX, BYTES("\0"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_SOA, BYTES("\xc0\0\xc0\2" "1111222233334444aaa"), ERR_SHORT, NULL, 0,
	  { 0 } },
	{ __LINE__, TYPE_TXT, BYTES(""), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_TXT, BYTES("\3ab"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_TXT, BYTES("\1a\1"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_HINFO, BYTES("\3cpu"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_HINFO, BYTES("\1c\1o\1x"), ERR_MALFORMED, NULL, 0, { 0 } },
	{ __LINE__, TYPE_CAA, BYTES("\0\5iss"), ERR_SHORT, NULL, 0, { 0 } },
	{ __LINE__, TYPE_SVCB, BYTES("\0\1"), ERR_SHORT, NULL, 0, { 0 } },
};

/** The row's message, of exactly its length, so that a sanitizer sees its edge. */
static uint8_t *
message_of(const struct row *row, size_t *len)
{
	uint8_t *message = malloc(sizeof(before) + row->len);

	memcpy(message, before, sizeof(before));
	memcpy(message + sizeof(before), row->data, row->len);
	*len = sizeof(before) + row->len;
	return message;
}

static void
assert_names(int line, const struct rdata_names *got, const struct rdata_names *want)
{
	row_int(line, got->count, want->count);
	for (unsigned i = 0; i < got->count; i++)
		row_int(line, got->at[i], want->at[i]);
}

static void
data_is_read_with_its_names_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct rdata_names names;
		size_t len;
		uint8_t *message = message_of(row, &len), buf[64] = "###";
		struct reader in = reader_over(message, len);
		struct writer out = writer_over(buf, sizeof(buf));

		in.at += sizeof(before);
		out.len = 3;	/* something stands there already */
		row_int(row->line, rdata_read(&in, row->type, (uint16_t)row->len, &out, &names),
			row->status);
		row_int(row->line, in.failed, row->status != OK);
		row_int(row->line, out.failed, false);
		row_int(row->line, out.len, 3 + row->out_len);
		if (row->status == OK) {
			row_memory(row->line, buf, "###", 3);
			row_memory(row->line, buf + 3, row->out, row->out_len);
			row_true(row->line, in.at == in.end);
			assert_names(row->line, &names, &row->names);
		}
		free(message);
	}
}

static void
what_was_read_passes_the_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct rdata_names names;

		if (rows[i].status != OK)
			continue;
		row_int(rows[i].line,
			rdata_check(rows[i].type, rows[i].out, (uint16_t)rows[i].out_len, &names),
			OK);
		assert_names(rows[i].line, &names, &rows[i].names);
	}
}

static void
the_check_refuses_pointers_and_broken_layouts(void **state)
{
	static const struct {
		int line;
		uint16_t type;
		const uint8_t *data;
		uint16_t len;
		enum status status;
	} bad[] = {
		{ __LINE__, TYPE_NS, BYTES("\2ns\xc0\0"), ERR_MALFORMED },
		{ __LINE__, TYPE_NS, BYTES("\2ns"), ERR_SHORT },
		{ __LINE__, TYPE_NS, BYTES("\2ns\0\0"), ERR_MALFORMED },
		{ __LINE__, TYPE_SRV, BYTES("\0\1\0\2\0\3\x40"), ERR_MALFORMED },
		{ __LINE__, TYPE_A, BYTES("\1\2\3"), ERR_SHORT },
		{ __LINE__, TYPE_A, BYTES("\1\2\3\4\5"), ERR_MALFORMED },
		{ __LINE__, TYPE_TXT, BYTES(""), ERR_SHORT },
	};
	uint8_t name[300];
	struct rdata_names names;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		row_int(bad[i].line, rdata_check(bad[i].type, bad[i].data, bad[i].len, &names),
			bad[i].status);
	memset(name, 1, sizeof(name));
	name[254] = 0;
	assert_int_equal(rdata_check(TYPE_NS, name, 255, &names), OK);
	name[254] = 1;
	name[256] = 0;
	assert_int_equal(rdata_check(TYPE_NS, name, 257, &names), ERR_MALFORMED);
}

static void
only_names_lose_their_letter_case(void **state)
{
	static const struct {
		int line;
		uint16_t type;
		const uint8_t *data;
		size_t len;
		const char *out;
	} lower[] = {
		{ __LINE__, TYPE_MX, BYTES("AB\2MX\1A\0"), "AB\2mx\1a" },
		{ __LINE__, TYPE_SOA, BYTES("\1A\0\1H\0" "AAAABBBBCCCCDDDDEEEE"),
		  "\1a\0\1h\0" "AAAABBBBCCCCDDDDEEEE" },
		{ __LINE__, TYPE_NAPTR, BYTES("\0\1\0\2\1U\3E2U\0\1B\0"),
		  "\0\1\0\2\1U\3E2U\0\1b" },
		{ __LINE__, TYPE_SVCB, BYTES("\0\1\1B\0\0\1\0\2H2"), "\0\1\1b\0\0\1\0\2H2" },
		{ __LINE__, TYPE_TXT, BYTES("\1A"), "\1A" },
		{ __LINE__, 65280, BYTES("\1A\0"), "\1A" },
		{ __LINE__, TYPE_NS, BYTES(""), "" },
		{ __LINE__, TYPE_NS, BYTES("\5AB"), "\5AB" },	/* broken: as it is */
		{ __LINE__, TYPE_SOA, BYTES("\1A\0\5AB"), "\1a\0\5AB" },
	};
	uint8_t out[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lower); i++) {
		rdata_lower(lower[i].type, lower[i].data, (uint16_t)lower[i].len, out);
		row_memory(lower[i].line, out, lower[i].out, lower[i].len);
	}
}

static void
a_full_writer_is_left_as_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].status != OK)
			continue;
		for (size_t room = 0; room < rows[i].out_len; room++) {
			size_t len;
			uint8_t *message = message_of(&rows[i], &len), buf[64];
			struct reader in = reader_over(message, len);
			struct writer out = writer_over(buf, room);

			in.at += sizeof(before);
			row_int(rows[i].line,
				rdata_read(&in, rows[i].type, (uint16_t)rows[i].len, &out, NULL),
				ERR_LIMIT);
			row_int(rows[i].line, out.len, 0);
			row_int(rows[i].line, out.failed, false);
			row_int(rows[i].line, in.failed, false);
			row_true(rows[i].line, in.at == in.end);
			free(message);
		}
	}
}

static void
names_must_not_blow_data_up_beyond_a_record(void **state)
{
	static uint8_t message[RDATA_MAX_OCTETS + 8] = "\7example";
	static uint8_t buf[2 * RDATA_MAX_OCTETS];
	struct writer out = writer_over(buf, sizeof(buf));
	struct reader in = reader_over(message, sizeof(message));
	size_t at = 9;

	(void)state;
	message[at] = 0xc0;	/* NSEC: a name, then the rest */
	message[at + 1] = 0;
	in.at += at;
	assert_int_equal(rdata_read(&in, TYPE_NSEC, RDATA_MAX_OCTETS - 1, &out, NULL), ERR_LIMIT);
	assert_int_equal(out.len, 0);
	in = reader_over(message, sizeof(message));
	in.at += at;
	assert_int_equal(rdata_read(&in, TYPE_NSEC, RDATA_MAX_OCTETS - 7, &out, NULL), OK);
	assert_int_equal(out.len, RDATA_MAX_OCTETS);
}

static void
data_longer_than_the_message_is_short(void **state)
{
	static const uint8_t message[] = "\1\2\3\4";
	struct reader in = reader_over(message, 4);
	uint8_t buf[8];
	struct writer out = writer_over(buf, sizeof(buf));

	(void)state;
	assert_int_equal(rdata_read(&in, TYPE_A, 5, &out, NULL), ERR_SHORT);
	assert_true(in.failed);
	assert_int_equal(rdata_read(&in, TYPE_A, 4, &out, NULL), ERR_SHORT);	/* sticky */
}

/* Records as ldns writes them: an independent opinion on each layout. */
static const char *const texts[] = {
	"A 192.0.2.1", "NS ns.example.", "CNAME a.b.example.",
	"SOA ns.example. host.example. 1 2 3 4 5", "PTR a.example.", "HINFO cpu os",
	"MX 10 mx.example.", "TXT \"a\" \"b\"", "RP a.example. b.example.",
	"AFSDB 1 a.example.", "AAAA 2001:db8::1", "SRV 1 2 3 a.example.",
	"NAPTR 1 2 u e2u \"\" a.example.", "KX 1 a.example.", "DNAME a.example.",
	"DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000",
	"SSHFP 1 1 0000000000000000000000000000000000000000", "NSEC a.example. A NS",
	"RRSIG A 8 2 60 20300101000000 20200101000000 1 a.example. AAAA",
	"DNSKEY 256 3 8 AAAA", "TLSA 3 1 1 00000000000000000000000000000000",
	"SPF \"v=spf1 -all\"", "CAA 0 issue \"ca.example\"", "CERT 1 1 8 AAAA",
	"LOC 51 30 12.748 N 0 7 39.612 W 0.00m",
	"URI 10 1 \"https://example/\"", "RT 1 a.example.", "PX 1 a.example. b.example.",
	"MINFO a.example. b.example.", "MB a.example.",
};

static void
layouts_agree_with_ldns(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char line[256];
		ldns_rr *rr = NULL;
		ldns_buffer *buffer = ldns_buffer_new(512);
		struct rdata_names names;
		const char *layout;
		uint16_t len;

		snprintf(line, sizeof(line), "example. 60 IN %s", texts[i]);
		if (ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) != LDNS_STATUS_OK)
			fail_msg("ldns refuses: %s", line);
		assert_int_equal(ldns_rr_rdata2buffer_wire(buffer, rr), LDNS_STATUS_OK);
		len = (uint16_t)ldns_buffer_position(buffer);
		layout = rdata_layout((uint16_t)ldns_rr_get_type(rr));
		if (rdata_check((uint16_t)ldns_rr_get_type(rr), ldns_buffer_begin(buffer), len,
				&names) != OK)
			fail_msg("refused: %s", line);
		/* cut short it is refused, but where "the rest" or more strings end it */
		if (!strpbrk(layout, "rS") &&
		    rdata_check((uint16_t)ldns_rr_get_type(rr), ldns_buffer_begin(buffer),
				(uint16_t)(len - 1), &names) == OK)
			fail_msg("accepted when cut: %s", line);
		ldns_buffer_free(buffer);
		ldns_rr_free(rr);
	}
}

static void
only_types_of_rfc_1035_compress(void **state)
{
	static const uint16_t compress[] = {
		TYPE_NS, TYPE_CNAME, TYPE_SOA, TYPE_PTR, TYPE_MX, 3, 4, 7, 8, 9, 14,
	};

	(void)state;
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		bool expected = false;

		for (size_t i = 0; i < COUNT_OF(compress); i++)
			expected |= compress[i] == type;
		assert_int_equal(strchr(rdata_layout((uint16_t)type), 'C') != NULL, expected);
	}
}

static void
no_octets_crash_a_reader_of_data(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		const struct row *row = &rows[random_to(&seed, COUNT_OF(rows))];
		struct rdata_names names;
		size_t len;
		uint8_t *message = message_of(row, &len), buf[300];
		struct reader in = reader_over(message, len);
		struct writer out = writer_over(buf, random_to(&seed, sizeof(buf)));
		uint16_t type = random_to(&seed, 3) ? row->type : (uint16_t)random_to(&seed, 66);

		for (unsigned n = random_to(&seed, 4); n && row->len; n--)
			message[sizeof(before) + random_to(&seed, (unsigned)row->len)] =
				(uint8_t)next_random(&seed);
		in.at += sizeof(before);
		if (rdata_read(&in, type, (uint16_t)row->len, &out, &names) == OK)
			assert_int_equal(rdata_check(type, buf, (uint16_t)out.len, &names), OK);
		else
			assert_int_equal(out.len, 0);
		(void)!rdata_check(type, message, (uint16_t)len, &names);
		free(message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_read_with_its_names_whole),
		cmocka_unit_test(what_was_read_passes_the_check),
		cmocka_unit_test(the_check_refuses_pointers_and_broken_layouts),
		cmocka_unit_test(only_names_lose_their_letter_case),
		cmocka_unit_test(a_full_writer_is_left_as_it_was),
		cmocka_unit_test(names_must_not_blow_data_up_beyond_a_record),
		cmocka_unit_test(data_longer_than_the_message_is_short),
		cmocka_unit_test(layouts_agree_with_ldns),
		cmocka_unit_test(only_types_of_rfc_1035_compress),
		cmocka_unit_test(no_octets_crash_a_reader_of_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
