/*
 * snapshot - the root block and the zone blocks it names, counted
 *
 *   snapshot -> root: settings, networks, views, rules, Profiles, endpoints, listeners,
 *                     who may ask, which network a client is in, health checks,
 *                     directory of zones
 *            -> zone block, zone block, ...   (shared with other snapshots)
 *
 * Never changes after compile; everything reads it through const.  A worker holds a
 * reference, a query borrows it.  ref and unref from any thread.
 * On disk (.cws) the blocks stand one behind the other, root first: exactly what is in
 * memory.  A file is replaced by rename, so a crash leaves the old or the new one.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <stddef.h>

#include "base/prefixes.h"
#include "estate/settings.h"
#include "snapshot/view.h"
#include "snapshot/zone.h"

#define NETWORK_NONE UINT32_MAX
#define ENDPOINT_NONE UINT32_MAX
#define RULE_NONE UINT32_MAX

/* What the daemon runs by: the `server` section, frozen.  0 offsets: not set. */
struct snapshot_settings {
	uint64_t cache_octets, cache_min_ttl_ms, cache_max_ttl_ms, cache_max_negative_ttl_ms;
	uint64_t cache_serve_stale_ms, upstream_timeout_ms;
	uint32_t cache_prefetch, upstream_tries, upstream_edns_size, workers;
	uint32_t user_at, snapshot_file_at, control_socket_at, query_log_at;
	uint32_t identity_at, version_at;
	uint32_t assume[ASSUME_POINTS];	/* by enum assume */
};

_Static_assert(sizeof(struct snapshot_settings) ==
	       6 * sizeof(uint64_t) + (10 + ASSUME_POINTS) * sizeof(uint32_t),
	       "no gaps: what is written is the same each time");

struct snapshot_network {
	uint32_t kind;			/* enum network_kind */
	uint32_t id_at, region_at;
	uint32_t view_at;		/* struct view: one of root->views_at */
	uint32_t dns_support;		/* 0: the resolver does not answer here */
	uint32_t dns_hostnames;		/* 0: private zones and EC2 names are not used */
	uint32_t cidrs_at, cidr_count;	/* struct snapshot_cidr: own, then visible peers' */
	uint32_t dns64;			/* 1: AAAA is made of A for who asks in it */
	uint32_t delegates_at, delegate_count;	/* uint32_t numbers of DELEGATE rules */
	uint32_t zero;
};

struct snapshot_cidr {
	struct prefix prefix;
	uint8_t own;			/* 0: of a connected network whose EC2 names resolve here */
	uint8_t zero[2];
	uint32_t region_at;
};

struct snapshot_target {
	uint8_t ip[16];
	uint32_t port;
	uint32_t protocol;		/* enum protocol */
};

/* At most so many packets a second to and from one address. */
struct snapshot_budget {
	uint8_t ip[16];
	uint32_t per_second;
	uint32_t zero;
};

/*
 * A rule.  The declared ones come first, then the further ones that their `on` leads to and
 * nothing else does, and last the internet resolver, which `on` may name as well.
 */
struct snapshot_rule {
	struct digest identity;		/* of domain, type, targets: cached answers hang on it */
	uint32_t id_at;
	uint32_t domain_at;		/* wire; of a DELEGATE rule its delegation record */
	uint32_t type;			/* enum rule_type */
	uint32_t targets_at, target_count;
	uint32_t endpoint_at;		/* id; 0: none */
	uint32_t policy;		/* enum target_policy */
	uint32_t on[ON_OUTCOMES];	/* which rule is gone on to; RULE_NONE: the answer stands */
	uint32_t further;		/* 1: gone on to by `on`; its own leads nowhere */
};

struct snapshot_zone {
	struct digest source;		/* of the content; equals the zone block's */
	uint32_t id_at;
	uint32_t name_at;		/* wire */
	uint32_t block;			/* number of its block in this snapshot */
	uint32_t zero;
};

struct snapshot_profile {
	uint32_t id_at;
	uint32_t zero;
};

