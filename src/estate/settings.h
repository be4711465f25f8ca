/*
 * settings - the `server` section: how the daemon runs, and what of it answers depend on
 *
 * Plain values with every default filled in by estate_init, so that no reader asks whether
 * a key was given.
 */
#ifndef ESTATE_SETTINGS_H
#define ESTATE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/diag.h"
#include "estate/assume.h"

enum protocol { PROTOCOL_DO53, PROTOCOL_DOH, PROTOCOL_DOT };

/* One address that questions are forwarded to. */
struct target {
	struct addr addr;		/* port set: 53 by default */
	enum protocol protocol;
	const char *server_name_indication;	/* NULL */
	struct srcloc at;
	struct target *next;
};

/* In which order the targets of a rule are asked. */
enum target_policy {
	TARGET_RANDOM,		/* as the service does (route53-semantics 3.2.4) */
	TARGET_ORDERED,		/* as declared: a later one when those before are down */
	TARGET_FASTEST,		/* the one that answers soonest */
};

/* What asking the targets of a rule may come to, and the rule's `on` has a key for. */
enum rule_outcome { ON_NXDOMAIN, ON_NODATA, ON_SERVFAIL, ON_TIMEOUT, ON_OUTCOMES };

/* In whose place a listener answers ("as"). */
enum listen_as {
	LISTEN_AS_NETWORK,	/* `as` names a VPC or a site */
	LISTEN_AS_ENDPOINT,	/* `as` names an inbound endpoint: its VPC */
	LISTEN_AS_CLIENT,	/* the network whose CIDR holds the client */
};

struct listener {
	struct addr addr;
	const char *as;
	struct srcloc as_at;
	enum listen_as kind;	/* settled by estate_check */
	struct srcloc at;
	struct listener *next;
};

struct cidr {
	struct prefix prefix;
	struct srcloc at;
	struct cidr *next;
};

/* At most so many packets a second to and from one address (reliability R11). */
struct packet_budget {
	struct addr addr;
	uint32_t per_second;
	struct srcloc at;
	struct packet_budget *next;
};

#define IDENTITY_MAX	     128	/* octets: a reply of 512 has room for it in any case */
#define COOKIE_SECRETS_MAX   8
#define COOKIE_SECRET_OCTETS 16

/* A secret that DNS cookies are signed with; kept out of the snapshot, whose image all read. */
struct cookie_secret {
	uint8_t octets[COOKIE_SECRET_OCTETS];
	struct srcloc at;
	struct cookie_secret *next;
};

struct settings {
	struct listener *listeners;
	struct cidr *allow;		/* empty with allow_default */
	bool allow_default;		/* none declared: loopback and the networks' CIDRs */
	struct target *internet_resolver;	/* empty: names nobody claims get SERVFAIL */
	uint32_t workers;		/* 0: auto, one per core */
	struct cookie_secret *cookie_secrets;	/* the first one signs; NULL: random ones */
	const char *identity, *version;	/* told to who asks; NULL: not told */
	const char *user;		/* NULL: do not change */
	struct srcloc user_at;

	uint64_t cache_octets;		/* 64 MiB */
	uint64_t cache_min_ttl_ms, cache_max_ttl_ms, cache_max_negative_ttl_ms;	/* 1s 1d 15m */
	uint64_t cache_serve_stale_ms;	/* 1d */
	bool cache_prefetch;

	uint64_t upstream_timeout_ms;	/* 2s: of one try */
	uint32_t upstream_tries;	/* 3 */
	uint16_t upstream_edns_size;	/* 1232 */
	enum target_policy upstream_policy;	/* among the internet resolvers */
	struct packet_budget *budgets;

	uint32_t assume[ASSUME_POINTS];	/* by enum assume */

	const char *control_socket;	/* NULL: none */
	bool has_admin;
	struct addr admin;
	const char *query_log;		/* file; NULL: none */
	const char *snapshot_file;	/* NULL: none is kept */
	struct srcloc at;		/* of the `server` key */
};

#endif
