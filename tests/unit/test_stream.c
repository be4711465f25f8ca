#include "io/stream.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/unit.h"
#include "unit/world.h"

#define BACKLOGS 2
#define SLOT	 5

/* A stream over one end of a pair of sockets; the test is the peer at the other. */
struct fixture {
	struct world world;
	struct stream stream;
	struct stream_desk *desk;
	int peer;
};

static const char estate[] =
	"vpc hub 10.0.0.0/16 eu-west-1\n"
	"zone Z corp.example hub\n"
	"www 60 A 10.0.0.1\n"
	"api 60 A 10.0.0.2\n"
	"forward rr-dc dc.example hub 192.168.0.53\n"
	"listen 5300 hub\n";

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];

	assert_non_null(f);
	f->world.flights = (struct flights_settings){ .max_flights = STREAM_MAX_WAITING + 8,
						      .max_flights_per_rule = STREAM_MAX_WAITING + 8,
						      .max_waiters = STREAM_MAX_WAITING + 8,
						      .max_waiters_per_flight = 1024 };
	world_load(&f->world, estate);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	f->peer = pair[0];
	f->desk = calloc(1, sizeof(*f->desk));
	assert_non_null(f->desk);
	f->desk->resolver = &f->world.resolver;
	assert_true(backlogs_init(&f->desk->backlogs, BACKLOGS));
	f->stream.fd = pair[1];
	f->stream.client = (struct client){ .addr = world_addr("10.0.0.9", 4000),
					    .session = SLOT, .generation = 1, .stream = true };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	stream_release(&f->stream, f->desk);
	/* whatever a test did, no backlog is lost */
	for (unsigned i = 0; i < BACKLOGS; i++)
		assert_non_null(backlog_take(&f->desk->backlogs, i, 0));
	backlogs_fini(&f->desk->backlogs);
	free(f->desk);
	close(f->stream.fd);
	if (f->peer >= 0)
		close(f->peer);
	world_end(&f->world);
	free(f);
	return 0;
}

/** Append a framed question. */
static void
put_query(struct writer *out, const char *name, uint16_t id)
{
	const struct wire_ask ask = { .id = id };
	uint8_t packet[512];
	size_t len = wire_query(name, "A", &ask, packet, sizeof(packet));

	frame_append(out, packet, len);
	assert_false(out->failed);
}

static void
peer_sends(const struct fixture *f, const uint8_t *octets, size_t len)
{
	assert_int_equal(send(f->peer, octets, len, 0), len);
}

/** All that the peer has got: the IDs of whole replies; returns how many. */
static unsigned
peer_reads(const struct fixture *f, uint16_t *ids, unsigned most)
{
	static uint8_t octets[1 << 20];
	struct frame frame;
	size_t len = 0, at = 0;
	unsigned count = 0;
	ssize_t got;

	while ((got = recv(f->peer, octets + len, sizeof(octets) - len, 0)) > 0)
		len += (size_t)got;
	while (frame_next(octets, len, &at, &frame)) {
		assert_true(count < most);
		assert_true(frame.message[2] & 0x80);	/* QR */
		ids[count++] = load_u16(frame.message);
	}
	assert_int_equal(at, len);
	return count;
}

/* The octets of three questions, cut at any place: three answers, in order. */
static void
questions_cut_anywhere_are_answered_in_order(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[512];
	struct writer out = writer_over(octets, sizeof(octets));

	put_query(&out, "www.corp.example", 1);
	put_query(&out, "nope.corp.example", 2);
	put_query(&out, "api.corp.example", 3);
	for (size_t cut = 1; cut < out.len; cut++) {
		uint16_t ids[4];

		peer_sends(f, octets, cut);
		stream_read(&f->stream, f->desk);
		peer_sends(f, octets + cut, out.len - cut);
		stream_read(&f->stream, f->desk);
		assert_int_equal(peer_reads(f, ids, 4), 3);
		assert_int_equal(ids[0], 1);
		assert_int_equal(ids[1], 2);
		assert_int_equal(ids[2], 3);
		assert_int_equal(f->stream.part_len, 0);
		assert_null(f->stream.backlog);
	}
}

