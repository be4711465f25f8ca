#include "io/worker.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "proto/framing.h"
#include "unit/unit.h"
#include "unit/world.h"

#define GUARD_S	 20	/* what never comes fails the test instead of hanging it */
#define TEXT_MAX 2048

/* Networks are told apart by their addresses; loopback is in "here". */
#define ESTATE(address)                                                                   \
	"vpc here 127.0.0.0/8 eu-west-1\n"                                                \
	"zone Z corp.example here\n"                                                      \
	"www 60 A " address "\n"                                                          \
	"listen 0 here\n"

/* One worker serving; the test is its client and its control thread. */
struct fixture {
	struct worker *worker;
	struct edition *edition;
	struct cache *cache;
	struct ephemeral ephemeral;
	sem_t noted;
	int udp, tcp;
};

static void
note(void *context)
{
	sem_post(&((struct fixture *)context)->noted);
}

static void
await_note(struct fixture *f)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GUARD_S;
	assert_int_equal(sem_timedwait(&f->noted, &until), 0);
}

static struct edition *
make(const struct edition *previous, const char *text)
{
	struct snapshot *snap = world_compile(text, previous ? previous->snap : NULL);
	struct edition_failure failure;
	struct edition *edition;

	assert_int_equal(edition_make(previous, snap, 1, &edition, &failure), OK);
	snapshot_unref(snap);
	return edition;
}

static int
client_of(const struct fixture *f, int type, const char *from)
{
	const struct timeval guard = { .tv_sec = GUARD_S };
	struct sockaddr_storage sa, here;
	socklen_t len = addr_to_sockaddr(&f->edition->gates[0]->addr, &sa), here_len;
	int fd = socket(AF_INET, type, 0);
	struct addr local;

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard)), 0);
	if (from) {
		assert_true(addr_parse(from, &local));
		local.port = 0;
		here_len = addr_to_sockaddr(&local, &here);
		assert_int_equal(bind(fd, (struct sockaddr *)&here, here_len), 0);
	}
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static int
client(const struct fixture *f, int type)
{
	return client_of(f, type, NULL);
}

/** A connection of another client of this machine. */
static int
client_from(const struct fixture *f, const char *address)
{
	return client_of(f, SOCK_STREAM, address);
}

static int
setup_with(void **state, uint32_t max_per_client)
{
	const struct cache_settings cache = { .octets = CACHE_MIN_OCTETS };
	struct fixture *f = calloc(1, sizeof(*f));
	struct worker_settings settings = {
		.flights = { .max_flights = 16, .max_waiters = 64, .max_waiters_per_flight = 16 },
		.sessions = { .max_sessions = 4, .max_backlogs = 2, .idle_ms = 1000 * GUARD_S,
			      .max_per_client = max_per_client },
		.note = note,
		.context = f,
	};

	assert_non_null(f);
	assert_int_equal(sem_init(&f->noted, 0, 0), 0);
	ephemeral_init(&f->ephemeral);
	settings.ephemeral = &f->ephemeral;
	settings.cache = f->cache = cache_new(&cache);
	assert_non_null(f->cache);
	f->edition = make(NULL, ESTATE("10.0.0.1"));
	f->worker = worker_new(&settings, f->edition);
	assert_non_null(f->worker);
	assert_int_equal(worker_edition(f->worker), 0);
	assert_int_equal(worker_start(f->worker), 0);
	await_note(f);
	assert_int_equal(worker_edition(f->worker), 1);
	f->udp = client(f, SOCK_DGRAM);
	f->tcp = client(f, SOCK_STREAM);
	*state = f;
	return 0;
}

static int
setup(void **state)
{
	return setup_with(state, 0);
}

static int
setup_with_two_sessions_each(void **state)
{
	return setup_with(state, 2);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	worker_halt(f->worker);
	worker_free(f->worker);
	edition_unref(f->edition);
	cache_free(f->cache);
	sem_destroy(&f->noted);
	close(f->udp);
	close(f->tcp);
	free(f);
	return 0;
}

