#include "snapshot/zone.h"

#include <stdlib.h>

#include "dns/rdata.h"
#include "estate/record.h"
#include "snapshot/slots.h"
#include "snapshot/verify.h"

/* A node whose descendants are being read. */
struct open_node {
	const struct zone_node *node;
	const uint8_t *name;
	uint64_t hash;
	uint8_t flags;			/* as they should be, children so far included */
};

struct walk {
	const struct zone *zone;
	const struct block *block;
	const uint32_t *order;
	uint32_t (*slots)[2];		/* what the table should be */
	uint64_t records;		/* seen */
	uint64_t end;			/* units up to here belong to what was read: parts that
					   overlapped would make the reading quadratic */
	unsigned depth;
	struct open_node open[NAME_MAX_LABELS + 1];	/* by depth below the apex */
};

/* One record of a set; its names must be those that the set lists next. */
static bool
record_is_sound(const struct zone_set *set, const uint8_t *record, size_t left,
		const uint16_t *listed, size_t data_at, uint16_t *names_seen)
{
	struct rdata_names found;
	uint16_t len;

	if (left < RRSET_FIXED_OCTETS)
		return false;
	len = load_u16(record + RRSET_FIXED_OCTETS - 2);
	if (left - RRSET_FIXED_OCTETS < len || load_u16(record) != 0xc00c ||
	    load_u16(record + 2) != set->type || load_u16(record + 4) != CLASS_IN ||
	    load_u32(record + 6) != set->ttl_s ||
	    rdata_check(set->type, record + RRSET_FIXED_OCTETS, len, &found) != OK)
		return false;
	for (unsigned i = 0; i < found.count; i++, ++*names_seen)
		if (*names_seen >= set->name_count ||
		    listed[*names_seen] != data_at + found.at[i])
			return false;
	return true;
}

/* Exactly `count` records fill the wire data, and hold exactly the names listed. */
static bool
records_are_sound(const struct zone_set *set)
{
	struct rrset rrset = zone_rrset(set, NULL);
	uint16_t names = 0;
	size_t at = 0;

	for (unsigned i = 0; i < set->count; i++) {
		if (!record_is_sound(set, rrset.wire + at, set->wire_len - at, rrset.names,
				     at + RRSET_FIXED_OCTETS, &names))
			return false;
		at += RRSET_FIXED_OCTETS + load_u16(rrset.wire + at + RRSET_FIXED_OCTETS - 2);
	}
	return at == set->wire_len && names == set->name_count;
}

static bool
is_finite(double value)
{
	return value - value == 0;	/* neither infinite nor NaN */
}

static bool
routing_is_sound(const struct block *block, uint32_t at)
{
	const struct zone_routing *routing = block_at(block, at);

	return verify_array(block, at, 1, sizeof(*routing)) &&
	       verify_string(block, routing->set_identifier_at) &&
	       verify_string(block, routing->health_check_at) &&
	       routing->health_hash ==
		       health_hash(block_string(block, routing->health_check_at)) &&
	       verify_string(block, routing->region_at) &&
	       verify_string(block, routing->continent_at) &&
	       verify_string(block, routing->country_at) &&
	       verify_string(block, routing->subdivision_at) &&
	       routing->bias == (int16_t)routing->bias && routing->has_coordinates <= 1 &&
	       is_finite(routing->latitude) && is_finite(routing->longitude);
}

static bool
alias_is_sound(const struct zone *zone, uint32_t at)
{
	const struct zone_alias *alias = block_at(&zone->block, at);

	return verify_array(&zone->block, at, 1, sizeof(*alias)) &&
	       verify_name(&zone->block, alias->name_at) &&
	       verify_string(&zone->block, alias->hosted_zone_at) &&
	       alias->evaluate_target_health <= 1 && alias->same_zone <= 1 &&
	       (!alias->same_zone ||
		name_wire_covers(zone_name(zone), block_at(&zone->block, alias->name_at)));
}

