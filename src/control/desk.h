/*
 * desk - what is answered on the control socket
 *
 *	status				what is served, since when, how the last load ended
 *	stats				counters of all workers, and of the cache
 *	reload				load again; answered when that has ended
 *	flush NAME [subtree]		forget what the cache has of a name, or below it too
 *	lookup NAME TYPE NETWORK	what would be answered now, without asking upstreams
 *	health [ID [WORD]]		what the checks have found; an EXTERNAL one is told
 *					healthy, unhealthy, or default: by its file again
 *
 * A reply is a line of JSON whose "exit" is the code that the command ends with, and which
 * has an "error" where there is nothing else to tell.  What changes something is a line of
 * the log that says who did it.
 */
#ifndef CONTROL_DESK_H
#define CONTROL_DESK_H

#include "control/checks.h"
#include "control/crew.h"
#include "control/ctl.h"
#include "control/publish.h"
#include "engine/cache.h"

#define DESK_SCHEMA "causeway-ctl-1"

/* How a load ended. */
struct desk_load {
	bool accepted, from_image;
	uint32_t generation;		/* served since, or still */
	uint32_t zones_kept, opened, closed;
	uint64_t took_ms, lint_errors;
	int64_t at_unix_s;		/* when it ended */
};

/* What the daemon is at the moment; all of it borrowed for one answer. */
struct desk {
	const struct log *log;
	const char *config;
	uint64_t now_ms, started_ms;	/* of the loop's clock */
	bool loading;
	const struct edition *edition;
	const struct crew *crew;
	struct cache *cache;
	struct checks *checks;
	const struct desk_load *last;
};

/** Append the reply.  true: nothing was appended, a reload is wanted first. */
bool desk_answer(const struct desk *desk, const struct ctl_request *request,
		 const struct ctl_peer *peer, struct text *out);

/** The reply to `reload`.  told: lines of the log. */
void desk_reloaded(const struct desk_load *load, const char *told, struct text *out);

/** A reply that is an error; exit: of the command. */
void desk_error(struct text *out, unsigned exit, const char *fmt, ...) printf_like(3, 4);

/** The answer to `stats`: counters of all workers, the cache, budgets; desk_stats.c. */
void desk_stats(const struct desk *desk, const struct ctl_request *request, struct text *out);

/** The answer to `lookup`; desk_lookup.c. */
void desk_lookup(const struct desk *desk, const struct ctl_request *request, struct text *out);

/** Lines as a list of strings. */
void desk_json_lines(const char *lines, struct text *out);

#endif
