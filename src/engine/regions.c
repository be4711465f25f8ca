#include "engine/regions.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define EARTH_RADIUS_KM 6371.0
#define RADIANS		(3.14159265358979323846 / 180)

/* In the order of their names. */
static const struct region regions[] = {
	{ "af-south-1", "AF", "ZA", "", { -33.92, 18.42 } },		/* Cape Town */
	{ "ap-east-1", "AS", "HK", "", { 22.32, 114.17 } },		/* Hong Kong */
	{ "ap-east-2", "AS", "TW", "", { 25.03, 121.57 } },		/* Taipei */
	{ "ap-northeast-1", "AS", "JP", "", { 35.68, 139.69 } },	/* Tokyo */
	{ "ap-northeast-2", "AS", "KR", "", { 37.57, 126.98 } },	/* Seoul */
	{ "ap-northeast-3", "AS", "JP", "", { 34.69, 135.50 } },	/* Osaka */
	{ "ap-south-1", "AS", "IN", "", { 19.08, 72.88 } },		/* Mumbai */
	{ "ap-south-2", "AS", "IN", "", { 17.39, 78.49 } },		/* Hyderabad */
	{ "ap-southeast-1", "AS", "SG", "", { 1.35, 103.82 } },		/* Singapore */
	{ "ap-southeast-2", "OC", "AU", "", { -33.87, 151.21 } },	/* Sydney */
	{ "ap-southeast-3", "AS", "ID", "", { -6.21, 106.85 } },	/* Jakarta */
	{ "ap-southeast-4", "OC", "AU", "", { -37.81, 144.96 } },	/* Melbourne */
	{ "ap-southeast-5", "AS", "MY", "", { 3.14, 101.69 } },		/* Kuala Lumpur */
	{ "ap-southeast-6", "OC", "NZ", "", { -36.85, 174.76 } },	/* Auckland */
	{ "ap-southeast-7", "AS", "TH", "", { 13.76, 100.50 } },	/* Bangkok */
	{ "ca-central-1", "NA", "CA", "", { 45.50, -73.57 } },		/* Montreal */
	{ "ca-west-1", "NA", "CA", "", { 51.05, -114.07 } },		/* Calgary */
	{ "cn-north-1", "AS", "CN", "", { 39.90, 116.41 } },		/* Beijing */
	{ "cn-northwest-1", "AS", "CN", "", { 37.50, 105.19 } },	/* Zhongwei, Ningxia */
	{ "eu-central-1", "EU", "DE", "", { 50.11, 8.68 } },		/* Frankfurt */
	{ "eu-central-2", "EU", "CH", "", { 47.38, 8.54 } },		/* Zurich */
	{ "eu-north-1", "EU", "SE", "", { 59.33, 18.07 } },		/* Stockholm */
	{ "eu-south-1", "EU", "IT", "", { 45.46, 9.19 } },		/* Milan */
	{ "eu-south-2", "EU", "ES", "", { 41.65, -0.89 } },		/* Zaragoza, Aragon */
	{ "eu-west-1", "EU", "IE", "", { 53.35, -6.26 } },		/* Dublin */
	{ "eu-west-2", "EU", "GB", "", { 51.51, -0.13 } },		/* London */
	{ "eu-west-3", "EU", "FR", "", { 48.86, 2.35 } },		/* Paris */
	{ "eusc-de-east-1", "EU", "DE", "", { 52.40, 13.06 } },		/* Potsdam, Brandenburg */
	{ "il-central-1", "AS", "IL", "", { 32.09, 34.78 } },		/* Tel Aviv */
	{ "me-central-1", "AS", "AE", "", { 25.20, 55.27 } },		/* Dubai, UAE */
	{ "me-south-1", "AS", "BH", "", { 26.23, 50.59 } },		/* Manama, Bahrain */
	{ "mx-central-1", "NA", "MX", "", { 20.59, -100.39 } },		/* Queretaro */
	{ "sa-east-1", "SA", "BR", "", { -23.55, -46.63 } },		/* Sao Paulo */
	{ "us-east-1", "NA", "US", "VA", { 39.04, -77.49 } },		/* Ashburn */
	{ "us-east-2", "NA", "US", "OH", { 39.96, -83.00 } },		/* Columbus */
	{ "us-gov-east-1", "NA", "US", "OH", { 39.96, -83.00 } },	/* Columbus */
	{ "us-gov-west-1", "NA", "US", "OR", { 45.84, -119.70 } },	/* Boardman */
	{ "us-west-1", "NA", "US", "CA", { 37.77, -122.42 } },		/* San Francisco */
	{ "us-west-2", "NA", "US", "OR", { 45.84, -119.70 } },		/* Boardman */
};

#define REGION_COUNT (sizeof(regions) / sizeof(*regions))

const struct region *
region_find(const char *name)
{
	size_t low = 0, high = REGION_COUNT, len;

	while (low < high) {	/* the last one that does not come behind `name` */
		size_t middle = (low + high) / 2;

		if (strcmp(regions[middle].name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	len = strlen(regions[low - 1].name);
	if (strncmp(regions[low - 1].name, name, len) != 0)
		return NULL;
	return name[len] == '\0' || name[len] == '-' ? &regions[low - 1] : NULL;
}

/* The haversine formula: exact for near places too. */
double
position_distance_km(struct position a, struct position b)
{
	double north = sin((b.latitude - a.latitude) * RADIANS / 2);
	double east = sin((b.longitude - a.longitude) * RADIANS / 2);
	double square = north * north + cos(a.latitude * RADIANS) * cos(b.latitude * RADIANS) *
						east * east;

	return 2 * EARTH_RADIUS_KM * asin(square < 1 ? sqrt(square) : 1);
}
