#include "engine/pick.h"

#include "estate/record.h"

#define GROUP_MAX_WORDS (UINT16_MAX / 64 + 1)

/* A group of sets under one policy. */
struct group {
	const struct zone *zone;
	const struct zone_set_ref *refs;
	unsigned count;
	const uint64_t *healthy;	/* a bit per member; NULL: all */
};

static const struct zone_set *
member(const struct group *group, unsigned number)
{
	return zone_set_at(group->zone, group->refs[number].set_at);
}

static bool
is_healthy(const struct group *group, unsigned number)
{
	return !group->healthy || group->healthy[number / 64] >> number % 64 & 1;
}

/**
 * Ask for each member's health once: it may change meanwhile, and a choice must not.
 * Returns how many are healthy.
 */
static unsigned
note_health(const struct group *group, const struct chooser *by, uint64_t *bits)
{
	struct health health = { .snap = by->snap, .healthy = by->healthy };
	unsigned healthy = 0;

	memset(bits, 0, health_words(group->count) * sizeof(*bits));
	for (unsigned i = 0; i < group->count; i++)
		if (health_of_set(&health, group->zone, member(group, i))) {
			bits[i / 64] |= 1ull << i % 64;
			healthy++;
		}
	return healthy;
}

static unsigned
count_healthy(const struct group *group)
{
	unsigned count = 0;

	for (unsigned i = 0; i < group->count; i++)
		count += is_healthy(group, i);
	return count;
}

/** Even over the healthy members; the first of them without a random source. */
static unsigned
any(const struct group *group, const struct chooser *by)
{
	unsigned skip = by->random ? random_below(by->random, count_healthy(group)) : 0, i = 0;

	while (!is_healthy(group, i) || skip--)
		i++;
	return i;
}

static uint32_t
weight_of(const struct group *group, unsigned number)
{
	return is_healthy(group, number) ? member(group, number)->weight : 0;
}

/** Weight 0 is never chosen unless all healthy ones have it (4.4.5). */
static unsigned
by_weight(const struct group *group, const struct chooser *by)
{
	uint32_t sum = 0, heaviest = 0, drawn;
	unsigned at = 0;

	for (unsigned i = 0; i < group->count; i++) {
		uint32_t weight = weight_of(group, i);

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
	for (at = 0; drawn >= weight_of(group, at); at++)
		drawn -= weight_of(group, at);
	return at;
}

/** The healthy primary, else the healthy secondary (4.4.6). */
static unsigned
by_failover(const struct group *group)
{
	unsigned at = group->count;

	for (unsigned i = group->count; i--;)
		if (is_healthy(group, i) &&
		    (at == group->count || member(group, i)->failover == FAILOVER_PRIMARY))
			at = i;
	return at;
}

/** The nearest healthy member, of equally near ones the first. */
static unsigned
by_distance(const struct group *group, const struct chooser *by)
{
	unsigned at = group->count;
	double least = 0;

	for (unsigned i = 0; i < group->count && (at == group->count || least > 0); i++) {
		double distance;

		if (!is_healthy(group, i))
			continue;
		distance = pick_distance_km(group->zone, member(group, i), by->region);
		if (at == group->count || distance < least) {
			least = distance;
			at = i;
		}
	}
	return at;
}

/**
 * The healthy member with the smallest area around the network; where none of them is
 * healthy, the one with the smallest area.  false: no area holds the network.
 */
static bool
by_area(const struct group *group, const struct chooser *by, unsigned *at)
{
	enum pick_area best = AREA_ELSEWHERE, best_healthy = AREA_ELSEWHERE;

	for (unsigned i = 0; i < group->count; i++) {
		enum pick_area area = pick_area(group->zone, member(group, i), by->region);

		if (is_healthy(group, i) && area > best_healthy) {
			best_healthy = area;
			*at = i;
		}
		if (area > best) {
			best = area;
			if (best_healthy == AREA_ELSEWHERE)
				*at = i;
		}
	}
	return best != AREA_ELSEWHERE;
}

static void
shuffle(struct random *random, const struct zone_set **sets, unsigned count)
{
	for (; count > 1; count--) {
		unsigned i = random_below(random, count);
		const struct zone_set *last = sets[count - 1];

		sets[count - 1] = sets[i];
		sets[i] = last;
	}
}

/**
 * Up to eight healthy members (4.4.4): each selection of them and each order is equally
 * likely (Knuth 3.4.2, algorithm S); without a random source the first eight.
 */
static unsigned
take_several(const struct group *group, const struct chooser *by,
	     const struct zone_set *out[PICK_MAX])
{
	unsigned left = count_healthy(group), count = 0;

	for (unsigned i = 0; count < PICK_MAX && left; i++) {
		if (!is_healthy(group, i))
			continue;
		if (!by->random || random_below(by->random, left) < PICK_MAX - count)
			out[count++] = member(group, i);
		left--;
	}
	if (by->random)
		shuffle(by->random, out, count);
	return count;
}

static unsigned
choose(const struct group *group, const struct chooser *by,
       const struct zone_set *out[PICK_MAX])
{
	unsigned at = 0;

	switch ((enum routing_policy)member(group, 0)->policy) {
	case POLICY_SIMPLE:
		break;
	case POLICY_MULTIVALUE:
		return take_several(group, by, out);
	case POLICY_WEIGHTED:
		at = by_weight(group, by);
		break;
	case POLICY_FAILOVER:
		at = by_failover(group);
		break;
	case POLICY_GEOLOCATION:
		if (!by_area(group, by, &at))
			return 0;
		break;
	case POLICY_LATENCY:
	case POLICY_GEOPROXIMITY:
		at = by_distance(group, by);
		break;
	}
	out[0] = member(group, at);
	return 1;
}

unsigned
pick_sets(const struct zone *zone, const struct zone_set_ref *ref, const struct chooser *by,
	  const struct zone_set *out[PICK_MAX])
{
	struct group group = { zone, ref, ref->members, NULL };
	uint64_t bits[GROUP_MAX_WORDS];		/* large: only what is needed is set */

	if (by->healthy && note_health(&group, by, bits))
		group.healthy = bits;
	return choose(&group, by, out);
}
