#include "dns/build.h"

#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/codes.h"
#include "dns/rdata.h"
#include "unit/unit.h"

#define WANT(s) s, sizeof(s) - 1

/* A record set with the room it needs. */
struct made_set {
	struct rrset set;
	uint8_t owner[NAME_MAX_OCTETS];
	uint8_t wire[1024];
	uint16_t names[RRSET_MAX_NAMES];
};

/** An empty set; owner as text in lower case, NULL for the question's name. */
static void
set_begin(struct made_set *made, const char *owner, uint16_t type, uint32_t ttl_s)
{
	struct name name;

	made->set = (struct rrset){ .type = type, .ttl_s = ttl_s, .wire = made->wire,
				    .names = made->names };
	if (!owner)
		return;
	assert_int_equal(name_parse(owner, &name), OK);
	memcpy(made->owner, name.wire, name.len);
	made->set.owner = made->owner;
}

static void
set_add(struct made_set *made, const void *data, size_t len)
{
	struct writer out = writer_over(made->wire, sizeof(made->wire));

	out.len = made->set.wire_len;
	assert_int_equal(rrset_encode(&out, made->set.type, made->set.ttl_s,
				      (struct rdata){ data, (uint16_t)len }, made->names,
				      &made->set.name_count),
			 OK);
	made->set.wire_len = (uint16_t)out.len;
	made->set.count++;
}

/** Data that is one name, in the letter case given. */
static void
set_add_name(struct made_set *made, const char *text)
{
	uint8_t wire[NAME_MAX_OCTETS], *at = wire;

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, ".");

		*at++ = (uint8_t)n;
		memcpy(at, p, n);
		at += n;
		p += n + (p[n] == '.');
	}
	*at++ = 0;
	set_add(made, wire, (size_t)(at - wire));
}

/** The question for name (letter case kept in its wire form), read from a packet. */
static void
ask(const char *text, uint16_t type, struct question *q)
{
	static uint8_t packet[512];	/* q points into it */
	struct name name;
	struct builder b;

	assert_int_equal(name_parse(text, &name), OK);
	build_query(&b, packet, sizeof(packet), 0x1234, name.wire, type, CLASS_IN);
	for (size_t i = 0, at = 13; text[i] && text[i] != '\\'; i++, at++) {
		if (text[i] != '.')
			packet[at] = (uint8_t)text[i];
	}
	assert_int_equal(question_read(packet, b.out.len, q), OK);
}

static unsigned
count_of(const struct builder *b, enum section section)
{
	return load_u16(b->out.base + 4 + 2 * section);
}

static void
a_reply_repeats_what_was_asked(void **state)
{
	static const struct {
		int line;
		uint16_t asked, rcode, flags;
	} rows[] = {
		{ __LINE__, 0, 0, 0x8080 },
		{ __LINE__, MSG_RD, 0, 0x8180 },
		{ __LINE__, MSG_CD | MSG_RD, RCODE_NXDOMAIN, 0x8193 },
		{ __LINE__, MSG_AA | MSG_TC | MSG_RA | MSG_AD | 0x0040, 0, 0x8080 },
		{ __LINE__, 0x2800, RCODE_NOTIMP, 0xa884 },	/* UPDATE */
		{ __LINE__, 0, RCODE_BADVERS, 0x8080 },		/* its upper bits are OPT's */
		{ __LINE__, 0xff, 5, 0x8095 },			/* rcode and Z of a query */
	};
	struct question q;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("WwW.example", TYPE_A, &q);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		q.header.flags = rows[i].asked;
		build_reply(&b, buf, sizeof(buf), &q, rows[i].rcode, 0);
		row_int(rows[i].line, load_u16(buf), 0x1234);
		row_int(rows[i].line, load_u16(buf + 2), rows[i].flags);
		row_memory(rows[i].line, buf + 4, "\0\1\0\0\0\0\0\0", 8);
		row_int(rows[i].line, b.out.len, 12 + 17);
		row_memory(rows[i].line, buf + 12, "\3WwW\7example\0\0\1\0\1", 17);
	}
}

