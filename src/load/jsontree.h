/*
 * jsontree - one JSON value as a tree of the nodes that load/yaml has
 *
 * So that load/bind reads JSON, too, and a file of a million objects is read one object at a
 * time.  Of a key given twice the first counts.
 */
#ifndef LOAD_JSONTREE_H
#define LOAD_JSONTREE_H

#include "load/json.h"
#include "load/yaml.h"

/**
 * The value that begins with `token`, which json_next has just returned.
 * NULL: see j->status (ERR_NOMEM: the arena's limit).
 */
const struct yaml_node *jsontree_read(struct json *j, enum json_token token,
				      struct arena *arena);

#endif
