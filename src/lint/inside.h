/*
 * inside - what is inside each VPC, by address: its subnets, its interfaces
 *
 * Made once a run of what the estate declares; a VPC whose subnets nobody declares has none
 * here, and nothing can be said of it.  Subnets of one VPC do not overlap.
 */
#ifndef LINT_INSIDE_H
#define LINT_INSIDE_H

#include "lint/model.h"

struct inside_vpc {
	const struct subnet **subnets;	/* in the estate's order */
	uint32_t subnet_count;
	struct prefix_range *ranges;	/* their values are numbers of subnets */
	size_t range_count;
	const struct dhcp_options *dhcp;	/* NULL */
	const struct route_table **tables;
	uint32_t table_count;
};

struct inside {
	struct inside_vpc *vpcs;	/* by network */
	struct table interfaces;	/* network and address -> struct network_interface */
	struct table prefix_lists;	/* id -> struct managed_prefix_list */
};

/** NULL: memory ran out, and the run is unfinished. */
const struct inside *lint_inside(struct lint *lint);

/** The subnet of the network that has the address, or NULL. */
const struct subnet *inside_subnet(const struct inside *inside, uint32_t network,
				   const struct addr *addr);

/** The interface of the network that has the address, or NULL. */
const struct network_interface *inside_interface(const struct inside *inside, uint32_t network,
						 const struct addr *addr);

#endif
