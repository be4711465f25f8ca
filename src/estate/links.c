#include "estate/estate.h"

#include <string.h>

bool
refs_have(const struct ref *refs, const struct network *network)
{
	for (; refs; refs = refs->next)
		if (refs->object == network)
			return true;
	return false;
}

static bool
peered(const struct estate *estate, const struct network *a, const struct network *b)
{
	for (const struct peering *p = estate->peerings; p; p = p->next) {
		const void *one = p->requester.object, *other = p->accepter.object;

		if (strcmp(p->status, "active") == 0 &&
		    ((one == a && other == b) || (one == b && other == a)))
			return true;
	}
	return false;
}

static bool
share_transit_gateway(const struct estate *estate, const struct network *a,
		      const struct network *b)
{
	for (const struct transit_gateway *t = estate->transit_gateways; t; t = t->next)
		if (refs_have(t->vpcs, a) && refs_have(t->vpcs, b))
			return true;
	return false;
}

bool
estate_connected(const struct estate *estate, const struct network *a, const struct network *b)
{
	if (a == b)
		return false;
	return refs_have(a->connects_to, b) || refs_have(b->connects_to, a) ||
	       peered(estate, a, b) || share_transit_gateway(estate, a, b);
}

static bool
targets_have(const struct target *targets, const struct addr *addr)
{
	for (; targets; targets = targets->next)
		if (addr_same_ip(&targets->addr, addr))
			return true;
	return false;
}

struct resolver_endpoint *
estate_inbound_at(const struct estate *estate, const struct addr *addr)
{
	for (struct resolver_endpoint *e = estate->endpoints; e; e = e->next)
		if (e->direction != DIRECTION_OUTBOUND && targets_have(e->ip_addresses, addr))
			return e;
	return NULL;
}

struct network *
estate_site_server_at(const struct estate *estate, const struct addr *addr)
{
	for (struct network *n = estate->networks; n; n = n->next)
		if (n->kind == NETWORK_SITE && targets_have(n->servers, addr))
			return n;
	return NULL;
}
