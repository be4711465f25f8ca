#include "engine/pick.h"

#include <math.h>

#include "unit/unit.h"
#include "unit/world.h"

#define DRAWS 20000

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"check c1\n"
	"check c2\n"
	"check c3\n"
	"check c4\n"
	"zone Z corp.example hub\n"
	"simple 60 A 10.0.0.1\n"
	"simple 60 A 10.0.0.2\n"
	"sick 60 A 10.0.0.3 { simple - c1 }\n"
	"w 60 A 10.0.0.10 { weighted 0 none }\n"
	"w 60 A 10.0.0.11 { weighted 30 little c1 }\n"
	"w 60 A 10.0.0.12 { weighted 90 much c2 }\n"
	"z 60 A 10.0.0.20 { weighted 0 a c1 }\n"
	"z 60 A 10.0.0.21 { weighted 0 b c2 }\n"
	"u 60 A 10.0.0.22 { weighted 5 a c1 }\n"
	"u 60 A 10.0.0.23 { weighted 7 b c2 }\n"
	"u 60 A 10.0.0.24 { weighted 0 c c3 }\n"
	"f 60 A 10.0.0.30 { failover secondary s c2 }\n"
	"f 60 A 10.0.0.31 { failover primary p c1 }\n"
	"fs 60 A 10.0.0.32 { failover secondary s }\n"
	"fu 60 A 10.0.0.33 { failover primary p c1 }\n"
	"fu 60 A 10.0.0.34 { failover secondary s }\n"
	"l 60 A 10.0.0.40 { latency us-east-1 a c1 }\n"
	"l 60 A 10.0.0.41 { latency eu-west-1 b c2 }\n"
	"l 60 A 10.0.0.42 { latency ap-southeast-2 c c3 }\n"
	"lx 60 A 10.0.0.43 { latency mars-1 a }\n"
	"lx 60 A 10.0.0.44 { latency us-east-1 b }\n"
	"g 60 A 10.0.0.50 { geo * a c1 }\n"
	"g 60 A 10.0.0.51 { geo US/OH b c2 }\n"
	"g 60 A 10.0.0.52 { geo US c c3 }\n"
	"g 60 A 10.0.0.53 { geo NA/ d c4 }\n"
	"gn 60 A 10.0.0.54 { geo DE a c1 }\n"
	"gn 60 A 10.0.0.55 { geo EU/ b c2 }\n"
	"gl 60 A 10.0.0.56 { geo DE a }\n"
	"n1 60 A 10.0.0.57 { near us-east-1 a c1 }\n"
	"n1 60 A 10.0.0.58 { near eu-central-1 b c2 }\n"
	"n2 60 A 10.0.0.59 { near us-east-1/90 a }\n"
	"n2 60 A 10.0.0.60 { near eu-central-1/-90 b }\n"
	"n3 60 A 10.0.0.61 { near 48.85,2.35 paris }\n"
	"n3 60 A 10.0.0.62 { near -33.9,151.2 sydney }\n"
	"n3 60 A 10.0.0.63 { near us-west-2-lax-1 zone }\n"
	"m 60 A 10.0.0.64 { multi a c1 }\n"
	"m 60 A 10.0.0.65 { multi b c2 }\n"
	"m 60 A 10.0.0.66 { multi c c1 }\n"
	"n 60 A 10.0.0.70 { multi a }\n"
	"n 60 A 10.0.0.71 { multi b }\n"
	"n 60 A 10.0.0.72 { multi c }\n"
	"n 60 A 10.0.0.73 { multi d c1 }\n"
	"n 60 A 10.0.0.74 { multi e c1 }\n"
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

/** "c1 c3": these checks fail; "" is none, NULL that nothing is known. */
static const _Atomic uint64_t *
health(const struct snapshot *snap, const char *failed, _Atomic uint64_t *bits)
{
	char list[64], *rest = list;

	if (!failed)
		return NULL;
	snprintf(list, sizeof(list), "%s", failed);
	*bits = UINT64_MAX;
	for (const char *id; (id = strtok_r(rest, " ", &rest));) {
		uint32_t number = snapshot_health_number(snap, id, health_hash(id));

		assert_in_range(number, 0, 63);
		*bits &= ~(1ull << number);
	}
	return bits;
}

