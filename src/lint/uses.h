/*
 * uses - where the records of each zone lead: to which blocks of addresses, to whose names
 *
 * One pass over all zones, for all checks that ask.  A use is a zone, a place its records
 * lead to, and how many of them do, so there are as many uses as a zone has places, however
 * many records; whoever reports one walks that zone again for the first few.  What stands
 * at or below a delegation, and a DNAME's, is nobody's answer and does not count.
 */
#ifndef LINT_USES_H
#define LINT_USES_H

#include "lint/addresses.h"
#include "lint/takeover.h"
#include "snapshot/snapshot.h"

enum use_kind {
	USE_BLOCK,	/* an address in a declared block: its number in `addresses` */
	USE_NOWHERE,	/* a private address that no network declares */
	USE_PUBLIC,	/* one of the Internet */
	USE_SPECIAL,	/* one no other host has: enum address_kind */
	USE_CLAIMABLE,	/* a CNAME or alias of a service where names can be claimed: its row */
	USE_EC2,	/* a CNAME of a public EC2 name: `regions` number */
	USE_KINDS,
};

struct use {
	uint32_t zone;
	enum use_kind kind;
	uint32_t number;
	uint32_t count;		/* addresses, or names pointed to */
	uint32_t first;		/* number of the first node that has one */
};

struct uses {
	struct use *list;	/* by zone, then in the order of the first record */
	size_t count, room;
	size_t *starts;		/* by zone, and one more: where its uses begin */
	const struct addresses *addresses;
	struct takeover takeover;
	const char **regions;	/* Regions of the estate's VPCs */
	uint32_t region_count;
};

enum status uses_init(struct uses *uses, const struct estate *estate,
		      const struct snapshot *snap, const struct addresses *addresses,
		      struct arena *arena) must_check;

/* A record that makes a use. */
struct use_record {
	const uint8_t *owner;
	uint16_t type;
	struct addr addr;	/* unless `named` */
	bool named;
	struct name target;	/* if `named` */
	const struct zone_set *set;
};

/** Called for each record of a use, in canonical order; false: no more are wanted. */
typedef bool (*use_fn)(void *context, const struct use_record *record);

/** All records of the zone that lead to an address or to another name. */
void uses_records(const struct zone *zone, use_fn visit, void *context);

void uses_each(const struct uses *uses, const struct zone *zone, const struct use *use,
	       use_fn visit, void *context);

#endif
