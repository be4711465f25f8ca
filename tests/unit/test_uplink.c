#include "io/uplink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/bytes.h"
#include "unit/unit.h"

#define PLACES	     256
#define FIRST_SLOT   1000
#define QUERY_OCTETS 20
#define GUARD_MS     20000	/* what never comes fails the test instead of hanging it */

/* Uplinks on a loop of their own; the test is the target. */
struct fixture {
	uv_loop_t loop;
	struct poller *poller;
	struct uplinks *uplinks;
	uint64_t now_ms;
	int listener;
	struct addr target;
	unsigned replies[PLACES], lost[PLACES];
	size_t query_len;
	uint16_t last_id;
	size_t last_len;
	bool keep;		/* a reply does not end its question */
	bool ask_when_lost;	/* a question that is lost is asked again at once */
};

static bool
ask(struct fixture *f, uint32_t place, uint16_t id)
{
	uint8_t query[FLIGHT_PACKET_MAX] = { 0 };

	store_u16(query, id);
	return uplinks_ask(f->uplinks, place, &f->target, query, f->query_len, f->now_ms);
}

static void
on_reply(void *context, uint32_t place, const uint8_t *message, size_t len)
{
	struct fixture *f = context;

	f->replies[place]++;
	f->last_id = load_u16(message);
	f->last_len = len;
	if (!f->keep)
		uplinks_end(f->uplinks, place, f->now_ms);
}

static void
on_lost(void *context, uint32_t place)
{
	struct fixture *f = context;

	f->lost[place]++;
	if (f->ask_when_lost)
		ask(f, place, (uint16_t)(1000 + place));
}

static void
on_event(void *context, uint32_t slot, uint32_t generation, unsigned events)
{
	struct fixture *f = context;

	uplinks_event(f->uplinks, slot - FIRST_SLOT, generation, events, f->now_ms);
}

static void
listen_here(struct fixture *f)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(here);

	f->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(f->listener, (struct sockaddr *)&here, len), 0);
	assert_int_equal(listen(f->listener, 16), 0);
	assert_int_equal(getsockname(f->listener, (struct sockaddr *)&here, &len), 0);
	assert_true(addr_from_sockaddr((struct sockaddr *)&here, &f->target));
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct poller_owner owner = { .event = on_event, .context = f };
	struct uplinks_settings settings = {
		.places = PLACES,
		.first_slot = FIRST_SLOT,
		.owner = { .reply = on_reply, .lost = on_lost, .context = f },
	};

	assert_non_null(f);
	f->now_ms = 5000;
	f->query_len = QUERY_OCTETS;
	listen_here(f);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->poller = settings.poller = poller_new(&f->loop, &owner);
	assert_non_null(f->poller);
	f->uplinks = uplinks_new(&settings);
	assert_non_null(f->uplinks);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	uplinks_free(f->uplinks);
	poller_free(f->poller);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	close(f->listener);
	free(f);
	return 0;
}

/** One round of what a worker does. */
static void
turn(struct fixture *f)
{
	uplinks_flush(f->uplinks, f->now_ms);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	uplinks_flush(f->uplinks, f->now_ms);
}

static void
guard(uint64_t since)
{
	assert_true(uv_hrtime() - since < GUARD_MS * 1000000ull);
}

static int
accept_one(struct fixture *f)
{
	uint64_t since = uv_hrtime();
	int fd;

	while ((fd = accept4(f->listener, NULL, NULL, SOCK_NONBLOCK)) < 0) {
		guard(since);
		turn(f);
	}
	return fd;
}

/** The ID of the next question of a connection. */
static uint16_t
next_question(struct fixture *f, int fd)
{
	uint8_t octets[FLIGHT_PACKET_MAX + 2];
	size_t got = 0;
	uint64_t since = uv_hrtime();

	while (got < f->query_len + 2) {
		ssize_t n = recv(fd, octets + got, f->query_len + 2 - got, 0);

		if (n > 0)
			got += (size_t)n;
		guard(since);
		turn(f);
	}
	assert_int_equal(load_u16(octets), f->query_len);
	return load_u16(octets + 2);
}

