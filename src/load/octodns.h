/*
 * octodns - zones as octoDNS keeps them: a folder of files ZONE.yaml, or one of them
 *
 * Each becomes a zone of the site.  Of a record with `geo` or `dynamic` the plain values
 * count; that, and types that no name server has (ALIAS, URLFWD), are CFG006.
 */
#ifndef LOAD_OCTODNS_H
#define LOAD_OCTODNS_H

#include "load/imports.h"

/** Is a file, or one of the folder, named for a zone, and are there records in it? */
bool octodns_is(const char *path);

/** See struct front_end. */
enum status octodns_load(const struct import_item *items, struct declare *declare);

#endif
