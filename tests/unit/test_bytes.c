#include "base/bytes.h"

#include "unit/unit.h"

static void
integers_are_big_endian(void **state)
{
	static const uint8_t octets[] = { 1, 2, 3, 4, 5, 6, 7, 0xff };
	struct reader in = reader_over(octets, sizeof(octets));

	(void)state;
	assert_int_equal(load_u64(octets), 0x01020304050607ff);
	assert_int_equal(load_u32_le(octets), 0x04030201);
	assert_true(load_u64_le(octets) == 0xff07060504030201ull);
	assert_int_equal(reader_u8(&in), 1);
	assert_int_equal(reader_u16(&in), 0x0203);
	assert_int_equal(reader_u32(&in), 0x04050607);
	assert_int_equal(reader_left(&in), 1);
	assert_false(in.failed);
}

static void
what_is_written_is_read_back(void **state)
{
	uint8_t buf[10];
	struct writer out = writer_over(buf, sizeof(buf));
	struct reader in;

	(void)state;
	writer_u8(&out, 0xfe);
	writer_u16(&out, 0xfedc);
	writer_u32(&out, 0xfedcba98);
	writer_bytes(&out, "abc", 3);
	assert_false(out.failed);
	assert_int_equal(out.len, 10);
	in = reader_over(buf, out.len);
	assert_int_equal(reader_u8(&in), 0xfe);
	assert_int_equal(reader_u16(&in), 0xfedc);
	assert_int_equal(reader_u32(&in), 0xfedcba98);
	assert_memory_equal(reader_bytes(&in, 3), "abc", 3);
	assert_int_equal(reader_left(&in), 0);
}

static void
a_reader_that_failed_stays_failed(void **state)
{
	static const uint8_t octets[] = { 1, 2, 3 };
	struct reader in = reader_over(octets, sizeof(octets));

	(void)state;
	assert_int_equal(reader_u16(&in), 0x0102);
	assert_int_equal(reader_u32(&in), 0);
	assert_true(in.failed);
	assert_int_equal(reader_u8(&in), 0);	/* one octet is there, but it is too late */
	assert_null(reader_bytes(&in, 0));
}

static void
a_read_up_to_the_very_end_is_fine(void **state)
{
	static const uint8_t octets[] = { 1, 2 };
	struct reader in = reader_over(octets, sizeof(octets));

	(void)state;
	assert_non_null(reader_bytes(&in, 2));
	assert_non_null(reader_bytes(&in, 0));
	assert_false(in.failed);
	assert_null(reader_bytes(&in, SIZE_MAX));
	assert_true(in.failed);
}

static void
nothing_can_be_read_from_nothing(void **state)
{
	struct reader in = reader_over(NULL, 0);
	struct writer out = writer_over(NULL, 0);

	(void)state;
	assert_int_equal(reader_left(&in), 0);
	assert_int_equal(reader_u8(&in), 0);
	assert_true(in.failed);
	writer_u8(&out, 1);
	assert_true(out.failed);
}

static void
a_full_writer_keeps_what_it_has(void **state)
{
	uint8_t buf[4] = { 0, 0, 0, 0x55 };
	struct writer out = writer_over(buf, 3);

	(void)state;
	writer_u16(&out, 0x0102);
	writer_u16(&out, 0x0304);
	assert_true(out.failed);
	assert_int_equal(out.len, 2);
	writer_u8(&out, 9);	/* it would fit, but comes too late */
	assert_int_equal(out.len, 2);
	assert_int_equal(buf[2], 0);
	assert_int_equal(buf[3], 0x55);
	assert_null(writer_room(&out, 0));
}

static void
a_writer_can_be_filled_to_the_last_octet(void **state)
{
	uint8_t buf[4];
	struct writer out = writer_over(buf, sizeof(buf));

	(void)state;
	writer_u32(&out, 1);
	writer_bytes(&out, NULL, 0);
	assert_false(out.failed);
	assert_null(writer_room(&out, SIZE_MAX));
	assert_true(out.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_reader_that_failed_stays_failed),
		cmocka_unit_test(a_read_up_to_the_very_end_is_fine),
		cmocka_unit_test(nothing_can_be_read_from_nothing),
		cmocka_unit_test(a_full_writer_keeps_what_it_has),
		cmocka_unit_test(a_writer_can_be_filled_to_the_last_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
