/*
 * records - the records of a zone below some name, those that state a delegation left out
 *
 * Where a zone hands a name on, to a child zone or by a rule, it may say so: NS and DS at
 * that name, and the addresses of those name servers (RFC 1034 4.2.1).  Such records are not
 * lost when the name is answered elsewhere; all others are.
 */
#ifndef LINT_RECORDS_H
#define LINT_RECORDS_H

#include "snapshot/zone.h"

/** Called for each record set, in canonical order of names and types. */
typedef void (*record_fn)(void *context, const uint8_t *owner, uint16_t type);

void records_below(const struct zone *zone, const uint8_t *top, record_fn found, void *context);

#endif