static const char *
ask_udp(const struct fixture *f, const char *name, char *text)
{
	const struct wire_ask ask = { .id = 7 };
	uint8_t packet[512];
	size_t len = wire_query(name, "A", &ask, packet, sizeof(packet));
	ssize_t got;

	if (send(f->udp, packet, len, 0) != (ssize_t)len)
		return strerror(errno);
	got = recv(f->udp, packet, sizeof(packet), 0);
	return got < 0 ? strerror(errno) : wire_print(packet, (size_t)got, text, TEXT_MAX);
}

static size_t
receive_all(int fd, uint8_t *octets, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len && (n = recv(fd, octets + got, len - got, 0)) > 0)
		got += (size_t)n;
	return got;
}

/** "" once the peer has closed. */
static const char *
ask_tcp(const struct fixture *f, const char *name, char *text)
{
	const struct wire_ask ask = { .id = 8 };
	uint8_t octets[1024];
	size_t len = wire_query(name, "A", &ask, octets + 2, sizeof(octets) - 2);

	store_u16(octets, (uint16_t)len);
	if (send(f->tcp, octets, len + 2, MSG_NOSIGNAL) != (ssize_t)len + 2 ||
	    receive_all(f->tcp, octets, 2) != 2)
		return "";
	len = load_u16(octets);
	assert_int_equal(receive_all(f->tcp, octets, len), len);
	return wire_print(octets, len, text, TEXT_MAX);
}

/** Go over to another edition, as a reload does. */
static void
reload(struct fixture *f, const char *text)
{
	struct edition *last = f->edition;

	f->edition = make(last, text);
	worker_offer(f->worker, f->edition);
	await_note(f);
	assert_int_equal(worker_edition(f->worker), f->edition->number);
	edition_unref(last);
}

static void
questions_are_answered_over_udp_and_tcp(void **state)
{
	struct fixture *f = *state;
	char text[TEXT_MAX];

	assert_non_null(strstr(ask_udp(f, "www.corp.example", text), "10.0.0.1"));
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	assert_non_null(strstr(ask_udp(f, "nope.corp.example", text), "NXDOMAIN"));
	assert_non_null(strstr(ask_tcp(f, "nope.corp.example", text), "NXDOMAIN"));
}

static void
a_new_edition_answers_on_the_sockets_and_sessions_of_the_last(void **state)
{
	struct fixture *f = *state;
	char text[TEXT_MAX];

	for (unsigned i = 0; i < 20; i++) {
		const char *address = i % 2 ? "10.0.0.1" : "10.0.0.2";

		reload(f, i % 2 ? ESTATE("10.0.0.1") : ESTATE("10.0.0.2"));
		assert_non_null(strstr(ask_udp(f, "www.corp.example", text), address));
		assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), address));
	}
}

static void
an_edition_that_was_never_seen_is_let_go(void **state)
{
	struct fixture *f = *state;
	struct edition *second = make(f->edition, ESTATE("10.0.0.2"));
	struct edition *third = make(second, ESTATE("10.0.0.3"));
	char text[TEXT_MAX];

	worker_offer(f->worker, second);
	worker_offer(f->worker, third);
	while (worker_edition(f->worker) != 3)
		await_note(f);
	assert_non_null(strstr(ask_udp(f, "www.corp.example", text), "10.0.0.3"));
	assert_int_equal(second->refs, 1);
	edition_unref(second);
	edition_unref(f->edition);
	f->edition = third;
}

static void
a_listener_that_goes_is_closed_with_its_sessions(void **state)
{
	struct fixture *f = *state;
	char text[TEXT_MAX];

	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	reload(f, "vpc here 127.0.0.0/8 eu-west-1\n"
		  "zone Z corp.example here\n"
		  "www 60 A 10.0.0.1\n");
	assert_string_equal(ask_udp(f, "www.corp.example", text), strerror(ECONNREFUSED));
	assert_string_equal(ask_tcp(f, "www.corp.example", text), "");
}

