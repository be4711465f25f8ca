/*
 * path - can packets go from one network to an address of another, and back?
 *
 * From some subnet of the one to the address: its route table, its network ACL, the ACL of
 * the address's subnet, the security groups of the interface that has it; and back, for ACLs
 * know no connections.  Of all subnets the one that gets furthest is told, and the first
 * thing in its way: the nearest working path.  What nobody declares is in nobody's way.
 */
#ifndef LINT_PATH_H
#define LINT_PATH_H

#include "lint/filter.h"
#include "lint/reach.h"

/* What is in the way, in the order of the journey. */
enum hurdle {
	HURDLE_ROUTE_OUT,	/* route table: no route there, or one that leads elsewhere */
	HURDLE_GROUP_OUT,	/* groups of the one who asks */
	HURDLE_ACL_OUT,
	HURDLE_ACL_IN,
	HURDLE_GROUP_IN,
	HURDLE_ROUTE_BACK,
	HURDLE_ACL_BACK_OUT,
	HURDLE_ACL_BACK_IN,
	HURDLE_NONE,
};

/* Where packets go to. */
struct path_end {
	uint32_t network;
	struct addr addr;
	const struct subnet *subnet;	/* NULL: not known */
	const struct ref *groups;	/* of its interface; NULL: not known */
};

/* Who asks, and what for. */
struct path_question {
	uint32_t from;
	const struct target *addresses;	/* who asks; NULL: any host of the network */
	const struct ref *groups;	/* theirs; NULL: not known */
	uint16_t protocol;		/* IP_PROTOCOL_ANY, with port 0: whatever gets through */
	uint16_t port;
};

struct path {
	enum hurdle hurdle;
	const struct subnet *client;	/* that got furthest; NULL: its subnets are not known */
	enum object_kind kind;		/* of what is in the way */
	const void *object;
	const struct vpc_route *route;	/* that leads elsewhere; NULL: there is none */
	struct prefix wanted;		/* what there is no way to */
};

/** The end of an address that a network holds. */
struct path_end path_end(const struct lint *lint, const struct inside *inside, uint32_t network,
			 const struct addr *addr);

/** Follow it.  steps: what it took is taken off; at 0 the answer is HURDLE_NONE. */
struct path path_find(const struct lint *lint, const struct inside *inside,
		      const struct path_question *question, const struct path_end *to,
		      uint64_t *steps);

#endif