static void
without_a_question_there_is_only_a_header(void **state)
{
	static const uint8_t notify[] = "\x12\x34\x20\0\0\1\0\0\0\0\0\0";
	struct question q;
	struct builder b;
	uint8_t buf[64];

	(void)state;
	assert_int_equal(question_read(notify, sizeof(notify) - 1, &q), ERR_REJECTED);
	build_reply(&b, buf, sizeof(buf), &q, RCODE_NOTIMP, 11);
	assert_int_equal(b.out.len, 12);
	assert_memory_equal(buf, "\x12\x34\xa0\x84\0\0\0\0\0\0\0\0", 12);
	build_opt(&b, 1232, false, RCODE_NOTIMP, EDE_NONE, NULL);
	assert_int_equal(b.out.len, 23);
}

static void
a_buffer_too_small_for_the_question_fails_and_stays_so(void **state)
{
	struct question q;
	struct made_set a;

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&a, NULL, TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	for (size_t size = 0; size < 12 + 17; size++) {
		uint8_t *buf = malloc(size + 1);
		struct builder b;

		build_reply(&b, buf, size, &q, 0, 0);
		assert_true(b.out.failed);
		assert_false(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
		build_opt(&b, 1232, false, 0, EDE_NONE, NULL);
		assert_true(b.out.len <= size);
		free(buf);
	}
}

static void
a_query_asks_one_question(void **state)
{
	struct name name;
	struct builder b;
	uint8_t buf[64];

	(void)state;
	assert_int_equal(name_parse("dc.example", &name), OK);
	build_query(&b, buf, sizeof(buf), 0xabcd, name.wire, TYPE_SRV, CLASS_IN);
	assert_int_equal(b.out.len, 12 + 12 + 4);
	assert_memory_equal(buf, "\xab\xcd\1\0\0\1\0\0\0\0\0\0", 12);
	assert_memory_equal(buf + 12, "\2dc\7example\0\0\x21\0\1", 16);
}

static void
a_ready_set_goes_in_as_it_is(void **state)
{
	struct question q;
	struct made_set a;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&a, NULL, TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	set_add(&a, "\12\0\0\2", 4);
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
	assert_int_equal(b.out.len, 29 + 32);
	assert_memory_equal(buf + 29, a.wire, 32);
	assert_memory_equal(buf + 4, "\0\1\0\2\0\0\0\0", 8);

	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &a.set, 7));
	assert_memory_equal(buf + 29, "\xc0\x0c\0\1\0\1\0\0\0\7\0\4\12\0\0\1", 16);
	assert_memory_equal(buf + 45, "\xc0\x0c\0\1\0\1\0\0\0\7\0\4\12\0\0\2", 16);
	assert_int_equal(load_u32(a.wire + 6), 60);	/* the set itself is not touched */
}

