#include "engine/health.h"

#include "unit/unit.h"
#include "unit/world.h"

/* Aliases are told apart by what they point to. */
static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"check c1\n"
	"check c2\n"
	"check c3\n"
	"zone Z corp.example hub\n"
	"plain 60 A 10.0.0.1\n"
	"sick 60 A 10.0.0.2 { simple - c1 }\n"
	"two 60 A 10.0.0.3 { multi a c1 }\n"
	"two 60 A 10.0.0.4 { multi b c2 }\n"
	"cn 60 CNAME elsewhere.example. { simple - c1 }\n"
	"alias to-sick A sick Z eth\n"
	"alias to-sick-blindly A sick Z\n"
	"alias to-two A two Z eth\n"
	"alias to-to-two A to-two Z eth\n"
	"alias to-blind A to-sick-blindly Z eth\n"
	"alias to-cn A cn Z eth\n"
	"alias to-nothing A none Z eth\n"
	"alias to-elb A lb.eu-west-1.elb.amazonaws.com. ZELB eth\n"
	"alias checked A to-two Z eth { simple - c3 }\n"
	"alias round A round2 Z eth\n"
	"alias round2 A round Z eth\n"
	/* a tree in which everything is asked for many times over */
	"alias t0 A t1 Z eth { multi a }\n"
	"alias t0 A t1 Z eth { multi b }\n"
	"alias t1 A t2 Z eth { multi a c1 }\n"
	"alias t1 A sick Z eth { multi b }\n"
	"alias t2 A sick Z eth { multi a }\n"
	"listen 5300 hub\n";

static const _Atomic uint64_t *
bits_of(const struct snapshot *snap, const char *failed, _Atomic uint64_t *bits)
{
	char list[64], *rest = list;

	snprintf(list, sizeof(list), "%s", failed);
	*bits = UINT64_MAX;
	for (const char *id; (id = strtok_r(rest, " ", &rest));)
		*bits &= ~(1ull << snapshot_health_number(snap, id, health_hash(id)));
	return bits;
}

static const struct zone_set *
set_of(const struct zone *zone, const char *text)
{
	struct name name = wire_name(text, "corp.example");
	const struct zone_node *node = zone_find(zone, name.wire, name.len,
						 name_hash(name.wire));

	return zone_set_at(zone, zone_node_set(node, TYPE_A)->set_at);
}

static void
a_set_is_as_healthy_as_its_check_and_its_target(void **state)
{
	static const struct {
		int line;
		const char *name, *failed;
		enum health_state want;
	} rows[] = {
		{ __LINE__, "plain", "c1 c2 c3", HEALTH_UNCHECKED },
		{ __LINE__, "sick", "", HEALTH_GOOD },
		{ __LINE__, "sick", "c2", HEALTH_GOOD },
		{ __LINE__, "sick", "c1", HEALTH_BAD },
		{ __LINE__, "to-sick", "", HEALTH_GOOD },
		{ __LINE__, "to-sick", "c1", HEALTH_BAD },
		/* 4.4.12: without EvaluateTargetHealth the target does not count */
		{ __LINE__, "to-sick-blindly", "c1", HEALTH_UNCHECKED },
		{ __LINE__, "to-blind", "c1", HEALTH_GOOD },
		/* one healthy set of the target is enough */
		{ __LINE__, "to-two", "c1", HEALTH_GOOD },
		{ __LINE__, "to-two", "c2", HEALTH_GOOD },
		{ __LINE__, "to-two", "c1 c2", HEALTH_BAD },
		{ __LINE__, "to-to-two", "c1", HEALTH_GOOD },
		{ __LINE__, "to-to-two", "c1 c2", HEALTH_BAD },
		{ __LINE__, "to-cn", "c1", HEALTH_BAD },
		/* nothing is known of these */
		{ __LINE__, "to-nothing", "c1 c2 c3", HEALTH_GOOD },
		{ __LINE__, "to-elb", "c1 c2 c3", HEALTH_UNKNOWN },
		/* both must pass */
		{ __LINE__, "checked", "", HEALTH_GOOD },
		{ __LINE__, "checked", "c3", HEALTH_BAD },
		{ __LINE__, "checked", "c1 c2", HEALTH_BAD },
		{ __LINE__, "checked", "c1", HEALTH_GOOD },
		/* a circle comes to an end */
		{ __LINE__, "round", "c1", HEALTH_GOOD },
		{ __LINE__, "t0", "", HEALTH_GOOD },
		{ __LINE__, "t0", "c1", HEALTH_BAD },
	};
	struct snapshot *snap = world_compile(estate, NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct zone *zone = snap->zones[0];
		const struct zone_set *set = set_of(zone, rows[i].name);
		_Atomic uint64_t bits;
		struct health health = { .snap = snap,
					 .healthy = bits_of(snap, rows[i].failed, &bits) };

		row_int(rows[i].line, health_state(&health, zone, set), rows[i].want);
		row_int(rows[i].line, health_of_set(&health, zone, set),
			rows[i].want != HEALTH_BAD);
	}
	snapshot_unref(snap);
}

