/*
 * unbound - Unbound's configuration, unbound.conf, as a site
 *
 * forward-zone and stub-zone become rules, auth-zone a zone with its zone file, local-zone and
 * local-data zones (load/unbound_local).  Each view is a site of its own, SITE/VIEW, for the
 * clients that access-control-view gives it; what is forwarded is so for all of them.  What is
 * forwarded below a local zone is never asked there, and is no rule here; the local zones that
 * Unbound has built in count for that, but are not told.
 */
#ifndef LOAD_UNBOUND_H
#define LOAD_UNBOUND_H

#include "load/imports.h"

/** Has it the clauses of an unbound.conf? */
bool unbound_is_conf(const char *path);

/** See struct front_end. */
enum status unbound_load(const struct import_item *items, struct declare *declare);

#endif
