/*
 * pipeline - the questions of one stream to a target (RFC 7766 6.2.1.1)
 *
 * Many are in flight at once and their replies come in any order, so a reply finds its
 * question by ID.  IDs in a pipeline differ: a question whose ID is taken goes elsewhere.
 *
 *   FREE --add--> WAITING --written--> ASKED --answered--> FREE
 *                    |                   '-----end-------> LEFT --answered--> FREE
 *                    '--end--> FREE
 *
 * Nobody waits for a question that was LEFT, but its reply may still come, so its ID stays
 * taken.  Each question is kept until it is answered: should the stream close under it, it can
 * be asked again elsewhere.  Pure: no socket, no clock.
 */
#ifndef IO_PIPELINE_H
#define IO_PIPELINE_H

#include "engine/flight.h"
#include "proto/framing.h"

#define PIPELINE_MAX	   64		/* questions, whatever their state */
#define PIPELINE_NONE	   UINT32_MAX
#define PIPELINE_FRAME_MAX (FRAME_PREFIX_OCTETS + FLIGHT_PACKET_MAX)
#define PIPELINE_OCTETS	   (PIPELINE_MAX * PIPELINE_FRAME_MAX)

enum pipeline_state { PIPELINE_FREE, PIPELINE_WAITING, PIPELINE_ASKED, PIPELINE_LEFT };

struct pipeline_question {
	enum pipeline_state state;
	uint32_t place;			/* the caller's */
	uint64_t since_ms;		/* the caller's */
	bool again;			/* a stream has closed under it before */
	uint16_t id;
	uint16_t len;			/* of the frame */
	uint8_t frame[PIPELINE_FRAME_MAX];
};

struct pipeline {
	struct pipeline_question questions[PIPELINE_MAX];
	uint8_t waiting[PIPELINE_MAX];	/* numbers, in the order in which they leave */
	uint8_t waiting_count;
	uint8_t live;			/* questions that somebody waits for: WAITING and ASKED */
	uint8_t used;			/* not FREE */
	uint16_t written;		/* octets of the first one waiting */
};

/** Is there room, and is the ID not taken? */
bool pipeline_takes(const struct pipeline *pipeline, uint16_t id);

/**
 * Append a question, which begins with its ID, at most FLIGHT_PACKET_MAX octets; the pipeline
 * takes it.  The result, to fill in the caller's parts, is valid until it is FREE.
 */
struct pipeline_question *pipeline_add(struct pipeline *pipeline, const uint8_t *query,
				       size_t len);

static inline uint32_t
pipeline_number(const struct pipeline *pipeline, const struct pipeline_question *question)
{
	return (uint32_t)(question - pipeline->questions);
}

/** Copy what is to be written next; returns its length, at most PIPELINE_OCTETS. */
size_t pipeline_gather(const struct pipeline *pipeline, uint8_t *out);

/** So many octets of that have been written. */
void pipeline_written(struct pipeline *pipeline, size_t len);

/** The question that a reply with this ID belongs to, ASKED or LEFT; NULL: there is none. */
struct pipeline_question *pipeline_find(struct pipeline *pipeline, uint16_t id);

/** Its reply has come. */
void pipeline_answered(struct pipeline *pipeline, struct pipeline_question *question);

/** Nobody waits for it any more. */
void pipeline_end(struct pipeline *pipeline, struct pipeline_question *question);

#endif