/* `octets` at `at`, which is behind all that was read before. */
static bool
take(struct walk *walk, uint32_t at, uint64_t octets)
{
	if (at < walk->end || !verify_array(walk->block, at, 1, octets))
		return false;
	walk->end = at + (octets + BLOCK_UNIT - 1) / BLOCK_UNIT;
	return true;
}

static bool
set_is_sound(struct walk *walk, uint32_t at, uint16_t type)
{
	const struct zone *zone = walk->zone;
	const struct zone_set *set = zone_set_at(zone, at);
	uint64_t octets;

	if (!verify_array(walk->block, at, 1, sizeof(*set)))
		return false;
	octets = sizeof(*set) + ((set->name_count * sizeof(uint16_t) + 7) & ~(size_t)7) +
		 set->wire_len;
	if (!take(walk, at, octets) || set->type != type ||
	    set->policy > POLICY_GEOPROXIMITY || set->failover > FAILOVER_SECONDARY ||
	    (set->policy != POLICY_SIMPLE && !set->routing_at))
		return false;
	if (set->routing_at && !routing_is_sound(&zone->block, set->routing_at))
		return false;
	if (!set->alias_at)
		return set->count && records_are_sound(set);
	return alias_is_sound(zone, set->alias_at) && !set->count && !set->wire_len &&
	       !set->name_count && !set->ttl_s;
}

/* Rising types; a policy group's first reference says how many follow, the others 0. */
static bool
refs_are_sound(struct walk *walk, const struct zone_node *node)
{
	const struct zone_set_ref *refs = zone_node_refs(node);
	unsigned due = 0;		/* further members of the present group */

	for (unsigned i = 0; i < node->set_count; i++) {
		const struct zone_set *set;

		if (!set_is_sound(walk, refs[i].set_at, refs[i].type))
			return false;
		set = zone_set_at(walk->zone, refs[i].set_at);
		walk->records += set->alias_at ? 1 : set->count;
		if (due) {
			due--;
			if (refs[i].members || refs[i].type != refs[i - 1].type ||
			    set->policy != zone_set_at(walk->zone, refs[i - 1].set_at)->policy)
				return false;
			continue;
		}
		if (!refs[i].members || (i && refs[i].type <= refs[i - 1].type) ||
		    (set->policy == POLICY_SIMPLE && refs[i].members != 1))
			return false;
		due = refs[i].members - 1u;
	}
	return due == 0;
}

/* All of a node but what depends on its children. */
static bool
node_is_sound(struct walk *walk, uint32_t at)
{
	const struct zone_node *node = zone_node_at(walk->zone, at);
	uint64_t refs_octets;
	size_t len;

	if (!verify_array(walk->block, at, 1, sizeof(*node)))
		return false;
	refs_octets = (uint64_t)node->set_count * sizeof(struct zone_set_ref);
	if (!verify_array(walk->block, at, 1, sizeof(*node) + refs_octets))
		return false;
	len = verify_name_octet(walk->block, (uint64_t)at * BLOCK_UNIT + sizeof(*node) +
				refs_octets);
	return len && take(walk, at, sizeof(*node) + refs_octets + len) &&
	       name_wire_labels(zone_node_name(node)) == node->labels &&
	       node->labels >= walk->zone->labels && refs_are_sound(walk, node);
}

/* The nodes at and below `depth` have all their children: their flags must be right now. */
static bool
close_nodes(struct walk *walk, unsigned depth)
{
	for (; walk->depth > depth; walk->depth--) {
		const struct open_node *open = &walk->open[walk->depth - 1];

		if (open->flags != open->node->flags)
			return false;
	}
	return true;
}

