/*
 * forward - state machine of one upstream exchange: target, retry, stream, deadline
 *
 *          START                TRUNCATED
 *   IDLE --------> ASKED_UDP ---------------> ASKED_STREAM
 *                   |  ^ |                     |      |
 *     LOST, REFUSED |  | | REPLY         REPLY |      | LOST, REFUSED, TRUNCATED
 *                   v  | |                     |      v
 *          next target-' '-------> DONE <------'   next target (UDP)
 *                |
 *                '-> FAILED, after max_tries or when each target has refused
 *
 * Pure: no clock, no socket, no allocation; time comes in, what to do comes out.  The first
 * target is random, another one is taken when it does not answer; list order means nothing
 * (route53-semantics 3.2.4).  A stream to the same target is part of its try.
 */
#ifndef ENGINE_FORWARD_H
#define ENGINE_FORWARD_H

#include <stdint.h>

#define FORWARD_MAX_TARGETS 6

enum forward_state { FORWARD_IDLE, FORWARD_ASKED_UDP, FORWARD_ASKED_STREAM, FORWARD_DONE,
		     FORWARD_FAILED };

enum forward_event {
	FORWARD_START,
	FORWARD_REPLY,		/* an accepted answer */
	FORWARD_TRUNCATED,	/* an accepted answer with TC */
	FORWARD_REFUSED,	/* the target answered that it cannot: SERVFAIL, REFUSED, ... */
	FORWARD_LOST,		/* time passed, or the network said no */
};

enum forward_what {
	FORWARD_WAIT,
	FORWARD_SEND_UDP,	/* to action.target; a fresh socket, ID and port */
	FORWARD_SEND_STREAM,
	FORWARD_DELIVER,	/* the answer is there */
	FORWARD_GIVE_UP,	/* all tries spent: SERVFAIL */
};

struct forward {
	enum forward_state state;
	uint8_t target_count;
	uint8_t target;			/* number in the rule's list */
	uint8_t tries, max_tries;
	uint8_t refusals;		/* targets that answered that they cannot */
	uint32_t timeout_ms;		/* of one try */
	uint64_t deadline_ms;		/* of the present try */
};

struct forward_action {
	enum forward_what what;
	uint8_t target;
	uint64_t deadline_ms;		/* report FORWARD_LOST when it has passed */
};

/** first: the random first target, below target_count.  target_count and max_tries: at least 1. */
void forward_init(struct forward *f, uint8_t target_count, uint8_t first, uint8_t max_tries,
		  uint32_t timeout_ms);

/** Advance by one event.  An event that the state does not expect (a late reply) is WAIT. */
struct forward_action forward_step(struct forward *f, enum forward_event event,
				   uint64_t now_ms);

#endif
