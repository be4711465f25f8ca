/*
 * The conductor in a tiny world, without sockets: every order of what can happen to it keeps
 * its promises.  Each client is answered exactly once and in time, timers end, and neither
 * flights nor waiters leak.  Orders of 6 events take a second or two; `make check-long` sets
 * CAUSEWAY_DEPTH to 8.
 */
#include "engine/resolve.h"

#include "unit/unit.h"
#include "unit/world.h"

#define DEPTH	   6
#define DEPTH_MOST 10
#define CLIENT_MS  1900		/* nothing older ever leaves (reliability S10) */
#define LATER_MS   1100
#define STALL_MS   2000
#define SETTLED_MS 20000	/* no flight lives as long */

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"forward rr-dc dc.example hub 192.168.0.53 192.168.0.54\n"
	"upstream 500 2\n"
	"listen 5300 hub\n";

/* After a reload: another target, so the rule is another one. */
static const char next_estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"forward rr-dc dc.example hub 192.168.0.55\n"
	"upstream 500 2\n"
	"listen 5300 hub\n";

enum happening {
	ASKS_SAME,	/* a client, for the name that others ask for */
	ASKS_OTHER,
	GOOD,		/* the latest try is answered */
	SERVFAIL,
	LOST,
	TICK,		/* time passes until something is due */
	LATER,		/* or for as long that a good answer is stale */
	STALL,		/* the machine stands still, and then events come before timers */
	RELOAD,
	HAPPENINGS,
};

struct stage {
	struct world w;
	unsigned asked;
	unsigned answers[DEPTH_MOST];	/* by client port */
	uint64_t since_ms[DEPTH_MOST];
	bool other_estate;
};

static struct snapshot *snapshots[2];	/* compiled once */
static unsigned stages;

/** As world_load does, from what is compiled already. */
static void
go_over(struct stage *s)
{
	snapshot_unref(s->w.held);
	s->w.snap = s->w.held = snapshot_ref(snapshots[s->other_estate]);
	if (!s->w.resolver.flights)
		world_begin(&s->w, s->w.snap);
	else
		keep_clear(s->w.resolver.keep);
	s->w.resolver.snap = s->w.snap;
	s->w.resolver.listeners = s->w.listeners;
	s->w.resolver.listener_count = WORLD_LISTENERS;
}

static void
deliver(void *context, const struct client *client, const uint8_t *reply, size_t len)
{
	struct stage *s = context;
	uint16_t port = client->addr.port;

	assert_true(port < s->asked);
	assert_int_equal(s->answers[port]++, 0);
	if (!reply)	/* too late: the client has given up */
		return;
	assert_true(s->w.now_ms - s->since_ms[port] <= CLIENT_MS);
	assert_true(len >= MSG_HEADER_OCTETS);
}

static void
ask(struct stage *s, const char *name)
{
	struct wire_ask how = { .id = (uint16_t)s->asked, .udp_size = 1232 };
	uint8_t packet[512], reply[UDP_REPLY_OCTETS];
	struct request request = {
		.packet = packet,
		.len = wire_query(name, "A", &how, packet, sizeof(packet)),
		.client = { .addr = world_addr("10.0.0.9", (uint16_t)s->asked) },
		.now_ms = s->w.now_ms,
	};
	struct writer out = writer_over(reply, sizeof(reply));
	enum verdict verdict;

	s->since_ms[s->asked++] = s->w.now_ms;
	verdict = resolve_query(&s->w.resolver, &request, &out);
	if (verdict != VERDICT_WAIT)
		s->answers[how.id]++;
	assert_true(verdict != VERDICT_DROP);
	resolver_begin(&s->w.resolver, s->w.now_ms);
}

/** The latest try that io still waits for, or NULL. */
static struct world_try *
latest(struct stage *s)
{
	unsigned i = s->w.try_count;

	while (i && !s->w.tries[i - 1].open)
		i--;
	return i ? &s->w.tries[i - 1] : NULL;
}

static void
hand_over(struct stage *s, const struct upstream_action *to, const char *text, uint8_t id_bits)
{
	const struct upstream_action action = *to;	/* it moves when there is a new try */
	uint8_t packet[512];
	size_t len = wire_answer(action.query, action.query_len, text, packet, sizeof(packet));

	packet[0] ^= id_bits;
	resolver_reply(&s->w.resolver, action.slot, action.generation, action.lane, packet, len,
		       action.what == FORWARD_SEND_STREAM ? PATH_STREAM : PATH_UDP, s->w.now_ms);
}

/** false: there is no try that it could answer. */
static bool
hear(struct stage *s, const char *text)
{
	const struct world_try *t = latest(s);

	if (t)
		hand_over(s, &t->action, text, 0);
	return t;
}

