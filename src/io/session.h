/*
 * session - the TCP connections of a worker
 *
 * What one of them does is in io/stream; here is who there is, and what becomes of them when
 * there are too many.  Bounds: when all sessions are in use, the one that was idle longest
 * gives way to a new one; when none is idle the new one is closed.  The same holds among the
 * sessions of one client address, which may have a part of them only.  When all backlogs
 * (io/backlog) are in use, the session that has held one longest is closed.  A session
 * without a finished question or answer for the idle limit is closed.  Sessions are named by
 * slot and generation, so a late answer finds "gone".  One struct sessions per worker;
 * nothing is allocated per session.
 */
#ifndef IO_SESSION_H
#define IO_SESSION_H

#include "engine/resolve.h"
#include "io/socket.h"

struct uv_loop_s;
struct sessions;

#define SESSIONS_ACCEPTED 64	/* connections taken at a time, then others have their turn */

struct sessions_settings {
	uint32_t max_sessions;
	uint32_t max_per_client;	/* of one address; 0: as many as there are */
	uint32_t max_backlogs;		/* at least 2 */
	uint64_t idle_ms;
};

struct sessions_counters {
	uint64_t accepted, refused;	/* refused: none was idle */
	uint64_t crowded;		/* the same: the client had its share, and none was idle */
	uint64_t evicted;		/* idle ones that gave way */
	uint64_t idle;			/* closed at the idle limit */
	uint64_t slow;			/* closed because the peer did not take its answers */
};

/**
 * settled: called with context after each round of events, for flights that were started.
 * NULL: out of memory or descriptors.
 */
struct sessions *sessions_new(struct uv_loop_s *loop, const struct sessions_settings *settings,
			      struct resolver *resolver, void (*settled)(void *context),
			      void *context);

/** Closes all; the loop must run once more for the close callbacks. */
void sessions_free(struct sessions *sessions);

/**
 * Take connections that wait at the inlet, SESSIONS_ACCEPTED at most.  false: there are no descriptors to accept
 * with, and no idle session to take one from: do not ask again at once.
 */
bool sessions_accept(struct sessions *sessions, const struct inlet *inlet);

/** Gather a late answer; reply NULL: there will be none.  It leaves with sessions_flush. */
void sessions_deliver(struct sessions *sessions, const struct client *client,
		      const uint8_t *reply, size_t len);

/** Write gathered answers, go on where sessions were held up.  false: nothing was to do. */
bool sessions_flush(struct sessions *sessions);

/**
 * A listener is given up: answer what has arrived from its sessions and close them.  What
 * waits for upstreams stays unanswered: its place in the configuration is gone.
 */
void sessions_drop(struct sessions *sessions, uint32_t listener);

/** The worker stops: answer what has arrived, read no more, close each when answered. */
void sessions_leave(struct sessions *sessions);

size_t sessions_count(const struct sessions *sessions);

/** Written by the worker, read by others with relaxed loads. */
const struct sessions_counters *sessions_counters(const struct sessions *sessions);

#endif
