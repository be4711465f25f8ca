/*
 * recordset - a record set as the API or our YAML states it, made into the estate's form
 *
 * Inline record_sets and `aws route53 list-resource-record-sets` say the same things under
 * different names; load/schema binds both to struct record_fields.  Whether a thing was said
 * at all is seen by its place: file NULL is "absent".
 */
#ifndef LOAD_RECORDSET_H
#define LOAD_RECORDSET_H

#include "estate/estate.h"
#include "load/bind.h"

struct record_fields {
	const uint8_t *name;
	uint16_t type;
	bool multi_value_answer;
	bool evaluate_target_health;
	uint32_t ttl_s;
	struct string_item *values;
	const char *set_identifier;
	uint32_t weight;
	int failover;			/* enum failover_role */
	const char *region;
	const char *continent, *country, *subdivision;
	const char *aws_region, *local_zone_group;
	int32_t bias;
	double latitude, longitude;
	const char *health_check;
	const uint8_t *alias_name;
	const char *alias_zone;

	struct srcloc name_at, type_at, multi_value_at, ttl_at, values_at, set_identifier_at;
	struct srcloc weight_at, failover_at, region_at, geo_at, geoproximity_at;
	struct srcloc coordinates_at, health_check_at, alias_at;
	struct srcloc at;
};

/* The record sets of one list, as they come. */
struct recordset_maker {
	struct estate *estate;
	struct hosted_zone *zone;
	struct diags *diags;
	struct arena *scratch;
	bool octal;			/* escapes in values are \OOO, as in the API, not \DDD */
	struct record_set **first;	/* where the first that it adds is linked */
	const struct record_set *last;	/* that has no policy; NULL */
	bool mixed;			/* they came in another order than the API's: see `simple` */
	struct table simple;		/* owner, type -> struct record_set, in scratch */
};

void recordset_init(struct recordset_maker *maker, struct estate *estate,
		    struct hosted_zone *zone, struct arena *scratch, struct diags *diags);

/**
 * Check one, parse its values and append it to the zone.
 * ERR_REJECTED: reported; nothing was appended.  ERR_NOMEM.
 */
enum status recordset_add(struct recordset_maker *maker, const struct record_fields *fields)
	must_check;

/** Bind record sets of `file` to struct record_fields, and add each.  bind_fini when done. */
void recordset_bind(struct recordset_maker *maker, struct bind *bind, const char *file);

/**
 * Bind a list of record sets and add each.  key: its row, of a list of maps that bind to
 * struct record_fields; file: that the node is of.  false: memory ended.
 */
bool recordset_read_list(struct recordset_maker *maker, const struct schema_key *key,
			 const struct yaml_node *node, const char *file) must_check;

/**
 * A copy where \303 of the API is \195, as master files and our YAML have it; other escapes
 * stay.  NULL: the arena is full.
 */
char *recordset_decimal_escapes(struct arena *arena, const char *text);

#endif