static void
answer(int fd, uint16_t id, size_t len)
{
	uint8_t octets[2 + 2000] = { 0 };

	store_u16(octets, (uint16_t)len);
	store_u16(octets + 2, id);
	assert_int_equal(send(fd, octets, len + 2, MSG_NOSIGNAL), len + 2);
}

static void
await(struct fixture *f, const unsigned *count, unsigned wanted)
{
	uint64_t since = uv_hrtime();

	while (*count < wanted) {
		guard(since);
		turn(f);
	}
	assert_int_equal(*count, wanted);
}

static void
await_closed(struct fixture *f, int fd)
{
	uint64_t since = uv_hrtime();
	uint8_t octet;
	ssize_t got;

	while ((got = recv(fd, &octet, 1, 0)) < 0 && errno == EAGAIN) {
		guard(since);
		turn(f);
	}
	assert_true(got == 0 || errno == ECONNRESET);
	close(fd);
}

static void
many_questions_share_a_connection_and_are_answered_in_any_order(void **state)
{
	struct fixture *f = *state;
	int fd;

	for (uint16_t i = 0; i < PIPELINE_MAX; i++)
		assert_true(ask(f, i, (uint16_t)(100 + i)));
	fd = accept_one(f);
	for (uint16_t i = 0; i < PIPELINE_MAX; i++)
		assert_int_equal(next_question(f, fd), 100 + i);
	for (uint16_t i = PIPELINE_MAX; i-- > 0;) {
		answer(fd, (uint16_t)(100 + i), 50);
		await(f, &f->replies[i], 1);
		assert_int_equal(f->last_id, 100 + i);
		assert_int_equal(f->last_len, 50);
	}
	/* and is used again */
	assert_true(ask(f, 9, 9));
	assert_int_equal(next_question(f, fd), 9);
	assert_int_equal(uplinks_count(f->uplinks), 1);
	assert_int_equal(uplinks_counters(f->uplinks)->opened, 1);
	close(fd);
}

static void
a_reply_may_come_in_any_pieces(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[2 + 600] = { 600 >> 8, 600 & 0xff };
	int fd = -1;

	for (uint16_t round = 0; round < 50; round++) {
		size_t cut = 1 + (size_t)round * 12;

		assert_true(ask(f, 1, round));
		if (round == 0)
			fd = accept_one(f);
		assert_int_equal(next_question(f, fd), round);
		store_u16(octets + 2, round);
		assert_int_equal(send(fd, octets, cut, 0), cut);
		for (unsigned i = 0; i < 5; i++)
			turn(f);
		assert_int_equal(f->replies[1], round);
		assert_int_equal(send(fd, octets + cut, sizeof(octets) - cut, 0),
				 sizeof(octets) - cut);
		await(f, &f->replies[1], round + 1u);
		assert_int_equal(f->last_len, 600);
	}
	close(fd);
}

static void
a_full_connection_is_joined_by_a_second_and_no_third(void **state)
{
	struct fixture *f = *state;
	int first, second;

	for (uint16_t i = 0; i < 2 * PIPELINE_MAX; i++)
		assert_true(ask(f, i, i));
	assert_false(ask(f, 2 * PIPELINE_MAX, 999));
	assert_int_equal(uplinks_counters(f->uplinks)->full, 1);
	assert_int_equal(uplinks_count(f->uplinks), UPLINKS_PER_TARGET);
	first = accept_one(f);
	second = accept_one(f);
	close(first);
	close(second);
}

static void
a_taken_id_goes_by_another_connection(void **state)
{
	struct fixture *f = *state;
	int first, second;

	assert_true(ask(f, 0, 7));
	assert_true(ask(f, 1, 7));
	assert_false(ask(f, 2, 7));
	first = accept_one(f);
	second = accept_one(f);
	assert_int_equal(next_question(f, first), 7);
	assert_int_equal(next_question(f, second), 7);
	answer(second, 7, 40);
	/* both ask the same: which of them was accepted second is the kernel's choice */
	for (uint64_t since = uv_hrtime(); f->replies[0] + f->replies[1] == 0;) {
		guard(since);
		turn(f);
	}
	assert_int_equal(f->replies[0] + f->replies[1], 1);
	close(first);
	close(second);
}