static void
where_nothing_is_known_all_is_healthy(void **state)
{
	struct snapshot *snap = world_compile(estate, NULL);
	const struct zone *zone = snap->zones[0];
	struct health health = { .snap = snap };

	(void)state;
	assert_true(health_of_set(&health, zone, set_of(zone, "sick")));
	assert_int_equal(health_state(&health, zone, set_of(zone, "sick")), HEALTH_UNKNOWN);
	assert_int_equal(health_state(&health, zone, set_of(zone, "plain")),
			 HEALTH_UNCHECKED);
	snapshot_unref(snap);
}

/** Sixteen names of sixteen aliases each, every one to the next name. */
static void
the_work_is_bounded_however_the_aliases_branch(void **state)
{
	size_t room = 64 * 1024;
	char *text = malloc(room), *end = text;
	struct health health;
	_Atomic uint64_t bits;
	struct snapshot *snap;

	(void)state;
	assert_non_null(text);
	end += sprintf(end, "vpc hub 10.0.0.0/16 eu-west-1\ncheck c1\nlisten 5300 hub\n"
			    "zone Z corp.example hub\nn16 60 A 10.0.0.1 { simple - c1 }\n");
	for (unsigned level = 0; level < 16; level++)
		for (unsigned i = 0; i < 16; i++)
			end += sprintf(end, "alias n%u A n%u Z eth { multi m%u }\n", level,
				       level + 1, i);
	assert_true((size_t)(end - text) < room);
	snap = world_compile(text, NULL);
	health = (struct health){ .snap = snap, .healthy = bits_of(snap, "c1", &bits) };
	assert_true(health_of_set(&health, snap->zones[0], set_of(snap->zones[0], "n0")));
	assert_in_range(health.sets, 1, HEALTH_MAX_SETS + 1 + 16 * HEALTH_MAX_DEPTH);
	snapshot_unref(snap);
	free(text);
}

/* The zone's block is shared by snapshots that number their checks differently. */
static void
checks_are_found_by_id_after_a_reload(void **state)
{
	static const char zone[] = "zone Z corp.example hub\n"
				   "sick 60 A 10.0.0.2 { simple - c1 }\n"
				   "listen 5300 hub\n";
	static const char *const heads[] = {
		"vpc hub 10.0.0.0/16 eu-west-1\ncheck c1\n",
		"vpc hub 10.0.0.0/16 eu-west-1\ncheck c0\ncheck b\ncheck c1\n",
	};
	struct snapshot *snaps[2] = { NULL, NULL };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		char text[512];

		snprintf(text, sizeof(text), "%s%s", heads[i], zone);
		snaps[i] = world_compile(text, i ? snaps[0] : NULL);
	}
	assert_ptr_equal(snaps[0]->zones[0], snaps[1]->zones[0]);
	for (unsigned i = 0; i < 2; i++) {
		_Atomic uint64_t bits = ~(i ? 4ull : 1ull);
		struct health health = { .snap = snaps[i], .healthy = &bits };

		assert_int_equal(snapshot_health_number(snaps[i], "c1", health_hash("c1")),
				 i ? 2 : 0);
		assert_int_equal(snapshot_health_number(snaps[i], "c9", health_hash("c9")),
				 HEALTH_NONE);
		assert_false(health_of_set(&health, snaps[i]->zones[0],
					   set_of(snaps[i]->zones[0], "sick")));
		bits = i ? 4 : 1;
		assert_true(health_of_set(&health, snaps[i]->zones[0],
					  set_of(snaps[i]->zones[0], "sick")));
	}
	snapshot_unref(snaps[0]);
	snapshot_unref(snaps[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_is_as_healthy_as_its_check_and_its_target),
		cmocka_unit_test(where_nothing_is_known_all_is_healthy),
		cmocka_unit_test(the_work_is_bounded_however_the_aliases_branch),
		cmocka_unit_test(checks_are_found_by_id_after_a_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
