#include "engine/health.h"

#include "engine/lookup.h"

static bool set_is_healthy(struct health *health, const struct zone *zone,
			   const struct zone_set *set, unsigned depth);

static bool
check_is_good(const struct health *health, const struct zone *zone, const struct zone_set *set)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);
	uint32_t number;

	if (!routing || !routing->health_hash)
		return true;
	number = snapshot_health_number(health->snap,
					block_string(&zone->block, routing->health_check_at),
					routing->health_hash);
	return number == HEALTH_NONE || health_bit(health->healthy, number);
}

/** The sets that an alias to a name of its own zone leads to, or NULL. */
static const struct zone_set_ref *
target_sets(const struct zone *zone, const struct zone_alias *alias, uint16_t type)
{
	struct suffixes suffixes;
	struct lookup found;
	struct name name;

	name_lower(block_at(&zone->block, alias->name_at), &name);
	name_suffixes(&name, &suffixes);
	found = lookup_find(zone, &name, &suffixes, type);
	return found.kind == LOOKUP_ANSWER || found.kind == LOOKUP_CNAME ? found.ref : NULL;
}

static bool
target_is_healthy(struct health *health, const struct zone *zone,
		  const struct zone_alias *alias, uint16_t type, unsigned depth)
{
	const struct zone_set_ref *refs;

	if (!alias->evaluate_target_health || !alias->same_zone || depth == HEALTH_MAX_DEPTH)
		return true;
	refs = target_sets(zone, alias, type);
	if (!refs)
		return true;
	for (unsigned i = 0; i < refs->members; i++)
		if (set_is_healthy(health, zone, zone_set_at(zone, refs[i].set_at), depth + 1))
			return true;
	return false;
}

static bool
set_is_healthy(struct health *health, const struct zone *zone, const struct zone_set *set,
	       unsigned depth)
{
	const struct zone_alias *alias = zone_set_alias(zone, set);

	if (depth && ++health->sets > HEALTH_MAX_SETS)
		return true;
	return check_is_good(health, zone, set) &&
	       (!alias || target_is_healthy(health, zone, alias, set->type, depth));
}

bool
health_of_set(struct health *health, const struct zone *zone, const struct zone_set *set)
{
	return !health->healthy || set_is_healthy(health, zone, set, 0);
}

enum health_state
health_state(const struct health *health, const struct zone *zone, const struct zone_set *set)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);
	const struct zone_alias *alias = zone_set_alias(zone, set);
	struct health fresh = { .snap = health->snap, .healthy = health->healthy };

	if (!(routing && routing->health_hash) && !(alias && alias->evaluate_target_health))
		return HEALTH_UNCHECKED;
	if (!health->healthy ||
	    (!(routing && routing->health_hash) && !alias->same_zone))
		return HEALTH_UNKNOWN;
	return health_of_set(&fresh, zone, set) ? HEALTH_GOOD : HEALTH_BAD;
}
