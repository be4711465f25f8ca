#include "engine/cookie.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"
#include "unit/wire.h"

#define SECRET	   "e5e973e5a6b2a43f48e7dc849e37bfcf"
#define OLD_SECRET "dd3bdf9344b678b185a6f5cb60fca715"
#define NEW_SECRET "445536bcd2513298075a5d379663c962"

static size_t
read_hex(const char *text, uint8_t *out)
{
	size_t len = 0;
	unsigned octet;

	for (; *text; text += 2) {
		if (sscanf(text, "%2x", &octet) != 1)
			wire_die("not hexadecimal", text);
		out[len++] = (uint8_t)octet;
	}
	return len;
}

/** Secrets in hex, 32 digits each, one behind the other. */
static struct cookie_secrets
secrets_of(const char *text)
{
	struct cookie_secrets secrets = { 0 };
	uint8_t octets[COOKIE_SECRET_OCTETS * 16];
	size_t len = read_hex(text, octets);

	for (size_t at = 0; at < len; at += COOKIE_SECRET_OCTETS)
		cookie_secret_add(&secrets, octets + at);
	return secrets;
}

/** What answers this option, in hex. */
static enum cookie_state
answer(const struct cookie_secrets *secrets, const char *client, const char *asked, uint32_t unix_s,
       char text[2 * COOKIE_OCTETS + 1])
{
	uint8_t octets[64], out[COOKIE_OCTETS];
	size_t len = read_hex(asked, octets);
	enum cookie_state state;
	struct addr addr;

	assert_true(addr_parse(client, &addr));
	assert_true(cookie_is_well_formed(len));
	state = cookie_answer(secrets, &addr, octets, len, unix_s, out);
	for (size_t i = 0; i < sizeof(out); i++)
		sprintf(text + 2 * i, "%02x", out[i]);
	return state;
}

static void
the_vectors_of_rfc_9018_come_out(void **state)
{
	static const struct {
		int line;
		const char *secrets, *client, *asked;
		uint32_t unix_s;
		enum cookie_state shown;
		const char *want;
	} rows[] = {
		/* A.1: learning a new server cookie */
		{ __LINE__, SECRET, "198.51.100.100", "2464c4abcf10c957", 1559731985, COOKIE_NONE,
		  "2464c4abcf10c957010000005cf79f111f8130c3eee29480" },
		/* A.2: the same client, 40 minutes later */
		{ __LINE__, SECRET, "198.51.100.100",
		  "2464c4abcf10c957010000005cf79f111f8130c3eee29480", 1559734385, COOKIE_GOOD,
		  "2464c4abcf10c957010000005cf7a871d4a564a1442aca77" },
		/* A.3: another client, whose cookie has reserved bits set and is too old by now
		 * (RFC 9018 calls it valid, and renews it as we do) */
		{ __LINE__, SECRET, "203.0.113.203",
		  "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", 1559734700, COOKIE_BAD,
		  "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e" },
		/* the same cookie while it is young is good, and stays */
		{ __LINE__, SECRET, "203.0.113.203",
		  "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", 1559727985 + 60, COOKIE_GOOD,
		  "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5" },
		/* A.4: IPv6, and the secret was rolled over */
		{ __LINE__, NEW_SECRET OLD_SECRET, "2001:db8:220:1:59de:d0f4:8769:82b8",
		  "22681ab97d52c298010000005cf7c57926556bd0934c72f8", 1559741961, COOKIE_GOOD,
		  "22681ab97d52c298010000005cf7c609a6bb79d16625507a" },
		/* ... for good */
		{ __LINE__, NEW_SECRET, "2001:db8:220:1:59de:d0f4:8769:82b8",
		  "22681ab97d52c298010000005cf7c57926556bd0934c72f8", 1559741961, COOKIE_BAD,
		  "22681ab97d52c298010000005cf7c609a6bb79d16625507a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cookie_secrets secrets = secrets_of(rows[i].secrets);
		char text[2 * COOKIE_OCTETS + 1];

		row_int(rows[i].line, answer(&secrets, rows[i].client, rows[i].asked,
					     rows[i].unix_s, text), rows[i].shown);
		row_string(rows[i].line, text, rows[i].want);
	}
}

static void
a_cookie_holds_for_an_hour_and_is_renewed_after_half_of_it(void **state)
{
	static const struct {
		int line;
		uint32_t made;
		int32_t later_s;
		enum cookie_state shown;
		bool renewed;
	} rows[] = {
		{ __LINE__, 1700000000, 0, COOKIE_GOOD, false },
		{ __LINE__, 1700000000, 1800, COOKIE_GOOD, false },
		{ __LINE__, 1700000000, 1801, COOKIE_GOOD, true },
		{ __LINE__, 1700000000, 3600, COOKIE_GOOD, true },
		{ __LINE__, 1700000000, 3601, COOKIE_BAD, true },
		{ __LINE__, 1700000000, 100000000, COOKIE_BAD, true },
		/* made by a server whose clock is ahead */
		{ __LINE__, 1700000000, -300, COOKIE_GOOD, false },
		{ __LINE__, 1700000000, -301, COOKIE_BAD, true },
		/* 2106, when 32 bits are over */
		{ __LINE__, 0xfffffff0, 100, COOKIE_GOOD, false },
		{ __LINE__, 0xfffffff0, 3601, COOKIE_BAD, true },
		{ __LINE__, 10, -100, COOKIE_GOOD, false },
	};
	struct cookie_secrets secrets = secrets_of(SECRET);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char first[2 * COOKIE_OCTETS + 1], second[2 * COOKIE_OCTETS + 1];
		uint32_t then = rows[i].made + (uint32_t)rows[i].later_s;

		answer(&secrets, "10.0.0.1", "0123456789abcdef", rows[i].made, first);
		row_int(rows[i].line, answer(&secrets, "10.0.0.1", first, then, second),
			rows[i].shown);
		row_int(rows[i].line, strcmp(first, second) != 0, rows[i].renewed);
	}
}

