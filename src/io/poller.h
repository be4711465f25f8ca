/*
 * poller - many short-lived descriptors behind one of the loop's
 *
 * An epoll instance of its own, which libuv's loop watches as a single descriptor.  What
 * comes and goes with each connection or each question then costs one system call to enter
 * and none to leave (close takes it out); a uv_poll_t costs four.
 *
 * A descriptor is named by slot and generation, so an event of one that was closed earlier
 * in the same round finds "gone".  One thread.
 */
#ifndef IO_POLLER_H
#define IO_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct poller;
struct uv_loop_s;

enum poller_event {
	POLLER_READ = 1,
	POLLER_WRITE = 2,
	POLLER_END = 4,		/* error or hang-up; comes unasked, together with the others */
};

struct poller_owner {
	/** Something happened: a set of enum poller_event. */
	void (*event)(void *context, uint32_t slot, uint32_t generation, unsigned events);
	/** A round of events is over; may be NULL. */
	void (*settle)(void *context);
	void *context;
};

/** NULL: out of memory or descriptors (errno).  `owner` is copied. */
struct poller *poller_new(struct uv_loop_s *loop, const struct poller_owner *owner);

/** Ends once the loop has run its close callbacks; watched descriptors stay open. */
void poller_free(struct poller *poller);

/** Watch a descriptor for POLLER_READ, POLLER_WRITE, both or none.  false: errno. */
bool poller_add(struct poller *poller, int fd, uint32_t slot, uint32_t generation,
		unsigned events);

/** Watch it for other events. */
void poller_change(struct poller *poller, int fd, uint32_t slot, uint32_t generation,
		   unsigned events);

#endif