static void
names_in_data_point_to_the_question(void **state)
{
	static const struct {
		int line;
		const char *asked, *data;
		const char *want;
		size_t want_len;
	} rows[] = {
		{ __LINE__, "corp.example", "corp.example", WANT("\xc0\x0c") },
		{ __LINE__, "corp.example", "ns.corp.example", WANT("\2ns\xc0\x0c") },
		{ __LINE__, "corp.example", "other.example", WANT("\5other\xc0\x11") },
		{ __LINE__, "corp.example", "corp.invalid", WANT("\4corp\7invalid\0") },
		{ __LINE__, "CORP.Example", "NS.corp.EXAMPLE", WANT("\2NS\xc0\x0c") },
		{ __LINE__, "a.b.corp.example", "b.corp.example", WANT("\xc0\x0e") },
		{ __LINE__, "example", "example.example", WANT("\7example\xc0\x0c") },
		{ __LINE__, ".", "ns.example", WANT("\2ns\7example\0") },
		{ __LINE__, "corp.example", "", WANT("\0") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct question q;
		struct made_set ns;
		struct builder b;
		uint8_t buf[512];
		size_t at;

		ask(rows[i].asked, TYPE_NS, &q);
		set_begin(&ns, NULL, TYPE_NS, 60);
		set_add_name(&ns, rows[i].data);
		build_reply(&b, buf, sizeof(buf), &q, 0, 0);
		at = b.out.len;
		row_true(rows[i].line, build_rrset(&b, SECTION_ANSWER, &ns.set, 61));
		row_int(rows[i].line, b.out.len, at + 12 + rows[i].want_len);
		row_memory(rows[i].line, buf + at, "\xc0\x0c\0\2\0\1\0\0\0\x3d\0", 11);
		row_int(rows[i].line, buf[at + 11], rows[i].want_len);
		row_memory(rows[i].line, buf + at + 12, rows[i].want, rows[i].want_len);
	}
}

static void
names_point_to_names_written_before(void **state)
{
	struct question q;
	struct made_set mx, a;
	struct builder b;
	uint8_t buf[512];
	size_t at;

	(void)state;
	ask("corp.example", TYPE_MX, &q);
	set_begin(&mx, NULL, TYPE_MX, 60);
	set_add(&mx, "\0\1\2mx\4mail\3net\0", 15);
	set_add(&mx, "\0\2\2my\4MAIL\3net\0", 15);
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	at = b.out.len;
	assert_true(build_rrset(&b, SECTION_ANSWER, &mx.set, 60));
	/* the first name stands at 30 + 14: "mail.net" three octets on, at 47 */
	assert_int_equal(at, 30);
	assert_memory_equal(buf + at, mx.wire, 27);
	assert_memory_equal(buf + 57, "\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0\7\0\2\2my\xc0\x2f", 19);
	assert_int_equal(b.out.len, 76);

	set_begin(&a, "mx.mail.net", TYPE_A, 5);
	set_add(&a, "\12\0\0\1", 4);
	assert_true(build_rrset(&b, SECTION_ADDITIONAL, &a.set, 5));
	assert_memory_equal(buf + 76, "\xc0\x2c\0\1\0\1\0\0\0\5\0\4\12\0\0\1", 16);
	assert_memory_equal(buf + 4, "\0\1\0\2\0\0\0\1", 8);
}

static void
an_owner_is_written_once_and_then_pointed_to(void **state)
{
	struct question q;
	struct made_set a;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&a, "web.example", TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	set_add(&a, "\12\0\0\2", 4);
	set_add(&a, "\12\0\0\3", 4);
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
	assert_memory_equal(buf + 29, "\3web\xc0\x10\0\1\0\1\0\0\0\x3c\0\4\12\0\0\1", 20);
	assert_memory_equal(buf + 49, "\xc0\x1d\0\1\0\1\0\0\0\x3c\0\4\12\0\0\2", 16);
	assert_memory_equal(buf + 65, "\xc0\x1d\0\1\0\1\0\0\0\x3c\0\4\12\0\0\3", 16);
	assert_int_equal(b.out.len, 81);
	/* and again in another section: nothing of it is new */
	assert_true(build_rrset(&b, SECTION_ADDITIONAL, &a.set, 60));
	assert_memory_equal(buf + 81, "\xc0\x1d\0\1", 4);
	assert_memory_equal(buf + 97, "\xc0\x1d\0\1", 4);
}

static void
an_owner_may_be_the_question_or_the_root(void **state)
{
	struct question q;
	struct made_set a;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&a, "www.example", TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	set_add(&a, "\12\0\0\2", 4);
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
	assert_int_equal(b.out.len, 29 + 32);
	assert_memory_equal(buf + 29, a.wire, 32);

	a.set.owner = (const uint8_t *)"";
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
	assert_int_equal(b.out.len, 29 + 30);
	assert_memory_equal(buf + 29, "\0\0\1\0\1", 5);
	assert_memory_equal(buf + 44, "\0\0\1\0\1", 5);
}

/* A pointer has 14 bits: what stands at 16384 or behind cannot be pointed to. */
static void
names_beyond_the_reach_of_a_pointer_are_written_again(void **state)
{
	static uint8_t wire[17000], buf[18000], data[16400];
	struct rrset filler = { .type = 65280, .count = 1, .ttl_s = 60, .wire = wire };
	struct question q;
	struct made_set ns, a;

	(void)state;
	ask("corp.example", TYPE_NS, &q);
	set_begin(&ns, NULL, TYPE_NS, 60);
	set_add_name(&ns, "other.net");
	set_add_name(&ns, "other.net");
	set_begin(&a, "other.net", TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	set_add(&a, "\12\0\0\2", 4);
	/* where the first "other.net" comes to stand: the last place in reach, the next */
	for (size_t at = 0x3fff; at <= 0x4000; at++) {
		struct writer out = writer_over(wire, sizeof(wire));
		bool reached = at == 0x3fff;
		size_t again = reached ? 2 : 11;
		uint16_t none = 0;
		struct builder b;
		size_t len;

		build_reply(&b, buf, sizeof(buf), &q, 0, 0);
		len = at - 12 - b.out.len - 12;
		assert_int_equal(rrset_encode(&out, 65280, 60,
					      (struct rdata){ data, (uint16_t)len }, NULL, &none),
				 OK);
		filler.wire_len = (uint16_t)out.len;
		assert_true(build_rrset(&b, SECTION_ANSWER, &filler, 60));
		assert_true(build_rrset(&b, SECTION_ANSWER, &ns.set, 60));
		assert_memory_equal(buf + at, "\5other\3net", 11);
		/* of "net" nothing can be reached, it begins six octets on */
		assert_int_equal(b.out.len, at + 11 + 12 + again);
		len = b.out.len;
		assert_true(build_rrset(&b, SECTION_ADDITIONAL, &a.set, 60));
		assert_int_equal(b.out.len, len + 2 * (14 + again));
		assert_int_equal(b.name_count, reached);
	}
}

static void
types_after_rfc_1035_are_not_compressed(void **state)
{
	struct question q;
	struct made_set srv;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("www.example", TYPE_SRV, &q);
	set_begin(&srv, NULL, TYPE_SRV, 60);
	set_add(&srv, "\0\1\0\2\0\3\3www\7example\0", 19);
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &srv.set, 60));
	assert_memory_equal(buf + 29, srv.wire, 12 + 19);
}

