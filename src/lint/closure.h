/*
 * closure - where a name is answered in the end, when networks forward to each other
 *
 * One for each estate.  A rule's target leads to the network whose inbound endpoint or own
 * server has its address; all others are opaque: an undeclared server decides.  Following
 * the rules of network after network, a name ends in a zone, at such a server, at the
 * internet, among the autodefined names, or never.  The service picks targets at random, so
 * it is a set of ends.
 *
 * Networks with one cut table are one class.  The effective table of a class has all names
 * at which its ends may change: its own cuts, and below each domain it forwards those of the
 * classes it forwards to.  Classes that forward to each other in circles (strongly connected
 * components, by Tarjan) have their tables grown together until nothing is added.
 */
#ifndef LINT_CLOSURE_H
#define LINT_CLOSURE_H

#include "engine/route.h"
#include "estate/estate.h"
#include "snapshot/snapshot.h"

#define ENDS_MAX 8

enum end_kind {
	END_ZONE,		/* number: zone */
	END_AUTODEFINED,	/* number: enum autodefined */
	END_INTERNET,
	END_OPAQUE,		/* ip: of the undeclared server */
	END_LOOP,
	END_OFF,		/* the network does not resolve */
};

/* One place where a name is answered. */
struct end {
	enum end_kind kind;
	uint32_t network;		/* whose view answers, or sends it to the server: in a
					 * table the first of the class, for all of it */
	uint32_t number;
	const uint8_t *ip;		/* 16 octets */
};

struct ends {
	uint8_t count, hops;		/* hops: rules on the longest way */
	bool more;			/* than there is room for */
	uint8_t asked_count;
	uint32_t asked[ENDS_MAX];	/* networks on the way, behind the first: a few */
	uint64_t via;			/* stands for the steps between all of them */
	struct end end[ENDS_MAX];
};

/* Where one target of a rule leads. */
struct onward {
	uint32_t network;		/* NETWORK_NONE: opaque */
	const uint8_t *ip;
	const struct target *target;
};

struct rule_ways {
	struct onward *to;
	unsigned count;
};

/* An effective table: names in canonical order, each once; the root is first. */
struct effective {
	const uint8_t **names;
	const struct ends **ends;	/* of each; equal ones are one */
	uint32_t count;
};

/* A CNAME, alias or DNAME of a zone: the name `target` is asked for in place of `owner`. */
struct link {
	const uint8_t *target, *owner;
	uint32_t zone;			/* one that has the block */
	bool dname;			/* for the names below both, that is */
};

struct closure {
	const struct estate *estate;
	const struct snapshot *snap;
	struct arena *arena;
	struct rule_ways *ways;		/* by rule */
	uint32_t *class_of;		/* by network */
	uint32_t class_count;
	uint32_t *member;		/* by class: its first network */
	struct effective *effective;	/* by class */
	struct table ends;		/* all there are, by content */
	uint32_t *component;		/* by class: of the graph of forwarding */
	bool *circular;			/* by component: names may run in circles */
	struct link *links;		/* by target, canonical order; made when first asked for */
	size_t link_count, dname_count;
	bool links_known;
	struct link *zone_links;	/* the same, zone by zone */
};

/** ERR_NOMEM.  Everything lives in the arena. */
enum status closure_init(struct closure *closure, const struct estate *estate,
			 const struct snapshot *snap, struct arena *arena) must_check;

/** Where this name ends when it is asked in this network. */
void closure_ends(const struct closure *closure, uint32_t network, const struct name *name,
		  struct ends *out);

/** Are names answered in just the same places?  Each of its own closure. */
bool ends_equal(const struct closure *a, const struct ends *x, const struct closure *b,
		const struct ends *y);

/** Have two zones the same content?  Each of its own closure. */
bool closure_same_zone(const struct closure *a, uint32_t x, const struct closure *b, uint32_t y);

/** The effective table of a network's class. */
static inline const struct effective *
closure_table(const struct closure *closure, uint32_t network)
{
	return &closure->effective[closure->class_of[network]];
}

/** The number of the first name of the table that is not before this one. */
uint32_t effective_first(const struct effective *table, const uint8_t *name);

/** All links by their targets; NULL when memory ran out. */
const struct link *closure_links(struct closure *closure, size_t *count);

/** The same by zones, those of one zone in the order of their owners. */
const struct link *closure_zone_links(struct closure *closure, size_t *count);

/** The first link whose target is at or behind the name in canonical order. */
size_t links_first(const struct link *links, size_t count, const uint8_t *name);

#endif
