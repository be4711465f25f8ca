#include "dns/rrset.h"

#include <stdbool.h>
#include <string.h>

#include "dns/codes.h"
#include "unit/unit.h"

#define RDATA(s) (struct rdata){ (const uint8_t *)(s), sizeof(s) - 1 }

static void
records_are_encoded_as_they_will_be_sent(void **state)
{
	uint8_t wire[64];
	uint16_t names[RRSET_MAX_NAMES], name_count = 0;
	struct writer out = writer_over(wire, sizeof(wire));

	(void)state;
	assert_int_equal(rrset_encode(&out, TYPE_NS, 60, RDATA("\2NS\0"), names, &name_count), OK);
	assert_int_equal(out.len, 12 + 4);
	assert_memory_equal(wire, "\xc0\x0c\0\2\0\1\0\0\0\x3c\0\4\2NS", 16);
	assert_int_equal(name_count, 1);
	assert_int_equal(names[0], 12);
	assert_int_equal(rrset_encode(&out, TYPE_NS, 60, RDATA("\1b\0"), names, &name_count), OK);
	assert_int_equal(out.len, 16 + 12 + 3);
	assert_int_equal(name_count, 2);
	assert_int_equal(names[1], 28);
}

static void
a_soa_has_two_names_a_srv_none(void **state)
{
	uint8_t wire[128];
	uint16_t names[RRSET_MAX_NAMES], name_count = 0;
	struct writer out = writer_over(wire, sizeof(wire));

	(void)state;
	assert_int_equal(rrset_encode(&out, TYPE_SOA, 900,
				      RDATA("\2ns\1a\0\1h\1a\0" "00001111222233334444"), names,
				      &name_count),
			 OK);
	assert_int_equal(name_count, 2);
	assert_int_equal(names[0], 12);
	assert_int_equal(names[1], 18);
	assert_int_equal(rrset_encode(&out, TYPE_SRV, 900, RDATA("\0\1\0\1\0\1\1a\0"), names,
				      &name_count),
			 OK);
	assert_int_equal(name_count, 2);
}

static void
data_that_breaks_its_layout_changes_nothing(void **state)
{
	uint8_t wire[64];
	uint16_t names[RRSET_MAX_NAMES], name_count = 0;
	struct writer out = writer_over(wire, sizeof(wire));

	(void)state;
	assert_int_equal(rrset_encode(&out, TYPE_A, 60, RDATA("\1\2\3"), names, &name_count),
			 ERR_MALFORMED);
	assert_int_equal(rrset_encode(&out, TYPE_A, 60, RDATA("\1\2\3\4\5"), names, &name_count),
			 ERR_MALFORMED);
	assert_int_equal(rrset_encode(&out, TYPE_NS, 60, RDATA("\1a\xc0\x0c"), names, &name_count),
			 ERR_MALFORMED);
	assert_int_equal(out.len, 0);
	assert_int_equal(name_count, 0);
	assert_false(out.failed);
}

static void
a_set_ends_at_65535_octets(void **state)
{
	static uint8_t wire[70000], data[65535];
	static uint16_t names[RRSET_MAX_NAMES];
	uint16_t name_count = 0;
	struct writer out = writer_over(wire, sizeof(wire));
	struct rdata rdata = { data, 65535 - 12 - 16 };

	(void)state;
	assert_int_equal(rrset_encode(&out, 65280, 60, rdata, names, &name_count), OK);
	assert_int_equal(rrset_encode(&out, TYPE_A, 60, RDATA("\1\2\3\4"), names, &name_count), OK);
	assert_int_equal(out.len, 65535);
	rdata.len = 0;
	assert_int_equal(rrset_encode(&out, 65280, 60, rdata, names, &name_count), ERR_LIMIT);
	assert_int_equal(out.len, 65535);
	out.len = 0;
	rdata.len = 65535 - 12 + 1;
	assert_int_equal(rrset_encode(&out, 65280, 60, rdata, names, &name_count), ERR_LIMIT);
}

static void
a_set_has_so_many_names_and_no_more(void **state)
{
	static uint8_t wire[65535];
	static uint16_t names[RRSET_MAX_NAMES];
	struct writer out = writer_over(wire, sizeof(wire));
	uint16_t name_count = 0;

	(void)state;
	for (unsigned i = 0; i < RRSET_MAX_NAMES; i++)
		assert_int_equal(rrset_encode(&out, TYPE_NS, 1, RDATA("\0"), names, &name_count),
				 OK);
	assert_int_equal(name_count, RRSET_MAX_NAMES);
	assert_int_equal(rrset_encode(&out, TYPE_NS, 1, RDATA("\0"), names, &name_count),
			 ERR_LIMIT);
	assert_int_equal(name_count, RRSET_MAX_NAMES);
	assert_int_equal(out.len, 13 * RRSET_MAX_NAMES);
}

static void
a_writer_that_is_full_is_left_as_it_was(void **state)
{
	uint8_t wire[20];
	uint16_t names[8], name_count = 0;

	(void)state;
	for (size_t room = 0; room < 16; room++) {
		struct writer out = writer_over(wire, room);

		assert_int_equal(rrset_encode(&out, TYPE_A, 60, RDATA("\1\2\3\4"), names,
					      &name_count),
				 ERR_LIMIT);
		assert_int_equal(out.len, 0);
		assert_false(out.failed);
	}
}

static void
walking_gives_the_data_back(void **state)
{
	static const struct rdata in[] = {
		{ (const uint8_t *)"\3abc", 4 }, { (const uint8_t *)"\0", 1 },
		{ (const uint8_t *)"\1x\1y", 4 },
	};
	uint8_t wire[128];
	uint16_t names[8], name_count = 0;
	struct writer out = writer_over(wire, sizeof(wire));
	struct rrset set = { .type = TYPE_TXT, .count = 3, .wire = wire };
	struct rrset_walk walk;
	struct rdata rdata;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(in); i++)
		assert_int_equal(rrset_encode(&out, TYPE_TXT, 5, in[i], names, &name_count), OK);
	set.wire_len = (uint16_t)out.len;
	walk = rrset_begin(&set);
	for (size_t i = 0; i < COUNT_OF(in); i++) {
		assert_true(rrset_next(&walk, &rdata));
		assert_int_equal(rdata.len, in[i].len);
		assert_memory_equal(rdata.data, in[i].data, rdata.len);
	}
	assert_false(rrset_next(&walk, &rdata));
	assert_false(rrset_next(&walk, &rdata));

	set.wire_len = 0;
	walk = rrset_begin(&set);
	assert_false(rrset_next(&walk, &rdata));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_encoded_as_they_will_be_sent),
		cmocka_unit_test(a_soa_has_two_names_a_srv_none),
		cmocka_unit_test(data_that_breaks_its_layout_changes_nothing),
		cmocka_unit_test(a_set_ends_at_65535_octets),
		cmocka_unit_test(a_set_has_so_many_names_and_no_more),
		cmocka_unit_test(a_writer_that_is_full_is_left_as_it_was),
		cmocka_unit_test(walking_gives_the_data_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
