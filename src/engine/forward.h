/*
 * forward - state machine of one upstream exchange: targets, hedge, retry, stream, end
 *
 * Two lanes, so that at most two tries are in the air.  A send is one UDP question (a fresh
 * socket, ID and port) or one question on a stream; FORWARD_MAX_SENDS of them at most, the
 * last of which is kept for a stream.
 *
 *	IDLE --START--> ASKING --REPLY--> DONE
 *	                   |
 *	                   '--nothing in the air and nothing left to send--> FAILED
 *
 * ASKING, by event (a dash: WAIT).  "next": to the next target at once, in that lane, unless
 * the only one left is already being asked in the other lane.
 *
 *	event      the lane waits on UDP         the lane waits on a stream   it is empty
 *	REPLY      DELIVER, all lanes over       the same                     -
 *	TRUNCATED  same target, over a stream    a "no": lane over, next      -
 *	SUSPECT    once: same target, stream,    -                            -
 *	           in the other lane; the wait
 *	           in this one goes on
 *	BADCOOKIE  once: same target, UDP;       a "no": lane over, next      -
 *	           after that over a stream
 *	REFUSED    a "no": lane over, next; this target is not asked again    -
 *	LOST       a "no": lane over, next                                    -
 *	TIME       what waited for timeout_ms is over; at the end GIVE_UP; when it is time, the
 *	           next target over UDP: in the empty lane, or in that which waited longest
 *	           (never one that waits on a stream)
 *	NO_HEDGE   there is no token: what would have been a hedge comes later, as a retry
 *
 * Times.  The first resend is a hedge after hedge_ms, if a token was taken (forward_hedges),
 * else a retry after retry_ms; each one after it is a retry after another retry_ms.  After
 * `tries` times "no" nothing more is sent, and the whole ends after tries x timeout_ms.
 *
 * A probe (choice.probe) is asked first and gets hedge_ms as a head start: were the good one
 * asked at the same time, its reply would close the probe's socket, and a target that came
 * back a little slower than the other would never be heard.  The send that follows is no
 * hedge and needs no token.  A probe is asked once, and its "no" costs no try.  A probe with
 * nothing beside it (choice.alone) is one packet and ends after FORWARD_ALONE_MS, so that the
 * question does not hold up the next probe.
 *
 * Pure: no clock, no socket, no allocation; time comes in, what to do comes out.
 * tests/unit/test_forward_exhaustive.c walks every order of events to depth 8.
 */
#ifndef ENGINE_FORWARD_H
#define ENGINE_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#define FORWARD_MAX_TARGETS 6
#define FORWARD_LANES	    2
#define FORWARD_MAX_SENDS   12
#define FORWARD_ALONE_MS    1400	/* below the time between two probes */
#define FORWARD_NEVER	    UINT64_MAX

#define TARGET_NO_PROBE UINT8_MAX

/* Whom to ask in which order, and how patiently: made by targets_choose. */
struct target_choice {
	uint8_t order[FORWARD_MAX_TARGETS];	/* numbers in the rule's list */
	uint8_t count;			/* 0: none may be asked now; START gives up */
	uint8_t probe;			/* order[0] when that one counts as down, or none */
	bool alone;			/* a probe, and nothing else may be asked */
	uint32_t hedge_ms, retry_ms;	/* hedge_ms <= retry_ms */
};

enum forward_state { FORWARD_IDLE, FORWARD_ASKING, FORWARD_DONE, FORWARD_FAILED };

enum forward_event {
	FORWARD_START,
	FORWARD_REPLY,		/* an accepted answer */
	FORWARD_TRUNCATED,	/* an accepted answer with TC, or one that came in fragments */
	FORWARD_SUSPECT,	/* all matches but the letter case, or the cookie */
	FORWARD_BADCOOKIE,	/* accepted: it wants the server cookie that it gave */
	FORWARD_REFUSED,	/* accepted: it cannot (SERVFAIL, REFUSED, ...) */
	FORWARD_LOST,		/* the network said no; time alone is TIME */
	FORWARD_TIME,		/* forward_due has come */
	FORWARD_NO_HEDGE,	/* the same, but there is no token for a hedge */
};

enum forward_what {
	FORWARD_WAIT,
	FORWARD_SEND_UDP,	/* to action.target in action.lane; a fresh socket, ID, port */
	FORWARD_SEND_STREAM,
	FORWARD_DELIVER,	/* the answer is there */
	FORWARD_GIVE_UP,	/* nothing left to try: stale or SERVFAIL */
};

enum forward_lane_state { FORWARD_EMPTY, FORWARD_ON_UDP, FORWARD_ON_STREAM };

struct forward_lane {
	enum forward_lane_state state;
	uint8_t target;			/* number in the rule's list */
	uint64_t since_ms;
};

struct forward {
	enum forward_state state;
	struct target_choice choice;
	struct forward_lane lanes[FORWARD_LANES];
	uint8_t next;			/* place in the order of the next to ask */
	uint8_t tries, noes;
	uint8_t sends;
	uint8_t refused;		/* bit n: target n said that it cannot */
	bool hedged;			/* the hedge was sent, or there was no token */
	bool doubted;			/* a stream was opened for a suspect reply */
	bool cookie_mended;		/* a BADCOOKIE was answered over UDP */
	uint32_t timeout_ms;
	uint64_t sent_ms;		/* the last send */
	uint64_t resend_ms;		/* the next one that time alone brings, or NEVER */
	uint64_t end_ms;
};

/*
 * What to do.  Lanes that are over come first: io closes what waits in them, then does
 * `what`.  A lane may be over and be sent in anew by the same action.
 */
struct forward_action {
	enum forward_what what;
	uint8_t lane, target;		/* of a send; of DELIVER: who answered */
	uint8_t ended;			/* bit per lane that is over */
	uint8_t silent;			/* of these: waited long enough to be a loss */
	uint8_t asked[FORWARD_LANES];	/* whom an ended lane had asked */
};

/** tries and timeout_ms: at least 1 (0 counts as 1). */
void forward_init(struct forward *f, const struct target_choice *choice, uint8_t tries,
		  uint32_t timeout_ms);

/**
 * Advance by one event; lane: of REPLY to LOST.  An event that the state does not expect (a
 * late reply, an empty lane) is WAIT and changes nothing.  At most one send.
 *
 * A send that could not be carried out is LOST when the network or the system said so.  When
 * a packet budget held it back, nothing is reported: it is as if the packet had been dropped
 * under way, and the next one is due in its time.
 */
struct forward_action forward_step(struct forward *f, enum forward_event event, uint8_t lane,
				   uint64_t now_ms);

/**
 * When to step with TIME; FORWARD_NEVER before START and after the end.  After a step with
 * TIME it lies ahead; after others it may have come already: step while due <= now.
 */
uint64_t forward_due(const struct forward *f);

/**
 * Would TIME send a hedge now?  Then take a token (targets_take_hedge of the first of the
 * order), and where there is none step with NO_HEDGE in its place.
 */
bool forward_hedges(const struct forward *f, uint64_t now_ms);

#endif
