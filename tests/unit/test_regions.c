#include "engine/regions.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "unit/unit.h"

static void
a_region_is_found_by_its_name_and_that_of_its_local_zones(void **state)
{
	static const struct {
		int line;
		const char *name, *want;
	} rows[] = {
		{ __LINE__, "eu-west-1", "eu-west-1" },
		{ __LINE__, "af-south-1", "af-south-1" },
		{ __LINE__, "us-west-2", "us-west-2" },
		{ __LINE__, "us-west-2-lax-1", "us-west-2" },
		{ __LINE__, "us-east-1-bos-1a", "us-east-1" },
		{ __LINE__, "eusc-de-east-1", "eusc-de-east-1" },
		{ __LINE__, "us-gov-west-1", "us-gov-west-1" },
		{ __LINE__, "", NULL },
		{ __LINE__, "a", NULL },
		{ __LINE__, "zz-top-1", NULL },
		{ __LINE__, "us-west-22", NULL },
		{ __LINE__, "us-west-", NULL },
		{ __LINE__, "US-WEST-2", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct region *found = region_find(rows[i].name);

		row_true(rows[i].line, !found == !rows[i].want);
		if (found)
			row_string(rows[i].line, found->name, rows[i].want);
	}
}

static void
every_region_is_found(void **state)
{
	static const char *const names[] = {
		"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2",
		"ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
		"ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
		"ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1",
		"cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
		"eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1",
		"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
		"us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1",
		"us-west-2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct region *found = region_find(names[i]);

		assert_non_null(found);
		assert_string_equal(found->name, names[i]);
		assert_int_equal(strlen(found->continent), 2);
		assert_int_equal(strlen(found->country), 2);
	}
}

static void
places_are_on_the_right_side_of_the_earth(void **state)
{
	static const struct {
		int line;
		const char *name, *continent;
		bool north, east;
	} rows[] = {
		{ __LINE__, "us-east-1", "NA", true, false },
		{ __LINE__, "sa-east-1", "SA", false, false },
		{ __LINE__, "eu-north-1", "EU", true, true },
		{ __LINE__, "ap-southeast-2", "OC", false, true },
		{ __LINE__, "af-south-1", "AF", false, true },
		{ __LINE__, "ap-northeast-1", "AS", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct region *found = region_find(rows[i].name);

		row_string(rows[i].line, found->continent, rows[i].continent);
		row_int(rows[i].line, found->at.latitude > 0, rows[i].north);
		row_int(rows[i].line, found->at.longitude > 0, rows[i].east);
	}
}

static void
distances_are_great_circles(void **state)
{
	static const struct {
		int line;
		struct position a, b;
		double km;
	} rows[] = {
		{ __LINE__, { 0, 0 }, { 0, 0 }, 0 },
		{ __LINE__, { 0, 0 }, { 0, 90 }, 10007.5 },
		{ __LINE__, { 0, 179 }, { 0, -179 }, 222.4 },	/* across the date line */
		{ __LINE__, { 90, 0 }, { -90, 77 }, 20015.1 },
		{ __LINE__, { 51.51, -0.13 }, { 48.86, 2.35 }, 343.5 },	/* London, Paris */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row_true(rows[i].line, fabs(position_distance_km(rows[i].a, rows[i].b) -
					    rows[i].km) < 1);
		row_true(rows[i].line, fabs(position_distance_km(rows[i].b, rows[i].a) -
					    rows[i].km) < 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_region_is_found_by_its_name_and_that_of_its_local_zones),
		cmocka_unit_test(every_region_is_found),
		cmocka_unit_test(places_are_on_the_right_side_of_the_earth),
		cmocka_unit_test(distances_are_great_circles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
