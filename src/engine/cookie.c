#include "engine/cookie.h"

#include <string.h>

#include "base/bytes.h"

#define COOKIE_VERSION	      1
#define STAMP_AT      4		/* in a server cookie: the time, then the hash */
#define HASH_AT	      8
#define MAX_AGE_S     3600	/* RFC 9018 4.3 */
#define MAX_AHEAD_S   300
#define REFRESH_AGE_S 1800

void
cookie_secret_add(struct cookie_secrets *secrets, const uint8_t *secret)
{
	if (secrets->count == COOKIE_SECRETS_MAX)
		return;
	secrets->keys[secrets->count++] = (struct hash_key){ load_u64_le(secret),
							     load_u64_le(secret + 8) };
}

/**
 * The hash of a server cookie whose other fields are set, as it stands in the message read
 * from its lowest octet (RFC 9018 4.4).
 */
static uint64_t
cookie_hash(const struct hash_key *key, const struct addr *client, const uint8_t *client_cookie,
	    const uint8_t *server_cookie)
{
	bool v4 = addr_is_v4(client);
	size_t ip_len = v4 ? 4 : 16;
	uint8_t octets[COOKIE_CLIENT_OCTETS + HASH_AT + 16];

	memcpy(octets, client_cookie, COOKIE_CLIENT_OCTETS);
	memcpy(octets + COOKIE_CLIENT_OCTETS, server_cookie, HASH_AT);
	memcpy(octets + COOKIE_CLIENT_OCTETS + HASH_AT, client->ip + (v4 ? 12 : 0), ip_len);
	return hash_keyed_strong(key, octets, COOKIE_CLIENT_OCTETS + HASH_AT + ip_len);
}

/** Make a server cookie of this moment. */
static void
cookie_sign(const struct hash_key *key, const struct addr *client, const uint8_t *client_cookie,
	    uint32_t unix_s, uint8_t out[COOKIE_SERVER_OCTETS])
{
	uint64_t hash;

	memset(out, 0, STAMP_AT);
	out[0] = COOKIE_VERSION;
	store_u32(out + STAMP_AT, unix_s);
	hash = cookie_hash(key, client, client_cookie, out);
	for (unsigned i = 0; i < 8; i++)
		out[HASH_AT + i] = (uint8_t)(hash >> 8 * i);
}

/** Does the time in it hold?  Serial number arithmetic (RFC 1982): 2106 passes unnoticed. */
static bool
is_of_now(int32_t age_s)
{
	return age_s <= MAX_AGE_S && age_s >= -MAX_AHEAD_S;
}

/** The number of the secret that signed this cookie; secrets->count: none of ours. */
static uint32_t
cookie_signer(const struct cookie_secrets *secrets, const struct addr *client,
	      const uint8_t *client_cookie, const uint8_t *server_cookie)
{
	uint64_t shown = load_u64_le(server_cookie + HASH_AT);
	uint32_t i = 0;

	/* the reserved octets are signed, and need not be zero (RFC 9018 4.2) */
	while (i < secrets->count &&
	       cookie_hash(&secrets->keys[i], client, client_cookie, server_cookie) != shown)
		i++;
	return i;
}

enum cookie_state
cookie_answer(const struct cookie_secrets *secrets, const struct addr *client,
	      const uint8_t *asked, size_t len, uint32_t unix_s, uint8_t out[COOKIE_OCTETS])
{
	const uint8_t *shown = asked + COOKIE_CLIENT_OCTETS;
	enum cookie_state state = len > COOKIE_CLIENT_OCTETS ? COOKIE_BAD : COOKIE_NONE;
	uint32_t signer = secrets->count;
	int32_t age_s = 0;

	if (len == COOKIE_OCTETS && shown[0] == COOKIE_VERSION) {
		age_s = (int32_t)(unix_s - load_u32(shown + STAMP_AT));
		if (is_of_now(age_s))
			signer = cookie_signer(secrets, client, asked, shown);
	}
	if (signer < secrets->count)
		state = COOKIE_GOOD;
	memcpy(out, asked, COOKIE_CLIENT_OCTETS);
	if (signer == 0 && age_s <= REFRESH_AGE_S)
		memcpy(out + COOKIE_CLIENT_OCTETS, shown, COOKIE_SERVER_OCTETS);
	else
		cookie_sign(&secrets->keys[0], client, asked, unix_s,
			    out + COOKIE_CLIENT_OCTETS);
	return state;
}
