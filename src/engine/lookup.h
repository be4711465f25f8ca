/*
 * lookup - zone x name x type -> answer, nodata, nxdomain, cut, cname, wildcard
 *
 * RFC 1034 4.3.2 and RFC 4592 over the frozen zone; empty non-terminals exist (RFC 8020).
 */
#ifndef ENGINE_LOOKUP_H
#define ENGINE_LOOKUP_H

#include "snapshot/zone.h"

enum lookup_kind {
	LOOKUP_ANSWER,		/* ref: the set, or the first of a policy group */
	LOOKUP_CNAME,		/* ref: the CNAME, another type was asked */
	LOOKUP_DNAME,		/* ref: the DNAME above the name; node is its owner */
	LOOKUP_NODATA,		/* the name exists without this type */
	LOOKUP_NXDOMAIN,
	LOOKUP_DELEGATED,	/* at or below a cut: ref is its NS set; node is its owner */
};

struct lookup {
	enum lookup_kind kind;
	bool wildcard;			/* node is the wildcard that made the answer */
	const struct zone_node *node;	/* where it was decided: the name's own node, the
					 * wildcard, the cut, or for NXDOMAIN the closest
					 * encloser */
	const struct zone_set_ref *ref;
};

/** The name is at or below the zone's apex. */
struct lookup lookup_find(const struct zone *zone, const struct name *name,
			  const struct suffixes *suffixes, uint16_t type);

const char *lookup_kind_text(enum lookup_kind kind);	/* "answer", "nxdomain", ... */

#endif
