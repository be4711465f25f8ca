/*
 * unbound_local - local-zone and local-data of Unbound, as zones
 *
 * Local zones come before everything else in Unbound, whatever is forwarded below them.
 * Which names one answers, and what it says of those without data, is its type.  Where that
 * is more than a zone can say, it is reported as not modelled:
 *
 *	static, deny, refuse ...	a zone; the latter two say REFUSED, or nothing, where
 *					the zone says that there is no such name
 *	redirect, always_null		a zone whose apex and wildcard have the data
 *	always_nxdomain			a zone without data
 *	transparent and what is alike	a zone for each name that has data
 *
 * The apex of a zone exists, and has NS records, also where Unbound says that it does not.
 */
#ifndef LOAD_UNBOUND_LOCAL_H
#define LOAD_UNBOUND_LOCAL_H

#include "load/onprem.h"

enum local_kind {
	LOCAL_STATIC,		/* a zone */
	LOCAL_REFUSED,		/* the same, where other names are refused or not answered */
	LOCAL_REDIRECT,		/* all names have the data of the apex */
	LOCAL_NULL,		/* all names have 0.0.0.0 and :: */
	LOCAL_EMPTY,		/* no name exists, whatever local-data says */
	LOCAL_TRANSPARENT,	/* names with data, others as if it were not there */
	LOCAL_ABSENT,		/* as if it were not there */
	LOCAL_UNKNOWN,		/* not modelled at all */
};

/* local-zone */
struct local_zone {
	const char *name, *type;
	enum local_kind kind;
	const struct yaml_node *node;
	const char *file;
	struct local_zone *next;
};

/* local-data, local-data-ptr */
struct local_data {
	const char *name, *rest;	/* what stands behind the name */
	const struct yaml_node *node;
	const char *file;
	struct local_data *next;
};

/* Of the server, or of a view. */
struct local_scope {
	struct table zones;		/* name -> struct local_zone */
	struct local_zone *first_zone, *last_zone;
	struct local_data *first_data, *last_data;
};

void local_init(struct local_scope *scope, struct arena *arena);

void local_add_zone(struct onprem *o, struct local_scope *scope, const struct yaml_node *name,
		    const struct yaml_node *type, const char *file);
void local_add_data(struct onprem *o, struct local_scope *scope, const struct yaml_node *data,
		    const char *file);
/** "ADDRESS [TTL] NAME" */
void local_add_ptr(struct onprem *o, struct local_scope *scope, const struct yaml_node *data,
		   const char *file);

/** The zone that a name belongs to: the nearest at or above it; NULL. */
const struct local_zone *local_find(const struct local_scope *scope, const char *name);
/** The same above it. */
const struct local_zone *local_above(const struct local_scope *scope, const char *name);
/** Does the zone answer for names that it has no data for?  NULL: no. */
bool local_hides(const struct local_zone *zone);

/** Declare what a scope answers for a site.  over: its zones come first; NULL. */
void local_declare(struct onprem *o, const struct local_scope *scope,
		   const struct local_scope *over, const char *site);

#endif
