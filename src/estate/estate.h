/*
 * estate - what was declared: networks, links, zones, endpoints, rules
 *
 * Made by the front ends in load/, judged by lint, frozen by snapshot/compile.  Names of
 * objects and fields are those of the AWS API in snake_case.  Every object knows where it
 * was declared.  References between objects are kept as ids with their places until
 * estate_check resolves them to pointers.  One arena owns all; one thread at a time.
 * Lists are in the order of declaration until estate_check sorts them (estate/order), so that
 * everything after it comes out the same however the company was written down.
 */
#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/table.h"
#include "estate/firewall.h"
#include "estate/lint_settings.h"
#include "estate/network_objects.h"
#include "estate/record.h"
#include "estate/ref.h"
#include "estate/settings.h"

enum network_kind { NETWORK_VPC, NETWORK_SITE };

/* Has a VPC reverse names of its own? */
enum autodefined_reverse { AUTODEFINED_REVERSE_ENABLED, AUTODEFINED_REVERSE_DISABLED };

/* A place questions come from: a VPC, or a network outside AWS (a site). */
struct network {
	enum network_kind kind;
	const char *id;
	const char *region;		/* VPC; "" when not declared */
	const char *owner_id;		/* VPC; NULL */
	struct cidr *cidr_blocks;
	bool enable_dns_support;	/* default true */
	bool enable_dns_hostnames;	/* default false (route53-semantics 1.5) */
	enum autodefined_reverse autodefined_reverse;	/* VPC (1.4.7) */
	bool dns64;			/* VPC: AAAA made of A for who asks in it (5.2.3) */
	bool dnssec_validation;		/* VPC: of public names (5.2.1); lint alone uses it */
	struct srcloc dns_support_at, dns_hostnames_at;
	struct ref *connects_to;	/* site: networks it has a path to */
	struct target *servers;		/* site: where its own DNS is asked */
	uint32_t index;			/* among all networks, VPCs first; by estate_check */
	struct srcloc at;
	struct network *next;
};

struct peering {
	const char *id;
	struct ref requester, accepter;	/* network, both VPCs */
	bool requester_allows_remote_dns, accepter_allows_remote_dns;
	const char *status;		/* "active" by default */
	struct srcloc at;
	struct peering *next;
};

struct transit_gateway {
	const char *id;
	struct ref *vpcs;
	bool dns_support;		/* default true */
	struct srcloc at;
	struct transit_gateway *next;
};

/*
 * Owners and values of the record sets of some zones.  They are half of what an estate takes,
 * and once a zone is compiled its block says them again: so a pool goes when all of its zones
 * are (compile_spending).
 */
struct record_pool {
	struct arena arena;
	size_t zones;			/* that are not compiled */
	struct record_pool *next;
};

struct hosted_zone {
	const char *id;
	const uint8_t *name;		/* wire, lower case; NULL only when flawed */
	const char *owner_id;		/* NULL */
	struct srcloc name_at;
	struct ref *networks;		/* of `vpcs` and `sites`; then those by Profiles */
	struct record_set *sets;	/* in the order read */
	struct record_set **sets_end;
	size_t set_count;
	const char *zone_file, *record_sets_file;	/* as opened; NULL */
	struct digest source;		/* of all that the zone's data was made from */
	bool public_zone;		/* known to lint; of no network, so nobody reads it */
	struct record_pool *pool;	/* NULL: its records are in the estate's arena */
	bool unread;			/* data not read: unchanged since `source` was seen */
	bool flawed;			/* an error inside was reported: no follow-up errors */
	uint32_t index;
	struct srcloc at;
	struct hosted_zone *next;
};

enum direction { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_INBOUND_DELEGATION };

struct resolver_endpoint {
	const char *id;
	enum direction direction;
	struct ref vpc;
	struct target *ip_addresses;	/* port 0 */
	uint32_t protocols;		/* bit set of enum protocol; 0 means Do53 */
	bool dns64_enabled;		/* inbound: AAAA made of A for who asks through it */
	struct ref *security_groups;	/* lint alone uses these and the next */
	uint32_t query_rate;		/* queries a second that are expected; 0: not said */
	struct srcloc at;
	struct resolver_endpoint *next;
};

