/*
 * route - request -> view -> zone, rule, autodefined name or internet
 *
 * The longest-suffix walk over the view's cut table.  lint, explain and the daemon call the
 * same function, so they cannot disagree.
 */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "engine/request.h"
#include "snapshot/snapshot.h"

enum route_kind {
	ROUTE_ZONE,		/* answered from route.zone */
	ROUTE_FORWARD,		/* asked of route.upstream's targets */
	ROUTE_AUTODEFINED,	/* synthesised: route.autodefined */
	ROUTE_NOWHERE,		/* the internet, but no internet resolver is configured */
	ROUTE_OFF,		/* the VPC has DNS support off: nothing answers */
};

struct route {
	enum route_kind kind;
	uint32_t network;
	const struct cut *cut;			/* NULL for ROUTE_OFF */
	const struct zone *zone;		/* ROUTE_ZONE */
	const struct snapshot_rule *upstream;	/* ROUTE_FORWARD; the internet resolver too */
	enum autodefined autodefined;		/* ROUTE_AUTODEFINED */
};

/** Where this name goes in this network. */
struct route route_select(const struct snapshot *snap, uint32_t network,
			  const struct name *name, const struct suffixes *suffixes);

/** Does the endpoint answer for private zones only? */
bool route_zones_only(const struct snapshot *snap, const struct snapshot_endpoint *endpoint);

/**
 * Fill in request->network, ->allowed, ->dns64 and ->zones_only from the snapshot's listener
 * `number` and the client's address: the listener's own network, or that whose CIDR holds
 * the client.  Whether there is DNS64 an inbound endpoint says itself; its VPC's word is for
 * questions asked in the VPC.
 * A number the snapshot does not have gives NETWORK_NONE: the query is then refused.
 */
void route_client(const struct snapshot *snap, uint32_t number, struct request *request);

#endif
