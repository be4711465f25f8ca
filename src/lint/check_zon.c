#include <string.h>

#include "lint/checks.h"
#include "lint/clash.h"
#include "lint/stale.h"

/*
 * ZON101, ZON102: zones of one name.  Two such zones seen by connected networks are twins;
 * twins hang together in groups, and a group is one root cause: one finding.
 */

struct twin {
	struct clash clash;
	struct twin *next;
};

/** A zone and its name, for sorting. */
struct named {
	const uint8_t *name;
	uint32_t zone;
};

static void
merge_named(struct named *zones, size_t count, struct named *room)
{
	size_t half = count / 2, i = 0, j = half;

	if (count < 2)
		return;
	merge_named(zones, half, room);
	merge_named(zones + half, count - half, room);
	for (size_t k = 0; k < count; k++) {
		bool left = j == count || (i < half && name_wire_compare(zones[i].name,
									  zones[j].name) <= 0);

		room[k] = left ? zones[i++] : zones[j++];
	}
	memcpy(zones, room, count * sizeof(*zones));
}

/** All zones by name, those of one name in the order declared. */
static struct named *
zones_by_name(struct lint *lint)
{
	size_t count = lint->estate->zone_count;
	struct named *zones = lint_alloc(lint, count, sizeof(*zones));
	struct named *room = lint_alloc(lint, count, sizeof(*room));

	if (!zones || !room)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		zones[i] = (struct named){ lint_zone_name(lint, i), i };
	merge_named(zones, count, room);
	return zones;
}

static struct twin **
find_twins(struct lint *lint, const struct side *sides, size_t count, struct twin **end)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count; j++) {
			struct twin *twin = lint_alloc(lint, 1, sizeof(*twin));

			if (!twin)
				return end;
			twin->clash.a = sides[i];
			twin->clash.b = sides[j];
			twin->clash.top = lint_zone_name(lint, sides[i].zone);
			if (stale_is(lint, sides[i].zone, sides[j].zone) ||
			    !clash_pair(lint, &twin->clash))
				continue;
			clash_compare(lint, &twin->clash);
			*end = twin;
			end = &twin->next;
		}
	}
	return end;
}

/** All pairs of same-named zones that connected networks see; computed once for both checks. */
static const struct twin *
all_twins(struct lint *lint)
{
	size_t count = lint->estate->zone_count;
	struct twin **end = &lint->twins;
	struct named *zones;

	if (lint->twins_known)
		return lint->twins;
	lint->twins_known = true;
	zones = zones_by_name(lint);
	for (size_t i = 0, n; zones && i < count; i += n) {
		struct side *sides;

		for (n = 1; i + n < count; n++)
			if (!name_wire_equal(zones[i].name, zones[i + n].name))
				break;
		if (n == 1)
			continue;
		sides = lint_alloc(lint, n, sizeof(*sides));
		for (size_t k = 0; sides && k < n; k++)
			side_find(lint, &sides[k], zones[i + k].zone, zones[i].name);
		if (sides)
			end = find_twins(lint, sides, n, end);
	}
	return lint->twins;
}

typedef bool (*twin_is_fn)(const struct twin *twin);

static bool
twin_differs(const struct twin *twin)
{
	return twin->clash.region_count > 0;
}

static bool
twin_is_copy(const struct twin *twin)
{
	return twin->clash.alike;
}

/** The zone that stands for the group: the first of it. */
static uint32_t
group_of(const uint32_t *group, uint32_t zone)
{
	while (group[zone] != zone)
		zone = group[zone];
	return zone;
}

/** group[zone]: join the zones of all twins that are so. */
static uint32_t *
join_twins(struct lint *lint, twin_is_fn is)
{
	size_t count = lint->estate->zone_count;
	const struct twin *twins = all_twins(lint);
	uint32_t *group = lint_alloc(lint, count, sizeof(*group));

	for (uint32_t i = 0; group && i < count; i++)
		group[i] = i;
	for (const struct twin *t = twins; group && t; t = t->next) {
		uint32_t a, b;

		if (!is(t))
			continue;
		a = group_of(group, t->clash.a.zone);
		b = group_of(group, t->clash.b.zone);
		group[a < b ? b : a] = a < b ? a : b;
	}
	return group;
}

/* One group of twins on its way to a finding. */
struct twin_group {
	const uint32_t *group;
	uint32_t first;			/* zone */
	twin_is_fn is;
	const struct twin *first_twin;
	size_t zone_count, pair_count, name_count;
	struct clash_region *regions, **regions_end;
	bool ttls_differ;
};

static const struct twin *
next_in_group(const struct twin_group *g, const struct twin *twin)
{
	while (twin && !(g->is(twin) && group_of(g->group, twin->clash.a.zone) == g->first))
		twin = twin->next;
	return twin;
}

#define EACH_TWIN(g, t) \
	t = next_in_group(g, (g)->first_twin); t; t = next_in_group(g, t->next)

/** Take up a region unless the group has one of its kind and name. */
static void
gather_region(struct lint *lint, struct twin_group *g, struct table *seen,
	      const struct clash_region *region)
{
	size_t len = name_wire_len(region->region.name);
	uint8_t *key = lint_alloc(lint, len + 1, 1);
	struct clash_region *copy = lint_alloc(lint, 1, sizeof(*copy));

	if (!key || !copy)
		return;
	key[0] = (uint8_t)region->region.kind;
	memcpy(key + 1, region->region.name, len);
	if (table_find(seen, key, len + 1))
		return;
	if (table_put(seen, key, len + 1, key) != OK)
		lint->nomem = true;
	*copy = *region;
	copy->next = NULL;
	*g->regions_end = copy;
	g->regions_end = &copy->next;
	g->name_count++;
}

