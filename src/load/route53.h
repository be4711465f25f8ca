/*
 * route53 - record sets as `aws route53 list-resource-record-sets` prints them
 */
#ifndef LOAD_ROUTE53_H
#define LOAD_ROUTE53_H

#include "estate/estate.h"
#include "load/source.h"

/**
 * Append the record sets of a JSON file (the whole document or the bare list) to the zone,
 * fold its content into zone->source and note it in `sources`.  at: where the file is named.
 * ERR_REJECTED: errors were reported, CFG001 where the export is one page of several.
 * ERR_NOMEM.
 */
enum status route53_load(const char *path, struct srcloc at, struct hosted_zone *zone,
			 struct sources *sources, struct estate *estate,
			 struct diags *diags) must_check;

#endif
