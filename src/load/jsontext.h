/*
 * jsontext - nodes written as JSON
 *
 * What fits on a line stands on one.  Scalars whose `plain` is set (numbers, true, false) are
 * written as they stand, others as strings.
 */
#ifndef LOAD_JSONTEXT_H
#define LOAD_JSONTEXT_H

#include "base/text.h"
#include "load/yaml.h"

/** Append a node; indent: of the line it begins in.  ERR_NOMEM. */
enum status jsontext_print(const struct yaml_node *node, unsigned indent, struct text *out)
	must_check;

/** The same for a map that goes on: the bracket and its pairs, a line each, no end. */
enum status jsontext_open(const struct yaml_node *map, unsigned indent, struct text *out)
	must_check;

#endif
