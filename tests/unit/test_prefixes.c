#include "base/prefixes.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "unit/unit.h"

#define MOST 300

static struct prefix_value
value(const char *text, uint32_t number)
{
	struct prefix_value v = { .value = number };

	assert_int_equal(prefix_parse(text, &v.prefix), OK);
	return v;
}

static uint32_t
find(const struct prefix_range *ranges, size_t count, const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return prefixes_find(ranges, count, &addr);
}

static void
no_prefixes_make_no_ranges(void **state)
{
	struct prefix_range out[1];

	(void)state;
	assert_int_equal(prefixes_build(NULL, 0, out), 0);
	assert_int_equal(find(NULL, 0, "10.0.0.1"), PREFIXES_NONE);
}

static void
the_longest_prefix_wins(void **state)
{
	struct prefix_value in[] = {
		value("10.1.2.0/24", 3), value("10.0.0.0/8", 1), value("10.1.0.0/16", 2),
		value("::1/128", 4), value("10.1.2.255/32", 5), value("255.255.255.255/32", 6),
		value("ffff::/16", 7),
	};
	static const struct {
		int line;
		const char *addr;
		uint32_t want;
	} rows[] = {
		{ __LINE__, "9.255.255.255", PREFIXES_NONE },
		{ __LINE__, "10.0.0.0", 1 },
		{ __LINE__, "10.0.255.255", 1 },
		{ __LINE__, "10.1.0.0", 2 },
		{ __LINE__, "10.1.1.255", 2 },
		{ __LINE__, "10.1.2.0", 3 },
		{ __LINE__, "10.1.2.254", 3 },
		{ __LINE__, "10.1.2.255", 5 },
		{ __LINE__, "10.1.3.0", 2 },
		{ __LINE__, "10.2.0.0", 1 },
		{ __LINE__, "10.255.255.255", 1 },
		{ __LINE__, "11.0.0.0", PREFIXES_NONE },
		{ __LINE__, "::", PREFIXES_NONE },
		{ __LINE__, "::1", 4 },
		{ __LINE__, "::2", PREFIXES_NONE },
		{ __LINE__, "255.255.255.255", 6 },
		{ __LINE__, "fffe::", PREFIXES_NONE },
		{ __LINE__, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 7 },
	};
	struct prefix_range out[2 * COUNT_OF(in) + 1];
	size_t count = prefixes_build(in, COUNT_OF(in), out);

	(void)state;
	assert_true(count <= COUNT_OF(out));
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_int(rows[i].line, find(out, count, rows[i].addr), rows[i].want);
}

static void
of_equal_prefixes_the_first_given_wins(void **state)
{
	struct prefix_value in[] = {
		value("10.0.0.0/8", 9), value("10.1.0.0/16", 8), value("10.0.0.0/8", 1),
		value("10.1.0.0/16", 2), value("10.0.0.0/8", 3),
	};
	struct prefix_range out[2 * COUNT_OF(in) + 1];
	size_t count = prefixes_build(in, COUNT_OF(in), out);

	(void)state;
	assert_int_equal(find(out, count, "10.0.0.1"), 9);
	assert_int_equal(find(out, count, "10.1.0.1"), 8);
}

static void
neighbours_with_one_value_are_one_range(void **state)
{
	struct prefix_value halves[] = { value("10.0.0.0/9", 1), value("10.128.0.0/9", 1) };
	struct prefix_value nested[] = { value("10.0.0.0/8", 1), value("10.3.0.0/16", 1) };
	struct prefix_value all[] = { value("::/0", 1), value("10.0.0.0/8", 1) };
	struct prefix_range out[5];

	(void)state;
	assert_int_equal(prefixes_build(halves, 2, out), 3);	/* none, 1, none */
	assert_int_equal(prefixes_build(nested, 2, out), 3);
	assert_int_equal(prefixes_build(all, 2, out), 1);
	assert_int_equal(out[0].value, 1);
	assert_int_equal(out[0].zero, 0);
}

