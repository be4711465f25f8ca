/*
 * stream - one TCP connection's questions and answers (RFC 7766)
 *
 * All whole messages of one read are answered into one buffer, which leaves with one write.
 *
 *   reading --> the peer does not take our answers --> blocked: nothing more is read
 *      ^  '---> as many questions wait for upstreams as one stream may have
 *      '------- answers are written, or have come
 *
 *   the peer ends its side --> every question is still answered, then stream_is_over
 *
 * No loop, no clock, no other stream: the caller says when the descriptor is ready, and sees
 * to it that a backlog is free before each call that may need one (those that take a desk).
 */
#ifndef IO_STREAM_H
#define IO_STREAM_H

#include "engine/resolve.h"
#include "io/backlog.h"

#define STREAM_PART_OCTETS 512	/* of an unfinished message, kept without a backlog */
#define STREAM_MAX_WAITING 256	/* questions of one stream that wait for upstreams */

struct stream {
	int fd;
	struct client client;	/* of all its questions */
	uint64_t active_ms;	/* when questions or answers were last done with */
	uint32_t waiting;	/* questions that wait for upstreams */
	uint16_t part_len;
	bool blocked;		/* the peer does not take what is written */
	bool ended;		/* the peer sends no more */
	bool leaving;		/* we read no more */
	bool slow;		/* broken because the peer did not take its answers */
	bool broken;		/* nothing can be done but to close it */
	struct backlog *backlog;	/* NULL: none needed */
	uint8_t part[STREAM_PART_OCTETS];	/* the beginning of a message */
};

/* What the streams of a worker share: only one is worked on at a time. */
struct stream_desk {
	struct resolver *resolver;
	struct backlogs backlogs;
	uint64_t now_ms;
	uint32_t unix_s;		/* time of day */
	uint8_t input[FRAME_MAX_OCTETS];
	uint8_t gather[GATHER_OCTETS];
};

/** Read once and answer the whole messages that are there. */
void stream_read(struct stream *stream, struct stream_desk *desk);

/** Go on with messages that were kept while the stream was held up. */
void stream_resume(struct stream *stream, struct stream_desk *desk);

/** Gather a late answer; NULL: there will be none.  It leaves with stream_push. */
void stream_deliver(struct stream *stream, struct stream_desk *desk, const uint8_t *reply,
		    size_t len);

/** Write what has been gathered or could not be written before. */
void stream_push(struct stream *stream, struct stream_desk *desk);

/** Give back what it holds of the desk. */
void stream_release(struct stream *stream, struct stream_desk *desk);

/** May another question be taken? */
bool stream_takes(const struct stream *stream);

/** Should it be read from? */
static inline bool
stream_reads(const struct stream *stream)
{
	return stream_takes(stream) && !stream->ended && !stream->leaving;
}

/** Octets that wait to be written. */
static inline size_t
stream_pending(const struct stream *stream)
{
	return stream->backlog ? backlog_pending(stream->backlog) : 0;
}

/** It is done with, to be closed. */
static inline bool
stream_is_over(const struct stream *stream)
{
	return stream->broken || ((stream->ended || stream->leaving) && stream->waiting == 0 &&
				  stream_pending(stream) == 0);
}

#endif
