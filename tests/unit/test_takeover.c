#include "lint/takeover.h"

#include "unit/unit.h"

struct target {
	int line;
	const char *name;
	const char *suffix;	/* of the row; "": nobody can claim it */
};

static const struct target targets[] = {
	{ __LINE__, "corp.github.io", "github.io" },
	{ __LINE__, "a.corp.github.io", "github.io" },
	{ __LINE__, "github.io", "" },
	{ __LINE__, "github.io.corp.example", "" },
	{ __LINE__, "mygithub.io", "" },
	{ __LINE__, "shop.s3-website-eu-west-1.amazonaws.com",
	  "s3-website-eu-west-1.amazonaws.com" },
	{ __LINE__, "shop.s3-website.eu-central-1.amazonaws.com",
	  "s3-website.eu-central-1.amazonaws.com" },
	{ __LINE__, "shop.s3.amazonaws.com", "s3.amazonaws.com" },
	{ __LINE__, "internal-x-1.eu-west-1.elb.amazonaws.com", "" },
	{ __LINE__, "d111111abcdef8.cloudfront.net", "" },
	{ __LINE__, "www.corp.example", "" },
	{ __LINE__, ".", "" },
};

static void
names_strictly_below_a_suffix_can_be_claimed(void **state)
{
	struct takeover takeover;
	struct arena arena;
	uint32_t count;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_int_equal(takeover_init(&takeover, &arena), OK);
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct name name;
		uint32_t row;

		assert_int_equal(name_parse(targets[i].name, &name), OK);
		row = takeover_find(&takeover, &name);
		row_string(targets[i].line,
			   row == TAKEOVER_NONE ? "" : takeover_services(&count)[row].suffix,
			   targets[i].suffix);
	}
	arena_fini(&arena);
}

static void
every_row_is_found(void **state)
{
	struct takeover takeover;
	struct arena arena;
	uint32_t count;
	const struct takeover_service *rows = takeover_services(&count);

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_int_equal(takeover_init(&takeover, &arena), OK);
	for (uint32_t i = 0; i < count; i++) {
		struct name suffix, name;

		assert_int_equal(name_parse(rows[i].suffix, &suffix), OK);
		assert_true(name_prepend((const uint8_t *)"x", 1, suffix.wire, &name));
		assert_int_equal(takeover_find(&takeover, &name), i);
	}
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_strictly_below_a_suffix_can_be_claimed),
		cmocka_unit_test(every_row_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
