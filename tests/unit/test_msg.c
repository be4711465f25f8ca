#include "dns/msg.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dns/build.h"
#include "dns/codes.h"
#include "unit/unit.h"

#define BYTES(s) (const uint8_t *)(s), sizeof(s) - 1

/* Parts of messages: header words, one question, and additional records. */
#define ID	  "\x12\x34"
#define QUERY	  "\1\0"	/* RD */
#define ONE	  "\0\1\0\0\0\0\0\0"
#define ONE_AND_1 "\0\1\0\0\0\0\0\1"
#define ONE_AND_2 "\0\1\0\0\0\0\0\2"
#define WWW_A	  "\3WwW\7example\0\0\1\0\1"
#define WWW_LEN	  17
#define WWW_IXFR  "\3www\7example\0\0\xfb\0\1"
#define SOA	  "\xc0\x0c\0\6\0\1\0\0\0\0\0\4data"
#define OPT	  "\0\0\x29\4\xd0\0\0\0\0\0\0"	/* 1232 octets */
#define COOKIE	  "\0\0\x29\4\xd0\0\0\0\0\0\x0c\0\x0a\0\4abcd\0\x0c\0\0"
#define X65	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define TSIG	  "\3key\0\0\xfa\0\xff\0\0\0\0\0\3mac"

static void
a_plain_query_is_read(void **state)
{
	static const uint8_t packet[] = ID QUERY ONE WWW_A;
	struct question q;

	(void)state;
	assert_int_equal(question_read(packet, sizeof(packet) - 1, &q), OK);
	assert_int_equal(q.header.id, 0x1234);
	assert_int_equal(q.header.flags, MSG_RD);
	assert_int_equal(q.header.count[0], 1);
	assert_int_equal(q.header.count[3], 0);
	assert_int_equal(q.name.len, 13);
	assert_int_equal(q.name.labels, 2);
	assert_memory_equal(q.name.wire, "\3www\7example", 13);
	assert_true(q.suffixes.hash[2] == name_hash(q.name.wire));
	assert_int_equal(q.suffixes.offset[1], 4);
	assert_int_equal(q.type, TYPE_A);
	assert_int_equal(q.klass, CLASS_IN);
	assert_ptr_equal(q.wire, packet + 12);
	assert_int_equal(q.wire_len, WWW_LEN);
	assert_false(q.edns.present);
	assert_int_equal(q.edns.udp_size, 0);
	assert_null(q.edns.options);
}

static void
edns_is_read_as_asked(void **state)
{
	static const struct {
		int line;
		const uint8_t *packet;
		size_t len;
		enum status status;
		struct edns want;
	} rows[] = {
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A OPT), OK,
		  { .present = true, .udp_size = 1232 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\x10\0\0\0\x80\0\0\0"), OK,
		  { .present = true, .udp_size = 4096, .dnssec_ok = true } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\0\x64\0\0\0\0\0\0"), OK,
		  { .present = true, .udp_size = 512 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\1\0\0\0\0"), ERR_LIMIT,
		  { .present = true, .udp_size = 1232, .version = 1 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A COOKIE), OK,
		  { .present = true, .udp_size = 1232, .options_len = 12 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_2 WWW_A OPT TSIG), OK,
		  { .present = true, .udp_size = 1232 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_2 WWW_A TSIG OPT), OK,
		  { .present = true, .udp_size = 1232 } },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A TSIG), OK, { .present = false } },
		/* an IXFR and its SOA */
		{ __LINE__, BYTES(ID QUERY "\0\1\0\0\0\1\0\1" WWW_IXFR SOA OPT), OK,
		  { .present = true, .udp_size = 1232 } },
		{ __LINE__, BYTES(ID QUERY "\0\1\0\0\0\1\0\0" WWW_IXFR SOA "x"), ERR_MALFORMED,
		  { .present = false } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q;

		memset(&q, 0xa5, sizeof(q));
		row_int(rows[i].line, question_read(rows[i].packet, rows[i].len, &q),
			rows[i].status);
		row_int(rows[i].line, q.edns.present, rows[i].want.present);
		row_int(rows[i].line, q.edns.dnssec_ok, rows[i].want.dnssec_ok);
		row_int(rows[i].line, q.edns.version, rows[i].want.version);
		row_int(rows[i].line, q.edns.udp_size, rows[i].want.udp_size);
		row_int(rows[i].line, q.edns.options_len, rows[i].want.options_len);
		row_int(rows[i].line, q.edns.options != NULL, rows[i].want.options_len != 0);
		row_int(rows[i].line, q.wire_len, WWW_LEN);
		row_int(rows[i].line, q.name.labels, 2);
	}
}