static void
what_waits_in_a_closed_connection_is_asked_once_more_then_lost(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_true(ask(f, 0, 10));
	assert_true(ask(f, 1, 11));
	assert_true(ask(f, 2, 12));
	fd = accept_one(f);
	assert_int_equal(next_question(f, fd), 10);
	assert_int_equal(next_question(f, fd), 11);
	assert_int_equal(next_question(f, fd), 12);
	answer(fd, 11, 40);
	await(f, &f->replies[1], 1);
	uplinks_end(f->uplinks, 2, f->now_ms);	/* nobody waits for it: not asked again */
	close(fd);
	fd = accept_one(f);
	assert_int_equal(next_question(f, fd), 10);
	assert_int_equal(uplinks_counters(f->uplinks)->again, 1);
	assert_int_equal(f->lost[0], 0);
	close(fd);
	await(f, &f->lost[0], 1);
	assert_int_equal(f->lost[1] + f->lost[2], 0);
	assert_int_equal(uplinks_count(f->uplinks), 0);
}

static void
a_closed_connection_without_questions_is_opened_again_when_needed(void **state)
{
	struct fixture *f = *state;
	int fd;

	for (uint16_t round = 0; round < 5; round++) {
		uint64_t since = uv_hrtime();

		assert_true(ask(f, 0, round));
		fd = accept_one(f);
		assert_int_equal(next_question(f, fd), round);
		answer(fd, round, 40);
		await(f, &f->replies[0], round + 1u);
		close(fd);
		while (uplinks_count(f->uplinks) > 0) {
			guard(since);
			turn(f);
		}
	}
	assert_int_equal(f->lost[0], 0);
	assert_int_equal(uplinks_counters(f->uplinks)->closed_under, 0);
}

static void
a_refused_connection_is_lost_at_once(void **state)
{
	struct fixture *f = *state;

	close(f->listener);
	/* on loopback the kernel may say so within connect or behind it */
	if (ask(f, 3, 3))
		await(f, &f->lost[3], 1);
	assert_int_equal(uplinks_count(f->uplinks), 0);
	assert_int_equal(uplinks_counters(f->uplinks)->failed, 1);
	listen_here(f);
}

static void
who_asks_anew_on_being_told_of_a_loss_is_served(void **state)
{
	struct fixture *f = *state;
	int fd;

	f->ask_when_lost = true;
	for (uint32_t place = 0; place < 3; place++)
		assert_true(ask(f, place, (uint16_t)place));
	close(accept_one(f));		/* asked again */
	close(accept_one(f));		/* lost, and asked anew by the owner */
	for (uint32_t place = 0; place < 3; place++)
		await(f, &f->lost[place], 1);
	fd = accept_one(f);
	for (uint32_t place = 0; place < 3; place++)
		assert_int_equal(next_question(f, fd), 1000 + place);
	for (uint32_t place = 0; place < 3; place++) {
		answer(fd, (uint16_t)(1000 + place), 30);
		await(f, &f->replies[place], 1);
	}
	close(fd);
}

static void
an_idle_connection_is_closed_in_its_time(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_true(ask(f, 0, 1));
	fd = accept_one(f);
	next_question(f, fd);
	f->now_ms += UPLINK_IDLE_MS;
	uplinks_sweep(f->uplinks, f->now_ms);
	assert_int_equal(uplinks_count(f->uplinks), 1);		/* somebody waits */
	answer(fd, 1, 40);
	await(f, &f->replies[0], 1);
	f->now_ms += UPLINK_IDLE_MS - 1;
	uplinks_sweep(f->uplinks, f->now_ms);
	assert_int_equal(uplinks_count(f->uplinks), 1);
	f->now_ms++;
	uplinks_sweep(f->uplinks, f->now_ms);
	assert_int_equal(uplinks_count(f->uplinks), 0);
	await_closed(f, fd);
}

static void
a_connection_that_does_not_come_to_be_is_given_up(void **state)
{
	struct fixture *f = *state;

	assert_true(ask(f, 0, 1));
	/* not one turn of the loop: as far as it knows the handshake is under way */
	f->now_ms += UPLINK_CONNECT_MS - 1;
	uplinks_sweep(f->uplinks, f->now_ms);
	assert_int_equal(f->lost[0], 0);
	f->now_ms++;
	uplinks_sweep(f->uplinks, f->now_ms);
	assert_int_equal(f->lost[0], 1);
	assert_int_equal(uplinks_count(f->uplinks), 0);
}

