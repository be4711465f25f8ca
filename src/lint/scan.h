/*
 * scan - one pass over all zones for the rules about records and delegations
 *
 * The first check that asks makes it: each node of each zone is looked at once, and what may
 * be wrong is noted under the fault it would be.  The checks then judge what was noted: only
 * that is held against the networks.  Faults of which a zone may have one at every name are
 * counted, and the first few are kept.
 *
 * Zones made from one source are one zone here: the first of them stands for all.  Only
 * their delegations are noted for each, as their networks may have other rules.
 */
#ifndef LINT_SCAN_H
#define LINT_SCAN_H

#include "engine/lookup.h"
#include "lint/model.h"

enum fault {
	FAULT_NO_SOA,		/* of a zone file */
	FAULT_CNAME_DANGLING,
	FAULT_LOOP,		/* in `next_in_loop` order from the suspect on */
	FAULT_LONG_CHAIN,
	FAULT_ALIAS_DANGLING,
	FAULT_DNAME,
	FAULT_ROUTING,
	FAULT_REPEATED_SUFFIX,
	FAULT_TARGET_KIND,
	FAULT_GLUE,		/* NS that leads to a name of the zone's without address */
	FAULT_CUT,		/* not wrong by itself: a delegation */
	FAULTS,
};

/* What may be wrong with a node, or one set at it. */
struct suspect {
	uint32_t zone;
	const struct zone_node *node;
	const struct zone_set *set;	/* NULL: the node as such */
	const uint8_t *target;		/* the name that it leads to, lower case; NULL */
	const char *why;		/* for the message; may be NULL */
	const struct zone_node *where;	/* the node that decides it; NULL */
	size_t count;			/* LONG_CHAIN: links; else 0 */
	bool twin;			/* CUT: in a zone that another stands for */
	struct suspect *around;		/* LOOP: the next link of the circle; NULL: the last */
	struct suspect *next;
};

enum tally_kind {
	TALLY_TTL_ZERO,
	TALLY_TTL_LONG,		/* of addresses */
	TALLY_UNDERSCORE,	/* in the name of a host */
	TALLY_BLOCKED,		/* names that a wildcard does not give its type, by wildcard */
	TALLIES,
};

/* How often a zone, or a wildcard of it, has something. */
struct tally {
	uint32_t zone;
	const struct zone_node *wildcard;	/* BLOCKED */
	uint16_t type;				/* BLOCKED: the one that the first name lacks */
	size_t count;
	struct { const struct zone_node *node; uint16_t type; } shown[LINT_SHOWN];
	struct tally *next;
};

/* Zones of one name. */
struct namesake {
	uint32_t zone;
	struct namesake *next;
};

struct scan {
	struct suspect *first[FAULTS], **end[FAULTS];
	struct tally *tallies[TALLIES], **tallies_end[TALLIES];
	struct table names;		/* wire -> the first struct namesake of that name */
	struct table circled;		/* owners in circles that were reported: within a zone */
	bool has_reverse;		/* some zone lies below in-addr.arpa or ip6.arpa */
	struct {			/* of the zone asked for last */
		uint32_t zone;		/* its number + 1; 0: of none */
		struct arena arena;
		struct table sets;	/* owner, type -> record set */
	} places;
	struct {			/* of the zone asked for last */
		uint32_t zone;		/* its number + 1 */
		uint32_t *networks;	/* one of each cut table among those that have the zone */
		size_t count, room;
	} readers;
};

/** The run's; NULL: no memory, and the run is marked as unfinished. */
const struct scan *lint_scan(struct lint *lint);
void scan_free(struct scan *scan);	/* NULL is allowed */

/** Note a fault.  NULL without memory. */
struct suspect *scan_note(struct lint *lint, struct scan *scan, enum fault fault,
			  struct suspect suspect);

/** Where the record was declared, as lint_record_at, but quick for many records of a zone. */
struct srcloc scan_record_at(struct lint *lint, uint32_t zone, const uint8_t *owner,
			     uint16_t type);

/**
 * Of the networks that have the zone and use it, one for each cut table and list of DELEGATE
 * rules; *count of them.  Until the next call.
 */
const uint32_t *scan_readers(struct lint *lint, uint32_t zone, size_t *count);

/** A network that reads the name from the zone, or NETWORK_NONE. */
uint32_t scan_reader(struct lint *lint, uint32_t zone, const uint8_t *name);

/** All zones of this very name, in the order declared; NULL: none. */
const struct namesake *scan_namesakes(const struct lint *lint, const uint8_t *name);

/** What of a name's data is a name: the only target of CNAME, DNAME, NS, PTR, MX, SRV. */
bool scan_target(uint16_t type, const struct rdata *rdata, struct name *out);

/** What a zone says of this name and type. */
struct lookup scan_lookup(const struct zone *zone, const struct name *name, uint16_t type);

/**
 * Does the name, which the zone does not have, end in the zone's twice, as what lost its last
 * dot does?
 */
bool scan_ends_twice(const struct zone *zone, const struct name *target);

/** Is this a name of reverse lookups, below in-addr.arpa or ip6.arpa? */
bool scan_is_reverse(const uint8_t *name);

/** Has the node an address of its own, or an alias that gives one? */
bool node_has_address(const struct zone_node *node);

#endif
