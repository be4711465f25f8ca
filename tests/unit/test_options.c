#include "engine/options.h"

#include "engine/resolve.h"
#include "engine/upstream_options.h"
#include "unit/unit.h"
#include "unit/world.h"

#define WORLD								\
	"vpc hub 10.0.0.0/16 eu-west-1\n"				\
	"zone Z corp.example hub\n"					\
	"www 60 A 10.0.0.1\n"						\
	"forward rr-dc dc.example hub 192.168.0.53\n"			\
	"allow 10.0.0.0/8\n"						\
	"listen 5300 hub\n"

#define NOW    1559731985	/* of the vectors of RFC 9018 */
#define COOKIE "000a 0008 2464c4abcf10c957"
#define SECRET "e5e973e5a6b2a43f48e7dc849e37bfcf"

/* A world, and what one query to it came to. */
struct trial {
	struct world w;
	struct cookie_secrets secrets;
	uint32_t unix_s;
	uint8_t packet[2048], reply[70000];
	size_t reply_len;
	char text[4096];
};

static size_t
put_hex(uint8_t *out, const char *text)
{
	size_t len = 0;

	for (; *text; text += *text == ' ' ? 1 : 2) {
		unsigned octet;

		if (*text != ' ' && sscanf(text, "%2x", &octet) == 1)
			out[len++] = (uint8_t)octet;
	}
	return len;
}

static struct trial *
trial_new(const char *estate)
{
	struct trial *t = calloc(1, sizeof(*t));
	uint8_t secret[COOKIE_SECRET_OCTETS];

	put_hex(secret, SECRET);
	cookie_secret_add(&t->secrets, secret);
	t->unix_s = NOW;
	world_load(&t->w, estate);
	t->w.resolver.cookies = &t->secrets;
	t->w.resolver.stream_idle_ms = 10000;
	return t;
}

static void
trial_free(struct trial *t)
{
	world_end(&t->w);
	free(t);
}

/** The options of a reply's OPT, as "; 10:<hex>". */
static void
print_options(const struct edns *edns, struct writer *out)
{
	struct edns_option option;
	size_t at = 0;

	while (at < edns->options_len && edns_option_next(edns, &at, &option)) {
		wire_say(out, "; %u:", option.code);
		for (size_t i = 0; i < option.len; i++)
			wire_say(out, "%02x", option.data[i]);
	}
}

/** rcode, answers in the header, and options: "NOERROR 1; 10:2464...". */
static const char *
print_reply(struct trial *t)
{
	struct writer out = writer_over((uint8_t *)t->text, sizeof(t->text));
	struct reader in = reader_over(t->reply, t->reply_len);
	struct edns edns = { 0 };
	struct msg_header header;
	unsigned records;
	char rcode[CODE_TEXT_MAX];

	assert_int_equal(msg_header_read(&in, &header), OK);
	if (header.count[0])
		reader_bytes(&in, (size_t)name_wire_len(in.at) + 4);
	wire_say(&out, "%s %u%s", rcode_print((uint16_t)wire_rcode(in, &header), rcode),
		 header.count[1], header.flags & MSG_TC ? " TC" : "");
	records = (unsigned)header.count[1] + header.count[2] + header.count[3];
	while (records--) {
		struct msg_record record;

		assert_int_equal(msg_record_read(&in, &record), OK);
		edns.options_len = (uint16_t)record.rdlength;
		edns.options = reader_bytes(&in, record.rdlength);
		if (record.type == TYPE_OPT)
			print_options(&edns, &out);
	}
	assert_false(in.failed);
	writer_u8(&out, 0);
	return t->text;
}

static struct request
request_of(struct trial *t, size_t len, bool stream)
{
	return (struct request){
		.packet = t->packet,
		.len = len,
		.client = { .addr = world_addr("10.0.0.9", 7), .stream = stream },
		.unix_s = t->unix_s,
		.now_ms = 5000,
	};
}

static const char *
send_packet(struct trial *t, size_t len, bool stream)
{
	struct request request = request_of(t, len, stream);
	struct writer out = writer_over(t->reply, stream ? 65535 : UDP_REPLY_OCTETS);
	enum verdict verdict = resolve_query(&t->w.resolver, &request, &out);

	t->reply_len = out.len;
	if (verdict == VERDICT_SEND)
		return print_reply(t);
	return verdict == VERDICT_WAIT ? "wait" : "drop";
}

