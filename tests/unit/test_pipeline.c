#include "io/pipeline.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/random.h"
#include "unit/unit.h"

#define QUERY_OCTETS 20

static struct pipeline_question *
add(struct pipeline *pipeline, uint16_t id)
{
	uint8_t query[QUERY_OCTETS] = { 0 };
	struct pipeline_question *question;

	store_u16(query, id);
	store_u16(query + 10, id);
	question = pipeline_add(pipeline, query, sizeof(query));
	question->place = id;
	return question;
}

/** The IDs of the frames in these octets, as "1 2 3"; frames have to be whole. */
static const char *
ids(const uint8_t *octets, size_t len, char *text, size_t size)
{
	struct frame frame;
	size_t at = 0, used = 0;

	text[0] = '\0';
	while (frame_next(octets, len, &at, &frame)) {
		assert_int_equal(frame.len, QUERY_OCTETS);
		used += (size_t)snprintf(text + used, size - used, used ? " %u" : "%u",
					 (unsigned)load_u16(frame.message));
	}
	assert_int_equal(at, len);
	return text;
}

static const char *
gathered(const struct pipeline *pipeline)
{
	static uint8_t octets[PIPELINE_OCTETS];
	static char text[1024];

	return ids(octets, pipeline_gather(pipeline, octets), text, sizeof(text));
}

static void
write_all(struct pipeline *pipeline)
{
	static uint8_t octets[PIPELINE_OCTETS];

	pipeline_written(pipeline, pipeline_gather(pipeline, octets));
}

static void
questions_leave_in_the_order_in_which_they_came(void **state)
{
	struct pipeline pipeline = { 0 };

	(void)state;
	add(&pipeline, 3);
	add(&pipeline, 1);
	add(&pipeline, 2);
	assert_string_equal(gathered(&pipeline), "3 1 2");
	write_all(&pipeline);
	assert_string_equal(gathered(&pipeline), "");
	add(&pipeline, 4);
	assert_string_equal(gathered(&pipeline), "4");
}

/* However writing is cut, the peer reads the same octets. */
static void
writing_may_be_cut_anywhere(void **state)
{
	(void)state;
	for (size_t piece = 1; piece <= 3 * (QUERY_OCTETS + 2); piece++) {
		struct pipeline pipeline = { 0 };
		uint8_t next[PIPELINE_OCTETS], peer[256];
		size_t len, got = 0;
		char text[64];

		for (uint16_t id = 1; id <= 3; id++)
			add(&pipeline, id);
		while ((len = pipeline_gather(&pipeline, next)) > 0) {
			if (len > piece)
				len = piece;
			memcpy(peer + got, next, len);
			got += len;
			pipeline_written(&pipeline, len);
		}
		assert_string_equal(ids(peer, got, text, sizeof(text)), "1 2 3");
		for (uint16_t id = 1; id <= 3; id++)
			assert_int_equal(pipeline_find(&pipeline, id)->state, PIPELINE_ASKED);
	}
}

static void
replies_find_their_questions_in_any_order(void **state)
{
	static const uint16_t order[] = { 2, 4, 1, 3 };
	struct pipeline pipeline = { 0 };

	(void)state;
	for (uint16_t id = 1; id <= 4; id++)
		add(&pipeline, id);
	write_all(&pipeline);
	for (unsigned i = 0; i < 4; i++) {
		struct pipeline_question *question = pipeline_find(&pipeline, order[i]);

		assert_non_null(question);
		assert_int_equal(question->place, order[i]);
		pipeline_answered(&pipeline, question);
		assert_null(pipeline_find(&pipeline, order[i]));
	}
	assert_int_equal(pipeline.live, 0);
	assert_int_equal(pipeline.used, 0);
}

static void
what_has_not_been_asked_has_no_reply(void **state)
{
	struct pipeline pipeline = { 0 };

	(void)state;
	add(&pipeline, 7);
	pipeline_written(&pipeline, QUERY_OCTETS + 1);
	assert_null(pipeline_find(&pipeline, 7));
	pipeline_written(&pipeline, 1);
	assert_non_null(pipeline_find(&pipeline, 7));
	assert_null(pipeline_find(&pipeline, 8));
}

static void
an_id_is_taken_until_its_reply_has_come(void **state)
{
	struct pipeline pipeline = { 0 };
	struct pipeline_question *question = add(&pipeline, 5);

	(void)state;
	assert_false(pipeline_takes(&pipeline, 5));
	assert_true(pipeline_takes(&pipeline, 6));
	write_all(&pipeline);
	pipeline_end(&pipeline, question);
	assert_int_equal(pipeline.live, 0);
	assert_false(pipeline_takes(&pipeline, 5));
	pipeline_answered(&pipeline, pipeline_find(&pipeline, 5));
	assert_true(pipeline_takes(&pipeline, 5));
	assert_int_equal(pipeline.used, 0);
}

