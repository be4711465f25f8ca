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
 * classes it forwards to.  Tables are tries (trie.h): what a class has from another is the
 * part of that one's table at and below the domain, made once for all who forward so.
 * Classes that forward to each other in circles (strongly connected components, by Tarjan)
 * have their tables grown together until nothing is added.
 */
#ifndef LINT_CLOSURE_H
#define LINT_CLOSURE_H

#include "engine/route.h"
#include "estate/estate.h"
#include "lint/zonetrie.h"
#include "snapshot/snapshot.h"

#define ENDS_MAX 8
#define NETWORK_ASKING (UINT32_MAX - 1)	/* in a table: whichever network of the class asks */

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
	uint32_t network;		/* whose view answers, or sends it to the server */
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

/* What the ends of a leaf are: bits of trie->marks. */
enum ends_mark {
	ENDS_PUBLIC = 1,	/* the internet or autodefined names, all of them */
	ENDS_OTHER = 2,
	ENDS_MORE = 4,		/* than there is room for: not even equal to themselves */
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
	struct zone_tries *zones;
	struct trie_store *tries;	/* of the zones' store */
	const struct trie **tables;	/* by class: struct ends by name; the root is first */
	struct table ends;		/* all there are, by content */
	struct table carried;		/* parts of tables, by domain and who is asked */
	uint32_t *component;		/* by class: of the graph of forwarding */
	bool *circular;			/* by component: names may run in circles */
	struct link *links;		/* by target, canonical order; made when first asked for */
	size_t link_count, dname_count;
	bool links_known;
	struct link *zone_links;	/* the same, zone by zone */
	size_t *block_links;		/* by block: its zone's first in zone_links, and their end */
	const uint8_t **targets;	/* of them, each once */
	size_t target_count;
	struct table missing;		/* zone -> struct targets that it does not have */
};

/** ERR_NOMEM.  Everything lives in the arena of the tries, which closures may share. */
enum status closure_init(struct closure *closure, const struct estate *estate,
			 const struct snapshot *snap, struct zone_tries *zones) must_check;

/** Where this name ends when it is asked in this network: found by going all ways. */
void closure_ends(const struct closure *closure, uint32_t network, const struct name *name,
		  struct ends *out);

/** Add one that is not there yet. */
void ends_add(struct ends *out, struct end end);

/** Are names answered in just the same places?  Each of its own closure. */
bool ends_equal(const struct closure *a, const struct ends *x, const struct closure *b,
		const struct ends *y);

/** Have two zones the same content?  Each of its own closure. */
bool closure_same_zone(const struct closure *a, uint32_t x, const struct closure *b, uint32_t y);

/** The effective table of a network's class. */
static inline const struct trie *
closure_table(const struct closure *closure, uint32_t network)
{
	return closure->tables[closure->class_of[network]];
}

/** What a leaf of a table says. */
static inline const struct ends *
table_ends(const struct trie *leaf)
{
	return leaf->leaf.value;
}

/** The leaf of these ends for a table; NULL: no memory. */
const struct trie *closure_leaf(struct closure *closure, const struct trie_name *name,
				const struct ends *ends);

/**
 * The names of the network's table at and below this one, in order, in the arena; NULL: there
 * are none (*count is 0), or no memory.
 */
const uint8_t **closure_names(const struct closure *closure, uint32_t network,
			      const uint8_t *name, struct arena *arena, size_t *count);

/** All links by their targets; NULL when memory ran out. */
const struct link *closure_links(struct closure *closure, size_t *count);

/** The same by zones, those of one zone in the order of their owners. */
const struct link *closure_zone_links(struct closure *closure, size_t *count);

/** Those of one zone; NULL when memory ran out. */
const struct link *closure_links_of(struct closure *closure, uint32_t zone, size_t *count);

/* Names in order. */
struct targets {
	const uint8_t **names;
	size_t count;
};

/** The targets of any links that stand in the zone and that it does not have; NULL: no memory. */
const struct targets *closure_missing(struct closure *closure, const struct zone *zone);

/** The first link whose target is at or behind the name in canonical order. */
size_t links_first(const struct link *links, size_t count, const uint8_t *name);

#endif
