/*
 * addresses - which networks hold an address
 *
 * The CIDR blocks of all networks as sorted ranges (base/prefixes), so a look-up is a binary
 * search.  Equal blocks of several networks are one block with several holders; where blocks
 * lie within each other the innermost is found, and each knows the next one around it:
 *
 *	10.0.0.0/8 dc        <- outer of the two below
 *	10.1.0.0/16 app, clone
 *	10.2.0.0/16 data
 */
#ifndef LINT_ADDRESSES_H
#define LINT_ADDRESSES_H

#include "base/prefixes.h"
#include "estate/estate.h"

#define ADDRESSES_NONE PREFIXES_NONE

struct address_block {
	struct prefix prefix;
	uint32_t outer;			/* the block around this one, or ADDRESSES_NONE */
	uint32_t holder_count;
	const uint32_t *holders;	/* networks, each once, in the estate's order */
};

struct addresses {
	struct address_block *blocks;	/* by first address, outer before inner */
	uint32_t block_count;
	struct prefix_range *ranges;	/* their values are numbers of blocks */
	size_t range_count;
};

/** ERR_NOMEM: not to be used. */
enum status addresses_init(struct addresses *addresses, const struct estate *estate,
			   struct arena *arena) must_check;

/** The number of the innermost block that has the address, or ADDRESSES_NONE. */
static inline uint32_t
addresses_find(const struct addresses *addresses, const struct addr *addr)
{
	return prefixes_find(addresses->ranges, addresses->range_count, addr);
}

/** What an address is by itself, whatever network declares it (IANA special-purpose). */
enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_PRIVATE,	/* RFC 1918, RFC 4193, RFC 6598 */
	ADDRESS_LOOPBACK,
	ADDRESS_LINK_LOCAL,
	ADDRESS_UNSPECIFIED,
	ADDRESS_DOCUMENTATION,
	ADDRESS_MULTICAST,
	ADDRESS_RESERVED,	/* 240.0.0.0/4, and the rest of 0.0.0.0/8 */
	ADDRESS_KINDS,
};

enum address_kind address_kind(const struct addr *addr);

/** "loopback", "link-local". */
const char *address_kind_text(enum address_kind kind);

/** Can no other host be reached under it? */
static inline bool
address_is_special(enum address_kind kind)
{
	return kind != ADDRESS_PUBLIC && kind != ADDRESS_PRIVATE;
}

#endif
