/*
 * rrset - a record set as ready-made wire data
 *
 * A record set (RRset, RFC 2181 5) is kept as it will be sent:
 *
 *   C0 0C | type | class IN | ttl | rdlength | rdata      once per record, back to back
 *
 * with the owner as a pointer to the question (offset 12) and the names inside rdata whole,
 * so the common answer is one copy behind the question.  `names` tells where in `wire` the
 * names stand that may be compressed, in rising order.  A reference: owns nothing.
 */
#ifndef DNS_RRSET_H
#define DNS_RRSET_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/random.h"
#include "base/status.h"

#define RRSET_FIXED_OCTETS 12		/* owner pointer .. rdlength */
#define RRSET_MAX_NAMES	   4096		/* compressible names in one set */

struct rrset {
	const uint8_t *owner;	/* wire name; NULL: the name in the question */
	uint16_t type;
	uint16_t count;		/* records */
	uint32_t ttl_s;		/* as written in wire */
	uint16_t wire_len;
	uint16_t name_count;
	const uint8_t *wire;
	const uint16_t *names;	/* offsets in wire, host order */
};

/* One record's data, uncompressed, names in it as declared. */
struct rdata {
	const uint8_t *data;
	uint16_t len;
};

/**
 * Append one record to a set under construction and its compressible names to
 * names[*name_count..] (room for RRSET_MAX_NAMES).
 * ERR_MALFORMED: rdata breaks its layout.  ERR_LIMIT: beyond 65,535 octets or the names.
 * On failure out->len and *name_count are as before.
 */
enum status rrset_encode(struct writer *out, uint16_t type, uint32_t ttl_s,
			 struct rdata rdata, uint16_t *names, uint16_t *name_count) must_check;

/** How much room rrset_shuffle needs for this set. */
size_t rrset_shuffle_room(const struct rrset *set);

/**
 * The same set with its records in a random order, every order equally likely, made in
 * `room`: rrset_shuffle_room(set) octets at an even address, which *out refers to.
 */
void rrset_shuffle(const struct rrset *set, struct random *random, void *room,
		   struct rrset *out);

/* Walking the records of a set. */
struct rrset_walk {
	const uint8_t *at, *end;
};

struct rrset_walk rrset_begin(const struct rrset *set);
/** The next record's data; false at the end. */
bool rrset_next(struct rrset_walk *walk, struct rdata *out);

#endif
