/*
 * explain - the same path, told step by step
 *
 * Calls what the daemon calls (route_select, lookup_find, the chase) and tells each step to
 * a teller; cli turns the steps into text or JSON and adds where each object was declared.
 */
#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

#include "engine/health.h"
#include "engine/lookup.h"
#include "engine/resolve.h"
#include "engine/route.h"

enum explain_kind {
	EXPLAIN_NETWORK,	/* in whose place the question is answered, and by which prefix */
	EXPLAIN_HOP,		/* a name begins its way: the question, then each CNAME target */
	EXPLAIN_CANDIDATE,	/* a cut that covers the name: won or lost, and why */
	EXPLAIN_ROUTE,		/* the winner and what it means */
	EXPLAIN_LOOKUP,		/* what the zone gave: kind, node, wildcard */
	EXPLAIN_MEMBER,		/* a set of a policy group: taken or not, and its health */
	EXPLAIN_RECORDS,	/* a set that goes into the answer */
	EXPLAIN_ASK,		/* an upstream would be asked: rule, targets, identity */
	EXPLAIN_FURTHER,	/* what it said, or that it said nothing, leads to another rule */
	EXPLAIN_ASSUME,		/* the answer rests on what is not confirmed: server.assume */
	EXPLAIN_DNS64,		/* no AAAA was found: the same again for A (RFC 6147) */
	EXPLAIN_RESULT,		/* rcode, extended error */
};

enum candidate_fate {
	CANDIDATE_WON,
	CANDIDATE_SHORTER,	/* a longer suffix won */
	CANDIDATE_LOST_TIE,	/* why says to what */
};

struct explain_step {
	enum explain_kind kind;
	uint32_t network;
	unsigned hop;
	const struct name *name;		/* HOP, CANDIDATE, ROUTE, LOOKUP */
	const struct cut *cut;			/* CANDIDATE, ROUTE */
	const struct cut_loser *loser;		/* CANDIDATE that lost a tie at this cut */
	enum candidate_fate fate;
	struct route route;			/* ROUTE */
	struct lookup lookup;			/* LOOKUP */
	const struct zone *zone;		/* MEMBER */
	const struct zone_set_ref *group;	/* MEMBER: its first one */
	const struct zone_set *member;		/* MEMBER */
	enum health_state health;		/* MEMBER */
	bool taken;				/* MEMBER: it answers */
	struct rrset set;			/* RECORDS */
	enum assume assume;			/* ASSUME */
	uint32_t value;				/* ASSUME: what is assumed */
	uint32_t ttl_s;
	enum section section;
	const struct ask *ask;			/* ASK; FURTHER: of the rule that is left */
	enum rule_outcome outcome;		/* FURTHER */
	uint32_t rule;				/* FURTHER: the number of the one gone on to */
	const struct answer *answer;		/* RESULT */
};

typedef void (*explain_fn)(void *context, const struct explain_step *step);

/**
 * Tell how `q` is answered in `network`.  Returns as resolve_offline does; the steps' contents
 * are valid during the call of `tell` only.
 */
bool explain_query(struct resolver *r, uint32_t network, const struct question *q,
		   uint64_t now_ms, explain_fn tell, void *context, struct answer *answer);

#endif