static void
a_silent_connection_takes_no_more_questions(void **state)
{
	struct fixture *f = *state;
	int silent, fd;

	assert_true(ask(f, 0, 1));
	silent = accept_one(f);
	next_question(f, silent);
	assert_true(ask(f, 1, 2));
	next_question(f, silent);
	f->now_ms += UPLINK_SILENT_MS;
	uplinks_end(f->uplinks, 0, f->now_ms);
	assert_true(ask(f, 2, 3));
	fd = accept_one(f);
	assert_int_equal(next_question(f, fd), 3);
	/* who waited in it may still be answered, then it is closed */
	answer(silent, 2, 40);
	await(f, &f->replies[1], 1);
	await_closed(f, silent);
	close(fd);
}

/* Given up early, as when another target was faster, says nothing about the connection. */
static void
a_late_reply_is_passed_by_and_its_connection_stays(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_true(ask(f, 0, 1));
	fd = accept_one(f);
	next_question(f, fd);
	uplinks_end(f->uplinks, 0, f->now_ms + UPLINK_SILENT_MS - 1);
	assert_true(ask(f, 0, 2));
	assert_int_equal(next_question(f, fd), 2);
	answer(fd, 1, 40);
	answer(fd, 2, 41);
	await(f, &f->replies[0], 1);
	assert_int_equal(f->last_len, 41);
	assert_int_equal(uplinks_counters(f->uplinks)->opened, 1);
	close(fd);
}

static void
a_message_that_is_not_the_reply_leaves_the_question_waiting(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_true(ask(f, 0, 1));
	fd = accept_one(f);
	next_question(f, fd);
	f->keep = true;
	answer(fd, 999, 40);
	answer(fd, 1, 12);
	await(f, &f->replies[0], 1);
	f->keep = false;
	answer(fd, 1, 40);
	await(f, &f->replies[0], 2);
	assert_int_equal(f->last_len, 40);
	close(fd);
}

/*
 * A target that answers and does not read: what it does not take is kept, and leaves when it
 * reads.
 */
static void
what_the_target_does_not_take_waits(void **state)
{
	struct fixture *f = *state;
	uint64_t since = uv_hrtime();
	uint16_t id = 0, asked;
	int fd = -1, small = 2048;

	assert_int_equal(setsockopt(f->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
			 0);
	f->query_len = FLIGHT_PACKET_MAX;
	for (;; id++) {
		assert_true(id < UINT16_MAX && ask(f, 0, id));
		if (fd < 0)
			fd = accept_one(f);
		turn(f);
		answer(fd, id, 2);
		for (unsigned i = 0; i < 20 && f->replies[0] == id; i++)
			turn(f);
		if (f->replies[0] == id)
			break;
		guard(since);
	}
	for (asked = 0; asked <= id; asked++)
		assert_int_equal(next_question(f, fd), asked);
	answer(fd, id, 2);
	await(f, &f->replies[0], id + 1u);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(many_questions_share_a_connection_and_are_answered_in_any_order),
		TEST(a_reply_may_come_in_any_pieces),
		TEST(a_full_connection_is_joined_by_a_second_and_no_third),
		TEST(a_taken_id_goes_by_another_connection),
		TEST(what_waits_in_a_closed_connection_is_asked_once_more_then_lost),
		TEST(a_closed_connection_without_questions_is_opened_again_when_needed),
		TEST(a_refused_connection_is_lost_at_once),
		TEST(who_asks_anew_on_being_told_of_a_loss_is_served),
		TEST(an_idle_connection_is_closed_in_its_time),
		TEST(a_connection_that_does_not_come_to_be_is_given_up),
		TEST(a_silent_connection_takes_no_more_questions),
		TEST(a_late_reply_is_passed_by_and_its_connection_stays),
		TEST(a_message_that_is_not_the_reply_leaves_the_question_waiting),
		TEST(what_the_target_does_not_take_waits),
	};

	return cmocka_run_group_tests_name("uplink", tests, NULL, NULL);
}
