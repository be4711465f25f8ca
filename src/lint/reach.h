/*
 * reach - which networks a network can send packets to
 *
 * The links of the estate as it declares them: active peerings, transit gateways, the
 * connects_to of sites.  Not transitive (route53-semantics 2.1.7), but for one thing: what a
 * transit gateway joins with a VPC that a site connects to, the site reaches too, for the
 * path may well end at the gateway.  Networks with the same links are one class, and a
 * question is put to the class: a binary search.
 */
#ifndef LINT_REACH_H
#define LINT_REACH_H

#include "estate/estate.h"

/* Sorted, each once. */
struct reach_class {
	const uint32_t *peers;		/* networks, by peerings and connects_to */
	const uint32_t *gateways;	/* numbers of transit gateways */
	uint32_t peer_count, gateway_count;
};

struct reach {
	struct reach_class *classes;
	uint32_t class_count;
	uint32_t *class_of;		/* by network */
	const struct transit_gateway **gateways;	/* by number */
	uint32_t gateway_count;
	bool any;			/* the estate declares links at all */
};

enum status reach_init(struct reach *reach, const struct estate *estate, struct arena *arena)
	must_check;

/** Does a network of this class reach the other one?  A network does not reach itself. */
bool reach_class_has(const struct reach *reach, uint32_t class, uint32_t network);

static inline bool
reach_has(const struct reach *reach, uint32_t from, uint32_t to)
{
	return from != to && reach_class_has(reach, reach->class_of[from], to);
}

/** A network that both ends reach, although not each other; NETWORK_NONE: there is none. */
uint32_t reach_between(const struct reach *reach, uint32_t from, uint32_t to);

#endif