static void
each_way_to_be_malformed_is_told_apart(void **state)
{
	static const struct {
		int line;
		const uint8_t *packet;
		size_t len;
		enum status status;
		uint16_t wire_len;
	} rows[] = {
		/* nothing must be answered */
		{ __LINE__, BYTES(""), ERR_SHORT, 0 },
		{ __LINE__, BYTES(ID QUERY "\0\1\0\0\0\0\0"), ERR_SHORT, 0 },
		{ __LINE__, BYTES(ID "\x81\0" ONE WWW_A), ERR_SHORT, 0 },
		{ __LINE__, BYTES(ID "\xa0\0" ONE WWW_A), ERR_SHORT, 0 },	/* NOTIFY reply */
		/* opcodes */
		{ __LINE__, BYTES(ID "\x08\0" ONE WWW_A), ERR_REJECTED, 0 },	/* IQUERY */
		{ __LINE__, BYTES(ID "\x20\0" ONE WWW_A), ERR_REJECTED, 0 },	/* NOTIFY */
		{ __LINE__, BYTES(ID "\x28\0" ONE WWW_A), ERR_REJECTED, 0 },	/* UPDATE */
		{ __LINE__, BYTES(ID "\x78\0" ONE WWW_A), ERR_REJECTED, 0 },
		{ __LINE__, BYTES(ID "\x28\0\0\0\0\0\0\0\0\0"), ERR_REJECTED, 0 },
		/* the question */
		{ __LINE__, BYTES(ID QUERY "\0\0\0\0\0\0\0\0"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY "\0\0\0\0\0\0\0\0" WWW_A), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY "\0\2\0\0\0\0\0\0" WWW_A WWW_A), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\3www"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\3www\0"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\3www\0\0\1\0"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\3www\xc0\4\0\1\0\1"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\xc0\x0c\0\1\0\1"), ERR_MALFORMED, 0 },
		{ __LINE__, BYTES(ID QUERY ONE "\x41www\0\0\1\0\1"), ERR_MALFORMED, 0 },
		/* what stands behind it */
		{ __LINE__, BYTES(ID QUERY ONE WWW_A "x"), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY "\0\1\0\1\0\0\0\0" WWW_A "\0\0\1\0\1\0\0\0\0\0\0"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY "\0\1\0\0\0\1\0\0" WWW_A "\0\0\1\0\1\0\0\0\0\0\0"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A OPT "x"), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE WWW_A OPT), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_2 WWW_A OPT OPT), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\1a" OPT), ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\xc0\x0c" "\0\x29\4\xd0\0\0\0\0\0\0"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\0\0\0\0\1"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\0\0\0\0\3\0\x0a\0"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__,
		  BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\0\0\0\0\5\0\x0a\0\2x"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\0"), ERR_MALFORMED,
		  WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\3key\0\0\xfa\0\xff\0\0\0\0\0\4mac"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\x80y\0\0\xfa\0\xff\0\0\0\0\0\0"),
		  ERR_MALFORMED, WWW_LEN },
		{ __LINE__,
		  BYTES(ID QUERY ONE_AND_1 WWW_A "\x41" X65 "\0\xfa\0\xff\0\0\0\0\0\0"),
		  ERR_MALFORMED, WWW_LEN },
		/* malformed goes before a version we do not speak */
		{ __LINE__, BYTES(ID QUERY ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\1\0\0\0\0x"),
		  ERR_MALFORMED, WWW_LEN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t *exact = malloc(rows[i].len + 1);
		struct question q;

		/* at the end of its memory, so that a sanitizer sees a read beyond */
		memcpy(exact + 1, rows[i].packet, rows[i].len);
		memset(&q, 0xa5, sizeof(q));
		row_int(rows[i].line, question_read(exact + 1, rows[i].len, &q), rows[i].status);
		if (rows[i].status != ERR_SHORT) {
			row_int(rows[i].line, q.header.id, 0x1234);
			row_int(rows[i].line, q.wire_len, rows[i].wire_len);
			row_int(rows[i].line, q.wire != NULL, rows[i].wire_len != 0);
			row_true(rows[i].line, !rows[i].wire_len || q.type == TYPE_A);
		}
		free(exact);
	}
}