static void
no_change_to_a_cookie_goes_unnoticed(void **state)
{
	struct cookie_secrets secrets = secrets_of(SECRET NEW_SECRET);
	char good[2 * COOKIE_OCTETS + 1], text[2 * COOKIE_OCTETS + 1];
	uint8_t octets[COOKIE_OCTETS], out[COOKIE_OCTETS];
	const uint32_t now = 1700000000;
	struct addr addr;

	(void)state;
	answer(&secrets, "10.0.0.1", "0123456789abcdef", now, good);
	assert_int_equal(answer(&secrets, "10.0.0.1", good, now, text), COOKIE_GOOD);
	/* of another client */
	assert_int_equal(answer(&secrets, "10.0.0.2", good, now, text), COOKIE_BAD);
	assert_int_equal(answer(&secrets, "::a00:1", good, now, text), COOKIE_BAD);
	/* any bit of it */
	read_hex(good, octets);
	assert_true(addr_parse("10.0.0.1", &addr));
	for (unsigned bit = 0; bit < 8 * COOKIE_OCTETS; bit++) {
		octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(cookie_answer(&secrets, &addr, octets, sizeof(octets), now, out),
				 COOKIE_BAD);
		octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void
a_server_cookie_of_another_kind_is_answered_with_ours(void **state)
{
	struct cookie_secrets secrets = secrets_of(SECRET);
	uint8_t asked[64], out[COOKIE_OCTETS], fresh[COOKIE_OCTETS];
	struct addr addr;

	(void)state;
	assert_true(addr_parse("10.0.0.1", &addr));
	memset(asked, 0x5a, sizeof(asked));
	assert_int_equal(cookie_answer(&secrets, &addr, asked, 8, 1700000000, fresh), COOKIE_NONE);
	for (size_t len = 9; len <= 64; len++) {
		if (!cookie_is_well_formed(len)) {
			assert_true(len < 16 || len > 40);
			continue;
		}
		assert_int_equal(cookie_answer(&secrets, &addr, asked, len, 1700000000, out),
				 COOKIE_BAD);
		assert_memory_equal(out, fresh, sizeof(out));
	}
	for (size_t len = 0; len < 8; len++)
		assert_false(cookie_is_well_formed(len));
}

static void
any_of_the_secrets_is_recognised_and_the_first_signs(void **state)
{
	static const char all[] = NEW_SECRET OLD_SECRET SECRET;
	struct cookie_secrets secrets = secrets_of(all);
	char shown[2 * COOKIE_OCTETS + 1], text[2 * COOKIE_OCTETS + 1];
	char fresh[2 * COOKIE_OCTETS + 1];

	(void)state;
	answer(&secrets, "10.0.0.1", "0123456789abcdef", 1700000010, fresh);
	for (unsigned i = 0; i < 3; i++) {
		char one[33];
		struct cookie_secrets then;

		snprintf(one, sizeof(one), "%.32s", all + (size_t)32 * i);
		then = secrets_of(one);
		answer(&then, "10.0.0.1", "0123456789abcdef", 1700000000, shown);
		assert_int_equal(answer(&secrets, "10.0.0.1", shown, 1700000010, text),
				 COOKIE_GOOD);
		assert_string_equal(text, i == 0 ? shown : fresh);
	}
}

static void
one_secret_too_many_is_left_out(void **state)
{
	struct cookie_secrets secrets = { 0 };
	uint8_t secret[COOKIE_SECRET_OCTETS] = { 0 };

	(void)state;
	for (unsigned i = 0; i < COOKIE_SECRETS_MAX + 3; i++) {
		secret[0] = (uint8_t)i;
		cookie_secret_add(&secrets, secret);
	}
	assert_int_equal(secrets.count, COOKIE_SECRETS_MAX);
	assert_int_equal(secrets.keys[0].k0, 0);
	assert_int_equal(secrets.keys[COOKIE_SECRETS_MAX - 1].k0, COOKIE_SECRETS_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_9018_come_out),
		cmocka_unit_test(a_cookie_holds_for_an_hour_and_is_renewed_after_half_of_it),
		cmocka_unit_test(no_change_to_a_cookie_goes_unnoticed),
		cmocka_unit_test(a_server_cookie_of_another_kind_is_answered_with_ours),
		cmocka_unit_test(any_of_the_secrets_is_recognised_and_the_first_signs),
		cmocka_unit_test(one_secret_too_many_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
