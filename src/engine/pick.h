/*
 * pick - routing policy + health + random -> the record sets that win
 *
 * Of a group of sets with one name and type that a routing policy divides
 * (route53-semantics 4.4) some are answered.  A set without a policy is its own group.
 *
 *   multivalue    up to eight of the healthy ones, by chance (4.4.4)
 *   weighted      by chance, in the proportion of the weights; weight 0 only where all
 *                 healthy ones have it (4.4.5)
 *   failover      the primary, else the secondary (4.4.6)
 *   latency       the nearest Region (4.4.9)
 *   geolocation   the smallest area that holds the network: subdivision, country, continent,
 *                 then the default, else nothing (4.4.10)
 *   geoproximity  the smallest distance * (1 - bias / 100) (4.4.11)
 *
 * Where no set of the group is healthy all count as healthy (4.4.7); in geolocation, where
 * none of those is that hold the network.
 *
 * Presumptions.  Where a network is, is where its VPC's Region is; an inbound endpoint is in
 * its VPC's (4.4.8).  AWS measures latency and does not publish it: here distance stands for
 * it, the network's own Region first.  Where nothing is known of a Region its distance is
 * infinite but for its own networks; of equal distances the first set identifier wins.  A
 * network without a Region (a site) is nowhere: only the geolocation default answers it.
 */
#ifndef ENGINE_PICK_H
#define ENGINE_PICK_H

#include "base/random.h"
#include "engine/health.h"

#define PICK_MAX 8	/* sets of a multivalue answer (4.4.4) */

/* What a choice depends on beside the sets. */
struct chooser {
	const char *region;	/* of the network that is answered; "" for none */
	struct random *random;	/* NULL: the likeliest, the same at every call */
	const struct snapshot *snap;		/* whose checks `healthy` is about */
	const _Atomic uint64_t *healthy;	/* NULL: all count as healthy */
};

/**
 * Choose among the ref->members sets from `ref` on.  Returns how many: 1, more only for
 * multivalue, 0 only for geolocation (the answer is NODATA).
 */
unsigned pick_sets(const struct zone *zone, const struct zone_set_ref *ref,
		   const struct chooser *by, const struct zone_set *out[PICK_MAX]);

/**
 * How far the set is for a network of this Region, by the rules of its policy, bias included:
 * km, 0 for the own Region, infinite where it is not known.
 */
double pick_distance_km(const struct zone *zone, const struct zone_set *set,
			const char *region);

/* How well a geolocation set fits a Region, worst first. */
enum pick_area { AREA_ELSEWHERE, AREA_DEFAULT, AREA_CONTINENT, AREA_COUNTRY, AREA_SUBDIVISION };

enum pick_area pick_area(const struct zone *zone, const struct zone_set *set,
			 const char *region);

#endif