/* Two names whose hashes agree by chance (or malice) must not become one. */
static void
equal_hashes_are_not_equal_names(void **state)
{
	struct question q;
	struct made_set first, second;
	struct name other;
	struct builder b;
	uint8_t buf[512];
	size_t at;

	(void)state;
	assert_int_equal(name_parse("zz.invalid", &other), OK);
	ask("ab.example", TYPE_NS, &q);
	q.suffixes.hash[2] = name_hash(other.wire);
	set_begin(&first, NULL, TYPE_NS, 60);
	set_add_name(&first, "cd.invalid");
	set_begin(&second, NULL, TYPE_NS, 60);
	set_add_name(&second, "zz.invalid");
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &first.set, 60));
	at = b.out.len;
	assert_int_equal(b.names[0].labels, 2);
	b.names[0].hash = name_hash(other.wire);	/* of "cd.invalid" in truth */
	assert_true(build_rrset(&b, SECTION_ANSWER, &second.set, 60));
	assert_int_equal(b.out.len, at + 12 + 5);
	assert_memory_equal(buf + at + 12, "\2zz\xc0", 4);	/* but ".invalid" is shared */
}

static void
a_set_that_does_not_fit_leaves_the_message_as_it_was(void **state)
{
	struct made_set sets[3];
	struct question q;
	struct builder b;
	uint8_t full[512];
	size_t want;

	(void)state;
	ask("corp.example", TYPE_NS, &q);
	set_begin(&sets[0], NULL, TYPE_A, 60);
	set_add(&sets[0], "\12\0\0\1", 4);
	set_begin(&sets[1], NULL, TYPE_NS, 60);
	set_add_name(&sets[1], "ns1.other.net");
	set_add_name(&sets[1], "ns2.other.net");
	set_begin(&sets[2], "ns2.other.net", TYPE_A, 60);
	set_add(&sets[2], "\12\0\0\2", 4);
	set_add(&sets[2], "\12\0\0\3", 4);
	build_reply(&b, full, sizeof(full), &q, 0, 0);
	for (unsigned i = 0; i < 3; i++)
		assert_true(build_rrset(&b, (enum section)(i + 1), &sets[i].set, 60));
	want = b.out.len;

	for (size_t size = 30; size <= want; size++) {
		uint8_t *buf = malloc(size);
		bool fits = true;

		build_reply(&b, buf, size, &q, 0, 0);
		for (unsigned i = 0; i < 3 && fits; i++) {
			size_t len = b.out.len;
			unsigned names = b.name_count;

			fits = build_rrset(&b, (enum section)(i + 1), &sets[i].set, 60);
			assert_int_equal(count_of(&b, (enum section)(i + 1)),
					 fits ? sets[i].set.count : 0);
			if (fits)
				continue;
			assert_int_equal(b.out.len, len);
			assert_int_equal(b.name_count, names);
			assert_int_equal(b.out.size, size);
			assert_false(b.out.failed);
		}
		assert_int_equal(fits, size == want);
		assert_memory_equal(buf + 12, full + 12, b.out.len - 12);
		free(buf);
	}
}