/** A query with so many empty options in its OPT, or so many records behind the question. */
static size_t
crowded(unsigned options, unsigned records, uint8_t *packet, size_t size)
{
	static const uint8_t head[] = ID QUERY ONE WWW_A;
	struct writer out = writer_over(packet, size);

	writer_bytes(&out, head, sizeof(head) - 1);
	store_u16(packet + 10, (uint16_t)(records + (options > 0)));
	for (unsigned i = 0; i < records; i++)
		writer_bytes(&out, "\0\0\x0a\0\1\0\0\0\0\0\0", 11);
	if (options) {
		writer_bytes(&out, "\0\0\x29\4\xd0\0\0\0\0", 9);
		writer_u16(&out, (uint16_t)(4 * options));
	}
	for (unsigned i = 0; i < options; i++)
		writer_u32(&out, (uint32_t)(65001 + i % 3) << 16);
	assert_false(out.failed);
	return out.len;
}

static void
more_options_or_records_than_anyone_sends_are_malformed(void **state)
{
	static const struct {
		int line;
		unsigned options, records;
		enum status status;
	} rows[] = {
		{ __LINE__, 1, 0, OK },
		{ __LINE__, MSG_MAX_OPTIONS, 0, OK },
		{ __LINE__, MSG_MAX_OPTIONS + 1, 0, ERR_MALFORMED },
		{ __LINE__, 16000, 0, ERR_MALFORMED },
		{ __LINE__, 0, MSG_MAX_ADDITIONAL, OK },
		{ __LINE__, 1, MSG_MAX_ADDITIONAL - 1, OK },
		{ __LINE__, 1, MSG_MAX_ADDITIONAL, ERR_MALFORMED },
		{ __LINE__, 0, MSG_MAX_ADDITIONAL + 1, ERR_MALFORMED },
		{ __LINE__, 0, 5900, ERR_MALFORMED },
	};
	static uint8_t packet[MSG_MAX_OCTETS];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = crowded(rows[i].options, rows[i].records, packet, sizeof(packet));
		struct question q;

		row_int(rows[i].line, question_read(packet, len, &q), rows[i].status);
		row_int(rows[i].line, q.wire_len, WWW_LEN);
	}
}

static void
options_come_one_by_one(void **state)
{
	static const uint8_t packet[] = ID QUERY "\0\1\0\0\0\0\0\1" WWW_A COOKIE;
	struct edns_option option;
	struct question q;
	size_t at = 0;

	(void)state;
	assert_int_equal(question_read(packet, sizeof(packet) - 1, &q), OK);
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, OPTION_COOKIE);
	assert_int_equal(option.len, 4);
	assert_memory_equal(option.data, "abcd", 4);
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, 12);
	assert_int_equal(option.len, 0);
	assert_int_equal(at, q.edns.options_len);
	assert_false(edns_option_next(&q.edns, &at, &option));
}

static void
without_a_question_edns_is_known_where_nothing_else_is_wrong(void **state)
{
	static const struct {
		int line;
		const uint8_t *packet;
		size_t len;
		bool present;
	} rows[] = {
#define ROW(text, present) { __LINE__, (const uint8_t *)(text), sizeof(text) - 1, present }
		ROW(ID QUERY "\0\0\0\0\0\0\0\1" COOKIE, true),
		ROW(ID QUERY "\0\0\0\0\0\0\0\1" OPT, true),
		ROW(ID QUERY "\0\0\0\0\0\0\0\0", false),
		ROW(ID QUERY "\0\0\0\0\0\0\0\1" COOKIE "x", false),
		ROW(ID QUERY "\0\0\0\0\0\0\0\2" COOKIE, false),
		ROW(ID QUERY "\0\0\0\0\0\0\0\2" COOKIE OPT, false),
		ROW(ID QUERY "\0\0\0\1\0\0\0\1" COOKIE, false),
		ROW(ID QUERY "\0\0\0\0\0\1\0\1" COOKIE, false),
		ROW(ID QUERY "\0\2\0\0\0\0\0\1" COOKIE, false),
		ROW(ID QUERY "\0\0\0\0\0\0\0\1\0\0\x29\4\xd0\0\1\0\0\0\0", false),
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q;

		row_int(rows[i].line, question_read(rows[i].packet, rows[i].len, &q),
			ERR_MALFORMED);
		row_int(rows[i].line, q.wire_len, 0);
		row_int(rows[i].line, q.edns.present, rows[i].present);
	}
}