enum rule_type { RULE_FORWARD, RULE_SYSTEM, RULE_DELEGATE };

/* Who is asked next; see enum rule_outcome. */
struct further {
	bool internet;			/* whoever is asked about names that nobody claims */
	struct target *targets;
	struct srcloc at;		/* file NULL: nobody, the answer stands */
};

struct resolver_rule {
	const char *id;
	const char *owner_id;		/* NULL */
	const uint8_t *domain_name;	/* wire, lower case; NULL: DELEGATE, or flawed */
	struct srcloc domain_at;
	const uint8_t *delegation_record;	/* DELEGATE: wire, lower case; else NULL */
	enum rule_type type;
	struct ref endpoint;		/* resolver_endpoint; id NULL: none (on-prem) */
	struct target *targets;
	enum target_policy policy;
	struct further on[ON_OUTCOMES];	/* FORWARD; by enum rule_outcome */
	struct srcloc on_at;
	struct ref *networks;		/* of `vpcs` and `sites`; then those by Profiles */
	bool flawed;			/* an error inside was reported: no follow-up errors */
	uint32_t index;
	struct srcloc at;
	struct resolver_rule *next;
};

#define PROFILE_PRIORITY_MIN	100
#define PROFILE_PRIORITY_MAX	9900

/* A Profile is attached to a VPC. */
struct profile_association {
	struct ref vpc;
	uint32_t priority;		/* among the VPC's Profiles, lower first; 0: not said */
	const struct profile *profile;	/* by estate_check, as the next */
	struct srcloc at;
	struct profile_association *next;
};

/* Zones and rules that are attached to VPCs together (route53-semantics 1.7). */
struct profile {
	const char *id;
	const char *name, *owner_id;	/* NULL */
	struct ref *zones, *rules;
	struct ref *vpcs;		/* the short form: associations without a priority */
	struct profile_association *associations;	/* after estate_check those of `vpcs` too */
	uint32_t index;
	struct srcloc at;
	struct profile *next;
};

enum health_check_type { HEALTH_TCP, HEALTH_HTTP, HEALTH_HTTPS, HEALTH_HTTP_STR_MATCH,
			 HEALTH_HTTPS_STR_MATCH, HEALTH_CALCULATED, HEALTH_EXTERNAL };

#define HEALTH_CHILDREN_MAX 255	/* of one check: the service's limit */
#define HEALTH_LEVELS_MAX   8	/* of CALCULATED checks above each other */

struct health_check {
	const char *id;
	enum health_check_type type;
	struct addr addr;
	uint64_t request_interval_ms;	/* 30s */
	uint32_t failure_threshold;	/* 3 */
	const char *resource_path, *fully_qualified_domain_name;	/* NULL */
	const char *search_string;	/* of the types that match one; NULL */
	bool inverted;			/* what is found healthy counts as unhealthy */
	bool disabled;			/* not checked; found healthy, before `inverted` */
	struct ref *children;		/* CALCULATED */
	uint32_t health_threshold;	/* CALCULATED */
	const char *state_file;		/* EXTERNAL */
	uint32_t level;			/* CALCULATED, set by estate_check: 1 + its children's */
	struct srcloc at;
	struct health_check *next;
};

/* A statement of an import that cannot change an answer, and was passed over. */
struct skipped {
	struct srcloc at;
	const char *what;
	struct skipped *next;
};

/* Kinds of objects that have an id of their own. */
enum object_kind {
	OBJECT_VPC,
	OBJECT_SITE,
	OBJECT_PEERING,
	OBJECT_TRANSIT_GATEWAY,
	OBJECT_HOSTED_ZONE,
	OBJECT_HEALTH_CHECK,
	OBJECT_ENDPOINT,
	OBJECT_RULE,
	OBJECT_PROFILE,
	/* of lint alone: network_objects.h, firewall.h */
	OBJECT_SUBNET,
	OBJECT_ROUTE_TABLE,
	OBJECT_SECURITY_GROUP,
	OBJECT_NETWORK_ACL,
	OBJECT_NETWORK_INTERFACE,
	OBJECT_VPC_ENDPOINT,
	OBJECT_DHCP_OPTIONS,
	OBJECT_PREFIX_LIST,
	OBJECT_FIREWALL_DOMAIN_LIST,
	OBJECT_FIREWALL_RULE_GROUP,
	OBJECT_KINDS,
};

