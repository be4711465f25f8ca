/*
 * filter - does a network ACL, or do the security groups of an interface, let traffic through?
 *
 * Traffic is a range: any of its addresses, any of its ports.  The answer is whether some of
 * it may get through.  Where denials only together shut all of it out, where somebody is not
 * declared, or a list is longer than the service allows, it may: nothing is called blocked
 * that is not.  Pure.
 */
#ifndef LINT_FILTER_H
#define LINT_FILTER_H

#include "lint/inside.h"

/* The far end, and the port that packets go to. */
struct traffic {
	struct prefix peer;
	uint16_t protocol;		/* IP_PROTOCOL_ANY: whichever gets through */
	uint16_t from_port, to_port;
	const struct network *network;	/* the far end's */
	const struct ref *groups;	/* the far end's; NULL: not known */
};

bool acl_lets(const struct network_acl *acl, bool egress, const struct traffic *traffic);

/** One of the groups is enough. */
bool groups_let(const struct inside *inside, const struct ref *groups, bool egress,
		const struct traffic *traffic);

/** One address as a prefix. */
struct prefix prefix_of(const struct addr *addr);

/** Do two blocks of one family have an address in common?  "::/0" has no IPv4 ones. */
bool blocks_meet(const struct prefix *a, const struct prefix *b);

#endif
