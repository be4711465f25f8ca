#include "io/pipeline.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"

bool
pipeline_takes(const struct pipeline *pipeline, uint16_t id)
{
	if (pipeline->used == PIPELINE_MAX)
		return false;
	for (unsigned i = 0; i < PIPELINE_MAX; i++)
		if (pipeline->questions[i].state != PIPELINE_FREE &&
		    pipeline->questions[i].id == id)
			return false;
	return true;
}

struct pipeline_question *
pipeline_add(struct pipeline *pipeline, const uint8_t *query, size_t len)
{
	struct pipeline_question *question = pipeline->questions;
	struct writer frame;

	while (question->state != PIPELINE_FREE)
		question++;
	memset(question, 0, offsetof(struct pipeline_question, frame));
	frame = writer_over(question->frame, sizeof(question->frame));
	frame_append(&frame, query, len);
	assert(!frame.failed);
	question->len = (uint16_t)frame.len;
	question->id = load_u16(query);
	question->state = PIPELINE_WAITING;
	pipeline->waiting[pipeline->waiting_count++] =
		(uint8_t)pipeline_number(pipeline, question);
	pipeline->used++;
	pipeline->live++;
	return question;
}

size_t
pipeline_gather(const struct pipeline *pipeline, uint8_t *out)
{
	size_t len = 0, skip = pipeline->written;

	for (unsigned i = 0; i < pipeline->waiting_count; i++) {
		const struct pipeline_question *question =
			&pipeline->questions[pipeline->waiting[i]];

		memcpy(out + len, question->frame + skip, question->len - skip);
		len += question->len - skip;
		skip = 0;
	}
	return len;
}

/** The first `count` of those that wait no longer do. */
static void
waiting_shift(struct pipeline *pipeline, unsigned from, unsigned count)
{
	memmove(pipeline->waiting + from, pipeline->waiting + from + count,
		pipeline->waiting_count - from - count);
	pipeline->waiting_count = (uint8_t)(pipeline->waiting_count - count);
}

/**
 * A question of which a part has been written is ASKED only with its last octet, since no
 * reply can come before; but it has to be written to the end.
 */
void
pipeline_written(struct pipeline *pipeline, size_t len)
{
	unsigned whole = 0;

	len += pipeline->written;
	for (; whole < pipeline->waiting_count; whole++) {
		struct pipeline_question *question =
			&pipeline->questions[pipeline->waiting[whole]];

		if (len < question->len)
			break;
		len -= question->len;
		if (question->state == PIPELINE_WAITING)
			question->state = PIPELINE_ASKED;
	}
	waiting_shift(pipeline, 0, whole);
	pipeline->written = (uint16_t)len;
}

struct pipeline_question *
pipeline_find(struct pipeline *pipeline, uint16_t id)
{
	for (unsigned i = 0; i < PIPELINE_MAX; i++) {
		struct pipeline_question *question = &pipeline->questions[i];

		if (question->id == id && (question->state == PIPELINE_ASKED ||
					   question->state == PIPELINE_LEFT))
			return question;
	}
	return NULL;
}

static void
question_free(struct pipeline *pipeline, struct pipeline_question *question)
{
	question->state = PIPELINE_FREE;
	pipeline->used--;
}

void
pipeline_answered(struct pipeline *pipeline, struct pipeline_question *question)
{
	if (question->state != PIPELINE_LEFT)
		pipeline->live--;
	question_free(pipeline, question);
}

/** Where it stands among those that are still to be written; waiting_count: nowhere. */
static unsigned
waiting_index(const struct pipeline *pipeline, uint32_t number)
{
	unsigned i = 0;

	while (i < pipeline->waiting_count && pipeline->waiting[i] != number)
		i++;
	return i;
}

void
pipeline_end(struct pipeline *pipeline, struct pipeline_question *question)
{
	unsigned at = waiting_index(pipeline, pipeline_number(pipeline, question));

	pipeline->live--;
	if (question->state == PIPELINE_WAITING && (at > 0 || pipeline->written == 0)) {
		waiting_shift(pipeline, at, 1);
		question_free(pipeline, question);
		return;
	}
	question->state = PIPELINE_LEFT;	/* if half written: the other half has to follow */
}
