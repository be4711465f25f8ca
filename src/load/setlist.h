/*
 * setlist - the record sets of a JSON list, one at a time
 *
 * Each is bound, by a tree where it has something unusual, handed on and forgotten: memory is
 * that of one set, however long the list is.
 */
#ifndef LOAD_SETLIST_H
#define LOAD_SETLIST_H

#include "load/bind.h"
#include "load/json.h"

/** The row that record sets of the API bind by. */
extern const struct schema_key setlist_row;

/**
 * Read what is left of the list that json_next has just begun, with its end.  sets: what they
 * are handed to; scratch: emptied after each.  once: a key given twice ends the reading with
 * ERR_MALFORMED, unreported; else the first of them counts.
 * false: see j->status, or sets->nomem is set.
 */
bool setlist_read(struct json *j, struct bind *sets, struct arena *scratch, bool once);

#endif
