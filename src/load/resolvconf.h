/*
 * resolvconf - /etc/resolv.conf as a site: all names are asked at its servers
 *
 * They are asked in turn, unless `options rotate` says otherwise.  What a search list adds to
 * names is done by programs before they ask, so it changes no answer to a question.
 */
#ifndef LOAD_RESOLVCONF_H
#define LOAD_RESOLVCONF_H

#include "load/imports.h"

/** Has it the lines of a resolv.conf? */
bool resolvconf_is(const char *path);

/** See struct front_end. */
enum status resolvconf_load(const struct import_item *items, struct declare *declare);

#endif