static void
after_a_set_that_did_not_fit_a_smaller_one_may(void **state)
{
	struct made_set large, small;
	struct question q;
	struct builder b;
	uint8_t buf[60];

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&large, NULL, TYPE_NS, 60);
	set_add_name(&large, "a-long-name.that-does-not-fit.invalid");
	set_begin(&small, NULL, TYPE_A, 60);
	set_add(&small, "\12\0\0\1", 4);
	build_reply(&b, buf, sizeof(buf), &q, 0, 11);
	assert_false(build_rrset(&b, SECTION_ANSWER, &large.set, 60));
	assert_true(build_rrset(&b, SECTION_ANSWER, &small.set, 60));
	assert_false(build_rrset(&b, SECTION_ANSWER, &small.set, 60));	/* the reserve */
	build_truncated(&b);
	assert_int_equal(load_u16(buf + 2), 0x8380);
	build_opt(&b, 1232, false, 0, EDE_NONE, NULL);
	assert_int_equal(b.out.len, 29 + 16 + 11);
	assert_int_equal(count_of(&b, SECTION_ADDITIONAL), 1);
}

static void
a_reserve_beyond_the_buffer_lets_no_set_in(void **state)
{
	struct made_set a;
	struct question q;
	struct builder b;
	uint8_t buf[64];

	(void)state;
	ask("www.example", TYPE_A, &q);
	set_begin(&a, NULL, TYPE_A, 60);
	set_add(&a, "\12\0\0\1", 4);
	for (size_t reserve = 20; reserve < 200; reserve += 15) {
		build_reply(&b, buf, sizeof(buf), &q, 0, reserve);
		assert_false(build_rrset(&b, SECTION_ANSWER, &a.set, 60));
		assert_false(b.out.failed);
		assert_int_equal(b.out.len, 29);
	}
}

static void
opt_says_what_it_should(void **state)
{
	static const struct {
		int line;
		bool dnssec_ok;
		uint16_t rcode, ede;
		const char *text;
		const char *want;
		size_t want_len;
	} rows[] = {
		{ __LINE__, false, 0, EDE_NONE, NULL, WANT("\0\0\x29\4\xd0\0\0\0\0\0\0") },
		{ __LINE__, true, 3, EDE_NONE, NULL, WANT("\0\0\x29\4\xd0\0\0\x80\0\0\0") },
		{ __LINE__, false, RCODE_BADVERS, EDE_NONE, NULL,
		  WANT("\0\0\x29\4\xd0\1\0\0\0\0\0") },
		{ __LINE__, false, 0xfff, EDE_NONE, NULL, WANT("\0\0\x29\4\xd0\xff\0\0\0\0\0") },
		{ __LINE__, false, 2, EDE_NO_REACHABLE_AUTHORITY, "rule rslvr-rr-dc",
		  WANT("\0\0\x29\4\xd0\0\0\0\0\0\x16\0\x0f\0\x12\0\x16rule rslvr-rr-dc") },
		{ __LINE__, false, 0, EDE_STALE_ANSWER, NULL,
		  WANT("\0\0\x29\4\xd0\0\0\0\0\0\6\0\x0f\0\2\0\3") },
		{ __LINE__, false, 0, EDE_OTHER, "",
		  WANT("\0\0\x29\4\xd0\0\0\0\0\0\6\0\x0f\0\2\0\0") },
		{ __LINE__, false, 0, EDE_NONE, "not said", WANT("\0\0\x29\4\xd0\0\0\0\0\0\0") },
	};
	struct question q;
	struct builder b;
	uint8_t buf[512];

	(void)state;
	ask("www.example", TYPE_A, &q);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		build_reply(&b, buf, sizeof(buf), &q, rows[i].rcode, 0);
		build_opt(&b, 1232, rows[i].dnssec_ok, rows[i].rcode, rows[i].ede, rows[i].text);
		row_int(rows[i].line, b.out.len, 29 + rows[i].want_len);
		row_memory(rows[i].line, buf + 29, rows[i].want, rows[i].want_len);
		row_int(rows[i].line, build_opt_octets(rows[i].ede, rows[i].text),
			rows[i].want_len);
		row_int(rows[i].line, count_of(&b, SECTION_ADDITIONAL), 1);
	}
}

