/*
 * corefile - the configuration of CoreDNS as a site
 *
 * `file` is a zone with its zone file, `forward` and `secondary` are rules, `hosts` records: of
 * the zone, or, where names that it has not fall through to others, each name a zone of its
 * own.  Server blocks on another port than the usual one are a site of their own, SITE/PORT.
 */
#ifndef LOAD_COREFILE_H
#define LOAD_COREFILE_H

#include "load/imports.h"

/** Has it a server block with plugins of CoreDNS? */
bool corefile_is_conf(const char *path);

/** See struct front_end. */
enum status corefile_load(const struct import_item *items, struct declare *declare);

#endif
