/*
 * publish - from the configuration to an edition that can be served
 *
 *   load -> compile -> lint -> self-test -> open new sockets
 *
 * Any failure changes nothing: what is served goes on being served, and what is wrong is
 * told with file, line and column.  Findings of the linter are told and do not stop it: a
 * conflicting estate is served as Route 53 would serve it.  When the very first load fails
 * the last good image is served instead, and that is said loudly.
 *
 * Blocking, and meant for a thread of its own: one call at a time.
 */
#ifndef CONTROL_PUBLISH_H
#define CONTROL_PUBLISH_H

#include "base/log.h"
#include "io/edition.h"

struct publisher;

struct publisher_settings {
	const char *config;		/* file */
	const char *image;		/* served when the configuration does not load and names
					 * no image itself; NULL: `default_image` */
	const char *default_image;	/* the same, when it exists */
	const struct log *log;		/* outlives the publisher */
};

/* What became of a load. */
struct publication {
	enum status status;
	bool unreadable;		/* not OK: for want of input, not for what is in it */
	bool internal;			/* not OK: by our own mistake, or for want of memory */
	struct edition *edition;	/* OK: the caller's reference */
	bool from_image;
	size_t lint_errors;
	uint32_t zones_kept;		/* zone blocks shared with the previous snapshot */
	uint32_t opened, closed;	/* listeners */
	uint64_t took_ms;
};

struct publisher *publisher_new(const struct publisher_settings *settings);
void publisher_free(struct publisher *publisher);

/**
 * Load, and make the edition that follows `previous` (NULL: the first, for which the image
 * may stand in).  All that is wrong is told.
 */
void publish(struct publisher *publisher, const struct edition *previous,
	     struct publication *out);

/**
 * What the last `publish` told the log, a line each; "" when it had nothing to tell.  Until
 * the next one begins.
 */
const char *publish_told(const struct publisher *publisher);

/** The same as far as the self-test: nothing is opened, and no image stands in. */
void publish_check(struct publisher *publisher, struct publication *out);

/**
 * Write the image that the settings of this snapshot name, if any; failures are told.  One
 * that was written already, and is still there, is not written again.
 */
void publish_keep(struct publisher *publisher, const struct edition *edition);

/** How many workers these settings mean: those wanted, or one for each processor of ours. */
uint32_t publish_workers(const struct snapshot *snap);

#endif