static void
the_text_of_an_extended_error_is_cut_to_fit(void **state)
{
	static const struct {
		int line;
		size_t room;
		const char *text;
		size_t opt_len;		/* what OPT takes of the room */
	} rows[] = {
		{ __LINE__, 100, "caf\xc3\xa9", 11 + 6 + 5 },
		{ __LINE__, 22, "caf\xc3\xa9", 11 + 6 + 5 },
		{ __LINE__, 21, "caf\xc3\xa9", 11 + 6 + 3 },	/* not half a character */
		{ __LINE__, 20, "caf\xc3\xa9", 11 + 6 + 3 },
		{ __LINE__, 17, "text", 11 + 6 },
		{ __LINE__, 16, "text", 11 },
		{ __LINE__, 11, "text", 11 },
		{ __LINE__, 10, "text", 0 },
		{ __LINE__, 0, "text", 0 },
	};
	struct question q;
	uint8_t buf[200];

	(void)state;
	ask("www.example", TYPE_A, &q);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct builder b;

		build_reply(&b, buf, 29 + rows[i].room, &q, 2, rows[i].room);
		build_opt(&b, 1232, false, 2, EDE_OTHER, rows[i].text);
		row_int(rows[i].line, b.out.len, 29 + rows[i].opt_len);
		row_int(rows[i].line, count_of(&b, SECTION_ADDITIONAL), rows[i].opt_len != 0);
		row_int(rows[i].line, b.out.failed, false);
		if (rows[i].opt_len)
			row_int(rows[i].line, load_u16(buf + 29 + 9), rows[i].opt_len - 11);
	}
}

/* The model that random messages are held against: what each record should be. */
struct record {
	enum section section;
	struct name owner;
	uint16_t type;
	uint32_t ttl_s;
	uint16_t len;
	uint8_t data[600];
};

struct model {
	struct record records[4000];
	size_t count;
};

static void
lower_all(uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] >= 'A' && data[i] <= 'Z')
			data[i] |= 0x20;
	}
}

static void
assert_record(const struct record *want, const uint8_t *owner, uint16_t type, uint32_t ttl_s,
	      const uint8_t *data, size_t len)
{
	uint8_t got[600], wanted[600];

	assert_true(name_wire_equal(owner, want->owner.wire));
	assert_int_equal(type, want->type);
	assert_int_equal(ttl_s, want->ttl_s);
	assert_int_equal(len, want->len);
	memcpy(got, data, len);
	memcpy(wanted, want->data, len);
	lower_all(got, len);	/* a name may take the letter case of another */
	lower_all(wanted, len);
	assert_memory_equal(got, wanted, len);
}

/** Read the message with our own reader. */
static void
read_back(const uint8_t *message, size_t len, const struct model *model)
{
	struct reader in = reader_over(message, len);
	struct msg_header header;
	size_t at = 0;
	struct name name;

	assert_int_equal(msg_header_read(&in, &header), OK);
	assert_int_equal(name_read(&in, &name), OK);
	reader_u32(&in);
	for (unsigned section = 1; section <= 3; section++) {
		for (unsigned i = 0; i < header.count[section]; i++, at++) {
			uint8_t data[600];
			struct writer out = writer_over(data, sizeof(data));
			struct msg_record record;

			assert_true(at < model->count);
			assert_int_equal(model->records[at].section, section);
			assert_int_equal(msg_record_read(&in, &record), OK);
			assert_int_equal(rdata_read(&in, record.type, record.rdlength, &out, NULL),
					 OK);
			assert_record(&model->records[at], record.owner.wire, record.type,
				      record.ttl_s, data, out.len);
		}
	}
	assert_int_equal(at, model->count);
	assert_int_equal(reader_left(&in), 0);
}

static void
ldns_compare(const ldns_rr *rr, const struct record *want)
{
	ldns_buffer *data = ldns_buffer_new(700);
	struct name owner;

	assert_int_equal(ldns_rr_rdata2buffer_wire(data, rr), LDNS_STATUS_OK);
	name_lower(ldns_rdf_data(ldns_rr_owner(rr)), &owner);
	assert_record(want, owner.wire, (uint16_t)ldns_rr_get_type(rr), ldns_rr_ttl(rr),
		      ldns_buffer_begin(data), ldns_buffer_position(data));
	ldns_buffer_free(data);
}

/** Read it with ldns: an independent opinion. */
static void
ldns_read_back(const uint8_t *message, size_t len, const struct model *model)
{
	ldns_pkt *pkt = NULL;
	size_t at = 0;

	assert_int_equal(ldns_wire2pkt(&pkt, message, len), LDNS_STATUS_OK);
	for (unsigned section = 1; section <= 3; section++) {
		const ldns_rr_list *list = section == 1	  ? ldns_pkt_answer(pkt)
					   : section == 2 ? ldns_pkt_authority(pkt)
							  : ldns_pkt_additional(pkt);

		for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++, at++) {
			assert_true(at < model->count);
			ldns_compare(ldns_rr_list_rr(list, i), &model->records[at]);
		}
	}
	assert_int_equal(at, model->count);
	ldns_pkt_free(pkt);
}

