/*
 * crew - the workers, as one
 *
 * How many there are, and how much each of them can hold, is settled at the start by the
 * first edition's settings and by the descriptors to be had; a reload does not change it.
 */
#ifndef CONTROL_CREW_H
#define CONTROL_CREW_H

#include "base/log.h"
#include "io/worker.h"

struct crew;

struct crew_settings {
	struct cache *cache;			/* outlives the crew */
	const struct log *log;			/* the same */
	void (*note)(void *context);		/* as the workers' */
	void *context;
};

/** Make the workers.  NULL: out of memory or descriptors (errno). */
struct crew *crew_new(const struct crew_settings *settings, struct edition *first);

/** Start their threads.  0, or an errno; those that were started are halted. */
int crew_start(struct crew *crew);

/** Wait for all threads, and free.  NULL is allowed. */
void crew_free(struct crew *crew);

uint32_t crew_count(const struct crew *crew);
void crew_offer(struct crew *crew, struct edition *edition);
void crew_leave(struct crew *crew, uint64_t limit_ms);
void crew_halt(struct crew *crew);
void crew_ping(struct crew *crew);

/** Has every worker seen the last ping?  Tells of those that have not. */
bool crew_is_alive(const struct crew *crew);
bool crew_has_adopted(const struct crew *crew, uint32_t edition);
bool crew_has_ended(const struct crew *crew);

/** Tells of workers that could not watch a listener. */
void crew_tell_trouble(const struct crew *crew);

/** What all workers have counted so far, added up. */
void crew_counters(const struct crew *crew, struct worker_counters *out);

#endif