/** A question with OPT of these octets. */
static size_t
make_query(struct trial *t, const char *name, const char *type, uint16_t klass,
	   uint8_t edns_version, const uint8_t *options, size_t options_len)
{
	struct wire_ask how = { .id = 7, .klass = klass };
	struct writer out = writer_over(t->packet, sizeof(t->packet));

	out.len = wire_query(name, type, &how, t->packet, sizeof(t->packet));
	t->packet[11] = 1;
	writer_u8(&out, 0);
	writer_u16(&out, TYPE_OPT);
	writer_u16(&out, 1232);
	writer_u8(&out, 0);
	writer_u8(&out, edns_version);
	writer_u16(&out, 0);
	writer_u16(&out, (uint16_t)options_len);
	writer_bytes(&out, options, options_len);
	return out.len;
}

static const char *
ask(struct trial *t, const char *name, const char *options, bool stream)
{
	uint8_t octets[1024];
	size_t len = put_hex(octets, options);

	return send_packet(t, make_query(t, name, "A", 0, 0, octets, len), stream);
}

static void
each_option_gets_what_it_asks_for(void **state)
{
	static const struct {
		int line;
		const char *options;
		bool stream;
		const char *want;
	} rows[] = {
		{ __LINE__, "", false, "NOERROR 1" },
		/* NSID, whatever it carries (RFC 5001 2.1) */
		{ __LINE__, "0003 0000", false, "NOERROR 1; 3:6e7331" },
		{ __LINE__, "0003 0002 abcd", false, "NOERROR 1; 3:6e7331" },
		{ __LINE__, "0003 0000 0003 0000", false, "NOERROR 1; 3:6e7331" },
		/* keepalive: over TCP, in units of 100 ms */
		{ __LINE__, "000b 0000", true, "NOERROR 1; 11:0064" },
		{ __LINE__, "000b 0000", false, "NOERROR 1" },
		{ __LINE__, "000b 0002 0010", false, "NOERROR 1" },
		{ __LINE__, "000b 0002 0010", true, "FORMERR 0" },
		{ __LINE__, "000b 0001 00", true, "FORMERR 0" },
		{ __LINE__, "", true, "NOERROR 1" },
		/* unknown ones, ECS, padding, a key of our own extended errors */
		{ __LINE__, "fde9 0003 010203", false, "NOERROR 1" },
		{ __LINE__, "0008 0007 0001 18 00 0a0000", false, "NOERROR 1" },
		{ __LINE__, "000c 0004 00000000", true, "NOERROR 1" },
		{ __LINE__, "000f 0002 0016", false, "NOERROR 1" },
		/* several, in any order */
		{ __LINE__, "000b 0000 fde9 0000 0003 0000", true, "NOERROR 1; 11:0064; 3:6e7331" },
	};
	struct trial *t = trial_new(WORLD "identity ns1\n");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_string(rows[i].line, ask(t, "www.corp.example", rows[i].options,
					     rows[i].stream), rows[i].want);
	trial_free(t);
}

static void
cookies_of_impossible_lengths_are_malformed(void **state)
{
	struct trial *t = trial_new(WORLD);

	(void)state;
	for (unsigned len = 0; len <= 64; len++) {
		bool good = len == 8 || (len >= 16 && len <= 40);
		uint8_t option[80] = { 0, OPTION_COOKIE, 0, (uint8_t)len };
		const char *got;

		got = send_packet(t, make_query(t, "www.corp.example", "A", 0, 0, option, 4 + len),
				  len % 2);
		if (good)
			row_int((int)len, strncmp(got, "NOERROR 1; 10:", 14), 0);
		else
			row_string((int)len, got, "FORMERR 0");
		row_int((int)len, strlen(got), good ? 14 + 2 * COOKIE_OCTETS : 9);
		/* also behind a good one */
		memmove(option + 12, option, 4 + len);
		put_hex(option, COOKIE);
		got = send_packet(t, make_query(t, "www.corp.example", "A", 0, 0, option, 16 + len),
				  false);
		row_int((int)len, strncmp(got, good ? "NOERROR" : "FORMERR", 7), 0);
	}
	trial_free(t);
}

