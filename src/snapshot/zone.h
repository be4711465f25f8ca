/*
 * zone - a zone block: nodes, record sets with ready wire data, cuts, wildcards
 *
 *   struct zone -> slots: [tag|node][tag|node]...      one open-addressing table
 *               -> order: nodes in canonical order     (for walks: lint, diff, print)
 *               -> node: labels flags sets | refs | name | first set | ...
 *
 * Every ancestor of an existing name inside the zone is a node: empty non-terminals are
 * real (RFC 8020).  A node, its references and its sets stand together, so the common
 * lookup touches one slot and one or two cache lines.  Nodes lie in canonical order, and
 * the table is what filling it in that order gives: one content has one form.
 * All accessors trust the block: it was made by compile or passed block_verify.
 */
#ifndef SNAPSHOT_ZONE_H
#define SNAPSHOT_ZONE_H

#include <string.h>

#include "dns/codes.h"
#include "dns/name.h"
#include "dns/rrset.h"
#include "snapshot/block.h"

struct zone {
	struct block block;
	uint32_t name_at;		/* apex, wire */
	uint32_t slots_at;
	uint32_t slot_mask;		/* slots - 1; a power of two, at most half full */
	uint32_t node_count;
	uint32_t order_at;		/* uint32_t node offsets, canonical order (RFC 4034 6.1) */
	uint32_t apex_at;		/* node */
	uint32_t soa_at;		/* set: the zone's own or the default SOA */
	uint32_t negative_ttl_s;	/* smaller of SOA TTL and minimum (RFC 2308 5) */
	uint32_t record_count;		/* the SOA and NS of the apex not counted */
	uint8_t labels;			/* of the apex */
	uint8_t zero[11];		/* keeps the layout free of padding */
};

struct zone_slot {
	uint32_t tag;			/* upper half of the name's hash */
	uint32_t node_at;		/* 0: free */
};

enum zone_node_flag {
	NODE_WILDCARD_CHILD = 1,	/* "*" stands directly below */
	NODE_CUT = 2,			/* NS below the apex: delegated from here down */
	NODE_OCCLUDED = 4,		/* below a cut or a DNAME */
	NODE_CNAME = 8,			/* has a CNAME (then no other data) */
	NODE_DNAME = 16,
	NODE_EMPTY = 32,		/* empty non-terminal: no sets */
};

/*
 * Followed by set_count references, sorted by type, then the name.  Each set has a
 * reference of its own: those of a policy group stand side by side in the order of their
 * set identifiers, the first saying how many they are.
 */
struct zone_node {
	uint8_t labels;
	uint8_t flags;
	uint16_t set_count;
	uint32_t hash_low;		/* lower half of the name's hash */
};

struct zone_set_ref {
	uint16_t type;
	uint16_t members;		/* sets from here on with this type: 1, or a policy group;
					   0 in the group's further references */
	uint32_t set_at;
};

/*
 * Followed by name_count offsets (uint16_t), then, 8-aligned, the wire data.
 * An alias has neither, its ttl_s is 0: the target's counts.
 */
struct zone_set {
	uint16_t type;
	uint16_t count;			/* records; 0: an alias */
	uint32_t ttl_s;
	uint16_t wire_len;
	uint16_t name_count;
	uint8_t policy;			/* enum routing_policy */
	uint8_t failover;		/* enum failover_role */
	uint16_t weight;
	uint32_t routing_at;		/* struct zone_routing; 0 for plain sets */
	uint32_t alias_at;		/* struct zone_alias; 0 */
};

struct zone_routing {
	uint32_t set_identifier_at, health_check_at, region_at;		/* strings */
	uint32_t continent_at, country_at, subdivision_at;
	int32_t bias;
	uint32_t has_coordinates;
	double latitude, longitude;
	uint64_t health_hash;		/* of health_check; 0 where there is none */
};

/**
 * By which a snapshot finds a health check by its id (snapshot_health_number).  Zone blocks
 * are shared by snapshots that number their checks differently, so they keep the id.
 */
uint64_t health_hash(const char *id);	/* "": 0 */

struct zone_alias {
	uint32_t name_at;		/* wire */
	uint32_t hosted_zone_at;	/* string */
	uint32_t evaluate_target_health;
	uint32_t same_zone;		/* the target is a name of this zone, existing or not */
};

static inline const uint8_t *
zone_name(const struct zone *zone)
{
	return block_at(&zone->block, zone->name_at);
}

