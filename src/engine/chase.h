/*
 * chase - follow CNAME and alias, each hop routed afresh, with a hop limit
 *
 *   name -> route_select -> zone --------> lookup: answer, negative   -> ANSWERED
 *     ^                       |                '-> CNAME, DNAME, alias -.
 *     |                       |-> autodefined ------------------------  -> ANSWERED
 *     |                       '-> upstream: cached? no -> ASK           |
 *     |                                        '-> yes: its sets, each  |
 *     |                                            CNAME's target       |
 *     '------------------- the target, in the client's own view --------'
 *
 * The one path from a question to its answer: resolve_query, resolve_offline and explain
 * differ only in what they put into `struct chase`.
 *
 * A cached answer serves as far as its chain stays with the upstream it came from; where a
 * target belongs to someone else the rest of the entry is not used (reliability S7).
 * An alias is a hop that does not show (route53-semantics 4.3.5): what its target ends in is
 * given the alias's name, the CNAMEs on the way are not shown, and a target without such
 * data is NODATA.  A CNAME that comes back to a name seen before, and a chain of more than
 * CHASE_MAX_HOPS, are SERVFAIL.
 *
 * What a zone delegates is asked of the name servers that a DELEGATE rule leads to
 * (route53-semantics 1.6): at the addresses that the zone has for them, or those that their
 * names come to by a chase of its own in the same view.  Their answers serve as those of a
 * rule whose domain is the cut.  Where they, or the targets of a FORWARD rule, answer with a
 * referral further down, it is an entry of the cache like any answer, and the chase goes on
 * from it in the same way.
 *
 * A rule may go on to others when its targets' answer is NXDOMAIN, NODATA, a failure or
 * silence (`on`): their answer stands in its place, and what a CNAME in it leads to is
 * routed afresh, so that it begins with the rule again where that covers the target.
 * An expired answer of the rule itself is given only when those fail as well.
 *
 * With DNS64 a question for AAAA that comes to nothing is chased again for A, the whole way,
 * and that answer, its A records turned into AAAA, is the answer (RFC 6147 5.1); a reverse
 * name of the prefix begins with a CNAME to that of the IPv4 address (5.3.1).
 */
#ifndef ENGINE_CHASE_H
#define ENGINE_CHASE_H

#include "engine/explain.h"

struct targets;
struct keep;

/* May an expired entry be the answer? */
enum stale_policy {
	STALE_AFTER_FAILURE,	/* once its upstream was asked and failed, or is known to be down */
	STALE_NOW,		/* at once: who asks has waited long enough, or cannot wait */
};

#define CHASE_REFRESHES 4	/* noted on one chase; more are left for the next one */

/* What the chase found worth asking although it has an answer; ask.is_ahead says which. */
struct refreshes {
	unsigned count;
	struct ask list[CHASE_REFRESHES];	/* large: not cleared */
};

/* What a chase depends on; the clock and all else come in by it. */
struct chase {
	const struct snapshot *snap;
	uint32_t network;		/* in whose view; NETWORK_NONE is refused */
	bool dns64;			/* AAAA is made of A where there is none */
	unsigned depth;			/* chases that wait for this one: name servers' names */
	bool zones_only;		/* names outside the network's zones are refused */
	uint64_t now_ms;		/* when the question came: by this entries are fresh */
	uint64_t clock_ms;		/* what time it is: later than now_ms for who has waited */
	enum stale_policy stale;
	struct refreshes *refreshes;	/* NULL: nothing is refreshed */
	struct targets *targets;	/* NULL: nothing is known of who is down */
	struct scratch *scratch;
	struct cache *cache;		/* NULL: nothing is cached */
	const struct ask *landed_ask;	/* NULL, or what was asked just now ... */
	const struct cached *landed;	/* ... and its answer, whatever its TTL is */
	struct keep *keep;		/* what aliases lead to is noted there; NULL: nowhere */
	struct random *random;		/* NULL: the likeliest choice, always the same */
	const _Atomic uint64_t *healthy;	/* by check of snap; NULL: all are */
	struct counters *counters;
	explain_fn tell;		/* NULL: nobody listens */
	void *context;			/* for tell */
};

enum chase_end {
	CHASE_ANSWERED,			/* *answer is complete, be it a failure */
	CHASE_ASK,			/* *ask has to be put to its upstream first; with
					 * STALE_NOW: nothing is there to be given.  It may
					 * be another ask than the one waited for: that of a
					 * rule gone on to */
};

/**
 * The resolver's chase: its landed answer included, DNS64 as r->as has it, or the network, no
 * random source, nobody told.
 */
void chase_init(struct chase *chase, struct resolver *r, uint32_t network, uint64_t now_ms);

/**
 * Answer a question, or say what has to be asked first.  Other classes than IN and the meta
 * types (zone transfers) are REFUSED; ANY gets a minimal answer (RFC 8482).
 */
enum chase_end chase_question(const struct chase *by, const struct question *q,
			      struct answer *answer, struct ask *ask);

#endif
