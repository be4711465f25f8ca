/*
 * regions - the AWS Regions and where on earth they are
 *
 * The names are those of the AWS General Reference, all partitions.  AWS says of most Regions
 * only the city, state or country they are named after: the position is that of the city, or
 * of the metropolitan area known to hold the data centres (Ashburn for Northern Virginia,
 * Columbus for Ohio, Boardman for Oregon), in degrees as public gazetteers give it.  A tenth of
 * a degree more or less changes no order of distances that matters.  Continent, country and
 * subdivision are the codes that geolocation records use: AWS's continents, ISO 3166-1, and
 * for the United States the states of ISO 3166-2.
 */
#ifndef ENGINE_REGIONS_H
#define ENGINE_REGIONS_H

/* Degrees; north and east are positive. */
struct position {
	double latitude, longitude;
};

struct region {
	const char *name;
	const char *continent, *country;
	const char *subdivision;	/* "": the service knows none there */
	struct position at;
};

/**
 * The Region of this name, or that of a Local Zone ("us-west-2-lax-1": us-west-2), whose own
 * position is not known here.  NULL: no such Region is known.
 */
const struct region *region_find(const char *name);

/** The way along the great circle, in km, on a round earth. */
double position_distance_km(struct position a, struct position b);

#endif