/** Names that differ in several twins of the group count once. */
static void
gather_regions(struct lint *lint, struct twin_group *g)
{
	const struct twin *t;
	struct table seen;

	table_init(&seen, &lint->arena);
	g->regions_end = &g->regions;
	for (EACH_TWIN(g, t))
		for (const struct clash_region *r = t->clash.regions; r; r = r->next)
			gather_region(lint, g, &seen, r);
}

static void
measure_group(struct lint *lint, struct twin_group *g)
{
	const struct twin *t;

	for (uint32_t i = 0; i < lint->estate->zone_count; i++)
		g->zone_count += group_of(g->group, i) == g->first;
	for (EACH_TWIN(g, t)) {
		g->pair_count += g->is == twin_differs ? t->clash.affected_count
						       : t->clash.pair_count;
		g->ttls_differ |= t->clash.ttls_differ;
	}
	gather_regions(lint, g);
}

/** "zones "A" and "B"", "3 zones": who is in the group. */
static const char *
group_text(struct lint *lint, const struct twin_group *g)
{
	const struct clash *clash = &g->first_twin->clash;

	if (g->zone_count > 2)
		return lint_printf(lint, "%zu zones have this name", g->zone_count);
	return lint_printf(lint, "zones \"%s\" and \"%s\" have this name",
			   lint->zones[clash->a.zone]->id, lint->zones[clash->b.zone]->id);
}

/** Every zone of the group, with who reads it. */
static void
add_group_zones(struct lint *lint, struct finding *finding, const struct twin_group *g)
{
	for (uint32_t i = 0; finding && i < lint->estate->zone_count; i++) {
		const char *text = "of this name";
		struct side side;

		if (group_of(g->group, i) != g->first)
			continue;
		side_find(lint, &side, i, lint_zone_name(lint, i));
		if (side.count)
			text = lint_printf(lint, "read by %s",
					   lint_networks_text(lint, side.networks, side.count));
		lint_add_zone(lint, finding, i, text);
	}
}

static void
add_group_pairs(struct lint *lint, struct finding *finding, const struct twin_group *g)
{
	uint8_t *concerned = lint_alloc(lint, lint->estate->network_count, 1);
	size_t room = LINT_SHOWN;
	const struct twin *t;

	if (!concerned)
		return;
	for (EACH_TWIN(g, t)) {
		clash_add_pairs(lint, finding, &t->clash, &room);
		clash_mark_networks(&t->clash, concerned);
	}
	clash_add_networks(lint, finding, concerned);
	clash_add_names(lint, finding, g->regions);
}

static void
report_differ(struct lint *lint, const struct lint_check *check, const struct twin_group *g)
{
	char name[NAME_TEXT_MAX];
	struct witness witness;
	struct finding *finding;

	clash_witness(lint, &g->first_twin->clash, &witness);
	if (!witness_holds(lint, check, &witness))
		return;
	finding = lint_open(lint, check, check->severity, lint->zones[g->first]->name_at,
			    "%s in %s different answers in %s: %s",
			    lint_count(lint, g->name_count, "name", "names"),
			    lint_printf(lint, "%s %s",
					name_print(lint_zone_name(lint, g->first), name),
					g->name_count == 1 ? "has" : "have"),
			    lint_pairs(lint, g->pair_count), group_text(lint, g));
	add_group_zones(lint, finding, g);
	add_group_pairs(lint, finding, g);
	witness_add(lint, finding, &witness, NULL);
	lint_add_help(lint, finding, "merge them into one zone and associate it with all these "
		      "networks, or rename one");
}

static void
report_identical(struct lint *lint, const struct lint_check *check, const struct twin_group *g)
{
	const struct zone *zone = lint->snap->zones[g->first];
	char name[NAME_TEXT_MAX];
	struct finding *finding;

	finding = lint_open(lint, check, check->severity, lint->zones[g->first]->name_at,
			    "%s is kept in copies (%s, equal%s), seen by %s: %s",
			    name_print(lint_zone_name(lint, g->first), name),
			    lint_count(lint, zone->record_count, "record", "records"),
			    g->ttls_differ ? " but for TTLs" : "",
			    lint_pairs(lint, g->pair_count), group_text(lint, g));
	add_group_zones(lint, finding, g);
	add_group_pairs(lint, finding, g);
	lint_add_help(lint, finding, "associate one zone with all these networks and delete the "
		      "rest");
}

static void
check_twins(struct lint *lint, const struct lint_check *check, twin_is_fn is,
	    void (*report)(struct lint *, const struct lint_check *, const struct twin_group *))
{
	const uint32_t *group = join_twins(lint, is);
	uint8_t *done = lint_alloc(lint, lint->estate->zone_count, 1);

	if (!group || !done)
		return;
	for (const struct twin *t = lint->twins; t; t = t->next) {
		struct twin_group g = {
			.group = group, .is = is, .first_twin = t,
			.first = group_of(group, t->clash.a.zone),
		};

		if (!is(t) || done[g.first])
			continue;
		done[g.first] = 1;
		measure_group(lint, &g);
		report(lint, check, &g);
	}
}

void
check_same_name_zones_differ(struct lint *lint, const struct lint_check *check)
{
	check_twins(lint, check, twin_differs, report_differ);
}

void
check_same_name_zones_identical(struct lint *lint, const struct lint_check *check)
{
	check_twins(lint, check, twin_is_copy, report_identical);
}