static struct picks
pick(const struct snapshot *snap, const char *text, const char *region, const char *failed,
     struct random *random)
{
	const struct zone *zone = snap->zones[0];
	struct name name = wire_name(text, "corp.example");
	const struct zone_node *node = zone_find(zone, name.wire, name.len,
						 name_hash(name.wire));
	_Atomic uint64_t bits;
	struct chooser by = { region, random, snap, health(snap, failed, &bits) };
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
		const char *name, *region, *failed;
		uint8_t want;			/* 0: none, the answer is NODATA */
	} rows[] = {
		{ __LINE__, "simple", "", NULL, 1 },
		{ __LINE__, "simple", "", "", 1 },
		/* the only one counts as healthy (4.4.7) */
		{ __LINE__, "sick", "", "c1", 3 },

		/* without a random source the likeliest */
		{ __LINE__, "w", "", NULL, 12 },
		{ __LINE__, "w", "", "", 12 },
		{ __LINE__, "w", "", "c2", 11 },
		{ __LINE__, "w", "", "c1", 12 },
		/* weight 0 when all others are unhealthy (4.4.5) */
		{ __LINE__, "w", "", "c1 c2", 10 },
		{ __LINE__, "z", "", "c1", 21 },
		{ __LINE__, "z", "", "c1 c2", 20 },
		/* all unhealthy: as if all were healthy (4.4.7), so 0 is none again */
		{ __LINE__, "u", "", "c1 c2 c3", 23 },
		{ __LINE__, "u", "", "c1 c2", 24 },

		/* 4.4.6 */
		{ __LINE__, "f", "", NULL, 31 },
		{ __LINE__, "f", "", "c2", 31 },
		{ __LINE__, "f", "", "c1", 30 },
		{ __LINE__, "f", "", "c1 c2", 31 },
		{ __LINE__, "fu", "", "c1", 34 },
		{ __LINE__, "fs", "", "", 32 },

		/* 4.4.9: the own Region, the nearest, what is healthy of them */
		{ __LINE__, "l", "us-east-1", NULL, 40 },
		{ __LINE__, "l", "eu-west-1", "", 41 },
		{ __LINE__, "l", "eu-central-1", "", 41 },
		{ __LINE__, "l", "us-west-2", "", 40 },
		{ __LINE__, "l", "ap-northeast-1", "", 42 },
		{ __LINE__, "l", "eu-central-1", "c2", 40 },
		{ __LINE__, "l", "eu-central-1", "c1 c2", 42 },
		{ __LINE__, "l", "eu-central-1", "c1 c2 c3", 41 },
		/* Regions nobody knows: equal names are near, all else is equally far */
		{ __LINE__, "lx", "mars-1", "", 43 },
		{ __LINE__, "lx", "eu-west-1", "", 44 },
		{ __LINE__, "lx", "venus-1", "", 43 },
		{ __LINE__, "lx", "", "", 43 },

		/* 4.4.10: subdivision, country, continent, default, nothing */
		{ __LINE__, "g", "us-east-2", NULL, 51 },
		{ __LINE__, "g", "us-east-2", "", 51 },
		{ __LINE__, "g", "us-east-2", "c2", 52 },
		{ __LINE__, "g", "us-east-2", "c2 c3", 53 },
		{ __LINE__, "g", "us-east-2", "c2 c3 c4", 50 },
		{ __LINE__, "g", "us-east-2", "c1 c2 c3 c4", 51 },
		{ __LINE__, "g", "us-east-1", "", 52 },
		{ __LINE__, "g", "ca-west-1", "", 53 },
		{ __LINE__, "g", "eu-west-1", "", 50 },
		{ __LINE__, "g", "", "", 50 },
		{ __LINE__, "gn", "eu-central-1", "", 54 },
		{ __LINE__, "gn", "eu-central-1", "c1", 55 },
		{ __LINE__, "gn", "eu-west-1", "", 55 },
		/* healthy elsewhere does not help: none of those that fit is healthy */
		{ __LINE__, "gn", "eu-west-1", "c2", 55 },
		{ __LINE__, "gn", "us-east-1", "", 0 },
		{ __LINE__, "gn", "", "", 0 },
		{ __LINE__, "gl", "us-east-1", "", 0 },
		{ __LINE__, "gl", "eu-central-1", "", 56 },

		/* 4.4.11 */
		{ __LINE__, "n1", "eu-west-1", NULL, 58 },
		{ __LINE__, "n1", "eu-west-1", "c2", 57 },
		{ __LINE__, "n1", "eu-west-1", "c1 c2", 58 },
		{ __LINE__, "n1", "us-west-2", "", 57 },
		/* 5,448 km * 0.1 against 1,086 km * 1.9 */
		{ __LINE__, "n2", "eu-west-1", "", 59 },
		{ __LINE__, "n2", "eu-central-1", "", 60 },
		{ __LINE__, "n3", "eu-west-1", "", 61 },
		{ __LINE__, "n3", "ap-southeast-4", "", 62 },
		{ __LINE__, "n3", "us-west-1", "", 63 },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct picks picks = pick(snap, rows[i].name, rows[i].region, rows[i].failed,
					  NULL);

		row_int(rows[i].line, picks.count, rows[i].want != 0);
		if (picks.count)
			row_int(rows[i].line, picks.octet[0], rows[i].want);
	}
	snapshot_unref(snap);
}

