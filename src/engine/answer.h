/*
 * answer - references by section, gathered before anything is written
 *
 * Nothing is copied until compose: items point into the snapshot, or into the scratch where
 * cached answers and synthesised records were put.  Borrowed for one query.
 */
#ifndef ENGINE_ANSWER_H
#define ENGINE_ANSWER_H

#include "dns/build.h"

#define ANSWER_MAX_ITEMS 40		/* a DNAME and a CNAME for each hop, and what ends it */
#define SCRATCH_OCTETS	 (192 * 1024)
#define SCRATCH_TEXT_MAX 512		/* a formatted text with its zero octet; longer is cut */

struct answer_item {
	struct rrset set;
	uint32_t ttl_s;			/* to be written: aged for cached sets */
	enum section section;
};

struct answer {
	uint16_t rcode;
	uint16_t ede;			/* EDE_NONE: none */
	const char *ede_text;		/* NULL, or in the snapshot or scratch */
	unsigned count;
	struct answer_item items[ANSWER_MAX_ITEMS];
};

/* Room for what one query needs beyond references; reset at each query. */
struct scratch {
	size_t used;
	_Alignas(8) uint8_t octets[SCRATCH_OCTETS];
};

/** Empty: NOERROR, no items.  Does not clear the items. */
void answer_init(struct answer *answer);

/** Add a set; false when the answer is full (the caller answers SERVFAIL). */
bool answer_add(struct answer *answer, enum section section, struct rrset set, uint32_t ttl_s);

/** Drop all items and say rcode with an extended error. */
void answer_fail(struct answer *answer, uint16_t rcode, uint16_t ede, const char *ede_text);

/** 8-aligned room; NULL when the scratch is full. */
void *scratch_room(struct scratch *scratch, size_t len);

/** A formatted text; NULL when the scratch is full.  For failures only: nothing else formats. */
const char *scratch_printf(struct scratch *scratch, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** A set of one record made in the scratch, owner unset; false when the scratch is full. */
bool scratch_rrset(struct scratch *scratch, uint16_t type, uint32_t ttl_s, struct rdata rdata,
		   struct rrset *out) must_check;

#endif