static void
all_answers_of_one_read_leave_in_one_write(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[2048];
	struct writer out = writer_over(octets, sizeof(octets));
	int pair[2];

	/* a packet socket keeps the boundaries of writes */
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	close(f->peer);
	close(f->stream.fd);
	f->peer = pair[0];
	f->stream.fd = pair[1];
	for (uint16_t id = 1; id <= 16; id++)
		put_query(&out, "www.corp.example", id);
	peer_sends(f, octets, out.len);
	stream_read(&f->stream, f->desk);

	out = writer_over(octets, sizeof(octets));
	out.len = (size_t)recv(f->peer, octets, sizeof(octets), 0);
	for (size_t at = 0, count = 0;; count++) {
		struct frame frame;

		if (!frame_next(octets, out.len, &at, &frame)) {
			assert_int_equal(count, 16);
			break;
		}
	}
	assert_int_equal(recv(f->peer, octets, sizeof(octets), 0), -1);
}

static void
a_large_message_in_pieces_needs_a_backlog_while_it_lasts(void **state)
{
	struct fixture *f = *state;
	uint8_t *message = calloc(1, FRAME_MAX_OCTETS);
	uint16_t ids[1];

	assert_non_null(message);
	store_u16(message, FRAME_MESSAGE_MAX);	/* a question of zeros: FORMERR, but answered */
	for (size_t at = 0; at < FRAME_MAX_OCTETS;) {
		size_t piece = FRAME_MAX_OCTETS - at < 9000 ? FRAME_MAX_OCTETS - at : 9000;

		peer_sends(f, message + at, piece);
		stream_read(&f->stream, f->desk);
		at += piece;
		assert_int_equal(f->stream.backlog != NULL, at < FRAME_MAX_OCTETS);
	}
	assert_int_equal(peer_reads(f, ids, 1), 1);
	assert_false(f->stream.broken);
	free(message);
}

/** Fill the pipe with answers until the peer's not reading blocks the stream. */
static uint16_t
send_until_blocked(struct fixture *f)
{
	uint16_t id = 0;

	while (!f->stream.blocked) {
		uint8_t octets[4096];
		struct writer out = writer_over(octets, sizeof(octets));

		while (out.len < 3000)
			put_query(&out, "www.corp.example", ++id);
		peer_sends(f, octets, out.len);
		stream_read(&f->stream, f->desk);
		assert_false(f->stream.broken);
		assert_true(id < 60000);
	}
	return id;
}

static void
a_peer_that_does_not_read_is_not_read_from_and_loses_nothing(void **state)
{
	struct fixture *f = *state;
	static uint16_t ids[65536];
	uint16_t asked = send_until_blocked(f);
	unsigned got = 0, more;

	assert_false(stream_takes(&f->stream));
	assert_false(stream_reads(&f->stream));
	while ((more = peer_reads(f, ids + got, 65536 - got)) > 0) {
		got += more;
		stream_push(&f->stream, f->desk);
		stream_resume(&f->stream, f->desk);
	}
	assert_int_equal(got, asked);
	for (unsigned i = 0; i < got; i++)
		assert_int_equal(ids[i], i + 1);
	assert_true(stream_reads(&f->stream));
	assert_null(f->stream.backlog);
}

static void
a_peer_too_far_behind_is_given_up(void **state)
{
	struct fixture *f = *state;
	static uint8_t reply[FRAME_MESSAGE_MAX];

	send_until_blocked(f);
	f->stream.waiting = 8;
	for (unsigned i = 0; i < 8 && !f->stream.broken; i++)
		stream_deliver(&f->stream, f->desk, reply, sizeof(reply));
	assert_true(f->stream.broken);
	assert_true(f->stream.slow);
	assert_true(stream_is_over(&f->stream));
}

static void
a_half_closed_peer_gets_all_its_answers(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[512];
	struct writer out = writer_over(octets, sizeof(octets));
	uint16_t ids[4];

	put_query(&out, "www.corp.example", 1);
	put_query(&out, "host.dc.example", 2);
	peer_sends(f, octets, out.len);
	assert_int_equal(shutdown(f->peer, SHUT_WR), 0);
	stream_read(&f->stream, f->desk);
	stream_read(&f->stream, f->desk);
	assert_true(f->stream.ended);
	assert_int_equal(f->stream.waiting, 1);
	assert_false(stream_is_over(&f->stream));
	assert_int_equal(peer_reads(f, ids, 4), 1);

	stream_deliver(&f->stream, f->desk, (const uint8_t *)"\0\2\x80\0answer", 10);
	assert_false(stream_is_over(&f->stream));
	stream_push(&f->stream, f->desk);
	assert_int_equal(peer_reads(f, ids, 4), 1);
	assert_int_equal(ids[0], 2);
	assert_true(stream_is_over(&f->stream));
}