static void
edns_of_another_opcode_is_known_where_its_sections_have_the_usual_form(void **state)
{
#define RECORD "\xc0\x0c\0\6\0\1\0\0\0\1\0\2ab"
	static const struct {
		int line;
		const uint8_t *packet;
		size_t len;
		bool present;
	} rows[] = {
		ROW(ID "\x10\0\0\0\0\0\0\0\0\1" OPT, true),		/* STATUS */
		ROW(ID "\x20\0" ONE_AND_1 WWW_A COOKIE, true),		/* NOTIFY */
		ROW(ID "\x28\0\0\1\0\2\0\1\0\1" WWW_A RECORD RECORD RECORD OPT, true),
		ROW(ID "\x28\0" ONE_AND_2 WWW_A OPT TSIG, true),
		ROW(ID "\x78\0\0\2\0\0\0\0\0\1" WWW_A WWW_A OPT, true),
		/* a version that we do not speak is not implemented all the same */
		ROW(ID "\x10\0" ONE_AND_1 WWW_A "\0\0\x29\4\xd0\0\1\0\0\0\0", true),
		ROW(ID "\x10\0" ONE WWW_A, false),
		ROW(ID "\x10\0" ONE WWW_A OPT, false),
		ROW(ID "\x10\0" ONE_AND_1 WWW_A OPT "x", false),
		ROW(ID "\x10\0" ONE_AND_2 WWW_A OPT OPT, false),
		ROW(ID "\x10\0" ONE_AND_2 WWW_A OPT, false),
		ROW(ID "\x28\0\0\1\xff\xff\xff\xff\0\1" WWW_A RECORD OPT, false),
		ROW(ID "\x30\0\0\0\0\0\0\0\0\0\0\1\0\4abcd", false),	/* DSO: no sections */
#undef ROW
#undef RECORD
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q;

		row_int(rows[i].line, question_read(rows[i].packet, rows[i].len, &q),
			ERR_REJECTED);
		row_int(rows[i].line, q.wire_len, 0);
		row_int(rows[i].line, q.edns.present, rows[i].present);
	}
}

static void
flags_of_a_query_do_not_matter_but_qr_and_opcode(void **state)
{
	uint8_t packet[] = ID QUERY ONE WWW_A;
	struct question q;

	(void)state;
	for (unsigned flags = 0; flags <= UINT16_MAX; flags++) {
		enum status want = flags & MSG_QR    ? ERR_SHORT
				   : flags & 0x7800u ? ERR_REJECTED
						     : OK;

		packet[2] = (uint8_t)(flags >> 8);
		packet[3] = (uint8_t)flags;
		assert_int_equal(question_read(packet, sizeof(packet) - 1, &q), want);
		if (want == OK)
			assert_int_equal(q.header.flags, flags);
	}
}

static void
any_class_and_type_may_be_asked(void **state)
{
	static const uint8_t packet[] = ID QUERY ONE "\0\xff\xff\0\3";
	struct question q;

	(void)state;
	assert_int_equal(question_read(packet, sizeof(packet) - 1, &q), OK);
	assert_int_equal(q.name.len, 1);
	assert_int_equal(q.type, 65535);
	assert_int_equal(q.klass, CLASS_CH);
}

static void
a_query_we_write_is_the_query_we_read(void **state)
{
	uint64_t seed = 8;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		uint16_t id = (uint16_t)next_random(&seed), type = (uint16_t)next_random(&seed);
		struct name name = { .len = 0 };
		struct builder b;
		struct question q;
		uint8_t buf[400];

		while (random_to(&seed, 6)) {
			uint8_t label[40];
			unsigned n = 1 + random_to(&seed, sizeof(label));

			for (unsigned at = 0; at < n; at++)
				label[at] = (uint8_t)random_to(&seed, 256);
			if (name.len == 0)
				name_from_wire((const uint8_t *)"", &name);
			if (!name_prepend(label, n, name.wire, &name))
				break;
		}
		if (name.len == 0)
			name_from_wire((const uint8_t *)"", &name);
		build_query(&b, buf, sizeof(buf), id, name.wire, type, CLASS_IN);
		build_opt(&b, 1232, i % 2, 0, EDE_NONE, NULL);
		assert_int_equal(question_read(buf, b.out.len, &q), OK);
		assert_int_equal(q.header.id, id);
		assert_int_equal(q.header.flags, MSG_RD);
		assert_int_equal(q.type, type);
		assert_int_equal(q.klass, CLASS_IN);
		assert_true(name_wire_equal(q.name.wire, name.wire));
		assert_true(q.edns.present);
		assert_int_equal(q.edns.dnssec_ok, i % 2);
		assert_int_equal(q.edns.udp_size, 1232);
	}
}