static void
chance_decides_only_where_the_policy_leaves_it_to_it(void **state)
{
	static const char *const names[] = { "f", "l", "lx", "g", "n1" };
	struct snapshot *snap = world_compile(estate, NULL);
	struct random random;

	(void)state;
	random_seed(&random, 1);
	for (size_t n = 0; n < COUNT_OF(names); n++) {
		uint8_t first = pick(snap, names[n], "ap-south-1", "", NULL).octet[0];

		for (unsigned i = 0; i < 100; i++)
			assert_int_equal(pick(snap, names[n], "ap-south-1", "",
					      &random).octet[0], first);
	}
	snapshot_unref(snap);
}

static void
weights_are_shares(void **state)
{
	static const struct {
		int line;
		const char *name, *failed;
		struct {
			uint8_t octet;
			double share;
		} want[3];		/* share 0: the end */
		double most;		/* chi-square: exceeded once in 1,000 times by chance */
	} rows[] = {
		{ __LINE__, "w", NULL, { { 11, 0.25 }, { 12, 0.75 } }, 10.8 },
		{ __LINE__, "w", "", { { 11, 0.25 }, { 12, 0.75 } }, 10.8 },
		{ __LINE__, "w", "c2", { { 11, 1 } }, 0.1 },
		{ __LINE__, "w", "c1 c2", { { 10, 1 } }, 0.1 },
		{ __LINE__, "z", "", { { 20, 0.5 }, { 21, 0.5 } }, 10.8 },
		{ __LINE__, "z", "c1", { { 21, 1 } }, 0.1 },
		{ __LINE__, "z", "c1 c2", { { 20, 0.5 }, { 21, 0.5 } }, 10.8 },
		{ __LINE__, "u", "c1 c2 c3", { { 22, 5 / 12.0 }, { 23, 7 / 12.0 } }, 10.8 },
	};
	struct snapshot *snap = world_compile(estate, NULL);
	struct random random;

	(void)state;
	random_seed(&random, 2);
	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		unsigned drawn[256] = { 0 }, sum = 0;
		double chi = 0;

		for (unsigned i = 0; i < DRAWS; i++)
			drawn[pick(snap, rows[r].name, "", rows[r].failed, &random).octet[0]]++;
		for (unsigned i = 0; i < 3 && rows[r].want[i].share > 0; i++) {
			double due = rows[r].want[i].share * DRAWS;
			double off = drawn[rows[r].want[i].octet] - due;

			sum += drawn[rows[r].want[i].octet];
			chi += off * off / due;
		}
		row_int(rows[r].line, sum, DRAWS);	/* nothing else was drawn */
		row_true(rows[r].line, chi < rows[r].most);
	}
	snapshot_unref(snap);
}

