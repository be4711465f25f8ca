/*
 * log - one line per event to standard error, for the journal and for people
 *
 * Where standard error is the journal (JOURNAL_STREAM names it) each line starts with its
 * level as <N>, which the journal reads (sd-daemon(3)).  A line is one write(2) of at most
 * PIPE_BUF octets, so threads do not mix; what is longer is cut and ends in "...".
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/status.h"
#include "base/text.h"

enum log_level {
	LOG_LEVEL_ERROR = 3,	/* numbers as in syslog(3) */
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
};

struct log {
	int fd;
	bool journal;		/* prefix lines with <N> */
	enum log_level least;	/* lines less urgent than this are not written */
	struct text *copy;	/* gets the lines too, without <N>, up to LOG_COPY_OCTETS; or
				 * NULL.  Only for a log that one thread writes to */
};

#define LOG_COPY_OCTETS (64u << 10)

/** To standard error, journal prefix as the environment says, INFO and up. */
void log_init(struct log *log);

/** Write one line; the newline is added, control characters are escaped. */
void log_write(const struct log *log, enum log_level level, const char *fmt, ...)
	printf_like(3, 4);

#endif
