/*
 * walk - a chase on its way: which name it is at, what it has gathered
 *
 * The steps that every kind of hop is made of.  Private to the chase: chase.c decides what
 * a hop is, hop_zone.c and hop_upstream.c take it.
 */
#ifndef ENGINE_WALK_H
#define ENGINE_WALK_H

#include "engine/chase.h"

/* What one hop comes to. */
enum step {
	STEP_DONE,		/* the answer is complete */
	STEP_FOLLOW,		/* on to the next name */
	STEP_ASK,		/* nothing is known: an upstream has to be asked */
};

/* Of the hops behind the first: nothing of it is set before there is one. */
struct later {
	struct name name;
	struct suffixes suffixes;
	uint64_t seen[CHASE_MAX_HOPS];	/* what stands for the hops so far, see walk_follow */
	uint64_t present;		/* and for this one, if it is not the first */
};

/* Who answers for what is delegated, by a zone or by an upstream that referred us to them. */
struct servers {
	const struct zone *zone;	/* that the way began in; NULL: it began behind a rule */
	const struct snapshot_rule *upstream;	/* that rule, else NULL */
	const struct cached *referral;	/* has their names; NULL: the zone has */
	unsigned referrals;		/* on the way to them */
	const uint8_t *cut;		/* the delegated name */
	const struct snapshot_rule *rule;	/* DELEGATE; NULL: none leads to them */
	struct digest identity;		/* of the rule, the cut and the targets */
	unsigned count;
	struct snapshot_target targets[ASK_TARGETS_MAX];
};

struct walk {
	const struct chase *by;
	const struct question *q;
	struct answer *answer;
	struct ask *ask;
	struct later *later;
	unsigned hop;

	const struct name *name;	/* of this hop, in lower case */
	const struct suffixes *suffixes;
	const uint8_t *owner;		/* the same as written; NULL: as in the question */
	const struct servers *servers;	/* this hop is below a cut of a zone: its servers */
	const struct zone *inside;	/* this hop stays in the zone: an alias's target */
	bool routed;			/* `route` is this hop's already */
	struct route route;

	const struct zone *alias_zone;	/* of the alias that hides what follows; NULL: none */
	const uint8_t *alias_owner;
	uint32_t alias_ttl_s;		/* smallest on the hidden way */
};

/** Tell the step, its network, hop and name filled in; by->tell is set. */
void walk_tell(const struct walk *w, struct explain_step step);

/** SERVFAIL with this text; nothing else is added after it. */
enum step walk_fail(struct walk *w, const char *why);

/** Add a set as it is.  false: the answer is full, and has failed. */
bool walk_add(struct walk *w, enum section section, struct rrset set, uint32_t ttl_s);

/** Add a CNAME of this hop's name, which an alias in front of it hides. */
bool walk_add_link(struct walk *w, struct rrset set, uint32_t ttl_s);

/** Add a set of what was asked for, under this hop's name, or that of the alias. */
bool walk_add_final(struct walk *w, struct rrset set, uint32_t ttl_s);

/**
 * Move on to another name, given as uncompressed octets that last as long as the answer.
 * zone: where it is looked up if it belongs there; NULL: where it is routed.  A name that was
 * asked before in the same place is a loop.
 */
enum step walk_follow_in(struct walk *w, const uint8_t *target, const struct zone *zone);
enum step walk_follow(struct walk *w, const uint8_t *target);

/** What is assumed of a point. */
static inline uint32_t
walk_assumed(const struct walk *w, enum assume point)
{
	return w->by->snap->root->settings.assume[point];
}

/** The same; that the answer rests on it is told. */
uint32_t walk_assume(const struct walk *w, enum assume point);

/** Find this hop's route. */
void walk_route(struct walk *w);

/** The name that a CNAME (or DNAME) set leads to, in its data. */
static inline const uint8_t *
walk_target(const struct rrset *link)
{
	return link->wire + RRSET_FIXED_OCTETS;
}

/** hop_zone.c: the hop ends in a zone, or is an autodefined name. */
enum step hop_zone(struct walk *w, const struct zone *zone);
enum step hop_autodefined(struct walk *w);

/** hop_delegated.c: the name belongs to others, at or below a cut of the zone. */
enum step hop_delegated(struct walk *w, const struct zone *zone, const struct lookup *found);

/** The same for the name servers that an upstream's referral names. */
enum step hop_referred(struct walk *w, const struct cached *referral);

/** What an alias comes to whose target has no such data: NODATA. */
enum step hop_alias_empty(struct walk *w);

/** hop_upstream.c: the hop is answered by what an upstream said, or has to be asked. */
enum step hop_upstream(struct walk *w);

/**
 * hop_cached.c: the hop is answered by w->ask's entry, which is none of a failure.
 * stale: it expired, and is given all the same.
 */
enum step hop_cached(struct walk *w, const struct cached *entry, bool stale);

/** Does the entry say that there is nothing?  A CNAME is something, wherever it leads. */
bool hop_cached_outcome(const struct walk *w, const struct cached *entry,
			enum rule_outcome *outcome);

#endif
