/*
 * declare - what a front end found out, declared as the configuration would have it
 *
 * A front end translates a file of another tool into maps of our own vocabulary (load/nodes);
 * here they are bound, checked and added like those of a configuration, with findings at the
 * places of the file translated.  Nothing fails: mistakes are reported and memory that ended is
 * remembered, see the bind of the struct.
 */
#ifndef LOAD_DECLARE_H
#define LOAD_DECLARE_H

#include "load/nodes.h"
#include "load/objects.h"

/* One run of a front end; made by load/imports. */
struct declare {
	struct estate *estate;
	struct objects *objects;
	struct diags *diags;
	struct arena *scratch;	/* lives until all zones are read */
	struct nodes nodes;	/* made in it */
	struct bind *bind;
};

/**
 * An object, as an item of the list that the configuration has under the key `list`
 * ("vpcs", "hosted_zones").  file: that the nodes have their places in; lives as long as the
 * estate.  map: NULL when memory ended: nothing happens.
 */
void declare_object(struct declare *d, const char *list, const struct yaml_node *map,
		    const char *file);

/**
 * A record set, as an item of `record_sets` of a zone that the same run declares, sooner or
 * later.  In the order declared, after those that the zone's own map has.  A zone that nobody
 * declares is reported as CFG002; where other inputs hold the zone with its records, theirs
 * stand.
 */
void declare_record_set(struct declare *d, const char *zone, const struct yaml_node *map,
			const char *file);

/**
 * A site, unless the configuration or another input declares one of this id: it is added when
 * all of them have been read.  map: has an id.
 */
void declare_site(struct declare *d, const struct yaml_node *map, const char *file);
/** All has been read: add the sites that nothing else declares. */
void declare_sites_left(struct objects *objects, struct bind *b);

/** Something is missing from the import: an id that nothing has is then no finding. */
void declare_incomplete(struct declare *d);

/** A statement that cannot change an answer was passed over; `causeway dump` names it. */
void declare_skipped(struct declare *d, struct srcloc at, const char *fmt, ...)
	printf_like(3, 4);

/** The place of a node in a file. */
struct srcloc declare_place(const char *file, const struct yaml_node *node);

#endif