/** What is no reply to a try changes nothing, and is therefore no event of its own. */
static void
hear_nonsense(struct stage *s)
{
	const struct resolver *r = &s->w.resolver;
	uint64_t due_ms = resolver_due(r);
	unsigned tries = s->w.try_count;
	size_t waiters = flights_waiters(r->flights);
	struct world_try *t = latest(s);

	if (!t)
		return;
	hand_over(s, &t->action, "NOERROR; www.dc.example. 1 A 6.6.6.6", 1);
	assert_ptr_equal(latest(s), t);
	assert_int_equal(s->w.try_count, tries);
	assert_int_equal(flights_waiters(r->flights), waiters);
	assert_true(resolver_due(r) == due_ms);
}

static bool
lose(struct stage *s)
{
	const struct world_try *t = latest(s);

	if (!t)
		return false;
	resolver_lost(&s->w.resolver, t->action.slot, t->action.generation, t->action.lane,
		      s->w.now_ms);
	return true;
}

static bool
tick(struct stage *s)
{
	uint64_t due_ms = resolver_due(&s->w.resolver);

	if (due_ms == UINT64_MAX)
		return false;
	world_pass(&s->w, due_ms > s->w.now_ms ? due_ms - s->w.now_ms : 0);
	assert_true(resolver_due(&s->w.resolver) > s->w.now_ms);
	return true;
}

/** false: it cannot happen now. */
static bool
happen(struct stage *s, enum happening what)
{
	switch (what) {
	case ASKS_SAME:
		ask(s, "www.dc.example.");
		return true;
	case ASKS_OTHER:
		ask(s, "other.dc.example.");
		return true;
	case GOOD:
		return hear(s, "NOERROR; www.dc.example. 1 A 192.168.0.1");
	case SERVFAIL:
		return hear(s, "SERVFAIL");
	case LOST:
		return lose(s);
	case TICK:
		return tick(s);
	case LATER:
		world_pass(&s->w, LATER_MS);
		return true;
	case STALL:
		s->w.now_ms += STALL_MS;
		return true;
	case RELOAD:
		s->other_estate = !s->other_estate;
		go_over(s);
		return true;
	case HAPPENINGS:
		break;
	}
	return false;
}

/** Time alone brings everything to its end. */
static void
must_settle(struct stage *s)
{
	const struct resolver *r = &s->w.resolver;

	for (unsigned client = 0; client < s->asked; client++) {
		uint64_t latest_ms = s->since_ms[client] + CLIENT_MS;

		world_pass(&s->w, latest_ms > s->w.now_ms ? latest_ms - s->w.now_ms : 0);
		assert_int_equal(s->answers[client], 1);
	}
	assert_int_equal(flights_waiters(r->flights), 0);
	world_pass(&s->w, SETTLED_MS);
	assert_int_equal(flights_count(r->flights), 0);
	assert_null(latest(s));
	assert_true(resolver_due(r) == UINT64_MAX);
	for (unsigned client = 0; client < s->asked; client++)
		assert_int_equal(s->answers[client], 1);
}

/** Play one order from the start.  Returns how many of its events could happen. */
static unsigned
play(const uint8_t *order, unsigned depth)
{
	struct stage s = { .w = { .now_ms = 100000, .deliver = deliver } };
	unsigned n = 0;

	stages++;
	s.w.context = &s;
	s.w.flights = (struct flights_settings){ .max_flights = 8, .max_waiters = 16 };
	go_over(&s);
	random_seed(&s.w.random, 3);
	while (n < depth && happen(&s, order[n])) {
		hear_nonsense(&s);
		n++;
	}
	must_settle(&s);
	world_end(&s.w);
	return n;
}

/**
 * The next order, all that begin with the first `kept` events and one more being done.  The
 * first event stays: without a client nothing can happen, and names are alike.
 */
static bool
next_order(uint8_t *order, unsigned kept, unsigned depth)
{
	unsigned at = kept < depth ? kept : depth - 1;

	memset(order + at + 1, 0, depth - at - 1);
	while (++order[at] == HAPPENINGS) {
		order[at] = 0;
		if (--at == 0)
			return false;
	}
	return true;
}

static unsigned
wanted_depth(void)
{
	const char *text = getenv("CAUSEWAY_DEPTH");
	int depth = text ? atoi(text) : DEPTH;

	return depth >= 2 && depth <= DEPTH_MOST ? (unsigned)depth : DEPTH;
}

static void
each_client_is_answered_once_and_nothing_is_left(void **state)
{
	uint8_t order[DEPTH_MOST] = { ASKS_SAME };
	unsigned depth = wanted_depth();

	(void)state;
	snapshots[0] = world_compile(estate, NULL);
	snapshots[1] = world_compile(next_estate, NULL);
	while (next_order(order, play(order, depth), depth))
		;
	snapshot_unref(snapshots[0]);
	snapshot_unref(snapshots[1]);
	print_message("%u orders of up to %u events\n", stages, depth);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_client_is_answered_once_and_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