struct snapshot_endpoint {
	uint32_t id_at;
	uint32_t direction;		/* enum direction */
	uint32_t network;
	uint32_t addresses_at, address_count;	/* struct snapshot_target, port 0 */
	uint32_t dns64;			/* 1: AAAA is made of A for who asks through it */
};

struct snapshot_listener {
	uint8_t ip[16];
	uint32_t port;
	uint32_t network;		/* NETWORK_NONE: by client address */
	uint32_t endpoint;		/* number; ENDPOINT_NONE: not asked as an endpoint */
	uint32_t as_at;			/* as declared */
};

/*
 * A health check; its place is its number.  Its own network reads what to do from here, the
 * engine one bit per number: whether it counts as healthy.
 */
struct snapshot_health {
	uint32_t id_at;
	uint32_t type;			/* enum health_check_type */
	uint8_t ip[16];			/* of TCP, HTTP, HTTPS */
	uint64_t request_interval_ms;
	uint32_t port;
	uint32_t failure_threshold;
	uint32_t resource_path_at, domain_name_at, state_file_at;	/* strings */
	uint32_t search_string_at;
	uint32_t inverted, disabled;		/* 0 or 1 */
	uint32_t health_threshold;	/* CALCULATED: so many children must be healthy */
	uint32_t children_at, child_count;	/* CALCULATED: uint32_t numbers */
	uint32_t zero;
};

#define HEALTH_NONE UINT32_MAX		/* no check of this snapshot */

struct root {
	struct block block;
	struct snapshot_settings settings;
	uint32_t networks_at, network_count;
	uint32_t zones_at, zone_count;		/* struct snapshot_zone, by id */
	uint32_t rules_at, rule_count;		/* struct snapshot_rule */
	uint32_t profiles_at, profile_count;	/* struct snapshot_profile, by id */
	uint32_t endpoints_at, endpoint_count;
	uint32_t listeners_at, listener_count;
	uint32_t allow_at, allow_count;		/* struct prefix_range; value 0: may ask */
	uint32_t clients_at, client_count;	/* struct prefix_range; value: network number */
	uint32_t views_at, view_count;		/* struct view, in the order of first use */
	uint32_t health_at, health_count;	/* struct snapshot_health */
	uint32_t health_slots_at;		/* pairs: tag, number + 1; see slots.h */
	uint32_t health_slot_mask;		/* slots - 1; 0 where there are no checks */
	uint32_t budgets_at, budget_count;	/* struct snapshot_budget */
	uint32_t block_count;			/* zone blocks */
	uint32_t zero;
};

/* The public part of a snapshot; made by compile or snapshot_map only. */
struct snapshot {
	const struct root *root;
	const struct zone **zones;	/* by zone number (not by block number) */
	struct digest *sources;		/* by zone number: what it was read from; 0: not known */
	struct held_block *root_held;
	struct held_block **held;	/* root->block_count zone blocks */
	uint32_t held_count;
	_Atomic uint32_t refs;
};

static inline const struct snapshot_network *
snapshot_network(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_network *)
		block_at(&snap->root->block, snap->root->networks_at) + number;
}

static inline const struct view *
snapshot_view(const struct snapshot *snap, uint32_t network)
{
	return block_at(&snap->root->block, snapshot_network(snap, network)->view_at);
}

static inline const struct snapshot_rule *
snapshot_rule(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_rule *)
		block_at(&snap->root->block, snap->root->rules_at) + number;
}

static inline const struct snapshot_target *
snapshot_targets(const struct snapshot *snap, const struct snapshot_rule *rule)
{
	return block_at(&snap->root->block, rule->targets_at);
}

static inline const struct snapshot_budget *
snapshot_budgets(const struct snapshot *snap)
{
	return block_at(&snap->root->block, snap->root->budgets_at);
}

/** The DELEGATE rules of a network, network->delegate_count numbers. */
static inline const uint32_t *
snapshot_delegates(const struct snapshot *snap, const struct snapshot_network *network)
{
	return block_at(&snap->root->block, network->delegates_at);
}

