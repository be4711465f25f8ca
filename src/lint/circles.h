/*
 * circles - the effective tables of classes of networks that forward to each other
 *
 * Private to closure.h, which has the whole story.
 */
#ifndef LINT_CIRCLES_H
#define LINT_CIRCLES_H

#include "lint/closure.h"

/** Find the components, and make all effective tables.  ERR_NOMEM. */
enum status circles_close(struct closure *closure) must_check;

/** Sort names into canonical order, each once; returns how many there are.  room: as many. */
size_t names_sort(const uint8_t **names, size_t count, const uint8_t **room);

#endif
