#include "engine/pick.h"

#include "estate/record.h"

/* A group of sets under one policy. */
struct group {
	const struct zone *zone;
	const struct zone_set_ref *refs;
	unsigned count;
};

static const struct zone_set *
member(const struct group *group, unsigned number)
{
	return zone_set_at(group->zone, group->refs[number].set_at);
}

/** Even over all members; the first without a random source. */
static unsigned
any(const struct group *group, const struct chooser *by)
{
	return by->random ? random_below(by->random, group->count) : 0;
}

/** Weight 0 is never chosen unless all weights are (4.4.5). */
static unsigned
by_weight(const struct group *group, const struct chooser *by)
{
	uint32_t sum = 0, heaviest = 0, drawn;
	unsigned at = 0;

	for (unsigned i = 0; i < group->count; i++) {
		uint16_t weight = member(group, i)->weight;

		sum += weight;
		if (weight > heaviest) {
			heaviest = weight;
			at = i;
		}
	}
	if (!sum)
		return any(group, by);
	if (!by->random)
		return at;

	drawn = random_below(by->random, sum);
	for (at = 0; drawn >= member(group, at)->weight; at++)
		drawn -= member(group, at)->weight;
	return at;
}

static unsigned
by_failover(const struct group *group)
{
	for (unsigned i = 0; i < group->count; i++)
		if (member(group, i)->failover == FAILOVER_PRIMARY)
			return i;
	return 0;
}

/**
 * The member of the network's Region; else the geolocation default ("*", 4.4.10); else the
 * first, which is the same at every call as compile keeps an order.
 */
static unsigned
by_place(const struct group *group, const struct chooser *by)
{
	const struct block *block = &group->zone->block;
	unsigned otherwise = 0;

	for (unsigned i = group->count; i--;) {
		const struct zone_routing *routing = zone_set_routing(group->zone,
								      member(group, i));

		if (!routing)
			continue;
		if (*by->region && strcmp(block_string(block, routing->region_at),
					  by->region) == 0)
			return i;
		if (strcmp(block_string(block, routing->country_at), "*") == 0)
			otherwise = i;
	}
	return otherwise;
}

/** Up to eight members, from a random one on, around the end (4.4.4). */
static unsigned
take_several(const struct group *group, const struct chooser *by,
	     const struct zone_set *out[PICK_MAX])
{
	unsigned count = group->count < PICK_MAX ? group->count : PICK_MAX;
	unsigned from = any(group, by);

	for (unsigned i = 0; i < count; i++)
		out[i] = member(group, (from + i) % group->count);
	return count;
}

unsigned
pick_sets(const struct zone *zone, const struct zone_set_ref *ref, const struct chooser *by,
	  const struct zone_set *out[PICK_MAX])
{
	struct group group = { zone, ref, ref->members };
	unsigned at = 0;

	switch ((enum routing_policy)member(&group, 0)->policy) {
	case POLICY_SIMPLE:
		break;
	case POLICY_MULTIVALUE:
		return take_several(&group, by, out);
	case POLICY_WEIGHTED:
		at = by_weight(&group, by);
		break;
	case POLICY_FAILOVER:
		at = by_failover(&group);
		break;
	case POLICY_LATENCY:
	case POLICY_GEOLOCATION:
	case POLICY_GEOPROXIMITY:
		at = by_place(&group, by);
		break;
	}
	out[0] = member(&group, at);
	return 1;
}
