#include "proto/framing.h"

#include "unit/unit.h"

#define ROOM 64

/* Octets of a stream, and the lengths of the messages taken from it. */
struct framing_case {
	int line;
	const char *octets;
	size_t len;
	size_t count;		/* messages */
	size_t lengths[4];
	size_t left;		/* octets that stay for later */
};

#define OCTETS(s) (s), sizeof(s) - 1

static const struct framing_case cases[] = {
	{ __LINE__, OCTETS(""), 0, { 0 }, 0 },
	{ __LINE__, OCTETS("\0"), 0, { 0 }, 1 },
	{ __LINE__, OCTETS("\0\3"), 0, { 0 }, 2 },
	{ __LINE__, OCTETS("\0\3ab"), 0, { 0 }, 4 },
	{ __LINE__, OCTETS("\0\3abc"), 1, { 3 }, 0 },
	{ __LINE__, OCTETS("\0\3abc\0"), 1, { 3 }, 1 },
	{ __LINE__, OCTETS("\0\3abc\0\1"), 1, { 3 }, 2 },
	{ __LINE__, OCTETS("\0\3abc\0\1d"), 2, { 3, 1 }, 0 },
	{ __LINE__, OCTETS("\0\0\0\1d\0\0"), 3, { 0, 1, 0 }, 0 },
	{ __LINE__, OCTETS("\xff\xff" "abc"), 0, { 0 }, 5 },
};

static void
whole_messages_are_taken_and_the_rest_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct framing_case *c = &cases[i];
		const uint8_t *octets = (const uint8_t *)c->octets;
		struct frame frame;
		size_t at = 0, count = 0;

		while (frame_next(octets, c->len, &at, &frame)) {
			row_true(c->line, count < c->count);
			row_int(c->line, frame.len, c->lengths[count]);
			row_true(c->line, frame.message == octets + at - frame.len);
			count++;
		}
		row_int(c->line, count, c->count);
		row_int(c->line, c->len - at, c->left);
		row_int(c->line, frame_whole(octets, c->len), c->count > 0);
	}
}

/* Feed a stream octet by octet, cut wherever: the same messages come out. */
static void
a_stream_cut_anywhere_gives_the_same_messages(void **state)
{
	static const char stream[] = "\0\1a\0\0\0\5hello\0\2xy";
	const size_t len = sizeof(stream) - 1;

	(void)state;
	for (size_t cut = 0; cut <= len; cut++) {
		uint8_t kept[ROOM];
		char said[ROOM] = "";
		size_t have = 0, said_len = 0;
		const size_t pieces[] = { cut, len - cut };

		for (size_t p = 0, from = 0; p < COUNT_OF(pieces); from += pieces[p++]) {
			struct frame frame;
			size_t at = 0;

			memcpy(kept + have, stream + from, pieces[p]);
			have += pieces[p];
			while (frame_next(kept, have, &at, &frame)) {
				memcpy(said + said_len, frame.message, frame.len);
				said_len += frame.len;
				said[said_len++] = '|';
			}
			memmove(kept, kept + at, have - at);
			have -= at;
		}
		assert_int_equal(have, 0);
		assert_string_equal(said, "a||hello|xy|");
	}
}

static void
what_is_written_is_read_back(void **state)
{
	uint8_t octets[ROOM];
	struct writer out = writer_over(octets, sizeof(octets)), message;
	struct frame frame;
	size_t at = 0;

	(void)state;
	message = frame_open(&out, FRAME_MESSAGE_MAX);
	writer_bytes(&message, "answer", 6);
	frame_close(&out, &message);
	frame_append(&out, (const uint8_t *)"more", 4);
	assert_false(out.failed);
	assert_int_equal(out.len, 2 + 6 + 2 + 4);

	assert_true(frame_next(octets, out.len, &at, &frame));
	assert_int_equal(frame.len, 6);
	assert_memory_equal(frame.message, "answer", 6);
	assert_true(frame_next(octets, out.len, &at, &frame));
	assert_int_equal(frame.len, 4);
	assert_memory_equal(frame.message, "more", 4);
	assert_false(frame_next(octets, out.len, &at, &frame));
}

static void
a_message_that_does_not_fit_leaves_the_output_as_it_was(void **state)
{
	uint8_t octets[8];
	struct writer out = writer_over(octets, sizeof(octets));

	(void)state;
	frame_append(&out, (const uint8_t *)"123456", 6);
	assert_false(out.failed);
	assert_true(frame_open(&out, 1).failed);

	out = writer_over(octets, sizeof(octets));
	frame_append(&out, (const uint8_t *)"1234567", 7);
	assert_true(out.failed);
	assert_int_equal(out.len, 0);
}

static void
an_opened_message_has_no_more_room_than_asked(void **state)
{
	uint8_t octets[ROOM];
	struct writer out = writer_over(octets, sizeof(octets));

	(void)state;
	assert_int_equal(frame_open(&out, 5).size, 5);
	assert_int_equal(frame_open(&out, FRAME_MESSAGE_MAX).size, ROOM - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_messages_are_taken_and_the_rest_stays),
		cmocka_unit_test(a_stream_cut_anywhere_gives_the_same_messages),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_message_that_does_not_fit_leaves_the_output_as_it_was),
		cmocka_unit_test(an_opened_message_has_no_more_room_than_asked),
	};

	return cmocka_run_group_tests_name("framing", tests, NULL, NULL);
}
