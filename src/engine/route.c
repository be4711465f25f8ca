#include "engine/route.h"

#include "estate/estate.h"

struct route
route_select(const struct snapshot *snap, uint32_t network, const struct name *name,
	     const struct suffixes *suffixes)
{
	const struct snapshot_network *from = snapshot_network(snap, network);
	struct route route = { .kind = ROUTE_OFF, .network = network };
	const struct cut *cut;

	if (!from->dns_support)
		return route;

	cut = view_walk(&snap->root->block, block_at(&snap->root->block, from->view_at), name,
			suffixes, NAME_MAX_LABELS + 1);
	route.cut = cut;
	switch ((enum cut_action)cut->action) {
	case CUT_ZONE:
		route.kind = ROUTE_ZONE;
		route.zone = snap->zones[cut->target];
		break;
	case CUT_FORWARD:
	case CUT_INTERNET:
		route.upstream = snapshot_rule(snap, cut->target);
		route.kind = route.upstream->target_count ? ROUTE_FORWARD : ROUTE_NOWHERE;
		break;
	case CUT_AUTODEFINED:
		route.kind = ROUTE_AUTODEFINED;
		route.autodefined = (enum autodefined)cut->target;
		break;
	}
	return route;
}

bool
route_zones_only(const struct snapshot *snap, const struct snapshot_endpoint *endpoint)
{
	return endpoint->direction == DIRECTION_INBOUND_DELEGATION &&
	       snap->root->settings.assume[ASSUME_OUTSIDE_DELEGATED] == OUTSIDE_REFUSED;
}

static void
place_endpoint(const struct snapshot *snap, const struct snapshot_endpoint *endpoint,
	       struct request *request)
{
	request->dns64 = endpoint->dns64;
	request->zones_only = route_zones_only(snap, endpoint);
}

void
route_client(const struct snapshot *snap, uint32_t number, struct request *request)
{
	const struct snapshot_listener *listener;

	request->network = NETWORK_NONE;
	request->dns64 = request->zones_only = false;
	request->allowed = snapshot_allows(snap, &request->client.addr);
	if (number >= snap->root->listener_count)
		return;
	listener = snapshot_listener(snap, number);
	request->network = listener->network;
	if (listener->network == NETWORK_NONE)
		request->network = snapshot_client_network(snap, &request->client.addr);
	if (listener->endpoint != ENDPOINT_NONE)
		place_endpoint(snap, snapshot_endpoint(snap, listener->endpoint), request);
	else if (request->network != NETWORK_NONE)
		request->dns64 = snapshot_network(snap, request->network)->dns64;
}
