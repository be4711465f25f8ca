/*
 * dns64 - AAAA records made of A records, for clients that have IPv6 only (RFC 6147)
 *
 * The prefix is the well-known one, 64:ff9b::/96 (RFC 6052 2.1), as VPCs have it; private
 * addresses get theirs too, as NAT64 in a VPC leads to them.  Pure functions over answers:
 * the chase asks for A where these say so.
 */
#ifndef ENGINE_DNS64_H
#define ENGINE_DNS64_H

#include "dns/msg.h"
#include "engine/answer.h"

#define DNS64_TTL_S 600		/* most, where no SOA says so (5.1.7); of a PTR's CNAME too */

/**
 * Is this an answer to a question for AAAA that A records shall stand in for?  No AAAA, or
 * such as hold IPv4 addresses only (::ffff:0:0/96, 5.1.4), or a server's failure (5.1.2);
 * not where the name does not exist, and not for who validates by himself (DO and CD, 5.5).
 */
bool dns64_is_wanted(const struct question *q, const struct answer *answer);

/**
 * Leave addresses that hold IPv4 ones out of an answer that has others (5.1.4).  false: the
 * scratch is full, and the answer is not to be used.
 */
bool dns64_exclude(const struct question *q, struct answer *answer,
		   struct scratch *scratch) must_check;

/** The TTL that what is made from `without`'s lack must not exceed (5.1.7). */
uint32_t dns64_ttl(const struct answer *without);

/**
 * Put an AAAA set in the place of each A set of the answer section, and drop signatures over
 * A sets.  false: the scratch is full, and the answer is not to be used.
 */
bool dns64_make(struct answer *answer, uint32_t ttl_s, struct scratch *scratch) must_check;

/** The reverse name of the IPv4 address in a whole reverse name of the prefix (5.3.1). */
bool dns64_reverse(const struct name *name, struct name *out) must_check;

#endif