static void
a_cookie_that_was_given_is_recognised(void **state)
{
	struct trial *t = trial_new(WORLD);
	char first[128], options[256];

	(void)state;
	snprintf(first, sizeof(first), "%s", ask(t, "www.corp.example", COOKIE, false));
	assert_memory_equal(first, "NOERROR 1; 10:2464c4abcf10c957010000005cf79f11", 46);
	assert_int_equal(t->w.resolver.counters.cookies_good, 0);

	snprintf(options, sizeof(options), "000a 0018 %s", first + 14);
	t->unix_s = NOW + 1000;
	assert_string_equal(ask(t, "www.corp.example", options, false), first);
	assert_int_equal(t->w.resolver.counters.cookies_good, 1);
	/* over TCP as well */
	assert_string_equal(ask(t, "www.corp.example", options, true), first);
	assert_int_equal(t->w.resolver.counters.cookies_good, 2);

	/* a forged one is answered all the same, with a fresh one */
	options[strlen(options) - 1] ^= 1;
	assert_memory_equal(ask(t, "www.corp.example", options, false),
			    "NOERROR 1; 10:2464c4abcf10c957010000005cf7a2f9", 46);
	assert_int_equal(t->w.resolver.counters.cookies_bad, 1);
	trial_free(t);
}

static void
the_first_of_several_cookies_counts(void **state)
{
	struct trial *t = trial_new(WORLD);

	(void)state;
	assert_memory_equal(ask(t, "www.corp.example",
				COOKIE " 000a 0008 ffffffffffffffff 0003 0000", false),
			    "NOERROR 1; 10:2464c4abcf10c957", 30);
	assert_null(strchr(strstr(t->text, "10:") + 3, ';'));
	trial_free(t);
}

static void
without_secrets_cookies_are_passed_by(void **state)
{
	struct trial *t = trial_new(WORLD);

	(void)state;
	t->w.resolver.cookies = NULL;
	assert_string_equal(ask(t, "www.corp.example", COOKIE, false), "NOERROR 1");
	assert_string_equal(ask(t, "www.corp.example", "000a 0001 00", false), "FORMERR 0");
	trial_free(t);
}

static void
a_cookie_can_be_learned_without_a_question(void **state)
{
	static const struct {
		int line;
		const char *hex, *want;
	} rows[] = {
		/* RFC 7873 5.4 */
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 000c" COOKIE,
		  "NOERROR 0; 10:2464c4abcf10c957" },
		/* nothing is asked at all */
		{ __LINE__, "0007 0100 0000 0000 0000 0000", "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 0000",
		  "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 0004 0003 0000",
		  "FORMERR 0" },
		/* or it is wrong: a length, the EDNS version, trailing octets, records */
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 000b"
			    "000a 0007 2464c4abcf10c9", "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00010000 000c" COOKIE,
		  "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 000c" COOKIE "00",
		  "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0001 0000 0001 00 0029 04d0 00000000 000c" COOKIE,
		  "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0002 00 0029 04d0 00000000 000c" COOKIE,
		  "FORMERR 0" },
		{ __LINE__, "0007 0100 0000 0000 0000 0001 00 0029 04d0 00000000 000d" COOKIE,
		  "FORMERR 0" },
	};
	struct trial *t = trial_new(WORLD "identity ns1\n");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = send_packet(t, put_hex(t->packet, rows[i].hex), false);

		row_int(rows[i].line, strncmp(got, rows[i].want, strlen(rows[i].want)), 0);
	}
	trial_free(t);
}

static void
options_of_a_version_that_we_do_not_know_are_not_read(void **state)
{
	uint8_t options[] = { 0, OPTION_COOKIE, 0, 1, 0 };
	struct trial *t = trial_new(WORLD);

	(void)state;
	assert_string_equal(send_packet(t, make_query(t, "www.corp.example", "A", 0, 1, options,
						      sizeof(options)), false), "BADVERS 0");
	trial_free(t);
}

