#include "engine/flight.h"

#include "unit/unit.h"
#include "unit/world.h"

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"forward rr-dc dc.example hub 192.168.0.53 192.168.0.54 192.168.0.55\n"
	"forward rr-lab lab.example hub 192.168.1.53\n"
	"upstream 700 4\n"
	"internet 9.9.9.9\n";

/* A flight table and the queries put to it. */
struct fixture {
	struct snapshot *snap;
	struct random random;
	struct flights *flights;
	uint8_t packet[512];
	struct question q;
	struct request request;
};

static void
begin(struct fixture *t, struct flights_settings settings)
{
	t->snap = world_compile(estate, NULL);
	random_init(&t->random);
	t->flights = flights_new(&settings, &t->random);
	assert_non_null(t->flights);
}

static void
end(struct fixture *t)
{
	flights_free(t->flights);
	snapshot_unref(t->snap);
}

static struct ask
ask_for(const struct fixture *t, const char *name, uint32_t rule)
{
	return (struct ask){ .upstream = snapshot_rule(t->snap, rule)->identity, .rule = rule,
			     .type = TYPE_A, .klass = CLASS_IN, .name = wire_name(name, NULL) };
}

/** Park one more client, told by its port. */
static enum flight_join
join(struct fixture *t, const struct ask *ask, uint16_t port, uint32_t *slot)
{
	struct wire_ask how = { .id = port, .udp_size = 1400, .dnssec_ok = true };
	size_t len = wire_query("WWW.dc.example", "A", &how, t->packet, sizeof(t->packet));

	assert_true(question_read(t->packet, len, &t->q) == OK);
	t->request = (struct request){ .packet = t->packet, .len = len, .now_ms = 1000u + port };
	t->request.client.addr.port = port;
	return flight_join(t->flights, t->snap, ask, &t->request, &t->q, (uint8_t)(port % 7),
			   slot);
}

static void
equal_questions_share_one_flight(void **state)
{
	struct fixture t;
	struct ask www, lab, other;
	uint32_t first, second, third;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	www = ask_for(&t, "www.dc.example", 0);
	lab = ask_for(&t, "www.dc.example", 1);
	other = www;
	other.dnssec_ok = true;
	assert_int_equal(join(&t, &www, 1, &first), FLIGHT_STARTED);
	assert_int_equal(join(&t, &www, 2, &second), FLIGHT_JOINED);
	assert_int_equal(first, second);
	assert_int_equal(join(&t, &lab, 3, &third), FLIGHT_STARTED);
	assert_int_not_equal(first, third);
	assert_int_equal(join(&t, &other, 4, &second), FLIGHT_STARTED);
	assert_int_equal(flights_count(t.flights), 3);
	assert_int_equal(flights_waiters(t.flights), 4);
	end(&t);
}

static void
a_flight_takes_with_it_what_it_needs_of_its_rule(void **state)
{
	const struct flight *flight;
	uint32_t slot, first = 0;
	struct fixture t;
	struct ask ask;
	char text[NAME_TEXT_MAX];

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	ask = ask_for(&t, "www.dc.example", 0);
	join(&t, &ask, 1, &slot);
	snapshot_unref(t.snap);
	t.snap = NULL;
	flight = flight_in(t.flights, slot);
	assert_string_equal(flight->rule_id, "rr-dc");
	assert_string_equal(name_print(flight->domain, text), "dc.example.");
	assert_int_equal(flight->forward.target_count, 3);
	assert_int_equal(flight->forward.max_tries, 4);
	assert_int_equal(flight->forward.timeout_ms, 700);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(flight->targets[i].ip[15], 53 + i);
	assert_int_equal(flight->edns_size, 1232);
	end(&t);

	/* the first target is drawn, so all come up */
	begin(&t, (struct flights_settings){ 0 });
	for (unsigned i = 0; i < 200; i++) {
		ask = ask_for(&t, "www.dc.example", 0);
		join(&t, &ask, 1, &slot);
		first |= 1u << flight_in(t.flights, slot)->forward.target;
		flight_waiter_free(t.flights, flight_land(t.flights, slot));
	}
	assert_int_equal(first, 7);
	end(&t);
}

static void
waiters_land_in_the_order_they_came_with_their_queries(void **state)
{
	struct question q;
	struct fixture t;
	struct ask ask;
	uint32_t slot, waiter;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	ask = ask_for(&t, "www.dc.example", 0);
	for (uint16_t port = 1; port <= 5; port++)
		join(&t, &ask, port, &slot);
	waiter = flight_land(t.flights, slot);
	for (uint16_t port = 1; port <= 5; port++) {
		const struct waiter *w = flight_waiter(t.flights, waiter);

		assert_int_equal(w->client.addr.port, port);
		assert_int_equal(w->since_ms, 1000 + port);
		assert_int_equal(w->rounds, port % 7);
		assert_true(question_read(w->packet, w->packet_len, &q) == OK);
		assert_int_equal(q.header.id, port);
		assert_int_equal(q.edns.udp_size, 1400);
		assert_true(q.edns.dnssec_ok);
		assert_memory_equal(q.wire, "\003WWW", 4);
		waiter = flight_waiter_free(t.flights, waiter);
	}
	assert_int_equal(waiter, FLIGHT_NONE);
	assert_int_equal(flights_count(t.flights), 0);
	assert_int_equal(flights_waiters(t.flights), 0);
	end(&t);
}