static inline const struct zone_set_ref *
zone_node_refs(const struct zone_node *node)
{
	return (const struct zone_set_ref *)(node + 1);
}

static inline const uint8_t *
zone_node_name(const struct zone_node *node)
{
	return (const uint8_t *)(zone_node_refs(node) + node->set_count);
}

static inline const struct zone_node *
zone_node_at(const struct zone *zone, uint32_t at)
{
	return block_at(&zone->block, at);
}

static inline const struct zone_set *
zone_set_at(const struct zone *zone, uint32_t at)
{
	return block_at(&zone->block, at);
}

/** Node number i in canonical order. */
static inline const struct zone_node *
zone_node_number(const struct zone *zone, uint32_t i)
{
	const uint32_t *order = block_at(&zone->block, zone->order_at);

	return zone_node_at(zone, order[i]);
}

/** The node of a wire name of `len` octets whose hash is known, or NULL. */
static inline const struct zone_node *
zone_find(const struct zone *zone, const uint8_t *name, size_t len, uint64_t hash)
{
	const struct zone_slot *slots = block_at(&zone->block, zone->slots_at);
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint32_t i = (uint32_t)hash & zone->slot_mask; slots[i].node_at;
	     i = (i + 1) & zone->slot_mask) {
		const struct zone_node *node;

		if (slots[i].tag != tag)
			continue;
		node = zone_node_at(zone, slots[i].node_at);
		if (memcmp(zone_node_name(node), name, len) == 0)
			return node;
	}
	return NULL;
}

/** The reference for a type at a node (the first member of a policy group), or NULL. */
static inline const struct zone_set_ref *
zone_node_set(const struct zone_node *node, uint16_t type)
{
	const struct zone_set_ref *refs = zone_node_refs(node);

	for (unsigned i = 0; i < node->set_count && refs[i].type <= type; i++)
		if (refs[i].type == type)
			return &refs[i];
	return NULL;
}

/** The set as a reference with this owner (NULL: the question's name). */
static inline struct rrset
zone_rrset(const struct zone_set *set, const uint8_t *owner)
{
	const uint16_t *names = (const uint16_t *)(set + 1);
	size_t octets = ((size_t)set->name_count * sizeof(*names) + 7) & ~(size_t)7;

	return (struct rrset){
		.owner = owner,
		.type = set->type,
		.count = set->count,
		.ttl_s = set->ttl_s,
		.wire_len = set->wire_len,
		.name_count = set->name_count,
		.names = names,
		.wire = (const uint8_t *)(set + 1) + octets,
	};
}

/** How long a negative answer lasts: the smaller of the SOA's TTL and minimum (RFC 2308 5). */
static inline uint32_t
zone_soa_negative_ttl(const struct zone_set *soa)
{
	struct rrset set = zone_rrset(soa, NULL);
	uint32_t minimum_s;

	if (set.wire_len < RRSET_FIXED_OCTETS + sizeof(minimum_s))
		return 0;
	minimum_s = load_u32(set.wire + set.wire_len - sizeof(minimum_s));
	return minimum_s < set.ttl_s ? minimum_s : set.ttl_s;
}

static inline const struct zone_routing *
zone_set_routing(const struct zone *zone, const struct zone_set *set)
{
	return set->routing_at ? block_at(&zone->block, set->routing_at) : NULL;
}

/**
 * What a node's types and its parent's flags say of it; NODE_WILDCARD_CHILD comes from the
 * children.  compile and zone_verify both ask this, so a flag means one thing.
 */
static inline uint8_t
zone_flags_of(const struct zone_set_ref *refs, unsigned count, bool apex, uint8_t parent)
{
	unsigned flags = count ? 0 : NODE_EMPTY;

	if (!apex && parent & (NODE_CUT | NODE_DNAME | NODE_OCCLUDED))
		flags |= NODE_OCCLUDED;
	for (unsigned i = 0; i < count; i++) {
		if (refs[i].type == TYPE_CNAME)
			flags |= NODE_CNAME;
		if (refs[i].type == TYPE_DNAME)
			flags |= NODE_DNAME;
		if (refs[i].type == TYPE_NS && !apex)
			flags |= NODE_CUT;
	}
	return (uint8_t)flags;
}

static inline const struct zone_alias *
zone_set_alias(const struct zone *zone, const struct zone_set *set)
{
	return set->alias_at ? block_at(&zone->block, set->alias_at) : NULL;
}

/** Every offset, count, order and name of a zone block from a stranger. */
enum status zone_verify(const struct block *block) must_check;

#endif