/**
 * An id's second object: true, it is put aside, in no list, and whoever loads compares the
 * two when both are whole; false, it is an error.
 */
typedef bool (*estate_second_fn)(void *context, enum object_kind kind, void *first,
				 void *object);

struct estate {
	struct arena arena;
	struct settings settings;
	struct lint_settings lint;
	struct network *networks;		/* VPCs first after estate_check */
	struct peering *peerings;
	struct transit_gateway *transit_gateways;
	struct hosted_zone *zones;
	struct health_check *health_checks;
	struct resolver_endpoint *endpoints;
	struct resolver_rule *rules;
	struct profile *profiles;
	struct subnet *subnets;			/* from here on: lint alone */
	struct route_table *route_tables;
	struct security_group *security_groups;
	struct network_acl *network_acls;
	struct network_interface *network_interfaces;
	struct vpc_endpoint *vpc_endpoints;
	struct dhcp_options *dhcp_options;
	struct managed_prefix_list *prefix_lists;
	struct firewall_domain_list *firewall_domain_lists;
	struct firewall_rule_group *firewall_rule_groups;
	size_t network_count, zone_count, rule_count, endpoint_count, profile_count;
	struct table ids[OBJECT_KINDS];		/* id -> object */
	const struct text_pair *parameters;	/* of templates, from the command line */
	bool incomplete;	/* a file could not be read: dangling references are no finding */
	struct skipped *skipped, *last_skipped;
	estate_second_fn second;		/* NULL: a second object is an error */
	void *second_context;
	bool spends;		/* records may go to pools: it is for compile_spending */
	struct record_pool *pool;	/* of the records being read; NULL: the arena */
	struct record_pool *pools;	/* all */
	unsigned threads;	/* that may work on it while it is made and compiled; 0: one */

	/* the ends of the lists above, for appending; NULL where a list is empty */
	struct network *last_network;
	struct peering *last_peering;
	struct transit_gateway *last_transit_gateway;
	struct hosted_zone *last_zone;
	struct health_check *last_health_check;
	struct resolver_endpoint *last_endpoint;
	struct resolver_rule *last_rule;
	struct profile *last_profile;
	void *last[OBJECT_KINDS];	/* of the kinds of lint alone */
};

/** "nxdomain", "nodata", "servfail", "timeout". */
const char *rule_outcome_text(enum rule_outcome outcome);

/** The key of a kind as users write it: "vpcs" has "vpc", "resolver_rules" "resolver_rule". */
const char *object_kind_text(enum object_kind kind);

/** An empty estate with all defaults.  limit: octets its arena may take. */
void estate_init(struct estate *estate, size_t limit);
void estate_fini(struct estate *estate);

/**
 * Add an object made in the estate's arena; appends it and enters its id.
 * ERR_REJECTED: the id was declared before; reported as duplicate-id, naming both places,
 * and the object is not added.  OK also where estate->second put it aside.  Networks share one space of ids: VPCs and sites.
 */
enum status estate_add_network(struct estate *, struct network *, struct diags *) must_check;
enum status estate_add_peering(struct estate *, struct peering *, struct diags *) must_check;
enum status estate_add_transit_gateway(struct estate *, struct transit_gateway *,
				       struct diags *) must_check;
enum status estate_add_zone(struct estate *, struct hosted_zone *, struct diags *) must_check;
enum status estate_add_endpoint(struct estate *, struct resolver_endpoint *,
				struct diags *) must_check;
