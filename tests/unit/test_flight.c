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
	uint32_t slot;
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
	assert_int_equal(flight->target_count, 3);
	assert_int_equal(flight->max_tries, 4);
	assert_int_equal(flight->timeout_ms, 700);
	assert_int_equal(flight->policy, TARGET_RANDOM);
	assert_int_equal(flight->kind, FLIGHT_FIRST);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(flight->targets[i].ip[15], 53 + i);
	assert_int_equal(flight->edns_size, 1232);
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
					     .max_waiters_per_flight = 3,
					     .max_flights_per_rule = 2 });
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
a_rule_and_a_client_have_a_share_each(void **state)
{
	struct fixture t;
	struct ask asks[4], lab;
	uint32_t slot, slots[3];

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights = 12, .max_waiters_per_client = 4 });
	for (unsigned i = 0; i < 4; i++) {
		char name[32];

		snprintf(name, sizeof(name), "n%u.dc.example", i);
		asks[i] = ask_for(&t, name, 0);
	}
	lab = ask_for(&t, "www.lab.example", 1);
	for (unsigned i = 0; i < 3; i++)	/* a quarter of twelve */
		assert_int_equal(join(&t, &asks[i], 1, &slots[i]), FLIGHT_STARTED);
	assert_int_equal(join(&t, &asks[3], 1, &slot), FLIGHT_RULE_FULL);
	assert_int_equal(join(&t, &lab, 1, &slot), FLIGHT_STARTED);
	assert_int_equal(join(&t, &lab, 2, &slot), FLIGHT_CLIENT_FULL);	/* another port */
	/* what lands gives its share back, and those of its waiters */
	flight_waiter_free(t.flights, flight_land(t.flights, slots[1]));
	assert_int_equal(join(&t, &asks[3], 1, &slot), FLIGHT_STARTED);
	assert_int_equal(join(&t, &lab, 1, &slot), FLIGHT_CLIENT_FULL);
	end(&t);
}

static void
flights_without_waiters_have_half_a_share(void **state)
{
	struct fixture t;
	struct ask first, second;
	uint32_t slot, again;

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights = 8 });
	first = ask_for(&t, "a.dc.example", 0);
	second = ask_for(&t, "b.dc.example", 0);
	first.is_ahead = true;
	assert_int_equal(flight_begin(t.flights, t.snap, &first, &slot), FLIGHT_STARTED);
	assert_int_equal(flight_in(t.flights, slot)->kind, FLIGHT_PREFETCH);
	assert_int_equal(flight_begin(t.flights, t.snap, &first, &again), FLIGHT_JOINED);
	assert_int_equal(again, slot);
	assert_int_equal(flight_begin(t.flights, t.snap, &second, &again), FLIGHT_RULE_FULL);
	/* a client may join, and a stale copy does not make it urgent, none does */
	first.has_stale = true;
	assert_int_equal(join(&t, &first, 1, &again), FLIGHT_JOINED);
	assert_int_equal(flight_in(t.flights, slot)->kind, FLIGHT_PREFETCH);
	first.has_stale = false;
	assert_int_equal(join(&t, &first, 2, &again), FLIGHT_JOINED);
	assert_int_equal(flight_in(t.flights, slot)->kind, FLIGHT_FIRST);
	assert_int_equal(flight_land(t.flights, slot) == FLIGHT_NONE, false);
	end(&t);
}

static void
who_is_impatient_first_leaves_first_and_the_others_stay(void **state)
{
	struct fixture t;
	struct ask ask;
	uint32_t slot, waiter;
	uint64_t when_ms;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	assert_int_equal(flights_first_impatient(t.flights, &when_ms), FLIGHT_NONE);
	assert_true(when_ms == UINT64_MAX);
	ask = ask_for(&t, "www.dc.example", 0);
	join(&t, &ask, 1, &slot);	/* since 1001 */
	join(&t, &ask, 2, &slot);
	ask.has_stale = true;
	join(&t, &ask, 3, &slot);	/* since 1003 */
	ask.has_stale = false;
	ask.has_further = true;
	join(&t, &ask, 4, &slot);
	waiter = flights_first_impatient(t.flights, &when_ms);
	assert_int_equal(flight_waiter(t.flights, waiter)->client.addr.port, 3);
	assert_true(when_ms == 1003 + PATIENCE_STALE_MS);
	flight_waiter_free(t.flights, waiter);
	waiter = flights_first_impatient(t.flights, &when_ms);
	assert_int_equal(flight_waiter(t.flights, waiter)->client.addr.port, 4);
	assert_true(when_ms == 1004 + PATIENCE_FURTHER_MS);
	flight_waiter_free(t.flights, waiter);
	waiter = flights_first_impatient(t.flights, &when_ms);
	assert_int_equal(flight_waiter(t.flights, waiter)->client.addr.port, 1);
	assert_true(when_ms == 1001 + PATIENCE_MS);
	assert_int_equal(flight_in(t.flights, slot)->waiter_count, 2);
	flight_waiter_free(t.flights, waiter);
	waiter = flight_land(t.flights, slot);
	assert_int_equal(flight_waiter(t.flights, waiter)->client.addr.port, 2);
	assert_int_equal(flight_waiter_free(t.flights, waiter), FLIGHT_NONE);
	assert_int_equal(flights_first_impatient(t.flights, &when_ms), FLIGHT_NONE);
	end(&t);
}