static void
who_may_not_ask_learns_nothing(void **state)
{
	struct trial *t = trial_new(WORLD "identity ns1\n");
	uint8_t options[64];
	size_t len = put_hex(options, COOKIE "0003 0000");
	struct request request = request_of(t, make_query(t, "www.corp.example", "A", 0, 0,
							  options, len), false);
	struct writer out = writer_over(t->reply, UDP_REPLY_OCTETS);

	(void)state;
	request.client.addr = world_addr("203.0.113.1", 1);
	assert_int_equal(resolve_query(&t->w.resolver, &request, &out), VERDICT_SEND);
	t->reply_len = out.len;
	print_reply(t);
	assert_memory_equal(t->text, "REFUSED 0; 15:", 14);
	assert_null(strstr(t->text, "10:"));
	assert_null(strstr(t->text, "; 3:"));
	trial_free(t);
}

static void
keep_reply(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct trial *t = context;

	(void)client;
	memcpy(t->reply, reply, len);
	t->reply_len = len;
}

static void
who_waited_for_an_upstream_gets_them_too(void **state)
{
	struct trial *t = trial_new(WORLD "identity ns1\n");
	const struct upstream_action *sent;
	uint8_t packet[512];
	struct question q;
	struct edns_option option;
	size_t at = 0;
	size_t len;

	(void)state;
	assert_string_equal(ask(t, "www.dc.example", COOKIE "0003 0000 000b 0000", true), "wait");
	/* none of it is passed on: a cookie of our own, and our count of hops */
	resolver_begin(&t->w.resolver, 5000);
	assert_int_equal(t->w.try_count, 1);
	sent = &t->w.tries[0].action;
	assert_true(question_read(sent->query, sent->query_len, &q) == OK);
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, 10);
	assert_int_equal(option.len, 8);
	assert_true(edns_option_next(&q.edns, &at, &option));
	assert_int_equal(option.code, OPTION_HOPS);
	assert_false(edns_option_next(&q.edns, &at, &option));

	world_load(&t->w, WORLD "identity ns2\n");	/* the name that serves at the end */
	t->w.deliver = keep_reply;
	t->w.context = t;
	len = wire_answer(sent->query, sent->query_len,
			  "NOERROR; www.dc.example. 60 A 192.168.0.1", packet, sizeof(packet));
	resolver_reply(&t->w.resolver, sent->slot, sent->generation, sent->lane, packet, len,
		       PATH_UDP, 5010);
	print_reply(t);
	assert_memory_equal(t->text, "NOERROR 1; 10:2464c4abcf10c957010000005cf79f11", 46);
	assert_string_equal(strchr(t->text + 14, ';'), "; 11:0064; 3:6e7332");
	trial_free(t);
}

static void
they_have_their_place_in_the_smallest_reply(void **state)
{
	static const char label[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789";
	struct trial *t;
	char estate[1024], name[256];
	uint8_t options[64];
	size_t len = put_hex(options, COOKIE "0003 0000");

	(void)state;
	snprintf(estate, sizeof(estate), WORLD "identity %0128u\n", 7);
	t = trial_new(estate);
	snprintf(name, sizeof(name), "%s.%s.%s.%.50s.corp.example", label, label, label, label);
	len = make_query(t, name, "A", 0, 0, options, len);
	t->packet[len - 16 - 8] = 0;	/* read as 512 octets, as all that is less */
	t->packet[len - 16 - 7] = 0;
	send_packet(t, len, false);
	assert_true(t->reply_len <= 512);
	assert_memory_equal(t->text, "NXDOMAIN 0", 10);
	assert_non_null(strstr(t->text, "; 10:2464c4abcf10c957"));
	assert_non_null(strstr(t->text, "; 3:3030"));
	trial_free(t);
}

static void
any_octets_for_options_get_an_answer(void **state)
{
	struct trial *t = trial_new(WORLD "identity ns1\n");
	uint64_t seed = 11;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		static const uint8_t codes[] = { OPTION_NSID, OPTION_COOKIE, OPTION_KEEPALIVE, 8 };
		uint8_t options[256];
		struct writer out = writer_over(options, sizeof(options));
		const char *got;

		for (unsigned n = random_to(&seed, 4); n--;) {
			unsigned len = random_to(&seed, 45);

			writer_u16(&out, codes[random_to(&seed, COUNT_OF(codes))]);
			writer_u16(&out, (uint16_t)(random_to(&seed, 8) ? len : len + 1));
			while (len--)
				writer_u8(&out, (uint8_t)random_to(&seed, 256));
		}
		got = send_packet(t, make_query(t, "www.corp.example", "A", 0, 0, options, out.len),
				  run % 2);
		assert_true(strncmp(got, "NOERROR 1", 9) == 0 || strcmp(got, "FORMERR 0") == 0);
	}
	trial_free(t);
}

