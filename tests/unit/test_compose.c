#include "engine/compose.h"

#include "engine/resolve.h"
#include "unit/unit.h"
#include "unit/wire.h"

/* A query and what it is answered with. */
struct trial {
	uint8_t packet[512];
	struct question q;
	struct request request;
	struct answer answer;
	uint8_t reply[70000];
	size_t len;
	char text[WIRE_TEXT_MAX];
};

static void
ask(struct trial *c, const char *name, const char *type, const struct wire_ask *how)
{
	size_t len = wire_query(name, type, how, c->packet, sizeof(c->packet));
	enum status status = question_read(c->packet, len, &c->q);

	assert_true(status == OK);
	c->request = (struct request){ .packet = c->packet, .len = len };
	answer_init(&c->answer);
}

/** Compose into exactly `size` octets of room; returns the printed reply. */
static const char *
compose(struct trial *c, size_t size)
{
	struct writer out = writer_over(c->reply, size);

	compose_answer(&c->request, &c->q, &c->answer, &out);
	assert_false(out.failed);
	c->len = out.len;
	return wire_print(c->reply, out.len, c->text, sizeof(c->text));
}

/** A set of `count` addresses at the question's name. */
static struct rrset
addresses(struct scratch *scratch, unsigned count, uint32_t ttl_s)
{
	size_t octets = count * (RRSET_FIXED_OCTETS + 4u);
	struct writer out = writer_over(scratch_room(scratch, octets), octets);
	uint16_t names = 0;

	for (unsigned i = 0; i < count; i++) {
		uint8_t ip[4] = { 10, 0, (uint8_t)(i >> 8), (uint8_t)i };

		assert_int_equal(rrset_encode(&out, TYPE_A, ttl_s, (struct rdata){ ip, 4 }, NULL,
					      &names),
				 OK);
	}
	return (struct rrset){ .type = TYPE_A, .count = (uint16_t)count, .ttl_s = ttl_s,
			       .wire = out.base, .wire_len = (uint16_t)out.len };
}

static void
the_reply_repeats_id_flags_and_question_as_asked(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	struct wire_ask how = { .id = 0xbeef, .flags = MSG_CD, .udp_size = 1232,
				.dnssec_ok = true };
	struct trial *c = calloc(1, sizeof(*c));

	(void)state;
	ask(c, "WwW.Corp.example", "A", &how);
	answer_add(&c->answer, SECTION_ANSWER, addresses(scratch, 1, 60), 60);
	assert_string_equal(compose(c, sizeof(c->reply)),
			    "NOERROR; www.corp.example. 60 A 10.0.0.0");
	assert_int_equal(load_u16(c->reply), 0xbeef);
	assert_int_equal(load_u16(c->reply + 2), MSG_QR | MSG_RD | MSG_RA | MSG_CD);
	assert_memory_equal(c->reply + 12, c->packet + 12, 22);
	assert_int_equal(c->reply[c->len - 4] & 0x80, 0x80);	/* DO as asked */
	assert_int_equal(load_u16(c->reply + c->len - 8), UDP_REPLY_OCTETS);
	free(scratch);
	free(c);
}

static void
a_cached_set_goes_out_with_its_aged_ttl(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	struct trial *c = calloc(1, sizeof(*c));

	(void)state;
	ask(c, "a.example", "A", &(struct wire_ask){ 0 });
	answer_add(&c->answer, SECTION_ANSWER, addresses(scratch, 2, 60), 7);
	assert_string_equal(compose(c, sizeof(c->reply)),
			    "NOERROR; a.example. 7 A 10.0.0.0; a.example. 7 A 10.0.0.1");
	free(scratch);
	free(c);
}

static void
sets_go_in_whole_or_the_reply_is_truncated(void **state)
{
	static const struct {
		int line;
		uint16_t udp_size;	/* 0: no EDNS */
		bool stream;
		unsigned records;
		bool truncated;
	} rows[] = {
		/* header 12, question 15, each record 16, OPT 11 */
		{ __LINE__, 0, false, 30, false },	/* 507 of 512 */
		{ __LINE__, 0, false, 31, true },
		{ __LINE__, 512, false, 29, false },	/* 502 of 512 */
		{ __LINE__, 512, false, 30, true },
		{ __LINE__, 100, false, 29, false },	/* less than 512 counts as 512 */
		{ __LINE__, 1232, false, 74, false },	/* 1222 of 1232 */
		{ __LINE__, 1232, false, 75, true },
		{ __LINE__, 4096, false, 75, true },	/* our own limit */
		{ __LINE__, 0, true, 4000, false },
		{ __LINE__, 4096, true, 4000, false },
	};
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	struct trial *c = calloc(1, sizeof(*c));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct wire_ask how = { .udp_size = rows[i].udp_size };
		struct msg_header header;
		struct reader in;

		scratch->used = 0;
		ask(c, "a.example", "A", &how);
		c->request.client.stream = rows[i].stream;
		answer_add(&c->answer, SECTION_ANSWER,
			   addresses(scratch, rows[i].records, 60), 60);
		answer_add(&c->answer, SECTION_AUTHORITY, addresses(scratch, 0, 60), 60);
		if (!rows[i].truncated)
			c->answer.count = 1;
		compose(c, sizeof(c->reply));
		in = reader_over(c->reply, c->len);
		row_int(rows[i].line, msg_header_read(&in, &header), OK);
		row_int(rows[i].line, (header.flags & MSG_TC) != 0, rows[i].truncated);
		row_int(rows[i].line, header.count[1], rows[i].truncated ? 0 : rows[i].records);
		row_int(rows[i].line, header.count[2], 0);
		row_int(rows[i].line, header.count[3], rows[i].udp_size != 0);
	}
	free(scratch);
	free(c);
}

