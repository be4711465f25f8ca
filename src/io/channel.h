/*
 * channel - carries tries to upstreams and their replies back
 *
 * What is tried when is the engine's business (struct upstream_io of resolve.h); here is how.
 * A try is known by its place: the slot of its flight and its lane.
 *
 *   over UDP      a fresh socket, connected to the target, on a random port of the whole
 *                 range (RFC 5452 9): what comes from elsewhere does not even arrive.  Never
 *                 fragmented on its way out; what came in fragments is handed on as such.
 *   over a stream one of the connections to the target that are kept open (uplink.h)
 *
 *   channel_ask --> asked ---> octets --> resolver_reply --> channel_end, or: the wait goes on
 *                         '--> the network says no: resolver_lost
 *
 * No deadlines here but those of the connections themselves: the engine ends what takes too
 * long.  One per worker; nothing is allocated per question.  At the bounds:
 *
 *   places        FORWARD_LANES for each flight: there is no other try
 *   descriptors   none left (EMFILE): the try is not made, `no_socket` counts
 *   streams       see uplink.h; `uplinks.full` counts
 */
#ifndef IO_CHANNEL_H
#define IO_CHANNEL_H

#include "engine/resolve.h"
#include "io/ephemeral.h"
#include "io/uplink.h"

struct uv_loop_s;
struct channel;

struct channel_settings {
	uint32_t max_flights;		/* as the flight table's */
	const struct ephemeral *ephemeral;	/* outlives the channel */
	/* Called after each round of events, for flights that were started. */
	void (*settled)(void *context);
	void *context;
};

/* One thread writes; others read with relaxed loads. */
struct channel_counters {
	uint64_t udp_asked, no_socket;
	uint64_t strays;		/* came from elsewhere before the socket was connected */
	uint64_t fragmented;		/* replies that came in fragments */
	struct uplinks_counters uplinks;
};

/** NULL: out of memory or descriptors. */
struct channel *channel_new(struct uv_loop_s *loop, const struct channel_settings *settings,
			    struct resolver *resolver);

/** Ends all tries unanswered; the loop must run once more for the close callbacks. */
void channel_free(struct channel *channel);

/** Make a try, in place of the one its lane holds.  false: it could not be made.  Calls nobody. */
bool channel_ask(struct channel *channel, const struct upstream_action *action);

/** A try is over; none there is fine.  Calls nobody. */
void channel_end(struct channel *channel, uint32_t slot, uint8_t lane);

/** After each batch: write what streams were asked; resolver_lost for what is lost by that. */
void channel_flush(struct channel *channel);

/** Behind that, when clients have their answers: close sockets, and prepare new ones. */
void channel_settle(struct channel *channel);

const struct channel_counters *channel_counters(struct channel *channel);

#endif
