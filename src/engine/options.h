/*
 * options - the EDNS options of a query, and what the reply's OPT says to them
 *
 * Cookies (RFC 7873), the idle timeout of a TCP session (RFC 7828), the server's identity
 * (RFC 5001) and the hops that a question came over (upstream_options.h).  A reply carries only what its client asked for, made here: nothing is copied
 * from the query but the client's own cookie.  Unknown options are passed by (RFC 6891
 * 6.1.2).  What a parked client is to get is settled when it asks, and waits with it.
 */
#ifndef ENGINE_OPTIONS_H
#define ENGINE_OPTIONS_H

#include "dns/build.h"
#include "engine/cookie.h"
#include "engine/request.h"

struct resolver;

struct reply_options {
	bool has_cookie, wants_keepalive, wants_identity;
	uint8_t hops;			/* of us that the question came through already */
	bool looped;			/* it came back: told to whoever counts hops */
	uint8_t cookie[COOKIE_OCTETS];
	/* set by options_settle, from what is served at the moment of the reply */
	uint16_t keepalive_ds;		/* units of 100 ms; with wants_keepalive */
	const char *identity;		/* NULL: none is told */
};

/**
 * Read the options of a query; edns->options_len is not 0.
 * ERR_MALFORMED: to be answered FORMERR: a cookie of a length that none has, or a keepalive
 * option that carries a time over TCP.  *out then asks for nothing.
 */
enum status options_read(struct resolver *r, const struct request *request,
			 const struct edns *edns, struct reply_options *out) must_check;

/** Fill in what does not come from the client. */
void options_settle(const struct resolver *r, struct reply_options *options);

/** Octets that they take in OPT. */
size_t options_octets(const struct reply_options *options);

/** Put them into the OPT that was begun; one that does not fit is left out. */
void options_build(struct builder *b, const struct reply_options *options);

#endif
