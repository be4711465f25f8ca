/*
 * control - the daemon: one thread that loads, starts, reloads and ends
 *
 * Signals: SIGHUP loads the configuration again; SIGTERM and SIGINT answer what is in flight
 * and end, a second one ends at once.  The service manager is told of all of it.
 */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include "control/publish.h"

/* Exit codes, the same everywhere (doc/causewayd.8). */
enum control_exit {
	CONTROL_FINE = 0,
	CONTROL_CONFLICTS = 1,		/* --check: it would serve, and lint has errors */
	CONTROL_CONFIG = 2,
	CONTROL_INPUT = 3,		/* unreadable */
	CONTROL_INTERNAL = 4,
};

/** Serve until told to stop. */
enum control_exit control_serve(const struct publisher_settings *settings);

/** Load, judge, compile, self-test, say what was found. */
enum control_exit control_check(const struct publisher_settings *settings);

#endif