static void
a_question_made_is_like_one_read(void **state)
{
	uint8_t wire[NAME_MAX_OCTETS + 4], buf[100];
	struct question made, read;
	struct builder b;
	struct name name;

	(void)state;
	assert_int_equal(name_parse("api.corp.example", &name), OK);
	question_make(&name, TYPE_AAAA, &made, wire);
	build_query(&b, buf, sizeof(buf), 0, name.wire, TYPE_AAAA, CLASS_IN);
	assert_int_equal(question_read(buf, b.out.len, &read), OK);

	assert_int_equal(made.header.id, 0);
	assert_int_equal(made.header.flags, read.header.flags);
	assert_memory_equal(made.header.count, read.header.count, sizeof(read.header.count));
	assert_int_equal(made.name.labels, 3);
	assert_true(name_wire_equal(made.name.wire, read.name.wire));
	for (unsigned k = 0; k <= 3; k++) {
		assert_true(made.suffixes.hash[k] == read.suffixes.hash[k]);
		assert_int_equal(made.suffixes.offset[k], read.suffixes.offset[k]);
	}
	assert_int_equal(made.type, TYPE_AAAA);
	assert_int_equal(made.klass, CLASS_IN);
	assert_false(made.edns.present);
	assert_int_equal(made.wire_len, read.wire_len);
	assert_memory_equal(made.wire, read.wire, read.wire_len);
}