static void
class_ch_tells_what_is_set(void **state)
{
	static const struct {
		int line;
		const char *settings, *name, *type;
		uint16_t klass;
		const char *want;
	} rows[] = {
		{ __LINE__, "", "version.bind", "TXT", CLASS_CH, "REFUSED" },
		{ __LINE__, "", "id.server", "TXT", CLASS_CH, "REFUSED" },
		{ __LINE__, "version 1.2\n", "version.bind", "TXT", CLASS_CH, "1.2" },
		{ __LINE__, "version 1.2\n", "VERSION.Server", "TXT", CLASS_CH, "1.2" },
		{ __LINE__, "version 1.2\n", "version.server", "ANY", CLASS_CH, "1.2" },
		{ __LINE__, "version 1.2\n", "id.server", "TXT", CLASS_CH, "REFUSED" },
		{ __LINE__, "version 1.2\n", "x.version.bind", "TXT", CLASS_CH, "REFUSED" },
		{ __LINE__, "version 1.2\n", "version.bind", "A", CLASS_CH, "REFUSED" },
		{ __LINE__, "version 1.2\n", "version.bind", "TXT", CLASS_HS, "REFUSED" },
		{ __LINE__, "identity ns 1\n", "hostname.bind", "TXT", CLASS_CH, "ns 1" },
		{ __LINE__, "identity ns 1\n", "id.server", "TXT", CLASS_CH, "ns 1" },
		{ __LINE__, "identity ns 1\n", "version.bind", "TXT", CLASS_CH, "REFUSED" },
		{ __LINE__, "identity ns 1\n", "www.corp.example", "A", CLASS_CH, "REFUSED" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char estate[512];
		struct trial *t;
		size_t want = strlen(rows[i].want);
		const uint8_t *end;

		snprintf(estate, sizeof(estate), WORLD "%s", rows[i].settings);
		t = trial_new(estate);
		send_packet(t, wire_query(rows[i].name, rows[i].type,
					  &(struct wire_ask){ .klass = rows[i].klass }, t->packet,
					  sizeof(t->packet)), false);
		if (strcmp(rows[i].want, "REFUSED") == 0) {
			row_string(rows[i].line, t->text, "REFUSED 0");
			trial_free(t);
			continue;
		}
		row_string(rows[i].line, t->text, "NOERROR 1");
		/* class CH, TTL 0, one string */
		end = t->reply + t->reply_len - want;
		row_memory(rows[i].line, end, rows[i].want, want);
		row_int(rows[i].line, end[-1], want);
		row_int(rows[i].line, load_u16(end - 3), want + 1);
		row_int(rows[i].line, load_u32(end - 7), 0);
		row_int(rows[i].line, load_u16(end - 9), CLASS_CH);
		row_int(rows[i].line, load_u16(end - 11), TYPE_TXT);
		trial_free(t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_gets_what_it_asks_for),
		cmocka_unit_test(cookies_of_impossible_lengths_are_malformed),
		cmocka_unit_test(a_cookie_that_was_given_is_recognised),
		cmocka_unit_test(the_first_of_several_cookies_counts),
		cmocka_unit_test(without_secrets_cookies_are_passed_by),
		cmocka_unit_test(a_cookie_can_be_learned_without_a_question),
		cmocka_unit_test(options_of_a_version_that_we_do_not_know_are_not_read),
		cmocka_unit_test(who_may_not_ask_learns_nothing),
		cmocka_unit_test(who_waited_for_an_upstream_gets_them_too),
		cmocka_unit_test(they_have_their_place_in_the_smallest_reply),
		cmocka_unit_test(any_octets_for_options_get_an_answer),
		cmocka_unit_test(class_ch_tells_what_is_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
