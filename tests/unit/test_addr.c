#include "base/addr.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "unit/unit.h"

static void
addresses_are_parsed_and_printed(void **state)
{
	static const struct {
		int line;
		const char *in, *out;	/* out NULL: refused */
	} rows[] = {
		{ __LINE__, "10.0.0.1", "10.0.0.1" },
		{ __LINE__, "255.255.255.255", "255.255.255.255" },
		{ __LINE__, "0.0.0.0", "0.0.0.0" },
		{ __LINE__, "::", "::" },
		{ __LINE__, "::1", "::1" },
		{ __LINE__, "2001:DB8::1", "2001:db8::1" },
		{ __LINE__, "2001:0db8:0:0:0:0:0:1", "2001:db8::1" },
		{ __LINE__, "::ffff:10.0.0.1", "10.0.0.1" },
		{ __LINE__, "::ffff:a00:1", "10.0.0.1" },
		{ __LINE__, "fe80::1", "fe80::1" },
		{ __LINE__, "fe80::1%eth0", NULL },
		{ __LINE__, "010.0.0.1", NULL },
		{ __LINE__, "10.0.0", NULL },
		{ __LINE__, "10.0.0.256", NULL },
		{ __LINE__, "10.0.0.1 ", NULL },
		{ __LINE__, "10.0.0.1:53", NULL },
		{ __LINE__, "[::1]", NULL },
		{ __LINE__, "1::2::3", NULL },
		{ __LINE__, "localhost", NULL },
		{ __LINE__, "", NULL },
	};
	char buf[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct addr addr = { .port = 9 };

		row_int(rows[i].line, addr_parse(rows[i].in, &addr), rows[i].out != NULL);
		if (!rows[i].out)
			continue;
		row_int(rows[i].line, addr.port, 0);
		row_string(rows[i].line, addr_print(&addr, buf), rows[i].out);
	}
}