static void
records_are_read_up_to_their_data(void **state)
{
	static const struct {
		int line;
		const uint8_t *message;
		size_t len;
		enum status status;
		uint16_t type;
		uint32_t ttl_s;
		uint16_t rdlength;
	} rows[] = {
		{ __LINE__, BYTES("\1A\0\0\1\0\1\0\0\0\x3c\0\4abcd"), OK, TYPE_A, 60, 4 },
		{ __LINE__, BYTES("\1A\0\0\1\0\1\x7f\xff\xff\xff\0\0"), OK, TYPE_A, 0x7fffffff, 0 },
		{ __LINE__, BYTES("\1A\0\0\1\0\1\x80\0\0\0\0\0"), OK, TYPE_A, 0, 0 },
		{ __LINE__, BYTES("\0\0\x29\4\xd0\xff\0\x80\0\0\0"), OK, TYPE_OPT, 0xff008000, 0 },
		{ __LINE__, BYTES("\1A\0\0\1\0\1\0\0\0\x3c\0\4abc"), ERR_SHORT, 0, 0, 0 },
		{ __LINE__, BYTES("\1A\0\0\1\0\1\0\0\0\x3c\0"), ERR_SHORT, 0, 0, 0 },
		{ __LINE__, BYTES("\1A"), ERR_SHORT, 0, 0, 0 },
		{ __LINE__, BYTES("\xc0\0\0\1\0\1\0\0\0\0\0\0"), ERR_MALFORMED, 0, 0, 0 },
		{ __LINE__, BYTES(""), ERR_SHORT, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reader in = reader_over(rows[i].message, rows[i].len);
		struct msg_record record;

		row_int(rows[i].line, msg_record_read(&in, &record), rows[i].status);
		row_int(rows[i].line, in.failed, rows[i].status != OK);
		if (rows[i].status != OK)
			continue;
		row_int(rows[i].line, record.type, rows[i].type);
		row_int(rows[i].line, record.ttl_s, rows[i].ttl_s);
		row_int(rows[i].line, record.rdlength, rows[i].rdlength);
		row_int(rows[i].line, reader_left(&in), rows[i].rdlength);
	}
}

static void
no_octets_crash_the_reader_of_questions(void **state)
{
	static const struct {
		const uint8_t *packet;
		size_t len;
	} seeds[] = {
		{ BYTES(ID QUERY ONE WWW_A) },
		{ BYTES(ID QUERY ONE_AND_1 WWW_A OPT) },
		{ BYTES(ID QUERY ONE_AND_2 WWW_A OPT TSIG) },
		{ BYTES(ID QUERY ONE_AND_1 WWW_A COOKIE) },
	};
	static const uint8_t telling[] = { 0, 1, 2, 0x29, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff };
	uint64_t seed = 9;
	size_t seen[ERR_REJECTED + 1] = { 0 };

	(void)state;
	for (int i = 0; i < 60000; i++) {
		size_t which = random_to(&seed, COUNT_OF(seeds));
		size_t len = seeds[which].len;
		uint8_t *packet = malloc(len);
		struct question q;
		enum status status;

		memcpy(packet, seeds[which].packet, len);
		for (unsigned n = random_to(&seed, 4); n; n--)
			packet[random_to(&seed, (unsigned)len)] =
				random_to(&seed, 2) ? telling[random_to(&seed, COUNT_OF(telling))]
						    : (uint8_t)next_random(&seed);
		if (random_to(&seed, 4) == 0)
			packet = realloc(packet, len = 1 + random_to(&seed, (unsigned)len));
		status = question_read(packet, len, &q);
		seen[status]++;
		if (status == OK || status == ERR_LIMIT) {
			assert_int_equal(name_wire_len(q.name.wire), q.name.len);
			assert_true(q.suffixes.hash[q.name.labels] == name_hash(q.name.wire));
			assert_int_equal(q.wire_len, q.name.len + 4);
		}
		free(packet);
	}
	assert_true(seen[OK] > 1000);
	assert_true(seen[ERR_SHORT] > 1000);
	assert_true(seen[ERR_MALFORMED] > 1000);
	assert_true(seen[ERR_REJECTED] > 100);
	assert_true(seen[ERR_LIMIT] > 100);
	assert_int_equal(seen[ERR_NOMEM] + seen[ERR_SYSTEM], 0);
}

static void
the_opt_of_a_reply_is_read_behind_its_records(void **state)
{
	/* a question, an answer and an OPT with the upper bits of a rcode and an option */
	static const uint8_t reply[] = {
		0, 7, 0x81, 0x87, 0, 1, 0, 1, 0, 0, 0, 1,
		1, 'x', 0, 0, 1, 0, 1,
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1,
		0, 0, 41, 0x04, 0xd0, 1, 0, 0x80, 0, 0, 5, 0, 3, 0, 1, 'n',
	};
	struct edns edns;

	(void)state;
	assert_int_equal(msg_edns_read(reply, sizeof(reply), &edns), OK);
	assert_true(edns.present && edns.dnssec_ok);
	assert_int_equal(edns.rcode_high, 1);
	assert_int_equal(edns.udp_size, 1232);
	assert_int_equal(edns.options_len, 5);
	assert_int_equal(msg_edns_read(reply, 11, &edns), ERR_SHORT);
	for (size_t len = 12; len < sizeof(reply); len++) {
		assert_int_equal(msg_edns_read(reply, len, &edns), ERR_MALFORMED);
		assert_false(edns.present || edns.options);
	}
}

static void
pointers_of_records_passed_by_are_not_followed(void **state)
{
	static uint8_t packet[MSG_MAX_OCTETS];
	struct question q;
	size_t at = 12 + WWW_LEN;
	unsigned count = 0;

	(void)state;
	/* as many records as may be, each owner a pointer to a pointer: none is followed */
	memcpy(packet, ID QUERY ONE WWW_A, at);
	while (count < MSG_MAX_ADDITIONAL) {
		memcpy(packet + at, "\xff\xff\0\1\0\1\0\0\0\0\0\0", 12);
		at += 12;
		count++;
	}
	store_u16(packet + 10, (uint16_t)count);
	assert_int_equal(question_read(packet, at, &q), OK);
	assert_int_equal(question_read(packet, at - 1, &q), ERR_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_query_is_read),
		cmocka_unit_test(edns_is_read_as_asked),
		cmocka_unit_test(each_way_to_be_malformed_is_told_apart),
		cmocka_unit_test(more_options_or_records_than_anyone_sends_are_malformed),
		cmocka_unit_test(options_come_one_by_one),
		cmocka_unit_test(without_a_question_edns_is_known_where_nothing_else_is_wrong),
		cmocka_unit_test(
			edns_of_another_opcode_is_known_where_its_sections_have_the_usual_form),
		cmocka_unit_test(flags_of_a_query_do_not_matter_but_qr_and_opcode),
		cmocka_unit_test(any_class_and_type_may_be_asked),
		cmocka_unit_test(a_query_we_write_is_the_query_we_read),
		cmocka_unit_test(a_question_made_is_like_one_read),
		cmocka_unit_test(records_are_read_up_to_their_data),
		cmocka_unit_test(no_octets_crash_the_reader_of_questions),
		cmocka_unit_test(the_opt_of_a_reply_is_read_behind_its_records),
		cmocka_unit_test(pointers_of_records_passed_by_are_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
