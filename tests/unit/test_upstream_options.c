#include "engine/upstream_options.h"

#include <string.h>

#include "engine/cookie.h"
#include "unit/unit.h"
#include "unit/wire.h"

#define HOUR_MS 3600000

static const struct hash_key secret = { 0x1234, 0x5678 };

static struct snapshot_target
target_at(const char *text)
{
	struct snapshot_target target = { .port = 53 };
	struct addr addr;

	if (!addr_parse(text, &addr))
		wire_die("not an address", text);
	memcpy(target.ip, addr.ip, sizeof(target.ip));
	return target;
}

/** A query with our options, read back. */
static struct edns
query_to(const char *address, const struct target_cookie *cookie, uint8_t hops, uint64_t now_ms,
	 uint8_t packet[512])
{
	struct snapshot_target target = target_at(address);
	struct name name = wire_name("www.corp.example.", NULL);
	struct builder b;
	struct edns edns;

	build_query(&b, packet, 512, 1, name.wire, TYPE_A, CLASS_IN);
	build_opt_begin(&b, 1232, false, RCODE_NOERROR);
	upstream_options_write(&b, &secret, &target, cookie, hops, now_ms);
	assert_false(b.out.failed);
	assert_int_equal(msg_edns_read(packet, b.out.len, &edns), OK);
	return edns;
}

/** The option of this code; false: there is none. */
static bool
option_of(const struct edns *edns, uint16_t code, struct edns_option *out)
{
	size_t at = 0;

	while (at < edns->options_len && edns_option_next(edns, &at, out))
		if (out->code == code)
			return true;
	return false;
}

/** Our client cookie for this address. */
static void
client_cookie_of(const char *address, uint8_t out[COOKIE_CLIENT_OCTETS])
{
	struct edns_option option;
	uint8_t packet[512];
	struct edns edns = query_to(address, NULL, 0, 0, packet);

	assert_true(option_of(&edns, OPTION_COOKIE, &option));
	assert_int_equal(option.len, COOKIE_CLIENT_OCTETS);
	memcpy(out, option.data, COOKIE_CLIENT_OCTETS);
}

static void
our_cookie_hangs_on_the_secret_and_the_address_alone(void **state)
{
	uint8_t one[8], same[8], other[8], packet[512];
	struct snapshot_target target = target_at("10.0.0.1");
	struct name name = wire_name("x.", NULL);
	struct edns_option option;
	struct builder b;
	struct edns edns;

	(void)state;
	client_cookie_of("10.0.0.1", one);
	client_cookie_of("10.0.0.1", same);
	client_cookie_of("10.0.0.2", other);
	assert_memory_equal(one, same, 8);
	assert_memory_not_equal(one, other, 8);
	build_query(&b, packet, sizeof(packet), 9, name.wire, TYPE_MX, CLASS_IN);
	build_opt_begin(&b, 1232, true, RCODE_NOERROR);
	target.port = 5353;
	upstream_options_write(&b, &(struct hash_key){ 1, 1 }, &target, NULL, 0, 0);
	assert_int_equal(msg_edns_read(packet, b.out.len, &edns), OK);
	assert_true(option_of(&edns, OPTION_COOKIE, &option));
	assert_memory_not_equal(option.data, one, 8);
}

static void
the_server_cookie_goes_back_as_it_came(void **state)
{
	struct target_cookie cookie = { .server_len = TARGET_COOKIE_OCTETS };
	struct edns_option option;
	uint8_t packet[512];
	struct edns edns;

	(void)state;
	for (unsigned i = 0; i < TARGET_COOKIE_OCTETS; i++)
		cookie.server[i] = (uint8_t)(0xa0 + i);
	edns = query_to("10.0.0.1", &cookie, 0, 0, packet);
	assert_true(option_of(&edns, OPTION_COOKIE, &option));
	assert_int_equal(option.len, 40);
	assert_memory_equal(option.data + 8, cookie.server, TARGET_COOKIE_OCTETS);
	assert_true(edns.options_len <= UPSTREAM_OPTIONS_OCTETS);
}