static void
what_was_asked_before_leaving_is_answered(void **state)
{
	struct fixture *f = *state;
	struct worker_counters counters;
	char text[TEXT_MAX];

	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	for (unsigned i = 0; i < 100; i++) {
		const struct wire_ask ask = { .id = (uint16_t)i };
		uint8_t packet[512];
		size_t len = wire_query("www.corp.example", "A", &ask, packet, sizeof(packet));

		assert_int_equal(send(f->udp, packet, len, 0), len);
	}
	worker_leave(f->worker, 1000 * GUARD_S);
	while (!worker_has_ended(f->worker))
		await_note(f);
	for (unsigned i = 0; i < 100; i++) {
		uint8_t packet[512];

		assert_true(recv(f->udp, packet, sizeof(packet), 0) > 12);
		assert_int_equal(load_u16(packet), i);
	}
	assert_string_equal(ask_tcp(f, "www.corp.example", text), "");
	worker_counters(f->worker, &counters);
	assert_int_equal(counters.resolver.queries, 101);
	assert_int_equal(counters.udp.received, 100);
	assert_int_equal(counters.udp.sent, 100);
	assert_int_equal(counters.sessions.accepted, 1);
}

static void
the_longest_idle_session_gives_way_to_a_new_one(void **state)
{
	struct fixture *f = *state;
	int first = f->tcp, others[4];
	char text[TEXT_MAX];

	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	for (unsigned i = 0; i < 4; i++) {	/* one more than there is room for */
		f->tcp = others[i] = client(f, SOCK_STREAM);
		assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	}
	f->tcp = first;
	assert_string_equal(ask_tcp(f, "www.corp.example", text), "");
	for (unsigned i = 0; i < 4; i++) {
		f->tcp = others[i];
		assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
		close(others[i]);
	}
	f->tcp = first;
}

static void
beyond_its_share_a_client_gives_up_its_own_idle_session(void **state)
{
	struct fixture *f = *state;
	int unused = f->tcp, other = client_from(f, "127.0.0.2"), first, second;
	struct worker_counters counters;
	char text[TEXT_MAX];

	f->tcp = other;		/* idle longest of all, and of another client */
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	f->tcp = first = client_from(f, "127.0.0.3");
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	f->tcp = second = client_from(f, "127.0.0.3");
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	f->tcp = client_from(f, "127.0.0.3");
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	close(f->tcp);
	f->tcp = first;
	assert_string_equal(ask_tcp(f, "www.corp.example", text), "");
	close(first);
	f->tcp = second;
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	close(second);
	f->tcp = other;
	assert_non_null(strstr(ask_tcp(f, "www.corp.example", text), "10.0.0.1"));
	close(other);
	f->tcp = unused;

	worker_halt(f->worker);
	while (!worker_has_ended(f->worker))
		await_note(f);
	worker_counters(f->worker, &counters);
	assert_int_equal(counters.sessions.evicted, 1);
	assert_int_equal(counters.sessions.crowded, 0);
}

static void
a_ping_is_answered(void **state)
{
	struct fixture *f = *state;
	char text[TEXT_MAX];

	worker_ping(f->worker);
	/* the wake-up comes no later than the second of two rounds of the loop */
	for (unsigned i = 0; i < 1000 && !worker_is_alive(f->worker); i++)
		ask_udp(f, "www.corp.example", text);
	assert_true(worker_is_alive(f->worker));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(questions_are_answered_over_udp_and_tcp),
		TEST(a_new_edition_answers_on_the_sockets_and_sessions_of_the_last),
		TEST(an_edition_that_was_never_seen_is_let_go),
		TEST(a_listener_that_goes_is_closed_with_its_sessions),
		TEST(what_was_asked_before_leaving_is_answered),
		TEST(the_longest_idle_session_gives_way_to_a_new_one),
		cmocka_unit_test_setup_teardown(
			beyond_its_share_a_client_gives_up_its_own_idle_session,
			setup_with_two_sessions_each, teardown),
		TEST(a_ping_is_answered),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
