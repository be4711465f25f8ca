/*
 * assume - what is presumed where the behaviour of Route 53 is not confirmed
 *
 * One row for each point that code decides on: configuration, the frozen settings, explain
 * and the manual page are made from it.  Nothing else may be presumed silently.
 * ROW(POINT, key, type of value, least, most, (words), default as written, as stored,
 *     where the fact sheet has it, meaning); the words of an ENUM stand for 0, 1, ...
 */
#ifndef ESTATE_ASSUME_H
#define ESTATE_ASSUME_H

#include <stddef.h>
#include <stdint.h>

#define ASSUME_CHAIN_MOST 16	/* hops of a chain, at most and by default */

/* Values of points that have words for more than false and true. */
enum { ANY_HINFO, ANY_SUBSET };
enum { DELEGATION_SERVFAIL, DELEGATION_INTERNET };
enum { OUTSIDE_REFUSED, OUTSIDE_RESOLVED };

#define ASSUME_TABLE(ROW)								\
	ROW(SYSTEM_RULE_ZONE, system_rule_consults_shorter_zone, ENUM, 0, 1,		\
	    ({ "false", 0 }, { "true", 1 }), "true", 1, "1.3.4",			\
	    "whether a SYSTEM rule below a FORWARD rule leads to a private zone of a "	\
	    "shorter name, and not to the internet resolver")				\
	ROW(NEGATIVE_TTL_CAP, negative_ttl_cap, INTEGER, 0, 86400, ({ 0 }), "0", 0,	\
	    "4.2.5", "most seconds that a private zone's answer about what does not "	\
	    "exist may be kept; 0: as long as its SOA says")				\
	ROW(ANY_ANSWER, any_answer, ENUM, 0, 1,						\
	    ({ "hinfo", 0 }, { "subset", 1 }), "hinfo", 0, "9.3",			\
	    "what ANY gets from a private zone: the HINFO of RFC 8482, or one of the "	\
	    "record sets")								\
	ROW(CHAIN_LIMIT, chain_limit, INTEGER, 1, ASSUME_CHAIN_MOST, ({ 0 }), "16",	\
	    ASSUME_CHAIN_MOST, "9.2",							\
	    "CNAMEs and aliases followed for one question; more are SERVFAIL")		\
	ROW(ATTRIBUTES_OFF, zone_with_dns_attributes_off, ENUM, 0, 1,			\
	    ({ "public", 0 }, { "zone", 1 }), "public", 0, "1.5.5",			\
	    "where names of a private zone go in a VPC whose enable_dns_hostnames is "	\
	    "off: on, as if there were no zone, or to the zone all the same")		\
	ROW(DELEGATION, delegation_without_rule, ENUM, 0, 1,				\
	    ({ "servfail", 0 }, { "internet", 1 }), "servfail", 0, "9.8",		\
	    "what becomes of names that a private zone delegates while no DELEGATE "	\
	    "rule leads there: SERVFAIL, or the internet resolver is asked")		\
	ROW(FORWARDED_CNAME, forwarded_cname_matched_afresh, ENUM, 0, 1,		\
	    ({ "false", 0 }, { "true", 1 }), "true", 1, "9.13",				\
	    "whether the target of a CNAME that came from a rule's target is matched "	\
	    "against zones and rules anew, and not asked of the same rule")		\
	ROW(OUTSIDE_DELEGATED, inbound_delegation_outside_zones, ENUM, 0, 1,		\
	    ({ "refused", 0 }, { "resolved", 1 }), "refused", 0, "9.7",			\
	    "what an INBOUND_DELEGATION endpoint makes of names in no private zone of "	\
	    "its VPC")

enum assume {
#define ASSUME_POINT(point, ...) ASSUME_##point,
	ASSUME_TABLE(ASSUME_POINT)
#undef ASSUME_POINT
	ASSUME_POINTS,
};

#define ASSUME_WORDS(...) { __VA_ARGS__, { 0 } }	/* of a row, as an initialiser */

struct assume_word {
	const char *text;	/* NULL ends the list */
	uint32_t value;
};

struct assume_point {
	const char *key;	/* under server.assume */
	uint32_t least, most;
	uint32_t fallback;
	const char *sheet;	/* section of the fact sheet */
	const char *meaning;
	const struct assume_word *words;	/* the first NULL: it is a number */
};

const struct assume_point *assume_point(enum assume point);

/** All points as they are without being said. */
void assume_init(uint32_t values[ASSUME_POINTS]);

/** The value's word, or NULL where the point has numbers. */
const char *assume_word(enum assume point, uint32_t value);

#endif
