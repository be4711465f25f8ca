#include "engine/pick.h"

#include "unit/unit.h"
#include "unit/world.h"

#define DRAWS 20000

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"zone Z corp.example hub\n"
	"simple 60 A 10.0.0.1\n"
	"simple 60 A 10.0.0.2\n"
	"w 60 A 10.0.0.10 { weighted 0 none }\n"
	"w 60 A 10.0.0.11 { weighted 30 little }\n"
	"w 60 A 10.0.0.12 { weighted 90 much }\n"
	"z 60 A 10.0.0.20 { weighted 0 a }\n"
	"z 60 A 10.0.0.21 { weighted 0 b }\n"
	"f 60 A 10.0.0.30 { failover secondary s }\n"
	"f 60 A 10.0.0.31 { failover primary p }\n"
	"fs 60 A 10.0.0.32 { failover secondary s }\n"
	"l 60 A 10.0.0.40 { latency us-east-1 a }\n"
	"l 60 A 10.0.0.41 { latency eu-west-1 b }\n"
	"g 60 A 10.0.0.50 { geo DE a }\n"
	"g 60 A 10.0.0.51 { geo * b }\n"
	"m 60 A 10.0.0.60 { multi a }\n"
	"m 60 A 10.0.0.61 { multi b }\n"
	"m 60 A 10.0.0.62 { multi c }\n"
	"n 60 A 10.0.0.70 { multi a }\n"
	"n 60 A 10.0.0.71 { multi b }\n"
	"n 60 A 10.0.0.72 { multi c }\n"
	"n 60 A 10.0.0.73 { multi d }\n"
	"n 60 A 10.0.0.74 { multi e }\n"
	"n 60 A 10.0.0.75 { multi f }\n"
	"n 60 A 10.0.0.76 { multi g }\n"
	"n 60 A 10.0.0.77 { multi h }\n"
	"n 60 A 10.0.0.78 { multi i }\n"
	"n 60 A 10.0.0.79 { multi j }\n"
	"listen 5300 hub\n";

/* What was picked, by the last octet of the first address of each set. */
struct picks {
	unsigned count;
	uint8_t octet[PICK_MAX];
};

static struct picks
pick(const struct snapshot *snap, const char *text, const char *region, struct random *random)
{
	const struct zone *zone = snap->zones[0];
	struct name name = wire_name(text, "corp.example");
	const struct zone_node *node = zone_find(zone, name.wire, name.len,
						 name_hash(name.wire));
	struct chooser by = { region, random };
	const struct zone_set *sets[PICK_MAX];
	struct picks picks;

	picks.count = pick_sets(zone, zone_node_set(node, TYPE_A), &by, sets);
	for (unsigned i = 0; i < picks.count; i++) {
		struct rrset set = zone_rrset(sets[i], NULL);

		picks.octet[i] = set.wire[RRSET_FIXED_OCTETS + 3];
	}
	return picks;
}

static void
one_set_wins_where_the_policy_says_which(void **state)
{
	static const struct {
		int line;
		const char *name, *region;
		uint8_t want;
	} rows[] = {
		{ __LINE__, "simple", "", 1 },
		{ __LINE__, "f", "", 31 },
		{ __LINE__, "fs", "", 32 },
		{ __LINE__, "l", "us-east-1", 40 },
		{ __LINE__, "l", "eu-west-1", 41 },
		{ __LINE__, "g", "eu-west-1", 51 },	/* the default */
		/* without a random source the likeliest */
		{ __LINE__, "w", "", 12 },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct picks picks = pick(snap, rows[i].name, rows[i].region, NULL);

		row_int(rows[i].line, picks.count, 1);
		row_int(rows[i].line, picks.octet[0], rows[i].want);
	}
	snapshot_unref(snap);
}

static void
where_no_member_fits_the_place_the_choice_is_always_the_same(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	struct random random;
	uint8_t first;

	(void)state;
	random_init(&random);
	first = pick(snap, "l", "ap-south-1", &random).octet[0];
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(pick(snap, "l", "ap-south-1", &random).octet[0], first);
	snapshot_unref(snap);
}

static void
weights_are_shares_and_zero_is_none(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	unsigned drawn[256] = { 0 };
	struct random random;

	(void)state;
	random_init(&random);
	for (unsigned i = 0; i < DRAWS; i++)
		drawn[pick(snap, "w", "", &random).octet[0]]++;
	assert_int_equal(drawn[10], 0);
	/* a quarter: 5,000; ten standard deviations are 612 */
	assert_in_range(drawn[11], DRAWS / 4 - 612, DRAWS / 4 + 612);
	assert_int_equal(drawn[11] + drawn[12], DRAWS);
	snapshot_unref(snap);
}

static void
all_weights_zero_are_equal_shares(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	unsigned drawn[256] = { 0 };
	struct random random;

	(void)state;
	random_init(&random);
	for (unsigned i = 0; i < DRAWS; i++)
		drawn[pick(snap, "z", "", &random).octet[0]]++;
	assert_in_range(drawn[20], DRAWS / 2 - 707, DRAWS / 2 + 707);
	assert_int_equal(drawn[20] + drawn[21], DRAWS);
	snapshot_unref(snap);
}

static void
multivalue_gives_all_members_up_to_eight_different_ones(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	unsigned drawn[256] = { 0 };
	struct random random;

	(void)state;
	random_init(&random);
	assert_int_equal(pick(snap, "m", "", &random).count, 3);
	for (unsigned i = 0; i < DRAWS; i++) {
		struct picks picks = pick(snap, "n", "", &random);
		bool seen[256] = { false };

		assert_int_equal(picks.count, PICK_MAX);
		for (unsigned j = 0; j < picks.count; j++) {
			assert_false(seen[picks.octet[j]]);
			seen[picks.octet[j]] = true;
			drawn[picks.octet[j]]++;
		}
	}
	for (unsigned octet = 70; octet < 80; octet++)	/* eight tenths each */
		assert_in_range(drawn[octet], DRAWS / 10 * 8 - 600, DRAWS / 10 * 8 + 600);
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_set_wins_where_the_policy_says_which),
		cmocka_unit_test(where_no_member_fits_the_place_the_choice_is_always_the_same),
		cmocka_unit_test(weights_are_shares_and_zero_is_none),
		cmocka_unit_test(all_weights_zero_are_equal_shares),
		cmocka_unit_test(multivalue_gives_all_members_up_to_eight_different_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