static void
sets_before_the_one_that_does_not_fit_stay(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	struct trial *c = calloc(1, sizeof(*c));

	(void)state;
	ask(c, "a.example", "A", &(struct wire_ask){ 0 });
	answer_add(&c->answer, SECTION_ANSWER, addresses(scratch, 1, 60), 60);
	answer_add(&c->answer, SECTION_ANSWER, addresses(scratch, 40, 60), 60);
	answer_add(&c->answer, SECTION_ANSWER, addresses(scratch, 1, 50), 50);
	assert_string_equal(compose(c, sizeof(c->reply)),
			    "NOERROR TC; a.example. 60 A 10.0.0.0");
	free(scratch);
	free(c);
}

static void
extended_errors_go_to_those_who_speak_edns(void **state)
{
	struct trial *c = calloc(1, sizeof(*c));

	(void)state;
	ask(c, "a.example", "A", &(struct wire_ask){ .udp_size = 512 });
	answer_fail(&c->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY, "nobody home");
	assert_string_equal(compose(c, sizeof(c->reply)), "SERVFAIL; ede 22 nobody home");

	ask(c, "a.example", "A", &(struct wire_ask){ 0 });
	answer_fail(&c->answer, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY, "nobody home");
	assert_string_equal(compose(c, sizeof(c->reply)), "SERVFAIL");
	assert_int_equal(c->len, 12 + 15);
	free(c);
}

static void
an_extended_error_that_is_too_long_is_cut(void **state)
{
	struct trial *c = calloc(1, sizeof(*c));
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ask(c, "a.example", "A", &(struct wire_ask){ .udp_size = 512 });
	answer_fail(&c->answer, RCODE_SERVFAIL, EDE_OTHER, text);
	assert_memory_equal(compose(c, sizeof(c->reply)), "SERVFAIL; ede 0 xxx", 19);
	assert_int_equal(c->len, 512);
	free(c);
}

static void
an_rcode_beyond_four_bits_needs_edns(void **state)
{
	struct trial *c = calloc(1, sizeof(*c));
	struct writer out = writer_over(c->reply, sizeof(c->reply));

	(void)state;
	ask(c, "a.example", "A", &(struct wire_ask){ .udp_size = 1232 });
	compose_rcode(&c->request, &c->q, RCODE_BADVERS, EDE_NONE, NULL, &out);
	assert_string_equal(wire_print(c->reply, out.len, c->text, sizeof(c->text)), "BADVERS");
	free(c);
}

static void
a_question_that_could_not_be_read_is_not_repeated(void **state)
{
	static const uint8_t packet[] = { 0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12 };
	struct request request = { .packet = packet, .len = sizeof(packet) };
	uint8_t reply[512];
	struct writer out = writer_over(reply, sizeof(reply));
	struct question q;

	(void)state;
	assert_int_equal(question_read(packet, sizeof(packet), &q), ERR_MALFORMED);
	compose_rcode(&request, &q, RCODE_FORMERR, EDE_NONE, NULL, &out);
	assert_int_equal(out.len, 12);
	assert_int_equal(load_u16(reply), 0x1234);
	assert_int_equal(load_u16(reply + 4), 0);
}

static void
any_answer_fits_what_the_client_accepts_and_reads_back(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	struct trial *c = calloc(1, sizeof(*c));
	uint64_t seed = 9;

	(void)state;
	for (unsigned run = 0; run < 3000; run++) {
		struct wire_ask how = { .udp_size = (uint16_t)(random_to(&seed, 3) ?
					512 + random_to(&seed, 2000) : 0) };
		size_t accepts = how.udp_size ? how.udp_size : 512;

		scratch->used = 0;
		ask(c, "a.b.example", "A", &how);
		for (unsigned i = random_to(&seed, 5); i--;)
			answer_add(&c->answer, SECTION_ANSWER,
				   addresses(scratch, 1 + random_to(&seed, 60), 60),
				   random_to(&seed, 100));
		compose(c, sizeof(c->reply));	/* prints it, so it reads back */
		assert_true(c->len <= accepts && c->len <= UDP_REPLY_OCTETS);
	}
	free(scratch);
	free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reply_repeats_id_flags_and_question_as_asked),
		cmocka_unit_test(a_cached_set_goes_out_with_its_aged_ttl),
		cmocka_unit_test(sets_go_in_whole_or_the_reply_is_truncated),
		cmocka_unit_test(sets_before_the_one_that_does_not_fit_stay),
		cmocka_unit_test(extended_errors_go_to_those_who_speak_edns),
		cmocka_unit_test(an_extended_error_that_is_too_long_is_cut),
		cmocka_unit_test(an_rcode_beyond_four_bits_needs_edns),
		cmocka_unit_test(a_question_that_could_not_be_read_is_not_repeated),
		cmocka_unit_test(any_answer_fits_what_the_client_accepts_and_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