static void
a_chain_of_every_length_is_flattened(void **state)
{
	struct prefix_value in[129];
	struct prefix_range out[2 * 129 + 1];
	struct addr addr = { .port = 0 };
	size_t count;

	(void)state;
	for (unsigned bits = 0; bits <= 128; bits++)
		in[bits] = (struct prefix_value){ .prefix.bits = (uint8_t)bits, .value = bits };
	count = prefixes_build(in, 129, out);
	assert_int_equal(prefixes_find(out, count, &addr), 128);
	for (unsigned bit = 0; bit < 128; bit++) {
		memset(addr.ip, 0, sizeof(addr.ip));
		addr.ip[bit / 8] = (uint8_t)(0x80 >> bit % 8);
		assert_int_equal(prefixes_find(out, count, &addr), bit);
	}
}

static uint32_t
naive_find(const struct prefix_value *in, size_t count, const struct addr *addr)
{
	const struct prefix_value *best = NULL;

	for (size_t i = 0; i < count; i++) {
		if (prefix_covers(&in[i].prefix, addr) &&
		    (!best || in[i].prefix.bits > best->prefix.bits))
			best = &in[i];
	}
	return best ? best->value : PREFIXES_NONE;
}

/** Addresses crowd into few values, so that prefixes nest, touch and repeat. */
static void
random_ip(uint64_t *seed, uint8_t *ip)
{
	static const uint8_t octets[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff };

	memset(ip, 0, 10);
	memset(ip + 10, 0xff, 2);
	for (int i = 12; i < 16; i++)
		ip[i] = octets[random_to(seed, COUNT_OF(octets))];
	if (random_to(seed, 4) == 0)
		ip[random_to(seed, 16)] = octets[random_to(seed, COUNT_OF(octets))];
}

static struct prefix_value
random_value(uint64_t *seed)
{
	struct prefix_value v = { .value = random_to(seed, 20) };

	random_ip(seed, v.prefix.ip);
	v.prefix.bits = (uint8_t)(random_to(seed, 8) ? 96 + random_to(seed, 33)
						     : random_to(seed, 129));
	for (unsigned i = v.prefix.bits; i < 128; i++)
		v.prefix.ip[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	return v;
}

static bool
ranges_rise(const struct prefix_range *ranges, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (memcmp(ranges[i - 1].first, ranges[i].first, 16) >= 0 ||
		    ranges[i - 1].value == ranges[i].value)
			return false;
	}
	return true;
}

static void
finding_agrees_with_a_naive_scan(void **state)
{
	struct prefix_value given[MOST], in[MOST];
	struct prefix_range out[2 * MOST + 1];
	uint64_t seed = 2;

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t count = 1 + random_to(&seed, round % 10 ? 20 : MOST), ranges;

		for (size_t i = 0; i < count; i++)
			given[i] = in[i] = random_value(&seed);
		ranges = prefixes_build(in, count, out);
		assert_true(ranges <= 2 * count + 1);
		assert_true(ranges_rise(out, ranges));
		for (int i = 0; i < 200; i++) {
			struct addr addr;

			random_ip(&seed, addr.ip);
			assert_int_equal(prefixes_find(out, ranges, &addr),
					 naive_find(given, count, &addr));
		}
		for (size_t i = 0; i < ranges; i++) {	/* and at every edge */
			struct addr addr;

			memcpy(addr.ip, out[i].first, 16);
			assert_int_equal(out[i].value, naive_find(given, count, &addr));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_prefixes_make_no_ranges),
		cmocka_unit_test(the_longest_prefix_wins),
		cmocka_unit_test(of_equal_prefixes_the_first_given_wins),
		cmocka_unit_test(neighbours_with_one_value_are_one_range),
		cmocka_unit_test(a_chain_of_every_length_is_flattened),
		cmocka_unit_test(finding_agrees_with_a_naive_scan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
