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

/** Three NS sets, whose names are of different lengths. */
static struct rrset
three_records(uint8_t *wire, size_t size, uint16_t *names)
{
	static const struct rdata in[] = {
		{ (const uint8_t *)"\1a", 3 },
		{ (const uint8_t *)"\2bb", 4 },
		{ (const uint8_t *)"\3ccc", 5 },
	};
	struct writer out = writer_over(wire, size);
	struct rrset set = { .type = TYPE_NS, .count = 3, .ttl_s = 60, .wire = wire,
			     .names = names };

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(rrset_encode(&out, TYPE_NS, 60, in[i], names,
					      &set.name_count), OK);
	set.wire_len = (uint16_t)out.len;
	return set;
}

static void
a_shuffled_set_has_the_same_records_and_knows_their_names(void **state)
{
	uint16_t names[8], room[64];
	struct rrset set, shuffled;
	struct random random;
	uint8_t wire[64];

	(void)state;
	random_seed(&random, 1);
	set = three_records(wire, sizeof(wire), names);
	assert_in_range(rrset_shuffle_room(&set), set.wire_len, sizeof(room));
	for (unsigned i = 0; i < 100; i++) {
		struct rrset_walk walk;
		bool seen[4] = { false };
		struct rdata data;

		rrset_shuffle(&set, &random, room, &shuffled);
		assert_int_equal(shuffled.wire_len, set.wire_len);
		assert_int_equal(shuffled.count, 3);
		walk = rrset_begin(&shuffled);
		for (unsigned k = 0; k < 3; k++) {
			assert_true(rrset_next(&walk, &data));
			assert_ptr_equal(shuffled.wire + shuffled.names[k], data.data);
			assert_in_range(data.data[0], 1, 3);
			assert_int_equal(data.len, data.data[0] + 2);
			assert_false(seen[data.data[0]]);
			seen[data.data[0]] = true;
		}
		assert_false(rrset_next(&walk, &data));
	}
}

static void
every_order_is_equally_likely(void **state)
{
	unsigned drawn[4][4] = { { 0 } };
	uint16_t names[8], room[64];
	struct rrset set, shuffled;
	struct random random;
	uint8_t wire[64];
	double chi = 0;

	(void)state;
	random_seed(&random, 2);
	set = three_records(wire, sizeof(wire), names);
	for (unsigned i = 0; i < 6000; i++) {
		rrset_shuffle(&set, &random, room, &shuffled);
		drawn[shuffled.wire[shuffled.names[0]]][shuffled.wire[shuffled.names[1]]]++;
	}
	for (unsigned a = 1; a <= 3; a++)
		for (unsigned b = 1; b <= 3; b++)
			if (a != b)
				chi += (drawn[a][b] - 1000.0) * (drawn[a][b] - 1000.0) / 1000;
	assert_true(chi < 20.5);	/* 5 degrees of freedom: 1 in 1,000 would be more */
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
		cmocka_unit_test(a_shuffled_set_has_the_same_records_and_knows_their_names),
		cmocka_unit_test(every_order_is_equally_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