static void
multivalue_gives_the_healthy_ones(void **state)
{
	static const struct {
		int line;
		const char *name, *failed;
		struct picks want;
	} rows[] = {
		{ __LINE__, "m", NULL, { 3, { 64, 65, 66 } } },
		{ __LINE__, "m", "", { 3, { 64, 65, 66 } } },
		{ __LINE__, "m", "c2", { 2, { 64, 66 } } },
		{ __LINE__, "m", "c1", { 1, { 65 } } },
		/* none is healthy: up to eight of them */
		{ __LINE__, "m", "c1 c2", { 3, { 64, 65, 66 } } },
		{ __LINE__, "n", "", { 8, { 70, 71, 72, 73, 74, 75, 76, 77 } } },
		{ __LINE__, "n", "c1", { 8, { 70, 71, 72, 75, 76, 77, 78, 79 } } },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		struct picks picks = pick(snap, rows[r].name, "", rows[r].failed, NULL);

		row_int(rows[r].line, picks.count, rows[r].want.count);
		row_memory(rows[r].line, picks.octet, rows[r].want.octet, picks.count);
	}
	snapshot_unref(snap);
}

static void
of_more_than_eight_each_comes_equally_often_and_in_each_place(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	unsigned drawn[10][PICK_MAX] = { { 0 } };
	double due = DRAWS / 10.0, chi = 0;
	struct random random;

	(void)state;
	random_seed(&random, 3);
	for (unsigned i = 0; i < DRAWS; i++) {
		struct picks picks = pick(snap, "n", "", "", &random);
		bool seen[10] = { false };

		assert_int_equal(picks.count, PICK_MAX);
		for (unsigned k = 0; k < picks.count; k++) {
			unsigned member = picks.octet[k] - 70u;

			assert_in_range(member, 0, 9);
			assert_false(seen[member]);
			seen[member] = true;
			drawn[member][k]++;
		}
	}
	for (unsigned member = 0; member < 10; member++)
		for (unsigned k = 0; k < PICK_MAX; k++) {
			double off = drawn[member][k] - due;

			chi += off * off / due;
		}
	/* 72 degrees of freedom: more than 114.8 once in 1,000 times */
	assert_true(chi < 114.8);
	snapshot_unref(snap);
}

static void
distances_are_those_of_the_map(void **state)
{
	static const struct {
		int line;
		const char *name, *region;
		double km;
	} rows[] = {
		{ __LINE__, "l", "us-east-1", 0 },
		{ __LINE__, "l", "eu-west-1", 5448 },
		{ __LINE__, "l", "ap-southeast-2", 15700 },
		{ __LINE__, "l", "nowhere-1", INFINITY },
		{ __LINE__, "n2", "eu-west-1", 545 },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		struct name name = wire_name(rows[r].name, "corp.example");
		const struct zone *zone = snap->zones[0];
		const struct zone_node *node = zone_find(zone, name.wire, name.len,
							 name_hash(name.wire));
		const struct zone_set *set = zone_set_at(zone,
						zone_node_set(node, TYPE_A)->set_at);
		double km = pick_distance_km(zone, set, rows[r].region);

		if (isinf(rows[r].km))
			row_true(rows[r].line, isinf(km));
		else
			row_true(rows[r].line, fabs(km - rows[r].km) <= rows[r].km / 100);
	}
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_set_wins_where_the_policy_says_which),
		cmocka_unit_test(chance_decides_only_where_the_policy_leaves_it_to_it),
		cmocka_unit_test(weights_are_shares),
		cmocka_unit_test(multivalue_gives_the_healthy_ones),
		cmocka_unit_test(of_more_than_eight_each_comes_equally_often_and_in_each_place),
		cmocka_unit_test(distances_are_those_of_the_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