/* Is the node the one that comes next below its parent, which is open? */
static bool
node_follows(struct walk *walk, const struct zone_node *node, unsigned depth)
{
	const uint8_t *name = zone_node_name(node);
	const struct open_node *before = &walk->open[depth];

	if (depth > walk->depth)	/* its parent is missing */
		return false;
	if (depth == 0)			/* the apex comes once, and first */
		return walk->depth == 0 && name_wire_equal(name, zone_name(walk->zone));
	return name_wire_equal(name_wire_parent(name), walk->open[depth - 1].name) &&
	       (depth == walk->depth || name_wire_compare(before->name, name) < 0);
}

static bool
open_node(struct walk *walk, uint32_t at)
{
	const struct zone_node *node = zone_node_at(walk->zone, at);
	unsigned depth = (unsigned)node->labels - walk->zone->labels;
	struct open_node *own = &walk->open[depth];
	const uint8_t *name = zone_node_name(node);
	uint8_t above = depth ? own[-1].flags : 0;

	if (!node_follows(walk, node, depth) || !close_nodes(walk, depth))
		return false;
	*own = (struct open_node){
		.node = node,
		.name = name,
		.hash = depth ? name_hash_label(own[-1].hash, name + 1, *name) :
				name_hash(name),
		.flags = zone_flags_of(zone_node_refs(node), node->set_count, depth == 0,
				       above),
	};
	if (depth && name_wire_is_wildcard(name))
		own[-1].flags |= NODE_WILDCARD_CHILD;
	walk->depth = depth + 1;
	slots_insert(walk->slots, walk->zone->slot_mask, own->hash, at);
	return node->hash_low == (uint32_t)own->hash;
}

static bool
nodes_are_sound(struct walk *walk)
{
	for (uint32_t i = 0; i < walk->zone->node_count; i++)
		if (!node_is_sound(walk, walk->order[i]) || !open_node(walk, walk->order[i]))
			return false;
	return close_nodes(walk, 0);
}

/* What the head says of the apex and its SOA. */
static bool
head_is_sound(const struct walk *walk)
{
	const struct zone *zone = walk->zone;
	const struct zone_set_ref *soa;

	if (zone->apex_at != walk->order[0] || zone->record_count > walk->records)
		return false;
	soa = zone_node_set(zone_node_at(zone, zone->apex_at), TYPE_SOA);
	return soa && soa->set_at == zone->soa_at && soa->members == 1 &&
	       zone_set_at(zone, zone->soa_at)->count == 1 &&
	       zone->negative_ttl_s == zone_soa_negative_ttl(zone_set_at(zone, zone->soa_at));
}

static bool
tables_fit(const struct zone *zone)
{
	static const uint8_t zero[sizeof(zone->zero)];
	uint64_t slot_count = (uint64_t)zone->slot_mask + 1;

	return memcmp(zone->zero, zero, sizeof(zero)) == 0 && zone->node_count &&
	       slot_count == slots_for(zone->node_count) &&
	       verify_array(&zone->block, zone->slots_at, slot_count,
			    sizeof(struct zone_slot)) &&
	       verify_array(&zone->block, zone->order_at, zone->node_count,
			    sizeof(uint32_t)) &&
	       verify_name(&zone->block, zone->name_at) &&
	       name_wire_labels(zone_name(zone)) == zone->labels;
}

enum status
zone_verify(const struct block *block)
{
	const struct zone *zone = (const struct zone *)block;
	struct walk walk = { .zone = zone, .block = block };
	size_t slots_octets;
	bool sound;

	if (block->size < sizeof(*zone) + BLOCK_TAIL_OCTETS || !tables_fit(zone))
		return ERR_MALFORMED;
	slots_octets = ((size_t)zone->slot_mask + 1) * sizeof(struct zone_slot);
	walk.order = block_at(block, zone->order_at);
	walk.slots = calloc(1, slots_octets);
	if (!walk.slots)
		return ERR_NOMEM;
	sound = nodes_are_sound(&walk) && head_is_sound(&walk) &&
		memcmp(walk.slots, block_at(block, zone->slots_at), slots_octets) == 0;
	free(walk.slots);
	return sound ? OK : ERR_MALFORMED;
}