static void
the_flight_that_is_due_first_is_told(void **state)
{
	struct fixture t;
	struct ask ask;
	uint32_t slots[3];
	uint64_t when_ms;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	for (unsigned i = 0; i < 3; i++) {
		ask = ask_for(&t, i == 0 ? "a.dc.example" : i == 1 ? "b.dc.example"
								    : "c.dc.example", 0);
		join(&t, &ask, 1, &slots[i]);
		flight_set_due(t.flights, slots[i], 500 - 100 * i);
	}
	assert_int_equal(flights_first_due(t.flights, &when_ms), slots[2]);
	assert_true(when_ms == 300);
	flight_set_due(t.flights, slots[2], UINT64_MAX);
	assert_int_equal(flights_first_due(t.flights, &when_ms), slots[1]);
	flight_waiter_free(t.flights, flight_land(t.flights, slots[1]));
	assert_int_equal(flights_first_due(t.flights, &when_ms), slots[0]);
	flight_set_due(t.flights, slots[0], 700);
	flights_first_due(t.flights, &when_ms);
	assert_true(when_ms == 700);
	end(&t);
}

static void
a_flight_that_lands_leaves_its_queue(void **state)
{
	struct fixture t;
	struct flight_queue queue = { 0 };
	uint32_t slots[5];

	(void)state;
	begin(&t, (struct flights_settings){ .max_flights_per_rule = 16 });
	for (unsigned i = 0; i < 5; i++) {
		char name[32];
		struct ask ask;

		snprintf(name, sizeof(name), "n%u.dc.example", i);
		ask = ask_for(&t, name, 0);
		assert_int_equal(flight_begin(t.flights, t.snap, &ask, &slots[i]),
				 FLIGHT_STARTED);
		flight_queue_add(&queue, t.flights, slots[i]);
	}
	assert_int_equal(flight_land(t.flights, slots[2]), FLIGHT_NONE);	/* in the middle */
	assert_int_equal(flight_land(t.flights, slots[0]), FLIGHT_NONE);	/* the first */
	assert_int_equal(flight_land(t.flights, slots[4]), FLIGHT_NONE);	/* the last */
	assert_int_equal(queue.count, 2);
	assert_int_equal(flight_queue_take(&queue, t.flights), slots[1]);
	assert_int_equal(flight_queue_take(&queue, t.flights), slots[3]);
	assert_int_equal(flight_queue_take(&queue, t.flights), FLIGHT_NONE);
	end(&t);
}

static void
what_one_of_its_targets_asks_is_a_loop(void **state)
{
	struct fixture t;
	struct ask ask;
	uint32_t slot;
	struct wire_ask how = { 0 };
	size_t len;

	(void)state;
	begin(&t, (struct flights_settings){ 0 });
	ask = ask_for(&t, "www.dc.example", 0);
	join(&t, &ask, 1, &slot);
	len = wire_query("www.dc.example", "A", &how, t.packet, sizeof(t.packet));
	assert_true(question_read(t.packet, len, &t.q) == OK);
	t.request = (struct request){ .client.addr = world_addr("192.168.0.54", 1) };
	assert_int_equal(flight_join(t.flights, t.snap, &ask, &t.request, &t.q, 0, &slot),
			 FLIGHT_LOOPS);
	t.request.client.addr = world_addr("192.168.0.99", 1);
	assert_int_equal(flight_join(t.flights, t.snap, &ask, &t.request, &t.q, 0, &slot),
			 FLIGHT_JOINED);
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
		cmocka_unit_test(a_rule_and_a_client_have_a_share_each),
		cmocka_unit_test(flights_without_waiters_have_half_a_share),
		cmocka_unit_test(who_is_impatient_first_leaves_first_and_the_others_stay),
		cmocka_unit_test(the_flight_that_is_due_first_is_told),
		cmocka_unit_test(a_flight_that_lands_leaves_its_queue),
		cmocka_unit_test(what_one_of_its_targets_asks_is_a_loop),
		cmocka_unit_test(slots_come_back_however_they_were_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
