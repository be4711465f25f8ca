/*
 * cookie - DNS cookies, the server's side (RFC 7873, RFC 9018)
 *
 * A server cookie proves that its bearer receives what is sent to its address: it is a
 * SipHash-2-4 of the client's cookie and address and the time, under a secret, laid out as
 * RFC 9018 4 has it, so that all servers behind one address understand each other's:
 *
 *	version 1 | reserved, 3 octets | seconds since 1970, 4 octets | hash, 8 octets
 *
 * Nothing is kept per client.  The first secret signs; the others are recognised, which is
 * what rolling over to a new one takes.
 */
#ifndef ENGINE_COOKIE_H
#define ENGINE_COOKIE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "estate/settings.h"

#define COOKIE_CLIENT_OCTETS 8
#define COOKIE_SERVER_OCTETS 16
#define COOKIE_OCTETS	     (COOKIE_CLIENT_OCTETS + COOKIE_SERVER_OCTETS)

struct cookie_secrets {
	uint32_t count;			/* 0: no cookies are given */
	struct hash_key keys[COOKIE_SECRETS_MAX];
};

/* What the client showed. */
enum cookie_state {
	COOKIE_NONE,		/* its own cookie alone */
	COOKIE_GOOD,		/* and a server cookie of ours that still holds */
	COOKIE_BAD,		/* and one that is forged, outdated or of another server */
};

/** Add a secret of COOKIE_SECRET_OCTETS octets; one too many is left out. */
void cookie_secret_add(struct cookie_secrets *secrets, const uint8_t *secret);

/** Has the option a length that RFC 7873 4 allows? */
static inline bool
cookie_is_well_formed(size_t len)
{
	return len == COOKIE_CLIENT_OCTETS || (len >= 16 && len <= 40);
}

/**
 * Read a well-formed option and make the one that answers it: the client's own cookie and
 * the server cookie it came with, if that is good, younger than half an hour and signed by
 * the first secret, else a fresh one (RFC 9018 4.3).  There is at least one secret.
 * unix_s: time of day, modulo 2^32.
 */
enum cookie_state cookie_answer(const struct cookie_secrets *secrets, const struct addr *client,
				const uint8_t *asked, size_t len, uint32_t unix_s,
				uint8_t out[COOKIE_OCTETS]);

#endif
