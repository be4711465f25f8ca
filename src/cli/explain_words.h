/*
 * explain_words - the engine's steps in words, for both formats of causeway explain
 */
#ifndef CLI_EXPLAIN_WORDS_H
#define CLI_EXPLAIN_WORDS_H

#include "base/text.h"
#include "cli/query.h"
#include "engine/explain.h"

/* What declared a cut. */
struct declared {
	const char *kind;	/* "hosted_zone", "resolver_rule", "autodefined", "internet" */
	const char *id;		/* NULL: none */
	const char *rule_type;	/* "FORWARD", "SYSTEM"; NULL: no rule */
	const char *profile;	/* the Profile by which the network has it; NULL: itself */
	struct srcloc at;	/* file NULL: not known */
};

/** Of a CANDIDATE step. */
struct declared words_declared(const struct query *query, const struct explain_step *step);
const char *words_fate(const struct explain_step *step);
const char *words_why(const struct explain_step *step);

/** "zone", "forward", "internet", "autodefined", "nowhere", "off". */
const char *words_route_kind(const struct route *route);
/** Where the name goes, as a sentence that "route" begins. */
void words_route(const struct query *query, const struct route *route, struct text *out);
/**
 * Does the route rest on what the sheet presumes: a SYSTEM rule that hands its names to a
 * zone of a shorter name (route53-semantics 1.3.4)?
 */
bool words_is_presumed(const struct query *query, const struct route *route);

/** What is assumed, as in a configuration: "chain_limit: 16", and why that is one. */
void words_assumed(const struct explain_step *step, struct text *out);
/** The value alone. */
void words_value(const struct explain_step *step, struct text *out);

/** Where a rule goes on to: "the internet resolver, 192.0.2.1", or its targets alone. */
void words_further(const struct snapshot *snap, uint32_t rule, struct text *out);
/** All that a rule's `on` says, a line each; nothing where it has none. */
void words_on(const struct snapshot *snap, const struct snapshot_rule *rule, struct text *out);
/** The same as a JSON object. */
void words_json_on(const struct snapshot *snap, const struct snapshot_rule *rule,
		   struct text *out);

void words_lookup(const struct lookup *lookup, struct text *out);

/* Of a MEMBER step: explain_member.c. */
const char *words_set_identifier(const struct explain_step *step);
const char *words_policy(const struct explain_step *step);
/** "unchecked", "unknown", "healthy", "unhealthy". */
const char *words_health(enum health_state health);
/** The set, what its policy makes of it for this network, and its health. */
void words_member(const struct query *query, const struct explain_step *step,
		  struct text *out);

/** Why this network: how --from led to it. */
void words_network(const struct query *query, struct text *out);
const char *words_network_id(const struct query *query);

#endif
