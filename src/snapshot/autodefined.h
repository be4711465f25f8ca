/*
 * autodefined - the names a VPC resolves by itself, exactly (route53-semantics 1.4)
 *
 * Per network: forward names of its Region, the reverse names of private address space, of
 * its own CIDRs and of those of VPCs it is linked with, and the localhost set.  A site has
 * the localhost set only, a VPC that lacks one of the DNS attributes has nothing.  One with
 * AutodefinedReverse off has no reverse names, its own or others' (1.4.7); those of localhost
 * stay, which are local ones.
 * Where the sheet says "unconfirmed" this does as it presumes: a CIDR longer than /24 has
 * the enclosing /24 (1.4.2), IPv6 CIDRs have none (1.4.5), and a peer's names appear when
 * the peer has DNS support, whatever the peering's DNS option says (9.12).
 */
#ifndef SNAPSHOT_AUTODEFINED_H
#define SNAPSHOT_AUTODEFINED_H

#include "estate/estate.h"
#include "snapshot/view.h"

/* What one VPC sees of another; bits. */
enum link_mark {
	LINK_NAMES = 1,		/* its reverse names and its Region's names are added */
	LINK_ADDRESSES = 2,	/* all its instances' names resolve to private addresses (2.1.2) */
};

/**
 * How `network` sees each other network, over active peerings and transit gateways with DNS
 * support (never transitive): marks[index], room for estate->network_count.
 */
void links_mark(const struct estate *estate, const struct network *network, uint8_t *marks);

/** Do instance names of this CIDR of a linked VPC resolve in `network`? (2.1.2, 2.1.5) */
bool links_show_cidr(const struct network *network, const struct network *linked,
		     const struct prefix *cidr, uint8_t mark);

typedef void (*autodefined_fn)(void *context, const struct name *name,
			       enum autodefined kind);

/**
 * Tell each name that a network has by itself; nothing for a VPC that lacks an attribute.
 * One that has several reasons is told several times.
 */
void autodefined_own(const struct network *network, autodefined_fn tell, void *context);

/**
 * Tell what a VPC marked LINK_NAMES adds to a VPC that sees it: the reverse names of its
 * CIDRs, and the names of its Region, which that VPC has already when they share one.  It is
 * for the caller to leave the reverse names out where that VPC wants none.
 */
void autodefined_linked(const struct network *linked, autodefined_fn tell, void *context);

#endif