/** Few labels, so that ends are shared; letter case at random where it is data. */
static void
random_name(uint64_t *seed, bool cased, struct name *out)
{
	static const char *const labels[] = { "a", "ns", "mail", "corp", "example", "net", "x-1" };

	name_from_wire((const uint8_t *)"", out);
	for (unsigned n = random_to(seed, 5); n; n--) {
		const char *label = labels[random_to(seed, COUNT_OF(labels))];

		assert_true(name_prepend((const uint8_t *)label, strlen(label), out->wire, out));
	}
	for (unsigned i = 0; cased && i < out->len; i++) {
		if (out->wire[i] >= 'a' && out->wire[i] <= 'z' && random_to(seed, 3) == 0)
			out->wire[i] ^= 0x20;
	}
}

/** One record's data of the type. */
static size_t
random_data(uint64_t *seed, uint16_t type, uint8_t *data)
{
	struct writer out = writer_over(data, 600);
	struct name name;

	switch (type) {
	case TYPE_A:
		writer_u32(&out, (uint32_t)next_random(seed));
		break;
	case TYPE_TXT:
		writer_u8(&out, 5);
		writer_bytes(&out, "hello", 5);
		break;
	case TYPE_MX:
		writer_u16(&out, 10);
		break;
	case TYPE_SRV:
		writer_u32(&out, 1);
		writer_u16(&out, 2);
		break;
	case TYPE_SOA:
		random_name(seed, true, &name);
		writer_bytes(&out, name.wire, name.len);
		break;
	}
	if (type != TYPE_A && type != TYPE_TXT) {
		random_name(seed, true, &name);
		writer_bytes(&out, name.wire, name.len);
	}
	if (type == TYPE_SOA)
		writer_bytes(&out, "aaaabbbbccccddddeeee", 20);
	assert_false(out.failed);
	return out.len;
}

static void
model_add(struct model *model, const struct made_set *made, const struct name *owner,
	  enum section section, uint32_t ttl_s)
{
	struct rrset_walk walk = rrset_begin(&made->set);
	struct rdata rdata;

	while (rrset_next(&walk, &rdata)) {
		struct record *record = &model->records[model->count++];

		record->section = section;
		record->owner = *owner;
		record->type = made->set.type;
		record->ttl_s = ttl_s;
		record->len = rdata.len;
		memcpy(record->data, rdata.data, rdata.len);
	}
}

/** Append one random set to message and model; false when it did not fit. */
static bool
add_random_set(uint64_t *seed, struct builder *b, struct model *model, enum section section)
{
	static const uint16_t types[] = { TYPE_A, TYPE_NS, TYPE_CNAME, TYPE_SOA, TYPE_PTR,
					  TYPE_MX, TYPE_TXT, TYPE_SRV };
	static struct made_set made;
	struct name owner = b->question->name;
	uint16_t type = types[random_to(seed, COUNT_OF(types))];
	uint32_t ttl_s = random_to(seed, 2) ? 60 : random_to(seed, 100000);

	set_begin(&made, NULL, type, 60);
	if (random_to(seed, 3)) {
		random_name(seed, false, &owner);
		memcpy(made.owner, owner.wire, owner.len);
		made.set.owner = made.owner;
	}
	for (unsigned n = 1 + random_to(seed, 4); n; n--) {
		uint8_t data[600];

		set_add(&made, data, random_data(seed, type, data));
	}
	if (!build_rrset(b, section, &made.set, ttl_s))
		return false;
	model_add(model, &made, &owner, section, ttl_s);
	return true;
}

static void
what_is_built_is_read_back_by_us_and_by_ldns(void **state)
{
	struct model *model = malloc(sizeof(*model));
	uint8_t *buf = malloc(MSG_MAX_OCTETS);
	uint64_t seed = 10;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		/* large ones reach beyond what pointers can, and beyond the names remembered */
		bool large = round % 50 == 0;
		size_t size = large ? 40000 : 200 + random_to(&seed, 1200);
		struct question q;
		struct builder b;
		struct name name;
		char text[NAME_TEXT_MAX];

		random_name(&seed, true, &name);
		ask(name_print(name.wire, text), TYPE_A, &q);
		model->count = 0;
		build_reply(&b, buf, size, &q, 0, 11);
		for (unsigned section = 1; section <= 3; section++) {
			unsigned sets = large ? 300 : random_to(&seed, 5);

			while (sets-- && add_random_set(&seed, &b, model, (enum section)section))
				;
		}
		assert_true(b.out.len <= size - 11);
		read_back(buf, b.out.len, model);
		build_opt(&b, 1232, true, 0, EDE_OTHER, "text");
		assert_true(b.out.len <= size);
		ldns_read_back(buf, b.out.len, model);
	}
	free(buf);
	free(model);
}