enum status estate_add_rule(struct estate *, struct resolver_rule *, struct diags *) must_check;
enum status estate_add_profile(struct estate *, struct profile *, struct diags *) must_check;
enum status estate_add_health_check(struct estate *, struct health_check *,
				    struct diags *) must_check;

/** The same for the kinds of lint alone. */
enum status estate_add_object(struct estate *, enum object_kind, void *object, struct diags *)
	must_check;

/** Where the owner and the values of a record set go. */
static inline struct arena *
estate_records(struct estate *estate)
{
	return estate->pool ? &estate->pool->arena : &estate->arena;
}

/** Append a record set, made in the estate's arena, to a zone. */
void zone_add_set(struct hosted_zone *zone, struct record_set *set);

/** The object of this kind and id, or NULL. */
void *estate_object(const struct estate *estate, enum object_kind kind, const char *id);
/** The id of an object; NULL where it has none, being flawed. */
const char *object_id(enum object_kind kind, const void *object);
/** Where an object was declared. */
struct srcloc object_at(enum object_kind kind, const void *object);

struct network *estate_network(const struct estate *estate, const char *id);
struct hosted_zone *estate_zone(const struct estate *estate, const char *id);
struct resolver_endpoint *estate_endpoint(const struct estate *estate, const char *id);
struct resolver_rule *estate_rule(const struct estate *estate, const char *id);

/**
 * After all is loaded: sort the lists by id, resolve references (dangling: error CFG002 at the reference, with the
 * nearest existing id), number the objects, and check what one object says about another, each
 * an error with both places:
 * two zones of one name on one network or in one Profile (conflicting-domain); two rules of
 * one domain on one network or in one Profile (rule-conflict, RSLVR-00802); two Profiles on
 * one VPC whose order is not said by a priority each (profile-conflict); a FORWARD rule
 * without targets (no-targets), it or a DELEGATE rule without endpoint on a VPC, or whose
 * endpoint is not OUTBOUND (no-endpoint, not-outbound, RSLVR-00700); a listener whose `as`
 * names nothing (CFG002) or an outbound endpoint (not-inbound), or has the address of another
 * (duplicate-listener); CIDRs of two networks that overlap while a listener is `as: client`
 * (ambiguous-client); a public zone that is associated with a network or in a Profile
 * (public-zone); records outside their zone (out-of-zone), an SOA not at its apex or a second
 * one (misplaced-soa), CNAME beside other data or another CNAME or at the apex (cname-conflict), routing policies mixed at one name and type (mixed-policies), twice the
 * same set_identifier, region, role or place there (duplicate-set).  Of what is inside a VPC:
 * objects of two VPCs that refer to each other (other-vpc), a subnet with two route tables or
 * two network ACLs, a VPC with two that are for the rest of its subnets or with two sets of
 * DHCP options (second-table), a route without one destination and one target (bad-route), two
 * entries of an ACL or rules of a firewall with one number (same-number), ports in the wrong
 * order, or a DNS server that is no address (bad-value).  Warnings: TTLs that
 * differ in a weighted group (weighted-ttl), an id given twice in one list
 * (repeated-reference).
 * The networks that a zone or rule reaches by a Profile only join its list, each once, by the
 * Profile that comes first there.
 * ERR_REJECTED: at least one error was reported.  ERR_NOMEM: not all was checked.
 */
enum status estate_check(struct estate *estate, struct diags *diags) must_check;

/**
 * Are two networks connected: an active peering, a common transit gateway, or a site's
 * connects_to?  Not transitive (route53-semantics 2.1.7).  Symmetric; false for a == b.
 */
bool estate_connected(const struct estate *estate, const struct network *a,
		      const struct network *b);

/** The inbound endpoint that has this address, or NULL. */
struct resolver_endpoint *estate_inbound_at(const struct estate *estate,
					    const struct addr *addr);

/** The site one of whose DNS servers has this address, or NULL. */
struct network *estate_site_server_at(const struct estate *estate, const struct addr *addr);

/** Is the zone or rule (its list of networks) attached to this network? */
bool refs_have(const struct ref *refs, const struct network *network);

#endif