static void
an_answer_that_will_not_come_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[512];
	struct writer out = writer_over(octets, sizeof(octets));

	put_query(&out, "host.dc.example", 1);
	peer_sends(f, octets, out.len);
	stream_read(&f->stream, f->desk);
	f->stream.leaving = true;
	assert_false(stream_is_over(&f->stream));
	stream_deliver(&f->stream, f->desk, NULL, 0);
	assert_true(stream_is_over(&f->stream));
}

static void
late_answers_are_gathered_for_one_write(void **state)
{
	struct fixture *f = *state;
	uint16_t ids[4];

	f->stream.waiting = 3;
	stream_deliver(&f->stream, f->desk, (const uint8_t *)"\0\1\x80\0", 4);
	stream_deliver(&f->stream, f->desk, (const uint8_t *)"\0\2\x80\0", 4);
	assert_int_equal(peer_reads(f, ids, 4), 0);
	stream_push(&f->stream, f->desk);
	assert_int_equal(peer_reads(f, ids, 4), 2);
	assert_int_equal(f->stream.waiting, 1);
	assert_null(f->stream.backlog);
}

/** A question of its own for each, so that each waits. */
static void
put_forwarded(struct writer *out, uint16_t id)
{
	char name[64];

	snprintf(name, sizeof(name), "h%u.dc.example", (unsigned)id);
	put_query(out, name, id);
}

static void
a_stream_with_too_many_questions_waiting_is_not_read_from(void **state)
{
	struct fixture *f = *state;
	static uint8_t octets[32768];
	struct writer out = writer_over(octets, sizeof(octets));
	uint16_t ids[4];

	for (uint16_t id = 1; id <= STREAM_MAX_WAITING + 1; id++)
		put_forwarded(&out, id);
	put_query(&out, "www.corp.example", 9999);
	peer_sends(f, octets, out.len);
	stream_read(&f->stream, f->desk);
	assert_int_equal(f->stream.waiting, STREAM_MAX_WAITING);
	assert_false(stream_reads(&f->stream));

	/* two answers make room for what was read already */
	stream_deliver(&f->stream, f->desk, NULL, 0);
	stream_deliver(&f->stream, f->desk, NULL, 0);
	stream_resume(&f->stream, f->desk);
	assert_int_equal(peer_reads(f, ids, 4), 1);
	assert_int_equal(ids[0], 9999);
	assert_int_equal(f->stream.waiting, STREAM_MAX_WAITING - 1);
	assert_true(stream_reads(&f->stream));
}

static void
a_peer_that_is_gone_breaks_the_stream(void **state)
{
	struct fixture *f = *state;
	uint8_t octets[512];
	struct writer out = writer_over(octets, sizeof(octets));

	put_query(&out, "www.corp.example", 1);
	peer_sends(f, octets, out.len);
	close(f->peer);
	f->peer = -1;
	stream_read(&f->stream, f->desk);
	assert_true(f->stream.broken);
	assert_false(f->stream.slow);
	assert_true(stream_is_over(&f->stream));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(questions_cut_anywhere_are_answered_in_order),
		TEST(all_answers_of_one_read_leave_in_one_write),
		TEST(a_large_message_in_pieces_needs_a_backlog_while_it_lasts),
		TEST(a_peer_that_does_not_read_is_not_read_from_and_loses_nothing),
		TEST(a_peer_too_far_behind_is_given_up),
		TEST(a_half_closed_peer_gets_all_its_answers),
		TEST(an_answer_that_will_not_come_is_not_waited_for),
		TEST(late_answers_are_gathered_for_one_write),
		TEST(a_stream_with_too_many_questions_waiting_is_not_read_from),
		TEST(a_peer_that_is_gone_breaks_the_stream),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