static void
compression_is_as_good_as_that_of_ldns(void **state)
{
	struct question q;
	struct made_set ns;
	struct builder b;
	uint8_t buf[512], *theirs = NULL;
	size_t their_len;
	ldns_pkt *pkt = NULL;

	(void)state;
	ask("corp.example", TYPE_NS, &q);
	set_begin(&ns, NULL, TYPE_NS, 60);
	set_add_name(&ns, "ns-1.awsdns-01.com");
	set_add_name(&ns, "ns-2.awsdns-02.com");
	set_add_name(&ns, "ns-3.awsdns-02.com");
	set_add_name(&ns, "ns.corp.example");
	build_reply(&b, buf, sizeof(buf), &q, 0, 0);
	assert_true(build_rrset(&b, SECTION_ANSWER, &ns.set, 60));
	assert_int_equal(ldns_wire2pkt(&pkt, buf, b.out.len), LDNS_STATUS_OK);
	assert_int_equal(ldns_pkt2wire(&theirs, pkt, &their_len), LDNS_STATUS_OK);
	assert_true(b.out.len <= their_len);
	free(theirs);
	ldns_pkt_free(pkt);
}

static void
an_option_goes_in_as_a_whole_or_not_at_all(void **state)
{
	struct question q = { .header = { .id = 1 } };
	uint8_t buf[64];
	struct builder b;

	(void)state;
	build_reply(&b, buf, 12 + 11 + 7 + 4 + 6, &q, 0, 0);
	assert_false(build_option(&b, OPTION_NSID, "abc", 3));	/* there is no OPT yet */
	assert_int_equal(b.out.len, 12);
	build_opt_begin(&b, 1232, false, 0);
	assert_true(build_option(&b, OPTION_NSID, "abc", 3));
	assert_false(build_option(&b, OPTION_NSID, "1234567", 7));
	assert_true(build_option(&b, OPTION_KEEPALIVE, NULL, 0));
	build_extended_error(&b, EDE_OTHER, "cut");
	assert_false(build_option(&b, OPTION_NSID, NULL, 0));
	assert_false(b.out.failed);
	assert_int_equal(b.out.len, b.out.size);
	assert_memory_equal(buf + 12, "\0\0\x29\4\xd0\0\0\0\0\0\x11" "\0\3\0\3" "abc" "\0\x0b\0\0"
				      "\0\x0f\0\2\0\0", 28);
	assert_int_equal(load_u16(buf + 10), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_repeats_what_was_asked),
		cmocka_unit_test(without_a_question_there_is_only_a_header),
		cmocka_unit_test(a_buffer_too_small_for_the_question_fails_and_stays_so),
		cmocka_unit_test(a_query_asks_one_question),
		cmocka_unit_test(a_ready_set_goes_in_as_it_is),
		cmocka_unit_test(names_in_data_point_to_the_question),
		cmocka_unit_test(names_point_to_names_written_before),
		cmocka_unit_test(an_owner_is_written_once_and_then_pointed_to),
		cmocka_unit_test(an_owner_may_be_the_question_or_the_root),
		cmocka_unit_test(names_beyond_the_reach_of_a_pointer_are_written_again),
		cmocka_unit_test(types_after_rfc_1035_are_not_compressed),
		cmocka_unit_test(equal_hashes_are_not_equal_names),
		cmocka_unit_test(a_set_that_does_not_fit_leaves_the_message_as_it_was),
		cmocka_unit_test(after_a_set_that_did_not_fit_a_smaller_one_may),
		cmocka_unit_test(a_reserve_beyond_the_buffer_lets_no_set_in),
		cmocka_unit_test(opt_says_what_it_should),
		cmocka_unit_test(the_text_of_an_extended_error_is_cut_to_fit),
		cmocka_unit_test(an_option_goes_in_as_a_whole_or_not_at_all),
		cmocka_unit_test(what_is_built_is_read_back_by_us_and_by_ldns),
		cmocka_unit_test(compression_is_as_good_as_that_of_ldns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
