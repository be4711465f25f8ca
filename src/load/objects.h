/*
 * objects - what was bound goes into the estate
 *
 * The same id from two places is fine when both say the same: the first stands, the second is
 * put aside and compared when all is read (load/twins).
 */
#ifndef LOAD_OBJECTS_H
#define LOAD_OBJECTS_H

#include "estate/estate.h"
#include "load/bind.h"

/* A map of a file. */
struct said {
	const struct yaml_node *node;
	const char *file;
	const char *from;		/* key of the front end; NULL: the configuration */
};

/* Two objects of one kind and id. */
struct twins {
	enum object_kind kind;
	const void *first, *second;
	const char *from;		/* of the second, as in struct said */
	struct twins *next;
};

/* A record set that stands apart from its zone. */
struct set_said {
	struct said said;
	struct set_said *next;
};

struct zone_sets {
	const char *zone;
	struct set_said *first, *last;
	bool read;
	struct zone_sets *next;
};

/* A zone whose data are still to be read. */
struct zone_job {
	struct hosted_zone *zone;
	struct said said;
	const struct set_said *apart;	/* its record sets that stand apart; once all are known */
	struct zone_job *next;
};

/* A site that is one only where nothing else declares it. */
struct spare_site {
	struct said said;
	struct spare_site *next;
};

struct objects {
	struct estate *estate;
	struct arena *scratch;
	struct diags *diags;
	struct table first[OBJECT_KINDS];	/* id -> where it was said first */
	struct zone_job *jobs, *last_job;
	struct table sets;			/* id of a zone -> struct zone_sets */
	struct zone_sets *first_sets, *last_sets;
	struct spare_site *spare_sites, *last_spare_site;	/* see declare_site */
	struct import_item *imports, *last_import;
	const char *from;			/* whose input is being read; as in struct said */
	struct twins *twins, *last_twins;
	struct table aside;			/* front end, kind, id -> object put aside */
	struct table latest;			/* the same for any front end */
	bool nomem;				/* twins were lost */
	bool incomplete;		/* an object without a usable id was passed over */
};

void objects_init(struct objects *objects, struct estate *estate, struct arena *scratch,
		  struct diags *diags);

/** The kind of the objects that a map of the schema describes; false: none with an id. */
bool objects_kind_of(enum schema_map_id map, enum object_kind *kind);

/* For struct bind; its context is the struct objects. */
void objects_begin(enum schema_map_id map, void *object);
void objects_take(struct bind *b, enum schema_map_id map, const struct yaml_node *node,
		  void *object, bool good);

/** An estate_second_fn; its context is the struct objects. */
bool objects_put_aside(void *context, enum object_kind kind, void *first, void *object);

/** The object of this id that was made last: of two the one put aside.  NULL: none. */
void *objects_latest(const struct objects *objects, enum object_kind kind, const char *id);

/** Note a record set for the zone that has, or will have, this id.  ERR_NOMEM. */
enum status objects_add_set(struct objects *objects, const char *zone, struct said said)
	must_check;

/**
 * Give each job the record sets noted for its zone; they count as read now.  A zone that was
 * put aside gets those of its own front end, which the first then does not; what two files say
 * in the same words is one.  ERR_NOMEM.
 */
enum status objects_give_sets(struct objects *objects) must_check;

/** After all zones are read: report the sets of zones that nobody declares (CFG002). */
void objects_check_sets(struct objects *objects);

/**
 * Add a rule or an endpoint, checked for what one key of it says about another.  For front
 * ends that make them otherwise; of the struct bind only the findings are used.
 */
enum status objects_add_rule(struct bind *b, struct objects *objects, struct resolver_rule *rule)
	must_check;
enum status objects_add_endpoint(struct bind *b, struct objects *objects,
				 struct resolver_endpoint *endpoint) must_check;

#endif
