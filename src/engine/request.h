/*
 * request - one query without its socket
 *
 * All that answering depends on is in here or in the snapshot: the engine reads no clock and
 * opens nothing.  Borrowed for the length of one call.
 */
#ifndef ENGINE_REQUEST_H
#define ENGINE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define LISTENER_NONE UINT32_MAX

/* Whom to answer, in io's terms; the engine only keeps it for a parked client. */
struct client {
	struct addr addr;	/* where the query came from, port included */
	struct addr local;	/* the address it was sent to: the reply's source */
	uint32_t listener;	/* io's number of the listener: see resolver.listeners */
	uint32_t session;	/* slot of the stream session; UDP: the interface, if link-local */
	uint32_t generation;	/* of the slot (UDP: the listener's): a late answer finds "gone" */
	bool stream;		/* TCP: no truncation */
};

struct reply_options;

struct request {
	const uint8_t *packet;
	size_t len;
	struct client client;
	uint32_t network;	/* in whose place to answer; NETWORK_NONE: nobody's */
	bool allowed;		/* the client may ask */
	bool dns64;		/* AAAA is made of A where there is none */
	bool zones_only;	/* names outside the network's zones are refused */
	uint32_t unix_s;	/* time of day: seconds since 1970, modulo 2^32 */
	uint64_t now_ms;	/* when it was asked, by a clock that never goes back */
	uint64_t waited_ms;	/* since then; 0: it was asked just now */
	const struct reply_options *options;	/* set by resolve; NULL: none are asked for */
};

#endif