static inline const struct snapshot_zone *
snapshot_zone(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_zone *)
		block_at(&snap->root->block, snap->root->zones_at) + number;
}

static inline const struct snapshot_profile *
snapshot_profile(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_profile *)
		block_at(&snap->root->block, snap->root->profiles_at) + number;
}

static inline const struct snapshot_endpoint *
snapshot_endpoint(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_endpoint *)
		block_at(&snap->root->block, snap->root->endpoints_at) + number;
}

static inline const struct snapshot_listener *
snapshot_listener(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_listener *)
		block_at(&snap->root->block, snap->root->listeners_at) + number;
}

static inline const struct snapshot_health *
snapshot_health(const struct snapshot *snap, uint32_t number)
{
	return (const struct snapshot_health *)
		block_at(&snap->root->block, snap->root->health_at) + number;
}

static inline const char *
snapshot_string(const struct snapshot *snap, uint32_t at)
{
	return block_string(&snap->root->block, at);
}

static inline const uint8_t *
snapshot_name(const struct snapshot *snap, uint32_t at)
{
	return block_at(&snap->root->block, at);
}

/** The health check of this id, whose health_hash is known, or HEALTH_NONE. */
static inline uint32_t
snapshot_health_number(const struct snapshot *snap, const char *id, uint64_t hash)
{
	const struct root *root = snap->root;
	const uint32_t (*slots)[2] = block_at(&root->block, root->health_slots_at);

	if (!root->health_count)
		return HEALTH_NONE;
	for (uint32_t i = (uint32_t)hash & root->health_slot_mask; slots[i][1];
	     i = (i + 1) & root->health_slot_mask) {
		uint32_t number = slots[i][1] - 1;

		if (slots[i][0] == (uint32_t)(hash >> 32) &&
		    strcmp(snapshot_string(snap, snapshot_health(snap, number)->id_at), id) == 0)
			return number;
	}
	return HEALTH_NONE;
}

/** The network of this id, or NETWORK_NONE. */
uint32_t snapshot_find_network(const struct snapshot *snap, const char *id);

/** The network whose CIDR holds the address (longest prefix), or NETWORK_NONE. */
uint32_t snapshot_client_network(const struct snapshot *snap, const struct addr *client);

/** May this address ask at all (`server.allow`)? */
bool snapshot_allows(const struct snapshot *snap, const struct addr *client);

/** Does this snapshot hold a zone block made from this source? (for load/source)  A scan. */
bool snapshot_has_source(const struct snapshot *snap, struct digest source);

struct snapshot *snapshot_ref(struct snapshot *snap);
void snapshot_unref(struct snapshot *snap);	/* NULL is allowed */

/**
 * Make a snapshot of blocks (compile and snapshot_map use this).  zones: as many as
 * root->block_count, by block number; the array stays the caller's, the references to its
 * blocks and to the root are taken over in all cases.  NULL: out of memory.
 */
struct snapshot *snapshot_new(struct held_block *root, struct held_block *const *zones);

/**
 * Write the image: a temporary file beside `path`, fsync, rename, fsync of the folder.  It
 * gets the mode of the file it replaces, 0644 where there was none.
 * ERR_SYSTEM: errno says why; `path` is as it was, unless it was the folder's fsync that
 * failed: then it is the new image, which a crash may yet undo.
 */
enum status snapshot_write(const struct snapshot *snap, const char *path) must_check;

/**
 * Map an image and verify all of it.  The file must not be written to while it is mapped:
 * it is replaced, as snapshot_write does.
 * ERR_SYSTEM: cannot be read (errno; EISDIR for a folder, EINVAL for what else is no file).
 * ERR_SHORT, ERR_MALFORMED: truncated (or empty), damaged, or of another version.
 * ERR_NOMEM.  *out is set when OK only.
 */
enum status snapshot_map(const char *path, struct snapshot **out) must_check;

/** Every offset, count, number and name of a root block from a stranger. */
enum status root_verify(const struct block *block) must_check;

#endif