static void
a_port_is_printed_behind_the_address(void **state)
{
	char buf[ADDR_TEXT_MAX];
	struct addr addr;

	(void)state;
	assert_true(addr_parse("10.0.0.1", &addr));
	addr.port = 53;
	assert_string_equal(addr_print_port(&addr, buf), "10.0.0.1:53");
	assert_true(addr_parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &addr));
	addr.port = 65535;
	assert_string_equal(addr_print_port(&addr, buf),
			    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void
families_and_loopback_are_told_apart(void **state)
{
	static const struct {
		int line;
		const char *in;
		bool v4, loopback;
	} rows[] = {
		{ __LINE__, "127.0.0.1", true, true },
		{ __LINE__, "127.255.0.9", true, true },
		{ __LINE__, "128.0.0.1", true, false },
		{ __LINE__, "::1", false, true },
		{ __LINE__, "::2", false, false },
		{ __LINE__, "::127.0.0.1", false, false },
		{ __LINE__, "::ffff:127.0.0.1", true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct addr addr;

		row_true(rows[i].line, addr_parse(rows[i].in, &addr));
		row_int(rows[i].line, addr_is_v4(&addr), rows[i].v4);
		row_int(rows[i].line, addr_is_loopback(&addr), rows[i].loopback);
	}
}

static void
equality_may_heed_the_port_or_not(void **state)
{
	struct addr a, b;

	(void)state;
	assert_true(addr_parse("10.0.0.1", &a));
	b = a;
	b.port = 53;
	assert_true(addr_same_ip(&a, &b));
	assert_false(addr_equal(&a, &b));
	a.port = 53;
	assert_true(addr_equal(&a, &b));
	b.ip[15] ^= 1;
	assert_false(addr_equal(&a, &b));
}

static void
socket_addresses_go_there_and_back(void **state)
{
	static const struct {
		const char *ip;
		sa_family_t family;
		socklen_t len;
	} rows[] = {
		{ "192.0.2.7", AF_INET, sizeof(struct sockaddr_in) },
		{ "2001:db8::7", AF_INET6, sizeof(struct sockaddr_in6) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sockaddr_storage ss;
		struct addr addr, back;

		assert_true(addr_parse(rows[i].ip, &addr));
		addr.port = 5300;
		assert_int_equal(addr_to_sockaddr(&addr, &ss), rows[i].len);
		assert_int_equal(ss.ss_family, rows[i].family);
		assert_true(addr_from_sockaddr((struct sockaddr *)&ss, &back));
		assert_true(addr_equal(&addr, &back));
	}
}

static void
what_the_kernel_gives_for_mapped_clients_is_ipv4(void **state)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6, .sin6_port = htons(7) };
	struct sockaddr_un other = { .sun_family = AF_UNIX };
	struct addr addr;

	(void)state;
	assert_int_equal(inet_pton(AF_INET6, "::ffff:10.1.2.3", &sa.sin6_addr), 1);
	assert_true(addr_from_sockaddr((struct sockaddr *)&sa, &addr));
	assert_true(addr_is_v4(&addr));
	assert_int_equal(addr.port, 7);
	assert_false(addr_from_sockaddr((struct sockaddr *)&other, &addr));
}

static void
prefixes_are_parsed_and_printed(void **state)
{
	static const struct {
		int line;
		const char *in;
		enum status status;
		const char *out;
		bool v4;
	} rows[] = {
		{ __LINE__, "10.0.0.0/16", OK, "10.0.0.0/16", true },
		{ __LINE__, "0.0.0.0/0", OK, "0.0.0.0/0", true },
		{ __LINE__, "10.0.0.1", OK, "10.0.0.1/32", true },
		{ __LINE__, "10.0.0.1/32", OK, "10.0.0.1/32", true },
		{ __LINE__, "::1", OK, "::1/128", false },
		{ __LINE__, "::/0", OK, "::/0", false },
		{ __LINE__, "2001:db8::/32", OK, "2001:db8::/32", false },
		{ __LINE__, "fe80::/8", ERR_REJECTED, NULL, false },
		{ __LINE__, "10.0.0.1/16", ERR_REJECTED, NULL, false },
		{ __LINE__, "128.0.0.0/0", ERR_REJECTED, NULL, false },
		{ __LINE__, "10.0.0.0/33", ERR_MALFORMED, NULL, false },
		{ __LINE__, "::/129", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0.0.0/", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0.0.0/08", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0.0.0/+8", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0.0.0/8/8", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0.0.0/4294967304", ERR_MALFORMED, NULL, false },
		{ __LINE__, "/8", ERR_MALFORMED, NULL, false },
		{ __LINE__, "", ERR_MALFORMED, NULL, false },
		{ __LINE__, "10.0/16", ERR_MALFORMED, NULL, false },
		{ __LINE__,
		  "0000000000000000000000000000000000000000000000000000000000000000000/8",
		  ERR_MALFORMED, NULL, false },
	};
	char buf[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct prefix prefix;

		row_int(rows[i].line, prefix_parse(rows[i].in, &prefix), rows[i].status);
		if (rows[i].status != OK)
			continue;
		row_string(rows[i].line, prefix_print(&prefix, buf), rows[i].out);
		row_int(rows[i].line, prefix_is_v4(&prefix), rows[i].v4);
	}
}

static void
covering_and_overlapping_go_by_the_bits(void **state)
{
	static const struct {
		int line;
		const char *prefix, *addr;
		bool covers;
	} rows[] = {
		{ __LINE__, "10.0.0.0/16", "10.0.255.255", true },
		{ __LINE__, "10.0.0.0/16", "10.1.0.0", false },
		{ __LINE__, "10.0.0.0/15", "10.1.0.0", true },
		{ __LINE__, "10.128.0.0/9", "10.127.255.255", false },
		{ __LINE__, "0.0.0.0/0", "255.1.2.3", true },
		{ __LINE__, "0.0.0.0/0", "::1", false },
		{ __LINE__, "::/0", "10.0.0.1", true },
		{ __LINE__, "2001:db8::/33", "2001:db8:7fff::", true },
		{ __LINE__, "2001:db8::/33", "2001:db8:8000::", false },
		{ __LINE__, "::1", "::1", true },
		{ __LINE__, "::1", "::", false },
	};
	struct prefix wide, narrow, other;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct prefix prefix;
		struct addr addr;

		row_int(rows[i].line, prefix_parse(rows[i].prefix, &prefix), OK);
		row_true(rows[i].line, addr_parse(rows[i].addr, &addr));
		row_int(rows[i].line, prefix_covers(&prefix, &addr), rows[i].covers);
	}
	assert_int_equal(prefix_parse("10.0.0.0/8", &wide), OK);
	assert_int_equal(prefix_parse("10.9.0.0/16", &narrow), OK);
	assert_int_equal(prefix_parse("11.0.0.0/16", &other), OK);
	assert_true(prefix_overlaps(&wide, &narrow));
	assert_true(prefix_overlaps(&narrow, &wide));
	assert_true(prefix_overlaps(&wide, &wide));
	assert_false(prefix_overlaps(&wide, &other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_parsed_and_printed),
		cmocka_unit_test(a_port_is_printed_behind_the_address),
		cmocka_unit_test(families_and_loopback_are_told_apart),
		cmocka_unit_test(equality_may_heed_the_port_or_not),
		cmocka_unit_test(socket_addresses_go_there_and_back),
		cmocka_unit_test(what_the_kernel_gives_for_mapped_clients_is_ipv4),
		cmocka_unit_test(prefixes_are_parsed_and_printed),
		cmocka_unit_test(covering_and_overlapping_go_by_the_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
