/*
 * statefile - a small file in which somebody else says how an EXTERNAL check stands
 *
 * Its first word is `healthy` or `unhealthy`, in any letter case; what follows it is for
 * people.  It is best replaced by rename; a file that is half written says nothing, and
 * what was said last goes on to hold.
 */
#ifndef CONTROL_STATEFILE_H
#define CONTROL_STATEFILE_H

#include <stddef.h>

#define STATEFILE_OCTETS 64	/* of the file that are looked at */

enum said { SAID_NOTHING, SAID_HEALTHY, SAID_UNHEALTHY };

/** What a word says, as in the file and on the control socket. */
enum said said_parse(const char *octets, size_t len);

/**
 * Read the file, a regular one.  A few octets of a local disk: not worth a thread.
 * SAID_NOTHING: *error says why, an errno, or 0 where it could be read.
 */
enum said statefile_read(const char *path, int *error);

#endif
