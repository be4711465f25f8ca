#include "dns/name.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

/* Wire octets as a C string: its own zero octet is the root label. */
#define WIRE(s) ((const uint8_t *)(s))

static struct name
parsed(const char *text)
{
	struct name name;

	assert_int_equal(name_parse(text, &name), OK);
	return name;
}

static void
text_is_parsed_to_wire(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum status status;
		const char *wire;
		uint8_t labels;
	} rows[] = {
		{ __LINE__, "corp.example", OK, "\4corp\7example", 2 },
		{ __LINE__, "corp.example.", OK, "\4corp\7example", 2 },
		{ __LINE__, "CoRp.EXAMPLE", OK, "\4corp\7example", 2 },
		{ __LINE__, ".", OK, "", 0 },
		{ __LINE__, "a", OK, "\1a", 1 },
		{ __LINE__, "*.example", OK, "\1*\7example", 2 },
		{ __LINE__, "\\052.example", OK, "\1""4\7example", 2 },	/* decimal: "4" */
		{ __LINE__, "\\042.example", OK, "\1*\7example", 2 },
		{ __LINE__, "a\\.b.example", OK, "\3a.b\7example", 2 },
		{ __LINE__, "a\\\\b", OK, "\3a\\b", 1 },
		{ __LINE__, "\\065bc", OK, "\3abc", 1 },	/* lower-cased too */
		{ __LINE__, "\\255\\128", OK, "\2\xff\x80", 1 },
		{ __LINE__, "_sip._tcp.example", OK, "\4_sip\4_tcp\7example", 3 },
		{ __LINE__, "0/25.2.0.192.in-addr.arpa", OK,
		  "\4""0/25\1""2\1""0\3""192\7in-addr\4arpa", 6 },
		{ __LINE__, "\\@.example", OK, "\1@\7example", 2 },
		{ __LINE__, "", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "..", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, ".a", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "a..b", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "a..", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "a\\", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "\\25.a", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "\\2", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "\\256", ERR_MALFORMED, NULL, 0 },
		{ __LINE__, "\\999", ERR_MALFORMED, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct name name;

		row_int(rows[i].line, name_parse(rows[i].text, &name), rows[i].status);
		if (rows[i].status != OK)
			continue;
		row_int(rows[i].line, name.len, strlen(rows[i].wire) + 1);
		row_int(rows[i].line, name.labels, rows[i].labels);
		row_memory(rows[i].line, name.wire, rows[i].wire, name.len);
	}
}

static void
the_aws_interface_escapes_in_octal(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum status status;
		const char *wire;
	} rows[] = {
		{ __LINE__, "\\052.example.", OK, "\1*\7example" },
		{ __LINE__, "a\\100b", OK, "\3a@b" },
		{ __LINE__, "\\377", OK, "\1\xff" },
		{ __LINE__, "\\101", OK, "\1a" },
		{ __LINE__, "\\.a", OK, "\2.a" },
		{ __LINE__, "\\400", ERR_MALFORMED, NULL },
		{ __LINE__, "\\058", ERR_MALFORMED, NULL },
		{ __LINE__, "\\8", ERR_MALFORMED, NULL },
		{ __LINE__, "\\05", ERR_MALFORMED, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct name name;

		row_int(rows[i].line, name_parse_octal(rows[i].text, &name), rows[i].status);
		if (rows[i].status != OK)
			continue;
		row_int(rows[i].line, name.len, strlen(rows[i].wire) + 1);
		row_memory(rows[i].line, name.wire, rows[i].wire, name.len);
	}
}

/** Labels of the given lengths as text. */
static char *
labels_text(const unsigned *lengths, size_t count, char *text)
{
	char *p = text;

	for (size_t i = 0; i < count; i++) {
		memset(p, 'a', lengths[i]);
		p += lengths[i];
		*p++ = '.';
	}
	*p = '\0';
	return text;
}

