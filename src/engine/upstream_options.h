/*
 * upstream_options - EDNS options towards targets: cookies and the hop count
 *
 * COOKIE (RFC 7873), the client's side.  Our cookie for a target is SipHash-2-4 of its
 * address under the worker's secret; it changes with nothing else.  It goes to each target
 * that is not known to speak none, with the server cookie that the target gave last.
 *
 *	unknown --gives one--> speaks: replies over UDP without our cookie are forged
 *	   |                      |
 *	   | two accepted         | an accepted reply over a stream without one
 *	   | replies without      v
 *	   '----------------> silent for an hour, then unknown
 *
 * A wrong client cookie is forged in any state.  FORGED is to be ignored, as is wrong letter
 * case, but for one thing: step with SUSPECT, so that the target is asked over a stream.
 * Some that answer under one address are many, and not all of them may speak cookies.
 *
 * HOPS, ours: how many of us a question has come through, to private addresses only (RFC 1918
 * and 6598, ULA, link-local, loopback), for nobody else has a use for it.
 *
 *	option 65057, 4 octets: 'c' 'w' | version 1 | hops
 *
 * We add one each time we ask and refuse above HOPS_MOST; the refusal is SERVFAIL with hops
 * HOPS_LOOP, which makes it final: whoever asked asks no other target.  From a client the
 * option costs at most its own answer; anything else under that code is passed by.
 */
#ifndef ENGINE_UPSTREAM_OPTIONS_H
#define ENGINE_UPSTREAM_OPTIONS_H

#include "dns/build.h"
#include "engine/targets.h"

#define OPTION_HOPS	   65057	/* of the range for local use (RFC 6891 9) */
#define HOPS_OCTETS	   4
#define HOPS_MOST	   4		/* a question that came through more is in a loop */
#define HOPS_LOOP	   0xff		/* in a reply: there is a loop */

#define UPSTREAM_OPTIONS_OCTETS (4 + 8 + TARGET_COOKIE_OCTETS + 4 + HOPS_OCTETS)

/**
 * Put the options into the OPT of a query that was begun (build_opt_begin).
 * cookie: of the target (targets_cookie), NULL: unknown.  hops: of the client's question, 0
 * when we are the first; one more is written.
 */
void upstream_options_write(struct builder *b, const struct hash_key *secret,
			    const struct snapshot_target *target,
			    const struct target_cookie *cookie, uint8_t hops, uint64_t now_ms);

/* What the OPT of a reply says. */
struct upstream_options {
	bool has_opt;
	bool has_cookie;		/* well formed, with our client cookie */
	bool looped;			/* HOPS_LOOP */
	uint8_t server_len;		/* 0: no server cookie, else 8..32 */
	uint8_t server[TARGET_COOKIE_OCTETS];
};

enum options_verdict {
	OPTIONS_FINE,
	OPTIONS_FORGED,		/* cookie wrong, or missing where it may not be: ignore */
	OPTIONS_BADCOOKIE,	/* RCODE 23: learn, then step with BADCOOKIE */
};

/**
 * Read the OPT of a reply that matches its question otherwise.  Changes nothing but *out.
 * Without a (single, sound) OPT *out says that there is none.
 * asked: were cookies in the query?  Then `cookie` (not NULL) is what was known when it was
 * made or later.  stream: it came over one; then nothing is forged but a wrong client cookie.
 */
enum options_verdict upstream_options_read(const uint8_t *packet, size_t len, bool stream,
					   const struct hash_key *secret,
					   const struct snapshot_target *target,
					   const struct target_cookie *cookie,
					   struct upstream_options *out);

/** Learn from a reply that was accepted (BADCOOKIE too).  cookie NULL: nothing. */
void upstream_options_learn(struct target_cookie *cookie, const struct upstream_options *options,
			    bool stream, uint64_t now_ms);

/** Is the address one that questions with a hop count go to? */
bool upstream_is_private(const uint8_t ip[16]);

/** The data of a hop option; false: it is not one of ours. */
bool hops_read(const struct edns_option *option, uint8_t *hops);
void hops_write(struct builder *b, uint8_t hops);

#endif
