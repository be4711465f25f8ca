/*
 * unbind - C objects into maps of the configuration: load/bind turned round
 *
 * Driven by the same rows of the schema: a key that bind reads is written here without any
 * further code.  What is as it would be without being said is left out, unless it was said.
 * Reading what comes out gives the same object again.
 */
#ifndef LOAD_UNBIND_H
#define LOAD_UNBIND_H

#include "load/bind.h"
#include "load/nodes.h"

struct unbind {
	struct nodes nodes;
	const char *folder;	/* put before relative paths; NULL: they stay as they are */
	bool secrets;		/* write them */
	bool withheld;		/* set where one was not written */
};

/**
 * The map that says what an object is; without pairs when nothing is to be said.  blank: an
 * object of which nothing was said, for keys that have no fallback; NULL: zero octets.
 * NULL: u->nodes.nomem.
 */
struct yaml_node *unbind_map(struct unbind *u, enum schema_map_id map, const void *object,
			     const void *blank);

/** One scalar as a node; NULL: it is not set, or memory ended.  For load/unbind itself. */
struct yaml_node *unbind_scalar(struct unbind *u, const struct schema_key *key,
				const void *value, size_t size);

#endif
