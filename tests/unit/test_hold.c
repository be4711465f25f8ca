#include "engine/hold.h"

#include "unit/unit.h"
#include "unit/world.h"

/* Flights to stand in line. */
struct fixture {
	struct snapshot *snap;
	struct random random;
	struct flights *flights;
	struct holds holds;
	uint32_t slots[64];
};

static void
begin(struct fixture *t)
{
	const struct flights_settings settings = { .max_flights_per_rule = 1000 };

	*t = (struct fixture){ .snap = world_compile("vpc hub 10.0.0.0/16 eu-west-1\n"
						     "forward rr-dc dc.example hub 192.168.0.53\n",
						     NULL) };
	random_init(&t->random);
	t->flights = flights_new(&settings, &t->random);
	for (unsigned i = 0; i < COUNT_OF(t->slots); i++) {
		struct ask ask = { .upstream = snapshot_rule(t->snap, 0)->identity,
				   .type = TYPE_A, .klass = CLASS_IN };
		char name[32];

		snprintf(name, sizeof(name), "n%u.dc.example", i);
		ask.name = wire_name(name, NULL);
		assert_int_equal(flight_begin(t->flights, t->snap, &ask, &t->slots[i]),
				 FLIGHT_STARTED);
	}
}

static void
end(struct fixture *t)
{
	flights_free(t->flights);
	snapshot_unref(t->snap);
}

static bool
add(struct fixture *t, const char *ip, uint32_t most, unsigned number, uint64_t due_ms)
{
	return hold_add(&t->holds, t->flights, world_addr(ip, 0).ip, most, t->slots[number],
			due_ms);
}

static void
each_address_has_a_line_of_its_own(void **state)
{
	struct fixture t;
	struct hold *hold;

	(void)state;
	begin(&t);
	assert_null(holds_first(&t.holds));
	assert_true(holds_due(&t.holds) == UINT64_MAX);
	assert_true(add(&t, "10.0.0.1", 9, 0, 700));
	assert_true(add(&t, "10.0.0.2", 9, 1, 500));
	assert_true(add(&t, "10.0.0.1", 9, 2, 100));	/* the line is due when its first is */
	assert_true(holds_due(&t.holds) == 500);
	hold = holds_first(&t.holds);
	assert_int_equal(flight_queue_take(&hold->queue, t.flights), t.slots[1]);
	assert_true(holds_due(&t.holds) == 700);
	assert_null(hold_find(&t.holds, world_addr("10.0.0.2", 0).ip));
	hold = hold_find(&t.holds, world_addr("10.0.0.1", 0).ip);
	assert_int_equal(flight_queue_take(&hold->queue, t.flights), t.slots[0]);
	assert_int_equal(flight_queue_take(&hold->queue, t.flights), t.slots[2]);
	assert_true(holds_due(&t.holds) == UINT64_MAX);
	end(&t);
}

static void
lines_and_their_number_are_bounded(void **state)
{
	struct fixture t;
	char ip[32];

	(void)state;
	begin(&t);
	assert_false(add(&t, "10.0.0.1", 0, 0, 1));
	assert_true(add(&t, "10.0.0.1", 2, 0, 1));
	assert_true(add(&t, "10.0.0.1", 2, 1, 1));
	assert_false(add(&t, "10.0.0.1", 2, 2, 1));
	for (unsigned i = 2; i <= HOLDS_MAX; i++) {
		snprintf(ip, sizeof(ip), "10.0.0.%u", i);
		assert_true(add(&t, ip, 2, i, 1));
	}
	assert_false(add(&t, "10.0.1.1", 2, 40, 1));
	/* one whose flights have landed is free again */
	flight_land(t.flights, t.slots[5]);
	assert_true(add(&t, "10.0.1.1", 2, 40, 1));
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_address_has_a_line_of_its_own),
		cmocka_unit_test(lines_and_their_number_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