static void
the_longest_question_fits_a_waiter(void **state)
{
	char name[300] = "";
	struct wire_ask how = { .udp_size = 4096 };
	struct question q, again;
	struct fixture t;
	struct ask ask;
	uint32_t slot;
	size_t len;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	for (unsigned i = 0; i < 121; i++)
		strcat(name, "x.");
	strcat(name, "dc.example");
	ask = ask_for(&t, name, 0);
	assert_int_equal(ask.name.len, 254);
	len = wire_query(name, "A", &how, t.packet, sizeof(t.packet));
	assert_true(question_read(t.packet, len, &q) == OK);
	t.request = (struct request){ 0 };
	assert_int_equal(flight_join(t.flights, t.snap, &ask, &t.request, &q, 0, &slot),
			 FLIGHT_STARTED);
	slot = flight_land(t.flights, slot);
	assert_true(question_read(flight_waiter(t.flights, slot)->packet,
				  flight_waiter(t.flights, slot)->packet_len, &again) == OK);
	assert_true(name_wire_equal(q.name.wire, again.name.wire));
	end(&t);
}

static void
a_late_event_finds_gone(void **state)
{
	uint32_t slot, again, generation;
	struct fixture t;
	struct ask ask;

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights = 1 });
	ask = ask_for(&t, "www.dc.example", 0);
	join(&t, &ask, 1, &slot);
	generation = flight_in(t.flights, slot)->generation;
	assert_non_null(flight_at(t.flights, slot, generation));
	flight_waiter_free(t.flights, flight_land(t.flights, slot));
	assert_null(flight_at(t.flights, slot, generation));
	join(&t, &ask, 1, &again);
	assert_int_equal(again, slot);
	assert_null(flight_at(t.flights, slot, generation));
	assert_non_null(flight_at(t.flights, slot, flight_in(t.flights, slot)->generation));
	assert_null(flight_at(t.flights, 1, 0));
	assert_null(flight_at(t.flights, FLIGHT_NONE, 0));
	end(&t);
}

static void
each_bound_refuses_and_keeps_nothing(void **state)
{
	struct fixture t;
	struct ask www, lab, far;
	uint32_t slot;

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights = 2, .max_waiters = 5,
					     .max_waiters_per_flight = 3 });
	www = ask_for(&t, "www.dc.example", 0);
	lab = ask_for(&t, "www.lab.example", 1);
	far = ask_for(&t, "far.lab.example", 1);
	assert_int_equal(join(&t, &www, 1, &slot), FLIGHT_STARTED);
	assert_int_equal(join(&t, &www, 2, &slot), FLIGHT_JOINED);
	assert_int_equal(join(&t, &www, 3, &slot), FLIGHT_JOINED);
	assert_int_equal(join(&t, &www, 4, &slot), FLIGHT_FULL);	/* of this flight */
	assert_int_equal(join(&t, &lab, 5, &slot), FLIGHT_STARTED);
	assert_int_equal(join(&t, &far, 6, &slot), FLIGHT_FULL);	/* flights */
	assert_int_equal(join(&t, &lab, 7, &slot), FLIGHT_JOINED);
	assert_int_equal(join(&t, &lab, 8, &slot), FLIGHT_FULL);	/* waiters */
	assert_int_equal(flights_count(t.flights), 2);
	assert_int_equal(flights_waiters(t.flights), 5);
	end(&t);
}

static void
slots_come_back_however_they_were_used(void **state)
{
	enum { FLIGHTS = 8, WAITERS = 20 };
	struct fixture t;
	uint64_t seed = 4;

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights = FLIGHTS, .max_waiters = WAITERS });
	for (unsigned run = 0; run < 5000; run++) {
		char name[32];
		struct ask ask;
		uint32_t slot;

		snprintf(name, sizeof(name), "n%u.dc.example", random_to(&seed, 12));
		ask = ask_for(&t, name, 0);
		if (join(&t, &ask, 1, &slot) == FLIGHT_FULL || random_to(&seed, 4) == 0) {
			slot = random_to(&seed, FLIGHTS);
			if (!flight_in(t.flights, slot)->used)
				continue;
			for (uint32_t w = flight_land(t.flights, slot); w != FLIGHT_NONE;)
				w = flight_waiter_free(t.flights, w);
		}
		assert_true(flights_count(t.flights) <= FLIGHTS);
		assert_true(flights_waiters(t.flights) <= WAITERS);
	}
	for (uint32_t slot = 0; slot < FLIGHTS; slot++)
		if (flight_in(t.flights, slot)->used)
			for (uint32_t w = flight_land(t.flights, slot); w != FLIGHT_NONE;)
				w = flight_waiter_free(t.flights, w);
	assert_int_equal(flights_count(t.flights), 0);
	assert_int_equal(flights_waiters(t.flights), 0);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_questions_share_one_flight),
		cmocka_unit_test(a_flight_takes_with_it_what_it_needs_of_its_rule),
		cmocka_unit_test(waiters_land_in_the_order_they_came_with_their_queries),
		cmocka_unit_test(the_longest_question_fits_a_waiter),
		cmocka_unit_test(a_late_event_finds_gone),
		cmocka_unit_test(each_bound_refuses_and_keeps_nothing),
		cmocka_unit_test(slots_come_back_however_they_were_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