static void
a_label_has_63_octets_and_a_name_255_at_most(void **state)
{
	static const struct {
		int line;
		unsigned lengths[5];
		size_t count;
		enum status status;
	} rows[] = {
		{ __LINE__, { 63 }, 1, OK },
		{ __LINE__, { 64 }, 1, ERR_LIMIT },
		{ __LINE__, { 63, 63, 63, 61 }, 4, OK },	/* 255 octets */
		{ __LINE__, { 63, 63, 63, 62 }, 4, ERR_LIMIT },
		{ __LINE__, { 63, 63, 63, 59, 1 }, 5, OK },
		{ __LINE__, { 63, 63, 63, 60, 1 }, 5, ERR_LIMIT },
		{ __LINE__, { 63, 63, 63, 61, 1 }, 5, ERR_LIMIT },
	};
	char text[400];
	struct name name;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		labels_text(rows[i].lengths, rows[i].count, text);
		row_int(rows[i].line, name_parse(text, &name), rows[i].status);
	}
	for (unsigned i = 0; i < 127; i++)
		memcpy(text + 2 * i, "b.", 3);
	assert_int_equal(name_parse(text, &name), OK);
	assert_int_equal(name.labels, NAME_MAX_LABELS);
	assert_int_equal(name.len, NAME_MAX_OCTETS);
	strcat(text, "b");
	assert_int_equal(name_parse(text, &name), ERR_LIMIT);
}

static void
printing_escapes_what_would_be_syntax(void **state)
{
	static const struct {
		int line;
		const char *wire, *text;
	} rows[] = {
		{ __LINE__, "", "." },
		{ __LINE__, "\4corp\7example", "corp.example." },
		{ __LINE__, "\1*\4_sip\3a-b\4""0/25", "*._sip.a-b.0/25." },
		{ __LINE__, "\3a.b\3c\\d", "a\\.b.c\\\\d." },
		{ __LINE__, "\5 \t\x7f\x80\xff", "\\032\\009\\127\\128\\255." },
		{ __LINE__, "\6\"();@$", "\\\"\\(\\)\\;\\@\\$." },
		{ __LINE__, "\12""aZ09~!#%+,", "aZ09~!#%+,." },
	};
	char buf[NAME_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_string(rows[i].line, name_print(WIRE(rows[i].wire), buf), rows[i].text);
}

static uint8_t
lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : octet;
}

/** A name of any octets, lower case unless `cased`; short labels and long ones. */
static struct name
random_name(uint64_t *seed, bool cased)
{
	struct name name = { 0 };
	unsigned most = random_to(seed, 4) ? 12 : 63;

	while (name.labels < NAME_MAX_LABELS && random_to(seed, 8)) {
		unsigned n = 1 + random_to(seed, most);

		if (name.len + n + 2 > NAME_MAX_OCTETS)
			break;
		name.wire[name.len++] = (uint8_t)n;
		while (n--) {
			uint8_t octet = (uint8_t)random_to(seed, 256);

			name.wire[name.len++] = cased ? octet : lower(octet);
		}
		name.labels++;
	}
	name.wire[name.len++] = 0;
	return name;
}

static void
assert_same_name(const struct name *got, const struct name *want)
{
	assert_int_equal(got->len, want->len);
	assert_int_equal(got->labels, want->labels);
	assert_memory_equal(got->wire, want->wire, want->len);
}

static void
what_is_printed_parses_to_the_same_name(void **state)
{
	uint64_t seed = 3;
	char buf[NAME_TEXT_MAX];
	struct name worst = { .len = 255, .labels = 4 };

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct name name = random_name(&seed, false), back;

		assert_int_equal(name_parse(name_print(name.wire, buf), &back), OK);
		assert_same_name(&back, &name);
	}
	memset(worst.wire, 0xff, 254);
	worst.wire[0] = worst.wire[64] = worst.wire[128] = 63;
	worst.wire[192] = 61;
	assert_int_equal(strlen(name_print(worst.wire, buf)), 4 * 250 + 4);
}

/* A message whose names are read at `from`. */
#define MESSAGE(s) (const uint8_t *)(s), sizeof(s) - 1

