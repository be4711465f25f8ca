/*
 * named - BIND's configuration, named.conf, as a site
 *
 * primary zones become zones of the site with their zone files, forward, stub and static-stub
 * zones and the global forwarders rules; a secondary zone is asked at its primaries where no
 * copy of it in text is at hand.  Each view is a site of its own, SITE/VIEW, for the clients
 * that it matches.  BIND's built-in empty zones are not told.
 */
#ifndef LOAD_NAMED_H
#define LOAD_NAMED_H

#include "load/imports.h"

/** Has it the statements of a named.conf? */
bool named_is_conf(const char *path);

/** See struct front_end. */
enum status named_load(const struct import_item *items, struct declare *declare);

#endif
