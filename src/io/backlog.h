/*
 * backlog - room for sessions that have more than fits in one turn
 *
 * Most sessions need none: what was read is answered and written in one go.  A session takes
 * a backlog while its peer does not take our answers, while a large message is on its way,
 * or while late answers are gathered for one write.  There are a fixed number of them,
 * allocated at the start; memory is touched only where one is used.  One thread.
 */
#ifndef IO_BACKLOG_H
#define IO_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/framing.h"

#define GATHER_MARK   (64u * 1024)	/* answers gathered up to here are written */
#define GATHER_OCTETS (GATHER_MARK + FRAME_MAX_OCTETS)	/* so one more always fits */

struct backlog {
	uint32_t owner;			/* the session's slot */
	uint64_t since_ms;		/* when it was taken */
	struct backlog *next;		/* in the free list */
	size_t in_len;			/* octets that were read and not yet answered */
	size_t out_at, out_len;		/* what is still to be written: out[out_at..out_len) */
	uint8_t in[FRAME_MAX_OCTETS];
	uint8_t out[GATHER_OCTETS];
};

struct backlogs {
	struct backlog *all, *free;
	uint32_t count;
};

/** false: out of memory. */
bool backlogs_init(struct backlogs *backlogs, uint32_t count);
void backlogs_fini(struct backlogs *backlogs);

/** An empty one, or NULL when all are taken. */
struct backlog *backlog_take(struct backlogs *backlogs, uint32_t owner, uint64_t now_ms);
void backlog_give(struct backlogs *backlogs, struct backlog *backlog);

/** The one that was taken first, but not that of `except`; NULL: there is no other. */
struct backlog *backlog_oldest(const struct backlogs *backlogs, uint32_t except);

/** Octets still to be written. */
static inline size_t
backlog_pending(const struct backlog *backlog)
{
	return backlog->out_len - backlog->out_at;
}

/** A writer behind what is to be written, with all the room there is. */
struct writer backlog_writer(struct backlog *backlog);

/** Append to what is to be written.  false: it does not fit. */
bool backlog_append(struct backlog *backlog, const uint8_t *octets, size_t len);

/** So many octets were written. */
void backlog_written(struct backlog *backlog, size_t len);

#endif
