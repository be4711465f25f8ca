#include "engine/pick.h"

#include <math.h>

#include "engine/regions.h"

/** Where a latency or geoproximity set is; false: not known. */
static bool
place_of(const struct zone *zone, const struct zone_routing *routing, struct position *at)
{
	const struct region *region;

	if (routing->has_coordinates) {
		*at = (struct position){ routing->latitude, routing->longitude };
		return true;
	}
	region = region_find(block_string(&zone->block, routing->region_at));
	if (region)
		*at = region->at;
	return region;
}

double
pick_distance_km(const struct zone *zone, const struct zone_set *set, const char *region)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);
	const struct region *from = region_find(region);
	struct position to;

	if (!routing)
		return INFINITY;
	if (!routing->has_coordinates && *region &&
	    strcmp(block_string(&zone->block, routing->region_at), region) == 0)
		return 0;
	if (!from || !place_of(zone, routing, &to))
		return INFINITY;
	return position_distance_km(from->at, to) * (1 - routing->bias / 100.0);
}

enum pick_area
pick_area(const struct zone *zone, const struct zone_set *set, const char *region)
{
	const struct zone_routing *routing = zone_set_routing(zone, set);
	const struct region *at = region_find(region);
	const char *continent, *country, *subdivision;

	if (!routing)
		return AREA_ELSEWHERE;
	continent = block_string(&zone->block, routing->continent_at);
	country = block_string(&zone->block, routing->country_at);
	subdivision = block_string(&zone->block, routing->subdivision_at);
	if (strcmp(country, "*") == 0)
		return AREA_DEFAULT;
	if (!at)
		return AREA_ELSEWHERE;
	if (*country && strcmp(country, at->country) == 0) {
		if (!*subdivision)
			return AREA_COUNTRY;
		return strcmp(subdivision, at->subdivision) == 0 ? AREA_SUBDIVISION
								 : AREA_ELSEWHERE;
	}
	return !*country && strcmp(continent, at->continent) == 0 ? AREA_CONTINENT
								   : AREA_ELSEWHERE;
}
