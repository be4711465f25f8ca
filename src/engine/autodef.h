/*
 * autodef - answers for the names every VPC has without anyone declaring them
 *
 * localhost and its reverse, the names EC2 gives to private addresses
 * (ip-10-0-0-5.eu-west-1.compute.internal) and their reverse (route53-semantics 1.4, 2.1).
 * Nothing is stored: an address inside a block that the network sees has its name, all
 * others have none; public EC2 names stand for the address that is in them.  Negative
 * answers carry the SOA of a private zone (4.2) at the suffix.
 */
#ifndef ENGINE_AUTODEF_H
#define ENGINE_AUTODEF_H

#include "engine/answer.h"
#include "engine/lookup.h"
#include "engine/route.h"

#define AUTODEF_TTL_S		60	/* as EC2 answers */
#define AUTODEF_NEGATIVE_TTL_S	900

struct autodef {
	enum lookup_kind kind;		/* ANSWER, NODATA or NXDOMAIN */
	struct rrset set;		/* the answer without owner, or the SOA with its owner */
};

/** Answer a name of a ROUTE_AUTODEFINED route.  false: the scratch is full. */
bool autodef_find(const struct snapshot *snap, const struct route *route,
		  const struct name *name, uint16_t type, struct scratch *scratch,
		  struct autodef *out) must_check;

#endif
