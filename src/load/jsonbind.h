/*
 * jsonbind - JSON into C objects by the schema, straight from its tokens
 *
 * What load/bind makes of a tree, for maps that have nothing unusual: no tree is built.  For
 * all else the text is as it was, so that the tree is read, and mistakes are reported, as ever.
 */
#ifndef LOAD_JSONBIND_H
#define LOAD_JSONBIND_H

#include "load/bind.h"
#include "load/json.h"

/**
 * Read the map that json_next has just begun, an item of a list whose row has no field and a
 * transient map, and hand it to b->take, with no node.
 * false: nothing is read or reported, and j is where it was; or b->nomem is set.
 */
bool jsonbind_item(struct bind *b, struct json *j, const struct schema_key *row);

#endif
