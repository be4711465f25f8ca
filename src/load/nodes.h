/*
 * nodes - making what load/yaml reads: trees in the configuration's own vocabulary
 *
 * A front end says with them what a file of another tool means.  Each node has the place of
 * the one it is made from (`like`), so that a finding points into that file.  Built from the
 * leaves up: what is put into a map or list is complete by then.
 */
#ifndef LOAD_NODES_H
#define LOAD_NODES_H

#include "load/yaml.h"

struct nodes {
	struct arena *arena;
	bool nomem;	/* sticky; every maker has returned NULL since */
};

/* like: the node whose place it gets; NULL: it has none.  NULL only when memory ended. */
struct yaml_node *nodes_map(struct nodes *n, const struct yaml_node *like);
struct yaml_node *nodes_list(struct nodes *n, const struct yaml_node *like);
/** A plain scalar.  text: copied, at most YAML_MAX_SCALAR octets are what readers accept. */
struct yaml_node *nodes_text(struct nodes *n, const char *text, const struct yaml_node *like);

/**
 * Put a pair into a map that nodes_map made, an item into a list that nodes_list made.
 * value: of any making; NULL: nothing is put.  map, list: NULL does nothing.
 */
void nodes_put(struct nodes *n, struct yaml_node *map, const char *key,
	       const struct yaml_node *value);
void nodes_append(struct nodes *n, struct yaml_node *list, const struct yaml_node *value);

#endif
