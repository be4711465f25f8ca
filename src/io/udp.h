/*
 * udp - queries and replies in batches
 *
 * Up to 64 packets come with one recvmmsg and their replies leave with one sendmmsg; between
 * the two there is no other system call, no lock and no allocation.  One struct udp serves
 * all UDP sockets of a worker in turn.
 *
 * What cannot be sent is dropped and counted, as the network would: a full socket never
 * makes the worker wait.
 */
#ifndef IO_UDP_H
#define IO_UDP_H

#include "engine/resolve.h"
#include "io/socket.h"

#define UDP_BATCH	 64
#define UDP_QUERY_OCTETS 1280	/* a longer query is cut here, and then malformed */

struct udp_counters {
	uint64_t received;	/* packets */
	uint64_t sent;
	uint64_t unsent;	/* replies the kernel did not take */
};

struct udp;

struct udp *udp_new(void);	/* NULL: out of memory */
void udp_free(struct udp *udp);

/**
 * Answer what is queued in the socket: batch after batch until one is not full, at most
 * `rounds` of them.  true: there may be more.
 * Flights that were started are left to the caller (resolver_next).
 */
bool udp_serve(struct udp *udp, const struct inlet *inlet, struct resolver *resolver,
	       uint64_t now_ms, unsigned rounds);

/** Put a late reply into the batch that leaves with udp_flush. */
void udp_reply(struct udp *udp, const struct inlet *inlet, const struct client *client,
	       const uint8_t *reply, size_t len);
void udp_flush(struct udp *udp);

/** Written by the worker, read by others with relaxed loads. */
const struct udp_counters *udp_counters(const struct udp *udp);

#endif
