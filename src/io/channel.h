/*
 * channel - carries questions to upstreams and their replies back
 *
 * What to do is decided by the engine (resolver_next, resolver_reply, resolver_lost); here
 * is how.  Each try over UDP has a fresh socket, connected to the target, with a random
 * source port, so that a reply from anywhere else does not even arrive (RFC 5452 9).  A try
 * over a stream is a connection with one question.
 *
 *   SEND_UDP    --> asked ---------------------> reply --> resolver_reply
 *   SEND_STREAM --> connecting --> asked ------->   '----> ignored: the wait goes on
 *                      '--------------'---> refused, unreachable, too late: resolver_lost
 *
 * An exchange has the slot of its flight: there is one at most for each, so sockets are
 * bounded by flights.  Replies over streams are assembled in one of CHANNEL_STREAM_REPLIES
 * places; when none is free the try is lost.  One per worker; nothing is allocated per
 * question.
 */
#ifndef IO_CHANNEL_H
#define IO_CHANNEL_H

#include "engine/resolve.h"
#include "io/ephemeral.h"

#define CHANNEL_STREAM_REPLIES 64

struct uv_loop_s;
struct channel;

struct channel_settings {
	uint32_t max_flights;		/* as the flight table's */
	const struct ephemeral *ephemeral;	/* outlives the channel */
	resolver_deliver_fn deliver;
	/* Called after each round of events, for flights that were started. */
	void (*settled)(void *context);
	void *context;			/* for both */
};

/** NULL: out of memory or descriptors. */
struct channel *channel_new(struct uv_loop_s *loop, const struct channel_settings *settings,
			    struct resolver *resolver);

/** Ends all exchanges unanswered; the loop must run once more for the close callbacks. */
void channel_free(struct channel *channel);

/** Do what resolver_next asked for; may deliver at once when it cannot even be tried. */
void channel_perform(struct channel *channel, const struct upstream_action *action);

#endif