static void
what_is_ended_before_it_is_written_never_leaves(void **state)
{
	struct pipeline pipeline = { 0 };
	struct pipeline_question *questions[3];

	(void)state;
	for (uint16_t id = 1; id <= 3; id++)
		questions[id - 1] = add(&pipeline, id);
	pipeline_end(&pipeline, questions[1]);
	assert_true(pipeline_takes(&pipeline, 2));
	assert_string_equal(gathered(&pipeline), "1 3");
	pipeline_end(&pipeline, questions[0]);
	assert_string_equal(gathered(&pipeline), "3");
	assert_int_equal(pipeline.live, 1);
}

static void
what_is_ended_half_written_is_written_to_its_end(void **state)
{
	struct pipeline pipeline = { 0 };
	struct pipeline_question *first = add(&pipeline, 1);
	uint8_t octets[PIPELINE_OCTETS];
	size_t len;

	(void)state;
	add(&pipeline, 2);
	pipeline_written(&pipeline, 5);
	pipeline_end(&pipeline, first);
	len = pipeline_gather(&pipeline, octets);
	assert_int_equal(len, 2 * (QUERY_OCTETS + 2) - 5);
	pipeline_written(&pipeline, len);
	assert_int_equal(pipeline_find(&pipeline, 1)->state, PIPELINE_LEFT);
	assert_int_equal(pipeline_find(&pipeline, 2)->state, PIPELINE_ASKED);
	assert_int_equal(pipeline.live, 1);
}

static void
it_takes_so_many_questions_and_no_more(void **state)
{
	struct pipeline pipeline = { 0 };

	(void)state;
	for (uint16_t id = 0; id < PIPELINE_MAX; id++) {
		assert_true(pipeline_takes(&pipeline, id));
		add(&pipeline, id);
	}
	assert_false(pipeline_takes(&pipeline, PIPELINE_MAX));
	write_all(&pipeline);
	pipeline_answered(&pipeline, pipeline_find(&pipeline, 17));
	assert_true(pipeline_takes(&pipeline, PIPELINE_MAX));
}

/* Any order of events: counts agree with the states, and no ID is there twice. */
static void
counts_agree_with_states_whatever_happens(void **state)
{
	struct random random;
	struct pipeline pipeline = { 0 };

	(void)state;
	random_seed(&random, 4);
	for (unsigned round = 0; round < 200000; round++) {
		struct pipeline_question *question =
			&pipeline.questions[random_below(&random, PIPELINE_MAX)];
		uint16_t id = (uint16_t)random_below(&random, 100);
		uint8_t octets[PIPELINE_OCTETS];
		unsigned live = 0, used = 0, seen[100] = { 0 };

		switch (random_below(&random, 4)) {
		case 0:
			if (pipeline_takes(&pipeline, id))
				add(&pipeline, id);
			break;
		case 1:
			if (question->state == PIPELINE_WAITING ||
			    question->state == PIPELINE_ASKED)
				pipeline_end(&pipeline, question);
			break;
		case 2:
			question = pipeline_find(&pipeline, id);
			if (question && (question->state == PIPELINE_ASKED ||
					 pipeline.waiting_count == 0))
				pipeline_answered(&pipeline, question);
			break;
		case 3:
			pipeline_written(&pipeline,
					 random_below(&random,
						      (uint32_t)pipeline_gather(&pipeline, octets) + 1));
			break;
		}
		for (unsigned i = 0; i < PIPELINE_MAX; i++) {
			question = &pipeline.questions[i];
			used += question->state != PIPELINE_FREE;
			live += question->state == PIPELINE_WAITING ||
				question->state == PIPELINE_ASKED;
			if (question->state != PIPELINE_FREE)
				assert_int_equal(seen[question->id]++, 0);
		}
		assert_int_equal(pipeline.live, live);
		assert_int_equal(pipeline.used, used);
		assert_true(pipeline.waiting_count <= used);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_leave_in_the_order_in_which_they_came),
		cmocka_unit_test(writing_may_be_cut_anywhere),
		cmocka_unit_test(replies_find_their_questions_in_any_order),
		cmocka_unit_test(what_has_not_been_asked_has_no_reply),
		cmocka_unit_test(an_id_is_taken_until_its_reply_has_come),
		cmocka_unit_test(what_is_ended_before_it_is_written_never_leaves),
		cmocka_unit_test(what_is_ended_half_written_is_written_to_its_end),
		cmocka_unit_test(it_takes_so_many_questions_and_no_more),
		cmocka_unit_test(counts_agree_with_states_whatever_happens),
	};

	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
