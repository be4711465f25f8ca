/*
 * record - declared record sets
 *
 * What a zone file, a Route 53 export or the configuration said, before any of it is frozen.
 * A set that was declared in several places of a zone file appears several times; compile
 * joins the parts.  Everything lives in the estate's arena.
 */
#ifndef ESTATE_RECORD_H
#define ESTATE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "dns/rrset.h"

/* Routing policies of a private hosted zone (route53-semantics 4.4). */
enum routing_policy {
	POLICY_SIMPLE,
	POLICY_MULTIVALUE,
	POLICY_WEIGHTED,
	POLICY_FAILOVER,
	POLICY_LATENCY,
	POLICY_GEOLOCATION,
	POLICY_GEOPROXIMITY,
};

enum failover_role { FAILOVER_PRIMARY, FAILOVER_SECONDARY };

/* What a set says beyond its data; absent for plain zone-file records. */
struct routing {
	enum routing_policy policy;
	const char *set_identifier;	/* NULL for simple */
	uint16_t weight;		/* 0..255 */
	enum failover_role failover;
	const char *region;		/* latency, geoproximity */
	const char *continent, *country, *subdivision;	/* geolocation; country "*": default */
	int16_t bias;			/* geoproximity, -99..99 */
	double latitude, longitude;	/* geoproximity by coordinates */
	bool has_coordinates;
	const char *health_check;	/* id; NULL: always healthy */
	struct srcloc health_check_at;
};

/* An alias answers only for its own type and shows no CNAME (route53-semantics 4.3). */
struct alias_target {
	const uint8_t *dns_name;	/* wire, lower case */
	const char *hosted_zone;	/* id as declared: the zone's own, or an AWS service's */
	bool evaluate_target_health;
	struct srcloc at;
};

struct record_set {
	const uint8_t *owner;		/* wire, lower case */
	uint16_t type;
	uint16_t value_count;		/* 0 for an alias */
	uint32_t ttl_s;
	const struct rdata *values;
	const struct routing *routing;	/* NULL: simple, no health check */
	const struct alias_target *alias;	/* NULL: not an alias */
	struct srcloc at;
	struct record_set *next;
};

#endif