static void
hops_go_to_private_addresses_only(void **state)
{
	static const struct {
		int line;
		const char *address;
		bool told;
	} rows[] = {
		{ __LINE__, "10.255.255.255", true },  { __LINE__, "11.0.0.0", false },
		{ __LINE__, "172.16.0.1", true },      { __LINE__, "172.31.255.255", true },
		{ __LINE__, "172.32.0.0", false },     { __LINE__, "172.15.255.255", false },
		{ __LINE__, "192.168.3.4", true },     { __LINE__, "192.169.0.0", false },
		{ __LINE__, "100.64.0.1", true },      { __LINE__, "100.127.255.255", true },
		{ __LINE__, "100.128.0.0", false },    { __LINE__, "127.0.0.1", true },
		{ __LINE__, "169.254.169.253", true }, { __LINE__, "8.8.8.8", false },
		{ __LINE__, "::1", true },	       { __LINE__, "::2", false },
		{ __LINE__, "fd00::53", true },	       { __LINE__, "fe80::1", true },
		{ __LINE__, "fec0::1", false },	       { __LINE__, "2001:db8::1", false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct edns_option option;
		uint8_t packet[512], hops = 0;
		struct edns edns = query_to(rows[i].address, NULL, 2, 0, packet);
		bool told = option_of(&edns, OPTION_HOPS, &option);

		row_int(rows[i].line, told, rows[i].told);
		if (told) {
			row_true(rows[i].line, hops_read(&option, &hops));
			row_int(rows[i].line, hops, 3);
		}
	}
}

static void
hops_never_count_up_to_the_mark(void **state)
{
	struct edns_option option;
	uint8_t packet[512], hops;

	(void)state;
	for (unsigned from = 0; from <= UINT8_MAX; from++) {
		struct edns edns = query_to("10.0.0.1", NULL, (uint8_t)from, 0, packet);

		assert_true(option_of(&edns, OPTION_HOPS, &option));
		assert_true(hops_read(&option, &hops));
		assert_int_equal(hops, from < 0xfe ? from + 1 : 0xfe);
	}
}

static void
only_our_own_option_is_read_as_hops(void **state)
{
	static const struct {
		int line;
		uint16_t code, len;
		const char *data;
		bool ours;
	} rows[] = {
		{ __LINE__, OPTION_HOPS, 4, "cw\1\2", true },
		{ __LINE__, OPTION_HOPS, 4, "cw\2\2", false },
		{ __LINE__, OPTION_HOPS, 4, "xw\1\2", false },
		{ __LINE__, OPTION_HOPS, 3, "cw\1", false },
		{ __LINE__, OPTION_HOPS, 5, "cw\1\2\3", false },
		{ __LINE__, OPTION_HOPS, 0, "", false },
		{ __LINE__, OPTION_COOKIE, 4, "cw\1\2", false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct edns_option option = { rows[i].code, rows[i].len,
					      (const uint8_t *)rows[i].data };
		uint8_t hops = 99;

		row_int(rows[i].line, hops_read(&option, &hops), rows[i].ours);
		row_int(rows[i].line, hops, rows[i].ours ? 2 : 99);
	}
}

/* A reply as a row describes it: a letter for each thing in it. */
enum { OURS = 1, WRONG = 2, SERVER = 4, LOOP = 8, NO_OPT = 16, SHORT = 32, BAD = 64, LONG = 128,
       TWO_OPT = 256, CUT = 512, ODD = 1024 };

static size_t
reply_with(unsigned what, uint8_t packet[512])
{
	struct name name = wire_name("www.corp.example.", NULL);
	uint8_t cookie[41];
	struct builder b;
	size_t len = 0;

	client_cookie_of("10.0.0.1", cookie);
	memset(cookie + 8, 0x55, sizeof(cookie) - 8);
	if (what & (OURS | WRONG))
		len = 8;
	if (what & SERVER)
		len = 24;
	if (what & SHORT)
		len = 12;
	if (what & LONG)
		len = 41;
	if (what & WRONG)
		cookie[0] ^= 1;
	build_query(&b, packet, 512, 1, name.wire, TYPE_A, CLASS_IN);
	packet[2] |= MSG_QR >> 8;
	for (int n = what & TWO_OPT ? 2 : what & NO_OPT ? 0 : 1; n; n--) {
		build_opt_begin(&b, 1232, false, what & BAD ? RCODE_BADCOOKIE : RCODE_NOERROR);
		if (what & ODD)
			build_option(&b, OPTION_NSID, "x", 1);
		if (len)
			build_option(&b, OPTION_COOKIE, cookie, len);
		if (what & LOOP)
			hops_write(&b, HOPS_LOOP);
	}
	if (what & BAD)		/* build_opt_begin sets the upper bits alone */
		packet[3] = (uint8_t)((packet[3] & 0xf0) | (RCODE_BADCOOKIE & 15));
	assert_false(b.out.failed);
	return what & CUT ? b.out.len - 1 : b.out.len;
}

static void
replies_are_judged_by_their_cookie(void **state)
{
	static const struct {
		int line;
		unsigned what;
		bool known, stream;	/* has it given a server cookie? */
		enum options_verdict verdict;
		uint8_t server_len;
	} rows[] = {
		/* unknown: only a wrong cookie is forged */
		{ __LINE__, NO_OPT, false, false, OPTIONS_FINE, 0 },
		{ __LINE__, 0, false, false, OPTIONS_FINE, 0 },
		{ __LINE__, ODD, false, false, OPTIONS_FINE, 0 },
		{ __LINE__, OURS, false, false, OPTIONS_FINE, 0 },
		{ __LINE__, OURS | SERVER, false, false, OPTIONS_FINE, 16 },
		{ __LINE__, OURS | SERVER | ODD, false, false, OPTIONS_FINE, 16 },
		{ __LINE__, WRONG, false, false, OPTIONS_FORGED, 0 },
		{ __LINE__, WRONG | SERVER, false, false, OPTIONS_FORGED, 0 },
		{ __LINE__, SHORT, false, false, OPTIONS_FORGED, 0 },
		{ __LINE__, LONG, false, false, OPTIONS_FORGED, 0 },
		/* known to speak: a missing one is, too */
		{ __LINE__, NO_OPT, true, false, OPTIONS_FORGED, 0 },
		{ __LINE__, 0, true, false, OPTIONS_FORGED, 0 },
		{ __LINE__, TWO_OPT | OURS, true, false, OPTIONS_FORGED, 0 },
		{ __LINE__, OURS | CUT, true, false, OPTIONS_FORGED, 0 },
		{ __LINE__, OURS, true, false, OPTIONS_FINE, 0 },
		{ __LINE__, OURS | SERVER, true, false, OPTIONS_FINE, 16 },
		{ __LINE__, WRONG | SERVER, true, false, OPTIONS_FORGED, 0 },
		/* a stream proves the address */
		{ __LINE__, NO_OPT, true, true, OPTIONS_FINE, 0 },
		{ __LINE__, 0, true, true, OPTIONS_FINE, 0 },
		{ __LINE__, WRONG, true, true, OPTIONS_FORGED, 0 },
		/* BADCOOKIE without a new one leads nowhere: it is a failure like others */
		{ __LINE__, BAD | OURS | SERVER, false, false, OPTIONS_BADCOOKIE, 16 },
		{ __LINE__, BAD | OURS | SERVER, true, true, OPTIONS_BADCOOKIE, 16 },
		{ __LINE__, BAD | OURS, true, false, OPTIONS_FINE, 0 },
		{ __LINE__, BAD, true, false, OPTIONS_FORGED, 0 },
		{ __LINE__, BAD | WRONG | SERVER, false, false, OPTIONS_FORGED, 0 },
	};
	struct snapshot_target target = target_at("10.0.0.1");

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct target_cookie cookie = { .server_len = rows[i].known ? 16 : 0 };
		struct upstream_options options;
		uint8_t packet[512];
		size_t len = reply_with(rows[i].what, packet);

		row_int(rows[i].line,
			upstream_options_read(packet, len, rows[i].stream, &secret, &target,
					      &cookie, &options),
			rows[i].verdict);
		row_int(rows[i].line, options.server_len, rows[i].server_len);
		row_int(rows[i].line, cookie.server_len, rows[i].known ? 16 : 0);
	}
}

static void
the_loop_mark_is_seen(void **state)
{
	struct snapshot_target target = target_at("10.0.0.1");
	struct upstream_options options;
	uint8_t packet[512];

	(void)state;
	assert_int_equal(upstream_options_read(packet, reply_with(OURS | LOOP, packet), false,
					       &secret, &target, NULL, &options),
			 OPTIONS_FINE);
	assert_true(options.looped && options.has_opt);
	assert_int_equal(upstream_options_read(packet, reply_with(OURS, packet), false, &secret,
					       &target, NULL, &options),
			 OPTIONS_FINE);
	assert_false(options.looped);
	assert_int_equal(upstream_options_read(packet, reply_with(NO_OPT, packet), false, &secret,
					       &target, NULL, &options),
			 OPTIONS_FINE);
	assert_false(options.has_opt);
}

static void
whoever_gives_no_cookie_twice_is_not_asked_for_an_hour(void **state)
{
	struct upstream_options none = { .has_opt = true };
	struct target_cookie cookie = { 0 };
	struct edns_option option;
	uint8_t packet[512];
	struct edns edns;

	(void)state;
	upstream_options_learn(&cookie, &none, false, 1000);
	edns = query_to("10.0.0.1", &cookie, 0, 1000, packet);
	assert_true(option_of(&edns, OPTION_COOKIE, &option));
	upstream_options_learn(&cookie, &none, false, 1000);
	edns = query_to("10.0.0.1", &cookie, 0, 1000 + HOUR_MS - 1, packet);
	assert_false(option_of(&edns, OPTION_COOKIE, &option));
	/* replies in that hour say nothing: they were not asked */
	upstream_options_learn(&cookie, &none, false, 2000);
	edns = query_to("10.0.0.1", &cookie, 0, 1000 + HOUR_MS, packet);
	assert_true(option_of(&edns, OPTION_COOKIE, &option));
	upstream_options_learn(NULL, &none, false, 0);
}

static void
only_a_stream_unlearns_a_server_cookie(void **state)
{
	struct upstream_options none = { .has_opt = true }, echo = { .has_cookie = true };
	struct upstream_options given = {
		.has_cookie = true,
		.server_len = 8,
		.server = "12345678",
	};
	struct target_cookie cookie = { .without = 1 };

	(void)state;
	upstream_options_learn(&cookie, &given, false, 0);
	assert_int_equal(cookie.server_len, 8);
	assert_memory_equal(cookie.server, "12345678", 8);
	assert_int_equal(cookie.without, 0);
	upstream_options_learn(&cookie, &echo, false, 0);
	assert_int_equal(cookie.server_len, 8);
	upstream_options_learn(&cookie, &none, true, 0);
	assert_int_equal(cookie.server_len, 0);
	assert_int_equal(cookie.silent_until_ms, 0);
	upstream_options_learn(&cookie, &none, true, 5);
	assert_int_equal(cookie.silent_until_ms, 5 + HOUR_MS);
}

/** Whatever the octets, reading ends, stays inside and never takes a cookie that is not ours. */
static void
no_octets_give_a_cookie_that_is_not_for_us(void **state)
{
	struct snapshot_target target = target_at("10.0.0.1");
	struct target_cookie cookie = { .server_len = 16 };
	uint64_t seed = 8;
	uint8_t ours[8];

	(void)state;
	client_cookie_of("10.0.0.1", ours);
	for (unsigned run = 0; run < 50000; run++) {
		struct upstream_options options;
		uint8_t packet[512], *exact;
		size_t len = reply_with(OURS | SERVER | ODD, packet);
		enum options_verdict verdict;

		for (unsigned n = 1 + random_to(&seed, 4); n; n--)
			packet[random_to(&seed, (unsigned)len)] = (uint8_t)next_random(&seed);
		len = random_to(&seed, 4) ? len : random_to(&seed, (unsigned)len + 1);
		exact = malloc(len ? len : 1);	/* its end is watched over */
		memcpy(exact, packet, len);
		verdict = upstream_options_read(exact, len, false, &secret, &target, &cookie,
						&options);
		free(exact);
		if (options.has_cookie)
			assert_true(verdict != OPTIONS_FORGED && options.server_len <= 32);
		if (verdict == OPTIONS_FINE)
			assert_non_null(memmem(packet, len, ours, sizeof(ours)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_cookie_hangs_on_the_secret_and_the_address_alone),
		cmocka_unit_test(the_server_cookie_goes_back_as_it_came),
		cmocka_unit_test(hops_go_to_private_addresses_only),
		cmocka_unit_test(hops_never_count_up_to_the_mark),
		cmocka_unit_test(only_our_own_option_is_read_as_hops),
		cmocka_unit_test(replies_are_judged_by_their_cookie),
		cmocka_unit_test(the_loop_mark_is_seen),
		cmocka_unit_test(whoever_gives_no_cookie_twice_is_not_asked_for_an_hour),
		cmocka_unit_test(only_a_stream_unlearns_a_server_cookie),
		cmocka_unit_test(no_octets_give_a_cookie_that_is_not_for_us),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