static void
names_are_read_from_messages(void **state)
{
	static const struct {
		int line;
		const uint8_t *message;
		size_t len, from;
		enum status status;
		const char *wire;
		size_t behind;	/* where the cursor stands afterwards */
	} rows[] = {
		{ __LINE__, MESSAGE("\3WwW\7example\0"), 0, OK, "\3www\7example", 13 },
		{ __LINE__, MESSAGE("\0"), 0, OK, "", 1 },
		{ __LINE__, MESSAGE("\0x"), 0, OK, "", 1 },
		/* pointers */
		{ __LINE__, MESSAGE("\1B\0\1a\xc0\0"), 3, OK, "\1a\1b", 7 },
		{ __LINE__, MESSAGE("\1B\0\1a\xc0\0zz"), 3, OK, "\1a\1b", 7 },
		{ __LINE__, MESSAGE("\1b\0\xc0\0"), 3, OK, "\1b", 5 },
		{ __LINE__, MESSAGE("\1c\0\1b\xc0\0\1a\xc0\3"), 7, OK, "\1a\1b\1c", 11 },
		{ __LINE__, MESSAGE("\1b\0\xc0\0\xc0\3\xc0\5"), 7, OK, "\1b", 9 },
		{ __LINE__, MESSAGE("\1b\0\xc0\2"), 3, OK, "", 5 },
		/* pointers that do not lead backwards */
		{ __LINE__, MESSAGE("\xc0\0"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\1a\xc0\0"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\1a\xc0\2"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\xc0\2\1a\0"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\0\xc0\3\xc0\1"), 3, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\xc0\2\0\xc0\0"), 3, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\xff\xff"), 0, ERR_MALFORMED, NULL, 0 },
		/* label types that were never born (RFC 6891 5) */
		{ __LINE__, MESSAGE("\x40" "a\0"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\x80" "a\0"), 0, ERR_MALFORMED, NULL, 0 },
		{ __LINE__, MESSAGE("\1a\x41\0"), 0, ERR_MALFORMED, NULL, 0 },
		/* input that ends early */
		{ __LINE__, MESSAGE(""), 0, ERR_SHORT, NULL, 0 },
		{ __LINE__, MESSAGE("\3ww"), 0, ERR_SHORT, NULL, 0 },
		{ __LINE__, MESSAGE("\3www"), 0, ERR_SHORT, NULL, 0 },
		{ __LINE__, MESSAGE("\xc0"), 0, ERR_SHORT, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reader in = reader_over(rows[i].message, rows[i].len);
		struct name name;

		in.at += rows[i].from;
		row_int(rows[i].line, name_read(&in, &name), rows[i].status);
		row_int(rows[i].line, in.failed, rows[i].status != OK);
		if (rows[i].status != OK)
			continue;
		row_int(rows[i].line, name.len, strlen(rows[i].wire) + 1);
		row_memory(rows[i].line, name.wire, rows[i].wire, name.len);
		row_int(rows[i].line, name.labels, name_wire_labels(WIRE(rows[i].wire)));
		row_int(rows[i].line, in.at - in.base, rows[i].behind);
	}
}

static void
letter_case_is_kept_where_asked(void **state)
{
	static const uint8_t message[] = "\1B\0\1A\xc0\0";
	struct reader in = reader_over(message, sizeof(message) - 1);
	struct name name;

	(void)state;
	in.at += 3;
	assert_int_equal(name_read_cased(&in, &name), OK);
	assert_memory_equal(name.wire, "\1A\1B", 5);
	assert_int_equal(name.labels, 2);
	name_lower(WIRE("\1A\1B"), &name);
	assert_memory_equal(name.wire, "\1a\1b", 5);
	assert_int_equal(name.len, 5);
	assert_int_equal(name.labels, 2);
}

/** A chain of `count` pointers, each to the one before, behind the name "b". */
static enum status
read_chain(unsigned count)
{
	uint8_t message[1024] = { 1, 'b', 0, 0xc0, 0 };
	struct reader in;
	struct name name;

	for (unsigned i = 1; i < count; i++) {
		message[3 + 2 * i] = (uint8_t)(0xc0 | (1 + 2 * i) >> 8);
		message[4 + 2 * i] = (uint8_t)(1 + 2 * i);
	}
	in = reader_over(message, 3 + 2 * count);
	in.at += 3 + 2 * (count - 1);
	return name_read(&in, &name);
}

static void
a_chain_of_pointers_has_an_end(void **state)
{
	(void)state;
	assert_int_equal(read_chain(1), OK);
	assert_int_equal(read_chain(128), OK);
	assert_int_equal(read_chain(129), ERR_MALFORMED);
	assert_int_equal(read_chain(500), ERR_MALFORMED);
}

static void
a_name_read_is_at_most_255_octets(void **state)
{
	uint8_t message[600];
	struct suffixes suffixes;
	struct name name;

	(void)state;
	/* labels of one octet; the first may be of two, to come to odd lengths too */
	for (size_t root = 251; root <= 259; root++) {
		enum status want = root <= 254 ? OK : ERR_MALFORMED;
		struct reader in = reader_over(message, sizeof(message)), again = in;

		memset(message, 1, sizeof(message));
		message[0] = (uint8_t)(1 + root % 2);
		message[root] = 0;
		assert_int_equal(name_read(&in, &name), want);
		assert_int_equal(name_read_plain(&again, &name, &suffixes), want);
	}
}

static void
a_question_name_is_read_whole_or_not_at_all(void **state)
{
	static const struct {
		int line;
		const uint8_t *message;
		size_t len;
		enum status status;
	} rows[] = {
		{ __LINE__, MESSAGE("\3WwW\7example\0"), OK },
		{ __LINE__, MESSAGE("\0"), OK },
		{ __LINE__, MESSAGE("\3www\xc0\0"), ERR_MALFORMED },
		{ __LINE__, MESSAGE("\x40" "a\0"), ERR_MALFORMED },
		{ __LINE__, MESSAGE(""), ERR_SHORT },
		{ __LINE__, MESSAGE("\3www"), ERR_SHORT },
		{ __LINE__, MESSAGE("\3ww"), ERR_SHORT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reader in = reader_over(rows[i].message, rows[i].len);
		struct suffixes suffixes;
		struct name name;

		row_int(rows[i].line, name_read_plain(&in, &name, &suffixes), rows[i].status);
		row_int(rows[i].line, in.failed, rows[i].status != OK);
		row_int(rows[i].line, name_read_plain(&in, &name, &suffixes), ERR_SHORT);
	}
}

static void
reading_in_one_pass_is_reading_and_taking_the_suffixes(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct name wire = random_name(&seed, true), plain, read;
		uint8_t *exact = malloc(wire.len);	/* so that a sanitizer sees the edge */
		struct reader in = reader_over(exact, wire.len), again = in;
		struct suffixes a, b;

		memcpy(exact, wire.wire, wire.len);
		assert_int_equal(name_read_plain(&in, &plain, &a), OK);
		assert_int_equal(name_read(&again, &read), OK);
		assert_ptr_equal(in.at, again.at);
		assert_same_name(&plain, &read);
		for (unsigned at = 0; at < wire.len; at++)
			assert_int_equal(plain.wire[at], lower(wire.wire[at]));
		name_suffixes(&read, &b);
		for (unsigned k = 0; k <= plain.labels; k++) {
			const uint8_t *suffix = name_wire_suffix(plain.wire, (uint8_t)k);

			assert_int_equal(a.offset[k], suffix - plain.wire);
			assert_int_equal(b.offset[k], a.offset[k]);
			assert_true(a.hash[k] == name_hash(suffix));
			assert_true(b.hash[k] == a.hash[k]);
		}
		free(exact);
	}
}

/* The snapshot's files hold these hashes: they must never change, on no machine. */
static void
hashes_are_the_same_on_every_machine(void **state)
{
	static const struct {
		int line;
		const char *text;
		uint64_t hash;
	} rows[] = {
		{ __LINE__, ".", 0x243f6a8885a308d3ull },
		{ __LINE__, "a", 0x9ad8a751b6a467a9ull },
		{ __LINE__, "ab", 0x7819cef053a5416full },
		{ __LINE__, "abc", 0x3f2ef820c0d82818ull },
		{ __LINE__, "abcd", 0xd313888712e2c7fdull },
		{ __LINE__, "abcdefgh", 0xcf53f84144fff149ull },
		{ __LINE__, "abcdefghi", 0x0f4c380de3e6566bull },
		{ __LINE__, "example", 0x839d2ad491bc87caull },
		{ __LINE__, "CORP.example", 0x3f5afcc0b685ff20ull },
		{ __LINE__, "ip-10-0-1-10.eu-west-1.compute.internal", 0xba3f8872d96287e1ull },
		{ __LINE__,
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example",
		  0x4644b6f513ae17beull },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct name name = parsed(rows[i].text);

		row_true(rows[i].line, name_hash(name.wire) == rows[i].hash);
	}
}

static void
each_bit_of_a_label_moves_each_bit_of_the_hash(void **state)
{
	enum { ROUNDS = 2000 };
	uint64_t seed = 5;

	(void)state;
	for (size_t len = 1; len <= 20; len++) {
		static unsigned flips[160][64];
		uint8_t label[20];

		memset(flips, 0, sizeof(flips));
		for (int round = 0; round < ROUNDS; round++) {
			uint64_t parent = next_random(&seed), hash;

			for (size_t i = 0; i < len; i++)
				label[i] = (uint8_t)('a' + random_to(&seed, 26));
			hash = name_hash_label(parent, label, len);
			for (size_t bit = 0; bit < 8 * len; bit++) {
				uint64_t moved;

				label[bit / 8] ^= (uint8_t)(1 << bit % 8);
				moved = hash ^ name_hash_label(parent, label, len);
				label[bit / 8] ^= (uint8_t)(1 << bit % 8);
				for (unsigned i = 0; i < 64; i++)
					flips[bit][i] += (unsigned)(moved >> i & 1);
			}
		}
		for (size_t bit = 0; bit < 8 * len; bit++) {
			for (unsigned i = 0; i < 64; i++) {	/* half of them; six sigma: 134 */
				assert_true(flips[bit][i] > ROUNDS / 2 - 150);
				assert_true(flips[bit][i] < ROUNDS / 2 + 150);
			}
		}
	}
}

static int
compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
names_people_give_do_not_clash(void **state)
{
	enum { COUNT = 65536 };
	uint64_t *hashes = malloc(COUNT * sizeof(*hashes));
	unsigned low[256] = { 0 }, high[256] = { 0 };
	struct name parent = parsed("eu-west-1.compute.internal");

	(void)state;
	assert_non_null(hashes);
	for (unsigned i = 0; i < COUNT; i++) {
		char label[32];
		int len = snprintf(label, sizeof(label), "ip-10-0-%u-%u", i / 256, i % 256);

		hashes[i] = name_hash_label(name_hash(parent.wire), WIRE(label), (size_t)len);
		low[hashes[i] & 255]++;
		high[hashes[i] >> 56]++;
	}
	qsort(hashes, COUNT, sizeof(*hashes), compare_hashes);
	for (unsigned i = 1; i < COUNT; i++)
		assert_true(hashes[i] != hashes[i - 1]);
	for (unsigned i = 0; i < 256; i++) {	/* 256 each; six sigma: 96 */
		assert_in_range(low[i], 160, 352);
		assert_in_range(high[i], 160, 352);
	}
	free(hashes);
}

static void
labels_that_differ_in_length_alone_differ(void **state)
{
	uint8_t label[63];

	(void)state;
	for (int fill = 0; fill < 2; fill++) {
		memset(label, fill ? 'a' : 0, sizeof(label));
		for (size_t i = 1; i <= 63; i++) {
			for (size_t j = i + 1; j <= 63; j++)
				assert_true(name_hash_label(1, label, i) !=
					    name_hash_label(1, label, j));
		}
	}
	/* the same octets cut into other labels */
	assert_true(name_hash(parsed("a.b.c").wire) != name_hash(parsed("ab.c").wire));
	assert_true(name_hash(parsed("a.b").wire) != name_hash(parsed("b.a").wire));
}

static void
equality_is_of_whole_names(void **state)
{
	(void)state;
	assert_true(name_wire_equal(WIRE(""), WIRE("")));
	assert_true(name_wire_equal(WIRE("\1a\1b"), WIRE("\1a\1b")));
	assert_false(name_wire_equal(WIRE("\1a\1b"), WIRE("\1a\1c")));
	assert_false(name_wire_equal(WIRE("\1a\1b"), WIRE("\1a")));
	assert_false(name_wire_equal(WIRE("\3a.b"), WIRE("\1a\1b")));
	assert_false(name_wire_equal(WIRE(""), WIRE("\1a")));
}

static void
a_zone_covers_itself_and_what_is_below(void **state)
{
	static const struct {
		int line;
		const char *zone, *name;
		bool covers;
	} rows[] = {
		{ __LINE__, "corp.example", "corp.example", true },
		{ __LINE__, "corp.example", "a.b.corp.example", true },
		{ __LINE__, "corp.example", "example", false },
		{ __LINE__, "corp.example", "xcorp.example", false },
		{ __LINE__, "corp.example", "corp.examples", false },
		{ __LINE__, "corp.example", "corp.example.net", false },
		{ __LINE__, ".", "anything", true },
		{ __LINE__, ".", ".", true },
		{ __LINE__, "a", ".", false },
		{ __LINE__, "b.example", "a\\.b.example", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct name zone = parsed(rows[i].zone), name = parsed(rows[i].name);

		row_int(rows[i].line, name_wire_covers(zone.wire, name.wire), rows[i].covers);
	}
}

/* RFC 4034 6.1, in order; its capitals in lower case. */
static const char *const canonical[] = {
	".", "example", "a.example", "yljkjljk.a.example", "z.a.example", "zabc.a.example",
	"z.example", "\\001.z.example", "*.z.example", "\\200.z.example",
};

static void
canonical_order_goes_from_the_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(canonical); i++) {
		for (size_t j = 0; j < COUNT_OF(canonical); j++) {
			struct name a = parsed(canonical[i]), b = parsed(canonical[j]);
			int order = name_wire_compare(a.wire, b.wire);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	assert_true(name_wire_compare(WIRE("\2ab"), WIRE("\1b")) < 0);
	assert_true(name_wire_compare(WIRE("\2ab"), WIRE("\1a")) > 0);
}

static void
parents_suffixes_and_wildcards_point_into_the_name(void **state)
{
	struct name name = parsed("a.bc.def");

	(void)state;
	assert_int_equal(name_wire_len(name.wire), 10);
	assert_int_equal(name_wire_labels(name.wire), 3);
	assert_int_equal(name_wire_len(WIRE("")), 1);
	assert_int_equal(name_wire_labels(WIRE("")), 0);
	assert_ptr_equal(name_wire_parent(name.wire), name.wire + 2);
	assert_ptr_equal(name_wire_parent(name.wire + 9), name.wire + 9);
	assert_ptr_equal(name_wire_suffix(name.wire, 3), name.wire);
	assert_ptr_equal(name_wire_suffix(name.wire, 1), name.wire + 5);
	assert_ptr_equal(name_wire_suffix(name.wire, 0), name.wire + 9);
	assert_true(name_wire_is_wildcard(parsed("*.example").wire));
	assert_true(name_wire_is_wildcard(parsed("*").wire));
	assert_false(name_wire_is_wildcard(parsed("*a.example").wire));
	assert_false(name_wire_is_wildcard(parsed("a.*.example").wire));
	assert_false(name_wire_is_wildcard(WIRE("")));
}

static void
a_label_is_put_in_front(void **state)
{
	struct name name, full = parsed("a.example");
	uint8_t label[64];

	(void)state;
	memset(label, 'L', sizeof(label));
	assert_true(name_prepend(WIRE("WWW"), 3, full.wire, &name));
	assert_memory_equal(name.wire, "\3www\1a\7example", 15);
	assert_int_equal(name.len, 15);
	assert_int_equal(name.labels, 3);
	assert_true(name_prepend(WIRE("*"), 1, name.wire, &name));	/* in place */
	assert_memory_equal(name.wire, "\1*\3www\1a\7example", 17);
	assert_false(name_prepend(label, 0, full.wire, &name));
	assert_false(name_prepend(label, 64, full.wire, &name));
	assert_true(name_prepend(label, 63, WIRE(""), &name));
	assert_int_equal(name.wire[63], 'l');
	assert_true(name_prepend(label, 63, name.wire, &name));
	assert_true(name_prepend(label, 63, name.wire, &name));
	assert_false(name_prepend(label, 62, name.wire, &full));
	assert_true(name_prepend(label, 61, name.wire, &full));
	assert_int_equal(full.len, 255);
}

static void
names_at_rest_are_copies(void **state)
{
	struct name name = parsed("corp.example"), back;
	const uint8_t *stored;
	struct arena arena;

	(void)state;
	arena_init(&arena, 16);
	stored = name_store(&arena, &name);
	assert_non_null(stored);
	assert_ptr_not_equal(stored, name.wire);
	name_from_wire(stored, &back);
	assert_same_name(&back, &name);
	assert_null(name_store(&arena, &name));
	arena_fini(&arena);
}

static void
no_octets_crash_a_reader_of_names(void **state)
{
	static const uint8_t telling[] = { 0, 1, 2, 3, 63, 64, 0x80, 0xc0, 0xc0, 0xc0, 0xff, 'a' };
	uint64_t seed = 6;
	size_t read = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len = random_to(&seed, 64);
		uint8_t *message = malloc(len + 1);
		struct suffixes suffixes;
		struct name name;
		struct reader in;

		for (size_t at = 0; at < len; at++)
			message[at] = telling[random_to(&seed, COUNT_OF(telling))];
		for (size_t from = 0; from <= len; from++) {
			in = reader_over(message, len);
			in.at += from;
			if (name_read(&in, &name) == OK) {
				assert_int_equal(name_wire_len(name.wire), name.len);
				assert_int_equal(name_wire_labels(name.wire), name.labels);
				assert_true(in.at <= in.end);
				read++;
			}
		}
		in = reader_over(message, len);
		if (name_read_plain(&in, &name, &suffixes) == OK)
			assert_int_equal(in.at - message, name.len);
		free(message);
	}
	assert_true(read > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_parsed_to_wire),
		cmocka_unit_test(the_aws_interface_escapes_in_octal),
		cmocka_unit_test(a_label_has_63_octets_and_a_name_255_at_most),
		cmocka_unit_test(printing_escapes_what_would_be_syntax),
		cmocka_unit_test(what_is_printed_parses_to_the_same_name),
		cmocka_unit_test(names_are_read_from_messages),
		cmocka_unit_test(letter_case_is_kept_where_asked),
		cmocka_unit_test(a_chain_of_pointers_has_an_end),
		cmocka_unit_test(a_name_read_is_at_most_255_octets),
		cmocka_unit_test(a_question_name_is_read_whole_or_not_at_all),
		cmocka_unit_test(reading_in_one_pass_is_reading_and_taking_the_suffixes),
		cmocka_unit_test(hashes_are_the_same_on_every_machine),
		cmocka_unit_test(each_bit_of_a_label_moves_each_bit_of_the_hash),
		cmocka_unit_test(names_people_give_do_not_clash),
		cmocka_unit_test(labels_that_differ_in_length_alone_differ),
		cmocka_unit_test(equality_is_of_whole_names),
		cmocka_unit_test(a_zone_covers_itself_and_what_is_below),
		cmocka_unit_test(canonical_order_goes_from_the_root),
		cmocka_unit_test(parents_suffixes_and_wildcards_point_into_the_name),
		cmocka_unit_test(a_label_is_put_in_front),
		cmocka_unit_test(names_at_rest_are_copies),
		cmocka_unit_test(no_octets_crash_a_reader_of_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
